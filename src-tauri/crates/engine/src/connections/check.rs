//! Finding a site and testing what somebody typed, or what is kept; nothing is written but a state that mends.

use super::{CheckOutcome, ConnectionDraft, Proxy, Report, SiteGuess};
use crate::Engine;
use crate::error::EngineError;
use crate::problem::Problem;
use crate::sites::{credentials, kind, settings};
use jira::{Account, Client, ClientOptions, Found, SiteInfo, SiteKind, SiteUrl, Transport};
use std::sync::Arc;
use store::ConnectionId;
use store::connection::AuthKind;

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

/// A sign-in that worked.
pub struct Attempt {
    pub(super) client: Client,
    pub(super) base: String,
    pub(super) url: SiteUrl,
    pub(super) kind: SiteKind,
    pub(super) info: Option<SiteInfo>,
    pub(super) account: Account,
}

impl Engine {
    /// What answers at an address, without credentials.
    pub async fn detect_site(
        &self,
        url: &str,
        ca_pem: Option<&str>,
        proxy: Option<&Proxy>,
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
        // Also one that is stopped: this is how it is seen to be mended.
        let asked = match self.make_client(&connection).await {
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
                // The one in use may be from before the mending.
                self.inner.sites.forget(id);
            }
            Err(error) => {
                let error = self.note(id, error).await;
                report.failed("identity", "Sign in", Problem::from(&error));
            }
        }
        Ok(report)
    }

    pub(super) async fn sign_in(&self, draft: &ConnectionDraft) -> Result<Attempt, EngineError> {
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

    /// Reaches the site and signs in to it, and says of each step how it went.
    async fn attempt(&self, draft: &ConnectionDraft, report: &mut Report) -> Option<Attempt> {
        let (transport, found) = self.reach(draft, report).await?;
        trust_line(report, &found.url);
        let kind = kind_of(&found, draft.auth);
        report.kind = Some(kind);
        report.version = found.info.as_ref().and_then(|info| info.version.clone());
        let secret = draft.secret.clone();
        let options = ClientOptions {
            transport,
            clock: self.inner.clock.clone(),
            jitter: self.inner.jitter.clone(),
            kind,
            base: found.url.to_string(),
            credentials: Some(credentials(draft.auth, draft.login.trim(), secret)),
            tries: TEST_TRIES,
        };
        let gateway = self.inner.transports.gateway();
        match jira::sign_in(options, Some(&gateway)).await {
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
                let problem = Problem::from(&EngineError::from(error));
                report.failed("identity", "Sign in", problem);
                None
            }
        }
    }

    /// The way to the site, and what answers there.
    async fn reach(
        &self,
        draft: &ConnectionDraft,
        report: &mut Report,
    ) -> Option<(Arc<dyn Transport>, Found)> {
        let Some(typed) = SiteUrl::parse(&draft.url) else {
            report.failed("url", "Address", Problem::new("url_invalid"));
            return None;
        };
        let settings = settings(
            draft.ca_pem.as_deref(),
            draft.proxy.as_ref(),
            draft.client_identity_pem.as_ref(),
        );
        let transport = match self.transport(&settings) {
            Ok(transport) => transport,
            Err(error) => {
                let label = "Certificate and proxy settings";
                report.failed("certificate", label, Problem::from(&error));
                return None;
            }
        };
        let (clock, jitter) = (self.inner.clock.clone(), self.inner.jitter.clone());
        let began = clock.now();
        let found = jira::detect(transport.clone(), clock.clone(), jitter, &typed).await;
        match found {
            Ok(found) => {
                let took_ms = clock.now().duration_since(began).as_millis();
                let detail = format!("{} in {took_ms} ms", found.url);
                report.passed("reachable", "Reach the site", Some(detail));
                Some((transport, found))
            }
            Err(error) => {
                let problem = Problem::from(&EngineError::from(error));
                report.failed("reachable", "Reach the site", problem);
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
}

fn trust_line(report: &mut Report, url: &SiteUrl) {
    let (id, label) = ("tls", "Trust its certificate");
    if url.as_str().starts_with("https") {
        report.passed(id, label, None);
    } else {
        let words = "The address is http: what is sent can be read on the way".to_owned();
        report.line(id, label, CheckOutcome::Warning, Some(words), None);
    }
}

/// The kind that the site says it is, or its name tells, or the way of signing in is for.
fn kind_of(found: &Found, auth: AuthKind) -> SiteKind {
    let told = found.info.as_ref().map(|info| info.kind);
    told.or_else(|| by_name(&found.url)).unwrap_or(match auth {
        AuthKind::CloudToken => SiteKind::Cloud,
        AuthKind::Password | AuthKind::Pat => SiteKind::DataCenter,
    })
}

fn by_name(url: &SiteUrl) -> Option<SiteKind> {
    url.is_cloud_name().then_some(SiteKind::Cloud)
}
