//! Finding people.

use super::{array, signed_in};
use crate::auth::Identity;
use crate::http::{Call, Outcome, Reply};
use crate::state::{User, UserIx};
use crate::view::View;

fn fits(view: &View<'_>, user: &User, text: &str) -> bool {
    let text = text.to_lowercase();
    let word = |s: &str| {
        s.to_lowercase()
            .split([' ', '.', '@'])
            .any(|w| w.starts_with(&text))
            || s.to_lowercase().starts_with(&text)
    };
    // Hidden addresses are not searched.
    text.is_empty()
        || word(&user.display)
        || user.email.as_deref().is_some_and(word)
        || !view.cloud() && (word(&user.name) || text == ".")
}

fn people<'v>(view: &'v View<'_>, text: &str) -> Vec<(UserIx, &'v User)> {
    view.data
        .users
        .iter()
        .enumerate()
        .map(|(ix, u)| (ix as UserIx, u))
        .filter(|(_, u)| fits(view, u, text))
        .collect()
}

fn respond(view: &View<'_>, found: &[UserIx]) -> Reply {
    array(found, |json, ix| view.user(json, *ix))
}

/// `/user/assignable/search`: the range is cut first and filtered afterwards, so that pages come short.
pub(crate) fn assignable(view: &View<'_>, call: &Call, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let project = match (
        call.param("project"),
        call.param("issueKey").or_else(|| call.param("issueId")),
    ) {
        (Some(key), _) => view.project(key).ok_or_else(|| super::no_project(key))?,
        (None, Some(key)) => {
            let issue = view
                .issue(key)
                .ok_or_else(|| super::no_issue(identity, view.face))?;
            view.data
                .project(issue.project)
                .ok_or_else(|| super::no_project(key))?
        }
        _ => {
            return Err(Reply::error(
                400,
                &["Either the 'project' or the 'issueKey' query parameter must be given."],
            ));
        }
    };
    if view.cloud() && call.param("query").is_some() && call.param("accountId").is_some() {
        return Err(Reply::error(
            400,
            &["Only one of 'query' and 'accountId' may be given."],
        ));
    }
    let text = call
        .param(if view.cloud() { "query" } else { "username" })
        .unwrap_or("");
    let (start, size) = call.page(50, 1000)?;
    let removed = view
        .faults
        .permissions_removed
        .contains(&(project.key.clone(), "ASSIGNABLE_USER".to_owned()));
    let range = view.data.users.iter().enumerate().skip(start).take(size);
    let found: Vec<UserIx> = range
        .filter(|(_, u)| {
            u.active
                && !removed
                && fits(view, u, text)
                && call.param("accountId").is_none_or(|id| id == u.account_id)
        })
        .map(|(ix, _)| ix as UserIx)
        .collect();
    Ok(respond(view, &found))
}

pub(crate) fn search(view: &View<'_>, call: &Call, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let (start, size) = call.page(50, 1000)?;
    let name = if view.cloud() { "query" } else { "username" };
    let Some(text) = call
        .param(name)
        .or_else(|| call.param("accountId").map(|_| ""))
    else {
        return Err(Reply::error(
            400,
            &[&format!("The '{name}' query parameter was not provided")],
        ));
    };
    if !view.cloud() && text.is_empty() {
        return Err(Reply::error(
            400,
            &["The username query parameter was not provided"],
        ));
    }
    let inactive = view.cloud() || call.flag("includeInactive");
    let wanted = |(_, u): &(UserIx, &User)| {
        (u.active || inactive) && call.param("accountId").is_none_or(|id| id == u.account_id)
    };
    let found: Vec<UserIx> = people(view, text)
        .into_iter()
        .filter(wanted)
        .skip(start)
        .take(size)
        .map(|(ix, _)| ix)
        .collect();
    Ok(respond(view, &found))
}

/// `/users/search` and `/users`: everybody.
pub(crate) fn all(view: &View<'_>, call: &Call, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let (start, size) = call.page(50, 1000)?;
    let found: Vec<UserIx> = (0..view.data.users.len() as u32)
        .skip(start)
        .take(size)
        .collect();
    Ok(respond(view, &found))
}

pub(crate) fn one(view: &View<'_>, call: &Call, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let same = |u: &User| match view.cloud() {
        true => call.param("accountId") == Some(u.account_id.as_str()),
        false => {
            call.param("username") == Some(u.name.as_str())
                || call.param("key") == Some(u.key.as_str())
        }
    };
    match view.data.users.iter().position(same) {
        Some(ix) => {
            let mut json = crate::json::Json::with_capacity(512);
            view.user(&mut json, ix as UserIx);
            Ok(Reply::written(json))
        }
        None => Err(Reply::error(404, &["The user does not exist."])),
    }
}

/// `/user/bulk`: several people by account id.
pub(crate) fn bulk(view: &View<'_>, call: &Call, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    let ids = call.list("accountId");
    let found: Vec<UserIx> = ids
        .iter()
        .filter_map(|id| view.data.users.iter().position(|u| u.account_id == *id))
        .map(|ix| ix as UserIx)
        .collect();
    let (start, size) = call.page(10, 200)?;
    let page = super::Page {
        start,
        size,
        name: "values",
        is_last: true,
        total: true,
        links: Some(format!("{}/user/bulk", view.api_url())),
    };
    Ok(super::page(&page, &found, |json, ix| view.user(json, *ix)))
}
