//! People.

use std::collections::BTreeSet;

use crate::client::{Absent, Call, Client, Query, page_of};
use crate::error::Result;
use crate::limits::CallKind;
use crate::model::{User, UserId};
use crate::site::SiteKind;

/// How many ranges of people are looked through: filtering happens after a range is taken.
const RANGES_MAX: usize = 10;

impl Client {
    /// People who can be assigned issues of a project, by part of their name
    /// (`GET /user/assignable/search`). An empty `text` means everybody; at most `limit` come back.
    ///
    /// The site takes a range of people first and filters then, so its pages are often short or
    /// empty; this looks through several.
    ///
    /// # Errors
    /// [`crate::Error::Gone`] when the project does not exist or is out of reach.
    pub async fn assignable_users(
        &self,
        project: &str,
        text: &str,
        limit: usize,
    ) -> Result<Vec<User>> {
        let endpoint = "GET /user/assignable/search";
        let path = self.platform("user/assignable/search");
        let page_size = limit.clamp(1, 100);
        let (text_name, ranges) = match self.kind() {
            SiteKind::Cloud => ("query", RANGES_MAX),
            // No offset there.
            SiteKind::DataCenter => ("username", 1),
        };
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for range in 0..ranges {
            let query = match self.kind() {
                SiteKind::Cloud => page_of(range * page_size, page_size),
                SiteKind::DataCenter => Query::new().with("maxResults", page_size),
            };
            let query = query.with("project", project).with(text_name, text);
            let call = Call::get(CallKind::Users, endpoint, path.as_str())
                .absent(Absent::Resource)
                .query(query);
            let rows: Vec<User> = self.json(call).await?;
            found.extend(rows.into_iter().filter(|user| seen.insert(user.id())));
            if found.len() >= limit {
                break;
            }
        }
        if found.is_empty() {
            self.confirm_identity().await?;
        }
        found.truncate(limit);
        Ok(found)
    }

    /// One person (`GET /user`).
    ///
    /// # Errors
    /// [`crate::Error::Gone`] when the site does not know the person or hides them.
    pub async fn user(&self, id: &UserId) -> Result<User> {
        let query = match id {
            UserId::Account(id) => Query::new().with("accountId", id),
            UserId::Key(key) => Query::new().with("key", key),
            UserId::Name(name) => Query::new().with("username", name),
        };
        let call = Call::get(CallKind::Users, "GET /user", self.platform("user"));
        self.json(call.absent(Absent::Resource).query(query)).await
    }
}
