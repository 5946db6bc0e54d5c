//! One story: everything that people and machines do, in an order that a seed decides, then quiet.

use crate::fates::Fates;
use crate::fields::Fields;
use crate::made::Made;
use crate::planted::Planted;
use crate::wire::Fault;
use crate::world::{End, Template, World};
use engine::{CycleReport, EngineError};
use jiff::SignedDuration;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::collections::BTreeSet;
use store::crash::Cut;
use store::due::Due;
use workspace::{Item, ItemId, ItemTypeId};

/// Steps of a story.
pub const STEPS: usize = 200;
/// Of so many stories one is told with the database on threads of its own, as in the application.
const ON_THREADS: u64 = 9;
/// Cycles until everything has to be quiet.
const QUIET_MAX: usize = 24;
/// Items below the epics of those that are edited, at least.
const ENOUGH: usize = 12;
/// How far the search may be behind at most: less than an issue is looked for that may have been made.
const LAG_MS_MAX: u64 = 60_000;

/// A story under way.
pub struct Story {
    pub world: World,
    pub chance: StdRng,
    pub planted: Planted,
    /// What happened, for whoever has to find out why it ended badly.
    pub told: Vec<String>,
    pub fields: Fields,
    pub fates: Fates,
    pub made: Made,
    /// Issues and items at the beginning.
    issues: usize,
    items: u64,
    /// How far the search may be behind in this story.
    lag_ms_max: u64,
    /// Numbers that were given to values; none is given twice.
    numbers: i64,
}

impl Story {
    async fn new(template: &Template, seed: u64, planted: Planted) -> Self {
        let name = format!("{planted:?}-{seed}");
        let world = template.world(&name, seed.is_multiple_of(ON_THREADS)).await;
        let mut chance = StdRng::seed_from_u64(seed);
        let id = world.integration;
        let items = world
            .read(move |read| store::item::page_of_integration(read, id, None, u32::MAX))
            .await;
        let types = world.read(store::item_type::list).await;
        let epic = types.iter().find(|kind| kind.singular == "Epic");
        let (edited, fated) = parted(&items, epic.expect("it is there").id);
        let ahead_s = match chance.random_bool(0.5) {
            true => 0,
            false => chance.random_range(-120..120),
        };
        world.wire.set_ahead(SignedDuration::from_secs(ahead_s));
        let lag_ms_max = match chance.random_bool(0.5) {
            true => 0,
            false => LAG_MS_MAX,
        };
        let issues = world.wire.site().issue_count(None);
        let mut story = Self {
            fields: Fields::new(&world, &items, &types, &edited).await,
            fates: Fates::new(&world, &fated, &mut chance).await,
            made: Made::new(&types),
            issues,
            items: world.read(store::item::counts).await.total,
            told: vec![format!("ahead {ahead_s} s, lag up to {lag_ms_max} ms")],
            world,
            chance,
            planted,
            lag_ms_max,
            numbers: 0,
        };
        story.plant_first().await;
        story
    }

    /// A number that no other value has.
    pub fn number(&mut self) -> i64 {
        self.numbers += 1;
        self.numbers
    }

    pub fn tell(&mut self, what: impl std::fmt::Display) {
        let now = self.world.wire.site_time();
        self.told.push(format!("{now:.0} {what}"));
    }

    pub fn some<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.chance.random_range(0..of.len())].clone())
    }

    async fn step(&mut self) {
        let pause_ms = match self.chance.random_range(0..20) {
            0 => 3_600_000,
            _ => 60_000,
        };
        let pause = self.chance.random_range(0..pause_ms);
        self.world.wire.advance(SignedDuration::from_millis(pause));
        match self.chance.random_range(0..100) {
            0..30 => self.edit_field().await,
            30..45 => self.touch_pair().await,
            45..58 => self.make_or_push().await,
            58..60 => self.let_search_lag(),
            60..61 => self.revoked().await,
            61..63 => self.decide_some().await,
            63..64 => self.compare().await,
            64..76 => self.cycle(Vec::new()).await,
            76..82 => self.overtaken().await,
            82..93 => {
                let faults = self.faults();
                self.cycle(faults).await;
            }
            _ => self.ended().await,
        }
    }

    fn let_search_lag(&mut self) {
        let lag = self.chance.random_range(0..=self.lag_ms_max);
        self.tell(format!("the search is {lag} ms behind"));
        self.world.wire.site().faults_mut().search_lag_ms = lag;
    }

    /// The token is revoked for a while.
    async fn revoked(&mut self) {
        self.tell("the token is revoked");
        self.world.wire.site().faults_mut().revoked = true;
        let outcome = self.world.sync().await;
        self.tell(format!("  {outcome:?}"));
        assert!(outcome.is_err(), "nobody is told");
        self.world.wire.site().faults_mut().revoked = false;
        self.world.sign_in().await;
    }

    async fn compare(&mut self) {
        self.tell("everything is compared");
        let asked = self.world.engine().compare_all(self.world.integration);
        asked.await.expect("it is there");
    }

    /// Some of the next requests go wrong.
    fn faults(&mut self) -> Vec<Fault> {
        let kinds = [
            Fault::Unsent,
            Fault::Lost,
            Fault::Lost,
            Fault::Busy,
            Fault::Limited,
            Fault::Half,
            Fault::Slow,
            Fault::Twice,
        ];
        (0..10)
            .map(|_| match self.chance.random_range(0..10) {
                0..6 => Fault::None,
                _ => kinds[self.chance.random_range(0..kinds.len())],
            })
            .collect()
    }

    async fn cycle(&mut self, faults: Vec<Fault>) {
        self.tell(format!("cycle {faults:?}"));
        self.world.wire.set_faults(faults);
        // What keeps the whole from going on is part of the story; the next cycle goes on.
        let outcome = self.world.sync().await;
        self.world.wire.set_faults([]);
        self.after(Some(outcome)).await;
    }

    /// In the midst of a cycle somebody edits an issue in Jira.
    async fn overtaken(&mut self) {
        let meddled = self.meddle().await;
        let survives = self.chance.random_range(0..12);
        let mut faults = vec![Fault::None; survives];
        faults.push(Fault::Overtaken);
        self.tell(format!("overtaken after {survives}"));
        self.world.wire.set_faults(faults);
        let outcome = self.world.sync().await;
        self.world.wire.set_faults([]);
        if self.world.wire.unsent_meddling() == 0 {
            self.meddled(meddled);
        }
        self.after(Some(outcome)).await;
    }

    /// The program is ended: while it waits for an answer, which may never come, or after the site has done its part, or
    /// right before or after something is written.
    async fn ended(&mut self) {
        let survives = self.chance.random_range(0..8);
        let end = match self.chance.random_range(0..4) {
            0 => End::Commit(1 + survives, Cut::BeforeCommit),
            1 => End::Commit(1 + survives, Cut::AfterCommit),
            _ => End::Silence,
        };
        self.tell(format!("ended after {survives}: {end:?}"));
        if matches!(end, End::Silence) {
            let last = match self.chance.random_bool(0.5) {
                true => Fault::Silence,
                false => Fault::Deaf,
            };
            let before = (0..survives).map(|_| Fault::None);
            self.world.wire.set_faults(before.chain([last]));
        }
        let outcome = self.world.ended(end).await;
        self.after(outcome).await;
    }

    /// What holds at any moment, whatever became of a cycle.
    async fn after(&mut self, outcome: Option<Result<CycleReport, EngineError>>) {
        self.tell(format!("  {outcome:?}"));
        if let Some(Err(EngineError::FuseBlown { .. })) = outcome {
            let decided = self
                .world
                .engine()
                .decide_fuse(self.world.integration, true);
            decided.await.expect("it asks");
        }
        self.plant().await;
        self.check_pairs().await;
        self.note_pairs().await;
        self.note_fields().await;
    }

    /// Cycles without faults until nothing is left to do.
    async fn quiet(&mut self) {
        self.world.wire.site().faults_mut().search_lag_ms = 0;
        self.bring_all_back().await;
        let mut still = 0;
        for _ in 0..QUIET_MAX {
            self.world.wire.advance(SignedDuration::from_hours(25));
            // What was refused waits for somebody to let it be tried again.
            let id = self.world.integration;
            let retried = self.world.engine().retry_sync(id, None).await;
            retried.expect("writes");
            let outcome = self.world.sync().await;
            let report = match outcome {
                Ok(report) => report,
                Err(EngineError::FuseBlown { .. }) => {
                    self.after(Some(outcome)).await;
                    continue;
                }
                Err(error) => panic!("nothing is in the way, and yet {error:?}"),
            };
            self.after(Some(Ok(report))).await;
            if report.asked > 0 {
                let severed = self.world.engine().decide_severing(id, true).await;
                severed.expect("writes");
            }
            let did = report.heard + report.sent + report.made + report.severed + report.asked;
            let waits = report.waiting > report.parked;
            still = if did == 0 && !waits { still + 1 } else { 0 };
            if still == 2 {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    /// One more cycle asks once, writes nothing, and leaves nothing but what waits for a person.
    async fn idle(&mut self) {
        let (asked, commits) = (self.world.wire.asked(), self.commits());
        let report = self.world.sync().await.expect("nothing is in the way");
        self.tell(format!("idle {report:?}"));
        let did = (report.heard, report.sent, report.made, report.severed);
        assert_eq!(did, (0, 0, 0, 0), "it does nothing");
        self.tell(format!("{:?}", self.waiting().await));
        assert_eq!(report.waiting, report.parked, "nothing waits by itself");
        assert_eq!(self.world.wire.asked() - asked, 1, "one request");
        assert_eq!(self.commits() - commits, 0, "nothing is written");
    }

    /// What is still to be looked at.
    async fn waiting(&self) -> Vec<Due> {
        let id = self.world.integration;
        let late = jiff::Timestamp::MAX;
        let waiting = self
            .world
            .read(move |read| store::due::next(read, id, late, u32::MAX));
        waiting.await
    }

    fn commits(&self) -> u64 {
        self.world.engine().store().commits()
    }

    /// Both sides hold the same of every field that is mapped, also of those that this story knows nothing of.
    async fn compared(&mut self) {
        let conflicts = self.conflicts().await;
        self.compare().await;
        for _ in 0..QUIET_MAX {
            let report = self.world.sync().await.expect("nothing is in the way");
            self.tell(format!("compared {report:?}"));
            let did = (report.pulled.created, report.pulled.updated, report.sent);
            assert_eq!(did, (0, 0, 0), "both sides held the same");
            if report.compared == 0 {
                assert_eq!(self.conflicts().await, conflicts, "nobody edited anything");
                return;
            }
        }
        panic!("comparing does not end");
    }

    pub async fn conflicts(&self) -> BTreeSet<(ItemId, workspace::FieldKey)> {
        let id = self.world.integration;
        let found = self
            .world
            .read(move |read| store::conflict::list(read, Some(id), 999));
        let found = found.await.into_iter();
        found
            .map(|conflict| (conflict.item, conflict.field))
            .collect()
    }

    async fn check(&mut self) {
        self.quiet().await;
        self.idle().await;
        let here = self.world.read(store::item::counts).await.total;
        let (made, gone) = (self.made.items.len() as u64, self.fates.gone_here());
        assert_eq!(here, self.items + made - gone, "no item comes or goes");
        let there = self.world.wire.site().issue_count(None);
        let (pushed, gone) = (self.issues_made().await, self.fates.gone_there());
        assert_eq!(there, self.issues + pushed - gone, "one issue an item");
        self.check_fields().await;
        self.check_fates().await;
        self.check_made().await;
        self.compared().await;
        self.decide_all().await;
        self.quiet().await;
        self.check_decided().await;
        self.idle().await;
    }

    /// As [`World::told`]; less, where that mistake is made.
    pub async fn told_of(&self, item: ItemId, field: workspace::FieldKey) -> Vec<workspace::Value> {
        match self.planted {
            Planted::ReplacedForgotten => Vec::new(),
            _ => self.world.told(item, field).await,
        }
    }
}

/// Parts the items: what is edited, and what things happen to. So that it is known of each what has to become of it, nothing
/// happens to what is edited because of what it hangs below.
fn parted(items: &[Item], epic: ItemTypeId) -> (BTreeSet<ItemId>, BTreeSet<ItemId>) {
    let above = |item: &Item| items.iter().find(|other| Some(other.id) == item.parent);
    let line = |item: &Item| {
        let mut line = vec![item.id];
        let mut at = above(item);
        while let Some(next) = at {
            line.push(next.id);
            at = above(next);
        }
        line
    };
    let mut epics = items.iter().filter(|item| item.item_type == epic);
    let (mut own, mut edited) = (BTreeSet::new(), BTreeSet::new());
    while own.len() < 2 || edited.len() < own.len() + ENOUGH {
        own.insert(epics.next().expect("a site has enough epics").id);
        let below = items
            .iter()
            .filter(|item| line(item).iter().any(|id| own.contains(id)));
        edited = below.map(|item| item.id).collect();
    }
    let own = items.iter().filter(|item| own.contains(&item.id));
    let over: BTreeSet<ItemId> = own.flat_map(line).collect();
    let rest = items.iter().map(|item| item.id);
    let fated = rest.filter(|id| !edited.contains(id) && !over.contains(id));
    (edited.clone(), fated.collect())
}

/// Tells one story; what happened in it, if something did not hold.
pub async fn story(template: &Template, seed: u64, planted: Planted) -> Result<(), Vec<String>> {
    let mut story = Story::new(template, seed, planted).await;
    let outcome = {
        let whole = async {
            for _ in 0..STEPS {
                story.step().await;
            }
            story.check().await;
        };
        let whole = std::panic::AssertUnwindSafe(whole);
        futures::FutureExt::catch_unwind(whole).await
    };
    story.world.close().await;
    outcome.map_err(|_| story.told)
}
