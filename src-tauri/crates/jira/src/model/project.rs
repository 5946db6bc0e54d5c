//! Projects and what belongs to them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::{IssueType, User, or_default};
use crate::ids::{ComponentId, ProjectId, VersionId};

/// A project.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Its id, which stays.
    pub id: ProjectId,
    /// Its key, which can be changed.
    pub key: String,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub description: Option<String>,
    /// `software`, `business`, `service_desk`, …
    #[serde(default)]
    pub project_type_key: Option<String>,
    /// Cloud: true for team-managed projects.
    #[serde(default, deserialize_with = "or_default")]
    simplified: bool,
    /// Cloud: `classic` or `next-gen`.
    #[serde(default)]
    style: Option<String>,
    /// Archived projects are read-only.
    #[serde(default, deserialize_with = "or_default")]
    pub archived: bool,
    /// Who leads it.
    #[serde(default)]
    pub lead: Option<User>,
    /// Its issue types; only in the answer for one project.
    #[serde(default, deserialize_with = "or_default")]
    pub issue_types: Vec<IssueType>,
    /// Pictures by size (`48x48`).
    #[serde(default, deserialize_with = "or_default")]
    pub avatar_urls: BTreeMap<String, String>,
}

/// How a project is managed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectStyle {
    /// Types, fields and statuses are the site's. Every project on Data Center.
    CompanyManaged,
    /// Types, fields and statuses are the project's own (Cloud).
    TeamManaged,
}

impl Project {
    /// How it is managed.
    #[must_use]
    pub fn style(&self) -> ProjectStyle {
        if self.simplified || self.style.as_deref() == Some("next-gen") {
            ProjectStyle::TeamManaged
        } else {
            ProjectStyle::CompanyManaged
        }
    }
}

/// A version (release) of a project.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectVersion {
    /// Its id.
    pub id: VersionId,
    /// Its name, unique in the project.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub description: Option<String>,
    /// Archived versions stay on their issues.
    #[serde(default, deserialize_with = "or_default")]
    pub archived: bool,
    /// Whether it is out.
    #[serde(default, deserialize_with = "or_default")]
    pub released: bool,
    /// When work begins.
    #[serde(default, deserialize_with = "crate::dates::lenient_day")]
    pub start_date: Option<Date>,
    /// When it is due or came out.
    #[serde(default, deserialize_with = "crate::dates::lenient_day")]
    pub release_date: Option<Date>,
}

/// A component of a project.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Component {
    /// Its id.
    pub id: ComponentId,
    /// Its name, unique in the project.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub description: Option<String>,
}

/// What the account may do (`GET /mypermissions`), by permission key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// Whether each permission is granted.
    pub granted: BTreeMap<String, bool>,
}

impl Permissions {
    /// True when the permission is granted; an unknown key is not.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.granted.get(key).copied().unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Answer {
            permissions: BTreeMap<String, Row>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Row {
            #[serde(default)]
            have_permission: bool,
        }
        let answer = Answer::deserialize(deserializer)?;
        let granted = answer
            .permissions
            .into_iter()
            .map(|(key, row)| (key, row.have_permission))
            .collect();
        Ok(Self { granted })
    }
}
