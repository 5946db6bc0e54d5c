//! The operating system's store: Secret Service, Keychain, Credential Manager.

use super::{SecretError, SecretStore};
use futures::future::BoxFuture;
use keyring_core::{CredentialStore, Entry, Error};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex, PoisonError};

const SERVICE: &str = "dev.lockstep.desktop";
const PROBE: &str = "probe";

type Open = fn() -> Result<Arc<CredentialStore>, Error>;

/// Secrets in the operating system's store. It is opened at the first use, and anew after it could not
/// be used, so that a keyring that was started or unlocked meanwhile is found without a restart.
#[derive(Clone)]
pub struct KeyringSecrets {
    open: Open,
    store: Arc<Mutex<Option<Arc<CredentialStore>>>>,
}

impl Default for KeyringSecrets {
    fn default() -> Self {
        Self::over(native)
    }
}

impl KeyringSecrets {
    fn over(open: Open) -> Self {
        Self {
            open,
            store: Arc::default(),
        }
    }

    /// Does something with the entry of a name, on a thread that may wait.
    async fn entry<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, SecretError> {
        let (this, name) = (self.clone(), name.to_owned());
        tokio::task::spawn_blocking(move || {
            let done = this
                .opened()
                .and_then(|store| store.build(SERVICE, &name, None))
                .and_then(|entry| work(&entry));
            done.map_err(|error| this.classify(&error))
        })
        .await
        .unwrap_or(Err(SecretError::Unavailable))
    }

    fn opened(&self) -> Result<Arc<CredentialStore>, Error> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        match &*store {
            Some(store) => Ok(store.clone()),
            None => Ok(store.insert((self.open)()?).clone()),
        }
    }

    fn classify(&self, error: &Error) -> SecretError {
        let class = match error {
            Error::NoEntry => return SecretError::Missing,
            Error::NoStorageAccess(_) => SecretError::Locked,
            _ => SecretError::Unavailable,
        };
        // Its line to the store may be dead; the next use begins a new one.
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = None;
        class
    }
}

impl SecretStore for KeyringSecrets {
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        Box::pin(self.entry(name, |entry| entry.get_password().map(SecretString::from)))
    }

    fn set<'a>(
        &'a self,
        name: &'a str,
        secret: &'a SecretString,
    ) -> BoxFuture<'a, Result<(), SecretError>> {
        let secret = secret.clone();
        Box::pin(self.entry(name, move |entry| {
            entry.set_password(secret.expose_secret())
        }))
    }

    fn forget<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), SecretError>> {
        Box::pin(self.entry(name, forget))
    }

    /// An available status is not proof: a locked collection answers too. So a real secret goes in and
    /// comes back.
    fn probe(&self) -> BoxFuture<'_, Result<(), SecretError>> {
        Box::pin(self.entry(PROBE, |entry| {
            entry.set_password(PROBE)?;
            entry.get_password()?;
            forget(entry)
        }))
    }
}

fn forget(entry: &Entry) -> Result<(), Error> {
    match entry.delete_credential() {
        Err(Error::NoEntry) => Ok(()),
        other => other,
    }
}

fn native() -> Result<Arc<CredentialStore>, Error> {
    #[cfg(target_os = "macos")]
    let store = apple_native_keyring_store::keychain::Store::new()?;
    #[cfg(windows)]
    let store = windows_native_keyring_store::Store::new()?;
    #[cfg(all(unix, not(target_os = "macos")))]
    let store = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(test)]
mod tests {
    use super::KeyringSecrets;
    use crate::secrets::{SecretError, SecretStore};
    use keyring_core::Error;
    use secrecy::{ExposeSecret, SecretString};
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn a_keyring_that_comes_up_later_is_found_at_the_next_try() {
        static TRIES: AtomicU32 = AtomicU32::new(0);
        let keyring = KeyringSecrets::over(|| match TRIES.fetch_add(1, Ordering::SeqCst) {
            0 => Err(Error::NoDefaultStore),
            _ => Ok(keyring_core::mock::Store::new()?),
        });
        assert_eq!(keyring.probe().await, Err(SecretError::Unavailable));
        assert_eq!(keyring.probe().await, Ok(()));

        let secret = SecretString::from("hunter2");
        keyring.set("one", &secret).await.expect("kept");
        let read = keyring.get("one").await.expect("read");
        assert_eq!(read.expose_secret(), "hunter2");
        keyring.forget("one").await.expect("forgotten");
        assert_eq!(keyring.get("one").await.err(), Some(SecretError::Missing));
        assert_eq!(TRIES.load(Ordering::SeqCst), 2, "the line is kept");
    }
}
