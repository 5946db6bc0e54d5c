//! An issue of Jira's in neutral terms.

use super::value::{rich, value};
use jira::Issue;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use sync::remote::{
    ParentRef, RemoteField, RemoteIssue, RemoteKind, RemoteStatus, RemoteValue, Role, Schema,
};
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

/// Field ids to ask for: what an issue is made of, and of the fields that can be read those that are wanted.
#[must_use]
pub fn wanted_fields<'s>(
    schema: &'s Schema,
    wanted: &dyn Fn(&RemoteField) -> bool,
) -> Vec<&'s str> {
    let mut fields: Vec<&str> = ALWAYS.to_vec();
    for field in &schema.fields {
        let supported = !matches!(field.kind, RemoteKind::Unsupported(_)) && wanted(field);
        if (supported || field.role == Some(Role::Parent)) && !fields.contains(&field.id.as_str()) {
            fields.push(&field.id);
        }
    }
    fields
}

/// Reads an issue.
#[must_use]
pub fn read(issue: &Issue, schema: &Schema) -> RemoteIssue {
    let values: BTreeMap<String, RemoteValue> = schema
        .fields
        .iter()
        .filter_map(|field| {
            let value = value_of(issue, field);
            (value != RemoteValue::None).then(|| (field.id.clone(), value))
        })
        .collect();
    let text = |json: Option<&Json>| json.and_then(Json::as_str).unwrap_or_default().to_owned();
    let found = issue.brief("status").and_then(|found| jira::status(&found));
    RemoteIssue {
        id: issue.id.clone(),
        key: issue.key.clone(),
        type_id: text(
            issue
                .brief("issuetype")
                .as_ref()
                .and_then(|kind| kind.get("id")),
        ),
        title: text(issue.field("summary").as_ref()),
        parent: parent(issue, schema),
        status: found.as_ref().map_or_else(
            || RemoteStatus {
                id: String::new(),
                name: String::new(),
                category: StatusCategory::Open,
            },
            status,
        ),
        updated_at: issue.moment("updated"),
        created_at: issue.moment("created"),
        values,
    }
}

fn value_of(issue: &Issue, field: &RemoteField) -> RemoteValue {
    let is_document = matches!(
        field.kind,
        RemoteKind::Text | RemoteKind::LongText | RemoteKind::RichText
    );
    let json = if is_document {
        issue.field(&field.id)
    } else {
        issue.brief(&field.id)
    };
    match (&field.kind, &json, issue.raw(&field.id)) {
        (RemoteKind::RichText, Some(json), Some(source)) => rich(json, source),
        (kind, Some(json), _) => value(kind, field.role, json),
        _ => RemoteValue::None,
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
    if let Some(parent) = issue.brief("parent") {
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
            let value = issue.brief(&field.id)?;
            let key = value
                .as_str()
                .or_else(|| value.pointer("/data/key").and_then(Json::as_str));
            let key = key.or_else(|| value.get("key").and_then(Json::as_str))?;
            (!key.is_empty()).then(|| ParentRef::Key(key.to_owned()))
        })
}
