//! An issue for which the site cannot answer, while it answers otherwise: it waits, and keeps nothing else back.

use super::world::{Linked, Template, World};
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use workspace::{FieldKey, SystemField, Value};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);

async fn on_both(check: impl AsyncFn(World)) {
    for config in [SiteConfig::cloud(60, 5), SiteConfig::data_center(60, 5)] {
        let world = Template::new(config).await.world("unanswered").await;
        world.cycle().await.expect("goes through");
        check(world).await;
    }
}

/// Whoever asks for one issue alone, or for its history only, gets no answer.
fn break_issue(world: &World, issue: &Linked, only_history: bool) {
    let path = format!("/issue/{}", issue.issue);
    world.wire.set_broken(move |request| {
        let (asked, query) = (request.uri().path(), request.uri().query());
        let is_history = query.is_some_and(|query| query.contains("changelog"));
        request.method() == http::Method::GET
            && asked.ends_with(&path)
            && (is_history || !only_history)
    });
}

async fn rename(world: &World, pair: &Linked, title: &str) {
    world.edit_here(pair.item, TITLE, Value::text(title)).await;
}

/// Cycles, a while apart; each goes through, and what else was edited arrives at once.
async fn cycles(world: &World, other: &Linked, count: usize) {
    for number in 0..count {
        let title = format!("Number {number} at {}", world.now());
        rename(world, other, &title).await;
        world.cycle().await.expect("the others go on");
        assert_eq!(world.there(&other.issue, "summary").await, json!(title));
        world.wire.advance(SignedDuration::from_mins(31));
    }
}

async fn problem(world: &World, pair: &Linked) -> Option<String> {
    let (id, issue) = (world.integration, pair.issue.clone());
    let due = world.read(move |read| store::due::of(read, id, &[&issue]));
    due.await.pop()?.problem.map(|problem| problem.code)
}

#[tokio::test]
async fn an_issue_without_an_answer_waits_alone_and_goes_on_when_there_is_one() {
    on_both(async |world| {
        let [own, other] = [0, 1].map(|place| world.pairs[place].clone());
        break_issue(&world, &own, true);
        rename(&world, &own, "Of unknown fate").await;
        cycles(&world, &other, 2).await;
        break_issue(&world, &own, false);
        cycles(&world, &other, 2).await;
        let waits = problem(&world, &own).await;
        assert_eq!(waits.as_deref(), Some("jira_unavailable"));
        world.wire.set_broken(|_| false);
        cycles(&world, &other, 2).await;
        assert!(world.is_settled(&own.issue).await);
        let title = world.there(&own.issue, "summary").await;
        assert_eq!(title, json!("Of unknown fate"));
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_history_that_is_never_told_is_done_without_in_the_end() {
    on_both(async |world| {
        let [own, other] = [0, 1].map(|place| world.pairs[place].clone());
        break_issue(&world, &own, true);
        rename(&world, &own, "Sent once").await;
        cycles(&world, &other, 9).await;
        assert!(world.is_settled(&own.issue).await);
        let title = world.there(&own.issue, "summary").await;
        assert_eq!(title, json!("Sent once"));
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_one_edit_meets_keeps_no_other_back() {
    on_both(async |world| {
        let [own, other] = [0, 1].map(|place| world.pairs[place].clone());
        let path = format!("/issue/{}", own.issue);
        world.wire.set_broken(move |request| {
            request.method() == http::Method::PUT && request.uri().path().ends_with(&path)
        });
        rename(&world, &own, "Refused for a while").await;
        cycles(&world, &other, 3).await;
        let waits = problem(&world, &own).await;
        assert_eq!(waits.as_deref(), Some("jira_unavailable"));
        world.wire.set_broken(|_| false);
        cycles(&world, &other, 1).await;
        let title = world.there(&own.issue, "summary").await;
        assert_eq!(title, json!("Refused for a while"));
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_site_that_answers_nobody_ends_the_cycle_and_is_not_asked_for_each() {
    on_both(async |world| {
        let edited = world.pairs[..40].to_vec();
        for pair in &edited {
            rename(&world, pair, "Edited in vain").await;
        }
        let sent = Arc::new(AtomicUsize::new(0));
        let counted = sent.clone();
        world.wire.set_broken(move |request| {
            let is_edit = request.method() == http::Method::PUT;
            counted.fetch_add(usize::from(is_edit), Ordering::Relaxed);
            is_edit || request.uri().path().ends_with("/myself")
        });
        let outcome = world.cycle().await;
        assert!(outcome.is_err(), "nothing can be sent: {outcome:?}");
        let sent = sent.load(Ordering::Relaxed);
        assert!(sent < edited.len(), "all {sent} were tried");
        world.close().await;
    })
    .await;
}
