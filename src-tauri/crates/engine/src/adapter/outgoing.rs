//! What is to be written at Jira, in the shapes that it wants.

use crate::adapter::JiraRemote;
use crate::error::EngineError;
use jira::richtext::{adf_of_text, wiki_of_text};
use jira::{Edit, ListEdit, SiteKind};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use sync::plan::FieldWrite;
use sync::remote::{Choice, RemoteKind, RemoteValue, Role};
use workspace::{FieldKey, RichFormat, RichText};

/// An edit, and the fields that it has no shape for.
#[derive(Debug, Default)]
pub struct Outgoing {
    /// What to send.
    pub edit: Edit,
    /// Fields that cannot be sent this way.
    pub left: Vec<FieldKey>,
}

impl JiraRemote {
    /// Puts what is to be written into one edit of an issue.
    ///
    /// # Errors
    /// What Jira says while names of people are looked up.
    pub async fn outgoing(&self, writes: &[FieldWrite]) -> Result<Outgoing, EngineError> {
        let logins = logins(self, writes).await?;
        let mut outgoing = Outgoing::default();
        for write in writes {
            if !put(&mut outgoing.edit, self.client().kind(), write, &logins) {
                outgoing.left.push(write.field);
            }
        }
        Ok(outgoing)
    }
}

/// Data Center takes people by the name that they sign in with, which may change; we know them by the key that
/// does not.
pub(super) async fn logins(
    remote: &JiraRemote,
    writes: &[FieldWrite],
) -> Result<BTreeMap<String, String>, EngineError> {
    let mut logins = BTreeMap::new();
    if remote.client().is_cloud() {
        return Ok(logins);
    }
    for write in writes {
        if let RemoteValue::People(people) = &write.value {
            for person in people {
                let found = remote.client().user(&person.id).await?;
                if let Some(login) = found.and_then(|user| user.login) {
                    logins.insert(person.id.clone(), login);
                }
            }
        }
    }
    Ok(logins)
}

/// Puts one value into an edit; false if it has no shape there.
pub(super) fn put(
    edit: &mut Edit,
    site: SiteKind,
    write: &FieldWrite,
    logins: &BTreeMap<String, String>,
) -> bool {
    let id = write.remote.id.clone();
    if let Some(list) = list_edit(write) {
        if !list.add.is_empty() || !list.remove.is_empty() {
            edit.lists.push((id, list));
        }
        return true;
    }
    let value = match (&write.remote.kind, &write.value) {
        (RemoteKind::IssueLinks, _) => None,
        (RemoteKind::Person, RemoteValue::People(people)) => people.first().and_then(|person| {
            Some(match site {
                SiteKind::Cloud => json!({ "accountId": person.id }),
                SiteKind::DataCenter => json!({ "name": logins.get(&person.id)? }),
            })
        }),
        (RemoteKind::Number, value) if write.remote.role == Some(Role::OriginalEstimate) => {
            edit.fields
                .insert("timetracking".to_owned(), estimate(value));
            return true;
        }
        (kind, value) => shape(site, kind, value),
    };
    match value {
        Some(value) => {
            edit.fields.insert(id, value);
            true
        }
        None => false,
    }
}

/// The original estimate in whole minutes, as Jira reads times.
fn estimate(value: &RemoteValue) -> Json {
    match value {
        RemoteValue::Number(seconds) => {
            let minutes = (seconds / 60.0).round();
            json!({ "originalEstimate": format!("{minutes}m") })
        }
        _ => json!({ "originalEstimate": null }),
    }
}

/// Of a list only what comes and goes is said, so that what others added meanwhile stays.
fn list_edit(write: &FieldWrite) -> Option<ListEdit> {
    let ids = |value: &RemoteValue| -> Option<Vec<Json>> {
        match value {
            RemoteValue::Choices(choices) => Some(choices.iter().map(by_id).collect()),
            RemoteValue::Labels(words) => Some(words.iter().map(|word| json!(word)).collect()),
            RemoteValue::None => Some(Vec::new()),
            _ => None,
        }
    };
    let is_list = matches!(
        write.remote.kind,
        RemoteKind::MultiSelect
            | RemoteKind::Labels
            | RemoteKind::Versions
            | RemoteKind::Components
    );
    let (before, after) = (ids(&write.before)?, ids(&write.value)?);
    let without = |list: &[Json], other: &[Json]| -> Vec<Json> {
        let kept = list.iter().filter(|value| !other.contains(value));
        kept.cloned().collect()
    };
    is_list.then(|| ListEdit {
        add: without(&after, &before),
        remove: without(&before, &after),
    })
}

pub(super) fn by_id(choice: &Choice) -> Json {
    json!({ "id": choice.id })
}

pub(super) fn shape(site: SiteKind, kind: &RemoteKind, value: &RemoteValue) -> Option<Json> {
    Some(match (kind, value) {
        (_, RemoteValue::None) => Json::Null,
        (RemoteKind::RichText, RemoteValue::RichText(rich)) => document(site, rich)?,
        (RemoteKind::Text | RemoteKind::LongText, RemoteValue::Text(text)) => json!(text),
        (RemoteKind::Number, RemoteValue::Number(number)) => json!(number),
        (RemoteKind::Date, RemoteValue::Date(day)) => json!(day.to_string()),
        (RemoteKind::Link, RemoteValue::Link(address)) => json!(address),
        (RemoteKind::Text, RemoteValue::Link(address)) => json!(address),
        (RemoteKind::SingleSelect | RemoteKind::Version, RemoteValue::Choices(choices)) => {
            choices.first().map_or(Json::Null, by_id)
        }
        // A team is read as an object and written as its bare id; a sprint as its bare number.
        (RemoteKind::Team, RemoteValue::Choices(choices)) => json!(choices.first()?.id),
        (RemoteKind::Sprint, RemoteValue::Choices(choices)) => {
            json!(choices.first()?.id.parse::<u64>().ok()?)
        }
        _ => return None,
    })
}

/// Text with structure goes as it stands here, plain words in the notation of the site. What is written in the other
/// site's notation has no shape.
fn document(site: SiteKind, rich: &RichText) -> Option<Json> {
    match (site, rich.format) {
        (SiteKind::Cloud, RichFormat::Adf) => serde_json::from_str(&rich.source).ok(),
        (SiteKind::Cloud, RichFormat::Plain) => Some(adf_of_text(&rich.source)),
        (SiteKind::DataCenter, RichFormat::Wiki) => Some(json!(rich.source)),
        (SiteKind::DataCenter, RichFormat::Plain) => Some(json!(wiki_of_text(&rich.source))),
        (SiteKind::Cloud, RichFormat::Wiki) | (SiteKind::DataCenter, RichFormat::Adf) => None,
    }
}
