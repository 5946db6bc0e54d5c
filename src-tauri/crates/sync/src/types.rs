//! Mapping the hierarchy: which types of the remote stand for which types of the workspace.
//!
//! The workspace's levels are counted from the bottom, because that end is the same everywhere: the
//! lowest takes sub-tasks, the one above it the standard types, then epics, then what stands above.

mod check;
mod propose;

pub use check::{TypeChoice, TypeFinding, TypeFindingReason, check, choices};
pub use propose::{TypeProposal, TypeReason, propose};

use std::ops::RangeInclusive;
use workspace::{ItemType, ItemTypeId, Level, LevelId};

/// Levels of the remote that types on a level of the workspace may take; none for an unknown level.
///
/// From the bottom: the lowest level takes sub-tasks or, where no level above it does, standard types;
/// the second takes standard types; each one further up takes its own height or one more (an epic takes
/// epics or what stands above them, an initiative what stands one or two levels above epics).
#[must_use]
pub fn remote_levels(levels: &[Level], level: LevelId) -> Option<RangeInclusive<i8>> {
    Ladder::new(levels).rung(level).map(range)
}

fn range(rung: usize) -> RangeInclusive<i8> {
    match rung {
        0 => -1..=0,
        1 => 0..=0,
        _ => {
            let lowest = i8::try_from(rung - 1).unwrap_or(i8::MAX);
            lowest..=lowest.saturating_add(1)
        }
    }
}

/// The workspace's levels from the bottom up.
struct Ladder<'a> {
    levels: Vec<&'a Level>,
}

impl<'a> Ladder<'a> {
    fn new(levels: &'a [Level]) -> Self {
        let mut levels: Vec<&Level> = levels.iter().collect();
        levels.sort_by_key(|level| std::cmp::Reverse(level.depth));
        Self { levels }
    }

    fn rung(&self, level: LevelId) -> Option<usize> {
        self.levels.iter().position(|known| known.id == level)
    }

    fn rung_of_type(&self, types: &[ItemType], item_type: ItemTypeId) -> Option<usize> {
        let found = types.iter().find(|known| known.id == item_type)?;
        self.rung(found.level)
    }
}

#[cfg(test)]
mod tests;
