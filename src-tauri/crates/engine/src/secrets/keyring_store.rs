//! The operating system's store: Secret Service, Keychain, Credential Manager.

use super::{SecretError, SecretStore};
use futures::future::BoxFuture;
use keyring::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};

const SERVICE: &str = "dev.lockstep.desktop";
const PROBE: &str = "probe";

/// Secrets in the operating system's store.
#[derive(Default)]
pub struct KeyringSecrets;

impl SecretStore for KeyringSecrets {
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        let name = name.to_owned();
        Box::pin(blocking(move || {
            let entry = Entry::new(SERVICE, &name).map_err(classify)?;
            entry
                .get_password()
                .map(SecretString::from)
                .map_err(classify)
        }))
    }

    fn set<'a>(
        &'a self,
        name: &'a str,
        secret: &'a SecretString,
    ) -> BoxFuture<'a, Result<(), SecretError>> {
        let name = name.to_owned();
        let secret = secret.clone();
        Box::pin(blocking(move || {
            let entry = Entry::new(SERVICE, &name).map_err(classify)?;
            entry.set_password(secret.expose_secret()).map_err(classify)
        }))
    }

    fn forget<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), SecretError>> {
        let name = name.to_owned();
        Box::pin(blocking(move || forget(&name)))
    }

    /// An available status is not proof: a locked collection answers too. So a real secret goes in and
    /// comes back.
    fn probe(&self) -> BoxFuture<'_, Result<(), SecretError>> {
        Box::pin(blocking(|| {
            let entry = Entry::new(SERVICE, PROBE).map_err(classify)?;
            entry.set_password("probe").map_err(classify)?;
            entry.get_password().map_err(classify)?;
            forget(PROBE)
        }))
    }
}

fn forget(name: &str) -> Result<(), SecretError> {
    let entry = Entry::new(SERVICE, name).map_err(classify)?;
    match entry.delete_credential().map_err(classify) {
        Err(SecretError::Missing) => Ok(()),
        other => other,
    }
}

fn classify(error: Error) -> SecretError {
    match error {
        Error::NoEntry => SecretError::Missing,
        Error::NoStorageAccess(_) => SecretError::Locked,
        _ => SecretError::Unavailable,
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SecretError> + Send + 'static,
) -> Result<T, SecretError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(SecretError::Unavailable))
}
