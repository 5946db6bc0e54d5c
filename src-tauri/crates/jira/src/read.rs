//! Reading what a site has: identity, projects, boards, types, fields, statuses.

mod agile;
mod meta;
mod people;

use crate::client::Client;
use crate::error::{AuthReason, Error};
use crate::model::{
    Account, FieldInfo, FieldSchema, IssueType, Myself, Named, Permission, Project, ServerInfo,
    SiteInfo, Status, id_text,
};
use crate::site::{SiteKind, SiteUrl};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Pages asked for at most of one list: far beyond any real one, so that an endpoint that never says
/// "last" cannot keep us for ever.
const PAGES_MAX: usize = 1000;

/// A page by offset, in the shapes of all endpoints that have one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    #[serde(default = "Vec::new", alias = "issueTypes", alias = "fields")]
    values: Vec<T>,
    is_last: Option<bool>,
    total: Option<u64>,
}

impl<T> Page<T> {
    /// Whether the list ends with this page, which begins behind `start` rows. A short page alone is no
    /// end.
    fn ends_at(&self, start: usize) -> bool {
        let read = (start + self.values.len()) as u64;
        self.is_last == Some(true)
            || (self.is_last.is_none() && self.total.is_none_or(|total| read >= total))
    }
}

impl Client {
    /// What the site says about itself; works without credentials on most sites.
    ///
    /// # Errors
    /// [`Error::NotJira`] if something else answers.
    pub async fn server_info(&self) -> Result<SiteInfo, Error> {
        let info: ServerInfo = self.get("/rest/api/2/serverInfo", &[]).await?;
        if info.version.is_none() && info.deployment_type.is_none() {
            return Err(Error::NotJira);
        }
        // Very old Servers do not say what they are.
        let named_cloud = SiteUrl::parse(self.base()).is_some_and(|site| site.is_cloud_name());
        let kind = match info.deployment_type.as_deref() {
            Some("Cloud") => SiteKind::Cloud,
            None if named_cloud => SiteKind::Cloud,
            _ => SiteKind::DataCenter,
        };
        Ok(SiteInfo {
            kind,
            display_url: info.display_url.or(info.base_url),
            version: info.version,
            version_numbers: if kind == SiteKind::Cloud {
                Vec::new()
            } else {
                info.version_numbers
            },
            title: info.server_title,
        })
    }

    /// Who we are. After this succeeded, a later refusal counts as an expired token.
    ///
    /// # Errors
    /// [`Error::Auth`] above all.
    pub async fn myself(&self) -> Result<Account, Error> {
        let myself: Myself = self.get(&self.api("/myself"), &[]).await?;
        let id = myself
            .account_id
            .or(myself.key)
            .or_else(|| myself.name.clone());
        let id = id.ok_or(Error::Auth(AuthReason::Anonymous))?;
        self.set_verified();
        Ok(Account {
            name: myself
                .display_name
                .or(myself.name)
                .unwrap_or_else(|| id.clone()),
            time_zone: myself.time_zone.unwrap_or_else(|| "UTC".to_owned()),
            id,
        })
    }

    /// Which of some permissions we have, in a project if one is given.
    ///
    /// # Errors
    /// [`Error::Rejected`] if Cloud does not know one of the keys.
    pub async fn permissions(
        &self,
        keys: &[&str],
        project: Option<&str>,
    ) -> Result<Vec<Permission>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            permissions: Map<String, Value>,
        }
        let joined = keys.join(",");
        let mut query = vec![("permissions", joined.as_str())];
        query.extend(project.map(|key| ("projectKey", key)));
        let answer: Answer = self.get(&self.api("/mypermissions"), &query).await?;
        Ok(keys
            .iter()
            .filter_map(|key| {
                // Data Center says nothing of permissions that it does not know.
                let have = answer
                    .permissions
                    .get(*key)?
                    .get("havePermission")?
                    .as_bool()?;
                Some(Permission {
                    key: (*key).to_owned(),
                    have,
                })
            })
            .collect())
    }

    /// Projects whose key or name holds `query`, at most `limit`, and how many there are in all.
    ///
    /// # Errors
    /// [`Error::Auth`] with [`AuthReason::Anonymous`] where an empty list is no proof of anything.
    pub async fn projects(&self, query: &str, limit: usize) -> Result<(Vec<Project>, u64), Error> {
        let (found, total) = match self.kind() {
            SiteKind::Cloud => self.cloud_projects(query, limit).await?,
            SiteKind::DataCenter => {
                let mut all: Vec<Project> = self.get(&self.api("/project"), &[]).await?;
                self.believe(false, all.is_empty()).await?;
                let wanted = query.trim().to_lowercase();
                all.retain(|project| {
                    project.name.to_lowercase().contains(&wanted)
                        || project.key.to_lowercase().contains(&wanted)
                });
                let total = all.len() as u64;
                all.truncate(limit);
                (all, total)
            }
        };
        Ok((found, total))
    }

    async fn cloud_projects(
        &self,
        query: &str,
        limit: usize,
    ) -> Result<(Vec<Project>, u64), Error> {
        let mut found: Vec<Project> = Vec::new();
        let mut total = 0;
        for _ in 0..PAGES_MAX {
            let start = found.len().to_string();
            let size = limit.saturating_sub(found.len()).clamp(1, 100).to_string();
            let mut words = vec![
                ("startAt", start.as_str()),
                ("maxResults", &size),
                ("orderBy", "key"),
            ];
            if !query.trim().is_empty() {
                words.push(("query", query.trim()));
            }
            let (page, identified): (Page<Project>, bool) =
                self.get_named(&self.api("/project/search"), &words).await?;
            total = page.total.unwrap_or(total);
            let empty = page.values.is_empty();
            self.believe(identified, empty && found.is_empty()).await?;
            found.extend(page.values);
            if empty || page.is_last == Some(true) || found.len() >= limit {
                break;
            }
        }
        found.truncate(limit);
        let total = total.max(found.len() as u64);
        Ok((found, total))
    }

    /// A project by key or id; none if it is not there or may not be seen.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn project(&self, key: &str) -> Result<Option<Project>, Error> {
        match self
            .get(&self.api(&format!("/project/{}", segment(key))), &[])
            .await
        {
            Ok(project) => Ok(Some(project)),
            Err(Error::Gone) => {
                // A 404 counts only from somebody whom Jira knows.
                self.myself().await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The types of issue of a project, in Jira's order.
    ///
    /// # Errors
    /// [`Error::Gone`] if the project is not there.
    pub async fn issue_types(&self, project: &str) -> Result<Vec<IssueType>, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Row {
            #[serde(deserialize_with = "id_text")]
            id: String,
            name: String,
            #[serde(default)]
            subtask: bool,
            hierarchy_level: Option<i8>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Whole {
            issue_types: Vec<Row>,
        }
        let path = self.api(&format!("/project/{}", segment(project)));
        let whole: Whole = self.get(&path, &[]).await?;
        Ok(whole
            .issue_types
            .into_iter()
            .map(|row| IssueType {
                id: row.id,
                name: row.name,
                subtask: row.subtask,
                hierarchy_level: row.hierarchy_level,
            })
            .collect())
    }

    /// Every field of the site.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn fields(&self) -> Result<Vec<FieldInfo>, Error> {
        let rows: Vec<Value> = self.get(&self.api("/field"), &[]).await?;
        Ok(rows.iter().filter_map(field_info).collect())
    }

    /// The site's priorities, highest first; empty where it does not tell.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn priorities(&self) -> Result<Vec<Named>, Error> {
        Ok(self
            .get_optional(&self.api("/priority"), &[])
            .await?
            .unwrap_or_default())
    }

    /// The statuses of a project's workflows, each once; empty where the site does not tell.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn statuses(&self, project: &str) -> Result<Vec<Status>, Error> {
        let path = self.api(&format!("/project/{}/statuses", segment(project)));
        let types: Option<Vec<Value>> = self.get_optional(&path, &[]).await?;
        let mut statuses: Vec<Status> = Vec::new();
        for row in types
            .iter()
            .flatten()
            .filter_map(|row| row.get("statuses")?.as_array())
            .flatten()
        {
            if let Some(status) = status(row)
                && !statuses.iter().any(|known| known.id == status.id)
            {
                statuses.push(status);
            }
        }
        Ok(statuses)
    }

    /// Versions of a project.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn versions(&self, project: &str) -> Result<Vec<Named>, Error> {
        let path = self.api(&format!("/project/{}/versions", segment(project)));
        Ok(self.get_optional(&path, &[]).await?.unwrap_or_default())
    }

    /// Components of a project.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn components(&self, project: &str) -> Result<Vec<Named>, Error> {
        let path = self.api(&format!("/project/{}/components", segment(project)));
        Ok(self.get_optional(&path, &[]).await?.unwrap_or_default())
    }

    /// The id of a Cloud site, which the gateway for scoped tokens goes by. Needs no credentials.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn cloud_id(&self) -> Result<Option<String>, Error> {
        let found: Option<Value> = self.get_optional("/_edge/tenant_info", &[]).await?;
        Ok(found.and_then(|info| info.get("cloudId")?.as_str().map(str::to_owned)))
    }
}

/// A status among an issue's fields or in a list.
#[must_use]
pub fn status(row: &Value) -> Option<Status> {
    let text = |path: &str| row.pointer(path).and_then(Value::as_str).map(str::to_owned);
    Some(Status {
        id: text("/id")?,
        name: text("/name").unwrap_or_default(),
        category: text("/statusCategory/key").unwrap_or_else(|| "undefined".to_owned()),
    })
}

fn field_info(row: &Value) -> Option<FieldInfo> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let id = text("id").or_else(|| text("key"))?;
    let project = row.pointer("/scope/project/id").map(|id| match id {
        Value::String(id) => id.clone(),
        other => other.to_string(),
    });
    Some(FieldInfo {
        name: text("name").unwrap_or_else(|| id.clone()),
        schema: schema(row),
        id,
        project,
    })
}

fn schema(row: &Value) -> FieldSchema {
    row.get("schema")
        .and_then(|schema| FieldSchema::deserialize(schema).ok())
        .unwrap_or_default()
}

/// A name as one part of a path.
pub(crate) fn segment(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}
