//! What changed on an issue, when and by whom.

use super::{Page, no_issue, page};
use crate::auth::Identity;
use crate::http::{Call, Outcome, Reply};
use crate::json::Json;
use crate::rng::Rng;
use crate::state::{Change, ChangeItem, Issue};
use crate::time::jira_time;
use crate::view::View;

/// All changes, oldest first: an invented past, followed by what clients did.
pub(crate) fn changes(view: &View<'_>, issue: &Issue) -> Vec<Change> {
    let mut list = past(view, issue);
    list.extend(
        view.data
            .changes
            .get(&issue.id)
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .cloned(),
    );
    list
}

/// What led an invented issue to where it was born: one step through the workflow at a time.
fn past(view: &View<'_>, issue: &Issue) -> Vec<Change> {
    if issue.seed == 0 || view.data.changes.contains_key(&issue.id) {
        return Vec::new();
    }
    let Some(workflow) = view
        .data
        .project(issue.project)
        .map(|p| &view.data.workflows[p.workflow])
    else {
        return Vec::new();
    };
    let mut rng = Rng::stream(issue.seed, 60, 0);
    let place = workflow
        .statuses
        .iter()
        .position(|s| *s == issue.status)
        .unwrap_or(0);
    let mut path: Vec<u32> = workflow.statuses[..place]
        .iter()
        .copied()
        .filter(|_| rng.chance(60))
        .collect();
    if path.first() != workflow.statuses.first() && place > 0 {
        path.insert(0, workflow.statuses[0]);
    }
    path.push(issue.status);
    let end = issue.resolved.unwrap_or(issue.updated);
    let steps = path.len() as i64 - 1;
    let name = |id: u32| {
        view.data
            .status(id)
            .map_or("", |s| view.name(s.name, s.german))
            .to_owned()
    };
    let mut list = Vec::new();
    for (at, pair) in path.windows(2).enumerate() {
        let time = issue.created + (end - issue.created) / steps.max(1) * (at as i64 + 1);
        let item = ChangeItem {
            field: "status".into(),
            field_id: "status".into(),
            custom: false,
            from: Some(pair[0].to_string()),
            from_text: Some(name(pair[0])),
            to: Some(pair[1].to_string()),
            to_text: Some(name(pair[1])),
        };
        list.push(Change {
            id: issue.id * 10 + at as u64,
            author: issue.assignee.unwrap_or(issue.creator),
            at: time,
            items: vec![item],
        });
    }
    list
}

pub(crate) fn write_items(view: &View<'_>, json: &mut Json, items: &[ChangeItem]) {
    json.array();
    for item in items {
        json.object()
            .key("field")
            .str(&item.field)
            .key("fieldtype")
            .str(if item.custom { "custom" } else { "jira" });
        if view.cloud() {
            json.key("fieldId").str(&item.field_id);
        }
        for (key, value) in [
            ("from", &item.from),
            ("fromString", &item.from_text),
            ("to", &item.to),
            ("toString", &item.to_text),
        ] {
            match value {
                Some(text) => json.key(key).str(text).done(),
                None => json.key(key).null().done(),
            }
        }
        if view.cloud() && matches!(item.field_id.as_str(), "assignee" | "reporter") {
            write_accounts(view, json, item);
        }
        json.end_object();
    }
    json.end_array();
}

/// Cloud names people by an old key, and beside it by their account.
fn write_accounts(view: &View<'_>, json: &mut Json, item: &ChangeItem) {
    for (name, key) in [
        ("tmpFromAccountId", &item.from),
        ("tmpToAccountId", &item.to),
    ] {
        let mut users = view.data.users.iter();
        let user = users.find(|user| key.as_ref() == Some(&user.key));
        match user {
            Some(user) => json.key(name).str(&user.account_id).done(),
            None => json.key(name).null().done(),
        }
    }
}

fn write(view: &View<'_>, json: &mut Json, change: &Change) {
    json.object().key("id").id(change.id).key("author");
    view.user(json, change.author);
    json.key("created")
        .str(&jira_time(change.at, &view.zone))
        .key("items");
    write_items(view, json, &change.items);
    json.end_object();
}

/// `expand=changelog`: the newest first, and only so many.
pub(crate) fn write_expanded(view: &View<'_>, json: &mut Json, issue: &Issue, most: usize) {
    let all = changes(view, issue);
    json.key("changelog")
        .object()
        .key("startAt")
        .int(0)
        .key("maxResults")
        .int(all.len().min(most) as i64)
        .key("total")
        .int(all.len() as i64)
        .key("histories")
        .array();
    for change in all.iter().rev().take(most) {
        write(view, json, change);
    }
    json.end_array().end_object();
}

/// `GET /issue/{key}/changelog`: oldest first, paged.
pub(crate) fn one(view: &View<'_>, call: &Call, key: &str, identity: Identity) -> Outcome {
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, view.face))?;
    let (start, size) = call.page(100, 100)?;
    let shape = Page {
        start,
        size,
        name: "values",
        is_last: true,
        total: true,
        links: Some(format!(
            "{}/issue/{}/changelog",
            view.api_url(),
            view.data.key_of(issue)
        )),
    };
    Ok(page(&shape, &changes(view, issue), |json, c| {
        write(view, json, c)
    }))
}

/// `POST /changelog/bulkfetch`: up to 1,000 issues and 10 fields, token paging, oldest first.
pub(crate) fn bulk(view: &View<'_>, call: &Call) -> Outcome {
    use super::fetch::{closed, strings};
    let body = call.json_body()?;
    closed(
        &body,
        &["fieldIds", "issueIdsOrKeys", "maxResults", "nextPageToken"],
    )?;
    let wanted = strings(&body, "issueIdsOrKeys")?;
    let fields = strings(&body, "fieldIds")?;
    if wanted.is_empty() || wanted.len() > 1000 || fields.len() > 10 {
        return Err(Reply::error(
            400,
            &["Between 1 and 1000 issues and at most 10 fields can be asked for."],
        ));
    }
    let size = body
        .get("maxResults")
        .and_then(serde_json::Value::as_u64)
        .unwrap_or(1000)
        .clamp(1, 10_000) as usize;
    let start = match body.get("nextPageToken").and_then(|t| t.as_str()) {
        None => 0,
        Some(token) => token
            .strip_prefix("cl.")
            .and_then(|t| t.parse().ok())
            .ok_or_else(|| Reply::error(400, &["The nextPageToken is invalid."]))?,
    };
    let mut rows: Vec<(u64, Change)> = Vec::new();
    for issue in wanted.iter().filter_map(|key| view.issue(key)) {
        for mut change in changes(view, issue) {
            change
                .items
                .retain(|i| fields.is_empty() || fields.contains(&i.field_id));
            if !change.items.is_empty() {
                rows.push((issue.id, change));
            }
        }
    }
    let end = (start + size).min(rows.len());
    let mut json = Json::with_capacity(16_384);
    json.object().key("issueChangeLogs").array();
    let slice = &rows[start.min(rows.len())..end];
    for group in slice.chunk_by(|a, b| a.0 == b.0) {
        json.object()
            .key("issueId")
            .id(group[0].0)
            .key("changeHistories")
            .array();
        for (_, change) in group {
            write(view, &mut json, change);
        }
        json.end_array().end_object();
    }
    json.end_array();
    if end < rows.len() {
        json.key("nextPageToken").str(&format!("cl.{end}"));
    }
    json.end_object();
    Ok(Reply::written(json))
}
