//! Boards and sprints. Sites without Jira Software have neither.

use super::{PAGES_MAX, Page, segment};
use crate::client::Client;
use crate::error::Error;
use crate::model::{Board, BoardConfiguration};
use crate::sprint::Sprint;
use serde_json::Value;

impl Client {
    /// The boards that mention a project; none where the site has no boards at all.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn boards(&self, project: &str) -> Result<Vec<Board>, Error> {
        let mut boards: Vec<Board> = Vec::new();
        for _ in 0..PAGES_MAX {
            let start = boards.len().to_string();
            let query = [
                ("projectKeyOrId", project),
                ("startAt", start.as_str()),
                ("maxResults", "50"),
            ];
            let page: Option<Page<Board>> =
                self.get_optional("/rest/agile/1.0/board", &query).await?;
            let Some(page) = page else { break };
            let (last, received) = (page.ends_at(boards.len()), page.values.len());
            boards.extend(page.values);
            if boards.is_empty() {
                // Whether boards name the caller beside their answers is not documented.
                self.myself().await?;
            }
            if last || received == 0 {
                break;
            }
        }
        Ok(boards)
    }

    /// What a board is configured to; none if it cannot be seen.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn board_configuration(
        &self,
        board: &str,
    ) -> Result<Option<BoardConfiguration>, Error> {
        let path = format!("/rest/agile/1.0/board/{}/configuration", segment(board));
        let found: Option<Value> = self.get_optional(&path, &[]).await?;
        Ok(found.map(|configuration| BoardConfiguration {
            estimation_field: configuration
                .pointer("/estimation/field/fieldId")
                .and_then(Value::as_str)
                .map(str::to_owned),
        }))
    }

    /// A sprint; none if it is not there, or may not be seen.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn sprint(&self, sprint: &str) -> Result<Option<Sprint>, Error> {
        let path = format!("/rest/agile/1.0/sprint/{}", segment(sprint));
        let found: Option<Value> = self.get_optional(&path, &[]).await?;
        Ok(found.as_ref().and_then(Sprint::from_value))
    }

    /// The sprints of a board, closed ones too, in its order; none for a board without sprints.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn sprints(&self, board: &str) -> Result<Option<Vec<Sprint>>, Error> {
        let path = format!("/rest/agile/1.0/board/{}/sprint", segment(board));
        let mut sprints = Vec::new();
        let mut read = 0;
        for _ in 0..PAGES_MAX {
            let start = read.to_string();
            let query = [
                ("state", "active,future,closed"),
                ("startAt", start.as_str()),
                ("maxResults", "50"),
            ];
            let page: Option<Page<Value>> = self.get_optional(&path, &query).await?;
            let Some(page) = page else { return Ok(None) };
            let (last, received) = (page.ends_at(read), page.values.len());
            read += received;
            sprints.extend(page.values.iter().filter_map(Sprint::from_value));
            if last || received == 0 {
                break;
            }
        }
        Ok(Some(sprints))
    }
}
