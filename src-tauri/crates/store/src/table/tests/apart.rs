//! Pairs that come apart: severed, dismissed, deleted with their items, brought back, out of reach.

use crate::absence::{self, AbsenceState};
use crate::deleted_item;
use crate::disconnected::{self, Filter};
use crate::link::{self, LinkState, SeverReason};
use crate::testing::{at, pair, system, world};
use crate::{StoreError, conflict, due, item, link_field, severing};
use workspace::SystemField;

#[tokio::test]
async fn a_severed_pair_is_found_by_reason_and_words_until_it_is_linked_again() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            link::sever(tx, world.link, SeverReason::MovedAway, at(20))?;
            assert!(conflict::of_link(tx, world.link)?.is_empty());
            let found = |filter: Filter| -> Result<usize, StoreError> {
                Ok(disconnected::list(tx, &filter, 9)?.len())
            };
            let by = |search: &str| Filter {
                search: search.to_owned(),
                ..Filter::default()
            };
            assert_eq!(found(by("uberwei"))?, 1, "accents make no difference");
            assert_eq!(found(by("pay-7"))?, 1);
            assert_eq!(found(by("pay-8"))?, 0);
            let reason = |reason| Filter {
                reason: Some(reason),
                ..Filter::default()
            };
            assert_eq!(found(reason(SeverReason::MovedAway))?, 1);
            assert_eq!(found(reason(SeverReason::ByHand))?, 0);
            let counts = |reason| -> Result<u64, StoreError> {
                let counts = disconnected::counts(tx)?.into_iter();
                Ok(counts
                    .filter(|(id, of, _)| *id == Some(world.integration) && *of == reason)
                    .map(|(.., count)| count)
                    .sum())
            };
            assert_eq!(counts(SeverReason::MovedAway)?, 1);
            assert_eq!(disconnected::set_dismissed(tx, &[world.link], true)?, 1);
            assert_eq!(found(by("uberwei"))?, 0);
            assert_eq!(counts(SeverReason::MovedAway)?, 0);
            let dismissed = Filter {
                dismissed: true,
                ..Filter::default()
            };
            assert_eq!(found(dismissed)?, 1);
            link::revive(tx, world.link, world.integration)?;
            let revived = link::get(tx, world.link)?.expect("it is there");
            assert_eq!(
                (revived.state, revived.severed_at),
                (LinkState::Linked, None)
            );
            assert!(disconnected::get(tx, &[world.link])?.is_empty());
            assert_eq!(link_field::of_link(tx, world.link)?.len(), 6, "remembered");
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_deleted_item_comes_back_as_it_was() {
    let (store, world) = world().await;
    let refused = store
        .write(move |tx| deleted_item::delete(tx, &[world.parent], at(30)))
        .await;
    assert!(matches!(refused, Err(StoreError::HasChildren { count: 1 })));
    store
        .write(move |tx| {
            let before = item::get(tx, world.child)?.expect("it is there");
            let memory = link_field::of_link(tx, world.link)?;
            let both = [world.parent, world.child];
            let deletion = deleted_item::delete(tx, &both, at(30))?;
            assert_eq!(item::get(tx, world.child)?, None);
            let due = &due::of(tx, world.integration, &["10007"])?[0];
            assert_eq!(due.next_at, at(30), "it is looked at once more, and goes");
            let known = link::severed_by_remote_ids(tx, world.connection, &["10007"])?;
            assert_eq!(known["10007"], world.child, "its issue is no new one");
            let listed = disconnected::list(tx, &Filter::default(), 9)?;
            assert_eq!(
                (listed[0].item_gone, listed[0].reason, listed[0].severed_at),
                (true, SeverReason::DeletedHere, Some(at(30)))
            );
            assert_eq!(deleted_item::deletion_of(tx, world.child)?, Some(deletion));
            assert_eq!(deleted_item::count_of(tx, deletion)?, 2);
            let restored = deleted_item::restore(tx, deletion, world.area)?;
            assert_eq!(restored.items, both);
            assert_eq!(restored.linked, [(world.integration, "10007".to_owned())]);
            assert_eq!(item::get(tx, world.child)?, Some(before));
            assert_eq!(link_field::of_link(tx, world.link)?, memory);
            let link = link::get(tx, world.link)?.expect("it is back");
            assert_eq!(link.state, LinkState::Linked);
            let again = deleted_item::restore(tx, deletion, world.area);
            assert!(matches!(again, Err(StoreError::NotFound { .. })));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn an_item_whose_issue_went_another_way_comes_back_disconnected() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let deletion = deleted_item::delete(tx, &[world.child], at(30))?;
            link::insert(
                tx,
                &pair(
                    world.parent,
                    world.integration,
                    world.connection,
                    "10007",
                    "PAY-7",
                ),
            )?;
            let restored = deleted_item::restore(tx, deletion, world.area)?;
            assert!(restored.linked.is_empty());
            let link = link::get(tx, world.link)?.expect("it is back");
            assert_eq!(link.state, LinkState::Severed(SeverReason::DeletedHere));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn an_issue_out_of_reach_is_looked_for_again_and_counted() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let id = world.integration;
            absence::clear(tx, id, &["10009"])?;
            absence::set(tx, id, "10007", AbsenceState::Unseen, at(20), at(80))?;
            absence::set(tx, id, "10007", AbsenceState::Unseen, at(80), at(200))?;
            let known = &absence::of(tx, id, &["10007"])?["10007"];
            assert_eq!((known.looks, known.first_at), (2, at(20)));
            assert!(absence::next(tx, id, at(199), 9)?.is_empty());
            assert_eq!(absence::next(tx, id, at(200), 9)?, ["10007"]);
            assert_eq!(absence::pairs(tx, None, 9)?[0].link, world.link);
            absence::set(tx, id, "10007", AbsenceState::Archived, at(200), at(300))?;
            let known = &absence::of(tx, id, &["10007"])?["10007"];
            assert_eq!((known.looks, known.first_at), (1, at(200)), "begins anew");
            absence::hear_deleted(tx, id, "10007", at(210))?;
            let known = &absence::of(tx, id, &["10007"])?["10007"];
            assert!(known.heard_deleted && known.state == AbsenceState::Archived);
            assert_eq!(known.next_at, at(210));
            absence::unhear(tx, id, &["10007"], at(999))?;
            let known = &absence::of(tx, id, &["10007"])?["10007"];
            assert_eq!((known.heard_deleted, known.looks), (false, 0));
            absence::hasten::<&str>(tx, id, None, at(400))?;
            assert_eq!(absence::next(tx, id, at(400), 9)?.len(), 1);
            absence::clear(tx, id, &["10007"])?;
            assert!(absence::of(tx, id, &["10007"])?.is_empty());
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn what_is_to_be_severed_is_asked_about_once_and_goes_with_its_pair() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let id = world.integration;
            severing::withdraw(tx, world.link)?;
            severing::note(tx, world.link, SeverReason::DeletedThere, at(20))?;
            assert_eq!(severing::asked(tx, id)?, 0);
            severing::ask(tx, id, at(21))?;
            severing::note(tx, world.link, SeverReason::DeletedThere, at(22))?;
            severing::ask(tx, id, at(23))?;
            let asked = severing::list(tx, Some(id))?;
            assert_eq!(
                (asked[0].found_at, asked[0].asked_at),
                (at(20), Some(at(21)))
            );
            assert_eq!(severing::asked(tx, id)?, 1);
            link::sever(tx, world.link, SeverReason::ByHand, at(30))?;
            assert!(
                severing::list(tx, None)?.is_empty(),
                "it is severed already"
            );
            severing::withdraw(tx, world.link)?;
            let value = item::value(tx, world.child, system(SystemField::Title))?;
            assert!(value.is_some());
            Ok(())
        })
        .await
        .expect("writes");
}
