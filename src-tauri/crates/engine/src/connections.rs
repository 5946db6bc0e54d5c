//! Connections: finding a site, testing credentials, keeping both.

mod change;
mod check;
mod create;
mod keep;
mod proxy;
mod report;

pub use check::Attempt;
pub(crate) use keep::{Writing, loosen};
pub use proxy::Proxy;
pub use report::{CheckLine, CheckOutcome, Report};

use crate::problem::Problem;
use jira::{SiteInfo, SiteKind};
use secrecy::SecretString;
use store::connection::AuthKind;

/// What a connection is made from.
#[derive(Debug, Clone)]
pub struct ConnectionDraft {
    /// Name, unique.
    pub name: String,
    /// Address, as somebody typed it.
    pub url: String,
    /// How to sign in.
    pub auth: AuthKind,
    /// E-mail or user name.
    pub login: String,
    /// Token or password.
    pub secret: SecretString,
    /// Certificate authority to trust, PEM.
    pub ca_pem: Option<String>,
    /// Proxy.
    pub proxy: Option<Proxy>,
    /// Client certificate and key, PEM.
    pub client_identity_pem: Option<SecretString>,
}

/// How a connection gets to its site.
#[derive(Debug, Clone)]
pub struct Network {
    /// Certificate authority to trust, PEM; absent: those of the system.
    pub ca_pem: Option<String>,
    /// Proxy; absent: that of the system.
    pub proxy: Option<Proxy>,
    /// Client certificate and key, PEM; absent: none.
    pub client_identity_pem: Option<SecretString>,
}

/// What an address turned out to be.
#[derive(Debug)]
pub struct SiteGuess {
    /// The address cleaned up.
    pub url: String,
    /// Kind of Jira, where it could be told.
    pub kind: Option<SiteKind>,
    /// What the site says about itself.
    pub info: Option<SiteInfo>,
    /// What is wrong with it.
    pub problem: Option<Problem>,
}

fn given(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
pub(crate) mod tests;
