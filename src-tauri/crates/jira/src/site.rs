//! Where a Jira is, and what kind it is.

mod detect;
mod url;

use std::fmt;

use jiff::Timestamp;

pub(crate) use detect::ServerInfo;
pub use detect::detect;
pub use url::{SiteUrl, SiteUrlError};

/// The two products. Server counts as Data Center: same API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SiteKind {
    /// Jira Cloud: REST v3, accounts by id, token paging.
    Cloud,
    /// Jira Server or Data Center: REST v2, users by name and key, offset paging.
    DataCenter,
}

/// What a [`SiteKind`] is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindEvidence {
    /// The site said so.
    ServerInfo,
    /// The site tells nothing before signing in; guessed from the host and the headers.
    Guessed,
}

/// The version of a Jira.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// As the site writes it (`9.12.4`).
    pub text: String,
    /// Its first three numbers, for comparing. Meaningless on Cloud.
    pub numbers: [u32; 3],
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What [`detect`] found (`GET /rest/api/2/serverInfo`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteInfo {
    /// Which product.
    pub kind: SiteKind,
    /// How we know.
    pub evidence: KindEvidence,
    /// Where requests go, with the context path that was found.
    pub base_url: SiteUrl,
    /// The address for people, for links. Never taken from an answer's `self`.
    pub display_url: String,
    /// The version, once the site has told it.
    pub version: Option<Version>,
    /// The site's title.
    pub title: Option<String>,
    /// The site's clock when it answered.
    pub server_time: Option<Timestamp>,
}

impl SiteInfo {
    /// The link for people to an issue.
    #[must_use]
    pub fn browse_url(&self, key: &crate::IssueKey) -> String {
        format!("{}/browse/{key}", self.display_url.trim_end_matches('/'))
    }
}
