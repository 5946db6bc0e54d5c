//! The sensible choice of types, filled in before anybody chose.

use super::{Ladder, range};
use crate::names::{ALIKE, percent, same, similarity};
use crate::remote::RemoteType;
use std::collections::{BTreeMap, BTreeSet};
use workspace::{ItemType, ItemTypeId, Level};

/// A proposed pair of types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeProposal {
    /// The workspace's type.
    pub item_type: ItemTypeId,
    /// The remote's type id.
    pub remote_type: String,
    /// How sure the proposal is, in percent.
    pub confidence: u8,
    /// What it rests on.
    pub reason: TypeReason,
}

/// What a proposed pair of types rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeReason {
    /// The levels fit and the names are the same.
    LevelAndName,
    /// The levels fit and the names are alike.
    LevelAndSimilarName,
    /// The levels fit; the names say nothing.
    Level,
    /// The remote does not tell the level; the names are alike.
    Name,
    /// The remote does not tell the level and the names say nothing: taken for a standard type.
    TakenForStandard,
}

/// Proposes a type of the workspace for each type of the remote that has a place, in the remote's order.
///
/// Levels decide first, so that translated and renamed types find their place; names decide between the
/// types that share a level, and the first type of a level takes what no name claims. A remote type whose
/// level has no counterpart gets no proposal.
#[must_use]
pub fn propose(levels: &[Level], types: &[ItemType], remote: &[RemoteType]) -> Vec<TypeProposal> {
    let ladder = Ladder::new(levels);
    let places = places(&ladder, types, remote);
    remote
        .iter()
        .filter_map(|remote_type| match remote_type.level {
            Some(level) => {
                let candidates = on_rung(&ladder, types, *places.get(&level)?);
                by_level(&candidates, remote_type)
            }
            None => by_name(&ladder, types, remote_type),
        })
        .collect()
}

fn on_rung<'a>(ladder: &Ladder<'_>, types: &'a [ItemType], rung: usize) -> Vec<&'a ItemType> {
    types
        .iter()
        .filter(|item_type| ladder.rung(item_type.level) == Some(rung))
        .collect()
}

/// Which rung takes which level of the remote: each rung one level, in order, none twice.
fn places(ladder: &Ladder<'_>, types: &[ItemType], remote: &[RemoteType]) -> BTreeMap<i8, usize> {
    let mut free: BTreeSet<i8> = remote.iter().filter_map(|kind| kind.level).collect();
    let mut places = BTreeMap::new();
    for rung in 0..ladder.levels.len() {
        if on_rung(ladder, types, rung).is_empty() {
            continue;
        }
        let wanted = range(rung);
        let level = match rung {
            // A workspace of one level has nothing else for the standard types.
            0 if ladder.levels.len() == 1 => free.range(wanted).next_back().copied(),
            0 => free.contains(&-1).then_some(-1),
            _ => free.range(wanted).next().copied(),
        };
        if let Some(level) = level {
            places.insert(level, rung);
            free.retain(|other| *other > level);
        }
    }
    places
}

fn by_level(candidates: &[&ItemType], remote_type: &RemoteType) -> Option<TypeProposal> {
    let (item_type, likeness) = most_alike(candidates, &remote_type.name)?;
    let (item_type, confidence, reason) = if likeness >= 1.0 {
        (item_type, 100, TypeReason::LevelAndName)
    } else if likeness >= ALIKE {
        let confidence = percent(likeness).clamp(80, 95);
        (item_type, confidence, TypeReason::LevelAndSimilarName)
    } else {
        let confidence = if candidates.len() == 1 { 90 } else { 75 };
        (*candidates.first()?, confidence, TypeReason::Level)
    };
    Some(TypeProposal {
        item_type: item_type.id,
        remote_type: remote_type.id.clone(),
        confidence,
        reason,
    })
}

/// Without a level only a name can lift a type above the standard ones.
fn by_name(
    ladder: &Ladder<'_>,
    types: &[ItemType],
    remote_type: &RemoteType,
) -> Option<TypeProposal> {
    let above: Vec<&ItemType> = types
        .iter()
        .filter(|item_type| ladder.rung(item_type.level).is_some_and(|rung| rung > 1))
        .collect();
    let standard = on_rung(ladder, types, usize::from(ladder.levels.len() > 1));
    let found = [above, standard.clone()]
        .iter()
        .filter_map(|candidates| most_alike(candidates, &remote_type.name))
        .find(|(_, likeness)| *likeness >= ALIKE);
    let (item_type, confidence, reason) = match found {
        Some((item_type, likeness)) => {
            let confidence = percent(likeness * 0.8);
            (item_type, confidence, TypeReason::Name)
        }
        None => (*standard.first()?, 50, TypeReason::TakenForStandard),
    };
    Some(TypeProposal {
        item_type: item_type.id,
        remote_type: remote_type.id.clone(),
        confidence,
        reason,
    })
}

/// The type whose name is most like another one; the first of several that are equally like it.
fn most_alike<'a>(candidates: &[&'a ItemType], name: &str) -> Option<(&'a ItemType, f64)> {
    let mut best: Option<(&ItemType, f64)> = None;
    for candidate in candidates {
        let likeness = if same(&candidate.singular, name) || same(&candidate.plural, name) {
            1.0
        } else {
            similarity(&candidate.singular, name)
                .max(similarity(&candidate.plural, name))
                .min(0.99)
        };
        if best.is_none_or(|(_, best)| likeness > best) {
            best = Some((candidate, likeness));
        }
    }
    best
}
