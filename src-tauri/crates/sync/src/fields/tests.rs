use super::*;
use crate::fixtures::{
    core_schema, custom, field_pair, options, remote_field, remote_options, remote_type, system,
    system_fields, with_role,
};
use crate::mapping::{Direction, FieldPair, Mapping, Severity, TypePair, ValuePair};
use crate::remote::{RemoteField, RemoteKind, Role, Schema};
use proptest::prelude::*;
use workspace::{Field, ItemTypeId, Kind, OptionId, SystemField};

const KINDS: [Kind; 14] = [
    Kind::Text,
    Kind::LongText,
    Kind::RichText,
    Kind::Number,
    Kind::Date,
    Kind::SingleSelect,
    Kind::MultiSelect,
    Kind::Timeframe,
    Kind::Link,
    Kind::Checkbox,
    Kind::Person,
    Kind::Labels,
    Kind::Formula,
    Kind::Dependencies,
];

fn remote_kinds() -> [(&'static str, RemoteKind); 22] {
    [
        ("text", RemoteKind::Text),
        ("long", RemoteKind::LongText),
        ("rich", RemoteKind::RichText),
        ("number", RemoteKind::Number),
        ("date", RemoteKind::Date),
        ("moment", RemoteKind::DateTime),
        ("select", RemoteKind::SingleSelect),
        ("multi", RemoteKind::MultiSelect),
        ("cascade", RemoteKind::Cascading),
        ("person", RemoteKind::Person),
        ("people", RemoteKind::People),
        ("groups", RemoteKind::Groups),
        ("labels", RemoteKind::Labels),
        ("version", RemoteKind::Version),
        ("versions", RemoteKind::Versions),
        ("components", RemoteKind::Components),
        ("sprint", RemoteKind::Sprint),
        ("team", RemoteKind::Team),
        ("link", RemoteKind::Link),
        ("project", RemoteKind::Project),
        ("links", RemoteKind::IssueLinks),
        ("other", RemoteKind::Unsupported("other".into())),
    ]
}

/// One row of the table: `=` the same, `~` converts both ways, `<` from the remote only, `>` to the remote
/// only, `.` refused. Order of columns as in `remote_kinds`.
#[track_caller]
fn check_row(kind: Kind, expected: &str) {
    let row: String = remote_kinds()
        .into_iter()
        .map(|(name, there)| {
            let field = custom(1, "x", kind);
            let mut remote = remote_field(name, name, there);
            remote.options = remote_options(&["Yes"]);
            let directions = directions(&field, &remote);
            match (compatibility(&field, &remote), directions.first()) {
                (Compatibility::Refused(_), None) => '.',
                (Compatibility::Same, Some(Direction::Both)) => '=',
                (Compatibility::Converts { .. }, Some(Direction::Both)) => '~',
                (_, Some(Direction::FromRemote)) => '<',
                (_, Some(Direction::ToRemote)) => '>',
                (compatibility, direction) => panic!("{name}: {compatibility:?} {direction:?}"),
            }
        })
        .collect();
    assert_eq!(row, expected, "{kind:?}");
}

#[test]
fn the_table_of_kinds() {
    check_row(Kind::Text, "=<<<<<<<<<<<<<<<<<<<..");
    check_row(Kind::LongText, "~=~<<<<<<<<<<<<<<<<<..");
    check_row(Kind::RichText, "<~=...................");
    check_row(Kind::Number, "...=..................");
    check_row(Kind::Date, "....=<................");
    check_row(Kind::SingleSelect, "......=<<....=<<~=.<..");
    check_row(Kind::MultiSelect, "......~=<..<~~==<~.<..");
    check_row(Kind::Timeframe, "......~~<....~=.<.....");
    check_row(Kind::Link, "~.................=...");
    check_row(Kind::Checkbox, "......~~..............");
    check_row(Kind::Person, ".........=<...........");
    check_row(Kind::Labels, "......<<<..<=<<<......");
    check_row(Kind::Formula, "...>..................");
    check_row(Kind::Dependencies, "....................=.");
}

#[track_caller]
fn check_refused(field: Field, remote: RemoteField, reason: RefusalReason) {
    assert_eq!(
        compatibility(&field, &remote),
        Compatibility::Refused(reason)
    );
    assert_eq!(directions(&field, &remote), []);
}

#[test]
fn what_has_a_place_of_its_own_is_not_mapped_as_a_field() {
    check_refused(
        system(SystemField::Status),
        with_role("status", RemoteKind::SingleSelect, Role::Status),
        RefusalReason::StatusMappedApart,
    );
    check_refused(
        custom(1, "Parent", Kind::Text),
        with_role("parent", RemoteKind::Text, Role::Parent),
        RefusalReason::ParentIsTree,
    );
}

#[test]
fn a_formula_and_a_read_only_field_have_nothing_to_say_to_each_other() {
    let remote = RemoteField {
        read_only: true,
        ..remote_field("n", "n", RemoteKind::Number)
    };
    let formula = custom(1, "Score", Kind::Formula);
    check_refused(formula, remote, RefusalReason::NothingToWrite);
}

#[test]
fn a_read_only_field_is_only_read() {
    let remote = RemoteField {
        read_only: true,
        ..remote_field("n", "n", RemoteKind::Number)
    };
    assert_eq!(
        directions(&system(SystemField::Effort), &remote),
        [Direction::FromRemote, Direction::SetOnce]
    );
}

#[test]
fn the_raw_status_is_never_sent() {
    let raw = system(SystemField::DevStatus);
    let remote = remote_field("t", "t", RemoteKind::Text);
    assert_eq!(
        directions(&raw, &remote),
        [Direction::FromRemote, Direction::SetOnce]
    );
}

#[test]
fn a_tick_needs_exactly_one_choice() {
    let mut remote = remote_field("c", "c", RemoteKind::MultiSelect);
    remote.options = remote_options(&["Yes", "No"]);
    let field = custom(1, "Done", Kind::Checkbox);
    check_refused(
        field.clone(),
        remote.clone(),
        RefusalReason::NotYesOrNo { choices: 2 },
    );
    remote.options[1].disabled = true;
    assert_eq!(
        compatibility(&field, &remote),
        Compatibility::Converts {
            conversion: Conversion::ChoiceAndYes,
            loss: None
        }
    );
}

#[test]
fn estimated_work_is_seconds_there_and_hours_here() {
    assert_eq!(
        compatibility(
            &system(SystemField::EstimatedHours),
            &with_role("estimate", RemoteKind::Number, Role::OriginalEstimate)
        ),
        Compatibility::Converts {
            conversion: Conversion::SecondsAndHours,
            loss: None
        }
    );
}

fn names(pairs: &[FieldPair]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|pair| (pair.field.to_string(), pair.remote_field.clone()))
        .collect()
}

fn expected(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(here, there)| ((*here).into(), (*there).into()))
        .collect()
}

#[test]
fn the_core_pairs_are_there_from_the_start() {
    let core = core_pairs(&system_fields(), &core_schema());
    assert_eq!(
        names(&core.pairs),
        expected(&[
            ("title", "summary"),
            ("description", "description"),
            ("importance", "priority"),
            ("dev_assignee", "assignee"),
            ("sprint", "sprint"),
        ])
    );
    assert!(core.pairs.iter().all(|pair| pair.core));
    assert!(
        core.pairs
            .iter()
            .all(|pair| pair.direction == Direction::Both)
    );
    assert_eq!(core.missing, []);
}

#[test]
fn a_core_field_without_a_counterpart_is_left_out_with_the_reason() {
    let mut schema = core_schema();
    schema.fields.retain(|field| field.id != "priority");
    schema.fields[3].kind = RemoteKind::Unsupported("json".into());
    let fields: Vec<Field> = system_fields()
        .into_iter()
        .filter(|field| field.key != SystemField::Description.into())
        .collect();
    let missing: Vec<(String, MissingCoreReason)> = core_pairs(&fields, &schema)
        .missing
        .into_iter()
        .map(|missing| (missing.field.to_string(), missing.reason))
        .collect();
    assert_eq!(
        missing,
        [
            ("description".into(), MissingCoreReason::NoField),
            (
                "importance".into(),
                MissingCoreReason::NoRemoteField(Role::Priority)
            ),
            (
                "sprint".into(),
                MissingCoreReason::Incompatible(RefusalReason::Unsupported("json".into()))
            ),
        ]
    );
}

/// Proposals as `field, remote field`, the core pairs mapped already.
#[track_caller]
fn check_proposals(mut fields: Vec<Field>, remote: Vec<RemoteField>, pairs: &[(&str, &str)]) {
    fields.extend(system_fields());
    let mut schema = core_schema();
    schema.fields.extend(remote);
    let core = core_pairs(&fields, &schema).pairs;
    let proposals = propose(&fields, &schema, &core);
    let found: Vec<FieldPair> = proposals
        .iter()
        .map(|proposal| proposal.pair.clone())
        .collect();
    assert_eq!(names(&found), expected(pairs));
    let mapping = Mapping {
        fields: core.into_iter().chain(found).collect(),
        ..Mapping::default()
    };
    let refused: Vec<FieldFinding> = check(&fields, &[], &schema, &mapping)
        .into_iter()
        .filter(|finding| finding.reason.severity() == Severity::Refused)
        .collect();
    assert_eq!(refused, [], "a proposal is never refused");
}

#[test]
fn fields_whose_meaning_is_known_are_proposed_whatever_their_names() {
    check_proposals(
        vec![],
        vec![
            with_role("cf1", RemoteKind::Number, Role::StoryPoints),
            with_role("components", RemoteKind::Components, Role::Components),
            with_role("fixVersions", RemoteKind::Versions, Role::FixVersions),
            with_role("labels", RemoteKind::Labels, Role::Labels),
            with_role("duedate", RemoteKind::Date, Role::DueDate),
            with_role("cf2", RemoteKind::Date, Role::StartDate),
            with_role("cf3", RemoteKind::Team, Role::Team),
            with_role("estimate", RemoteKind::Number, Role::OriginalEstimate),
            with_role("issuelinks", RemoteKind::IssueLinks, Role::Links),
            with_role("reporter", RemoteKind::Person, Role::Reporter),
        ],
        &[
            ("story_points", "cf1"),
            ("components", "components"),
            ("quarter", "fixVersions"),
            ("labels", "labels"),
            ("start_date", "cf2"),
            ("target_date", "duedate"),
            ("team", "cf3"),
            ("estimated_hours", "estimate"),
            ("dependencies", "issuelinks"),
        ],
    );
}

#[test]
fn other_fields_are_proposed_by_kind_and_name() {
    check_proposals(
        vec![
            custom(1, "Customer", Kind::Text),
            custom(2, "Risk", Kind::SingleSelect),
            custom(3, "Notes", Kind::LongText),
            custom(4, "Size", Kind::Number),
        ],
        vec![
            remote_field("cf1", "customer", RemoteKind::Text),
            remote_field("cf2", "Risks", RemoteKind::SingleSelect),
            remote_field("cf3", "Notes", RemoteKind::RichText),
            remote_field("cf4", "Size", RemoteKind::SingleSelect),
            remote_field("cf5", "Story Points", RemoteKind::Number),
            remote_field("cf6", "Customer", RemoteKind::SingleSelect),
        ],
        &[
            ("custom:1", "cf1"),
            ("story_points", "cf5"),
            ("custom:3", "cf3"),
            ("custom:2", "cf2"),
        ],
    );
}

#[test]
fn a_formula_is_proposed_to_the_remote_only_and_is_right() {
    let field = custom(1, "Score", Kind::Formula);
    let mut schema = Schema::default();
    schema
        .fields
        .push(remote_field("cf", "Score", RemoteKind::Number));
    let found = propose(&[field], &schema, &[]);
    let found: Vec<_> = found
        .iter()
        .map(|proposal| (proposal.pair.direction, proposal.pair.winner))
        .collect();
    assert_eq!(
        found,
        [(Direction::ToRemote, crate::mapping::Winner::Workspace)]
    );
}

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

proptest! {
    #[test]
    fn what_can_belong_together_has_a_direction(
        kind in 0..KINDS.len(),
        there in 0_usize..22,
        read_only: bool,
        choices in 0_usize..3,
    ) {
        let field = custom(1, "x", KINDS[kind]);
        let (name, there) = remote_kinds()[there].clone();
        let mut remote = remote_field(name, name, there);
        remote.read_only = read_only;
        remote.options = remote_options(&["a", "b", "c"][..choices]);
        let refused = matches!(compatibility(&field, &remote), Compatibility::Refused(_));
        let directions = directions(&field, &remote);
        prop_assert_eq!(refused, directions.is_empty());
        if read_only {
            prop_assert!(!directions.contains(&Direction::ToRemote));
            prop_assert!(!directions.contains(&Direction::Both));
        }
        prop_assert!(directions.is_empty() || directions.contains(&Direction::SetOnce));
    }
}
