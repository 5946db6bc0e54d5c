//! Dependencies as links between issues.
//!
//! Jira has no field for them that an edit could set: each link is made and taken away by a call of its own. What is to come
//! and to go follows from what is wanted and what Jira said last, so that links that others made meanwhile stay. Which
//! are there is looked up just before: none is made twice, and only what is there is taken away.
//!
//! Only two kinds of link are ever made or taken away: the one that says who waits for whom, and the one that merely relates.
//! Any other kind reads as relating two issues, and is Jira's own.

use super::Cycle;
use super::send::{Attempt, Sending};
use super::transition::{Step, refusal};
use crate::error::EngineError;
use crate::problem::Problem;
use jira::LinkType;
use serde_json::Value as Json;
use sync::plan::FieldWrite;
use sync::remote::{IssueLink, RemoteKind, RemoteValue};
use workspace::value::Relation;

/// The site has no kind of link that says what is to be said, or keeps one that is not ours to take away.
const UNSAYABLE: &str = "link_unsayable";
/// Jira refused a link.
const REFUSED: &str = "link_refused";

/// Whether a write goes by calls for links.
pub(super) fn is_links(write: &FieldWrite) -> bool {
    write.remote.kind == RemoteKind::IssueLinks
}

impl Cycle {
    /// Makes and takes away the links that are to come and to go.
    pub(super) async fn send_links(
        &self,
        attempt: &Attempt,
        sending: &Sending,
        write: &FieldWrite,
    ) -> Result<Step, EngineError> {
        let (wanted, before) = (links(&write.value), links(&write.before));
        let come: Vec<_> = wanted
            .iter()
            .filter(|link| !before.contains(link))
            .collect();
        let gone: Vec<_> = before
            .iter()
            .filter(|link| !wanted.contains(link))
            .collect();
        let client = self.remote.client();
        let types = match client.link_types().await {
            Ok(types) => types,
            Err(error) => return self.link_refused(attempt, error).await,
        };
        for link in &come {
            if kind(&types, link.relation).is_none() {
                return Ok(Step::Barred(unsayable(link.relation)));
            }
        }
        let held = match client.issue(&attempt.remote_id, &[&write.remote.id]).await {
            Ok(held) => held.and_then(|issue| issue.field(&write.remote.id)),
            Err(error) => {
                self.refused(attempt, error).await?;
                return Ok(Step::PutOff);
            }
        };
        let mut ids = Vec::new();
        for link in gone {
            let own = own_links(held.as_ref(), link);
            if own.is_empty() && is_held(held.as_ref(), link) {
                // Of a kind that is Jira's own.
                return Ok(Step::Barred(unsayable(link.relation)));
            }
            ids.extend(own);
        }
        if !self.leaves(sending, &[write.field]).await? {
            return Ok(Step::PutOff);
        }
        for link in come {
            let is_there = !own_links(held.as_ref(), link).is_empty();
            let Some(kind) = kind(&types, link.relation).filter(|_| !is_there) else {
                continue;
            };
            let (from, to) = ends(&attempt.remote_id, link);
            if let Err(error) = client.link_issues(&kind.id, from, to).await {
                return self.link_refused(attempt, error).await;
            }
        }
        for link in ids {
            match client.unlink_issues(&link).await {
                // Somebody was quicker.
                Ok(()) | Err(jira::Error::Gone) => {}
                Err(error) => return self.link_refused(attempt, error).await,
            }
        }
        self.taken(attempt, sending, write.field).await
    }

    async fn link_refused(
        &self,
        attempt: &Attempt,
        error: jira::Error,
    ) -> Result<Step, EngineError> {
        let Some(said) = refusal(&error) else {
            self.refused(attempt, error).await?;
            return Ok(Step::PutOff);
        };
        let problem = Problem::new(REFUSED).with("messages", said);
        Ok(Step::Barred(problem))
    }
}

/// From which issue a link goes to which. The two ends of one that only relates them may be sent at the same time: so that
/// there is one link then, it always goes from the older issue.
fn ends<'l>(own: &'l str, link: &'l IssueLink) -> (&'l str, &'l str) {
    let other = link.issue.as_str();
    let age = |id: &'l str| (id.len(), id);
    match link.relation {
        Relation::BlockedBy => (other, own),
        Relation::RelatesTo if age(other) < age(own) => (other, own),
        _ => (own, other),
    }
}

fn links(value: &RemoteValue) -> &[IssueLink] {
    match value {
        RemoteValue::Links(links) => links,
        _ => &[],
    }
}

/// The name by which Jira delivers the kind of link that says this.
fn name(relation: Relation) -> &'static str {
    match relation {
        Relation::Blocks | Relation::BlockedBy => "Blocks",
        Relation::RelatesTo | Relation::PartOf => "Relates",
    }
}

fn kind(types: &[LinkType], relation: Relation) -> Option<&LinkType> {
    let mut types = types.iter();
    types.find(|found| found.name.eq_ignore_ascii_case(name(relation)))
}

/// Ids of the links of an issue that say this and are of the kind that is ours.
fn own_links(held: Option<&Json>, wanted: &IssueLink) -> Vec<String> {
    let each = held.and_then(Json::as_array).into_iter().flatten();
    let own = each.filter(|link| {
        let kind = link.pointer("/type/name").and_then(Json::as_str);
        let is_kind = kind.is_some_and(|kind| kind.eq_ignore_ascii_case(name(wanted.relation)));
        is_kind && is_between(link, wanted)
    });
    own.filter_map(|link| Some(link.get("id")?.as_str()?.to_owned()))
        .collect()
}

fn is_held(held: Option<&Json>, wanted: &IssueLink) -> bool {
    let mut each = held.and_then(Json::as_array).into_iter().flatten();
    wanted.relation == Relation::RelatesTo && each.any(|link| is_between(link, wanted))
}

/// Whether a link is with the other issue, and points the way that the relation says.
fn is_between(link: &Json, wanted: &IssueLink) -> bool {
    let is = |end: &str| {
        let other = link.get(end).and_then(|other| other.get("id"));
        other.and_then(Json::as_str) == Some(wanted.issue.as_str())
    };
    match wanted.relation {
        Relation::Blocks => is("outwardIssue"),
        Relation::BlockedBy => is("inwardIssue"),
        Relation::RelatesTo | Relation::PartOf => is("outwardIssue") || is("inwardIssue"),
    }
}

fn unsayable(relation: Relation) -> Problem {
    Problem::new(UNSAYABLE).with("kind", name(relation))
}
