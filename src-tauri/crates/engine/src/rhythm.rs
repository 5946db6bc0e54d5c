//! Keeping in step by itself: a task that lets each integration's cycles follow one another, quickly while something
//! happens or somebody looks, slowly while nothing does, and not at all where somebody has to do something first.
//!
//! Nothing of it is kept in the database. What is to do stands on the list (`store::due`) and at the site.

mod pace;

use crate::cycle::CycleReport;
use crate::error::EngineError;
use crate::problem::Problem;
use crate::run::{is_import_under_way, lock, wait_asked};
use crate::{Engine, EngineEvent, Topic};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use jiff::Timestamp;
use pace::Beat;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use store::comparison::Comparison;
use store::connection::ConnectionState;
use store::fuse::Fuse;
use store::{IntegrationId, Read, StoreError};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// What is known of every integration's cycles.
#[derive(Default)]
pub struct Rhythm {
    is_kept: AtomicBool,
    looked_at: Mutex<Option<Timestamp>>,
    beats: Mutex<BTreeMap<IntegrationId, Beat>>,
}

/// What keeps an integration from being kept in step, or that nothing does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Nothing.
    None,
    /// Its mapping is not complete, or nothing was ever imported or linked again.
    NotImported,
    /// Somebody lets it rest.
    Paused,
    /// Its connection was stopped: somebody has to do something there first.
    ConnectionStopped,
    /// An import is under way, or stands still.
    Import,
    /// A cycle would have changed unusually much, and waits for somebody.
    Fuse,
}

/// How an integration's keeping in step stands.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncState {
    /// The integration.
    pub integration: IntegrationId,
    /// What keeps it from being kept in step.
    pub hold: Hold,
    /// Whether this process keeps it in step by itself. A guest does not, nor does a single command.
    pub is_kept: bool,
    /// Whether a cycle is under way.
    pub is_under_way: bool,
    /// When the last cycle that went through ended; none since this process began.
    pub in_step_at: Option<Timestamp>,
    /// What it did.
    pub report: Option<CycleReport>,
    /// When the next one is due.
    pub next_at: Option<Timestamp>,
    /// Why the last one failed.
    pub problem: Option<Problem>,
    /// Pairs in force.
    pub linked: u64,
    /// Of these, those whose sides are not known to agree: something is to be sent, looked at, or decided.
    pub apart: u64,
    /// How far the comparison of everything has come.
    pub comparison: Comparison,
    /// Pairs taken up in the round of comparison that is under way.
    pub compared: u64,
    /// The cycle that would have changed unusually much.
    pub fuse: Option<Fuse>,
}

/// An integration that could be looked at.
struct Candidate {
    id: IntegrationId,
    hold: Hold,
    /// When the first issue may be looked at, or made.
    listed: Option<Timestamp>,
}

impl Rhythm {
    fn beats(&self) -> std::sync::MutexGuard<'_, BTreeMap<IntegrationId, Beat>> {
        lock(&self.beats)
    }

    /// Notes that a cycle began.
    pub fn began(&self, id: IntegrationId) {
        self.beats().entry(id).or_default().is_under_way = true;
    }

    /// Notes how a cycle ended.
    pub fn ended(
        &self,
        id: IntegrationId,
        outcome: &Result<CycleReport, EngineError>,
        now: Timestamp,
    ) {
        let mut beats = self.beats();
        let beat = beats.entry(id).or_default();
        match outcome {
            Ok(report) => beat.went_through(*report, now),
            Err(error) => beat.failed(Problem::from(error), wait_asked(error, now), now),
        }
    }

    /// Forgets that cycles failed: what was in the way is mended, as far as is known.
    pub fn mended(&self, id: IntegrationId) {
        let mut beats = self.beats();
        let beat = beats.entry(id).or_default();
        beat.failures = 0;
        beat.idle = 0;
        beat.problem = None;
    }

    fn is_well(&self, id: IntegrationId) -> bool {
        self.beats().get(&id).is_none_or(|beat| beat.failures == 0)
    }

    fn next(&self, candidate: &Candidate, now: Timestamp) -> Timestamp {
        let looked_at = *lock(&self.looked_at);
        let beat = self.beats().get(&candidate.id).cloned().unwrap_or_default();
        beat.next(candidate.listed, looked_at, now)
    }
}

impl Engine {
    /// Keeps every integration in step by itself from now on, until the engine is shut down. For hosts that stay; a
    /// guest, and whoever has asked already, asks in vain.
    pub fn keep_in_step(&self) {
        if !self.is_owner() || self.inner.rhythm.is_kept.swap(true, Ordering::SeqCst) {
            return;
        }
        let engine = self.clone();
        // Before the task is on its way: nothing that happens from here on is missed.
        let events = self.events();
        self.inner
            .tasks
            .spawn(async move { engine.keep_on(events).await });
    }

    /// Notes that somebody looks at the window: changes are looked for more often for a while.
    pub fn looked(&self) {
        let was = lock(&self.inner.rhythm.looked_at).replace(self.now());
        // The first look after a while is one that would like to see the present.
        if was.is_none() {
            self.tell(&[Topic::Sync]);
        }
    }

    /// Lets an integration rest, or go on. What is edited while it rests is kept, and sent afterwards.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn pause_integration(
        &self,
        id: IntegrationId,
        is_paused: bool,
    ) -> Result<(), EngineError> {
        self.inner
            .store
            .write(move |tx| {
                if store::integration::get(tx, id)?.is_none() {
                    return Ok(Err(EngineError::NotFound("integration")));
                }
                store::integration::set_paused(tx, id, is_paused)?;
                Ok(Ok(()))
            })
            .await??;
        if !is_paused {
            self.inner.rhythm.mended(id);
        }
        self.tell(&[Topic::Integrations, Topic::Sync]);
        Ok(())
    }

    /// How the keeping in step of each integration stands.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn sync_states(&self) -> Result<Vec<SyncState>, EngineError> {
        let found = self.inner.store.read(|read| {
            let mut found = Vec::new();
            for candidate in candidates(read)? {
                let linked = store::link::count_of_integration(read, candidate.id)?;
                let apart = store::due::apart(read, candidate.id)?;
                let comparison = store::comparison::get(read, candidate.id)?;
                let compared = match comparison.began_at {
                    Some(_) => store::comparison::taken_up(read, candidate.id, comparison.place)?,
                    None => 0,
                };
                let fuse = store::fuse::get(read, candidate.id)?;
                let fuse = fuse.filter(|fuse| !fuse.is_released);
                found.push((candidate, (linked, apart), (comparison, compared), fuse));
            }
            Ok(found)
        });
        let (found, now) = (found.await?, self.now());
        let rhythm = &self.inner.rhythm;
        let is_kept = rhythm.is_kept.load(Ordering::SeqCst);
        let states = found
            .into_iter()
            .map(|(candidate, counts, comparison, fuse)| {
                let next_at = self.next_of(&candidate, now);
                let beat = rhythm.beats().get(&candidate.id).cloned();
                let beat = beat.unwrap_or_default();
                SyncState {
                    integration: candidate.id,
                    hold: candidate.hold,
                    is_kept,
                    is_under_way: beat.is_under_way,
                    in_step_at: beat.in_step_at,
                    report: beat.report,
                    next_at: (is_kept && candidate.hold == Hold::None).then_some(next_at),
                    problem: beat.problem,
                    linked: counts.0,
                    apart: counts.1,
                    comparison: comparison.0,
                    compared: comparison.1,
                    fuse,
                }
            });
        Ok(states.collect())
    }

    async fn keep_on(&self, mut events: Receiver<EngineEvent>) {
        let stop = self.inner.stop.clone();
        let mut under_way = FuturesUnordered::new();
        let mut busy = BTreeSet::new();
        loop {
            let wake_at = match self.due_now(&busy).await {
                Ok((due, wake_at)) => {
                    for id in due {
                        busy.insert(id);
                        let engine = self.clone();
                        under_way.push(async move {
                            // How it ended is noted with the integration, and shown there.
                            let outcome = engine.sync_in_time(id).await;
                            tracing::debug!(id = id.0, worked = outcome.is_ok(), "a cycle ended");
                            id
                        });
                    }
                    wake_at
                }
                Err(error) => {
                    tracing::warn!(%error, "what is due cannot be told");
                    None
                }
            };
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                Some(id) = under_way.next(), if !under_way.is_empty() => { busy.remove(&id); }
                () = self.rest(wake_at) => {}
                () = heard(&mut events) => {}
            }
        }
    }

    /// The integrations to look at now, and when to ask again; none where only an event can change anything.
    async fn due_now(
        &self,
        busy: &BTreeSet<IntegrationId>,
    ) -> Result<(Vec<IntegrationId>, Option<Timestamp>), EngineError> {
        let candidates = self.inner.store.read(candidates).await?;
        let now = self.now();
        let (mut due, mut wake_at) = (Vec::new(), None::<Timestamp>);
        for candidate in candidates {
            if candidate.hold != Hold::None || busy.contains(&candidate.id) {
                continue;
            }
            let next = self.next_of(&candidate, now);
            if next <= now {
                due.push(candidate.id);
            } else {
                wake_at = Some(wake_at.map_or(next, |wake_at| wake_at.min(next)));
            }
        }
        Ok((due, wake_at))
    }

    fn next_of(&self, candidate: &Candidate, now: Timestamp) -> Timestamp {
        let next = self.inner.rhythm.next(candidate, now);
        // Somebody waits for everything to be compared: no rest but after a failure.
        let waits = self.inner.cycles.is_comparing(candidate.id);
        if waits && self.inner.rhythm.is_well(candidate.id) {
            return now;
        }
        next
    }

    async fn rest(&self, until: Option<Timestamp>) {
        match until {
            Some(until) => self.wait_until(until, &self.inner.stop).await,
            None => std::future::pending().await,
        }
    }
}

/// Resolves when something happened that may bring the next cycle forward.
async fn heard(events: &mut Receiver<EngineEvent>) {
    const WAKES: [Topic; 4] = [
        Topic::Connections,
        Topic::Integrations,
        Topic::Runs,
        Topic::Sync,
    ];
    loop {
        match events.recv().await {
            Ok(EngineEvent::Changed(topics)) if topics.iter().any(|it| WAKES.contains(it)) => {
                return;
            }
            Ok(_) => {}
            // What was missed may have been anything.
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

fn candidates(read: &Read<'_>) -> Result<Vec<Candidate>, StoreError> {
    let stopped: BTreeSet<_> = store::connection::list(read)?
        .into_iter()
        .filter(|connection| matches!(connection.state, ConnectionState::Stopped { .. }))
        .map(|connection| connection.id)
        .collect();
    let integrations = store::integration::list(read)?.into_iter();
    let candidates = integrations.map(|integration| {
        let id = integration.id;
        let hold = if integration.is_paused {
            Hold::Paused
        } else if is_import_under_way(read, id)? {
            Hold::Import
        } else if store::fuse::get(read, id)?.is_some_and(|fuse| !fuse.is_released) {
            Hold::Fuse
        } else if !store::link::is_any_of_integration(read, id)?
            && store::link::count_of_integration(read, id)? == 0
        {
            Hold::NotImported
        } else if stopped.contains(&integration.data.connection) {
            Hold::ConnectionStopped
        } else {
            Hold::None
        };
        let due = store::due::next_at(read, id)?;
        let unmade = store::create_intent::next_at(read, id)?;
        let listed = due.into_iter().chain(unmade).min();
        Ok(Candidate { id, hold, listed })
    });
    candidates.collect()
}

#[cfg(test)]
mod tests;
