//! What kind of Jira answers at an address.

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;

use super::{KindEvidence, SiteInfo, SiteKind, SiteUrl, Version};
use crate::client::anonymous_get;
use crate::dates;
use crate::error::{Error, NotJira, Result};
use crate::transport::Transport;

const SERVER_INFO: &str = "/rest/api/2/serverInfo";

/// Finds out what is at `url` without signing in (`GET /rest/api/2/serverInfo`).
///
/// Where nothing answers at the address itself, the usual context path `/jira` is tried, and the
/// host's root when a path was given. A site that tells nothing before signing in counts as
/// found; its kind is then guessed ([`KindEvidence::Guessed`]).
///
/// # Errors
/// [`Error::Transport`] when nobody answers, [`Error::Redirect`] when the site sends its visitors
/// to another host, [`Error::NotJira`] when something else answers.
pub async fn detect(transport: &dyn Transport, url: &SiteUrl) -> Result<SiteInfo> {
    let mut candidates = vec![url.clone()];
    if !url.is_cloud_host() {
        let usual = url.with_context("jira");
        if url.context_path().is_empty() {
            candidates.push(usual);
        } else {
            candidates.push(url.origin());
            if usual != *url {
                candidates.push(usual);
            }
        }
    }
    let mut first_error = None;
    let mut guess = None;
    for candidate in candidates {
        match ask(transport, &candidate).await {
            Ok(info) if info.evidence == KindEvidence::ServerInfo => return Ok(info),
            Ok(info) => {
                guess.get_or_insert(info);
            }
            // The host is the same for every candidate: no use asking again.
            Err(error @ Error::Transport(_)) => return Err(error),
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    match (guess, first_error) {
        (Some(info), _) => Ok(info),
        (None, Some(error)) => Err(error),
        (None, None) => Err(Error::NotJira {
            what: NotJira::NoServerInfo,
        }),
    }
}

async fn ask(transport: &dyn Transport, site: &SiteUrl) -> Result<SiteInfo> {
    let address = format!("{site}{SERVER_INFO}");
    let (response, answered_at) = anonymous_get(transport, &address).await?;
    // A site that moved us to https, or to its context path, is reached there from now on.
    let base = answered_at
        .split_once(SERVER_INFO)
        .and_then(|(base, _)| SiteUrl::parse(base).ok())
        .unwrap_or_else(|| site.clone());
    let status = response.status();
    if status.is_success() {
        return match serde_json::from_slice::<ServerInfo>(response.body()) {
            Ok(info) => Ok(info.site(base)),
            Err(_) => Err(Error::NotJira {
                what: not_json(&response),
            }),
        };
    }
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if looks_like_jira(response.headers()) => {
            Ok(guessed(base))
        }
        StatusCode::UNAUTHORIZED if not_json(&response) != NotJira::WebPage => Ok(guessed(base)),
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Err(Error::Transient {
                status: status.as_u16(),
                retry_after: None,
                said: crate::error::Said::default(),
            })
        }
        _ => Err(Error::NotJira {
            what: NotJira::NoServerInfo,
        }),
    }
}

fn not_json(response: &Response<Bytes>) -> NotJira {
    match response.body().iter().find(|b| !b.is_ascii_whitespace()) {
        None => NotJira::Empty,
        Some(b'<') => NotJira::WebPage,
        Some(_) => NotJira::NotJson,
    }
}

fn looks_like_jira(headers: &HeaderMap) -> bool {
    [
        "x-arequestid",
        "x-ausername",
        "x-seraph-loginreason",
        "x-anodeid",
        "atl-traceid",
        "x-aaccountid",
    ]
    .iter()
    .any(|name| headers.contains_key(*name))
}

fn guessed(base: SiteUrl) -> SiteInfo {
    SiteInfo {
        kind: if base.is_cloud_host() {
            SiteKind::Cloud
        } else {
            SiteKind::DataCenter
        },
        evidence: KindEvidence::Guessed,
        display_url: base.to_string(),
        base_url: base,
        version: None,
        title: None,
        server_time: None,
    }
}

/// `GET /serverInfo`, both products.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServerInfo {
    base_url: String,
    display_url: Option<String>,
    version: String,
    #[serde(default)]
    version_numbers: Vec<u32>,
    deployment_type: Option<String>,
    server_title: Option<String>,
    #[serde(default, deserialize_with = "dates::lenient")]
    server_time: Option<Timestamp>,
}

impl ServerInfo {
    pub(crate) fn site(self, base: SiteUrl) -> SiteInfo {
        let kind = match self.deployment_type.as_deref() {
            Some("Cloud") => SiteKind::Cloud,
            Some(_) => SiteKind::DataCenter,
            // Very old Servers do not say; neither does an excerpt of Cloud's answer.
            None if base.is_cloud_host() || self.version.starts_with("1001.") => SiteKind::Cloud,
            None => SiteKind::DataCenter,
        };
        let number = |at: usize| self.version_numbers.get(at).copied().unwrap_or_default();
        SiteInfo {
            kind,
            evidence: KindEvidence::ServerInfo,
            base_url: base,
            display_url: self
                .display_url
                .filter(|url| !url.is_empty())
                .unwrap_or(self.base_url)
                .trim_end_matches('/')
                .to_owned(),
            version: Some(Version {
                numbers: [number(0), number(1), number(2)],
                text: self.version,
            }),
            title: self.server_title,
            server_time: self.server_time,
        }
    }
}

#[cfg(test)]
mod tests;
