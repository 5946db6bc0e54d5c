//! Somebody edits in Jira what is edited here, at every moment of the cycle that sends it. Whoever comes last is heard, or
//! a person is asked; and of what was replaced in the last moment the journal tells.

use super::world::{Fault, Template, World};
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use workspace::{FieldKey, SystemField, Value};

/// What came of the other's edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Theirs {
    /// A person is asked.
    InConflict,
    /// It came after ours, and was taken over.
    TakenOver,
    /// Ours took its place, and the journal tells.
    Told,
}

/// Whether Jira tells the history of an issue right after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    AtOnce,
    Later,
}

/// The edit comes just before the request after `requests` others; none if there are fewer.
async fn meet(
    template: &Template,
    (requests, tells): (usize, Tells),
    (field, ours): (SystemField, Value),
    (there, theirs): (&str, Json),
    as_told: &Value,
) -> Option<Theirs> {
    let world = template
        .world(&format!("overtaken-{requests}-{there}"))
        .await;
    let pair = world.pairs[0].clone();
    let field = FieldKey::System(field);
    world.edit_here(pair.item, field, ours.clone()).await;
    world.meddle(&pair.issue, there, theirs.clone()).await;
    let before = (0..requests).map(|_| Fault::None);
    world.wire.set_faults(before.chain([Fault::Overtaken]));
    world.wire.set_broken(move |request| {
        let query = request.uri().query().unwrap_or_default();
        tells == Tells::Later && query.contains("changelog")
    });
    world.cycle().await.expect("nothing is in the way");
    world.wire.set_faults([]);
    world.wire.set_broken(|_| false);
    world.wire.advance(SignedDuration::from_mins(1));
    let outcome = match world.wire.unsent_meddling() {
        0 => Some(outcome(&world, field, (&ours, as_told), (there, &theirs)).await),
        _ => None,
    };
    world.close().await;
    outcome
}

async fn outcome(
    world: &World,
    field: FieldKey,
    (ours, as_told): (&Value, &Value),
    (there, theirs): (&str, &Json),
) -> Theirs {
    world.cycle().await.expect("nothing is in the way");
    let pair = world.pairs[0].clone();
    let here = world.here(pair.item, field).await;
    let says = world.there(&pair.issue, there).await;
    let conflicts = world
        .read(|read| store::conflict::list(read, None, 9))
        .await;
    if !conflicts.is_empty() {
        assert_eq!((&here, &says), (ours, theirs), "both sides keep theirs");
        return Theirs::InConflict;
    }
    if says == *theirs {
        assert_eq!(&here, as_told);
        return Theirs::TakenOver;
    }
    assert_eq!(&here, ours);
    let told = world.told(pair.item, field).await;
    assert!(told.contains(as_told), "{told:?} tells of {as_told:?}");
    Theirs::Told
}

async fn check(
    (config, tells): (SiteConfig, Tells),
    (field, ours): (SystemField, Value),
    (there, theirs): (&str, Json),
    as_told: Value,
) {
    let template = Template::new(config).await;
    let mut seen = BTreeSet::new();
    for requests in 0.. {
        let (ours, theirs) = ((field, ours.clone()), (there, theirs.clone()));
        match meet(&template, (requests, tells), ours, theirs, &as_told).await {
            Some(outcome) => seen.insert(outcome),
            None => break,
        };
    }
    let all = [Theirs::InConflict, Theirs::TakenOver, Theirs::Told];
    assert_eq!(seen, BTreeSet::from(all));
}

fn titles() -> ((SystemField, Value), (&'static str, Json), Value) {
    let (ours, theirs) = (Value::text("Ours"), "Theirs");
    let told = Value::text(theirs);
    ((SystemField::Title, ours), ("summary", json!(theirs)), told)
}

fn days() -> ((SystemField, Value), (&'static str, Json), Value) {
    let [ours, theirs] = [3, 4].map(|day| jiff::civil::date(2027, 1, day));
    (
        (SystemField::TargetDate, Value::Date(ours)),
        ("duedate", json!(theirs.to_string())),
        Value::Date(theirs),
    )
}

#[tokio::test]
async fn an_edit_at_the_same_moment_is_never_lost_on_cloud() {
    for (ours, theirs, told) in [titles(), days()] {
        let site = (SiteConfig::cloud(60, 3), Tells::AtOnce);
        check(site, ours, theirs, told).await;
    }
}

#[tokio::test]
async fn an_edit_at_the_same_moment_is_never_lost_on_data_center() {
    for (ours, theirs, told) in [titles(), days()] {
        let site = (SiteConfig::data_center(60, 3), Tells::AtOnce);
        check(site, ours, theirs, told).await;
    }
}

#[tokio::test]
async fn an_edit_at_the_same_moment_is_never_lost_where_the_history_is_told_later() {
    for config in [SiteConfig::cloud(60, 3), SiteConfig::data_center(60, 3)] {
        let (ours, theirs, told) = titles();
        check((config, Tells::Later), ours, theirs, told).await;
    }
}

/// Somebody whom an issue is assigned to, as they are here and as an edit there names them.
async fn assignees(world: &World, field: FieldKey) -> Vec<(Value, Json)> {
    let mut found: Vec<(Value, Json)> = Vec::new();
    for pair in &world.pairs {
        let here = world.here(pair.item, field).await;
        let there = world.there(&pair.issue, "assignee").await;
        let id = ["accountId", "name"].into_iter();
        let mut id = id.filter_map(|name| Some((name, there.get(name)?.clone())));
        let named = id.next().map(|(name, id)| json!({ name: id }));
        if let (Value::People(_), Some(named)) = (&here, named)
            && found.iter().all(|(known, _)| *known != here)
        {
            found.push((here, named));
        }
    }
    found
}

async fn assigned_to(world: &World) -> FieldKey {
    let id = world.integration;
    let (mapping, _) = world.read(move |read| store::mapping::load(read, id)).await;
    let mut pairs = mapping.fields.into_iter();
    let found = pairs.find(|pair| pair.remote_field == "assignee");
    found.expect("it is mapped").field
}

#[tokio::test]
async fn somebody_whose_place_an_edit_took_is_told_as_who_they_are_here() {
    for config in [SiteConfig::cloud(60, 3), SiteConfig::data_center(60, 3)] {
        let template = Template::new(config).await;
        let mut told = BTreeSet::new();
        for requests in 0.. {
            let world = template.world(&format!("assigned-{requests}")).await;
            let (pair, field) = (world.pairs[0].clone(), assigned_to(&world).await);
            let held = world.here(pair.item, field).await;
            let mut others = assignees(&world, field).await;
            others.retain(|(here, _)| *here != held);
            let [(ours, _), (theirs, named)] = &others[..2] else {
                unreachable!("two others");
            };
            world.edit_here(pair.item, field, ours.clone()).await;
            world.meddle(&pair.issue, "assignee", named.clone()).await;
            let before = (0..requests).map(|_| Fault::None);
            world.wire.set_faults(before.chain([Fault::Overtaken]));
            world.cycle().await.expect("nothing is in the way");
            let is_over = world.wire.unsent_meddling() > 0;
            for value in world.told(pair.item, field).await {
                assert!(!matches!(value, Value::Text(_)), "{value:?}");
                told.insert(value == *theirs);
            }
            world.close().await;
            if is_over {
                break;
            }
        }
        assert!(told.contains(&true), "it was overtaken once");
    }
}
