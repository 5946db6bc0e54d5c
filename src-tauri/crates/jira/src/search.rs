//! All issues of a query: first their ids, then, side by side, the issues themselves.
//!
//! ```no_run
//! # use futures::TryStreamExt;
//! # async fn read(client: &jira::Client) -> jira::error::Result<()> {
//! let jql = jira::jql::in_project("ABC");
//! let fields = ["summary".into(), "status".into()];
//! let mut pages = client.issue_ids(&jql, None);
//! while let Some(page) = pages.try_next().await? {
//!     let fetched = client.fetch_issues(&jql, &page.ids, &fields).await?;
//!     println!("{} issues, {} out of reach", fetched.issues.len(), fetched.absent.len());
//! }
//! # Ok(())
//! # }
//! ```

mod check;
mod cloud;
mod data_center;

use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};

use crate::client::{Absent, Call, Client, Query, segment};
use crate::error::{Error, Result};
use crate::ids::{FieldId, IssueId};
use crate::issue::Issue;
use crate::jql;
use crate::limits::CallKind;
use crate::site::SiteKind;

pub use check::{Count, JqlCheck};

/// How many issues one bulk request may name.
pub const FETCH_MAX: usize = 100;

/// How many chunks of one [`Client::fetch_issues`] wait for the limiter at once.
const CHUNKS_AT_ONCE: usize = 32;

/// Ids of a query's issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdPage {
    /// The ids, in the order of the search. Never empty.
    pub ids: Vec<IssueId>,
    /// Where to go on after this page, also in another process; `None` on the last page.
    pub next: Option<SearchCursor>,
    /// How many issues the query had when it began; Cloud does not tell.
    pub total: Option<usize>,
}

/// A place in a search, to be kept and gone on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SearchCursor {
    /// Cloud: the token of the next page. Lives about a week.
    Token(String),
    /// Data Center: behind these issues.
    After {
        /// The last issues received, the last one last. Several, as any one may vanish.
        anchors: Vec<IssueId>,
        /// How many issues were received so far.
        received: usize,
        /// How many issues the query had when it began.
        total: usize,
    },
}

/// What [`Client::fetch_issues`] found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fetched {
    /// The issues, each once, in no particular order.
    pub issues: Vec<Issue>,
    /// Ids for which there is no issue now: deleted, or out of this account's reach. The account
    /// was confirmed before they were put here.
    pub absent: Vec<IssueId>,
}

impl Client {
    /// The ids of all issues of a query, page by page: up to 5,000 a page on Cloud, as many as the
    /// site allows (usually 1,000) on Data Center. `ORDER BY` is ours: the query's own is cut off.
    ///
    /// The query must have a condition, and on Data Center it must name one project, since "the
    /// issue after this one" is told within a project there.
    ///
    /// `from` goes on where an earlier search stopped. A cursor that the site no longer knows is
    /// [`Error::Rejected`].
    pub fn issue_ids(
        &self,
        query: &str,
        from: Option<SearchCursor>,
    ) -> BoxStream<'static, Result<IdPage>> {
        let condition = jql::all_of(&[query]).map_err(not_closed);
        let client = self.clone();
        match (condition, self.kind()) {
            (Err(error), _) => stream::once(async { Err(error) }).boxed(),
            (Ok(condition), SiteKind::Cloud) => cloud::ids(client, condition, from),
            (Ok(condition), SiteKind::DataCenter) => data_center::ids(client, condition, from),
        }
    }

    /// The issues with these ids. More than [`FETCH_MAX`] are read in chunks, side by side as far
    /// as the limiter allows.
    ///
    /// `query` and the order of `ids` are those of [`issue_ids`](Self::issue_ids): Cloud reads by
    /// id alone, Data Center by the range of the query from the first id to the last.
    ///
    /// # Errors
    /// As every call. Single issues that are not there are no error, see [`Fetched::absent`].
    pub async fn fetch_issues(
        &self,
        query: &str,
        ids: &[IssueId],
        fields: &[FieldId],
    ) -> Result<Fetched> {
        let condition = jql::all_of(&[query]).map_err(not_closed)?;
        let condition = condition.as_str();
        stream::iter(ids.chunks(FETCH_MAX))
            .map(|chunk| async move {
                match self.kind() {
                    SiteKind::Cloud => cloud::fetch(self, chunk, fields).await,
                    SiteKind::DataCenter => {
                        data_center::fetch(self, condition, chunk, fields).await
                    }
                }
            })
            .buffered(CHUNKS_AT_ONCE)
            .try_fold(Fetched::default(), |mut all, more| async move {
                all.issues.extend(more.issues);
                all.absent.extend(more.absent);
                Ok(all)
            })
            .await
    }

    /// One issue, by id or key (`GET /issue/{issueIdOrKey}`). Consistent, unlike the search. An
    /// old key finds a moved issue under its new one. No fields means all.
    ///
    /// # Errors
    /// [`Error::Gone`] when it does not exist or is out of reach.
    pub async fn issue(&self, id_or_key: &str, fields: &[FieldId]) -> Result<Issue> {
        let query = match fields {
            [] => Query::new(),
            some => Query::new().with("fields", names(some).join(",")),
        };
        let path = self.platform(&format!("issue/{}", segment(id_or_key)));
        let call = Call::get(CallKind::Issue, "GET /issue/{issueIdOrKey}", path);
        self.json(call.absent(Absent::Resource).query(query)).await
    }
}

fn names(fields: &[FieldId]) -> Vec<&str> {
    fields.iter().map(FieldId::as_str).collect()
}

/// A cursor of the other product.
fn wrong_cursor() -> BoxStream<'static, Result<IdPage>> {
    let error = Error::Bug {
        what: "the cursor belongs to another kind of site".to_owned(),
    };
    stream::once(async { Err(error) }).boxed()
}

fn not_closed(error: jql::JqlError) -> Error {
    Error::Rejected {
        status: 400,
        said: crate::error::Said {
            messages: vec![error.to_string()],
            ..Default::default()
        },
    }
}

#[cfg(test)]
mod tests;
