//! Projects, their versions and components.

use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};

use crate::client::{Absent, Call, Client, Proof, page_of, segment};
use crate::error::{Error, Result};
use crate::limits::CallKind;
use crate::model::{Component, Page, Project, ProjectVersion};
use crate::site::SiteKind;

const PAGE: usize = 100;

/// Which projects.
#[derive(Clone, Debug, Default)]
pub struct ProjectQuery {
    /// Part of the name or key; any case.
    pub text: Option<String>,
    /// Only this type (`software`).
    pub type_key: Option<String>,
}

impl ProjectQuery {
    fn fits(&self, project: &Project) -> bool {
        let part = self
            .text
            .as_deref()
            .unwrap_or_default()
            .trim()
            .to_lowercase();
        let named = project.name.to_lowercase().contains(&part)
            || project.key.to_lowercase().contains(&part);
        let typed = match (&self.type_key, &project.project_type_key) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        };
        named && typed
    }
}

impl Client {
    /// The projects that the account can see, page by page: the first is there at once even on a
    /// site with thousands.
    ///
    /// Cloud: `GET /project/search`. Data Center has no pages: `GET /project`, filtered here.
    pub fn projects(&self, query: ProjectQuery) -> BoxStream<'static, Result<Vec<Project>>> {
        let client = self.clone();
        if self.kind() == SiteKind::DataCenter {
            return stream::once(async move { client.plain_projects(&query).await }).boxed();
        }
        stream::try_unfold(Some(0), move |start| {
            let (client, query) = (client.clone(), query.clone());
            async move {
                let Some(start) = start else { return Ok(None) };
                let (rows, more, _) = client.project_page(&query, start).await?;
                let next = more.then_some(start + rows.len());
                Ok(Some((rows, next)))
            }
        })
        .boxed()
    }

    /// All projects that the account can see. Later pages are read side by side.
    ///
    /// # Errors
    /// [`Error::Auth`] when there are none because the site does not know the caller.
    pub async fn projects_all(&self) -> Result<Vec<Project>> {
        let query = ProjectQuery::default();
        if self.kind() == SiteKind::DataCenter {
            return self.plain_projects(&query).await;
        }
        let (mut rows, more, total) = match self.project_page(&query, 0).await {
            Err(Error::Unsupported { .. }) => return self.plain_projects(&query).await,
            page => page?,
        };
        if !more {
            return Ok(rows);
        }
        match total {
            Some(total) => {
                let step = rows.len();
                let starts: Vec<_> = (step..total).step_by(step).collect();
                let pages: Vec<_> = stream::iter(starts)
                    .map(|start| {
                        let query = &query;
                        async move { self.projects_between(query, start, start + step).await }
                    })
                    .buffered(8)
                    .try_collect()
                    .await?;
                rows.extend(pages.into_iter().flatten());
            }
            None => rows.extend(
                self.projects_between(&query, rows.len(), usize::MAX)
                    .await?,
            ),
        }
        // Offset pages of a list that changes meanwhile repeat rows.
        let mut seen = std::collections::BTreeSet::new();
        rows.retain(|project| seen.insert(project.id.clone()));
        Ok(rows)
    }

    /// One project with its issue types, by key or id (`GET /project/{projectIdOrKey}`).
    ///
    /// # Errors
    /// [`Error::Gone`] when it does not exist or is out of reach.
    pub async fn project(&self, key_or_id: &str) -> Result<Project> {
        let path = self.platform(&format!("project/{}", segment(key_or_id)));
        let call = Call::get(CallKind::Metadata, "GET /project/{projectIdOrKey}", path);
        self.json(call.absent(Absent::Resource)).await
    }

    /// The versions of a project (`GET /project/{projectIdOrKey}/versions`).
    ///
    /// # Errors
    /// [`Error::Gone`] when the project does not exist or is out of reach.
    pub async fn versions(&self, project: &str) -> Result<Vec<ProjectVersion>> {
        let path = self.platform(&format!("project/{}/versions", segment(project)));
        let endpoint = "GET /project/{projectIdOrKey}/versions";
        let call = Call::get(CallKind::Metadata, endpoint, path);
        self.list(call.absent(Absent::Resource)).await
    }

    /// The components of a project (`GET /project/{projectIdOrKey}/components`).
    ///
    /// # Errors
    /// [`Error::Gone`] when the project does not exist or is out of reach.
    pub async fn components(&self, project: &str) -> Result<Vec<Component>> {
        let path = self.platform(&format!("project/{}/components", segment(project)));
        let endpoint = "GET /project/{projectIdOrKey}/components";
        let call = Call::get(CallKind::Metadata, endpoint, path);
        self.list(call.absent(Absent::Resource)).await
    }

    async fn projects_between(
        &self,
        query: &ProjectQuery,
        start: usize,
        end: usize,
    ) -> Result<Vec<Project>> {
        let mut rows = Vec::new();
        while start + rows.len() < end {
            let (page, more, _) = self.project_page(query, start + rows.len()).await?;
            rows.extend(page);
            if !more {
                break;
            }
        }
        Ok(rows)
    }

    async fn project_page(
        &self,
        query: &ProjectQuery,
        start: usize,
    ) -> Result<(Vec<Project>, bool, Option<usize>)> {
        let text = query
            .text
            .as_deref()
            .map(str::trim)
            .filter(|t| !t.is_empty());
        let parameters = page_of(start, PAGE)
            .with("orderBy", "key")
            .with("action", "browse")
            .with_some("query", text)
            .with_some("typeKey", query.type_key.as_deref());
        let endpoint = "GET /project/search";
        let call = Call::get(
            CallKind::Metadata,
            endpoint,
            self.platform("project/search"),
        )
        .absent(Absent::Endpoint)
        .query(parameters);
        let answer = self.answer(&call).await?;
        let page: Page<Project> = answer.decode(endpoint)?;
        let (end, total) = (page.end(), page.total());
        let rows = page.into_rows();
        if rows.is_empty() && start == 0 {
            self.confirm_nothing(answer.proof).await?;
        }
        let more = end.more_after(start, rows.len());
        Ok((rows, more, total))
    }

    async fn plain_projects(&self, query: &ProjectQuery) -> Result<Vec<Project>> {
        let endpoint = "GET /project";
        let call = Call::get(CallKind::Metadata, endpoint, self.platform("project"));
        let answer = self.answer(&call).await?;
        let mut rows: Vec<Project> = answer.decode(endpoint)?;
        if rows.is_empty() || answer.proof == Proof::Unnamed {
            // Without signing in the list is not empty but short: the public projects.
            self.confirm_identity().await?;
        }
        rows.retain(|project| query.fits(project));
        Ok(rows)
    }
}
