//! The task that works on a run until it stands still.

use super::apply::{Applier, Batch};
use super::ground::Ground;
use super::read::Reader;
use super::{Planned, lock, undo, view};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::{Engine, Topic};
use jiff::{SignedDuration, Timestamp};
use jira::jql;
use std::sync::Arc;
use std::time::Duration;
use store::run::{Reason, RunState};
use store::run_row::Action;
use store::{RowSeq, RunId};
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

impl Engine {
    /// Works on a run until it stands still. A failure that may pass by itself is waited out, visibly.
    pub(super) async fn drive(&self, run: RunId, stop: CancellationToken) {
        let mut failures = 0;
        loop {
            let outcome = self.phases(run, &stop).await;
            let Err(error) = outcome else { break };
            let problem = Problem::from(&error);
            tracing::info!(run = run.0, code = problem.code, "a run met a problem");
            let transient = matches!(&error, EngineError::Jira(error) if error.is_transient());
            if !transient || stop.is_cancelled() {
                self.stand_still(run, error).await;
                break;
            }
            self.set_problem(run, Some(problem));
            self.tell_now(run).await;
            let wait = wait_after(&error, failures, self.now());
            failures += 1;
            self.wait_until(self.now() + wait, &stop).await;
            self.set_problem(run, None);
        }
        // Settled before it leaves the list, so that whoever waits for it to stop finds the state it asked for.
        let then = lock(&self.inner.runs.active)
            .get(&run)
            .and_then(|active| active.then);
        if let Err(error) = self.settle(run, then).await {
            tracing::warn!(%error, run = run.0, "a run could not be settled");
        }
        lock(&self.inner.runs.active).remove(&run);
        self.tell(&[Topic::Runs, Topic::App, Topic::Items, Topic::Integrations]);
        self.tell_now(run).await;
    }

    /// Waits in short steps: a machine that sleeps meanwhile, for which no time passes, does not come late.
    async fn wait_until(&self, until: Timestamp, stop: &CancellationToken) {
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

    /// What somebody asked to become of the run while it was under way.
    async fn settle(&self, run: RunId, then: Option<RunState>) -> Result<(), EngineError> {
        let now = self.now();
        self.inner
            .store
            .write(move |tx| {
                let Some(stored) = store::run::get(tx, run)? else {
                    return Ok(());
                };
                let under_way = !stored.state.is_final() && stored.state != RunState::Planned;
                match then {
                    Some(RunState::Paused) if under_way => store::run::pause(tx, run),
                    Some(state) if under_way => store::run::set_state(tx, run, state, now),
                    _ => Ok(()),
                }
            })
            .await?;
        Ok(())
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
        self.set_problem(run, Some(problem.clone()));
        let kept = self
            .inner
            .store
            .write(move |tx| {
                let text = format!("{} {}", problem.code, problem.detail_text());
                store::setting::set(tx, &view::problem_key(run), &text)?;
                store::run::pause(tx, run)
            })
            .await;
        if let Err(error) = kept {
            tracing::warn!(%error, run = run.0, "a run's problem could not be kept");
        }
    }

    async fn phases(&self, run: RunId, stop: &CancellationToken) -> Result<(), EngineError> {
        let stored = self
            .inner
            .store
            .read(move |read| store::run::get(read, run))
            .await?;
        let stored = stored.ok_or(EngineError::NotFound("run"))?;
        match stored.state {
            RunState::Listing | RunState::Reading => self.read_and_plan(&stored, stop).await,
            RunState::Applying => self.apply_all(&stored, stop).await,
            RunState::Undoing => self.undo_all(run, stop).await,
            _ => Ok(()),
        }
    }

    async fn read_and_plan(
        &self,
        stored: &store::run::Run,
        stop: &CancellationToken,
    ) -> Result<(), EngineError> {
        let run = stored.id;
        let ground = Arc::new(Ground::read(&self.inner.store, stored.integration).await?);
        let remote = self.remote(ground.connection_id()).await?;
        // An empty answer to somebody whom Jira does not know would look like an empty project.
        remote.client().myself().await?;
        self.set_run_state(run, RunState::Reading).await?;
        let engine = self.clone();
        let reader = Reader {
            store: self.inner.store.clone(),
            run,
            ground: ground.clone(),
            remote,
            jql: stored.jql.clone(),
            stop: stop.clone(),
            moved: Arc::new(move || engine.moved(run)),
        };
        match reader.read().await {
            Err(EngineError::Jira(jira::Error::Rejected { messages })) => {
                return Err(EngineError::JqlInvalid(messages));
            }
            other => other?,
        }
        if stop.is_cancelled() {
            return Ok(());
        }
        super::plan::plan(&self.inner.store, run, &ground).await?;
        self.count_plan(run).await?;
        self.set_run_state(run, RunState::Planned).await?;
        Ok(())
    }

    async fn apply_all(
        &self,
        stored: &store::run::Run,
        stop: &CancellationToken,
    ) -> Result<(), EngineError> {
        let run = stored.id;
        let ground = Arc::new(Ground::read(&self.inner.store, stored.integration).await?);
        self.count_plan(run).await?;
        if stored.counts.created == 0 && stored.counts.updated == 0 {
            self.recheck(stored, &ground, stop).await?;
        }
        let mut applier = Applier::new(&self.inner.store, run, ground).await?;
        loop {
            if stop.is_cancelled() {
                return Ok(());
            }
            match applier.batch(self.now()).await? {
                Batch::Empty => break,
                Batch::Done(_) => self.moved(run),
            }
        }
        applier.link(self.now()).await?;
        self.inner
            .store
            .write(move |tx| store::run_row::settle_rest(tx, run))
            .await?;
        // Before the run counts as done: what a killed run left to do, its next start does.
        self.drop_payloads(run).await?;
        self.set_run_state(run, RunState::Done).await
    }

    /// Drops what a run read, once nothing needs it any more.
    pub(super) async fn drop_payloads(&self, run: RunId) -> Result<(), EngineError> {
        while self
            .inner
            .store
            .write(move |tx| store::run_row::drop_payloads(tx, run, DROP))
            .await?
            > 0
        {}
        Ok(())
    }

    /// Leaves out what changed in Jira since the plan was made: nobody has seen what it would become.
    async fn recheck(
        &self,
        stored: &store::run::Run,
        ground: &Arc<Ground>,
        stop: &CancellationToken,
    ) -> Result<(), EngineError> {
        let age = self.now().duration_since(stored.started_at);
        if age.as_secs() < FRESH_S {
            return Ok(());
        }
        let (run, remote) = (stored.id, self.remote(ground.connection_id()).await?);
        let zone = jiff::tz::TimeZone::get(&ground.connection.data.time_zone)
            .unwrap_or(jiff::tz::TimeZone::UTC);
        let since = jql::updated_since(stored.started_at, &zone);
        let changed = jql::all_of(&[&stored.jql, &since]);
        let mut pages = remote.ids(&changed, None);
        while let Some((ids, _)) = pages.next().await? {
            for batch in ids.chunks(jira::BODIES_MAX) {
                if stop.is_cancelled() {
                    return Ok(());
                }
                let (issues, _) = remote.issues(&changed, batch, &ground.schema).await?;
                self.inner
                    .store
                    .write(move |tx| {
                        let ids: Vec<&str> = issues.iter().map(|issue| issue.id.as_str()).collect();
                        let rows = store::run_row::by_remote_ids(tx, run, &ids)?;
                        let mut moved: Vec<(RowSeq, Reason)> = Vec::new();
                        for issue in &issues {
                            let Some(row) = rows.get(&issue.id) else {
                                continue;
                            };
                            let Some((_, Some(read))) = store::run_row::get(tx, run, row.seq)?
                            else {
                                continue;
                            };
                            if read.updated_at != issue.updated_at {
                                let code = "changed_in_jira".to_owned();
                                moved.push((
                                    row.seq,
                                    Reason {
                                        code,
                                        detail: String::new(),
                                    },
                                ));
                            }
                        }
                        store::run_row::mark_skipped(tx, run, &moved)
                    })
                    .await?;
            }
        }
        Ok(())
    }

    async fn undo_all(&self, run: RunId, stop: &CancellationToken) -> Result<(), EngineError> {
        while !stop.is_cancelled() {
            if undo::batch(&self.inner.store, run, self.now())
                .await?
                .is_none()
            {
                return self.set_run_state(run, RunState::Undone).await;
            }
            self.moved(run);
        }
        Ok(())
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
                Some(Action::Skip) | None => planned.skip += count.rows,
            }
            if count.reason_code.as_deref() == Some("conflict") {
                planned.conflicts += count.rows;
            }
        }
        lock(&self.inner.runs.planned).insert(run, planned);
        Ok(planned)
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
        match self.run(run).await {
            Ok(view) => self.tell_run(view),
            Err(error) => tracing::debug!(%error, "a run could not be told of"),
        }
    }
}

/// How long a run waits after a failure that may pass by itself: as long as Jira asks, or longer each time.
fn wait_after(error: &EngineError, failures: usize, now: Timestamp) -> SignedDuration {
    let back_off = SignedDuration::from_secs(BACK_OFF_S[failures.min(BACK_OFF_S.len() - 1)]);
    let asked = match error {
        EngineError::Jira(jira::Error::Paused { until, .. }) => until.duration_since(now),
        EngineError::Jira(jira::Error::Limited { retry_after, .. }) => signed(*retry_after),
        EngineError::Jira(jira::Error::Unavailable {
            retry_after: Some(retry_after),
            ..
        }) => signed(*retry_after).min(UNAVAILABLE_MAX),
        _ => SignedDuration::ZERO,
    };
    asked.max(back_off)
}

fn signed(wait: Duration) -> SignedDuration {
    SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests;
