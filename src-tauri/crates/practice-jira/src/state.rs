//! What a site holds: people, projects, types, workflows, fields, boards, sprints and issues.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::document::Rich;
use crate::time::Millis;

/// A person, by place in [`Data::users`].
pub(crate) type UserIx = u32;

#[derive(Debug, Clone)]
pub(crate) struct User {
    pub account_id: String,
    /// The login of a Data Center user; can be renamed.
    pub name: String,
    /// The immutable key of a Data Center user.
    pub key: String,
    pub display: String,
    /// `None` for people who never gave one, or hide it.
    pub email: Option<String>,
    pub active: bool,
    pub zone: &'static str,
    pub groups: Vec<u32>,
    pub admin: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Company,
    Team,
}

#[derive(Debug, Clone)]
pub(crate) struct Project {
    pub id: u32,
    pub key: String,
    pub old_keys: Vec<String>,
    pub name: String,
    pub description: &'static str,
    pub style: Style,
    pub lead: UserIx,
    pub types: Vec<u32>,
    pub workflow: usize,
    pub priorities: Vec<u32>,
    pub components: Vec<Component>,
    pub versions: Vec<Version>,
    pub deleted: bool,
    pub next_number: u32,
    /// Issues are counted lazily for `insight`.
    pub issues: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Component {
    pub id: u32,
    pub name: String,
    pub description: String,
    pub lead: Option<UserIx>,
}

#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub id: u32,
    pub name: String,
    pub description: String,
    pub released: bool,
    pub archived: bool,
    pub start: Option<Date>,
    pub release: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Initiative,
    Epic,
    Story,
    Task,
    Bug,
    Subtask,
}

impl Kind {
    pub(crate) fn level(self) -> i8 {
        match self {
            Kind::Initiative => 2,
            Kind::Epic => 1,
            Kind::Story | Kind::Task | Kind::Bug => 0,
            Kind::Subtask => -1,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct IssueType {
    pub id: u32,
    pub name: &'static str,
    pub german: &'static str,
    pub description: &'static str,
    pub kind: Kind,
    pub avatar: u32,
    /// The team-managed project that owns the type.
    pub scope: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Category {
    New,
    Progress,
    Done,
}

impl Category {
    pub(crate) fn id(self) -> u32 {
        match self {
            Category::New => 2,
            Category::Progress => 4,
            Category::Done => 3,
        }
    }

    pub(crate) fn key(self) -> &'static str {
        match self {
            Category::New => "new",
            Category::Progress => "indeterminate",
            Category::Done => "done",
        }
    }

    pub(crate) fn colour(self) -> &'static str {
        match self {
            Category::New => "blue-gray",
            Category::Progress => "yellow",
            Category::Done => "green",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Category::New => "To Do",
            Category::Progress => "In Progress",
            Category::Done => "Done",
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Status {
    pub id: u32,
    pub name: &'static str,
    pub german: &'static str,
    pub category: Category,
    pub scope: Option<u32>,
}

#[derive(Debug, Clone)]
pub(crate) struct Workflow {
    pub statuses: Vec<u32>,
    pub transitions: Vec<Transition>,
}

#[derive(Debug, Clone)]
pub(crate) struct Transition {
    pub id: u32,
    pub name: &'static str,
    pub to: u32,
    /// The statuses it leaves from; empty for a global one.
    pub from: Vec<u32>,
    /// Whether a screen with resolution and fix versions stands in between.
    pub screen: bool,
    pub resolution_required: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Priority {
    pub id: u32,
    pub name: &'static str,
    pub german: &'static str,
    pub description: &'static str,
    pub colour: &'static str,
    pub icon: &'static str,
}

#[derive(Debug, Clone)]
pub(crate) struct Resolution {
    pub id: u32,
    pub name: &'static str,
    pub description: &'static str,
}

/// What a field means to the site, whatever its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    IssueType,
    Project,
    Parent,
    Summary,
    Description,
    Status,
    StatusCategory,
    Priority,
    Resolution,
    Assignee,
    Reporter,
    Creator,
    Labels,
    Components,
    FixVersions,
    Versions,
    Created,
    Updated,
    ResolutionDate,
    DueDate,
    TimeTracking,
    TimeOriginalEstimate,
    IssueLinks,
    Subtasks,
    Watches,
    Comment,
    IssueKey,
    Sprint,
    Rank,
    EpicLink,
    EpicName,
    EpicStatus,
    EpicColour,
    ParentLink,
    Development,
    Flagged,
    Custom,
}

/// How a custom value looks in memory, and thus on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    System,
    Text,
    RichText,
    Number,
    Date,
    DateTime,
    Option,
    Options,
    Cascade,
    User,
    Users,
    Group,
    Groups,
    Labels,
    Version,
    Versions,
    Project,
    Team,
    /// Something the site shows and nobody can write.
    Opaque,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// `summary`, or `customfield_10020`.
    pub id: String,
    /// The number of a custom field; 0 for a system one.
    pub number: u32,
    pub name: &'static str,
    pub german: &'static str,
    pub slot: Slot,
    pub shape: Shape,
    pub schema_type: &'static str,
    pub schema_items: Option<&'static str>,
    pub schema_custom: Option<&'static str>,
    /// The name in `schema.system`; empty for a custom field.
    pub system: &'static str,
    /// Further names in JQL.
    pub clauses: Vec<&'static str>,
    pub orderable: bool,
    pub navigable: bool,
    pub searchable: bool,
    pub scope: Option<u32>,
    /// Types whose create screen shows it; empty means that it is on no create screen.
    pub create: Vec<Kind>,
    /// Types whose edit screen shows it.
    pub edit: Vec<Kind>,
    pub required: Vec<Kind>,
    pub options: Vec<FieldOption>,
    pub projects: Option<Vec<u32>>,
}

#[derive(Debug, Clone)]
pub(crate) struct FieldOption {
    pub id: u32,
    pub value: &'static str,
    pub disabled: bool,
    pub children: Vec<(u32, &'static str)>,
}

impl Field {
    pub(crate) fn is_custom(&self) -> bool {
        self.number != 0
    }

    /// Whether issues of this project carry the field at all.
    pub(crate) fn in_project(&self, project: u32) -> bool {
        self.scope.is_none_or(|scope| scope == project) && self.projects.as_ref().is_none_or(|list| list.contains(&project))
    }

    pub(crate) fn option(&self, id: u32) -> Option<&FieldOption> {
        self.options.iter().find(|o| o.id == id)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Custom {
    Text(Box<str>),
    Rich(Rich),
    Number(f64),
    Date(Date),
    DateTime(Millis),
    Option(u32),
    Options(Vec<u32>),
    Cascade(u32, Option<u32>),
    User(UserIx),
    Users(Vec<UserIx>),
    Group(u32),
    Groups(Vec<u32>),
    Labels(Vec<Box<str>>),
    Version(u32),
    Versions(Vec<u32>),
    Project(u32),
    Team(u32),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Issue {
    pub id: u64,
    pub project: u32,
    pub number: u32,
    pub kind: u32,
    pub status: u32,
    pub priority: Option<u32>,
    pub resolution: Option<u32>,
    pub summary: Box<str>,
    pub description: Option<Rich>,
    pub assignee: Option<UserIx>,
    pub reporter: Option<UserIx>,
    pub creator: UserIx,
    pub labels: Vec<Box<str>>,
    pub components: Vec<u32>,
    pub fix_versions: Vec<u32>,
    pub affects: Vec<u32>,
    pub parent: Option<u64>,
    pub sprints: Vec<u32>,
    pub created: Millis,
    pub updated: Millis,
    pub resolved: Option<Millis>,
    pub due: Option<Date>,
    pub estimate_s: Option<u32>,
    pub rank: u64,
    pub custom: Vec<(u32, Custom)>,
    /// The seed of what is invented on reading (texts, history); 0 for an issue made by a client.
    pub seed: u64,
}

impl Issue {
    pub(crate) fn custom(&self, number: u32) -> Option<&Custom> {
        self.custom.iter().find(|(n, _)| *n == number).map(|(_, value)| value)
    }

    pub(crate) fn set_custom(&mut self, number: u32, value: Option<Custom>) {
        self.custom.retain(|(n, _)| *n != number);
        if let Some(value) = value {
            self.custom.push((number, value));
            self.custom.sort_by_key(|(n, _)| *n);
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct LinkType {
    pub id: u32,
    pub name: &'static str,
    pub inward: &'static str,
    pub outward: &'static str,
}

/// `outward` *blocks* `inward`: the outward end carries the outward words.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub id: u64,
    pub kind: u32,
    pub from: u64,
    pub to: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SprintState {
    Closed,
    Active,
    Future,
}

impl SprintState {
    pub(crate) fn lower(self) -> &'static str {
        match self {
            SprintState::Closed => "closed",
            SprintState::Active => "active",
            SprintState::Future => "future",
        }
    }

    pub(crate) fn upper(self) -> &'static str {
        match self {
            SprintState::Closed => "CLOSED",
            SprintState::Active => "ACTIVE",
            SprintState::Future => "FUTURE",
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Sprint {
    pub id: u32,
    pub board: u32,
    pub state: SprintState,
    pub name: String,
    pub start: Option<Millis>,
    pub end: Option<Millis>,
    pub complete: Option<Millis>,
    pub goal: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BoardKind {
    Scrum,
    Kanban,
    Simple,
}

impl BoardKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            BoardKind::Scrum => "scrum",
            BoardKind::Kanban => "kanban",
            BoardKind::Simple => "simple",
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Board {
    pub id: u32,
    pub name: String,
    pub kind: BoardKind,
    pub project: u32,
    pub filter: u32,
    /// Whether issues can be put into sprints (a team-managed board may have the feature switched on).
    pub sprints: bool,
    pub estimation: Option<u32>,
    pub columns: Vec<(&'static str, Vec<u32>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Team {
    pub id: String,
    pub name: &'static str,
}

#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub id: String,
    pub name: &'static str,
}

/// One recorded edit.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub id: u64,
    pub author: UserIx,
    pub at: Millis,
    pub items: Vec<ChangeItem>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ChangeItem {
    pub field: String,
    pub field_id: String,
    pub custom: bool,
    pub from: Option<String>,
    pub from_text: Option<String>,
    pub to: Option<String>,
    pub to_text: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct RemoteLink {
    pub id: u64,
    pub global_id: Option<String>,
    pub body: serde_json::Value,
}

/// Everything on the site that is not behaviour.
#[derive(Debug, Clone, Default)]
pub(crate) struct Data {
    pub users: Vec<User>,
    pub groups: Vec<Group>,
    pub teams: Vec<Team>,
    pub projects: Vec<Project>,
    pub types: Vec<IssueType>,
    pub statuses: Vec<Status>,
    pub workflows: Vec<Workflow>,
    pub priorities: Vec<Priority>,
    pub resolutions: Vec<Resolution>,
    pub fields: Vec<Field>,
    pub link_types: Vec<LinkType>,
    pub boards: Vec<Board>,
    pub sprints: Vec<Sprint>,
    pub issues: BTreeMap<u64, Issue>,
    pub by_key: BTreeMap<(u32, u32), u64>,
    /// Keys that issues had before they moved.
    pub moved: BTreeMap<String, u64>,
    pub children: BTreeMap<u64, Vec<u64>>,
    pub links: BTreeMap<u64, Link>,
    pub links_of: BTreeMap<u64, Vec<u64>>,
    pub changes: BTreeMap<u64, Vec<Change>>,
    pub properties: BTreeMap<(u64, String), serde_json::Value>,
    pub remote_links: BTreeMap<u64, Vec<RemoteLink>>,
    pub comments: BTreeMap<u64, Vec<Comment>>,
    pub next_issue: u64,
    pub next_other: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub id: u64,
    pub author: UserIx,
    pub at: Millis,
    pub body: Rich,
}

impl Data {
    pub(crate) fn project(&self, id: u32) -> Option<&Project> {
        // Projects are numbered without gaps from the first one's id.
        let first = self.projects.first()?.id;
        self.projects.get(id.checked_sub(first)? as usize)
    }

    pub(crate) fn project_mut(&mut self, id: u32) -> Option<&mut Project> {
        let first = self.projects.first()?.id;
        self.projects.get_mut(id.checked_sub(first)? as usize)
    }

    /// A project by id or key, with the old keys of renamed projects; deleted ones are gone.
    pub(crate) fn find_project(&self, id_or_key: &str) -> Option<&Project> {
        let live = |p: &&Project| !p.deleted;
        if let Ok(id) = id_or_key.parse::<u32>() {
            return self.project(id).filter(live);
        }
        let same = |key: &String| key.eq_ignore_ascii_case(id_or_key);
        self.projects.iter().find(|p| live(p) && (same(&p.key) || p.old_keys.iter().any(same)))
    }

    pub(crate) fn kind(&self, id: u32) -> Option<&IssueType> {
        self.types.iter().find(|t| t.id == id)
    }

    pub(crate) fn status(&self, id: u32) -> Option<&Status> {
        self.statuses.iter().find(|s| s.id == id)
    }

    pub(crate) fn priority(&self, id: u32) -> Option<&Priority> {
        self.priorities.iter().find(|p| p.id == id)
    }

    pub(crate) fn resolution(&self, id: u32) -> Option<&Resolution> {
        self.resolutions.iter().find(|r| r.id == id)
    }

    pub(crate) fn sprint(&self, id: u32) -> Option<&Sprint> {
        self.sprints.iter().find(|s| s.id == id)
    }

    pub(crate) fn board(&self, id: u32) -> Option<&Board> {
        self.boards.iter().find(|b| b.id == id)
    }

    pub(crate) fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.id == id)
    }

    pub(crate) fn slot(&self, slot: Slot) -> Option<&Field> {
        self.fields.iter().find(|f| f.slot == slot)
    }

    pub(crate) fn version(&self, id: u32) -> Option<(&Project, &Version)> {
        self.projects.iter().find_map(|p| p.versions.iter().find(|v| v.id == id).map(|v| (p, v)))
    }

    pub(crate) fn component(&self, id: u32) -> Option<&Component> {
        self.projects.iter().find_map(|p| p.components.iter().find(|c| c.id == id))
    }

    pub(crate) fn key_of(&self, issue: &Issue) -> String {
        let project = self.project(issue.project).map_or("", |p| p.key.as_str());
        format!("{project}-{}", issue.number)
    }

    /// An issue's id by id or key; keys of before a move or a renaming of the project count.
    pub(crate) fn find_issue_id(&self, id_or_key: &str) -> Option<u64> {
        if let Ok(id) = id_or_key.parse::<u64>() {
            return self.issues.contains_key(&id).then_some(id);
        }
        let (project, number) = id_or_key.rsplit_once('-')?;
        let number: u32 = number.parse().ok()?;
        let found = self.find_project(project).and_then(|p| self.by_key.get(&(p.id, number)));
        found.or_else(|| self.moved.get(&id_or_key.to_ascii_uppercase())).copied()
    }

    pub(crate) fn kind_of(&self, issue: &Issue) -> Kind {
        self.kind(issue.kind).map_or(Kind::Task, |t| t.kind)
    }

    pub(crate) fn next_other(&mut self) -> u64 {
        self.next_other += 1;
        self.next_other
    }
}
