//! What happens to one remote issue in the workspace.
//!
//! A [`Planner`] is built once from a mapping and then asked about issue after issue; it holds none of
//! them, so a backlog of any size streams through. Parents come before their children if rows are worked
//! in the order of [`Planner::apply_rank`].

mod decide;
mod parents;
mod status;

pub use decide::{FieldWrite, Patch, Pending, Planner, Saying};
pub use parents::{
    OrderRow, Ordered, ParentNote, ParentSeen, Place, order, pending_parent, reconcile_parent,
    resolve_parent,
};
pub use status::StatusWrite;

use crate::convert::{Note, Want};
use std::collections::BTreeMap;
use workspace::{FieldKey, Item, ItemId, ItemTypeId, Value};

/// What the workspace has to do with an issue already.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Twin<'a> {
    /// Nothing.
    None,
    /// An item that is linked to it.
    Linked {
        /// The item as it is now.
        item: &'a Item,
        /// Per field the value on which both sides last agreed; absent where they never did.
        bases: &'a BTreeMap<FieldKey, Value>,
        /// The remote type (id) that the issue had when it was last seen; none if nobody wrote it down.
        remote_type: Option<&'a str>,
    },
    /// An item that was linked to it and is not any more. It is offered for linking, never linked by itself.
    Severed {
        /// The item.
        item: ItemId,
    },
    /// An item that another integration keeps in step with it.
    Elsewhere {
        /// The item.
        item: ItemId,
    },
}

/// What happens to an issue, and everything there is to say about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What happens.
    pub action: Action,
    /// What is to be recorded first. If [`Decision::is_pending`], record it and decide again.
    pub wants: Vec<Want>,
    /// What is known but was called otherwise, or known by its name alone: to be recorded too. The decision
    /// stands without it.
    pub news: Vec<Want>,
    /// What a conversion left out.
    pub notes: Vec<Note>,
    /// Fields that both sides changed and nobody has decided: the workspace's value stays.
    pub conflicts: Vec<FieldConflict>,
    /// Fields that the workspace changed, to be sent to the remote. Nothing is sent by an import.
    pub sends: Vec<FieldKey>,
    /// Values on which both sides agree once the action is done: to be stored as the new bases.
    pub bases: BTreeMap<FieldKey, Value>,
    /// What the remote says, in the workspace's terms, for every mapped field: to be stored as seen.
    pub observed: BTreeMap<FieldKey, Value>,
}

impl Decision {
    /// Whether a choice or a person has to be recorded before the values are whole.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.wants
            .iter()
            .any(|want| !matches!(want, Want::Item { .. }))
    }
}

/// What happens to an issue.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A new item.
    Create(Draft),
    /// Changes of the linked item.
    Update(Update),
    /// The linked item stays as it is.
    Unchanged {
        /// The item.
        item: ItemId,
    },
    /// The issue is left alone.
    Skip(SkipReason),
}

/// An item to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its type.
    pub item_type: ItemTypeId,
    /// Its title; never empty.
    pub title: String,
    /// Values of its fields, the title aside; those that are nothing are left out.
    pub values: BTreeMap<FieldKey, Value>,
}

/// Changes of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The item.
    pub item: ItemId,
    /// Its new type, if that changes.
    pub item_type: Option<TypeChange>,
    /// Its changed fields, the title included.
    pub changes: Vec<FieldChange>,
}

/// A change of type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeChange {
    /// The type before.
    pub before: ItemTypeId,
    /// The type after.
    pub after: ItemTypeId,
}

/// A change of a field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// The field.
    pub field: FieldKey,
    /// What the item holds.
    pub before: Value,
    /// What it is to hold. While the decision is pending: what can be said of it yet.
    pub after: Value,
}

/// A field that both sides changed.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldConflict {
    /// The field.
    pub field: FieldKey,
    /// The value on which both sides last agreed.
    pub base: Option<Value>,
    /// What the item holds, and keeps.
    pub workspace: Value,
    /// What the remote says.
    pub remote: Value,
}

/// Why an issue is left alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// Its type (the remote's id) is mapped to none.
    TypeNotMapped {
        /// The remote's type id.
        remote_type: String,
    },
    /// It is done, and closed issues are not asked for.
    Closed,
    /// It has no title.
    NoTitle,
    /// It was linked before and is disconnected now.
    Severed,
    /// Another integration keeps it in step already.
    LinkedElsewhere,
}

#[cfg(test)]
mod tests;
