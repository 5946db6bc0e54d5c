//! What happened to issues: who changed which field from what to what.

use crate::client::Client;
use crate::error::Error;
use crate::model::{User, id_text, moment};
use crate::read::segment;
use crate::site::SiteKind;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Moments as numbers count seconds in Atlassian's description and milliseconds on sites; this many seconds
/// are thousands of years away.
const SECONDS_MAX: i64 = 100_000_000_000;

/// What somebody changed of an issue at one time. A webhook tells the same, without who and when.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Change {
    /// Id.
    #[serde(deserialize_with = "id_text")]
    pub id: String,
    /// Who; nobody for what Jira did by itself.
    #[serde(default)]
    pub author: Option<User>,
    /// When.
    #[serde(default, rename = "created", deserialize_with = "any_moment")]
    pub at: Option<Timestamp>,
    /// The fields that changed; empty for an action that changes none.
    #[serde(default)]
    pub items: Vec<FieldChange>,
}

/// What became of one field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FieldChange {
    /// Name of the field in the language of the site; not unique.
    #[serde(rename = "field")]
    pub name: String,
    /// Id of the field; Data Center does not tell it.
    #[serde(default, rename = "fieldId")]
    pub field: Option<String>,
    /// Id of the value before; none where it had none, or where values have no ids.
    #[serde(default)]
    pub from: Option<String>,
    /// Account of the person before: Cloud's other ids of people are of old, and none that it takes.
    #[serde(default, rename = "tmpFromAccountId")]
    pub from_account: Option<String>,
    /// The value before, for showing.
    #[serde(default, rename = "fromString")]
    pub from_text: Option<String>,
    /// Id of the value after.
    #[serde(default)]
    pub to: Option<String>,
    /// The value after, for showing.
    #[serde(default, rename = "toString")]
    pub to_text: Option<String>,
}

/// Changes of issues by id, oldest first, and where to go on; no cursor at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePage {
    /// Changes by issue id. One issue's may go on in the next page.
    pub changes: BTreeMap<String, Vec<Change>>,
    /// Where the next page begins, in Jira's terms.
    pub next: Option<String>,
}

/// What became of one issue of late.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// When it last changed.
    pub updated: Option<Timestamp>,
    /// Its changes, oldest first. Cloud tells no more than the last hundred.
    pub changes: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BulkAnswer {
    #[serde(default)]
    issue_change_logs: Vec<OfIssue>,
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfIssue {
    #[serde(deserialize_with = "id_text")]
    issue_id: String,
    #[serde(default)]
    change_histories: Vec<Change>,
}

#[derive(Deserialize)]
struct Histories {
    #[serde(default)]
    histories: Vec<Change>,
}

impl Client {
    /// The changes of at most 1,000 issues, by id; those that may not be seen have none. Data Center is asked
    /// for one after another, and tells all in one page.
    ///
    /// Mirrors `POST /rest/api/3/changelog/bulkfetch`, and `GET /rest/api/2/issue/{id}?expand=changelog`.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn changes(&self, ids: &[String], cursor: Option<&str>) -> Result<ChangePage, Error> {
        match self.kind() {
            SiteKind::Cloud => self.bulk_changes(ids, cursor).await,
            SiteKind::DataCenter => {
                let mut changes = BTreeMap::new();
                for id in ids {
                    let history = self.history(id).await?.unwrap_or_default();
                    changes.insert(id.clone(), history.changes);
                }
                changes.retain(|_, found: &mut Vec<Change>| !found.is_empty());
                let next = None;
                Ok(ChangePage { changes, next })
            }
        }
    }

    async fn bulk_changes(
        &self,
        ids: &[String],
        cursor: Option<&str>,
    ) -> Result<ChangePage, Error> {
        let mut body = json!({ "issueIdsOrKeys": ids, "maxResults": 1000 });
        if let Some(token) = cursor {
            body["nextPageToken"] = token.into();
        }
        let path = self.api("/changelog/bulkfetch");
        let (answer, identified): (BulkAnswer, bool) = self.ask(&path, &body).await?;
        self.believe(identified, answer.issue_change_logs.is_empty())
            .await?;
        let mut changes: BTreeMap<String, Vec<Change>> = BTreeMap::new();
        for issue in answer.issue_change_logs {
            let found = changes.entry(issue.issue_id).or_default();
            found.extend(issue.change_histories);
        }
        Ok(ChangePage {
            changes,
            next: answer.next_page_token.filter(|token| !token.is_empty()),
        })
    }

    /// What became of an issue of late; none if it is not there or may not be seen.
    ///
    /// Mirrors `GET /issue/{id}?expand=changelog`.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn history(&self, id: &str) -> Result<Option<History>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            changelog: Option<Histories>,
            fields: Option<Fields>,
        }
        #[derive(Deserialize)]
        struct Fields {
            #[serde(default, deserialize_with = "any_moment")]
            updated: Option<Timestamp>,
        }
        let path = self.api(&format!("/issue/{}", segment(id)));
        let query = [("fields", "updated"), ("expand", "changelog")];
        let answer: Option<Answer> = match self.get_found(&path, &query).await {
            Err(Error::Permission { .. }) => {
                self.still_known().await?;
                None
            }
            other => other?,
        };
        Ok(answer.map(|answer| {
            let histories = answer.changelog;
            let mut changes = histories.map_or_else(Vec::new, |found| found.histories);
            // Which end comes first has differed between versions.
            changes.sort_by_key(|change| change.at);
            History {
                updated: answer.fields.and_then(|fields| fields.updated),
                changes,
            }
        }))
    }
}

/// Text with an offset, or a number.
fn any_moment<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => moment(&text),
        Value::Number(number) => number.as_i64().and_then(|number| {
            if number.abs() < SECONDS_MAX {
                Timestamp::from_second(number).ok()
            } else {
                Timestamp::from_millisecond(number).ok()
            }
        }),
        _ => None,
    })
}
