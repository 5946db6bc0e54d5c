//! Small values inside fields.

use serde_json::Value;

use super::{ParentRef, ParentVia};
use crate::ids::{IssueId, IssueKey};

/// One thing chosen of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its id; `None` for a bare text.
    pub id: Option<String>,
    /// Its name for people.
    pub label: String,
}

/// A choice and the choice below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CascadingChoice {
    /// The upper one.
    pub parent: Choice,
    /// The lower one, when one was made.
    pub child: Option<Choice>,
}

impl Choice {
    /// Reads an option, a group, a team, a version, or a bare text or number.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        if let Some(label) = scalar(value) {
            return Some(Self { id: None, label });
        }
        let part = |name: &str| value.get(name).and_then(scalar);
        let id = part("id").or_else(|| part("groupId"));
        let label = part("value")
            .or_else(|| part("displayName"))
            .or_else(|| part("name"))
            .or_else(|| part("title"))
            .or_else(|| part("key"))
            .or_else(|| id.clone())?;
        Some(Self { id, label })
    }
}

pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads what names the issue above: an object, a bare key, or (Parent Link) an object within one.
pub(super) fn parent(value: &Value, via: ParentVia) -> Option<ParentRef> {
    if let Value::String(key) = value {
        return (!key.is_empty()).then(|| ParentRef {
            id: None,
            key: Some(IssueKey::new(key.as_str())),
            via,
        });
    }
    let object = value
        .get("data")
        .filter(|data| data.is_object())
        .unwrap_or(value);
    let id = object.get("id").and_then(scalar).map(IssueId::new);
    let key = object.get("key").and_then(scalar).map(IssueKey::new);
    (id.is_some() || key.is_some()).then_some(ParentRef { id, key, via })
}
