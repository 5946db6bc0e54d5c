//! Over HTTP, against a practice site in this process.

mod kept;
pub(crate) mod kit;

use super::{CheckOutcome, ConnectionDraft};
use crate::EngineError;
use jira::SystemClock;
use kit::{Asking, Scene};
use practice_jira::{DcVersion, Site, SiteConfig};
use std::sync::Arc;
use store::connection::{AuthKind, ConnectionState};

async fn scene() -> Scene {
    Scene::new(Site::new(SiteConfig::cloud(40, 7)), Arc::new(SystemClock)).await
}

#[tokio::test]
async fn a_token_with_scopes_works_through_the_gateway_from_the_test_to_the_issues() {
    let scene = scene().await;
    let draft = scene.draft(&scene.words.scoped_token);
    let report = scene.engine.test_connection(&draft).await;
    assert!(report.ok(), "{report:?}");
    let kept = scene
        .engine
        .create_connection(&draft)
        .await
        .expect("connected");
    let through = format!("{}/_gateway/ex/jira/{}", scene.url, scene.words.cloud_id);
    assert_eq!(kept.data.api_base, through);
    assert_eq!(kept.data.site_url, scene.url);
    assert!(
        !kept.data.display_url.contains("_gateway"),
        "links for people go to the site"
    );
    let client = scene.engine.client(kept.id).await.expect("a client");
    let (projects, _) = client.projects("", 9).await.expect("projects");
    let jql = format!("project = {}", projects[0].key);
    let page = client.id_page(&jql, None).await.expect("ids");
    let bodies = client.bodies(&jql, &page.ids[..1], &["summary"]).await;
    assert_eq!(bodies.expect("bodies").issues.len(), 1);
    let report = scene.engine.check_connection(kept.id).await;
    assert!(report.expect("a report").ok());
}

#[tokio::test]
async fn a_token_without_scopes_stays_at_the_site() {
    let scene = scene().await;
    let draft = scene.draft(&scene.words.api_token);
    let kept = scene
        .engine
        .create_connection(&draft)
        .await
        .expect("connected");
    assert_eq!(kept.data.api_base, scene.url);
}

#[tokio::test]
async fn a_token_that_is_wrong_at_both_is_refused_as_wrong_and_not_kept() {
    let scene = scene().await;
    let draft = scene.draft("wrong");
    let report = scene.engine.test_connection(&draft).await;
    let failed: Vec<_> = (report.lines.iter())
        .filter(|line| line.outcome == CheckOutcome::Failed)
        .filter_map(|line| line.problem.as_ref())
        .map(|problem| problem.code.as_str())
        .collect();
    assert_eq!(failed, ["credentials_wrong"]);
    let refused = scene.engine.create_connection(&draft).await;
    assert!(matches!(refused, Err(EngineError::Refused(_))));
    let kept = scene.engine.connections().await.expect("a list");
    assert!(kept.is_empty());
}

#[tokio::test]
async fn a_stopped_connection_that_was_mended_is_proven_by_a_check_and_works_again() {
    let scene = scene().await;
    let draft = scene.draft(&scene.words.api_token);
    let id = scene.engine.create_connection(&draft).await;
    let id = id.expect("connected").id;
    let revoke = |revoked| scene.site.lock().expect("whole").faults_mut().revoked = revoked;
    revoke(true);
    assert!(scene.engine.projects(id, "", 9).await.is_err());
    let kept = scene.engine.connection_row(id).await.expect("kept");
    assert!(matches!(kept.state, ConnectionState::Stopped { .. }));
    let refused = scene.engine.projects(id, "", 9).await;
    assert!(matches!(refused, Err(EngineError::ConnectionStopped)));
    let report = scene.engine.check_connection(id).await.expect("a report");
    let still = report.lines.iter().find_map(|line| line.problem.as_ref());
    let code = still.map(|problem| problem.code.as_str());
    assert!(
        code.is_some() && code != Some("connection_stopped"),
        "a check asks Jira: {report:?}"
    );
    revoke(false);
    let report = scene.engine.check_connection(id).await.expect("a report");
    assert!(report.ok(), "{report:?}");
    let kept = scene.engine.connection_row(id).await.expect("kept");
    assert_eq!(kept.state, ConnectionState::Working);
    let projects = scene.engine.projects(id, "", 9).await;
    assert!(projects.is_ok_and(|(found, _)| !found.is_empty()));
}

#[tokio::test]
async fn a_keyring_that_asks_holds_up_no_other_connection_and_asks_once() {
    let scene = scene().await;
    let mut draft = scene.draft(&scene.words.api_token);
    let asking = scene.engine.create_connection(&draft).await;
    draft.name = "Acme again".to_owned();
    let other = scene.engine.create_connection(&draft).await;
    let (asking, other) = (asking.expect("connected"), other.expect("connected"));
    let keyring = Asking::before(&scene.engine, &asking.data.secret_ref).await;
    let want = |id| {
        let engine = scene.engine.clone();
        tokio::spawn(async move { engine.client(id).await.map(drop) })
    };
    let (first, second) = (want(asking.id), want(asking.id));
    keyring.asks().await;
    scene.engine.client(other.id).await.expect("not held up");
    keyring.answer();
    first.await.expect("ends").expect("a client");
    second.await.expect("ends").expect("a client");
    assert_eq!(keyring.reads(), 1, "one client for both");
}

#[tokio::test]
async fn what_a_site_asked_for_holds_for_every_connection_to_it() {
    let scene = scene().await;
    let mut draft = scene.draft(&scene.words.api_token);
    let first = scene.engine.create_connection(&draft).await;
    draft.name = "Acme again".to_owned();
    let second = scene.engine.create_connection(&draft).await;
    let (first, second) = (first.expect("connected").id, second.expect("connected").id);
    scene
        .site
        .lock()
        .expect("whole")
        .faults_mut()
        .scripted
        .push_back(practice_jira::Refusal {
            status: 429,
            retry_after_s: Some(1800),
            reason: Some("jira-quota-tenant-based"),
        });
    for id in [first, second] {
        let client = scene.engine.client(id).await.expect("a client");
        let asked = client.fields().await;
        assert!(
            matches!(asked, Err(jira::Error::Paused { .. })),
            "{asked:?}"
        );
        // A client that is made anew knows it too.
        scene.engine.inner.sites.forget(id);
    }
}

#[tokio::test]
async fn an_old_server_that_lacks_everything_optional_is_set_up_all_the_same() {
    let config = SiteConfig {
        dc_version: DcVersion::V8_20,
        context_path: "/jira".to_owned(),
        ..SiteConfig::data_center(60, 7)
    };
    let mut site = Site::new(config);
    site.faults_mut().german = true;
    site.faults_mut().missing = [
        "/rest/api/2/issue/createmeta",
        "/rest/api/2/issue/createmeta/*/issuetypes",
        "/rest/api/2/issue/createmeta/*/issuetypes/*",
        "/rest/api/2/priority",
        "/rest/api/2/project/*/statuses",
        "/rest/api/2/project/*/versions",
        "/rest/api/2/project/*/components",
        "/rest/api/2/mypermissions",
        "/rest/agile/1.0/board",
        "/rest/agile/1.0/board/*/configuration",
    ]
    .map(str::to_owned)
    .into();
    let scene = Scene::new(site, Arc::new(SystemClock)).await;
    let draft = ConnectionDraft {
        auth: AuthKind::Password,
        login: scene.words.user.clone(),
        // The context path is found.
        ..scene.draft(&scene.words.password)
    };
    let report = scene.engine.test_connection(&draft).await;
    assert!(report.ok(), "{report:?}");
    let kept = scene.engine.create_connection(&draft).await;
    let kept = kept.expect("connected");
    assert_eq!(kept.data.site_url, format!("{}/jira", scene.url));
    let remote = scene.engine.remote(kept.id).await.expect("a site");
    let (projects, _) = remote.client().projects("", 9).await.expect("projects");
    let key = &projects[0].key;
    let boards = remote.client().boards(key).await.expect("told");
    assert!(boards.is_empty());
    let schema = remote.schema(key, Some("1")).await.expect("a schema");
    assert!(!schema.types.is_empty() && schema.statuses.is_empty());
    assert!(schema.fields.iter().any(|field| field.id == "summary"));
    let jql = format!("project = {key}");
    let page = remote.client().id_page(&jql, None).await.expect("ids");
    let ids = &page.ids[..page.ids.len().min(5)];
    let (issues, missing) = remote
        .issues(Some(&jql), ids, &schema, |_| true)
        .await
        .expect("issues");
    assert!(issues.len() == ids.len() && missing.is_empty());
}
