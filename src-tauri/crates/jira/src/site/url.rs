//! Making a site's address of what a person pastes.

use std::fmt;
use std::str::FromStr;

use ::url::Url;

/// The address of a site: scheme, host, port and context path, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteUrl(String);

/// Why a text is not a site's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SiteUrlError {
    /// There is nothing in it.
    #[error("the address is empty")]
    Empty,
    /// It is not an address.
    #[error("this is not a web address")]
    NotAnAddress,
    /// Only http and https are spoken.
    #[error("the address must start with https:// or http://")]
    Scheme,
    /// It holds a name or password.
    #[error("the address must not hold a name or password")]
    HoldsCredentials,
}

/// Path segments at which Jira's own pages begin; what stands before is the context path.
const PAGES: &[&str] = &[
    "browse",
    "secure",
    "projects",
    "issues",
    "rest",
    "plugins",
    "servicedesk",
    "dashboard",
    "dashboards",
    "boards",
    "wiki",
    "login",
    "s",
];

/// Segments that follow `jira/` in Cloud's addresses (`/jira/software/projects/…`).
const CLOUD_SECTIONS: &[&str] = &[
    "software",
    "core",
    "servicedesk",
    "projects",
    "dashboards",
    "your-work",
    "for-you",
    "people",
    "plans",
    "polaris",
    "filters",
    "settings",
];

impl SiteUrl {
    /// Reads an address as people paste it: with blanks around it, without a scheme, with the
    /// path of an issue, a board or a dashboard behind it.
    ///
    /// A context path (`https://host/jira`) is kept, except on `*.atlassian.net`, which has none.
    ///
    /// # Errors
    /// See [`SiteUrlError`].
    pub fn parse(text: &str) -> Result<Self, SiteUrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SiteUrlError::Empty);
        }
        let full = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&full).map_err(|_| SiteUrlError::NotAnAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(SiteUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(SiteUrlError::HoldsCredentials);
        }
        let host = url.host_str().ok_or(SiteUrlError::NotAnAddress)?;
        let host = host.trim_end_matches('.');
        if host.is_empty() {
            return Err(SiteUrlError::NotAnAddress);
        }
        let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
        let mut site = format!("{}://{host}{port}", url.scheme());
        if !is_cloud_host(host) {
            for segment in context(url.path()) {
                site.push('/');
                site.push_str(segment);
            }
        }
        Ok(Self(site))
    }

    /// The address as text, without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host name, without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or_default();
        match authority.rfind(':') {
            // The colons inside [::1] are not a port's.
            Some(at) if !authority[at..].contains(']') => &authority[..at],
            _ => authority,
        }
    }

    /// True for a host that can only be Jira Cloud.
    #[must_use]
    pub fn is_cloud_host(&self) -> bool {
        is_cloud_host(self.host())
    }

    /// The context path (`/jira`), empty when there is none.
    #[must_use]
    pub fn context_path(&self) -> &str {
        let start = self.0.find("://").map_or(0, |at| at + 3);
        self.0[start..]
            .find('/')
            .map_or("", |at| &self.0[start + at..])
    }

    /// The same host without a context path.
    #[must_use]
    pub fn origin(&self) -> Self {
        Self(self.0[..self.0.len() - self.context_path().len()].to_owned())
    }

    /// The same host with this context path (`jira`).
    #[must_use]
    pub fn with_context(&self, context: &str) -> Self {
        Self(format!("{}/{}", self.origin().0, context.trim_matches('/')))
    }
}

impl fmt::Display for SiteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SiteUrl {
    type Err = SiteUrlError;

    fn from_str(text: &str) -> Result<Self, SiteUrlError> {
        Self::parse(text)
    }
}

fn is_cloud_host(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host.ends_with(".atlassian.net") || host.ends_with(".jira.com")
}

fn context(path: &str) -> Vec<&str> {
    let segments: Vec<&str> = path.split('/').filter(|s| !s.is_empty()).collect();
    let page = (0..segments.len()).find(|&at| {
        let here = segments[at].to_ascii_lowercase();
        let next = segments.get(at + 1).map(|s| s.to_ascii_lowercase());
        PAGES.contains(&here.as_str())
            || here.contains(".jsp")
            || here == "jira"
                && next.is_some_and(|next| {
                    // `/jira/projects/…` is Data Center under the usual context path.
                    next != "projects"
                        && next != "servicedesk"
                        && CLOUD_SECTIONS.contains(&next.as_str())
                        && !PAGES.contains(&next.as_str())
                })
    });
    segments[..page.unwrap_or(segments.len())].to_vec()
}

#[cfg(test)]
mod tests;
