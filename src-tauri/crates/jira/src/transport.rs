//! Bytes out, bytes in. Everything above this seam is free of sockets.

mod http_transport;

use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Request, Response};

pub use http_transport::{HttpSettings, HttpTransport, SettingsError};

/// Sends one HTTP request and returns the answer whatever its status is.
///
/// Redirects are not followed and nothing is retried here. Dropping the future gives the
/// request up.
pub trait Transport: Send + Sync {
    /// Sends `request`, whose address is absolute.
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>>;
}

/// No answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {detail}")]
pub struct TransportError {
    /// What went wrong.
    pub kind: TransportErrorKind,
    /// Whether the site may have received the request. False only when that is certain.
    pub may_have_been_sent: bool,
    /// The library's words, for a log. Holds no credentials.
    pub detail: String,
}

impl TransportError {
    /// An error that arose before anything was sent.
    pub fn unsent(kind: TransportErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            may_have_been_sent: false,
            detail: detail.into(),
        }
    }

    /// An error that arose when the request may already have arrived.
    pub fn doubtful(kind: TransportErrorKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            may_have_been_sent: true,
            detail: detail.into(),
        }
    }

    /// True when the same request may succeed a little later without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        use TransportErrorKind as Kind;
        match self.kind {
            Kind::Dns | Kind::Refused | Kind::Timeout | Kind::Proxy | Kind::Other => true,
            Kind::Tls(_) | Kind::Cancelled => false,
        }
    }
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportErrorKind {
    /// The host name is not known.
    #[error("the host name could not be resolved")]
    Dns,
    /// Nobody listens there, or the host or network cannot be reached.
    #[error("the connection was refused or the host is out of reach")]
    Refused,
    /// The time allowed for connecting or for the whole request has passed.
    #[error("no answer in time")]
    Timeout,
    /// No secure connection could be made.
    #[error("no secure connection ({0})")]
    Tls(TlsReason),
    /// The proxy could not be reached or refused.
    #[error("the proxy could not be used")]
    Proxy,
    /// The connection broke, or something unforeseen.
    #[error("the connection failed")]
    Other,
    /// The request was given up from this side.
    #[error("cancelled")]
    Cancelled,
}

/// Why no secure connection could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsReason {
    /// The certificate is signed by an authority this machine does not know: a company's own CA.
    #[error("the certificate's issuer is not known")]
    UnknownIssuer,
    /// The certificate has expired.
    #[error("the certificate has expired")]
    Expired,
    /// The certificate is not valid yet; the machine's clock may be wrong.
    #[error("the certificate is not valid yet")]
    NotYetValid,
    /// The certificate belongs to another host name.
    #[error("the certificate is for another host")]
    WrongHost,
    /// The certificate was revoked.
    #[error("the certificate is revoked")]
    Revoked,
    /// The server asks for a client certificate, or refuses the one given.
    #[error("the server wants a client certificate")]
    ClientCertificate,
    /// The certificate is unusable for another reason.
    #[error("the certificate is not usable")]
    BadCertificate,
    /// The two sides could not agree, or the other side does not speak TLS at all.
    #[error("the handshake failed")]
    Handshake,
}
