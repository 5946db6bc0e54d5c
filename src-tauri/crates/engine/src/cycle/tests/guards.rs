//! What watches over a cycle: the comparison of everything, the fuse, the loop breaker.

use super::super::Compare;
use super::world::{Linked, Template, World};
use crate::error::EngineError;
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use serde_json::{Value as Json, json};
use std::time::Duration;
use store::fuse::FuseLimits;
use store::link::Seen;
use sync::reconcile::Side;
use workspace::{FieldKey, SystemField, Value};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);
const DAY: FieldKey = FieldKey::System(SystemField::TargetDate);

/// Both faces: what watches looks at neither.
async fn on_both(issues: usize, check: impl AsyncFn(World)) {
    for config in [
        SiteConfig::cloud(issues, 5),
        SiteConfig::data_center(issues, 5),
    ] {
        check(Template::new(config).await.world("guarded").await).await;
    }
}

async fn titles_here(world: &World, pairs: &[Linked]) -> Vec<Value> {
    let mut titles = Vec::new();
    for pair in pairs {
        titles.push(world.here(pair.item, TITLE).await);
    }
    titles
}

async fn rename_there(world: &World, pairs: &[Linked], word: &str) {
    for pair in pairs {
        world.edit_there(&pair.issue, "summary", json!(word)).await;
    }
}

#[tokio::test]
async fn what_was_never_heard_of_is_found_by_comparing() {
    on_both(60, async |world| {
        world.cycle().await.expect("goes through");
        let pair = world.pairs[3].clone();
        rename_there(&world, std::slice::from_ref(&pair), "Unheard of").await;
        world.hear_up_to_now().await;
        world.cycle().await.expect("goes through");
        assert_ne!(
            world.here(pair.item, TITLE).await,
            Value::text("Unheard of")
        );

        let report = world.cycle_with(Compare::Some).await.expect("goes through");
        assert!(report.compared >= world.pairs.len() as u64);
        assert_eq!(
            world.here(pair.item, TITLE).await,
            Value::text("Unheard of")
        );
        let id = world.integration;
        let state = world
            .read(move |read| store::comparison::get(read, id))
            .await;
        assert!(state.began_at.is_none() && state.ended_at.is_some());
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn after_a_round_the_comparison_rests_unless_somebody_asks() {
    on_both(60, async |world| {
        let first = world.cycle_with(Compare::Some).await.expect("goes through");
        assert!(first.compared > 0);
        let rest = world.cycle_with(Compare::Some).await.expect("goes through");
        assert_eq!(rest.compared, 0);
        let asked = world.cycle_with(Compare::Now).await.expect("goes through");
        assert!(asked.compared > 0);
        world.wire.advance(SignedDuration::from_hours(2));
        let later = world.cycle_with(Compare::Some).await.expect("goes through");
        assert!(later.compared > 0);
        world.close().await;
    })
    .await;
}

/// The site was put back to how it was: issues had been seen later than they say they changed.
async fn see_later(world: &World, pair: &Linked) {
    let (item, later) = (pair.item, world.now() + SignedDuration::from_hours(24));
    world
        .write(move |tx| {
            for link in store::link::by_item(tx, item)? {
                let seen = Seen {
                    updated_at: Some(later),
                    ..link.seen
                };
                store::link::set_seen(tx, link.id, &seen)?;
            }
            Ok(())
        })
        .await;
}

#[tokio::test]
async fn an_issue_that_was_put_back_to_how_it_was_is_taken_so_after_a_while() {
    on_both(20, async |world| {
        world.cycle().await.expect("goes through");
        let pair = world.pairs[3].clone();
        rename_there(&world, std::slice::from_ref(&pair), "As it was").await;
        see_later(&world, &pair).await;
        for _ in 0..6 {
            let asked = world.wire.asked();
            let cycle = tokio::time::timeout(Duration::from_secs(20), world.cycle());
            cycle.await.expect("it ends").expect("goes through");
            assert!(world.wire.asked() - asked < 20);
            world.wire.advance(SignedDuration::from_mins(2));
        }
        assert!(world.is_settled(&pair.issue).await);
        let title = world.here(pair.item, TITLE).await;
        assert_eq!(title, Value::text("As it was"));
        world.close().await;
    })
    .await;
}

/// Enough issues that more than the fuse lets through can change.
const MANY: usize = 160;
/// More than the fuse lets through.
const TOO_MANY: usize = 101;

#[tokio::test]
async fn a_cycle_that_would_change_unusually_much_here_stops_and_asks() {
    on_both(MANY, async |world| {
        world.cycle().await.expect("goes through");
        let pairs = world.pairs[..TOO_MANY].to_vec();
        let before = titles_here(&world, &pairs).await;
        rename_there(&world, &pairs, "Oops").await;

        for _ in 0..2 {
            let stopped = world.cycle().await;
            assert!(matches!(
                stopped,
                Err(EngineError::FuseBlown { incoming, blanked: 0, .. }) if incoming == TOO_MANY as u64
            ));
        }
        assert_eq!(titles_here(&world, &pairs).await, before);
        let id = world.integration;
        let run = world.read(move |read| store::fuse::get(read, id)).await;
        let run = run.and_then(|fuse| fuse.run).expect("a plan to look at");
        let counts = world
            .read(move |read| store::run_row::plan_counts(read, run))
            .await;
        let rows: u64 = counts.iter().map(|count| count.rows).sum();
        assert_eq!(rows, TOO_MANY as u64);

        world.decide_fuse(true).await;
        let report = world.cycle().await.expect("goes through");
        assert_eq!(report.pulled.updated, TOO_MANY as u64);
        let oops = vec![Value::text("Oops"); TOO_MANY];
        assert_eq!(titles_here(&world, &pairs).await, oops);
        // The next one is weighed again.
        rename_there(&world, &pairs, "Oops again").await;
        assert!(world.cycle().await.is_err());
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn how_much_is_unusual_is_the_admins_to_say() {
    on_both(MANY, async |world| {
        world.cycle().await.expect("goes through");
        let id = world.integration;
        let set = async |changed_percent, emptied_percent| {
            let limits = FuseLimits {
                changed_percent,
                emptied_percent,
            };
            world
                .write(move |tx| store::fuse::set_limits(tx, id, limits))
                .await;
        };
        let pairs = world.pairs[..TOO_MANY].to_vec();
        let share = u8::try_from(100 * TOO_MANY / world.pairs.len() + 1).expect("a share");
        for (percent, word) in [(share, "Once"), (100, "Twice")] {
            set(percent, 5).await;
            rename_there(&world, &pairs, word).await;
            let report = world.cycle().await.expect("goes through");
            assert_eq!(report.pulled.updated, TOO_MANY as u64, "{percent} %");
        }
        // Also where nothing is ever asked about what is emptied.
        for (emptied, word) in [(5, "Once more"), (100, "And again")] {
            set(share - 2, emptied).await;
            rename_there(&world, &pairs, word).await;
            let stopped = world.cycle().await;
            assert!(matches!(stopped, Err(EngineError::FuseBlown { .. })));
            world.decide_fuse(true).await;
            world.cycle().await.expect("goes on");
        }
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_put_right_before_anybody_decided_is_looked_at_anew() {
    on_both(MANY, async |world| {
        world.cycle().await.expect("goes through");
        let pairs = world.pairs[..TOO_MANY].to_vec();
        let before = titles_here(&world, &pairs).await;
        rename_there(&world, &pairs, "Oops").await;
        assert!(world.cycle().await.is_err());
        for (pair, title) in pairs.iter().zip(&before) {
            let Value::Text(title) = title else {
                unreachable!("a title is text")
            };
            world.edit_there(&pair.issue, "summary", json!(title)).await;
        }
        world.decide_fuse(false).await;
        let report = world.cycle().await.expect("goes through");
        assert_eq!(report.pulled.updated, 0);
        assert_eq!(titles_here(&world, &pairs).await, before);
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_cycle_that_would_empty_a_field_of_many_items_stops_and_asks() {
    on_both(60, async |world| {
        let pairs = world.pairs[..26].to_vec();
        for pair in &pairs {
            world
                .edit_there(&pair.issue, "duedate", json!("2027-01-01"))
                .await;
        }
        world.cycle().await.expect("goes through");
        for pair in &pairs {
            world.edit_there(&pair.issue, "duedate", Json::Null).await;
        }
        let stopped = world.cycle().await;
        assert!(matches!(
            stopped,
            Err(EngineError::FuseBlown { blanked: 26, .. })
        ));
        assert_ne!(world.here(pairs[0].item, DAY).await, Value::None);
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_cycle_that_would_change_unusually_many_issues_in_jira_stops_and_asks() {
    on_both(MANY, async |world| {
        world.cycle().await.expect("goes through");
        let pairs = world.pairs[..TOO_MANY].to_vec();
        for pair in &pairs {
            world.edit_here(pair.item, TITLE, Value::text("Oops")).await;
        }
        let stopped = world.cycle().await;
        assert!(matches!(
            stopped,
            Err(EngineError::FuseBlown { outgoing, .. }) if outgoing == TOO_MANY as u64
        ));
        assert_ne!(world.there(&pairs[0].issue, "summary").await, json!("Oops"));
        world.decide_fuse(true).await;
        let report = world.cycle().await.expect("goes through");
        assert_eq!(report.sent, TOO_MANY as u64);
        world.close().await;
    })
    .await;
}

/// Somebody here wants `ours`, and an automation in Jira puts `theirs` back.
async fn fight(world: &World, pair: &Linked, ours: &str, theirs: &str) {
    world.edit_here(pair.item, TITLE, Value::text(ours)).await;
    world.cycle().await.expect("goes through");
    if world.there(&pair.issue, "summary").await == json!(ours) {
        rename_there(world, std::slice::from_ref(pair), theirs).await;
    }
    world.cycle().await.expect("goes through");
}

#[tokio::test]
async fn a_field_that_both_sides_set_in_turns_rests_until_somebody_decides() {
    on_both(20, async |world| {
        world.cycle().await.expect("goes through");
        let pair = world.pairs[0].clone();
        for _ in 0..3 {
            fight(&world, &pair, "Ours", "Theirs").await;
        }
        assert_eq!(world.there(&pair.issue, "summary").await, json!("Theirs"));
        assert_eq!(world.here(pair.item, TITLE).await, Value::text("Ours"));
        let found = world
            .read(|read| store::conflict::list(read, None, 10))
            .await;
        assert!(matches!(found.as_slice(), [one] if one.is_loop && one.item == pair.item));
        let (item, now) = (pair.item, world.now());
        let turns = world
            .read(move |read| super::super::turns::loop_of(read, item, TITLE, now))
            .await;
        assert_eq!(turns.len(), 5);

        world.decide(item, TITLE, Side::Workspace).await;
        world.cycle().await.expect("goes through");
        assert_eq!(world.there(&pair.issue, "summary").await, json!("Ours"));
        let found = world
            .read(|read| store::conflict::list(read, None, 10))
            .await;
        assert!(found.is_empty());
        world.close().await;
    })
    .await;
}
