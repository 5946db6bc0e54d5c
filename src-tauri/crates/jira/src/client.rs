//! The client: one account on one site.

mod call;
mod identity;

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use serde::de::DeserializeOwned;

use crate::auth::{ApiBase, Credentials};
use crate::clock::{Clock, Jitter, SystemClock, SystemJitter};
use crate::error::{AuthReason, Error, Result, Said};
use crate::limits::{Limiter, LimiterSettings};
use crate::model::{Account, AccountIdentity};
use crate::site::{SiteInfo, SiteKind};
use crate::transport::Transport;

pub(crate) use call::{Absent, Call, Proof, Query, anonymous_get, page_of, segment};
use identity::Recheck;

/// Where Atlassian's gateway serves the sites of Jira Cloud; a site's id follows.
pub const GATEWAY: &str = "https://api.atlassian.com/ex/jira";

/// What a [`Client`] is made of.
#[derive(Clone)]
pub struct ClientSettings {
    /// The network.
    pub transport: Arc<dyn Transport>,
    /// The site, as [`crate::site::detect`] found it.
    pub site: SiteInfo,
    /// Who is asking.
    pub credentials: Credentials,
    /// The limiter of this site: share it between all clients of one site.
    pub limiter: Limiter,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for spreading retries.
    pub jitter: Arc<dyn Jitter>,
    /// Where the API was reached the last time; see [`SignedIn::base`].
    pub base: ApiBase,
    /// The gateway's address without a slash at the end. [`GATEWAY`], except in a rehearsal.
    pub gateway: String,
    /// The account that signed in before. When set, another account is refused.
    pub expected_account: Option<AccountIdentity>,
    /// The `User-Agent`. Must not look like a browser's: Jira then expects XSRF tokens.
    pub user_agent: String,
}

impl ClientSettings {
    /// Settings with the system's clock, the usual limits and the usual gateway.
    pub fn new(transport: Arc<dyn Transport>, site: SiteInfo, credentials: Credentials) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Self {
            transport,
            site,
            credentials,
            limiter: Limiter::new(LimiterSettings::default(), clock.clone()),
            clock,
            jitter: Arc::new(SystemJitter::default()),
            base: ApiBase::Site,
            gateway: GATEWAY.to_owned(),
            expected_account: None,
            user_agent: concat!("jira-client/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// What [`Client::sign_in`] found.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// Where the API was reached; hand it to [`ClientSettings::base`] the next time.
    pub base: ApiBase,
}

/// One account on one site. Cheap to clone; clones share everything.
///
/// The first refusal of the credentials *trips* the client: every further call fails at once with
/// the same [`Error::Auth`], without a request. Jira counts failed log-ins and then locks even the
/// right password behind a CAPTCHA, so a client never asks twice with a refused secret. Make a new
/// client once the secret is replaced.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    settings: ClientSettings,
    base: RwLock<ApiBase>,
    known: OnceLock<AccountIdentity>,
    tripped: OnceLock<(AuthReason, Said)>,
    recheck: Recheck,
    /// The site names the account on its answers, so one without a name is suspicious.
    names_us: AtomicBool,
    /// Set when the site turned out to have only the old create metadata.
    old_create_meta: OnceLock<()>,
}

impl Client {
    /// A client; nothing is sent yet. Call [`sign_in`](Self::sign_in) first.
    #[must_use]
    pub fn new(settings: ClientSettings) -> Self {
        let known = OnceLock::new();
        if let Some(account) = settings.expected_account.clone() {
            known.get_or_init(|| account);
        }
        Self {
            inner: Arc::new(Inner {
                base: RwLock::new(settings.base.clone()),
                settings,
                known,
                tripped: OnceLock::new(),
                recheck: Recheck::default(),
                names_us: AtomicBool::new(false),
                old_create_meta: OnceLock::new(),
            }),
        }
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &SiteInfo {
        &self.inner.settings.site
    }

    /// The product.
    #[must_use]
    pub fn kind(&self) -> SiteKind {
        self.inner.settings.site.kind
    }

    /// The limiter, for showing its state.
    #[must_use]
    pub fn limiter(&self) -> &Limiter {
        &self.inner.settings.limiter
    }

    /// Where the API is reached at present.
    #[must_use]
    pub fn base(&self) -> ApiBase {
        self.inner
            .base
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The account this client has signed in as.
    #[must_use]
    pub fn account(&self) -> Option<&AccountIdentity> {
        self.inner.known.get()
    }

    /// Why every call is refused, once the site has refused the credentials.
    #[must_use]
    pub fn tripped(&self) -> Option<&AuthReason> {
        self.inner.tripped.get().map(|(reason, _)| reason)
    }

    fn set_base(&self, base: ApiBase) {
        *self
            .inner
            .base
            .write()
            .unwrap_or_else(PoisonError::into_inner) = base;
    }

    /// Refuses every further call.
    fn trip(&self, reason: AuthReason, said: Said) -> Error {
        let (reason, said) = self.inner.tripped.get_or_init(|| (reason, said)).clone();
        Error::Auth { reason, said }
    }

    fn check_tripped(&self) -> Result<()> {
        match self.inner.tripped.get().cloned() {
            Some((reason, said)) => Err(Error::Auth { reason, said }),
            None => Ok(()),
        }
    }

    pub(crate) fn has_old_create_meta(&self) -> bool {
        self.inner.old_create_meta.get().is_some()
    }

    pub(crate) fn remember_old_create_meta(&self) {
        self.inner.old_create_meta.get_or_init(|| ());
    }

    /// Sends a call and decodes its answer.
    pub(crate) async fn json<T: DeserializeOwned>(&self, call: Call) -> Result<T> {
        self.answer(&call).await?.decode(call.endpoint)
    }

    /// As [`json`](Self::json), and confirms who is asking when the list is empty.
    pub(crate) async fn list<T: DeserializeOwned>(&self, call: Call) -> Result<Vec<T>> {
        let answer = self.answer(&call).await?;
        let list: Vec<T> = answer.decode(call.endpoint)?;
        if list.is_empty() {
            self.confirm_identity().await?;
        }
        Ok(list)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("site", &self.site().base_url)
            .field("account", &self.account())
            .field("base", &self.base())
            .field("tripped", &self.tripped())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
