//! An error as it is kept and shown: a code from the closed list of the api, and details.

use crate::error::EngineError;
use std::collections::BTreeMap;

/// What went wrong, free of secrets and of sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A code of the api's closed list.
    pub code: String,
    /// What belongs to it.
    pub detail: BTreeMap<String, String>,
}

impl Problem {
    /// A problem with nothing to add.
    #[must_use]
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            detail: BTreeMap::new(),
        }
    }

    /// The same with one more detail.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.detail.insert(name.to_owned(), value.to_string());
        self
    }

    /// The details in one line of text, for a column of the database.
    #[must_use]
    pub fn detail_text(&self) -> String {
        let details: serde_json::Map<String, serde_json::Value> = self
            .detail
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect();
        serde_json::Value::Object(details).to_string()
    }

    /// What [`Problem::detail_text`] wrote, back again.
    #[must_use]
    pub fn from_text(code: &str, detail: &str) -> Self {
        let detail = serde_json::from_str::<BTreeMap<String, String>>(detail).unwrap_or_default();
        Self {
            code: code.to_owned(),
            detail,
        }
    }
}

impl From<&Problem> for store::run::Reason {
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code.clone(),
            detail: problem.detail_text(),
        }
    }
}

impl From<&EngineError> for Problem {
    fn from(error: &EngineError) -> Self {
        match error {
            EngineError::Jira(error) => crate::adapter::problem(error),
            EngineError::Store(error) => from_store(error),
            EngineError::Secret(error) => from_secret(error),
            EngineError::AlreadyOpen => Self::new("already_open"),
            EngineError::DirectoryUnusable(kind) => match kind {
                std::io::ErrorKind::StorageFull => Self::new("disk_full"),
                _ => Self::new("database_read_only"),
            },
            EngineError::CertificateInvalid(_) => Self::new("certificate_invalid"),
            EngineError::NameTaken(name) => Self::new("name_taken").with("name", name),
            EngineError::NameInvalid => Self::new("name_invalid"),
            EngineError::NotFound(what) => Self::new("not_found").with("what", what),
            EngineError::ConnectionRemoved(site) => {
                Self::new("connection_removed").with("site", site)
            }
            EngineError::ConnectionStopped => Self::new("connection_stopped"),
            EngineError::NoProjects => Self::new("no_projects"),
            EngineError::ProjectGone(name) => Self::new("project_gone").with("name", name),
            EngineError::ProjectReplaced(name) => Self::new("project_replaced").with("name", name),
            EngineError::ProjectTaken {
                integration,
                connection,
            } => Self::new("project_taken")
                .with("integration", integration)
                .with("connection", connection),
            EngineError::JqlInvalid(messages) => {
                Self::new("jql_invalid").with("messages", messages.join(" "))
            }
            EngineError::TypeGone(name) => Self::new("type_gone").with("name", name),
            EngineError::FieldGone(name) => Self::new("field_gone").with("name", name),
            EngineError::TypesRefused(_)
            | EngineError::FieldsRefused(_)
            | EngineError::StatusesRefused(_) => Self::new("mapping_refused"),
            EngineError::MappingMissing => Self::new("mapping_missing"),
            EngineError::RunActive(id) => Self::new("run_active").with("run_id", id),
            EngineError::PlanStale => Self::new("plan_stale"),
            EngineError::RunState(state) => Self::new("run_state").with("state", state),
            EngineError::Edit(refusal) => Self::new("edit_refused").with("reason", refusal),
            EngineError::EditOvertaken => Self::new("edit_overtaken"),
            EngineError::IssueUnreadable => Self::new("issue_unreadable"),
            EngineError::IssueThere(key) => Self::new("issue_there").with("key", key),
            EngineError::IssueElsewhere(key) => Self::new("issue_elsewhere").with("key", key),
            EngineError::IssueUnfit(reason) => {
                Self::new("issue_unfit").with("reason", crate::run::plan::skip_reason(reason).code)
            }
            EngineError::PairTaken => Self::new("pair_taken"),
            EngineError::CompareStale => Self::new("compare_stale"),
            EngineError::LeavingStale => Self::new("leaving_stale"),
            EngineError::Refused(problem) => problem.clone(),
            EngineError::FuseBlown {
                incoming,
                outgoing,
                blanked,
                linked,
            } => Self::new("fuse_blown")
                .with("incoming", incoming)
                .with("outgoing", outgoing)
                .with("blanked", blanked)
                .with("linked", linked),
            EngineError::Stopping => Self::new("internal").with("messages", "Lockstep is closing."),
            EngineError::Bug(message) => Self::new("internal").with("messages", message),
        }
    }
}

fn from_store(error: &store::StoreError) -> Problem {
    use store::StoreError;
    match error {
        StoreError::Newer { found, known } => Problem::new("database_newer")
            .with("found", found)
            .with("known", known),
        StoreError::Older { found, known } => Problem::new("database_older")
            .with("found", found)
            .with("known", known),
        StoreError::Corrupt { .. } => Problem::new("database_corrupt"),
        StoreError::ReadOnly => Problem::new("database_read_only"),
        StoreError::DiskFull => Problem::new("disk_full"),
        StoreError::DiskFailed { what } => Problem::new("disk_failed").with("messages", what),
        StoreError::Busy | StoreError::NotOwned => Problem::new("already_open"),
        StoreError::NotFound { what, .. } => Problem::new("not_found").with("what", what),
        other => Problem::new("internal").with("messages", other),
    }
}

fn from_secret(error: &crate::secrets::SecretError) -> Problem {
    use crate::secrets::SecretError;
    match error {
        SecretError::Unavailable => Problem::new("secret_store_unavailable"),
        SecretError::Locked => Problem::new("secret_store_locked"),
        SecretError::PassphraseWrong => Problem::new("passphrase_wrong"),
        SecretError::NotOwned => Problem::new("already_open"),
        SecretError::Missing => Problem::new("secret_missing"),
        SecretError::File(message) => {
            Problem::new("secret_store_unavailable").with("messages", message)
        }
    }
}
