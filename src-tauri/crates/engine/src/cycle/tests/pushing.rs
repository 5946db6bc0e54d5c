//! Items made and pushed at random, answers that get lost, programs that end in the middle, a search that is behind; then
//! quiet. What has to hold then, whatever happened:
//!
//! - of every item that was pushed there is one issue and no second one, and of every other item there is none;
//! - no issue that was made of an item became another item;
//! - both sides say the same, and issues stand below each other as the items do;
//! - one more cycle asks once, and does nothing.

use super::world::{Fault, Template, World};
use crate::new_item::{self, ItemDraft};
use crate::push::{PushChoices, cancel, queue};
use crate::run::Ground;
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use store::link::LinkState;
use workspace::{ItemId, ItemTypeId, SystemField, Value};

/// Seeds of a usual run; `make sim` takes more.
const SEEDS: u64 = 30;
const STEPS: usize = 40;
/// Cycles until everything has to be quiet.
const QUIET_MAX: usize = 12;
/// How far the search may be behind: less than an issue is looked for.
const LAG_MS_MAX: u64 = 300_000;

/// A mistake that is made on purpose, to show that it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Planted {
    /// None.
    Nothing,
    /// After a doubt the request is sent again without a look.
    SentAgain,
    /// One look that finds nothing counts as proof.
    LookedOnce,
    /// After a doubt nobody remembers that there may be an issue.
    Forgotten,
}

struct Run {
    planted: Planted,
    world: World,
    chance: StdRng,
    epic: ItemTypeId,
    feature: ItemTypeId,
    /// Items that were made, with what they are part of.
    made: Vec<(ItemId, Option<ItemId>)>,
    markers: u64,
    told: Vec<String>,
}

impl Run {
    async fn new(template: &Template, seed: u64, planted: Planted) -> Self {
        let world = template.world(&format!("pushing-{seed}")).await;
        let types = world.read(store::item_type::list).await;
        let named = |name: &str| {
            let mut types = types.iter();
            types
                .find(|kind| kind.singular == name)
                .expect("it is there")
                .id
        };
        Self {
            planted,
            chance: StdRng::seed_from_u64(seed),
            epic: named("Epic"),
            feature: named("Feature"),
            made: Vec::new(),
            markers: 0,
            told: Vec::new(),
            world,
        }
    }

    async fn step(&mut self) {
        let pause = self.chance.random_range(0..90_000);
        self.world.wire.advance(SignedDuration::from_millis(pause));
        match self.chance.random_range(0..100) {
            0..20 => self.make().await,
            20..40 => self.push().await,
            40..45 => self.take_back().await,
            45..55 => self.edit().await,
            55..60 => {
                let lag = self.chance.random_range(0..LAG_MS_MAX);
                self.told.push(format!("the search is {lag} ms behind"));
                self.world.wire.site().faults_mut().search_lag_ms = lag;
            }
            60..85 => self.cycle().await,
            _ => self.killed().await,
        }
    }

    async fn make(&mut self) {
        let epics: Vec<ItemId> = self
            .made
            .iter()
            .filter(|(_, parent)| parent.is_none())
            .map(|(item, _)| *item)
            .collect();
        let parent = match epics.len() {
            0 => None,
            many => self
                .chance
                .random_bool(0.7)
                .then(|| epics[self.chance.random_range(0..many)]),
        };
        let draft = ItemDraft {
            title: format!("Item {}", self.made.len()),
            item_type: if parent.is_some() {
                self.feature
            } else {
                self.epic
            },
            parent,
            area: None,
        };
        self.told.push(format!("make {draft:?}"));
        let now = self.world.now();
        let item = self
            .world
            .store
            .write(move |tx| new_item::create(tx, &draft, now))
            .await
            .expect("writes")
            .expect("made");
        self.made.push((item, parent));
    }

    fn some(&mut self) -> Option<ItemId> {
        let many = self.made.len();
        (many > 0).then(|| self.made[self.chance.random_range(0..many)].0)
    }

    async fn push(&mut self) {
        let Some(item) = self.some() else { return };
        let id = self.world.integration;
        let ground = Ground::read(&self.world.store, id).await.expect("mapped");
        let (now, mut next) = (self.world.now(), self.markers);
        self.markers += 1000;
        let queued = self
            .world
            .store
            .write(move |tx| {
                let mut marker = || {
                    next += 1;
                    format!("marker {next}")
                };
                let none = PushChoices::default();
                queue(tx, &ground, &[item], &none, &mut marker, now)
            })
            .await
            .expect("writes");
        // One that was pushed already is refused.
        self.told.push(format!("push {item}: {queued:?}"));
    }

    async fn take_back(&mut self) {
        let Some(item) = self.some() else { return };
        let taken = self.world.store.write(move |tx| cancel(tx, item)).await;
        self.told.push(format!("take back {item}: {taken:?}"));
    }

    async fn edit(&mut self) {
        let Some(item) = self.some() else { return };
        let title = Value::text(&format!("Edited {}", self.told.len()));
        self.told.push(format!("edit {item}: {title:?}"));
        self.world
            .edit_here(item, SystemField::Title.into(), title)
            .await;
    }

    async fn cycle(&mut self) {
        let kinds = [Fault::Unsent, Fault::Lost, Fault::Lost, Fault::Busy];
        let faults: Vec<Fault> = (0..6)
            .map(|_| match self.chance.random_range(0..10) {
                0..6 => Fault::None,
                _ => kinds[self.chance.random_range(0..kinds.len())],
            })
            .collect();
        self.told.push(format!("cycle {faults:?}"));
        self.world.wire.set_faults(faults);
        // What keeps the whole from going on is part of the story; the next cycle goes on.
        let outcome = self.world.cycle().await;
        self.told.push(format!("  {outcome:?}"));
        self.world.wire.set_faults([]);
        self.plant().await;
    }

    /// The program is ended while it waits for an answer, which may never come, or after the site has done its part.
    async fn killed(&mut self) {
        let survives = self.chance.random_range(0..4);
        let last = match self.chance.random_bool(0.5) {
            true => Fault::Silence,
            false => Fault::Deaf,
        };
        let mut faults = vec![Fault::None; survives];
        faults.push(last);
        self.told.push(format!("killed: {faults:?}"));
        self.world.wire.set_faults(faults);
        tokio::select! {
            outcome = self.world.cycle() => self.told.push(format!("  {outcome:?}")),
            () = self.world.wire.is_silent() => {}
        }
        self.world.wire.set_faults([]);
        self.world.restart().await;
        self.plant().await;
    }

    async fn plant(&self) {
        let (id, planted) = (self.world.integration, self.planted);
        let hour = SignedDuration::from_hours(1);
        let work = self.world.store.write(move |tx| {
            for intent in store::create_intent::doubtful(tx, id)? {
                let Some(mut sent) = intent.sent else {
                    continue;
                };
                match planted {
                    Planted::Nothing => {}
                    Planted::SentAgain => store::create_intent::set_unsent(tx, intent.id)?,
                    Planted::Forgotten => store::create_intent::delete(tx, intent.id)?,
                    Planted::LookedOnce => {
                        sent.at = sent.at.saturating_sub(hour).expect("some years after 1970");
                        store::create_intent::set_sent(tx, intent.id, &sent)?;
                    }
                }
            }
            Ok(())
        });
        work.await.expect("writes");
    }

    /// Cycles without faults until nothing is left to do.
    async fn quiet(&mut self) {
        self.world.wire.site().faults_mut().search_lag_ms = 0;
        for _ in 0..QUIET_MAX {
            self.world.wire.advance(SignedDuration::from_hours(1));
            let report = self.world.cycle().await.expect("nothing is in the way");
            self.told.push(format!("quiet {report:?}"));
            if (report.waiting, report.heard, report.sent, report.made) == (0, 0, 0, 0) {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    /// The issue of an item, if it has one.
    async fn issue_of(&self, item: ItemId) -> Option<String> {
        let links = self
            .world
            .read(move |read| store::link::by_item(read, item));
        let mut links = links.await.into_iter();
        let link = links.find(|link| link.state == LinkState::Linked)?;
        Some(link.remote_id)
    }

    /// The parent of an issue, by id.
    async fn parent_there(&self, issue: &str) -> Option<String> {
        let named = self.world.there(issue, "parent").await;
        if let Some(id) = named.get("id").and_then(Json::as_str) {
            return Some(id.to_owned());
        }
        let ground = Ground::read(&self.world.store, self.world.integration).await;
        let ground = ground.expect("mapped");
        for field in &ground.schema.fields {
            if field.role == Some(sync::remote::Role::Parent) && field.id != "parent" {
                let key = self.world.there(issue, &field.id).await;
                if let Some(key) = key.as_str() {
                    return Some(self.world.id_there(key).await);
                }
            }
        }
        None
    }

    async fn check(&mut self, issues: usize, items: u64) {
        self.quiet().await;
        let before = self.world.wire.asked();
        self.world.cycle().await.expect("nothing is in the way");
        assert_eq!(self.world.wire.asked() - before, 1, "one request");

        let pairs: BTreeMap<ItemId, Option<String>> = {
            let mut pairs = BTreeMap::new();
            for (item, _) in &self.made {
                pairs.insert(*item, self.issue_of(*item).await);
            }
            pairs
        };
        let linked: BTreeSet<&String> = pairs.values().flatten().collect();
        let there = self.world.wire.site().issue_count(None);
        assert_eq!(there, issues + linked.len(), "one issue an item");
        let here = self.world.read(store::item::counts).await.total;
        assert_eq!(
            here,
            items + self.made.len() as u64,
            "no item but those made"
        );
        let id = self.world.integration;
        let conflicts = store::conflict::count_of_integration;
        let conflicts = self.world.read(move |read| conflicts(read, id)).await;
        assert_eq!(conflicts, 0, "nothing was edited in Jira");
        for (item, parent) in self.made.clone() {
            let Some(issue) = &pairs[&item] else { continue };
            let title = self.world.here(item, SystemField::Title.into()).await;
            let summary = self.world.there(issue, "summary").await;
            assert_eq!(title, Value::text(summary.as_str().unwrap_or_default()));
            let above = parent.and_then(|parent| pairs[&parent].clone());
            assert_eq!(
                self.parent_there(issue).await,
                above,
                "{item} below {parent:?}"
            );
        }
        let waiting = self.world.integration;
        let counts = self
            .world
            .read(move |read| store::create_intent::counts(read, waiting))
            .await;
        assert_eq!(counts, (0, 0));
    }
}

/// One story; what happened in it, if something did not hold.
async fn story(template: &Template, seed: u64, planted: Planted) -> Result<(), Vec<String>> {
    let mut run = Run::new(template, seed, planted).await;
    let issues = run.world.wire.site().issue_count(None);
    let items = run.world.read(store::item::counts).await.total;
    let outcome = {
        let whole = async {
            for _ in 0..STEPS {
                run.step().await;
            }
            run.check(issues, items).await;
        };
        let whole = std::panic::AssertUnwindSafe(whole);
        futures::FutureExt::catch_unwind(whole).await
    };
    run.world.close().await;
    outcome.map_err(|_| run.told)
}

/// A number from the environment.
fn given(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

async fn simulate(config: SiteConfig) {
    let template = Template::new(config).await;
    let first = given("LOCKSTEP_SIM_FIRST").unwrap_or(0);
    let seeds = given("LOCKSTEP_SIM_SEEDS").unwrap_or(SEEDS);
    for seed in first..first + seeds {
        if let Err(told) = story(&template, seed, Planted::Nothing).await {
            for line in told {
                eprintln!("{line}");
            }
            panic!("seed {seed} fails; make sim FIRST={seed} SEEDS=1 repeats it");
        }
    }
}

/// An epic that was pushed, and of which nobody heard whether its issue was made.
async fn missed(template: &Template, name: u64) -> (Run, ItemId, usize) {
    let mut run = Run::new(template, name, Planted::Nothing).await;
    let issues = run.world.wire.site().issue_count(None);
    run.make().await;
    run.push().await;
    run.world.wire.set_faults([Fault::Lost]);
    run.world.cycle().await.expect_err("no answer came");
    assert_eq!(run.world.wire.site().issue_count(None), issues + 1);
    let (item, _) = run.made[0];
    assert_eq!(run.issue_of(item).await, None);
    (run, item, issues + 1)
}

#[tokio::test]
async fn an_issue_that_is_read_before_it_is_looked_for_becomes_no_other_item() {
    for config in [SiteConfig::cloud(60, 3), SiteConfig::data_center(60, 3)] {
        let template = Template::new(config).await;
        let (run, item, issues) = missed(&template, 0).await;
        let here = run.world.read(store::item::counts).await.total;
        // It is too early to look, but the issue is among those that changed.
        let report = run.world.cycle().await.expect("nothing is in the way");
        assert_eq!((report.made, report.waiting), (0, 0), "{report:?}");
        assert!(run.issue_of(item).await.is_some());
        assert_eq!(run.world.read(store::item::counts).await.total, here);
        assert_eq!(run.world.wire.site().issue_count(None), issues);
        run.world.close().await;
    }
}

#[tokio::test]
async fn an_issue_that_the_search_does_not_know_yet_is_waited_for() {
    let template = Template::new(SiteConfig::cloud(60, 3)).await;
    let mut run = Run::new(&template, 1, Planted::Nothing).await;
    run.world.wire.site().faults_mut().search_lag_ms = LAG_MS_MAX;
    let issues = run.world.wire.site().issue_count(None);
    run.make().await;
    run.push().await;
    run.world.wire.set_faults([Fault::Lost]);
    run.world.cycle().await.expect_err("no answer came");
    let (item, _) = run.made[0];
    for _ in 0..6 {
        run.world.wire.advance(SignedDuration::from_mins(1));
        run.world.cycle().await.expect("nothing is in the way");
    }
    assert!(run.issue_of(item).await.is_some());
    assert_eq!(run.world.wire.site().issue_count(None), issues + 1);
    run.world.close().await;
}

#[tokio::test]
async fn an_issue_that_was_never_made_is_made_after_a_while() {
    let template = Template::new(SiteConfig::cloud(60, 3)).await;
    let mut run = Run::new(&template, 2, Planted::Nothing).await;
    run.make().await;
    run.push().await;
    run.world.wire.set_faults([Fault::Silence]);
    tokio::select! {
        outcome = run.world.cycle() => panic!("{outcome:?}"),
        () = run.world.wire.is_silent() => {}
    }
    run.world.wire.set_faults([]);
    run.world.restart().await;
    let (item, _) = run.made[0];
    for minute in 1.. {
        run.world.wire.advance(SignedDuration::from_mins(1));
        run.world.cycle().await.expect("nothing is in the way");
        let is_late = SignedDuration::from_mins(minute) >= super::super::create::ABSENT_AFTER;
        assert_eq!(
            run.issue_of(item).await.is_some(),
            is_late,
            "after {minute} minutes"
        );
        if is_late {
            break;
        }
    }
    run.world.close().await;
}

#[tokio::test]
async fn a_mistake_made_on_purpose_in_a_simulation_of_pushing_is_found() {
    let template = Template::new(SiteConfig::cloud(60, 3)).await;
    for planted in [Planted::SentAgain, Planted::LookedOnce, Planted::Forgotten] {
        let mut found = None;
        for seed in 0..SEEDS {
            if story(&template, seed, planted).await.is_err() {
                found = Some(seed);
                break;
            }
        }
        assert!(found.is_some(), "{planted:?} is not found");
    }
}

#[tokio::test]
async fn a_simulation_of_pushing_makes_one_issue_an_item_on_cloud() {
    simulate(SiteConfig::cloud(60, 3)).await;
}

#[tokio::test]
async fn a_simulation_of_pushing_makes_one_issue_an_item_on_data_center() {
    simulate(SiteConfig::data_center(60, 3)).await;
}
