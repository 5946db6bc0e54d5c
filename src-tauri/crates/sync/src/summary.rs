//! What a plan does, counted. Bounded whatever the size of the backlog: by the number of types, choices and
//! people, never by the number of issues.

use crate::convert::{Note, Want};
use crate::plan::{Action, Decision, ParentNote, SkipReason};
use std::collections::{BTreeMap, BTreeSet};
use workspace::FieldKey;

/// What happens to issues, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// All issues.
    pub all: Counts,
    /// By the remote's type id.
    pub by_type: BTreeMap<String, Counts>,
    /// Skipped issues by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// Items that stand at the top though their issue names a parent, by reason.
    pub parents: BTreeMap<ParentNote, u64>,
    /// Changed values by field.
    pub changes: BTreeMap<FieldKey, u64>,
    /// Values left out by field, because a choice has no counterpart or the value cannot be read.
    pub left_out: BTreeMap<FieldKey, u64>,
    /// Fields in conflict.
    pub conflicts: u64,
    /// Choices that will be added, by field, with the remote's ids.
    pub new_choices: BTreeMap<FieldKey, BTreeSet<String>>,
    /// People who will be recorded, with the remote's ids.
    pub new_people: BTreeSet<String>,
}

/// Issues by what happens to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// New items.
    pub created: u64,
    /// Items that change.
    pub updated: u64,
    /// Items that stay as they are.
    pub unchanged: u64,
    /// Issues left alone.
    pub skipped: u64,
}

impl Counts {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.skipped
    }

    fn add(&mut self, action: &Action) {
        match action {
            Action::Create(_) => self.created += 1,
            Action::Update(_) => self.updated += 1,
            Action::Unchanged { .. } => self.unchanged += 1,
            Action::Skip(_) => self.skipped += 1,
        }
    }
}

impl Summary {
    /// Counts one more issue, of a type of the remote, with what was decided about it and its parent.
    pub fn add(&mut self, remote_type: &str, decision: &Decision, parent: Option<ParentNote>) {
        self.all.add(&decision.action);
        match self.by_type.get_mut(remote_type) {
            Some(counts) => counts.add(&decision.action),
            None => self
                .by_type
                .entry(remote_type.to_owned())
                .or_default()
                .add(&decision.action),
        }
        match &decision.action {
            Action::Skip(reason) => *self.skipped.entry(reason.clone()).or_default() += 1,
            Action::Update(update) => {
                for change in &update.changes {
                    *self.changes.entry(change.field).or_default() += 1;
                }
            }
            Action::Create(_) | Action::Unchanged { .. } => {}
        }
        if let Some(note) = parent {
            *self.parents.entry(note).or_default() += 1;
        }
        self.conflicts += decision.conflicts.len() as u64;
        self.note(decision);
    }

    fn note(&mut self, decision: &Decision) {
        let fields: BTreeSet<FieldKey> = decision
            .notes
            .iter()
            .map(|note| match note {
                Note::Unmapped { field, .. } | Note::Unreadable { field } => *field,
            })
            .collect();
        for field in fields {
            *self.left_out.entry(field).or_default() += 1;
        }
        for want in &decision.wants {
            match want {
                Want::Option { field, choice } => {
                    let known = self.new_choices.entry(*field).or_default();
                    if !known.contains(&choice.id) {
                        known.insert(choice.id.clone());
                    }
                }
                Want::Person(person) => {
                    if !self.new_people.contains(&person.id) {
                        self.new_people.insert(person.id.clone());
                    }
                }
                Want::Item { .. } => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
