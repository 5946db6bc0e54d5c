//! Addresses of sites, and the two kinds of Jira.

use url::Url;

/// Kind of Jira.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteKind {
    /// Jira Cloud.
    Cloud,
    /// Jira Server or Data Center.
    DataCenter,
}

/// The address of a site: scheme, host, port, and the context path of an on-premise Jira; no slash at its
/// end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteUrl(String);

/// Paths inside Jira that people paste along with the address.
const TAILS: [&str; 12] = [
    "browse",
    "secure",
    "projects",
    "issues",
    "plugins",
    "login.jsp",
    "jira/software",
    "jira/for-you",
    "jira/dashboards",
    "jira/your-work",
    "rest",
    "servicedesk",
];

impl SiteUrl {
    /// Reads an address as somebody types or pastes it: blanks are cut, a missing scheme becomes https,
    /// what points inside Jira is cut. None if no host can be made out.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        let text = if text.contains("://") {
            text
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&text).ok()?;
        let host = url.host_str().filter(|host| !host.is_empty())?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let mut site = format!("{}://{host}", url.scheme());
        if let Some(port) = url.port() {
            site.push_str(&format!(":{port}"));
        }
        if !is_cloud_host(host) {
            site.push_str(&context_path(url.path()));
        }
        Some(Self(site))
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host, without the port.
    #[must_use]
    pub fn host(&self) -> String {
        host_of(&self.0)
    }

    /// Whether the name alone says Cloud.
    #[must_use]
    pub fn is_cloud_name(&self) -> bool {
        is_cloud_host(&self.host())
    }

    /// The same site without a context path.
    #[must_use]
    pub fn origin(&self) -> Self {
        let start = self.0.find("://").map_or(0, |at| at + 3);
        let end = self.0[start..]
            .find('/')
            .map_or(self.0.len(), |at| start + at);
        Self(self.0[..end].to_owned())
    }

    /// The same site by https, if it is reached by http at the usual port.
    #[must_use]
    pub(crate) fn secure(&self) -> Option<Self> {
        let rest = self.0.strip_prefix("http://")?;
        let usual_port = Url::parse(&self.0).ok()?.port().is_none();
        usual_port.then(|| Self(format!("https://{rest}")))
    }

    /// The same site under a context path.
    #[must_use]
    pub fn under(&self, path: &str) -> Self {
        Self(format!("{}/{}", self.0, path.trim_matches('/')))
    }
}

impl std::fmt::Display for SiteUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The host of an address.
pub(crate) fn host_of(url: &str) -> String {
    Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default()
}

fn is_cloud_host(host: &str) -> bool {
    host.ends_with(".atlassian.net") || host.ends_with(".jira.com")
}

fn context_path(path: &str) -> String {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let mut kept = String::new();
    for (place, segment) in segments.iter().enumerate() {
        let two = segments
            .get(place + 1)
            .map(|next| format!("{segment}/{next}"));
        if TAILS
            .into_iter()
            .any(|tail| two.as_deref() == Some(tail) || *segment == tail)
        {
            break;
        }
        kept.push('/');
        kept.push_str(segment);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(typed: &str, site: Option<&str>) {
        assert_eq!(SiteUrl::parse(typed).as_ref().map(SiteUrl::as_str), site);
    }

    #[test]
    fn blanks_are_cut_and_the_scheme_is_added() {
        check(
            "  acme.atlassian.net \n",
            Some("https://acme.atlassian.net"),
        );
        check(
            "https://acme.atla ssian.net",
            Some("https://acme.atlassian.net"),
        );
    }

    #[test]
    fn what_points_inside_jira_is_cut() {
        check(
            "https://acme.atlassian.net/browse/ORB-12?focus=1",
            Some("https://acme.atlassian.net"),
        );
        check(
            "https://acme.atlassian.net/jira/software/c/projects/ORB",
            Some("https://acme.atlassian.net"),
        );
        check(
            "https://jira.acme.com/secure/Dashboard.jspa",
            Some("https://jira.acme.com"),
        );
        check(
            "https://jira.acme.com/projects/ORB/issues",
            Some("https://jira.acme.com"),
        );
    }

    #[test]
    fn a_context_path_and_a_port_of_an_on_premise_site_stay() {
        check(
            "https://acme.com/jira/browse/ORB-1",
            Some("https://acme.com/jira"),
        );
        check(
            "http://acme.com:8080/tools/jira/",
            Some("http://acme.com:8080/tools/jira"),
        );
        check(
            "https://acme.com/jira/rest/api/2",
            Some("https://acme.com/jira"),
        );
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        check("", None);
        check("ftp://acme.com", None);
        check("https://", None);
    }

    proptest! {
        #[test]
        fn reading_twice_changes_nothing(text in "\\PC{0,40}") {
            if let Some(site) = SiteUrl::parse(&text) {
                prop_assert_eq!(SiteUrl::parse(site.as_str()), Some(site));
            }
        }
    }
}
