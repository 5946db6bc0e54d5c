//! The task that works on a run until it stands still.

use super::apply::{Applier, Batch};
use super::ground::{CLOCKS_APART, Ground};
use super::read::Reader;
use super::{Planned, lock, undo};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::{Engine, Topic};
use jiff::{SignedDuration, Timestamp};
use jira::jql;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use store::run::{Reason, RunState};
use store::run_row::{Action, RunRow};
use store::{RowSeq, RunId};
use sync::remote::RemoteIssue;
use tokio_util::sync::CancellationToken;

/// Waits after a failure that may pass by itself; the last one repeats.
const BACK_OFF_S: [i64; 5] = [2, 5, 15, 30, 60];
/// A site under maintenance is asked again after this, whatever it says.
const UNAVAILABLE_MAX: SignedDuration = SignedDuration::from_secs(900);
/// A long wait looks at the clock this often.
const STEP: Duration = Duration::from_secs(20);
/// A plan older than this is compared with Jira before it is applied.
const FRESH_S: i64 = 60;
/// Progress is told at most this often.
const TELL_EVERY_MS: i64 = 100;
/// Payloads dropped in one transaction.
const DROP: u32 = 5000;
/// Rows compared with Jira in one transaction.
const RECHECK: u32 = 500;

/// The task of a run. However it ends, the run is not left as one that is worked on.
struct Task<'e> {
    engine: &'e Engine,
    run: RunId,
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        let (engine, run) = (self.engine.clone(), self.run);
        lock(&engine.inner.runs.active).remove(&run);
        engine.tell(&[Topic::Runs, Topic::App, Topic::Items, Topic::Integrations]);
        engine.drop_bodies();
        let tasks = engine.inner.tasks.clone();
        tasks.spawn(async move { engine.tell_now(run).await });
    }
}

impl Engine {
    /// Works on a run until it stands still. A failure that may pass by itself is waited out, visibly.
    pub(super) async fn drive(&self, run: RunId, stop: CancellationToken) {
        let _task = Task { engine: self, run };
        let Some(_alone) = self.alone_with(run, &stop).await else {
            return self.settle(run).await;
        };
        let mut failures = 0;
        while let Err(error) = self.until_stopped(run, &stop).await {
            let problem = Problem::from(&error);
            tracing::info!(run = run.0, code = problem.code, "a run met a problem");
            let transient = matches!(&error, EngineError::Jira(error) if error.is_transient());
            if !transient {
                self.stand_still(run, error).await;
                break;
            }
            if self.has_advanced(run) {
                failures = 0;
            }
            // Before anybody is told: the wait counts from here, however long the telling takes.
            let now = self.now();
            let until = now + wait_after(&error, failures, now);
            failures += 1;
            self.set_problem(run, Some(problem));
            self.tell_now(run).await;
            self.wait_until(until, &stop).await;
            self.set_problem(run, None);
            if stop.is_cancelled() {
                break;
            }
        }
        self.settle(run).await;
    }

    /// Waits until no cycle of the run's integration is under way, and keeps any from beginning: each would write over
    /// what the other has just read. None if the run is to stop meanwhile.
    async fn alone_with(
        &self,
        run: RunId,
        stop: &CancellationToken,
    ) -> Option<tokio::sync::OwnedMutexGuard<()>> {
        // A run that cannot be read stands still with the reason as soon as it is worked on.
        let integration = self.stored(run).await.ok()?.integration;
        tokio::select! {
            biased;
            () = stop.cancelled() => None,
            alone = self.inner.cycles.alone(integration) => Some(alone),
        }
    }

    /// Works on a run until it stands still or is to stop. Whatever is under way then is dropped: a request
    /// changes nothing in Jira, and a write is one transaction that happens or does not.
    async fn until_stopped(&self, run: RunId, stop: &CancellationToken) -> Result<(), EngineError> {
        tokio::select! {
            biased;
            () = stop.cancelled() => Ok(()),
            outcome = self.phases(run) => outcome,
        }
    }

    /// Waits in short steps: a machine that sleeps meanwhile, for which no time passes, does not come late.
    pub(crate) async fn wait_until(&self, until: Timestamp, stop: &CancellationToken) {
        loop {
            let left = Duration::try_from(until.duration_since(self.now())).unwrap_or_default();
            if left.is_zero() || stop.is_cancelled() {
                return;
            }
            let step = self.inner.clock.sleep(left.min(STEP));
            tokio::select! {
                () = step => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Makes of the run what somebody asked for while it was under way, and takes its task off the list: in
    /// this order, so that whoever waits for it to stop finds the state it asked for. Nobody can ask in between.
    async fn settle(&self, run: RunId) {
        let mut settled = None;
        loop {
            let then = {
                let mut active = lock(&self.inner.runs.active);
                let then = active.get(&run).and_then(|active| active.then);
                if then == settled {
                    active.remove(&run);
                    return;
                }
                then
            };
            let now = self.now();
            let written = self
                .inner
                .store
                .write(move |tx| {
                    let Some(stored) = store::run::get(tx, run)? else {
                        return Ok(());
                    };
                    match then {
                        _ if stored.state.is_final() => Ok(()),
                        // A plan that came to its end just then stands still already.
                        Some(RunState::Paused) if stored.state != RunState::Planned => {
                            store::run::pause(tx, run)
                        }
                        Some(RunState::Cancelled) => {
                            store::run::set_state(tx, run, RunState::Cancelled, now)
                        }
                        _ => Ok(()),
                    }
                })
                .await;
            if let Err(error) = written {
                tracing::warn!(%error, run = run.0, "a run could not be settled");
                lock(&self.inner.runs.problems).insert(run, Problem::from(&error.into()));
            }
            settled = then;
        }
    }

    /// Pauses a run because of something that does not pass by itself, and keeps the reason.
    async fn stand_still(&self, run: RunId, error: EngineError) {
        let stored = self
            .inner
            .store
            .read(move |read| store::run::get(read, run))
            .await;
        let error = match stored {
            Ok(Some(stored)) => match self.integration(stored.integration).await {
                Ok(view) => self.note(view.connection.id, error).await,
                Err(_) => error,
            },
            _ => error,
        };
        let problem = Problem::from(&error);
        let shown = problem.clone();
        self.set_problem(run, Some(problem.clone()));
        let kept = self
            .inner
            .store
            .write(move |tx| {
                let kept = Reason {
                    detail: problem.detail_text(),
                    code: problem.code,
                };
                store::run::set_problem(tx, run, Some(&kept))?;
                store::run::pause(tx, run)
            })
            .await;
        if let Err(error) = kept {
            tracing::warn!(%error, run = run.0, "a run's problem could not be kept");
            lock(&self.inner.runs.problems).insert(run, shown);
        }
    }

    async fn phases(&self, run: RunId) -> Result<(), EngineError> {
        let stored = self
            .inner
            .store
            .read(move |read| store::run::get(read, run))
            .await?;
        let stored = stored.ok_or(EngineError::NotFound("run"))?;
        match stored.state {
            RunState::Listing | RunState::Reading => self.read_and_plan(&stored).await,
            RunState::Applying => self.apply_all(&stored).await,
            RunState::Undoing => self.undo_all(run).await,
            _ => Ok(()),
        }
    }

    async fn read_and_plan(&self, stored: &store::run::Run) -> Result<(), EngineError> {
        let run = stored.id;
        let ground = Arc::new(Ground::read(&self.inner.store, stored.integration).await?);
        let remote = self.remote(ground.connection_id()).await?;
        // An empty answer to somebody whom Jira does not know would look like an empty project.
        remote.client().myself().await?;
        // Since the run was paused it may have become another.
        if !self.take_vetted(run) {
            self.same_project(stored.integration).await?;
        }
        self.set_run_state(run, RunState::Reading).await?;
        let engine = self.clone();
        let reader = Reader {
            store: self.inner.store.clone(),
            run,
            ground: ground.clone(),
            remote,
            jql: Some(stored.jql.clone()),
            moved: Arc::new(move || engine.moved(run)),
        };
        match reader.read().await {
            Err(EngineError::Jira(jira::Error::Rejected { messages, .. })) => {
                return Err(EngineError::JqlInvalid(messages));
            }
            other => other?,
        }
        super::plan::plan(&self.inner.store, run, &ground).await?;
        lock(&self.inner.runs.planned).remove(&run);
        self.count_plan(run).await?;
        self.set_run_state(run, RunState::Planned).await
    }

    async fn apply_all(&self, stored: &store::run::Run) -> Result<(), EngineError> {
        let run = stored.id;
        let ground = Arc::new(Ground::read(&self.inner.store, stored.integration).await?);
        self.count_plan(run).await?;
        self.recheck(stored, &ground).await?;
        let mut applier = Applier::new(&self.inner.store, run, ground).await?;
        while let Batch::Done(_) = applier.batch(self.now()).await? {
            self.moved(run);
        }
        applier.link(self.now()).await?;
        self.inner
            .store
            .write(move |tx| store::run_row::settle_rest(tx, run))
            .await?;
        // Before the run counts as done: what a killed run left to do, its next start does.
        while self
            .inner
            .store
            .write_step(move |tx| store::run_row::drop_payloads(tx, run, DROP))
            .await?
            > 0
        {}
        self.set_run_state(run, RunState::Done).await
    }

    /// Leaves out what is no longer as it was when the plan was made: nobody has seen what it would become.
    /// That is what Jira no longer finds by the filter (closed, moved, deleted), and what changed since.
    async fn recheck(
        &self,
        stored: &store::run::Run,
        ground: &Arc<Ground>,
    ) -> Result<(), EngineError> {
        let age = self.now().duration_since(stored.started_at);
        if age.as_secs() < FRESH_S {
            return Ok(());
        }
        let (run, remote) = (stored.id, self.remote(ground.connection_id()).await?);
        // An empty answer to somebody whom Jira does not know would look as if everything were gone.
        remote.client().myself().await?;
        let mut there = HashSet::new();
        let mut pages = remote.ids(&stored.jql, None);
        while let Some((ids, _)) = pages.next().await? {
            there.extend(ids);
        }
        self.skip_moved_on(run, move |row, _| !there.contains(&row.remote_id))
            .await?;
        // Our clock may go before the site's.
        let began = stored.started_at.saturating_sub(CLOCKS_APART);
        let since = ground.updated_since(began.unwrap_or(stored.started_at));
        let changed = remote.changed(&jql::all_of(&[&stored.jql, &since])).await?;
        let ms = |moment: Timestamp| moment.as_millisecond();
        self.skip_moved_on(run, move |row, issue| {
            let now = changed.get(&row.remote_id).copied();
            now.is_some_and(|now| issue.updated_at.map(ms) != Some(ms(now)))
        })
        .await
    }

    /// Passes over the rows still to be applied of which `is_other` says that their issue is another now.
    async fn skip_moved_on(
        &self,
        run: RunId,
        is_other: impl Fn(&RunRow, &RemoteIssue) -> bool + Send + Sync + 'static,
    ) -> Result<(), EngineError> {
        let is_other = Arc::new(is_other);
        let mut after = None;
        loop {
            let is_other = is_other.clone();
            let last = self
                .inner
                .store
                .write(move |tx| {
                    let rows = store::run_row::read_after(tx, run, after, RECHECK)?;
                    let other: Vec<(RowSeq, Reason)> = rows
                        .iter()
                        .filter(|(row, issue)| is_other(row, issue))
                        .map(|(row, _)| (row.seq, Reason::of("changed_in_jira")))
                        .collect();
                    store::run_row::mark_skipped(tx, run, &other)?;
                    Ok(rows.last().map(|(row, _)| row.seq))
                })
                .await?;
            match last {
                Some(last) => after = Some(last),
                None => return Ok(()),
            }
        }
    }

    async fn undo_all(&self, run: RunId) -> Result<(), EngineError> {
        while undo::batch(&self.inner.store, run, self.now())
            .await?
            .is_some()
        {
            self.moved(run);
        }
        self.set_run_state(run, RunState::Undone).await
    }

    /// Drops the issues as they were read of all runs that have ended, in a task of its own. What is left of
    /// it when the application ends goes at the next start.
    pub(crate) fn drop_bodies(&self) {
        let (store, stop) = (self.inner.store.clone(), self.inner.stop.clone());
        self.inner.tasks.spawn(async move {
            while !stop.is_cancelled() {
                match store
                    .write_step(|tx| store::run_row::drop_ended_payloads(tx, DROP))
                    .await
                {
                    Ok(0) => return,
                    Ok(_) => {}
                    Err(error) => {
                        tracing::warn!(%error, "issues of ended runs could not be dropped");
                        return;
                    }
                }
            }
        });
    }

    /// Counts a plan once; what it counts does not change while it is applied.
    pub(super) async fn count_plan(&self, run: RunId) -> Result<Planned, EngineError> {
        if let Some(planned) = lock(&self.inner.runs.planned).get(&run) {
            return Ok(*planned);
        }
        let counts = self
            .inner
            .store
            .read(move |read| store::run_row::plan_counts(read, run))
            .await?;
        let mut planned = Planned::default();
        for count in counts {
            match count.action {
                Some(Action::Create) => planned.create += count.rows,
                Some(Action::Update) => planned.update += count.rows,
                Some(Action::Unchanged) => planned.unchanged += count.rows,
                Some(Action::Skip) => planned.skip += count.rows,
                // Not decided: found and then not there to be read, or not read before the run ended.
                None => {}
            }
            if count.reason_code.as_deref() == Some("conflict") {
                planned.conflicts += count.rows;
            }
        }
        lock(&self.inner.runs.planned).insert(run, planned);
        Ok(planned)
    }

    /// Whether Jira need not be asked again which project it is: once after it was.
    fn take_vetted(&self, run: RunId) -> bool {
        lock(&self.inner.runs.active)
            .get_mut(&run)
            .is_some_and(|active| std::mem::take(&mut active.vetted))
    }

    /// Whether something was done since this was last asked.
    fn has_advanced(&self, run: RunId) -> bool {
        lock(&self.inner.runs.active)
            .get_mut(&run)
            .is_some_and(|active| std::mem::take(&mut active.advanced))
    }

    fn set_problem(&self, run: RunId, problem: Option<Problem>) {
        if let Some(active) = lock(&self.inner.runs.active).get_mut(&run) {
            active.problem = problem;
        }
    }

    /// Tells that a run moved on, but not too often.
    fn moved(&self, run: RunId) {
        let now = self.now();
        if let Some(active) = lock(&self.inner.runs.active).get_mut(&run) {
            active.advanced = true;
            let recently = active.told_at.is_some_and(|told| {
                now.duration_since(told).as_millis() < i128::from(TELL_EVERY_MS)
            });
            if recently {
                return;
            }
            active.told_at = Some(now);
        }
        let engine = self.clone();
        self.inner
            .tasks
            .spawn(async move { engine.tell_now(run).await });
    }

    pub(super) async fn tell_now(&self, run: RunId) {
        let _told_in_order = self.inner.runs.telling.lock().await;
        match self.run(run).await {
            Ok(view) => self.tell_run(view),
            Err(error) => tracing::debug!(%error, "a run could not be told of"),
        }
    }
}

/// How long a run waits after a failure that may pass by itself: as long as Jira asks, or longer each time.
fn wait_after(error: &EngineError, failures: usize, now: Timestamp) -> SignedDuration {
    let back_off = SignedDuration::from_secs(BACK_OFF_S[failures.min(BACK_OFF_S.len() - 1)]);
    wait_asked(error, now).max(back_off)
}

/// How long a failure asks to be waited out; nothing if it does not say.
pub(crate) fn wait_asked(error: &EngineError, now: Timestamp) -> SignedDuration {
    match error {
        EngineError::Jira(jira::Error::Paused { until, .. }) => until.duration_since(now),
        EngineError::Jira(jira::Error::Limited { retry_after, .. }) => signed(*retry_after),
        EngineError::Jira(jira::Error::Unavailable {
            retry_after: Some(retry_after),
            ..
        }) => signed(*retry_after).min(UNAVAILABLE_MAX),
        _ => SignedDuration::ZERO,
    }
}

fn signed(wait: Duration) -> SignedDuration {
    SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests;
