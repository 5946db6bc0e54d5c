//! The paths of Jira Server and Data Center.

use serde_json::json;

use crate::answer::{find, metadata, projects};
use crate::auth::Identity;
use crate::http::{Call, Outcome, Reply};
use crate::site::Site;

/// The answer; `None` where the release has no such path.
pub(crate) fn answer(site: &mut Site, call: &Call, identity: Identity) -> Option<Outcome> {
    let parts = call.parts();
    match parts.as_slice() {
        ["rest", "api", "2" | "latest", rest @ ..] => platform(site, call, identity, rest),
        ["rest", "agile", "1.0" | "latest", rest @ ..] => {
            super::agile_paths(site, call, identity, rest)
        }
        ["rest", "webhooks", "1.0", "webhook", rest @ ..] if site.config.dc_version.major < 10 => {
            crate::webhooks::answer(site, call, identity, rest, false)
        }
        ["rest", "jira-webhook", "1.0", "webhooks", rest @ ..]
            if site.config.dc_version.major >= 10 =>
        {
            crate::webhooks::answer(site, call, identity, rest, true)
        }
        _ => None,
    }
}

fn platform(site: &mut Site, call: &Call, identity: Identity, path: &[&str]) -> Option<Outcome> {
    let version = site.config.dc_version;
    if let ("GET" | "POST", ["search"]) = (call.method.as_str(), path) {
        return Some(find::data_center(site, call, identity));
    }
    let view = site.view(call, identity);
    Some(match (call.method.as_str(), path) {
        ("GET", ["serverInfo"]) => crate::answer::about::server_info(site, call, identity),
        ("GET", ["issue", "createmeta"]) if !version.at_least(9, 0) => metadata::old(&view, call),
        ("GET", ["issue", "createmeta", _, "issuetypes", ..]) if !version.at_least(8, 4) => {
            return None;
        }
        ("GET", ["project"]) => projects::list(&view, call),
        ("GET", ["issue", _, "changelog"]) => return None,
        ("GET", ["searchLimits", "maxResultWindow"]) if version.at_least(11, 3) => {
            Ok(Reply::ok(&json!({"maxResultWindow": find::window(site)})))
        }
        _ => return super::platform_paths(site, call, identity, path),
    })
}
