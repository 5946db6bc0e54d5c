//! Who is asking, and how that is proved.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// What a person signs in with. Neither `Debug` nor any error shows a secret.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// Jira Cloud: the account's e-mail address and an API token, scoped or not.
    CloudToken {
        /// The e-mail address of the Atlassian account.
        email: String,
        /// The API token; its length varies, nothing is assumed about it.
        token: SecretString,
    },
    /// Jira Server or Data Center: login name and password. Off by default since Jira 11.
    Password {
        /// The login name.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// Jira Server or Data Center since 8.14: a personal access token.
    PersonalAccessToken(SecretString),
}

impl Credentials {
    /// True where Jira counts a failure as a failed log-in, which leads to a CAPTCHA.
    #[must_use]
    pub fn is_password(&self) -> bool {
        matches!(self, Self::Password { .. })
    }

    /// The `Authorization` header, marked sensitive. `None` when the secret holds characters that
    /// no header can carry (a line break pasted along): it cannot be right.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let basic = |user: &str, secret: &SecretString| {
            let pair = format!("{user}:{}", secret.expose_secret());
            format!("Basic {}", STANDARD.encode(pair))
        };
        let text = match self {
            Self::CloudToken { email, token } => basic(email.trim(), token),
            Self::Password { user, password } => basic(user, password),
            Self::PersonalAccessToken(token) => format!("Bearer {}", token.expose_secret().trim()),
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// Where the API of a site is reached. Worth remembering once it worked: scoped API tokens work
/// through the gateway only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiBase {
    /// At the site's own address.
    Site,
    /// Through Atlassian's gateway.
    Gateway {
        /// The site's id there.
        cloud_id: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_trimmed_and_a_password_is_not() {
        let token = Credentials::CloudToken {
            email: " a@b.c ".to_owned(),
            token: "t".into(),
        };
        assert_eq!(token.header().unwrap(), "Basic YUBiLmM6dA==");
        let password = Credentials::Password {
            user: "u".to_owned(),
            password: " p".into(),
        };
        assert_eq!(password.header().unwrap(), "Basic dTogcA==");
    }

    #[test]
    fn a_secret_shows_in_no_debug_output() {
        let all = [
            Credentials::CloudToken {
                email: "a@b.c".to_owned(),
                token: "hunter2".into(),
            },
            Credentials::Password {
                user: "u".to_owned(),
                password: "hunter2".into(),
            },
            Credentials::PersonalAccessToken("hunter2".into()),
        ];
        for credentials in all {
            assert!(!format!("{credentials:?}").contains("hunter2"));
            let header = credentials.header().unwrap();
            assert!(!format!("{header:?}").contains("Basic"));
            assert!(!format!("{header:?}").contains("hunter2"));
        }
    }

    #[test]
    fn a_token_with_a_line_break_inside_makes_no_header() {
        let token = Credentials::PersonalAccessToken("a\nb".into());
        assert!(token.header().is_none());
    }
}
