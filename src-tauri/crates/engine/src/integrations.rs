//! Project integrations: which project of a connection is kept in step.

use crate::error::EngineError;
use crate::sites::same_site;
use crate::{Engine, Topic, checked_name};
use jiff::Timestamp;
use store::integration::{Board, Integration, IntegrationData};
use store::link::SeverReason;
use store::run::RunState;
use store::{ConnectionId, IntegrationId, Read, StoreError};

/// What an integration is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegrationDraft {
    /// Connection.
    pub connection: ConnectionId,
    /// Project key.
    pub project_key: String,
    /// Board id.
    pub board_id: Option<String>,
    /// Name, unique.
    pub name: String,
}

/// An integration with what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegrationView {
    /// The integration.
    pub integration: Integration,
    /// Its connection.
    pub connection: store::connection::Connection,
    /// Whether types were saved.
    pub types_saved: bool,
    /// Whether fields were saved.
    pub fields_saved: bool,
    /// Jira's statuses that stand for one of the workspace's; 0 until statuses were saved.
    pub statuses_mapped: u32,
    /// Items that are linked through it.
    pub linked: u64,
    /// Items that were linked to its project's issues through an integration that was removed: they can be linked again.
    pub offered: u64,
    /// When an import of it last ended well.
    pub imported_at: Option<Timestamp>,
}

/// A project as the picker shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectView {
    /// The project.
    pub project: jira::Project,
    /// Integrations that it has.
    pub integrations: u32,
}

impl Engine {
    /// Projects of a connection whose key or name holds `query`, and how many there are in all.
    ///
    /// # Errors
    /// [`EngineError::NoProjects`] if the account sees none at all, or what Jira says.
    pub async fn projects(
        &self,
        id: ConnectionId,
        query: &str,
        limit: u32,
    ) -> Result<(Vec<ProjectView>, u64), EngineError> {
        let client = self.client(id).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let (projects, total) = match client.projects(query, limit).await {
            Ok(found) => found,
            Err(error) => return Err(self.note(id, error.into()).await),
        };
        if projects.is_empty() && query.trim().is_empty() {
            return Err(EngineError::NoProjects);
        }
        let known = self.inner.store.read(store::integration::list).await?;
        let views = projects
            .into_iter()
            .map(|project| {
                let same = |found: &&Integration| {
                    found.data.connection == id && found.data.project_id == project.id
                };
                let integrations = known.iter().filter(same).count();
                ProjectView {
                    integrations: u32::try_from(integrations).unwrap_or(u32::MAX),
                    project,
                }
            })
            .collect();
        Ok((views, total))
    }

    /// Boards of a project.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn boards(
        &self,
        id: ConnectionId,
        project_key: &str,
    ) -> Result<Vec<jira::Board>, EngineError> {
        let client = self.client(id).await?;
        match client.boards(project_key).await {
            Ok(boards) => Ok(boards),
            Err(error) => Err(self.note(id, error.into()).await),
        }
    }

    /// Adds a project.
    ///
    /// # Errors
    /// [`EngineError::ProjectGone`], [`EngineError::ProjectTaken`], [`EngineError::NameTaken`],
    /// [`EngineError::NotFound`] for a board.
    pub async fn create_integration(
        &self,
        draft: &IntegrationDraft,
    ) -> Result<IntegrationView, EngineError> {
        let name = checked_name(&draft.name)?;
        self.integration_name_free(&name, None).await?;
        let client = self.client(draft.connection).await?;
        let project = match client.project(&draft.project_key).await {
            Ok(Some(project)) => project,
            Ok(None) => return Err(EngineError::ProjectGone(draft.project_key.clone())),
            Err(error) => return Err(self.note(draft.connection, error.into()).await),
        };
        let board = match &draft.board_id {
            None => None,
            Some(id) => {
                let boards = self.boards(draft.connection, &project.key).await?;
                let found = boards.into_iter().find(|board| board.id == *id);
                let found = found.ok_or(EngineError::NotFound("board"))?;
                Some(Board {
                    id: found.id,
                    name: found.name,
                })
            }
        };
        let data = IntegrationData {
            connection: draft.connection,
            name,
            project_id: project.id,
            project_key: project.key,
            project_name: project.name,
            board,
            jql: String::new(),
            include_closed: false,
            area: None,
        };
        let now = self.now();
        let id = self
            .inner
            .store
            .write(move |tx| {
                if let Some(error) = taken(tx, &data)? {
                    return Ok(Err(error));
                }
                let id = store::integration::create(tx, &data, now)?;
                // What an integration that is gone remembers of the project waits here for somebody to look at it.
                store::leaving::offer(tx, id)?;
                Ok(Ok(id))
            })
            .await??;
        self.tell(&[Topic::Integrations, Topic::Sync, Topic::App]);
        self.integration(id).await
    }

    /// Refuses a project that only has the key of the one that was added, which was deleted; follows one that
    /// has another key or name now. One that is gone is told by whatever comes next.
    ///
    /// # Errors
    /// [`EngineError::ProjectReplaced`], or what Jira says.
    pub(crate) async fn same_project(&self, id: IntegrationId) -> Result<(), EngineError> {
        let data = self.integration(id).await?.integration.data;
        let client = self.client(data.connection).await?;
        match client.project(&data.project_key).await {
            Ok(Some(found)) if found.id != data.project_id => {
                Err(EngineError::ProjectReplaced(data.project_key))
            }
            Ok(Some(found)) => self.follow_project(id, found).await,
            Ok(None) => Ok(()),
            Err(error) => Err(self.note(data.connection, error.into()).await),
        }
    }

    /// Takes over the key and the name that a project has now: they are labels, and Jira finds a project by
    /// each key that it ever had.
    async fn follow_project(
        &self,
        id: IntegrationId,
        project: jira::Project,
    ) -> Result<(), EngineError> {
        let now = self.now();
        let followed = self
            .inner
            .store
            .write(move |tx| {
                let Some(found) = store::integration::get(tx, id)? else {
                    return Ok(false);
                };
                let mut data = found.data;
                if (&data.project_key, &data.project_name) == (&project.key, &project.name) {
                    return Ok(false);
                }
                (data.project_key, data.project_name) = (project.key, project.name);
                store::integration::update(tx, id, &data, now)?;
                Ok(true)
            })
            .await?;
        if followed {
            self.tell(&[Topic::Integrations]);
        }
        Ok(())
    }

    /// Every integration, by name.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn integrations(&self) -> Result<Vec<IntegrationView>, EngineError> {
        let all = self.inner.store.read(store::integration::list).await?;
        let mut views = Vec::with_capacity(all.len());
        for integration in all {
            views.push(self.integration(integration.id).await?);
        }
        Ok(views)
    }

    /// One integration.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn integration(&self, id: IntegrationId) -> Result<IntegrationView, EngineError> {
        let view = self
            .inner
            .store
            .read(move |read| {
                let Some(integration) = store::integration::get(read, id)? else {
                    return Ok(None);
                };
                let connection = store::connection::get(read, integration.data.connection)?;
                let Some(connection) = connection else {
                    return Ok(None);
                };
                let (mapping, _) = store::mapping::load(read, id)?;
                let done = |run: &store::run::Run| run.state == RunState::Done;
                let runs = store::run::of_integration(read, id)?;
                Ok(Some(IntegrationView {
                    types_saved: !mapping.types.is_empty(),
                    fields_saved: !mapping.fields.is_empty(),
                    statuses_mapped: u32::try_from(mapping.statuses.len()).unwrap_or(u32::MAX),
                    linked: store::link::count_of_integration(read, id)?,
                    offered: store::disconnected::count_of(
                        read,
                        id,
                        SeverReason::ConnectionRemoved,
                    )?,
                    imported_at: runs
                        .iter()
                        .find(|run| done(run))
                        .and_then(|run| run.ended_at),
                    integration,
                    connection,
                }))
            })
            .await?;
        view.ok_or(EngineError::NotFound("integration"))
    }

    /// Gives an integration another name.
    ///
    /// # Errors
    /// [`EngineError::NameTaken`], [`EngineError::NameInvalid`], [`EngineError::NotFound`].
    pub async fn rename_integration(
        &self,
        id: IntegrationId,
        name: &str,
    ) -> Result<IntegrationView, EngineError> {
        let name = checked_name(name)?;
        self.integration_name_free(&name, Some(id)).await?;
        self.change_integration(id, move |data| data.name = name)
            .await
    }

    pub(crate) async fn change_integration(
        &self,
        id: IntegrationId,
        change: impl FnOnce(&mut IntegrationData) + Send,
    ) -> Result<IntegrationView, EngineError> {
        let mut data = self.integration(id).await?.integration.data;
        change(&mut data);
        let now = self.now();
        self.inner
            .store
            .write(move |tx| store::integration::update(tx, id, &data, now))
            .await?;
        self.tell(&[Topic::Integrations]);
        self.integration(id).await
    }

    async fn integration_name_free(
        &self,
        name: &str,
        but: Option<IntegrationId>,
    ) -> Result<(), EngineError> {
        let wanted = name.to_owned();
        let found = self
            .inner
            .store
            .read(move |read| store::integration::by_name(read, &wanted))
            .await?;
        match found {
            Some(found) if Some(found.id) != but => Err(EngineError::NameTaken(name.to_owned())),
            _ => Ok(()),
        }
    }
}

/// Who keeps the project in step through another connection to the same site.
fn taken(read: &Read<'_>, data: &IntegrationData) -> Result<Option<EngineError>, StoreError> {
    let connections = store::connection::list(read)?;
    let of = |id| connections.iter().find(|connection| connection.id == id);
    let Some(own) = of(data.connection) else {
        return Ok(Some(EngineError::NotFound("connection")));
    };
    let all = store::integration::list(read)?;
    Ok(all.into_iter().find_map(|found| {
        let other = of(found.data.connection)?;
        let is_taken = other.id != own.id
            && found.data.project_id == data.project_id
            && same_site(&own.data, &other.data);
        is_taken.then(|| EngineError::ProjectTaken {
            connection: other.data.name.clone(),
            integration: found.data.name,
        })
    }))
}

#[cfg(test)]
mod tests;
