use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[track_caller]
fn check_parent(child: u8, parent: Option<ParentSeen>, place: Place) {
    assert_eq!(resolve_parent(child, parent), place);
}

#[test]
fn an_item_stands_below_its_parent_or_at_the_top_with_the_reason() {
    let because = Place::TopBecause;
    check_parent(2, None, Place::Top);
    check_parent(2, Some(ParentSeen::Here { depth: 1 }), Place::Below);
    check_parent(2, Some(ParentSeen::Here { depth: 0 }), Place::Below);
    check_parent(
        2,
        Some(ParentSeen::Here { depth: 2 }),
        because(ParentNote::LevelMismatch),
    );
    check_parent(
        2,
        Some(ParentSeen::OutsideScope),
        because(ParentNote::OutsideScope),
    );
    check_parent(
        2,
        Some(ParentSeen::NotMapped),
        because(ParentNote::NotMapped),
    );
    check_parent(2, Some(ParentSeen::Skipped), because(ParentNote::Skipped));
    check_parent(
        2,
        Some(ParentSeen::Itself),
        because(ParentNote::CycleBroken),
    );
}

#[test]
fn a_moved_item_follows_the_remote_unless_it_was_moved_here_too() {
    assert_eq!(
        reconcile_parent(&Some(1), &Some(1), &Some(2)),
        Verdict::TakeRemote
    );
    assert_eq!(
        reconcile_parent(&Some(1), &Some(2), &Some(1)),
        Verdict::SendWorkspace
    );
    assert_eq!(
        reconcile_parent(&Some(1), &None, &Some(2)),
        Verdict::Conflict
    );
    assert_eq!(
        reconcile_parent(&None::<i64>, &None, &None),
        Verdict::Nothing
    );
}

fn row(id: &str, parent: &str, depth: impl Into<Option<u8>>) -> OrderRow {
    OrderRow {
        id: id.into(),
        parent: (!parent.is_empty()).then(|| parent.into()),
        depth: depth.into(),
    }
}

/// Rows in order as `id<parent`, a note after `!`.
#[track_caller]
fn check_order(rows: &[OrderRow], expected: &[&str]) {
    let found: Vec<String> = order(rows)
        .into_iter()
        .map(|ordered| {
            let parent = ordered.parent.map_or("", |parent| &rows[parent].id);
            let note = ordered
                .note
                .map_or_else(String::new, |note| format!("!{note:?}"));
            format!("{}<{parent}{note}", rows[ordered.row].id)
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn rows_come_parents_first_and_else_as_given() {
    check_order(
        &[
            row("story2", "epic", 2),
            row("sub", "story1", 3),
            row("story1", "epic", 2),
            row("epic", "", 1),
        ],
        &["epic<", "story2<epic", "story1<epic", "sub<story1"],
    );
}

#[test]
fn rows_whose_parent_cannot_be_used_stand_at_the_top() {
    check_order(
        &[
            row("a", "nowhere", 2),
            row("b", "unmapped", 2),
            row("unmapped", "", None),
            row("c", "a", 2),
        ],
        &["a<!OutsideScope", "b<!NotMapped", "c<!LevelMismatch"],
    );
}

#[test]
fn a_round_is_cut_where_the_levels_forbid_it() {
    check_order(
        &[row("x", "y", 2), row("y", "x", 1), row("z", "z", 1)],
        &["y<!CycleBroken", "z<!CycleBroken", "x<y"],
    );
}

proptest! {
    #[test]
    fn whatever_the_remote_says_about_parents_a_tree_comes_out(
        rows in proptest::collection::vec((0_usize..9, proptest::option::of(0_u8..4)), 0..9),
    ) {
        let rows: Vec<OrderRow> = rows
            .into_iter()
            .enumerate()
            .map(|(place, (parent, depth))| row(&place.to_string(), &parent.to_string(), depth))
            .collect();
        let ordered = order(&rows);
        let mut seen = BTreeSet::new();
        for entry in &ordered {
            if let Some(parent) = entry.parent {
                prop_assert!(seen.contains(&parent), "a parent comes first");
                prop_assert_eq!(entry.note, None);
            } else {
                prop_assert!(entry.note.is_some(), "every row here names a parent");
            }
            prop_assert!(seen.insert(entry.row));
        }
        prop_assert_eq!(seen.len(), rows.iter().filter(|row| row.depth.is_some()).count());
    }
}
