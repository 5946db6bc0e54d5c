//! What happened at Jira between the last look at an issue and a change of ours.
//!
//! Jira knows no edit on condition: whoever edits a field overwrites what others made of it a moment ago. So just before
//! a change is sent it is asked whether its issue is still as it was read; if not, it is read anew and decided anew. That
//! leaves some milliseconds, and of these the issue's own history tells afterwards: what a change of ours really took the
//! place of stands in the journal, as any other value that lost.

use super::Cycle;
use super::send::Sending;
use super::transition::STATUS;
use crate::error::EngineError;
use crate::run::{Ground, Known};
use jiff::Timestamp;
use jira::{FieldChange, History};
use std::collections::{BTreeMap, BTreeSet};
use store::connection::SiteKind;
use store::due::Due;
use store::link::{Link, Seen};
use store::{Read, StoreError, WriteTx};
use sync::convert::Lookup;
use sync::remote::{Choice, RemoteField, RemoteKind, RemotePerson, RemoteValue, Role};
use workspace::{FieldKey, RichFormat, RichText, Value};

/// What the history of an issue says of changes of ours that have arrived.
#[derive(Debug, Default)]
pub(super) struct Aftermath {
    /// When the issue last changed, as it says itself.
    pub updated: Option<Timestamp>,
    /// Our changes, by field.
    pub ours: BTreeMap<FieldKey, Ours>,
    /// Fields that others changed since, and we did not.
    pub theirs: BTreeSet<FieldKey>,
}

/// Whose change of a field the history tells.
enum Whose {
    Ours(Ours),
    Theirs,
}

/// A change of ours, as the history tells it.
#[derive(Debug)]
pub(super) struct Ours {
    item: FieldChange,
    /// Whether somebody else had changed the field since it was read.
    is_overtaking: bool,
}

impl Cycle {
    /// Of what is to be sent, that whose issues are as they were read. The others stay on the list, to be read anew; those
    /// of which the site cannot say it, after a while.
    pub(super) async fn unmoved(
        &self,
        ready: Vec<(Due, Sending)>,
    ) -> Result<Vec<(Due, Sending)>, EngineError> {
        if ready.is_empty() {
            return Ok(ready);
        }
        let ids: Vec<String> = ready.iter().map(|(due, _)| due.remote_id.clone()).collect();
        let client = self.remote.client();
        let found = client.current_bodies(&ids, &["updated"]).await?;
        let now: BTreeMap<&str, Timestamp> = (found.issues.iter())
            .filter_map(|issue| Some((issue.id.as_str(), issue.moment("updated")?)))
            .collect();
        let failed: BTreeMap<&str, &jira::Error> = (found.failed.iter())
            .map(|(id, error)| (id.as_str(), error))
            .collect();
        let (mut unmoved, mut moved) = (Vec::new(), Vec::new());
        for (due, sending) in ready {
            if let Some(error) = failed.get(due.remote_id.as_str()) {
                self.put_off(due, &crate::adapter::problem(error)).await?;
                continue;
            }
            let link = &sending.pair.link;
            // Of what cannot be read, sending says why.
            let at = now.get(due.remote_id.as_str()).copied();
            match at.filter(|at| is_other(link.seen.updated_at, *at)) {
                Some(at) => moved.push((link.clone(), at)),
                None => unmoved.push((due, sending)),
            }
        }
        if !moved.is_empty() {
            let (id, at) = (self.integration(), self.clock.now());
            self.store
                .write(move |tx| {
                    for (link, updated) in moved {
                        note_updated(tx, &link, updated)?;
                        store::due::mark(tx, id, &[&link.remote_id], at)?;
                    }
                    Ok(())
                })
                .await?;
        }
        Ok(unmoved)
    }

    /// What an issue's history says of changes of ours to some fields, since it was read.
    ///
    /// # Errors
    /// What Jira says.
    pub(super) async fn aftermath(
        &self,
        link: &Link,
        sent: impl Iterator<Item = FieldKey>,
    ) -> Result<Aftermath, jira::Error> {
        let history = self.remote.client().history(&link.remote_id).await?;
        let Some(history) = history else {
            return Ok(Aftermath::default());
        };
        let mut aftermath = Aftermath {
            updated: history.updated,
            ..Aftermath::default()
        };
        let Some(since) = link.seen.updated_at else {
            return Ok(aftermath);
        };
        for field in sent {
            match self.whose(since, &history, field) {
                Some(Whose::Ours(ours)) => drop(aftermath.ours.insert(field, ours)),
                Some(Whose::Theirs) => drop(aftermath.theirs.insert(field)),
                None => {}
            }
        }
        Ok(aftermath)
    }

    /// Who changed a field since it was read: our last change, if there is one.
    fn whose(&self, read_at: Timestamp, history: &History, field: FieldKey) -> Option<Whose> {
        let me = self.ground.connection.data.account_id.as_str();
        let remote = self.ground.remote_field(field);
        if remote.is_some_and(is_list) {
            return None;
        }
        let mut is_overtaking = false;
        let mut ours = None;
        for change in &history.changes {
            let is_since = change.at.is_some_and(|at| is_later(at, read_at));
            let mut items = change.items.iter().filter(|_| is_since);
            let Some(item) = items.find(|item| is_of(item, field, remote)) else {
                continue;
            };
            if change.author.as_ref().is_some_and(|who| who.id == me) {
                ours = Some((item, is_overtaking));
            }
            is_overtaking = true;
        }
        match ours {
            Some((item, is_overtaking)) => Some(Whose::Ours(Ours {
                item: item.clone(),
                is_overtaking,
            })),
            None => is_overtaking.then_some(Whose::Theirs),
        }
    }
}

impl Aftermath {
    /// Whether nothing of ours took the place of anybody's.
    pub(super) fn is_plain(&self) -> bool {
        !self.ours.values().any(|ours| ours.is_overtaking)
    }

    /// Whether a change of ours took the place of somebody's.
    pub(super) fn is_overtaking(&self, field: FieldKey) -> bool {
        (self.ours.get(&field)).is_some_and(|ours| ours.is_overtaking)
    }

    /// What is known here of the choices and people that were replaced.
    pub(super) fn known(&self, read: &Read<'_>, ground: &Ground) -> Result<Known, StoreError> {
        let mut known = Known::load(read, ground)?;
        let people = self.ours.iter().filter_map(|(field, ours)| {
            let remote = ground.remote_field(*field)?;
            let is_person = remote.kind == RemoteKind::Person;
            who(&ours.item).filter(|_| is_person)
        });
        known.look_up_people(read, &people.collect::<Vec<_>>())?;
        Ok(known)
    }
}

impl Ours {
    /// What the change took the place of, as it would be remembered here, if somebody had written that since the field
    /// was read.
    pub(super) fn replaced(
        &self,
        ground: &Ground,
        lookup: &dyn Lookup,
        field: FieldKey,
    ) -> Option<Value> {
        if !self.is_overtaking {
            return None;
        }
        let is_cloud = ground.connection.data.kind == SiteKind::Cloud;
        let mut value = said(ground.remote_field(field), &self.item, is_cloud);
        if let RemoteValue::Choices(choices) = &mut value {
            // Of several sprints the one that came last, as wherever they are read.
            let known = |choice: &Choice| lookup.option(field, &choice.id).is_some();
            let last = choices.iter().rposition(known);
            *choices = choices.drain(..).skip(last.unwrap_or(0)).take(1).collect();
        }
        let value = ground.planner.observed(field, &value, lookup);
        let words = self.item.from_text.as_deref().unwrap_or_default();
        if value.is_none() && !words.is_empty() {
            // A choice or a person that nobody knows here: at least by name.
            return Some(Value::Text(words.to_owned()));
        }
        Some(value)
    }
}

/// Notes that an issue has changed since it was read. An answer that is older than this says nothing.
pub(super) fn note_updated(
    tx: &WriteTx<'_>,
    link: &Link,
    updated: Timestamp,
) -> Result<(), StoreError> {
    let seen = Seen {
        updated_at: Some(updated),
        ..link.seen.clone()
    };
    store::link::set_seen(tx, link.id, &seen)
}

/// The database keeps milliseconds.
fn is_other(read_at: Option<Timestamp>, now: Timestamp) -> bool {
    read_at.is_some_and(|read_at| read_at.as_millisecond() != now.as_millisecond())
}

fn is_later(at: Timestamp, read_at: Timestamp) -> bool {
    at.as_millisecond() > read_at.as_millisecond()
}

/// Lists are told what to add and what to remove: nothing is replaced.
fn is_list(remote: &RemoteField) -> bool {
    matches!(
        remote.kind,
        RemoteKind::MultiSelect
            | RemoteKind::Labels
            | RemoteKind::Versions
            | RemoteKind::Components
            | RemoteKind::IssueLinks
    )
}

/// Whether a line of the history is about a field. Data Center names fields and tells no ids.
pub(super) fn is_of(item: &FieldChange, field: FieldKey, remote: Option<&RemoteField>) -> bool {
    let Some(remote) = remote else {
        return field == STATUS && item.field.as_deref().unwrap_or(&item.name) == "status";
    };
    if remote.role == Some(Role::OriginalEstimate) {
        // It is set as part of something larger, and told by itself.
        return item.field.as_deref().unwrap_or(&item.name) == "timeoriginalestimate";
    }
    if let Some(id) = &item.field {
        return *id == remote.id;
    }
    match remote.kind {
        // Each version or component is a line of its own, and a link belongs to no field.
        RemoteKind::Versions if item.name == "Fix Version" => remote.id == "fixVersions",
        RemoteKind::Versions if item.name == "Version" => remote.id == "versions",
        RemoteKind::Components => item.name == "Component",
        RemoteKind::IssueLinks => item.name == "Link",
        _ => item.name == remote.id || item.name == remote.name,
    }
}

/// Whom a line of the history says that a field held.
fn who(item: &FieldChange) -> Option<&str> {
    item.from_account.as_deref().or(item.from.as_deref())
}

/// What a line of the history says that a field held.
fn said(remote: Option<&RemoteField>, item: &FieldChange, is_cloud: bool) -> RemoteValue {
    let words = item.from_text.clone().unwrap_or_default();
    let id = item.from.clone().unwrap_or_default();
    if words.is_empty() && id.is_empty() {
        return RemoteValue::None;
    }
    match remote.map(|remote| &remote.kind) {
        Some(RemoteKind::Text | RemoteKind::LongText) => RemoteValue::Text(words),
        Some(RemoteKind::RichText) => RemoteValue::RichText(RichText {
            // Cloud's history tells a document in the old notation, which is no document any more.
            format: if is_cloud {
                RichFormat::Plain
            } else {
                RichFormat::Wiki
            },
            plain: words.clone(),
            source: words,
        }),
        Some(RemoteKind::Number) => words.parse().map_or(RemoteValue::None, RemoteValue::Number),
        Some(RemoteKind::Date) => id.parse().map_or(RemoteValue::None, RemoteValue::Date),
        Some(RemoteKind::Link) => RemoteValue::Link(words),
        Some(RemoteKind::Person) => RemoteValue::People(vec![RemotePerson {
            id: who(item).unwrap_or_default().to_owned(),
            name: words,
            email: None,
        }]),
        Some(RemoteKind::Sprint) => {
            let ids = id.split(',').map(|id| Choice {
                id: id.trim().to_owned(),
                ..Choice::default()
            });
            RemoteValue::Choices(ids.collect())
        }
        _ => RemoteValue::Choices(vec![Choice {
            id,
            name: words,
            ..Choice::default()
        }]),
    }
}
