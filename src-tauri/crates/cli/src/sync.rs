//! Keeping in step: a cycle now, what waits for somebody, and deciding it.

use crate::arguments::{Conflicts, KeepSide, Problems, Sync};
use crate::output::{Failure, Output, table};
use crate::show::integration;
use api::App;
use api::dto::{
    Conflict, ConflictWinner, ConflictsArgs, FieldValue, IntegrationArgs, ResolveArgs, RetryArgs,
    SyncProblem, SyncReport,
};
use std::process::ExitCode;

/// Something waits for somebody: a field in conflict, or an edit that Jira refused.
const WAITS: u8 = 3;

pub async fn sync(app: &App, options: Sync) -> Result<ExitCode, Failure> {
    let integration_id = integration(app, &options.integration).await?.id;
    let report = app.sync_now(IntegrationArgs { integration_id }).await?;
    Output::new(options.json).print(&report, report_words);
    Ok(if report.waiting + report.conflicts + report.asked > 0 {
        ExitCode::from(WAITS)
    } else {
        ExitCode::SUCCESS
    })
}

pub async fn conflicts(app: &App, options: Conflicts) -> Result<ExitCode, Failure> {
    let integration_id = match &options.integration {
        Some(name) => Some(integration(app, name).await?.id),
        None => None,
    };
    let wanted = |conflict: &Conflict| {
        let key = options.key.as_ref();
        let field = options.field.as_ref();
        key.is_none_or(|key| key.eq_ignore_ascii_case(&conflict.key))
            && field.is_none_or(|field| *field == conflict.field)
    };
    let mut found = app.conflicts(ConflictsArgs { integration_id }).await?;
    found.retain(wanted);
    if let Some(side) = options.keep {
        let winner = match side {
            KeepSide::Here => ConflictWinner::Here,
            KeepSide::Jira => ConflictWinner::Jira,
        };
        for conflict in &found {
            app.conflict_resolve(ResolveArgs {
                item_id: conflict.item_id,
                field: conflict.field.clone(),
                winner,
            })
            .await?;
        }
    }
    Output::new(options.json).print(&found, |found| match (found.as_slice(), options.keep) {
        ([], _) => "No field is in conflict.".to_owned(),
        (found, None) => conflict_table(found),
        (found, Some(KeepSide::Here)) => format!(
            "{} decided for what stands here; the next sync sends it.",
            found.len()
        ),
        (found, Some(KeepSide::Jira)) => format!("{} decided for Jira.", found.len()),
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn problems(app: &App, options: Problems) -> Result<ExitCode, Failure> {
    let integration_id = integration(app, &options.integration).await?.id;
    let found = app
        .sync_problems(IntegrationArgs { integration_id })
        .await?;
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
                value_words(&conflict.here),
                value_words(&conflict.there),
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

/// A value in one line.
pub fn value_words(value: &FieldValue) -> String {
    match value {
        FieldValue::None => "(nothing)".to_owned(),
        FieldValue::Text { text } => text.lines().collect::<Vec<_>>().join(" "),
        FieldValue::RichText { .. } => "(formatted text)".to_owned(),
        FieldValue::Number { number } => number.to_string(),
        FieldValue::Date { date } => date.clone(),
        FieldValue::Options { options } => {
            let names: Vec<&str> = options.iter().map(|option| option.name.as_str()).collect();
            names.join(", ")
        }
        FieldValue::People { names } => names.join(", "),
        FieldValue::Labels { labels } => labels.join(", "),
        FieldValue::References { references } => {
            let items = references.iter().map(|reference| &reference.item.title);
            items.cloned().collect::<Vec<_>>().join(", ")
        }
        FieldValue::Bool { yes } => if *yes { "yes" } else { "no" }.to_owned(),
        FieldValue::Link { href } => href.clone(),
    }
}
