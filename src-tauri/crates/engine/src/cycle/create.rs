//! Making issues of the items that somebody pushed, each at most once.
//!
//! A creation is not safe to repeat, and Jira has no call that makes an issue unless it is there. So:
//!
//! 1. Before the request leaves, the database says that it does, and with which marker. The marker is a property of the
//!    issue, written in the same call: there is no moment at which the issue exists without it.
//! 2. A good answer, or one that proves that nothing was made, settles it.
//! 3. Otherwise (no answer, a bad one, or the program ended) the issue is looked for. The issues that this account made
//!    in the project since are listed, and of those that are no item's the property is read.
//! 4. Only after no look found anything for [`ABSENT_AFTER`] the request is sent again, with the same marker.
//!
//! What is proven and what is not: an issue that is found by its marker is the one, because markers are never used
//! twice, and reading a property is never behind. That an issue is *absent* is not proven by a search that does not
//! find it: Jira's search learns of a new issue after seconds, under load after minutes, and a request may linger on its
//! way. Waiting makes it so improbable that somebody waiting for ever would be the greater harm. Whatever comes to
//! light after that, and while it is looked for, is caught where issues are read: none with the marker of an issue
//! that is missed becomes an item of its own (see [`claim`]).

use super::Cycle;
use crate::adapter::{Draft, JiraRemote, ParentIssue, Unread};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::push::{Candidates, PushChoices};
use crate::run::Ground;
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use store::create_intent::{CreateIntent, Sent};
use store::journal::{Change, Origin};
use store::link::{LinkState, NewLink, Seen};
use store::run::Reason;
use store::{CreateIntentId, Read, Store, StoreError, WriteTx};
use sync::push::{NewIssue, PushRefusal};
use sync::remote::{RemoteField, RemoteIssue};
use workspace::{FieldKey, SystemField, Value};

/// For how long an issue is looked for before it counts as never made.
pub(super) const ABSENT_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// How long after a doubt, and after each look, the next look is made.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(30);
/// How far the site's clock may be from this machine's, in looking for what was made since a moment.
const CLOCKS_APART: SignedDuration = SignedDuration::from_hours(24);
const STATUS: FieldKey = FieldKey::System(SystemField::Status);
/// Issues made at once.
const AT_ONCE: usize = 4;
/// Issues made ready at once.
const READY: u32 = 100;

/// An issue that is about to be made.
struct Creating {
    intent: CreateIntent,
    issue: NewIssue,
    parent: Option<ParentIssue>,
    told: BTreeMap<FieldKey, Value>,
}

impl Cycle {
    /// Settles what may have been made: finds it, or learns that it was not.
    pub(super) async fn look_for_made(&self) -> Result<(), EngineError> {
        let (id, now) = (self.integration(), self.clock.now());
        let missed = self
            .store
            .read(move |read| store::create_intent::doubtful(read, id))
            .await?;
        let first = missed.iter().filter_map(sent_at).min();
        let (Some(first), true) = (first, missed.iter().any(|intent| intent.next_at <= now)) else {
            return Ok(());
        };
        let data = &self.ground.integration.data;
        let zone = TimeZone::get(&self.ground.connection.data.time_zone);
        let since = first.saturating_sub(CLOCKS_APART).unwrap_or(first);
        let zone = zone.unwrap_or(TimeZone::UTC);
        let made = self
            .remote
            .made_since(&data.project_key, since, &zone)
            .await?;
        let found = found(&self.store, &self.remote, &self.ground, &missed, made).await?;
        // One that bears a mark which cannot be read may be it.
        let is_sure = found.unread.is_empty();
        for intent in missed {
            match found.by_marker.get(&intent.marker) {
                Some(issue) => {
                    match self.remote.key(issue).await? {
                        Some(key) => drop(self.made(intent.id, issue.clone(), key).await?),
                        // The search names it, and it cannot be read.
                        None => self.not_found(&intent, is_sure).await?,
                    }
                }
                None => self.not_found(&intent, is_sure).await?,
            }
        }
        Ok(())
    }

    /// A look did not find it: the next one may, or it was never made, if the look saw everything.
    async fn not_found(&self, intent: &CreateIntent, is_sure: bool) -> Result<(), EngineError> {
        let (intent, now) = (intent.clone(), self.clock.now());
        let Some(sent) = sent_at(&intent).filter(|_| intent.next_at <= now) else {
            return Ok(());
        };
        let absent = sent.saturating_add(ABSENT_AFTER).unwrap_or(now);
        self.store
            .write(move |tx| {
                let is_over = now >= absent;
                if is_over && is_sure {
                    return store::create_intent::set_unsent(tx, intent.id);
                }
                let again = now.saturating_add(LOOK_AGAIN).unwrap_or(now);
                let again = if is_over { again } else { again.min(absent) };
                store::create_intent::put_off(tx, intent.id, again)
            })
            .await?;
        Ok(())
    }

    /// Makes the issues whose turn it is, parents before what is part of them; gives how many were made.
    pub(super) async fn create(&self) -> Result<u64, EngineError> {
        let mut made = 0;
        loop {
            let (ready, seen) = self.ready().await?;
            if seen == 0 {
                return Ok(made);
            }
            let each = futures::stream::iter(ready)
                .map(|creating| self.create_one(creating))
                .buffer_unordered(AT_ONCE)
                .try_collect::<Vec<Option<String>>>();
            let new: Vec<String> = each.await?.into_iter().flatten().collect();
            made += new.len() as u64;
            self.agree_on_statuses(new).await?;
        }
    }

    /// An issue begins where its workflow does, whatever the status of its item: on that both sides agree, so that the
    /// item's own is a change made here and no conflict. Should the program end before that, a person is asked. An item
    /// without a status takes the issue's, as with any news.
    async fn agree_on_statuses(&self, new: Vec<String>) -> Result<(), EngineError> {
        if new.is_empty() || self.ground.mapping.statuses.is_empty() {
            return Ok(());
        }
        let none = |_: &RemoteField| false;
        let schema = &self.ground.schema;
        let (issues, _) = self.remote.issues(None, &new, schema, none).await?;
        let ground = self.ground.clone();
        self.store
            .write(move |tx| {
                let links = store::link::by_remote_ids(tx, ground.connection_id(), &new)?;
                for issue in &issues {
                    let mut statuses = ground.mapping.statuses.iter();
                    let mapped = statuses.find(|pair| pair.remote_status == issue.status.id);
                    if let (Some(link), Some(pair)) = (links.get(&issue.id), mapped) {
                        let held = store::item::value(tx, link.item, STATUS)?;
                        if held.is_none_or(|held| held.is_none()) {
                            continue;
                        }
                        let began = Value::options([pair.status]);
                        let agreed = [(STATUS, Some(&began), &began)];
                        store::link_field::set(tx, link.id, agreed)?;
                    }
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Those whose turn it is, and how many they were before those were parked that cannot be made as things stand.
    async fn ready(&self) -> Result<(Vec<Creating>, usize), EngineError> {
        let (ground, id, now) = (self.ground.clone(), self.integration(), self.clock.now());
        let next = self.store.read(move |read| {
            let next = store::create_intent::next(read, id, now, READY)?;
            let each = next.into_iter().map(|intent| {
                let creating = creating(read, &ground, &intent)?;
                Ok((intent.id, creating))
            });
            each.collect::<Result<Vec<_>, StoreError>>()
        });
        let next = next.await?;
        let seen = next.len();
        let mut ready = Vec::new();
        for (id, creating) in next {
            match creating {
                Ok(creating) => ready.push(creating),
                Err(problem) => self.create_failed(id, &problem, None, Made::No).await?,
            }
        }
        Ok((ready, seen))
    }

    /// Makes one issue and gives its id; none if it was not made, or nobody knows.
    async fn create_one(&self, creating: Creating) -> Result<Option<String>, EngineError> {
        let Creating {
            intent,
            issue,
            parent,
            mut told,
        } = creating;
        let data = &self.ground.integration.data;
        let draft = Draft {
            schema: &self.ground.schema,
            project_key: &data.project_key,
            remote_type: &issue.remote_type,
            parent: parent.as_ref(),
            writes: &issue.writes,
            filled: &issue.filled,
            marker: &intent.marker,
        };
        let drafted = match self.remote.drafted(&draft).await {
            Err(EngineError::Jira(error)) => {
                self.create_refused(&intent, error, Made::No).await?;
                return Ok(None);
            }
            other => other?,
        };
        if !drafted.unfilled.is_empty() {
            let problem = required(&drafted.unfilled);
            self.create_failed(intent.id, &problem, None, Made::No)
                .await?;
            return Ok(None);
        }
        told.retain(|field, _| !drafted.left.contains(field));
        let sent = Sent {
            at: self.clock.now(),
            told,
            parent: issue.parent,
        };
        let id = intent.id;
        // Before it leaves: whoever finds this knows that there may be an issue.
        let noted = self
            .store
            .write(move |tx| match store::create_intent::get(tx, id)? {
                Some(_) => store::create_intent::set_sent(tx, id, &sent).map(|()| true),
                // Somebody took it back.
                None => Ok(false),
            });
        if !noted.await? {
            return Ok(None);
        }
        match self.remote.client().create_issue(&drafted.new).await {
            Ok(created) => {
                let linked = self.made(id, created.id.clone(), created.key).await?;
                Ok(linked.then_some(created.id))
            }
            Err(error) => {
                let made = if error.leaves_doubt() {
                    Made::Perhaps
                } else {
                    Made::No
                };
                self.create_refused(&intent, error, made).await?;
                Ok(None)
            }
        }
    }

    async fn made(
        &self,
        id: CreateIntentId,
        remote_id: String,
        key: String,
    ) -> Result<bool, EngineError> {
        let (ground, now) = (self.ground.clone(), self.clock.now());
        let linked = self
            .store
            .write(move |tx| link(tx, &ground, id, &remote_id, &key, now));
        Ok(linked.await?)
    }

    async fn create_refused(
        &self,
        intent: &CreateIntent,
        error: jira::Error,
        made: Made,
    ) -> Result<(), EngineError> {
        if matches!(error, jira::Error::Auth(_) | jira::Error::Paused { .. }) {
            let id = intent.id;
            self.store
                .write(move |tx| store::create_intent::set_unsent(tx, id))
                .await?;
            return Err(error.into());
        }
        let again = if made == Made::Perhaps {
            Some(LOOK_AGAIN)
        } else if error.is_transient() {
            Some(super::send::back_off(intent.attempts))
        } else {
            None
        };
        let again = again.and_then(|wait| self.clock.now().checked_add(wait).ok());
        let problem = self.told_by_name(&error);
        let problem = problem.unwrap_or_else(|| Problem::from(&EngineError::from(error.clone())));
        self.create_failed(intent.id, &problem, again, made).await?;
        self.goes_on(&error).await
    }

    /// What Jira has against single fields, with their names in place of their ids.
    fn told_by_name(&self, error: &jira::Error) -> Option<Problem> {
        let jira::Error::Rejected { fields, .. } = error else {
            return None;
        };
        let name = |id: &str| {
            let mut all = self.ground.schema.fields.iter();
            let found = all.find(|field| field.id == id);
            found.map_or_else(|| id.to_owned(), |field| field.name.clone())
        };
        let told = fields
            .iter()
            .map(|(id, what)| format!("{}: {what}", name(id)));
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| Problem::new("jira_rejected").with("messages", told.join(" ")))
    }

    async fn create_failed(
        &self,
        id: CreateIntentId,
        problem: &Problem,
        again: Option<Timestamp>,
        made: Made,
    ) -> Result<(), EngineError> {
        let reason = Reason {
            detail: problem.detail_text(),
            code: problem.code.clone(),
        };
        self.store
            .write(move |tx| {
                if store::create_intent::get(tx, id)?.is_none() {
                    return Ok(());
                }
                if made == Made::No {
                    store::create_intent::set_unsent(tx, id)?;
                }
                store::create_intent::set_failed(tx, id, &reason, again)
            })
            .await?;
        Ok(())
    }
}

/// Whether an issue was made though no good answer says so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    No,
    Perhaps,
}

/// Issues that were just read: those of them that are missed, because nobody answered when they were made, are linked
/// with their items before anything else is made of them. Gives those of which the site cannot say now whether they are: of
/// these nothing is to be made.
///
/// Whoever reads an issue has asked after it was made, and it was noted here before that. So an issue that was made for
/// an item is linked with that item, or noted as missed, when it is read: it never becomes another item.
///
/// # Errors
/// What Jira or the database says.
pub async fn claim(
    store: &Store,
    remote: &JiraRemote,
    ground: &std::sync::Arc<Ground>,
    issues: &[RemoteIssue],
) -> Result<BTreeMap<String, Unread>, EngineError> {
    let id = ground.integration.id;
    let missed = store
        .read(move |read| store::create_intent::doubtful(read, id))
        .await?;
    let Some(first) = missed.iter().filter_map(sent_at).min() else {
        return Ok(BTreeMap::new());
    };
    let since = first.saturating_sub(CLOCKS_APART).unwrap_or(first);
    let recent = issues
        .iter()
        .filter(|issue| issue.created_at.is_none_or(|at| at >= since));
    let recent = recent.map(|issue| issue.id.clone()).collect();
    let found = found(store, remote, ground, &missed, recent).await?;
    for intent in missed {
        let issue = found.by_marker.get(&intent.marker);
        let issue = issue.and_then(|id| issues.iter().find(|issue| issue.id == *id));
        if let (Some(issue), Some(at)) = (issue, sent_at(&intent)) {
            let (ground, issue) = (ground.clone(), (issue.id.clone(), issue.key.clone()));
            store
                .write(move |tx| link(tx, &ground, intent.id, &issue.0, &issue.1, at))
                .await?;
        }
    }
    Ok(found.unread)
}

fn sent_at(intent: &CreateIntent) -> Option<Timestamp> {
    intent.sent.as_ref().map(|sent| sent.at)
}

/// Issues that bear the marker of one that is missed.
#[derive(Default)]
struct Marked {
    /// Their ids, by marker.
    by_marker: BTreeMap<String, String>,
    /// Those of which the site could not say it, though it answers otherwise.
    unread: BTreeMap<String, Unread>,
}

/// Which of some issues bear the marker of one that is missed. Issues that are linked are no such.
async fn found(
    store: &Store,
    remote: &JiraRemote,
    ground: &Ground,
    missed: &[CreateIntent],
    mut issues: Vec<String>,
) -> Result<Marked, EngineError> {
    let connection = ground.connection_id();
    let issues = store.read(move |read| {
        let linked = store::link::by_remote_ids(read, connection, &issues)?;
        issues.retain(|id| !linked.contains_key(id));
        Ok(issues)
    });
    let mut found = Marked::default();
    for issue in issues.await? {
        if found.by_marker.len() == missed.len() {
            break;
        }
        let marker = match remote.marker(&issue).await {
            Err(EngineError::Jira(error)) => {
                let error = remote.client().of_one(error).await?;
                found.unread.insert(issue, Unread::Unanswered(error));
                continue;
            }
            other => other?,
        };
        let is_missed = |marker: &String| missed.iter().any(|intent| intent.marker == *marker);
        if let Some(marker) = marker.filter(is_missed) {
            found.by_marker.insert(marker, issue);
        }
    }
    Ok(found)
}

/// Makes the pair of an item and the issue that was made of it: both sides agree on what was sent, and the issue is
/// read once more. False if that is settled already.
fn link(
    tx: &WriteTx<'_>,
    ground: &Ground,
    id: CreateIntentId,
    remote_id: &str,
    key: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(intent) = store::create_intent::get(tx, id)? else {
        return Ok(false);
    };
    store::create_intent::delete(tx, id)?;
    let connection = ground.connection_id();
    let pairs = store::link::by_item(tx, intent.item)?;
    let is_linked =
        |link: &store::link::Link| link.connection == connection && link.state == LinkState::Linked;
    let is_taken = !store::link::by_remote_ids(tx, connection, &[remote_id])?.is_empty();
    if is_taken || pairs.iter().any(is_linked) {
        // Somebody linked one of the two by hand meanwhile: that stands.
        return Ok(false);
    }
    let sent = intent.sent;
    let (told, parent) = sent.map_or_else(Default::default, |sent| (sent.told, sent.parent));
    let new = NewLink {
        item: intent.item,
        integration: intent.integration,
        connection,
        remote_id: remote_id.to_owned(),
        seen: Seen {
            key: key.to_owned(),
            remote_type: intent.remote_type,
            updated_at: None,
        },
        base_parent: parent,
        created_at: now,
    };
    let link = store::link::insert(tx, &new)?;
    let agreed = told.iter().map(|(field, told)| (*field, Some(told), told));
    store::link_field::insert(tx, link, agreed)?;
    super::release_parts(tx, intent.item, now)?;
    let made = [(intent.item, Change::Created)];
    store::journal::append_single(tx, Origin::Sent, &made, now)?;
    store::due::mark(tx, intent.integration, &[remote_id], now)?;
    Ok(true)
}

/// What is to be made, as things stand now, or why it cannot be.
fn creating(
    read: &Read<'_>,
    ground: &Ground,
    intent: &CreateIntent,
) -> Result<Result<Creating, Problem>, StoreError> {
    let wanted = [intent.item];
    let choices = PushChoices::default();
    let mut candidates = Candidates::load(read, ground, &wanted, &choices, Some(intent))?;
    if let Some(own) = candidates.all.get_mut(&intent.item) {
        own.answers = store::create_intent::answers(read, intent.id)?;
    }
    let rows = candidates.plan(ground, &wanted);
    let row = rows.into_iter().find(|row| row.item == intent.item);
    let issue = match row.map(|row| row.outcome) {
        Some(Ok(issue)) => issue,
        Some(Err(refusal)) => return Ok(Err(refused(&refusal))),
        None => return Ok(Err(Problem::new("push_refused"))),
    };
    if !issue.asked.is_empty() {
        let names: Vec<String> = issue.asked.iter().map(|field| field.name.clone()).collect();
        return Ok(Err(required(&names)));
    }
    let parent = issue
        .parent
        .and_then(|parent| candidates.links.get(&parent));
    if issue.parent.is_some() && parent.is_none() {
        // It was moved below an item that nobody pushed.
        let problem = Problem::new("push_refused");
        return Ok(Err(problem.with("reason", "its parent has no issue")));
    }
    let level = |id: &str| {
        ground
            .schema
            .types
            .iter()
            .find(|found| found.id == id)?
            .level
    };
    let parent = parent.map(|link| ParentIssue {
        id: link.remote_id.clone(),
        key: link.seen.key.clone(),
        level: level(&link.seen.remote_type),
    });
    let told = issue.writes.iter().map(|write| {
        let told = candidates.through(&ground.planner, intent.item, write.field);
        (write.field, told)
    });
    Ok(Ok(Creating {
        told: told.collect(),
        intent: intent.clone(),
        issue,
        parent,
    }))
}

fn required(names: &[String]) -> Problem {
    Problem::new("fields_required").with("fields", names.join(", "))
}

fn refused(refusal: &PushRefusal) -> Problem {
    let reason = match refusal {
        PushRefusal::TypeNotMapped => "its type is mapped to none of Jira's",
        PushRefusal::Linked | PushRefusal::LinkedElsewhere => "it has an issue",
        PushRefusal::Severed => "it is disconnected from its issue",
        PushRefusal::Waiting => "its issue is being made already",
        PushRefusal::ParentNeeded(_) => "its type needs a parent that is an issue",
        PushRefusal::Demands(fields) => return required(fields),
    };
    Problem::new("push_refused").with("reason", reason)
}
