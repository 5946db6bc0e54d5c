//! The statuses of an integration: what is mapped, and mapping it.
//!
//! The file goes by names with ids beside them, as that of a mapping: reading goes by the id where it is still there,
//! else by the name.

use crate::arguments::Statuses;
use crate::output::{Failure, Output, read_file, table};
use crate::show;
use api::App;
use api::dto::{SchemaArgs, StatusCategory, StatusMapping, StatusPair, StatusPairsArgs, Winner};
use serde::{Deserialize, Serialize};
use std::process::ExitCode;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
struct StatusFile {
    /// Whether this is what is saved (or else the proposal). Ignored when read.
    #[serde(default)]
    saved: bool,
    /// Whether a status that is set here goes to Jira.
    goes_back: bool,
    winner: Winner,
    statuses: Vec<StatusEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StatusEntry {
    jira: String,
    #[serde(default)]
    jira_id: String,
    /// None leaves it unmapped.
    #[serde(default)]
    workspace: Option<String>,
    /// Whether issues go there when an item is given the status here.
    #[serde(default)]
    way_back: bool,
    /// Ignored when read.
    #[serde(default)]
    category: Option<StatusCategory>,
    /// Linked items whose issue stands in it. Ignored when read.
    #[serde(default)]
    count: u32,
}

pub async fn statuses(app: &App, options: Statuses) -> Result<ExitCode, Failure> {
    let integration_id = show::integration(app, &options.integration).await?.id;
    let args = |refresh| SchemaArgs {
        integration_id,
        refresh,
    };
    // A guest may not ask Jira what the project has: it goes by what the owner saw last.
    let mut mapping = app.status_mapping(args(app.is_owner())).await?;
    if options.changes() {
        change(&mut mapping, &options)?;
        app.status_mapping_save(StatusPairsArgs {
            integration_id,
            pairs: mapping.pairs,
            goes_back: mapping.goes_back,
            winner: mapping.winner,
        })
        .await?;
        mapping = app.status_mapping(args(false)).await?;
    }
    Output::new(options.json).print(&written(&mapping), |_| words(&mapping));
    Ok(ExitCode::SUCCESS)
}

/// Does what was typed: the file first, then what is told one by one.
fn change(mapping: &mut StatusMapping, options: &Statuses) -> Result<(), Failure> {
    if let Some(path) = &options.file {
        let text = read_file(path)?;
        let file: StatusFile = serde_json::from_str(&text).map_err(|error| {
            Failure::Usage(format!("{} maps no statuses: {error}", path.display()))
        })?;
        mapping.pairs = read(&file, mapping)?;
        (mapping.goes_back, mapping.winner) = (file.goes_back, file.winner);
    }
    for told in &options.set {
        let (jira, workspace) = two(told, "--set")?;
        let remote = remote_status(mapping, "", jira)?;
        mapping.pairs.retain(|pair| pair.remote_status != remote);
        if !workspace.is_empty() {
            let status = status(mapping, workspace)?;
            mapping.pairs.push(StatusPair {
                remote_status: remote,
                status,
                is_written: false,
            });
        }
    }
    for told in &options.way_back {
        let (workspace, jira) = two(told, "--way-back")?;
        let (status, remote) = (
            status(mapping, workspace)?,
            remote_status(mapping, "", jira)?,
        );
        let is_there = |pair: &StatusPair| pair.remote_status == remote && pair.status == status;
        if !mapping.pairs.iter().any(is_there) {
            return Err(Failure::Usage(format!(
                "{jira:?} is not mapped to {workspace:?}: an issue that went there would come back as something else."
            )));
        }
        for pair in &mut mapping.pairs {
            if pair.status == status {
                pair.is_written = pair.remote_status == remote;
            }
        }
    }
    mapping.goes_back = options.goes_back.unwrap_or(mapping.goes_back);
    Ok(())
}

/// `a=b`. Names may hold an equals sign where the other one does not: the first counts.
fn two<'t>(told: &'t str, flag: &str) -> Result<(&'t str, &'t str), Failure> {
    let (left, right) = told
        .split_once('=')
        .ok_or_else(|| Failure::Usage(format!("{flag} wants two names: {flag} \"A=B\"")))?;
    Ok((left.trim(), right.trim()))
}

fn remote_status(mapping: &StatusMapping, id: &str, name: &str) -> Result<String, Failure> {
    let all = &mapping.remote_statuses;
    let same = |known: &&api::dto::RemoteStatus| known.name.eq_ignore_ascii_case(name);
    let found = all.iter().find(|known| known.id == id);
    let found = found.or_else(|| all.iter().find(same));
    found.map(|known| known.id.clone()).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|known| known.name.as_str()).collect();
        missing("Jira status", name, &names)
    })
}

fn status(mapping: &StatusMapping, name: &str) -> Result<i64, Failure> {
    let mut all = mapping.statuses.iter();
    let found = all.find(|known| known.name.eq_ignore_ascii_case(name));
    found.map(|known| known.id).ok_or_else(|| {
        let names: Vec<&str> = mapping
            .statuses
            .iter()
            .map(|known| known.name.as_str())
            .collect();
        missing("workspace status", name, &names)
    })
}

fn missing(what: &str, name: &str, known: &[&str]) -> Failure {
    Failure::Usage(format!(
        "There is no {what} named {name:?}. There are: {}.",
        known.join(", ")
    ))
}

fn read(file: &StatusFile, mapping: &StatusMapping) -> Result<Vec<StatusPair>, Failure> {
    let mut pairs = Vec::new();
    for entry in &file.statuses {
        let remote_status = remote_status(mapping, &entry.jira_id, &entry.jira)?;
        if let Some(workspace) = &entry.workspace {
            pairs.push(StatusPair {
                remote_status,
                status: status(mapping, workspace)?,
                is_written: entry.way_back,
            });
        }
    }
    Ok(pairs)
}

fn written(mapping: &StatusMapping) -> StatusFile {
    let statuses = mapping.remote_statuses.iter().map(|remote| {
        let mut pairs = mapping.pairs.iter();
        let pair = pairs.find(|pair| pair.remote_status == remote.id);
        StatusEntry {
            jira: remote.name.clone(),
            jira_id: remote.id.clone(),
            workspace: pair.and_then(|pair| name(mapping, pair.status)),
            way_back: pair.is_some_and(|pair| pair.is_written),
            category: remote.category,
            count: remote.count,
        }
    });
    StatusFile {
        saved: mapping.saved,
        goes_back: mapping.goes_back,
        winner: mapping.winner,
        statuses: statuses.collect(),
    }
}

fn name(mapping: &StatusMapping, id: i64) -> Option<String> {
    let mut statuses = mapping.statuses.iter();
    let found = statuses.find(|status| status.id == id);
    found.map(|status| status.name.clone())
}

fn words(mapping: &StatusMapping) -> String {
    let file = written(mapping);
    let rows: Vec<Vec<String>> = file
        .statuses
        .iter()
        .map(|entry| {
            let category = match entry.category {
                Some(StatusCategory::Open) => "open",
                Some(StatusCategory::InProgress) => "in progress",
                Some(StatusCategory::Done) => "done",
                None => "gone",
            };
            let back = match (mapping.goes_back, entry.way_back) {
                (true, true) => "and back",
                _ => "",
            };
            vec![
                entry.jira.clone(),
                category.to_owned(),
                entry.count.to_string(),
                entry
                    .workspace
                    .clone()
                    .unwrap_or_else(|| "(not mapped)".to_owned()),
                back.to_owned(),
            ]
        })
        .collect();
    let mut lines = vec![table(
        &["JIRA", "CATEGORY", "ITEMS", "WORKSPACE", ""],
        &rows,
    )];
    if !mapping.saved {
        lines.push("A proposal: `--accept` saves it.".to_owned());
    }
    // What a row says already is not said again.
    let general = mapping.remarks.iter();
    let general = general.filter(|remark| remark.remote_status.is_none());
    lines.extend(general.map(|remark| remark.text.clone()));
    lines.join("\n")
}
