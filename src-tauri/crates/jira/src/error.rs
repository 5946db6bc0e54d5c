//! What can go wrong between us and Jira, classified once, where the answer is read.

use crate::transport::{TransportError, TransportErrorKind};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// The longest wait that Jira may ask for and that is sat out without telling the caller; a longer one is given
/// back as an error.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Why a call to Jira gave no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No answer: the way to the site failed.
    #[error("the site {host} cannot be reached: {error}")]
    Network {
        /// The host.
        host: String,
        /// How.
        error: TransportError,
    },
    /// Jira answers with an error of its own (5xx) or is under maintenance. Passes by itself.
    #[error("Jira is not available ({status})")]
    Unavailable {
        /// HTTP status.
        status: u16,
        /// How long Jira asks us to wait.
        retry_after: Option<Duration>,
    },
    /// Jira asks for fewer requests, and still did after the retries.
    #[error("Jira asks for fewer requests")]
    Limited {
        /// Which limit.
        reason: LimitReason,
        /// How long Jira asks us to wait.
        retry_after: Duration,
    },
    /// Jira lets nothing of this kind through for longer than anybody should be kept waiting unasked. Nothing
    /// is sent until then.
    #[error("Jira lets nothing through until {until}")]
    Paused {
        /// Which limit.
        reason: LimitReason,
        /// Until when.
        until: Timestamp,
    },
    /// Our identity does not count.
    #[error("Jira does not accept who we are: {0:?}")]
    Auth(AuthReason),
    /// The account may not do this.
    #[error("the account may not do this")]
    Permission {
        /// Jira's own words, for showing; never to branch on.
        messages: Vec<String>,
    },
    /// It is not there, or may not be seen; Jira does not tell which.
    #[error("it is not there, or may not be seen")]
    Gone,
    /// Jira refused what was sent.
    #[error("Jira refused the request")]
    Rejected {
        /// Jira's own words, for showing; never to branch on. Those about fields begin with the field's id.
        messages: Vec<String>,
        /// What it has against single fields, by their ids.
        fields: BTreeMap<String, String>,
    },
    /// A race inside Jira; the same request may succeed after a fresh read.
    #[error("a conflicting change inside Jira")]
    Conflict,
    /// Something answers, but not with Jira's interface.
    #[error("this does not answer as Jira")]
    NotJira,
    /// The site sends us to another host. Credentials are never sent on.
    #[error("the site sends us to {to}")]
    Redirect {
        /// Where to.
        to: String,
    },
    /// This version of Jira lacks the endpoint.
    #[error("this Jira has no {endpoint}")]
    Unsupported {
        /// Path of the endpoint.
        endpoint: String,
    },
    /// The address cannot be used.
    #[error("the address cannot be used")]
    Address,
    /// An answer that does not have the documented shape.
    #[error("an answer of {endpoint} could not be read: {what}")]
    Shape {
        /// Path of the endpoint.
        endpoint: String,
        /// What the parser says; holds no values of the answer.
        what: String,
    },
}

/// Why our identity does not count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuthReason {
    /// The name, token or password is wrong.
    Wrong,
    /// It was right before and is not any more.
    ExpiredOrRevoked,
    /// Jira wants a CAPTCHA solved in the browser first.
    Captcha {
        /// Where.
        login_url: Option<String>,
    },
    /// Signing in with a password is switched off.
    BasicDisabled,
    /// Jira answers as if nobody had asked: an empty answer proves nothing.
    Anonymous,
    /// An earlier call was refused, so nothing more is sent: repeating a refused sign-in locks the account.
    Stopped,
}

/// Which of Jira's limits was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LimitReason {
    /// Too many of one kind of request in a short time.
    Burst,
    /// Too many writes to one issue.
    PerIssue,
    /// The quota of the hour is used up.
    Quota,
    /// Jira did not say.
    Unknown,
}

impl Error {
    /// Whether it may pass by itself.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Network { error, .. } => error.is_transient(),
            Self::Unavailable { .. }
            | Self::Limited { .. }
            | Self::Paused { .. }
            | Self::Conflict => true,
            _ => false,
        }
    }

    /// Whether a change may have been made although no good answer says so. Whoever sent it looks before trying
    /// again.
    #[must_use]
    pub fn leaves_doubt(&self) -> bool {
        match self {
            Self::Network { error, .. } => error.may_have_been_sent,
            // A gateway in between gives up before Jira does, and answers with pages of its own.
            Self::Unavailable { .. } | Self::NotJira | Self::Shape { .. } => true,
            _ => false,
        }
    }

    /// Whether the same change may be sent again without looking first: it did not arrive, or was turned away at the
    /// door. A conflict inside Jira was refused too, but what it conflicted with has to be looked at.
    pub(crate) fn changed_nothing(&self) -> bool {
        match self {
            Self::Network { error, .. } => !error.may_have_been_sent,
            Self::Limited { .. } => true,
            _ => false,
        }
    }

    /// Whether trying again at once could help: not for a name that does not exist or a closed door.
    pub(crate) fn is_worth_a_retry(&self) -> bool {
        match self {
            Self::Network { error, .. } => {
                matches!(
                    error.kind,
                    TransportErrorKind::Timeout | TransportErrorKind::Other
                )
            }
            Self::Paused { .. } => false,
            Self::Unavailable {
                retry_after: Some(wait),
                ..
            } => *wait <= PATIENCE,
            other => other.is_transient(),
        }
    }
}
