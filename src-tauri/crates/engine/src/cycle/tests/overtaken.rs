//! Somebody edits in Jira what is edited here, at every moment of the cycle that sends it. Whoever comes last is heard, or
//! a person is asked; and of what was replaced in the last moment the journal tells.

use super::world::{Fault, Template, World};
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

/// The edit comes just before the request after `requests` others; none if there are fewer.
async fn meet(
    template: &Template,
    requests: usize,
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
    world.cycle().await.expect("nothing is in the way");
    world.wire.set_faults([]);
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
    config: SiteConfig,
    (field, ours): (SystemField, Value),
    (there, theirs): (&str, Json),
    as_told: Value,
) {
    let template = Template::new(config).await;
    let mut seen = BTreeSet::new();
    for requests in 0.. {
        let (ours, theirs) = ((field, ours.clone()), (there, theirs.clone()));
        match meet(&template, requests, ours, theirs, &as_told).await {
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
        check(SiteConfig::cloud(60, 3), ours, theirs, told).await;
    }
}

#[tokio::test]
async fn an_edit_at_the_same_moment_is_never_lost_on_data_center() {
    for (ours, theirs, told) in [titles(), days()] {
        check(SiteConfig::data_center(60, 3), ours, theirs, told).await;
    }
}
