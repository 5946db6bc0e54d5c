use super::*;
use crate::fixtures::{options, status};
use crate::mapping::{Severity, StatusRule};
use StatusFindingReason as Reason;
use workspace::StatusCategory::{Done, InProgress, Open};

/// The statuses of a new workspace, numbered from 1.
fn statuses() -> Vec<FieldOption> {
    let names = workspace::defaults::STATUSES.map(|row| row.0);
    let mut choices = options(SystemField::Status, &names);
    for (choice, row) in choices.iter_mut().zip(workspace::defaults::STATUSES) {
        choice.category = Some(row.1);
    }
    choices
}

#[track_caller]
fn check_status(remote: (&str, StatusCategory), expected: &str, reason: StatusReason) {
    let choices = statuses();
    let proposals = propose(&choices, &[status("1", remote.0, remote.1)]);
    let found = proposals.pairs.first().map(|proposal| {
        let named = choices
            .iter()
            .find(|choice| choice.id == proposal.pair.status);
        (named.map(|choice| choice.name.as_str()), proposal.reason)
    });
    assert_eq!(found, Some((Some(expected), reason)), "{remote:?}");
}

#[test]
fn statuses_go_by_name_then_by_stage_and_then_by_category() {
    check_status(
        ("in review", InProgress),
        "In review",
        StatusReason::SameName,
    );
    check_status(
        ("In Reviews", InProgress),
        "In review",
        StatusReason::SimilarName,
    );
    check_status(("To Do", Open), "Open", StatusReason::Category);
    check_status(("Erledigt", Done), "Done", StatusReason::Category);
    check_status(
        ("In Progress", InProgress),
        "In development",
        StatusReason::Stage,
    );
    check_status(("QA", InProgress), "In review", StatusReason::Stage);
    check_status(
        ("Blocked", InProgress),
        "In development",
        StatusReason::Category,
    );
    check_status(
        ("打开", InProgress),
        "In development",
        StatusReason::Category,
    );
}

#[test]
fn a_workspace_without_statuses_maps_none() {
    let proposals = propose(&[], &[status("1", "Open", Open)]);
    assert_eq!(proposals.pairs, []);
    assert_eq!(proposals.unmapped_remote, ["1"]);
}

#[test]
fn of_several_the_surest_is_written() {
    let remote = [
        status("1", "Blocked", InProgress),
        status("2", "In Progress", InProgress),
        status("3", "To Do", Open),
        status("4", "Open", Open),
        status("5", "Backlog", Open),
    ];
    let proposals = propose(&statuses(), &remote);
    let written: Vec<&str> = proposals
        .pairs
        .iter()
        .filter(|proposal| proposal.pair.is_written)
        .map(|proposal| proposal.pair.remote_status.as_str())
        .collect();
    assert_eq!(written, ["2", "4"]);
}

fn pair(remote: &str, status: i64, is_written: bool) -> StatusPair {
    StatusPair {
        remote_status: remote.into(),
        status: OptionId(status),
        is_written,
    }
}

/// What is said of pairs, with the row or the status that it is said of; both ways, then one way.
#[track_caller]
fn check_findings(pairs: &[StatusPair], back: &[(&str, Reason)], one_way: &[(&str, Reason)]) {
    let remote = [
        status("10", "To Do", Open),
        status("20", "Doing", InProgress),
    ];
    let mut two = statuses();
    two.truncate(2);
    for (goes_back, expected) in [(true, back), (false, one_way)] {
        let rule = StatusRule {
            goes_back,
            ..StatusRule::default()
        };
        let findings = check(&two, &remote, pairs, rule);
        let found: Vec<(String, Reason)> = findings
            .into_iter()
            .map(|found| {
                let status = found.status.map(|id| id.to_string());
                (
                    found.remote_status.or(status).unwrap_or_default(),
                    found.reason,
                )
            })
            .collect();
        let found: Vec<(&str, Reason)> = found
            .iter()
            .map(|(row, reason)| (row.as_str(), *reason))
            .collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn what_is_wrong_with_statuses_is_said_by_row() {
    check_findings(
        &[],
        &[("", Reason::NothingMapped)],
        &[("", Reason::NothingMapped)],
    );
    check_findings(&[pair("10", 1, true), pair("20", 2, false)], &[], &[]);
    check_findings(
        &[pair("10", 1, true)],
        &[("20", Reason::Unmapped), ("2", Reason::NoWayBack)],
        &[("20", Reason::Unmapped)],
    );
    let same = [pair("10", 1, true), pair("20", 1, true)];
    let twice = ("20", Reason::WrittenTwice);
    check_findings(&same, &[twice, ("2", Reason::NoWayBack)], &[twice]);
    let odd = [
        pair("10", 1, true),
        pair("20", 2, true),
        pair("20", 1, false),
        pair("30", 9, true),
    ];
    let said = [
        ("20", Reason::Twice),
        ("30", Reason::UnknownStatus),
        ("30", Reason::Gone),
    ];
    check_findings(&odd, &said, &said);
}

#[test]
fn only_what_contradicts_itself_is_refused() {
    let refused = [Reason::UnknownStatus, Reason::Twice, Reason::WrittenTwice];
    let warned = [
        Reason::Gone,
        Reason::NothingMapped,
        Reason::Unmapped,
        Reason::NoWayBack,
    ];
    assert!(
        refused
            .iter()
            .all(|reason| reason.severity() == Severity::Refused)
    );
    assert!(
        warned
            .iter()
            .all(|reason| reason.severity() == Severity::Warning)
    );
}
