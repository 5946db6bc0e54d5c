//! An edit that is taken back before it is known whether it has arrived is taken back in Jira too, on both faces.

use super::super::Compare;
use super::world::{Fault, Linked, Template, World};
use crate::run::Ground;
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use serde_json::{Value as Json, json};
use std::cell::Cell;
use workspace::{FieldKey, SystemField, Value};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);
/// Requests of a cycle, one after the other, that get no answer: the edit is among them.
const PLACES: usize = 7;

/// Of each request of a cycle: nothing gets lost before it.
async fn on_both(check: impl AsyncFn(World, &[Fault])) {
    for config in [SiteConfig::cloud(60, 5), SiteConfig::data_center(60, 5)] {
        let template = Template::new(config).await;
        for fault in [Fault::Lost, Fault::Unsent, Fault::Half] {
            for place in 0..PLACES {
                let name = format!("{fault:?}-{place}");
                let world = template.world(&name).await;
                world.cycle().await.expect("goes through");
                let mut faults = vec![Fault::None; place];
                faults.push(fault);
                check(world, &faults).await;
            }
        }
    }
}

/// A cycle in which something is lost; what keeps the whole from going on is part of the story. Gives whether it is not known
/// then what came of an edit of the issue.
async fn lossy(world: &World, faults: &[Fault], issue: &str) -> bool {
    world.wire.set_faults(faults.iter().copied());
    drop(world.cycle().await);
    world.wire.set_faults([]);
    let (id, issue) = (world.integration, issue.to_owned());
    let due = world.read(move |read| store::due::of(read, id, &[&issue]));
    due.await.iter().any(|due| !due.sent.is_empty())
}

async fn settle(world: &World, issue: &str) {
    for _ in 0..3 {
        world.wire.advance(SignedDuration::from_mins(31));
        world.cycle().await.expect("goes through");
    }
    assert!(world.is_settled(issue).await);
}

#[tokio::test]
async fn a_value_goes_back_to_what_it_was() {
    let fields: [(FieldKey, &str, Value); 2] = [
        (SystemField::Title.into(), "summary", Value::text("Oops")),
        (
            SystemField::TargetDate.into(),
            "duedate",
            Value::Date(jiff::civil::date(2030, 1, 2)),
        ),
    ];
    let doubts = Cell::new(0);
    on_both(async |world, faults| {
        for (pair, (field, there, oops)) in world.pairs.iter().zip(&fields) {
            let before = world.here(pair.item, *field).await;
            world.edit_here(pair.item, *field, oops.clone()).await;
            let said = world.there(&pair.issue, there).await;
            doubts.set(doubts.get() + usize::from(lossy(&world, faults, &pair.issue).await));
            world.edit_here(pair.item, *field, before.clone()).await;
            settle(&world, &pair.issue).await;
            assert_eq!(world.here(pair.item, *field).await, before, "{faults:?}");
            assert_eq!(world.there(&pair.issue, there).await, said, "{faults:?}");
        }
        world.close().await;
    })
    .await;
    assert!(doubts.get() > 3, "an edit was lost only {doubts:?} times");
}

#[tokio::test]
async fn of_a_list_goes_back_what_was_put_in_and_nothing_else() {
    let labels: FieldKey = SystemField::Labels.into();
    let words = |labels: &[&str]| Value::labels(labels.iter().copied());
    let doubts = Cell::new(0);
    on_both(async |world, faults| {
        let pair = world.pairs[0].clone();
        // On this both sides agree, while nothing is lost yet.
        world
            .edit_there(&pair.issue, "labels", json!(["stays", "goes"]))
            .await;
        settle(&world, &pair.issue).await;
        world
            .edit_here(pair.item, labels, words(&["stays", "oops"]))
            .await;
        doubts.set(doubts.get() + usize::from(lossy(&world, faults, &pair.issue).await));
        // Somebody there adds one of their own, to whatever they see.
        let mut there = match world.there(&pair.issue, "labels").await {
            Json::Array(there) => there,
            other => panic!("no list: {other}"),
        };
        there.push(json!("theirs"));
        world.edit_there(&pair.issue, "labels", json!(there)).await;
        world
            .edit_here(pair.item, labels, words(&["stays", "goes"]))
            .await;
        settle(&world, &pair.issue).await;
        let here = world.here(pair.item, labels).await;
        assert_eq!(here, words(&["stays", "goes", "theirs"]), "{faults:?}");
        let said = world.there(&pair.issue, "labels").await;
        let mut said: Vec<&str> = said
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        said.sort_unstable();
        assert_eq!(said, ["goes", "stays", "theirs"], "{faults:?}");
        world.close().await;
    })
    .await;
    assert!(doubts.get() > 3, "an edit was lost only {doubts:?} times");
}

/// A world in which somebody gave an item this title, and nobody knows whether that arrived.
struct Doubtful {
    world: World,
    pair: Linked,
    before: Value,
}

impl Doubtful {
    async fn new(template: &Template, has_arrived: bool) -> Self {
        let world = template.world(&format!("doubtful-{has_arrived}")).await;
        world.cycle().await.expect("goes through");
        let pair = world.pairs[0].clone();
        let before = world.here(pair.item, TITLE).await;
        world.edit_here(pair.item, TITLE, Value::text("Ours")).await;
        let path = format!("/issue/{}", pair.issue);
        let is_edit = move |request: &http::Request<_>| {
            request.method() == http::Method::PUT && request.uri().path().ends_with(&path)
        };
        if has_arrived {
            let (browser, issue) = (world.browser(), pair.issue.clone());
            let arrives = async move {
                let mut edit = jira::Edit::default();
                edit.fields.insert("summary".to_owned(), json!("Ours"));
                browser.edit_issue(&issue, &edit).await.expect("it fits");
            };
            world.wire.set_meanwhile(is_edit.clone(), arrives);
        }
        world.wire.set_broken(is_edit);
        world.cycle().await.expect("the others go on");
        world.wire.set_broken(|_| false);
        let (id, issue) = (world.integration, pair.issue.clone());
        let due = world.read(move |read| store::due::of(read, id, &[&issue]));
        assert!(due.await.iter().any(|due| !due.sent.is_empty()));
        world.wire.advance(SignedDuration::from_mins(31));
        Self {
            world,
            pair,
            before,
        }
    }

    async fn check(&self, here: &Value, there: &str, conflicts: usize) {
        let Self { world, pair, .. } = self;
        for compare in [Compare::Nothing, Compare::Now, Compare::Now] {
            world.cycle_with(compare).await.expect("goes through");
            world.wire.advance(SignedDuration::from_mins(31));
            assert_eq!(world.here(pair.item, TITLE).await, *here);
            assert_eq!(world.there(&pair.issue, "summary").await, json!(there));
            let id = world.integration;
            let found = world.read(move |read| store::conflict::list(read, Some(id), 9));
            assert_eq!(found.await.len(), conflicts);
        }
    }
}

async fn with_doubts(check: impl AsyncFn(Doubtful)) {
    for config in [SiteConfig::cloud(60, 5), SiteConfig::data_center(60, 5)] {
        let template = Template::new(config).await;
        for has_arrived in [true, false] {
            check(Doubtful::new(&template, has_arrived).await).await;
        }
    }
}

#[tokio::test]
async fn what_somebody_else_made_of_it_in_jira_meanwhile_is_a_conflict_and_stays_one() {
    with_doubts(async |doubtful| {
        let Doubtful { world, pair, .. } = &doubtful;
        world
            .edit_there(&pair.issue, "summary", json!("Theirs"))
            .await;
        doubtful.check(&Value::text("Ours"), "Theirs", 1).await;
        doubtful.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_a_colleague_made_alike_in_jira_is_theirs_and_not_taken_back_with_ours() {
    with_doubts(async |doubtful| {
        let Doubtful {
            world,
            pair,
            before,
        } = &doubtful;
        // Whatever was done in Jira, it was done by another account than this.
        let connection = Ground::read(&world.store, world.integration).await;
        let connection = connection.expect("mapped").connection;
        let mut data = connection.data.clone();
        data.account_id = "another".to_owned();
        world
            .write(move |tx| store::connection::update(tx, connection.id, &data))
            .await;
        world
            .edit_there(&pair.issue, "summary", json!("Ours"))
            .await;
        world.edit_here(pair.item, TITLE, before.clone()).await;
        doubtful.check(&Value::text("Ours"), "Ours", 0).await;
        doubtful.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn while_the_history_cannot_be_read_nothing_is_decided_and_then_what_was_taken_back_goes_back()
 {
    with_doubts(async |doubtful| {
        let Doubtful {
            world,
            pair,
            before,
        } = &doubtful;
        world.edit_here(pair.item, TITLE, before.clone()).await;
        let said = world.there(&pair.issue, "summary").await;
        world.wire.set_broken(|request| {
            let query = request.uri().query();
            query.is_some_and(|query| query.contains("changelog"))
        });
        world.cycle().await.expect("the others go on");
        assert_eq!(world.here(pair.item, TITLE).await, *before);
        assert_eq!(world.there(&pair.issue, "summary").await, said);
        world.wire.set_broken(|_| false);
        world.wire.advance(SignedDuration::from_mins(31));
        let Value::Text(title) = before else {
            unreachable!("a title is text")
        };
        world.cycle().await.expect("goes through");
        doubtful.check(before, title, 0).await;
        doubtful.world.close().await;
    })
    .await;
}
