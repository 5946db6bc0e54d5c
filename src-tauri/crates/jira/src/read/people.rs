//! People.

use crate::client::Client;
use crate::error::Error;
use crate::model::User;
use crate::site::SiteKind;

/// Ranges of people that are looked through: the site takes a range first and filters then.
const RANGES_MAX: usize = 10;

impl Client {
    /// People whom issues of a project can be assigned to, by part of their name; everybody for no text. At
    /// most `limit`.
    ///
    /// # Errors
    /// [`Error::Gone`] if the project is not there.
    pub async fn assignable_users(
        &self,
        project: &str,
        text: &str,
        limit: usize,
    ) -> Result<Vec<User>, Error> {
        let path = self.api("/user/assignable/search");
        let size = limit.clamp(1, 100);
        let max = size.to_string();
        let mut found: Vec<User> = Vec::new();
        for range in 0..RANGES_MAX {
            let start = (range * size).to_string();
            let mut query = vec![("project", project), ("maxResults", max.as_str())];
            query.extend(match self.kind() {
                SiteKind::Cloud => [("query", text), ("startAt", start.as_str())].to_vec(),
                SiteKind::DataCenter => [("username", text)].to_vec(),
            });
            let people: Vec<User> = self.get(&path, &query).await?;
            for user in people {
                if !found.iter().any(|known| known.id == user.id) {
                    found.push(user);
                }
            }
            // Short and empty ranges are not the end on Cloud; Data Center has one range only.
            if found.len() >= limit || !self.is_cloud() {
                break;
            }
        }
        if found.is_empty() {
            self.myself().await?;
        }
        found.truncate(limit);
        Ok(found)
    }

    /// A person by id (account id on Cloud, user key on Data Center); none if nobody is found.
    ///
    /// # Errors
    /// What the way to Jira meets.
    pub async fn user(&self, id: &str) -> Result<Option<User>, Error> {
        let name = match self.kind() {
            SiteKind::Cloud => "accountId",
            SiteKind::DataCenter => "key",
        };
        match self.get(&self.api("/user"), &[(name, id)]).await {
            Ok(user) => Ok(Some(user)),
            Err(Error::Gone) => {
                self.myself().await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
