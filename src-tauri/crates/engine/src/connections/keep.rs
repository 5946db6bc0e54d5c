//! Keeping secrets and the row that names them as one, though they lie in two places.
//!
//! Secrets are written under a name of their own, never over others. The name is first noted in the
//! database as loose; the transaction that writes the row takes it off that list and puts the name of the
//! secrets before on it. Whatever happens in between, what is loose and in no row is forgotten by the
//! next change or the next start.

use super::proxy::Proxy;
use crate::error::EngineError;
use crate::secrets::{SecretError, SecretStore};
use crate::{Engine, SecretKind, Topic};
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use store::connection::{ConnectionData, ConnectionState};
use store::{ConnectionId, StoreError, WriteTx};

/// Under which the names of loose secrets are noted; the value is the store that they are in.
const LOOSE: &str = "secret.loose.";

/// What a connection has in the store for secrets.
pub(super) struct Bundle {
    /// Token or password.
    pub(super) secret: SecretString,
    /// Client certificate and key, PEM.
    pub(super) client_identity_pem: Option<SecretString>,
    /// Password of the proxy.
    pub(super) proxy_password: Option<SecretString>,
}

/// Secrets that are being written now, by name.
pub(crate) type Writing = Arc<Mutex<BTreeSet<String>>>;

/// Keeps a name from being swept for as long as it lives.
struct Held {
    writing: Writing,
    name: String,
}

impl Held {
    fn new(writing: &Writing, name: &str) -> Self {
        let (writing, name) = (writing.clone(), name.to_owned());
        (writing.lock().unwrap_or_else(PoisonError::into_inner)).insert(name.clone());
        Self { writing, name }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        writing.remove(&self.name);
    }
}

impl Bundle {
    async fn write(&self, secrets: &dyn SecretStore, name: &str) -> Result<(), SecretError> {
        secrets.set(name, &self.secret).await?;
        if let Some(pem) = &self.client_identity_pem {
            secrets.set(&identity_name(name), pem).await?;
        }
        if let Some(password) = &self.proxy_password {
            secrets.set(&proxy_name(name), password).await?;
        }
        Ok(())
    }
}

impl Engine {
    /// Writes secrets under a new name, and then what names them: `commit`, which is given the name and
    /// gives nothing back if it came too late. Done to its end, even if nobody waits for it any more.
    pub(super) async fn keep<T: Send + 'static>(
        &self,
        bundle: Bundle,
        commit: impl FnOnce(&WriteTx<'_>, &str) -> Result<Result<Option<T>, EngineError>, StoreError>
        + Send
        + 'static,
    ) -> Result<Option<T>, EngineError> {
        self.uncut(move |engine| async move {
            let secrets = engine.secrets().await?;
            let (place, name) = (engine.secret_place().await, new_name());
            let held = Held::new(&engine.inner.sites.writing, &name);
            let store = &engine.inner.store;
            let noted = name.clone();
            store.write(move |tx| loosen(tx, &noted, place)).await?;
            let written = bundle.write(&*secrets, &name).await;
            let kept = match written {
                Ok(()) => store
                    .write(move |tx| {
                        let kept = commit(tx, &name)?;
                        if matches!(kept, Ok(Some(_))) {
                            store::setting::unset(tx, &format!("{LOOSE}{name}"))?;
                        }
                        Ok(kept)
                    })
                    .await
                    .unwrap_or_else(|error| Err(error.into())),
                Err(error) => Err(error.into()),
            };
            drop(held);
            engine.sweep_secrets().await;
            kept
        })
        .await
    }

    /// Puts tested secrets in place of those that a connection had under the name `seen`, with what else
    /// changes of it; nothing if it has others meanwhile.
    pub(super) async fn put(
        &self,
        id: ConnectionId,
        seen: String,
        bundle: Bundle,
        change: impl FnOnce(&mut ConnectionData) + Send + 'static,
    ) -> Result<Option<()>, EngineError> {
        let (now, place) = (self.now(), self.secret_place().await);
        let put = self.keep(bundle, move |tx, name| {
            let Some(mut found) = store::connection::get(tx, id)? else {
                return Ok(Err(EngineError::NotFound("connection")));
            };
            if found.data.secret_ref != seen {
                return Ok(Ok(None));
            }
            change(&mut found.data);
            name.clone_into(&mut found.data.secret_ref);
            store::connection::update(tx, id, &found.data)?;
            store::connection::set_state(tx, id, &ConnectionState::Working, now)?;
            loosen(tx, &seen, place)?;
            Ok(Ok(Some(())))
        });
        let put = put.await?;
        self.inner.sites.forget(id);
        self.works_again(id).await?;
        Ok(put)
    }

    /// Says that a connection works, as far as is known: what waited for it goes on at once.
    pub(super) async fn works_again(&self, id: ConnectionId) -> Result<(), EngineError> {
        let integrations = self.inner.store.read(store::integration::list).await?;
        for integration in integrations {
            if integration.data.connection == id {
                self.inner.rhythm.mended(integration.id);
            }
        }
        self.tell(&[Topic::Connections]);
        Ok(())
    }

    /// Sees to what an interruption left, and to what an older Lockstep kept otherwise. What cannot be done
    /// now is done later.
    pub(crate) async fn tend_secrets(&self) {
        self.sweep_secrets().await;
        if let Err(error) = self.move_proxy_passwords().await {
            tracing::warn!(%error, "the password of a proxy could not be put with the secrets");
        }
    }

    /// Forgets the secrets that no connection names.
    pub(crate) async fn sweep_secrets(&self) {
        if let Err(error) = self.forget_loose().await {
            tracing::warn!(%error, "secrets that nothing uses could not be forgotten yet");
        }
    }

    async fn forget_loose(&self) -> Result<(), EngineError> {
        let store = &self.inner.store;
        let noted = store
            .read(|read| store::setting::under(read, LOOSE))
            .await?;
        // In this order: what is noted and not being written any more is in a row by now, or will never be.
        let noted: Vec<(String, String)> = {
            let writing = &self.inner.sites.writing;
            let writing = writing.lock().unwrap_or_else(PoisonError::into_inner);
            let names = noted.into_iter().filter_map(|(key, place)| {
                let name = key.strip_prefix(LOOSE)?.to_owned();
                (!writing.contains(&name)).then_some((name, place))
            });
            names.collect()
        };
        if noted.is_empty() {
            return Ok(());
        }
        let named: BTreeSet<String> = store
            .read(|read| {
                let all = store::connection::list(read)?;
                Ok(all.into_iter().map(|found| found.data.secret_ref).collect())
            })
            .await?;
        let (secrets, here) = (self.secrets().await?, self.secret_place().await);
        for (name, place) in noted {
            // What was in memory went with its process; another store may be in use again one day.
            if place != here && place != SecretKind::Memory.word() {
                continue;
            }
            if place == here && !named.contains(&name) {
                for name in [name.clone(), identity_name(&name), proxy_name(&name)] {
                    secrets.forget(&name).await?;
                }
            }
            store
                .write(move |tx| store::setting::unset(tx, &format!("{LOOSE}{name}")))
                .await?;
        }
        Ok(())
    }

    /// Takes passwords out of the addresses of proxies, where they were kept once.
    async fn move_proxy_passwords(&self) -> Result<(), EngineError> {
        for connection in self.connections().await? {
            let (id, data) = (connection.id, connection.data);
            let proxy = data.proxy.as_deref().and_then(Proxy::parse);
            let Some(password) = proxy.as_ref().and_then(Proxy::password) else {
                continue;
            };
            let secrets = self.secrets().await?;
            let name = proxy_name(&data.secret_ref);
            secrets.set(&name, password).await?;
            let address = proxy.as_ref().map(|proxy| proxy.address().to_owned());
            let moved = self
                .inner
                .store
                .write_erasing(move |tx| {
                    let Some(mut found) = store::connection::get(tx, id)? else {
                        return Ok(false);
                    };
                    if found.data.secret_ref != data.secret_ref || found.data.proxy != data.proxy {
                        return Ok(false);
                    }
                    found.data.proxy = address;
                    store::connection::update(tx, id, &found.data)?;
                    Ok(true)
                })
                .await?;
            if !moved {
                // It was changed meanwhile, and its new secrets hold what they need.
                secrets.forget(&name).await?;
            }
            self.tell(&[Topic::Connections]);
        }
        Ok(())
    }

    /// The proxy of a connection, with its password out of the store for secrets.
    pub(crate) async fn proxy_of(
        &self,
        data: &ConnectionData,
    ) -> Result<Option<Proxy>, EngineError> {
        let Some(proxy) = data.proxy.as_deref().and_then(Proxy::parse) else {
            return Ok(None);
        };
        let name = proxy_name(&data.secret_ref);
        match self.secrets().await?.get(&name).await {
            Ok(password) => Ok(Some(proxy.opened(Some(password)))),
            Err(SecretError::Missing) => Ok(Some(proxy)),
            Err(error) => Err(error.into()),
        }
    }

    /// The client certificate of a connection, if it has one.
    pub(crate) async fn identity_of(
        &self,
        data: &ConnectionData,
    ) -> Result<Option<SecretString>, EngineError> {
        if !data.has_client_identity {
            return Ok(None);
        }
        let name = identity_name(&data.secret_ref);
        Ok(Some(self.secrets().await?.get(&name).await?))
    }

    /// A word for the store for secrets in use.
    pub(crate) async fn secret_place(&self) -> &'static str {
        self.secret_state().await.0.word()
    }
}

/// Notes that nothing names these secrets.
pub(crate) fn loosen(tx: &WriteTx<'_>, name: &str, place: &str) -> Result<(), StoreError> {
    store::setting::set(tx, &format!("{LOOSE}{name}"), place)
}

fn identity_name(name: &str) -> String {
    format!("{name}/identity")
}

fn proxy_name(name: &str) -> String {
    format!("{name}/proxy")
}

fn new_name() -> String {
    use rand::{RngCore, TryRngCore};
    let mut rng = rand::rngs::OsRng.unwrap_err();
    format!("connection-{:016x}{:016x}", rng.next_u64(), rng.next_u64())
}
