//! What is measured, each in a process of its own.

use api::dto::{
    AuthKind, ConnectionForm, IntegrationForm, Project, ProjectsArgs, RunArgs, RunState,
};
use api::{ApiError, App, Options, SecretChoice};
use lockstep_tests::system::{cpu_s, peak_mb};
use lockstep_tests::{mapped, planned, still};
use practice_jira::Face;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::{Outcome, Served};

/// Issues on one page of an ordinary client: what Jira gives to those who do not ask for more.
const PAGE: usize = 50;
/// Issues on one page at most: as many as Jira Cloud gives with their fields.
const PAGE_MAX: usize = 100;

/// A job, and the site that it is done on.
pub struct Job {
    what: String,
    face: Face,
    url: String,
    login: String,
    secret: String,
}

impl Job {
    /// A job on a site of this process.
    pub fn on(what: &str, site: &Served) -> Self {
        Self {
            what: what.to_owned(),
            face: site.face,
            url: site.url.clone(),
            login: site.login.clone(),
            secret: site.secret.clone(),
        }
    }

    /// Reads a job from the command line and the environment.
    pub fn from_words(words: &mut impl Iterator<Item = String>) -> Outcome<Self> {
        let mut word = || words.next().ok_or("a word is missing");
        Ok(Self {
            what: word()?,
            face: word()?.parse()?,
            url: word()?,
            login: std::env::var("BENCH_LOGIN")?,
            secret: std::env::var("BENCH_SECRET")?,
        })
    }
}

/// What a job took.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Issues that came.
    pub issues: u64,
    /// Issues of each project.
    pub projects: Vec<u64>,
    /// From the first request for issues until everything is done.
    pub wall_s: f64,
    /// How much of it went until the plans were ready.
    pub reading_s: f64,
    /// Processor time of the process, over all its threads.
    pub cpu_s: f64,
    /// The most memory that the process ever had.
    pub peak_mb: f64,
    /// Requests that were under way at once, at most.
    pub concurrency: u64,
    /// Requests that the site answered; counted there.
    pub requests: u64,
}

/// Does a job.
pub fn run(job: &Job) -> Outcome<Measured> {
    let runtime = tokio::runtime::Runtime::new()?;
    let mut measured = match job.what.as_str() {
        "import" => runtime.block_on(import(job))?,
        "ordinary" => runtime.block_on(serial(job, PAGE))?,
        "serial" => runtime.block_on(serial(job, PAGE_MAX))?,
        other => return Err(format!("{other} is no job").into()),
    };
    measured.peak_mb = peak_mb()?;
    measured.cpu_s = cpu_s()?;
    Ok(measured)
}

/// Imports every project of the site, as an admin would: the mapping is what is proposed.
async fn import(job: &Job) -> Outcome<Measured> {
    let directory = tempfile::tempdir()?;
    let mut measured = Measured {
        concurrency: u64::from(jira::CONCURRENCY_MAX),
        ..Measured::default()
    };
    let (app, _) = import_into(job, directory.path(), &mut measured).await?;
    app.shutdown().await;
    Ok(measured)
}

/// As [`import`], and the workspace stays open; gives the integrations with their issues.
pub async fn imported(job: &Job, directory: &Path) -> Outcome<(App, Vec<(i64, u64)>)> {
    import_into(job, directory, &mut Measured::default()).await
}

async fn import_into(
    job: &Job,
    directory: &Path,
    measured: &mut Measured,
) -> Outcome<(App, Vec<(i64, u64)>)> {
    let app = App::open(Options {
        data_dir: directory.to_owned(),
        secrets: SecretChoice::Memory(Default::default()),
    })
    .await
    .map_err(told)?;
    let connection = app
        .connection_create(ConnectionForm {
            name: "Bench".to_owned(),
            url: job.url.clone(),
            auth: match job.face {
                Face::Cloud => AuthKind::CloudToken,
                Face::DataCenter => AuthKind::Pat,
            },
            login: job.login.clone(),
            secret: job.secret.clone(),
            ca_pem: None,
            proxy: None,
            client_identity_pem: None,
        })
        .await
        .map_err(told)?;
    let projects = app
        .projects(ProjectsArgs {
            connection_id: connection.id,
            query: String::new(),
            limit: u32::MAX,
        })
        .await
        .map_err(told)?;
    let mut integrations = Vec::new();
    for project in projects.projects {
        let id = one_project(&app, connection.id, project, measured).await?;
        integrations.push((id, measured.projects.last().copied().unwrap_or_default()));
    }
    Ok((app, integrations))
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
async fn one_project(
    app: &App,
    connection_id: i64,
    project: Project,
    measured: &mut Measured,
) -> Outcome<i64> {
    let form = IntegrationForm {
        connection_id,
        project_key: project.key.clone(),
        board_id: None,
        name: project.name,
    };
    let integration_id = app.integration_create(form).await.map_err(told)?.id;
    mapped(app, integration_id).await;
    let began = Instant::now();
    let run = planned(app, integration_id).await;
    if run.state != RunState::Planned {
        return Err(format!("the plan of {} is not ready: {run:?}", project.key).into());
    }
    measured.reading_s += began.elapsed().as_secs_f64();
    app.import_apply(RunArgs { run_id: run.id })
        .await
        .map_err(told)?;
    let run = still(app, run.id).await;
    if run.state != RunState::Done {
        return Err(format!("the import of {} is not done: {run:?}", project.key).into());
    }
    measured.wall_s += began.elapsed().as_secs_f64();
    let created = u64::from(run.counts.created);
    measured.issues += created;
    measured.projects.push(created);
    Ok(integration_id)
}

/// An error of the application as the program's own.
pub fn told(error: ApiError) -> Box<dyn Error> {
    format!("{error:?}").into()
}

/// Reads every issue of the site, one page after the other, and keeps nothing: not even a database.
#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
async fn serial(job: &Job, page_size: usize) -> Outcome<Measured> {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(60))
        .build()?;
    let ask = async |path: &str, body: Value| -> Outcome<Value> {
        let request = client.post(format!("{}{path}", job.url)).json(&body);
        let request = match job.face {
            Face::Cloud => request.basic_auth(&job.login, Some(&job.secret)),
            Face::DataCenter => request.bearer_auth(&job.secret),
        };
        Ok(request.send().await?.error_for_status()?.json().await?)
    };
    let mut measured = Measured {
        concurrency: 1,
        ..Measured::default()
    };
    let began = Instant::now();
    let mut token = Value::Null;
    loop {
        let page = match job.face {
            Face::Cloud => {
                let mut body = json!({
                    "jql": "created is not EMPTY ORDER BY id", "maxResults": page_size, "fields": ["*navigable"],
                });
                if !token.is_null() {
                    body["nextPageToken"] = token.take();
                }
                ask("/rest/api/3/search/jql", body).await?
            }
            Face::DataCenter => {
                let body = json!({
                    "jql": "ORDER BY id", "startAt": measured.issues, "maxResults": page_size,
                    "fields": ["*navigable"],
                });
                ask("/rest/api/2/search", body).await?
            }
        };
        let issues = page["issues"].as_array().map_or(0, Vec::len);
        measured.issues += issues as u64;
        token = page["nextPageToken"].clone();
        let last = match job.face {
            Face::Cloud => token.is_null(),
            Face::DataCenter => issues == 0,
        };
        if last {
            break;
        }
    }
    measured.wall_s = began.elapsed().as_secs_f64();
    measured.reading_s = measured.wall_s;
    Ok(measured)
}
