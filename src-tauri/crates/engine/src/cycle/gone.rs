//! Issues that could not be read, or that are elsewhere: what became of them, on evidence.
//!
//! Absence is not deletion. An issue that is not there when it is asked for by its id alone may be deleted, or hidden by
//! a security level, or moved to a project that the account does not see; Jira answers all three alike. So:
//!
//! | what is found | what it is |
//! | --- | --- |
//! | Jira told that it was deleted, it is not there, and its project can be read | deleted: the pair is severed |
//! | it is not there, and its project can be read | out of reach: looked for again, ever more seldom |
//! | it is not there, nor can anything of its project be read | the project is out of reach |
//! | it is there when asked for alone, and in no answer to many | archived |
//! | it is there, in another project that is integrated | followed there |
//! | it is there, in a project that is not | as the integration's policy says |
//! | it is there and does not meet the filter, twice and some minutes apart | as the integration's policy says |
//!
//! How often and for how long an issue is not there is no evidence: a security level hides it for as long as anybody
//! likes. What is out of reach for long is shown to a person, who knows, or asks somebody who does.

use super::Cycle;
use super::pull::{Pair, UNREAD, later};
use crate::adapter::Unread;
use crate::error::EngineError;
use crate::run::Ground;
use crate::scope::effective_jql;
use crate::{Engine, Topic};
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::{SignedDuration, Timestamp};
use jira::jql;
use std::collections::{BTreeMap, BTreeSet};
use store::absence::{Absence, AbsenceState};
use store::due::Due;
use store::integration::OutOfScope;
use store::link::SeverReason;
use store::run_row::{RowState, RunRow};
use store::{ConnectionId, IntegrationId, Read, RunId, StoreError, WriteTx};

/// Issues asked for at once.
const AT_ONCE: usize = 8;
/// How long after a look in vain the next one is made: longer each time.
const LOOK_AGAIN_MIN: [i64; 5] = [1, 10, 60, 360, 1440];
/// How long after an issue was found outside the filter that is looked at once more: longer than the search lags behind.
const SCOPE_AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// How often it is looked at what is kept in step outside the project, of which no search of the project tells.
const STRAY_AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// Issues that are asked for to see whether anything of the project can be read.
const PROBES: u32 = 3;
/// Issues named in one filter.
const NAMED_MAX: usize = 100;

/// What a look for one issue found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It is there when asked for alone.
    Archived,
    /// It is not there, though its project can be read.
    Unseen,
    /// It is not there, nor can anything of its project be read.
    ProjectUnseen,
    /// It is in another project, which this integration keeps in step.
    Followed(IntegrationId),
    /// It is in a project that is not integrated.
    MovedAway,
    /// It does not meet the filter any more.
    OutOfScope,
    /// It meets the filter again.
    InScope,
    /// The site cannot answer for it, though it answers otherwise.
    Unanswered,
}

/// What was found of the issues of one pass that are not simply there.
pub(super) type Evidence = BTreeMap<String, Found>;

/// What has to be looked at more closely.
#[derive(Default)]
struct Suspects {
    /// Linked, and not read.
    unread: Vec<String>,
    /// Read, with a key of another project.
    moved: Vec<String>,
    /// Read, and found outside the filter before.
    strayed: Vec<String>,
    /// Others of the project, to see whether anything of it can be read.
    probes: Vec<String>,
}

impl Cycle {
    /// Puts those on the list again for which it is worth looking once more.
    pub(super) async fn look_again(&self) -> Result<(), EngineError> {
        let (id, now) = (self.integration(), self.clock.now());
        let again = self
            .store
            .read(move |read| store::absence::next(read, id, now, super::PASS))
            .await?;
        if again.is_empty() {
            return Ok(());
        }
        self.store
            .write(move |tx| store::due::mark(tx, id, &again, now))
            .await?;
        Ok(())
    }

    /// Looks closely at those of the pass that were not read, or that are elsewhere. Asks nothing where there are none.
    pub(super) async fn evidence(&self, run: RunId, due: &[Due]) -> Result<Evidence, EngineError> {
        let (ground, due) = (self.ground.clone(), due.to_vec());
        let suspects = self
            .store
            .read(move |read| suspects(read, &ground, run, &due))
            .await?;
        let mut evidence = Evidence::new();
        self.look_for_unread(&suspects, &mut evidence).await?;
        self.look_for_moved(&suspects.moved, &mut evidence).await?;
        self.look_for_strayed(&suspects.strayed, &mut evidence)
            .await?;
        Ok(evidence)
    }

    async fn look_for_unread(
        &self,
        suspects: &Suspects,
        evidence: &mut Evidence,
    ) -> Result<(), EngineError> {
        if suspects.unread.is_empty() {
            return Ok(());
        }
        let client = self.remote.client();
        let alone: Vec<(String, Option<bool>)> =
            futures::stream::iter(suspects.unread.iter().cloned())
                .map(async |issue| {
                    // A 404 counts only from a site that has just told who we are, which the client sees to.
                    let is_there = match client.issue(&issue, &["updated"]).await {
                        Ok(found) => Some(found.is_some()),
                        Err(error) => client.of_one(error).await.map(|_| None)?,
                    };
                    Ok::<_, EngineError>((issue, is_there))
                })
                .buffer_unordered(AT_ONCE)
                .try_collect()
                .await?;
        let missing = if alone.iter().all(|(_, is_there)| *is_there != Some(false))
            || self.sees_project(suspects).await?
        {
            Found::Unseen
        } else {
            Found::ProjectUnseen
        };
        evidence.extend(alone.into_iter().map(|(issue, is_there)| {
            let found = match is_there {
                Some(true) => Found::Archived,
                Some(false) => missing,
                None => Found::Unanswered,
            };
            (issue, found)
        }));
        Ok(())
    }

    /// Whether the project can be read: it answers, its issues may be browsed, and others of them are there.
    async fn sees_project(&self, suspects: &Suspects) -> Result<bool, EngineError> {
        let client = self.remote.client();
        let project_id = &self.ground.integration.data.project_id;
        let project = match client.project(project_id).await {
            Err(jira::Error::Permission { .. }) => None,
            other => other?,
        };
        let Some(project) = project else {
            return Ok(false);
        };
        let browse = ["BROWSE_PROJECTS"];
        let allowed = client.permissions(&browse, Some(&project.key)).await?;
        if !allowed.iter().all(|permission| permission.have) {
            return Ok(false);
        }
        for issue in &suspects.probes {
            match client.issue(issue, &["updated"]).await {
                Ok(Some(_)) => return Ok(true),
                Ok(None) => {}
                Err(error) => drop(client.of_one(error).await?),
            }
        }
        // Where no other one is linked, there is none to ask for.
        Ok(suspects.probes.is_empty())
    }

    async fn look_for_moved(
        &self,
        moved: &[String],
        evidence: &mut Evidence,
    ) -> Result<(), EngineError> {
        for issue in moved {
            let client = self.remote.client();
            let found = match client.issue(issue, &["project"]).await {
                Ok(Some(found)) => found,
                Ok(None) => continue,
                Err(error) => {
                    client.of_one(error).await?;
                    evidence.insert(issue.clone(), Found::Unanswered);
                    continue;
                }
            };
            let project = found.brief("project");
            let project = project.as_ref().and_then(|project| project.get("id"));
            let Some(project) = project.and_then(|id| id.as_str()) else {
                continue;
            };
            if *project == self.ground.integration.data.project_id {
                // The project has another key now; the issue is where it was.
                continue;
            }
            let (connection, project) = (self.ground.connection_id(), project.to_owned());
            let followed = self
                .store
                .read(move |read| integrated(read, connection, &project))
                .await?;
            let found = followed.map_or(Found::MovedAway, Found::Followed);
            evidence.insert(issue.clone(), found);
        }
        Ok(())
    }

    async fn look_for_strayed(
        &self,
        strayed: &[String],
        evidence: &mut Evidence,
    ) -> Result<(), EngineError> {
        let data = &self.ground.integration.data;
        let scope = effective_jql(&data.project_key, &data.jql, true);
        for some in strayed.chunks(NAMED_MAX) {
            let named = format!("id in ({})", some.join(", "));
            let filter = jql::all_of(&[&scope, &named]);
            let inside: BTreeSet<String> = match self.remote.changed(&filter).await {
                Ok(inside) => inside.into_keys().collect(),
                // One of them went just now, and the filter that names it with it: that is no evidence.
                Err(EngineError::Jira(jira::Error::Rejected { .. })) => continue,
                Err(error) => return Err(error),
            };
            evidence.extend(some.iter().map(|issue| {
                let found = if inside.contains(issue) {
                    Found::InScope
                } else {
                    Found::OutOfScope
                };
                (issue.clone(), found)
            }));
        }
        Ok(())
    }
}

impl Engine {
    /// Takes note that Jira told of the deletion of an issue. Whether it is so, the next cycle looks at.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn heard_deleted(
        &self,
        connection: ConnectionId,
        remote_id: &str,
    ) -> Result<(), EngineError> {
        let (issue, now) = (remote_id.to_owned(), self.now());
        self.inner
            .store
            .write(move |tx| hear_deleted(tx, connection, &issue, now))
            .await?;
        self.tell(&[Topic::Sync]);
        Ok(())
    }
}

/// Notes that an issue was heard to be deleted, if it is linked.
pub(super) fn hear_deleted(
    tx: &WriteTx<'_>,
    connection: ConnectionId,
    remote_id: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let linked = store::link::by_remote_ids(tx, connection, &[remote_id])?;
    let Some(integration) = linked.get(remote_id).and_then(|link| link.integration) else {
        return Ok(());
    };
    store::absence::hear_deleted(tx, integration, remote_id, now)?;
    store::due::mark(tx, integration, &[remote_id], now)
}

/// Notes that linked issues were found outside the filter; whether they stay there, a later look tells.
pub(super) fn stray(
    tx: &WriteTx<'_>,
    id: IntegrationId,
    outside: &[String],
    now: Timestamp,
) -> Result<(), StoreError> {
    let known = store::absence::of(tx, id, outside)?;
    for issue in outside.iter().filter(|issue| !known.contains_key(*issue)) {
        let again = now.saturating_add(SCOPE_AGAIN).unwrap_or(now);
        store::absence::set(tx, id, issue, AbsenceState::OutOfScope, now, again)?;
    }
    Ok(())
}

/// What follows from a look for a linked issue. Gives whether the pass is done with it.
pub(super) fn conclude(
    tx: &WriteTx<'_>,
    ground: &Ground,
    pair: &Pair,
    due: &Due,
    (before, found): (Option<&Absence>, Option<Found>),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let (id, issue) = (ground.integration.id, due.remote_id.as_str());
    let Some(found) = found else {
        // It is there, where it belongs: nothing that was said of it holds any more.
        if before.is_some_and(|before| before.state != AbsenceState::OutOfScope) {
            store::absence::clear(tx, id, &[issue])?;
            store::severing::withdraw(tx, pair.link.id)?;
        }
        return Ok(false);
    };
    let looks = before.map_or(0, |before| before.looks);
    let after = |minutes| {
        now.saturating_add(SignedDuration::from_mins(minutes))
            .unwrap_or(now)
    };
    let again = after(LOOK_AGAIN_MIN[(looks as usize).min(LOOK_AGAIN_MIN.len() - 1)]);
    let policy = || store::integration::out_of_scope(tx, id);
    match found {
        Found::Unanswered => {
            later(tx, id, due, &store::run::Reason::of(UNREAD), now)?;
            Ok(true)
        }
        Found::Unseen => {
            store::absence::set(tx, id, issue, AbsenceState::Unseen, now, again)?;
            if before.is_some_and(|before| before.heard_deleted) {
                store::severing::note(tx, pair.link.id, SeverReason::DeletedThere, now)?;
            }
            leave(tx, id, due, again)?;
            Ok(true)
        }
        Found::ProjectUnseen | Found::Archived => {
            let state = match found {
                Found::Archived => AbsenceState::Archived,
                _ => AbsenceState::ProjectUnseen,
            };
            store::absence::set(tx, id, issue, state, now, again)?;
            store::severing::withdraw(tx, pair.link.id)?;
            leave(tx, id, due, again)?;
            Ok(true)
        }
        Found::Followed(other) => {
            store::absence::clear(tx, id, &[issue])?;
            store::severing::withdraw(tx, pair.link.id)?;
            store::due::drop(tx, id, issue)?;
            store::link::set_integration(tx, pair.link.id, other)?;
            store::due::mark(tx, other, &[issue], now)?;
            Ok(true)
        }
        Found::MovedAway => {
            let again = now.saturating_add(STRAY_AGAIN).unwrap_or(now);
            store::absence::set(tx, id, issue, AbsenceState::MovedAway, now, again)?;
            stop(tx, pair, due, policy()?, SeverReason::MovedAway, now)
        }
        Found::InScope => {
            store::absence::clear(tx, id, &[issue])?;
            store::severing::withdraw(tx, pair.link.id)?;
            Ok(false)
        }
        Found::OutOfScope => {
            let policy = policy()?;
            let again = match policy {
                OutOfScope::Stop => now.saturating_add(SCOPE_AGAIN).unwrap_or(now),
                OutOfScope::Keep => after(LOOK_AGAIN_MIN[LOOK_AGAIN_MIN.len() - 1]),
            };
            store::absence::set(tx, id, issue, AbsenceState::OutOfScope, now, again)?;
            let since = before.map_or(now, |before| before.first_at);
            if now.duration_since(since) < SCOPE_AGAIN {
                return Ok(false);
            }
            stop(tx, pair, due, policy, SeverReason::OutOfScope, now)
        }
    }
}

/// Takes an issue out of reach off the list; one of which it is not known what came of a change stays on it, until it
/// is looked for again.
fn leave(
    tx: &WriteTx<'_>,
    id: IntegrationId,
    due: &Due,
    again: Timestamp,
) -> Result<(), StoreError> {
    if due.sent.is_empty() {
        return store::due::drop(tx, id, &due.remote_id);
    }
    let why = store::run::Reason::of(UNREAD);
    store::due::set_failed(tx, id, &due.remote_id, due.marks, &why, Some(again))
}

fn stop(
    tx: &WriteTx<'_>,
    pair: &Pair,
    due: &Due,
    policy: OutOfScope,
    reason: SeverReason,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match policy {
        OutOfScope::Keep => {
            store::severing::withdraw(tx, pair.link.id)?;
            Ok(false)
        }
        OutOfScope::Stop => {
            store::severing::note(tx, pair.link.id, reason, now)?;
            if let Some(id) = pair.link.integration {
                store::due::drop(tx, id, &due.remote_id)?;
            }
            Ok(true)
        }
    }
}

/// The integration of a project through a connection.
pub(crate) fn integrated(
    read: &Read<'_>,
    connection: ConnectionId,
    project_id: &str,
) -> Result<Option<IntegrationId>, StoreError> {
    let all = store::integration::list(read)?.into_iter();
    let mut of_project = all.filter(|integration| {
        integration.data.connection == connection && integration.data.project_id == project_id
    });
    Ok(of_project.next().map(|integration| integration.id))
}

fn suspects(
    read: &Read<'_>,
    ground: &Ground,
    run: RunId,
    due: &[Due],
) -> Result<Suspects, StoreError> {
    let id = ground.integration.id;
    let ids: Vec<&str> = due.iter().map(|due| due.remote_id.as_str()).collect();
    let rows = store::run_row::by_remote_ids(read, run, &ids)?;
    let links = store::link::by_remote_ids(read, ground.connection_id(), &ids)?;
    let absent = store::absence::of(read, id, &ids)?;
    let mut suspects = Suspects::default();
    for issue in ids {
        let is_ours = |link: &store::link::Link| link.integration == Some(id);
        if !links.get(issue).is_some_and(is_ours) {
            continue;
        }
        let row = rows.get(issue);
        if row.is_some_and(is_unanswered) {
            continue;
        }
        let row = row.filter(|row| is_read(row));
        let strayed = absent
            .get(issue)
            .is_some_and(|absence| absence.state == AbsenceState::OutOfScope);
        match row {
            None => suspects.unread.push(issue.to_owned()),
            Some(row) if !is_of(&row.remote_key, &ground.integration.data.project_key) => {
                suspects.moved.push(issue.to_owned());
            }
            Some(_) if strayed => suspects.strayed.push(issue.to_owned()),
            Some(_) => {}
        }
    }
    if !suspects.unread.is_empty() {
        suspects.probes = store::link::another(read, id, &suspects.unread, PROBES)?;
    }
    Ok(suspects)
}

/// Whether it is not known if the issue is there.
fn is_unanswered(row: &RunRow) -> bool {
    let mut reason = row.reason.iter();
    !is_read(row) && reason.any(|reason| reason.code != Unread::GONE)
}

fn is_read(row: &RunRow) -> bool {
    row.state != RowState::Excluded
}

/// Whether an issue's key is one of the project's.
fn is_of(key: &str, project: &str) -> bool {
    key.rsplit_once('-')
        .is_some_and(|(owner, _)| owner.eq_ignore_ascii_case(project))
}
