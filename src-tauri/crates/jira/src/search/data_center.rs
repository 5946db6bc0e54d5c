//! Data Center: ids behind the last issue, bodies by range.
//!
//! Offsets are avoided: issues that change while they are read shift the pages, nodes of a cluster disagree,
//! and results past 10,000 are refused. Going on behind an issue has one trouble of its own: that issue may be
//! deleted meanwhile, which Jira refuses, or moved to another project, where nothing of ours is behind it. So
//! a cursor keeps several issues, and how many there were in all.

use super::{Answers, BODIES_MAX, Found, IdPage, Listed};
use crate::client::Client;
use crate::error::Error;
use crate::issue::Issue;
use crate::jql::{all_of, strip_order_by};
use futures::future::join_all;
use std::collections::{BTreeMap, BTreeSet};

/// Ids asked for in one page, which is silently capped.
const IDS: u32 = 1000;
/// Issues that a cursor keeps.
const ANCHORS: usize = 4;
/// Issues that are asked for one by one at the same time.
const SINGLES_AT_ONCE: usize = 8;

/// Where a listing stands, as text: `received/total/id,id,id`; the last id is the last issue.
#[derive(Debug, Default, PartialEq, Eq)]
struct Place {
    received: u64,
    total: u64,
    anchors: Vec<String>,
}

impl Place {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '/');
        let received = parts.next()?.parse().ok()?;
        let total = parts.next()?.parse().ok()?;
        let anchors: Vec<String> = parts.next()?.split(',').map(str::to_owned).collect();
        let ids = anchors.iter().all(|id| id.parse::<u64>().is_ok());
        ids.then_some(Self {
            received,
            total,
            anchors,
        })
    }

    fn write(&self) -> String {
        let anchors = self.anchors.join(",");
        format!("{}/{}/{anchors}", self.received, self.total)
    }
}

impl Client {
    pub(super) async fn data_center_ids(
        &self,
        jql: &str,
        cursor: Option<&str>,
        field: &str,
    ) -> Result<IdPage, Error> {
        let mut place = match cursor {
            None => Place::default(),
            Some(text) => Place::read(text).ok_or(Error::Rejected {
                messages: Vec::new(),
                fields: BTreeMap::new(),
            })?,
        };
        let mut kept = place.anchors.len();
        let mut page = self.behind(jql, &place.anchors, kept, field).await?;
        if cursor.is_none() {
            self.believe(false, page.0.is_empty()).await?;
            place.total = page.1;
        }
        // Fewer than there were: some may have left the filter, or the last anchor the project.
        while page.0.is_empty() && place.received < place.total && kept > 1 {
            kept -= 1;
            page = self.behind(jql, &place.anchors, kept, field).await?;
        }
        let (issues, remaining) = page;
        place.received += issues.len() as u64;
        (place.anchors).extend(issues.iter().map(|issue| issue.id.clone()));
        let surplus = place.anchors.len().saturating_sub(ANCHORS);
        place.anchors.drain(..surplus);
        let ended = issues.is_empty()
            || (remaining <= issues.len() as u64 && place.received >= place.total);
        Ok(IdPage::of(issues, (!ended).then(|| place.write())))
    }

    /// New issues behind the last of the first `kept` anchors that Jira accepts, and how many there are.
    async fn behind(
        &self,
        jql: &str,
        anchors: &[String],
        kept: usize,
        field: &str,
    ) -> Result<(Vec<Listed>, u64), Error> {
        let mut refused = None;
        for anchor in anchors[..kept].iter().rev() {
            let behind = format!("id > {anchor}");
            match self.listed_where(jql, &behind, field).await {
                Ok(found) => return Ok(new_ones(found, anchors)),
                Err(error @ Error::Rejected { .. }) => refused = Some(error),
                Err(error) => return Err(error),
            }
        }
        match refused {
            Some(error) => Err(error),
            None => Ok(new_ones(self.listed_where(jql, "", field).await?, anchors)),
        }
    }

    async fn listed_where(
        &self,
        jql: &str,
        condition: &str,
        field: &str,
    ) -> Result<Found<Listed>, Error> {
        self.found(&by_id(jql, condition), 0, IDS, &[field]).await
    }

    /// The issues of the filter from the first of `ids` to the last; what is not among them is asked for one
    /// by one.
    pub(super) async fn range(
        &self,
        jql: &str,
        ids: &[String],
        fields: &[&str],
    ) -> Result<Vec<Issue>, Error> {
        let wanted: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let mut read: BTreeMap<String, Issue> = BTreeMap::new();
        // An end that was deleted makes Jira refuse the range: without it, it goes.
        let (mut first, mut last) = (0, ids.len());
        while last - first > 1 && first < 3 {
            match self.between(jql, &ids[first..last], fields).await {
                Ok(issues) => {
                    let ours = issues.into_iter();
                    let ours = ours.filter(|issue| wanted.contains(issue.id.as_str()));
                    read.extend(ours.map(|issue| (issue.id.clone(), issue)));
                    break;
                }
                Err(Error::Rejected { .. }) => {
                    first += 1;
                    last -= 1;
                }
                Err(error) => return Err(error),
            }
        }
        let rest: Vec<&str> = (wanted.into_iter())
            .filter(|id| !read.contains_key(*id))
            .collect();
        let singles = self.one_by_one(&rest, fields).await?;
        if let Some((_, error)) = singles.failed.into_iter().next() {
            return Err(error);
        }
        let mut issues: Vec<Issue> = read.into_values().collect();
        issues.extend(singles.issues);
        Ok(issues)
    }

    /// Issues by their ids in one question; where Jira refuses it, because one of them is not there, one by one.
    pub(super) async fn listed(&self, ids: &[String], fields: &[&str]) -> Result<Answers, Error> {
        if ids.len() > 1 {
            let jql = format!("id in ({}) ORDER BY id ASC", ids.join(", "));
            let mut issues: Vec<Issue> = Vec::new();
            loop {
                let start = issues.len() as u64;
                let size = u32::try_from(ids.len()).unwrap_or(u32::MAX);
                match self.found::<Issue>(&jql, start, size, fields).await {
                    Ok(found) if found.issues.is_empty() => break,
                    Ok(found) => issues.extend(found.issues),
                    Err(Error::Rejected { .. }) => break,
                    Err(error) => return Err(error),
                }
                if issues.len() >= ids.len() {
                    return Ok(issues.into());
                }
            }
        }
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        self.one_by_one(&ids, fields).await
    }

    /// Issues, each by a question of its own: one for which the site cannot answer keeps no other from being read.
    pub(super) async fn one_by_one(&self, ids: &[&str], fields: &[&str]) -> Result<Answers, Error> {
        let mut answers = Answers::default();
        for some in ids.chunks(SINGLES_AT_ONCE) {
            let asked = some.iter().map(|id| self.issue(id, fields));
            for (id, answer) in some.iter().zip(join_all(asked).await) {
                match answer {
                    Ok(issue) => answers.issues.extend(issue),
                    Err(error) => {
                        let error = self.of_one(error).await?;
                        answers.failed.push(((*id).to_owned(), error));
                    }
                }
            }
        }
        Ok(answers)
    }

    async fn between(
        &self,
        jql: &str,
        ids: &[String],
        fields: &[&str],
    ) -> Result<Vec<Issue>, Error> {
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
            return Ok(Vec::new());
        };
        let jql = by_id(jql, &format!("id >= {first} AND id <= {last}"));
        let mut size = u32::try_from(ids.len().min(BODIES_MAX)).unwrap_or(u32::MAX);
        let mut issues: Vec<Issue> = Vec::new();
        loop {
            let start = issues.len() as u64;
            let found: Found<Issue> = self.found(&jql, start, size, fields).await?;
            if let Some(cap) = found.max_results.filter(|cap| *cap > 0) {
                size = size.min(cap);
            }
            let received = found.issues.len();
            issues.extend(found.issues);
            // Far more than were asked for: these ids are no run of this filter.
            let far_more = found.total > 3 * ids.len() as u64 + 50;
            if received == 0 || issues.len() as u64 >= found.total || far_more {
                return Ok(issues);
            }
        }
    }
}

fn by_id(jql: &str, condition: &str) -> String {
    format!(
        "{} ORDER BY id ASC",
        all_of(&[strip_order_by(jql), condition])
    )
}

/// The issues that are not anchors, and how many there are besides those.
fn new_ones(found: Found<Listed>, anchors: &[String]) -> (Vec<Listed>, u64) {
    let received = found.issues.len();
    let mut issues = found.issues;
    issues.retain(|issue| !anchors.contains(&issue.id));
    let known = (received - issues.len()) as u64;
    (issues, found.total.saturating_sub(known))
}
