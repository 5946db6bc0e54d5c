//! Step 7: filter, plan, run, undo.

use super::wire;
use crate::error::ErrorDto;

wire! {
    /// A filter to look at.
    pub struct ScopeArgs {
        /// Integration.
        pub integration_id: i64,
        /// The admin's own filter; the project is added to it.
        pub jql: String,
        /// Closed issues too.
        pub include_closed: bool,
    }
}

wire! {
    /// What Jira says of a filter.
    pub struct ScopeReport {
        /// Whether Jira accepts it.
        pub ok: bool,
        /// What Jira has against it, in Jira's words.
        pub errors: Vec<String>,
        /// How many issues match.
        pub count: Option<u32>,
        /// Whether the count is exact.
        pub exact: bool,
        /// How many of the matches are of which age, newest first.
        pub histogram: Vec<AgeBar>,
        /// The whole filter as it is sent.
        pub effective_jql: String,
    }
}

wire! {
    /// A bar of the age histogram.
    pub struct AgeBar {
        /// For example `Last 7 days`.
        pub label: String,
        /// Issues last updated then.
        pub count: u32,
    }
}

wire! {
    /// A filter and where the items go.
    pub struct SaveScopeArgs {
        /// Integration.
        pub integration_id: i64,
        /// The admin's own filter.
        pub jql: String,
        /// Closed issues too.
        pub include_closed: bool,
        /// Product area to land in; none for `Imported from Jira`.
        pub area_id: Option<i64>,
    }
}

wire! {
    /// Which integration.
    pub struct IntegrationArgs {
        /// Integration.
        pub integration_id: i64,
    }
}

wire! {
    /// Which run.
    pub struct RunArgs {
        /// Run.
        pub run_id: i64,
    }
}

wire! {
    /// A run: a plan, its import, its undoing.
    pub struct Run {
        /// Local id.
        pub id: i64,
        /// Integration.
        pub integration_id: i64,
        /// Name of the integration.
        pub integration_name: String,
        /// Where it stands.
        pub state: RunState,
        /// While it is paused: where it goes on.
        pub resumes: Option<RunState>,
        /// Done in the present phase.
        pub done: u32,
        /// To do in the present phase; none while it is not known.
        pub total: Option<u32>,
        /// Rows a second, over the last moments.
        pub rate_per_s: Option<f64>,
        /// Time left in the present phase.
        pub seconds_left: Option<u32>,
        /// What the plan says, or what became of it.
        pub counts: RunCounts,
        /// When it began.
        pub started_at: String,
        /// When it ended.
        pub ended_at: Option<String>,
        /// Why it failed or stands still.
        pub problem: Option<ErrorDto>,
        /// Whether it can be undone.
        pub undoable: bool,
    }
}

wire! {
    /// Where a run stands.
    pub enum RunState {
        /// Asking Jira which issues there are.
        Listing,
        /// Reading the issues.
        Reading,
        /// The plan is ready; nothing is written yet.
        Planned,
        /// Writing items.
        Applying,
        /// Paused by somebody, or by a lost network (then `problem` says so).
        Paused,
        /// Cancelled; what was written stays and can be undone.
        Cancelled,
        /// Done.
        Done,
        /// Taking back what it wrote.
        Undoing,
        /// Taken back.
        Undone,
    }
}

wire! {
    /// Rows of a plan by what is to become of them, and by what became of them.
    pub struct RunCounts {
        /// Issues that were found.
        pub found: u32,
        /// To create.
        pub create: u32,
        /// To update.
        pub update: u32,
        /// Nothing to do.
        pub unchanged: u32,
        /// Skipped, with a reason each.
        pub skip: u32,
        /// Fields in conflict, kept aside.
        pub conflicts: u32,
        /// Created so far.
        pub created: u32,
        /// Updated so far.
        pub updated: u32,
        /// Failed while writing, or gone meanwhile.
        pub failed: u32,
        /// Taken back so far.
        pub undone: u32,
    }
}

wire! {
    /// Asks for rows of a plan.
    pub struct PlanRowsArgs {
        /// Run.
        pub run_id: i64,
        /// Only this action.
        pub action: Option<PlanAction>,
        /// Only rows of which this has become.
        pub outcome: Option<RowOutcome>,
        /// Only this reason.
        pub reason: Option<String>,
        /// Only this Jira type, by name.
        pub remote_type: Option<String>,
        /// Words of the key or title.
        pub search: Option<String>,
        /// From this row on.
        pub offset: u32,
        /// At most so many.
        pub limit: u32,
    }
}

wire! {
    /// What is to become of an issue.
    pub enum PlanAction {
        /// A new item.
        Create,
        /// Changes to its item.
        Update,
        /// Nothing.
        Unchanged,
        /// Left out.
        Skip,
    }
}

wire! {
    /// Rows of a plan.
    pub struct PlanRows {
        /// How many match in all.
        pub total: u32,
        /// The rows.
        pub rows: Vec<PlanRow>,
    }
}

wire! {
    /// Asks for the rows of a plan one page after another, without counting them.
    pub struct PlanRowsAfterArgs {
        /// Run.
        pub run_id: i64,
        /// Only this action.
        pub action: Option<PlanAction>,
        /// Only rows of which this has become.
        pub outcome: Option<RowOutcome>,
        /// Only rows after this place in the plan; 0 for the first page.
        pub after: i64,
        /// At most so many.
        pub limit: u32,
    }
}

wire! {
    /// A page of the rows of a plan.
    pub struct PlanRowsAfter {
        /// The rows, in the order of the plan.
        pub rows: Vec<PlanRow>,
        /// What to give as `after` for the next page; none at the end.
        pub next: Option<i64>,
    }
}

wire! {
    /// A row of a plan.
    pub struct PlanRow {
        /// Place in the plan.
        pub seq: i64,
        /// Issue key.
        pub key: String,
        /// Title.
        pub title: String,
        /// Jira type name.
        pub remote_type: String,
        /// Workspace type that it becomes.
        pub item_type: Option<i64>,
        /// What is to become of it.
        pub action: PlanAction,
        /// Closed word for why, for filtering.
        pub reason: Option<String>,
        /// Why, in words.
        pub reason_text: Option<String>,
        /// What became of it.
        pub outcome: Option<RowOutcome>,
        /// Address of the issue.
        pub url: String,
        /// The item, once there is one.
        pub item_id: Option<i64>,
    }
}

wire! {
    /// What became of a row.
    pub enum RowOutcome {
        /// Written.
        Applied,
        /// Skipped at the last moment.
        Skipped,
        /// Failed.
        Failed,
        /// Taken back.
        Undone,
    }
}

wire! {
    /// The plan counted.
    pub struct PlanSummary {
        /// A line for each action, reason and type.
        pub groups: Vec<PlanGroup>,
    }
}

wire! {
    /// Rows that have action, reason and type in common.
    pub struct PlanGroup {
        /// What is to become of them.
        pub action: PlanAction,
        /// Closed word for why.
        pub reason: Option<String>,
        /// Why, in words.
        pub reason_text: Option<String>,
        /// Jira type name.
        pub remote_type: String,
        /// How many.
        pub count: u32,
    }
}

wire! {
    /// A row of a plan.
    pub struct PlanRowArgs {
        /// Run.
        pub run_id: i64,
        /// Place in the plan.
        pub seq: i64,
    }
}

wire! {
    /// What a row does, field by field.
    pub struct PlanRowDetail {
        /// The row.
        pub row: PlanRow,
        /// The fields.
        pub fields: Vec<PlanField>,
        /// Other things to know: parent out of scope, value not mapped.
        pub notes: Vec<String>,
    }
}

wire! {
    /// A field of a row.
    pub struct PlanField {
        /// Workspace field name.
        pub name: String,
        /// What the item holds now.
        pub before: Option<String>,
        /// What it will hold.
        pub after: Option<String>,
        /// Whether both sides changed it, so that it is kept aside.
        pub conflict: bool,
    }
}
