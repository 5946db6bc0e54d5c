//! Connections: finding a site, testing credentials, keeping both.

use crate::error::EngineError;
use crate::practice::Rehearsal;
use crate::problem::Problem;
use crate::sites::{credentials, identity_name, kind, settings, stored_kind};
use crate::{Engine, Topic, checked_name};
use jira::{Account, Client, ClientOptions, SiteInfo, SiteKind, SiteUrl};
use secrecy::SecretString;
use store::ConnectionId;
use store::connection::{AuthKind, Connection, ConnectionData, ConnectionState, Practice};

/// Where tokens with scopes work.
const GATEWAY: &str = "https://api.atlassian.com/ex/jira";
/// What the data of practice sites is drawn from.
const PRACTICE_SEED: u64 = 7;
/// A test is for somebody who waits: what fails is shown at once.
const TEST_TRIES: u32 = 1;

/// Permissions that a connection needs, and what each buys.
const PERMISSIONS: [(&str, &str); 9] = [
    ("BROWSE_PROJECTS", "See the project's issues"),
    ("CREATE_ISSUES", "Push items to Jira as new issues"),
    ("EDIT_ISSUES", "Carry edits to Jira"),
    ("ASSIGN_ISSUES", "Carry the dev assignee to Jira"),
    ("TRANSITION_ISSUES", "Carry statuses to Jira"),
    ("SCHEDULE_ISSUES", "Carry due dates and sprints to Jira"),
    ("RESOLVE_ISSUES", "Carry releases to Jira's fix versions"),
    ("MANAGE_SPRINTS_PERMISSION", "Create and close sprints"),
    (
        "ADMINISTER",
        "Create the webhook without a Jira administrator",
    ),
];

/// What a connection is made from.
#[derive(Debug, Clone)]
pub struct ConnectionDraft {
    /// Name, unique.
    pub name: String,
    /// Address, as somebody typed it.
    pub url: String,
    /// How to sign in.
    pub auth: AuthKind,
    /// E-mail or user name.
    pub login: String,
    /// Token or password.
    pub secret: SecretString,
    /// Certificate authority to trust, PEM.
    pub ca_pem: Option<String>,
    /// Proxy address.
    pub proxy: Option<String>,
    /// Client certificate and key, PEM.
    pub client_identity_pem: Option<SecretString>,
}

/// How a connection gets to its site.
#[derive(Debug, Clone)]
pub struct Network {
    /// Certificate authority to trust, PEM; absent: those of the system.
    pub ca_pem: Option<String>,
    /// Proxy address; absent: that of the system.
    pub proxy: Option<String>,
    /// Client certificate and key, PEM; absent: none.
    pub client_identity_pem: Option<SecretString>,
}

/// What an address turned out to be.
#[derive(Debug)]
pub struct SiteGuess {
    /// The address cleaned up.
    pub url: String,
    /// Kind of Jira, where it could be told.
    pub kind: Option<SiteKind>,
    /// What the site says about itself.
    pub info: Option<SiteInfo>,
    /// What is wrong with it.
    pub problem: Option<Problem>,
}

/// What came out of a line of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    /// As it should be.
    Passed,
    /// Works, with less than wanted.
    Warning,
    /// Does not work.
    Failed,
    /// Not known.
    Unknown,
}

/// A line of a test.
#[derive(Debug, Clone)]
pub struct CheckLine {
    /// What was looked at.
    pub id: String,
    /// In words.
    pub label: String,
    /// What came out.
    pub outcome: CheckOutcome,
    /// More about it.
    pub detail: Option<String>,
    /// What is wrong.
    pub problem: Option<Problem>,
}

/// What a test of a connection found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Kind of Jira.
    pub kind: Option<SiteKind>,
    /// Version of the site.
    pub version: Option<String>,
    /// Who we are there.
    pub account: Option<String>,
    /// The lines.
    pub lines: Vec<CheckLine>,
}

/// A sign-in that worked.
pub struct Attempt {
    client: Client,
    base: String,
    url: SiteUrl,
    kind: SiteKind,
    info: Option<SiteInfo>,
    account: Account,
}

impl Report {
    /// Whether everything needed is there.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.account.is_some()
            && !self
                .lines
                .iter()
                .any(|line| line.outcome == CheckOutcome::Failed)
    }

    fn passed(&mut self, id: &str, label: &str, detail: Option<String>) {
        self.line(id, label, CheckOutcome::Passed, detail, None);
    }

    fn failed(&mut self, id: &str, label: &str, problem: Problem) {
        self.line(id, label, CheckOutcome::Failed, None, Some(problem));
    }

    fn line(
        &mut self,
        id: &str,
        label: &str,
        outcome: CheckOutcome,
        detail: Option<String>,
        problem: Option<Problem>,
    ) {
        let (id, label) = (id.to_owned(), label.to_owned());
        self.lines.push(CheckLine {
            id,
            label,
            outcome,
            detail,
            problem,
        });
    }
}

impl Engine {
    /// What answers at an address, without credentials.
    pub async fn detect_site(
        &self,
        url: &str,
        ca_pem: Option<&str>,
        proxy: Option<&str>,
    ) -> SiteGuess {
        let Some(site) = SiteUrl::parse(url) else {
            return SiteGuess {
                url: url.trim().to_owned(),
                kind: None,
                info: None,
                problem: Some(Problem::new("url_invalid")),
            };
        };
        let found = match self.transport(&settings(ca_pem, proxy, None)) {
            Ok(transport) => {
                let (clock, jitter) = (self.inner.clock.clone(), self.inner.jitter.clone());
                jira::detect(transport, clock, jitter, &site)
                    .await
                    .map_err(EngineError::from)
            }
            Err(error) => Err(error),
        };
        match found {
            Ok(found) => SiteGuess {
                kind: found
                    .info
                    .as_ref()
                    .map(|info| info.kind)
                    .or_else(|| by_name(&found.url)),
                url: found.url.to_string(),
                info: found.info,
                problem: None,
            },
            Err(error) => SiteGuess {
                kind: by_name(&site),
                url: site.to_string(),
                info: None,
                problem: Some(Problem::from(&error)),
            },
        }
    }

    /// Tests what somebody typed, line by line; nothing is kept.
    pub async fn test_connection(&self, draft: &ConnectionDraft) -> Report {
        let mut report = Report::default();
        if let Some(attempt) = self.attempt(draft, &mut report).await {
            self.permission_lines(&attempt.client, &mut report).await;
        }
        report
    }

    async fn attempt(&self, draft: &ConnectionDraft, report: &mut Report) -> Option<Attempt> {
        let Some(typed) = SiteUrl::parse(&draft.url) else {
            report.failed("url", "Address", Problem::new("url_invalid"));
            return None;
        };
        let settings = settings(
            draft.ca_pem.as_deref(),
            draft.proxy.as_deref(),
            draft.client_identity_pem.as_ref(),
        );
        let transport = match self.transport(&settings) {
            Ok(transport) => transport,
            Err(error) => {
                report.failed(
                    "certificate",
                    "Certificate and proxy settings",
                    Problem::from(&error),
                );
                return None;
            }
        };
        let (clock, jitter) = (self.inner.clock.clone(), self.inner.jitter.clone());
        let began = clock.now();
        let found =
            match jira::detect(transport.clone(), clock.clone(), jitter.clone(), &typed).await {
                Ok(found) => found,
                Err(error) => {
                    report.failed(
                        "reachable",
                        "Reach the site",
                        Problem::from(&EngineError::from(error)),
                    );
                    return None;
                }
            };
        let took_ms = clock.now().duration_since(began).as_millis();
        report.passed(
            "reachable",
            "Reach the site",
            Some(format!("{} in {took_ms} ms", found.url)),
        );
        if found.url.as_str().starts_with("https") {
            report.passed("tls", "Trust its certificate", None);
        } else {
            let words = "The address is http: what is sent can be read on the way".to_owned();
            report.line(
                "tls",
                "Trust its certificate",
                CheckOutcome::Warning,
                Some(words),
                None,
            );
        }
        let kind = found
            .info
            .as_ref()
            .map(|info| info.kind)
            .or_else(|| by_name(&found.url))
            .unwrap_or(match draft.auth {
                AuthKind::CloudToken => SiteKind::Cloud,
                AuthKind::Password | AuthKind::Pat => SiteKind::DataCenter,
            });
        report.kind = Some(kind);
        report.version = found.info.as_ref().and_then(|info| info.version.clone());
        let options = ClientOptions {
            transport,
            clock,
            jitter,
            kind,
            base: found.url.to_string(),
            credentials: Some(credentials(
                draft.auth,
                draft.login.trim(),
                draft.secret.clone(),
            )),
            tries: TEST_TRIES,
        };
        match jira::sign_in(options, Some(GATEWAY)).await {
            Ok((client, base, account)) => {
                report.passed("identity", "Sign in", Some(account.name.clone()));
                report.account = Some(account.name.clone());
                Some(Attempt {
                    client,
                    base,
                    url: found.url,
                    kind,
                    info: found.info,
                    account,
                })
            }
            Err(error) => {
                report.failed(
                    "identity",
                    "Sign in",
                    Problem::from(&EngineError::from(error)),
                );
                None
            }
        }
    }

    async fn permission_lines(&self, client: &Client, report: &mut Report) {
        let keys: Vec<&str> = PERMISSIONS.iter().map(|(key, _)| *key).collect();
        let have = match client.permissions(&keys, None).await {
            Ok(have) => have,
            Err(error) => {
                let problem = Problem::from(&EngineError::from(error));
                let outcome = CheckOutcome::Unknown;
                report.line("permissions", "Permissions", outcome, None, Some(problem));
                return;
            }
        };
        for (key, buys) in PERMISSIONS {
            let found = have.iter().find(|permission| permission.key == key);
            let outcome = match found.map(|permission| permission.have) {
                Some(true) => CheckOutcome::Passed,
                Some(false) if key == "BROWSE_PROJECTS" => CheckOutcome::Failed,
                Some(false) => CheckOutcome::Warning,
                None => CheckOutcome::Unknown,
            };
            let missing = outcome == CheckOutcome::Failed;
            let problem =
                missing.then(|| Problem::new("permission_missing").with("permission", key));
            report.line(
                &format!("permission:{key}"),
                buys,
                outcome,
                Some(key.to_owned()),
                problem,
            );
        }
    }

    /// Tests what somebody typed and keeps it: the connection in the database, the secret in the store for
    /// secrets.
    ///
    /// # Errors
    /// [`EngineError::NameTaken`], what Jira says, or why the secret cannot be kept.
    pub async fn create_connection(
        &self,
        draft: &ConnectionDraft,
    ) -> Result<Connection, EngineError> {
        let name = checked_name(&draft.name)?;
        self.connection_name_free(&name, None).await?;
        let secrets = self.secrets().await?;
        let attempt = self.sign_in(draft).await?;
        let secret_ref = self.new_secret_ref();
        secrets.set(&secret_ref, &draft.secret).await?;
        if let Some(identity) = &draft.client_identity_pem {
            secrets.set(&identity_name(&secret_ref), identity).await?;
        }
        let data = ConnectionData {
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
            proxy: given(&draft.proxy),
            has_client_identity: draft.client_identity_pem.is_some(),
            practice: None,
            secret_ref,
        };
        self.keep_connection(data).await
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
        let mut created = self.create_connection(&draft).await?;
        created.data.practice = Some(Practice {
            face: stored_kind(if cloud {
                SiteKind::Cloud
            } else {
                SiteKind::DataCenter
            }),
            issues,
            seed: PRACTICE_SEED,
        });
        let (id, data) = (created.id, created.data.clone());
        self.inner
            .store
            .write(move |tx| store::connection::update(tx, id, &data))
            .await?;
        self.tell(&[Topic::Connections]);
        Ok(created)
    }

    /// Every connection, by name.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn connections(&self) -> Result<Vec<Connection>, EngineError> {
        Ok(self.inner.store.read(store::connection::list).await?)
    }

    /// Tests a connection that is kept, and mends its state if it works.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; what the test finds is in the report.
    pub async fn check_connection(&self, id: ConnectionId) -> Result<Report, EngineError> {
        let connection = self.connection_row(id).await?;
        let mut report = Report {
            kind: Some(kind(connection.data.kind)),
            version: Some(connection.data.version.clone()).filter(|version| !version.is_empty()),
            ..Report::default()
        };
        self.inner.sites.forget(id).await;
        let asked = match self.client(id).await {
            Ok(client) => client
                .myself()
                .await
                .map(|account| (client, account))
                .map_err(EngineError::from),
            Err(error) => Err(error),
        };
        match asked {
            Ok((client, account)) => {
                report.passed("identity", "Sign in", Some(account.name.clone()));
                report.account = Some(account.name);
                self.permission_lines(&client, &mut report).await;
                self.set_working(id).await?;
            }
            Err(error) => {
                let error = self.note(id, error).await;
                report.failed("identity", "Sign in", Problem::from(&error));
            }
        }
        Ok(report)
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

    /// Keeps what was changed of a connection that has just been seen to work.
    async fn keep_tested(&self, connection: Connection) -> Result<Connection, EngineError> {
        let (id, kept) = (connection.id, connection.data);
        self.inner
            .store
            .write(move |tx| store::connection::update(tx, id, &kept))
            .await?;
        self.inner.sites.forget(id).await;
        self.set_working(id).await?;
        self.connection_row(id).await
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
        self.inner.sites.forget(id).await;
        let secrets = self.secrets().await?;
        secrets.forget(&connection.data.secret_ref).await?;
        secrets
            .forget(&identity_name(&connection.data.secret_ref))
            .await?;
        self.tell(&[Topic::Connections, Topic::App]);
        Ok(())
    }

    async fn sign_in(&self, draft: &ConnectionDraft) -> Result<Attempt, EngineError> {
        let mut report = Report::default();
        match self.attempt(draft, &mut report).await {
            Some(attempt) => Ok(attempt),
            None => {
                let problem = report.lines.into_iter().find_map(|line| line.problem);
                Err(EngineError::Refused(
                    problem.unwrap_or_else(|| Problem::new("internal")),
                ))
            }
        }
    }

    async fn keep_connection(&self, data: ConnectionData) -> Result<Connection, EngineError> {
        let now = self.now();
        let id = self
            .inner
            .store
            .write(move |tx| store::connection::create(tx, &data, now))
            .await?;
        self.tell(&[Topic::Connections, Topic::App]);
        self.connection_row(id).await
    }

    async fn set_working(&self, id: ConnectionId) -> Result<(), EngineError> {
        let now = self.now();
        let state = ConnectionState::Working;
        self.inner
            .store
            .write(move |tx| store::connection::set_state(tx, id, &state, now))
            .await?;
        self.tell(&[Topic::Connections]);
        Ok(())
    }

    async fn connection_name_free(
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

    fn new_secret_ref(&self) -> String {
        use rand::{RngCore, TryRngCore};
        let mut rng = rand::rngs::OsRng.unwrap_err();
        format!("connection-{:016x}{:016x}", rng.next_u64(), rng.next_u64())
    }
}

fn given(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.trim().is_empty())
}

fn by_name(url: &SiteUrl) -> Option<SiteKind> {
    url.is_cloud_name().then_some(SiteKind::Cloud)
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
