//! What Jira's answers hold, as far as it is of use. Unknown members are ignored everywhere.

mod board;
mod field;
mod issue_type;
mod meta;
mod project;
mod user;

pub use board::{
    Board, BoardColumn, BoardConfiguration, BoardType, Estimation, Sprint, SprintState,
};
pub use field::{Field, FieldKind, FieldSchema, SystemField};
pub use issue_type::{
    IssueType, IssueTypeStatuses, LevelEvidence, Priority, Status, StatusCategory,
};
pub use meta::{AllowedValue, CreateMeta, EditMeta, FieldMeta};
pub use project::{Component, Permissions, Project, ProjectStyle, ProjectVersion};
pub use user::{Account, AccountIdentity, User, UserId};

pub(crate) use meta::OldCreateMeta;

use serde::Deserialize;

/// The scope of something that belongs to one project (Cloud, team-managed projects).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Scope {
    /// The project it belongs to.
    pub project: Option<ScopeProject>,
}

/// The project in a [`Scope`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ScopeProject {
    /// Its id.
    pub id: crate::ids::ProjectId,
}

/// Reads a missing value or `null` as the default.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// One page of an offset list. Cloud and Data Center name the array differently.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", bound = "T: Deserialize<'de>")]
pub(crate) struct Page<T> {
    max_results: Option<usize>,
    total: Option<usize>,
    is_last: Option<bool>,
    values: Option<Vec<T>>,
    issue_types: Option<Vec<T>>,
    fields: Option<Vec<T>>,
    results: Option<Vec<T>>,
}

/// What a page says about the end of its list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    max_results: Option<usize>,
    total: Option<usize>,
    is_last: Option<bool>,
}

impl End {
    /// Whether another page follows, after `received` rows from `start_at` on.
    pub(crate) fn more_after(self, start_at: usize, received: usize) -> bool {
        if received == 0 || self.is_last == Some(true) {
            return false;
        }
        match (self.total, self.max_results) {
            (Some(total), _) => start_at + received < total,
            // Without a total, a page that says it is not the last is believed.
            (None, _) if self.is_last == Some(false) => true,
            (None, Some(max)) => received >= max,
            (None, None) => false,
        }
    }
}

impl<T> Page<T> {
    pub(crate) fn end(&self) -> End {
        End {
            max_results: self.max_results,
            total: self.total,
            is_last: self.is_last,
        }
    }

    /// How many rows the list has, when the site says.
    pub(crate) fn total(&self) -> Option<usize> {
        self.total
    }

    /// The rows, whatever the array is called.
    pub(crate) fn into_rows(self) -> Vec<T> {
        self.values
            .or(self.issue_types)
            .or(self.fields)
            .or(self.results)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
