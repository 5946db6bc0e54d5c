//! Issue types, statuses, priorities.

use serde::Deserialize;

use super::{Scope, or_default};
use crate::ids::{IssueTypeId, PriorityId, StatusId};

/// An issue type of a project.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IssueType {
    /// Its id. On Cloud a team-managed project has types of its own with ids of their own.
    pub id: IssueTypeId,
    /// Its name, in the caller's language.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// Its picture.
    #[serde(default)]
    pub icon_url: Option<String>,
    /// True for sub-tasks.
    #[serde(default, deserialize_with = "or_default")]
    pub subtask: bool,
    /// Its level: -1 sub-task, 0 base, 1 epic, 2 and more above. `None` when it cannot be known.
    #[serde(default, rename = "hierarchyLevel")]
    pub level: Option<i32>,
    /// What the level is based on.
    #[serde(skip, default)]
    pub evidence: LevelEvidence,
    /// The project it belongs to, when not to the site.
    #[serde(default)]
    pub scope: Option<Scope>,
}

/// What the level of an issue type is based on. Data Center does not tell levels, so they are
/// read off the fields that a type carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LevelEvidence {
    /// Nothing is known: the fields of the type could not be read.
    #[default]
    Unknown,
    /// The site says so (Cloud).
    HierarchyLevel,
    /// It is marked as a sub-task.
    SubtaskFlag,
    /// It carries the field Epic Name: an epic.
    EpicNameField,
    /// It carries the field Epic Link: it belongs below an epic.
    EpicLinkField,
    /// It carries Parent Link and no Epic Link: above the epic. How far above is not told; the
    /// level 2 is a lower bound.
    ParentLinkField,
    /// None of the telling fields is on it: taken as the base level.
    Assumed,
}

/// A status.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Its id.
    pub id: StatusId,
    /// Its name, in the caller's language.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// What it stands for.
    #[serde(default, rename = "statusCategory", deserialize_with = "or_default")]
    pub category: StatusCategory,
}

/// What a status stands for, the same on every site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StatusCategory {
    /// Not begun (`new`).
    ToDo,
    /// Under way (`indeterminate`).
    InProgress,
    /// Finished (`done`).
    Done,
    /// Not told (`undefined`).
    #[default]
    Undefined,
}

impl<'de> Deserialize<'de> for StatusCategory {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Row {
            #[serde(default, deserialize_with = "or_default")]
            key: String,
        }
        Ok(match Row::deserialize(deserializer)?.key.as_str() {
            "new" => Self::ToDo,
            "indeterminate" => Self::InProgress,
            "done" => Self::Done,
            _ => Self::Undefined,
        })
    }
}

/// The statuses that issues of one type can have in a project.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct IssueTypeStatuses {
    /// The type's id.
    pub id: IssueTypeId,
    /// The type's name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// True for sub-tasks.
    #[serde(default, deserialize_with = "or_default")]
    pub subtask: bool,
    /// The statuses, in the workflow's order.
    #[serde(default, deserialize_with = "or_default")]
    pub statuses: Vec<Status>,
}

/// A priority.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Priority {
    /// Its id.
    pub id: PriorityId,
    /// Its name, in the caller's language.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// Its colour (`#cc0000`).
    #[serde(default)]
    pub status_color: Option<String>,
    /// Its picture.
    #[serde(default)]
    pub icon_url: Option<String>,
}
