//! Issues that are to be made of items.

use crate::create_intent::{self, NewIntent, Sent};
use crate::run::Reason;
use crate::testing::{World, at};
use crate::{CreateIntentId, Read, Store, WriteTx, item};
use jiff::Timestamp;
use std::collections::BTreeMap;
use sync::remote::RemoteValue;
use workspace::{ItemId, SystemField, Value};

/// A small workspace in which nothing is asked for yet.
async fn world() -> (Store, World) {
    let (store, world) = crate::testing::world().await;
    let parent = world.parent;
    store
        .write(move |tx| {
            for intent in create_intent::of_items(tx, &[parent])? {
                create_intent::delete(tx, intent.id)?;
            }
            Ok(())
        })
        .await
        .expect("writes");
    (store, world)
}

fn ask(tx: &WriteTx<'_>, world: &World, item: ItemId, second: i64) -> CreateIntentId {
    let new = NewIntent {
        item,
        integration: world.integration,
        remote_type: "10".to_owned(),
        marker: format!("marker of {item}"),
        answers: BTreeMap::from([("risk".to_owned(), RemoteValue::Number(2.0))]),
        created_at: at(second),
    };
    create_intent::insert(tx, &new).expect("asked for")
}

fn next(read: &Read<'_>, world: &World, now: Timestamp) -> Vec<ItemId> {
    let next = create_intent::next(read, world.integration, now, 99).expect("reads");
    next.into_iter().map(|intent| intent.item).collect()
}

#[tokio::test]
async fn parents_come_before_what_is_part_of_them_and_nothing_is_sent_twice() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let (parent, child) = (world.parent, world.child);
            assert_eq!(item::get(tx, child)?.expect("there").parent, Some(parent));
            let below = ask(tx, &world, child, 10);
            let above = ask(tx, &world, parent, 10);
            assert_eq!(next(tx, &world, at(9)), []);
            assert_eq!(next(tx, &world, at(10)), [parent]);
            assert_eq!(create_intent::counts(tx, world.integration)?, (2, 0));
            let sent = Sent {
                at: at(11),
                told: [(SystemField::Title.into(), Value::text("A"))].into(),
                parent: Some(child),
            };
            create_intent::set_sent(tx, above, &sent)?;
            assert_eq!(next(tx, &world, at(99)), [], "it may be there");
            let missed = create_intent::doubtful(tx, world.integration)?;
            assert_eq!(missed.len(), 1);
            assert_eq!(missed[0].sent.as_ref(), Some(&sent));
            create_intent::set_unsent(tx, above)?;
            assert_eq!(next(tx, &world, at(99)), [parent]);
            create_intent::delete(tx, above)?;
            assert_eq!(next(tx, &world, at(99)), [child]);
            let answers = create_intent::answers(tx, below)?;
            assert_eq!(
                answers,
                [("risk".to_owned(), RemoteValue::Number(2.0))].into()
            );
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn one_that_failed_waits_for_its_time_or_for_somebody() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let id = ask(tx, &world, world.parent, 10);
            // What waits for that one waits for no moment of its own.
            ask(tx, &world, world.child, 5);
            let integration = world.integration;
            let why = Reason::of("busy");
            create_intent::set_failed(tx, id, &why, Some(at(30)))?;
            assert_eq!(next(tx, &world, at(29)), []);
            assert_eq!(create_intent::next_at(tx, integration)?, Some(at(30)));
            create_intent::set_failed(tx, id, &why, None)?;
            assert_eq!(next(tx, &world, at(99)), []);
            assert_eq!(create_intent::next_at(tx, integration)?, None);
            assert_eq!(create_intent::counts(tx, integration)?, (2, 1));
            let failed = create_intent::failed(tx, integration, 9)?;
            assert_eq!(
                (failed[0].attempts, failed[0].problem.as_ref()),
                (2, Some(&why))
            );
            create_intent::retry(tx, integration, Some(&[]), at(40))?;
            assert_eq!(next(tx, &world, at(99)), []);
            create_intent::retry(tx, integration, None, at(40))?;
            assert_eq!(next(tx, &world, at(40)), [world.parent]);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn one_is_asked_for_once_and_goes_with_its_item() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            ask(tx, &world, world.parent, 10);
            ask(tx, &world, world.child, 10);
            let twice = NewIntent {
                item: world.child,
                integration: world.integration,
                remote_type: "10".to_owned(),
                marker: "another".to_owned(),
                answers: BTreeMap::new(),
                created_at: at(11),
            };
            create_intent::insert(tx, &twice).expect_err("it is asked for already");
            let below = create_intent::below(tx, world.integration, world.parent)?;
            assert_eq!(below.len(), 2);
            item::delete(tx, &[world.child])?;
            assert_eq!(create_intent::of_items(tx, &[world.child])?, []);
            assert_eq!(create_intent::counts(tx, world.integration)?, (1, 0));
            Ok(())
        })
        .await
        .expect("writes");
}
