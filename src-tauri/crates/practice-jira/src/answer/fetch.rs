//! Issues one by one and in bulk, with what hangs on them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{metadata, no_issue, signed_in};
use crate::auth::Identity;
use crate::http::{Call, Outcome, Reply};
use crate::json::Json;
use crate::render::issue::Selection;
use crate::state::{Issue, RemoteLink, Slot, Transition};
use crate::view::View;

/// What an issue may be expanded by.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extras {
    pub expand: Vec<String>,
    pub properties: Vec<String>,
}

impl Extras {
    pub(crate) fn has(&self, what: &str) -> bool {
        self.expand.iter().any(|e| {
            e == what
                || e.strip_prefix(what)
                    .is_some_and(|rest| rest.starts_with('.'))
        })
    }
}

/// Writes one issue with its extras. `history_max` cuts `expand=changelog`.
pub(crate) fn write(
    view: &View<'_>,
    json: &mut Json,
    issue: &Issue,
    selection: &Selection<'_>,
    extras: &Extras,
    history_max: usize,
) {
    view.open_issue(json, issue, selection);
    if !extras.properties.is_empty() {
        json.key("properties").object();
        let all = extras.properties.iter().any(|p| p == "*all");
        for ((_, key), value) in view
            .data
            .properties
            .range((issue.id, String::new())..(issue.id + 1, String::new()))
        {
            if all || extras.properties.contains(key) {
                json.key(key).tree(value);
            }
        }
        json.end_object();
    }
    if extras.has("names") {
        json.key("names").object();
        for field in view.data.fields.iter().filter(|f| view.shows(f, issue)) {
            json.key(&field.id).str(view.name(field.name, field.german));
        }
        json.end_object();
    }
    if extras.has("schema") {
        json.key("schema").object();
        for field in view
            .data
            .fields
            .iter()
            .filter(|f| view.shows(f, issue) && f.slot != Slot::IssueKey)
        {
            json.key(&field.id);
            view.schema(json, field);
        }
        json.end_object();
    }
    if extras.has("transitions") {
        json.key("transitions").array();
        for transition in open_transitions(view, issue) {
            write_transition(
                view,
                json,
                transition,
                issue,
                extras.expand.iter().any(|e| e == "transitions.fields"),
            );
        }
        json.end_array();
    }
    if extras.has("editmeta") {
        json.key("editmeta").object();
        metadata::write_edit(view, json, issue);
        json.end_object();
    }
    if extras.has("operations") {
        json.key("operations")
            .object()
            .key("linkGroups")
            .array()
            .end_array()
            .end_object();
    }
    if extras.has("changelog") {
        super::history::write_expanded(view, json, issue, history_max);
    }
    json.end_object();
}

/// `GET /issue/{key}`.
pub(crate) fn one(view: &View<'_>, call: &Call, key: &str, identity: Identity) -> Outcome {
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, view.face))?;
    let selection = view.selection(&call.list("fields"), "*all");
    let extras = Extras {
        expand: call.list("expand"),
        properties: call.list("properties"),
    };
    let mut json = Json::with_capacity(16_384);
    write(view, &mut json, issue, &selection, &extras, 100);
    Ok(Reply::written(json))
}

/// `POST /issue/bulkfetch`: at most 100, ascending by id, each missing one named beside the rest.
pub(crate) fn bulk(view: &View<'_>, call: &Call) -> Outcome {
    let body = call.json_body()?;
    closed(
        &body,
        &[
            "expand",
            "fields",
            "fieldsByKeys",
            "issueIdsOrKeys",
            "properties",
        ],
    )?;
    let wanted = strings(&body, "issueIdsOrKeys")?;
    if wanted.is_empty() {
        return Err(Reply::error(
            400,
            &["The 'issueIdsOrKeys' must not be empty."],
        ));
    }
    let distinct: BTreeSet<&String> = wanted.iter().collect();
    if distinct.len() > 100 {
        return Err(Reply::error(
            400,
            &["The number of issues requested exceeds the limit of 100."],
        ));
    }
    let selection = view.selection(&strings(&body, "fields")?, "*navigable");
    let extras = Extras {
        expand: comma_list(&body, "expand")?,
        properties: strings(&body, "properties")?,
    };
    let mut found: BTreeMap<u64, &Issue> = BTreeMap::new();
    let mut missing = Vec::new();
    for key in distinct {
        // It reads what the search knows.
        let known = view
            .issue(key)
            .filter(|issue| !view.faults.absent.archived.contains(&issue.id));
        match known {
            Some(issue) => drop(found.insert(issue.id, issue)),
            None => missing.push(key),
        }
    }
    let mut json = Json::with_capacity(1024 + found.len() * 12_000);
    json.object().key("issues").array();
    for issue in found.values() {
        write(view, &mut json, issue, &selection, &extras, 40);
    }
    json.end_array().key("issueErrors").array();
    for key in missing {
        json.object()
            .key("id")
            .str(key)
            .key("errorMessage")
            .str("Issue does not exist or you do not have permission to see it.")
            .end_object();
    }
    json.end_array().end_object();
    Ok(Reply::written(json))
}

/// Refuses members that the schema does not know.
pub(crate) fn closed(body: &Value, known: &[&str]) -> Result<(), Reply> {
    let Some(map) = body.as_object() else {
        return Err(Reply::error(
            400,
            &["Invalid request payload. Refer to the REST API documentation and try again."],
        ));
    };
    match map.keys().find(|k| !known.contains(&k.as_str())) {
        Some(_) => Err(Reply::error(
            400,
            &["Invalid request payload. Refer to the REST API documentation and try again."],
        )),
        None => Ok(()),
    }
}

/// A list of strings in a body; numbers are taken as strings.
pub(crate) fn strings(body: &Value, name: &str) -> Result<Vec<String>, Reply> {
    let wrong = || {
        Reply::error(
            400,
            &["Invalid request payload. Refer to the REST API documentation and try again."],
        )
    };
    match body.get(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(list)) => list
            .iter()
            .map(|v| match v {
                Value::String(text) => Ok(text.clone()),
                Value::Number(number) => Ok(number.to_string()),
                _ => Err(wrong()),
            })
            .collect(),
        Some(_) => Err(wrong()),
    }
}

/// `expand` in a body: one comma string in the search, a list elsewhere.
pub(crate) fn comma_list(body: &Value, name: &str) -> Result<Vec<String>, Reply> {
    match body.get(name) {
        Some(Value::String(text)) => Ok(text
            .split(',')
            .map(|t| t.trim().to_owned())
            .filter(|t| !t.is_empty())
            .collect()),
        _ => strings(body, name),
    }
}

/// The transitions open to the caller; none without the permission.
pub(crate) fn open_transitions<'v>(view: &'v View<'_>, issue: &Issue) -> Vec<&'v Transition> {
    let Some(project) = view
        .data
        .project(issue.project)
        .filter(|p| view.may(Some(p), "TRANSITION_ISSUES"))
    else {
        return Vec::new();
    };
    let list = &view.data.workflows[project.workflow].transitions;
    list.iter()
        .filter(|t| t.from.contains(&issue.status) || t.from.is_empty() && t.to != issue.status)
        .collect()
}

fn write_transition(
    view: &View<'_>,
    json: &mut Json,
    transition: &Transition,
    issue: &Issue,
    fields: bool,
) {
    json.object()
        .key("id")
        .id(transition.id.into())
        .key("name")
        .str(transition.name)
        .key("to");
    view.status(json, transition.to);
    if view.cloud() {
        json.key("hasScreen")
            .bool(transition.screen)
            .key("isGlobal")
            .bool(transition.from.is_empty())
            .key("isInitial")
            .bool(false);
        json.key("isAvailable")
            .bool(true)
            .key("isConditional")
            .bool(false)
            .key("isLooped")
            .bool(false);
    }
    if fields {
        json.key("fields").object();
        if transition.screen
            && let (Some(project), Some(kind)) =
                (view.data.project(issue.project), view.data.kind(issue.kind))
        {
            for slot in [Slot::Resolution, Slot::FixVersions, Slot::Assignee] {
                let Some(field) = view.data.slot(slot) else {
                    continue;
                };
                json.key(&field.id);
                let mut field = field.clone();
                if slot == Slot::Resolution && transition.resolution_required {
                    field.required = vec![kind.kind];
                }
                view.meta_field(json, &field, project, kind, !view.cloud());
            }
        }
        json.end_object();
    }
    json.end_object();
}

pub(crate) fn transitions(view: &View<'_>, call: &Call, key: &str, identity: Identity) -> Outcome {
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, view.face))?;
    let only = call.param("transitionId");
    let mut json = Json::with_capacity(4096);
    json.object()
        .key("expand")
        .str("transitions")
        .key("transitions")
        .array();
    for transition in open_transitions(view, issue) {
        if only.is_none_or(|id| id == transition.id.to_string()) {
            write_transition(
                view,
                &mut json,
                transition,
                issue,
                call.expands("transitions.fields"),
            );
        }
    }
    json.end_array().end_object();
    Ok(Reply::written(json))
}

pub(crate) fn property_keys(view: &View<'_>, key: &str, identity: Identity) -> Outcome {
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, view.face))?;
    let keys = view
        .data
        .properties
        .range((issue.id, String::new())..(issue.id + 1, String::new()));
    let list: Vec<Value> = keys.map(|((_, k), _)| json!({"self": format!("{}/issue/{}/properties/{k}", view.api_url(), issue.id), "key": k})).collect();
    Ok(Reply::ok(&json!({"keys": list})))
}

pub(crate) fn property(view: &View<'_>, key: &str, property: &str, identity: Identity) -> Outcome {
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, view.face))?;
    match view.data.properties.get(&(issue.id, property.to_owned())) {
        Some(value) => Ok(Reply::ok(&json!({"key": property, "value": value}))),
        None => Err(Reply::error(
            404,
            &[&format!("The property {property} does not exist.")],
        )),
    }
}

fn remote_link(view: &View<'_>, issue: &Issue, link: &RemoteLink) -> Value {
    let mut body = link.body.clone();
    body["id"] = link.id.into();
    body["self"] = format!(
        "{}/issue/{}/remotelink/{}",
        view.api_url(),
        view.data.key_of(issue),
        link.id
    )
    .into();
    if let Some(global) = &link.global_id {
        body["globalId"] = global.as_str().into();
    }
    body
}

pub(crate) fn remote_links(view: &View<'_>, call: &Call, key: &str, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, view.face))?;
    let list = view
        .data
        .remote_links
        .get(&issue.id)
        .map_or(&[][..], Vec::as_slice);
    if let Some(global) = call.param("globalId") {
        let found = list.iter().find(|l| l.global_id.as_deref() == Some(global));
        return found
            .map(|l| Reply::ok(&remote_link(view, issue, l)))
            .ok_or_else(|| Reply::error(404, &["The remote link was not found."]));
    }
    Ok(Reply::ok(
        &list.iter().map(|l| remote_link(view, issue, l)).collect(),
    ))
}

pub(crate) fn comments(view: &View<'_>, call: &Call, key: &str, identity: Identity) -> Outcome {
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, view.face))?;
    let (start, size) = call.page(50, 5000)?;
    let list = view
        .data
        .comments
        .get(&issue.id)
        .map_or(&[][..], Vec::as_slice);
    let page = super::Page {
        start,
        size,
        name: "comments",
        is_last: false,
        total: true,
        links: None,
    };
    Ok(super::page(&page, list, |json, c| {
        view.comment(json, c, issue)
    }))
}
