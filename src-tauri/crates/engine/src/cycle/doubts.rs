//! What came of changes of ours that nobody answered.
//!
//! It is settled once their issues are read, and before anything is decided about these: what Jira says may be our own doing.
//! Taken for news it would undo here what somebody changed, or took back, since it was sent.

use super::Cycle;
use super::between::Aftermath;
use super::parent::{self, PARENT};
use super::pull::Pair;
use super::send::journal;
use crate::error::EngineError;
use crate::problem::Problem;
use crate::rich::is_same_value;
use crate::run::{Ground, Known, Twins};
use jiff::Timestamp;
use std::collections::BTreeMap;
use store::due::Due;
use store::link::Link;
use store::run::Reason;
use store::run_row::{RowState, RunRow};
use store::{RunId, StoreError, WriteTx};
use sync::plan::Action;

/// How often a history that Jira cannot tell is asked for, before it is done without.
const HISTORY_MAX: u32 = 5;

/// What the histories of issues say, or why they could not be asked.
type Aftermaths = BTreeMap<String, Result<Aftermath, Reason>>;

impl Cycle {
    /// Settles what came of changes of ours to issues that a run has just read. Those of which the site cannot say it are
    /// left out of the run, with the reason.
    pub(super) async fn settle_doubts(&self, run: RunId, due: &[Due]) -> Result<(), EngineError> {
        let doubts = self.doubts(due).await?;
        if doubts.is_empty() {
            return Ok(());
        }
        let ids: Vec<String> = doubts
            .iter()
            .map(|(_, due)| due.remote_id.clone())
            .collect();
        let aftermaths = self.aftermaths(doubts).await?;
        let (ground, now) = (self.ground.clone(), self.clock.now());
        self.store
            .write(move |tx| {
                let rows = store::run_row::by_remote_ids(tx, run, &ids)?;
                let mut known = Known::load(tx, &ground)?;
                let mut untold = Vec::new();
                for due in store::due::of(tx, ground.integration.id, &ids)? {
                    let row = rows.get(&due.remote_id);
                    let row = row.filter(|row| row.state == RowState::Read);
                    match row.zip(aftermaths.get(&due.remote_id)) {
                        Some((row, Err(why))) => untold.push((row.seq, why.clone())),
                        Some((row, Ok(aftermath))) => {
                            let read = (run, row);
                            settle(tx, (&ground, &mut known), &due, read, (aftermath, now))?;
                        }
                        None => {}
                    }
                }
                store::run_row::mark_excluded(tx, run, &untold)
            })
            .await?;
        Ok(())
    }

    /// The issues of which it is not known what came of a change of ours, with their pairs as they were when that was sent.
    async fn doubts(&self, due: &[Due]) -> Result<Vec<(Link, Due)>, EngineError> {
        let doubtful = due.iter().filter(|due| !due.sent.is_empty());
        let mut sent: BTreeMap<String, Due> = doubtful
            .map(|due| (due.remote_id.clone(), due.clone()))
            .collect();
        if sent.is_empty() {
            return Ok(Vec::new());
        }
        let connection = self.ground.connection_id();
        let doubts = self.store.read(move |read| {
            let ids: Vec<&String> = sent.keys().collect();
            let links = store::link::by_remote_ids(read, connection, &ids)?;
            let doubts = links.into_iter();
            Ok(doubts
                .filter_map(|(id, link)| Some((link, sent.remove(&id)?)))
                .collect())
        });
        Ok(doubts.await?)
    }

    /// What the histories of these issues say of changes of ours.
    async fn aftermaths(&self, doubts: Vec<(Link, Due)>) -> Result<Aftermaths, EngineError> {
        let mut found = Aftermaths::new();
        for (link, due) in doubts {
            let told = match self.aftermath(&link, due.sent.keys().copied()).await {
                Ok(aftermath) => Ok(aftermath),
                Err(error) => {
                    let error = self.remote.client().of_one(error).await?;
                    match due.attempts < HISTORY_MAX {
                        true => Err(Reason::from(&Problem::from(&EngineError::from(error)))),
                        // The issue itself can be read, and says whether the change has arrived.
                        false => Ok(Aftermath::default()),
                    }
                }
            };
            found.insert(link.remote_id, told);
        }
        Ok(found)
    }
}

/// Settles what came of a change of ours, unless that is not to be told from what was read: it is older than what is known
/// already, or the issue takes no part any more.
fn settle(
    tx: &WriteTx<'_>,
    (ground, known): (&Ground, &mut Known),
    due: &Due,
    (run, row): (RunId, &RunRow),
    (aftermath, now): (&Aftermath, Timestamp),
) -> Result<(), StoreError> {
    let Some((_, Some(issue))) = store::run_row::get(tx, run, row.seq)? else {
        return Ok(());
    };
    known.look_up(tx, ground.connection_id(), std::iter::once(&issue))?;
    let twins = Twins::load(tx, ground, run, &[&issue])?;
    let decision = twins.decide(ground, known, &issue).decision;
    if twins.is_outdated(&issue) || matches!(decision.action, Action::Skip(_)) {
        return Ok(());
    }
    let Some(mut pair) = Pair::load(tx, ground, &due.remote_id)? else {
        return Ok(());
    };
    for field in due.sent.keys().filter(|field| **field != PARENT) {
        if let Some(told) = decision.observed.get(field) {
            pair.remotes.insert(*field, told.clone());
        }
    }
    parent::note(tx, ground, &mut pair, row)?;
    arrived(tx, ground, &mut pair, due, (aftermath, now))?;
    store::due::set_known(tx, ground.integration.id, &due.remote_id)
}

/// Where Jira says what was sent, both sides agree on it, though nobody told that it arrived; of a list, on each entry of
/// which it does. What its history says was somebody else's doing is news, and no answer.
fn arrived(
    tx: &WriteTx<'_>,
    ground: &Ground,
    pair: &mut Pair,
    due: &Due,
    (aftermath, now): (&Aftermath, Timestamp),
) -> Result<(), StoreError> {
    let (known, doubtful): (Vec<_>, Vec<_>) =
        (due.sent.iter()).partition(|(field, _)| due.arrived.contains(field));
    let before = Pair {
        remotes: pair.bases.clone(),
        ..pair.clone()
    };
    let mut ours = Vec::new();
    for (field, sent) in doubtful {
        let Some(told) = pair.remotes.get(field).cloned() else {
            continue;
        };
        let base = pair.bases.get(field);
        let agreed = match is_same_value(&told, sent) {
            true if aftermath.theirs.contains(field) => None,
            true => Some(told.clone()),
            false => ground.planner.arrived(*field, base, sent, &told),
        };
        let Some(agreed) = agreed else { continue };
        // That the value stands there may be anybody's doing; that ours took its place, the history says.
        if aftermath.ours.contains_key(field) {
            ours.push((*field, told.clone()));
        }
        if *field == PARENT {
            parent::agree(tx, pair.link.id, &told)?;
        } else {
            store::link_field::set(tx, pair.link.id, [(*field, Some(&agreed), &told)])?;
        }
        pair.bases.insert(*field, agreed);
    }
    journal(tx, ground, &before, &ours, (aftermath, now))?;
    // What is known to have arrived stands in the journal already; what somebody had written a moment before does not.
    let replaced = known
        .into_iter()
        .filter(|(field, _)| aftermath.is_overtaking(**field));
    let replaced: Vec<_> = replaced
        .map(|(field, sent)| (*field, sent.clone()))
        .collect();
    journal(tx, ground, &before, &replaced, (aftermath, now))
}
