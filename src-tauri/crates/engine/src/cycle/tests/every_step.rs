//! One cycle with something of everything to do, cut off at every request and at every commit; then the program starts
//! again. Wherever it was cut off, in the end it is as if nothing had happened, and one more cycle writes nothing.

use super::world::{Fault, Template, World};
use crate::new_item::{self, ItemDraft};
use crate::push::{PushChoices, queue};
use crate::run::Ground;
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::crash::Cut;
use workspace::{FieldKey, ItemId, SystemField, Value};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);
const DAY: FieldKey = FieldKey::System(SystemField::TargetDate);
const STATUS: FieldKey = FieldKey::System(SystemField::Status);
/// Cycles until everything has to be quiet.
const QUIET_MAX: usize = 12;

/// Where a cycle is cut off.
#[derive(Debug, Clone, Copy)]
enum Point {
    /// Nowhere.
    Never,
    /// At the n-th request, which never leaves.
    Request(u64),
    /// At the n-th request, which the site answers and nobody hears.
    Answer(u64),
    /// Before the n-th commit: nothing of it remains.
    BeforeCommit(u64),
    /// After the n-th commit, before anybody is told.
    AfterCommit(u64),
}

/// What both sides say in the end.
#[derive(Debug, PartialEq)]
struct End {
    /// Of each item: its title, day and status here, the same there, and how its pair stands.
    items: Vec<String>,
    conflicts: BTreeSet<(ItemId, FieldKey)>,
    issues: usize,
}

/// Something of everything.
async fn edit(world: &World) {
    let [sent, agreed, torn, heard, moved, gone] =
        [0, 1, 2, 3, 4, 5].map(|place| world.pairs[place].clone());
    let new = |text: &str| Value::text(text);
    world.edit_here(sent.item, TITLE, new("Sent")).await;
    world.edit_here(sent.item, DAY, day(3)).await;
    world.edit_here(agreed.item, TITLE, new("Alike")).await;
    world
        .edit_there(&agreed.issue, "summary", json!("Alike"))
        .await;
    world.edit_here(torn.item, TITLE, new("Ours")).await;
    world
        .edit_there(&torn.issue, "summary", json!("Theirs"))
        .await;
    world
        .edit_there(&torn.issue, "duedate", json!("2027-03-04"))
        .await;
    world
        .edit_there(&heard.issue, "summary", json!("Heard"))
        .await;
    let statuses = world.statuses().await;
    let stands = world.here(moved.item, STATUS).await;
    let mut others = statuses.values().map(|status| Value::options([*status]));
    let other = others.find(|status| *status != stands).expect("several");
    world.edit_here(moved.item, STATUS, other).await;
    world.delete_there(&gone.issue);
    world.hear_deleted(&gone.issue).await;
    push_two(world).await;
}

fn day(day: i8) -> Value {
    Value::Date(jiff::civil::date(2027, 1, day))
}

/// Makes an epic with a feature below it here, and pushes both.
async fn push_two(world: &World) {
    let (id, now) = (world.integration, world.now());
    let ground = Ground::read(&world.store, id).await.expect("mapped");
    let types = world.read(store::item_type::list).await;
    let named = |name: &str| types.iter().find(|kind| kind.singular == name);
    let [epic, feature] = ["Epic", "Feature"].map(|name| named(name).expect("it is there").id);
    world
        .write(move |tx| {
            let draft = |item_type, parent| ItemDraft {
                title: "Made here".to_owned(),
                item_type,
                parent,
                area: None,
            };
            let made = new_item::create(tx, &draft(epic, None), now)?;
            let above = made.expect("an epic stands at the top");
            let made = new_item::create(tx, &draft(feature, Some(above)), now)?;
            let below = made.expect("a feature stands below an epic");
            let mut number = 0;
            let mut marker = || {
                number += 1;
                format!("marker {number}")
            };
            let none = PushChoices::default();
            queue(tx, &ground, &[below], &none, &mut marker, now)?.expect("it can be pushed");
            Ok(())
        })
        .await;
}

/// One cycle up to the point; then the program starts again.
async fn cut_off(world: &mut World, point: Point) {
    let began = world.store.commits();
    match point {
        Point::Never => {}
        Point::Request(number) => silence(world, number, Fault::Silence),
        Point::Answer(number) => silence(world, number, Fault::Deaf),
        Point::BeforeCommit(number) => cut(world, began + number, Cut::BeforeCommit),
        Point::AfterCommit(number) => cut(world, began + number, Cut::AfterCommit),
    }
    let ended = tokio::select! {
        outcome = world.cycle() => Some(outcome),
        () = world.wire.is_silent() => None,
    };
    world.wire.set_faults([]);
    match (point, ended) {
        (Point::Never, Some(Ok(_))) | (Point::Request(_) | Point::Answer(_), None) => {}
        (Point::BeforeCommit(_) | Point::AfterCommit(_), Some(Err(_))) => {}
        (point, ended) => panic!("{point:?}: {ended:?}"),
    }
    if !matches!(point, Point::Never) {
        world.restart().await;
    }
}

fn silence(world: &World, number: u64, fault: Fault) {
    let before = (1..number).map(|_| Fault::None);
    world.wire.set_faults(before.chain([fault]));
}

fn cut(world: &World, number: u64, how: Cut) {
    let hook = move |commit| if commit == number { how } else { Cut::Never };
    world.store.set_commit_hook(Arc::new(hook));
}

/// Cycles until nothing is left to do, and one more, which asks once and writes nothing.
async fn come_to_rest(world: &World, point: Point) {
    for _ in 0..QUIET_MAX {
        world.wire.advance(SignedDuration::from_hours(1));
        let report = world.cycle().await.expect("nothing is in the way");
        let waits = report.waiting - world.barred().await.len() as u64;
        if (waits, report.heard, report.sent, report.made) == (0, 0, 0, 0) {
            let (asked, wrote) = (world.wire.asked(), world.store.commits());
            world.cycle().await.expect("nothing is in the way");
            assert_eq!(world.wire.asked() - asked, 1, "{point:?}: one request");
            assert_eq!(world.store.commits() - wrote, 0, "{point:?}: no writes");
            return;
        }
    }
    panic!("{point:?}: it does not come to rest");
}

async fn end(world: &World) -> End {
    let mut items = Vec::new();
    let id = world.integration;
    let all = world.read(move |read| store::item::page_of_integration(read, id, None, u32::MAX));
    for item in all.await {
        let here = [TITLE, DAY, STATUS].map(|field| item.value(field));
        let state = world.state(item.id).await;
        let links = world.read(move |read| store::link::by_item(read, item.id));
        let mut there = Vec::new();
        for link in links.await {
            for field in ["summary", "duedate", "status"] {
                let issue = link.remote_id.as_str();
                there.push(world.found_there(issue, field).await.map(|field| {
                    // A status is told with much besides.
                    field.get("id").cloned().unwrap_or(field)
                }));
            }
        }
        items.push(format!("{here:?} | {there:?} | {state:?}"));
    }
    items.sort();
    let found = world.read(move |read| store::conflict::list(read, Some(id), 999));
    let conflicts = found.await.into_iter();
    End {
        items,
        conflicts: conflicts.map(|found| (found.item, found.field)).collect(),
        issues: world.wire.site().issue_count(None),
    }
}

async fn story(template: &Template, point: Point) -> (End, u64, u64) {
    let mut world = template.world(&format!("{point:?}")).await;
    edit(&world).await;
    let (asked, wrote) = (world.wire.asked(), world.store.commits());
    cut_off(&mut world, point).await;
    // A store that was opened anew counts from the beginning.
    let commits = world.store.commits().saturating_sub(wrote);
    let steps = (world.wire.asked() - asked, commits);
    come_to_rest(&world, point).await;
    let end = end(&world).await;
    world.close().await;
    (end, steps.0, steps.1)
}

async fn check(config: SiteConfig) {
    let template = Template::new(config).await;
    let (whole, requests, commits) = story(&template, Point::Never).await;
    assert!(requests > 10 && commits > 10, "there is something to cut");
    let torn = whole.conflicts.iter().map(|(_, field)| *field);
    assert_eq!(torn.collect::<Vec<_>>(), [TITLE], "one is in conflict");
    let of_requests = (1..=requests).flat_map(|at| [Point::Request(at), Point::Answer(at)]);
    let of_commits = (1..=commits).flat_map(|at| [Point::BeforeCommit(at), Point::AfterCommit(at)]);
    for point in of_requests.chain(of_commits) {
        let (end, ..) = story(&template, point).await;
        assert_eq!(end, whole, "{point:?}");
    }
    println!("{requests} requests, {commits} commits");
}

#[tokio::test]
async fn wherever_a_cycle_is_cut_off_it_ends_the_same_on_cloud() {
    check(SiteConfig::cloud(60, 3)).await;
}

#[tokio::test]
async fn wherever_a_cycle_is_cut_off_it_ends_the_same_on_data_center() {
    check(SiteConfig::data_center(60, 3)).await;
}
