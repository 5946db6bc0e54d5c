//! Boards, their configuration and their sprints.

use super::{Page, no_issue, page, signed_in};
use crate::auth::Identity;
use crate::http::{Call, Outcome, Reply};
use crate::json::Json;
use crate::state::{Board, BoardKind, Slot, Sprint, SprintState};
use crate::view::View;

fn board<'v>(view: &'v View<'_>, id: &str) -> Result<&'v Board, Reply> {
    let found = id.parse().ok().and_then(|id| view.data.board(id));
    let seen = found.filter(|b| {
        view.data
            .project(b.project)
            .is_some_and(|p| view.may(Some(p), "BROWSE_PROJECTS"))
    });
    seen.ok_or_else(|| Reply::error(404, &["The requested board cannot be viewed because it either does not exist or you do not have permission to view it."]))
}

fn write_board(view: &View<'_>, json: &mut Json, board: &Board) {
    json.object()
        .key("id")
        .int(board.id.into())
        .key("self")
        .strs(&[view.base, "/rest/agile/1.0/board/", &board.id.to_string()]);
    json.key("name")
        .str(&board.name)
        .key("type")
        .str(board.kind.name());
    if let (true, Some(project)) = (view.cloud(), view.data.project(board.project)) {
        json.key("location")
            .object()
            .key("projectId")
            .int(project.id.into())
            .key("displayName")
            .strs(&[&project.name, " (", &project.key, ")"]);
        json.key("projectName")
            .str(&project.name)
            .key("projectKey")
            .str(&project.key)
            .key("projectTypeKey")
            .str("software");
        json.key("avatarURI").strs(&[
            view.base,
            "/secure/projectavatar?size=small&pid=",
            &project.id.to_string(),
        ]);
        json.key("name")
            .strs(&[&project.name, " (", &project.key, ")"])
            .end_object();
        json.key("isPrivate").bool(false);
    }
    json.end_object();
}

pub(crate) fn boards(view: &View<'_>, call: &Call, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let (start, size) = call.page(50, 50)?;
    let size = view.faults.page_max.map_or(size, |most| size.min(most));
    let project = match call.param("projectKeyOrId") {
        None => None,
        Some(key) => Some(
            view.project(key)
                .ok_or_else(|| {
                    Reply::error(
                        400,
                        &[&format!(
                            "No project could be found with key or id '{key}'."
                        )],
                    )
                })?
                .id,
        ),
    };
    let kinds = call.list("type");
    let name = call.param("name").map(str::to_lowercase);
    let fits = |b: &&Board| {
        view.data
            .project(b.project)
            .is_some_and(|p| view.may(Some(p), "BROWSE_PROJECTS"))
            && project.is_none_or(|id| b.project == id)
            && (kinds.is_empty() || kinds.iter().any(|k| k == b.kind.name()))
            && name
                .as_ref()
                .is_none_or(|n| b.name.to_lowercase().contains(n))
    };
    let list: Vec<&Board> = view.data.boards.iter().filter(fits).collect();
    let shape = Page {
        start,
        size,
        name: "values",
        is_last: true,
        total: true,
        links: None,
    };
    Ok(page(&shape, &list, |json, b| write_board(view, json, b)))
}

pub(crate) fn one(view: &View<'_>, id: &str, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let mut json = Json::with_capacity(512);
    write_board(view, &mut json, board(view, id)?);
    Ok(Reply::written(json))
}

pub(crate) fn configuration(view: &View<'_>, id: &str, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let board = board(view, id)?;
    let number = board.id.to_string();
    let mut json = Json::with_capacity(2048);
    json.object()
        .key("id")
        .int(board.id.into())
        .key("name")
        .str(&board.name)
        .key("type")
        .str(board.kind.name());
    json.key("self").strs(&[
        view.base,
        "/rest/agile/1.0/board/",
        &number,
        "/configuration",
    ]);
    let filter = board.filter.to_string();
    json.key("filter")
        .object()
        .key("id")
        .str(&filter)
        .key("self")
        .strs(&[view.base, "/rest/api/2/filter/", &filter])
        .end_object();
    if board.kind == BoardKind::Kanban {
        json.key("subQuery")
            .object()
            .key("query")
            .str("fixVersion in unreleasedVersions() OR fixVersion is EMPTY")
            .end_object();
    }
    json.key("columnConfig").object().key("columns").array();
    for (name, statuses) in &board.columns {
        json.object().key("name").str(name).key("statuses").array();
        for status in statuses {
            json.object()
                .key("id")
                .id((*status).into())
                .key("self")
                .strs(&[view.base, "/rest/api/2/status/", &status.to_string()])
                .end_object();
        }
        json.end_array().end_object();
    }
    json.end_array()
        .key("constraintType")
        .str("issueCount")
        .end_object();
    // Only scrum boards estimate.
    if board.kind == BoardKind::Scrum {
        json.key("estimation").object();
        match board
            .estimation
            .and_then(|number| view.data.fields.iter().find(|f| f.number == number))
        {
            Some(field) => {
                json.key("type")
                    .str("field")
                    .key("field")
                    .object()
                    .key("fieldId")
                    .str(&field.id)
                    .key("displayName")
                    .str(view.name(field.name, field.german))
                    .end_object();
            }
            None => json.key("type").str("issueCount").done(),
        }
        json.end_object();
    }
    if let Some(rank) = view.data.slot(Slot::Rank) {
        json.key("ranking")
            .object()
            .key("rankCustomFieldId")
            .int(rank.number.into())
            .end_object();
    }
    json.end_object();
    Ok(Reply::written(json))
}

pub(crate) fn sprints(view: &View<'_>, call: &Call, id: &str, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let board = board(view, id)?;
    if !board.sprints {
        return Err(Reply::error(400, &["The board does not support sprints"]));
    }
    let (start, size) = call.page(50, 50)?;
    let size = view.faults.page_max.map_or(size, |most| size.min(most));
    let states = call.list("state");
    if states.iter().any(|s| {
        ![
            SprintState::Active,
            SprintState::Closed,
            SprintState::Future,
        ]
        .iter()
        .any(|k| k.lower() == s)
    }) {
        return Err(Reply::error(
            400,
            &["The value of 'state' must be one of active, future, closed."],
        ));
    }
    let list: Vec<&Sprint> = view
        .data
        .sprints
        .iter()
        .filter(|s| {
            s.board == board.id
                && (states.is_empty() || states.iter().any(|x| x == s.state.lower()))
        })
        .collect();
    let shape = Page {
        start,
        size,
        name: "values",
        is_last: true,
        total: view.cloud(),
        links: None,
    };
    Ok(page(&shape, &list, |json, s| view.sprint(json, s)))
}

pub(crate) fn find_sprint<'v>(view: &'v View<'_>, id: &str) -> Result<&'v Sprint, Reply> {
    id.parse()
        .ok()
        .and_then(|id| view.data.sprint(id))
        .ok_or_else(|| {
            Reply::error(
                404,
                &["Sprint does not exist or you do not have permission to view it."],
            )
        })
}

pub(crate) fn sprint(view: &View<'_>, id: &str, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let mut json = Json::with_capacity(512);
    view.sprint(&mut json, find_sprint(view, id)?);
    Ok(Reply::written(json))
}

/// An issue in its agile form: `sprint`, `closedSprints`, `flagged` and `epic` as objects.
pub(crate) fn issue(view: &View<'_>, call: &Call, key: &str, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, view.face))?;
    let selection = view.selection(&call.list("fields"), "*navigable");
    let mut json = Json::with_capacity(16_384);
    view.open_issue(&mut json, issue, &selection);
    json.end_object();
    let mut tree: serde_json::Value =
        serde_json::from_slice(&json.into_bytes()).unwrap_or_default();
    let sprint = |s: &Sprint| crate::json::tree(|j| view.sprint(j, s));
    let all: Vec<&Sprint> = issue
        .sprints
        .iter()
        .filter_map(|id| view.data.sprint(*id))
        .collect();
    let open = all.iter().find(|s| s.state != SprintState::Closed);
    let closed: Vec<_> = all
        .iter()
        .filter(|s| s.state == SprintState::Closed)
        .map(|s| sprint(s))
        .collect();
    tree["fields"]["sprint"] = open.map_or(serde_json::Value::Null, |s| sprint(s));
    tree["fields"]["closedSprints"] = closed.into();
    let flagged = view
        .data
        .slot(Slot::Flagged)
        .is_some_and(|f| issue.custom(f.number).is_some());
    tree["fields"]["flagged"] = flagged.into();
    Ok(Reply::ok(&tree))
}

pub(crate) fn estimation(view: &View<'_>, call: &Call, key: &str, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, view.face))?;
    let board = board(view, call.param("boardId").unwrap_or(""))?;
    let Some(number) = board.estimation else {
        return Err(Reply::error(400, &["The board does not use estimation."]));
    };
    let mut body = serde_json::json!({"fieldId": format!("customfield_{number}")});
    if let Some(crate::state::Custom::Number(value)) = issue.custom(number) {
        body["value"] = format!("{value:?}").into();
    }
    Ok(Reply::ok(&body))
}
