//! Jira Cloud and Data Center as one typed client over a byte-level transport.
//!
//! A [`Client`] speaks to one site with one identity through one limiter. What it gives is cut down to what is
//! used, and ids are always text. Four rules hold everywhere:
//!
//! - **No identity, no truth.** Jira answers an unknown caller with empty pages and 404s. An empty page or a
//!   missing thing is passed on only after Jira has shown that it knows who asked.
//! - **A refused sign-in stops the client.** Nothing more is sent, because repeating it locks the account.
//! - **A change is sent once**, unless it is certain that nothing came of it; and nothing is ever deleted.
//! - **Words are for people.** Jira's messages are translated and change; nothing is decided by them.
//!
//! The shapes follow Atlassian's OpenAPI descriptions (Cloud platform v3, Jira Software 1.0, Data Center
//! 10.3) and fall back for Servers from 8.x.

mod changelog;
mod client;
mod clock;
mod credentials;
mod detect;
mod error;
mod issue;
pub mod jql;
mod limiter;
mod model;
mod read;
pub mod richtext;
mod search;
mod site;
mod sprint;
mod transport;
mod write;

pub use changelog::{Change, ChangePage, FieldChange, History};
pub use client::{CONCURRENCY_MAX, Client, ClientOptions};
pub use clock::{Clock, FixedJitter, Jitter, SystemClock, SystemJitter};
pub use credentials::Credentials;
pub use detect::{Found, detect, sign_in};
pub use error::{AuthReason, Error, LimitReason};
pub use issue::Issue;
pub use limiter::{Call, Limiter, LimiterState, Permit};
pub use model::{
    Account, Board, BoardConfiguration, Count, CreateField, FieldInfo, FieldSchema, IssueType,
    JqlCheck, Named, Permission, Project, SiteInfo, Status, User, moment,
};
pub use read::status;
pub use search::{BODIES_MAX, Bodies, IdPage};
pub use site::{SiteKind, SiteUrl};
pub use sprint::{Sprint, SprintState};
pub use transport::{
    HttpSettings, HttpTransport, SettingsError, TlsReason, Transport, TransportError,
    TransportErrorKind,
};
pub use write::{Created, Edit, LinkType, ListEdit, MOVED_MAX, NewIssue, Transition};

#[cfg(test)]
mod tests;
