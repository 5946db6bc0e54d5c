//! Items and their values.

use crate::testing::{at, new_item, system, world};
use crate::{ConstraintKind, StoreError, area, item, link};
use std::collections::BTreeMap;
use workspace::{ItemId, OptionId, Rank, SystemField, Value};

fn refused<T>(outcome: &Result<T, StoreError>, expected: ConstraintKind) -> bool {
    matches!(outcome, Err(StoreError::Constraint { kind, .. }) if *kind == expected)
}

#[tokio::test]
async fn an_item_comes_back_as_it_was_put_in() {
    let (store, world) = world().await;
    store
        .read(move |read| {
            let child = item::get(read, world.child)?.expect("made");
            assert_eq!(child.title, "Überweisung");
            assert_eq!(child.parent, Some(world.parent));
            assert_eq!(child.item_type, world.feature);
            assert_eq!(child.created_at, at(10));
            assert_eq!(child.rank, Rank::nth(2));
            assert_eq!(
                child.value(system(SystemField::StoryPoints)),
                Value::number(0.1 + 0.2)
            );
            assert_eq!(
                child.value(system(SystemField::Description)),
                Value::RichText(crate::testing::rich("Words"))
            );
            assert_eq!(item::get(read, ItemId(999))?, None);
            let all = item::get_many(read, &[world.child, world.parent, world.child])?;
            assert_eq!(
                all.iter().map(|i| i.id).collect::<Vec<_>>(),
                [world.parent, world.child]
            );
            assert_eq!(
                item::page(read, Some(world.parent), 5)?,
                std::slice::from_ref(&child)
            );
            assert_eq!(
                item::page_of_integration(read, world.integration, None, 5)?,
                [child]
            );
            Ok(())
        })
        .await
        .expect("reads");
}

#[tokio::test]
async fn setting_values_says_what_they_were_and_leaves_the_same_alone() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let values = BTreeMap::from([
                (system(SystemField::Title), Value::text("Transfer")),
                (system(SystemField::DevStatus), Value::text("To Do")),
                (system(SystemField::Sprint), Value::None),
                (system(SystemField::Labels), Value::labels(["a"])),
            ]);
            let before = item::set_values(tx, world.child, &values, at(50))?;
            let expected = BTreeMap::from([
                (system(SystemField::Title), Value::text("Überweisung")),
                (system(SystemField::Sprint), Value::options([world.sprint])),
                (system(SystemField::Labels), Value::None),
            ]);
            assert_eq!(before, expected);
            let now = item::get(tx, world.child)?.expect("made");
            assert_eq!(now.title, "Transfer");
            assert!(!now.values.contains_key(&system(SystemField::Sprint)));
            assert_eq!(
                item::set_values(tx, world.child, &values, at(60))?,
                BTreeMap::new()
            );
            assert_eq!(item::updated_at(tx, ItemId(999))?, None);
            let changed_at = item::updated_at(tx, world.child)?;
            assert_eq!(changed_at, Some(at(50)), "nothing changed the second time");
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn the_backlog_shows_the_values_that_an_item_has_now() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            for (field, value) in [
                (SystemField::Status, Value::options([OptionId(1)])),
                (SystemField::Importance, Value::options([OptionId(6)])),
                (SystemField::DevStatus, Value::text("In QA")),
                (SystemField::Assignee, Value::people([world.person])),
                (SystemField::DevAssignee, Value::None),
                (SystemField::StoryPoints, Value::number(21.0)),
            ] {
                item::set_value(tx, world.child, system(field), &value, at(50))?;
            }
            let row = crate::backlog::rows(tx, &[world.child])?.remove(0);
            assert_eq!(row.status, Some(OptionId(1)));
            assert_eq!(row.importance, Some(OptionId(6)));
            assert_eq!(row.dev_status, "In QA");
            assert_eq!(row.assignee.as_deref(), Some("Ada"));
            assert_eq!(row.dev_assignee, None);
            assert_eq!(row.story_points, Some(21.0));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_title_is_never_empty() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let empty = new_item(world.epic, world.area, "", 9);
            assert!(refused(&item::insert(tx, &empty), ConstraintKind::Check));
            let title = system(SystemField::Title);
            let outcome = item::set_value(tx, world.child, title, &Value::None, at(1));
            assert!(refused(&outcome, ConstraintKind::Check));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn an_item_never_becomes_part_of_itself() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            for inside in [world.parent, world.child] {
                let outcome = item::set_parent(tx, world.parent, Some(inside), at(1));
                assert!(refused(&outcome, ConstraintKind::Check));
            }
            let children = |limit| item::children_of(tx, &[world.parent, world.child], limit);
            let only = |first| std::collections::BTreeMap::from([(world.parent, (first, 1))]);
            assert_eq!(children(9)?, only(vec![world.child]));
            assert_eq!(children(0)?, only(vec![]));
            item::set_parent(tx, world.child, None, at(1))?;
            item::set_parent(tx, world.parent, Some(world.child), at(1))?;
            let all = item::with_descendants(tx, &[world.child])?;
            assert_eq!(all, [world.parent, world.child]);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_parent_that_does_not_exist_fails_the_commit() {
    let (store, world) = world().await;
    let outcome = store
        .write(move |tx| item::set_parent(tx, world.child, Some(ItemId(999)), at(1)))
        .await;
    assert!(refused(&outcome, ConstraintKind::Reference));
}

#[tokio::test]
async fn moving_to_an_area_says_what_moved_and_can_be_taken_back() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let other = area::create(tx, None, "Other")?;
            item::move_to_area(tx, &[world.parent], other, at(1))?;
            let both = [world.parent, world.child];
            let moved = item::move_to_area(tx, &both, other, at(2))?;
            let expected = item::AreaMove {
                item: world.child,
                from: world.area,
                to: other,
            };
            assert_eq!(moved, [expected]);
            assert_eq!(item::counts(tx)?.by_area, BTreeMap::from([(other, 2)]));
            let back = item::move_back(tx, &moved, at(3))?;
            assert_eq!((back[0].from, back[0].to), (other, world.area));
            assert_eq!(item::move_back(tx, &moved, at(4))?, []);
            let counts = item::counts(tx)?;
            assert_eq!(
                counts.by_area,
                BTreeMap::from([(world.area, 1), (other, 1)])
            );
            assert_eq!((counts.total, counts.by_type[&world.epic]), (2, 1));
            assert_eq!(counts.by_status, BTreeMap::from([(None, 2)]));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn items_go_with_all_that_is_theirs_and_not_without_their_parts() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let alone = item::delete(tx, &[world.parent]);
            assert!(matches!(alone, Err(StoreError::HasChildren { count: 1 })));
            let both = [world.parent, world.child, ItemId(999)];
            assert_eq!(item::delete(tx, &both)?, 2);
            assert_eq!(link::get(tx, world.link)?, None);
            for table in ["item", "item_values", "link", "link_memory"] {
                assert_eq!(tx.number(&format!("SELECT count(*) FROM {table}"), [])?, 0);
            }
            let next = item::insert(tx, &new_item(world.epic, world.area, "Next", 1))?;
            assert!(
                next > world.child,
                "a number never comes to mean something else"
            );
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn the_last_place_is_known_of_all_items_and_of_the_parts_of_one() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            assert_eq!(item::last_rank(tx)?, Some(Rank::nth(2)));
            assert_eq!(item::last_rank_in(tx, None)?, Some(Rank::nth(1)));
            assert_eq!(
                item::last_rank_in(tx, Some(world.parent))?,
                Some(Rank::nth(2))
            );
            assert_eq!(item::last_rank_in(tx, Some(world.child))?, None);
            item::set_rank(tx, world.parent, &Rank::nth(9))?;
            assert_eq!(item::last_rank(tx)?, Some(Rank::nth(9)));
            Ok(())
        })
        .await
        .expect("writes");
}
