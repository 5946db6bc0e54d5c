//! Creating, editing, moving through the workflow, deleting.

use serde_json::{Map, Value, json};

use super::values::{Reader, text_of};
use super::{Complaints, check_notify, not_on_screen, writable};
use crate::answer::fetch::open_transitions;
use crate::answer::signed_in;
use crate::auth::Identity;
use crate::config::Face;
use crate::http::{Call, Outcome, Reply};
use crate::site::Site;
use crate::state::{Category, Issue, Kind, Slot, UserIx};
use crate::webhooks::Happening;

const BULK_MAX: usize = 50;
const CHILDREN: &str = "The issue has subtasks. You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.";

fn object<'v>(body: &'v Value, name: &str) -> Option<&'v Map<String, Value>> {
    body.get(name).and_then(Value::as_object)
}

fn reader<'a>(site: &'a Site, call: &Call) -> Reader<'a> {
    Reader {
        data: &site.data,
        face: site.config.face,
        api: call.api,
    }
}

/// Checks a request to create and builds the issue, without filing it.
fn draft(
    site: &Site,
    call: &Call,
    caller: UserIx,
    identity: Identity,
    body: &Value,
) -> Result<Issue, Reply> {
    let view = site.view(call, identity);
    let empty = Map::new();
    let fields = object(body, "fields").unwrap_or(&empty);
    let wanted = fields
        .get("project")
        .and_then(|p| p.get("id").or_else(|| p.get("key")))
        .map(text_of);
    let Some(project) = wanted.and_then(|key| view.project(&key)) else {
        return Err(Reply::field_errors(&[(
            "project".to_owned(),
            "Specify a valid project ID or key".to_owned(),
        )]));
    };
    if !view.may(Some(project), "CREATE_ISSUES") {
        return Err(Reply::field_errors(&[(
            "project".to_owned(),
            "You do not have permission to create issues in this project.".to_owned(),
        )]));
    }
    let reader = reader(site, call);
    let mut issue = Issue {
        id: site.data.next_issue + 1,
        project: project.id,
        number: project.next_number,
        kind: 0,
        status: site.data.workflows[project.workflow].statuses[0],
        priority: project
            .priorities
            .get(2.min(project.priorities.len().saturating_sub(1)))
            .copied(),
        resolution: None,
        summary: "".into(),
        description: None,
        assignee: None,
        reporter: Some(caller),
        creator: caller,
        labels: Vec::new(),
        components: Vec::new(),
        fix_versions: Vec::new(),
        affects: Vec::new(),
        parent: None,
        sprints: Vec::new(),
        created: call.now,
        updated: call.now,
        resolved: None,
        due: None,
        estimate_s: None,
        rank: (site.data.next_issue + 1 + site.data.issues.len() as u64) << 20,
        custom: Vec::new(),
        seed: 0,
    };
    let mut complaints = Complaints::default();
    match fields.get("issuetype") {
        Some(kind) => {
            if let Some(field) = site.data.slot(Slot::IssueType)
                && let Err(text) = reader.set(&mut issue, field, kind)
            {
                complaints.add("issuetype", text);
                complaints.check()?;
                return Ok(issue);
            }
        }
        None => {
            return Err(Reply::field_errors(&[(
                "issuetype".to_owned(),
                "Specify an issue type".to_owned(),
            )]));
        }
    }
    let kind = site.data.kind_of(&issue);
    for (id, value) in fields
        .iter()
        .filter(|(id, _)| *id != "project" && *id != "issuetype")
    {
        let field = site.data.field(id).filter(|f| {
            f.in_project(issue.project) && (f.create.contains(&kind) || f.slot == Slot::Sprint)
        });
        match field {
            None => complaints.add(id, not_on_screen(id)),
            Some(field) => {
                if let Err(text) = reader.set(&mut issue, field, value) {
                    complaints.add(id, text);
                }
            }
        }
    }
    operations(site, call, &mut issue, body, &mut complaints, fields, |f| {
        f.create.contains(&kind)
    });
    let mut given: Vec<String> = fields.keys().cloned().collect();
    given.extend(
        object(body, "update")
            .into_iter()
            .flat_map(|u| u.keys().cloned()),
    );
    for (id, text) in reader.missing(&issue, &given) {
        complaints.add(&id, text);
    }
    for field in site.data.fields.iter().filter(|field| {
        site.faults.demanded.contains(&field.id)
            && field.in_project(issue.project)
            && field.create.contains(&kind)
            && !given.contains(&field.id)
    }) {
        complaints.add(&field.id, format!("{} is required.", field.name));
    }
    complaints.check()?;
    Ok(issue)
}

/// Applies `update`; a field that stands in `fields` too is refused.
fn operations(
    site: &Site,
    call: &Call,
    issue: &mut Issue,
    body: &Value,
    complaints: &mut Complaints,
    fields: &Map<String, Value>,
    on_screen: impl Fn(&crate::state::Field) -> bool,
) {
    let reader = reader(site, call);
    for (id, list) in object(body, "update").into_iter().flatten() {
        if id == "comment" || id == "issuelinks" {
            continue;
        }
        if fields.contains_key(id) {
            complaints.add(
                id,
                format!("Field '{id}' cannot be both in fields and in update."),
            );
            continue;
        }
        let Some(field) = site
            .data
            .field(id)
            .filter(|f| f.in_project(issue.project) && on_screen(f))
        else {
            complaints.add(id, not_on_screen(id));
            continue;
        };
        for (operation, value) in list
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .flatten()
        {
            if let Err(text) = reader.update(issue, field, operation, value) {
                complaints.add(id, text);
            }
        }
    }
}

fn file(site: &mut Site, call: &Call, caller: UserIx, mut issue: Issue, body: &Value) -> Value {
    issue.id = site.data.next_issue + 1;
    site.data.next_issue = issue.id;
    if let Some(project) = site.data.project_mut(issue.project) {
        issue.number = project.next_number;
        project.next_number += 1;
        project.issues += 1;
    }
    for property in body
        .get("properties")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if let (Some(key), Some(value)) = (
            property.get("key").and_then(Value::as_str),
            property.get("value"),
        ) {
            site.data
                .properties
                .insert((issue.id, key.to_owned()), value.clone());
        }
    }
    site.data.put(issue.clone());
    site.leave_stale(issue.id, None, call.now);
    super::attached::comments_of_update(site, call, caller, issue.id, body);
    site.announce(
        call,
        caller,
        &Happening {
            event: "jira:issue_created",
            type_name: Some("issue_created"),
            issue: &issue,
            change: None,
        },
    );
    let key = site.data.key_of(&issue);
    json!({"id": issue.id.to_string(), "key": key, "self": format!("{}/rest/api/{}/issue/{}", call.base, call.api, issue.id)})
}

pub(super) fn create(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let caller = signed_in(identity, site.config.face)?;
    let body = call.json_body()?;
    let issue = draft(site, call, caller, identity, &body)?;
    Ok(Reply::json(201, &file(site, call, caller, issue, &body)))
}

/// `POST /issue/bulk`: partial success is 201, and the errors name the place in the request.
pub(super) fn create_many(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let caller = signed_in(identity, site.config.face)?;
    let body = call.json_body()?;
    let list = body
        .get("issueUpdates")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    if list.is_empty() || list.len() > BULK_MAX {
        return Err(Reply::error(
            400,
            &["Between 1 and 50 issues can be created at once."],
        ));
    }
    let (mut issues, mut errors) = (Vec::new(), Vec::new());
    for (at, entry) in list.iter().enumerate() {
        match draft(site, call, caller, identity, entry) {
            Ok(issue) => issues.push(file(site, call, caller, issue, entry)),
            Err(reply) => {
                let element: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
                errors.push(json!({"status": reply.status, "elementErrors": element, "failedElementNumber": at}));
            }
        }
    }
    let status = if issues.is_empty() { 400 } else { 201 };
    Ok(Reply::json(
        status,
        &json!({"issues": issues, "errors": errors}),
    ))
}

pub(super) fn edit(site: &mut Site, call: &Call, identity: Identity, key: &str) -> Outcome {
    let (caller, issue) = writable(site, call, identity, key, "EDIT_ISSUES")?;
    check_notify(site, call, caller)?;
    let body = call.json_body()?;
    let mut after = issue.clone();
    let kind = site.data.kind_of(&issue);
    let cloud = site.config.face == Face::Cloud;
    let fixed = |slot: Slot| {
        matches!(
            slot,
            Slot::Project | Slot::Resolution | Slot::Status | Slot::Creator
        ) || slot == Slot::Parent && !cloud
    };
    // Cloud does not look at the screen any more; Data Center does.
    let on_screen = |f: &crate::state::Field| {
        !fixed(f.slot)
            && (f.edit.contains(&kind)
                || cloud && f.slot != Slot::Sprint && (f.orderable || f.slot == Slot::Parent)
                || f.slot == Slot::Sprint)
    };
    let mut complaints = Complaints::default();
    let empty = Map::new();
    let fields = object(&body, "fields").unwrap_or(&empty);
    for (id, value) in fields {
        // Status changes are ignored here.
        if id == "status" {
            continue;
        }
        match site
            .data
            .field(id)
            .filter(|f| f.in_project(issue.project) && on_screen(f))
        {
            None => complaints.add(id, not_on_screen(id)),
            Some(field) => {
                if let Err(text) = reader(site, call).set(&mut after, field, value) {
                    complaints.add(id, text);
                }
            }
        }
    }
    operations(
        site,
        call,
        &mut after,
        &body,
        &mut complaints,
        fields,
        on_screen,
    );
    complaints.check()?;
    put_properties(site, issue.id, &body);
    site.commit(call, caller, after, None);
    super::attached::comments_of_update(site, call, caller, issue.id, &body);
    if cloud && call.flag("returnIssue") {
        let view = site.view(call, identity);
        return crate::answer::fetch::one(&view, call, &issue.id.to_string(), identity);
    }
    Ok(Reply::empty(204))
}

fn put_properties(site: &mut Site, id: u64, body: &Value) {
    for property in body
        .get("properties")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if let (Some(key), Some(value)) = (
            property.get("key").and_then(Value::as_str),
            property.get("value"),
        ) {
            site.data
                .properties
                .insert((id, key.to_owned()), value.clone());
        }
    }
}

pub(super) fn assign(site: &mut Site, call: &Call, identity: Identity, key: &str) -> Outcome {
    let (caller, issue) = writable(site, call, identity, key, "ASSIGN_ISSUES")?;
    let body = call.json_body()?;
    let reader = reader(site, call);
    let mut after = issue;
    let user = reader
        .user(&body)
        .and_then(|u| u.map(|u| reader.active(u)).transpose());
    after.assignee = user.map_err(|text| Reply::field_errors(&[("assignee".to_owned(), text)]))?;
    site.commit(call, caller, after, Some("issue_assigned"));
    Ok(Reply::empty(204))
}

pub(super) fn transition(site: &mut Site, call: &Call, identity: Identity, key: &str) -> Outcome {
    let (caller, issue) = writable(site, call, identity, key, "BROWSE_PROJECTS")?;
    let body = call.json_body()?;
    let wanted = body
        .pointer("/transition/id")
        .map(text_of)
        .ok_or_else(|| Reply::error(400, &["Missing 'transition' identifier"]))?;
    let view = site.view(call, identity);
    let found = open_transitions(&view, &issue)
        .into_iter()
        .find(|t| t.id.to_string() == wanted)
        .cloned();
    let Some(transition) = found else {
        // Data Center falls over a number that it does not know.
        let status = if site.config.face == Face::DataCenter {
            500
        } else {
            400
        };
        return Err(Reply::error(
            status,
            &["It seems that you have tried to perform an illegal workflow operation."],
        ));
    };
    let mut after = issue.clone();
    let mut complaints = Complaints::default();
    let empty = Map::new();
    let fields = object(&body, "fields").unwrap_or(&empty);
    let on_screen = |f: &crate::state::Field| {
        transition.screen
            && matches!(
                f.slot,
                Slot::Resolution | Slot::FixVersions | Slot::Assignee
            )
    };
    for (id, value) in fields {
        match site.data.field(id).filter(|f| on_screen(f)) {
            None => complaints.add(id, not_on_screen(id)),
            Some(field) => {
                if let Err(text) = reader(site, call).set(&mut after, field, value) {
                    complaints.add(id, text);
                }
            }
        }
    }
    operations(
        site,
        call,
        &mut after,
        &body,
        &mut complaints,
        fields,
        on_screen,
    );
    if transition.resolution_required && !fields.contains_key("resolution") {
        complaints.add("resolution", "Resolution is required.");
    }
    complaints.check()?;
    let category = |id: u32| site.data.status(id).map(|s| s.category);
    after.status = transition.to;
    match category(transition.to) {
        Some(Category::Done) => {
            after.resolution = after.resolution.or(Some(10_000));
            after.resolved = after.resolved.or(Some(call.now));
        }
        _ => {
            after.resolution = None;
            after.resolved = None;
        }
    }
    let id = issue.id;
    site.commit(call, caller, after, None);
    super::attached::comments_of_update(site, call, caller, id, &body);
    Ok(Reply::empty(204))
}

pub(super) fn delete(site: &mut Site, call: &Call, identity: Identity, key: &str) -> Outcome {
    let (caller, issue) = writable(site, call, identity, key, "DELETE_ISSUES")?;
    let children: Vec<u64> = site
        .data
        .children
        .get(&issue.id)
        .cloned()
        .unwrap_or_default();
    let subtasks: Vec<u64> = children
        .iter()
        .copied()
        .filter(|c| {
            site.data
                .issues
                .get(c)
                .is_some_and(|i| site.data.kind_of(i) == Kind::Subtask)
        })
        .collect();
    if !subtasks.is_empty() && !call.flag("deleteSubtasks") {
        return Err(Reply::error(400, &[CHILDREN]));
    }
    for child in children.iter().filter(|c| !subtasks.contains(c)) {
        if let Some(mut orphan) = site.data.issues.get(child).cloned() {
            orphan.parent = None;
            site.data.put(orphan);
        }
    }
    for id in subtasks.into_iter().chain([issue.id]) {
        remove(site, call, caller, id);
    }
    Ok(Reply::empty(204))
}

fn remove(site: &mut Site, call: &Call, caller: UserIx, id: u64) {
    let Some(issue) = site.data.issues.get(&id).cloned() else {
        return;
    };
    site.announce(
        call,
        caller,
        &Happening {
            event: "jira:issue_deleted",
            type_name: None,
            issue: &issue,
            change: None,
        },
    );
    let data = &mut site.data;
    data.issues.remove(&id);
    data.by_key.remove(&(issue.project, issue.number));
    data.properties.retain(|(owner, _), _| *owner != id);
    if let Some(list) = issue.parent.and_then(|p| data.children.get_mut(&p)) {
        list.retain(|c| *c != id);
    }
    for link in data.links_of.remove(&id).unwrap_or_default() {
        if let Some(link) = data.links.remove(&link) {
            let other = if link.from == id { link.to } else { link.from };
            if let Some(list) = data.links_of.get_mut(&other) {
                list.retain(|l| *l != link.id);
            }
        }
    }
    if let Some(project) = data.project_mut(issue.project) {
        project.issues = project.issues.saturating_sub(1);
    }
    site.leave_stale(id, Some(issue), call.now);
}
