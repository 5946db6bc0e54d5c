//! Integrations and connections that go, what they leave behind, and by whom it is offered again.

use crate::disconnected::{self, Filter};
use crate::journal::{self, Change, JournalFilter};
use crate::link::{LinkState, SeverReason};
use crate::testing::{World, at, pair, project, site, world};
use crate::{
    ConnectionId, IntegrationId, StoreError, WriteTx, absence, conflict, connection, deleted_item,
    due, integration, item, leaving, link, link_field, run, severing,
};

fn offered(tx: &WriteTx<'_>, integration: IntegrationId) -> Result<usize, StoreError> {
    let filter = Filter {
        integration: Some(integration),
        ..Filter::default()
    };
    Ok(disconnected::list(tx, &filter, 9)?.len())
}

/// The connection and the integration of a world are gone.
fn gone(tx: &WriteTx<'_>, world: &World) -> Result<(), StoreError> {
    leaving::remove(tx, world.integration, at(40))?;
    connection::retire(tx, world.connection)
}

fn connected_again(tx: &WriteTx<'_>, world: &World) -> Result<ConnectionId, StoreError> {
    let again = connection::create(tx, &site("Site"), at(50))?;
    leaving::hand_over(tx, world.connection, again)?;
    Ok(again)
}

#[tokio::test]
async fn an_integration_goes_and_its_pairs_and_their_history_stay() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let before = journal::page(tx, &JournalFilter::default(), None, 99)?.len();
            let memory = link_field::of_link(tx, world.link)?;
            assert_eq!(leaving::unmade(tx, world.integration)?.doubtful, 1);
            assert_eq!(leaving::listed(tx, world.integration)?, ["10007"]);
            assert_eq!(leaving::remove(tx, world.integration, at(40))?, 1);
            assert_eq!(integration::list(tx)?, []);
            let severed = link::get(tx, world.link)?.expect("remembered");
            assert_eq!(
                (severed.state, severed.severed_at, severed.integration),
                (
                    LinkState::Severed(SeverReason::ConnectionRemoved),
                    Some(at(40)),
                    None
                )
            );
            assert_eq!(link_field::of_link(tx, world.link)?, memory);
            assert!(conflict::of_link(tx, world.link)?.is_empty());
            assert!(severing::list(tx, None)?.is_empty());
            assert_eq!(run::get(tx, world.run)?, None);
            let after = journal::page(tx, &JournalFilter::default(), None, 99)?;
            assert_eq!(after.len(), before + 1, "nothing of the history is lost");
            let last = Change::Severed {
                key: "PAY-7".into(),
                reason: SeverReason::ConnectionRemoved,
            };
            assert_eq!(after[0].change, last);
            let found = item::get(tx, world.child)?.expect("it lives on");
            assert_eq!(found.title, "Überweisung");
            let gone = leaving::remove(tx, world.integration, at(41));
            assert!(matches!(gone, Err(StoreError::NotFound { .. })));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn issues_out_of_reach_are_among_those_whose_items_may_hold_edits() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            due::drop(tx, world.integration, "10007")?;
            assert!(leaving::listed(tx, world.integration)?.is_empty());
            absence::hear_deleted(tx, world.integration, "10007", at(30))?;
            assert_eq!(leaving::listed(tx, world.integration)?, ["10007"]);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn an_item_that_was_deleted_before_comes_back_without_its_pair() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let deletion = deleted_item::delete(tx, &[world.child], at(30))?;
            gone(tx, &world)?;
            let again = connected_again(tx, &world)?;
            let new = integration::create(tx, &project(again, "New"), at(50))?;
            leaving::offer(tx, new)?;
            let restored = deleted_item::restore(tx, deletion, world.area)?;
            assert_eq!(restored.linked, []);
            let back = link::get(tx, world.link)?.expect("it is back");
            assert_eq!(
                back.state,
                LinkState::Severed(SeverReason::ConnectionRemoved)
            );
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_connection_that_is_gone_is_none_any_more_and_its_name_is_free() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            gone(tx, &world)?;
            assert_eq!(connection::list(tx)?, []);
            assert_eq!(connection::get(tx, world.connection)?, None);
            assert_eq!(connection::by_name(tx, "Site")?, None);
            let retired = connection::retired(tx)?;
            let data = &retired[0].data;
            assert_eq!((data.name.as_str(), data.secret_ref.as_str()), ("Site", ""));
            assert_eq!((&data.account_id, &data.ca_pem), (&String::new(), &None));
            assert_eq!(data.site_url, site("Site").site_url, "which site it was");
            // The pair, and the one of the item that was deleted.
            assert_eq!(leaving::remembered(tx, world.connection)?, 2);
            connection::create(tx, &site("Site"), at(50))?;
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn whoever_connects_again_is_offered_the_pairs_of_the_project_and_gets_none_linked() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let other = pair(
                world.parent,
                world.integration,
                world.connection,
                "20001",
                "PAYROLL-1",
            );
            link::insert(tx, &other)?;
            gone(tx, &world)?;
            let again = connected_again(tx, &world)?;
            assert_eq!(connection::retired(tx)?, []);
            let new = integration::create(tx, &project(again, "New"), at(50))?;
            assert_eq!(leaving::offer(tx, new)?, 2, "PAYROLL is another project");
            assert_eq!(offered(tx, new)?, 2);
            assert_eq!(link::count_of_integration(tx, new)?, 0);
            assert!(
                !link::is_any_of_integration(tx, new)?,
                "nothing was imported"
            );
            let found = link::get(tx, world.link)?.expect("remembered");
            assert_eq!(found.connection, again);
            // One that a person links again is in force, and still nothing was imported.
            link::revive(tx, world.link, new)?;
            assert_eq!(link::count_of_integration(tx, new)?, 1);
            assert!(!link::is_any_of_integration(tx, new)?);
            Ok(())
        })
        .await
        .expect("writes");
}
