//! A remote in neutral terms: what it has (schema) and what it says (values).
//!
//! The engine's adapter for a product fills these in. Ids are the remote's own and always text.

use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use workspace::RichText;

/// What a project of a remote offers to map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schema {
    /// Types of issue, in the order in which the remote shows them.
    pub types: Vec<RemoteType>,
    /// Fields, in the order in which the remote shows them.
    pub fields: Vec<RemoteField>,
    /// Statuses of the project's workflows.
    pub statuses: Vec<RemoteStatus>,
}

/// A type of issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteType {
    /// The remote's id.
    pub id: String,
    /// Name as the remote shows it, possibly translated.
    pub name: String,
    /// Level: -1 sub-task, 0 standard, 1 epic, 2 and more above. None where the remote does not tell: a
    /// remote that knows only sub-tasks and epics leaves out every type that could also stand higher up.
    pub level: Option<i8>,
    /// Fields that the remote demands when an issue of this type is made and that have no default. What
    /// every creation states anyway (project, type) is not among them.
    pub required_fields: Vec<String>,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteField {
    /// The remote's id, for example `summary` or `customfield_10016`.
    pub id: String,
    /// Name as the remote shows it, possibly translated and not unique.
    pub name: String,
    /// What its values are.
    pub kind: RemoteKind,
    /// What it means, where the remote's own data says so (never guessed from the name).
    pub role: Option<Role>,
    /// Choices, where the remote lists them.
    pub options: Vec<RemoteOption>,
    /// Types (ids) on whose create screen it stands; none where the remote does not tell.
    pub on_create: Option<Vec<String>>,
    /// Whether the remote lets nobody write it.
    pub read_only: bool,
}

/// A choice of a remote field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteOption {
    /// The remote's id.
    pub id: String,
    /// Name as the remote shows it.
    pub name: String,
    /// Whether it may no longer be chosen, though old issues may hold it.
    pub disabled: bool,
}

/// A status of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteStatus {
    /// The remote's id.
    pub id: String,
    /// Name as the remote shows it.
    pub name: String,
    /// What it says about progress.
    pub category: workspace::StatusCategory,
}

/// What a remote field means, known from the remote's own data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The title.
    Title,
    /// The description.
    Description,
    /// The priority.
    Priority,
    /// Who works on it.
    Assignee,
    /// Who reported it.
    Reporter,
    /// The sprint.
    Sprint,
    /// The estimate that the project's board uses.
    StoryPoints,
    /// The components.
    Components,
    /// The versions in which it is to appear.
    FixVersions,
    /// The labels.
    Labels,
    /// First day.
    StartDate,
    /// Day it should be done.
    DueDate,
    /// The team.
    Team,
    /// The status.
    Status,
    /// The parent issue, in whichever way the remote joins them.
    Parent,
    /// The short name that some remotes want an epic to have beside its title.
    EpicName,
    /// Estimated work, in seconds at the remote.
    OriginalEstimate,
    /// Links to other issues.
    Links,
}

/// What the values of a remote field are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemoteKind {
    /// One line of text.
    Text,
    /// Several lines of text without structure.
    LongText,
    /// Text with structure.
    RichText,
    /// A number.
    Number,
    /// A day.
    Date,
    /// A moment.
    DateTime,
    /// One choice.
    SingleSelect,
    /// Several choices.
    MultiSelect,
    /// A choice and one below it.
    Cascading,
    /// One person.
    Person,
    /// Several people.
    People,
    /// Groups of people.
    Groups,
    /// Words.
    Labels,
    /// One version.
    Version,
    /// Several versions.
    Versions,
    /// Components.
    Components,
    /// Sprints.
    Sprint,
    /// A team.
    Team,
    /// A web address.
    Link,
    /// A project.
    Project,
    /// Links to other issues.
    IssueLinks,
    /// A kind that is left alone; the name is the remote's own word for it.
    Unsupported(String),
}

/// What a remote field holds in one issue.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum RemoteValue {
    /// Nothing.
    #[default]
    None,
    /// Text.
    Text(String),
    /// Text with structure, the original kept.
    RichText(RichText),
    /// A number.
    Number(f64),
    /// A day.
    Date(Date),
    /// A moment.
    DateTime(Timestamp),
    /// Choices, versions, components, sprints, teams.
    Choices(Vec<Choice>),
    /// People.
    People(Vec<RemotePerson>),
    /// Words.
    Labels(Vec<String>),
    /// A web address.
    Link(String),
    /// Links to other issues.
    Links(Vec<IssueLink>),
}

/// A choice as an issue holds it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Choice {
    /// The remote's id.
    pub id: String,
    /// Name as the remote shows it. For a choice below another one: `parent / child`.
    pub name: String,
    /// First day, for sprints and versions.
    pub starts_on: Option<Date>,
    /// Last day, for sprints and versions.
    pub ends_on: Option<Date>,
    /// Whether it is over, for sprints; none where the remote does not tell.
    pub closed: Option<bool>,
}

/// A person as the remote names one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RemotePerson {
    /// The remote's id, which never changes: account id, or user key.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// E-mail address, where the remote shows it.
    pub email: Option<String>,
}

/// A link from one issue to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IssueLink {
    /// What this issue is to the other one.
    pub relation: workspace::value::Relation,
    /// Id of the other issue.
    pub issue: String,
}

/// An issue as the remote says it, cut down to what a mapping asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteIssue {
    /// The remote's id, which never changes.
    pub id: String,
    /// The key that people know; changes when the issue moves.
    pub key: String,
    /// Id of its type.
    pub type_id: String,
    /// Title, for showing.
    pub title: String,
    /// Id of its parent, or the parent's key where the remote tells only that.
    pub parent: Option<ParentRef>,
    /// Its status.
    pub status: RemoteStatus,
    /// When the remote says that it last changed.
    pub updated_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Values by the remote's field id; absent means nothing.
    pub values: BTreeMap<String, RemoteValue>,
}

/// How an issue names its parent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParentRef {
    /// By the id that never changes.
    Id(String),
    /// By key.
    Key(String),
}
