//! Clients for connections: made once from the connection and its secret, kept until either changes.

use crate::adapter::JiraRemote;
use crate::connections::{Proxy, Writing};
use crate::error::EngineError;
use crate::leaving::remembered_site;
use crate::practice::Rehearsal;
use crate::problem::Problem;
use crate::secrets::SecretError;
use crate::{Engine, Topic};
use jira::{
    CONCURRENCY_MAX, Client, ClientOptions, Clock, Credentials, HttpSettings, HttpTransport,
    Limiter, SettingsError, SiteKind, Transport,
};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::ConnectionId;
use store::connection::{AuthKind, Connection, ConnectionData, ConnectionState};
use tokio::sync::OnceCell;

/// How often a read is tried when Jira or the network fails for a moment.
pub(crate) const TRIES: u32 = 4;

/// Atlassian's gateway.
const GATEWAY: &str = "https://api.atlassian.com/ex/jira";

/// Makes the way to a site.
pub trait Transports: Send + Sync {
    /// The way to a site with these settings.
    ///
    /// # Errors
    /// Which setting cannot be used.
    fn open(&self, settings: &HttpSettings) -> Result<Arc<dyn Transport>, SettingsError>;

    /// Where Cloud tokens with scopes work: the address up to the site's id.
    fn gateway(&self) -> String {
        GATEWAY.to_owned()
    }
}

/// Ways over the network.
#[derive(Debug, Clone, Copy, Default)]
pub struct NetworkTransports;

impl Transports for NetworkTransports {
    fn open(&self, settings: &HttpSettings) -> Result<Arc<dyn Transport>, SettingsError> {
        Ok(Arc::new(HttpTransport::new(settings)?))
    }
}

/// Clients by connection, and limiters by site.
#[derive(Default)]
pub struct Sites {
    /// A cell each, so that a keyring that asks somebody for a password, or a practice site that is being
    /// made up, holds up nobody but those who want that very connection.
    clients: Mutex<BTreeMap<ConnectionId, Arc<OnceCell<Client>>>>,
    /// Connections to the same site heed its limits together, and what a site asked for outlives the client
    /// that was asked.
    limiters: Mutex<BTreeMap<String, Limiter>>,
    /// Secrets that are being written now.
    pub(crate) writing: Writing,
}

impl Sites {
    /// Forgets a client, because what it was made from changed. Whoever is just making it from the old
    /// gets it; nobody after them does.
    pub fn forget(&self, id: ConnectionId) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.remove(&id);
    }

    fn cell(&self, id: ConnectionId) -> Arc<OnceCell<Client>> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.entry(id).or_default().clone()
    }

    fn limiter(&self, site_url: &str, clock: &Arc<dyn Clock>) -> Limiter {
        let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
        let limiter = limiters.entry(site_url.to_owned());
        limiter
            .or_insert_with(|| Limiter::new(clock.clone(), CONCURRENCY_MAX))
            .clone()
    }
}

impl Engine {
    /// The client of a connection.
    ///
    /// # Errors
    /// [`EngineError::ConnectionStopped`] until its credentials are mended, or why the secret cannot be had.
    pub(crate) async fn client(&self, id: ConnectionId) -> Result<Client, EngineError> {
        let cell = self.inner.sites.cell(id);
        let client = cell
            .get_or_try_init(|| async {
                let connection = self.connection_row(id).await?;
                match connection.state {
                    ConnectionState::Stopped { .. } => Err(EngineError::ConnectionStopped),
                    ConnectionState::Working => self.make_client(&connection).await,
                }
            })
            .await?;
        Ok(client.clone())
    }

    pub(crate) async fn remote(&self, id: ConnectionId) -> Result<JiraRemote, EngineError> {
        Ok(JiraRemote::new(self.client(id).await?))
    }

    pub(crate) async fn connection_row(&self, id: ConnectionId) -> Result<Connection, EngineError> {
        let found = self
            .inner
            .store
            .read(move |read| {
                Ok(match store::connection::get(read, id)? {
                    Some(found) => Ok(found),
                    None => Err(remembered_site(read, id)?),
                })
            })
            .await?;
        found.map_err(|site| match site {
            Some(site) => EngineError::ConnectionRemoved(site),
            None => EngineError::NotFound("connection"),
        })
    }

    /// A client made now from what is kept, also of a connection that is stopped.
    ///
    /// # Errors
    /// Why the secret cannot be had, or what of the way to the site cannot be used.
    pub(crate) async fn make_client(&self, connection: &Connection) -> Result<Client, EngineError> {
        match self.client_from(connection).await {
            Err(EngineError::Secret(SecretError::Missing)) => {
                // They may have been put under another name since the row was read.
                let now = self.connection_row(connection.id).await?;
                if now.data.secret_ref == connection.data.secret_ref {
                    return Err(SecretError::Missing.into());
                }
                self.client_from(&now).await
            }
            made => made,
        }
    }

    async fn client_from(&self, connection: &Connection) -> Result<Client, EngineError> {
        let data = &connection.data;
        let secret = self.secrets().await?.get(&data.secret_ref).await?;
        let identity = self.identity_of(data).await?;
        let proxy = self.proxy_of(data).await?;
        let settings = settings(data.ca_pem.as_deref(), proxy.as_ref(), identity.as_ref());
        let base = match data.practice {
            Some(practice) => {
                let rehearsal = Rehearsal {
                    cloud: practice.face == store::connection::SiteKind::Cloud,
                    issues: practice.issues,
                    seed: practice.seed,
                };
                self.inner.practice.address(rehearsal).await?
            }
            None => data.api_base.clone(),
        };
        let clock = self.inner.clock.clone();
        let limiter = self.inner.sites.limiter(&data.site_url, &clock);
        let options = ClientOptions {
            transport: self.transport(&settings)?,
            clock,
            jitter: self.inner.jitter.clone(),
            kind: kind(data.kind),
            base,
            credentials: Some(credentials(data.auth, &data.login, secret)),
            tries: TRIES,
        };
        Ok(Client::with_limiter(options, limiter))
    }

    pub(crate) fn transport(
        &self,
        settings: &HttpSettings,
    ) -> Result<Arc<dyn Transport>, EngineError> {
        self.inner
            .transports
            .open(settings)
            .map_err(|error| match error {
                SettingsError::BadProxy => EngineError::Refused(Problem::new("proxy_failed")),
                other => EngineError::CertificateInvalid(other.to_string()),
            })
    }

    /// Notes a refusal of our identity: the connection stops, so that no background work repeats it and
    /// locks the account. Gives the error back.
    pub(crate) async fn note(&self, id: ConnectionId, error: EngineError) -> EngineError {
        if let EngineError::Jira(jira::Error::Auth(reason)) = &error
            && *reason != jira::AuthReason::Stopped
        {
            let problem = Problem::from(&error);
            let state = ConnectionState::Stopped {
                detail: problem.detail_text(),
                code: problem.code,
            };
            let now = self.now();
            let noted = self
                .inner
                .store
                .write(move |tx| store::connection::set_state(tx, id, &state, now))
                .await;
            if let Err(error) = noted {
                tracing::warn!(%error, "a stopped connection could not be noted");
            }
            self.inner.sites.forget(id);
            self.tell(&[Topic::Connections]);
        }
        error
    }
}

/// Settings of the way to a site.
pub(crate) fn settings(
    ca_pem: Option<&str>,
    proxy: Option<&Proxy>,
    identity: Option<&SecretString>,
) -> HttpSettings {
    let ca_pem = ca_pem.map(str::trim).filter(|text| !text.is_empty());
    HttpSettings {
        ca_pem: ca_pem.map(|text| text.as_bytes().to_vec()),
        proxy: proxy.map(|proxy| proxy.whole().expose_secret().to_owned()),
        client_identity_pem: identity
            .map(|pem| SecretSlice::from(pem.expose_secret().as_bytes().to_vec())),
        ..HttpSettings::default()
    }
}

/// Credentials from what a connection holds.
pub(crate) fn credentials(auth: AuthKind, login: &str, secret: SecretString) -> Credentials {
    match auth {
        AuthKind::CloudToken => Credentials::CloudToken {
            email: login.to_owned(),
            token: secret,
        },
        AuthKind::Password => Credentials::Password {
            user: login.to_owned(),
            password: secret,
        },
        AuthKind::Pat => Credentials::PersonalAccessToken(secret),
    }
}

/// Whether two connections lead to one site: by the address that both go to, by what the site says of
/// itself to both, or because both are of the same practice site.
pub(crate) fn same_site(one: &ConnectionData, other: &ConnectionData) -> bool {
    match (one.practice, other.practice) {
        (Some(one), Some(other)) => one == other,
        (None, None) => {
            one.site_url == other.site_url
                || (!one.display_url.is_empty() && one.display_url == other.display_url)
        }
        _ => false,
    }
}

pub(crate) fn kind(kind: store::connection::SiteKind) -> SiteKind {
    match kind {
        store::connection::SiteKind::Cloud => SiteKind::Cloud,
        store::connection::SiteKind::DataCenter => SiteKind::DataCenter,
    }
}

pub(crate) fn stored_kind(kind: SiteKind) -> store::connection::SiteKind {
    match kind {
        SiteKind::Cloud => store::connection::SiteKind::Cloud,
        SiteKind::DataCenter => store::connection::SiteKind::DataCenter,
    }
}
