//! What goes wrong has a code of its own, and loses nothing.

use api::dto::{
    ConnectionForm, FieldPair, FieldPairsArgs, IntegrationArgs, Nothing, ProjectsArgs, RunArgs,
    RunState, SaveScopeArgs, SchemaArgs, ScopeArgs,
};
use api::error::ErrorCode;
use api::{ApiError, App};
use lockstep_tests::{Served, connected, imported, items, mapped, open, planned, still};
use practice_jira::{Refusal, Site, SiteConfig};

fn faces() -> [SiteConfig; 2] {
    [SiteConfig::cloud(120, 5), SiteConfig::data_center(120, 5)]
}

/// A refusal says what happened, why, and what to do, with the names that belong to it filled in.
fn check_words(error: &ApiError, code: ErrorCode, named: &str) {
    assert_eq!(error.code, code, "{error:?}");
    let words = error.words();
    for told in [&words.title, &words.cause, &words.cure] {
        assert!(told.len() > 10 && !told.contains(['{', '}']), "{words:?}");
    }
    let all = format!("{} {} {}", words.title, words.cause, words.cure);
    assert!(all.contains(named), "{named}: {words:?}");
}

/// An app with a mapping that is saved, on a site of its own.
async fn ready(served: &Served, directory: &std::path::Path) -> (App, i64, Vec<FieldPair>) {
    let app = open(directory).await.expect("opens");
    let integration_id = connected(&app, served).await;
    let pairs = mapped(&app, integration_id).await;
    (app, integration_id, pairs)
}

/// Something about a mapped field changes at the site; the plan is refused by name, and once the pair is
/// taken out of the mapping everything comes.
async fn check_field(
    field: &str,
    change: impl Fn(&mut Site, &str) -> bool,
    code: ErrorCode,
    named: &str,
) {
    for config in faces() {
        let directory = tempfile::tempdir().expect("a directory");
        let served = Served::start(config);
        let (app, integration_id, mut pairs) = ready(&served, directory.path()).await;
        let pair = pairs.iter().position(|pair| pair.field == field);
        let pair = pairs.remove(pair.expect("the field is mapped"));
        assert!(change(&mut served.site(), &pair.remote_field));
        let refused = app
            .import_plan(IntegrationArgs { integration_id })
            .await
            .expect_err("the mapping no longer stands");
        check_words(&refused, code, named);
        assert!(items(&app, integration_id).await.is_empty());
        let cured = FieldPairsArgs {
            integration_id,
            pairs,
        };
        app.field_mapping_save(cured).await.expect("saved");
        let run = imported(&app, integration_id).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        let project = served.project();
        let there = served.site().issue_count(Some(&project));
        assert_eq!(items(&app, integration_id).await.len(), there);
        app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_removed_since_the_mapping_is_named_and_the_rest_comes_without_it() {
    check_field(
        "story_points",
        Site::remove_field,
        ErrorCode::FieldGone,
        "mapping",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_of_another_type_since_the_mapping_is_refused_and_the_rest_comes_without_it() {
    check_field(
        "story_points",
        |site, field| site.redefine_field(field, "assignee"),
        ErrorCode::MappingRefused,
        "Story points: ",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_sees_no_project_is_told_so_where_it_looks_for_one() {
    for config in faces() {
        let directory = tempfile::tempdir().expect("a directory");
        let served = Served::start(config);
        let projects = served.site().project_keys();
        let removed = projects
            .into_iter()
            .map(|project| (project, "BROWSE_PROJECTS".to_owned()));
        served
            .site()
            .faults_mut()
            .permissions_removed
            .extend(removed);
        let app = open(directory.path()).await.expect("opens");
        let connection = app.connection_create(served.form()).await.expect("kept");
        let refused = app
            .projects(ProjectsArgs {
                connection_id: connection.id,
                query: String::new(),
                limit: 20,
            })
            .await
            .expect_err("there are none to see");
        check_words(&refused, ErrorCode::NoProjects, "project");
        served.site().faults_mut().permissions_removed.clear();
        let integration_id = {
            let form = api::dto::IntegrationForm {
                connection_id: connection.id,
                project_key: served.project(),
                board_id: None,
                name: "Main".to_owned(),
            };
            app.integration_create(form).await.expect("seen now").id
        };
        mapped(&app, integration_id).await;
        assert_eq!(
            imported(&app, integration_id).await.state,
            RunState::Done,
            "once it sees one, all goes on"
        );
        app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_deleted_between_plan_and_import_writes_what_was_planned_of_what_was_read() {
    for config in faces() {
        let directory = tempfile::tempdir().expect("a directory");
        let served = Served::start(config);
        let (app, integration_id, _) = ready(&served, directory.path()).await;
        let plan = planned(&app, integration_id).await;
        let project = served.project();
        assert!(served.site().delete_project(&project));
        let applied = app.import_apply(RunArgs { run_id: plan.id }).await;
        let run = still(&app, applied.expect("the plan is fresh").id).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        let kept = u32::try_from(items(&app, integration_id).await.len());
        assert_eq!(kept, Ok(plan.counts.create), "what was read is not lost");
        let refused = app
            .import_plan(IntegrationArgs { integration_id })
            .await
            .expect_err("the project is gone");
        check_words(&refused, ErrorCode::ProjectGone, "project");
        app.shutdown().await;
    }
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
        // Another plan asks the same: held back are the last two answers of what that takes.
        let before = served.asked();
        planned(&app, integration_id).await;
        served.hold_after(served.asked() - before - 2);
        let run = app
            .import_plan(IntegrationArgs { integration_id })
            .await
            .expect("a plan begins");
        served.held().await;
        served.site().faults_mut().revoked = true;
        served.release();
        let run = still(&app, run.id).await;
        assert_eq!(run.state, RunState::Paused, "{run:?}");
        let code = run.problem.map(|problem| problem.code);
        // Which of them depends on what was asked for first: a search answers a stranger with nothing
        // instead of a refusal.
        assert!(
            matches!(
                code,
                Some(
                    ErrorCode::CredentialsExpired
                        | ErrorCode::CredentialsWrong
                        | ErrorCode::Anonymous
                )
            ),
            "{code:?}"
        );
        let connections = app.connections(Nothing {}).await.expect("a list");
        let stopped: Vec<_> = connections
            .into_iter()
            .map(|connection| connection.problem.map(|problem| problem.code))
            .collect();
        assert_eq!(stopped, [code], "the connection says the same");
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
