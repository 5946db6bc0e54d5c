//! Changes: what a client may do, what it leads to, and who is told.

mod attached;
mod diff;
mod issues;
mod planning;
mod values;

use std::collections::BTreeMap;

use crate::answer::{no_issue, signed_in};
use crate::auth::Identity;
use crate::config::Face;
use crate::http::{Call, Outcome, Reply};
use crate::site::{Site, Stale};
use crate::state::{Change, Data, Issue, UserIx};
use crate::time::Millis;
use crate::webhooks::Happening;

/// The writing paths of the platform; `None` where there is no such path.
pub(crate) fn platform(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    path: &[&str],
) -> Option<Outcome> {
    Some(match (call.method.as_str(), path) {
        ("POST", ["issue"]) => issues::create(site, call, identity),
        ("POST", ["issue", "bulk"]) => issues::create_many(site, call, identity),
        ("PUT", ["issue", key]) => issues::edit(site, call, identity, key),
        ("DELETE", ["issue", key]) => issues::delete(site, call, identity, key),
        ("PUT", ["issue", key, "assignee"]) => issues::assign(site, call, identity, key),
        ("POST", ["issue", key, "transitions"]) => issues::transition(site, call, identity, key),
        ("POST", ["issue", key, "comment"]) => attached::comment(site, call, identity, key),
        ("PUT", ["issue", key, "properties", name]) => {
            attached::set_property(site, call, identity, key, name)
        }
        ("DELETE", ["issue", key, "properties", name]) => {
            attached::delete_property(site, call, identity, key, name)
        }
        ("POST", ["issue", key, "remotelink"]) => {
            attached::set_remote_link(site, call, identity, key)
        }
        ("DELETE", ["issue", key, "remotelink", id]) => {
            attached::delete_remote_link(site, call, identity, key, id)
        }
        ("POST", ["issueLink"]) => attached::link(site, call, identity),
        ("DELETE", ["issueLink", id]) => attached::unlink(site, call, identity, id),
        ("POST", ["version"]) => planning::version(site, call, identity),
        ("POST", ["component"]) => planning::component(site, call, identity),
        _ => return None,
    })
}

/// The writing paths of the agile interface.
pub(crate) fn agile(
    site: &mut Site,
    call: &Call,
    identity: Identity,
    path: &[&str],
) -> Option<Outcome> {
    Some(match (call.method.as_str(), path) {
        ("POST", ["sprint"]) => planning::create_sprint(site, call, identity),
        ("POST" | "PUT", ["sprint", id]) => planning::change_sprint(site, call, identity, id),
        ("POST", ["sprint", id, "issue"]) => planning::into_sprint(site, call, identity, id),
        ("POST", ["backlog", "issue"]) => planning::into_backlog(site, call, identity),
        ("PUT", ["issue", "rank"]) => planning::rank(site, call, identity),
        ("PUT", ["issue", key, "estimation"]) => planning::estimate(site, call, identity, key),
        _ => return None,
    })
}

/// Deletes an issue.
pub(crate) fn delete(site: &mut Site, call: &Call, identity: Identity, key: &str) -> Outcome {
    issues::delete(site, call, identity, key)
}

/// An issue that the caller may change in this way, as it is now.
fn writable(
    site: &Site,
    call: &Call,
    identity: Identity,
    key: &str,
    permission: &str,
) -> Result<(UserIx, Issue), Reply> {
    let view = site.view(call, identity);
    let issue = view
        .issue(key)
        .ok_or_else(|| no_issue(identity, site.config.face))?;
    let caller = signed_in(identity, site.config.face)?;
    if site.faults.absent.archived.contains(&issue.id) {
        return Err(Reply::error(400, &["The issue is archived."]));
    }
    if !view.may(view.data.project(issue.project), permission) {
        return Err(Reply::error(
            403,
            &["You do not have permission to do this to the issue."],
        ));
    }
    Ok((caller, issue.clone()))
}

impl Data {
    /// Files a changed or new issue; keeps the index of children right.
    fn put(&mut self, issue: Issue) {
        let before = self.issues.get(&issue.id).and_then(|i| i.parent);
        if before != issue.parent || !self.issues.contains_key(&issue.id) {
            if let Some(list) = before.and_then(|p| self.children.get_mut(&p)) {
                list.retain(|c| *c != issue.id);
            }
            if let Some(parent) = issue.parent {
                self.children.entry(parent).or_default().push(issue.id);
            }
        }
        self.by_key.insert((issue.project, issue.number), issue.id);
        self.issues.insert(issue.id, issue);
    }
}

impl Site {
    /// Keeps what the search index goes on seeing for a while.
    fn leave_stale(&mut self, id: u64, before: Option<Issue>, now: Millis) {
        self.generation += 1;
        let lag = i64::try_from(self.faults.search_lag_ms).unwrap_or(i64::MAX / 4);
        if lag > 0 {
            self.stale.entry(id).or_default().push_back(Stale {
                until: now + lag,
                before: before.map(Box::new),
            });
        }
    }

    /// Makes `after` the state of an issue: history, `updated`, index, webhooks. Nothing happens where nothing changed.
    fn commit(
        &mut self,
        call: &Call,
        actor: UserIx,
        mut after: Issue,
        event: Option<&'static str>,
    ) {
        let Some(before) = self.data.issues.get(&after.id).cloned() else {
            return;
        };
        let items = diff::items(&self.data, &before, &after);
        if items.is_empty() {
            return;
        }
        self.keep_past(call, &before);
        after.updated = call.now.max(before.updated + 1);
        let event = event.unwrap_or_else(|| {
            diff::event_name(&self.data, self.config.face, &before, &after, &items)
        });
        let change = Change {
            id: self.data.next_other(),
            author: actor,
            at: after.updated,
            items,
        };
        let id = after.id;
        self.data
            .changes
            .entry(id)
            .or_default()
            .push(change.clone());
        self.data.put(after.clone());
        self.leave_stale(id, Some(before), call.now);
        self.announce(
            call,
            actor,
            &Happening {
                event: "jira:issue_updated",
                type_name: Some(event),
                issue: &after,
                change: Some(&change),
            },
        );
    }

    /// The invented past of an issue must outlive its first real change.
    fn keep_past(&mut self, call: &Call, issue: &Issue) {
        if issue.seed == 0 || self.data.changes.contains_key(&issue.id) {
            return;
        }
        let past = crate::answer::history::changes(
            &self.view(
                call,
                Identity {
                    user: Some(0),
                    rejected: false,
                },
            ),
            issue,
        );
        self.data.changes.insert(issue.id, past);
    }

    /// Something hangs on the issue now that does not stand in its fields.
    fn touch(&mut self, call: &Call, actor: UserIx, id: u64, type_name: &'static str) {
        let Some(before) = self.data.issues.get(&id).cloned() else {
            return;
        };
        let mut after = before.clone();
        after.updated = call.now.max(before.updated + 1);
        self.data.put(after.clone());
        self.leave_stale(id, Some(before), call.now);
        self.announce(
            call,
            actor,
            &Happening {
                event: "jira:issue_updated",
                type_name: Some(type_name),
                issue: &after,
                change: None,
            },
        );
    }
}

/// Errors by field, in the order of the fields.
#[derive(Debug, Default)]
struct Complaints(BTreeMap<String, String>);

impl Complaints {
    fn add(&mut self, field: &str, text: impl Into<String>) {
        self.0
            .entry(field.to_owned())
            .or_insert_with(|| text.into());
    }

    fn check(self) -> Result<(), Reply> {
        if self.0.is_empty() {
            return Ok(());
        }
        let list: Vec<(String, String)> = self.0.into_iter().collect();
        Err(Reply::field_errors(&list))
    }
}

fn not_on_screen(field: &str) -> String {
    format!("Field '{field}' cannot be set. It is not on the appropriate screen, or unknown.")
}

/// `notifyUsers=false` is for administrators: Cloud ignores it from others, Data Center refuses.
fn check_notify(site: &Site, call: &Call, caller: UserIx) -> Result<(), Reply> {
    let admin = site.data.users[caller as usize].admin;
    if site.config.face == Face::DataCenter && call.param("notifyUsers") == Some("false") && !admin
    {
        return Err(Reply::error(
            403,
            &[
                "To discard the user notification either admin or project admin permissions are required.",
            ],
        ));
    }
    Ok(())
}
