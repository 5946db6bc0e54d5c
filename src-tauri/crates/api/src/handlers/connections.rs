//! Steps 3 and 4.

use crate::app::App;
use crate::convert::{self, moment};
use crate::dto::{
    AuthKind, Board, Check, CheckState, Connection, ConnectionForm, ConnectionReport,
    CredentialsArgs, FileChange, Firewall, IdArgs, Integration, IntegrationForm, NamedAddress,
    NetworkArgs, Nothing, PracticeArgs, Project, ProjectArgs, Projects, ProjectsArgs, RenameArgs,
    Site, SiteKind, UrlArgs,
};
use crate::error::ErrorDto;
use engine::{
    CheckOutcome, ConnectionDraft, IntegrationDraft, IntegrationView, Network, Problem, Proxy,
    Report,
};
use secrecy::SecretString;
use std::net::UdpSocket;
use store::connection::{AuthKind as StoredAuth, ConnectionState};
use store::{ConnectionId, IntegrationId};

/// Addresses that Craft.io publishes for its own cloud.
const CRAFT: [(&str, &str); 5] = [
    ("US", "35.232.112.68"),
    ("US", "34.36.93.194"),
    ("EU", "34.89.210.62"),
    ("EU", "35.244.168.88"),
    ("Staging", "34.70.139.232"),
];

impl App {
    /// What answers at an address.
    ///
    /// # Errors
    /// None; what is wrong is in the answer.
    pub async fn site_detect(&self, args: UrlArgs) -> Result<Site, ErrorDto> {
        let guess = self
            .engine
            .detect_site(
                &args.url,
                args.ca_pem.as_deref(),
                proxy(args.proxy.as_deref()).as_ref(),
            )
            .await;
        Ok(Site {
            url: guess.url,
            kind: guess.kind.map(convert::site_kind),
            version: guess.info.as_ref().and_then(|info| info.version.clone()),
            title: guess.info.and_then(|info| info.title),
            problem: guess.problem.as_ref().map(ErrorDto::from),
        })
    }

    /// Tests what somebody typed; nothing is kept.
    ///
    /// # Errors
    /// None; what is wrong is in the report.
    pub async fn connection_test(
        &self,
        form: ConnectionForm,
    ) -> Result<ConnectionReport, ErrorDto> {
        Ok(report(self.engine.test_connection(&draft(form)).await))
    }

    /// Tests and keeps a connection.
    ///
    /// # Errors
    /// `name_taken`, what Jira says, or why the secret cannot be kept.
    pub async fn connection_create(&self, form: ConnectionForm) -> Result<Connection, ErrorDto> {
        let created = self.engine.create_connection(&draft(form)).await?;
        Ok(connection(&created, 0))
    }

    /// Connects to a practice site on this machine.
    ///
    /// # Errors
    /// Why it cannot be served, or the secret kept.
    pub async fn connection_practice(&self, args: PracticeArgs) -> Result<Connection, ErrorDto> {
        let cloud = args.kind == SiteKind::Cloud;
        let created = self.engine.create_practice(cloud, args.issues).await?;
        Ok(connection(&created, 0))
    }

    /// Every connection.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn connections(&self, _: Nothing) -> Result<Vec<Connection>, ErrorDto> {
        let integrations = self.engine.integrations().await?;
        let all = self.engine.connections().await?;
        Ok(all
            .iter()
            .map(|found| {
                let own = integrations
                    .iter()
                    .filter(|view| view.connection.id == found.id);
                connection(found, convert::count(own.count() as u64))
            })
            .collect())
    }

    /// Tests a connection that is kept.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn connection_check(&self, args: IdArgs) -> Result<ConnectionReport, ErrorDto> {
        Ok(report(
            self.engine.check_connection(ConnectionId(args.id)).await?,
        ))
    }

    /// Renames a connection.
    ///
    /// # Errors
    /// `name_taken`, `name_invalid`, `not_found`.
    pub async fn connection_rename(&self, args: RenameArgs) -> Result<Connection, ErrorDto> {
        self.engine
            .rename_connection(ConnectionId(args.id), &args.name)
            .await?;
        self.one_connection(args.id).await
    }

    /// Puts tested credentials in place of the old ones.
    ///
    /// # Errors
    /// What Jira says of them.
    pub async fn connection_credentials(
        &self,
        args: CredentialsArgs,
    ) -> Result<Connection, ErrorDto> {
        let secret = SecretString::from(args.secret);
        let (id, auth) = (ConnectionId(args.id), auth(args.auth));
        self.engine
            .update_credentials(id, auth, &args.login, secret)
            .await?;
        self.one_connection(args.id).await
    }

    /// Puts another, tested way to the site in place of the old one.
    ///
    /// # Errors
    /// What Jira, or the way to it, says; the old one then stays.
    pub async fn connection_network(&self, args: NetworkArgs) -> Result<Connection, ErrorDto> {
        let id = ConnectionId(args.id);
        let now = self.engine.network(id).await?;
        let network = Network {
            proxy: proxy(args.proxy.as_deref()),
            ca_pem: changed(args.ca, now.ca_pem, String::from),
            client_identity_pem: changed(
                args.client_identity,
                now.client_identity_pem,
                SecretString::from,
            ),
        };
        self.engine.update_network(id, network).await?;
        self.one_connection(args.id).await
    }

    pub(super) async fn one_connection(&self, id: i64) -> Result<Connection, ErrorDto> {
        let all = self.connections(Nothing {}).await?;
        all.into_iter()
            .find(|found| found.id == id)
            .ok_or_else(|| ErrorDto::from(engine::EngineError::NotFound("connection")))
    }

    /// Addresses that a firewall must let through.
    ///
    /// # Errors
    /// None.
    pub async fn firewall(&self, _: Nothing) -> Result<Firewall, ErrorDto> {
        Ok(Firewall {
            own: own_addresses(),
            craft: CRAFT
                .into_iter()
                .map(|(name, address)| NamedAddress {
                    name: name.to_owned(),
                    address: address.to_owned(),
                })
                .collect(),
            port: 443,
        })
    }

    /// Projects of a connection.
    ///
    /// # Errors
    /// `no_projects`, or what Jira says.
    pub async fn projects(&self, args: ProjectsArgs) -> Result<Projects, ErrorDto> {
        let id = ConnectionId(args.connection_id);
        let (found, total) = self.engine.projects(id, &args.query, args.limit).await?;
        let projects = found
            .into_iter()
            .map(|view| Project {
                id: view.project.id,
                key: view.project.key,
                name: view.project.name,
                team_managed: view.project.team_managed,
                integrations: view.integrations,
            })
            .collect();
        Ok(Projects {
            projects,
            total: convert::count(total),
        })
    }

    /// Boards of a project.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn boards(&self, args: ProjectArgs) -> Result<Vec<Board>, ErrorDto> {
        let boards = self
            .engine
            .boards(ConnectionId(args.connection_id), &args.project_key)
            .await?;
        Ok(boards
            .into_iter()
            .map(|board| Board {
                id: board.id,
                name: board.name,
                kind: board.kind,
            })
            .collect())
    }

    /// Adds a project.
    ///
    /// # Errors
    /// `project_gone`, `name_taken`.
    pub async fn integration_create(&self, form: IntegrationForm) -> Result<Integration, ErrorDto> {
        let draft = IntegrationDraft {
            connection: ConnectionId(form.connection_id),
            project_key: form.project_key,
            board_id: form.board_id,
            name: form.name,
        };
        Ok(integration(&self.engine.create_integration(&draft).await?))
    }

    /// Every integration.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn integrations(&self, _: Nothing) -> Result<Vec<Integration>, ErrorDto> {
        Ok(self
            .engine
            .integrations()
            .await?
            .iter()
            .map(integration)
            .collect())
    }

    /// One integration.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn integration(&self, args: IdArgs) -> Result<Integration, ErrorDto> {
        Ok(integration(
            &self.engine.integration(IntegrationId(args.id)).await?,
        ))
    }

    /// Renames an integration.
    ///
    /// # Errors
    /// `name_taken`, `name_invalid`, `not_found`.
    pub async fn integration_rename(&self, args: RenameArgs) -> Result<Integration, ErrorDto> {
        let view = self
            .engine
            .rename_integration(IntegrationId(args.id), &args.name)
            .await?;
        Ok(integration(&view))
    }
}

fn auth(auth: AuthKind) -> StoredAuth {
    match auth {
        AuthKind::CloudToken => StoredAuth::CloudToken,
        AuthKind::Password => StoredAuth::Password,
        AuthKind::Pat => StoredAuth::Pat,
    }
}

fn changed<T>(change: FileChange, now: Option<T>, make: impl FnOnce(String) -> T) -> Option<T> {
    match change {
        FileChange::Keep => now,
        FileChange::Remove => None,
        FileChange::Replace { pem } => Some(make(pem)),
    }
}

fn proxy(typed: Option<&str>) -> Option<Proxy> {
    typed.and_then(Proxy::parse)
}

fn draft(form: ConnectionForm) -> ConnectionDraft {
    ConnectionDraft {
        name: form.name,
        url: form.url,
        auth: auth(form.auth),
        login: form.login,
        secret: SecretString::from(form.secret),
        ca_pem: form.ca_pem,
        proxy: proxy(form.proxy.as_deref()),
        client_identity_pem: form.client_identity_pem.map(SecretString::from),
    }
}

fn report(report: Report) -> ConnectionReport {
    ConnectionReport {
        ok: report.ok(),
        kind: report.kind.map(convert::site_kind),
        version: report.version,
        account: report.account,
        checks: report
            .lines
            .into_iter()
            .map(|line| Check {
                id: line.id,
                label: line.label,
                state: match line.outcome {
                    CheckOutcome::Passed => CheckState::Passed,
                    CheckOutcome::Warning => CheckState::Warning,
                    CheckOutcome::Failed => CheckState::Failed,
                    CheckOutcome::Unknown => CheckState::Unknown,
                },
                detail: line.detail,
                problem: line.problem.as_ref().map(ErrorDto::from),
            })
            .collect(),
    }
}

fn connection(found: &store::connection::Connection, integrations: u32) -> Connection {
    let data = &found.data;
    Connection {
        id: found.id.0,
        name: data.name.clone(),
        kind: convert::stored_kind(data.kind),
        url: data.display_url.clone(),
        version: Some(data.version.clone()).filter(|version| !version.is_empty()),
        auth: match data.auth {
            StoredAuth::CloudToken => AuthKind::CloudToken,
            StoredAuth::Password => AuthKind::Password,
            StoredAuth::Pat => AuthKind::Pat,
        },
        login: data.login.clone(),
        account: data.account_name.clone(),
        practice: data.practice.is_some(),
        problem: match &found.state {
            ConnectionState::Working => None,
            ConnectionState::Stopped { code, detail } => {
                Some(ErrorDto::from(&Problem::from_text(code, detail)))
            }
        },
        // An older Lockstep kept the password in it.
        proxy: proxy(data.proxy.as_deref()).map(|proxy| proxy.address().to_owned()),
        has_ca: data.ca_pem.is_some(),
        has_client_identity: data.has_client_identity,
        integrations,
        created_at: moment(found.created_at),
    }
}

pub(crate) fn integration(view: &IntegrationView) -> Integration {
    let data = &view.integration.data;
    Integration {
        id: view.integration.id.0,
        connection_id: view.connection.id.0,
        connection_name: view.connection.data.name.clone(),
        kind: convert::stored_kind(view.connection.data.kind),
        name: data.name.clone(),
        project_key: data.project_key.clone(),
        project_name: data.project_name.clone(),
        board_id: data.board.as_ref().map(|board| board.id.clone()),
        board_name: data.board.as_ref().map(|board| board.name.clone()),
        jql: data.jql.clone(),
        include_closed: data.include_closed,
        area_id: data.area.map(|id| id.0),
        hierarchy_saved: view.types_saved,
        fields_saved: view.fields_saved,
        statuses_mapped: view.statuses_mapped,
        linked: convert::count(view.linked),
        offered: convert::count(view.offered),
        imported_at: view.imported_at.map(moment),
    }
}

/// The addresses from which this machine would reach out: asked of the system by choosing a way to an
/// address that stands for any, which sends nothing.
fn own_addresses() -> Vec<String> {
    [
        ("0.0.0.0:0", "192.0.2.1:443"),
        ("[::]:0", "[2001:db8::1]:443"),
    ]
    .into_iter()
    .filter_map(|(from, to)| {
        let socket = UdpSocket::bind(from).ok()?;
        socket.connect(to).ok()?;
        let address = socket.local_addr().ok()?.ip();
        (!address.is_unspecified() && !address.is_loopback()).then(|| address.to_string())
    })
    .collect()
}
