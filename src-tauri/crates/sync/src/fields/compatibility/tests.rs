use super::*;
use crate::fixtures::{custom, remote_field, remote_options, system, with_role};
use proptest::prelude::*;

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
