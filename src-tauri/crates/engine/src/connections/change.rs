//! Changing and removing connections that are kept.

use super::{ConnectionDraft, Network, given};
use crate::error::EngineError;
use crate::sites::identity_name;
use crate::{Engine, Topic, checked_name};
use secrecy::SecretString;
use store::ConnectionId;
use store::connection::{AuthKind, Connection, ConnectionState};

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
        self.connection_name_free(&name, Some(id)).await?;
        let mut connection = self.connection_row(id).await?;
        connection.data.name = name;
        let data = connection.data.clone();
        self.inner
            .store
            .write(move |tx| store::connection::update(tx, id, &data))
            .await?;
        self.tell(&[Topic::Connections, Topic::Integrations]);
        Ok(connection)
    }

    /// How a connection gets to its site now, with the client certificate out of the store for secrets.
    ///
    /// # Errors
    /// [`EngineError::NotFound`], or why the store for secrets cannot be asked.
    pub async fn network(&self, id: ConnectionId) -> Result<Network, EngineError> {
        let data = self.connection_row(id).await?.data;
        let client_identity_pem = match data.has_client_identity {
            true => Some(
                self.secrets()
                    .await?
                    .get(&identity_name(&data.secret_ref))
                    .await?,
            ),
            false => None,
        };
        Ok(Network {
            ca_pem: data.ca_pem,
            proxy: data.proxy,
            client_identity_pem,
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
        let mut connection = self.connection_row(id).await?;
        let secrets = self.secrets().await?;
        let data = &mut connection.data;
        let draft = ConnectionDraft {
            name: data.name.clone(),
            url: data.site_url.clone(),
            auth: data.auth,
            login: data.login.clone(),
            secret: secrets.get(&data.secret_ref).await?,
            ca_pem: given(&network.ca_pem),
            proxy: given(&network.proxy),
            client_identity_pem: network.client_identity_pem,
        };
        self.sign_in(&draft).await?;
        let identity = identity_name(&data.secret_ref);
        match &draft.client_identity_pem {
            Some(pem) => secrets.set(&identity, pem).await?,
            None => secrets.forget(&identity).await?,
        }
        data.ca_pem = draft.ca_pem;
        data.proxy = draft.proxy;
        data.has_client_identity = draft.client_identity_pem.is_some();
        self.keep_tested(connection).await
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
        let mut connection = self.connection_row(id).await?;
        let secrets = self.secrets().await?;
        let network = self.network(id).await?;
        let draft = ConnectionDraft {
            name: connection.data.name.clone(),
            url: connection.data.site_url.clone(),
            auth,
            login: login.to_owned(),
            secret,
            ca_pem: network.ca_pem,
            proxy: network.proxy,
            client_identity_pem: network.client_identity_pem,
        };
        let attempt = self.sign_in(&draft).await?;
        secrets
            .set(&connection.data.secret_ref, &draft.secret)
            .await?;
        let data = &mut connection.data;
        data.auth = auth;
        data.login = login.trim().to_owned();
        data.api_base = attempt.base;
        data.account_id = attempt.account.id;
        data.account_name = attempt.account.name;
        data.time_zone = attempt.account.time_zone;
        self.keep_tested(connection).await
    }

    /// Removes a connection that no integration uses, and its secret.
    ///
    /// # Errors
    /// [`EngineError::ConnectionInUse`].
    pub async fn remove_connection(&self, id: ConnectionId) -> Result<(), EngineError> {
        let connection = self.connection_row(id).await?;
        let integrations = self.inner.store.read(store::integration::list).await?;
        let users = integrations
            .iter()
            .filter(|found| found.data.connection == id)
            .count();
        if users > 0 {
            return Err(EngineError::ConnectionInUse(
                u32::try_from(users).unwrap_or(u32::MAX),
            ));
        }
        self.inner
            .store
            .write(move |tx| store::connection::delete(tx, id))
            .await?;
        self.inner.sites.forget(id);
        let secrets = self.secrets().await?;
        secrets.forget(&connection.data.secret_ref).await?;
        secrets
            .forget(&identity_name(&connection.data.secret_ref))
            .await?;
        self.tell(&[Topic::Connections, Topic::App]);
        Ok(())
    }

    /// Keeps what was changed of a connection that has just been seen to work.
    async fn keep_tested(&self, connection: Connection) -> Result<Connection, EngineError> {
        let (id, kept) = (connection.id, connection.data);
        self.inner
            .store
            .write(move |tx| store::connection::update(tx, id, &kept))
            .await?;
        self.inner.sites.forget(id);
        self.set_working(id).await?;
        self.connection_row(id).await
    }

    pub(super) async fn set_working(&self, id: ConnectionId) -> Result<(), EngineError> {
        let now = self.now();
        let state = ConnectionState::Working;
        self.inner
            .store
            .write(move |tx| store::connection::set_state(tx, id, &state, now))
            .await?;
        self.tell(&[Topic::Connections]);
        Ok(())
    }
}
