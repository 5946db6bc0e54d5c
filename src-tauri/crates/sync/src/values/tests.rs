use super::*;
use crate::fixtures::{custom, options, remote_options, system};
use proptest::prelude::*;
use workspace::Kind;

/// Pairs as `remote -> workspace`, in the remote's order.
#[track_caller]
fn check_importance(here: &[&str], there: &[&str], expected: &[&str]) {
    let field = system(SystemField::Importance);
    let choices = options(SystemField::Importance, here);
    let remote = remote_options(there);
    let proposals = propose(&field, &choices, &remote);
    let found: Vec<&str> = there
        .iter()
        .map(|name| {
            let pair = proposals
                .pairs
                .iter()
                .find(|proposal| proposal.pair.remote_option == **name);
            pair.and_then(|proposal| {
                choices
                    .iter()
                    .find(|choice| choice.id == proposal.pair.option)
            })
            .map_or("-", |choice| choice.name.as_str())
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn priorities_find_importance_by_name_and_then_by_order() {
    check_importance(
        &["Blocker", "High", "Medium", "Low"],
        &["Highest", "High", "Medium", "Low", "Lowest"],
        &["Blocker", "High", "Medium", "Low", "Low"],
    );
}

#[test]
fn priorities_with_translated_names_go_by_order() {
    check_importance(
        &["Blocker", "High", "Medium", "Low"],
        &["Höchste", "Hoch", "Mittel", "Niedrig", "Niedrigste"],
        &["Blocker", "High", "Medium", "Low", "Low"],
    );
    check_importance(
        &["Must", "Should", "Could"],
        &["1", "2", "3", "4", "5"],
        &["Must", "Should", "Should", "Could", "Could"],
    );
}

#[test]
fn fewer_priorities_than_importances_spread_over_them() {
    check_importance(
        &["A", "B", "C", "D", "E"],
        &["x", "y", "z"],
        &["A", "C", "E"],
    );
    check_importance(&["A"], &["x", "y", "z"], &["A", "A", "A"]);
    check_importance(&[], &["x"], &["-"]);
}

#[test]
fn the_same_name_is_the_one_to_write_back() {
    let field = system(SystemField::Importance);
    let choices = options(SystemField::Importance, &["High", "Low"]);
    let proposals = propose(&field, &choices, &remote_options(&["Top", "High", "Low"]));
    let first = proposals
        .pairs
        .iter()
        .find(|proposal| proposal.pair.option == choices[0].id);
    assert_eq!(
        first.map(|first| first.pair.remote_option.as_str()),
        Some("High")
    );
}

#[test]
fn choices_without_a_counterpart_are_listed_on_both_sides() {
    let field = custom(1, "Colour", Kind::SingleSelect);
    let choices = options(field.key, &["Red", "Gréen", "Blue"]);
    let proposals = propose(
        &field,
        &choices,
        &remote_options(&["RED", "green", "Yellow"]),
    );
    let pairs: Vec<(&str, i64)> = proposals
        .pairs
        .iter()
        .map(|proposal| (proposal.pair.remote_option.as_str(), proposal.pair.option.0))
        .collect();
    assert_eq!(pairs, [("RED", 1), ("green", 2)]);
    assert_eq!(proposals.unmapped_remote, ["Yellow"]);
    assert_eq!(proposals.unmapped_here, [choices[2].id]);
}

proptest! {
    #[test]
    fn importance_takes_every_priority_and_keeps_the_order(here in 1_usize..8, there in 0_usize..9) {
        let names: Vec<String> = (0..here).map(|n| format!("here{n}{n}{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let remote: Vec<String> = (0..there).map(|n| format!("x{n}")).collect();
        let remote: Vec<&str> = remote.iter().map(String::as_str).collect();
        let field = system(SystemField::Importance);
        let proposals = propose(&field, &options(field.key, &names), &remote_options(&remote));
        prop_assert_eq!(proposals.unmapped_remote.len(), 0);
        let mut pairs: Vec<_> = proposals.pairs.into_iter().map(|proposal| proposal.pair).collect();
        pairs.sort();
        prop_assert!(pairs.is_sorted_by_key(|pair| pair.option));
    }

    #[test]
    fn proposing_never_fails_and_lists_each_choice_once(
        here in proptest::collection::vec("(High|Low|[a-z]{0,4})", 0..6),
        there in proptest::collection::vec("(High|Low|[a-z]{0,4})", 0..6),
        importance: bool,
    ) {
        let field = if importance { system(SystemField::Importance) } else { custom(1, "x", Kind::MultiSelect) };
        let here: Vec<&str> = here.iter().map(String::as_str).collect();
        let there: Vec<&str> = there.iter().map(String::as_str).collect();
        let found = propose(&field, &options(field.key, &here), &remote_options(&there));
        prop_assert_eq!(found.pairs.len() + found.unmapped_remote.len(), there.len());
    }
}
