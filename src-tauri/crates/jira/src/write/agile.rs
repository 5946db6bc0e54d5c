//! Sprints and estimates. Sites without Jira Software have neither.

use crate::client::Client;
use crate::error::Error;
use crate::read::segment;
use http::Method;
use serde_json::json;

/// Issues that one request moves at most.
pub const MOVED_MAX: usize = 50;

impl Client {
    /// Moves issues into a sprint that is not closed, out of whichever open one they are in. Sub-tasks are not
    /// moved: they follow their parents. At most [`MOVED_MAX`].
    ///
    /// # Errors
    /// [`Error::Rejected`] if the sprint is closed; [`Error::Permission`]; [`Error::Gone`].
    pub async fn move_to_sprint(&self, sprint: &str, issues: &[&str]) -> Result<(), Error> {
        let path = format!("/rest/agile/1.0/sprint/{}/issue", segment(sprint));
        let body = json!({ "issues": issues });
        self.change(Method::POST, &path, Some(&body)).await?;
        Ok(())
    }

    /// Takes issues out of the open sprints that they are in. At most [`MOVED_MAX`].
    ///
    /// # Errors
    /// [`Error::Permission`]; [`Error::Gone`].
    pub async fn move_to_backlog(&self, issues: &[&str]) -> Result<(), Error> {
        let body = json!({ "issues": issues });
        let path = "/rest/agile/1.0/backlog/issue";
        self.change(Method::POST, path, Some(&body)).await?;
        Ok(())
    }

    /// Estimates an issue with the field that a board estimates by, whether that field is on a screen or not.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the board does not estimate by a field.
    pub async fn estimate(
        &self,
        issue: &str,
        board: &str,
        value: Option<f64>,
    ) -> Result<(), Error> {
        let path = format!("/rest/agile/1.0/issue/{}/estimation", segment(issue));
        let body = json!({ "value": value.map(|value| value.to_string()) });
        self.change_with(Method::PUT, &path, &[("boardId", board)], Some(&body))
            .await?;
        Ok(())
    }
}
