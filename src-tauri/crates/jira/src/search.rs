//! Finding issues: ids first, page after page; bodies then, in batches that can be asked for at once.

mod data_center;

use crate::client::Client;
use crate::error::Error;
use crate::issue::Issue;
use crate::jql::strip_order_by;
use crate::model::{Count, JqlCheck, moment};
use crate::read::segment;
use crate::site::SiteKind;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Ids asked for in one page on Cloud, as many as it gives.
const CLOUD_IDS: u32 = 5000;
/// Bodies in one request.
pub const BODIES_MAX: usize = 100;

/// A page of ids, and from where to go on after it; no cursor at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdPage {
    /// Ids of issues.
    pub ids: Vec<String>,
    /// When they last changed, where that was asked for.
    pub updated: BTreeMap<String, Timestamp>,
    /// Where the next page begins, in Jira's terms.
    pub next: Option<String>,
}

/// Bodies that were asked for, and ids that gave none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bodies {
    /// Issues that were read.
    pub issues: Vec<Issue>,
    /// Ids of issues that are not there or may not be seen.
    pub missing: Vec<String>,
    /// Ids of issues for which the site could not answer, though it answered otherwise, and what it said.
    pub failed: Vec<(String, Error)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CloudPage {
    #[serde(default)]
    issues: Vec<Listed>,
    next_page_token: Option<String>,
    is_last: Option<bool>,
}

impl Bodies {
    fn of(ids: &[String], Answers { issues, failed }: Answers) -> Self {
        let read = issues.iter().map(|issue| &issue.id);
        let told: BTreeSet<&String> = read.chain(failed.iter().map(|(id, _)| id)).collect();
        let missing = ids.iter().filter(|id| !told.contains(id));
        Self {
            missing: missing.cloned().collect(),
            issues,
            failed,
        }
    }
}

/// What came of asking for some issues.
#[derive(Default)]
struct Answers {
    issues: Vec<Issue>,
    /// Those that were asked for one by one, and for which the site could not answer.
    failed: Vec<(String, Error)>,
}

impl From<Vec<Issue>> for Answers {
    fn from(issues: Vec<Issue>) -> Self {
        Self {
            issues,
            failed: Vec::new(),
        }
    }
}

/// An issue without its body.
#[derive(Deserialize)]
struct Listed {
    id: String,
    #[serde(default)]
    fields: Option<ListedFields>,
}

#[derive(Deserialize)]
struct ListedFields {
    #[serde(default)]
    updated: Value,
}

impl IdPage {
    fn of(issues: Vec<Listed>, next: Option<String>) -> Self {
        let mut page = Self {
            ids: Vec::with_capacity(issues.len()),
            updated: BTreeMap::new(),
            next,
        };
        for issue in issues {
            let updated = issue.fields.map(|fields| fields.updated);
            if let Some(updated) = updated.as_ref().and_then(Value::as_str).and_then(moment) {
                page.updated.insert(issue.id.clone(), updated);
            }
            page.ids.push(issue.id);
        }
        page
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found<T> {
    #[serde(default = "Vec::new")]
    issues: Vec<T>,
    #[serde(default)]
    total: u64,
    max_results: Option<u32>,
}

impl Client {
    /// What Jira has against a filter.
    ///
    /// # Errors
    /// What the way to Jira meets; a filter that is not accepted is no error.
    pub async fn check_jql(&self, jql: &str) -> Result<JqlCheck, Error> {
        match self.kind() {
            SiteKind::Cloud => {
                let body = json!({ "queries": [jql] });
                let path = "/rest/api/3/jql/parse?validation=strict";
                let (answer, identified): (Value, bool) = self.ask(path, &body).await?;
                self.believe(identified, false).await?;
                let errors = answer
                    .pointer("/queries/0/errors")
                    .and_then(Value::as_array);
                let errors = errors.into_iter().flatten().filter_map(Value::as_str);
                Ok(JqlCheck {
                    errors: errors.map(str::to_owned).collect(),
                    count: None,
                })
            }
            SiteKind::DataCenter => match self.found::<Listed>(jql, 0, 0, &["id"]).await {
                Ok(found) => Ok(JqlCheck {
                    errors: Vec::new(),
                    count: Some(found.total),
                }),
                Err(Error::Rejected { messages, .. }) => Ok(JqlCheck {
                    errors: messages,
                    count: None,
                }),
                Err(error) => Err(error),
            },
        }
    }

    /// How many issues match.
    ///
    /// # Errors
    /// [`Error::Rejected`] if Jira does not accept the filter; [`Error::Auth`] with
    /// [`AuthReason::Anonymous`] where a zero proves nothing.
    pub async fn count(&self, jql: &str) -> Result<Count, Error> {
        match self.kind() {
            SiteKind::Cloud => {
                #[derive(Deserialize)]
                struct Answer {
                    count: u64,
                }
                let path = self.api("/search/approximate-count");
                let (answer, identified): (Answer, bool) =
                    self.ask(&path, &json!({ "jql": jql })).await?;
                self.believe(identified, answer.count == 0).await?;
                Ok(Count {
                    value: answer.count,
                    exact: false,
                })
            }
            SiteKind::DataCenter => {
                let found: Found<Listed> = self.found(jql, 0, 0, &["id"]).await?;
                self.believe(false, found.total == 0).await?;
                Ok(Count {
                    value: found.total,
                    exact: true,
                })
            }
        }
    }

    /// A page of ids of the issues that match, each id once over all pages. The order is Jira's own on
    /// Cloud and by id on Data Center, where pages begin behind the last issue and so neither skip nor repeat
    /// issues while the set moves, and never reach the offset limit. There the filter must name one project:
    /// which issue comes behind another is told within a project.
    ///
    /// # Errors
    /// [`Error::Auth`] with [`AuthReason::Anonymous`] where an empty page proves nothing.
    pub async fn id_page(&self, jql: &str, cursor: Option<&str>) -> Result<IdPage, Error> {
        match self.kind() {
            SiteKind::Cloud => self.cloud_ids(jql, cursor, "id").await,
            SiteKind::DataCenter => self.data_center_ids(jql, cursor, "id").await,
        }
    }

    /// As [`Client::id_page`], with the moments at which the issues last changed: what it takes to know which of
    /// them are news, without a body.
    ///
    /// # Errors
    /// As [`Client::id_page`].
    pub async fn changed_page(&self, jql: &str, cursor: Option<&str>) -> Result<IdPage, Error> {
        match self.kind() {
            SiteKind::Cloud => self.cloud_ids(jql, cursor, "updated").await,
            SiteKind::DataCenter => self.data_center_ids(jql, cursor, "updated").await,
        }
    }

    async fn cloud_ids(
        &self,
        jql: &str,
        cursor: Option<&str>,
        field: &str,
    ) -> Result<IdPage, Error> {
        // What is made meanwhile comes last, and parents mostly before their children.
        let jql = format!("{} ORDER BY created ASC, key ASC", strip_order_by(jql));
        let mut body = json!({ "jql": jql, "maxResults": CLOUD_IDS, "fields": [field] });
        if let Some(token) = cursor {
            body["nextPageToken"] = token.into();
        }
        let (page, identified): (CloudPage, bool) =
            self.ask(&self.api("/search/jql"), &body).await?;
        self.believe(identified, page.issues.is_empty()).await?;
        // A short page is not the last one; only Jira's word, or the lack of a token, is.
        let next = if page.is_last == Some(true) {
            None
        } else {
            page.next_page_token
        };
        Ok(IdPage::of(page.issues, next))
    }

    /// The bodies of at most [`BODIES_MAX`] issues that [`Client::id_page`] named. They come in any order.
    ///
    /// `jql` is the filter that named them: on Data Center they are asked for as its range from the first of
    /// them to the last.
    ///
    /// # Errors
    /// What the way to Jira meets; an issue that is not there is no error.
    pub async fn bodies(
        &self,
        jql: &str,
        ids: &[String],
        fields: &[&str],
    ) -> Result<Bodies, Error> {
        let bodies = match self.kind() {
            SiteKind::Cloud => self.bulk_fetch(ids, fields).await?,
            SiteKind::DataCenter => self.range(jql, ids, fields).await?,
        };
        Ok(Bodies::of(ids, bodies.into()))
    }

    /// The bodies of at most [`BODIES_MAX`] issues of any filter, by their ids alone. They come in any order.
    ///
    /// # Errors
    /// As [`Client::bodies`].
    pub async fn bodies_of(&self, ids: &[String], fields: &[&str]) -> Result<Bodies, Error> {
        let issues = match self.kind() {
            SiteKind::Cloud => self.bulk_fetch(ids, fields).await?.into(),
            SiteKind::DataCenter => self.listed(ids, fields).await?,
        };
        Ok(Bodies::of(ids, issues))
    }

    /// As [`Client::bodies_of`], as they are at this moment and not as the search knows them, which on Data Center is told
    /// of changes later than whoever made them: there each issue is one request.
    ///
    /// # Errors
    /// As [`Client::bodies`].
    pub async fn current_bodies(&self, ids: &[String], fields: &[&str]) -> Result<Bodies, Error> {
        let issues = match self.kind() {
            SiteKind::Cloud => self.bulk_fetch(ids, fields).await?.into(),
            SiteKind::DataCenter => {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                self.one_by_one(&ids, fields).await?
            }
        };
        Ok(Bodies::of(ids, issues))
    }

    async fn bulk_fetch(&self, ids: &[String], fields: &[&str]) -> Result<Vec<Issue>, Error> {
        let body = json!({ "issueIdsOrKeys": ids, "fields": fields });
        let (found, identified): (Found<Issue>, bool) =
            self.ask(&self.api("/issue/bulkfetch"), &body).await?;
        self.believe(identified, found.issues.len() < ids.len())
            .await?;
        Ok(found.issues)
    }

    /// An error that the question for one issue met, if it says something of that issue alone: the site answers otherwise.
    ///
    /// # Errors
    /// What is in everybody's way.
    pub async fn of_one(&self, error: Error) -> Result<Error, Error> {
        match error {
            Error::Auth(_) | Error::Paused { .. } | Error::Limited { .. } => return Err(error),
            Error::Network { .. } | Error::Unavailable { .. } => drop(self.myself().await?),
            _ => {}
        }
        Ok(error)
    }

    /// One issue by id or key; none if it is not there or may not be seen.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn issue(&self, id: &str, fields: &[&str]) -> Result<Option<Issue>, Error> {
        let names = fields.join(",");
        let path = self.api(&format!("/issue/{}", segment(id)));
        match self.get(&path, &[("fields", names.as_str())]).await {
            Ok(issue) => Ok(Some(issue)),
            Err(Error::Gone | Error::Permission { .. }) => {
                self.myself().await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The first issues of a filter, whole, for a sample.
    ///
    /// # Errors
    /// [`Error::Rejected`] if Jira does not accept the filter.
    pub async fn first_issues(
        &self,
        jql: &str,
        count: u32,
        fields: &[&str],
    ) -> Result<Vec<Issue>, Error> {
        match self.kind() {
            SiteKind::Cloud => {
                let body = json!({ "jql": jql, "maxResults": count, "fields": fields });
                let (found, identified): (Found<Issue>, bool) =
                    self.ask(&self.api("/search/jql"), &body).await?;
                self.believe(identified, found.issues.is_empty()).await?;
                Ok(found.issues)
            }
            SiteKind::DataCenter => {
                let found: Found<Issue> = self.found(jql, 0, count, fields).await?;
                self.believe(false, found.issues.is_empty()).await?;
                Ok(found.issues)
            }
        }
    }

    async fn found<T: serde::de::DeserializeOwned>(
        &self,
        jql: &str,
        start: u64,
        count: u32,
        fields: &[&str],
    ) -> Result<Found<T>, Error> {
        let body = json!({
            "jql": jql, "startAt": start, "maxResults": count, "fields": fields, "validateQuery": true,
        });
        let (found, _) = self.ask(&self.api("/search"), &body).await?;
        Ok(found)
    }
}
