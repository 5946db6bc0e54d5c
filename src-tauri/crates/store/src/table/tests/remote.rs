//! Connections, integrations, mappings, pairs and their memory.

use crate::connection::ConnectionState;
use crate::link::{LinkState, SeverReason};
use crate::link_field::Memory;
use crate::testing::{at, mapped, pair, project, schema, site, system, world};
use crate::{
    ConnectionId, ConstraintKind, LinkId, StoreError, connection, field_option, integration, item,
    link, link_field, mapping, pair, schema_snapshot,
};
use std::collections::BTreeMap;
use workspace::{SystemField, Value};

fn refused<T>(outcome: &Result<T, StoreError>, expected: ConstraintKind) -> bool {
    matches!(outcome, Err(StoreError::Constraint { kind, .. }) if *kind == expected)
}

#[tokio::test]
async fn a_connection_comes_back_as_it_was_put_in_and_its_name_is_its_own() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let made = connection::get(tx, world.connection)?.expect("made");
            assert_eq!(made.data, site("Site"));
            assert_eq!(
                (made.state, made.checked_at),
                (ConnectionState::Working, None)
            );
            let found = connection::by_name(tx, " sité ")?.map(|found| found.id);
            assert_eq!(found, Some(world.connection));
            let taken = connection::create(tx, &site("SITE"), at(1));
            assert!(refused(&taken, ConstraintKind::Unique));
            let mut real = site("Real");
            real.practice = None;
            real.ca_pem = None;
            real.proxy = None;
            real.has_client_identity = false;
            let other = connection::create(tx, &real, at(1))?;
            assert_eq!(connection::get(tx, other)?.expect("made").data, real);
            let stopped = ConnectionState::Stopped {
                code: "auth".into(),
                detail: "401".into(),
            };
            connection::set_state(tx, other, &stopped, at(8))?;
            let now = connection::get(tx, other)?.expect("made");
            assert_eq!((now.state, now.checked_at), (stopped, Some(at(8))));
            assert!(refused(
                &connection::update(tx, other, &site("site")),
                ConstraintKind::Unique
            ));
            connection::delete(tx, other)?;
            assert_eq!(connection::list(tx)?.len(), 1);
            let used = connection::delete(tx, world.connection);
            assert!(refused(&used, ConstraintKind::Reference));
            let missing = connection::update(tx, ConnectionId(99), &real);
            assert!(matches!(missing, Err(StoreError::NotFound { .. })));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn an_integration_comes_back_as_it_was_put_in_and_takes_its_own_along() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let made = integration::get(tx, world.integration)?.expect("made");
            assert_eq!(made.data, project(world.connection, "Payments"));
            let mut data = made.data;
            data.board = None;
            data.area = Some(world.area);
            data.name = "Pays".into();
            integration::update(tx, world.integration, &data, at(9))?;
            let now = integration::by_name(tx, "PAYS")?.expect("found");
            assert_eq!(
                (now.data, now.created_at, now.updated_at),
                (data.clone(), at(2), at(9))
            );
            let taken = integration::create(tx, &data, at(9));
            assert!(refused(&taken, ConstraintKind::Unique));
            integration::delete(tx, world.integration)?;
            assert_eq!(integration::list(tx)?.len(), 0);
            let link = link::get(tx, world.link)?.expect("the pair stays");
            assert_eq!((link.integration, link.state), (None, LinkState::Linked));
            for table in [
                "mapping_type",
                "mapping_value",
                "schema_snapshot",
                "run_row",
                "due",
                "journal_entry WHERE run_id IS NOT NULL",
            ] {
                assert_eq!(
                    tx.number(&format!("SELECT count(*) FROM {table}"), [])?,
                    0,
                    "{table}"
                );
            }
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_mapping_comes_back_in_its_order_with_the_names_it_had() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let great = field_option::by_name(tx, world.custom, "great")?.expect("made");
            let expected = mapped(world.epic, world.feature, world.custom, great, tx)?;
            assert_eq!(mapping::load(tx, world.integration)?, expected);
            let (mut other, names) = expected;
            other.types.reverse();
            other.fields.remove(0);
            mapping::save(tx, world.integration, &other, &names)?;
            assert_eq!(mapping::load(tx, world.integration)?.0, other);
            other.types.push(other.types[0].clone());
            let twice = mapping::save(tx, world.integration, &other, &names);
            assert!(refused(&twice, ConstraintKind::Unique));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_schema_is_remembered_with_its_moment() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let integration = world.integration;
            assert_eq!(
                schema_snapshot::load(tx, integration)?,
                Some((schema(), at(3)))
            );
            schema_snapshot::save(tx, integration, &sync::remote::Schema::default(), at(8))?;
            let now = schema_snapshot::load(tx, integration)?.expect("saved");
            assert_eq!(now, (sync::remote::Schema::default(), at(8)));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn an_issue_and_an_item_are_in_one_pair_at_a_time() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let make = |item, remote_id: &str, key: &str| {
                link::insert(
                    tx,
                    &pair(item, world.integration, world.connection, remote_id, key),
                )
            };
            let taken = make(world.parent, "10007", "PAY-7");
            assert!(refused(&taken, ConstraintKind::Unique));
            let taken = make(world.child, "10008", "PAY-8");
            assert!(refused(&taken, ConstraintKind::Unique));
            link::sever(tx, world.link, SeverReason::MovedAway, at(9))?;
            let ids = ["10007", "10008"];
            assert!(link::by_remote_ids(tx, world.connection, &ids)?.is_empty());
            let offered = link::severed_by_remote_ids(tx, world.connection, &ids)?;
            assert_eq!(offered["10007"], world.child);
            let severed = link::get(tx, world.link)?.expect("it stays");
            assert_eq!(
                (severed.state, severed.severed_at),
                (LinkState::Severed(SeverReason::MovedAway), Some(at(9)))
            );
            let again = make(world.child, "10007", "PAY-7")?;
            let found = link::by_remote_ids(tx, world.connection, &ids)?;
            assert_eq!(
                found.values().map(|link| link.id).collect::<Vec<_>>(),
                [again]
            );
            assert!(link::severed_by_remote_ids(tx, world.connection, &ids)?.is_empty());
            assert_eq!(link::by_item(tx, world.child)?.len(), 2);
            assert_eq!(link::count_of_integration(tx, world.integration)?, 1);
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn a_pair_remembers_what_was_seen_and_agreed() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let title = system(SystemField::Title);
            let labels = system(SystemField::Labels);
            let apart = Memory {
                base: Some(Value::text("a")),
                remote: Value::text("b"),
            };
            let never = Memory {
                base: None,
                remote: Value::None,
            };
            let told = [
                (title, apart.base.as_ref(), &apart.remote),
                (labels, None, &never.remote),
            ];
            link_field::set(tx, world.link, told)?;
            let nothing = (system(SystemField::Kano), Some(&Value::None), &Value::None);
            link_field::set(tx, world.link, [nothing])?;
            let memory = link_field::of_link(tx, world.link)?;
            assert_eq!(memory[&title], apart);
            assert_eq!(
                memory[&labels], never,
                "never agreed is not agreed on nothing"
            );
            assert_eq!(
                memory[&system(SystemField::Kano)],
                Memory::agreed(Value::None)
            );
            assert_eq!(memory.len(), 9);
            assert!(refused(
                &link_field::set(tx, LinkId(99), told),
                ConstraintKind::Reference
            ));
            let all = link_field::of_links(tx, &[world.link, LinkId(99)])?;
            assert_eq!(all, BTreeMap::from([(world.link, memory)]));
            link::set_base_parent(tx, world.link, Some(world.parent))?;
            let link = link::get(tx, world.link)?.expect("made");
            assert_eq!(link.base_parent, Some(world.parent));
            assert_eq!(link.seen.updated_at, Some(at(6)));
            item::delete(tx, &[world.child])?;
            assert!(link_field::of_link(tx, world.link)?.is_empty());
            Ok(())
        })
        .await
        .expect("writes");
}

/// All that stands in an item's own row but its identity.
fn columns(read: &crate::Read<'_>, item: workspace::ItemId) -> Result<Option<String>, StoreError> {
    read.one(
        "SELECT json_array(parent_id, item_type_id, area_id, rank, title, title_key, key_text, status_option,
         importance_option, dev_status, assignee, dev_assignee, story_points, created_at, updated_at)
         FROM item WHERE item_id = ?1",
        [item.0],
        |row| Ok(row.get(0)?),
    )
}

#[tokio::test]
async fn an_item_made_together_with_its_pair_is_as_if_they_were_made_one_after_the_other() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let child = item::get(tx, world.child)?.expect("made");
            let old = link::get(tx, world.link)?.expect("made");
            let description = system(SystemField::Description);
            let kano = system(SystemField::Kano);
            let values = child.values.clone();
            // One field the remote says otherwise, one it alone knows, one on which nobody agreed.
            let mut remotes = values.clone();
            remotes.insert(description, Value::text("otherwise"));
            remotes.insert(system(SystemField::Title), Value::text("Überweisung"));
            remotes.insert(kano, Value::None);
            let mut bases = values.clone();
            bases.remove(&kano);
            let told = |field| (field, bases.get(&field), &remotes[&field]);
            let rank = workspace::Rank::nth(7);
            let new = item::NewItem {
                item_type: child.item_type,
                title: "Überweisung".into(),
                parent: Some(world.parent),
                area: child.area,
                rank: rank.clone(),
                created_at: at(8),
                values: values.clone(),
            };
            let apart = item::insert(tx, &new)?;
            let mut made = pair(apart, world.integration, world.connection, "1", "PAY-9");
            made.base_parent = Some(world.parent);
            made.created_at = at(8);
            let apart_link = link::insert(tx, &made)?;
            link_field::insert(tx, apart_link, remotes.keys().map(|&field| told(field)))?;

            let draft = pair::Draft {
                item_type: child.item_type,
                title: "Überweisung",
                parent: Some(world.parent),
                values: &values,
                bases: &bases,
                remotes: &remotes,
                remote_id: "2",
                seen: made.seen.clone(),
            };
            let place = pair::Place {
                area: child.area,
                integration: world.integration,
                connection: world.connection,
                now: at(8),
            };
            let (item, link) = pair::insert(tx, pair::NewPair::of(&draft), &rank, &place)?;
            assert_eq!(columns(tx, item)?, columns(tx, apart)?);
            assert_eq!(
                item::get(tx, item)?.map(|item| item.values),
                item::get(tx, apart)?.map(|item| item.values)
            );
            assert_eq!(
                link::get(tx, link)?,
                link::get(tx, apart_link)?.map(|other| link::Link {
                    id: link,
                    item,
                    remote_id: "2".into(),
                    ..other
                })
            );
            assert_eq!(
                link_field::of_link(tx, link)?,
                link_field::of_link(tx, apart_link)?
            );
            let draft = pair::Draft {
                remote_id: &old.remote_id,
                ..draft
            };
            let again = pair::insert(tx, pair::NewPair::of(&draft), &rank, &place);
            assert!(refused(&again, ConstraintKind::Unique));
            Ok(())
        })
        .await
        .expect("writes");
}

#[tokio::test]
async fn what_a_pair_remembers_stays_when_the_item_comes_to_hold_something_else() {
    let (store, world) = world().await;
    store
        .write(move |tx| {
            let child = item::get(tx, world.child)?.expect("made");
            let old = link::get(tx, world.link)?.expect("made");
            let draft = pair::Draft {
                item_type: child.item_type,
                title: "Transfer",
                parent: None,
                values: &child.values,
                bases: &child.values,
                remotes: &child.values,
                remote_id: "2",
                seen: old.seen,
            };
            let place = pair::Place {
                area: child.area,
                integration: world.integration,
                connection: world.connection,
                now: at(8),
            };
            let rank = workspace::Rank::nth(7);
            let (item, made) = pair::insert(tx, pair::NewPair::of(&draft), &rank, &place)?;
            let before = link_field::of_link(tx, made)?;
            let agreed = child.values.iter();
            let agreed = agreed.map(|(field, value)| (*field, Memory::agreed(value.clone())));
            assert_eq!(before, agreed.collect());

            let points = system(SystemField::StoryPoints);
            link_field::set(tx, made, [(points, None, &Value::number(9.0))])?;
            for (place, &field) in before.keys().enumerate() {
                let other = [Value::None, Value::text("other")][place % 2].clone();
                for value in [
                    other,
                    Value::text("\"qu\u{0}oted\" \\u0041\n\u{1f}é😀"),
                    child.value(field),
                ] {
                    item::set_value(tx, item, field, &value, at(9))?;
                    assert_eq!(item::value(tx, item, field)?, Some(value));
                }
            }
            link::sever(tx, made, SeverReason::MovedAway, at(9))?;
            for &field in before.keys() {
                item::set_value(tx, item, field, &Value::None, at(9))?;
            }
            assert!(item::get(tx, item)?.expect("made").values.is_empty());
            let mut expected = before;
            let apart = Memory {
                base: None,
                remote: Value::number(9.0),
            };
            expected.insert(points, apart);
            assert_eq!(link_field::of_link(tx, made)?, expected);
            Ok(())
        })
        .await
        .expect("writes");
}
