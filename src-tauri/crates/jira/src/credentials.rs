//! How one signs in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

/// What proves who we are. Prints without its secret.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// Cloud: e-mail address and API token.
    CloudToken {
        /// The account's e-mail address.
        email: String,
        /// The token.
        token: SecretString,
    },
    /// Server and Data Center: user name and password.
    Password {
        /// The user name.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// Data Center from 8.14: a personal access token.
    PersonalAccessToken(SecretString),
}

impl Credentials {
    /// The value of the `Authorization` header.
    pub(crate) fn authorization(&self) -> SecretString {
        let basic = |name: &str, secret: &SecretString| {
            let pair = SecretString::from(format!("{name}:{}", secret.expose_secret()));
            SecretString::from(format!("Basic {}", STANDARD.encode(pair.expose_secret())))
        };
        match self {
            Self::CloudToken { email, token } => basic(email, token),
            Self::Password { user, password } => basic(user, password),
            Self::PersonalAccessToken(token) => {
                SecretString::from(format!("Bearer {}", token.expose_secret()))
            }
        }
    }

    /// Whether it is a password, which an administrator may have switched off.
    pub(crate) fn is_password(&self) -> bool {
        matches!(self, Self::Password { .. })
    }
}
