//! Planning, importing, taking back, with progress.

use crate::arguments::OfIntegration;
use crate::output::{Failure, Output};
use crate::show;
use api::App;
use api::dto::{
    Event, IntegrationArgs, PlanAction, PlanRow, PlanRowsAfterArgs, PlanSummary, RowOutcome, Run,
    RunArgs, RunState,
};
use api::error::Words;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

const ROWS_PAGE: u32 = 500;

#[derive(Serialize)]
struct Planned {
    run: Run,
    summary: PlanSummary,
    rows: Vec<PlanRow>,
}

pub async fn plan(app: &App, options: OfIntegration) -> Result<ExitCode, Failure> {
    let integration = show::integration(app, &options.integration).await?;
    let run = app
        .import_plan(IntegrationArgs {
            integration_id: integration.id,
        })
        .await?;
    let run = follow(app, run).await?;
    if run.state != RunState::Planned {
        return stopped(&run);
    }
    let planned = Planned {
        summary: app.plan_summary(RunArgs { run_id: run.id }).await?,
        rows: if options.json {
            rows(app, run.id, None, None).await?
        } else {
            Vec::new()
        },
        run,
    };
    Output::new(options.json).print(&planned, |planned| {
        plan_words(&planned.run, &planned.summary)
    });
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct Imported {
    run: Run,
    failures: Vec<PlanRow>,
}

pub async fn import(app: &App, options: OfIntegration) -> Result<ExitCode, Failure> {
    let integration = show::integration(app, &options.integration).await?;
    let run = whole_import(app, integration.id).await?;
    let output = Output::new(options.json);
    if run.state != RunState::Done && (run.problem.is_some() || !output.json()) {
        return stopped(&run);
    }
    let failures = failures(app, &run).await?;
    let code = exit_code(&run, &failures);
    let imported = Imported { run, failures };
    output.print(&imported, |imported| {
        let mut lines = vec![done_words(&imported.run)];
        lines.extend(imported.failures.iter().map(failure_words));
        lines.join("\n")
    });
    Ok(code)
}

/// 3 if the run stands still, or issues that were to be imported are not; 0 otherwise.
pub fn exit_code(run: &Run, failures: &[PlanRow]) -> ExitCode {
    if run.state == RunState::Done && failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
    }
}

/// An issue that was not imported, and why, in a line.
pub fn failure_words(row: &PlanRow) -> String {
    let why = row.reason_text.as_deref().unwrap_or("failed");
    format!("  {} {}: {why}", row.key, row.title)
}

pub async fn undo(app: &App, options: OfIntegration) -> Result<ExitCode, Failure> {
    let integration = show::integration(app, &options.integration).await?;
    let runs = app
        .runs(IntegrationArgs {
            integration_id: integration.id,
        })
        .await?;
    let run = match waiting(&runs) {
        Some(run) if is_undoing(run) => app.import_resume(RunArgs { run_id: run.id }).await?,
        Some(run) => {
            return Err(Failure::Local(format!(
                "{} is {}. Finish it first with `lockstep import`, then take it back.",
                run.integration_name,
                state_words(run)
            )));
        }
        None => {
            let last = runs.iter().find(|run| run.undoable).ok_or_else(|| {
                Failure::usage("There is no import of this integration to take back.")
            })?;
            app.import_undo(RunArgs { run_id: last.id }).await?
        }
    };
    let run = follow(app, run).await?;
    if run.state != RunState::Undone {
        return stopped(&run);
    }
    Output::new(options.json).print(&run, |run| {
        format!(
            "Taken back: {} changes. What somebody changed since is left as it is.",
            run.counts.undone
        )
    });
    Ok(ExitCode::SUCCESS)
}

/// Continues an import that was interrupted, or plans and applies a new one, to its end.
pub async fn whole_import(app: &App, integration_id: i64) -> Result<Run, Failure> {
    let runs = app.runs(IntegrationArgs { integration_id }).await?;
    let run = match waiting(&runs) {
        Some(run) if is_undoing(run) => {
            return Err(Failure::Local(format!(
                "{} is {}. Finish that first with `lockstep undo`, then import again.",
                run.integration_name,
                state_words(run)
            )));
        }
        Some(run) => app.import_resume(RunArgs { run_id: run.id }).await?,
        None => app.import_plan(IntegrationArgs { integration_id }).await?,
    };
    let mut run = follow(app, run).await?;
    if run.state == RunState::Planned {
        run = app.import_apply(RunArgs { run_id: run.id }).await?;
        run = follow(app, run).await?;
    }
    Ok(run)
}

/// The run that was begun and not ended, if there is one.
fn waiting(runs: &[Run]) -> Option<&Run> {
    runs.iter()
        .find(|run| run.state == RunState::Paused || !settled(run.state))
}

/// Whether a run takes something back, now or once it goes on.
fn is_undoing(run: &Run) -> bool {
    run.resumes.unwrap_or(run.state) == RunState::Undoing
}

/// Waits until the run stands still, showing how it gets on.
pub async fn follow(app: &App, run: Run) -> Result<Run, Failure> {
    let mut events = app.events();
    let mut display = Display::new();
    // The run may have ended between the command and the first event.
    let mut run = app.run(RunArgs { run_id: run.id }).await?;
    loop {
        display.show(&run);
        if settled(run.state) {
            display.end();
            return Ok(run);
        }
        run = tokio::select! {
            event = events.recv() => match event {
                Ok(Event::Run { run: moved }) if moved.id == run.id => moved,
                Ok(_) => continue,
                // Events were missed, or nobody sends any more: ask.
                Err(_) => app.run(RunArgs { run_id: run.id }).await?,
            },
            pressed = tokio::signal::ctrl_c() => {
                pressed?;
                app.import_pause(RunArgs { run_id: run.id }).await?
            }
        };
    }
}

fn settled(state: RunState) -> bool {
    !matches!(
        state,
        RunState::Listing | RunState::Reading | RunState::Applying | RunState::Undoing
    )
}

/// The rows of a plan: every one, or those of one action, or of which one thing has become.
pub async fn rows(
    app: &App,
    run_id: i64,
    action: Option<PlanAction>,
    outcome: Option<RowOutcome>,
) -> Result<Vec<PlanRow>, Failure> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let args = PlanRowsAfterArgs {
            run_id,
            action,
            outcome,
            after,
            limit: ROWS_PAGE,
        };
        let page = app.plan_rows_after(args).await?;
        all.extend(page.rows);
        match page.next {
            Some(next) => after = next,
            None => return Ok(all),
        }
    }
}

/// The issues that were to be imported and are not: those that failed or could not be read, and those that
/// wait for the next import because they changed meanwhile. What the plan passes over is not among them.
pub async fn failures(app: &App, run: &Run) -> Result<Vec<PlanRow>, Failure> {
    let mut left = Vec::new();
    for (action, outcome) in [
        (None, RowOutcome::Failed),
        (Some(PlanAction::Create), RowOutcome::Skipped),
        (Some(PlanAction::Update), RowOutcome::Skipped),
    ] {
        left.extend(rows(app, run.id, action, Some(outcome)).await?);
    }
    left.sort_by_key(|row| row.seq);
    Ok(left)
}

pub fn stopped(run: &Run) -> Result<ExitCode, Failure> {
    match &run.problem {
        Some(problem) => Err(Failure::Core(problem.clone())),
        None => {
            eprintln!(
                "The run is {}; run the command again to go on.",
                state_words(run)
            );
            Ok(ExitCode::from(3))
        }
    }
}

/// Where a run stands, in a few words.
pub fn state_words(run: &Run) -> String {
    match (run.state, run.resumes) {
        (RunState::Paused, Some(resumes)) => format!("paused while {}", phase_words(run, resumes)),
        (state, _) => phase_words(run, state),
    }
}

fn phase_words(run: &Run, state: RunState) -> String {
    match state {
        RunState::Listing => "asking Jira which issues there are".to_owned(),
        RunState::Reading => "reading".to_owned(),
        RunState::Planned => "planned, not imported".to_owned(),
        RunState::Applying => "importing".to_owned(),
        RunState::Paused => "paused".to_owned(),
        RunState::Cancelled => "cancelled".to_owned(),
        RunState::Done => format!("imported {}", run.ended_at.as_deref().unwrap_or_default()),
        RunState::Undoing => "being taken back".to_owned(),
        RunState::Undone => "taken back".to_owned(),
    }
}

fn plan_words(run: &Run, summary: &PlanSummary) -> String {
    let counts = &run.counts;
    let mut lines = vec![format!(
        "{} issues: {} to create, {} to update, {} unchanged, {} skipped.",
        counts.found, counts.create, counts.update, counts.unchanged, counts.skip
    )];
    for group in &summary.groups {
        let action = match group.action {
            PlanAction::Create => "create",
            PlanAction::Update => "update",
            PlanAction::Unchanged => "unchanged",
            PlanAction::Skip => "skip",
        };
        let why = group.reason_text.as_deref().unwrap_or_default();
        lines.push(format!(
            "  {:>8}  {action:<10} {:<16} {why}",
            group.count, group.remote_type
        ));
    }
    lines.join("\n")
}

/// What a run waits for before it goes on by itself.
fn waiting_words(problem: &Words) -> String {
    format!(
        "Waiting, then going on by itself: {}. {}",
        problem.title, problem.cause
    )
}

/// What an import did, in a line.
pub fn done_words(run: &Run) -> String {
    let counts = &run.counts;
    format!(
        "Imported: {} created, {} updated, {} unchanged, {} skipped, {} failed.",
        counts.created, counts.updated, counts.unchanged, counts.skip, counts.failed
    )
}

/// Progress: a bar in a terminal, a line a phase in a pipe.
struct Display {
    bar: ProgressBar,
    terminal: bool,
    state: Option<RunState>,
    /// What the run waits for, as it was said.
    waits: Option<String>,
}

impl Display {
    fn new() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            terminal: std::io::stderr().is_terminal(),
            state: None,
            waits: None,
        }
    }

    fn show(&mut self, run: &Run) {
        let is_new = self.state != Some(run.state);
        self.state = Some(run.state);
        if is_new && self.terminal {
            self.bar.finish_and_clear();
            self.bar = bar(run);
        } else if is_new {
            eprintln!("{}", state_words(run));
        }
        let waits = run.problem.as_ref().filter(|_| !settled(run.state));
        let waits = waits.map(|problem| waiting_words(&problem.words()));
        if self.waits != waits {
            if let Some(words) = &waits {
                self.bar.suspend(|| eprintln!("{words}"));
            }
            self.waits = waits;
        }
        measure(&self.bar, run);
        if is_new && self.terminal && !settled(run.state) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.tick();
        }
    }

    fn end(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A bar of its own for each phase, shown once it has its name and its numbers.
fn bar(run: &Run) -> ProgressBar {
    let bar = ProgressBar::hidden();
    let style = ProgressStyle::with_template("{msg:<10} {wide_bar} {pos}/{len} {prefix}");
    bar.set_style(style.expect("the template is well formed"));
    bar.set_message(state_words(run));
    bar
}

/// Puts a run's numbers into a bar: its rate is the run's own, which knows of pauses.
fn measure(bar: &ProgressBar, run: &Run) {
    let rate = run.rate_per_s.map(|rate| format!("{rate:.0}/s"));
    let left = run.seconds_left.map(|seconds| {
        let left = HumanDuration(Duration::from_secs(u64::from(seconds)));
        format!("{left} left")
    });
    bar.set_prefix(Vec::from_iter(rate.into_iter().chain(left)).join(", "));
    if let Some(total) = run.total {
        bar.set_length(u64::from(total));
    }
    bar.set_position(u64::from(run.done));
}
