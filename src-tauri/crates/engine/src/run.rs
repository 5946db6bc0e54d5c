//! Import runs: read, plan, apply, undo, with pause, resume and cancel.
//!
//! A run's progress stands in the database and nowhere else; what is kept here is the task that works on
//! it, how fast it gets on, and what is in its way.

mod apply;
mod decide;
mod drive;
mod ground;
mod pace;
mod plan;
mod read;
mod undo;
mod view;

pub use view::{PlanLook, RowLook, RunView};

use crate::error::EngineError;
use crate::problem::Problem;
use crate::scope::effective_jql;
use crate::{Engine, Topic};
use ground::Ground;
use jiff::Timestamp;
use pace::Pace;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::run::RunKind;
use store::{IntegrationId, RunId};
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
}

struct Active {
    stop: CancellationToken,
    /// What the run becomes once it has stopped.
    then: Option<RunState>,
    pace: Pace,
    problem: Option<Problem>,
    told_at: Option<Timestamp>,
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    /// Begins to read for a plan. Jira is asked anew what the project has, so that a mapping whose ends are
    /// gone is refused before anything is read.
    ///
    /// # Errors
    /// [`EngineError::RunActive`], [`EngineError::MappingMissing`], [`EngineError::TypeGone`],
    /// [`EngineError::FieldGone`], [`EngineError::JqlInvalid`], or what Jira says.
    pub async fn plan_import(&self, id: IntegrationId) -> Result<RunView, EngineError> {
        self.no_active_run(id).await?;
        let view = self.integration(id).await?;
        if !view.types_saved || !view.fields_saved {
            return Err(EngineError::MappingMissing);
        }
        self.schema(id, true).await?;
        let ground = Ground::read(&self.inner.store, id).await?;
        self.mapping_stands(&ground).await?;
        let data = &ground.integration.data;
        let report = self.check_scope(id, &data.jql, data.include_closed).await?;
        if !report.errors.is_empty() {
            return Err(EngineError::JqlInvalid(report.errors));
        }
        let jql = effective_jql(&data.project_key, &data.jql, data.include_closed);
        let expected = report.count.map(|count| count.value);
        let now = self.now();
        let (run, ended) = self
            .inner
            .store
            .write(move |tx| {
                // A plan that was never applied makes way: there is one plan to decide about, not two.
                let ended = store::run::of_integration(tx, id)?;
                for old in &ended {
                    if old.state == RunState::Planned {
                        store::run::set_state(tx, old.id, RunState::Cancelled, now)?;
                    }
                }
                let run = store::run::create(tx, id, RunKind::Import, &jql, now)?;
                if let Some(expected) = expected {
                    store::run::set_expected(tx, run, expected)?;
                }
                Ok((run, ended))
            })
            .await?;
        for old in ended {
            self.drop_payloads(old.id).await?;
        }
        self.start(run);
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
    /// [`EngineError::RunState`] unless the plan is ready.
    pub async fn apply_run(&self, run: RunId) -> Result<RunView, EngineError> {
        self.in_state(run, &[RunState::Planned]).await?;
        self.set_run_state(run, RunState::Applying).await?;
        self.start(run);
        self.run(run).await
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

    /// Goes on with a run that stands still.
    ///
    /// # Errors
    /// [`EngineError::RunState`] if it does not.
    pub async fn resume_run(&self, run: RunId) -> Result<RunView, EngineError> {
        if lock(&self.inner.runs.active).contains_key(&run) {
            return self.run(run).await;
        }
        self.in_state(run, &[RunState::Paused]).await?;
        let problem = view::problem_key(run);
        self.inner
            .store
            .write(move |tx| {
                store::setting::unset(tx, &problem)?;
                store::run::resume(tx, run)
            })
            .await?;
        lock(&self.inner.runs.interrupted).remove(&run);
        self.start(run);
        self.run(run).await
    }

    /// Ends a run before it is done. What it wrote stays, and can be undone.
    ///
    /// # Errors
    /// [`EngineError::RunState`] if it has ended.
    pub async fn cancel_run(&self, run: RunId) -> Result<RunView, EngineError> {
        if self.stop_run(run, RunState::Cancelled).is_ok() {
            self.wait_stopped(run).await;
        } else {
            self.in_state(run, &[RunState::Planned, RunState::Paused])
                .await?;
            self.set_run_state(run, RunState::Cancelled).await?;
        }
        self.tell(&[Topic::Runs, Topic::App]);
        self.run(run).await
    }

    /// Takes back what a run wrote, except what somebody changed since.
    ///
    /// # Errors
    /// [`EngineError::RunState`] unless the run is done or cancelled.
    pub async fn undo_run(&self, run: RunId) -> Result<RunView, EngineError> {
        let stored = self
            .in_state(run, &[RunState::Done, RunState::Cancelled])
            .await?;
        self.no_active_run(stored.integration).await?;
        self.set_run_state(run, RunState::Undoing).await?;
        self.start(run);
        self.run(run).await
    }

    /// Goes on with the runs that the last process left in the middle.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn resume_interrupted(&self) -> Result<(), EngineError> {
        let interrupted: Vec<RunId> = lock(&self.inner.runs.interrupted).iter().copied().collect();
        for run in interrupted {
            self.resume_run(run).await?;
        }
        Ok(())
    }

    /// Runs that a killed process left under way stand still until somebody lets them go on.
    pub(crate) async fn settle_interrupted(&self) -> Result<(), EngineError> {
        let left = self
            .inner
            .store
            .write(|tx| {
                let mut left = Vec::new();
                for run in store::run::unfinished(tx)? {
                    if !matches!(run.state, RunState::Planned | RunState::Paused) {
                        store::run::pause(tx, run.id)?;
                        left.push(run.id);
                    }
                }
                Ok(left)
            })
            .await?;
        lock(&self.inner.runs.interrupted).extend(left);
        Ok(())
    }

    pub(crate) async fn no_active_run(&self, id: IntegrationId) -> Result<(), EngineError> {
        let runs = self
            .inner
            .store
            .read(move |read| store::run::of_integration(read, id))
            .await?;
        let active = runs.iter().find(|run| {
            matches!(
                run.state,
                RunState::Listing | RunState::Reading | RunState::Applying | RunState::Undoing
            ) || (run.state == RunState::Paused)
        });
        match active {
            Some(run) => Err(EngineError::RunActive(run.id.0)),
            None => Ok(()),
        }
    }

    async fn in_state(
        &self,
        run: RunId,
        states: &[RunState],
    ) -> Result<store::run::Run, EngineError> {
        let stored = self
            .inner
            .store
            .read(move |read| store::run::get(read, run))
            .await?;
        let stored = stored.ok_or(EngineError::NotFound("run"))?;
        if states.contains(&stored.state) {
            Ok(stored)
        } else {
            Err(EngineError::RunState(view::state_word(stored.state)))
        }
    }

    async fn set_run_state(&self, run: RunId, state: RunState) -> Result<(), EngineError> {
        let now = self.now();
        self.inner
            .store
            .write(move |tx| store::run::set_state(tx, run, state, now))
            .await?;
        Ok(())
    }

    /// Puts a task on a run.
    fn start(&self, run: RunId) {
        let stop = self.inner.stop.child_token();
        let active = Active {
            stop: stop.clone(),
            then: None,
            pace: Pace::default(),
            problem: None,
            told_at: None,
        };
        lock(&self.inner.runs.active).insert(run, active);
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
