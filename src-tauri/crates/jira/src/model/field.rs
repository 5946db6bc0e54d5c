//! Fields and what they hold. Kinds are told by the schema, never by the name: names are
//! translated, can be changed, and are not unique.

use serde::Deserialize;

use super::{Scope, or_default};
use crate::ids::{FieldId, ProjectId};

/// A field of the site (`GET /field`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Its id: a system name or `customfield_…`; differs from site to site.
    pub id: FieldId,
    /// Its name, in the caller's language. Not unique.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// True for custom fields.
    #[serde(default, deserialize_with = "or_default")]
    pub custom: bool,
    /// The names a query knows it by.
    #[serde(default, deserialize_with = "or_default")]
    pub clause_names: Vec<String>,
    /// What it holds. Missing on a few pseudo-fields (`issuekey`, `thumbnail`).
    #[serde(default)]
    pub schema: Option<FieldSchema>,
    /// The project it belongs to, when not to the site (Cloud, team-managed).
    #[serde(default)]
    pub scope: Option<Scope>,
}

impl Field {
    /// What the field is.
    #[must_use]
    pub fn kind(&self) -> FieldKind {
        self.schema
            .as_ref()
            .map_or(FieldKind::Unsupported, FieldSchema::kind)
    }

    /// The project it belongs to, when not to the site.
    #[must_use]
    pub fn project(&self) -> Option<&ProjectId> {
        Some(&self.scope.as_ref()?.project.as_ref()?.id)
    }
}

/// What a field holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldSchema {
    /// The type of its value (`string`, `number`, `array`, …).
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    pub value_type: String,
    /// The type of an array's items.
    #[serde(default)]
    pub items: Option<String>,
    /// The field type of a custom field: the one thing to tell its kind by.
    #[serde(default)]
    pub custom: Option<String>,
    /// The number of a custom field.
    #[serde(default)]
    pub custom_id: Option<i64>,
    /// The name of a system field.
    #[serde(default)]
    pub system: Option<String>,
}

impl FieldSchema {
    /// What the field is.
    #[must_use]
    pub fn kind(&self) -> FieldKind {
        match (&self.custom, &self.system) {
            (Some(custom), _) => custom_kind(custom),
            (None, Some(system)) => FieldKind::System(SystemField::parse(system)),
            (None, None) => FieldKind::Unsupported,
        }
    }
}

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FieldKind {
    /// One of Jira's own fields.
    System(SystemField),
    /// One line of text.
    Text,
    /// Text that only Jira changes.
    ReadOnlyText,
    /// Long text: ADF on Cloud, wiki text on Data Center.
    LongText,
    /// A web address.
    Url,
    /// A number.
    Number,
    /// A day.
    Date,
    /// A moment.
    DateTime,
    /// One option of a list (select list, radio buttons).
    Option,
    /// Several options of a list (multi-select, check boxes).
    Options,
    /// An option and an option below it.
    CascadingOption,
    /// One person.
    User,
    /// Several people.
    Users,
    /// One group.
    Group,
    /// Several groups.
    Groups,
    /// Labels.
    Labels,
    /// One version.
    Version,
    /// Several versions.
    Versions,
    /// A project.
    Project,
    /// The sprints of the issue.
    Sprint,
    /// Data Center: the epic of the issue, by key.
    EpicLink,
    /// Data Center: the short name of an epic, required there.
    EpicName,
    /// The status of an epic.
    EpicStatus,
    /// The colour of an epic.
    EpicColour,
    /// The rank. Changed by ranking, never by writing.
    Rank,
    /// The estimate of team-managed projects. Elsewhere story points are a [`FieldKind::Number`]
    /// that the board's configuration names.
    StoryPointEstimate,
    /// Advanced Roadmaps on Data Center: the parent above the epic, by key.
    ParentLink,
    /// Advanced Roadmaps: target start.
    TargetStart,
    /// Advanced Roadmaps: target end.
    TargetEnd,
    /// A team.
    Team,
    /// The development summary: machine noise.
    DevelopmentSummary,
    /// Something of an app, or too new. To be left alone.
    Unsupported,
}

impl FieldKind {
    /// The kind behind the value of `schema.custom`.
    #[must_use]
    pub fn of_custom(custom: &str) -> Self {
        custom_kind(custom)
    }
}

const PLAIN: &str = "com.atlassian.jira.plugin.system.customfieldtypes:";
const SOFTWARE: &str = "com.pyxis.greenhopper.jira:";

fn custom_kind(custom: &str) -> FieldKind {
    if let Some(name) = custom.strip_prefix(PLAIN) {
        return plain_kind(name);
    }
    if let Some(name) = custom.strip_prefix(SOFTWARE) {
        return match name {
            "gh-sprint" => FieldKind::Sprint,
            "gh-epic-link" => FieldKind::EpicLink,
            "gh-epic-label" => FieldKind::EpicName,
            "gh-epic-status" => FieldKind::EpicStatus,
            "gh-epic-color" => FieldKind::EpicColour,
            "gh-lexo-rank" => FieldKind::Rank,
            "jsw-story-points" => FieldKind::StoryPointEstimate,
            _ => FieldKind::Unsupported,
        };
    }
    match custom {
        "com.atlassian.jpo:jpo-custom-field-parent" => FieldKind::ParentLink,
        "com.atlassian.jpo:jpo-custom-field-baseline-start" => FieldKind::TargetStart,
        "com.atlassian.jpo:jpo-custom-field-baseline-end" => FieldKind::TargetEnd,
        "com.atlassian.teams:rm-teams-custom-field-team" => FieldKind::Team,
        "com.atlassian.jira.plugins.jira-development-integration-plugin:devsummary"
        | "com.atlassian.jira.plugins.jira-development-integration-plugin:devsummarycf" => {
            FieldKind::DevelopmentSummary
        }
        _ => FieldKind::Unsupported,
    }
}

fn plain_kind(name: &str) -> FieldKind {
    match name {
        "textfield" => FieldKind::Text,
        "readonlyfield" => FieldKind::ReadOnlyText,
        "textarea" => FieldKind::LongText,
        "url" => FieldKind::Url,
        "float" => FieldKind::Number,
        "datepicker" => FieldKind::Date,
        "datetime" => FieldKind::DateTime,
        "select" | "radiobuttons" => FieldKind::Option,
        "multiselect" | "multicheckboxes" => FieldKind::Options,
        "cascadingselect" => FieldKind::CascadingOption,
        "userpicker" => FieldKind::User,
        "multiuserpicker" => FieldKind::Users,
        "grouppicker" => FieldKind::Group,
        "multigrouppicker" => FieldKind::Groups,
        "labels" => FieldKind::Labels,
        "version" => FieldKind::Version,
        "multiversion" => FieldKind::Versions,
        "project" => FieldKind::Project,
        "atlassian-team" => FieldKind::Team,
        _ => FieldKind::Unsupported,
    }
}

macro_rules! system_fields {
    ($($(#[$doc:meta])* $name:ident = $wire:literal),+ $(,)?) => {
        /// Jira's own fields.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum SystemField {
            $($(#[$doc])* $name,)+
            /// Any other.
            Other,
        }

        impl SystemField {
            /// Reads the value of `schema.system`.
            #[must_use]
            pub fn parse(system: &str) -> Self {
                match system {
                    $($wire => Self::$name,)+
                    _ => Self::Other,
                }
            }

            /// The field's id on every site; `None` for [`SystemField::Other`].
            #[must_use]
            pub fn id(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some($wire),)+
                    Self::Other => None,
                }
            }
        }
    };
}

system_fields! {
    /// The title.
    Summary = "summary",
    /// The description: ADF on Cloud, wiki text on Data Center.
    Description = "description",
    /// The issue type.
    IssueType = "issuetype",
    /// The project.
    Project = "project",
    /// The parent: any on Cloud, a sub-task's only on Data Center.
    Parent = "parent",
    /// The status. Changed by transitions only.
    Status = "status",
    /// The priority.
    Priority = "priority",
    /// How it was resolved.
    Resolution = "resolution",
    /// When it was resolved.
    ResolutionDate = "resolutiondate",
    /// Who works on it.
    Assignee = "assignee",
    /// Who reported it.
    Reporter = "reporter",
    /// Who created it.
    Creator = "creator",
    /// Labels.
    Labels = "labels",
    /// Components.
    Components = "components",
    /// The versions it is planned for.
    FixVersions = "fixVersions",
    /// The versions it was found in.
    AffectedVersions = "versions",
    /// The day it is due.
    DueDate = "duedate",
    /// When it was created.
    Created = "created",
    /// When it was changed last.
    Updated = "updated",
    /// The environment.
    Environment = "environment",
    /// Estimates and work as text.
    TimeTracking = "timetracking",
    /// The original estimate, in seconds; read only.
    OriginalEstimate = "timeoriginalestimate",
    /// The remaining estimate, in seconds; read only.
    RemainingEstimate = "timeestimate",
    /// The time spent, in seconds; read only.
    TimeSpent = "timespent",
    /// Sub-tasks.
    Subtasks = "subtasks",
    /// Links to other issues.
    IssueLinks = "issuelinks",
    /// Attachments.
    Attachment = "attachment",
    /// Comments.
    Comment = "comment",
    /// Work logged.
    Worklog = "worklog",
    /// The security level.
    Security = "security",
    /// Watchers.
    Watches = "watches",
    /// Votes.
    Votes = "votes",
}
