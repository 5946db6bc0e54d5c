//! Where secrets lie: the operating system's keyring, or a file locked with a passphrase where no
//! keyring runs. Nothing else of Lockstep ever holds one: not the database, not a log, not an error.

mod file;
mod keyring_store;

use futures::future::BoxFuture;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

pub use file::FileSecrets;
pub use keyring_store::KeyringSecrets;

/// Why a secret could not be had or kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// No store runs on this machine.
    #[error("no store for secrets runs here")]
    Unavailable,
    /// The store is there but locked.
    #[error("the store for secrets is locked")]
    Locked,
    /// The passphrase does not open the file.
    #[error("the passphrase does not open the file")]
    PassphraseWrong,
    /// The data directory is another process's, and so are its secrets.
    #[error("the secrets are for the owner of the data directory")]
    NotOwned,
    /// There is no secret of that name.
    #[error("there is no such secret")]
    Missing,
    /// The file of secrets cannot be read or written.
    #[error("the file of secrets cannot be used: {0}")]
    File(String),
}

/// A place for secrets.
pub trait SecretStore: Send + Sync {
    /// The secret of that name.
    ///
    /// # Errors
    /// [`SecretError::Missing`] if there is none; otherwise why the store cannot be asked.
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>>;

    /// Keeps a secret, in place of one of the same name.
    ///
    /// # Errors
    /// Why the store cannot keep it.
    fn set<'a>(
        &'a self,
        name: &'a str,
        secret: &'a SecretString,
    ) -> BoxFuture<'a, Result<(), SecretError>>;

    /// Forgets a secret. Forgetting one that is not there is fine.
    ///
    /// # Errors
    /// Why the store cannot be asked.
    fn forget<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), SecretError>>;

    /// Whether the store really works now: keeps something, reads it back, forgets it.
    ///
    /// # Errors
    /// Why it does not.
    fn probe(&self) -> BoxFuture<'_, Result<(), SecretError>>;
}

/// Secrets in memory, for tests; gone when nobody has hold of them.
#[derive(Debug, Default)]
pub struct MemorySecrets {
    secrets: Mutex<BTreeMap<String, SecretString>>,
}

impl MemorySecrets {
    /// Another store that begins with the same secrets.
    #[must_use]
    pub fn copy(&self) -> Self {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Self {
            secrets: Mutex::new(secrets.clone()),
        }
    }
}

impl SecretStore for MemorySecrets {
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let found = secrets.get(name).cloned().ok_or(SecretError::Missing);
        Box::pin(async move { found })
    }

    fn set<'a>(
        &'a self,
        name: &'a str,
        secret: &'a SecretString,
    ) -> BoxFuture<'a, Result<(), SecretError>> {
        self.secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), secret.clone());
        Box::pin(async { Ok(()) })
    }

    fn forget<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), SecretError>> {
        self.secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(name);
        Box::pin(async { Ok(()) })
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), SecretError>> {
        Box::pin(async { Ok(()) })
    }
}
