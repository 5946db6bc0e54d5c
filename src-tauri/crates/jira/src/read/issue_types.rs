//! Issue types and the level each one stands on.

use futures::stream::{self, StreamExt, TryStreamExt};

use super::optional;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::model::{CreateMeta, FieldKind, IssueType, LevelEvidence};
use crate::site::SiteKind;

impl Client {
    /// The issue types of a project with their levels.
    ///
    /// Cloud tells the level. Data Center does not, so it is read off the fields that each type
    /// carries when an issue is created; types whose fields the account may not see have none.
    ///
    /// # Errors
    /// [`Error::Gone`] when the project does not exist or is out of reach.
    pub async fn issue_types(&self, project: &str) -> Result<Vec<IssueType>> {
        let mut types = self.project(project).await?.issue_types;
        if types.is_empty() {
            types = optional(self.creatable_issue_types(project).await)?.unwrap_or_default();
        }
        if types.iter().all(|row| row.level.is_some()) {
            for row in &mut types {
                row.evidence = LevelEvidence::HierarchyLevel;
            }
            return Ok(types);
        }
        if self.kind() == SiteKind::Cloud {
            for row in types.iter_mut().filter(|row| row.level.is_none()) {
                (row.level, row.evidence) = level_of(row.subtask, None);
            }
            return Ok(types);
        }
        stream::iter(types)
            .map(|mut row| async move {
                let meta = if row.subtask {
                    None
                } else {
                    self.meta_if_visible(project, &row).await?
                };
                (row.level, row.evidence) = level_of(row.subtask, meta.as_ref());
                Ok(row)
            })
            .buffered(4)
            .try_collect()
            .await
    }

    async fn meta_if_visible(&self, project: &str, row: &IssueType) -> Result<Option<CreateMeta>> {
        match self.create_meta(project, &row.id).await {
            Ok(meta) if meta.fields.is_empty() => Ok(None),
            Err(Error::Gone { .. }) => Ok(None),
            other => optional(other),
        }
    }
}

fn level_of(subtask: bool, meta: Option<&CreateMeta>) -> (Option<i32>, LevelEvidence) {
    if subtask {
        return (Some(-1), LevelEvidence::SubtaskFlag);
    }
    let Some(meta) = meta else {
        return (None, LevelEvidence::Unknown);
    };
    let has = |kind| meta.find(kind).is_some();
    if has(FieldKind::EpicName) {
        (Some(1), LevelEvidence::EpicNameField)
    } else if has(FieldKind::EpicLink) {
        (Some(0), LevelEvidence::EpicLinkField)
    } else if has(FieldKind::ParentLink) {
        (Some(2), LevelEvidence::ParentLinkField)
    } else {
        (Some(0), LevelEvidence::Assumed)
    }
}
