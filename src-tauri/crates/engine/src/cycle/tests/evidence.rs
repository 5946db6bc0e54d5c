//! What is evidence of what: each kind of absence, looked at by itself.

use super::world::{Linked, Template, World};
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use serde_json::json;
use store::absence::AbsenceState;
use store::integration::OutOfScope;
use store::link::{LinkState, SeverReason};
use workspace::{SystemField, Value};

const LINKED: Option<LinkState> = Some(LinkState::Linked);

fn severed(reason: SeverReason) -> Option<LinkState> {
    Some(LinkState::Severed(reason))
}

/// Both faces, each with a world of its own.
async fn worlds(name: &str) -> Vec<(Template, World)> {
    let mut worlds = Vec::new();
    for config in [SiteConfig::cloud(60, 3), SiteConfig::data_center(60, 3)] {
        let template = Template::new(config).await;
        let world = template.world(name).await;
        worlds.push((template, world));
    }
    worlds
}

/// A cycle after some time.
async fn later(world: &World, hours: i64) -> crate::cycle::CycleReport {
    world.wire.advance(SignedDuration::from_hours(hours));
    world.cycle().await.expect("nothing is in the way")
}

/// A pair whose issue has no sub-tasks.
async fn pair(world: &World, place: usize) -> Linked {
    let mut leaves = Vec::new();
    for pair in &world.pairs {
        let item = pair.item;
        let parts = world
            .read(move |read| store::item::children_of(read, &[item], 1))
            .await;
        if parts.is_empty() {
            leaves.push(pair.clone());
        }
    }
    leaves[place].clone()
}

#[tokio::test]
async fn an_issue_that_jira_told_was_deleted_and_that_is_not_there_is_disconnected() {
    for (_template, world) in worlds("told").await {
        let pair = pair(&world, 2).await;
        world.delete_there(&pair.issue);
        world.hear_deleted(&pair.issue).await;
        let report = world.cycle().await.expect("a cycle");
        assert_eq!((report.severed, report.asked), (1, 0), "{report:?}");
        assert_eq!(
            world.state(pair.item).await,
            severed(SeverReason::DeletedThere)
        );
        let title = world.here(pair.item, SystemField::Title.into()).await;
        assert_ne!(title, Value::None, "the item lives on");
        let before = world.wire.asked();
        let idle = world.cycle().await.expect("a cycle");
        assert_eq!((idle.waiting, idle.severed), (0, 0));
        assert_eq!(world.wire.asked() - before, 1, "nobody looks for it again");
        world.close().await;
    }
}

#[tokio::test]
async fn an_issue_that_is_not_there_and_of_which_nobody_told_stays_linked_however_long() {
    for (_template, world) in worlds("untold").await {
        let (gone, hidden) = (pair(&world, 2).await, pair(&world, 3).await);
        world.delete_there(&gone.issue);
        world.wire.site().set_hidden(&hidden.issue, true);
        for linked in [&gone, &hidden] {
            world.mark(&linked.issue).await;
        }
        for _ in 0..8 {
            let report = later(&world, 30).await;
            assert_eq!((report.severed, report.asked), (0, 0));
        }
        for linked in [&gone, &hidden] {
            assert_eq!(world.state(linked.item).await, LINKED);
            let absence = world.absence(&linked.issue).await.expect("noted");
            assert_eq!(absence.state, AbsenceState::Unseen);
            assert!(absence.looks > 5, "{absence:?}");
        }
        world.wire.site().set_hidden(&hidden.issue, false);
        later(&world, 30).await;
        assert_eq!(world.absence(&hidden.issue).await, None, "it is back");
        world.close().await;
    }
}

#[tokio::test]
async fn a_deletion_that_was_told_of_an_issue_that_is_there_means_nothing() {
    for (_template, world) in worlds("false").await {
        let pair = pair(&world, 2).await;
        world.hear_deleted(&pair.issue).await;
        let report = world.cycle().await.expect("a cycle");
        assert_eq!((report.severed, report.waiting), (0, 0));
        assert_eq!(world.state(pair.item).await, LINKED);
        // It is hidden later on: what was told before is no evidence then.
        world.wire.site().set_hidden(&pair.issue, true);
        world.mark(&pair.issue).await;
        later(&world, 1).await;
        assert_eq!(world.state(pair.item).await, LINKED);
        world.close().await;
    }
}

#[tokio::test]
async fn nothing_is_disconnected_while_the_project_cannot_be_read() {
    for (_template, world) in worlds("project").await {
        let pair = pair(&world, 2).await;
        let project = {
            let mut site = world.wire.site();
            let keys = site.project_keys();
            let project = keys
                .into_iter()
                .max_by_key(|key| site.issue_count(Some(key)));
            let project = project.expect("a project");
            let browse = (project, "BROWSE_PROJECTS".to_owned());
            site.faults_mut().permissions_removed.insert(browse.clone());
            browse
        };
        world.hear_deleted(&pair.issue).await;
        // That nothing changed is told of a project that cannot be seen, or that there is none.
        drop(world.cycle().await);
        assert_eq!(world.state(pair.item).await, LINKED);
        world
            .wire
            .site()
            .faults_mut()
            .permissions_removed
            .remove(&project);
        later(&world, 30).await;
        assert_eq!(world.state(pair.item).await, LINKED);
        assert_eq!(world.absence(&pair.issue).await, None, "it is within reach");
        world.close().await;
    }
}

#[tokio::test]
async fn an_archived_issue_is_told_apart_and_its_edits_wait() {
    for (template, world) in worlds("archived").await {
        let pair = pair(&world, 2).await;
        world.wire.site().set_archived(&pair.issue, true);
        let title = Value::text("Written while it was archived");
        world
            .edit_here(pair.item, SystemField::Title.into(), title)
            .await;
        world.hear_deleted(&pair.issue).await;
        later(&world, 1).await;
        assert_eq!(world.state(pair.item).await, LINKED);
        if template.is_cloud() {
            let absence = world.absence(&pair.issue).await.expect("noted");
            assert_eq!(absence.state, AbsenceState::Archived);
        }
        world.wire.site().set_archived(&pair.issue, false);
        // Data Center reads what is archived, and refuses to change it: that waits for a person.
        world.retry().await;
        later(&world, 30).await;
        later(&world, 1).await;
        let there = world.there(&pair.issue, "summary").await;
        assert_eq!(there, json!("Written while it was archived"));
        world.close().await;
    }
}

#[tokio::test]
async fn an_issue_that_was_moved_is_followed_or_let_go_as_the_policy_says() {
    for (_template, world) in worlds("moved").await {
        let (kept, stopped) = (pair(&world, 2).await, pair(&world, 3).await);
        let move_away = |linked: &Linked| {
            let mut site = world.wire.site();
            let keys = site.project_keys();
            let other = keys
                .into_iter()
                .min_by_key(|key| site.issue_count(Some(key)));
            let moved = site.move_issue(&linked.issue, &other.expect("one"), world.now());
            assert!(moved.is_some());
        };
        move_away(&kept);
        world.mark(&kept.issue).await;
        later(&world, 1).await;
        assert_eq!(world.state(kept.item).await, LINKED);
        let absence = world.absence(&kept.issue).await.expect("noted");
        assert_eq!(absence.state, AbsenceState::MovedAway);
        world.set_policy(OutOfScope::Stop).await;
        move_away(&stopped);
        world.mark(&stopped.issue).await;
        let report = later(&world, 2).await;
        assert_eq!(report.severed, 2, "also what had moved before");
        for linked in [&kept, &stopped] {
            assert_eq!(
                world.state(linked.item).await,
                severed(SeverReason::MovedAway)
            );
            assert!(world.wire.site().holds_issue(&linked.issue));
        }
        world.close().await;
    }
}

#[tokio::test]
async fn an_issue_that_leaves_the_filter_is_kept_in_step_or_let_go_as_the_policy_says() {
    for (_template, world) in worlds("filter").await {
        let pair = pair(&world, 2).await;
        world
            .set_filter("labels is EMPTY OR labels != outside")
            .await;
        later(&world, 1).await;
        world
            .edit_there(&pair.issue, "labels", json!(["outside"]))
            .await;
        world
            .edit_there(&pair.issue, "summary", json!("Outside the filter"))
            .await;
        later(&world, 1).await;
        let title = || world.here(pair.item, SystemField::Title.into());
        assert_eq!(title().await, Value::text("Outside the filter"));
        assert_eq!(world.state(pair.item).await, LINKED);
        // Back, and no trace of it is left.
        world.edit_there(&pair.issue, "labels", json!([])).await;
        later(&world, 1).await;
        assert_eq!(world.absence(&pair.issue).await, None);
        world.set_policy(OutOfScope::Stop).await;
        world
            .edit_there(&pair.issue, "labels", json!(["outside"]))
            .await;
        world.cycle().await.expect("a cycle");
        assert_eq!(
            world.state(pair.item).await,
            LINKED,
            "once may be a search that lags behind"
        );
        let report = later(&world, 1).await;
        assert_eq!(report.severed, 1);
        assert_eq!(
            world.state(pair.item).await,
            severed(SeverReason::OutOfScope)
        );
        world.close().await;
    }
}

#[tokio::test]
async fn unusually_many_at_once_stop_and_ask() {
    for (_template, world) in worlds("many").await {
        let mut gone = Vec::new();
        for place in 0..8 {
            gone.push(pair(&world, place).await);
        }
        for linked in &gone {
            world.delete_there(&linked.issue);
            world.hear_deleted(&linked.issue).await;
        }
        let report = later(&world, 1).await;
        assert_eq!((report.severed, report.asked), (0, 8));
        for linked in &gone {
            assert_eq!(world.state(linked.item).await, LINKED);
        }
        // No: they stay, and the same evidence does not ask again.
        assert_eq!(world.answer(false).await, 8);
        let report = later(&world, 1).await;
        assert_eq!((report.severed, report.asked), (0, 0));
        for linked in &gone {
            world.hear_deleted(&linked.issue).await;
        }
        let report = later(&world, 1).await;
        assert_eq!((report.severed, report.asked), (0, 8));
        assert_eq!(world.answer(true).await, 8);
        for linked in &gone {
            assert_eq!(
                world.state(linked.item).await,
                severed(SeverReason::DeletedThere)
            );
        }
        world.close().await;
    }
}
