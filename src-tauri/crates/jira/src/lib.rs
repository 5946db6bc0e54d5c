//! Jira Cloud (REST v3, Agile 1.0) and Jira Server / Data Center (REST v2, Agile 1.0) as one
//! typed client over a byte-level transport.
//!
//! The two products differ in addresses, in paging, in how a person is named and in what an
//! answer means. This crate hides the first three and is careful about the last: Jira treats a
//! caller whose credentials it refused as *anonymous*, and many endpoints then answer `200` with
//! nothing in it. So an empty page or a `404` is handed on only after the site has confirmed who
//! is asking.
//!
//! * [`site`]: what the user typed becomes a [`SiteUrl`]; [`site::detect`] finds out what is there.
//! * [`auth`]: the kinds of [`Credentials`].
//! * [`Client`]: signing in and every call that reads.
//! * [`search`]: all issue ids of a query, and the issues themselves, in bulk.
//! * [`issue`]: an [`Issue`] with typed access to its fields.
//! * [`jql`]: building queries safely.
//! * [`limits`]: how fast the site lets us go.
//! * [`transport`] and [`clock`]: the network, time and chance, which come in from outside.
//! * [`richtext`]: descriptions and comments.
//!
//! Errors are classified where they are born, see [`Error`]. The words Jira sends are kept for
//! showing and never looked at.

pub mod auth;
pub mod client;
pub mod clock;
mod dates;
pub mod error;
pub mod ids;
pub mod issue;
pub mod jql;
pub mod limits;
pub mod model;
mod read;
pub mod richtext;
pub mod search;
pub mod site;
pub mod transport;

pub use auth::Credentials;
pub use client::{Client, ClientSettings, SignedIn};
pub use error::{AuthReason, Error, Result};
pub use ids::{FieldId, IssueId, IssueKey};
pub use issue::Issue;
pub use read::{PermissionContext, ProjectQuery};
pub use site::{SiteInfo, SiteKind, SiteUrl};
pub use transport::{HttpTransport, Transport, TransportError};
