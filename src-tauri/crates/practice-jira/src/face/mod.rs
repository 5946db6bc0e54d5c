//! Which paths exist on which product, and who answers them.

mod cloud;
mod data_center;

use crate::answer::{about, agile, fetch, history, lists, metadata, people, projects};
use crate::auth::Identity;
use crate::config::Face;
use crate::http::{Call, Outcome, Reply};
use crate::site::Site;

/// Hands a request to whoever answers it.
pub(crate) fn answer(site: &mut Site, call: &Call, identity: Identity) -> Outcome {
    let answered = match site.config.face {
        Face::Cloud => cloud::answer(site, call, identity),
        Face::DataCenter => data_center::answer(site, call, identity),
    };
    answered.unwrap_or_else(|| Err(unknown(call, site.config.face)))
}

/// What a path outside the REST interface shows: a page for people.
pub(crate) fn page(call: &Call, face: Face) -> Reply {
    match (face, call.parts().as_slice()) {
        (Face::DataCenter, [] | ["secure", ..] | ["browse", _]) => {
            Reply::html(200, "Log in - Orbital Jira")
        }
        (Face::Cloud, [] | ["jira", ..] | ["browse", _]) => Reply::html(200, "Log in to continue"),
        (Face::DataCenter, _) => Reply::html(404, "Dead link"),
        (Face::Cloud, _) => Reply::html(404, "Page unavailable"),
    }
}

/// What a REST path that does not exist answers.
pub(crate) fn unknown(call: &Call, face: Face) -> Reply {
    let path = call.segments.join("/");
    match face {
        Face::Cloud => {
            let body = serde_json::json!({
                "type": "about:blank", "title": "Not Found", "status": 404,
                "detail": format!("No endpoint {} /{path}.", call.method), "instance": format!("/{path}"),
            });
            Reply {
                content_type: "application/problem+json",
                ..Reply::json(404, &body)
            }
        }
        Face::DataCenter => Reply::json(
            404,
            &serde_json::json!({"message": format!("null for uri: {}/{path}", call.base), "status-code": 404}),
        ),
    }
}

/// Paths of the platform that both products have.
fn platform_paths(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    path: &[&str],
) -> Option<Outcome> {
    if call.method != "GET" {
        return crate::write::platform(site, call, identity, path);
    }
    let view = site.view(call, identity);
    Some(match path {
        ["myself"] => about::myself(&view, identity),
        ["mypermissions"] => about::my_permissions(&view, call),
        ["configuration"] => about::configuration(&view, identity),
        ["project"] => projects::list(&view, call),
        ["project", key] => projects::one(&view, call, key),
        ["project", key, "statuses"] => projects::statuses(&view, key),
        ["project", key, "versions"] => projects::versions(&view, key),
        ["project", key, "version"] => projects::versions_page(&view, call, key),
        ["project", key, "components"] => projects::components(&view, key),
        ["field"] => lists::fields(&view),
        ["issuetype"] => lists::issue_types(&view, identity),
        ["priority"] => lists::priorities(&view, identity),
        ["priority", id] => lists::priority(&view, id, identity),
        ["status"] => lists::statuses(&view, identity),
        ["status", id] => lists::status(&view, id, identity),
        ["statuscategory"] => lists::status_categories(&view, identity),
        ["resolution"] => lists::resolutions(&view, identity),
        ["issueLinkType"] => lists::link_types(&view, identity),
        ["user"] => people::one(&view, call, identity),
        ["user", "search"] => people::search(&view, call, identity),
        ["user", "assignable", "search"] => people::assignable(&view, call, identity),
        ["issue", "createmeta", key, "issuetypes"] => metadata::types(&view, call, key),
        ["issue", "createmeta", key, "issuetypes", kind] => {
            metadata::fields(&view, call, key, kind)
        }
        ["issue", key] => fetch::one(&view, call, key, identity),
        ["issue", key, "editmeta"] => metadata::edit(&view, key, identity),
        ["issue", key, "transitions"] => fetch::transitions(&view, call, key, identity),
        ["issue", key, "changelog"] => history::one(&view, call, key, identity),
        ["issue", key, "comment"] => fetch::comments(&view, call, key, identity),
        ["issue", key, "remotelink"] => fetch::remote_links(&view, call, key, identity),
        ["issue", key, "properties"] => fetch::property_keys(&view, key, identity),
        ["issue", key, "properties", property] => fetch::property(&view, key, property, identity),
        _ => return None,
    })
}

/// Paths of the agile interface.
fn agile_paths(site: &mut Site, call: &Call, identity: Identity, path: &[&str]) -> Option<Outcome> {
    if call.method != "GET" {
        return crate::write::agile(site, call, identity, path);
    }
    let view = site.view(call, identity);
    Some(match path {
        ["board"] => agile::boards(&view, call, identity),
        ["board", id] => agile::one(&view, id, identity),
        ["board", id, "configuration"] => agile::configuration(&view, id, identity),
        ["board", id, "sprint"] => agile::sprints(&view, call, id, identity),
        ["sprint", id] => agile::sprint(&view, id, identity),
        ["issue", key] => agile::issue(&view, call, key, identity),
        ["issue", key, "estimation"] => agile::estimation(&view, call, key, identity),
        _ => return None,
    })
}
