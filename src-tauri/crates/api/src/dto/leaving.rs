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
    /// Disconnects, if no more is lost by it than somebody was shown.
    pub struct DisconnectArgs {
        /// Which connection or integration.
        pub id: i64,
        /// Items with edits that are not in Jira, of all integrations that go.
        pub unsent: u32,
        /// Conflicts that nobody has decided.
        pub conflicts: u32,
        /// Issues that are still to be made.
        pub unmade: u32,
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

impl LeavingExtent {
    /// What to disconnect with: no more than this is lost.
    #[must_use]
    pub fn agreed(&self, id: i64) -> DisconnectArgs {
        let all = &self.integrations;
        DisconnectArgs {
            id,
            unsent: all.iter().map(|one| one.unsent).sum(),
            conflicts: all.iter().map(|one| one.conflicts).sum(),
            unmade: all.iter().map(|one| one.unmade).sum(),
        }
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
        /// Imports that can be taken back as a whole until now.
        pub imports: u32,
        /// Syncs that can be taken back as a whole until now.
        pub cycles: u32,
        /// Issues that could not be changed, not be read, or not be made.
        pub problems: u32,
        /// Pairs of which it is asked whether they are to be disconnected.
        pub asked: u32,
        /// Whether a filter or an area of its own was chosen for it.
        pub scoped: bool,
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
