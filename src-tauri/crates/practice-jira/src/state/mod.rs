//! What a site holds: people, projects, types, workflows, fields, boards, sprints and issues.

mod data;
mod field;

pub(crate) use data::Data;
pub(crate) use field::{Custom, Field, FieldOption, Shape, Slot};

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
        self.custom
            .iter()
            .find(|(n, _)| *n == number)
            .map(|(_, value)| value)
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

#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub id: u64,
    pub author: UserIx,
    pub at: Millis,
    pub body: Rich,
}
