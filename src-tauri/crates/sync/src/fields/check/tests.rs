use super::*;
use crate::fixtures::{
    core_schema, custom, field_pair, options, remote_field, remote_options, remote_type, system,
    system_fields,
};
use crate::mapping::{TypePair, ValuePair};
use crate::remote::RemoteKind;
use workspace::{ItemTypeId, Kind, OptionId, SystemField};

/// Findings beyond those of a whole core, as the reasons' names.
#[track_caller]
fn check_findings(change: impl FnOnce(&mut Schema, &mut Mapping), expected: &[&str]) {
    let mut fields = system_fields();
    fields.push(custom(1, "Risk", Kind::SingleSelect));
    let mut schema = core_schema();
    schema
        .fields
        .push(remote_field("number", "Number", RemoteKind::Number));
    schema.types.push(remote_type("bug", "Bug", 0));
    let mut mapping = Mapping {
        fields: core_pairs(&fields, &schema).pairs,
        types: vec![TypePair {
            item_type: ItemTypeId(3),
            remote_type: "story".into(),
        }],
        ..Mapping::default()
    };
    change(&mut schema, &mut mapping);
    let choices = options(SystemField::Importance, &["High", "Low"]);
    let found: Vec<String> = check(&fields, &choices, &schema, &mapping)
        .into_iter()
        .map(|finding| {
            let word = format!("{:?}", finding.reason);
            word.split([' ', '{', '('])
                .next()
                .unwrap_or_default()
                .into()
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_core_alone_has_nothing_to_say() {
    check_findings(|_, _| {}, &[]);
}

#[test]
fn a_field_of_the_wrong_type_is_refused() {
    let pair = field_pair(SystemField::TargetDate.into(), "number");
    check_findings(|_, mapping| mapping.fields.push(pair), &["Incompatible"]);
}

#[test]
fn a_field_that_is_gone_on_either_side_is_refused() {
    let gone = field_pair(SystemField::Effort.into(), "gone");
    check_findings(|_, mapping| mapping.fields.push(gone), &["Gone"]);
    let unknown = field_pair(custom(9, "", Kind::Number).key, "number");
    check_findings(|_, mapping| mapping.fields.push(unknown), &["UnknownField"]);
}

#[test]
fn a_field_that_stands_twice_is_refused() {
    check_findings(
        |_, mapping| {
            let first = field_pair(SystemField::Effort.into(), "number");
            let second = field_pair(SystemField::Value.into(), "number");
            mapping.fields.extend([first.clone(), second, first]);
        },
        &["RemoteFieldTwice", "FieldTwice", "RemoteFieldTwice"],
    );
}

#[test]
fn a_core_pair_cannot_be_taken_away() {
    check_findings(
        |_, mapping| {
            mapping
                .fields
                .retain(|pair| pair.remote_field != "priority")
        },
        &["CoreRemoved"],
    );
}

#[test]
fn a_direction_that_cannot_be_gone_is_refused() {
    check_findings(
        |schema, mapping| {
            schema.fields[5].read_only = true;
            mapping
                .fields
                .push(field_pair(SystemField::Effort.into(), "number"));
        },
        &["WrongDirection"],
    );
}

#[test]
fn a_required_field_that_nothing_fills_is_a_warning() {
    check_findings(
        |schema, _| schema.types[0].required_fields = vec!["number".into(), "summary".into()],
        &["RequiredNotMapped"],
    );
    // Types that are not mapped may demand what they like.
    check_findings(
        |schema, _| schema.types[1].required_fields = vec!["number".into()],
        &[],
    );
}

#[test]
fn a_field_that_is_not_on_the_create_screen_is_a_warning() {
    check_findings(
        |schema, _| schema.fields[2].on_create = Some(vec!["bug".into()]),
        &["NotOnCreate"],
    );
    check_findings(
        |schema, mapping| {
            schema.fields[2].on_create = Some(vec!["bug".into()]);
            mapping.fields[2].direction = Direction::FromRemote;
        },
        &[],
    );
}

#[test]
fn choices_that_are_not_mapped_or_gone_are_warnings() {
    check_findings(
        |schema, mapping| {
            schema.fields[2].options = remote_options(&["High", "Low"]);
            let pair = |remote: &str, option| ValuePair {
                remote_option: remote.into(),
                option: OptionId(option),
            };
            mapping.fields[2].values = vec![pair("High", 1), pair("gone", 1), pair("Low", 99)];
        },
        &["UnknownChoice", "UnknownChoice"],
    );
    check_findings(
        |schema, _| schema.fields[2].options = remote_options(&["High"]),
        &["ChoicesNotMapped"],
    );
}

#[test]
fn a_drop_down_greys_what_is_taken_or_does_not_fit() {
    let mut schema = core_schema();
    schema.fields.extend([
        remote_field("a", "A", RemoteKind::Number),
        remote_field("b", "B", RemoteKind::Number),
    ]);
    let mapped = [
        field_pair(SystemField::Value.into(), "a"),
        field_pair(SystemField::Effort.into(), "b"),
    ];
    let offered: Vec<String> = choices(&system(SystemField::Effort), &schema, &mapped)
        .into_iter()
        .filter(|choice| !matches!(choice.compatibility, Compatibility::Refused(_)))
        .map(|choice| choice.remote_field)
        .collect();
    assert_eq!(offered, ["b"]);
    let taken = choices(&system(SystemField::Effort), &schema, &mapped)
        .into_iter()
        .find(|choice| choice.remote_field == "a");
    assert_eq!(
        taken.map(|choice| choice.compatibility),
        Some(Compatibility::Refused(RefusalReason::Taken(
            SystemField::Value.into()
        )))
    );
}
