//! An issue of Jira's in neutral terms.

use super::value::{rich, value};
use jira::Issue;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use sync::remote::{
    ParentRef, RemoteField, RemoteIssue, RemoteKind, RemoteStatus, RemoteValue, Role, Schema,
};
use workspace::StatusCategory;

/// Fields that every issue needs, mapped or not.
const ALWAYS: [&str; 6] = [
    "summary",
    "status",
    "issuetype",
    "parent",
    "updated",
    "created",
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

/// Reads issues of one project. Most of them share their people, choices and statuses: what was read once is not
/// read again while this lives.
pub struct Reader<'s> {
    schema: &'s Schema,
    /// Values by the text that Jira sent, for each field of the schema.
    values: Vec<HashMap<String, RemoteValue>>,
    statuses: HashMap<String, RemoteStatus>,
    type_ids: HashMap<String, String>,
    parents: HashMap<String, Option<ParentRef>>,
}

impl<'s> Reader<'s> {
    /// Begins.
    #[must_use]
    pub fn new(schema: &'s Schema) -> Self {
        Self {
            schema,
            values: schema.fields.iter().map(|_| HashMap::new()).collect(),
            statuses: HashMap::new(),
            type_ids: HashMap::new(),
            parents: HashMap::new(),
        }
    }

    /// Reads an issue.
    #[must_use]
    pub fn read(&mut self, issue: &Issue) -> RemoteIssue {
        let fields = self.schema.fields.iter().zip(&mut self.values);
        let values: BTreeMap<String, RemoteValue> = fields
            .filter_map(|(field, known)| {
                let value = if is_shared(&field.kind) {
                    once(known, issue.raw(&field.id)?, || value_of(issue, field))
                } else {
                    value_of(issue, field)
                };
                (value != RemoteValue::None).then(|| (field.id.clone(), value))
            })
            .collect();
        let title = issue.field("summary");
        RemoteIssue {
            id: issue.id.clone(),
            key: issue.key.clone(),
            type_id: issue.raw("issuetype").map_or_else(String::new, |raw| {
                once(&mut self.type_ids, raw, || type_id(issue))
            }),
            title: title
                .as_ref()
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned(),
            parent: issue
                .raw("parent")
                .and_then(|raw| once(&mut self.parents, raw, || named_parent(issue)))
                .or_else(|| linked_parent(issue, self.schema)),
            status: issue.raw("status").map_or_else(no_status, |raw| {
                once(&mut self.statuses, raw, || status_of(issue))
            }),
            updated_at: issue.moment("updated"),
            created_at: issue.moment("created"),
            values,
        }
    }
}

/// What `known` has for a text, or what `read` makes of it.
fn once<T: Clone>(known: &mut HashMap<String, T>, raw: &str, read: impl FnOnce() -> T) -> T {
    if let Some(value) = known.get(raw) {
        return value.clone();
    }
    let value = read();
    known.insert(raw.to_owned(), value.clone());
    value
}

/// Whether many issues hold the same in a field of this kind, and to the letter.
fn is_shared(kind: &RemoteKind) -> bool {
    matches!(
        kind,
        RemoteKind::SingleSelect
            | RemoteKind::MultiSelect
            | RemoteKind::Cascading
            | RemoteKind::Person
            | RemoteKind::People
            | RemoteKind::Groups
            | RemoteKind::Version
            | RemoteKind::Versions
            | RemoteKind::Components
            | RemoteKind::Sprint
            | RemoteKind::Team
            | RemoteKind::Project
    )
}

fn type_id(issue: &Issue) -> String {
    let found = issue.brief("issuetype");
    let id = found.as_ref().and_then(|kind| kind.get("id"));
    id.and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn status_of(issue: &Issue) -> RemoteStatus {
    let found = issue.brief("status").and_then(|found| jira::status(&found));
    found.as_ref().map_or_else(no_status, status)
}

fn no_status() -> RemoteStatus {
    RemoteStatus {
        id: String::new(),
        name: String::new(),
        category: StatusCategory::Open,
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

/// The parent by the field that newer sites have.
fn named_parent(issue: &Issue) -> Option<ParentRef> {
    let parent = issue.brief("parent")?;
    let text = |member| parent.get(member).and_then(Json::as_str).map(str::to_owned);
    text("id")
        .map(ParentRef::Id)
        .or_else(|| text("key").map(ParentRef::Key))
}

/// The parent by the fields that older sites have for it: the Epic Link, else the Parent Link, both of which
/// hold a key.
fn linked_parent(issue: &Issue, schema: &Schema) -> Option<ParentRef> {
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
