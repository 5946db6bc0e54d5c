//! Commands that only look.

use crate::arguments::{Boards, Items, OfConnection};
use crate::output::{Failure, Output, say, table};
use api::App;
use api::dto::{
    Connection, FieldValue, Integration, IntegrationArgs, ItemDetail, ItemsArgs, Nothing,
    ProjectArgs, ProjectsArgs, Run,
};
use serde::Serialize;
use std::process::ExitCode;

/// Projects printed when no words narrow them down are all of them: a page holds so many.
const PROJECTS_PAGE: u32 = 100_000;
const ITEMS_PAGE: u32 = 500;

/// Finds a connection by name.
pub async fn connection(app: &App, name: &str) -> Result<Connection, Failure> {
    let all = app.connections(Nothing {}).await?;
    let names: Vec<String> = all
        .iter()
        .map(|connection| connection.name.clone())
        .collect();
    all.into_iter()
        .find(|connection| connection.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| Failure::Usage(no_such("connection", name, &names)))
}

/// Finds an integration by name.
pub async fn integration(app: &App, name: &str) -> Result<Integration, Failure> {
    let all = app.integrations(Nothing {}).await?;
    let names: Vec<String> = all
        .iter()
        .map(|integration| integration.name.clone())
        .collect();
    all.into_iter()
        .find(|integration| integration.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| Failure::Usage(no_such("integration", name, &names)))
}

fn no_such(what: &str, name: &str, known: &[String]) -> String {
    if known.is_empty() {
        format!("There is no {what} named {name:?}; there is none yet.")
    } else {
        format!(
            "There is no {what} named {name:?}. There are: {}.",
            known.join(", ")
        )
    }
}

pub async fn projects(app: &App, options: OfConnection) -> Result<ExitCode, Failure> {
    let connection = connection(app, &options.connection).await?;
    let args = ProjectsArgs {
        connection_id: connection.id,
        query: options.query,
        limit: PROJECTS_PAGE,
    };
    let found = app.projects(args).await?;
    Output::new(options.json).print(&found, |found| {
        let rows: Vec<Vec<String>> = found
            .projects
            .iter()
            .map(|project| vec![project.key.clone(), project.name.clone()])
            .collect();
        table(&["KEY", "NAME"], &rows)
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn boards(app: &App, options: Boards) -> Result<ExitCode, Failure> {
    let connection = connection(app, &options.connection).await?;
    let args = ProjectArgs {
        connection_id: connection.id,
        project_key: options.project,
    };
    let found = app.boards(args).await?;
    Output::new(options.json).print(&found, |found| {
        let rows: Vec<Vec<String>> = found
            .iter()
            .map(|board| vec![board.id.clone(), board.kind.clone(), board.name.clone()])
            .collect();
        table(&["ID", "KIND", "NAME"], &rows)
    });
    Ok(ExitCode::SUCCESS)
}

pub async fn items(app: &App, options: Items) -> Result<ExitCode, Failure> {
    let integration_id = match &options.integration {
        Some(name) => Some(integration(app, name).await?.id),
        None => None,
    };
    let mut after = 0;
    loop {
        let args = ItemsArgs {
            integration_id,
            after,
            limit: ITEMS_PAGE,
        };
        let page = app.items(args).await?;
        for item in &page.items {
            if options.json {
                let line = serde_json::to_string(item)
                    .map_err(|error| Failure::Local(error.to_string()))?;
                say(&line);
            } else {
                say(&item_line(item));
            }
        }
        match page.next {
            Some(next) => after = next,
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}

fn item_line(item: &ItemDetail) -> String {
    let key = item
        .link
        .as_ref()
        .map_or_else(|| format!("#{}", item.id), |link| link.key.clone());
    let status = item
        .fields
        .iter()
        .find(|field| field.key == "dev_status")
        .and_then(|field| match &field.value {
            FieldValue::Text { text } => Some(text.as_str()),
            _ => None,
        })
        .unwrap_or("");
    format!("{key:<12} {status:<16} {}", item.title)
}

#[derive(Serialize)]
struct Status {
    version: String,
    items: u32,
    connections: Vec<Connection>,
    integrations: Vec<IntegrationStatus>,
}

#[derive(Serialize)]
struct IntegrationStatus {
    integration: Integration,
    last_run: Option<Run>,
}

pub async fn status(app: &App, output: Output) -> Result<ExitCode, Failure> {
    let state = app.app_state(Nothing {}).await?;
    let mut integrations = Vec::new();
    for integration in app.integrations(Nothing {}).await? {
        let runs = app
            .runs(IntegrationArgs {
                integration_id: integration.id,
            })
            .await?;
        integrations.push(IntegrationStatus {
            integration,
            last_run: runs.into_iter().next(),
        });
    }
    let status = Status {
        version: state.version,
        items: state.items,
        connections: app.connections(Nothing {}).await?,
        integrations,
    };
    output.print(&status, status_words);
    Ok(ExitCode::SUCCESS)
}

fn status_words(status: &Status) -> String {
    let mut lines = vec![format!(
        "Lockstep {}, {} items",
        status.version, status.items
    )];
    for connection in &status.connections {
        let health = connection
            .problem
            .as_ref()
            .map_or_else(|| "works".to_owned(), |problem| problem.words().title);
        lines.push(format!(
            "Connection {}: {} ({health})",
            connection.name, connection.url
        ));
    }
    for entry in &status.integrations {
        let integration = &entry.integration;
        let last = entry
            .last_run
            .as_ref()
            .map_or_else(|| "never imported".to_owned(), crate::run::state_words);
        lines.push(format!(
            "Integration {}: {} of {}, {} items linked, {last}",
            integration.name,
            integration.project_key,
            integration.connection_name,
            integration.linked
        ));
    }
    lines.join("\n")
}
