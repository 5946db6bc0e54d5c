//! A mapping: which types, fields and values of the two sides belong together.

use workspace::{FieldKey, ItemTypeId, OptionId};

/// How one project of a remote is mapped to the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    /// Types. One workspace type may take several remote types; a remote type stands at most once.
    pub types: Vec<TypePair>,
    /// Fields. A field of either side stands at most once.
    pub fields: Vec<FieldPair>,
    /// Statuses, many to one. Empty until the admin maps them: then a status stays as it is and the
    /// raw one shows as Dev Status.
    pub statuses: Vec<StatusPair>,
    /// How statuses are kept in step.
    pub status_rule: StatusRule,
}

/// A workspace type and a remote type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypePair {
    /// The workspace's type.
    pub item_type: ItemTypeId,
    /// The remote's type id.
    pub remote_type: String,
}

/// A workspace field and a remote field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPair {
    /// The workspace's field.
    pub field: FieldKey,
    /// The remote's field id.
    pub remote_field: String,
    /// Which way changes go.
    pub direction: Direction,
    /// Who wins when both sides changed.
    pub winner: Winner,
    /// Choices of the two sides that belong together; empty for fields without choices. Several remote
    /// choices may stand for one of the workspace's: the first of them is the one to write.
    pub values: Vec<ValuePair>,
    /// Whether the pair is one of the core pairs, which cannot be taken away.
    pub core: bool,
}

/// Which way changes of a pair go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Direction {
    /// Both ways.
    #[default]
    Both,
    /// From the workspace to the remote.
    ToRemote,
    /// From the remote to the workspace.
    FromRemote,
    /// Written when the other side's twin is made, then left alone.
    SetOnce,
}

/// Who wins when both sides changed a field since they last agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Winner {
    /// A person decides.
    #[default]
    Ask,
    /// The remote.
    Remote,
    /// The workspace.
    Workspace,
    /// Whichever side's change was seen last.
    Newest,
}

/// How much a finding about a mapping weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The mapping cannot be saved like this.
    Refused,
    /// It can, but somebody should know.
    Warning,
}

/// A choice of each side.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValuePair {
    /// The remote's option id.
    pub remote_option: String,
    /// The workspace's option.
    pub option: OptionId,
}

/// A status of each side.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatusPair {
    /// The remote's status id.
    pub remote_status: String,
    /// The workspace's status.
    pub status: OptionId,
    /// Whether it is the one to which issues go when an item is given this status here. Of several that stand for one
    /// status without one being chosen, the first is.
    pub is_written: bool,
}

/// How statuses are kept in step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusRule {
    /// Whether a status that is set here goes to the remote.
    pub goes_back: bool,
    /// Who wins when both sides changed.
    pub winner: Winner,
}

impl StatusRule {
    /// Which way changes go.
    #[must_use]
    pub fn direction(self) -> Direction {
        if self.goes_back {
            Direction::Both
        } else {
            Direction::FromRemote
        }
    }
}

impl Default for StatusRule {
    /// Both ways, and a person decides.
    fn default() -> Self {
        Self {
            goes_back: true,
            winner: Winner::Ask,
        }
    }
}
