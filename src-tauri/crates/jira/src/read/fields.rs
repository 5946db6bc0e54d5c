//! Fields, priorities, statuses.

use super::optional;
use crate::client::{Absent, Call, Client, segment};
use crate::error::Result;
use crate::limits::CallKind;
use crate::model::{Field, IssueTypeStatuses, Priority};

impl Client {
    /// All fields of the site (`GET /field`).
    ///
    /// # Errors
    /// As every call.
    pub async fn fields(&self) -> Result<Vec<Field>> {
        let path = self.platform("field");
        self.list(Call::get(CallKind::Metadata, "GET /field", path))
            .await
    }

    /// All priorities of the site in their order (`GET /priority`). `None` when the site no longer
    /// lists them. What one project allows stands in its create metadata.
    ///
    /// # Errors
    /// As every call.
    pub async fn priorities(&self) -> Result<Option<Vec<Priority>>> {
        let path = self.platform("priority");
        let call = Call::get(CallKind::Metadata, "GET /priority", path);
        optional(self.list(call.absent(Absent::Endpoint)).await)
    }

    /// The statuses of each issue type of a project (`GET /project/{projectIdOrKey}/statuses`).
    ///
    /// # Errors
    /// [`crate::Error::Gone`] when the project does not exist or is out of reach.
    pub async fn statuses(&self, project: &str) -> Result<Vec<IssueTypeStatuses>> {
        let path = self.platform(&format!("project/{}/statuses", segment(project)));
        let endpoint = "GET /project/{projectIdOrKey}/statuses";
        let call = Call::get(CallKind::Metadata, endpoint, path);
        self.list(call.absent(Absent::Resource)).await
    }
}
