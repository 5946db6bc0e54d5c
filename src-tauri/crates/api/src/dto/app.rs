//! The application as a whole: state, settings, set-up, events.

use super::import::Run;
use super::wire;
use crate::error::ErrorDto;

wire! {
    /// No arguments.
    pub struct Nothing {}
}

wire! {
    /// One local id.
    pub struct IdArgs {
        /// The id.
        pub id: i64,
    }
}

wire! {
    /// What every screen wants to know.
    pub struct AppState {
        /// Version of Lockstep.
        pub version: String,
        /// Where the database lies.
        pub data_dir: String,
        /// Chosen theme.
        pub theme: Theme,
        /// Where secrets are kept.
        pub secret_store: SecretStoreState,
        /// Items in the workspace.
        pub items: u32,
        /// Connections.
        pub connections: u32,
        /// Project integrations.
        pub integrations: u32,
        /// The run under way, or waiting to be continued.
        pub active_run: Option<Run>,
        /// When an import last finished.
        pub last_import_at: Option<String>,
    }
}

wire! {
    /// Light, dark, or as the system says.
    pub enum Theme {
        /// As the system says.
        System,
        /// Light.
        Light,
        /// Dark.
        Dark,
    }
}

wire! {
    /// A new theme.
    pub struct ThemeArgs {
        /// The theme.
        pub theme: Theme,
    }
}

wire! {
    /// Where secrets are kept.
    pub struct SecretStoreState {
        /// Which store is in use.
        pub kind: SecretStoreKind,
        /// Whether it can be used now.
        pub ready: bool,
        /// Why not, if it cannot.
        pub problem: Option<ErrorDto>,
        /// Whether an encrypted file of secrets is there already, in use or not.
        pub file_exists: bool,
    }
}

wire! {
    /// A kind of place for secrets.
    pub enum SecretStoreKind {
        /// The operating system's: Secret Service, Keychain, Credential Manager.
        Keyring,
        /// An encrypted file with a passphrase.
        File,
    }
}

wire! {
    /// Chooses the place for secrets.
    pub struct SecretStoreArgs {
        /// Which.
        pub kind: SecretStoreKind,
        /// For the file: the passphrase that opens it (and makes it, the first time).
        pub passphrase: Option<String>,
    }
}

wire! {
    /// The guided set-up: its ten steps for the connection and integration in hand.
    pub struct Setup {
        /// Step that was open last, 1 to 10.
        pub step: u8,
        /// Connection in hand.
        pub connection_id: Option<i64>,
        /// Integration in hand.
        pub integration_id: Option<i64>,
        /// The ten steps in order.
        pub steps: Vec<SetupStep>,
    }
}

wire! {
    /// One of the ten steps.
    pub struct SetupStep {
        /// 1 to 10.
        pub number: u8,
        /// Where it stands.
        pub state: StepState,
        /// One line of what was chosen, for a step that is done.
        pub summary: Option<String>,
        /// Why it needs attention, was skipped, or cannot be opened yet.
        pub reason: Option<String>,
        /// Whether it can be opened now.
        pub reachable: bool,
    }
}

wire! {
    /// Where a step stands.
    pub enum StepState {
        /// Not begun.
        NotStarted,
        /// Begun.
        InProgress,
        /// Finished.
        Done,
        /// Needs attention.
        Attention,
        /// Skipped.
        Skipped,
        /// Not part of this version yet.
        NotAvailable,
    }
}

wire! {
    /// Remembers the place in the set-up.
    pub struct SetupPlaceArgs {
        /// Step, 1 to 10.
        pub step: u8,
        /// Connection in hand.
        pub connection_id: Option<i64>,
        /// Integration in hand.
        pub integration_id: Option<i64>,
    }
}

wire! {
    /// What an event says has changed; whoever shows it asks again.
    pub enum Tag {
        /// Settings and counts.
        App,
        /// Connections.
        Connections,
        /// Integrations and their mappings.
        Integrations,
        /// Runs and plans.
        Runs,
        /// Items and areas.
        Items,
        /// What waits to be sent, conflicts, problems.
        Sync,
    }
}

wire! {
    /// Something happened.
    pub tagged Event {
        /// What these tags name is stale.
        Changed {
            /// What.
            tags: Vec<Tag>,
        },
        /// Events were missed: everything is stale.
        Missed,
        /// A run moved on.
        Run {
            /// The run now.
            run: Run,
        },
        /// How much a site lets us do changed.
        Limit {
            /// Connection.
            connection_id: i64,
            /// Requests under way.
            in_flight: u32,
            /// Requests allowed at once.
            concurrency: u32,
            /// Until when the site makes us wait.
            waiting_until: Option<String>,
        },
    }
}

wire! {
    /// A web address to open in the browser.
    pub struct OpenArgs {
        /// http or https only.
        pub url: String,
    }
}
