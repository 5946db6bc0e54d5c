//! Random deletions, hiding, archiving and moving in Jira, deletions here, edits on both sides, lost requests and ended
//! programs; then quiet. What has to hold then, whatever happened:
//!
//! - nothing is deleted on the other side: the site lacks only what was deleted there, the workspace only what was
//!   deleted here;
//! - a pair counts as deleted in Jira only if the site really deleted its issue; what was hidden or archived is linked;
//! - what was deleted in Jira, and told of, is disconnected; and what was moved, as the policy says;
//! - no issue comes in as a new item because its pair went;
//! - what is linked and within reach says the same on both sides, and no edit of it is gone.

use super::world::{Fault, Linked, Template, World};
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use store::integration::OutOfScope;
use store::link::{LinkState, SeverReason};
use workspace::{FieldKey, SystemField, Value};

const SEEDS: u64 = 20;
const STEPS: usize = 50;
/// Pairs to which things happen.
const TOUCHED: usize = 12;
const TITLE: FieldKey = FieldKey::System(SystemField::Title);

/// A mistake that is made on purpose, to show that it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Planted {
    Nothing,
    /// What is not there counts as deleted.
    AbsenceIsDeletion,
    /// An item that was deleted here leaves no trace of its pair.
    DeletionForgotten,
}

/// What happened to a pair.
#[derive(Debug, Clone, Default)]
struct Fate {
    /// The issue was deleted in Jira.
    deleted_there: bool,
    /// And Jira told so.
    told: bool,
    hidden: bool,
    archived: bool,
    moved: bool,
    /// The item was deleted here, by this number.
    deleted_here: Option<i64>,
    /// Titles that were written since both sides agreed.
    here: Option<String>,
    there: Option<String>,
}

impl Fate {
    fn is_reachable(&self) -> bool {
        !self.deleted_there && !self.hidden && !self.archived
    }
}

struct Run {
    planted: Planted,
    world: World,
    chance: StdRng,
    numbers: u32,
    policy: OutOfScope,
    issues: usize,
    items: u64,
    fates: Vec<Fate>,
    told: Vec<String>,
}

impl Run {
    async fn new(template: &Template, seed: u64, planted: Planted) -> Self {
        let world = template.world(&format!("absence-{seed}")).await;
        let mut chance = StdRng::seed_from_u64(seed);
        let policy = match chance.random_bool(0.5) {
            true => OutOfScope::Keep,
            false => OutOfScope::Stop,
        };
        world.set_policy(policy).await;
        let issues = world.wire.site().issue_count(None);
        let items = world.read(store::item::counts).await.total;
        Self {
            planted,
            chance,
            numbers: 0,
            policy,
            issues,
            items,
            fates: vec![Fate::default(); world.pairs.len()],
            told: vec![format!("{policy:?}")],
            world,
        }
    }

    fn linked(&self, place: usize) -> Linked {
        self.world.pairs[place].clone()
    }

    async fn step(&mut self) {
        let pause = self.chance.random_range(0..3_600_000);
        self.world.wire.advance(SignedDuration::from_millis(pause));
        let place = self.chance.random_range(0..TOUCHED);
        match self.chance.random_range(0..100) {
            0..18 => self.edit_here(place).await,
            18..30 => self.edit_there(place).await,
            30..36 => self.delete_there(place).await,
            36..48 => self.hide(place),
            48..54 => self.archive(place),
            54..58 => self.move_away(place),
            58..62 => self.delete_here(place).await,
            62..66 => self.bring_back(place).await,
            66..70 => self.hint(place).await,
            70..85 => self.cycle(Vec::new()).await,
            85..95 => {
                let faults = self.faults();
                self.cycle(faults).await;
            }
            _ => self.killed().await,
        }
    }

    fn title(&mut self) -> String {
        self.numbers += 1;
        format!("Title {}", self.numbers)
    }

    async fn edit_here(&mut self, place: usize) {
        if self.fates[place].deleted_here.is_some() {
            return;
        }
        let title = self.title();
        self.told.push(format!("here {place} {title}"));
        let item = self.linked(place).item;
        self.world.edit_here(item, TITLE, Value::text(&title)).await;
        self.fates[place].here = Some(title);
    }

    async fn edit_there(&mut self, place: usize) {
        if !self.fates[place].is_reachable() {
            return;
        }
        let title = self.title();
        self.told.push(format!("there {place} {title}"));
        let issue = self.linked(place).issue;
        self.world.edit_there(&issue, "summary", json!(title)).await;
        self.fates[place].there = Some(title);
    }

    /// Sub-tasks go with their issue.
    async fn delete_there(&mut self, place: usize) {
        if !self.fates[place].is_reachable() {
            return;
        }
        let told = self.chance.random_bool(0.7);
        self.told
            .push(format!("deleted there {place}, told {told}"));
        self.world.delete_there(&self.linked(place).issue);
        for place in 0..self.fates.len() {
            let issue = self.linked(place).issue;
            let is_gone = !self.world.wire.site().holds_issue(&issue);
            if !is_gone || self.fates[place].deleted_there {
                continue;
            }
            self.fates[place].deleted_there = true;
            self.fates[place].told = told;
            if told {
                self.world.hear_deleted(&issue).await;
            }
        }
    }

    fn hide(&mut self, place: usize) {
        let fate = &mut self.fates[place];
        if fate.deleted_there {
            return;
        }
        fate.hidden = !fate.hidden;
        let hidden = fate.hidden;
        self.told.push(format!("hidden {place} {hidden}"));
        let issue = self.linked(place).issue;
        self.world.wire.site().set_hidden(&issue, hidden);
    }

    fn archive(&mut self, place: usize) {
        let fate = &mut self.fates[place];
        if fate.deleted_there {
            return;
        }
        fate.archived = !fate.archived;
        let archived = fate.archived;
        self.told.push(format!("archived {place} {archived}"));
        let issue = self.linked(place).issue;
        self.world.wire.site().set_archived(&issue, archived);
    }

    fn move_away(&mut self, place: usize) {
        if !self.fates[place].is_reachable() || self.fates[place].moved {
            return;
        }
        self.told.push(format!("moved {place}"));
        self.fates[place].moved = true;
        let (issue, now) = (self.linked(place).issue, self.world.now());
        let mut site = self.world.wire.site();
        let keys = site.project_keys().into_iter();
        let other = keys.min_by_key(|key| site.issue_count(Some(key)));
        site.move_issue(&issue, &other.expect("one"), now);
    }

    /// What hangs below an item goes with it.
    async fn delete_here(&mut self, place: usize) {
        if self.fates[place].deleted_here.is_some() {
            return;
        }
        self.told.push(format!("deleted here {place}"));
        let undo = self.world.delete_here(self.linked(place).item).await;
        for place in 0..self.fates.len() {
            let item = self.linked(place).item;
            let there = self
                .world
                .read(move |read| store::item::updated_at(read, item))
                .await;
            if there.is_none() && self.fates[place].deleted_here.is_none() {
                self.fates[place].deleted_here = Some(undo);
            }
        }
        if self.planted == Planted::DeletionForgotten {
            self.world.forget_deleted_pairs().await;
        }
    }

    async fn bring_back(&mut self, place: usize) {
        if self.planted != Planted::Nothing {
            return;
        }
        let Some(undo) = self.fates[place].deleted_here else {
            return;
        };
        self.told.push(format!("brought back {place}"));
        self.world.bring_back(undo).await;
        for fate in &mut self.fates {
            if fate.deleted_here == Some(undo) {
                fate.deleted_here = None;
            }
        }
    }

    /// Somebody asks to look at an issue.
    async fn hint(&mut self, place: usize) {
        let issue = self.linked(place).issue;
        self.told.push(format!("hint {place}"));
        self.world.mark(&issue).await;
    }

    fn faults(&mut self) -> Vec<Fault> {
        let kinds = [Fault::Unsent, Fault::Lost, Fault::Busy];
        (0..10)
            .map(|_| match self.chance.random_range(0..10) {
                0..7 => Fault::None,
                _ => kinds[self.chance.random_range(0..kinds.len())],
            })
            .collect()
    }

    async fn cycle(&mut self, faults: Vec<Fault>) {
        self.told.push(format!("cycle {faults:?}"));
        self.world.wire.set_faults(faults);
        let outcome = self.world.cycle().await;
        self.told.push(format!("  {outcome:?}"));
        self.world.wire.set_faults([]);
        self.after_cycle().await;
    }

    async fn killed(&mut self) {
        let survives = self.chance.random_range(0..8);
        let mut faults = vec![Fault::None; survives];
        faults.push(Fault::Silence);
        self.told.push(format!("killed after {survives}"));
        self.world.wire.set_faults(faults);
        tokio::select! {
            outcome = self.world.cycle() => self.told.push(format!("  {outcome:?}")),
            () = self.world.wire.is_silent() => {}
        }
        self.world.wire.set_faults([]);
        self.world.restart().await;
        self.after_cycle().await;
    }

    async fn after_cycle(&mut self) {
        if self.planted == Planted::AbsenceIsDeletion {
            self.world.take_absence_for_deletion().await;
        }
        self.check_pairs().await;
        self.note_agreed().await;
    }

    /// Where both sides say the same by now, what was written is settled.
    async fn note_agreed(&mut self) {
        for place in 0..TOUCHED {
            if !self.fates[place].is_reachable() || self.fates[place].deleted_here.is_some() {
                continue;
            }
            let (here, there) = self.both(place).await;
            if here != there {
                continue;
            }
            let fate = &mut self.fates[place];
            for written in [fate.here.take(), fate.there.take()].into_iter().flatten() {
                assert_eq!(written, here, "{place}: what was written is gone");
            }
        }
    }

    async fn both(&self, place: usize) -> (String, String) {
        let linked = self.linked(place);
        let Value::Text(here) = self.world.here(linked.item, TITLE).await else {
            panic!("{place} has no title");
        };
        let there = self.world.there(&linked.issue, "summary").await;
        (here, there.as_str().unwrap_or_default().to_owned())
    }

    /// What holds at any moment.
    async fn check_pairs(&self) {
        let deleted_here = self.fates.iter().filter(|fate| fate.deleted_here.is_some());
        let items = self.world.read(store::item::counts).await.total;
        assert_eq!(
            items,
            self.items - deleted_here.count() as u64,
            "no item comes or goes by itself"
        );
        let deleted_there = self.fates.iter().filter(|fate| fate.deleted_there);
        assert_eq!(
            self.world.wire.site().issue_count(None),
            self.issues - deleted_there.count(),
            "no issue comes or goes by itself"
        );
        for (place, fate) in self.fates.iter().enumerate() {
            if fate.deleted_here.is_some() {
                continue;
            }
            let state = self.world.state(self.linked(place).item).await;
            match state.expect("it was linked") {
                LinkState::Linked => {}
                LinkState::Severed(SeverReason::DeletedThere) => {
                    assert!(fate.deleted_there, "{place} was never deleted: {fate:?}");
                }
                LinkState::Severed(SeverReason::MovedAway) => {
                    assert!(fate.moved && self.policy == OutOfScope::Stop, "{fate:?}");
                }
                LinkState::Severed(other) => panic!("{place}: {other:?}, {fate:?}"),
            }
        }
    }

    /// All that is hidden or archived comes back; then cycles without faults until nothing is left to do.
    async fn quiet(&mut self) {
        for place in 0..TOUCHED {
            if self.fates[place].hidden {
                self.hide(place);
            }
            if self.fates[place].archived {
                self.archive(place);
            }
        }
        let mut still = 0;
        for _ in 0..20 {
            self.world.wire.advance(SignedDuration::from_hours(25));
            // What an archived issue refused waits for somebody to let it be tried again.
            self.world.retry().await;
            let report = self.world.cycle().await.expect("nothing is in the way");
            self.told.push(format!("quiet {report:?}"));
            if report.asked > 0 {
                self.world.answer(true).await;
            }
            self.after_cycle().await;
            let did = report.heard + report.sent + report.severed + report.asked;
            still = if did == 0 { still + 1 } else { 0 };
            if still == 2 {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    async fn check(&mut self) {
        self.quiet().await;
        let id = self.world.integration;
        let conflicts = self
            .world
            .read(move |read| store::conflict::list(read, Some(id), 999))
            .await;
        for place in 0..TOUCHED {
            let fate = self.fates[place].clone();
            if fate.deleted_here.is_some() {
                continue;
            }
            let linked = self.linked(place);
            let state = self.world.state(linked.item).await.expect("it was linked");
            if fate.deleted_there {
                // A deletion that was told while the item was gone was told to nobody.
                if !fate.told {
                    assert_eq!(state, LinkState::Linked, "{place}: {fate:?}");
                }
                continue;
            }
            if fate.moved {
                // Of another project types and people may be others: there, values wait.
                if self.policy == OutOfScope::Keep {
                    assert_eq!(state, LinkState::Linked, "{place}: {fate:?}");
                }
                continue;
            }
            assert_eq!(state, LinkState::Linked, "{place}: {fate:?}");
            if conflicts.iter().any(|found| found.item == linked.item) {
                continue;
            }
            let (here, there) = self.both(place).await;
            assert_eq!(here, there, "{place}: {fate:?}");
        }
    }
}

async fn story(template: &Template, seed: u64, planted: Planted) -> Result<(), Vec<String>> {
    let mut run = Run::new(template, seed, planted).await;
    let outcome = {
        let whole = async {
            for _ in 0..STEPS {
                run.step().await;
            }
            run.check().await;
        };
        futures::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(whole)).await
    };
    run.world.close().await;
    outcome.map_err(|_| run.told)
}

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

#[tokio::test]
async fn a_mistake_about_absence_made_on_purpose_is_found() {
    let template = Template::new(SiteConfig::cloud(60, 3)).await;
    for planted in [Planted::AbsenceIsDeletion, Planted::DeletionForgotten] {
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
async fn nothing_is_deleted_on_the_other_side_and_absence_is_no_deletion_on_cloud() {
    simulate(SiteConfig::cloud(60, 3)).await;
}

#[tokio::test]
async fn nothing_is_deleted_on_the_other_side_and_absence_is_no_deletion_on_data_center() {
    simulate(SiteConfig::data_center(60, 3)).await;
}
