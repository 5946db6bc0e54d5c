use super::*;
use crate::connections::tests::kit::{Scene, StillClock};
use crate::{EngineEvent, IntegrationDraft, RunView};
use jira::{Error, LimitReason};
use practice_jira::{Site, SiteConfig};
use store::IntegrationId;

#[track_caller]
fn check(error: Error, failures: usize, seconds: i64) {
    let wait = wait_after(&EngineError::Jira(error), failures, Timestamp::UNIX_EPOCH);
    assert_eq!(wait.as_secs(), seconds);
}

#[test]
fn a_used_up_quota_is_waited_for_until_its_reset() {
    let until = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1847);
    let reason = LimitReason::Quota;
    check(Error::Paused { reason, until }, 0, 1847);
    // Its end is near: not at once again.
    let until = Timestamp::UNIX_EPOCH;
    check(Error::Paused { reason, until }, 0, 2);
}

#[test]
fn maintenance_is_waited_for_as_long_as_jira_asks_within_reason() {
    let down = |seconds: Option<u64>| Error::Unavailable {
        status: 503,
        retry_after: seconds.map(Duration::from_secs),
    };
    check(down(Some(300)), 0, 300);
    check(down(Some(86_400)), 0, 900);
    check(down(None), 0, 2);
}

#[test]
fn what_fails_again_and_again_is_tried_less_and_less_often() {
    for (failures, seconds) in [(0, 2), (1, 5), (2, 15), (3, 30), (4, 60), (99, 60)] {
        check(Error::Conflict, failures, seconds);
    }
}

/// The next word of a run that fits.
async fn told(
    events: &mut tokio::sync::broadcast::Receiver<EngineEvent>,
    fits: impl Fn(&RunView) -> bool,
) -> RunView {
    loop {
        if let EngineEvent::Run(view) = events.recv().await.expect("an event")
            && fits(&view)
        {
            return *view;
        }
    }
}

/// An integration of the site's first project, with the mapping that is proposed.
async fn mapped(scene: &Scene) -> IntegrationId {
    let engine = &scene.engine;
    let draft = scene.draft(&scene.words.api_token);
    let connection = engine.create_connection(&draft).await.expect("connected");
    let (projects, _) = engine.projects(connection.id, "", 9).await.expect("some");
    let draft = IntegrationDraft {
        connection: connection.id,
        project_key: projects[0].project.key.clone(),
        board_id: None,
        name: "Acme".to_owned(),
    };
    let view = engine.create_integration(&draft).await.expect("kept");
    let id = view.integration.id;
    let pairs = engine.hierarchy(id, false).await.expect("types").pairs;
    engine.save_hierarchy(id, pairs).await.expect("saved");
    let pairs = engine
        .fields(id, false)
        .await
        .expect("fields")
        .mapping
        .fields;
    engine.save_fields(id, pairs).await.expect("saved");
    id
}

#[tokio::test]
async fn a_run_that_meets_a_used_up_quota_says_until_when_it_waits_and_goes_on_by_itself() {
    let clock = StillClock::new();
    let site = Site::new(SiteConfig::cloud(150, 7));
    let scene = Scene::new(site, clock.clone()).await;
    let engine = &scene.engine;
    let id = mapped(&scene).await;

    let mut events = engine.events();
    scene.refuse_next("/issue/bulkfetch");
    engine.plan_import(id).await.expect("a run");
    let waits = told(&mut events, |view| view.problem.is_some()).await;
    let problem = waits.problem.expect("why it waits");
    let until = clock.now() + SignedDuration::from_secs(1800);
    assert_eq!(problem.code, "jira_paused");
    assert_eq!(problem.detail["until"], until.to_string());
    assert_eq!(waits.run.state, RunState::Reading);
    clock.advance(SignedDuration::from_secs(1801));
    let ready = told(&mut events, |view| view.run.state == RunState::Planned).await;
    assert_eq!(ready.problem, None);
    assert!(ready.planned.create > 0);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_plan_that_is_cancelled_while_it_waits_leaves_nothing_and_another_can_be_made() {
    let clock = StillClock::new();
    let site = Site::new(SiteConfig::cloud(150, 7));
    let scene = Scene::new(site, clock.clone()).await;
    let engine = &scene.engine;
    let id = mapped(&scene).await;
    let mut events = engine.events();
    scene.refuse_next("/issue/bulkfetch");
    let run = engine.plan_import(id).await.expect("a run").run.id;
    told(&mut events, |view| view.problem.is_some()).await;
    let other = engine.plan_import(id).await;
    assert!(matches!(other, Err(EngineError::RunActive(_))), "{other:?}");
    let cancelled = engine.cancel_run(run).await.expect("cancels");
    assert_eq!(cancelled.run.state, RunState::Cancelled);
    assert_eq!(cancelled.run.counts.created, 0);
    let resumed = engine.resume_run(run).await;
    assert!(
        matches!(resumed, Err(EngineError::RunState(_))),
        "{resumed:?}"
    );
    clock.advance(SignedDuration::from_secs(1801));
    engine.plan_import(id).await.expect("another");
    let ready = told(&mut events, |view| view.run.state == RunState::Planned).await;
    assert!(ready.run.id != run && ready.planned.create > 0);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_plan_for_another_mapping_is_not_applied_and_a_new_one_takes_its_place() {
    let site = Site::new(SiteConfig::cloud(150, 7));
    let scene = Scene::new(site, StillClock::new()).await;
    let engine = &scene.engine;
    let id = mapped(&scene).await;
    let mut events = engine.events();
    engine.plan_import(id).await.expect("a run");
    let planned = |view: &RunView| view.run.state == RunState::Planned;
    let old = told(&mut events, planned).await.run.id;
    let mut pairs = engine
        .fields(id, false)
        .await
        .expect("fields")
        .mapping
        .fields;
    for pair in &mut pairs {
        pair.winner = sync::mapping::Winner::Workspace;
    }
    engine.save_fields(id, pairs).await.expect("saved");
    let refused = engine.apply_run(old).await;
    assert!(
        matches!(refused, Err(EngineError::PlanStale)),
        "{refused:?}"
    );
    engine.plan_import(id).await.expect("a new one");
    let new = told(&mut events, |view| planned(view) && view.run.id != old).await;
    let old = engine.run(old).await.expect("it is kept");
    assert_eq!(old.run.state, RunState::Cancelled);
    engine.apply_run(new.run.id).await.expect("applies");
    let done = told(&mut events, |view| view.run.state == RunState::Done).await;
    assert_eq!(done.run.counts.created, done.planned.create);
    engine.shutdown().await;
}
