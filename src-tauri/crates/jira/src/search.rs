//! Finding issues: ids first, page after page; bodies then, in batches that can be asked for at once.

use crate::client::Client;
use crate::error::{AuthReason, Error};
use crate::jql::{all_of, strip_order_by};
use crate::model::{Count, Issue, JqlCheck};
use crate::site::SiteKind;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Ids asked for in one page on Cloud, as many as it gives.
const CLOUD_IDS: u32 = 5000;
/// Ids asked for in one page on Data Center, which caps it silently.
const DATA_CENTER_IDS: u32 = 1000;
/// Bodies in one request.
pub const BODIES_MAX: usize = 100;

/// A page of ids, and from where to go on after it; no cursor at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdPage {
    /// Ids of issues.
    pub ids: Vec<String>,
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
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CloudPage {
    #[serde(default)]
    issues: Vec<IdOnly>,
    next_page_token: Option<String>,
    is_last: Option<bool>,
}

#[derive(Deserialize)]
struct IdOnly {
    id: String,
}

#[derive(Deserialize)]
struct Found<T> {
    #[serde(default = "Vec::new")]
    issues: Vec<T>,
    #[serde(default)]
    total: u64,
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
                let (answer, _): (Value, bool) = self.ask(path, &body).await?;
                let errors = answer
                    .pointer("/queries/0/errors")
                    .and_then(Value::as_array);
                let errors = errors.into_iter().flatten().filter_map(Value::as_str);
                Ok(JqlCheck {
                    errors: errors.map(str::to_owned).collect(),
                    count: None,
                })
            }
            SiteKind::DataCenter => match self.found::<IdOnly>(jql, 0, &["id"]).await {
                Ok(found) => Ok(JqlCheck {
                    errors: Vec::new(),
                    count: Some(found.total),
                }),
                Err(Error::Rejected { messages }) => Ok(JqlCheck {
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
                if !identified {
                    return Err(Error::Auth(AuthReason::Anonymous));
                }
                Ok(Count {
                    value: answer.count,
                    exact: false,
                })
            }
            SiteKind::DataCenter => {
                let found: Found<IdOnly> = self.found(jql, 0, &["id"]).await?;
                if found.total == 0 {
                    self.myself().await?;
                }
                Ok(Count {
                    value: found.total,
                    exact: true,
                })
            }
        }
    }

    /// A page of ids of the issues that match, each id once over all pages. The order is Jira's own on
    /// Cloud and by id on Data Center, where pages begin above the last id and so neither skip nor repeat
    /// issues while the set moves, and never reach the offset limit.
    ///
    /// # Errors
    /// [`Error::Auth`] with [`AuthReason::Anonymous`] where an empty page proves nothing.
    pub async fn id_page(&self, jql: &str, cursor: Option<&str>) -> Result<IdPage, Error> {
        match self.kind() {
            SiteKind::Cloud => self.cloud_ids(jql, cursor).await,
            SiteKind::DataCenter => self.data_center_ids(jql, cursor).await,
        }
    }

    async fn cloud_ids(&self, jql: &str, cursor: Option<&str>) -> Result<IdPage, Error> {
        let mut body = json!({ "jql": jql, "maxResults": CLOUD_IDS, "fields": ["id"] });
        if let Some(token) = cursor {
            body["nextPageToken"] = token.into();
        }
        let (page, identified): (CloudPage, bool) =
            self.ask(&self.api("/search/jql"), &body).await?;
        if !identified {
            return Err(Error::Auth(AuthReason::Anonymous));
        }
        // A short page is not the last one; only Jira's word, or the lack of a token, is.
        let next = if page.is_last == Some(true) {
            None
        } else {
            page.next_page_token
        };
        Ok(IdPage {
            ids: page.issues.into_iter().map(|issue| issue.id).collect(),
            next,
        })
    }

    async fn data_center_ids(&self, jql: &str, cursor: Option<&str>) -> Result<IdPage, Error> {
        let above = cursor
            .map(|last| format!("id > {last}"))
            .unwrap_or_default();
        let ranged = format!("{} ORDER BY id ASC", all_of(&[strip_order_by(jql), &above]));
        let found: Found<IdOnly> = self.found(&ranged, DATA_CENTER_IDS, &["id"]).await?;
        let ids: Vec<String> = found.issues.into_iter().map(|issue| issue.id).collect();
        if ids.is_empty() && cursor.is_none() {
            self.myself().await?;
        }
        let more = found.total > ids.len() as u64;
        let next = if more { ids.last().cloned() } else { None };
        Ok(IdPage { ids, next })
    }

    /// The bodies of at most [`BODIES_MAX`] issues that [`Client::id_page`] named, in any order.
    ///
    /// `jql` is the filter that named them: on Data Center they are asked for as a range of ids within it.
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
        let read: BTreeSet<&str> = bodies.iter().map(|issue| issue.id.as_str()).collect();
        let missing = ids
            .iter()
            .filter(|id| !read.contains(id.as_str()))
            .cloned()
            .collect();
        Ok(Bodies {
            missing,
            issues: bodies,
        })
    }

    async fn bulk_fetch(&self, ids: &[String], fields: &[&str]) -> Result<Vec<Issue>, Error> {
        let body = json!({ "issueIdsOrKeys": ids, "fields": fields });
        let (found, identified): (Found<Issue>, bool) =
            self.ask(&self.api("/issue/bulkfetch"), &body).await?;
        if !identified {
            return Err(Error::Auth(AuthReason::Anonymous));
        }
        Ok(found.issues)
    }

    /// A range of ids within the filter. Jira refuses an id that no longer exists, and issues may have left
    /// the filter, so what the range does not give is asked for one by one.
    async fn range(&self, jql: &str, ids: &[String], fields: &[&str]) -> Result<Vec<Issue>, Error> {
        let mut numbers: Vec<u64> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        numbers.sort_unstable();
        let (Some(low), Some(high)) = (numbers.first(), numbers.last()) else {
            return Ok(Vec::new());
        };
        let bounds = format!("id >= {low} AND id <= {high}");
        let ranged = format!(
            "{} ORDER BY id ASC",
            all_of(&[strip_order_by(jql), &bounds])
        );
        let size = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let mut read: BTreeMap<String, Issue> = BTreeMap::new();
        match self.found::<Issue>(&ranged, size, fields).await {
            Ok(found) => {
                read.extend(
                    found
                        .issues
                        .into_iter()
                        .map(|issue| (issue.id.clone(), issue)),
                );
            }
            Err(Error::Rejected { .. }) => {}
            Err(error) => return Err(error),
        }
        read.retain(|id, _| ids.contains(id));
        for id in ids {
            if !read.contains_key(id)
                && let Some(issue) = self.issue(id, fields).await?
            {
                read.insert(id.clone(), issue);
            }
        }
        Ok(read.into_values().collect())
    }

    /// One issue by id or key; none if it is not there or may not be seen.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn issue(&self, id: &str, fields: &[&str]) -> Result<Option<Issue>, Error> {
        let names = fields.join(",");
        let path = self.api(&format!("/issue/{id}"));
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
                if !identified {
                    return Err(Error::Auth(AuthReason::Anonymous));
                }
                Ok(found.issues)
            }
            SiteKind::DataCenter => Ok(self.found(jql, count, fields).await?.issues),
        }
    }

    async fn found<T: serde::de::DeserializeOwned>(
        &self,
        jql: &str,
        count: u32,
        fields: &[&str],
    ) -> Result<Found<T>, Error> {
        let body = json!({
            "jql": jql, "startAt": 0, "maxResults": count, "fields": fields, "validateQuery": true,
        });
        let (found, _) = self.ask(&self.api("/search"), &body).await?;
        Ok(found)
    }
}
