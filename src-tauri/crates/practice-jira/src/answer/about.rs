//! The site, the caller and the caller's permissions.

use serde_json::{Map, Value, json};

use super::signed_in;
use crate::auth::Identity;
use crate::config::Face;
use crate::generate::EPOCH;
use crate::http::{Call, Outcome, Reply};
use crate::json::{Json, tree};
use crate::site::Site;
use crate::time::{DAY, jira_time, zone};
use crate::view::{PERMISSIONS, View};

pub(crate) fn server_info(site: &Site, call: &Call, identity: Identity) -> Outcome {
    let server_zone = zone("UTC");
    let time = jira_time(call.now, &server_zone);
    let built = jira_time(EPOCH - 20 * DAY, &server_zone);
    match site.config.face {
        Face::Cloud => Ok(Reply::ok(&json!({
            "baseUrl": site_base(call), "displayUrl": site_base(call), "version": "1001.0.0-SNAPSHOT", "versionNumbers": [1001, 0, 0], "deploymentType": "Cloud",
            "buildNumber": 100_287, "buildDate": built, "serverTime": time, "scmInfo": "d2f5b1e7b0f4f1c2a3d4e5f60718293a4b5c6d7e",
            "serverTitle": "Orbital Jira", "serverTimeZone": "Etc/UTC",
        }))),
        Face::DataCenter => {
            if identity.user.is_none() && (identity.rejected || site.faults.login_required) {
                signed_in(identity, Face::DataCenter)?;
            }
            let version = site.config.dc_version;
            let deployment = if version.major >= 9 {
                "Data Center"
            } else {
                "Server"
            };
            Ok(Reply::ok(&json!({
                "baseUrl": call.base, "version": version.to_string(), "versionNumbers": [version.major, version.minor, version.patch], "deploymentType": deployment,
                "buildNumber": version.build_number(), "buildDate": built, "databaseBuildNumber": version.build_number(), "serverTime": time,
                "scmInfo": "9c1e6b7fa3d84210b5f9d0c2a7e4183655bb21aa", "serverTitle": "Orbital Jira",
            })))
        }
    }
}

/// The site's own address, also when the request came through the gateway.
fn site_base(call: &Call) -> String {
    match call.base.split_once("/_gateway/") {
        Some((site, _)) => site.to_owned(),
        None => call.base.clone(),
    }
}

pub(crate) fn myself(view: &View<'_>, identity: Identity) -> Outcome {
    let caller = signed_in(identity, view.face)?;
    let mut json = Json::with_capacity(1024);
    json.object();
    view.user_body(&mut json, caller);
    json.key("locale")
        .str(if view.german { "de_DE" } else { "en_GB" });
    let groups = view.data.users[caller as usize].groups.len() as i64;
    json.key("groups")
        .object()
        .key("size")
        .int(groups)
        .key("items")
        .array()
        .end_array()
        .end_object();
    json.key("applicationRoles")
        .object()
        .key("size")
        .int(1)
        .key("items")
        .array()
        .end_array()
        .end_object();
    json.key("expand")
        .str("groups,applicationRoles")
        .end_object();
    Ok(Reply::written(json))
}

pub(crate) fn my_permissions(view: &View<'_>, call: &Call) -> Outcome {
    let asked = call.list("permissions");
    if view.cloud() {
        if asked.is_empty() {
            return Err(Reply::error(
                400,
                &["The 'permissions' query parameter is required."],
            ));
        }
        let unknown: Vec<(String, String)> = asked
            .iter()
            .filter(|key| !PERMISSIONS.iter().any(|p| p.0 == *key))
            .map(|key| (key.clone(), "Unrecognized permission".to_owned()))
            .collect();
        if !unknown.is_empty() {
            return Err(Reply::field_errors(&unknown));
        }
    }
    let project = context(view, call)?;
    let mut map = Map::new();
    for (key, id, name, of_project) in PERMISSIONS {
        if view.cloud() && !asked.iter().any(|a| a == key) {
            continue;
        }
        let have = view.may(if of_project { project } else { None }, key);
        let mut row = json!({"id": id.to_string(), "key": key, "name": name, "type": if of_project { "PROJECT" } else { "GLOBAL" },
            "description": format!("Ability to use {}.", name.to_lowercase()), "havePermission": have});
        if !view.cloud() {
            row["deprecatedKey"] = Value::Bool(false);
        }
        map.insert(key.to_owned(), row);
    }
    Ok(Reply::ok(&json!({"permissions": map})))
}

/// The project that `projectKey`, `projectId`, `issueKey` or `issueId` names.
fn context<'v>(
    view: &'v View<'_>,
    call: &Call,
) -> Result<Option<&'v crate::state::Project>, Reply> {
    if let Some(key) = call.param("projectKey").or_else(|| call.param("projectId")) {
        return view
            .project(key)
            .map(Some)
            .ok_or_else(|| super::no_project(key));
    }
    if let Some(key) = call.param("issueKey").or_else(|| call.param("issueId")) {
        let issue = view.issue(key).ok_or_else(|| {
            Reply::error(
                404,
                &["Issue does not exist or you do not have permission to see it."],
            )
        })?;
        return Ok(view.data.project(issue.project));
    }
    Ok(None)
}

pub(crate) fn configuration(view: &View<'_>, identity: Identity) -> Outcome {
    signed_in(identity, view.face)?;
    Ok(Reply::ok(&tree(|j| {
        j.object()
            .key("votingEnabled")
            .bool(false)
            .key("watchingEnabled")
            .bool(true)
            .key("unassignedIssuesAllowed")
            .bool(true)
            .key("subTasksEnabled")
            .bool(true);
        j.key("issueLinkingEnabled")
            .bool(true)
            .key("timeTrackingEnabled")
            .bool(true)
            .key("attachmentsEnabled")
            .bool(true);
        j.key("timeTrackingConfiguration")
            .object()
            .key("workingHoursPerDay")
            .float(8.0)
            .key("workingDaysPerWeek")
            .float(5.0)
            .key("timeFormat")
            .str("pretty")
            .key("defaultUnit")
            .str("minute");
        j.end_object().end_object();
    })))
}
