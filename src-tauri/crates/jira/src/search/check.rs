//! Is a query valid, and how much does it find?

use serde::Deserialize;
use serde_json::{Value, json};

use super::data_center::{SearchAnswer, SearchRequest, search};
use crate::client::{Absent, Call, Client, Query};
use crate::error::{Error, Result};
use crate::jql;
use crate::limits::CallKind;
use crate::model::or_default;
use crate::site::SiteKind;

/// Whether a query is valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JqlCheck {
    /// True when it can be run.
    pub ok: bool,
    /// What is wrong with it, in Jira's words and the caller's language.
    pub errors: Vec<String>,
}

/// How many issues a query finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number.
    pub value: u64,
    /// False on Cloud, which only estimates.
    pub exact: bool,
}

#[derive(Deserialize)]
struct ParseAnswer {
    #[serde(default, deserialize_with = "or_default")]
    queries: Vec<ParsedQuery>,
}

#[derive(Deserialize)]
struct ParsedQuery {
    #[serde(default, deserialize_with = "or_default")]
    errors: Vec<String>,
}

#[derive(Deserialize)]
struct CountAnswer {
    count: u64,
}

impl Client {
    /// Checks a query without running it (Cloud: `POST /jql/parse`; Data Center has no such call:
    /// `POST /search` for no results). An empty query is valid here, though it finds everything.
    ///
    /// # Errors
    /// As every call; an invalid query is no error.
    pub async fn validate(&self, query: &str) -> Result<JqlCheck> {
        if query.trim().is_empty() {
            return Ok(JqlCheck {
                ok: true,
                errors: Vec::new(),
            });
        }
        if let Err(error) = jql::check_closed(query) {
            return Ok(JqlCheck {
                ok: false,
                errors: vec![error.to_string()],
            });
        }
        let outcome = match self.kind() {
            SiteKind::Cloud => self.parse_errors(query).await,
            SiteKind::DataCenter => self.data_center_count(query).await.map(|_| Vec::new()),
        };
        let errors = match outcome {
            Ok(errors) => errors,
            Err(Error::Rejected { said, .. }) => {
                let fields = said.fields.into_values();
                let mut errors: Vec<_> = said.messages.into_iter().chain(fields).collect();
                if errors.is_empty() {
                    errors.push("Jira refuses this query without saying why.".to_owned());
                }
                errors
            }
            Err(error) => return Err(error),
        };
        Ok(JqlCheck {
            ok: errors.is_empty(),
            errors,
        })
    }

    /// How many issues a query finds (Cloud: `POST /search/approximate-count`; Data Center: the
    /// total of `POST /search`).
    ///
    /// # Errors
    /// [`Error::Rejected`] when the query is not valid, on Cloud also when it has no condition.
    pub async fn count(&self, query: &str) -> Result<Count> {
        let condition = jql::strip_order_by(query);
        if self.kind() == SiteKind::DataCenter {
            let value = self.data_center_count(condition).await?;
            return Ok(Count { value, exact: true });
        }
        let endpoint = "POST /search/approximate-count";
        let path = self.platform("search/approximate-count");
        let body = json!({ "jql": condition });
        let call = Call::ask(CallKind::Search, endpoint, path, &body)?.absent(Absent::Endpoint);
        let answer = self.answer(&call).await?;
        let CountAnswer { count } = answer.decode(endpoint)?;
        self.believe(answer.proof, count == 0).await?;
        Ok(Count {
            value: count,
            exact: false,
        })
    }

    async fn parse_errors(&self, query: &str) -> Result<Vec<String>> {
        let endpoint = "POST /jql/parse";
        let path = self.platform("jql/parse");
        let body = json!({ "queries": [query] });
        let call = Call::ask(CallKind::Search, endpoint, path, &body)?
            .absent(Absent::Endpoint)
            .query(Query::new().with("validation", "strict"));
        let answer: ParseAnswer = self.json(call).await?;
        Ok(answer
            .queries
            .into_iter()
            .flat_map(|row| row.errors)
            .collect())
    }

    async fn data_center_count(&self, query: &str) -> Result<u64> {
        let request = SearchRequest {
            jql: query,
            start: 0,
            page_size: 0,
            fields: &["id"],
        };
        let answer: SearchAnswer<Value> = search(self, CallKind::Search, request).await?;
        Ok(answer.total as u64)
    }
}
