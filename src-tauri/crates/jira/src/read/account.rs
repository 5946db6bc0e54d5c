//! The site, the account and what it may do.

use crate::client::{Call, Client, Query};
use crate::error::Result;
use crate::limits::CallKind;
use crate::model::{Account, Permissions};
use crate::site::{ServerInfo, SiteInfo, SiteKind};

/// What permissions are asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermissionContext<'a> {
    /// Anything on the site: granted when any project grants it.
    Site,
    /// One project, by key.
    Project(&'a str),
    /// One issue, by key: the truest answer.
    Issue(&'a str),
}

impl Client {
    /// The site's own description, with its clock (`GET /serverInfo`).
    ///
    /// # Errors
    /// As every call.
    pub async fn server_info(&self) -> Result<SiteInfo> {
        let path = self.platform("serverInfo");
        let call = Call::get(CallKind::Identity, "GET /serverInfo", path);
        let info: ServerInfo = self.json(call).await?;
        Ok(info.site(self.site().base_url.clone()))
    }

    /// The account that is asking (`GET /myself`). Its time zone is the one that queries are read
    /// in and may change: ask at the start of every run.
    ///
    /// # Errors
    /// [`crate::Error::Auth`] when it is nobody or not the expected account.
    pub async fn myself(&self) -> Result<Account> {
        self.verify_identity().await
    }

    /// What the account may do (`GET /mypermissions`).
    ///
    /// On Cloud one unknown key fails the whole call; Data Center answers with all keys it has.
    ///
    /// # Errors
    /// [`crate::Error::Rejected`] for an unknown key on Cloud.
    pub async fn my_permissions(
        &self,
        keys: &[&str],
        context: PermissionContext<'_>,
    ) -> Result<Permissions> {
        let (project, issue) = match context {
            PermissionContext::Site => (None, None),
            PermissionContext::Project(key) => (Some(key), None),
            PermissionContext::Issue(key) => (None, Some(key)),
        };
        let keys = (self.kind() == SiteKind::Cloud).then(|| keys.join(","));
        let query = Query::new()
            .with_some("permissions", keys)
            .with_some("projectKey", project)
            .with_some("issueKey", issue);
        let path = self.platform("mypermissions");
        let call = Call::get(CallKind::Identity, "GET /mypermissions", path).query(query);
        self.json(call).await
    }
}
