//! Boards and sprints. Sites without Jira Software have neither.

use super::{OffsetList, optional};
use crate::client::{Absent, Call, Client};
use crate::error::{Error, Result};
use crate::ids::{BoardId, SprintId};
use crate::limits::CallKind;
use crate::model::{Board, BoardConfiguration, Sprint};

const AGILE: &str = "/rest/agile/1.0";
const PAGE: usize = 50;

impl Client {
    /// The boards whose filter mentions the project (`GET /board?projectKeyOrId=`). `None` when
    /// the site has no boards at all, or the account no licence for them.
    ///
    /// # Errors
    /// As every call.
    pub async fn boards(&self, project: &str) -> Result<Option<Vec<Board>>> {
        let path = format!("{AGILE}/board");
        let boards = self
            .offset_list(OffsetList {
                kind: CallKind::Agile,
                endpoint: "GET /board",
                path: &path,
                page_size: PAGE,
                parameters: &[("projectKeyOrId", project)],
            })
            .await;
        let found = optional(boards)?;
        if found.as_ref().is_some_and(Vec::is_empty) {
            self.confirm_identity().await?;
        }
        Ok(found)
    }

    /// How a board is set up: its columns, its filter, its estimates
    /// (`GET /board/{boardId}/configuration`). `None` when it cannot be read.
    ///
    /// # Errors
    /// [`Error::Gone`] when the board does not exist or is out of reach.
    pub async fn board_configuration(&self, board: BoardId) -> Result<Option<BoardConfiguration>> {
        let endpoint = "GET /board/{boardId}/configuration";
        let path = format!("{AGILE}/board/{board}/configuration");
        optional(self.json(Call::get(CallKind::Agile, endpoint, path)).await)
    }

    /// The sprints of a board in the board's order (`GET /board/{boardId}/sprint`). `None` for a
    /// board without sprints (Kanban).
    ///
    /// # Errors
    /// [`Error::Gone`] when the board does not exist or is out of reach.
    pub async fn sprints(&self, board: BoardId) -> Result<Option<Vec<Sprint>>> {
        let path = format!("{AGILE}/board/{board}/sprint");
        let sprints = self
            .offset_list(OffsetList {
                kind: CallKind::Agile,
                endpoint: "GET /board/{boardId}/sprint",
                path: &path,
                page_size: PAGE,
                parameters: &[("state", "active,future,closed")],
            })
            .await;
        match sprints {
            // The one thing that can be wrong with this request is the board's type.
            Err(Error::Rejected { .. }) => Ok(None),
            other => optional(other),
        }
    }

    /// One sprint (`GET /sprint/{sprintId}`).
    ///
    /// # Errors
    /// [`Error::Gone`] when it does not exist or is out of reach.
    pub async fn sprint(&self, sprint: SprintId) -> Result<Sprint> {
        let path = format!("{AGILE}/sprint/{sprint}");
        let call = Call::get(CallKind::Agile, "GET /sprint/{sprintId}", path);
        self.json(call.absent(Absent::Resource)).await
    }
}
