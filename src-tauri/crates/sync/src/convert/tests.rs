use super::*;
use crate::fixtures::{choice, custom, field_pair, person, remote_field, system, with_role};
use crate::mapping::ValuePair;
use crate::remote::RemoteKind;
use jiff::civil::date;
use proptest::prelude::*;
use workspace::SystemField;
use workspace::value::Relation;

/// Knows the options `1` (id `known`) and `2` (named `Named`), the person `7` and the item `5`.
struct Known;

impl Lookup for Known {
    fn option(&self, _field: FieldKey, remote_option: &str) -> Option<OptionId> {
        (remote_option == "known").then_some(OptionId(1))
    }

    fn option_by_name(&self, _field: FieldKey, name: &str) -> Option<OptionId> {
        name.eq_ignore_ascii_case("named").then_some(OptionId(2))
    }

    fn person(&self, remote_person: &str) -> Option<PersonId> {
        (remote_person == "known").then_some(PersonId(7))
    }

    fn item(&self, remote_issue: &str) -> Option<ItemId> {
        (remote_issue == "known").then_some(ItemId(5))
    }

    fn day_of(&self, moment: Timestamp) -> Date {
        jiff::tz::Offset::constant(2)
            .to_time_zone()
            .to_datetime(moment)
            .date()
    }
}

fn convert(field: &Field, value: &RemoteValue) -> Converted {
    let remote = remote_field("r", "r", RemoteKind::Text);
    to_workspace(field, &field_pair(field.key, "r"), &remote, value, &Known)
}

#[track_caller]
fn check(kind: Kind, value: RemoteValue, expected: Value) {
    let field = custom(1, "x", kind);
    let converted = convert(&field, &value);
    assert_eq!(converted, expected.into(), "{kind:?} from {value:?}");
}

#[track_caller]
fn check_unreadable(kind: Kind, value: RemoteValue) {
    let field = custom(1, "x", kind);
    let converted = convert(&field, &value);
    assert_eq!(converted.value, Value::None);
    assert_eq!(converted.notes, [Note::Unreadable { field: field.key }]);
}

fn text(text: &str) -> RemoteValue {
    RemoteValue::Text(text.into())
}

fn rich(source: &str, plain: &str) -> RichText {
    RichText {
        format: RichFormat::Wiki,
        source: source.into(),
        plain: plain.into(),
    }
}

fn choices(list: &[(&str, &str)]) -> RemoteValue {
    RemoteValue::Choices(list.iter().map(|(id, name)| choice(id, name)).collect())
}

fn sprint(id: &str, closed: bool, ends_on: Date) -> Choice {
    Choice {
        closed: Some(closed),
        ends_on: Some(ends_on),
        ..choice(id, id)
    }
}

fn moment(text: &str) -> RemoteValue {
    text.parse()
        .map_or(RemoteValue::None, RemoteValue::DateTime)
}

#[test]
fn text_of_one_line_joins_lines_and_text_of_several_keeps_them() {
    check(Kind::Text, text(" one\r\n two "), Value::text("one two"));
    check(Kind::LongText, text("one\r\ntwo"), Value::text("one\ntwo"));
    check(Kind::Text, text("  "), Value::None);
}

#[test]
fn every_value_but_links_reads_as_text() {
    check(Kind::Text, RemoteValue::Number(3.0), Value::text("3"));
    check(Kind::Text, RemoteValue::Number(2.5), Value::text("2.5"));
    check(
        Kind::Text,
        RemoteValue::Date(date(2026, 11, 23)),
        Value::text("2026-11-23"),
    );
    check(
        Kind::LongText,
        moment("2026-11-23T10:00:00Z"),
        Value::text("2026-11-23T10:00:00Z"),
    );
    check(
        Kind::Text,
        choices(&[("1", "Red"), ("2", "")]),
        Value::text("Red, 2"),
    );
    check(
        Kind::Text,
        RemoteValue::People(vec![person("1", "Ada"), person("2", "")]),
        Value::text("Ada, 2"),
    );
    check(
        Kind::Text,
        RemoteValue::Labels(vec!["a".into(), "b".into()]),
        Value::text("a, b"),
    );
    check(
        Kind::Text,
        RemoteValue::RichText(rich("*a*\nb", "a\nb")),
        Value::text("a b"),
    );
    check_unreadable(Kind::Text, RemoteValue::Links(vec![]));
}

#[test]
fn rich_text_keeps_the_original_to_the_letter() {
    let original = rich("*a*  ", "a");
    check(
        Kind::RichText,
        RemoteValue::RichText(original.clone()),
        Value::RichText(original),
    );
    check(
        Kind::RichText,
        RemoteValue::RichText(rich(" ", "")),
        Value::None,
    );
    let picture = rich("!picture.png!", "");
    check(
        Kind::RichText,
        RemoteValue::RichText(picture.clone()),
        Value::RichText(picture),
    );
    check(
        Kind::RichText,
        text("a\r\nb"),
        Value::RichText(RichText {
            format: RichFormat::Plain,
            source: "a\nb".into(),
            plain: "a\nb".into(),
        }),
    );
}

#[test]
fn numbers_stay_numbers_and_estimates_become_hours() {
    check(Kind::Number, RemoteValue::Number(3.5), Value::number(3.5));
    check(Kind::Number, RemoteValue::Number(f64::NAN), Value::None);
    let field = system(SystemField::EstimatedHours);
    let converted = to_workspace(
        &field,
        &field_pair(field.key, "e"),
        &with_role("e", RemoteKind::Number, Role::OriginalEstimate),
        &RemoteValue::Number(5400.0),
        &Known,
    );
    assert_eq!(converted.value, Value::number(1.5));
    check_unreadable(Kind::Number, text("3"));
}

#[test]
fn a_moment_becomes_its_day_where_the_account_lives() {
    check(
        Kind::Date,
        RemoteValue::Date(date(2026, 11, 23)),
        Value::Date(date(2026, 11, 23)),
    );
    check(
        Kind::Date,
        moment("2026-11-23T23:30:00Z"),
        Value::Date(date(2026, 11, 24)),
    );
    check_unreadable(Kind::Date, RemoteValue::Number(1.0));
}

#[test]
fn a_choice_is_found_by_the_mapping_then_by_its_id_then_by_its_name() {
    let field = custom(1, "x", Kind::MultiSelect);
    let mut pair = field_pair(field.key, "r");
    pair.values.push(ValuePair {
        remote_option: "mapped".into(),
        option: OptionId(9),
    });
    let remote = remote_field("r", "r", RemoteKind::MultiSelect);
    let value = choices(&[("mapped", "named"), ("known", "?"), ("?", "NAMED")]);
    let converted = to_workspace(&field, &pair, &remote, &value, &Known);
    assert_eq!(
        converted,
        Value::options([OptionId(9), OptionId(1), OptionId(2)]).into()
    );
}

#[test]
fn an_unknown_choice_is_wanted_where_choices_grow_and_reported_where_not() {
    let unknown = choice("new", "New");
    let value = RemoteValue::Choices(vec![unknown.clone(), choice("known", "")]);
    let growing = custom(1, "x", Kind::MultiSelect);
    let converted = convert(&growing, &value);
    assert!(converted.is_pending());
    assert_eq!(
        converted,
        Converted {
            value: Value::options([OptionId(1)]),
            wants: vec![Want::Option {
                field: growing.key,
                choice: unknown.clone()
            }],
            ..Converted::default()
        }
    );
    let fixed = system(SystemField::Importance);
    let value = RemoteValue::Choices(vec![unknown.clone()]);
    assert_eq!(
        convert(&fixed, &value),
        Converted {
            notes: vec![Note::Unmapped {
                field: fixed.key,
                choice: unknown
            }],
            ..Converted::default()
        }
    );
}

#[track_caller]
fn check_sprint(sprints: Vec<Choice>, expected: &str) {
    let wants = convert(&system(SystemField::Sprint), &RemoteValue::Choices(sprints)).wants;
    let ids: Vec<&str> = wants
        .iter()
        .map(|want| match want {
            Want::Option { choice, .. } => choice.id.as_str(),
            _ => "-",
        })
        .collect();
    assert_eq!(ids, [expected]);
}

#[test]
fn of_several_sprints_the_current_one_counts() {
    let (march, april) = (date(2026, 3, 31), date(2026, 4, 30));
    check_sprint(
        vec![
            sprint("old", true, march),
            sprint("now", false, april),
            sprint("older", true, march),
        ],
        "now",
    );
    check_sprint(
        vec![sprint("a", false, march), sprint("b", false, april)],
        "b",
    );
    // A finished issue stays in the sprint that finished it.
    check_sprint(
        vec![sprint("last", true, april), sprint("first", true, march)],
        "last",
    );
    check_sprint(vec![choice("a", "a"), choice("b", "b")], "a");
}

#[test]
fn words_and_choices_become_each_other() {
    check(
        Kind::Labels,
        RemoteValue::Labels(vec!["b".into(), "a".into()]),
        Value::labels(["a", "b"]),
    );
    check(
        Kind::Labels,
        choices(&[("1", "Red"), ("2", "Blue")]),
        Value::labels(["Blue", "Red"]),
    );
    check(
        Kind::MultiSelect,
        RemoteValue::Labels(vec!["known".into(), "Named".into()]),
        Value::options([OptionId(1), OptionId(2)]),
    );
    check_unreadable(Kind::Timeframe, RemoteValue::Labels(vec!["a".into()]));
}

#[test]
fn only_web_addresses_become_links() {
    let address = "HTTPS://example.com/ä";
    check(Kind::Link, text(address), Value::Link(address.into()));
    check(
        Kind::Link,
        RemoteValue::Link("http://x".into()),
        Value::Link("http://x".into()),
    );
    check(Kind::Link, text(" "), Value::None);
    check_unreadable(Kind::Link, text("see wiki"));
    check_unreadable(Kind::Link, text("javascript:alert(1)"));
}

#[test]
fn a_tick_is_there_or_not() {
    check(Kind::Checkbox, RemoteValue::None, Value::Bool(false));
    check(Kind::Checkbox, choices(&[]), Value::Bool(false));
    check(Kind::Checkbox, choices(&[("1", "Yes")]), Value::Bool(true));
}

#[test]
fn a_person_met_for_the_first_time_is_wanted() {
    check(
        Kind::Person,
        RemoteValue::People(vec![person("known", "Ada"), person("2", "Bo")]),
        Value::people([PersonId(7)]),
    );
    let stranger = person("new", "Cy");
    let field = custom(1, "x", Kind::Person);
    let converted = convert(&field, &RemoteValue::People(vec![stranger.clone()]));
    assert_eq!(converted.value, Value::None);
    assert_eq!(converted.wants, [Want::Person(stranger)]);
}

#[test]
fn a_link_to_an_issue_that_is_not_here_is_kept_in_mind_without_waiting() {
    let link = |issue: &str| IssueLink {
        relation: Relation::Blocks,
        issue: issue.into(),
    };
    let field = system(SystemField::Dependencies);
    let value = RemoteValue::Links(vec![link("known"), link("elsewhere")]);
    let converted = convert(&field, &value);
    assert!(!converted.is_pending());
    assert_eq!(
        converted.value,
        Value::references([Reference {
            item: ItemId(5),
            relation: Relation::Blocks
        }])
    );
    assert_eq!(
        converted.wants,
        [Want::Item {
            field: field.key,
            link: link("elsewhere")
        }]
    );
}

fn any_value() -> impl Strategy<Value = RemoteValue> {
    let words = proptest::collection::vec("(known|Named|[a-z ]{0,6})", 0..4);
    prop_oneof![
        Just(RemoteValue::None),
        "\\PC{0,12}".prop_map(RemoteValue::Text),
        any::<f64>().prop_map(RemoteValue::Number),
        any::<i32>().prop_map(|second| {
            Timestamp::from_second(i64::from(second))
                .map_or(RemoteValue::None, RemoteValue::DateTime)
        }),
        Just(RemoteValue::Date(date(2026, 2, 28))),
        "\\PC{0,12}".prop_map(|source| RemoteValue::RichText(rich(&source, &source))),
        (words.clone(), any::<Option<bool>>()).prop_map(|(ids, closed)| {
            RemoteValue::Choices(
                ids.iter()
                    .map(|id| Choice {
                        closed,
                        ..choice(id, id)
                    })
                    .collect(),
            )
        }),
        words
            .clone()
            .prop_map(|ids| { RemoteValue::People(ids.iter().map(|id| person(id, id)).collect()) }),
        words.prop_map(RemoteValue::Labels),
        "\\PC{0,12}".prop_map(RemoteValue::Link),
        Just(RemoteValue::Links(vec![IssueLink {
            relation: Relation::RelatesTo,
            issue: "known".into(),
        }])),
    ]
}

/// Whether a value may stand in a field of a kind.
fn fits(kind: Kind, value: &Value) -> bool {
    match value {
        Value::None => true,
        Value::Text(_) => matches!(kind, Kind::Text | Kind::LongText),
        Value::RichText(_) => kind == Kind::RichText,
        Value::Number(_) => matches!(kind, Kind::Number | Kind::Formula),
        Value::Date(_) => kind == Kind::Date,
        Value::Options(list) => {
            matches!(kind, Kind::MultiSelect | Kind::Timeframe)
                || kind == Kind::SingleSelect && list.len() == 1
        }
        Value::People(list) => kind == Kind::Person && list.len() == 1,
        Value::Labels(_) => kind == Kind::Labels,
        Value::References(_) => kind == Kind::Dependencies,
        Value::Bool(_) => kind == Kind::Checkbox,
        Value::Link(_) => kind == Kind::Link,
    }
}

proptest! {
    #[test]
    fn whatever_the_remote_says_becomes_a_value_of_the_fields_kind_or_a_reason(
        value in any_value(),
        kind in 0_usize..14,
    ) {
        let kind = [
            Kind::Text, Kind::LongText, Kind::RichText, Kind::Number, Kind::Date,
            Kind::SingleSelect, Kind::MultiSelect, Kind::Timeframe, Kind::Link, Kind::Checkbox,
            Kind::Person, Kind::Labels, Kind::Formula, Kind::Dependencies,
        ][kind];
        let converted = convert(&custom(1, "x", kind), &value);
        prop_assert!(fits(kind, &converted.value), "{:?}", converted.value);
    }
}

/// As [`Known`], but nothing of anybody or anything is noted.
struct Unnoted;

impl Lookup for Unnoted {
    fn option(&self, field: FieldKey, remote_option: &str) -> Option<OptionId> {
        Known.option(field, remote_option)
    }

    fn option_by_name(&self, field: FieldKey, name: &str) -> Option<OptionId> {
        Known.option_by_name(field, name)
    }

    fn person(&self, remote_person: &str) -> Option<PersonId> {
        Known.person(remote_person)
    }

    fn item(&self, _remote_issue: &str) -> Option<ItemId> {
        None
    }

    fn is_choice_noted(&self, _field: FieldKey, _choice: &Choice) -> bool {
        false
    }

    fn is_person_noted(&self, _person: &RemotePerson) -> bool {
        false
    }
}

#[track_caller]
fn check_news(pair: &FieldPair, field: &Field, value: &RemoteValue, expected: &[Want]) {
    let remote = remote_field("r", "r", RemoteKind::Text);
    let converted = to_workspace(field, pair, &remote, value, &Unnoted);
    assert_eq!(converted.news, expected);
    let known = to_workspace(field, pair, &remote, value, &Known);
    assert!(known.news.is_empty(), "{:?}", known.news);
    assert_eq!(known.value, converted.value, "news change no value");
}

#[test]
fn what_is_called_otherwise_than_before_is_news_and_the_value_whole() {
    let sprint = system(SystemField::Sprint);
    let plain = field_pair(sprint.key, "r");
    let (known, named) = (choice("known", "Sprint 12 b"), choice("9", "Named"));
    let want = |choice: &Choice| Want::Option {
        field: sprint.key,
        choice: choice.clone(),
    };
    let both = RemoteValue::Choices(vec![known.clone(), named.clone(), choice("10", "New")]);
    check_news(&plain, &sprint, &both, &[want(&known), want(&named)]);
    let mut mapped = plain;
    mapped.values = vec![ValuePair {
        remote_option: "known".into(),
        option: OptionId(3),
    }];
    check_news(&mapped, &sprint, &both, &[want(&named)]);
    let fixed = system(SystemField::Importance);
    check_news(&field_pair(fixed.key, "r"), &fixed, &both, &[]);
    let somebody = system(SystemField::DevAssignee);
    let people = RemoteValue::People(vec![person("known", "Ada L.")]);
    check_news(
        &field_pair(somebody.key, "r"),
        &somebody,
        &people,
        &[Want::Person(person("known", "Ada L."))],
    );
}
