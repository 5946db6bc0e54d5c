//! Import runs: read, plan, apply, undo, with pause, resume and cancel.
//!
//! A run's progress stands in the database and nowhere else; what is kept here is the task that works on
//! it, how fast it gets on, and what is in its way.

mod apply;
mod decide;
mod drive;
mod ground;
mod pace;
pub(crate) mod plan;
mod read;
mod undo;
mod view;

pub(crate) use apply::{Applier, Batch, MOVED_ON, OUTDATED};
pub(crate) use decide::Twins;
pub(crate) use drive::wait_asked;
pub(crate) use ground::{CLOCKS_APART, Ground, Known};
pub(crate) use read::Reader;
pub use view::{PlanNames, RowLook, RunView};

use crate::error::EngineError;
use crate::problem::Problem;
use crate::scope::{Ages, effective_jql};
use crate::{Engine, Topic};
use jiff::Timestamp;
use pace::Pace;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::run::RunKind;
use store::{IntegrationId, Read, RunId, StoreError, WriteTx};
use sync::fields::FieldFindingReason;
use sync::mapping::Severity;
use sync::types::TypeFindingReason;
use tokio_util::sync::CancellationToken;

pub use store::run::RunState;

/// The runs that are being worked on.
#[derive(Default)]
pub struct Runs {
    active: Mutex<BTreeMap<RunId, Active>>,
    /// Runs that the last process left in the middle.
    interrupted: Mutex<BTreeSet<RunId>>,
    /// Counts of plans, which are only counted once.
    planned: Mutex<BTreeMap<RunId, Planned>>,
    /// Why runs stand still, where the database would not take it: it may be the database that is in the way.
    problems: Mutex<BTreeMap<RunId, Problem>>,
    /// Held while a run is read and told of, so that what is told last is what was read last.
    telling: tokio::sync::Mutex<()>,
}

struct Active {
    stop: CancellationToken,
    /// What the run becomes once it has stopped.
    then: Option<RunState>,
    pace: Pace,
    problem: Option<Problem>,
    told_at: Option<Timestamp>,
    /// Just now Jira said that the project is the one that was mapped.
    vetted: bool,
    /// Something was done since the last failure.
    advanced: bool,
}

/// What a plan says, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Planned {
    /// To create.
    pub create: u64,
    /// To update.
    pub update: u64,
    /// Nothing to do.
    pub unchanged: u64,
    /// To skip.
    pub skip: u64,
    /// Fields in conflict.
    pub conflicts: u64,
}

/// States in which a run stands still, or would be worked on if its task were not gone: a full disk can keep
/// even a pause from being written.
const STANDING: [RunState; 5] = [
    RunState::Paused,
    RunState::Listing,
    RunState::Reading,
    RunState::Applying,
    RunState::Undoing,
];
/// States in which a run without a task can be ended.
const ENDABLE: [RunState; 6] = [
    RunState::Planned,
    RunState::Paused,
    RunState::Listing,
    RunState::Reading,
    RunState::Applying,
    RunState::Undoing,
];

/// Everything of an integration that decides what a plan does, as text to compare.
fn fingerprint(ground: &Ground) -> String {
    let data = &ground.integration.data;
    format!(
        "{:?} {:?} {} {:?}",
        ground.mapping, data.jql, data.include_closed, data.area
    )
}

/// The run of an integration that has begun and not ended; a plan that waits has not begun.
fn under_way(read: &Read<'_>, id: IntegrationId) -> Result<Option<RunId>, StoreError> {
    let runs = store::run::open_of_integration(read, id)?;
    // Taking over what changed is no run that anybody waits for.
    let imports = runs.iter().filter(|run| run.kind == RunKind::Import);
    let found = imports
        .into_iter()
        .find(|run| STANDING.contains(&run.state));
    Ok(found.map(|run| run.id))
}

/// Whether an import of an integration has begun and not ended.
///
/// # Errors
/// What the database meets.
pub(crate) fn is_import_under_way(read: &Read<'_>, id: IntegrationId) -> Result<bool, StoreError> {
    Ok(under_way(read, id)?.is_some())
}

/// A run, if it is in one of these states.
fn in_state(
    read: &Read<'_>,
    run: RunId,
    states: &[RunState],
) -> Result<Result<store::run::Run, EngineError>, StoreError> {
    Ok(match store::run::get(read, run)? {
        None => Err(EngineError::NotFound("run")),
        Some(stored) if states.contains(&stored.state) => Ok(stored),
        Some(stored) => Err(EngineError::RunState(view::state_word(stored.state))),
    })
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    /// Begins to read for a plan. Jira is asked anew what the project has, so that a mapping whose ends are
    /// gone is refused before anything is read.
    ///
    /// # Errors
    /// [`EngineError::RunActive`], [`EngineError::MappingMissing`], [`EngineError::TypeGone`],
    /// [`EngineError::FieldGone`], [`EngineError::ProjectReplaced`], [`EngineError::JqlInvalid`], or what Jira
    /// says.
    pub async fn plan_import(&self, id: IntegrationId) -> Result<RunView, EngineError> {
        self.no_active_run(id).await?;
        let view = self.integration(id).await?;
        if !view.types_saved || !view.fields_saved {
            return Err(EngineError::MappingMissing);
        }
        // Alone: a sign-in that is refused would be refused as often as it is sent at once.
        self.same_project(id).await?;
        let data = &view.integration.data;
        let scope = self.look_at_scope(id, &data.jql, data.include_closed, Ages::Uncounted);
        let (schema, report) = tokio::join!(self.schema(id, true), scope);
        schema?;
        let ground = Ground::read(&self.inner.store, id).await?;
        self.mapping_stands(&ground).await?;
        let report = report?;
        let data = &ground.integration.data;
        if !report.errors.is_empty() {
            return Err(EngineError::JqlInvalid(report.errors));
        }
        let jql = effective_jql(&data.project_key, &data.jql, data.include_closed);
        let expected = report.count.map(|count| count.value);
        let (now, fingerprint) = (self.now(), fingerprint(&ground));
        let run = self
            .uncut(move |engine| async move {
                let created = engine
                    .inner
                    .store
                    .write(move |tx| {
                        if let Some(run) = under_way(tx, id)? {
                            return Ok(Err(EngineError::RunActive(run.0)));
                        }
                        for run in store::run::of_integration(tx, id)? {
                            // Two plans would each not know of what the other does.
                            if run.kind == RunKind::Import && run.state == RunState::Planned {
                                store::run::set_state(tx, run.id, RunState::Cancelled, now)?;
                            }
                        }
                        let run = store::run::create(tx, id, RunKind::Import, &jql, now)?;
                        store::run::set_ground(tx, run, &fingerprint)?;
                        if let Some(expected) = expected {
                            store::run::set_expected(tx, run, expected)?;
                        }
                        Ok(Ok(run))
                    })
                    .await??;
                let stop = engine.reserve(created)?;
                if let Some(active) = lock(&engine.inner.runs.active).get_mut(&created) {
                    active.vetted = true;
                }
                engine.start(created, stop);
                engine.drop_bodies();
                Ok(created)
            })
            .await?;
        self.run(run).await
    }

    /// Refuses a mapping of which an end is gone, by the name that the end had.
    async fn mapping_stands(&self, ground: &Ground) -> Result<(), EngineError> {
        let id = ground.integration.id;
        let (_, names) = self
            .inner
            .store
            .read(move |read| store::mapping::load(read, id))
            .await?;
        let found = sync::types::check(
            &ground.levels,
            &ground.types,
            &ground.schema.types,
            &ground.mapping.types,
        );
        for finding in &found {
            if finding.reason == TypeFindingReason::Gone {
                let id = finding.remote_type.clone().unwrap_or_default();
                let name = names.types.get(&id).cloned().unwrap_or(id);
                return Err(EngineError::TypeGone(name));
            }
        }
        if found
            .iter()
            .any(|finding| finding.reason.severity() == Severity::Refused)
        {
            return Err(EngineError::TypesRefused(found));
        }
        let options = self.inner.store.read(store::field_option::list).await?;
        let found = sync::fields::check(&ground.fields, &options, &ground.schema, &ground.mapping);
        for finding in &found {
            if finding.reason == FieldFindingReason::Gone {
                let id = finding.remote_field.clone().unwrap_or_default();
                let name = names.fields.get(&id).cloned().unwrap_or(id);
                return Err(EngineError::FieldGone(name));
            }
        }
        if found
            .iter()
            .any(|finding| finding.reason.severity() == Severity::Refused)
        {
            return Err(EngineError::FieldsRefused(found));
        }
        Ok(())
    }

    /// Does what a plan says.
    ///
    /// # Errors
    /// [`EngineError::RunState`] unless the plan is ready; [`EngineError::RunActive`] while another run of the
    /// integration is under way; [`EngineError::PlanStale`] if the mapping or the scope is another since.
    pub async fn apply_run(&self, run: RunId) -> Result<RunView, EngineError> {
        self.plan_stands(run).await?;
        let now = self.now();
        self.launch(run, move |tx| {
            let stored = match in_state(tx, run, &[RunState::Planned])? {
                Ok(stored) => stored,
                Err(error) => return Ok(Err(error)),
            };
            if let Some(other) = under_way(tx, stored.integration)? {
                return Ok(Err(EngineError::RunActive(other.0)));
            }
            store::run::set_state(tx, run, RunState::Applying, now)?;
            Ok(Ok(()))
        })
        .await
    }

    /// Lets a run stand still until it is resumed.
    ///
    /// # Errors
    /// [`EngineError::RunState`] if it is not under way.
    pub async fn pause_run(&self, run: RunId) -> Result<RunView, EngineError> {
        self.stop_run(run, RunState::Paused)?;
        self.wait_stopped(run).await;
        self.run(run).await
    }

    /// Goes on with a run that stands still, or that nobody works on though it should be worked on.
    ///
    /// # Errors
    /// [`EngineError::RunState`] if it does not; [`EngineError::PlanStale`] if it writes and the mapping or the
    /// scope is another since the plan was made.
    pub async fn resume_run(&self, run: RunId) -> Result<RunView, EngineError> {
        if lock(&self.inner.runs.active).contains_key(&run) {
            return self.run(run).await;
        }
        let stored = self.stored(run).await?;
        if stored.resumes.unwrap_or(stored.state) == RunState::Applying {
            self.plan_stands(run).await?;
        }
        let view = self
            .launch(run, move |tx| {
                let stored = match in_state(tx, run, &STANDING)? {
                    Ok(stored) => stored,
                    Err(error) => return Ok(Err(error)),
                };
                store::run::set_problem(tx, run, None)?;
                if stored.state == RunState::Paused {
                    store::run::resume(tx, run)?;
                }
                Ok(Ok(()))
            })
            .await?;
        lock(&self.inner.runs.interrupted).remove(&run);
        Ok(view)
    }

    /// Ends a run before it is done. What it wrote stays, and can be undone.
    ///
    /// # Errors
    /// [`EngineError::RunState`] if it has ended.
    pub async fn cancel_run(&self, run: RunId) -> Result<RunView, EngineError> {
        if self.stop_run(run, RunState::Cancelled).is_ok() {
            self.wait_stopped(run).await;
        } else {
            let now = self.now();
            self.inner
                .store
                .write(move |tx| {
                    if let Err(error) = in_state(tx, run, &ENDABLE)? {
                        return Ok(Err(error));
                    }
                    store::run::set_problem(tx, run, None)?;
                    store::run::set_state(tx, run, RunState::Cancelled, now)?;
                    Ok(Ok(()))
                })
                .await??;
            lock(&self.inner.runs.problems).remove(&run);
            self.drop_bodies();
        }
        self.tell(&[Topic::Runs, Topic::App]);
        self.run(run).await
    }

    /// Takes back what a run wrote, except what somebody changed since.
    ///
    /// # Errors
    /// [`EngineError::RunState`] unless the run is done or cancelled; [`EngineError::RunActive`] while another
    /// run of the integration is under way.
    pub async fn undo_run(&self, run: RunId) -> Result<RunView, EngineError> {
        let now = self.now();
        self.launch(run, move |tx| {
            let stored = match in_state(tx, run, &[RunState::Done, RunState::Cancelled])? {
                Ok(stored) => stored,
                Err(error) => return Ok(Err(error)),
            };
            if let Some(other) = under_way(tx, stored.integration)? {
                return Ok(Err(EngineError::RunActive(other.0)));
            }
            store::run::set_state(tx, run, RunState::Undoing, now)?;
            Ok(Ok(()))
        })
        .await
    }

    /// Goes on with the runs that the last process left in the middle.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn resume_interrupted(&self) -> Result<(), EngineError> {
        let interrupted: Vec<RunId> = lock(&self.inner.runs.interrupted).iter().copied().collect();
        for run in interrupted {
            // One that cannot go on says so itself where it is shown, and keeps no other from going on.
            if let Err(error) = self.resume_run(run).await {
                tracing::warn!(%error, run = run.0, "an interrupted run could not go on");
            }
        }
        Ok(())
    }

    /// Runs that a killed process left under way stand still until somebody lets them go on.
    pub(crate) async fn settle_interrupted(&self) -> Result<(), EngineError> {
        let now = self.now();
        let left = self
            .inner
            .store
            .write(move |tx| {
                let mut left = Vec::new();
                for run in store::run::unfinished(tx)? {
                    if run.kind == RunKind::Pull {
                        // One that waits for somebody to look at it goes on waiting.
                        if run.state == RunState::Planned {
                            continue;
                        }
                        // What it was about is still on the list, and is looked at anew.
                        store::run::set_state(tx, run.id, RunState::Cancelled, now)?;
                        store::run_row::delete_all(tx, run.id)?;
                        continue;
                    }
                    if !matches!(run.state, RunState::Planned | RunState::Paused) {
                        store::run::pause(tx, run.id)?;
                        left.push(run.id);
                    }
                }
                Ok(left)
            })
            .await?;
        lock(&self.inner.runs.interrupted).extend(left);
        self.drop_bodies();
        Ok(())
    }

    pub(crate) async fn no_active_run(&self, id: IntegrationId) -> Result<(), EngineError> {
        match self
            .inner
            .store
            .read(move |read| under_way(read, id))
            .await?
        {
            Some(run) => Err(EngineError::RunActive(run.0)),
            None => Ok(()),
        }
    }

    async fn stored(&self, run: RunId) -> Result<store::run::Run, EngineError> {
        let stored = self
            .inner
            .store
            .read(move |read| store::run::get(read, run))
            .await?;
        stored.ok_or(EngineError::NotFound("run"))
    }

    /// Refuses to write by a plan that was made for another mapping or scope: nobody has seen what it would do.
    async fn plan_stands(&self, run: RunId) -> Result<(), EngineError> {
        let stored = self.stored(run).await?;
        let ground = Ground::read(&self.inner.store, stored.integration).await?;
        if !stored.ground.is_empty() && stored.ground != fingerprint(&ground) {
            return Err(EngineError::PlanStale);
        }
        Ok(())
    }

    async fn set_run_state(&self, run: RunId, state: RunState) -> Result<(), EngineError> {
        let now = self.now();
        self.inner
            .store
            .write(move |tx| store::run::set_state(tx, run, state, now))
            .await?;
        Ok(())
    }

    /// Changes a run and puts a task on it. Both or neither, even if whoever asked goes away in between.
    async fn launch(
        &self,
        run: RunId,
        change: impl FnOnce(&WriteTx<'_>) -> Result<Result<(), EngineError>, StoreError>
        + Send
        + 'static,
    ) -> Result<RunView, EngineError> {
        self.uncut(move |engine| async move {
            let stop = engine.reserve(run)?;
            let changed = match engine.inner.store.write(change).await {
                Ok(changed) => changed,
                Err(error) => Err(error.into()),
            };
            if let Err(error) = changed {
                lock(&engine.inner.runs.active).remove(&run);
                return Err(error);
            }
            lock(&engine.inner.runs.problems).remove(&run);
            engine.start(run, stop);
            Ok(())
        })
        .await?;
        self.run(run).await
    }

    /// Does something to its end, even if nobody waits for it any more.
    pub(crate) async fn uncut<T: Send + 'static, F>(
        &self,
        work: impl FnOnce(Engine) -> F,
    ) -> Result<T, EngineError>
    where
        F: Future<Output = Result<T, EngineError>> + Send + 'static,
    {
        let work = self.inner.tasks.spawn(work(self.clone()));
        work.await
            .map_err(|error| EngineError::Bug(error.to_string()))?
    }

    /// Takes a run for the one task that works on it.
    fn reserve(&self, run: RunId) -> Result<CancellationToken, EngineError> {
        let stop = self.inner.stop.child_token();
        let mut active = lock(&self.inner.runs.active);
        if active.contains_key(&run) {
            return Err(EngineError::RunState("under way"));
        }
        let entry = Active {
            stop: stop.clone(),
            then: None,
            pace: Pace::default(),
            problem: None,
            told_at: None,
            vetted: false,
            advanced: false,
        };
        active.insert(run, entry);
        Ok(stop)
    }

    /// Puts a task on a run that was reserved for it.
    fn start(&self, run: RunId, stop: CancellationToken) {
        let engine = self.clone();
        self.inner
            .tasks
            .spawn(async move { engine.drive(run, stop).await });
    }

    fn stop_run(&self, run: RunId, then: RunState) -> Result<(), EngineError> {
        let mut active = lock(&self.inner.runs.active);
        let Some(active) = active.get_mut(&run) else {
            return Err(EngineError::RunState("not under way"));
        };
        active.then = Some(then);
        active.stop.cancel();
        Ok(())
    }

    /// Waits until the task of a run has put down its tools.
    async fn wait_stopped(&self, run: RunId) {
        let mut events = self.events();
        while lock(&self.inner.runs.active).contains_key(&run) {
            if let Err(tokio::sync::broadcast::error::RecvError::Closed) = events.recv().await {
                return;
            }
        }
    }
}
