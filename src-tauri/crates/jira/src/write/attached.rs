//! What hangs on issues and projects: properties, links, versions, components.

use super::read_created;
use crate::client::Client;
use crate::error::Error;
use crate::model::{Named, id_text};
use crate::read::segment;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

/// A kind of link between issues.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LinkType {
    /// Id.
    #[serde(deserialize_with = "id_text")]
    pub id: String,
    /// Name, for example `Blocks`; can be renamed and translated.
    pub name: String,
    /// What the second issue is to the first, for example `is blocked by`.
    pub inward: String,
    /// What the first issue is to the second, for example `blocks`.
    pub outward: String,
}

impl Client {
    /// Sets a property of an issue. It is seen by everybody who sees the issue, and safe to set twice.
    ///
    /// # Errors
    /// [`Error::Gone`]; [`Error::Permission`].
    pub async fn set_property(&self, issue: &str, key: &str, value: &Value) -> Result<(), Error> {
        let path = format!("/issue/{}/properties/{}", segment(issue), segment(key));
        let path = self.api(&path);
        self.change(Method::PUT, &path, Some(value)).await?;
        Ok(())
    }

    /// A property of an issue; none if it is not set, or the issue is not there.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn property(&self, issue: &str, key: &str) -> Result<Option<Value>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            value: Value,
        }
        let path = format!("/issue/{}/properties/{}", segment(issue), segment(key));
        let found: Option<Answer> = self.get_found(&self.api(&path), &[]).await?;
        Ok(found.map(|found| found.value))
    }

    /// The kinds of link that the site knows; none where linking is switched off.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn link_types(&self) -> Result<Vec<LinkType>, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            #[serde(default)]
            issue_link_types: Vec<LinkType>,
        }
        let found: Option<Answer> = self.get_optional(&self.api("/issueLinkType"), &[]).await?;
        Ok(found.map_or_else(Vec::new, |found| found.issue_link_types))
    }

    /// Links two issues: `from` does to `to` what the kind's `outward` says. Setting one that is there already
    /// changes nothing.
    ///
    /// # Errors
    /// [`Error::Gone`] if one of them is not there; [`Error::Permission`].
    pub async fn link_issues(&self, link_type: &str, from: &str, to: &str) -> Result<(), Error> {
        // Jira names the ends by what each reads of the other.
        let body = json!({
            "type": { "id": link_type },
            "inwardIssue": { "id": from },
            "outwardIssue": { "id": to },
        });
        let path = self.api("/issueLink");
        self.change(Method::POST, &path, Some(&body)).await?;
        Ok(())
    }

    /// Takes a link away.
    ///
    /// # Errors
    /// [`Error::Gone`] if it is not there.
    pub async fn unlink_issues(&self, link: &str) -> Result<(), Error> {
        let path = self.api(&format!("/issueLink/{}", segment(link)));
        self.change(Method::DELETE, &path, None).await?;
        Ok(())
    }

    /// Makes a version of a project (its id).
    ///
    /// # Errors
    /// [`Error::Rejected`] if there is one of that name; [`Error::Permission`].
    pub async fn create_version(&self, project_id: &str, name: &str) -> Result<Named, Error> {
        // Cloud and Data Center both want a number here, though ids are text everywhere else.
        let number = project_id.parse::<u64>();
        let project = number.map_or_else(|_| json!(project_id), |number| json!(number));
        let path = self.api("/version");
        let body = json!({ "name": name, "projectId": project });
        let answer = self.change(Method::POST, &path, Some(&body)).await?;
        read_created(&path, &answer)
    }

    /// Makes a component of a project (its key).
    ///
    /// # Errors
    /// [`Error::Rejected`] if there is one of that name; [`Error::Permission`].
    pub async fn create_component(&self, project_key: &str, name: &str) -> Result<Named, Error> {
        let path = self.api("/component");
        let body = json!({ "name": name, "project": project_key });
        let answer = self.change(Method::POST, &path, Some(&body)).await?;
        read_created(&path, &answer)
    }
}
