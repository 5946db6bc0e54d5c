//! What can go wrong in the engine. Each variant is one that somebody acts on differently.

use crate::edit::EditRefusal;
use crate::secrets::SecretError;

/// Why the engine could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Jira, or the way to it.
    #[error(transparent)]
    Jira(#[from] jira::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The store for secrets.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Another process uses the data directory.
    #[error("another Lockstep uses this data directory")]
    AlreadyOpen,
    /// The data directory cannot be written.
    #[error("the data directory cannot be used: {0:?}")]
    DirectoryUnusable(std::io::ErrorKind),
    /// A certificate, key or authority that was given cannot be read.
    #[error("a certificate that was given cannot be read: {0}")]
    CertificateInvalid(String),
    /// The name is taken.
    #[error("the name {0:?} is taken")]
    NameTaken(String),
    /// The name is empty or too long.
    #[error("that is not a name")]
    NameInvalid,
    /// What was asked for is not there.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The connection was removed; the address of its site.
    #[error("the connection to {0} was removed")]
    ConnectionRemoved(String),
    /// The connection is stopped until its credentials are mended.
    #[error("the connection is stopped")]
    ConnectionStopped,
    /// No project can be seen with this account.
    #[error("no project can be seen")]
    NoProjects,
    /// The project is gone, or may not be seen.
    #[error("the project {0} is gone or may not be seen")]
    ProjectGone(String),
    /// Another project has the key now, of which the old one was deleted.
    #[error("the project {0} is another one now")]
    ProjectReplaced(String),
    /// The project is kept in step through another connection to the same site.
    #[error("the project is integrated as {integration:?} through the connection {connection:?}")]
    ProjectTaken {
        /// Name of the integration.
        integration: String,
        /// Name of its connection.
        connection: String,
    },
    /// Jira does not accept the filter; its own words.
    #[error("Jira does not accept the filter")]
    JqlInvalid(Vec<String>),
    /// A mapped type is gone from Jira.
    #[error("the type {0} is gone from Jira")]
    TypeGone(String),
    /// A mapped field is gone from Jira.
    #[error("the field {0} is gone from Jira")]
    FieldGone(String),
    /// The type mapping cannot be used so.
    #[error("the type mapping is refused")]
    TypesRefused(Vec<sync::types::TypeFinding>),
    /// The field mapping cannot be used so.
    #[error("the field mapping is refused")]
    FieldsRefused(Vec<sync::fields::FieldFinding>),
    /// The status mapping cannot be used so.
    #[error("the status mapping is refused")]
    StatusesRefused(Vec<sync::statuses::StatusFinding>),
    /// The mapping has not been saved yet.
    #[error("the mapping has not been saved")]
    MappingMissing,
    /// A run is under way for this integration.
    #[error("run {0} is under way")]
    RunActive(i64),
    /// The run is not in a state that allows this.
    #[error("the run is {0}")]
    RunState(&'static str),
    /// The mapping or the scope is another than the one that the plan was made for.
    #[error("the plan was made for another mapping or scope")]
    PlanStale,
    /// A field cannot be set to that value.
    #[error(transparent)]
    Edit(#[from] EditRefusal),
    /// The item holds another value than the edit gave it.
    #[error("the value was changed again since")]
    EditOvertaken,
    /// The issue is not there, or may not be seen.
    #[error("the issue cannot be read")]
    IssueUnreadable,
    /// The issue of the item is there: it would get a second one. Its key.
    #[error("the issue {0} is there")]
    IssueThere(String),
    /// The issue is in a project that is not integrated through this connection.
    #[error("the issue {0} is in a project that is not integrated")]
    IssueElsewhere(String),
    /// The issue cannot become an item, or be linked to one, under the integration's mapping.
    #[error("the issue does not fit the mapping: {0:?}")]
    IssueUnfit(sync::plan::SkipReason),
    /// The item or the issue is linked otherwise by now.
    #[error("the item or the issue is linked already")]
    PairTaken,
    /// What was compared is not what stands on both sides any more.
    #[error("one side changed since they were compared")]
    CompareStale,
    /// More would be lost by disconnecting than somebody has agreed to.
    #[error("more would be lost than was named")]
    LeavingStale,
    /// A test found this wrong.
    #[error("refused: {}", .0.code)]
    Refused(crate::problem::Problem),
    /// A cycle would change unusually much, and waits for somebody.
    #[error("{incoming} items and {outgoing} issues of {linked} would be changed")]
    FuseBlown {
        /// Items that would be changed here.
        incoming: u64,
        /// Issues that would be changed in Jira.
        outgoing: u64,
        /// Items of which a field would be emptied.
        blanked: u64,
        /// Pairs in force.
        linked: u64,
    },
    /// The engine is being shut down.
    #[error("Lockstep is closing")]
    Stopping,
    /// Something that should not happen.
    #[error("{0}")]
    Bug(String),
}
