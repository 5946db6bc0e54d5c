//! The status: as the remote tells it, and the way back.

use super::*;
use crate::convert::Note;
use crate::mapping::StatusPair;
use crate::outgoing::Unsayable;

const OPEN: OptionId = OptionId(1);
const WORK: OptionId = OptionId(2);
const DONE: OptionId = OptionId(3);
/// Nothing at the remote stands for it.
const IDEA: OptionId = OptionId(4);

/// Two of the remote's statuses are work; of them `review` is written.
fn statuses(rule: StatusRule) -> Planner {
    let pair = |remote: &str, status, is_written| StatusPair {
        remote_status: remote.into(),
        status,
        is_written,
    };
    let mut mapping = mapping();
    mapping.statuses = vec![
        pair("todo", OPEN, false),
        pair("progress", WORK, false),
        pair("review", WORK, true),
        pair("done", DONE, true),
    ];
    mapping.status_rule = rule;
    planner_of(&mapping, true)
}

fn at(id: &str) -> RemoteIssue {
    let mut issue = issue("Title", &[]);
    issue.status = status(id, "In Progress", StatusCategory::InProgress);
    issue
}

fn held(option: Option<OptionId>) -> Value {
    option.map_or(Value::None, |option| Value::options([option]))
}

#[test]
fn a_new_item_takes_the_status_that_its_issue_stands_in() {
    let planner = statuses(StatusRule::default());
    for (id, expected) in [("todo", OPEN), ("progress", WORK), ("review", WORK)] {
        let decided = planner.decide(&at(id), Twin::None, &Recorded::default());
        let Action::Create(draft) = decided.action else {
            panic!("it is new");
        };
        assert_eq!(draft.values.get(&STATUS), Some(&held(Some(expected))));
        assert_eq!(decided.bases.get(&STATUS), Some(&held(Some(expected))));
    }
}

#[test]
fn a_status_that_stands_for_none_is_flagged_and_blanks_nothing() {
    let planner = statuses(StatusRule::default());
    let flagged = |decided: &Decision| {
        let mut notes = decided.notes.iter();
        notes.any(
            |note| matches!(note, Note::Unmapped { field: STATUS, choice } if choice.id == "odd"),
        )
    };
    let decided = planner.decide(&at("odd"), Twin::None, &Recorded::default());
    assert!(flagged(&decided));
    assert_eq!(decided.bases.get(&STATUS), None);
    let held = [(STATUS, held(Some(WORK)))];
    let decided = decide_linked(&planner, &held, &held, &at("odd"));
    assert!(flagged(&decided));
    assert!(matches!(decided.action, Action::Unchanged { .. }));
}

#[test]
fn without_a_mapping_a_status_is_nobodys_business() {
    let decided = decide_linked(&planner(), &[], &[(STATUS, held(Some(WORK)))], &at("odd"));
    assert_eq!(decided.observed.get(&STATUS), None);
    assert_eq!(decided.notes, []);
}

#[derive(Debug, PartialEq)]
enum Left {
    Nothing,
    Sends,
    Conflict,
}

/// What is left to do, from what was agreed, what stands here and what the remote's status stands for.
#[track_caller]
fn check_left(rule: StatusRule, values: [Option<OptionId>; 3], expected: Left) {
    let [base, here, there] = values.map(held);
    let (bases, remotes) = (
        BTreeMap::from([(STATUS, base)]),
        BTreeMap::from([(STATUS, there)]),
    );
    let pending = statuses(rule).pending(
        &item(&[(STATUS, here)]),
        &bases,
        &remotes,
        &Recorded::default(),
    );
    let left = match (pending.sends.as_slice(), pending.conflicts.as_slice()) {
        ([], []) => Left::Nothing,
        ([STATUS], []) => Left::Sends,
        ([], [STATUS]) => Left::Conflict,
        other => panic!("{other:?}"),
    };
    assert_eq!(left, expected, "{values:?} under {rule:?}");
}

#[test]
fn a_status_goes_by_the_same_table_as_every_field() {
    let both = StatusRule::default();
    let one_way = StatusRule {
        goes_back: false,
        ..both
    };
    let wins = |winner| StatusRule { winner, ..both };
    let [open, work, done] = [Some(OPEN), Some(WORK), Some(DONE)];
    check_left(both, [open, open, open], Left::Nothing);
    check_left(both, [open, work, open], Left::Sends);
    check_left(both, [open, open, work], Left::Nothing);
    check_left(both, [open, work, work], Left::Nothing);
    check_left(both, [open, work, done], Left::Conflict);
    check_left(wins(Winner::Workspace), [open, work, done], Left::Sends);
    check_left(wins(Winner::Remote), [open, work, done], Left::Nothing);
    check_left(one_way, [open, work, open], Left::Nothing);
    // The issue went where nothing is mapped to: a person is asked, unless nothing would be sent anyway.
    check_left(both, [open, open, None], Left::Nothing);
    check_left(both, [open, work, None], Left::Conflict);
    check_left(one_way, [open, work, None], Left::Nothing);
}

#[test]
fn a_status_set_here_goes_to_the_one_that_is_chosen_or_to_another_that_stands_for_it() {
    let write = |option| {
        let item = item(&[(STATUS, held(option))]);
        let planner = statuses(StatusRule::default());
        planner.patch(&item, &[STATUS], &BTreeMap::new(), &Recorded::default())
    };
    for (option, wanted) in [(OPEN, vec!["todo"]), (WORK, vec!["review", "progress"])] {
        let patch = write(Some(option));
        assert_eq!(patch.status.expect("a way").wanted, wanted);
        assert_eq!((patch.writes, patch.unsayable), (vec![], vec![]));
    }
    let no_choice = Unsayable::NoChoice {
        option: IDEA,
        name: String::new(),
    };
    assert_eq!(write(Some(IDEA)).unsayable, [(STATUS, vec![no_choice])]);
    assert_eq!(write(None).unsayable, [(STATUS, vec![Unsayable::OneWay])]);
}

proptest! {
    /// Taking what is to be taken, and going where is to be gone, leaves nothing to do.
    #[test]
    fn both_sides_agree_on_a_status_after_one_step(
        base in proptest::option::of(0_usize..3),
        here in proptest::option::of(0_usize..3),
        there in 0_usize..4,
    ) {
        let known = [OPEN, WORK, DONE];
        let planner = statuses(StatusRule { winner: Winner::Workspace, ..StatusRule::default() });
        let remote = ["todo", "progress", "review", "done"][there];
        let bases = base.map(|place| (STATUS, held(Some(known[place]))));
        let bases: Vec<_> = bases.into_iter().collect();
        let values = [(STATUS, held(here.map(|place| known[place])))];
        let first = decide_linked(&planner, &bases, &values, &at(remote));
        let Some(after) = first.observed.get(&STATUS) else { panic!("it is mapped") };
        let mut now = values[0].1.clone();
        if let Action::Update(update) = &first.action {
            now = update.changes[0].after.clone();
        }
        let issue = if first.sends.contains(&STATUS) {
            let item = item(&[(STATUS, now.clone())]);
            let patch = planner.patch(&item, &[STATUS], &BTreeMap::new(), &Recorded::default());
            match patch.status {
                Some(write) => at(&write.wanted[0]),
                // Nothing here: nothing there can say that.
                None => return Ok(()),
            }
        } else {
            prop_assert!(now.equal_enough(after), "{:?} {:?}", now, after);
            at(remote)
        };
        let agreed = [(STATUS, now.clone())];
        let second = decide_linked(&planner, &agreed, &agreed, &issue);
        let stays = matches!(second.action, Action::Unchanged { .. });
        prop_assert!(stays, "{:?}", second);
        prop_assert_eq!(second.sends, vec![]);
    }
}
