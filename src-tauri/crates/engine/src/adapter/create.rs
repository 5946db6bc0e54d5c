//! Making an issue at Jira, and finding one again of which it is not known whether it was made.

use super::outgoing::{by_id, logins, put, shape};
use super::parent::{ParentIssue, put_parent};
use crate::adapter::JiraRemote;
use crate::error::EngineError;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use jira::{Edit, NewIssue, SiteKind, jql};
use serde_json::{Value as Json, json};
use sync::plan::FieldWrite;
use sync::remote::{RemoteField, RemoteKind, RemoteValue, Schema};
use workspace::FieldKey;

/// The property that holds an issue's marker. Everybody who sees the issue can see it; nobody is shown it.
const PROPERTY: &str = "lockstep.created";

/// An issue that is to be made, in neutral terms.
pub struct Draft<'d> {
    /// What the project has.
    pub schema: &'d Schema,
    /// Key of the project.
    pub project_key: &'d str,
    /// Id of its type.
    pub remote_type: &'d str,
    /// The issue that it is to be part of.
    pub parent: Option<&'d ParentIssue>,
    /// What it says of the item's fields.
    pub writes: &'d [FieldWrite],
    /// What it says beside.
    pub filled: &'d [(RemoteField, RemoteValue)],
    /// What tells it from all others.
    pub marker: &'d str,
}

/// An issue in Jira's shape, and what it has no shape for.
pub struct Drafted {
    /// What to send.
    pub new: NewIssue,
    /// Fields that cannot be sent this way.
    pub left: Vec<FieldKey>,
    /// Names of fields that Jira demands and that cannot be sent this way.
    pub unfilled: Vec<String>,
}

impl JiraRemote {
    /// Puts an issue that is to be made into Jira's shape.
    ///
    /// # Errors
    /// What Jira says while names of people are looked up.
    pub async fn drafted(&self, draft: &Draft<'_>) -> Result<Drafted, EngineError> {
        let site = self.client().kind();
        let logins = logins(self, draft.writes).await?;
        let (mut edit, mut left, mut unfilled) = (Edit::default(), Vec::new(), Vec::new());
        for write in draft.writes {
            if !put(&mut edit, site, write, &logins) {
                left.push(write.field);
            }
        }
        let mut fields = edit.fields;
        // An issue that does not exist has nothing that could be added to.
        fields.extend(
            edit.lists
                .into_iter()
                .map(|(id, list)| (id, Json::Array(list.add))),
        );
        for (field, value) in draft.filled {
            match answer(site, field, value) {
                Some(value) => {
                    fields.insert(field.id.clone(), value);
                }
                None => unfilled.push(field.name.clone()),
            }
        }
        fields.insert("project".to_owned(), json!({ "key": draft.project_key }));
        fields.insert("issuetype".to_owned(), json!({ "id": draft.remote_type }));
        if let Some(parent) = draft.parent
            && !put_parent(&mut fields, draft.schema, draft.remote_type, parent, site)
        {
            unfilled.push("Parent".to_owned());
        }
        Ok(Drafted {
            new: NewIssue {
                fields,
                properties: vec![(PROPERTY.to_owned(), json!({ "marker": draft.marker }))],
            },
            left,
            unfilled,
        })
    }

    /// Ids of the issues of a project that this account made at or after a moment, as far as the search knows of them
    /// by now.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn made_since(
        &self,
        project_key: &str,
        moment: Timestamp,
        zone: &TimeZone,
    ) -> Result<Vec<String>, EngineError> {
        let jql = jql::all_of(&[
            &jql::in_project(project_key),
            "creator = currentUser()",
            &jql::created_since(moment, zone),
        ]);
        let (mut ids, mut cursor) = (Vec::new(), None);
        loop {
            let page = self.client().id_page(&jql, cursor.as_deref()).await?;
            ids.extend(page.ids);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(ids),
            }
        }
    }

    /// The marker with which an issue was made; none if it has none. What Jira says of a single issue is never
    /// behind, unlike what its search says.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn marker(&self, issue: &str) -> Result<Option<String>, EngineError> {
        let found = self.client().property(issue, PROPERTY).await?;
        let marker = found.as_ref().and_then(|value| value.get("marker"));
        Ok(marker.and_then(Json::as_str).map(str::to_owned))
    }

    /// The key of an issue; none if it is not there or may not be seen.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn key(&self, issue: &str) -> Result<Option<String>, EngineError> {
        let found = self.client().issue(issue, &["issuetype"]).await?;
        Ok(found.map(|found| found.key))
    }
}

/// What somebody typed or chose for a field, in the shape that it wants.
fn answer(site: SiteKind, field: &RemoteField, value: &RemoteValue) -> Option<Json> {
    match (&field.kind, value) {
        (RemoteKind::RichText, RemoteValue::Text(text)) => Some(match site {
            SiteKind::Cloud => paragraphs(text),
            // As if it were typed there: Data Center reads its own marks in what is typed.
            SiteKind::DataCenter => json!(text),
        }),
        (RemoteKind::Labels, RemoteValue::Labels(words)) => Some(json!(words)),
        (
            RemoteKind::MultiSelect | RemoteKind::Versions | RemoteKind::Components,
            RemoteValue::Choices(choices),
        ) => Some(choices.iter().map(by_id).collect()),
        (kind, value) => shape(site, kind, value),
    }
}

/// Lines as paragraphs of a document.
fn paragraphs(text: &str) -> Json {
    let paragraph = |line: &str| match line.trim() {
        "" => json!({ "type": "paragraph", "content": [] }),
        line => json!({ "type": "paragraph", "content": [{ "type": "text", "text": line }] }),
    };
    let lines: Vec<Json> = text.lines().map(paragraph).collect();
    json!({ "type": "doc", "version": 1, "content": lines })
}
