//! Keeping in step: a cycle now, what waits for somebody, and deciding it.

use crate::arguments::{Conflicts, KeepSide, Problems, Sync};
use crate::ending;
use crate::output::{Failure, Output, say, short, table};
use crate::show::integration;
use api::App;
use api::dto::{
    ChoiceCreateArgs, Conflict, ConflictFieldsArgs, ConflictKey, ConflictWinner, ConflictsArgs,
    Event, FuseArgs, IntegrationArgs, Nothing, ResolveManyArgs, Resolved, RetryArgs, SyncHold,
    SyncProblem, SyncReport, SyncState,
};
use api::error::{ErrorCode, ErrorDto};
use api::export::value_words;
use std::process::ExitCode;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Something waits for somebody: a field in conflict, or an edit that Jira refused.
const WAITS: u8 = 3;

pub async fn sync(app: &App, options: Sync) -> Result<ExitCode, Failure> {
    let integration_id = integration(app, &options.integration).await?.id;
    if options.allow_many {
        let decided = app.fuse_decide(FuseArgs {
            integration_id,
            go_on: true,
        });
        // Where nothing had stopped there is nothing to allow.
        if let Err(error) = decided.await
            && error.code != ErrorCode::NotFound
        {
            return Err(error.into());
        }
    }
    if options.watch {
        return watch(app, integration_id, options.json).await;
    }
    let report = app.sync_now(IntegrationArgs { integration_id }).await?;
    Output::new(options.json).print(&report, report_words);
    Ok(if report.waiting + report.conflicts + report.asked > 0 {
        ExitCode::from(WAITS)
    } else {
        ExitCode::SUCCESS
    })
}

/// Keeps in step until the process is asked to end, and tells whatever happened or went wrong.
async fn watch(app: &App, integration_id: i64, json: bool) -> Result<ExitCode, Failure> {
    let mut events = app.events();
    app.keep_in_step();
    let mut asked = std::pin::pin!(ending::is_asked());
    let mut told = None::<Watched>;
    loop {
        let states = app.sync_states(Nothing {}).await?.into_iter();
        let state = states
            .into_iter()
            .find(|state| state.integration_id == integration_id);
        let Some(state) = state else {
            return Err(ErrorDto::new(ErrorCode::NotFound).into());
        };
        let mut now = Watched::of(&state);
        let last = told.as_ref().and_then(|told| told.eventful_at.clone());
        now.eventful_at = now.eventful_at.or(last);
        if told.as_ref() != Some(&now) {
            say_watched(&state, json);
            told = Some(now);
        }
        tokio::select! {
            () = &mut asked => return Ok(ExitCode::SUCCESS),
            () = something_happened(&mut events) => {}
        }
    }
}

/// What is worth a line when it changes.
#[derive(PartialEq)]
struct Watched {
    hold: SyncHold,
    problem: Option<ErrorDto>,
    /// When something last happened; cycles in which nothing did are not told.
    eventful_at: Option<String>,
}

impl Watched {
    fn of(state: &SyncState) -> Self {
        let report = state.report.as_ref();
        let is_eventful = report.is_some_and(|it| it.heard + it.created + it.updated + it.sent > 0);
        Self {
            hold: state.hold,
            problem: state.problem.clone(),
            eventful_at: state.in_step_at.clone().filter(|_| is_eventful),
        }
    }
}

fn say_watched(state: &SyncState, json: bool) {
    if json {
        // A line each, so that whoever reads along knows where one ends.
        match serde_json::to_string(state) {
            Ok(line) => say(&line),
            Err(error) => eprintln!("The state could not be printed: {error}"),
        }
        return;
    }
    let line = match (&state.problem, state.hold, &state.report) {
        (Some(problem), _, _) => {
            let words = problem.words();
            format!("{} {}", words.title, words.cure)
        }
        (None, SyncHold::None, None) => "Keeping in step; Ctrl-C ends it.".to_owned(),
        (None, SyncHold::None, Some(report)) => report_words(report),
        (None, SyncHold::NotImported, _) => {
            "Nothing is kept in step yet: import first. `lockstep sync` without --watch brings what is linked into step once."
                .to_owned()
        }
        (None, SyncHold::Paused, _) => "Paused: `lockstep resume` lets it go on.".to_owned(),
        (None, SyncHold::ConnectionStopped, _) => {
            "The connection is stopped: update its credentials.".to_owned()
        }
        (None, SyncHold::Fuse, _) => {
            "Unusually much would change: look at it in the window, or use --allow-many.".to_owned()
        }
        (None, SyncHold::Import, _) => "An import is under way; waiting for its end.".to_owned(),
    };
    say(&line);
}

async fn something_happened(events: &mut Receiver<Event>) {
    // Whatever it was, and also if some of it was missed, the state is read anew.
    if let Err(RecvError::Closed) = events.recv().await {
        std::future::pending().await
    }
}

pub async fn conflicts(app: &App, options: Conflicts) -> Result<ExitCode, Failure> {
    let integration_id = match &options.integration {
        Some(name) => Some(integration(app, name).await?.id),
        None => None,
    };
    if let Some(side) = options.keep {
        return decide(app, &options, integration_id, side).await;
    }
    let found = listed(app, &options, integration_id).await?;
    let counted = app.conflict_fields(ConflictFieldsArgs { integration_id });
    let all: u32 = (counted.await?.iter())
        .filter(|one| (options.field.as_ref()).is_none_or(|field| *field == one.field))
        .map(|one| one.count)
        .sum();
    Output::new(options.json).print(&found, |found| match found.as_slice() {
        [] => "No field is in conflict.".to_owned(),
        found => {
            let shown = u32::try_from(found.len()).unwrap_or(u32::MAX);
            let mut words = conflict_table(found);
            if options.key.is_none() && all > shown {
                words += &format!("\nand {} more, which are newer", all - shown);
            }
            words
        }
    });
    Ok(ExitCode::SUCCESS)
}

async fn listed(
    app: &App,
    options: &Conflicts,
    integration_id: Option<i64>,
) -> Result<Vec<Conflict>, Failure> {
    let args = ConflictsArgs {
        integration_id,
        field: options.field.clone(),
        item_id: None,
        key: options.key.clone(),
    };
    Ok(app.conflicts(args).await?)
}

/// Decides all conflicts that were asked for, however many; 3 if some could not be.
async fn decide(
    app: &App,
    options: &Conflicts,
    integration_id: Option<i64>,
    side: KeepSide,
) -> Result<ExitCode, Failure> {
    // A key is of one item, whose conflicts are all listed. Without one there may be more than a list holds.
    let some = match &options.key {
        None => None,
        Some(_) => {
            let found = listed(app, options, integration_id).await?.into_iter();
            let named = found.map(|conflict| ConflictKey {
                item_id: conflict.item_id,
                field: conflict.field,
            });
            Some(named.collect())
        }
    };
    let args = ResolveManyArgs {
        integration_id,
        field: options.field.clone(),
        some,
        winner: match side {
            KeepSide::Here => ConflictWinner::Here,
            KeepSide::Jira => ConflictWinner::Jira,
        },
    };
    let resolved = app.conflicts_resolve(args).await?;
    Output::new(options.json).print(&resolved, |resolved| resolved_words(resolved, side));
    Ok(if resolved.left.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(WAITS)
    })
}

fn resolved_words(resolved: &Resolved, side: KeepSide) -> String {
    let head = match (resolved.decided, side) {
        (0, _) if resolved.left.is_empty() => "No field is in conflict.".to_owned(),
        (decided, KeepSide::Here) => {
            format!("{decided} decided for what stands here; the next sync sends it.")
        }
        (decided, KeepSide::Jira) => format!("{decided} decided for Jira."),
    };
    let left = resolved.left.iter().map(|left| {
        let words = left.problem.words();
        format!(
            "  {} {}: {} not decided. {}: {} {}",
            left.key, left.title, left.field_name, words.title, words.cause, words.cure
        )
    });
    let lines: Vec<_> = std::iter::once(head).chain(left).collect();
    lines.join("\n")
}

pub async fn problems(app: &App, options: Problems) -> Result<ExitCode, Failure> {
    let integration_id = integration(app, &options.integration).await?.id;
    let found = app
        .sync_problems(IntegrationArgs { integration_id })
        .await?;
    if let Some(name) = &options.create {
        let waits = |problem: &&SyncProblem| {
            let named = problem.problem.detail.get("name");
            problem.problem.code == ErrorCode::ChoiceMissing && named == Some(name)
        };
        let Some(problem) = found.iter().find(waits) else {
            let what = format!("version or component “{name}” that is missing in Jira");
            return Err(ErrorDto::new(ErrorCode::NotFound)
                .with("what", &what)
                .into());
        };
        let remote_id = problem.remote_id.clone();
        let args = ChoiceCreateArgs {
            integration_id,
            remote_id,
        };
        let made = app.choice_create(args).await?;
        Output::new(options.json).print(&made, |made| {
            format!(
                "“{}” is in Jira. What waited for it goes with the next sync.",
                made.name
            )
        });
        return Ok(ExitCode::SUCCESS);
    }
    if options.retry {
        let remote_ids = None;
        app.sync_retry(RetryArgs {
            integration_id,
            remote_ids,
            unmade_ids: Vec::new(),
        })
        .await?;
    }
    Output::new(options.json).print(&found, |found| match (found.as_slice(), options.retry) {
        ([], _) => "Nothing has failed.".to_owned(),
        (found, false) => problem_lines(found),
        (found, true) => format!("{} are tried again with the next sync.", found.len()),
    });
    Ok(ExitCode::SUCCESS)
}

fn report_words(report: &SyncReport) -> String {
    let parts = [
        (report.created, "made here"),
        (report.updated, "changed here"),
        (report.made, "made in Jira"),
        (report.sent, "changed in Jira"),
        (report.conflicts, "in conflict"),
        (report.waiting - report.parked, "tried again later"),
        (report.parked, "waiting for you"),
        (report.severed, "disconnected"),
        (report.asked, "to be disconnected, if you say so"),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if told.is_empty() {
        return "Nothing to do: both sides are in step.".to_owned();
    }
    told.join(", ")
}

fn conflict_table(found: &[Conflict]) -> String {
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|conflict| {
            vec![
                conflict.key.clone(),
                conflict.field.clone(),
                short(&value_words(&conflict.here)),
                short(&value_words(&conflict.there)),
            ]
        })
        .collect();
    table(&["KEY", "FIELD", "HERE", "IN JIRA"], &rows)
}

fn problem_lines(found: &[SyncProblem]) -> String {
    let lines = found.iter().map(|problem| {
        let words = problem.problem.words();
        let again = match &problem.next_at {
            Some(at) => format!("tried again at {at}"),
            None => words.cure,
        };
        let key = match problem.item_id {
            Some(item) if problem.key.is_empty() => format!("#{item}"),
            _ => problem.key.clone(),
        };
        format!(
            "{key}  {}\n  {}: {} {again}",
            problem.title, words.title, words.cause
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}
