//! Editing here, and keeping in step.

use super::{FieldValue, ItemDetail, RichFormat, wire};
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
        /// What it holds, with one dependency on another item more or less.
        Dependency {
            /// The other item.
            item_id: i64,
            /// What this one is to it.
            relation: ItemRelation,
            /// Whether it is to be there.
            there: bool,
        },
        /// Another item: the one that it is to be part of, as its `parent`.
        Item {
            /// Its id.
            id: i64,
        },
        /// Text with structure.
        Rich {
            /// Its notation.
            format: RichFormat,
            /// The text in it.
            source: String,
            /// The text that `rich_source` gave when the edit began. The edit is refused if it is another one by now.
            was: String,
        },
    }
}

wire! {
    /// What an item is to another one.
    pub enum ItemRelation {
        /// The other one has to wait for it.
        Blocks,
        /// It has to wait for the other one.
        BlockedBy,
        /// They have to do with each other.
        RelatesTo,
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
    /// What keeps an integration from being kept in step by itself.
    pub enum SyncHold {
        /// Nothing.
        None,
        /// Its mapping is not complete, or nothing was imported yet.
        NotImported,
        /// Somebody lets it rest.
        Paused,
        /// Its connection was stopped.
        ConnectionStopped,
        /// An import is under way, or stands still.
        Import,
        /// A cycle would have changed unusually much, and waits for somebody.
        Fuse,
    }
}

wire! {
    /// How an integration's keeping in step stands.
    pub struct SyncState {
        /// The integration.
        pub integration_id: i64,
        /// What keeps it from being kept in step.
        pub hold: SyncHold,
        /// Whether this process keeps it in step by itself.
        pub automatic: bool,
        /// Whether a cycle is under way.
        pub running: bool,
        /// When the last cycle that went through ended; none since this process began.
        pub in_step_at: Option<String>,
        /// What it did.
        pub report: Option<SyncReport>,
        /// When the next one is due.
        pub next_at: Option<String>,
        /// Why the last one failed.
        pub problem: Option<ErrorDto>,
        /// Pairs in force.
        pub linked: u32,
        /// Of these, those whose sides are not known to agree.
        pub apart: u32,
        /// How far the slow comparison of all pairs has come.
        pub comparison: SyncComparison,
        /// The cycle that would have changed unusually much.
        pub fuse: Option<Fuse>,
    }
}

wire! {
    /// How far the slow comparison of all pairs with what Jira holds has come.
    pub struct SyncComparison {
        /// Since when a round is under way.
        pub began_at: Option<String>,
        /// Pairs taken up in it so far.
        pub done: u32,
        /// When the last whole round ended.
        pub ended_at: Option<String>,
    }
}

wire! {
    /// A cycle that stopped, because it would have changed unusually much.
    pub struct Fuse {
        /// The run whose plan says what would be taken over; none where it is about what would be sent.
        pub run_id: Option<i64>,
        /// Items that would be changed here.
        pub incoming: u32,
        /// Of these, those of which a field would be emptied.
        pub blanked: u32,
        /// Issues that would be changed in Jira.
        pub outgoing: u32,
        /// Pairs in force at that time.
        pub linked: u32,
        /// When.
        pub at: String,
    }
}

wire! {
    /// How much a cycle may change before it stops and asks, each in percent of the pairs in force: 1 to 100, and 100 asks
    /// about none.
    pub struct FuseLimits {
        /// The integration.
        pub integration_id: i64,
        /// Items or issues that are changed.
        pub changed_percent: u8,
        /// Items of which a field is emptied.
        pub emptied_percent: u8,
    }
}

wire! {
    /// Decides about a cycle that stopped.
    pub struct FuseArgs {
        /// The integration.
        pub integration_id: i64,
        /// Whether it goes on as it is; else what is to do is looked at anew.
        pub go_on: bool,
    }
}

wire! {
    /// A side set a field.
    pub struct Turn {
        /// Whether it came from Jira; else it was set here.
        pub from_jira: bool,
        /// To what.
        pub value: FieldValue,
        /// When.
        pub at: String,
    }
}

wire! {
    /// Lets an integration rest, or go on.
    pub struct PauseArgs {
        /// The integration.
        pub integration_id: i64,
        /// Whether it is to rest.
        pub paused: bool,
    }
}

wire! {
    /// Asks for conflicts.
    #[derive(Default)]
    pub struct ConflictsArgs {
        /// Only those of this integration.
        pub integration_id: Option<i64>,
        /// Only those of the field with this key.
        pub field: Option<String>,
        /// Only those of this item.
        pub item_id: Option<i64>,
        /// Only those of the issue with this key.
        pub key: Option<String>,
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
        /// How the sides took turns in setting it to the same two values, the oldest first; empty if they did not. Then
        /// it rests until somebody decides.
        pub turns: Vec<Turn>,
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
    /// Makes the version or component in Jira for want of which an issue could not be changed.
    pub struct ChoiceCreateArgs {
        /// The integration.
        pub integration_id: i64,
        /// The id.
        pub remote_id: String,
    }
}

wire! {
    /// A version or component that Jira has now.
    pub struct ChoiceCreated {
        /// Its name.
        pub name: String,
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
