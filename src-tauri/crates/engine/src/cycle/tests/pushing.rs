//! Items that were made here and pushed, and of which nobody heard whether their issues were made.

use super::super::create::ABSENT_AFTER;
use super::world::{Fault, Template, World};
use crate::new_item::{self, ItemDraft};
use crate::push::{PushChoices, queue};
use crate::run::Ground;
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use serde_json::json;
use store::link::LinkState;
use workspace::{FieldKey, ItemId, SystemField, Value};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);

/// How far the search may be behind: less than an issue is looked for.
const LAG_MS: u64 = 300_000;

/// An epic that was made here and pushed.
async fn pushed(world: &World) -> ItemId {
    let types = world.read(store::item_type::list).await;
    let epic = types.iter().find(|kind| kind.singular == "Epic");
    let draft = ItemDraft {
        title: "Made here".to_owned(),
        item_type: epic.expect("it is there").id,
        parent: None,
        area: None,
    };
    let (id, now) = (world.integration, world.now());
    let ground = Ground::read(&world.store, id).await.expect("mapped");
    let made = world.store.write(move |tx| {
        let made = new_item::create(tx, &draft, now)?;
        let item = made.expect("an epic stands at the top");
        let none = PushChoices::default();
        let mut marker = || "marker".to_owned();
        let queued = queue(tx, &ground, &[item], &none, &mut marker, now)?;
        queued.expect("it can be pushed");
        Ok(item)
    });
    made.await.expect("writes")
}

/// Whether an item has an issue.
async fn is_linked(world: &World, item: ItemId) -> bool {
    let links = world.read(move |read| store::link::by_item(read, item));
    let links = links.await;
    links.iter().any(|link| link.state == LinkState::Linked)
}

/// A pushed epic whose issue was made, and the answer got lost; and how many issues there are.
async fn missed(world: &World) -> (ItemId, usize) {
    let issues = world.wire.site().issue_count(None);
    let item = pushed(world).await;
    // Nor does the site answer anybody else.
    world.wire.set_faults([Fault::Lost, Fault::Unsent]);
    world.cycle().await.expect_err("no answer came");
    assert_eq!(world.wire.site().issue_count(None), issues + 1);
    assert!(!is_linked(world, item).await);
    (item, issues + 1)
}

#[tokio::test]
async fn an_issue_that_is_read_before_it_is_looked_for_becomes_no_other_item() {
    for config in [SiteConfig::cloud(60, 3), SiteConfig::data_center(60, 3)] {
        let world = Template::new(config).await.world("read-before").await;
        let (item, issues) = missed(&world).await;
        let here = world.read(store::item::counts).await.total;
        // It is too early to look, but the issue is among those that changed.
        let report = world.cycle().await.expect("nothing is in the way");
        assert_eq!((report.made, report.waiting), (0, 0), "{report:?}");
        assert!(is_linked(&world, item).await);
        assert_eq!(world.read(store::item::counts).await.total, here);
        assert_eq!(world.wire.site().issue_count(None), issues);
        world.close().await;
    }
}

#[tokio::test]
async fn while_the_mark_of_an_issue_cannot_be_read_it_becomes_no_item_and_is_not_made_again() {
    for config in [SiteConfig::cloud(60, 3), SiteConfig::data_center(60, 3)] {
        let world = Template::new(config).await.world("unreadable").await;
        let (item, issues) = missed(&world).await;
        let here = world.read(store::item::counts).await.total;
        let other = world.pairs[0].clone();
        let is_mark = |request: &http::Request<_>| request.uri().path().contains("/properties/");
        world.wire.set_broken(is_mark);
        for round in 0..4 {
            let title = format!("Goes on {round}");
            world
                .edit_here(other.item, TITLE, Value::text(&title))
                .await;
            world.cycle().await.expect("the others go on");
            assert_eq!(world.there(&other.issue, "summary").await, json!(title));
            assert!(!is_linked(&world, item).await);
            assert_eq!(world.read(store::item::counts).await.total, here);
            assert_eq!(world.wire.site().issue_count(None), issues);
            world.wire.advance(ABSENT_AFTER);
        }
        // Half of an answer is none either.
        world.wire.set_broken(|_| false);
        world
            .wire
            .set_faults([Fault::None, Fault::None, Fault::Half]);
        drop(world.cycle().await);
        world.wire.set_faults([]);
        for _ in 0..2 {
            world.wire.advance(ABSENT_AFTER);
            world.cycle().await.expect("nothing is in the way");
        }
        assert!(is_linked(&world, item).await);
        assert_eq!(world.read(store::item::counts).await.total, here);
        assert_eq!(world.wire.site().issue_count(None), issues);
        world.close().await;
    }
}

#[tokio::test]
async fn an_issue_that_the_search_does_not_know_yet_is_waited_for() {
    let template = Template::new(SiteConfig::cloud(60, 3)).await;
    let world = template.world("behind").await;
    world.wire.site().faults_mut().search_lag_ms = LAG_MS;
    let (item, issues) = missed(&world).await;
    for _ in 0..6 {
        world.wire.advance(SignedDuration::from_mins(1));
        world.cycle().await.expect("nothing is in the way");
    }
    assert!(is_linked(&world, item).await);
    assert_eq!(world.wire.site().issue_count(None), issues);
    world.close().await;
}

#[tokio::test]
async fn an_issue_that_was_never_made_is_made_after_a_while() {
    let template = Template::new(SiteConfig::cloud(60, 3)).await;
    let mut world = template.world("never-made").await;
    let item = pushed(&world).await;
    world.wire.set_faults([Fault::Silence]);
    tokio::select! {
        outcome = world.cycle() => panic!("{outcome:?}"),
        () = world.wire.is_silent() => {}
    }
    world.wire.set_faults([]);
    world.restart().await;
    for minute in 1.. {
        world.wire.advance(SignedDuration::from_mins(1));
        world.cycle().await.expect("nothing is in the way");
        let is_late = SignedDuration::from_mins(minute) >= ABSENT_AFTER;
        let is_made = is_linked(&world, item).await;
        assert_eq!(is_made, is_late, "after {minute} minutes");
        if is_late {
            break;
        }
    }
    world.close().await;
}
