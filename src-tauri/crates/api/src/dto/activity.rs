//! Activity: what changed, and where it came from.

use super::{FieldValue, wire};

wire! {
    /// Where a change came from.
    pub enum ChangeOrigin {
        /// Jira, or an import.
        Jira,
        /// A person here.
        Here,
        /// It was written in Jira.
        Sent,
    }
}

wire! {
    /// Asks for a page of what changed. What is not asked for does not matter.
    pub struct ActivityArgs {
        /// Of this item.
        pub item_id: Option<i64>,
        /// Of items that are or were linked through this integration.
        pub integration_id: Option<i64>,
        /// Of this run.
        pub run_id: Option<i64>,
        /// From there.
        pub origin: Option<ChangeOrigin>,
        /// Of the field with this key.
        pub field: Option<String>,
        /// Of items of which the title or the key of an issue has these words, or made in Jira by somebody of whom the name
        /// has them.
        pub search: Option<String>,
        /// From the first before this one; none for the newest.
        pub before: Option<i64>,
        /// At most so many.
        pub limit: u32,
    }
}

wire! {
    /// A page of what changed, the newest first.
    pub struct ActivityPage {
        /// The changes.
        pub changes: Vec<ActivityChange>,
        /// What to give as `before` for the next page; none at the end.
        pub next: Option<i64>,
    }
}

wire! {
    /// What kind of change it was.
    pub enum ChangeKind {
        /// The item was made.
        Created,
        /// A field got another value.
        Field,
        /// It became part of another item.
        Parent,
        /// It became an item of another type.
        Type,
        /// It was deleted here.
        Deleted,
        /// It is back after that.
        Restored,
        /// It was disconnected from an issue.
        Severed,
        /// It was linked to an issue again.
        Relinked,
        /// Somebody decided that a field stays as it is.
        Decided,
    }
}

wire! {
    /// What a change was part of.
    pub enum ChangeCause {
        /// An import.
        Import,
        /// A look at Jira, or the sending of what was edited.
        Sync,
        /// An edit.
        Edit,
    }
}

wire! {
    /// A change.
    pub struct ActivityChange {
        /// Its place in the journal; takes it back when given to `item_edit_undo`.
        pub id: i64,
        /// When.
        pub at: String,
        /// The item.
        pub item_id: i64,
        /// Its title; none if it is gone.
        pub title: Option<String>,
        /// Key of its issue.
        pub key: Option<String>,
        /// Where it came from.
        pub origin: ChangeOrigin,
        /// Who made it in Jira, as they are called there; none for what was made here, and where Jira does not tell.
        pub author: Option<String>,
        /// What it was part of.
        pub cause: ChangeCause,
        /// The run that it was part of.
        pub run_id: Option<i64>,
        /// What kind it was.
        pub kind: ChangeKind,
        /// Name of the field.
        pub field: Option<String>,
        /// What it was before.
        pub before: FieldValue,
        /// What it became.
        pub after: FieldValue,
        /// Whether it can be taken back by itself, as long as nobody changed it since.
        pub undoable: bool,
    }
}

wire! {
    /// What taking back a cycle did.
    pub struct TakenBack {
        /// Changes that were taken back.
        pub undone: u32,
        /// Changes that stay: the field was changed again since, or it is none that can be taken back by itself.
        pub kept: u32,
    }
}
