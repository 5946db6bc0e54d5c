//! What goes wrong has a code of its own, and loses nothing.

use api::dto::{ConnectionForm, IntegrationArgs, RunState, SaveScopeArgs, SchemaArgs, ScopeArgs};
use api::error::ErrorCode;
use lockstep_tests::{Served, connected, imported, items, mapped, open, still};
use practice_jira::{Refusal, SiteConfig};

fn faces() -> [SiteConfig; 2] {
    [SiteConfig::cloud(120, 5), SiteConfig::data_center(120, 5)]
}

async fn check_connection(
    served: &Served,
    change: impl FnOnce(&mut ConnectionForm),
    expected: ErrorCode,
) {
    let directory = tempfile::tempdir().expect("a directory");
    let app = open(directory.path()).await.expect("opens");
    let mut form = served.form();
    change(&mut form);
    let outcome = app
        .connection_create(form)
        .await
        .map_err(|error| error.code);
    assert_eq!(outcome.map(|connection| connection.url), Err(expected));
    app.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_cannot_work_is_refused_by_its_cause() {
    for config in faces() {
        let served = Served::start(config);
        check_connection(
            &served,
            |form| form.url = "http://".to_owned(),
            ErrorCode::UrlInvalid,
        )
        .await;
        // Bound and given up at once: nothing listens there.
        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a port");
        check_connection(
            &served,
            |form| form.url = format!("http://{closed}"),
            ErrorCode::HostRefused,
        )
        .await;
        check_connection(
            &served,
            |form| form.secret = "wrong".to_owned(),
            ErrorCode::CredentialsWrong,
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_is_unknown_or_is_some_other_web_site_is_told_from_a_jira() {
    for config in faces() {
        let served = Served::start(config);
        check_connection(
            &served,
            |form| form.url = "http://no-such-host.invalid".to_owned(),
            ErrorCode::HostUnknown,
        )
        .await;
        served.become_a_web_page("<!doctype html><title>Welcome</title><h1>It works</h1>");
        check_connection(&served, |_| {}, ErrorCode::NotJira).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_may_see_nothing_is_told_so_and_nothing_is_lost() {
    for config in faces() {
        let (served, directory) = (
            Served::start(config),
            tempfile::tempdir().expect("a directory"),
        );
        let app = open(directory.path()).await.expect("opens");
        let integration_id = connected(&app, &served).await;
        mapped(&app, integration_id).await;
        let before = imported(&app, integration_id).await;
        let projects = served.site().project_keys();
        for project in projects {
            let removed = (project, "BROWSE_PROJECTS".to_owned());
            served
                .site()
                .faults_mut()
                .permissions_removed
                .insert(removed);
        }
        let refused = app
            .import_plan(IntegrationArgs { integration_id })
            .await
            .map_err(|error| error.code);
        assert_eq!(refused.map(|run| run.id), Err(ErrorCode::ProjectGone));
        let kept = items(&app, integration_id).await.len();
        assert_eq!(u32::try_from(kept), Ok(before.counts.created));
        app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_that_jira_does_not_accept_is_told_in_jiras_words() {
    for config in faces() {
        let (served, directory) = (
            Served::start(config),
            tempfile::tempdir().expect("a directory"),
        );
        let app = open(directory.path()).await.expect("opens");
        let integration_id = connected(&app, &served).await;
        mapped(&app, integration_id).await;
        let jql = "nosuchfield = 1".to_owned();
        let report = app
            .scope_check(ScopeArgs {
                integration_id,
                jql: jql.clone(),
                include_closed: true,
            })
            .await
            .expect("a report");
        assert!(
            !report.ok
                && report
                    .errors
                    .iter()
                    .any(|words| words.contains("nosuchfield")),
            "{report:?}"
        );
        app.scope_save(SaveScopeArgs {
            integration_id,
            jql,
            include_closed: true,
            area_id: None,
        })
        .await
        .expect("saved");
        let refused = app
            .import_plan(IntegrationArgs { integration_id })
            .await
            .map_err(|error| error.code);
        assert_eq!(refused.map(|run| run.id), Err(ErrorCode::JqlInvalid));
        app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_deleted_between_two_steps_is_gone() {
    for config in faces() {
        let (served, directory) = (
            Served::start(config),
            tempfile::tempdir().expect("a directory"),
        );
        let app = open(directory.path()).await.expect("opens");
        let integration_id = connected(&app, &served).await;
        mapped(&app, integration_id).await;
        let project = served.project();
        assert!(served.site().delete_project(&project));
        let asked = app
            .hierarchy(SchemaArgs {
                integration_id,
                refresh: true,
            })
            .await
            .map_err(|error| error.code);
        assert_eq!(
            asked.map(|hierarchy| hierarchy.saved),
            Err(ErrorCode::ProjectGone)
        );
        let refused = app
            .import_plan(IntegrationArgs { integration_id })
            .await
            .map_err(|error| error.code);
        assert_eq!(refused.map(|run| run.id), Err(ErrorCode::ProjectGone));
        app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_type_removed_since_the_mapping_is_named() {
    for config in faces() {
        let (served, directory) = (
            Served::start(config),
            tempfile::tempdir().expect("a directory"),
        );
        let app = open(directory.path()).await.expect("opens");
        let integration_id = connected(&app, &served).await;
        mapped(&app, integration_id).await;
        let project = served.project();
        assert!(served.site().remove_issue_type(&project, "Epic"));
        let refused = app
            .import_plan(IntegrationArgs { integration_id })
            .await
            .expect_err("the type is gone");
        assert_eq!(
            (refused.code, refused.detail.get("name").map(String::as_str)),
            (ErrorCode::TypeGone, Some("Epic"))
        );
        app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_revoked_under_an_import_pauses_it_and_stops_the_connection() {
    for config in faces() {
        let (served, directory) = (
            Served::start(config),
            tempfile::tempdir().expect("a directory"),
        );
        let app = open(directory.path()).await.expect("opens");
        let integration_id = connected(&app, &served).await;
        mapped(&app, integration_id).await;
        let run = app
            .import_plan(IntegrationArgs { integration_id })
            .await
            .expect("a plan begins");
        served.site().faults_mut().revoked = true;
        let run = still(&app, run.id).await;
        // The site is small: it may have told everything before the token was taken away.
        if run.state != RunState::Planned {
            assert_eq!(run.state, RunState::Paused, "{run:?}");
            let code = run.problem.map(|problem| problem.code);
            assert!(
                matches!(
                    code,
                    Some(ErrorCode::CredentialsExpired | ErrorCode::CredentialsWrong)
                ),
                "{code:?}"
            );
        }
        app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_is_asked_to_slow_down_still_completes() {
    for config in faces() {
        let (served, directory) = (
            Served::start(config),
            tempfile::tempdir().expect("a directory"),
        );
        let app = open(directory.path()).await.expect("opens");
        let integration_id = connected(&app, &served).await;
        mapped(&app, integration_id).await;
        let refusal = Refusal {
            status: 429,
            retry_after_s: Some(1),
            reason: Some("jira-burst-based"),
        };
        served.site().faults_mut().scripted.push_back(refusal);
        let run = imported(&app, integration_id).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_directory_that_is_in_use_or_damaged_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let app = open(directory.path()).await.expect("opens");
    let second = open(directory.path()).await.err().map(|error| error.code);
    assert_eq!(second, Some(ErrorCode::AlreadyOpen));
    app.shutdown().await;
    drop(app);
    let database = std::fs::read_dir(directory.path())
        .expect("a directory")
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3")))
        .expect("a database");
    std::fs::write(&database, vec![7_u8; 8192]).expect("writes");
    let damaged = open(directory.path()).await.err().map(|error| error.code);
    assert_eq!(damaged, Some(ErrorCode::DatabaseCorrupt));
    assert_eq!(
        std::fs::read(&database).ok(),
        Some(vec![7_u8; 8192]),
        "a damaged database is left as it is"
    );
}
