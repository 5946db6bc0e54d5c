//! Disconnecting: what goes, and what stays.

use super::{Connection, SecretStoreKind, wire};

wire! {
    /// Lets all integrations of a connection rest, or go on.
    pub struct ConnectionPauseArgs {
        /// Which connection.
        pub id: i64,
        /// Whether they are to rest.
        pub paused: bool,
    }
}

wire! {
    /// All that goes when a connection or an integration is disconnected. Items and issues stay as they are.
    pub struct LeavingExtent {
        /// The connection.
        pub connection: Connection,
        /// Whether it goes too, with its secret.
        pub connection_goes: bool,
        /// Where its secret is kept.
        pub secrets: SecretStoreKind,
        /// The integrations that go, by name.
        pub integrations: Vec<LeavingIntegration>,
    }
}

wire! {
    /// An integration that goes.
    pub struct LeavingIntegration {
        /// Local id.
        pub id: i64,
        /// Name.
        pub name: String,
        /// Project key.
        pub project_key: String,
        /// Pairs of types that are forgotten.
        pub types: u32,
        /// Pairs of fields that are forgotten.
        pub fields: u32,
        /// Pairs of statuses that are forgotten.
        pub statuses: u32,
        /// Pairs in force: they come apart, and are remembered.
        pub linked: u32,
        /// How many items hold edits that are not in Jira. They stay as they are, and are not sent.
        pub unsent: u32,
        /// The first of them; at most 100.
        pub unsent_items: Vec<UnsentItem>,
        /// Conflicts that nobody has decided: each side keeps what it has.
        pub conflicts: u32,
        /// Issues that are still to be made: they will not be.
        pub unmade: u32,
        /// Of these, those of which a request left without an answer: the issue may be in Jira.
        pub unmade_doubtful: u32,
        /// Imports that can be taken back until now.
        pub imports: u32,
        /// Whether an import is under way or stands still. It has to be ended first.
        pub importing: bool,
    }
}

wire! {
    /// An item with edits that are not in Jira.
    pub struct UnsentItem {
        /// The item.
        pub item_id: i64,
        /// Its title.
        pub title: String,
        /// Key of its issue.
        pub key: String,
        /// The fields that were edited, by name.
        pub fields: Vec<String>,
    }
}
