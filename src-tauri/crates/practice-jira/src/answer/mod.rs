//! Answers to reading requests, shared by both faces where they agree.

pub(crate) mod about;
pub(crate) mod agile;
pub(crate) mod fetch;
pub(crate) mod find;
pub(crate) mod history;
pub(crate) mod lists;
pub(crate) mod metadata;
pub(crate) mod people;
pub(crate) mod projects;

use crate::auth::Identity;
use crate::config::Face;
use crate::http::Reply;
use crate::json::Json;
use crate::state::UserIx;

/// The caller, or the refusal that anonymous callers get.
pub(crate) fn signed_in(identity: Identity, face: Face) -> Result<UserIx, Reply> {
    identity.user.ok_or_else(|| match face {
        Face::Cloud => Reply::text(401, "Client must be authenticated to access this resource."),
        Face::DataCenter => Reply::error(
            401,
            &["You are not authenticated. Authentication required to perform this operation."],
        ),
    })
}

/// What an absent or hidden issue answers.
pub(crate) fn no_issue(identity: Identity, face: Face) -> Reply {
    match face {
        Face::Cloud => Reply::error(
            404,
            &["Issue does not exist or you do not have permission to see it."],
        ),
        Face::DataCenter if identity.user.is_none() => Reply::error(
            401,
            &[
                "You do not have the permission to see the specified issue.",
                "Login Required",
            ],
        ),
        Face::DataCenter => Reply::error(404, &["Issue Does Not Exist"]),
    }
}

pub(crate) fn no_project(key: &str) -> Reply {
    Reply::error(
        404,
        &[&format!("No project could be found with key '{key}'.")],
    )
}

/// A page of a list in the usual shape: `maxResults`, `startAt`, `total`, `isLast` and the entries under `name`.
pub(crate) struct Page<'n> {
    pub start: usize,
    pub size: usize,
    pub name: &'n str,
    pub is_last: bool,
    pub total: bool,
    /// Extra members that name this page and the next one by address.
    pub links: Option<String>,
}

pub(crate) fn page<T>(page: &Page<'_>, list: &[T], mut write: impl FnMut(&mut Json, &T)) -> Reply {
    let slice: Vec<&T> = list.iter().skip(page.start).take(page.size).collect();
    let last = page.start + slice.len() >= list.len();
    let mut json = Json::with_capacity(1024 + slice.len() * 600);
    json.object();
    if let Some(address) = &page.links {
        json.key("self").strs(&[
            address,
            "?startAt=",
            &page.start.to_string(),
            "&maxResults=",
            &page.size.to_string(),
        ]);
        if !last {
            json.key("nextPage").strs(&[
                address,
                "?startAt=",
                &(page.start + slice.len()).to_string(),
                "&maxResults=",
                &page.size.to_string(),
            ]);
        }
    }
    json.key("maxResults")
        .int(page.size as i64)
        .key("startAt")
        .int(page.start as i64);
    if page.total {
        json.key("total").int(list.len() as i64);
    }
    if page.is_last {
        json.key("isLast").bool(last);
    }
    json.key(page.name).array();
    for entry in slice {
        write(&mut json, entry);
    }
    json.end_array().end_object();
    Reply::written(json)
}

/// A plain array.
pub(crate) fn array<T>(
    list: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Json, T),
) -> Reply {
    let mut json = Json::with_capacity(4096);
    json.array();
    for entry in list {
        write(&mut json, entry);
    }
    json.end_array();
    Reply::written(json)
}
