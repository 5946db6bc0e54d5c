//! Keeping a connection that was seen to work: a real one, or one to a practice site.

use super::check::Attempt;
use super::keep::Bundle;
use super::{ConnectionDraft, Proxy, given};
use crate::error::EngineError;
use crate::leaving::take_over;
use crate::practice::Rehearsal;
use crate::sites::stored_kind;
use crate::{Engine, Topic, checked_name};
use jira::{SiteInfo, SiteKind, SiteUrl};
use secrecy::SecretString;
use store::ConnectionId;
use store::connection::{AuthKind, Connection, ConnectionData, Practice};

/// What the data of practice sites is drawn from.
const PRACTICE_SEED: u64 = 7;

impl Engine {
    /// Tests what somebody typed and keeps it: the connection in the database, the secret in the store for
    /// secrets.
    ///
    /// # Errors
    /// [`EngineError::NameTaken`], what Jira says, or why the secret cannot be kept.
    pub async fn create_connection(
        &self,
        draft: &ConnectionDraft,
    ) -> Result<Connection, EngineError> {
        self.connect(draft, None).await
    }

    async fn connect(
        &self,
        draft: &ConnectionDraft,
        practice: Option<Practice>,
    ) -> Result<Connection, EngineError> {
        let name = checked_name(&draft.name)?;
        self.connection_name_free(&name, None).await?;
        // No sign-in for a secret that could not be kept.
        self.secrets().await?;
        let attempt = self.sign_in(draft).await?;
        let mut data = connection_data(name, draft, attempt);
        data.practice = practice;
        let now = self.now();
        let created = self.keep(draft.bundle(), move |tx, secret_ref| {
            if store::connection::by_name(tx, &data.name)?.is_some() {
                return Ok(Err(EngineError::NameTaken(data.name)));
            }
            secret_ref.clone_into(&mut data.secret_ref);
            let id = store::connection::create(tx, &data, now)?;
            let made = store::connection::get(tx, id)?;
            if let Some(made) = &made {
                take_over(tx, made)?;
            }
            Ok(Ok(made))
        });
        let created = created.await?.ok_or(EngineError::NotFound("connection"))?;
        self.tell(&[Topic::Connections, Topic::App]);
        Ok(created)
    }

    /// Connects to a practice site on this machine.
    ///
    /// # Errors
    /// If it cannot be served, or why the secret cannot be kept.
    pub async fn create_practice(
        &self,
        cloud: bool,
        issues: u32,
    ) -> Result<Connection, EngineError> {
        let rehearsal = Rehearsal {
            cloud,
            issues,
            seed: PRACTICE_SEED,
        };
        let url = self.inner.practice.address(rehearsal).await?;
        let words = self.inner.practice.credentials(rehearsal).await?;
        let face = if cloud { "Cloud" } else { "Data Center" };
        let draft = ConnectionDraft {
            name: self.free_name(&format!("Practice Jira {face}")).await?,
            url,
            auth: if cloud {
                AuthKind::CloudToken
            } else {
                AuthKind::Pat
            },
            login: words.login,
            secret: SecretString::from(words.secret),
            ca_pem: None,
            proxy: None,
            client_identity_pem: None,
        };
        let practice = Practice {
            face: stored_kind(if cloud {
                SiteKind::Cloud
            } else {
                SiteKind::DataCenter
            }),
            issues,
            seed: PRACTICE_SEED,
        };
        self.connect(&draft, Some(practice)).await
    }

    pub(super) async fn connection_name_free(
        &self,
        name: &str,
        but: Option<ConnectionId>,
    ) -> Result<(), EngineError> {
        let wanted = name.to_owned();
        let found = self
            .inner
            .store
            .read(move |read| store::connection::by_name(read, &wanted))
            .await?;
        match found {
            Some(found) if Some(found.id) != but => Err(EngineError::NameTaken(name.to_owned())),
            _ => Ok(()),
        }
    }

    async fn free_name(&self, name: &str) -> Result<String, EngineError> {
        let taken = self.connections().await?;
        let is_free = |name: &str| {
            !taken
                .iter()
                .any(|found| found.data.name.eq_ignore_ascii_case(name))
        };
        if is_free(name) {
            return Ok(name.to_owned());
        }
        let numbered = (2..).map(|number| format!("{name} {number}"));
        Ok(numbered
            .into_iter()
            .find(|name| is_free(name))
            .unwrap_or_else(|| name.to_owned()))
    }
}

impl ConnectionDraft {
    /// What of it goes to the store for secrets.
    pub(super) fn bundle(&self) -> Bundle {
        Bundle {
            secret: self.secret.clone(),
            client_identity_pem: self.client_identity_pem.clone(),
            proxy_password: self.proxy.as_ref().and_then(Proxy::password).cloned(),
        }
    }
}

/// The address for people: what the site says of itself, where that is another form of the same host.
fn display_url(url: &SiteUrl, info: Option<&SiteInfo>) -> String {
    info.and_then(|info| info.display_url.clone())
        .filter(|text| SiteUrl::parse(text).is_some_and(|shown| shown.host() == url.host()))
        .map_or_else(
            || url.to_string(),
            |text| text.trim_end_matches('/').to_owned(),
        )
}

/// What the database keeps of a connection: everything but its secrets.
fn connection_data(name: String, draft: &ConnectionDraft, attempt: Attempt) -> ConnectionData {
    ConnectionData {
        name,
        kind: stored_kind(attempt.kind),
        site_url: attempt.url.to_string(),
        api_base: attempt.base,
        display_url: display_url(&attempt.url, attempt.info.as_ref()),
        version: attempt
            .info
            .and_then(|info| info.version)
            .unwrap_or_default(),
        auth: draft.auth,
        login: draft.login.trim().to_owned(),
        account_id: attempt.account.id,
        account_name: attempt.account.name,
        time_zone: attempt.account.time_zone,
        ca_pem: given(&draft.ca_pem),
        proxy: (draft.proxy.as_ref()).map(|proxy| proxy.address().to_owned()),
        has_client_identity: draft.client_identity_pem.is_some(),
        practice: None,
        secret_ref: String::new(),
    }
}
