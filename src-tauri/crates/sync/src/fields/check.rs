//! What is wrong with a mapping of fields, row by row, and what a row could still choose.

use super::compatibility::{Compatibility, RefusalReason, compatibility, directions};
use super::propose::core_pairs;
use crate::mapping::{Direction, FieldPair, Mapping, Severity};
use crate::remote::{RemoteField, Role, Schema};
use std::collections::BTreeSet;
use workspace::{Field, FieldKey, FieldOption};

/// Something to say about a mapping of fields.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldFinding {
    /// The workspace's field in whose row it belongs; none if there is no such row.
    pub field: Option<FieldKey>,
    /// The remote field (id) that it is about.
    pub remote_field: Option<String>,
    /// What it is.
    pub reason: FieldFindingReason,
}

/// What there is to say about a pair of fields.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldFindingReason {
    /// The workspace has no such field (any more).
    UnknownField,
    /// The remote's project has no such field (any more).
    Gone,
    /// The two cannot belong together.
    Incompatible(RefusalReason),
    /// The pair cannot go this way.
    WrongDirection {
        /// The directions that it may have.
        allowed: Vec<Direction>,
    },
    /// The workspace's field stands in an earlier row already.
    FieldTwice,
    /// The remote's field stands in an earlier row already.
    RemoteFieldTwice {
        /// The field that has it.
        first: FieldKey,
    },
    /// A core pair was taken away or given another counterpart.
    CoreRemoved,
    /// A choice is paired that one of the sides does not have (any more).
    UnknownChoice {
        /// The remote's option id of the pair.
        remote_option: String,
    },
    /// Choices of the remote have no counterpart, and the field takes no new ones by itself.
    ChoicesNotMapped {
        /// The remote's option ids.
        remote_options: Vec<String>,
    },
    /// The remote demands this field of new issues, and nothing here fills it.
    RequiredNotMapped {
        /// Remote types (ids) that demand it, among those mapped.
        types: Vec<String>,
    },
    /// The field does not stand on the screen on which the remote makes new issues.
    NotOnCreate {
        /// Remote types (ids) on whose screen it is missing, among those mapped.
        types: Vec<String>,
    },
}

impl FieldFindingReason {
    /// Whether the mapping cannot be saved like this.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::UnknownField
            | Self::Gone
            | Self::Incompatible(_)
            | Self::WrongDirection { .. }
            | Self::FieldTwice
            | Self::RemoteFieldTwice { .. }
            | Self::CoreRemoved => Severity::Refused,
            Self::UnknownChoice { .. }
            | Self::ChoicesNotMapped { .. }
            | Self::RequiredNotMapped { .. }
            | Self::NotOnCreate { .. } => Severity::Warning,
        }
    }
}

/// A remote field as a choice for one of the workspace's fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChoice {
    /// The remote's field id.
    pub remote_field: String,
    /// Whether the two can belong together; [`RefusalReason::Taken`] where another pair has it.
    pub compatibility: Compatibility,
    /// The directions that the pair may have, the widest first.
    pub directions: Vec<Direction>,
}

/// Everything there is to say about the fields of a mapping. `options` are the choices of the workspace's
/// fields.
#[must_use]
pub fn check(
    fields: &[Field],
    options: &[FieldOption],
    schema: &Schema,
    mapping: &Mapping,
) -> Vec<FieldFinding> {
    let mut findings = Vec::new();
    for (place, pair) in mapping.fields.iter().enumerate() {
        let earlier = &mapping.fields[..place];
        let reasons = pair_reasons(fields, options, schema, mapping, earlier, pair);
        findings.extend(reasons.into_iter().map(|reason| FieldFinding {
            field: Some(pair.field),
            remote_field: Some(pair.remote_field.clone()),
            reason,
        }));
    }
    findings.extend(core_removed(fields, schema, mapping));
    findings.extend(required(schema, mapping));
    findings
}

/// Every remote field as a choice for `field`, with the reason where it cannot be chosen, given what is
/// mapped already.
#[must_use]
pub fn choices(field: &Field, schema: &Schema, mapped: &[FieldPair]) -> Vec<FieldChoice> {
    schema
        .fields
        .iter()
        .map(|remote| {
            let taken = mapped
                .iter()
                .find(|pair| pair.remote_field == remote.id && pair.field != field.key);
            let compatibility = match (compatibility(field, remote), taken) {
                (Compatibility::Refused(reason), _) => Compatibility::Refused(reason),
                (_, Some(pair)) => Compatibility::Refused(RefusalReason::Taken(pair.field)),
                (possible, None) => possible,
            };
            FieldChoice {
                remote_field: remote.id.clone(),
                directions: match compatibility {
                    Compatibility::Refused(_) => Vec::new(),
                    _ => directions(field, remote),
                },
                compatibility,
            }
        })
        .collect()
}

fn pair_reasons(
    fields: &[Field],
    options: &[FieldOption],
    schema: &Schema,
    mapping: &Mapping,
    earlier: &[FieldPair],
    pair: &FieldPair,
) -> Vec<FieldFindingReason> {
    let mut reasons = Vec::new();
    if earlier.iter().any(|other| other.field == pair.field) {
        reasons.push(FieldFindingReason::FieldTwice);
    }
    let twin = earlier
        .iter()
        .find(|other| other.remote_field == pair.remote_field);
    if let Some(twin) = twin {
        reasons.push(FieldFindingReason::RemoteFieldTwice { first: twin.field });
    }
    let field = fields.iter().find(|field| field.key == pair.field);
    let remote = schema
        .fields
        .iter()
        .find(|field| field.id == pair.remote_field);
    if field.is_none() {
        reasons.push(FieldFindingReason::UnknownField);
    }
    if remote.is_none() {
        reasons.push(FieldFindingReason::Gone);
    }
    let (Some(field), Some(remote)) = (field, remote) else {
        return reasons;
    };
    if let Compatibility::Refused(reason) = compatibility(field, remote) {
        reasons.push(FieldFindingReason::Incompatible(reason));
        return reasons;
    }
    let allowed = directions(field, remote);
    if !allowed.contains(&pair.direction) {
        reasons.push(FieldFindingReason::WrongDirection { allowed });
    }
    reasons.extend(choice_reasons(field, options, remote, pair));
    reasons.extend(not_on_create(remote, mapping, pair));
    reasons
}

fn choice_reasons(
    field: &Field,
    options: &[FieldOption],
    remote: &RemoteField,
    pair: &FieldPair,
) -> Vec<FieldFindingReason> {
    // Lists that grow by themselves (sprints) are not all listed by the remote's schema.
    let there =
        |id: &str| remote.options.is_empty() || remote.options.iter().any(|option| option.id == id);
    let here = |value: &crate::mapping::ValuePair| {
        options
            .iter()
            .any(|option| option.field == field.key && option.id == value.option)
    };
    let mut reasons: Vec<FieldFindingReason> = pair
        .values
        .iter()
        .filter(|value| !here(value) || !there(&value.remote_option))
        .map(|value| FieldFindingReason::UnknownChoice {
            remote_option: value.remote_option.clone(),
        })
        .collect();
    let selects = matches!(
        field.kind,
        workspace::Kind::SingleSelect | workspace::Kind::MultiSelect | workspace::Kind::Timeframe
    );
    if selects && !field.choices_grow() && pair.direction != Direction::ToRemote {
        let remote_options: Vec<String> = remote
            .options
            .iter()
            .filter(|option| !option.disabled)
            .filter(|option| {
                !pair
                    .values
                    .iter()
                    .any(|value| value.remote_option == option.id)
            })
            .map(|option| option.id.clone())
            .collect();
        if !remote_options.is_empty() {
            reasons.push(FieldFindingReason::ChoicesNotMapped { remote_options });
        }
    }
    reasons
}

fn not_on_create(
    remote: &RemoteField,
    mapping: &Mapping,
    pair: &FieldPair,
) -> Option<FieldFindingReason> {
    if pair.direction == Direction::FromRemote {
        return None;
    }
    let shown = remote.on_create.as_ref()?;
    let types: Vec<String> = mapped_types(mapping)
        .filter(|id| !shown.iter().any(|shown| shown == id))
        .map(str::to_owned)
        .collect();
    (!types.is_empty()).then_some(FieldFindingReason::NotOnCreate { types })
}

fn mapped_types(mapping: &Mapping) -> impl Iterator<Item = &str> {
    mapping.types.iter().map(|pair| pair.remote_type.as_str())
}

fn core_removed(fields: &[Field], schema: &Schema, mapping: &Mapping) -> Vec<FieldFinding> {
    core_pairs(fields, schema)
        .pairs
        .into_iter()
        .filter(|core| {
            !mapping
                .fields
                .iter()
                .any(|pair| pair.field == core.field && pair.remote_field == core.remote_field)
        })
        .map(|core| FieldFinding {
            field: Some(core.field),
            remote_field: Some(core.remote_field),
            reason: FieldFindingReason::CoreRemoved,
        })
        .collect()
}

fn required(schema: &Schema, mapping: &Mapping) -> Vec<FieldFinding> {
    let written: BTreeSet<&str> = mapping
        .fields
        .iter()
        .filter(|pair| pair.direction != Direction::FromRemote)
        .map(|pair| pair.remote_field.as_str())
        .collect();
    let mapped: BTreeSet<&str> = mapped_types(mapping).collect();
    let mut missing: std::collections::BTreeMap<&str, Vec<String>> = Default::default();
    let demanding = schema
        .types
        .iter()
        .filter(|kind| mapped.contains(kind.id.as_str()));
    for kind in demanding {
        for field in &kind.required_fields {
            // The tree fills the parent by itself, and a workflow gives every issue its first status.
            let automatic = schema.fields.iter().any(|known| {
                known.id == *field && matches!(known.role, Some(Role::Parent | Role::Status))
            });
            if !automatic && !written.contains(field.as_str()) {
                missing.entry(field).or_default().push(kind.id.clone());
            }
        }
    }
    missing
        .into_iter()
        .map(|(field, types)| FieldFinding {
            field: mapping
                .fields
                .iter()
                .find(|pair| pair.remote_field == field)
                .map(|pair| pair.field),
            remote_field: Some(field.to_owned()),
            reason: FieldFindingReason::RequiredNotMapped { types },
        })
        .collect()
}

#[cfg(test)]
mod tests;
