//! Sprints, the backlog, rank, estimates, versions and components.

use serde_json::{Value, json};

use super::values::text_of;
use super::writable;
use crate::answer::agile::find_sprint;
use crate::answer::signed_in;
use crate::auth::Identity;
use crate::config::Face;
use crate::http::{Call, Outcome, Reply};
use crate::json::tree;
use crate::site::Site;
use crate::state::{Component, Custom, Issue, Kind, Sprint, SprintState, UserIx, Version};
use crate::time::{Millis, parse_date, parse_jira_time};

const MOVED_MAX: usize = 50;

fn body_text(body: &Value, name: &str) -> Option<String> {
    body.get(name)
        .and_then(Value::as_str)
        .map(|t| t.trim().to_owned())
}

fn body_time(body: &Value, name: &str) -> Result<Option<Millis>, Reply> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(parse_jira_time)
            .map(Some)
            .ok_or_else(|| Reply::error(400, &[&format!("The value of '{name}' is not a time.")])),
    }
}

fn may_manage(site: &Site, call: &Call, identity: Identity, board: u32) -> Result<UserIx, Reply> {
    let caller = signed_in(identity, site.config.face)?;
    let view = site.view(call, identity);
    let project = view
        .data
        .board(board)
        .and_then(|b| view.data.project(b.project));
    if project.is_none() {
        return Err(Reply::error(
            404,
            &[
                "The requested board cannot be viewed because it either does not exist or you do not have permission to view it.",
            ],
        ));
    }
    if !view.may(project, "MANAGE_SPRINTS_PERMISSION") {
        return Err(Reply::error(
            403,
            &["You do not have the permission to manage sprints."],
        ));
    }
    Ok(caller)
}

pub(super) fn create_sprint(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let body = call.json_body()?;
    let board = body
        .get("originBoardId")
        .and_then(Value::as_u64)
        .and_then(|b| u32::try_from(b).ok())
        .ok_or_else(|| Reply::error(400, &["The originBoardId is required."]))?;
    may_manage(site, call, identity, board)?;
    let name = body_text(&body, "name")
        .filter(|n| !n.is_empty())
        .ok_or_else(|| Reply::error(400, &["The sprint name is required."]))?;
    let id = site.data.sprints.iter().map(|s| s.id).max().unwrap_or(0) + 1;
    let sprint = Sprint {
        id,
        board,
        state: SprintState::Future,
        name,
        start: body_time(&body, "startDate")?,
        end: body_time(&body, "endDate")?,
        complete: None,
        goal: body_text(&body, "goal"),
    };
    site.data.sprints.push(sprint.clone());
    site.generation += 1;
    let view = site.view(call, identity);
    Ok(Reply::json(201, &tree(|json| view.sprint(json, &sprint))))
}

/// `POST` changes what is sent; `PUT` replaces everything.
pub(super) fn change_sprint(site: &mut Site, call: &Call, identity: Identity, id: &str) -> Outcome {
    let view = site.view(call, identity);
    let mut sprint = find_sprint(&view, id)?.clone();
    may_manage(site, call, identity, sprint.board)?;
    let body = call.json_body()?;
    let full = call.method == "PUT";
    let only_words = body
        .as_object()
        .is_some_and(|o| o.keys().all(|k| k == "name" || k == "goal"));
    if sprint.state == SprintState::Closed && (site.config.face == Face::DataCenter || !only_words)
    {
        return Err(Reply::error(400, &["A closed sprint cannot be updated."]));
    }
    if let Some(name) = body_text(&body, "name").filter(|n| !n.is_empty()) {
        sprint.name = name;
    } else if full {
        return Err(Reply::error(400, &["The sprint name is required."]));
    }
    if full || body.get("goal").is_some() {
        sprint.goal = body_text(&body, "goal");
    }
    if full || body.get("startDate").is_some() {
        sprint.start = body_time(&body, "startDate")?;
    }
    if full || body.get("endDate").is_some() {
        sprint.end = body_time(&body, "endDate")?;
    }
    match (body_text(&body, "state").as_deref(), sprint.state) {
        (Some("active"), SprintState::Future) => {
            if sprint.start.is_none() || sprint.end.is_none() {
                return Err(Reply::error(
                    400,
                    &["A sprint can be started only with a start and an end."],
                ));
            }
            sprint.state = SprintState::Active;
        }
        (Some("closed"), SprintState::Active) => {
            sprint.state = SprintState::Closed;
            sprint.complete = Some(call.now);
        }
        (None, _) => {}
        (Some(state), now) if state == now.lower() => {}
        _ => {
            return Err(Reply::error(
                400,
                &["The sprint cannot go into that state."],
            ));
        }
    }
    if let Some(slot) = site.data.sprints.iter_mut().find(|s| s.id == sprint.id) {
        *slot = sprint.clone();
    }
    site.generation += 1;
    let view = site.view(call, identity);
    Ok(Reply::ok(&tree(|json| view.sprint(json, &sprint))))
}

/// The issues named in a body, all of them writable, none a sub-task.
fn named(
    site: &Site,
    call: &Call,
    identity: Identity,
    body: &Value,
) -> Result<(UserIx, Vec<Issue>), Reply> {
    let keys: Vec<String> = body
        .get("issues")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(text_of)
        .collect();
    let caller = signed_in(identity, site.config.face)?;
    if keys.is_empty() || keys.len() > MOVED_MAX {
        return Err(Reply::error(
            400,
            &["Between 1 and 50 issues can be moved at once."],
        ));
    }
    let issues = keys
        .iter()
        .map(|key| writable(site, call, identity, key, "SCHEDULE_ISSUES").map(|(_, i)| i))
        .collect::<Result<Vec<_>, _>>()?;
    if issues.iter().any(|i| site.data.kind_of(i) == Kind::Subtask) {
        return Err(Reply::error(
            400,
            &["Sub-tasks follow their parent and cannot be moved by themselves."],
        ));
    }
    Ok((caller, issues))
}

fn move_all(site: &mut Site, call: &Call, caller: UserIx, issues: Vec<Issue>, sprint: Option<u32>) {
    for mut issue in issues {
        let closed = |id: &u32| {
            site.data
                .sprint(*id)
                .is_some_and(|s| s.state == SprintState::Closed)
        };
        issue.sprints.retain(closed);
        issue.sprints.extend(sprint);
        site.commit(call, caller, issue, None);
    }
}

pub(super) fn into_sprint(site: &mut Site, call: &Call, identity: Identity, id: &str) -> Outcome {
    let view = site.view(call, identity);
    let sprint = find_sprint(&view, id)?.clone();
    if sprint.state == SprintState::Closed {
        return Err(Reply::error(
            400,
            &["Issues can be moved to active and future sprints only."],
        ));
    }
    let body = call.json_body()?;
    let (caller, issues) = named(site, call, identity, &body)?;
    move_all(site, call, caller, issues.clone(), Some(sprint.id));
    place(site, call, identity, caller, &body, issues)?;
    Ok(Reply::empty(204))
}

pub(super) fn into_backlog(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let body = call.json_body()?;
    let (caller, issues) = named(site, call, identity, &body)?;
    move_all(site, call, caller, issues, None);
    Ok(Reply::empty(204))
}

pub(super) fn rank(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let body = call.json_body()?;
    let (caller, issues) = named(site, call, identity, &body)?;
    if body.get("rankBeforeIssue").is_none() && body.get("rankAfterIssue").is_none() {
        return Err(Reply::error(
            400,
            &["Either rankBeforeIssue or rankAfterIssue must be given."],
        ));
    }
    place(site, call, identity, caller, &body, issues)?;
    Ok(Reply::empty(204))
}

/// Ranks issues right before or after another one.
fn place(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    caller: UserIx,
    body: &Value,
    issues: Vec<Issue>,
) -> Result<(), Reply> {
    let (key, before) = match (
        body_text(body, "rankBeforeIssue"),
        body_text(body, "rankAfterIssue"),
    ) {
        (Some(key), _) => (key, true),
        (None, Some(key)) => (key, false),
        (None, None) => return Ok(()),
    };
    let (_, anchor) = writable(site, call, identity, &key, "SCHEDULE_ISSUES")?;
    let others = site
        .data
        .issues
        .values()
        .filter(|i| i.id != anchor.id)
        .map(|i| i.rank);
    let (low, high) = if before {
        (
            others.filter(|r| *r < anchor.rank).max().unwrap_or(0),
            anchor.rank,
        )
    } else {
        (
            anchor.rank,
            others
                .filter(|r| *r > anchor.rank)
                .min()
                .unwrap_or(anchor.rank + (1 << 20)),
        )
    };
    let step = ((high - low) / (issues.len() as u64 + 1)).max(1);
    for (at, moved) in issues.into_iter().enumerate() {
        let Some(mut issue) = site.data.issues.get(&moved.id).cloned() else {
            continue;
        };
        let before_rank = issue.rank;
        issue.rank = low + step * (at as u64 + 1);
        if site.config.face == Face::DataCenter {
            // Ranking does not count as an update there.
            if before_rank != issue.rank {
                site.data.put(issue);
                site.generation += 1;
            }
        } else {
            site.commit(call, caller, issue, None);
        }
    }
    Ok(())
}

/// Story points by board, whatever the screens say.
pub(super) fn estimate(site: &mut Site, call: &Call, identity: Identity, key: &str) -> Outcome {
    let (caller, mut issue) = writable(site, call, identity, key, "EDIT_ISSUES")?;
    let board = call
        .param("boardId")
        .and_then(|b| b.parse().ok())
        .and_then(|b| site.data.board(b));
    let number = board
        .and_then(|b| b.estimation)
        .ok_or_else(|| Reply::error(400, &["The board does not use estimation."]))?;
    let body = call.json_body()?;
    let value = match body.get("value") {
        None | Some(Value::Null) => None,
        Some(value) => Some(
            text_of(value)
                .parse::<f64>()
                .map_err(|_| Reply::error(400, &["The estimate must be a number."]))?,
        ),
    };
    issue.set_custom(number, value.map(Custom::Number));
    site.commit(call, caller, issue, None);
    let mut answer = json!({"fieldId": format!("customfield_{number}")});
    if let Some(value) = value {
        answer["value"] = format!("{value:?}").into();
    }
    Ok(Reply::ok(&answer))
}

fn project_of(site: &Site, call: &Call, identity: Identity, body: &Value) -> Result<u32, Reply> {
    signed_in(identity, site.config.face)?;
    let view = site.view(call, identity);
    let key = body
        .get("projectId")
        .or_else(|| body.get("project"))
        .map(text_of)
        .unwrap_or_default();
    let project = view
        .project(&key)
        .ok_or_else(|| crate::answer::no_project(&key))?;
    if !view.may(Some(project), "ADMINISTER_PROJECTS") {
        return Err(Reply::error(
            403,
            &["You do not have the permission to administer the project."],
        ));
    }
    Ok(project.id)
}

pub(super) fn version(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let body = call.json_body()?;
    let project = project_of(site, call, identity, &body)?;
    let name = body_text(&body, "name")
        .filter(|n| !n.is_empty())
        .ok_or_else(|| {
            Reply::field_errors(&[(
                "name".to_owned(),
                "You must specify a valid version name".to_owned(),
            )])
        })?;
    let id = site.data.next_other() as u32;
    let view = site.view(call, identity);
    if view
        .data
        .project(project)
        .is_some_and(|p| p.versions.iter().any(|v| v.name == name))
    {
        return Err(Reply::field_errors(&[(
            "name".to_owned(),
            "A version with this name already exists in this project.".to_owned(),
        )]));
    }
    let date = |key: &str| body.get(key).and_then(Value::as_str).and_then(parse_date);
    let flag = |key: &str| body.get(key).and_then(Value::as_bool).unwrap_or(false);
    let version = Version {
        id,
        name,
        description: body_text(&body, "description").unwrap_or_default(),
        released: flag("released"),
        archived: flag("archived"),
        start: date("startDate"),
        release: date("releaseDate"),
    };
    if let Some(project) = site.data.project_mut(project) {
        project.versions.push(version.clone());
    }
    site.generation += 1;
    let view = site.view(call, identity);
    Ok(Reply::json(
        201,
        &tree(|json| view.version(json, &version, view.data.project(project))),
    ))
}

pub(super) fn component(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let body = call.json_body()?;
    let project = project_of(site, call, identity, &body)?;
    let name = body_text(&body, "name")
        .filter(|n| !n.is_empty())
        .ok_or_else(|| {
            Reply::field_errors(&[(
                "name".to_owned(),
                "The component name specified is invalid - cannot be empty.".to_owned(),
            )])
        })?;
    if site
        .data
        .project(project)
        .is_some_and(|p| p.components.iter().any(|c| c.name == name))
    {
        return Err(Reply::field_errors(&[(
            "name".to_owned(),
            "A component with this name already exists in this project.".to_owned(),
        )]));
    }
    let component = Component {
        id: site.data.next_other() as u32,
        name,
        description: body_text(&body, "description").unwrap_or_default(),
        lead: None,
    };
    if let Some(project) = site.data.project_mut(project) {
        project.components.push(component.clone());
    }
    site.generation += 1;
    let view = site.view(call, identity);
    let owner = view
        .data
        .project(project)
        .ok_or_else(|| crate::answer::no_project("?"))?;
    Ok(Reply::json(
        201,
        &tree(|json| view.component_full(json, &component, owner)),
    ))
}
