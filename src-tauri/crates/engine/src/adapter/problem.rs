//! Jira's errors as problems.

use crate::problem::Problem;
use jira::{AuthReason, Error, TlsReason, TransportErrorKind};

/// A code of the api's closed list for an error of Jira's.
#[must_use]
pub fn problem(error: &Error) -> Problem {
    match error {
        Error::Network { host, error } => network(host, error.kind),
        Error::Unavailable { status, .. } => {
            Problem::new("jira_unavailable").with("status", status)
        }
        Error::Limited { retry_after, .. } => {
            Problem::new("rate_limited").with("retry_after_s", retry_after.as_secs().max(1))
        }
        Error::Paused { until, .. } => Problem::new("jira_paused").with("until", until),
        Error::Auth(reason) => auth(reason),
        Error::Permission { messages } => {
            Problem::new("permission_missing").with("messages", messages.join(" "))
        }
        Error::Gone => Problem::new("not_found").with("what", "such thing in Jira"),
        Error::Rejected { messages, .. } => {
            Problem::new("jira_rejected").with("messages", messages.join(" "))
        }
        Error::Conflict => Problem::new("jira_unavailable").with("status", 409),
        Error::NotJira => Problem::new("not_jira"),
        Error::Redirect { to } => Problem::new("redirect_elsewhere").with("to", to),
        Error::Unsupported { endpoint } => Problem::new("jira_too_old").with("endpoint", endpoint),
        Error::Address => Problem::new("url_invalid"),
        other => Problem::new("internal").with("messages", other),
    }
}

fn network(host: &str, kind: TransportErrorKind) -> Problem {
    match kind {
        TransportErrorKind::Dns => Problem::new("host_unknown").with("host", host),
        TransportErrorKind::Refused | TransportErrorKind::Other | TransportErrorKind::Cancelled => {
            Problem::new("host_refused").with("host", host)
        }
        TransportErrorKind::Timeout => Problem::new("host_timeout").with("host", host),
        TransportErrorKind::Proxy => Problem::new("proxy_failed"),
        TransportErrorKind::Tls(TlsReason::ClientCertificate) => {
            Problem::new("tls_untrusted").with("reason", "the server wants a client certificate")
        }
        TransportErrorKind::Tls(reason) => Problem::new("tls_untrusted").with("reason", reason),
    }
}

fn auth(reason: &AuthReason) -> Problem {
    match reason {
        AuthReason::Wrong => Problem::new("credentials_wrong"),
        AuthReason::ExpiredOrRevoked => Problem::new("credentials_expired"),
        AuthReason::Captcha { login_url } => match login_url {
            Some(url) => Problem::new("captcha_required").with("login_url", url),
            None => Problem::new("captcha_required"),
        },
        AuthReason::BasicDisabled => Problem::new("basic_auth_disabled"),
        AuthReason::Anonymous => Problem::new("anonymous"),
        AuthReason::Stopped => Problem::new("connection_stopped"),
    }
}
