//! People.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::or_default;

/// What identifies a person on a site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserId {
    /// Cloud: the account id.
    Account(String),
    /// Data Center: the user key, which stays when the login name changes.
    Key(String),
    /// Data Center: the login name, where no key is known.
    Name(String),
}

/// A person as issues and look-ups show them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Cloud only.
    #[serde(default)]
    pub account_id: Option<String>,
    /// Cloud: `atlassian`, `app` or `customer`.
    #[serde(default)]
    pub account_type: Option<String>,
    /// Data Center: stays for ever.
    #[serde(default)]
    pub key: Option<String>,
    /// Data Center: the login name; can be changed.
    #[serde(default)]
    pub name: Option<String>,
    /// The name for people.
    #[serde(default, deserialize_with = "or_default")]
    pub display_name: String,
    /// Missing for most people on Cloud (privacy).
    #[serde(default)]
    pub email_address: Option<String>,
    /// False for deactivated accounts.
    #[serde(default = "yes")]
    pub active: bool,
    /// IANA name of the profile's time zone.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Pictures by size (`48x48`).
    #[serde(default, deserialize_with = "or_default")]
    pub avatar_urls: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

impl User {
    /// What identifies this person; `None` for an anonymised one without any id.
    #[must_use]
    pub fn id(&self) -> Option<UserId> {
        let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        some(&self.account_id)
            .map(UserId::Account)
            .or_else(|| some(&self.key).map(UserId::Key))
            .or_else(|| some(&self.name).map(UserId::Name))
    }

    /// The e-mail address, where the site gives one.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email_address
            .as_deref()
            .filter(|text| !text.is_empty())
    }
}

/// The account that is signed in (`GET /myself`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Account {
    /// The person.
    pub user: User,
}

impl Account {
    /// What identifies the account.
    #[must_use]
    pub fn identity(&self) -> Option<AccountIdentity> {
        let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(account_id) = some(&self.user.account_id) {
            return Some(AccountIdentity::Cloud { account_id });
        }
        let name = some(&self.user.name);
        let key = some(&self.user.key).or_else(|| name.clone())?;
        Some(AccountIdentity::DataCenter {
            name: name.unwrap_or_else(|| key.clone()),
            key,
        })
    }

    /// The time zone in which the site reads the dates of this account's queries.
    ///
    /// `None` when the site does not say or this machine does not know the name.
    #[must_use]
    pub fn time_zone(&self) -> Option<jiff::tz::TimeZone> {
        jiff::tz::TimeZone::get(self.user.time_zone.as_deref()?).ok()
    }
}

/// What identifies an account: worth keeping, to notice when another one signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountIdentity {
    /// Cloud.
    Cloud {
        /// The account id.
        account_id: String,
    },
    /// Server and Data Center.
    DataCenter {
        /// Stays for ever.
        key: String,
        /// The login name; can be changed.
        name: String,
    },
}

impl AccountIdentity {
    /// True when both name the same account; a changed login name does not matter.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Cloud { account_id: a }, Self::Cloud { account_id: b }) => a == b,
            (Self::DataCenter { key: a, .. }, Self::DataCenter { key: b, .. }) => a == b,
            _ => false,
        }
    }

    /// The account id, on Cloud.
    #[must_use]
    pub fn account_id(&self) -> Option<&str> {
        match self {
            Self::Cloud { account_id } => Some(account_id),
            Self::DataCenter { .. } => None,
        }
    }
}
