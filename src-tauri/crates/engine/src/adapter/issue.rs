//! An issue of Jira's in neutral terms.

use super::value::value;
use jira::Issue;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use sync::remote::{ParentRef, RemoteIssue, RemoteStatus, RemoteValue, Role, Schema};
use workspace::StatusCategory;

/// Fields that every issue needs, mapped or not.
const ALWAYS: [&str; 7] = [
    "summary",
    "status",
    "issuetype",
    "parent",
    "updated",
    "created",
    "resolution",
];

/// Field ids to ask for: what an issue is made of, and every field that can be mapped, so that a mapping
/// that changes between plan and import finds its values.
#[must_use]
pub fn wanted_fields(schema: &Schema) -> Vec<&str> {
    let mut fields: Vec<&str> = ALWAYS.to_vec();
    for field in &schema.fields {
        let supported = !matches!(field.kind, sync::remote::RemoteKind::Unsupported(_));
        if (supported || field.role == Some(Role::Parent)) && !fields.contains(&field.id.as_str()) {
            fields.push(&field.id);
        }
    }
    fields
}

/// Reads an issue.
#[must_use]
pub fn read(issue: &Issue, schema: &Schema) -> RemoteIssue {
    let text = |path: &[&str]| -> String {
        let mut found = issue.fields.get(path[0]);
        for name in &path[1..] {
            found = found.and_then(|value| value.get(name));
        }
        found.and_then(Json::as_str).unwrap_or_default().to_owned()
    };
    let values: BTreeMap<String, RemoteValue> = schema
        .fields
        .iter()
        .filter_map(|field| {
            let json = issue.fields.get(&field.id)?;
            let value = value(&field.kind, field.role, json);
            (value != RemoteValue::None).then(|| (field.id.clone(), value))
        })
        .collect();
    RemoteIssue {
        id: issue.id.clone(),
        key: issue.key.clone(),
        type_id: text(&["issuetype", "id"]),
        title: text(&["summary"]),
        parent: parent(issue, schema),
        status: issue
            .fields
            .get("status")
            .and_then(jira::status)
            .map_or_else(
                || RemoteStatus {
                    id: String::new(),
                    name: String::new(),
                    category: StatusCategory::Open,
                },
                |found| status(&found),
            ),
        updated_at: issue.moment("updated"),
        created_at: issue.moment("created"),
        values,
    }
}

/// A status with its category in our terms. A category that Jira does not define counts as open.
#[must_use]
pub fn status(status: &jira::Status) -> RemoteStatus {
    RemoteStatus {
        id: status.id.clone(),
        name: status.name.clone(),
        category: match status.category.as_str() {
            "indeterminate" => StatusCategory::InProgress,
            "done" => StatusCategory::Done,
            _ => StatusCategory::Open,
        },
    }
}

/// The parent in whichever way the site joins issues: the parent field, else the Epic Link, else the
/// Parent Link, both of which hold a key.
fn parent(issue: &Issue, schema: &Schema) -> Option<ParentRef> {
    if let Some(parent) = issue
        .fields
        .get("parent")
        .filter(|parent| !parent.is_null())
    {
        if let Some(id) = parent.get("id").and_then(Json::as_str) {
            return Some(ParentRef::Id(id.to_owned()));
        }
        if let Some(key) = parent.get("key").and_then(Json::as_str) {
            return Some(ParentRef::Key(key.to_owned()));
        }
    }
    schema
        .fields
        .iter()
        .filter(|field| field.role == Some(Role::Parent) && field.id != "parent")
        .find_map(|field| {
            let value = issue.fields.get(&field.id)?;
            let key = value
                .as_str()
                .or_else(|| value.pointer("/data/key").and_then(Json::as_str));
            let key = key.or_else(|| value.get("key").and_then(Json::as_str))?;
            (!key.is_empty()).then(|| ParentRef::Key(key.to_owned()))
        })
}
