use super::*;
use proptest::prelude::*;
use workspace::OptionId;

fn rule(direction: Direction, winner: Winner) -> Rule {
    Rule::new(direction, winner, Kind::Text)
}

fn word(word: &str) -> Value {
    Value::text(word)
}

/// Base, workspace, remote as single words; `-` is nothing, a base of `?` was never agreed.
#[track_caller]
fn check(sides: [&str; 3], rule: Rule, expected: Outcome) {
    let value = |text: &str| match text {
        "-" | "?" => Value::None,
        text => word(text),
    };
    let base = value(sides[0]);
    let base = (sides[0] != "?").then_some(&base);
    let found = reconcile(base, &value(sides[1]), &value(sides[2]), rule);
    assert_eq!(found, expected, "{sides:?} under {rule:?}");
}

#[test]
fn the_table_of_a_pair_that_goes_both_ways() {
    let both = rule(Direction::Both, Winner::Ask);
    check(["a", "a", "a"], both, Outcome::Nothing);
    check(["a", "b", "a"], both, Outcome::SendWorkspace);
    check(["a", "-", "a"], both, Outcome::SendWorkspace);
    check(["a", "a", "b"], both, Outcome::TakeRemote);
    check(["a", "a", "-"], both, Outcome::TakeRemote);
    check(["a", "b", "b"], both, Outcome::AdvanceBase);
    check(["a", "b", "c"], both, Outcome::Conflict);
    check(["a", "-", "b"], both, Outcome::Conflict);
}

/// Labels as letters; `?`: nothing was ever agreed.
#[track_caller]
fn check_arrived(base: &str, sent: &str, told: &str, expected: &str) {
    let labels = |text: &str| Value::labels(text.chars().map(String::from));
    let known = (base != "?").then(|| labels(base));
    let found = arrived(known.as_ref(), &labels(sent), &labels(told));
    assert_eq!(found, Some(labels(expected)), "{base}, {sent}, {told}");
}

#[test]
fn of_a_list_that_was_sent_those_entries_are_agreed_on_that_the_remote_says_too() {
    check_arrived("", "a", "a", "a");
    check_arrived("?", "a", "a", "a");
    check_arrived("", "a", "", "");
    check_arrived("a", "", "", "");
    check_arrived("a", "", "a", "a");
    // Somebody else added or removed something meanwhile.
    check_arrived("", "a", "ax", "a");
    check_arrived("", "ab", "a", "a");
    check_arrived("o", "oa", "a", "oa");
    check_arrived("o", "oa", "oax", "oa");
    let (word, none) = (word("a"), Value::None);
    assert_eq!(arrived(Some(&none), &word, &word), None);
}

#[test]
fn where_nothing_was_agreed_the_side_that_holds_something_is_heard() {
    let both = rule(Direction::Both, Winner::Ask);
    check(["?", "-", "a"], both, Outcome::TakeRemote);
    check(["?", "a", "-"], both, Outcome::SendWorkspace);
    check(["?", "a", "a"], both, Outcome::AdvanceBase);
    check(["?", "-", "-"], both, Outcome::AdvanceBase);
    check(["?", "a", "b"], both, Outcome::Conflict);
}

#[test]
fn a_stated_winner_spares_the_question() {
    let mut newest = rule(Direction::Both, Winner::Newest);
    check(["a", "b", "c"], newest, Outcome::Conflict);
    newest.seen_last = Some(Side::Remote);
    check(["a", "b", "c"], newest, Outcome::TakeRemote);
    newest.seen_last = Some(Side::Workspace);
    check(["a", "b", "c"], newest, Outcome::SendWorkspace);
    let remote = rule(Direction::Both, Winner::Remote);
    check(["a", "b", "c"], remote, Outcome::TakeRemote);
    check(["a", "b", "a"], remote, Outcome::SendWorkspace);
    let workspace = rule(Direction::Both, Winner::Workspace);
    check(["a", "b", "c"], workspace, Outcome::SendWorkspace);
    check(["a", "a", "c"], workspace, Outcome::TakeRemote);
}

#[test]
fn a_pair_from_the_remote_sends_nothing() {
    let from = |winner| rule(Direction::FromRemote, winner);
    check(["a", "a", "b"], from(Winner::Ask), Outcome::TakeRemote);
    check(["a", "b", "a"], from(Winner::Ask), Outcome::Nothing);
    check(["a", "b", "c"], from(Winner::Ask), Outcome::Conflict);
    check(["a", "b", "c"], from(Winner::Remote), Outcome::TakeRemote);
    check(["a", "b", "c"], from(Winner::Workspace), Outcome::Nothing);
}

#[test]
fn a_pair_to_the_remote_takes_nothing() {
    let to = |winner| rule(Direction::ToRemote, winner);
    check(["a", "b", "a"], to(Winner::Ask), Outcome::SendWorkspace);
    check(["a", "a", "b"], to(Winner::Ask), Outcome::Nothing);
    check(["a", "b", "c"], to(Winner::Ask), Outcome::Conflict);
    check(["a", "b", "c"], to(Winner::Remote), Outcome::Nothing);
    check(
        ["a", "b", "c"],
        to(Winner::Workspace),
        Outcome::SendWorkspace,
    );
}

#[test]
fn what_is_set_once_is_left_alone_afterwards() {
    let once = rule(Direction::SetOnce, Winner::Remote);
    check(["a", "b", "c"], once, Outcome::Nothing);
    check(["a", "a", "c"], once, Outcome::Nothing);
    check(["a", "b", "b"], once, Outcome::AdvanceBase);
}

#[track_caller]
fn check_merge(base: &[&str], workspace: &[&str], remote: &[&str], expected: Outcome) {
    let rule = Rule::new(Direction::Both, Winner::Ask, Kind::Labels);
    let found = reconcile(
        Some(&Value::labels(base)),
        &Value::labels(workspace),
        &Value::labels(remote),
        rule,
    );
    assert_eq!(found, expected);
}

#[test]
fn lists_merge_as_additions_and_removals() {
    let merged = |words: &[&str]| Outcome::Merge(Value::labels(words));
    check_merge(&["a"], &["a", "b"], &["a", "c"], merged(&["a", "b", "c"]));
    check_merge(&["a", "b"], &["b", "x"], &["a"], merged(&["x"]));
    check_merge(&["a", "b"], &["a"], &["b"], Outcome::Merge(Value::None));
    check_merge(&["a"], &["a", "b"], &["a", "b", "c"], Outcome::TakeRemote);
    check_merge(
        &["a"],
        &["a", "b", "c"],
        &["a", "b"],
        Outcome::SendWorkspace,
    );
}

#[test]
fn a_choice_of_one_is_no_list() {
    let rule = Rule::new(Direction::Both, Winner::Ask, Kind::SingleSelect);
    let one = |id| Value::options([OptionId(id)]);
    assert_eq!(
        reconcile(Some(&one(1)), &one(2), &one(3), rule),
        Outcome::Conflict
    );
}

#[test]
fn values_that_are_no_lists_of_one_sort_are_asked_about() {
    let rule = Rule::new(Direction::Both, Winner::Ask, Kind::MultiSelect);
    let found = reconcile(
        None,
        &Value::options([OptionId(1)]),
        &Value::labels(["a"]),
        rule,
    );
    assert_eq!(found, Outcome::Conflict);
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let direction = prop_oneof![
        Just(Direction::Both),
        Just(Direction::ToRemote),
        Just(Direction::FromRemote),
        Just(Direction::SetOnce),
    ];
    let winner = prop_oneof![
        Just(Winner::Ask),
        Just(Winner::Remote),
        Just(Winner::Workspace),
        Just(Winner::Newest),
    ];
    let seen_last = prop_oneof![
        Just(None),
        Just(Some(Side::Workspace)),
        Just(Some(Side::Remote)),
    ];
    (direction, winner, any::<bool>(), seen_last).prop_map(
        |(direction, winner, merges, seen_last)| Rule {
            direction,
            winner,
            merges,
            seen_last,
        },
    )
}

/// Few different values, so that sides often agree by chance.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::None),
        "[ab]".prop_map(|text| Value::text(&text)),
        proptest::collection::vec("[abc]", 0..4).prop_map(Value::labels),
        proptest::collection::vec(1_i64..4, 0..4)
            .prop_map(|ids| Value::options(ids.into_iter().map(OptionId))),
    ]
}

/// The other way round: what the workspace was is the remote.
fn mirrored(rule: Rule) -> Rule {
    Rule {
        direction: match rule.direction {
            Direction::ToRemote => Direction::FromRemote,
            Direction::FromRemote => Direction::ToRemote,
            same => same,
        },
        winner: match rule.winner {
            Winner::Remote => Winner::Workspace,
            Winner::Workspace => Winner::Remote,
            same => same,
        },
        seen_last: rule.seen_last.map(|side| match side {
            Side::Workspace => Side::Remote,
            Side::Remote => Side::Workspace,
        }),
        ..rule
    }
}

/// Does what an outcome says: base, workspace, remote afterwards.
fn apply(outcome: Outcome, sides: (Option<Value>, Value, Value)) -> (Option<Value>, Value, Value) {
    let (base, workspace, remote) = sides;
    match outcome {
        Outcome::Nothing | Outcome::Conflict => (base, workspace, remote),
        Outcome::TakeRemote => (Some(remote.clone()), remote.clone(), remote),
        Outcome::SendWorkspace => (Some(workspace.clone()), workspace.clone(), workspace),
        Outcome::AdvanceBase => (Some(remote.clone()), workspace, remote),
        Outcome::Merge(merged) => (Some(merged.clone()), merged.clone(), merged),
    }
}

proptest! {
    #[test]
    fn where_all_agree_there_is_nothing_to_do(value in any_value(), rule in any_rule()) {
        prop_assert_eq!(reconcile(Some(&value), &value, &value, rule), Outcome::Nothing);
    }

    #[test]
    fn swapping_the_sides_swaps_the_outcome(
        base in proptest::option::of(any_value()),
        workspace in any_value(),
        remote in any_value(),
        rule in any_rule(),
    ) {
        let there = reconcile(base.as_ref(), &workspace, &remote, rule);
        let back = reconcile(base.as_ref(), &remote, &workspace, mirrored(rule));
        let expected = match there {
            Outcome::TakeRemote => Outcome::SendWorkspace,
            Outcome::SendWorkspace => Outcome::TakeRemote,
            same => same,
        };
        prop_assert_eq!(back, expected);
    }

    #[test]
    fn doing_what_it_says_leaves_nothing_to_do(
        base in proptest::option::of(any_value()),
        workspace in any_value(),
        remote in any_value(),
        rule in any_rule(),
    ) {
        let first = reconcile(base.as_ref(), &workspace, &remote, rule);
        let quiet = matches!(first, Outcome::Nothing | Outcome::Conflict);
        let (base, workspace, remote) = apply(first.clone(), (base, workspace, remote));
        let second = reconcile(base.as_ref(), &workspace, &remote, rule);
        if quiet {
            prop_assert_eq!(second, first);
        } else {
            prop_assert_eq!(second, Outcome::Nothing);
            prop_assert!(workspace.equal_enough(&remote));
        }
    }

    #[test]
    fn no_edit_of_a_pair_that_goes_both_ways_is_lost_unasked(
        base in any_value(),
        workspace in any_value(),
        remote in any_value(),
        merges: bool,
    ) {
        let rule = Rule { merges, ..rule(Direction::Both, Winner::Ask) };
        let outcome = reconcile(Some(&base), &workspace, &remote, rule);
        if outcome == Outcome::TakeRemote {
            prop_assert!(merges || workspace == base);
        }
        if outcome == Outcome::SendWorkspace {
            prop_assert!(merges || remote == base);
        }
    }

    #[test]
    fn a_merge_invents_nothing(
        base in proptest::collection::btree_set("[abcd]", 0..4),
        workspace in proptest::collection::btree_set("[abcd]", 0..4),
        remote in proptest::collection::btree_set("[abcd]", 0..4),
    ) {
        let list = |set: &BTreeSet<String>| Value::labels(set.iter().cloned());
        let merged = super::merge(&list(&base), &list(&workspace), &list(&remote));
        let merged: BTreeSet<String> = match merged {
            Some(Value::Labels(labels)) => labels.into_iter().collect(),
            _ => BTreeSet::new(),
        };
        for word in &merged {
            prop_assert!(workspace.contains(word) || remote.contains(word));
        }
        for word in workspace.difference(&base).chain(remote.difference(&base)) {
            prop_assert!(merged.contains(word), "what one side added stays");
        }
        for word in base.iter().filter(|word| !workspace.contains(*word) || !remote.contains(*word)) {
            prop_assert!(!merged.contains(word), "what one side removed goes");
        }
    }
}
