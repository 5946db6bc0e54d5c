//! What an issue is part of, in the shapes that Jira wants.
//!
//! Cloud has one field for it, whatever the levels. Data Center has three: the parent of a sub-task, which is said when the
//! issue is made and never again; the Epic Link of what stands below an epic; and the Parent Link of what stands higher.

use jira::{Edit, SiteKind};
use serde_json::{Map, Value as Json, json};
use sync::remote::{RemoteField, RemoteKind, Schema};

const EPIC_LINK: &str = "com.pyxis.greenhopper.jira:gh-epic-link";
const PARENT_LINK: &str = "com.atlassian.jpo:jpo-custom-field-parent";
const SUBTASK: i8 = -1;
const EPIC: i8 = 1;
/// By what Cloud names the parent when it complains of it.
const CLOUD_NAMES: [&str; 3] = ["parent", "parentId", "pid"];

/// The issue of an item above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentIssue {
    /// Its id.
    pub id: String,
    /// Its key.
    pub key: String,
    /// Level of its type; none where Jira does not tell, which is so above Data Center's epics.
    pub level: Option<i8>,
}

/// An issue that is to become part of another one, or of none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentMove<'m> {
    /// Id of its type.
    pub remote_type: &'m str,
    /// What it is part of; none for nothing, or where it is not known.
    pub from: Option<&'m ParentIssue>,
    /// What it is to be part of; none for nothing.
    pub to: Option<&'m ParentIssue>,
}

/// A move in Jira's shape, to go with an edit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParentEdit {
    fields: Map<String, Json>,
    no_parent: bool,
}

/// Why a move has no shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmovable {
    /// A sub-task is always part of something.
    SubtaskNeedsParent,
    /// Data Center moves a sub-task by hand only.
    SubtaskStays,
    /// The project lacks the field that would say it.
    NoField,
}

impl ParentEdit {
    /// Adds the move to an edit.
    pub fn put(&self, edit: &mut Edit) {
        edit.fields.extend(self.fields.clone());
        edit.no_parent |= self.no_parent;
    }

    /// Whether a refusal is about the move.
    #[must_use]
    pub fn is_refused(&self, error: &jira::Error) -> bool {
        let jira::Error::Rejected { fields, .. } = error else {
            return false;
        };
        let own = |id: &String| self.fields.contains_key(id);
        let named = |id: &String| CLOUD_NAMES.contains(&id.as_str());
        fields.keys().any(|id| own(id) || named(id))
    }
}

/// Puts a move into Jira's shape.
///
/// # Errors
/// Why it has none.
pub fn moved(
    schema: &Schema,
    site: SiteKind,
    wanted: &ParentMove<'_>,
) -> Result<ParentEdit, Unmovable> {
    let is_subtask = level(schema, wanted.remote_type) == Some(SUBTASK);
    if is_subtask && wanted.to.is_none() {
        return Err(Unmovable::SubtaskNeedsParent);
    }
    let mut edit = ParentEdit::default();
    if site == SiteKind::Cloud {
        match wanted.to {
            Some(parent) => {
                let parent = json!({ "id": parent.id });
                edit.fields.insert("parent".to_owned(), parent);
            }
            None => edit.no_parent = true,
        }
        return Ok(edit);
    }
    if is_subtask {
        return Err(Unmovable::SubtaskStays);
    }
    // What names an epic now may name something higher next: then the one is emptied as the other is filled.
    let before = match wanted.from {
        Some(parent) => link_field(schema, parent.level),
        None if wanted.to.is_none() => {
            let own = level(schema, wanted.remote_type);
            link_field(schema, own.map(|own| own + 1))
        }
        None => None,
    };
    if let Some(field) = before {
        edit.fields.insert(field.id.clone(), Json::Null);
    }
    if let Some(parent) = wanted.to {
        let field = link_field(schema, parent.level).ok_or(Unmovable::NoField)?;
        edit.fields.insert(field.id.clone(), json!(parent.key));
    }
    if edit.fields.is_empty() {
        return Err(Unmovable::NoField);
    }
    Ok(edit)
}

/// Says what an issue that is made is part of; false if the project has no field for it.
pub(super) fn put_parent(
    fields: &mut Map<String, Json>,
    schema: &Schema,
    remote_type: &str,
    parent: &ParentIssue,
    site: SiteKind,
) -> bool {
    if site == SiteKind::Cloud || level(schema, remote_type) == Some(SUBTASK) {
        fields.insert("parent".to_owned(), json!({ "id": parent.id }));
        return true;
    }
    match link_field(schema, parent.level) {
        Some(field) => {
            fields.insert(field.id.clone(), json!(parent.key));
            true
        }
        None => false,
    }
}

/// The field of Data Center that names a parent on some level.
fn link_field(schema: &Schema, parent: Option<i8>) -> Option<&RemoteField> {
    let kind = if parent == Some(EPIC) {
        EPIC_LINK
    } else {
        PARENT_LINK
    };
    let is_it = |field: &&RemoteField| matches!(&field.kind, RemoteKind::Unsupported(custom) if custom == kind);
    schema.fields.iter().find(is_it)
}

fn level(schema: &Schema, remote_type: &str) -> Option<i8> {
    let mut types = schema.types.iter();
    types.find(|found| found.id == remote_type)?.level
}

#[cfg(test)]
mod tests;
