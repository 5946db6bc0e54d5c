//! What can go wrong, classified where it is born.

mod classify;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::limits::LimitReason;
use crate::transport::TransportError;

pub(crate) use classify::{Judgement, judge};

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The site is in trouble (5xx, maintenance); the same call may succeed later.
    #[error("the site cannot answer at present (status {status})")]
    Transient {
        /// The HTTP status.
        status: u16,
        /// How long the site asks to wait.
        retry_after: Option<Duration>,
        /// Jira's own words.
        said: Said,
    },
    /// The site does not accept who is asking. The client refuses all further calls.
    #[error("{reason}")]
    Auth {
        /// Which way.
        reason: AuthReason,
        /// Jira's own words.
        said: Said,
    },
    /// The account is known but may not do this.
    #[error("the account has no permission for this")]
    Permission {
        /// Jira's own words.
        said: Said,
    },
    /// It does not exist, or this account may not see it; Jira does not tell which.
    #[error("it does not exist or is out of this account's reach")]
    Gone {
        /// Jira's own words.
        said: Said,
    },
    /// Jira understood and said no (400, 413, 422): an invalid query, a value that does not fit.
    #[error("Jira refused the request")]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// Jira's own words.
        said: Said,
    },
    /// A race inside Jira (409): read again, then try again.
    #[error("the record changed meanwhile")]
    Conflict {
        /// Jira's own words.
        said: Said,
    },
    /// The site limits how often we may ask.
    #[error("the site's rate limit is reached ({reason})")]
    Limit {
        /// Which limit.
        reason: LimitReason,
        /// How long the site asks to wait.
        retry_after: Option<Duration>,
    },
    /// Something answered, but not Jira's API.
    #[error("the answer is not from Jira's API ({what})")]
    NotJira {
        /// What came instead.
        what: NotJira,
    },
    /// The site sends us to another host. Not followed: credentials stay with the host they are for.
    #[error("the site redirects to {to}")]
    Redirect {
        /// Scheme, host and path of the other place, without its query.
        to: String,
    },
    /// This version of Jira does not have the endpoint (or no longer has it).
    #[error("this Jira does not offer {endpoint}")]
    Unsupported {
        /// The endpoint, with placeholders, as in Atlassian's documentation.
        endpoint: &'static str,
    },
    /// Our own mistake, or an answer in a shape that we do not know.
    #[error("unexpected: {what}")]
    Bug {
        /// What was unexpected, for a report.
        what: String,
    },
}

impl Error {
    /// True when the same call may succeed later without anybody changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_transient(),
            Self::Transient { .. } | Self::Limit { .. } => true,
            _ => false,
        }
    }

    /// How long to wait before trying again, where the site said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Transient { retry_after, .. } | Self::Limit { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Jira's own words, for showing beside ours. In the caller's language; never to be branched on.
    #[must_use]
    pub fn said(&self) -> Option<&Said> {
        match self {
            Self::Transient { said, .. }
            | Self::Auth { said, .. }
            | Self::Permission { said }
            | Self::Gone { said }
            | Self::Rejected { said, .. }
            | Self::Conflict { said } => Some(said),
            _ => None,
        }
    }

    pub(crate) fn auth(reason: AuthReason) -> Self {
        Self::Auth {
            reason,
            said: Said::default(),
        }
    }
}

/// Jira's own words: for showing, never for deciding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// General messages.
    pub messages: Vec<String>,
    /// Messages about one field, by field id.
    pub fields: BTreeMap<String, String>,
}

impl Said {
    /// True when Jira said nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.fields.is_empty()
    }
}

/// Why the site does not accept who is asking.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthReason {
    /// The name or the secret is wrong.
    #[error("the name or the secret is wrong")]
    WrongCredentials,
    /// Too many failed log-ins: a person must log in with the browser once and solve a CAPTCHA.
    #[error("Jira wants a CAPTCHA to be solved in the browser")]
    Captcha {
        /// Where to log in, when Jira names it.
        login_url: Option<String>,
    },
    /// The administrator has switched passwords off for the API: use a personal access token.
    #[error("passwords are switched off for the API of this Jira")]
    BasicDisabled,
    /// It worked before: the secret has expired or was revoked.
    #[error("the token has expired or was revoked")]
    ExpiredOrRevoked,
    /// Jira treats the caller as nobody, so its answers mean nothing.
    #[error("Jira does not recognise the caller")]
    Anonymous,
    /// Refused at the site's address, and the gateway, where scoped tokens work, was out of reach.
    #[error("the token may work through Atlassian's gateway only, which could not be reached")]
    ScopedTokenNeedsGateway,
    /// The credentials work, but belong to another account than before.
    #[error("the credentials belong to another account")]
    OtherAccount,
}

/// What came instead of Jira.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotJira {
    /// A web page: a log-in page, an error page, another program.
    #[error("a web page")]
    WebPage,
    /// No content where content must be.
    #[error("nothing")]
    Empty,
    /// Content that is not JSON.
    #[error("something else than JSON")]
    NotJson,
    /// No Jira at this address, nor at its usual context path.
    #[error("there is no Jira at this address")]
    NoServerInfo,
}
