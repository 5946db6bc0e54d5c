//! Issues that are to be looked at, and fields in conflict.

use crate::due::{self, Due};
use crate::run::Reason;
use crate::testing::{at, world};
use crate::{Read, conflict, integration, link, link_field};
use jiff::Timestamp;
use workspace::{SystemField, Value};

fn ids(read: &Read<'_>, integration: crate::IntegrationId, now: Timestamp) -> Vec<String> {
    let next = due::next(read, integration, now, 99).expect("reads");
    next.into_iter().map(|due| due.remote_id).collect()
}

fn one(read: &Read<'_>, integration: crate::IntegrationId) -> Option<Due> {
    due::of(read, integration, &["7"]).expect("reads").pop()
}

#[tokio::test]
async fn an_issue_leaves_the_list_unless_a_reason_to_look_came_meanwhile() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let integration = world.integration;
            due::settle(tx, integration, "10007", 1)?;
            due::mark(tx, integration, &["7", "8"], at(10))?;
            due::mark(tx, integration, &["7"], at(20))?;
            assert_eq!(ids(tx, integration, at(9)), Vec::<String>::new());
            assert_eq!(ids(tx, integration, at(10)), ["7", "8"]);
            assert_eq!(due::next_at(tx, integration)?, Some(at(10)));
            assert_eq!(one(tx, integration).expect("there").marks, 2);
            due::settle(tx, integration, "7", 1)?;
            assert!(one(tx, integration).is_some(), "marked twice, seen once");
            due::settle(tx, integration, "7", 2)?;
            due::settle(tx, integration, "8", 1)?;
            assert_eq!(due::counts(tx, integration)?, (0, 0));
            assert_eq!(due::next_at(tx, integration)?, None);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_failure_waits_for_its_time_or_for_somebody() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let integration = world.integration;
            due::settle(tx, integration, "10007", 1)?;
            due::mark(tx, integration, &["7"], at(10))?;
            let sent = (SystemField::Title.into(), Value::text("a"));
            due::set_sent(tx, integration, "7", std::slice::from_ref(&sent))?;
            let busy = Reason::of("unavailable");
            due::set_failed(tx, integration, "7", 1, &busy, Some(at(30)))?;
            assert_eq!(ids(tx, integration, at(29)), Vec::<String>::new());
            let waiting = one(tx, integration).expect("there");
            assert_eq!((waiting.attempts, waiting.problem), (1, Some(busy)));
            assert_eq!(waiting.sent, [sent].into());
            assert!(!waiting.is_parked);
            due::set_known(tx, integration, "7")?;
            assert!(one(tx, integration).expect("there").sent.is_empty());

            let refused = Reason::of("rejected");
            due::set_failed(tx, integration, "7", 1, &refused, None)?;
            assert_eq!(ids(tx, integration, at(99)), Vec::<String>::new());
            assert_eq!(due::counts(tx, integration)?, (1, 1));
            assert_eq!(due::failed(tx, integration, 9)?[0].problem, Some(refused));
            assert_eq!(due::next_at(tx, integration)?, None);

            due::mark(tx, integration, &["7"], at(40))?;
            assert_eq!(
                ids(tx, integration, at(99)),
                ["7"],
                "there is something to look at"
            );
            assert!(one(tx, integration).expect("there").is_parked);
            due::set_looked(tx, integration, "7", 2)?;
            assert_eq!(ids(tx, integration, at(99)), Vec::<String>::new());

            due::retry(tx, integration, Some(&["8"]), at(50))?;
            assert_eq!(ids(tx, integration, at(99)), Vec::<String>::new());
            due::retry::<&str>(tx, integration, None, at(50))?;
            assert_eq!(ids(tx, integration, at(50)), ["7"]);
            due::set_failed(tx, integration, "7", 2, &Reason::of("rejected"), None)?;
            due::mark_edited(tx, integration, "7", at(60))?;
            let edited = one(tx, integration).expect("there");
            assert!(!edited.is_parked, "another value is another attempt");

            due::settle(tx, integration, "7", 1)?;
            let again = one(tx, integration).expect("marked again since");
            assert_eq!((again.attempts, again.problem), (0, None));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn the_list_goes_with_its_integration_and_so_does_what_was_heard() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let id = world.integration;
            assert_eq!(integration::heard_until(tx, id)?, Some(at(6)));
            integration::set_heard_until(tx, id, at(8))?;
            assert_eq!(integration::heard_until(tx, id)?, Some(at(8)));
            integration::delete(tx, id)?;
            assert_eq!(due::counts(tx, id)?, (0, 0));
            assert_eq!(integration::heard_until(tx, id)?, None);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_conflict_keeps_the_moment_since_when_and_goes_when_it_is_not_named_any_more() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let link = world.link;
            let fields = [
                (SystemField::Title.into(), false),
                (SystemField::StoryPoints.into(), true),
            ];
            conflict::set(tx, link, &fields, at(50))?;
            let all = conflict::list(tx, Some(world.integration), 9)?;
            let since: Vec<_> = all.iter().map(|found| (found.field, found.since)).collect();
            assert_eq!(since, [(fields[1].0, at(6)), (fields[0].0, at(50))]);
            assert_eq!((all[0].item, all[0].link), (world.child, link));
            conflict::set(tx, link, &fields[..1], at(60))?;
            assert_eq!(conflict::of_link(tx, link)?, fields[..1]);
            assert_eq!(conflict::count_of_integration(tx, world.integration)?, 1);
            link::sever(tx, link, link::SeverReason::DeletedThere, at(9))?;
            assert_eq!(conflict::count_of_integration(tx, world.integration)?, 0);
            assert!(conflict::list(tx, None, 9)?.is_empty());
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn what_pairs_remember_of_one_field_is_forgotten_and_nothing_else() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let before = link_field::of_link(tx, world.link)?;
            let points = SystemField::StoryPoints.into();
            link_field::forget(tx, world.integration, points)?;
            link_field::forget(tx, world.integration, world.custom)?;
            let mut after = before.clone();
            assert!(after.remove(&points).is_some() && after.remove(&world.custom).is_some());
            assert_eq!(link_field::of_link(tx, world.link)?, after);
            Ok(())
        })
        .await
        .expect("writes");
}
