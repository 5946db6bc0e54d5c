use super::*;
use crate::fixtures::{custom, field_pair, person, remote_field, remote_options, with_role};
use crate::mapping::ValuePair;
use jiff::civil::date;
use proptest::prelude::*;
use workspace::FieldKey;
use workspace::value::Relation;

/// Knows the options 1 to 5, called `o1` and so on on both sides, the people 1 to 5 and the items 1 to 5.
struct Known;

fn number(text: &str) -> Option<i64> {
    let number = text.get(1..)?.parse().ok()?;
    (1..=5).contains(&number).then_some(number)
}

impl Lookup for Known {
    fn option(&self, _field: FieldKey, remote_option: &str) -> Option<OptionId> {
        number(remote_option).map(OptionId)
    }

    fn option_by_name(&self, _field: FieldKey, name: &str) -> Option<OptionId> {
        number(name).map(OptionId)
    }

    fn person(&self, remote_person: &str) -> Option<PersonId> {
        number(remote_person).map(PersonId)
    }

    fn item(&self, remote_issue: &str) -> Option<ItemId> {
        number(remote_issue).map(ItemId)
    }

    fn remote_option(&self, _field: FieldKey, option: OptionId) -> Option<String> {
        (option.0 <= 5).then(|| format!("o{option}"))
    }

    fn option_name(&self, option: OptionId) -> Option<String> {
        Some(format!("o{option}"))
    }

    fn remote_person(&self, person: PersonId) -> Option<String> {
        (person.0 <= 5).then(|| format!("p{person}"))
    }

    fn remote_issue(&self, item: ItemId) -> Option<String> {
        (item.0 <= 5).then(|| format!("i{item}"))
    }
}

fn say(kind: Kind, there: RemoteKind, value: &Value) -> Result<RemoteValue, Vec<Unsayable>> {
    let field = custom(1, "x", kind);
    let pair = field_pair(field.key, "r");
    to_remote(&field, &pair, &remote_field("r", "r", there), value, &Known)
}

#[track_caller]
fn check(kind: Kind, there: RemoteKind, value: Value, expected: RemoteValue) {
    assert_eq!(say(kind, there, &value), Ok(expected), "{value:?}");
}

#[track_caller]
fn check_unsayable(kind: Kind, there: RemoteKind, value: Value, expected: &[Unsayable]) {
    let told = say(kind, there, &value);
    assert_eq!(told, Err(expected.to_vec()), "{value:?}");
}

#[test]
fn one_line_at_the_remote_is_one_line() {
    let lines = Value::text("Sign in\n  with a link ");
    let one = RemoteValue::Text("Sign in with a link".into());
    check(Kind::LongText, RemoteKind::Text, lines, one);
}

#[test]
fn what_jira_says_is_compared_as_it_is_and_so_never_sent_by_itself() {
    let field = custom(1, "x", Kind::Text);
    let (pair, remote) = (
        field_pair(field.key, "r"),
        remote_field("r", "r", RemoteKind::Text),
    );
    for told in ["Fix  bug", " a\tb ", "one\ntwo", "a \n  b"] {
        let told = RemoteValue::Text(told.into());
        let here = to_workspace(&field, &pair, &remote, &told, &Known).value;
        assert_eq!(through(&field, &pair, &remote, &here, &Known), here);
    }
}

#[test]
fn blanks_in_a_label_become_underscores() {
    check(
        Kind::Labels,
        RemoteKind::Labels,
        Value::labels(["needs review", "ux"]),
        RemoteValue::Labels(vec!["needs_review".into(), "ux".into()]),
    );
}

#[test]
fn hours_become_seconds_where_the_remote_estimates_in_them() {
    let field = custom(1, "x", Kind::Number);
    let remote = with_role("r", RemoteKind::Number, Role::OriginalEstimate);
    let pair = field_pair(field.key, "r");
    let told = to_remote(&field, &pair, &remote, &Value::number(1.5), &Known);
    assert_eq!(told, Ok(RemoteValue::Number(5400.0)));
}

#[test]
fn a_choice_is_said_as_mapped_then_as_it_was_made_then_by_its_name() {
    let field = custom(1, "x", Kind::SingleSelect);
    let mut pair = field_pair(field.key, "r");
    pair.values = vec![ValuePair {
        remote_option: "mapped".into(),
        option: OptionId(1),
    }];
    let mut remote = remote_field("r", "r", RemoteKind::SingleSelect);
    remote.options = remote_options(&["O9"]);
    let id = |option| {
        let value = Value::options([OptionId(option)]);
        match to_remote(&field, &pair, &remote, &value, &Known) {
            Ok(RemoteValue::Choices(choices)) => Ok(choices[0].id.clone()),
            other => Err(other),
        }
    };
    assert_eq!(id(1), Ok("mapped".to_owned()));
    assert_eq!(id(2), Ok("o2".to_owned()));
    assert_eq!(id(9), Ok("O9".to_owned()));
    assert_eq!(
        id(8),
        Err(Err(vec![Unsayable::NoChoice {
            option: OptionId(8),
            name: "o8".into()
        }]))
    );
}

#[test]
fn what_the_remote_does_not_know_is_named_all_of_it() {
    check_unsayable(
        Kind::Person,
        RemoteKind::Person,
        Value::people([PersonId(9)]),
        &[Unsayable::NoPerson(PersonId(9))],
    );
    let blocks = |item| Reference {
        item: ItemId(item),
        relation: Relation::Blocks,
    };
    check_unsayable(
        Kind::Dependencies,
        RemoteKind::IssueLinks,
        Value::references([blocks(1), blocks(8), blocks(9)]),
        &[Unsayable::NoIssue(ItemId(8)), Unsayable::NoIssue(ItemId(9))],
    );
}

#[test]
fn what_is_only_read_is_never_written() {
    let one_way = [Unsayable::OneWay];
    let choices = Value::options([OptionId(1)]);
    check_unsayable(Kind::SingleSelect, RemoteKind::Cascading, choices, &one_way);
    let day = Value::Date(date(2026, 11, 27));
    check_unsayable(Kind::Date, RemoteKind::DateTime, day, &one_way);
    let yes = Value::Bool(true);
    check_unsayable(Kind::Checkbox, RemoteKind::MultiSelect, yes, &one_way);
}

#[test]
fn nothing_is_said_as_nothing_and_a_no_as_well() {
    check(Kind::Date, RemoteKind::Date, Value::None, RemoteValue::None);
    let no = Value::Bool(false);
    check(
        Kind::Checkbox,
        RemoteKind::SingleSelect,
        no,
        RemoteValue::None,
    );
}

#[test]
fn a_person_is_said_by_the_id_that_never_changes() {
    let told = RemoteValue::People(vec![person("p3", "")]);
    let value = Value::people([PersonId(3)]);
    check(Kind::Person, RemoteKind::Person, value, told);
}

/// Every pair of kinds that is written, with values of the first.
fn written() -> impl Strategy<Value = (Kind, RemoteKind, Value)> {
    let options = || {
        proptest::collection::vec(1_i64..=5, 0..4)
            .prop_map(|ids| Value::options(ids.into_iter().map(OptionId)))
    };
    let option = || (1_i64..=5).prop_map(|id| Value::options([OptionId(id)]));
    let text = || "[a-c \n]{0,12}".prop_map(|text| Value::text(&text));
    let labels =
        || proptest::collection::vec("[a-c ]{0,6}", 0..4).prop_map(|words| Value::labels(&words));
    let references = proptest::collection::vec((1_i64..=5, 0_usize..3), 0..4).prop_map(|ends| {
        let relations = [Relation::Blocks, Relation::BlockedBy, Relation::RelatesTo];
        Value::references(ends.into_iter().map(|(item, relation)| Reference {
            item: ItemId(item),
            relation: relations[relation],
        }))
    });
    let one = [
        RemoteKind::SingleSelect,
        RemoteKind::Version,
        RemoteKind::Team,
    ];
    let many = [
        RemoteKind::MultiSelect,
        RemoteKind::Versions,
        RemoteKind::Components,
    ];
    let here = |kind: Kind, there: RemoteKind| move |value| (kind, there.clone(), value);
    prop_oneof![
        text().prop_map(here(Kind::Text, RemoteKind::Text)),
        text().prop_map(here(Kind::LongText, RemoteKind::Text)),
        text().prop_map(here(Kind::LongText, RemoteKind::LongText)),
        text().prop_map(here(Kind::LongText, RemoteKind::RichText)),
        (-1e6..1e6).prop_map(|number| (Kind::Number, RemoteKind::Number, Value::number(number))),
        (0_i8..28).prop_map(|day| {
            let day = Value::Date(date(2026, 2, day + 1));
            (Kind::Date, RemoteKind::Date, day)
        }),
        labels().prop_map(here(Kind::Labels, RemoteKind::Labels)),
        (option(), proptest::sample::select(one.to_vec())).prop_map(|(value, there)| (
            Kind::SingleSelect,
            there,
            value
        )),
        (options(), proptest::sample::select(many.to_vec())).prop_map(|(value, there)| (
            Kind::MultiSelect,
            there,
            value
        )),
        (options(), proptest::sample::select(one.to_vec())).prop_map(|(value, there)| (
            Kind::MultiSelect,
            there,
            value
        )),
        options().prop_map(here(Kind::MultiSelect, RemoteKind::Labels)),
        references.prop_map(here(Kind::Dependencies, RemoteKind::IssueLinks)),
        (1_i64..=5).prop_map(|id| {
            let value = Value::people([PersonId(id)]);
            (Kind::Person, RemoteKind::Person, value)
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_said_comes_back_as_it_is_compared((kind, there, value) in written()) {
        let field = custom(1, "x", kind);
        let pair = field_pair(field.key, "r");
        let remote = remote_field("r", "r", there.clone());
        let told = to_remote(&field, &pair, &remote, &value, &Known).expect("everything is known");
        let back = to_workspace(&field, &pair, &remote, &told, &Known).value;
        let compared = through(&field, &pair, &remote, &value, &Known);
        prop_assert!(back.equal_enough(&compared), "{back:?} and {compared:?}");
        if !loses(kind, &there) {
            prop_assert!(back.equal_enough(&value), "{back:?} and {value:?}");
        }
        let again = through(&field, &pair, &remote, &compared, &Known);
        prop_assert_eq!(again, compared);
    }
}
