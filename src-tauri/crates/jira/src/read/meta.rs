//! What can be set when creating and editing, whichever way the site tells it.

use super::OffsetList;
use crate::client::{Absent, Call, Client, Query, segment};
use crate::error::{Error, Result, Said};
use crate::ids::IssueTypeId;
use crate::limits::CallKind;
use crate::model::{CreateMeta, EditMeta, FieldMeta, IssueType, OldCreateMeta};

const PAGE: usize = 50;

impl Client {
    /// The fields for creating an issue of a type in a project
    /// (`GET /issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}`, all pages; Servers
    /// before 8.4: `GET /issue/createmeta`).
    ///
    /// # Errors
    /// [`Error::Gone`] when the project or the type does not exist, or the account may not create
    /// issues there.
    pub async fn create_meta(&self, project: &str, issue_type: &IssueTypeId) -> Result<CreateMeta> {
        if !self.has_old_create_meta() {
            let path = self.platform(&format!(
                "issue/createmeta/{}/issuetypes/{}",
                segment(project),
                segment(issue_type.as_str())
            ));
            let fields: Result<Vec<FieldMeta>> = self
                .offset_list(OffsetList {
                    kind: CallKind::Metadata,
                    endpoint: "GET /issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}",
                    path: &path,
                    page_size: PAGE,
                    parameters: &[],
                })
                .await;
            match fields {
                Ok(fields) => return Ok(CreateMeta { fields }),
                Err(Error::Unsupported { .. }) => {}
                Err(error) => return Err(gone_if_rejected(error)),
            }
        }
        let old = self.old_create_meta(project, Some(issue_type)).await?;
        old.into_type(issue_type).ok_or(Error::Gone {
            said: Said::default(),
        })
    }

    /// The issue types that the account may create in a project
    /// (`GET /issue/createmeta/{projectIdOrKey}/issuetypes`, all pages, or the old way).
    ///
    /// # Errors
    /// [`Error::Gone`] when the project does not exist or is out of reach.
    pub async fn creatable_issue_types(&self, project: &str) -> Result<Vec<IssueType>> {
        if !self.has_old_create_meta() {
            let path = self.platform(&format!("issue/createmeta/{}/issuetypes", segment(project)));
            let types = self
                .offset_list(OffsetList {
                    kind: CallKind::Metadata,
                    endpoint: "GET /issue/createmeta/{projectIdOrKey}/issuetypes",
                    path: &path,
                    page_size: PAGE,
                    parameters: &[],
                })
                .await;
            match types {
                Ok(types) => return Ok(types),
                Err(Error::Unsupported { .. }) => {}
                Err(error) => return Err(gone_if_rejected(error)),
            }
        }
        let old = self.old_create_meta(project, None).await?;
        Ok(old.into_types().into_iter().map(|(row, _)| row).collect())
    }

    /// The fields of an issue that can be edited now (`GET /issue/{issueIdOrKey}/editmeta`).
    ///
    /// # Errors
    /// [`Error::Gone`] when the issue does not exist or is out of reach.
    pub async fn edit_meta(&self, issue: &str) -> Result<EditMeta> {
        let path = self.platform(&format!("issue/{}/editmeta", segment(issue)));
        let endpoint = "GET /issue/{issueIdOrKey}/editmeta";
        let call = Call::get(CallKind::Metadata, endpoint, path);
        self.json(call.absent(Absent::Resource)).await
    }

    /// The create metadata of Servers before 8.4, for one project.
    pub(super) async fn old_create_meta(
        &self,
        project: &str,
        issue_type: Option<&IssueTypeId>,
    ) -> Result<OldCreateMeta> {
        let by_id = !project.is_empty() && project.bytes().all(|byte| byte.is_ascii_digit());
        let query = Query::new()
            .with(if by_id { "projectIds" } else { "projectKeys" }, project)
            .with_some("issuetypeIds", issue_type.map(IssueTypeId::as_str))
            .with("expand", "projects.issuetypes.fields");
        let path = self.platform("issue/createmeta");
        let call = Call::get(CallKind::Metadata, "GET /issue/createmeta", path);
        let found = self
            .json(call.absent(Absent::Endpoint).query(query))
            .await?;
        self.remember_old_create_meta();
        Ok(found)
    }
}

/// Newer sites answer `400` for a project or type that is not there.
fn gone_if_rejected(error: Error) -> Error {
    match error {
        Error::Rejected { said, .. } => Error::Gone { said },
        other => other,
    }
}
