//! Changing connections that are kept.

use super::{ConnectionDraft, Network, Proxy, given};
use crate::error::EngineError;
use crate::secrets::SecretError;
use crate::{Engine, Topic, checked_name};
use secrecy::SecretString;
use store::ConnectionId;
use store::connection::{AuthKind, Connection, ConnectionData, ConnectionState};

impl Engine {
    /// Every connection, by name.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn connections(&self) -> Result<Vec<Connection>, EngineError> {
        Ok(self.inner.store.read(store::connection::list).await?)
    }

    /// Gives a connection another name; nothing else changes.
    ///
    /// # Errors
    /// [`EngineError::NameTaken`], [`EngineError::NameInvalid`], [`EngineError::NotFound`].
    pub async fn rename_connection(
        &self,
        id: ConnectionId,
        name: &str,
    ) -> Result<Connection, EngineError> {
        let name = checked_name(name)?;
        let renamed = self
            .inner
            .store
            .write(move |tx| {
                let taken = store::connection::by_name(tx, &name)?;
                if taken.is_some_and(|found| found.id != id) {
                    return Ok(Err(EngineError::NameTaken(name)));
                }
                let Some(mut found) = store::connection::get(tx, id)? else {
                    return Ok(Err(EngineError::NotFound("connection")));
                };
                found.data.name = name;
                store::connection::update(tx, id, &found.data)?;
                Ok(Ok(found))
            })
            .await??;
        self.tell(&[Topic::Connections, Topic::Integrations]);
        Ok(renamed)
    }

    /// How a connection gets to its site now, with the client certificate out of the store for secrets.
    ///
    /// # Errors
    /// [`EngineError::NotFound`], or why the store for secrets cannot be asked.
    pub async fn network(&self, id: ConnectionId) -> Result<Network, EngineError> {
        let data = self.connection_row(id).await?.data;
        Ok(Network {
            proxy: self.proxy_of(&data).await?,
            client_identity_pem: self.identity_of(&data).await?,
            ca_pem: data.ca_pem,
        })
    }

    /// Gets to the site of a connection in another way from now on, after it was tested.
    ///
    /// # Errors
    /// What Jira, or the way to it, says; the old settings then stay.
    pub async fn update_network(
        &self,
        id: ConnectionId,
        network: Network,
    ) -> Result<Connection, EngineError> {
        loop {
            let data = self.connection_row(id).await?.data;
            let before = self.proxy_of(&data).await?;
            let secret = match self.secrets().await?.get(&data.secret_ref).await {
                Err(SecretError::Missing)
                    if self.connection_row(id).await?.data.secret_ref != data.secret_ref =>
                {
                    continue;
                }
                secret => secret?,
            };
            let draft = ConnectionDraft {
                name: data.name,
                url: data.site_url,
                auth: data.auth,
                login: data.login,
                secret,
                ca_pem: given(&network.ca_pem),
                proxy: network.proxy.clone().map(|proxy| known(proxy, before)),
                client_identity_pem: network.client_identity_pem.clone(),
            };
            self.sign_in(&draft).await?;
            let bundle = draft.bundle();
            let change = move |data: &mut ConnectionData| {
                data.has_client_identity = draft.client_identity_pem.is_some();
                data.ca_pem = draft.ca_pem;
                data.proxy = draft.proxy.map(|proxy| proxy.address().to_owned());
            };
            // Who comes too late begins anew, with what is kept by now.
            if (self.put(id, data.secret_ref, bundle, change).await?).is_some() {
                return self.connection_row(id).await;
            }
        }
    }

    /// Puts other credentials in place of those of a connection, after they were tested.
    ///
    /// # Errors
    /// What Jira says of them; the old ones then stay.
    pub async fn update_credentials(
        &self,
        id: ConnectionId,
        auth: AuthKind,
        login: &str,
        secret: SecretString,
    ) -> Result<Connection, EngineError> {
        loop {
            let data = self.connection_row(id).await?.data;
            let draft = ConnectionDraft {
                auth,
                login: login.to_owned(),
                secret: secret.clone(),
                proxy: self.proxy_of(&data).await?,
                client_identity_pem: self.identity_of(&data).await?,
                name: data.name,
                url: data.site_url,
                ca_pem: data.ca_pem,
            };
            let attempt = self.sign_in(&draft).await?;
            let bundle = draft.bundle();
            let change = move |data: &mut ConnectionData| {
                data.auth = draft.auth;
                data.login = draft.login.trim().to_owned();
                data.proxy = draft.proxy.map(|proxy| proxy.address().to_owned());
                data.api_base = attempt.base;
                data.account_id = attempt.account.id;
                data.account_name = attempt.account.name;
                data.time_zone = attempt.account.time_zone;
            };
            // Who comes too late begins anew, with what is kept by now.
            if (self.put(id, data.secret_ref, bundle, change).await?).is_some() {
                return self.connection_row(id).await;
            }
        }
    }

    pub(super) async fn set_working(&self, id: ConnectionId) -> Result<(), EngineError> {
        let now = self.now();
        let state = ConnectionState::Working;
        self.inner
            .store
            .write(move |tx| store::connection::set_state(tx, id, &state, now))
            .await?;
        self.works_again(id).await
    }
}

/// A proxy with the password that it had, where somebody left the address as it was shown to them.
fn known(proxy: Proxy, before: Option<Proxy>) -> Proxy {
    match before {
        Some(before) if !proxy.has_password() && before.address() == proxy.address() => before,
        _ => proxy,
    }
}
