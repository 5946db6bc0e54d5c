//! Webhooks as the administrator registers them, and the deliveries that changes lead to.

use std::collections::BTreeSet;

use bytes::Bytes;
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::answer::signed_in;
use crate::auth::Identity;
use crate::config::Face;
use crate::http::{Call, Outcome, Reply};
use crate::jql::eval::holds;
use crate::json::{Json, tree};
use crate::site::{Event, Site};
use crate::state::{Change, Issue, UserIx};

/// A registered webhook.
#[derive(Debug, Clone)]
pub(crate) struct Hook {
    pub id: u32,
    pub name: String,
    pub url: String,
    pub events: Vec<String>,
    pub jql: Option<String>,
    pub secret: Option<String>,
    pub exclude_body: bool,
    pub enabled: bool,
}

/// Something that happened to an issue.
#[derive(Debug)]
pub(crate) struct Happening<'a> {
    pub event: &'static str,
    pub type_name: Option<&'static str>,
    pub issue: &'a Issue,
    pub change: Option<&'a Change>,
}

/// `/rest/webhooks/1.0/webhook` (Cloud, and Data Center up to 9) and `/rest/jira-webhook/1.0/webhooks` (from 10 on).
pub(crate) fn answer(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    rest: &[&str],
    modern: bool,
) -> Option<Outcome> {
    let id = match rest {
        [] => None,
        [id] => Some(id.parse::<u32>().ok()?),
        _ => return None,
    };
    Some(administer(site, call, identity, id, modern))
}

fn administer(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    id: Option<u32>,
    modern: bool,
) -> Outcome {
    let caller = signed_in(identity, site.config.face)?;
    if !site.data.users[caller as usize].admin {
        return Err(Reply::error(
            403,
            &[
                "You are not authorized to perform this operation. Administrator privileges are required.",
            ],
        ));
    }
    let missing = || Reply::error(404, &["The webhook does not exist."]);
    match (call.method.as_str(), id) {
        ("GET", None) => Ok(Reply::ok(
            &site.hooks.iter().map(|h| shown(h, call, modern)).collect(),
        )),
        ("GET", Some(id)) => site
            .hooks
            .iter()
            .find(|h| h.id == id)
            .map(|h| Reply::ok(&shown(h, call, modern)))
            .ok_or_else(missing),
        ("POST", None) => {
            let next = site.hooks.iter().map(|h| h.id).max().unwrap_or(0) + 1;
            let hook = read(call, next, modern, site.config.face)?;
            let reply = Reply::json(201, &shown(&hook, call, modern));
            site.hooks.push(hook);
            Ok(reply)
        }
        ("PUT", Some(id)) => {
            let mut hook = read(call, id, modern, site.config.face)?;
            let old = site
                .hooks
                .iter_mut()
                .find(|h| h.id == id)
                .ok_or_else(missing)?;
            // A secret that is not sent again stays.
            hook.secret = hook.secret.or_else(|| old.secret.take());
            *old = hook;
            Ok(Reply::ok(&shown(old, call, modern)))
        }
        ("DELETE", Some(id)) => {
            let before = site.hooks.len();
            site.hooks.retain(|h| h.id != id);
            if site.hooks.len() < before {
                Ok(Reply::empty(204))
            } else {
                Err(missing())
            }
        }
        _ => Err(Reply::error(405, &["Method not allowed."])),
    }
}

fn read(call: &Call, id: u32, modern: bool, face: Face) -> Result<Hook, Reply> {
    let body = call.json_body()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let url = text("url")
        .filter(|u| url::Url::parse(u).is_ok())
        .ok_or_else(|| Reply::error(400, &["The webhook URL is invalid."]))?;
    let events: Vec<String> = body
        .get("events")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let truthy = |v: &Value| v == &Value::Bool(true) || v == "true";
    let configuration = |name: &str| body.get("configuration").and_then(|c| c.get(name));
    let secret = match (face, modern) {
        // The newer interface reads its own place, and silently ignores a secret anywhere else.
        (_, true) => configuration("SECRET")
            .and_then(Value::as_str)
            .map(str::to_owned),
        (Face::Cloud, false) => text("secret"),
        // Releases up to 9 do not sign.
        (Face::DataCenter, false) => None,
    };
    let exclude = if modern {
        configuration("EXCLUDE_BODY")
    } else {
        body.get("excludeBody")
            .or_else(|| body.get("excludeIssueDetails"))
    };
    Ok(Hook {
        id,
        name: text("name").ok_or_else(|| Reply::error(400, &["The webhook name is required."]))?,
        url,
        events,
        jql: body
            .pointer("/filters/issue-related-events-section")
            .and_then(Value::as_str)
            .filter(|j| !j.trim().is_empty())
            .map(str::to_owned),
        secret: secret.filter(|s| !s.is_empty()),
        exclude_body: exclude.is_some_and(truthy),
        enabled: body
            .get("enabled")
            .or_else(|| body.get("active"))
            .is_none_or(truthy),
    })
}

fn shown(hook: &Hook, call: &Call, modern: bool) -> Value {
    let filters = json!({"issue-related-events-section": hook.jql.clone().unwrap_or_default()});
    if modern {
        return json!({"id": hook.id, "name": hook.name, "url": hook.url, "events": hook.events, "active": hook.enabled, "filters": filters,
            "configuration": {"EXCLUDE_BODY": hook.exclude_body.to_string()}, "sslVerificationRequired": true,
            "self": format!("{}/rest/jira-webhook/1.0/webhooks/{}", call.base, hook.id)});
    }
    json!({"name": hook.name, "url": hook.url, "events": hook.events, "enabled": hook.enabled, "filters": filters, "excludeBody": hook.exclude_body,
        "isSigned": hook.secret.is_some(), "self": format!("{}/rest/webhooks/1.0/webhook/{}", call.base, hook.id)})
}

impl Site {
    /// Queues a delivery for every hook that wants to hear of it.
    pub(crate) fn announce(&mut self, call: &Call, actor: UserIx, happening: &Happening<'_>) {
        let identity = Identity {
            user: Some(actor),
            rejected: false,
        };
        let wanting: Vec<Hook> = self
            .hooks
            .iter()
            .filter(|h| {
                h.enabled
                    && h.events.iter().any(|e| e == happening.event)
                    && self.passes(h, call, identity, happening.issue)
            })
            .cloned()
            .collect();
        for hook in wanting {
            let body = if hook.exclude_body {
                Vec::new()
            } else {
                self.payload(call, actor, happening)
            };
            let mut headers = vec![(
                "Content-Type".to_owned(),
                "application/json; charset=UTF-8".to_owned(),
            )];
            if self.config.face == Face::Cloud {
                let id = self.data.next_other();
                headers.push((
                    "X-Atlassian-Webhook-Identifier".to_owned(),
                    format!("practice-{id}"),
                ));
                headers.push(("X-Atlassian-Webhook-Flow".to_owned(), "Primary".to_owned()));
            }
            if let Some(secret) = &hook.secret {
                headers.push((
                    "X-Hub-Signature".to_owned(),
                    format!("sha256={}", sign(secret, &body)),
                ));
            }
            let url = fill(
                &hook.url,
                happening.issue,
                &self.data.key_of(happening.issue),
                self.data
                    .project(happening.issue.project)
                    .map_or("", |p| &p.key),
            );
            self.events.push(Event::Webhook {
                url,
                headers,
                body: Bytes::from(body),
            });
        }
    }

    /// The filter looks at the state after the change.
    fn passes(&self, hook: &Hook, call: &Call, identity: Identity, issue: &Issue) -> bool {
        let Some(jql) = &hook.jql else { return true };
        let projects = BTreeSet::from([issue.project]);
        self.check(jql, identity, call.now)
            .is_ok_and(|(_, resolved)| {
                resolved.errors.is_empty()
                    && projects.contains(&issue.project)
                    && holds(&resolved.pred, issue, &self.data)
            })
    }

    /// An issue as version 2 shows it, on Cloud too.
    fn payload(&self, call: &Call, actor: UserIx, happening: &Happening<'_>) -> Vec<u8> {
        let identity = Identity {
            user: Some(actor),
            rejected: false,
        };
        let mut view = self.view(call, identity);
        view.api = 2;
        let selection = view.selection(&[], "*all");
        let mut json = Json::with_capacity(16_384);
        json.object()
            .key("timestamp")
            .int(call.now)
            .key("webhookEvent")
            .str(happening.event);
        if let Some(name) = happening.type_name {
            json.key("issue_event_type_name").str(name);
        }
        json.key("user");
        view.user(&mut json, actor);
        json.key("issue");
        view.open_issue(&mut json, happening.issue, &selection);
        json.end_object();
        if let Some(change) = happening.change {
            json.key("changelog")
                .object()
                .key("id")
                .id(change.id)
                .key("items");
            json.tree(&tree(|j| {
                crate::answer::history::write_items(&view, j, &change.items)
            }));
            json.end_object();
        }
        json.end_object();
        json.into_bytes()
    }
}

/// Variables in the address; the dollar sign went away with release 10.
fn fill(url: &str, issue: &Issue, key: &str, project: &str) -> String {
    let id = issue.id.to_string();
    let mut text = url.to_owned();
    for (name, value) in [
        ("issue.key", key),
        ("issue.id", id.as_str()),
        ("project.key", project),
    ] {
        text = text
            .replace(&format!("${{{name}}}"), value)
            .replace(&format!("{{{name}}}"), value);
    }
    text
}

/// HMAC-SHA-256 of the raw body, in hexadecimal digits.
fn sign(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of every length.
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length is taken");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_vector_is_signed_alike() {
        let signature = super::sign("It's a Secret to Everybody", b"Hello World!");
        assert_eq!(
            signature,
            "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
        );
    }
}
