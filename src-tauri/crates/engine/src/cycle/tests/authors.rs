//! Who made what a cycle took over.

use super::world::{Linked, Template, World};
use practice_jira::SiteConfig;
use serde_json::json;
use store::journal::{Change, Entry};
use workspace::{FieldKey, SystemField};

async fn on_both(check: impl AsyncFn(World)) {
    for config in [SiteConfig::cloud(60, 5), SiteConfig::data_center(60, 5)] {
        let world = Template::new(config).await.world("authors").await;
        world.cycle().await.expect("goes through");
        check(world).await;
    }
}

/// Who is at the browser: it signs in as we do.
async fn name(world: &World) -> String {
    let account = world.remote().client().myself().await.expect("answers");
    account.name
}

async fn entries(world: &World, pair: &Linked) -> Vec<Entry> {
    let item = pair.item;
    world
        .read(move |read| store::journal::of_item(read, item, 9))
        .await
}

/// Who made the last change of a field.
async fn author(world: &World, pair: &Linked, wanted: SystemField) -> Option<String> {
    let entries = entries(world, pair).await.into_iter();
    let mut of_field = entries.filter(
        |entry| matches!(entry.change, Change::Field { field, .. } if field == FieldKey::System(wanted)),
    );
    of_field.next().expect("it was taken over").author
}

#[tokio::test]
async fn whoever_edits_in_jira_is_named_beside_what_changed() {
    on_both(async |world| {
        let pair = world.pairs[0].clone();
        world
            .edit_there(&pair.issue, "summary", json!("By somebody"))
            .await;
        world
            .edit_there(&pair.issue, "labels", json!(["a", "b"]))
            .await;
        world.cycle().await.expect("goes through");
        let name = Some(name(&world).await);
        for field in [SystemField::Title, SystemField::Labels] {
            assert_eq!(author(&world, &pair, field).await, name, "{field:?}");
        }
        let before = world.wire.asked();
        world.cycle().await.expect("goes through");
        assert_eq!(world.wire.asked() - before, 1, "nobody is asked for twice");
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_history_that_cannot_be_told_keeps_nothing_back_and_is_asked_for_once() {
    on_both(async |world| {
        let pair = world.pairs[0].clone();
        world
            .edit_there(&pair.issue, "summary", json!("By nobody knows"))
            .await;
        world.wire.set_broken(|request| {
            let asked = request.uri().to_string();
            asked.contains("changelog")
        });
        world.cycle().await.expect("goes through");
        assert_eq!(author(&world, &pair, SystemField::Title).await, None);
        let before = world.wire.asked();
        world.cycle().await.expect("goes through");
        assert_eq!(world.wire.asked() - before, 1);
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_site_that_goes_away_is_asked_by_the_next_cycle() {
    on_both(async |world| {
        let pair = world.pairs[0].clone();
        world
            .edit_there(&pair.issue, "summary", json!("Asked later"))
            .await;
        world.wire.set_broken(|request| {
            let asked = request.uri().to_string();
            asked.contains("changelog") || asked.ends_with("/myself")
        });
        world.cycle().await.expect("all else is done");
        assert_eq!(author(&world, &pair, SystemField::Title).await, None);
        world.wire.set_broken(|_| false);
        world.cycle().await.expect("goes through");
        let name = Some(name(&world).await);
        assert_eq!(author(&world, &pair, SystemField::Title).await, name);
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_changed_before_is_not_laid_to_whoever_changed_it_then() {
    on_both(async |world| {
        let pair = world.pairs[0].clone();
        world
            .edit_there(&pair.issue, "summary", json!("Some time ago"))
            .await;
        world.cycle().await.expect("goes through");
        // This program's clock is wrong, and an administrator changes the issue past everybody.
        for ahead in [-120, 120] {
            world.wire.set_ahead(jiff::SignedDuration::from_secs(ahead));
            let title = format!("At {ahead} s");
            world.edit_there(&pair.issue, "summary", json!(title)).await;
            world.cycle().await.expect("goes through");
            let name = Some(name(&world).await);
            assert_eq!(author(&world, &pair, SystemField::Title).await, name);
        }
        let (item, id, now) = (pair.item, world.integration, world.now());
        world
            .write(move |tx| {
                // What both sides had said is forgotten, so that the same is taken over once more.
                let links = store::link::by_item(tx, item)?;
                let link = links
                    .iter()
                    .find(|link| link.integration == Some(id))
                    .expect("linked");
                let old = workspace::Value::text("Forgotten");
                let field = FieldKey::System(SystemField::Title);
                store::link_field::set(tx, link.id, [(field, Some(&old), &old)])?;
                store::item::set_value(tx, item, field, &old, now).map(drop)
            })
            .await;
        world.mark(&pair.issue).await;
        world.cycle().await.expect("goes through");
        assert_eq!(author(&world, &pair, SystemField::Title).await, None);
        world.close().await;
    })
    .await;
}
