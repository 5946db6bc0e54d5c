//! What can be set when an issue is created or changed, whichever way the site tells it.

use super::{PAGES_MAX, Page, schema, segment};
use crate::client::Client;
use crate::error::Error;
use crate::model::CreateField;
use serde::Deserialize;
use serde_json::{Map, Value};

impl Client {
    /// The fields of an issue that can be changed now; empty where the workflow or the permissions forbid
    /// it.
    ///
    /// # Errors
    /// [`Error::Gone`] if the issue is not there.
    pub async fn edit_fields(&self, issue: &str) -> Result<Vec<CreateField>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default)]
            fields: Map<String, Value>,
        }
        let path = self.api(&format!("/issue/{}/editmeta", segment(issue)));
        let answer: Answer = self.get(&path, &[]).await?;
        let fields = answer.fields.iter();
        Ok(fields
            .filter_map(|(id, row)| create_field(row, Some(id)))
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
        let types = whole
            .as_ref()
            .and_then(|whole| whole.pointer("/projects/0/issuetypes")?.as_array());
        // Not every old Server heeds the type that was asked for.
        let fields = types
            .into_iter()
            .flatten()
            .find(|row| row.get("id").and_then(Value::as_str) == Some(type_id))
            .and_then(|row| row.get("fields"));
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
