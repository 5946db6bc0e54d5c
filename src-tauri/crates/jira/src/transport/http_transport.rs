//! The transport over real sockets: reqwest with rustls.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response, StatusCode};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::{AlertDescription, CertificateError};
use secrecy::{ExposeSecret, SecretSlice};

use super::{TlsReason, Transport, TransportError, TransportErrorKind};

/// How to reach a site.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Extra trusted certificate authorities, PEM, one or more certificates.
    pub ca_pem: Option<Vec<u8>>,
    /// A client certificate with its private key, PEM, both in one.
    pub client_identity_pem: Option<SecretSlice<u8>>,
    /// The address of a proxy. `None` follows the environment (`HTTPS_PROXY`, `NO_PROXY`, …).
    /// A loopback address is always reached directly.
    pub proxy: Option<String>,
    /// How long making a connection may take.
    pub connect_timeout: Duration,
    /// How long a request may take from its start to the end of the answer.
    pub request_timeout: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            ca_pem: None,
            client_identity_pem: None,
            proxy: None,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
        }
    }
}

/// Why a transport could not be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The text holds no certificate in PEM form.
    #[error("no certificate was found in the CA file")]
    NoCertificate,
    /// The CA file holds something that is not a usable certificate.
    #[error("the CA file is not usable")]
    BadCertificate,
    /// The client certificate needs a certificate and its private key, both in PEM form.
    #[error("the client certificate is not usable: it needs a certificate and its private key")]
    BadIdentity,
    /// The proxy's address cannot be read.
    #[error("the proxy's address cannot be read")]
    BadProxy,
    /// The TLS library could not be started.
    #[error("the TLS library could not be started: {0}")]
    Tls(String),
}

/// [`Transport`] over real sockets. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    proxied: reqwest::Client,
    direct: reqwest::Client,
    has_proxy: bool,
    has_system_roots: bool,
}

impl HttpTransport {
    /// Prepares connections; nothing is sent yet.
    ///
    /// A machine without any system certificates is not an error: plain http and the given CA
    /// work all the same, see [`has_system_roots`](Self::has_system_roots).
    ///
    /// # Errors
    /// When a certificate, the client identity or the proxy's address is not usable.
    pub fn new(settings: &HttpSettings) -> Result<Self, SettingsError> {
        // Checked here one by one, as the builder's own error does not say which part is at fault.
        let authorities = authorities(settings)?;
        let identity = identity(settings)?;
        let proxy = match &settings.proxy {
            Some(address) => Some(proxy(address)?),
            None => None,
        };
        let build = |with_proxy: bool, only: bool| {
            let mut builder = reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .gzip(true)
                .connect_timeout(settings.connect_timeout)
                .timeout(settings.request_timeout)
                .dns_resolver(Arc::new(SystemResolver));
            builder = if only {
                builder.tls_certs_only(authorities.clone())
            } else {
                builder.tls_certs_merge(authorities.clone())
            };
            if let Some(identity) = &identity {
                builder = builder.identity(identity.clone());
            }
            match (&proxy, with_proxy) {
                (Some(proxy), true) => builder = builder.proxy(proxy.clone()),
                (None, true) => {}
                (_, false) => builder = builder.no_proxy(),
            }
            builder.build()
        };
        let (direct, has_system_roots) = match build(false, false) {
            Ok(client) => (client, true),
            Err(_) => (build(false, true).map_err(tls)?, false),
        };
        Ok(Self {
            proxied: build(true, !has_system_roots).map_err(tls)?,
            direct,
            has_proxy: proxy.is_some(),
            has_system_roots,
        })
    }

    /// False when this machine has no trusted certificates at all, so that only the given CA
    /// counts and every other https site fails with [`TlsReason::UnknownIssuer`].
    #[must_use]
    pub fn has_system_roots(&self) -> bool {
        self.has_system_roots
    }
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        async move {
            let local = is_loopback(request.uri().host().unwrap_or_default());
            let client = if local { &self.direct } else { &self.proxied };
            let through_proxy = self.has_proxy && !local;
            let request = reqwest::Request::try_from(request)
                .map_err(|error| classify(&error, through_proxy))?;
            let answer = client
                .execute(request)
                .await
                .map_err(|error| classify(&error, through_proxy))?;
            if answer.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
                return Err(TransportError::unsent(
                    TransportErrorKind::Proxy,
                    "the proxy wants a log-in",
                ));
            }
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = answer.status();
            *response.version_mut() = answer.version();
            *response.headers_mut() = answer.headers().clone();
            *response.body_mut() = answer
                .bytes()
                .await
                .map_err(|error| classify(&error, through_proxy))?;
            Ok(response)
        }
        .boxed()
    }
}

fn tls(error: reqwest::Error) -> SettingsError {
    SettingsError::Tls(chain(&error))
}

fn authorities(settings: &HttpSettings) -> Result<Vec<reqwest::Certificate>, SettingsError> {
    let Some(pem) = &settings.ca_pem else {
        return Ok(Vec::new());
    };
    let found =
        reqwest::Certificate::from_pem_bundle(pem).map_err(|_| SettingsError::BadCertificate)?;
    if found.is_empty() {
        return Err(SettingsError::NoCertificate);
    }
    // A block marked CERTIFICATE may hold anything; only a build tells.
    reqwest::Client::builder()
        .tls_certs_only(found.clone())
        .build()
        .map_err(|_| SettingsError::BadCertificate)?;
    Ok(found)
}

fn identity(settings: &HttpSettings) -> Result<Option<reqwest::Identity>, SettingsError> {
    let Some(pem) = &settings.client_identity_pem else {
        return Ok(None);
    };
    let found =
        reqwest::Identity::from_pem(pem.expose_secret()).map_err(|_| SettingsError::BadIdentity)?;
    reqwest::Client::builder()
        .tls_certs_only([])
        .identity(found.clone())
        .build()
        .map_err(|_| SettingsError::BadIdentity)?;
    Ok(Some(found))
}

fn proxy(address: &str) -> Result<reqwest::Proxy, SettingsError> {
    let address = address.trim();
    let parsed = url::Url::parse(address).map_err(|_| SettingsError::BadProxy)?;
    if !parsed.has_host() {
        return Err(SettingsError::BadProxy);
    }
    reqwest::Proxy::all(address).map_err(|_| SettingsError::BadProxy)
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Name look-up whose failure can be told from every other failure by its type.
struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            match tokio::net::lookup_host((name.as_str(), 0)).await {
                Ok(found) => Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs),
                Err(error) => Err(Box::new(NameNotFound(error)) as Box<dyn StdError + Send + Sync>),
            }
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("name look-up failed: {0}")]
struct NameNotFound(io::Error);

fn classify(error: &reqwest::Error, through_proxy: bool) -> TransportError {
    let kind = kind_of(error);
    let unsent = error.is_connect() || error.is_builder();
    let kind = match kind {
        // What cannot be reached is then the proxy, not the site.
        TransportErrorKind::Dns | TransportErrorKind::Refused if through_proxy => {
            TransportErrorKind::Proxy
        }
        TransportErrorKind::Other if through_proxy && error.is_connect() => {
            TransportErrorKind::Proxy
        }
        kind => kind,
    };
    TransportError {
        kind,
        may_have_been_sent: !unsent,
        detail: chain(error),
    }
}

fn kind_of(error: &reqwest::Error) -> TransportErrorKind {
    if error.is_timeout() {
        return TransportErrorKind::Timeout;
    }
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = next {
        if cause.is::<NameNotFound>() {
            return TransportErrorKind::Dns;
        }
        if let Some(error) = cause.downcast_ref::<rustls::Error>() {
            return TransportErrorKind::Tls(tls_reason(error));
        }
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            if let Some(inner) = tls_within(error) {
                return TransportErrorKind::Tls(tls_reason(inner));
            }
            match error.kind() {
                io::ErrorKind::ConnectionRefused
                | io::ErrorKind::HostUnreachable
                | io::ErrorKind::NetworkUnreachable
                | io::ErrorKind::AddrNotAvailable => return TransportErrorKind::Refused,
                io::ErrorKind::TimedOut => return TransportErrorKind::Timeout,
                _ => {}
            }
        }
        next = cause.source();
    }
    TransportErrorKind::Other
}

/// The TLS error inside an I/O error, which may be wrapped more than once. Its `source` passes over what it
/// wraps, so the chain of causes alone does not lead there.
fn tls_within(error: &io::Error) -> Option<&rustls::Error> {
    let inner = error.get_ref()?;
    inner
        .downcast_ref::<rustls::Error>()
        .or_else(|| tls_within(inner.downcast_ref::<io::Error>()?))
}

fn tls_reason(error: &rustls::Error) -> TlsReason {
    match error {
        rustls::Error::InvalidCertificate(reason) => match reason {
            CertificateError::UnknownIssuer => TlsReason::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                TlsReason::Expired
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                TlsReason::NotYetValid
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsReason::WrongHost
            }
            CertificateError::Revoked => TlsReason::Revoked,
            _ => TlsReason::BadCertificate,
        },
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        ) => TlsReason::ClientCertificate,
        _ => TlsReason::Handshake,
    }
}

/// The words of an error and its causes. reqwest puts the address into its own words; addresses
/// hold no credentials here, but queries do not belong into a log either.
fn chain(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        words.push(cause.to_string());
        next = cause.source();
    }
    if words.is_empty() {
        "the request failed".to_owned()
    } else {
        words.join(": ")
    }
}

#[cfg(test)]
mod tests;
