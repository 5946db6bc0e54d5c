//! Runs and plans as they are looked at.

use super::decide::Decided;
use super::ground::Ground;
use super::{Planned, lock, plan, undo};
use crate::Engine;
use crate::error::EngineError;
use crate::problem::Problem;
use std::sync::Arc;
use store::run::{Run, RunKind, RunState};
use store::run_row::{PlanCount, RowFilter, RowPage, RunRow};
use store::{IntegrationId, RowSeq, RunId};
use sync::remote::{RemoteIssue, Schema};
use undo::Undone;

/// A run as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct RunView {
    /// The run.
    pub run: Run,
    /// Name of its integration.
    pub integration_name: String,
    /// What its plan says, once there is one.
    pub planned: Planned,
    /// What of it was taken back.
    pub undone: Undone,
    /// Done in the present phase.
    pub done: u64,
    /// To do in the present phase, where that is known.
    pub total: Option<u64>,
    /// Rows a second.
    pub rate_per_s: Option<f64>,
    /// Seconds left in the present phase.
    pub seconds_left: Option<u32>,
    /// What is in its way.
    pub problem: Option<Problem>,
}

/// What is needed to name things in a plan.
pub struct PlanNames {
    /// What the project has.
    pub schema: Schema,
    /// Pairs of types at the time.
    pub mapping: sync::mapping::Mapping,
    /// Address of the site, for people.
    pub display_url: String,
    /// State of the run.
    pub state: RunState,
}

/// A row of a plan, looked at closely.
pub struct RowLook {
    /// The row.
    pub row: RunRow,
    /// The issue as it was read.
    pub issue: Option<RemoteIssue>,
    /// What would happen now.
    pub decided: Option<sync::plan::Decision>,
    /// Why it stands at the top though it names a parent.
    pub place: Option<sync::plan::Place>,
    /// The linked item.
    pub item: Option<workspace::Item>,
}

/// A state in a word.
pub(super) fn state_word(state: RunState) -> &'static str {
    match state {
        RunState::Listing => "asking Jira which issues there are",
        RunState::Reading => "reading",
        RunState::Planned => "planned",
        RunState::Applying => "being applied",
        RunState::Paused => "paused",
        RunState::Cancelled => "cancelled",
        RunState::Done => "done",
        RunState::Undoing => "being taken back",
        RunState::Undone => "taken back",
    }
}

impl Engine {
    /// A run as it is now.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn run(&self, run: RunId) -> Result<RunView, EngineError> {
        // Before it is read as well as after: a task that ends in between left a state that is no longer true.
        let worked_on_before = self.is_worked_on(run);
        let found = self
            .inner
            .store
            .read(move |read| {
                let Some(found) = store::run::get(read, run)? else {
                    return Ok(None);
                };
                let integration = store::integration::get(read, found.integration)?;
                let entries = match found.resumes.unwrap_or(found.state) {
                    RunState::Undoing => store::journal::count_of_run(read, run)?,
                    _ => 0,
                };
                Ok(Some((found, integration, entries)))
            })
            .await?;
        let (mut found, integration, entries) = found.ok_or(EngineError::NotFound("run"))?;
        let undone = Undone::from(found.undo);
        let problem = found.problem.take();
        let phase = found.resumes.unwrap_or(found.state);
        let planned = match phase {
            RunState::Listing | RunState::Reading => Planned::default(),
            _ => self.count_plan(run).await?,
        };
        let worked_on = worked_on_before || self.is_worked_on(run);
        // Whether the owner works on it a guest cannot see, and goes by what the owner wrote.
        if self.is_owner() && !worked_on && super::STANDING.contains(&found.state) {
            // Its task ended without being able to say so in the database.
            found.resumes = Some(phase);
            found.state = RunState::Paused;
        }
        let (done, total) = progress(&found, phase, planned, undone, entries);
        let mut view = RunView {
            integration_name: integration.map(|found| found.data.name).unwrap_or_default(),
            run: found,
            planned,
            undone,
            done,
            total,
            rate_per_s: None,
            seconds_left: None,
            problem: problem.map(|kept| Problem::from_text(&kept.code, &kept.detail)),
        };
        let now = self.now();
        if let Some(active) = lock(&self.inner.runs.active).get_mut(&run) {
            active.pace.mark(now, done);
            view.rate_per_s = active.pace.rate_per_s();
            view.seconds_left = total.and_then(|total| active.pace.seconds_left(total));
            view.problem = active.problem.clone().or(view.problem);
        } else if view.problem.is_none() {
            view.problem = lock(&self.inner.runs.problems).get(&run).cloned();
        }
        Ok(view)
    }

    fn is_worked_on(&self, run: RunId) -> bool {
        lock(&self.inner.runs.active).contains_key(&run)
    }

    /// The imports of an integration, the newest first.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn runs(&self, id: IntegrationId) -> Result<Vec<RunView>, EngineError> {
        let runs = self
            .inner
            .store
            .read(move |read| store::run::of_integration(read, id))
            .await?;
        let mut views = Vec::with_capacity(runs.len());
        for run in runs.into_iter().filter(|run| run.kind == RunKind::Import) {
            views.push(self.run(run.id).await?);
        }
        Ok(views)
    }

    /// The run that is under way or waits to go on, if there is one.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn active_run(&self) -> Result<Option<RunView>, EngineError> {
        let unfinished = self.inner.store.read(store::run::unfinished).await?;
        let mut imports = unfinished.iter().filter(|run| run.kind == RunKind::Import);
        match imports.next_back() {
            Some(run) => Ok(Some(self.run(run.id).await?)),
            None => Ok(None),
        }
    }

    /// A plan counted by action, type and reason.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn plan_counts(&self, run: RunId) -> Result<(Vec<PlanCount>, Schema), EngineError> {
        let view = self.run(run).await?;
        let schema = self.schema(view.run.integration, false).await?;
        let counts = self
            .inner
            .store
            .read(move |read| store::run_row::plan_counts(read, run))
            .await?;
        Ok((counts, schema))
    }

    /// What is needed to name things in a plan.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn plan_names(&self, run: RunId) -> Result<PlanNames, EngineError> {
        let view = self.run(run).await?;
        let id = view.run.integration;
        let schema = self.schema(id, false).await?;
        let display_url = self.integration(id).await?.connection.data.display_url;
        let load = self
            .inner
            .store
            .read(move |read| store::mapping::load(read, id));
        Ok(PlanNames {
            schema,
            mapping: load.await?.0,
            display_url,
            state: view.run.state,
        })
    }

    /// A page of a plan; empty for a run that is not there.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn plan_page(
        &self,
        run: RunId,
        filter: RowFilter,
        offset: u64,
        limit: u32,
    ) -> Result<RowPage, EngineError> {
        let read = self
            .inner
            .store
            .read(move |read| store::run_row::page(read, run, &filter, offset, limit));
        Ok(read.await?)
    }

    /// Rows of a plan from the first after `after`; none for a run that is not there.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn plan_rows_after(
        &self,
        run: RunId,
        filter: RowFilter,
        after: Option<RowSeq>,
        limit: u32,
    ) -> Result<Vec<RunRow>, EngineError> {
        let read = self
            .inner
            .store
            .read(move |read| store::run_row::rows_after(read, run, &filter, after, limit));
        Ok(read.await?)
    }

    /// A row of a plan, looked at closely: before the import what it would do, after it what is known.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn plan_row(&self, run: RunId, seq: RowSeq) -> Result<RowLook, EngineError> {
        let view = self.run(run).await?;
        let ground = Arc::new(Ground::read(&self.inner.store, view.run.integration).await?);
        if view.run.state == RunState::Planned
            && let Some((row, issue, decided)) =
                plan::look(&self.inner.store, run, &ground, seq).await?
        {
            let Decided {
                decision,
                item,
                place,
                ..
            } = decided;
            let (issue, decided, place) = (Some(issue), Some(decision), Some(place));
            return Ok(RowLook {
                row,
                issue,
                decided,
                place,
                item,
            });
        }
        let found = self
            .inner
            .store
            .read(move |read| store::run_row::get(read, run, seq))
            .await?;
        let (row, issue) = found.ok_or(EngineError::NotFound("row"))?;
        Ok(RowLook {
            row,
            issue,
            decided: None,
            place: None,
            item: None,
        })
    }
}

fn progress(
    run: &Run,
    phase: RunState,
    planned: Planned,
    undone: Undone,
    entries: u64,
) -> (u64, Option<u64>) {
    let counts = &run.counts;
    match phase {
        RunState::Listing | RunState::Reading => {
            let listed = run
                .cursor
                .as_deref()
                .is_some_and(|cursor| crate::adapter::Cursor(cursor.to_owned()).is_end());
            let known = if listed {
                Some(counts.listed)
            } else {
                run.expected.map(|n| n.max(counts.listed))
            };
            (counts.read + counts.excluded, known)
        }
        RunState::Undoing => (undone.undone + undone.kept, Some(entries)),
        _ => {
            let total = planned.create + planned.update;
            // Rows that turn out otherwise than planned are settled too. At the end those that were never to
            // be written join them, hence the limit.
            let done =
                counts.created + counts.updated + counts.unchanged + counts.skipped + counts.failed;
            (done.min(total), Some(total))
        }
    }
}
