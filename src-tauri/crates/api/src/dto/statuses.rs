//! Step 8: statuses.

use super::{Severity, Winner, wire};

wire! {
    /// What a status says about progress.
    pub enum StatusCategory {
        /// Not begun.
        Open,
        /// Under way.
        InProgress,
        /// Finished.
        Done,
    }
}

wire! {
    /// Everything that step 8 shows.
    pub struct StatusMapping {
        /// Jira's statuses of the project, those that are gone but mapped at the end.
        pub remote_statuses: Vec<RemoteStatus>,
        /// The workspace's statuses, in order.
        pub statuses: Vec<Status>,
        /// Pairs saved before, or the proposal.
        pub pairs: Vec<StatusPair>,
        /// What is proposed, with reasons.
        pub proposals: Vec<StatusProposal>,
        /// Whether a status that is set here goes to Jira.
        pub goes_back: bool,
        /// Who wins when both sides changed.
        pub winner: Winner,
        /// Items that are linked; the counts of the statuses are among them.
        pub linked: u32,
        /// Whether `pairs` were saved.
        pub saved: bool,
        /// What is to say about `pairs`.
        pub remarks: Vec<StatusRemark>,
    }
}

wire! {
    /// A status of Jira's.
    pub struct RemoteStatus {
        /// Jira's id.
        pub id: String,
        /// Name as Jira shows it.
        pub name: String,
        /// What it says about progress; none for one that is gone.
        pub category: Option<StatusCategory>,
        /// Linked items whose issue stands in it.
        pub count: u32,
    }
}

wire! {
    /// A status of the workspace.
    pub struct Status {
        /// Local id.
        pub id: i64,
        /// Name.
        pub name: String,
        /// Colour name.
        pub colour: Option<String>,
        /// What it says about progress.
        pub category: StatusCategory,
    }
}

wire! {
    /// A status of each side that belong together.
    pub struct StatusPair {
        /// Jira's status id.
        pub remote_status: String,
        /// The workspace's status.
        pub status: i64,
        /// Whether issues go to this one when an item is given the status here.
        pub is_written: bool,
    }
}

wire! {
    /// A proposed pair of statuses.
    pub struct StatusProposal {
        /// The pair.
        pub pair: StatusPair,
        /// How sure, in percent.
        pub confidence: u8,
        /// Why.
        pub reason: String,
    }
}

wire! {
    /// Something to say about a status, beside its row.
    pub struct StatusRemark {
        /// Jira's status id, where it is about one.
        pub remote_status: Option<String>,
        /// The workspace's status, where it is about one.
        pub status: Option<i64>,
        /// How bad.
        pub severity: Severity,
        /// In words.
        pub text: String,
    }
}

wire! {
    /// Pairs of statuses of an integration, and how they are kept in step.
    pub struct StatusPairsArgs {
        /// Integration.
        pub integration_id: i64,
        /// The pairs.
        pub pairs: Vec<StatusPair>,
        /// Whether a status that is set here goes to Jira.
        pub goes_back: bool,
        /// Who wins when both sides changed.
        pub winner: Winner,
    }
}
