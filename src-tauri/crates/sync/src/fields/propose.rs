//! The pairs that are there from the start, and those that are worth suggesting.

use super::compatibility::{Compatibility, Conversion, RefusalReason, compatibility, directions};
use crate::mapping::{FieldPair, Winner};
use crate::names::{ALIKE, percent, similarity};
use crate::remote::{RemoteField, RemoteKind, Role, Schema};
use std::collections::BTreeSet;
use workspace::{Field, FieldKey, Kind, SystemField};

/// The pairs that are there from the start and cannot be taken away.
const CORE: [(SystemField, Role); 5] = [
    (SystemField::Title, Role::Title),
    (SystemField::Description, Role::Description),
    (SystemField::Importance, Role::Priority),
    (SystemField::DevAssignee, Role::Assignee),
    (SystemField::Sprint, Role::Sprint),
];

/// Further pairs whose meaning the remote's own data settles.
const BY_ROLE: [(SystemField, Role); 9] = [
    (SystemField::StoryPoints, Role::StoryPoints),
    (SystemField::Components, Role::Components),
    (SystemField::Quarter, Role::FixVersions),
    (SystemField::Labels, Role::Labels),
    (SystemField::StartDate, Role::StartDate),
    (SystemField::TargetDate, Role::DueDate),
    (SystemField::Team, Role::Team),
    (SystemField::EstimatedHours, Role::OriginalEstimate),
    (SystemField::Dependencies, Role::Links),
];

/// The core pairs of a project, and those that it cannot have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CorePairs {
    /// The pairs, choices not yet paired.
    pub pairs: Vec<FieldPair>,
    /// The core fields without a counterpart.
    pub missing: Vec<MissingCore>,
}

/// A core field without a counterpart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingCore {
    /// The workspace's field.
    pub field: FieldKey,
    /// Why it has none.
    pub reason: MissingCoreReason,
}

/// Why a core field has no counterpart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MissingCoreReason {
    /// The project has no field with this meaning.
    NoRemoteField(Role),
    /// The workspace lacks the field.
    NoField,
    /// The remote's field holds something else.
    Incompatible(RefusalReason),
}

/// A pair worth suggesting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProposal {
    /// The pair, choices not yet paired.
    pub pair: FieldPair,
    /// How sure the proposal is, in percent.
    pub confidence: u8,
    /// What it rests on.
    pub reason: FieldReason,
}

/// What a suggested pair rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldReason {
    /// The remote's own data says what the field means.
    Role(Role),
    /// Same kind, same name.
    SameName,
    /// Same kind, names alike.
    SimilarName,
}

/// The pairs that are there from the start: title, description, importance, dev assignee, sprint.
#[must_use]
pub fn core_pairs(fields: &[Field], schema: &Schema) -> CorePairs {
    let mut core = CorePairs::default();
    for (system, role) in CORE {
        match core_pair(fields, schema, system, role) {
            Ok(pair) => core.pairs.push(pair),
            Err(reason) => core.missing.push(MissingCore {
                field: system.into(),
                reason,
            }),
        }
    }
    core
}

/// Further pairs worth suggesting, beside those in `mapped`: by meaning first, then by kind and name.
/// None of them shares a field with another one or with `mapped`.
#[must_use]
pub fn propose(fields: &[Field], schema: &Schema, mapped: &[FieldPair]) -> Vec<FieldProposal> {
    let mut used = Used::of(mapped);
    let mut proposals = by_role(fields, schema, &mut used);
    proposals.extend(by_name(fields, schema, &mut used));
    proposals
}

fn core_pair(
    fields: &[Field],
    schema: &Schema,
    system: SystemField,
    role: Role,
) -> Result<FieldPair, MissingCoreReason> {
    let field = find(fields, system).ok_or(MissingCoreReason::NoField)?;
    let remote = with_role(schema, role).ok_or(MissingCoreReason::NoRemoteField(role))?;
    match compatibility(field, remote) {
        Compatibility::Refused(reason) => Err(MissingCoreReason::Incompatible(reason)),
        Compatibility::Same | Compatibility::Converts { .. } => pair(field, remote, true).ok_or(
            MissingCoreReason::Incompatible(RefusalReason::NothingToWrite),
        ),
    }
}

fn find(fields: &[Field], system: SystemField) -> Option<&Field> {
    fields.iter().find(|field| field.key == system.into())
}

fn with_role(schema: &Schema, role: Role) -> Option<&RemoteField> {
    schema.fields.iter().find(|field| field.role == Some(role))
}

/// A pair in the widest direction that the two allow.
fn pair(field: &Field, remote: &RemoteField, core: bool) -> Option<FieldPair> {
    let direction = directions(field, remote).first().copied()?;
    Some(FieldPair {
        field: field.key,
        remote_field: remote.id.clone(),
        direction,
        // Nobody decides about a computed number: the formula is right.
        winner: if field.kind == Kind::Formula {
            Winner::Workspace
        } else {
            Winner::Ask
        },
        values: Vec::new(),
        core,
    })
}

struct Used {
    here: BTreeSet<FieldKey>,
    there: BTreeSet<String>,
}

impl Used {
    fn of(pairs: &[FieldPair]) -> Self {
        Self {
            here: pairs.iter().map(|pair| pair.field).collect(),
            there: pairs.iter().map(|pair| pair.remote_field.clone()).collect(),
        }
    }

    fn free(&self, field: &Field, remote: &RemoteField) -> bool {
        !self.here.contains(&field.key) && !self.there.contains(&remote.id)
    }

    fn take(&mut self, pair: &FieldPair) {
        self.here.insert(pair.field);
        self.there.insert(pair.remote_field.clone());
    }
}

fn by_role(fields: &[Field], schema: &Schema, used: &mut Used) -> Vec<FieldProposal> {
    let mut proposals = Vec::new();
    for (system, role) in BY_ROLE {
        let Some(field) = find(fields, system) else {
            continue;
        };
        let fits = |remote: &&RemoteField| {
            remote.role == Some(role)
                && used.free(field, remote)
                && !matches!(compatibility(field, remote), Compatibility::Refused(_))
        };
        // Of two that mean the same, the one that can be written too.
        let found = schema.fields.iter().filter(fits);
        let found = found.min_by_key(|remote| remote.read_only);
        if let Some(pair) = found.and_then(|remote| pair(field, remote, false)) {
            used.take(&pair);
            proposals.push(FieldProposal {
                pair,
                confidence: 95,
                reason: FieldReason::Role(role),
            });
        }
    }
    proposals
}

/// The likeliest pairs of equal kind, the surest first; ties go to the field that stands first.
fn by_name(fields: &[Field], schema: &Schema, used: &mut Used) -> Vec<FieldProposal> {
    let mut candidates = Vec::new();
    for (place, field) in fields.iter().enumerate() {
        // What has a meaning of its own is never guessed from a name.
        let settled = CORE.iter().chain(&BY_ROLE).any(|(system, role)| {
            field.key == (*system).into() && with_role(schema, *role).is_some()
        });
        if settled {
            continue;
        }
        for (remote_place, remote) in schema.fields.iter().enumerate() {
            if remote.role.is_some() || !used.free(field, remote) {
                continue;
            }
            let likeness = similarity(&field.name, &remote.name);
            let confidence = match fit(field, remote) {
                Some(fit) if likeness >= ALIKE => percent(likeness * fit),
                _ => continue,
            };
            candidates.push((
                std::cmp::Reverse(confidence),
                place,
                remote_place,
                likeness >= 1.0,
            ));
        }
    }
    candidates.sort_unstable();
    let mut proposals = Vec::new();
    for (std::cmp::Reverse(confidence), place, remote_place, exact) in candidates {
        let (field, remote) = (&fields[place], &schema.fields[remote_place]);
        if !used.free(field, remote) {
            continue;
        }
        let Some(pair) = pair(field, remote, false) else {
            continue;
        };
        used.take(&pair);
        proposals.push(FieldProposal {
            pair,
            confidence,
            reason: if exact {
                FieldReason::SameName
            } else {
                FieldReason::SimilarName
            },
        });
    }
    proposals
}

/// How well the kinds fit, as a share; none where a proposal would be a nuisance, since text could be
/// filled with anything.
fn fit(field: &Field, remote: &RemoteField) -> Option<f64> {
    let text = matches!(remote.kind, RemoteKind::Text | RemoteKind::LongText);
    match compatibility(field, remote) {
        Compatibility::Same => Some(0.92),
        Compatibility::Converts {
            conversion: Conversion::AsText,
            ..
        } if !text => None,
        Compatibility::Converts { .. } => Some(0.85),
        Compatibility::Refused(_) => None,
    }
}

#[cfg(test)]
mod tests;
