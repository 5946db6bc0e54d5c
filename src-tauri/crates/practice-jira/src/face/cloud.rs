//! The paths of Jira Cloud.

use crate::answer::{about, fetch, find, history, lists, metadata, people, projects};
use crate::auth::Identity;
use crate::http::{Call, Outcome, Reply};
use crate::site::Site;

/// The answer; `None` where the product has no such path.
pub(crate) fn answer(site: &mut Site, call: &Call, identity: Identity) -> Option<Outcome> {
    let parts = call.parts();
    match parts.as_slice() {
        ["rest", "api", "2" | "3", rest @ ..] => platform(site, call, identity, rest),
        ["rest", "agile", "1.0", rest @ ..] => super::agile_paths(site, call, identity, rest),
        ["rest", "webhooks", "1.0", "webhook", rest @ ..] => {
            crate::webhooks::answer(site, call, identity, rest, false)
        }
        _ => None,
    }
}

fn platform(site: &mut Site, call: &Call, identity: Identity, path: &[&str]) -> Option<Outcome> {
    if let Some(found) = searches(site, call, identity, path) {
        return Some(found);
    }
    let view = site.view(call, identity);
    Some(match (call.method.as_str(), path) {
        ("GET", ["serverInfo"]) => about::server_info(site, call, identity),
        ("GET", ["project", "search"]) => projects::search(&view, call),
        ("GET", ["project", key, "component"]) => projects::components_page(&view, call, key),
        ("GET", ["project", id, "hierarchy"]) => projects::hierarchy(&view, id),
        ("GET", ["issuetype", "project"]) => lists::issue_types_of_project(&view, call),
        ("GET", ["issue", "createmeta"]) => metadata::old(&view, call),
        ("GET", ["field", "search"]) => lists::field_search(&view, call, identity),
        ("GET", ["priority", "search"]) => lists::priority_search(&view, call, identity),
        ("GET", ["label"]) => lists::labels(&view, call),
        ("GET", ["user", "bulk"]) => people::bulk(&view, call, identity),
        ("GET", ["users"] | ["users", "search"]) => people::all(&view, call, identity),
        ("POST", ["issue", "bulkfetch"]) => fetch::bulk(&view, call),
        (_, ["webhook", ..]) => Err(Reply::error(
            403,
            &["Only Connect and OAuth 2.0 apps can use this operation: the caller isn't an app."],
        )),
        ("POST", ["changelog", "bulkfetch"]) => history::bulk(&view, call),
        _ => return super::platform_paths(site, call, identity, path),
    })
}

fn searches(site: &mut Site, call: &Call, identity: Identity, path: &[&str]) -> Option<Outcome> {
    Some(match (call.method.as_str(), path) {
        ("GET" | "POST", ["search", "jql"]) => find::cloud(site, call, identity),
        ("GET" | "POST", ["search"]) => Err(Reply::error(
            410,
            &[
                "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046",
            ],
        )),
        ("POST", ["search", "approximate-count"]) => find::approximate_count(site, call, identity),
        ("POST", ["jql", "parse"]) => find::parse_queries(site, call, identity),
        _ => return None,
    })
}
