//! What changed, and where it came from.

use crate::arguments::{Activity, Direction};
use crate::output::{Failure, Output, say, table};
use crate::show::integration;
use crate::sync::value_words;
use api::App;
use api::dto::{ActivityArgs, ActivityChange, ChangeCause, ChangeKind, ChangeOrigin};
use std::process::ExitCode;

/// Changes asked for at once.
const PAGE: u32 = 500;

const HEAD: [&str; 8] = [
    "WHEN", "FROM", "CAUSE", "KEY", "TITLE", "FIELD", "BEFORE", "AFTER",
];

pub async fn activity(app: &App, options: Activity) -> Result<ExitCode, Failure> {
    let integration_id = match &options.integration {
        Some(name) => Some(integration(app, name).await?.id),
        None => None,
    };
    let (mut changes, mut before) = (Vec::new(), None);
    loop {
        let left = options.limit.saturating_sub(changes.len());
        let limit = PAGE.min(u32::try_from(left).unwrap_or(PAGE));
        if limit == 0 {
            break;
        }
        let page = app
            .activity(ActivityArgs {
                item_id: None,
                integration_id,
                run_id: None,
                origin: options.direction.map(|direction| match direction {
                    Direction::FromJira => ChangeOrigin::Jira,
                    Direction::Here => ChangeOrigin::Here,
                    Direction::ToJira => ChangeOrigin::Sent,
                }),
                field: options.field.clone(),
                search: options.search.clone(),
                before,
                limit,
            })
            .await?;
        changes.extend(page.changes);
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    if options.csv {
        return csv(&changes);
    }
    Output::new(options.json).print(&changes, |changes| match changes.as_slice() {
        [] => "Nothing has changed yet.".to_owned(),
        changes => table(&HEAD, &changes.iter().map(cells).collect::<Vec<_>>()),
    });
    Ok(ExitCode::SUCCESS)
}

fn csv(changes: &[ActivityChange]) -> Result<ExitCode, Failure> {
    let failed = |error: csv::Error| Failure::Local(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEAD).map_err(failed)?;
    for change in changes {
        writer.write_record(cells(change)).map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| Failure::Local(error.to_string()))?;
    say(String::from_utf8_lossy(&bytes).trim_end());
    Ok(ExitCode::SUCCESS)
}

fn cells(change: &ActivityChange) -> Vec<String> {
    let from = match change.origin {
        ChangeOrigin::Jira => "Jira",
        ChangeOrigin::Here => "here",
        ChangeOrigin::Sent => "sent to Jira",
    };
    let cause = match change.cause {
        ChangeCause::Import => "import",
        ChangeCause::Sync => "sync",
        ChangeCause::Edit => "edit",
    };
    let what = match change.kind {
        ChangeKind::Created => "(made)".to_owned(),
        ChangeKind::Parent => "(parent)".to_owned(),
        ChangeKind::Type => "(type)".to_owned(),
        ChangeKind::Deleted => "(deleted)".to_owned(),
        ChangeKind::Restored => "(brought back)".to_owned(),
        ChangeKind::Severed => "(disconnected)".to_owned(),
        ChangeKind::Relinked => "(linked again)".to_owned(),
        ChangeKind::Field | ChangeKind::Decided => change.field.clone().unwrap_or_default(),
    };
    vec![
        change.at.clone(),
        from.to_owned(),
        cause.to_owned(),
        change.key.clone().unwrap_or_default(),
        change.title.clone().unwrap_or_default(),
        what,
        value_words(&change.before),
        value_words(&change.after),
    ]
}
