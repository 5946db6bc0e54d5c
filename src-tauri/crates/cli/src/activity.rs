//! What changed, and where it came from.

use crate::arguments::{Activity, Direction};
use crate::output::{Failure, Output, say, short, table};
use crate::show::integration;
use api::App;
use api::dto::{ActivityArgs, ActivityChange, ChangeOrigin};
use api::export::{ACTIVITY_COLUMNS, activity_cells, csv};
use std::process::ExitCode;

/// Changes asked for at once.
const PAGE: u32 = 500;

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
        return print_csv(&changes);
    }
    Output::new(options.json).print(&changes, |changes| match changes.as_slice() {
        [] => "Nothing has changed yet.".to_owned(),
        changes => table(
            &ACTIVITY_COLUMNS,
            &changes.iter().map(short_cells).collect::<Vec<_>>(),
        ),
    });
    Ok(ExitCode::SUCCESS)
}

fn short_cells(change: &ActivityChange) -> Vec<String> {
    let cells = activity_cells(change);
    cells.iter().map(|cell| short(cell)).collect()
}

fn print_csv(changes: &[ActivityChange]) -> Result<ExitCode, Failure> {
    let head = ACTIVITY_COLUMNS.map(str::to_owned).to_vec();
    let rows: Vec<_> = std::iter::once(head)
        .chain(changes.iter().map(activity_cells))
        .collect();
    say(csv(&rows)?.trim_end());
    Ok(ExitCode::SUCCESS)
}
