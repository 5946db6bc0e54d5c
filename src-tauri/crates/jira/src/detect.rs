//! Which site answers at an address, and signing in to it.

use crate::client::{Client, ClientOptions};
use crate::clock::{Clock, Jitter};
use crate::credentials::Credentials;
use crate::error::{AuthReason, Error};
use crate::model::{Account, SiteInfo};
use crate::site::{SiteKind, SiteUrl};
use crate::transport::Transport;
use std::sync::Arc;

/// A site that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The address, with the context path if one had to be found out.
    pub url: SiteUrl,
    /// What it says about itself; none where it tells nothing to somebody who has not signed in.
    pub info: Option<SiteInfo>,
}

/// Finds out what answers at an address, without credentials. Where nothing of Jira answers at the root,
/// the usual context path is tried, and the root where a path was given.
///
/// # Errors
/// What the first address met, if neither answers as Jira.
pub async fn detect(
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    jitter: Arc<dyn Jitter>,
    url: &SiteUrl,
) -> Result<Found, Error> {
    let ask = |url: &SiteUrl| {
        Client::new(ClientOptions {
            transport: transport.clone(),
            clock: clock.clone(),
            jitter: jitter.clone(),
            kind: SiteKind::DataCenter,
            base: url.as_str().to_owned(),
            credentials: None,
            tries: 1,
        })
    };
    let first = match ask(url).server_info().await {
        Ok(info) => {
            // A site that only sends its visitors on from http to https is spoken to by https: what is
            // sent on with a body would be refused.
            let display = info.display_url.as_deref().and_then(SiteUrl::parse);
            if let (Some(secure), Some(display)) = (url.secure(), display)
                && display.as_str().starts_with("https://")
                && display.host() == url.host()
                && let Ok(info) = ask(&secure).server_info().await
            {
                return Ok(Found {
                    url: secure,
                    info: Some(info),
                });
            }
            return Ok(Found {
                url: url.clone(),
                info: Some(info),
            });
        }
        // Some sites tell nobody anything before they have signed in.
        Err(Error::Permission { .. } | Error::Rejected { .. }) => {
            return Ok(Found {
                url: url.clone(),
                info: None,
            });
        }
        Err(error) => error,
    };
    let worth_another = matches!(
        first,
        Error::NotJira | Error::Gone | Error::Unsupported { .. }
    );
    if worth_another && !url.is_cloud_name() {
        let root = url.origin();
        let others = [root.under("jira"), root];
        for other in others.into_iter().filter(|other| other != url) {
            if let Ok(info) = ask(&other).server_info().await {
                return Ok(Found {
                    url: other,
                    info: Some(info),
                });
            }
        }
    }
    Err(match first {
        Error::Gone | Error::Unsupported { .. } => Error::NotJira,
        other => other,
    })
}

/// Signs in, and gives the base that worked: tokens with scopes work only through the gateway, which
/// is tried once when the site itself refuses.
///
/// `gateway` is the address up to the site's id, `https://api.atlassian.com/ex/jira` for the real one.
///
/// # Errors
/// [`Error::Auth`] of the site itself if the gateway refuses too.
pub async fn sign_in(
    options: ClientOptions,
    gateway: Option<&str>,
) -> Result<(Client, String, Account), Error> {
    let base = options.base.clone();
    let through = |base: &str, credentials: Option<Credentials>| {
        Client::new(ClientOptions {
            transport: options.transport.clone(),
            clock: options.clock.clone(),
            jitter: options.jitter.clone(),
            kind: options.kind,
            base: base.to_owned(),
            credentials,
            tries: options.tries,
        })
    };
    let client = through(&base, options.credentials.clone());
    let refused = match client.myself().await {
        Ok(account) => return Ok((client, base, account)),
        Err(error) => error,
    };
    let wrong = matches!(
        refused,
        Error::Auth(AuthReason::Wrong | AuthReason::Anonymous)
    );
    let token = matches!(options.credentials, Some(Credentials::CloudToken { .. }));
    if let (SiteKind::Cloud, true, true, Some(gateway)) = (options.kind, wrong, token, gateway)
        && let Ok(Some(id)) = through(&base, None).cloud_id().await
    {
        let base = format!("{}/{id}", gateway.trim_end_matches('/'));
        let client = through(&base, options.credentials.clone());
        if let Ok(account) = client.myself().await {
            return Ok((client, base, account));
        }
    }
    Err(refused)
}
