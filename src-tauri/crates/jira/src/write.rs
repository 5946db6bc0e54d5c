//! Changing what a site has: issues, where they stand, what they hang on.
//!
//! **A change is sent once.** It is sent again only where Jira refused it for its pace, which proves that nothing
//! happened. Where an error [leaves doubt](Error::leaves_doubt), the caller looks at what the site has before it
//! tries again. Nothing here deletes an issue, and nothing can.

mod agile;
mod attached;

pub use agile::MOVED_MAX;
pub use attached::LinkType;

use crate::client::{Answer, Client};
use crate::error::Error;
use crate::model::{Status, id_text};
use crate::read::{segment, status};
use http::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// An issue that does not exist yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewIssue {
    /// Fields by id, `project` and `issuetype` among them, as the site wants them written.
    pub fields: Map<String, Value>,
    /// Properties that are set in the same call, by which a creation of unknown outcome is found again. They are seen
    /// by everybody who sees the issue.
    pub properties: Vec<(String, Value)>,
}

/// An issue that was made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Created {
    /// Id, which never changes.
    #[serde(deserialize_with = "id_text")]
    pub id: String,
    /// Key.
    pub key: String,
}

/// What is to become of an issue's fields.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Edit {
    /// Fields that are set, by id. Null empties one.
    pub fields: Map<String, Value>,
    /// Lists of which members are added and removed, by id of the field. What others added meanwhile stays.
    pub lists: Vec<(String, ListEdit)>,
    /// Makes the issue part of none. Cloud only.
    pub no_parent: bool,
}

/// Members of a list that come and go, as the site wants them written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListEdit {
    /// To add.
    pub add: Vec<Value>,
    /// To remove.
    pub remove: Vec<Value>,
}

/// A step of a workflow that is open from where an issue stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// Id, which only means something in this workflow.
    pub id: String,
    /// Name as Jira shows it.
    pub name: String,
    /// Where it leads.
    pub to: Status,
    /// Ids of fields that must be given with it.
    pub required_fields: Vec<String>,
}

impl Edit {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.lists.is_empty() && !self.no_parent
    }

    fn body(&self) -> Value {
        let mut update = Map::new();
        for (field, list) in &self.lists {
            let add = list.add.iter().map(|value| json!({ "add": value }));
            let remove = list.remove.iter().map(|value| json!({ "remove": value }));
            update.insert(field.clone(), add.chain(remove).collect());
        }
        if self.no_parent {
            update.insert("parent".to_owned(), json!([{ "set": { "none": true } }]));
        }
        let mut body = Map::new();
        if !self.fields.is_empty() {
            body.insert("fields".to_owned(), Value::Object(self.fields.clone()));
        }
        if !update.is_empty() {
            body.insert("update".to_owned(), Value::Object(update));
        }
        Value::Object(body)
    }
}

impl Client {
    /// Makes an issue (`POST /issue`). Not safe to repeat: see the module.
    ///
    /// # Errors
    /// [`Error::Rejected`] with the fields that Jira complains of.
    pub async fn create_issue(&self, new: &NewIssue) -> Result<Created, Error> {
        let properties: Vec<Value> = new
            .properties
            .iter()
            .map(|(key, value)| json!({ "key": key, "value": value }))
            .collect();
        let mut body = json!({ "fields": new.fields });
        if !properties.is_empty() {
            body["properties"] = properties.into();
        }
        let path = self.api("/issue");
        let answer = self.change(Method::POST, &path, Some(&body)).await?;
        read_created(&path, &answer)
    }

    /// Changes fields of an issue (`PUT /issue/{id}`), all of them or none. The status is not among them.
    ///
    /// # Errors
    /// [`Error::Rejected`] with the fields that Jira complains of; [`Error::Gone`].
    pub async fn edit_issue(&self, issue: &str, edit: &Edit) -> Result<(), Error> {
        let path = self.api(&format!("/issue/{}", segment(issue)));
        self.change(Method::PUT, &path, Some(&edit.body())).await?;
        Ok(())
    }

    /// The steps that are open from where an issue stands; none for somebody who may not take any.
    ///
    /// # Errors
    /// [`Error::Gone`].
    pub async fn transitions(&self, issue: &str) -> Result<Vec<Transition>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default)]
            transitions: Vec<Value>,
        }
        let path = self.api(&format!("/issue/{}/transitions", segment(issue)));
        let query = [("expand", "transitions.fields")];
        let answer: Answer = self.get(&path, &query).await?;
        Ok(answer.transitions.iter().filter_map(transition).collect())
    }

    /// Takes a step of the workflow, with the fields that it asks for.
    ///
    /// # Errors
    /// [`Error::Rejected`] if the step is not open or lacks a field; Data Center answers [`Error::Unavailable`] to
    /// a step that is not open, so ask for the open ones just before.
    pub async fn transition(
        &self,
        issue: &str,
        transition: &str,
        fields: &Map<String, Value>,
    ) -> Result<(), Error> {
        let path = self.api(&format!("/issue/{}/transitions", segment(issue)));
        let mut body = json!({ "transition": { "id": transition } });
        if !fields.is_empty() {
            body["fields"] = Value::Object(fields.clone());
        }
        self.change(Method::POST, &path, Some(&body)).await?;
        Ok(())
    }
}

fn transition(row: &Value) -> Option<Transition> {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let fields = row.get("fields").and_then(Value::as_object);
    let flag = |field: &Value, name: &str| field.get(name).and_then(Value::as_bool) == Some(true);
    Some(Transition {
        id: text("id")?.to_owned(),
        name: text("name").unwrap_or_default().to_owned(),
        to: status(row.get("to")?)?,
        required_fields: fields
            .into_iter()
            .flatten()
            .filter(|(_, field)| flag(field, "required") && !flag(field, "hasDefaultValue"))
            .map(|(id, _)| id.clone())
            .collect(),
    })
}

/// What was made, from an answer that tells its id. One that cannot be read does not mean that nothing was made.
fn read_created<T: for<'de> Deserialize<'de>>(path: &str, answer: &Answer) -> Result<T, Error> {
    serde_json::from_slice(&answer.body).map_err(|error| Error::Shape {
        endpoint: path.to_owned(),
        what: error.to_string(),
    })
}
