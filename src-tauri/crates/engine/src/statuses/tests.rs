//! Which items are looked at when the matrix is saved.

use super::*;
use workspace::StatusCategory;

fn schema(names: &[(&str, &str)]) -> Schema {
    let statuses = names.iter().map(|(id, name)| RemoteStatus {
        id: (*id).to_owned(),
        name: (*name).to_owned(),
        category: StatusCategory::Open,
    });
    Schema {
        statuses: statuses.collect(),
        ..Schema::default()
    }
}

fn pairs(of: &[(&str, i64)]) -> Vec<StatusPair> {
    let pairs = of.iter().map(|(remote, status)| StatusPair {
        remote_status: (*remote).to_owned(),
        status: OptionId(*status),
        is_written: false,
    });
    pairs.collect()
}

/// Of the statuses a, A (called Alpha both), b and c those that stand for the same as before.
#[track_caller]
fn check_same(before: &[(&str, i64)], after: &[(&str, i64)], expected: &[&str]) {
    let schema = schema(&[
        ("a", "Alpha"),
        ("A", "Alpha"),
        ("b", "Beta"),
        ("c", "Gamma"),
    ]);
    let same = same_as_before(&schema, &pairs(before), &pairs(after));
    assert_eq!(same, expected);
}

#[test]
fn only_issues_whose_status_stands_for_something_else_are_looked_at() {
    let all = [("a", 1), ("A", 1), ("b", 2)];
    check_same(&[], &all, &[]);
    check_same(&all, &[], &[]);
    check_same(&all, &all, &["Alpha", "Beta", "Gamma"]);
    check_same(&all, &[("a", 1), ("A", 1), ("b", 3)], &["Alpha", "Gamma"]);
    check_same(&all, &[("a", 1), ("A", 1)], &["Alpha", "Gamma"]);
    // Items know their issue's status by its name, which two may share.
    check_same(&all, &[("a", 1), ("A", 2), ("b", 2)], &["Beta", "Gamma"]);
}
