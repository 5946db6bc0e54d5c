//! Fields and the values of custom ones.

use jiff::civil::Date;

use super::{Kind, UserIx};
use crate::document::Rich;
use crate::time::Millis;

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
        self.scope.is_none_or(|scope| scope == project)
            && self
                .projects
                .as_ref()
                .is_none_or(|list| list.contains(&project))
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
