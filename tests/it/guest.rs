//! Beside the process that has the data directory a guest reads what is kept, and changes nothing.

use api::dto::{
    ConnectionForm, IntegrationArgs, IntegrationForm, ItemsArgs, MoveArgs, NewAreaArgs, Nothing,
    Run, RunArgs, RunState, SchemaArgs, SecretStoreArgs, SecretStoreKind, Theme, ThemeArgs,
};
use api::error::ErrorCode;
use api::{ApiError, App, Options, SecretChoice};
use lockstep_tests::{
    Served, connected, everything, imported, items, mapped, open, planned, still,
};
use practice_jira::SiteConfig;
use std::path::Path;

async fn visit(directory: &Path) -> App {
    let options = Options {
        data_dir: directory.to_owned(),
        secrets: SecretChoice::Memory(Default::default()),
    };
    let guest = App::open_to_read(options).await.expect("a guest");
    assert!(!guest.is_owner());
    guest
}

struct Ready {
    served: Served,
    directory: tempfile::TempDir,
    owner: App,
    integration_id: i64,
}

async fn ready(issues: usize) -> Ready {
    let served = Served::start(SiteConfig::cloud(issues, 7));
    let directory = tempfile::tempdir().expect("a directory");
    let owner = open(directory.path()).await.expect("opens");
    let integration_id = connected(&owner, &served).await;
    mapped(&owner, integration_id).await;
    Ready {
        served,
        directory,
        owner,
        integration_id,
    }
}

async fn last_run(app: &App, integration_id: i64) -> Run {
    let runs = app.runs(IntegrationArgs { integration_id }).await;
    runs.expect("runs").swap_remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_reads_while_the_owner_imports_and_sees_each_step_as_it_is() {
    let at = ready(300).await;
    let id = at.integration_id;
    let before = at.served.asked();
    planned(&at.owner, id).await;
    let guest = visit(at.directory.path()).await;
    assert_eq!(last_run(&guest, id).await.state, RunState::Planned);
    // Held back is an answer in the middle of what another plan reads.
    at.served.hold_after(at.served.asked() - before - 2);
    let plan = at.owner.import_plan(IntegrationArgs { integration_id: id });
    let run_id = plan.await.expect("a plan begins").id;
    at.served.held().await;
    let seen = last_run(&guest, id).await;
    assert_eq!((seen.id, seen.state), (run_id, RunState::Reading));
    assert_eq!(seen.resumes, None);
    let state = guest.app_state(Nothing {}).await.expect("a state");
    assert_eq!(
        state.active_run.map(|run| run.state),
        Some(RunState::Reading)
    );
    assert!(items(&guest, id).await.is_empty());
    at.served.release();
    let plan = still(&at.owner, run_id).await;
    assert_eq!(last_run(&guest, id).await.counts, plan.counts);
    let args = RunArgs { run_id };
    at.owner.import_apply(args).await.expect("applies");
    let run = still(&at.owner, run_id).await;
    assert_eq!(last_run(&guest, id).await, run);
    assert_eq!(items(&guest, id).await, items(&at.owner, id).await);
    guest.shutdown().await;
    at.owner.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mapping_is_told_to_a_guest_as_it_is_kept() {
    let at = ready(60).await;
    let guest = visit(at.directory.path()).await;
    let args = SchemaArgs {
        integration_id: at.integration_id,
        refresh: false,
    };
    at.served.hold_after(0);
    let told = guest.hierarchy(args.clone()).await.expect("kept");
    let mapping = guest.field_mapping(args.clone()).await.expect("kept");
    at.served.release();
    assert_eq!(at.owner.hierarchy(args.clone()).await.expect("kept"), told);
    let kept = at.owner.field_mapping(args).await.expect("kept");
    assert!(mapping.saved);
    assert_eq!(mapping.pairs, kept.pairs);
    guest.shutdown().await;
    at.owner.shutdown().await;
}

#[track_caller]
fn check_refused<T: std::fmt::Debug>(what: &str, outcome: Result<T, ApiError>) {
    let code = outcome.as_ref().err().map(|error| error.code);
    assert_eq!(code, Some(ErrorCode::AlreadyOpen), "{what}: {outcome:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_writes_or_asks_jira_is_refused_to_a_guest() {
    let at = ready(60).await;
    let (directory, integration_id) = (at.directory.path(), at.integration_id);
    let run = imported(&at.owner, integration_id).await;
    let kept = items(&at.owner, integration_id).await;
    let guest = visit(directory).await;
    let connection = guest.connections(Nothing {}).await.expect("kept").remove(0);
    let theme = Theme::Dark;
    check_refused("theme", guest.theme_set(ThemeArgs { theme }).await);
    let args = SecretStoreArgs {
        kind: SecretStoreKind::File,
        passphrase: Some("a passphrase".to_owned()),
    };
    check_refused("secrets", guest.secret_store_choose(args).await);
    let args = ConnectionForm {
        name: "Another".to_owned(),
        ..at.served.form()
    };
    check_refused("connect", guest.connection_create(args).await);
    let args = IntegrationForm {
        connection_id: connection.id,
        project_key: at.served.project(),
        board_id: None,
        name: "Another".to_owned(),
    };
    check_refused("integrate", guest.integration_create(args).await);
    check_refused("scope", guest.scope_save(everything(integration_id)).await);
    let args = SchemaArgs {
        integration_id,
        refresh: true,
    };
    check_refused("schema", guest.hierarchy(args).await);
    let args = IntegrationArgs { integration_id };
    check_refused("plan", guest.import_plan(args).await);
    let args = RunArgs { run_id: run.id };
    check_refused("undo", guest.import_undo(args).await);
    let args = NewAreaArgs {
        parent_id: None,
        name: "New".to_owned(),
    };
    check_refused("area", guest.area_create(args).await);
    let args = MoveArgs {
        ids: vec![kept[0].id],
        area_id: kept[0].area_id,
    };
    check_refused("move", guest.items_move(args).await);
    let secrets = guest
        .app_state(Nothing {})
        .await
        .expect("a state")
        .secret_store;
    let problem = secrets.problem.map(|problem| problem.code);
    assert_eq!(problem, Some(ErrorCode::AlreadyOpen));
    assert!(!directory.join("secrets.age").exists());
    assert_eq!(items(&guest, integration_id).await, kept);
    guest.shutdown().await;
    at.owner.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_only_reads_is_the_owner_where_nobody_else_is() {
    let at = ready(60).await;
    let run = imported(&at.owner, at.integration_id).await;
    at.owner.shutdown().await;
    drop(at.owner);
    let options = Options {
        data_dir: at.directory.path().to_owned(),
        secrets: SecretChoice::Memory(Default::default()),
    };
    let reader = App::open_to_read(options).await.expect("opens");
    assert!(reader.is_owner());
    let args = ItemsArgs {
        integration_id: None,
        after: 0,
        limit: 1000,
    };
    let found = reader.items(args).await.expect("items").items.len();
    assert_eq!(u32::try_from(found), Ok(run.counts.created));
    reader.shutdown().await;
}
