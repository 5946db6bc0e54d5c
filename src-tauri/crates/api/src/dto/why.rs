//! "Why isn't this syncing?"

use super::wire;

wire! {
    /// What is asked about: one of the two.
    pub struct WhyArgs {
        /// An item.
        pub item_id: Option<i64>,
        /// The key of an issue.
        pub key: Option<String>,
    }
}

wire! {
    /// Whether something holds.
    pub enum WhyVerdict {
        /// It does.
        Fine,
        /// As it should be for now, but worth knowing.
        Note,
        /// This is in the way.
        Broken,
        /// It cannot be told.
        Unknown,
    }
}

wire! {
    /// What mends it.
    pub tagged WhyCure {
        /// New credentials for a connection.
        Credentials {
            /// The connection.
            connection_id: i64,
        },
        /// Letting an integration go on.
        Resume {
            /// The integration.
            integration_id: i64,
        },
        /// Deciding about a cycle that stopped.
        Decide {
            /// The integration.
            integration_id: i64,
        },
        /// A step of the set-up.
        Setup {
            /// The integration.
            integration_id: i64,
            /// The step.
            step: u8,
        },
        /// Deciding conflicts.
        Conflicts {
            /// The item.
            item_id: i64,
        },
        /// What holds an item up.
        Problems {
            /// The item.
            item_id: i64,
        },
        /// Linking an item again.
        Disconnected {
            /// The item.
            item_id: i64,
        },
        /// Looking now.
        Sync {
            /// The integration.
            integration_id: i64,
        },
    }
}

wire! {
    /// Something that has to hold.
    pub struct WhyLine {
        /// What it is, and whether it holds, in a few words.
        pub title: String,
        /// More words; empty if there are none.
        pub text: String,
        /// Whether it holds.
        pub verdict: WhyVerdict,
        /// What mends it.
        pub cure: Option<WhyCure>,
    }
}

wire! {
    /// All that has to hold for one item and its issue.
    pub struct Why {
        /// The item, if there is one.
        pub item_id: Option<i64>,
        /// Its title.
        pub title: String,
        /// Key of the issue, if it is known.
        pub key: String,
        /// What was looked at, in its order.
        pub lines: Vec<WhyLine>,
    }
}
