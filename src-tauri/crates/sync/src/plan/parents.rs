//! Parents: which one an item gets, and in which order rows are worked.

use crate::mapping::{Direction, Winner};
use crate::reconcile::{Change, Rule, Verdict, verdict};
use std::collections::BTreeMap;
use workspace::Value;

/// What is known of the issue that another one names as its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParentSeen {
    /// It is an item here, or will be, on a level of this depth (0 is the top).
    Here {
        /// Depth of its level.
        depth: u8,
    },
    /// It was read, but its type is mapped to none.
    NotMapped,
    /// It was read and is left out for another reason, for example because it is closed.
    Skipped,
    /// It was not read: the scope does not contain it.
    OutsideScope,
    /// It is the issue itself.
    Itself,
}

/// Where an item comes to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// At the top: it has no parent.
    Top,
    /// Below the parent that it names.
    Below,
    /// At the top, though it names a parent.
    TopBecause(ParentNote),
}

/// Why an item does not stand below the parent that its issue names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParentNote {
    /// The parent is not in the scope.
    OutsideScope,
    /// The parent's type is mapped to none.
    NotMapped,
    /// The parent is in the scope but left out.
    Skipped,
    /// The parent would stand on the same level or below.
    LevelMismatch,
    /// The issue is its own ancestor in the remote's data; the tie was cut here.
    CycleBroken,
}

/// Where an item on a level of depth `child` comes to stand; `parent` is none if its issue names none.
///
/// Because a parent has to stand on a higher level, what comes out of this is always a tree, whatever the
/// remote's data says.
#[must_use]
pub fn resolve_parent(child: u8, parent: Option<ParentSeen>) -> Place {
    match parent {
        None => Place::Top,
        Some(ParentSeen::Here { depth }) if depth < child => Place::Below,
        Some(ParentSeen::Here { .. }) => Place::TopBecause(ParentNote::LevelMismatch),
        Some(ParentSeen::NotMapped) => Place::TopBecause(ParentNote::NotMapped),
        Some(ParentSeen::Skipped) => Place::TopBecause(ParentNote::Skipped),
        Some(ParentSeen::OutsideScope) => Place::TopBecause(ParentNote::OutsideScope),
        Some(ParentSeen::Itself) => Place::TopBecause(ParentNote::CycleBroken),
    }
}

/// Whether a linked item's parent is to follow the remote, by the same table as fields: `base` is the
/// parent on which both sides last agreed.
#[must_use]
pub fn reconcile_parent<P: PartialEq>(
    base: &Option<P>,
    workspace: &Option<P>,
    remote: &Option<P>,
) -> Verdict {
    let rule = Rule {
        direction: Direction::Both,
        winner: Winner::Ask,
        merges: false,
        seen_last: None,
    };
    verdict(Change::between(base, workspace, remote), rule)
}

/// What is left to do about a linked item's parent, by the same three values: on what both sides agreed, what stands here,
/// and what the remote said last. That may be an issue which is no item here, told in words.
///
/// An item stands at the top where its issue's parent is no item, so words are what was agreed on there. Where another
/// parent was agreed on, words are another change, and as nobody can follow it here, only a change made here is in its way.
#[must_use]
pub fn pending_parent(base: &Value, workspace: &Value, remote: &Value) -> Verdict {
    let rule = Rule {
        direction: Direction::Both,
        winner: Winner::Ask,
        merges: false,
        seen_last: None,
    };
    if !matches!(remote, Value::Text(_)) {
        return verdict(Change::between(base, workspace, remote), rule);
    }
    if workspace == base {
        return Verdict::Nothing;
    }
    let change = Change {
        workspace: true,
        remote: !base.is_none(),
        alike: false,
    };
    verdict(change, rule)
}

/// A row to be put in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// The id.
    pub id: String,
    /// Id of the issue that it names as its parent.
    pub parent: Option<String>,
    /// Depth of the level of its type; none if the type is not mapped.
    pub depth: Option<u8>,
}

/// A row in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordered {
    /// Index of the row among those given.
    pub row: usize,
    /// Index of its parent's row, if it stands below one.
    pub parent: Option<usize>,
    /// Why it stands at the top though it names a parent.
    pub note: Option<ParentNote>,
}

/// Puts rows that all fit into memory (a sample, a selection) in order: parents before their children,
/// else as given. Rows whose type is not mapped are left out. Rounds in the remote's data are cut where a
/// parent stands too low, so the result is the same in whichever order the rows came.
#[must_use]
pub fn order(rows: &[OrderRow]) -> Vec<Ordered> {
    let by_id: BTreeMap<&str, usize> = rows
        .iter()
        .enumerate()
        .rev()
        .map(|(place, row)| (row.id.as_str(), place))
        .collect();
    let parent_row = |row: &OrderRow| {
        let parent = row.parent.as_deref()?;
        by_id.get(parent).copied()
    };
    let mut ordered: Vec<(u8, Ordered)> = rows
        .iter()
        .enumerate()
        .filter_map(|(place, row)| {
            let depth = row.depth?;
            let found = parent_row(row);
            let seen = row.parent.as_ref().map(|_| match found {
                None => ParentSeen::OutsideScope,
                Some(_) if goes_round(rows, &parent_row, place) => ParentSeen::Itself,
                Some(parent) => rows[parent]
                    .depth
                    .map_or(ParentSeen::NotMapped, |depth| ParentSeen::Here { depth }),
            });
            // In a round only those ties are cut that the levels forbid.
            let allowed = found
                .and_then(|parent| rows[parent].depth)
                .is_some_and(|parent| parent < depth);
            let (parent, note) = match resolve_parent(depth, seen) {
                Place::Top => (None, None),
                Place::Below => (found, None),
                Place::TopBecause(_) if allowed => (found, None),
                Place::TopBecause(note) => (None, Some(note)),
            };
            let row = Ordered {
                row: place,
                parent,
                note,
            };
            Some((depth, row))
        })
        .collect();
    ordered.sort_by_key(|(depth, _)| *depth);
    ordered.into_iter().map(|(_, row)| row).collect()
}

/// Whether following parents from a row leads back to it.
fn goes_round(
    rows: &[OrderRow],
    parent_row: &impl Fn(&OrderRow) -> Option<usize>,
    start: usize,
) -> bool {
    let mut place = start;
    // As many steps as there are rows reach every row of a round.
    for _ in 0..rows.len() {
        match parent_row(&rows[place]) {
            Some(parent) if parent == start => return true,
            Some(parent) => place = parent,
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests;
