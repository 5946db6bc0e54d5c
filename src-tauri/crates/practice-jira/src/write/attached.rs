//! What hangs on an issue: properties, remote links, links, comments.

use serde_json::{Value, json};

use super::values::{Reader, text_of};
use super::writable;
use crate::auth::Identity;
use crate::config::Face;
use crate::http::{Call, Outcome, Reply};
use crate::json::tree;
use crate::site::Site;
use crate::state::{Comment, Link, RemoteLink, UserIx};

const PROPERTY_MAX: usize = 32_768;

pub(super) fn set_property(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    key: &str,
    name: &str,
) -> Outcome {
    let (_, issue) = writable(site, call, identity, key, "EDIT_ISSUES")?;
    if name.chars().count() > 255 {
        return Err(Reply::error(
            400,
            &["The property key is longer than 255 characters."],
        ));
    }
    if call.body.len() > PROPERTY_MAX {
        return Err(Reply::error(
            400,
            &["The property value is longer than 32768 characters."],
        ));
    }
    let value = call.json_body()?;
    let replaced = site
        .data
        .properties
        .insert((issue.id, name.to_owned()), value)
        .is_some();
    let mut reply = Reply::empty(if replaced { 200 } else { 201 });
    reply.content_type = "application/json;charset=UTF-8";
    Ok(reply)
}

pub(super) fn delete_property(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    key: &str,
    name: &str,
) -> Outcome {
    let (_, issue) = writable(site, call, identity, key, "EDIT_ISSUES")?;
    match site.data.properties.remove(&(issue.id, name.to_owned())) {
        Some(_) => Ok(Reply::empty(204)),
        None => Err(Reply::error(
            404,
            &[&format!("The property {name} does not exist.")],
        )),
    }
}

/// The same global id updates, and leaves out what is not sent again.
pub(super) fn set_remote_link(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    key: &str,
) -> Outcome {
    let (caller, issue) = writable(site, call, identity, key, "LINK_ISSUES")?;
    let body = call.json_body()?;
    let sound = |path: &str| {
        body.pointer(path)
            .and_then(Value::as_str)
            .is_some_and(|t| !t.is_empty())
    };
    if !sound("/object/url") || !sound("/object/title") {
        return Err(Reply::field_errors(&[(
            "object".to_owned(),
            "'title' and 'url' are required.".to_owned(),
        )]));
    }
    let global_id = body
        .get("globalId")
        .and_then(Value::as_str)
        .map(str::to_owned);
    if global_id.as_ref().is_some_and(|g| g.chars().count() > 255) {
        return Err(Reply::field_errors(&[(
            "globalId".to_owned(),
            "The global id is longer than 255 characters.".to_owned(),
        )]));
    }
    let mut kept = json!({});
    for name in ["application", "relationship", "object"] {
        if let Some(value) = body.get(name) {
            kept[name] = value.clone();
        }
    }
    let fresh_id = site.data.next_other();
    let list = site.data.remote_links.entry(issue.id).or_default();
    let old = global_id
        .as_ref()
        .and_then(|g| list.iter_mut().find(|l| l.global_id.as_ref() == Some(g)));
    let (id, status) = match old {
        Some(link) => {
            link.body = kept;
            (link.id, 200)
        }
        None => {
            list.push(RemoteLink {
                id: fresh_id,
                global_id,
                body: kept,
            });
            (fresh_id, 201)
        }
    };
    site.touch(call, caller, issue.id, "issue_updated");
    // Data Center makes no difference between the two.
    let status = if site.config.face == Face::DataCenter {
        200
    } else {
        status
    };
    let address = format!(
        "{}/rest/api/{}/issue/{}/remotelink/{id}",
        call.base,
        call.api,
        site.data.key_of(&issue)
    );
    Ok(Reply::json(status, &json!({"id": id, "self": address})))
}

pub(super) fn delete_remote_link(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    key: &str,
    id: &str,
) -> Outcome {
    let (caller, issue) = writable(site, call, identity, key, "LINK_ISSUES")?;
    let list = site.data.remote_links.entry(issue.id).or_default();
    let before = list.len();
    list.retain(|l| l.id.to_string() != id);
    if list.len() == before {
        return Err(Reply::error(404, &["The remote link was not found."]));
    }
    site.touch(call, caller, issue.id, "issue_updated");
    Ok(Reply::empty(204))
}

pub(super) fn link(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let body = call.json_body()?;
    let end = |name: &str| {
        body.get(name)
            .and_then(|i| i.get("id").or_else(|| i.get("key")))
            .map(text_of)
            .unwrap_or_default()
    };
    // The inward issue is the one that the outward words start from: inward *blocks* outward.
    let (caller, from) = writable(site, call, identity, &end("inwardIssue"), "LINK_ISSUES")?;
    let (_, to) = writable(site, call, identity, &end("outwardIssue"), "LINK_ISSUES")?;
    let wanted = body.get("type").cloned().unwrap_or_default();
    let same = |t: &&crate::state::LinkType| {
        wanted
            .get("id")
            .is_some_and(|i| text_of(i) == t.id.to_string())
            || wanted.get("name").is_some_and(|n| n == t.name)
    };
    let Some(kind) = site.data.link_types.iter().find(same).map(|t| t.id) else {
        return Err(Reply::error(
            404,
            &["No issue link type with that name or id was found."],
        ));
    };
    let twin = |l: &&Link| l.kind == kind && l.from == from.id && l.to == to.id;
    if site.data.links.values().find(twin).is_none() {
        let id = site.data.next_other();
        site.data.links.insert(
            id,
            Link {
                id,
                kind,
                from: from.id,
                to: to.id,
            },
        );
        for end in [from.id, to.id] {
            site.data.links_of.entry(end).or_default().push(id);
            site.touch(call, caller, end, "issue_updated");
        }
    }
    Ok(Reply::empty(201))
}

pub(super) fn unlink(site: &mut Site, call: &Call, identity: Identity, id: &str) -> Outcome {
    let found = id
        .parse::<u64>()
        .ok()
        .and_then(|id| site.data.links.get(&id))
        .cloned();
    let link =
        found.ok_or_else(|| Reply::error(404, &["No issue link with that id was found."]))?;
    let (caller, _) = writable(site, call, identity, &link.from.to_string(), "LINK_ISSUES")?;
    site.data.links.remove(&link.id);
    for end in [link.from, link.to] {
        if let Some(list) = site.data.links_of.get_mut(&end) {
            list.retain(|l| *l != link.id);
        }
        site.touch(call, caller, end, "issue_updated");
    }
    Ok(Reply::empty(204))
}

pub(super) fn comment(site: &mut Site, call: &Call, identity: Identity, key: &str) -> Outcome {
    // Whoever may see the issue but not comment on it is told so as of a wrong field.
    let (caller, issue) =
        writable(site, call, identity, key, "ADD_COMMENTS").map_err(|refusal| {
            match refusal.status {
                403 => Reply::field_errors(&[(
                    "comment".to_owned(),
                    "You do not have the permission to comment on this issue.".to_owned(),
                )]),
                _ => refusal,
            }
        })?;
    let body = call.json_body()?;
    let comment = add_comment(site, call, caller, issue.id, &body)
        .map_err(|text| Reply::field_errors(&[("comment".to_owned(), text)]))?;
    let view = site.view(call, identity);
    Ok(Reply::json(
        201,
        &tree(|json| view.comment(json, &comment, &issue)),
    ))
}

fn add_comment(
    site: &mut Site,
    call: &Call,
    caller: UserIx,
    issue: u64,
    body: &Value,
) -> Result<Comment, String> {
    let reader = Reader {
        data: &site.data,
        face: site.config.face,
        api: call.api,
    };
    let text = reader
        .rich(body.get("body").unwrap_or(&Value::Null))?
        .ok_or("Comment body can not be empty!")?;
    let comment = Comment {
        id: site.data.next_other(),
        author: caller,
        at: call.now,
        body: text,
    };
    site.data
        .comments
        .entry(issue)
        .or_default()
        .push(comment.clone());
    site.touch(call, caller, issue, "issue_commented");
    Ok(comment)
}

/// `update.comment` of an edit or a transition. A comment that cannot be read is left out.
pub(super) fn comments_of_update(
    site: &mut Site,
    call: &Call,
    caller: UserIx,
    issue: u64,
    body: &Value,
) {
    let list = body
        .pointer("/update/comment")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for added in list.iter().filter_map(|o| o.get("add")) {
        if let Err(reason) = add_comment(site, call, caller, issue, added) {
            tracing::debug!(reason, "a comment was left out");
        }
    }
}
