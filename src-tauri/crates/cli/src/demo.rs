//! The main job in a terminal, against a practice site: connect, map, plan, import, compare.

use crate::arguments::{Common, Demo, Face};
use crate::mapping_file;
use crate::output::{Failure, Output, say};
use crate::run;
use api::dto::{
    BacklogQuery, BacklogRowsArgs, IntegrationArgs, IntegrationForm, Nothing, PracticeArgs,
    ProjectArgs, ProjectsArgs, Run, RunArgs, RunState, SaveScopeArgs, SiteKind, SortColumn,
};
use api::{App, Options, SecretChoice};
use serde::Serialize;
use std::process::ExitCode;

const TREE_ROWS: u32 = 12;

#[derive(Serialize)]
struct Report {
    face: SiteKind,
    site: String,
    project: String,
    run: Run,
    items: u32,
    site_issues: u32,
    sample: Vec<String>,
}

pub async fn demo(common: &Common, options: Demo) -> Result<ExitCode, Failure> {
    let output = Output::new(options.json);
    let scratch = Scratch::new(common)?;
    let app = App::open(Options {
        data_dir: scratch.path(),
        // The practice site's credentials are public words, so they need no keyring.
        secrets: SecretChoice::Memory,
    })
    .await?;
    let outcome = perform(&app, &options, output).await;
    app.shutdown().await;
    outcome
}

async fn perform(app: &App, options: &Demo, output: Output) -> Result<ExitCode, Failure> {
    let tell = |line: &str| {
        if !output.json() {
            say(line);
        }
    };
    let kind = match options.face {
        Face::Cloud => SiteKind::Cloud,
        Face::DataCenter => SiteKind::DataCenter,
    };
    let connection = app
        .connection_practice(PracticeArgs {
            kind,
            issues: options.issues,
        })
        .await?;
    tell(&format!(
        "Connected to {} as {}",
        connection.url, connection.account
    ));
    let args = ProjectsArgs {
        connection_id: connection.id,
        query: String::new(),
        limit: 1,
    };
    let projects = app.projects(args).await?;
    let project = projects
        .projects
        .into_iter()
        .next()
        .ok_or_else(|| Failure::Local("The practice site shows no project.".to_owned()))?;
    let args = ProjectArgs {
        connection_id: connection.id,
        project_key: project.key.clone(),
    };
    let boards = app.boards(args).await?;
    let integration = app
        .integration_create(IntegrationForm {
            connection_id: connection.id,
            project_key: project.key.clone(),
            board_id: boards.into_iter().next().map(|board| board.id),
            name: project.name.clone(),
        })
        .await?;
    tell(&format!("Project {} ({})", project.name, project.key));
    let integration_id = integration.id;
    mapping_file::save_proposal(app, integration_id).await?;
    let scope = SaveScopeArgs {
        integration_id,
        jql: String::new(),
        include_closed: true,
        area_id: None,
    };
    app.scope_save(scope).await?;
    let args = api::dto::ScopeArgs {
        integration_id,
        jql: String::new(),
        include_closed: true,
    };
    let scope = app.scope_check(args).await?;

    let planned = app.import_plan(IntegrationArgs { integration_id }).await?;
    let planned = run::follow(app, planned).await?;
    tell(&format!(
        "Plan: {} to create, {} to skip; nothing is written yet",
        planned.counts.create, planned.counts.skip
    ));
    let run = if planned.state == RunState::Planned {
        let applied = app.import_apply(RunArgs { run_id: planned.id }).await?;
        run::follow(app, applied).await?
    } else {
        planned
    };
    tell(&run::done_words(&run));
    let sample = sample(app).await?;
    for line in &sample {
        tell(line);
    }
    let items = app.app_state(Nothing {}).await?.items;
    let site_issues = scope.count.unwrap_or_default();
    let complete = run.state == RunState::Done
        && run.counts.failed == 0
        && items == run.counts.created
        && run.counts.found == site_issues;
    let report = Report {
        face: kind,
        site: connection.url,
        project: project.key,
        run,
        items,
        site_issues,
        sample,
    };
    output.print(&report, |report| {
        format!(
            "{} items here, {} issues in Jira's project",
            report.items, report.site_issues
        )
    });
    Ok(if complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
    })
}

/// The first rows of the backlog, as a tree.
async fn sample(app: &App) -> Result<Vec<String>, Failure> {
    let query = BacklogQuery {
        search: String::new(),
        levels: Vec::new(),
        types: Vec::new(),
        statuses: Vec::new(),
        dev_statuses: Vec::new(),
        area_id: None,
        sort: SortColumn::Rank,
        descending: false,
        collapsed: Vec::new(),
        collapse_all: false,
    };
    let view = app.backlog_open(query).await?;
    let args = BacklogRowsArgs {
        view: view.view,
        start: 0,
        count: TREE_ROWS,
    };
    let rows = app.backlog_rows(args).await?;
    Ok(rows
        .rows
        .iter()
        .map(|row| {
            let indent = "  ".repeat(usize::from(row.depth));
            format!(
                "  {indent}{} {}",
                row.key.as_deref().unwrap_or("-"),
                row.title
            )
        })
        .collect())
}

/// A directory of the demonstration's own, gone afterwards, unless one was asked for.
enum Scratch {
    Asked(std::path::PathBuf),
    Own(tempfile::TempDir),
}

impl Scratch {
    fn new(common: &Common) -> Result<Self, Failure> {
        Ok(match &common.data_dir {
            Some(directory) => Self::Asked(directory.clone()),
            None => Self::Own(tempfile::tempdir()?),
        })
    }

    fn path(&self) -> std::path::PathBuf {
        match self {
            Self::Asked(path) => path.clone(),
            Self::Own(directory) => directory.path().to_owned(),
        }
    }
}
