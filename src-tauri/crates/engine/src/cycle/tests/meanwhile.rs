//! Somebody goes on here while a cycle sends: what they took back before it left does not leave.

use super::super::decisions::{self, Taken};
use super::world::{Linked, Template, World};
use jiff::SignedDuration;
use jira::Clock as _;
use practice_jira::SiteConfig;
use serde_json::json;
use std::sync::{Arc, Mutex};
use store::{Store, WriteTx};
use sync::reconcile::Side;
use workspace::{FieldKey, SystemField, Value};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);
/// More than are asked for at once before they are sent.
const MANY: usize = 70;

async fn on_both(check: impl AsyncFn(World)) {
    for config in [SiteConfig::cloud(90, 5), SiteConfig::data_center(90, 5)] {
        let world = Template::new(config).await.world("meanwhile").await;
        world.cycle().await.expect("goes through");
        check(world).await;
    }
}

/// Somebody does something about each of these pairs just before the first edit gets to the site. Gives, once a cycle went
/// through, those about which it could be done.
async fn meanwhile(
    world: &World,
    pairs: &[Linked],
    deed: impl Fn(&WriteTx<'_>, &Linked) -> bool + Send + 'static,
) -> Vec<Linked> {
    let done = Arc::new(Mutex::new(Vec::new()));
    let (store, pairs, noted): (Store, _, _) = (world.store.clone(), pairs.to_vec(), done.clone());
    world.wire.set_meanwhile(
        |request| request.method() == http::Method::PUT,
        async move {
            let done = store.write(move |tx| {
                let done = pairs.into_iter().filter(|pair| deed(tx, pair));
                Ok(done.collect::<Vec<_>>())
            });
            let done = done.await.expect("writes");
            *noted.lock().expect("nobody panics with it") = done;
        },
    );
    world.cycle().await.expect("goes through");
    let done = done.lock().expect("nobody panics with it").clone();
    assert!(done.len() > MANY / 3, "most had not left: {}", done.len());
    done
}

#[tokio::test]
async fn a_decision_that_is_taken_back_while_others_are_sent_is_not_carried_out() {
    on_both(async |world| {
        let pairs = world.pairs[..MANY].to_vec();
        for pair in &pairs {
            world.edit_here(pair.item, TITLE, Value::text("Ours")).await;
            world
                .edit_there(&pair.issue, "summary", json!("Theirs"))
                .await;
        }
        world.cycle().await.expect("goes through");
        let now = world.now();
        let taken: Vec<Taken> = world
            .store
            .write(move |tx| {
                let all = store::conflict::list(tx, None, u32::MAX)?.into_iter();
                let outcomes = all.map(|one| decisions::decide(tx, one, Side::Workspace, now));
                let outcomes = outcomes.collect::<Result<Vec<_>, _>>()?;
                Ok(outcomes.into_iter().filter_map(Result::ok).collect())
            })
            .await
            .expect("writes");
        assert_eq!(taken.len(), MANY);
        let undone = meanwhile(&world, &pairs, move |tx, pair| {
            let mut taken = taken.iter();
            let own = taken.find(|one| one.item() == pair.item).expect("decided");
            decisions::take_back(tx, own, now).expect("writes")
        })
        .await;
        let id = world.integration;
        let left = world.read(move |read| store::conflict::list(read, Some(id), u32::MAX));
        assert_eq!(left.await.len(), undone.len());
        for pair in &pairs {
            let is_undone = undone.iter().any(|one| one.item == pair.item);
            let says = if is_undone { "Theirs" } else { "Ours" };
            assert_eq!(world.there(&pair.issue, "summary").await, json!(says));
        }
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_edit_that_is_put_back_while_others_are_sent_never_arrives() {
    on_both(async |world| {
        let (id, now) = (world.integration, world.now());
        let pairs = world.pairs[..MANY].to_vec();
        let mut before = Vec::new();
        for pair in &pairs {
            before.push((pair.item, world.here(pair.item, TITLE).await));
            world.edit_here(pair.item, TITLE, Value::text("Oops")).await;
        }
        let titles = before.clone();
        let put_back = meanwhile(&world, &pairs, move |tx, pair| {
            let due = store::due::of(tx, id, &[&pair.issue]).expect("reads");
            if due.iter().any(|due| !due.sent.is_empty()) {
                return false;
            }
            let mut titles = titles.iter();
            let (item, title) = titles.find(|(item, _)| *item == pair.item).expect("kept");
            crate::edit::set(tx, *item, TITLE, title.clone(), now).expect("writes");
            true
        })
        .await;
        for (pair, (_, title)) in pairs.iter().zip(before) {
            let Value::Text(title) = title else {
                unreachable!("a title is text")
            };
            let is_back = put_back.iter().any(|one| one.item == pair.item);
            let says = if is_back { title.as_str() } else { "Oops" };
            assert_eq!(world.there(&pair.issue, "summary").await, json!(says));
        }
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_edited_while_a_cycle_goes_on_for_long_is_the_next_ones() {
    on_both(async |world| {
        let [own, other] = [0, 1].map(|place| world.pairs[place].clone());
        world.edit_here(own.item, TITLE, Value::text("First")).await;
        let (store, item, wire) = (world.store.clone(), other.item, world.wire.clone());
        world.wire.set_meanwhile(
            |request| request.method() == http::Method::PUT,
            async move {
                wire.advance(SignedDuration::from_secs(16));
                let now = wire.now();
                let edited = store.write(move |tx| {
                    crate::edit::set(tx, item, TITLE, Value::text("Then"), now).expect("fits");
                    Ok(())
                });
                edited.await.expect("writes");
            },
        );
        let title = async |pair: &Linked| world.there(&pair.issue, "summary").await;
        let report = world.cycle().await.expect("goes through");
        assert_eq!((report.sent, report.waiting), (1, 1));
        assert_eq!(title(&own).await, json!("First"));
        assert_ne!(title(&other).await, json!("Then"));
        let report = world.cycle().await.expect("goes through");
        assert_eq!((report.sent, report.waiting), (1, 0));
        assert_eq!(title(&other).await, json!("Then"));
        world.close().await;
    })
    .await;
}
