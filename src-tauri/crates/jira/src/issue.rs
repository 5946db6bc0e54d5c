//! An issue, with typed access to its fields.

mod sprint;
mod values;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::dates;
use crate::ids::{FieldId, IssueId, IssueKey, IssueTypeId, ProjectId};
use crate::model::{Component, Priority, ProjectVersion, Sprint, SprintState, Status, User};

pub use sprint::parse_sprint;
pub use values::{CascadingChoice, Choice};

/// An issue as Jira sent it: its fields are kept as they came.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Issue {
    /// Its identity.
    pub id: IssueId,
    /// Its key at present.
    pub key: IssueKey,
    /// The fields that were asked for, by field id.
    #[serde(default)]
    pub fields: Map<String, Value>,
}

/// The fields of Data Center that tie an issue to what is above it. `None` where a site has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParentFields {
    /// The field Epic Link.
    pub epic_link: Option<FieldId>,
    /// The field Parent Link of Advanced Roadmaps.
    pub parent_link: Option<FieldId>,
}

/// What is above an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParentRef {
    /// Its id, where Jira gives it.
    pub id: Option<IssueId>,
    /// Its key, where Jira gives it.
    pub key: Option<IssueKey>,
    /// By which field.
    pub via: ParentVia,
}

/// The field that names what is above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParentVia {
    /// `parent`.
    Parent,
    /// Epic Link (Data Center).
    EpicLink,
    /// Parent Link (Data Center).
    ParentLink,
}

impl Issue {
    /// A field's value; `None` when it is missing or null.
    #[must_use]
    pub fn field(&self, id: &str) -> Option<&Value> {
        self.fields.get(id).filter(|value| !value.is_null())
    }

    /// The summary.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        self.text("summary")
    }

    /// The description as it came: an ADF object on Cloud, wiki text on Data Center.
    #[must_use]
    pub fn description(&self) -> Option<&Value> {
        self.field("description")
    }

    /// The id of the issue type.
    #[must_use]
    pub fn issue_type_id(&self) -> Option<IssueTypeId> {
        self.id_of("issuetype").map(IssueTypeId::new)
    }

    /// The id of the project.
    #[must_use]
    pub fn project_id(&self) -> Option<ProjectId> {
        self.id_of("project").map(ProjectId::new)
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.read("status")
    }

    /// The priority.
    #[must_use]
    pub fn priority(&self) -> Option<Priority> {
        self.read("priority")
    }

    /// Who works on it.
    #[must_use]
    pub fn assignee(&self) -> Option<User> {
        self.read("assignee")
    }

    /// Who reported it.
    #[must_use]
    pub fn reporter(&self) -> Option<User> {
        self.read("reporter")
    }

    /// When it was changed last. Moves for unrelated changes too: a hint, not a version.
    #[must_use]
    pub fn updated(&self) -> Option<Timestamp> {
        self.moment("updated")
    }

    /// When it was created.
    #[must_use]
    pub fn created(&self) -> Option<Timestamp> {
        self.moment("created")
    }

    /// The labels.
    #[must_use]
    pub fn labels(&self) -> Vec<&str> {
        self.texts("labels")
    }

    /// The components.
    #[must_use]
    pub fn components(&self) -> Vec<Component> {
        self.read_all("components")
    }

    /// The versions in a field (`fixVersions`, `versions` or a custom one).
    #[must_use]
    pub fn versions(&self, field: &str) -> Vec<ProjectVersion> {
        self.read_all(field)
    }

    /// What is above this issue: `parent`, else the epic, else what Parent Link names.
    #[must_use]
    pub fn parent(&self, fields: &ParentFields) -> Option<ParentRef> {
        let field = |id: &Option<FieldId>| self.field(id.as_ref()?.as_str());
        let found = |value: Option<&Value>, via| values::parent(value?, via);
        found(self.field("parent"), ParentVia::Parent)
            .or_else(|| found(field(&fields.epic_link), ParentVia::EpicLink))
            .or_else(|| found(field(&fields.parent_link), ParentVia::ParentLink))
    }

    /// All sprints in a sprint field, closed ones too, whichever way the product writes them.
    #[must_use]
    pub fn sprints(&self, field: &str) -> Vec<Sprint> {
        let read = |value: &Value| match value {
            Value::String(text) => parse_sprint(text),
            object => Sprint::deserialize(object).ok(),
        };
        match self.field(field) {
            Some(Value::Array(all)) => all.iter().filter_map(read).collect(),
            Some(one) => read(one).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The sprint the issue is in: the one that is not closed.
    #[must_use]
    pub fn current_sprint(&self, field: &str) -> Option<Sprint> {
        self.sprints(field)
            .into_iter()
            .find(|sprint| sprint.state != SprintState::Closed)
    }

    /// A text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.field(field)?.as_str()
    }

    /// A list of texts.
    #[must_use]
    pub fn texts(&self, field: &str) -> Vec<&str> {
        let all = self.field(field).and_then(Value::as_array);
        all.map_or_else(Vec::new, |all| {
            all.iter().filter_map(Value::as_str).collect()
        })
    }

    /// A number.
    #[must_use]
    pub fn number(&self, field: &str) -> Option<f64> {
        self.field(field)?.as_f64()
    }

    /// A day (`2026-11-23`).
    #[must_use]
    pub fn date(&self, field: &str) -> Option<Date> {
        self.text(field)?.parse().ok()
    }

    /// A moment.
    #[must_use]
    pub fn moment(&self, field: &str) -> Option<Timestamp> {
        dates::moment(self.text(field)?)
    }

    /// A person.
    #[must_use]
    pub fn user(&self, field: &str) -> Option<User> {
        self.read(field)
    }

    /// Several people.
    #[must_use]
    pub fn users(&self, field: &str) -> Vec<User> {
        self.read_all(field)
    }

    /// An option (also a priority, resolution, team: whatever has an id and a name).
    #[must_use]
    pub fn choice(&self, field: &str) -> Option<Choice> {
        Choice::read(self.field(field)?)
    }

    /// Several options.
    #[must_use]
    pub fn choices(&self, field: &str) -> Vec<Choice> {
        let all = self.field(field).and_then(Value::as_array);
        all.map_or_else(Vec::new, |all| {
            all.iter().filter_map(Choice::read).collect()
        })
    }

    /// An option with the one below it.
    #[must_use]
    pub fn cascading(&self, field: &str) -> Option<CascadingChoice> {
        let value = self.field(field)?;
        Some(CascadingChoice {
            parent: Choice::read(value)?,
            child: value.get("child").and_then(Choice::read),
        })
    }

    fn id_of(&self, field: &str) -> Option<String> {
        values::scalar(self.field(field)?.get("id")?)
    }

    fn read<T: DeserializeOwned>(&self, field: &str) -> Option<T> {
        T::deserialize(self.field(field)?).ok()
    }

    fn read_all<T: DeserializeOwned>(&self, field: &str) -> Vec<T> {
        let all = self.field(field).and_then(Value::as_array);
        all.map_or_else(Vec::new, |all| {
            all.iter()
                .filter_map(|row| T::deserialize(row).ok())
                .collect()
        })
    }
}

#[cfg(test)]
mod tests;
