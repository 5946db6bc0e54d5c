//! A proxy as somebody names it: an address that is shown and kept, and a password that is a secret.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// A proxy.
#[derive(Debug, Clone)]
pub struct Proxy {
    address: String,
    /// As it stands in a URL, percent-encoded where need be.
    password: Option<SecretString>,
}

impl Proxy {
    /// Takes the password out of what somebody typed; none if nothing was.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let parsed = Url::parse(typed).ok().and_then(|mut url| {
            let password = SecretString::from(url.password()?);
            url.set_password(None).ok()?;
            Some((url, password))
        });
        Some(match parsed {
            Some((url, password)) => Self {
                address: url.as_str().trim_end_matches('/').to_owned(),
                password: Some(password),
            },
            None => Self {
                address: typed.to_owned(),
                password: None,
            },
        })
    }

    /// Without the password.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether a password came with it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// The same with a password as a person knows it.
    #[must_use]
    pub fn with_password(self, password: &SecretString) -> Self {
        let whole = Url::parse(&self.address).ok().and_then(|mut url| {
            // A URL leaves a percent sign as it is, as if what follows were encoded.
            let password = password.expose_secret().replace('%', "%25");
            url.set_password(Some(&password)).ok()?;
            Self::parse(url.as_str())
        });
        whole.unwrap_or(self)
    }

    /// The whole address, password and all, for whoever goes through the proxy.
    #[must_use]
    pub fn whole(&self) -> SecretString {
        let whole = self.password.as_ref().and_then(|password| {
            let mut url = Url::parse(&self.address).ok()?;
            url.set_password(Some(password.expose_secret())).ok()?;
            Some(String::from(url))
        });
        SecretString::from(whole.unwrap_or_else(|| self.address.clone()))
    }

    pub(crate) fn password(&self) -> Option<&SecretString> {
        self.password.as_ref()
    }

    /// The same with a password out of the store for secrets.
    pub(crate) fn opened(mut self, password: Option<SecretString>) -> Self {
        self.password = password.or(self.password);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, address: &str, whole: &str) {
        let proxy = Proxy::parse(typed).expect("something");
        assert_eq!(proxy.address(), address);
        assert_eq!(proxy.whole().expose_secret(), whole);
        assert!(!format!("{proxy:?}").contains(":pass"));
    }

    #[test]
    fn a_password_is_taken_out_of_the_address_and_put_in_again() {
        check(
            "http://ann:pass@proxy.example:3128",
            "http://ann@proxy.example:3128",
            "http://ann:pass@proxy.example:3128/",
        );
        check(
            "http://ann:pass%40x%25@proxy.example:3128/",
            "http://ann@proxy.example:3128",
            "http://ann:pass%40x%25@proxy.example:3128/",
        );
        check(
            "http://proxy.example:3128",
            "http://proxy.example:3128",
            "http://proxy.example:3128",
        );
        check("nonsense", "nonsense", "nonsense");
        assert!(Proxy::parse("  ").is_none());
    }

    #[test]
    fn a_password_as_a_person_knows_it_is_encoded() {
        let proxy = Proxy::parse("http://ann@proxy.example:3128").expect("something");
        let proxy = proxy.with_password(&SecretString::from("pa@s:s%20/"));
        assert_eq!(proxy.address(), "http://ann@proxy.example:3128");
        assert_eq!(
            proxy.whole().expose_secret(),
            "http://ann:pa%40s%3As%2520%2F@proxy.example:3128/"
        );
    }
}
