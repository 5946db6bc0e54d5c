//! The main job in a terminal, against a practice site: connect, map, plan, import, compare.

use crate::arguments::{Common, Demo, Face};
use crate::mapping_file;
use crate::output::{Failure, Output, say};
use crate::run;
use api::dto::{
    BacklogQuery, BacklogRowsArgs, IntegrationArgs, IntegrationForm, Nothing, PlanRow,
    PracticeArgs, Project, ProjectArgs, ProjectsArgs, Run, RunState, SaveScopeArgs, ScopeArgs,
    SiteKind, SortColumn,
};
use api::{App, Options, SecretChoice};
use serde::Serialize;
use std::process::ExitCode;

const TREE_ROWS: u32 = 12;

#[derive(Serialize)]
struct Report {
    face: SiteKind,
    site: String,
    items: u32,
    issues: u32,
    imports: Vec<Import>,
    sample: Vec<String>,
}

#[derive(Serialize)]
struct Import {
    project: String,
    issues: u32,
    run: Run,
    failures: Vec<PlanRow>,
}

pub async fn demo(common: &Common, options: Demo) -> Result<ExitCode, Failure> {
    let output = Output::new(options.json);
    let scratch = Scratch::new(common)?;
    let app = App::open(Options {
        data_dir: scratch.path(),
        // The practice site's credentials are public words, so they need no keyring.
        secrets: SecretChoice::Memory(Default::default()),
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
        limit: u32::MAX,
    };
    let mut imports = Vec::new();
    for project in app.projects(args).await?.projects {
        imports.push(import(app, connection.id, project, output).await?);
    }
    // Links to a project that came later are there once both are brought into step.
    for import in &imports {
        let integration_id = import.run.integration_id;
        app.sync_now(IntegrationArgs { integration_id }).await?;
    }
    let sample = sample(app).await?;
    for line in &sample {
        tell(line);
    }
    let items = app.app_state(Nothing {}).await?.items;
    let created: u32 = imports.iter().map(|import| import.run.counts.created).sum();
    let issues = imports.iter().map(|import| import.issues).sum();
    let report = Report {
        face: kind,
        site: connection.url,
        items,
        issues,
        imports,
        sample,
    };
    output.print(&report, |report| {
        format!(
            "{} items here, {} issues in Jira",
            report.items, report.issues
        )
    });
    let imports = &report.imports;
    if let Some(partly) = imports.iter().find(|import| !import.is_done()) {
        return Ok(run::exit_code(&partly.run, &partly.failures));
    }
    if items == created && imports.iter().all(Import::is_complete) {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::Local(
        "What is here is not what is in Jira: the numbers differ.".to_owned(),
    ))
}

/// Does the whole job for one project: add, map, plan, import.
async fn import(
    app: &App,
    connection_id: i64,
    project: Project,
    output: Output,
) -> Result<Import, Failure> {
    let args = ProjectArgs {
        connection_id,
        project_key: project.key.clone(),
    };
    let boards = app.boards(args).await?;
    let form = IntegrationForm {
        connection_id,
        project_key: project.key.clone(),
        board_id: boards.into_iter().next().map(|board| board.id),
        name: project.name.clone(),
    };
    let integration_id = app.integration_create(form).await?.id;
    mapping_file::save_proposal(app, integration_id).await?;
    let (jql, include_closed) = (String::new(), true);
    let scope = SaveScopeArgs {
        integration_id,
        jql: jql.clone(),
        include_closed,
        area_id: None,
    };
    app.scope_save(scope).await?;
    let scope = app
        .scope_check(ScopeArgs {
            integration_id,
            jql,
            include_closed,
        })
        .await?;
    let run = run::whole_import(app, integration_id).await?;
    if let Some(problem) = &run.problem {
        return Err(Failure::Core(problem.clone()));
    }
    let failures = run::failures(app, &run).await?;
    if !output.json() {
        say(&format!(
            "{} ({}): {}",
            project.name,
            project.key,
            run::done_words(&run)
        ));
        for failure in &failures {
            say(&run::failure_words(failure));
        }
    }
    Ok(Import {
        project: project.key,
        issues: scope.count.unwrap_or_default(),
        run,
        failures,
    })
}

impl Import {
    fn is_done(&self) -> bool {
        self.run.state == RunState::Done && self.failures.is_empty()
    }

    fn is_complete(&self) -> bool {
        self.run.counts.found == self.issues
    }
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
