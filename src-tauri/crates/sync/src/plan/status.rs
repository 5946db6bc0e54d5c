//! The status of an issue: many of the remote's stand for one of the workspace's, and back to the one that is chosen.
//!
//! A status is compared in the workspace's terms: an issue that moves from one of the remote's statuses to another that
//! stands for the same is no news, and one that stands in a status of the wanted kind already is left where it is.

use crate::convert::{Converted, Note};
use crate::mapping::{Direction, Mapping};
use crate::outgoing::Unsayable;
use crate::reconcile::{Outcome, Rule, reconcile};
use crate::remote::{Choice, RemoteStatus};
use std::collections::BTreeMap;
use workspace::{FieldKey, Kind, OptionId, SystemField, Value};

pub(super) const STATUS: FieldKey = FieldKey::System(SystemField::Status);

/// Where an issue is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusWrite {
    /// The remote's statuses (ids) that say what the item says: the one that is chosen first. Never empty.
    pub wanted: Vec<String>,
}

/// Statuses made ready for deciding.
#[derive(Debug, Clone)]
pub(super) struct Statuses {
    /// The workspace's status by the remote's.
    here: BTreeMap<String, OptionId>,
    /// The remote's statuses that stand for one of the workspace's, the chosen one first.
    there: BTreeMap<OptionId, Vec<String>>,
    rule: Rule,
}

impl Statuses {
    /// None where no status is mapped: then they stay as they are on both sides.
    pub fn new(mapping: &Mapping) -> Option<Self> {
        if mapping.statuses.is_empty() {
            return None;
        }
        let mut here = BTreeMap::new();
        let mut there: BTreeMap<OptionId, Vec<String>> = BTreeMap::new();
        let chosen = mapping.statuses.iter().filter(|pair| pair.is_written);
        let others = mapping.statuses.iter().filter(|pair| !pair.is_written);
        for pair in chosen.chain(others) {
            if here
                .insert(pair.remote_status.clone(), pair.status)
                .is_none()
            {
                let same = there.entry(pair.status).or_default();
                same.push(pair.remote_status.clone());
            }
        }
        let rule = Rule::new(
            mapping.status_rule.direction(),
            mapping.status_rule.winner,
            Kind::SingleSelect,
        );
        Some(Self { here, there, rule })
    }

    /// How changes of a status are decided.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// A status of the remote in the workspace's terms. One that stands for none is nothing, with a note: what the
    /// item has stays.
    pub fn read(&self, status: &RemoteStatus) -> Converted {
        match self.here.get(&status.id) {
            Some(option) => Value::options([*option]).into(),
            None => Converted {
                notes: vec![Note::Unmapped {
                    field: STATUS,
                    choice: Choice {
                        id: status.id.clone(),
                        name: status.name.clone(),
                        ..Choice::default()
                    },
                }],
                ..Converted::default()
            },
        }
    }

    /// What is left to do about an item's status. An issue that stands where no status of the workspace is mapped to says
    /// nothing that could be taken over.
    pub fn pending(&self, base: Option<&Value>, here: &Value, remote: &Value) -> Outcome {
        let one_way = self.rule.direction == Direction::FromRemote;
        if remote.is_none() && one_way {
            return Outcome::Nothing;
        }
        reconcile(base, here, remote, self.rule)
    }

    /// Where the issue is to go, for it to say what the item says.
    ///
    /// # Errors
    /// What is in the way: nothing there stands for it.
    pub fn write(&self, value: &Value, name: Option<String>) -> Result<StatusWrite, Unsayable> {
        let option = match value {
            Value::Options(options) => options.first().copied(),
            _ => None,
        };
        let option = option.ok_or(Unsayable::OneWay)?;
        let wanted = self.there.get(&option).cloned();
        let wanted = wanted.ok_or_else(|| Unsayable::NoChoice {
            option,
            name: name.unwrap_or_default(),
        })?;
        Ok(StatusWrite { wanted })
    }
}
