//! What is wrong with a mapping of types, row by row.

use super::{Ladder, range};
use crate::mapping::{Severity, TypePair};
use crate::remote::RemoteType;
use std::collections::BTreeSet;
use workspace::{ItemType, ItemTypeId, Level, LevelId};

/// Something to say about a mapping of types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeFinding {
    /// The workspace's type in whose row it belongs; none if it concerns the whole mapping.
    pub item_type: Option<ItemTypeId>,
    /// The remote type (id) that it is about; none if it is about no single one.
    pub remote_type: Option<String>,
    /// What it is.
    pub reason: TypeFindingReason,
}

/// What there is to say about a pair of types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TypeFindingReason {
    /// No type is mapped at all, so nothing could be imported.
    NothingMapped,
    /// The workspace has no such type (any more).
    UnknownItemType,
    /// The remote has no such type (any more).
    Gone,
    /// The remote type stands more than once; `first` has it already.
    Twice {
        /// The workspace's type that has it already.
        first: ItemTypeId,
    },
    /// The remote type stands on a level that the workspace's level cannot take.
    WrongLevel {
        /// Level of the remote type.
        level: i8,
        /// Lowest level that would do.
        lowest: i8,
        /// Highest level that would do.
        highest: i8,
    },
    /// The remote type stands above the one that is mapped to a parent level, so the tree would stand on
    /// its head.
    AboveParent {
        /// The pair on the parent level.
        parent: TypePair,
    },
    /// The remote type stands on the same level as the one that is mapped to a parent level; the remote
    /// joins no two issues of one level, so neither could ever be the other's parent.
    BesideParent {
        /// The pair on the parent level.
        parent: TypePair,
    },
    /// The remote does not tell the level of this type; whether the tree is possible shows only then.
    LevelUnknown,
    /// The level takes remote types of several levels: a parent and its child would stand side by side.
    SpansLevels {
        /// The level of the workspace.
        level: LevelId,
    },
    /// Nothing is mapped to the remote level right above this one, so these items lose their parent.
    ParentLevelNotMapped {
        /// The remote level that is missing.
        level: i8,
    },
}

impl TypeFindingReason {
    /// Whether the mapping cannot be saved like this.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::NothingMapped
            | Self::UnknownItemType
            | Self::Gone
            | Self::Twice { .. }
            | Self::WrongLevel { .. }
            | Self::AboveParent { .. }
            | Self::BesideParent { .. } => Severity::Refused,
            Self::LevelUnknown | Self::SpansLevels { .. } | Self::ParentLevelNotMapped { .. } => {
                Severity::Warning
            }
        }
    }
}

/// A remote type as a choice for one of the workspace's types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeChoice {
    /// The remote's type id.
    pub remote_type: String,
    /// Whether it is chosen already, for this very type.
    pub chosen: bool,
    /// Why it cannot be chosen, if so. The row in the finding may be another one: the one that would
    /// become impossible.
    pub refused: Option<TypeFinding>,
}

/// Everything there is to say about a mapping of types: refusals and warnings, in the order of `pairs`.
#[must_use]
pub fn check(
    levels: &[Level],
    types: &[ItemType],
    remote: &[RemoteType],
    pairs: &[TypePair],
) -> Vec<TypeFinding> {
    if pairs.is_empty() {
        return vec![TypeFinding {
            item_type: None,
            remote_type: None,
            reason: TypeFindingReason::NothingMapped,
        }];
    }
    let rows = rows(levels, types, remote, pairs);
    let mut findings: Vec<TypeFinding> = Vec::new();
    for row in &rows {
        findings.extend(
            row_reasons(&rows, row)
                .into_iter()
                .map(|reason| TypeFinding {
                    item_type: Some(row.pair.item_type),
                    remote_type: Some(row.pair.remote_type.clone()),
                    reason,
                }),
        );
    }
    findings.extend(spanned(levels, types, &rows));
    findings
}

/// Every remote type as a choice for `item_type`, with the reason where it cannot be chosen, given what
/// is mapped already.
#[must_use]
pub fn choices(
    levels: &[Level],
    types: &[ItemType],
    remote: &[RemoteType],
    pairs: &[TypePair],
    item_type: ItemTypeId,
) -> Vec<TypeChoice> {
    remote
        .iter()
        .map(|remote_type| {
            let pair = TypePair {
                item_type,
                remote_type: remote_type.id.clone(),
            };
            let mut trial = pairs.to_vec();
            let chosen = trial.contains(&pair);
            if !chosen {
                trial.push(pair.clone());
            }
            // Two at a time as well: in a mapping that is wrong already, one reason can hide another.
            let alone = pairs
                .iter()
                .filter(|other| **other != pair)
                .flat_map(|other| check(levels, types, remote, &[other.clone(), pair.clone()]));
            TypeChoice {
                chosen,
                refused: check(levels, types, remote, &trial)
                    .into_iter()
                    .chain(alone)
                    .find(|finding| concerns(finding, &pair)),
                remote_type: remote_type.id.clone(),
            }
        })
        .collect()
}

fn concerns(finding: &TypeFinding, pair: &TypePair) -> bool {
    let own_row = finding.item_type == Some(pair.item_type)
        && finding.remote_type.as_ref() == Some(&pair.remote_type);
    let as_parent = match &finding.reason {
        TypeFindingReason::AboveParent { parent } | TypeFindingReason::BesideParent { parent } => {
            parent == pair
        }
        _ => false,
    };
    finding.reason.severity() == Severity::Refused && (own_row || as_parent)
}

struct Row<'a> {
    pair: &'a TypePair,
    /// Height of the workspace's level, counted from the bottom; none for an unknown type.
    rung: Option<usize>,
    /// The remote type; none if it is gone.
    remote: Option<&'a RemoteType>,
    /// Whose the remote type is already, if it stands in an earlier row.
    first: Option<ItemTypeId>,
}

impl Row<'_> {
    fn level(&self) -> Option<i8> {
        self.remote.and_then(|remote| remote.level)
    }
}

fn rows<'a>(
    levels: &[Level],
    types: &[ItemType],
    remote: &'a [RemoteType],
    pairs: &'a [TypePair],
) -> Vec<Row<'a>> {
    let ladder = Ladder::new(levels);
    pairs
        .iter()
        .enumerate()
        .map(|(place, pair)| Row {
            pair,
            rung: ladder.rung_of_type(types, pair.item_type),
            remote: remote.iter().find(|known| known.id == pair.remote_type),
            first: pairs[..place]
                .iter()
                .find(|earlier| earlier.remote_type == pair.remote_type)
                .map(|earlier| earlier.item_type),
        })
        .collect()
}

fn row_reasons(rows: &[Row<'_>], row: &Row<'_>) -> Vec<TypeFindingReason> {
    let mut reasons = Vec::new();
    if let Some(first) = row.first {
        reasons.push(TypeFindingReason::Twice { first });
    }
    let Some(rung) = row.rung else {
        reasons.push(TypeFindingReason::UnknownItemType);
        return reasons;
    };
    if row.remote.is_none() {
        reasons.push(TypeFindingReason::Gone);
        return reasons;
    }
    // Said once already, and the level of a type that stands twice would say it again in other words.
    if row.first.is_some() {
        return reasons;
    }
    let Some(level) = row.level() else {
        reasons.push(TypeFindingReason::LevelUnknown);
        return reasons;
    };
    let allowed = range(rung);
    if let Some(reason) = against_parents(rows, rung, level) {
        reasons.push(reason);
    } else if !allowed.contains(&level) {
        reasons.push(TypeFindingReason::WrongLevel {
            level,
            lowest: *allowed.start(),
            highest: *allowed.end(),
        });
    } else if let Some(missing) = missing_parent_level(rows, rung, level) {
        reasons.push(TypeFindingReason::ParentLevelNotMapped { level: missing });
    }
    reasons
}

/// The worst that a pair on a higher level of the workspace says about one at this level.
fn against_parents(rows: &[Row<'_>], rung: usize, level: i8) -> Option<TypeFindingReason> {
    let parents = || {
        rows.iter()
            .filter(move |other| {
                other.first.is_none() && other.rung.is_some_and(|other| other > rung)
            })
            .filter_map(|other| other.level().map(|level| (other.pair, level)))
    };
    if let Some((parent, _)) = parents().find(|(_, above)| *above < level) {
        let parent = parent.clone();
        return Some(TypeFindingReason::AboveParent { parent });
    }
    let (parent, _) = parents().find(|(_, above)| *above == level)?;
    let parent = parent.clone();
    Some(TypeFindingReason::BesideParent { parent })
}

/// The remote level right above, if items of a higher workspace level are mapped but none to it.
fn missing_parent_level(rows: &[Row<'_>], rung: usize, level: i8) -> Option<i8> {
    let next = level.saturating_add(1);
    let above: Vec<i8> = rows
        .iter()
        .filter(|other| other.first.is_none() && other.rung.is_some_and(|other| other > rung))
        .filter_map(Row::level)
        .collect();
    let unknown = rows
        .iter()
        .any(|other| other.remote.is_some() && other.level().is_none());
    (!above.is_empty() && !above.contains(&next) && !unknown).then_some(next)
}

fn spanned(levels: &[Level], types: &[ItemType], rows: &[Row<'_>]) -> Vec<TypeFinding> {
    let ladder = Ladder::new(levels);
    let mut findings = Vec::new();
    for (rung, level) in ladder.levels.iter().enumerate().rev() {
        let here: Vec<&Row<'_>> = rows.iter().filter(|row| row.rung == Some(rung)).collect();
        let heights: BTreeSet<i8> = here.iter().filter_map(|row| row.level()).collect();
        if heights.len() > 1 {
            findings.push(TypeFinding {
                item_type: types
                    .iter()
                    .find(|item_type| here.iter().any(|row| row.pair.item_type == item_type.id))
                    .map(|item_type| item_type.id),
                remote_type: None,
                reason: TypeFindingReason::SpansLevels { level: level.id },
            });
        }
    }
    findings
}
