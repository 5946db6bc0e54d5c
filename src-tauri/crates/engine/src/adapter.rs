//! Jira in neutral terms: the only part of the engine that knows Jira's shapes.

mod create;
mod issue;
mod outgoing;
mod parent;
mod problem;
mod schema;
mod value;

use crate::error::EngineError;
use jiff::Timestamp;
use jira::{Client, Error, Issue};
use std::collections::BTreeMap;
use store::run::Reason;
use sync::remote::{RemoteField, RemoteIssue, Schema};

pub use create::Draft;
pub use parent::{ParentEdit, ParentIssue, ParentMove, Unmovable, moved};
pub use problem::problem;

/// Where a listing stands, as text for the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// No cursor of Jira's looks like it.
const END: &str = "*end*";

impl Cursor {
    /// All pages were read.
    #[must_use]
    pub fn end() -> Self {
        Self(END.to_owned())
    }

    /// Whether all pages were read.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.0 == END
    }
}

/// Why an issue that was listed could not be read.
#[derive(Debug, Clone, PartialEq)]
pub enum Unread {
    /// It is not there any more, or may not be seen.
    Gone,
    /// The site could not answer for it, though it answers otherwise: that says nothing of the issue.
    Unanswered(Error),
}

impl Unread {
    /// Code of the reason where an issue is gone.
    pub const GONE: &'static str = "gone_while_reading";

    /// As the reason of a row.
    #[must_use]
    pub fn reason(&self) -> Reason {
        match self {
            Self::Gone => Reason::of(Self::GONE),
            Self::Unanswered(error) => Reason::from(&problem(error)),
        }
    }
}

/// A project's Jira, in neutral terms.
#[derive(Clone)]
pub struct JiraRemote {
    client: Client,
}

impl JiraRemote {
    /// Speaks through a client.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What a project has to map.
    ///
    /// # Errors
    /// [`EngineError::ProjectGone`], or what Jira says.
    pub async fn schema(
        &self,
        project_key: &str,
        board_id: Option<&str>,
    ) -> Result<Schema, EngineError> {
        schema::read(&self.client, project_key, board_id).await
    }

    /// Pages of ids of the issues that match.
    #[must_use]
    pub fn ids(&self, jql: &str, cursor: Option<Cursor>) -> IdPages {
        IdPages {
            client: self.client.clone(),
            jql: jql.to_owned(),
            cursor: cursor.map(|cursor| cursor.0),
            ended: false,
        }
    }

    /// When the issues that match last changed, by id.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn changed(&self, jql: &str) -> Result<BTreeMap<String, Timestamp>, EngineError> {
        let (mut changed, mut cursor) = (BTreeMap::new(), None);
        loop {
            let page = self.client.changed_page(jql, cursor.as_deref()).await?;
            for id in page.ids {
                // A site that does not say when makes every issue news.
                let moment = page.updated.get(&id).copied();
                changed.insert(id, moment.unwrap_or(Timestamp::MAX));
            }
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(changed),
            }
        }
    }

    /// The issues of some ids with the fields that are `wanted`, and which of them could not be read. `jql` is the
    /// filter that named them, if one did.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn issues(
        &self,
        jql: Option<&str>,
        ids: &[String],
        schema: &Schema,
        wanted: impl Fn(&RemoteField) -> bool,
    ) -> Result<(Vec<RemoteIssue>, BTreeMap<String, Unread>), EngineError> {
        let fields = issue::wanted_fields(schema, &wanted);
        let bodies = match jql {
            Some(jql) => self.client.bodies(jql, ids, &fields).await?,
            None => self.client.bodies_of(ids, &fields).await?,
        };
        let mut reader = issue::Reader::new(schema);
        // One after another, so that no issue is held twice for long.
        let issues = bodies
            .issues
            .into_iter()
            .map(|issue| reader.read(&issue))
            .collect();
        let missing = bodies.missing.into_iter().map(|id| (id, Unread::Gone));
        Ok((issues, missing.chain(unanswered(bodies.failed)).collect()))
    }

    /// The issues of some ids as they are at this moment: see [`Client::current_bodies`]; and those for which the site could
    /// not answer. Those that are not there are left out.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn current(
        &self,
        ids: &[String],
        schema: &Schema,
        wanted: impl Fn(&RemoteField) -> bool,
    ) -> Result<(Vec<RemoteIssue>, BTreeMap<String, Unread>), EngineError> {
        let fields = issue::wanted_fields(schema, &wanted);
        let bodies = self.client.current_bodies(ids, &fields).await?;
        let mut reader = issue::Reader::new(schema);
        let issues = bodies.issues.into_iter();
        let issues = issues.map(|issue| reader.read(&issue)).collect();
        Ok((issues, unanswered(bodies.failed).collect()))
    }

    /// The first issues of a filter.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn sample(
        &self,
        jql: &str,
        count: u32,
        schema: &Schema,
    ) -> Result<Vec<RemoteIssue>, EngineError> {
        let fields = issue::wanted_fields(schema, &|_| true);
        let found: Vec<Issue> = self.client.first_issues(jql, count, &fields).await?;
        let mut reader = issue::Reader::new(schema);
        Ok(found.iter().map(|issue| reader.read(issue)).collect())
    }
}

fn unanswered(failed: Vec<(String, Error)>) -> impl Iterator<Item = (String, Unread)> {
    let failed = failed.into_iter();
    failed.map(|(id, error)| (id, Unread::Unanswered(error)))
}

/// Pages of ids, one after another.
pub struct IdPages {
    client: Client,
    jql: String,
    cursor: Option<String>,
    ended: bool,
}

impl IdPages {
    /// The next page and where the listing then stands; none at the end.
    ///
    /// # Errors
    /// What Jira says. A token that Jira no longer takes begins the listing anew: issues that were listed
    /// before are listed once.
    pub async fn next(&mut self) -> Result<Option<(Vec<String>, Cursor)>, EngineError> {
        if self.ended {
            return Ok(None);
        }
        let page = match self.client.id_page(&self.jql, self.cursor.as_deref()).await {
            Err(Error::Rejected { .. }) if self.cursor.is_some() => {
                self.client.id_page(&self.jql, None).await?
            }
            other => other?,
        };
        let cursor = match page.next {
            Some(next) => Cursor(next),
            None => {
                self.ended = true;
                Cursor::end()
            }
        };
        self.cursor = Some(cursor.0.clone());
        Ok(Some((page.ids, cursor)))
    }
}

#[cfg(test)]
mod tests;
