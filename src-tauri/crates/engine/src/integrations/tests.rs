//! Over HTTP, against a practice site in this process.

use super::IntegrationDraft;
use crate::connections::tests::kit::{Scene, StillClock};
use crate::{Engine, EngineError, EngineEvent, Problem, RunState, RunView};
use jiff::SignedDuration;
use jira::{Clock, SystemClock};
use practice_jira::{Site, SiteConfig};
use std::sync::Arc;
use store::{ConnectionId, IntegrationId};
use tokio::sync::broadcast::Receiver;

async fn scene() -> Scene {
    scene_at(Arc::new(SystemClock)).await
}

async fn scene_at(clock: Arc<dyn Clock>) -> Scene {
    Scene::new(Site::new(SiteConfig::cloud(40, 7)), clock).await
}

/// Connects, as a connection of this name.
async fn connected(scene: &Scene, name: &str) -> ConnectionId {
    let mut draft = scene.draft(&scene.words.api_token);
    draft.name = name.to_owned();
    let kept = scene.engine.create_connection(&draft).await;
    kept.expect("connected").id
}

/// Adds the first project.
async fn added(
    scene: &Scene,
    connection: ConnectionId,
    name: &str,
) -> Result<IntegrationId, EngineError> {
    let (projects, _) = scene.engine.projects(connection, "", 9).await?;
    let draft = IntegrationDraft {
        connection,
        project_key: projects[0].project.key.clone(),
        board_id: None,
        name: name.to_owned(),
    };
    let view = scene.engine.create_integration(&draft).await?;
    Ok(view.integration.id)
}

/// Keeps the mapping that is proposed.
async fn mapped(engine: &Engine, id: IntegrationId) {
    let pairs = engine.hierarchy(id, false).await.expect("types").pairs;
    engine.save_hierarchy(id, pairs).await.expect("saved");
    let fields = engine.fields(id, false).await.expect("fields");
    let saved = engine.save_fields(id, fields.mapping.fields).await;
    saved.expect("saved");
}

/// As it stands if the project was added before the one that has its key now.
async fn replace_project(engine: &Engine, id: IntegrationId) {
    let view = engine.integration(id).await.expect("kept");
    let (mut data, now) = (view.integration.data, engine.now());
    data.project_id = "9".to_owned();
    let old = engine
        .store()
        .write(move |tx| store::integration::update(tx, id, &data, now));
    old.await.expect("written");
}

/// The next word of a run that has met a problem.
async fn problem_told(events: &mut Receiver<EngineEvent>, code: &str) -> RunView {
    loop {
        if let EngineEvent::Run(view) = events.recv().await.expect("an event")
            && (view.problem.as_ref()).is_some_and(|problem| problem.code == code)
        {
            return *view;
        }
    }
}

#[track_caller]
fn code<T>(outcome: Result<T, EngineError>) -> String {
    let error = outcome.err().expect("a refusal");
    Problem::from(&error).code
}

#[tokio::test]
async fn a_project_that_was_deleted_and_made_anew_under_its_key_is_noticed() {
    let scene = scene().await;
    let engine = &scene.engine;
    let connection = connected(&scene, "Acme").await;
    let id = added(&scene, connection, "Main").await.expect("added");
    mapped(engine, id).await;
    let report = engine.check_scope(id, "", true).await;
    assert!(report.expect("a report").errors.is_empty());
    replace_project(engine, id).await;
    let checked = engine.check_scope(id, "", true).await;
    assert_eq!(code(checked), "project_replaced");
    assert_eq!(code(engine.plan_import(id).await), "project_replaced");
    let runs = engine.runs(id).await.expect("a list");
    assert!(runs.is_empty(), "nothing was begun");
    let again = added(&scene, connection, "The new one").await;
    again.expect("the new project can be added as one of its own");
}

#[tokio::test]
async fn a_project_that_was_made_anew_while_a_plan_was_paused_is_noticed_when_it_goes_on() {
    let clock = StillClock::new();
    let scene = scene_at(clock.clone()).await;
    let engine = &scene.engine;
    let connection = connected(&scene, "Acme").await;
    let id = added(&scene, connection, "Main").await.expect("added");
    mapped(engine, id).await;
    let mut events = engine.events();
    // It waits for the quota, by a clock that stands still.
    scene.refuse_next("/issue/bulkfetch");
    let run = engine.plan_import(id).await.expect("a run").run.id;
    problem_told(&mut events, "jira_paused").await;
    engine.pause_run(run).await.expect("paused");
    replace_project(engine, id).await;
    clock.advance(SignedDuration::from_secs(1801));
    engine.resume_run(run).await.expect("goes on");
    problem_told(&mut events, "project_replaced").await;
    let view = engine.run(run).await.expect("kept");
    assert_eq!(view.run.state, RunState::Paused);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_project_is_not_kept_in_step_through_two_connections_to_its_site() {
    let scene = scene().await;
    let first = connected(&scene, "Acme").await;
    let second = connected(&scene, "Acme again").await;
    added(&scene, first, "Main").await.expect("added");
    let refused = added(&scene, second, "Other").await;
    let error = refused.expect_err("a refusal");
    let problem = Problem::from(&error);
    assert_eq!(problem.code, "project_taken");
    assert_eq!(problem.detail["integration"], "Main");
    assert_eq!(problem.detail["connection"], "Acme");
    // Through one connection it may be, say with another filter.
    added(&scene, first, "Other").await.expect("added");
}
