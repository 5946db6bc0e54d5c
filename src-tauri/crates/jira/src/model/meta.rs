//! What can be set when creating and editing.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{FieldKind, FieldSchema, IssueType, or_default};
use crate::ids::{FieldId, IssueTypeId};

/// A field as one issue type (or one issue) has it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Row")]
pub struct FieldMeta {
    /// The field.
    pub field_id: FieldId,
    /// Its name, in the caller's language.
    pub name: String,
    /// Must be given.
    pub required: bool,
    /// Gets a value by itself when none is given.
    pub has_default_value: bool,
    /// That value.
    pub default_value: Option<Value>,
    /// What it holds.
    pub schema: FieldSchema,
    /// `set`, `add`, `remove`, …
    pub operations: Vec<String>,
    /// The values to choose from; `None` when they are not listed.
    pub allowed_values: Option<Vec<AllowedValue>>,
    /// Where values are looked up when there are too many to list.
    pub auto_complete_url: Option<String>,
}

/// A field on the wire. The old create metadata and the edit metadata name it outside the row.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    field_id: Option<FieldId>,
    key: Option<FieldId>,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    required: bool,
    #[serde(default, deserialize_with = "or_default")]
    has_default_value: bool,
    default_value: Option<Value>,
    #[serde(default, deserialize_with = "or_default")]
    schema: FieldSchema,
    #[serde(default, deserialize_with = "or_default")]
    operations: Vec<String>,
    allowed_values: Option<Vec<AllowedValue>>,
    auto_complete_url: Option<String>,
}

impl From<Row> for FieldMeta {
    fn from(row: Row) -> Self {
        Self {
            field_id: row.field_id.or(row.key).unwrap_or_else(|| FieldId::new("")),
            name: row.name,
            required: row.required,
            has_default_value: row.has_default_value,
            default_value: row.default_value,
            schema: row.schema,
            operations: row.operations,
            allowed_values: row.allowed_values,
            auto_complete_url: row.auto_complete_url,
        }
    }
}

impl FieldMeta {
    /// What the field is.
    #[must_use]
    pub fn kind(&self) -> FieldKind {
        self.schema.kind()
    }

    /// True when an issue cannot be created without a value for it.
    #[must_use]
    pub fn must_be_given(&self) -> bool {
        self.required && !self.has_default_value
    }

    fn named(mut self, id: &str) -> Self {
        self.field_id = FieldId::new(id);
        self
    }
}

/// A value to choose: an option, a priority, a version, a component, a type, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedValue {
    /// What to write; `None` for a bare text.
    pub id: Option<String>,
    /// The name for people.
    pub label: String,
    /// True for an option that can no longer be chosen but sits in old issues.
    pub disabled: bool,
    /// The options below this one (cascading lists).
    pub children: Vec<AllowedValue>,
}

impl AllowedValue {
    fn read(value: &Value) -> Self {
        let text = |name: &str| match value.get(name) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let bare = match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let children = value.get("children").and_then(Value::as_array);
        Self {
            id: text("id").or_else(|| text("accountId")),
            label: bare
                .or_else(|| text("value"))
                .or_else(|| text("displayName"))
                .or_else(|| text("name"))
                .or_else(|| text("key"))
                .unwrap_or_default(),
            disabled: value.get("disabled").and_then(Value::as_bool) == Some(true),
            children: children.map_or_else(Vec::new, |all| all.iter().map(Self::read).collect()),
        }
    }
}

impl<'de> Deserialize<'de> for AllowedValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::read(&Value::deserialize(deserializer)?))
    }
}

/// The fields for creating an issue of one type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreateMeta {
    /// The fields on the create screen.
    pub fields: Vec<FieldMeta>,
}

impl CreateMeta {
    /// The field of this kind, when the type has it.
    #[must_use]
    pub fn find(&self, kind: FieldKind) -> Option<&FieldMeta> {
        self.fields.iter().find(|field| field.kind() == kind)
    }
}

/// The fields of one issue that can be edited now (`GET /issue/{issueIdOrKey}/editmeta`). Empty
/// when the workflow step or the permissions forbid it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EditMeta {
    /// The fields, by id.
    pub fields: BTreeMap<FieldId, FieldMeta>,
}

impl<'de> Deserialize<'de> for EditMeta {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default, deserialize_with = "or_default")]
            fields: BTreeMap<String, FieldMeta>,
        }
        let fields = Answer::deserialize(deserializer)?.fields;
        Ok(Self {
            fields: (fields.into_iter())
                .map(|(id, meta)| (FieldId::new(&*id), meta.named(&id)))
                .collect(),
        })
    }
}

/// The old `GET /issue/createmeta?expand=projects.issuetypes.fields`, for Servers before 8.4.
#[derive(Debug, Deserialize)]
pub(crate) struct OldCreateMeta {
    #[serde(default, deserialize_with = "or_default")]
    projects: Vec<OldProject>,
}

#[derive(Debug, Deserialize)]
struct OldProject {
    #[serde(default, rename = "issuetypes")]
    issue_types: Vec<OldIssueType>,
}

#[derive(Debug, Deserialize)]
struct OldIssueType {
    #[serde(flatten)]
    issue_type: IssueType,
    #[serde(default, deserialize_with = "or_default")]
    fields: BTreeMap<String, FieldMeta>,
}

impl OldCreateMeta {
    /// The types of the first project, the only one that was asked for.
    pub(crate) fn into_types(self) -> Vec<(IssueType, CreateMeta)> {
        let project = self.projects.into_iter().next();
        project.map_or_else(Vec::new, |project| {
            let types = project.issue_types.into_iter();
            types
                .map(|row| {
                    let fields = row.fields.into_iter();
                    let fields = fields.map(|(id, meta)| meta.named(&id)).collect();
                    (row.issue_type, CreateMeta { fields })
                })
                .collect()
        })
    }

    /// The fields of one type.
    pub(crate) fn into_type(self, id: &IssueTypeId) -> Option<CreateMeta> {
        self.into_types()
            .into_iter()
            .find_map(|(issue_type, meta)| (issue_type.id == *id).then_some(meta))
    }
}
