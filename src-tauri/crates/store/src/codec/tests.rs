use super::*;
use crate::testing::{issue, schema};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::prelude::*;
use rusqlite::types::ValueRef;
use sync::remote::{
    Choice, IssueLink, ParentRef, RemoteIssue, RemoteKind, RemotePerson, RemoteValue,
};
use workspace::RichFormat;
use workspace::value::Relation;

fn day() -> impl Strategy<Value = Date> {
    (1900_i16..2200, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| jiff::civil::date(y, m, d))
}

fn moment() -> impl Strategy<Value = Timestamp> {
    (-4_000_000_000_i64..4_000_000_000, 0_i32..1_000_000_000)
        .prop_map(|(second, nano)| Timestamp::new(second, nano).unwrap_or(Timestamp::UNIX_EPOCH))
}

fn relation() -> impl Strategy<Value = Relation> {
    prop_oneof![
        Just(Relation::Blocks),
        Just(Relation::BlockedBy),
        Just(Relation::RelatesTo),
        Just(Relation::PartOf)
    ]
}

fn rich() -> impl Strategy<Value = RichText> {
    let format = prop_oneof![
        Just(RichFormat::Adf),
        Just(RichFormat::Wiki),
        Just(RichFormat::Plain)
    ];
    (format, any::<String>(), any::<String>()).prop_map(|(format, source, plain)| RichText {
        format,
        source,
        plain,
    })
}

fn finite() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("a value is finite", |number| number.is_finite())
}

fn value() -> impl Strategy<Value = Value> {
    let ids = || proptest::collection::vec(any::<i64>(), 1..5);
    prop_oneof![
        Just(Value::None),
        any::<String>().prop_map(Value::Text),
        rich().prop_map(Value::RichText),
        finite().prop_map(Value::Number),
        day().prop_map(Value::Date),
        ids().prop_map(|ids| Value::options(ids.into_iter().map(OptionId))),
        ids().prop_map(|ids| Value::people(ids.into_iter().map(PersonId))),
        proptest::collection::vec(any::<String>(), 1..5).prop_map(Value::Labels),
        (any::<i64>(), relation()).prop_map(|(item, relation)| {
            let item = ItemId(item);
            Value::references([Reference { item, relation }])
        }),
        any::<bool>().prop_map(Value::Bool),
        any::<String>().prop_map(Value::Link),
    ]
}

/// A value that may be nothing, or not even that.
fn memory_value() -> impl Strategy<Value = Option<Value>> {
    proptest::option::of(prop_oneof![Just(Value::None), value()])
}

fn choice() -> impl Strategy<Value = Choice> {
    let days = || proptest::option::of(day());
    let closed = proptest::option::of(any::<bool>());
    (any::<String>(), any::<String>(), days(), days(), closed).prop_map(
        |(id, name, starts_on, ends_on, closed)| Choice {
            id,
            name,
            starts_on,
            ends_on,
            closed,
        },
    )
}

fn person() -> impl Strategy<Value = RemotePerson> {
    let email = proptest::option::of(any::<String>());
    (any::<String>(), any::<String>(), email).prop_map(|(id, name, email)| RemotePerson {
        id,
        name,
        email,
    })
}

fn remote_value() -> impl Strategy<Value = RemoteValue> {
    prop_oneof![
        Just(RemoteValue::None),
        any::<String>().prop_map(RemoteValue::Text),
        rich().prop_map(RemoteValue::RichText),
        finite().prop_map(RemoteValue::Number),
        day().prop_map(RemoteValue::Date),
        moment().prop_map(RemoteValue::DateTime),
        proptest::collection::vec(choice(), 0..3).prop_map(RemoteValue::Choices),
        proptest::collection::vec(person(), 0..3).prop_map(RemoteValue::People),
        proptest::collection::vec(any::<String>(), 0..3).prop_map(RemoteValue::Labels),
        any::<String>().prop_map(RemoteValue::Link),
        (relation(), any::<String>())
            .prop_map(|(relation, issue)| RemoteValue::Links(vec![IssueLink { relation, issue }])),
    ]
}

/// As an earlier version wrote an issue.
fn written_as_json(issue: &RemoteIssue) -> String {
    written(&issue::IssueDoc::of(issue))
}

fn any_issue() -> impl Strategy<Value = RemoteIssue> {
    let parent = proptest::option::of(prop_oneof![
        any::<String>().prop_map(ParentRef::Id),
        any::<String>().prop_map(ParentRef::Key)
    ]);
    let moments = (
        proptest::option::of(moment()),
        proptest::option::of(moment()),
    );
    let values = proptest::collection::btree_map(any::<String>(), remote_value(), 0..5);
    (any::<[String; 4]>(), parent, moments, values).prop_map(
        |([id, key, type_id, title], parent, (updated_at, created_at), values)| RemoteIssue {
            id,
            key,
            type_id,
            title,
            parent,
            updated_at,
            created_at,
            values,
            ..issue("1", "A-1")
        },
    )
}

proptest! {
    #[test]
    fn every_value_comes_back_as_it_was(value in value()) {
        let written = write_value(&value);
        prop_assert_eq!(read_value(&written).expect("reads"), value);
    }

    #[test]
    fn a_memory_comes_back_as_it_was_and_its_parts_can_be_changed(
        told in proptest::collection::btree_map("[a-z:_0-9\"]{1,8}", (memory_value(), memory_value()), 0..6),
        held in proptest::collection::btree_map("[a-z:_0-9\"]{1,8}", value(), 0..4),
        later in proptest::collection::btree_map("[a-z:_0-9\"]{1,8}", (memory_value(), memory_value()), 0..3),
    ) {
        type Told = BTreeMap<String, (Option<Value>, Value)>;
        let seen = |told: BTreeMap<String, (Option<Value>, Option<Value>)>| -> Told {
            let told = told.into_iter();
            told.map(|(field, (base, remote))| (field, (base, remote.unwrap_or_default()))).collect()
        };
        fn apart(told: &Told) -> impl Iterator<Item = (Cow<'_, str>, Remembered<'_>)> {
            told.iter().map(|(field, (base, remote))| {
                (field.into(), Remembered::Apart(base.as_ref(), remote))
            })
        }
        let (told, later) = (seen(told), seen(later));
        let holds = write_values(held.iter().map(|(field, value)| (field.into(), value)));
        prop_assert_eq!(&read_values(&holds).expect("reads"), &held);
        let words = held.keys().map(|field| (field.into(), Remembered::Held));
        let written = write_memory(apart(&told).chain(words));
        let mut expected = told;
        expected.extend(held.into_iter().map(|(field, value)| (field, (Some(value.clone()), value))));
        prop_assert_eq!(&read_memory(&written, &holds).expect("reads"), &expected);

        let changed = change_memory(&written, apart(&later)).expect("reads");
        expected.extend(later);
        prop_assert_eq!(&read_memory(&changed, &holds).expect("reads"), &expected);
    }

    #[test]
    fn every_issue_comes_back_as_it_was(issue in any_issue()) {
        let written = write_issue(&issue);
        prop_assert_eq!(&read_issue(ValueRef::Blob(&written)).expect("reads"), &issue);
        let before = written_as_json(&issue);
        prop_assert_eq!(read_issue(ValueRef::Text(before.as_bytes())).expect("reads"), issue);
    }

    #[test]
    fn reading_never_panics(text in ".{0,60}") {
        for damaged in [text.clone(), format!("{{{text}}}"), format!("{{\"rich\":{text:?}}}")] {
            prop_assert!(read_issue(ValueRef::Text(damaged.as_bytes())).is_err());
            prop_assert!(read_issue(ValueRef::Blob(damaged.as_bytes())).is_err());
            prop_assert!(read_schema(&damaged).is_err());
        }
    }
}

#[test]
fn a_schema_comes_back_as_it_was_with_every_kind_of_field() {
    let kinds = [
        RemoteKind::Text,
        RemoteKind::LongText,
        RemoteKind::RichText,
        RemoteKind::Number,
        RemoteKind::Date,
        RemoteKind::DateTime,
        RemoteKind::SingleSelect,
        RemoteKind::MultiSelect,
        RemoteKind::Cascading,
        RemoteKind::Person,
        RemoteKind::People,
        RemoteKind::Groups,
        RemoteKind::Labels,
        RemoteKind::Version,
        RemoteKind::Versions,
        RemoteKind::Components,
        RemoteKind::Sprint,
        RemoteKind::Team,
        RemoteKind::Link,
        RemoteKind::Project,
        RemoteKind::IssueLinks,
        RemoteKind::Unsupported("com.plugin:thing".into()),
    ];
    let mut schema = schema();
    let field = schema.fields[0].clone();
    schema
        .fields
        .extend(kinds.map(|kind| sync::remote::RemoteField {
            kind,
            role: None,
            on_create: None,
            ..field.clone()
        }));
    schema.types[0].level = None;
    assert_eq!(read_schema(&write_schema(&schema)).expect("reads"), schema);
}

#[test]
fn what_no_version_wrote_is_damage() {
    for text in [
        "",
        "{}",
        "[]",
        "7",
        "{\"text\":7}",
        "{\"colour\":\"red\"}",
        "{\"text\":\"a\",\"bool\":true}",
        "{\"date\":\"31.1.2026\"}",
        "{\"options\":[\"1\"]}",
        "{\"options\":[1.5]}",
        "{\"rich\":{\"format\":\"html\",\"source\":\"\",\"plain\":\"\"}}",
        "{\"references\":[{\"item\":1,\"relation\":\"loves\"}]}",
    ] {
        let read = read_value(text);
        assert!(
            matches!(read, Err(StoreError::Corrupt { .. })),
            "{text}: {read:?}"
        );
    }
}

#[test]
fn the_form_of_each_kind_of_value_stays_as_files_have_it() {
    let check = |value: &Value, text: &str| {
        assert_eq!(write_value(value), text);
        assert_eq!(&read_value(text).expect("reads"), value);
    };
    check(&Value::None, "null");
    check(&Value::text("a"), r#"{"text":"a"}"#);
    check(
        &Value::number(0.1 + 0.2),
        r#"{"number":0.30000000000000004}"#,
    );
    check(
        &Value::Date(jiff::civil::date(2026, 1, 31)),
        r#"{"date":"2026-01-31"}"#,
    );
    check(
        &Value::options([OptionId(2), OptionId(1)]),
        r#"{"options":[1,2]}"#,
    );
    check(&Value::people([PersonId(1)]), r#"{"people":[1]}"#);
    check(&Value::labels(["b", "a"]), r#"{"labels":["a","b"]}"#);
    check(&Value::Bool(true), r#"{"bool":true}"#);
    check(
        &Value::Link("https://a.test".into()),
        r#"{"link":"https://a.test"}"#,
    );
    check(
        &Value::references([Reference {
            item: ItemId(7),
            relation: Relation::BlockedBy,
        }]),
        r#"{"references":[{"item":7,"relation":"blocked_by"}]}"#,
    );
    check(
        &Value::RichText(crate::testing::rich("a")),
        r#"{"rich":{"format":"wiki","source":"*a*","plain":"a"}}"#,
    );
}
