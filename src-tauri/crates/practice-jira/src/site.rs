//! The state machine: request in, answer and events out.

use std::collections::{BTreeMap, VecDeque};

use ::http::{Request, Response};
use bytes::Bytes;
use jiff::Timestamp;

use crate::auth::{self, Credentials, Failures, Identity};
use crate::config::{Face, SiteConfig};
use crate::face;
use crate::faults::Faults;
use crate::generate;
use crate::http::{Call, Outcome, Reply};
use crate::limits::Usage;
use crate::record::Exchange;
use crate::search::Results;
use crate::state::{Data, Issue};
use crate::time::{Millis, zone};
use crate::view::View;
use crate::webhooks::Hook;

/// What one request leads to.
#[derive(Debug)]
pub struct Answer {
    /// The response, complete with headers.
    pub response: Response<Bytes>,
    /// What the site wants done besides; the caller does it, or not.
    pub events: Vec<Event>,
}

/// Something that a real site would do behind its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A webhook delivery, signed if the hook has a secret.
    Webhook {
        /// Where it goes.
        url: String,
        /// Its headers; `Content-Type` is among them.
        headers: Vec<(String, String)>,
        /// The raw body that the signature covers.
        body: Bytes,
    },
}

/// A state that the search index has not seen the end of.
#[derive(Debug, Clone)]
pub(crate) struct Stale {
    pub until: Millis,
    /// How the issue was before; `None` if it did not exist.
    pub before: Option<Box<Issue>>,
}

/// A simulated Jira site.
#[derive(Debug)]
pub struct Site {
    pub(crate) config: SiteConfig,
    pub(crate) data: Data,
    pub(crate) faults: Faults,
    pub(crate) usage: Usage,
    pub(crate) failures: Failures,
    pub(crate) stale: BTreeMap<u64, VecDeque<Stale>>,
    pub(crate) results: Results,
    pub(crate) hooks: Vec<Hook>,
    pub(crate) events: Vec<Event>,
    /// Rises with each change, so that results kept from before are not used.
    pub(crate) generation: u64,
    /// Exchanges, if somebody wants them kept.
    pub(crate) recording: Option<Vec<Exchange>>,
}

impl Site {
    /// Builds a site with all its invented data.
    pub fn new(config: SiteConfig) -> Self {
        let data = generate::site(&config);
        Site {
            config,
            data,
            faults: Faults::default(),
            usage: Usage::default(),
            failures: Failures::new(),
            stale: BTreeMap::new(),
            results: Results::default(),
            hooks: Vec::new(),
            events: Vec::new(),
            generation: 0,
            recording: None,
        }
    }

    /// The secrets that open the site.
    pub fn credentials(&self) -> Credentials {
        auth::credentials(&self.data, self.config.face)
    }

    /// What the site was built from.
    pub fn config(&self) -> &SiteConfig {
        &self.config
    }

    /// The switches of misbehaviour.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The switches of misbehaviour, to be changed at any time.
    pub fn faults_mut(&mut self) -> &mut Faults {
        // What a search answers may depend on them.
        self.generation += 1;
        &mut self.faults
    }

    /// The keys of the projects that hold issues.
    pub fn project_keys(&self) -> Vec<String> {
        self.data
            .projects
            .iter()
            .filter(|p| !p.deleted && p.issues > 0)
            .map(|p| p.key.clone())
            .collect()
    }

    /// How many issues the site, or one project of it, holds now.
    pub fn issue_count(&self, project: Option<&str>) -> usize {
        match project.map(|key| self.data.find_project(key)) {
            None => self.data.issues.len(),
            Some(None) => 0,
            Some(Some(project)) => self
                .data
                .issues
                .values()
                .filter(|i| i.project == project.id)
                .count(),
        }
    }

    /// Deletes a project as an administrator would, with its issues. False if there is none of that key.
    pub fn delete_project(&mut self, key: &str) -> bool {
        let Some(id) = self.data.find_project(key).map(|p| p.id) else {
            return false;
        };
        let gone: Vec<u64> = self
            .data
            .issues
            .values()
            .filter(|i| i.project == id)
            .map(|i| i.id)
            .collect();
        for issue in gone {
            self.data.issues.remove(&issue);
        }
        self.data.by_key.retain(|(project, _), _| *project != id);
        self.data.boards.retain(|b| b.project != id);
        if let Some(project) = self.data.project_mut(id) {
            project.deleted = true;
            project.issues = 0;
        }
        self.generation += 1;
        true
    }

    /// Gives a project another key and name, as an administrator would; its issues have the new key at once, and
    /// the old one still leads to it. False if there is none of that key.
    pub fn rename_project(&mut self, key: &str, new_key: &str, name: &str) -> bool {
        let Some(id) = self.data.find_project(key).map(|p| p.id) else {
            return false;
        };
        if let Some(project) = self.data.project_mut(id) {
            let old = std::mem::replace(&mut project.key, new_key.to_owned());
            project.old_keys.push(old);
            name.clone_into(&mut project.name);
        }
        self.generation += 1;
        true
    }

    /// Takes an issue type out of a project, as if the scheme had been changed. False if it was not there.
    pub fn remove_issue_type(&mut self, project: &str, type_name: &str) -> bool {
        let Some((id, kind)) = self.data.find_project(project).and_then(|p| {
            let kind = p
                .types
                .iter()
                .copied()
                .find(|t| self.data.kind(*t).is_some_and(|t| t.name == type_name))?;
            Some((p.id, kind))
        }) else {
            return false;
        };
        if let Some(project) = self.data.project_mut(id) {
            project.types.retain(|t| *t != kind);
        }
        self.generation += 1;
        true
    }

    /// Deletes a field (id) from the site, as an administrator would. False if it was not there.
    pub fn remove_field(&mut self, id: &str) -> bool {
        let before = self.data.fields.len();
        self.data.fields.retain(|field| field.id != id);
        self.generation += 1;
        self.data.fields.len() < before
    }

    /// Makes a field (id) say that its values are of the kind of another one's (id), as an app does whose
    /// update redefines its fields. False if one of them is not there.
    pub fn redefine_field(&mut self, id: &str, like: &str) -> bool {
        let find = |id: &str| self.data.fields.iter().position(|field| field.id == id);
        let (Some(field), Some(like)) = (find(id), find(like)) else {
            return false;
        };
        let like = self.data.fields[like].clone();
        let field = &mut self.data.fields[field];
        field.schema_type = like.schema_type;
        field.schema_items = like.schema_items;
        field.schema_custom = like.schema_custom;
        self.generation += 1;
        true
    }

    /// Disables every option of a field (id) but the first, as an administrator would; issues that hold one keep it.
    /// False if there is no such field, or none with options.
    pub fn disable_other_options(&mut self, id: &str) -> bool {
        let mut fields = self.data.fields.iter_mut();
        let Some(field) = fields.find(|field| field.id == id) else {
            return false;
        };
        for option in field.options.iter_mut().skip(1) {
            option.disabled = true;
        }
        self.generation += 1;
        !field.options.is_empty()
    }

    /// Answers one request as of `now`.
    pub fn handle(&mut self, request: Request<Bytes>, now: Timestamp) -> Answer {
        let kept = self.recording.is_some().then(|| request.clone());
        let reply = match self.route(request, now.as_millisecond()) {
            Ok(reply) | Err(reply) => reply,
        };
        let response = reply.send();
        if let (Some(recording), Some(request)) = (&mut self.recording, kept) {
            recording.push(Exchange {
                request,
                response: response.clone(),
            });
        }
        Answer {
            response,
            events: std::mem::take(&mut self.events),
        }
    }

    fn route(&mut self, request: Request<Bytes>, now: Millis) -> Outcome {
        if self.faults.maintenance {
            return Err(
                Reply::html(503, "Jira is down for maintenance").header("Retry-After", "120")
            );
        }
        if let Some(refusal) = self.faults.scripted.pop_front() {
            return Err(scripted(&refusal));
        }
        let mut call = self.take_apart(request, now)?;
        let parts = call.parts();
        if self.config.face == Face::Cloud && parts == ["_edge", "tenant_info"] {
            return Ok(Reply::ok(
                &serde_json::json!({"cloudId": auth::CLOUD_ID, "cloudName": "orbital"}),
            ));
        }
        if parts.first() != Some(&"rest") {
            return Err(face::page(&call, self.config.face));
        }
        call.api = if parts.get(2) == Some(&"3") { 3 } else { 2 };
        let identity = match self.config.face {
            Face::Cloud => auth::cloud(&call, &self.data, &self.faults)?,
            Face::DataCenter => auth::data_center(
                &call,
                &self.data,
                &self.faults,
                self.config.dc_version,
                &mut self.failures,
            )?,
        };
        let limit_headers = self.count(&call, identity, now)?;
        let mut reply = match self.dispatch(&call, identity) {
            Ok(reply) | Err(reply) => reply,
        };
        reply.headers.extend(limit_headers);
        self.mark(&mut reply, identity);
        Ok(reply)
    }

    fn take_apart(&self, request: Request<Bytes>, now: Millis) -> Result<Call, Reply> {
        let (head, body) = request.into_parts();
        let host = head
            .headers
            .get(::http::header::HOST)
            .and_then(|h| h.to_str().ok())
            .or_else(|| head.uri.authority().map(|a| a.as_str()))
            .unwrap_or("localhost");
        let mut base = self
            .config
            .base_url
            .clone()
            .unwrap_or_else(|| format!("http://{host}"));
        let mut path = head.uri.path().to_owned();
        let mut gateway = false;
        if self.config.face == Face::Cloud {
            if let Some(rest) = path.strip_prefix("/_gateway/ex/jira/") {
                let (id, rest) = rest.split_once('/').unwrap_or((rest, ""));
                if id != auth::CLOUD_ID {
                    return Err(Reply::json(
                        404,
                        &serde_json::json!({"code": 404, "message": "No resource found for the cloud id."}),
                    ));
                }
                gateway = true;
                base = format!("{base}/_gateway/ex/jira/{id}");
                path = format!("/{rest}");
            }
        } else if !self.config.context_path.is_empty() {
            let rest = path
                .strip_prefix(&self.config.context_path)
                .filter(|rest| rest.is_empty() || rest.starts_with('/'));
            let Some(rest) = rest else {
                return Err(Reply::html(404, "HTTP Status 404 – Not Found"));
            };
            path = rest.to_owned();
            base = format!("{base}{}", self.config.context_path);
        }
        let segments = path
            .split('/')
            .filter(|s| !s.is_empty())
            .map(decode)
            .collect();
        let query = url::form_urlencoded::parse(head.uri.query().unwrap_or("").as_bytes())
            .into_owned()
            .collect();
        Ok(Call {
            method: head.method.as_str().to_owned(),
            segments,
            query,
            headers: head.headers,
            body,
            now,
            base,
            gateway,
            api: 2,
        })
    }

    fn count(
        &mut self,
        call: &Call,
        identity: Identity,
        now: Millis,
    ) -> Result<Vec<(&'static str, String)>, Reply> {
        let parts = call.parts();
        // Ids and keys in the path do not make another endpoint.
        let pattern: Vec<&str> = parts
            .iter()
            .map(|p| {
                if p.contains('-') || p.bytes().all(|b| b.is_ascii_digit()) {
                    "*"
                } else {
                    p
                }
            })
            .collect();
        let endpoint = format!("{} {}", call.method, pattern.join("/"));
        let user = identity.user.map_or_else(String::new, |u| u.to_string());
        let written = match (call.method.as_str(), parts.get(3), parts.get(4)) {
            ("PUT" | "DELETE" | "POST", Some(&"issue"), Some(key)) => self.data.find_issue_id(key),
            _ => None,
        };
        self.usage.admit(
            &self.faults.limits,
            self.config.face,
            &endpoint,
            &user,
            written,
            now,
        )
    }

    fn dispatch(&mut self, call: &Call, identity: Identity) -> Outcome {
        let path = call.parts();
        let hidden = self.faults.missing.iter().any(|pattern| {
            let wanted: Vec<&str> = pattern.split('/').filter(|s| !s.is_empty()).collect();
            wanted.len() == path.len() && wanted.iter().zip(&path).all(|(w, p)| *w == "*" || w == p)
        });
        if hidden {
            return Err(face::unknown(call, self.config.face));
        }
        face::answer(self, call, identity)
    }

    fn mark(&self, reply: &mut Reply, identity: Identity) {
        match self.config.face {
            Face::Cloud => {
                if let Some(user) = identity.user {
                    reply.headers.push((
                        "X-AAccountId",
                        self.data.users[user as usize].account_id.clone(),
                    ));
                } else if identity.rejected {
                    reply
                        .headers
                        .push(("X-Seraph-Loginreason", "AUTHENTICATED_FAILED".to_owned()));
                }
                reply.headers.push(("Server", "AtlassianEdge".to_owned()));
            }
            Face::DataCenter => {
                let user = identity
                    .user
                    .map(|u| self.data.users[u as usize].name.clone());
                if user.is_some() {
                    reply
                        .headers
                        .push(("X-Seraph-LoginReason", "OK".to_owned()));
                }
                reply.headers.push((
                    "X-AUSERNAME",
                    user.unwrap_or_else(|| "anonymous".to_owned()),
                ));
                reply.headers.push(("X-ANODEID", "node1".to_owned()));
            }
        }
    }

    /// The site as the caller sees it.
    pub(crate) fn view<'a>(&'a self, call: &'a Call, identity: Identity) -> View<'a> {
        let zone_name = identity
            .user
            .map_or("UTC", |u| self.data.users[u as usize].zone);
        View {
            data: &self.data,
            faults: &self.faults,
            face: self.config.face,
            version: self.config.dc_version,
            base: &call.base,
            api: call.api,
            caller: identity.user,
            zone: zone(zone_name),
            german: self.faults.german,
            now: call.now,
        }
    }
}

fn scripted(refusal: &crate::faults::Refusal) -> Reply {
    let mut reply = match refusal.status {
        500.. => Reply::html(refusal.status, "Service unavailable"),
        401 => Reply::text(401, "Client must be authenticated to access this resource."),
        status => Reply::error(status, &["Scripted refusal."]),
    };
    if let Some(seconds) = refusal.retry_after_s {
        reply.headers.push(("Retry-After", seconds.to_string()));
    }
    if let Some(reason) = refusal.reason {
        reply.headers.push(("RateLimit-Reason", reason.to_owned()));
    }
    reply
}

/// Undoes percent encoding in one segment of a path.
fn decode(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%')
            .then(|| {
                segment
                    .get(at + 1..at + 3)
                    .and_then(|h| u8::from_str_radix(h, 16).ok())
            })
            .flatten();
        match hex {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
