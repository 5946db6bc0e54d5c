//! Editing here, and keeping in step.

use super::{FieldValue, ItemDetail, wire};
use crate::error::ErrorDto;

wire! {
    /// Sets a field of an item.
    pub struct EditArgs {
        /// The item.
        pub item_id: i64,
        /// The field's key.
        pub field: String,
        /// What it is to hold.
        pub value: EditValue,
    }
}

wire! {
    /// What a field is to hold.
    pub tagged EditValue {
        /// Nothing.
        None,
        /// Text.
        Text {
            /// The text.
            text: String,
        },
        /// A number.
        Number {
            /// The number.
            number: f64,
        },
        /// A day.
        Date {
            /// `YYYY-MM-DD`.
            date: String,
        },
        /// Choices.
        Options {
            /// Their ids.
            ids: Vec<i64>,
        },
        /// A person.
        Person {
            /// Their id.
            id: i64,
        },
        /// Words.
        Labels {
            /// The words.
            labels: Vec<String>,
        },
        /// Yes or no.
        Bool {
            /// Yes.
            yes: bool,
        },
        /// A web address.
        Link {
            /// The address.
            href: String,
        },
    }
}

wire! {
    /// An item after an edit.
    pub struct Edited {
        /// The item as it is now.
        pub item: ItemDetail,
        /// Takes the edit back when given to `item_edit_undo`; none if nothing changed.
        pub undo: Option<i64>,
    }
}

wire! {
    /// What can be chosen for a field.
    pub struct FieldChoices {
        /// Choices, in their order; empty for fields without choices.
        pub options: Vec<super::FieldOption>,
        /// People, by name; empty for fields that hold none.
        pub people: Vec<PersonChoice>,
        /// Whether it is edited here.
        pub editable: bool,
    }
}

wire! {
    /// A person who can be chosen.
    pub struct PersonChoice {
        /// Id.
        pub id: i64,
        /// Name.
        pub name: String,
    }
}

wire! {
    /// Names a field.
    pub struct FieldArgs {
        /// The field's key.
        pub field: String,
    }
}

wire! {
    /// What a cycle did.
    pub struct SyncReport {
        /// Issues made in Jira.
        pub made: u32,
        /// Issues that had changed in Jira since the last cycle.
        pub heard: u32,
        /// Items made here.
        pub created: u32,
        /// Items changed here.
        pub updated: u32,
        /// Issues changed in Jira.
        pub sent: u32,
        /// Issues about which something is still to do.
        pub waiting: u32,
        /// Of these, those for which somebody has to do something first.
        pub parked: u32,
        /// Fields in conflict.
        pub conflicts: u32,
        /// Pairs that were severed.
        pub severed: u32,
        /// Pairs of which a person is asked whether they are to be severed.
        pub asked: u32,
    }
}

wire! {
    /// Asks for conflicts.
    pub struct ConflictsArgs {
        /// Only those of this integration.
        pub integration_id: Option<i64>,
    }
}

wire! {
    /// A field that both sides changed.
    pub struct Conflict {
        /// The item.
        pub item_id: i64,
        /// Its title.
        pub title: String,
        /// Key of the issue.
        pub key: String,
        /// The field's key.
        pub field: String,
        /// The field's name.
        pub field_name: String,
        /// Since when.
        pub since: String,
        /// On what both sides last agreed; none if they never did.
        pub base: Option<FieldValue>,
        /// What stands here.
        pub here: FieldValue,
        /// What Jira says.
        pub there: FieldValue,
    }
}

wire! {
    /// Which side wins.
    pub enum ConflictWinner {
        /// What stands here.
        Here,
        /// What Jira says.
        Jira,
    }
}

wire! {
    /// Decides a conflict.
    pub struct ResolveArgs {
        /// The item.
        pub item_id: i64,
        /// The field's key.
        pub field: String,
        /// Who wins.
        pub winner: ConflictWinner,
    }
}

wire! {
    /// An issue that could not be changed, not be read, or not be made.
    pub struct SyncProblem {
        /// The id; empty for one that could not be made.
        pub remote_id: String,
        /// What names the attempt to make an issue, for one that could not be made.
        pub unmade_id: Option<i64>,
        /// Key of the issue; empty for one that could not be made.
        pub key: String,
        /// Its item.
        pub item_id: Option<i64>,
        /// The item's title.
        pub title: String,
        /// Attempts so far.
        pub attempts: u32,
        /// When it is tried again by itself; none where somebody has to do something first.
        pub next_at: Option<String>,
        /// Why.
        pub problem: ErrorDto,
    }
}

wire! {
    /// How far an item's edits have come.
    pub struct ItemSync {
        /// Keys of fields that were edited here and are not in Jira yet.
        pub unsent: Vec<String>,
        /// Keys of fields that both sides changed.
        pub conflicts: Vec<String>,
        /// Why its issue could not be changed, or not be read.
        pub problem: Option<ErrorDto>,
        /// How far the making of its issue has come; none if none is to be made.
        pub create: Option<CreateState>,
    }
}

wire! {
    /// How far the making of an issue has come.
    pub struct CreateState {
        /// Through which integration.
        pub integration_id: i64,
        /// What names the attempt.
        pub unmade_id: i64,
        /// Whether a request has left of which it is not known what came of it.
        pub under_way: bool,
        /// Title of the item above whose issue comes first.
        pub waits_for: Option<String>,
        /// Why the last attempt failed.
        pub problem: Option<ErrorDto>,
        /// Whether somebody has to do something first.
        pub parked: bool,
    }
}

wire! {
    /// Lets issues that failed be tried again.
    pub struct RetryArgs {
        /// The integration.
        pub integration_id: i64,
        /// Which issues; none for all, those that could not be made among them.
        pub remote_ids: Option<Vec<String>>,
        /// Which of those that could not be made, where not all are meant.
        pub unmade_ids: Vec<i64>,
    }
}
