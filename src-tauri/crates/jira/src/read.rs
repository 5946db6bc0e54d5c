//! Reading what a site has: identity, projects, boards, types, fields, statuses.

use crate::client::Client;
use crate::error::{AuthReason, Error};
use crate::model::{
    Account, Board, BoardConfiguration, CreateField, FieldInfo, FieldSchema, IssueType, Myself,
    Named, Permission, Project, ServerInfo, SiteInfo, Status, id_text,
};
use crate::site::SiteKind;
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
        let kind = match info.deployment_type.as_deref() {
            Some("Cloud") => SiteKind::Cloud,
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
        if found.is_empty() {
            self.myself().await?;
        }
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
            let page: Page<Project> = self.get(&self.api("/project/search"), &words).await?;
            total = page.total.unwrap_or(total);
            let empty = page.values.is_empty();
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

    /// The boards that mention a project; none where the site has no boards at all.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn boards(&self, project: &str) -> Result<Vec<Board>, Error> {
        let mut boards = Vec::new();
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
            let empty = page.values.is_empty();
            boards.extend(page.values);
            if empty
                || page.is_last == Some(true)
                || page.total.is_some_and(|total| boards.len() as u64 >= total)
            {
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

    /// The fields on the create screen of a type; none where the site does not tell.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn create_fields(
        &self,
        project: &str,
        type_id: &str,
    ) -> Result<Option<Vec<CreateField>>, Error> {
        let path = self.api(&format!(
            "/issue/createmeta/{}/issuetypes/{}",
            segment(project),
            segment(type_id)
        ));
        let mut fields: Vec<CreateField> = Vec::new();
        for _ in 0..PAGES_MAX {
            let start = fields.len().to_string();
            let query = [("startAt", start.as_str()), ("maxResults", "50")];
            let page: Option<Page<Value>> = self.get_optional(&path, &query).await?;
            let Some(page) = page else {
                return self.old_create_fields(project, type_id).await;
            };
            let empty = page.values.is_empty();
            fields.extend(page.values.iter().filter_map(|row| create_field(row, None)));
            if empty
                || page.is_last == Some(true)
                || page.total.is_some_and(|total| fields.len() as u64 >= total)
            {
                break;
            }
        }
        Ok(Some(fields))
    }

    /// As Servers before 8.4 tell it: everything in one answer, fields as a map.
    async fn old_create_fields(
        &self,
        project: &str,
        type_id: &str,
    ) -> Result<Option<Vec<CreateField>>, Error> {
        let query = [
            ("projectKeys", project),
            ("issuetypeIds", type_id),
            ("expand", "projects.issuetypes.fields"),
        ];
        let whole: Option<Value> = self
            .get_optional(&self.api("/issue/createmeta"), &query)
            .await?;
        let fields = whole
            .as_ref()
            .and_then(|whole| whole.pointer("/projects/0/issuetypes/0/fields"));
        let Some(Value::Object(fields)) = fields else {
            return Ok(None);
        };
        Ok(Some(
            fields
                .iter()
                .filter_map(|(id, row)| create_field(row, Some(id)))
                .collect(),
        ))
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

fn create_field(row: &Value, id: Option<&str>) -> Option<CreateField> {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let flag = |name: &str| row.get(name).and_then(Value::as_bool).unwrap_or(false);
    let id = id.or_else(|| text("fieldId")).or_else(|| text("key"))?;
    Some(CreateField {
        id: id.to_owned(),
        name: text("name").unwrap_or(id).to_owned(),
        schema: schema(row),
        required: flag("required") && !flag("hasDefaultValue"),
        allowed_values: row
            .get("allowedValues")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default(),
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
fn segment(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}
