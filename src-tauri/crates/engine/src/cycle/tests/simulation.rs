//! Random edits on both sides, requests that do not arrive, answers that get lost, programs that end in the middle; then
//! quiet. What has to hold then, whatever happened:
//!
//! - both sides say the same of every field, or the field is in conflict, or it is a status that the workflow does not let
//!   the issue go to from where it stands, and that is a problem that somebody is told of;
//! - what they say is what somebody wrote last on one of the sides, nothing invented;
//! - where both sides were edited since they last agreed, nobody's edit is gone: the field is in conflict, or, if they
//!   met in Jira within a moment, the journal tells what was replaced;
//! - there are as many issues and items as before;
//! - one more cycle asks once, and does nothing.

use super::world::{Fault, Linked, Template, World};
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use sync::reconcile::Side;
use workspace::{FieldKey, OptionId, SystemField, Value};

/// Seeds of a usual run; `make sim` takes more.
const SEEDS: u64 = 20;
const STEPS: usize = 200;
/// Issues that are edited: few, so that both sides often meet.
const EDITED: usize = 5;
/// Cycles until everything has to be quiet.
const QUIET_MAX: usize = 12;

/// A field that is edited, here and there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Edited {
    Title,
    Day,
    /// Unlike the others it goes its own way in Jira, and several of Jira's stand for one here.
    Status,
}

impl Edited {
    const ALL: [Self; 3] = [Self::Title, Self::Day, Self::Status];

    fn here(self) -> FieldKey {
        match self {
            Self::Title => SystemField::Title.into(),
            Self::Day => SystemField::TargetDate.into(),
            Self::Status => SystemField::Status.into(),
        }
    }

    fn there(self) -> &'static str {
        match self {
            Self::Title => "summary",
            Self::Day => "duedate",
            Self::Status => "status",
        }
    }

    /// The n-th value, which no other edit has; of statuses there are but few.
    fn value(self, number: i64) -> Option<Value> {
        match self {
            Self::Title => Some(Value::text(&format!("Title {number}"))),
            Self::Day => Some(Value::Date(
                jiff::civil::date(2027, 1, 1)
                    .checked_add(SignedDuration::from_hours(24 * number))
                    .expect("within some years"),
            )),
            Self::Status => None,
        }
    }

    fn json(value: &Value) -> Json {
        match value {
            Value::Text(text) => json!(text),
            Value::Date(day) => json!(day.to_string()),
            Value::Options(options) => json!(options.first().map(|id| id.0)),
            _ => Json::Null,
        }
    }
}

/// What was written last on either side, and whether since both agreed.
#[derive(Debug, Clone, Default)]
struct Written {
    here: Option<Value>,
    there: Option<Value>,
}

/// A mistake that is made on purpose, to show that it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Planted {
    /// None.
    Nothing,
    /// Where both sides changed, Jira's value is taken.
    JiraWins,
    /// An edit is not put on the list of what is to be looked at.
    EditForgotten,
    /// What was sent counts as agreed on, though nobody said that it arrived.
    AgreedOnHope,
    /// A change in Jira counts as heard of and is not looked at.
    ChangeForgotten,
}

struct Run {
    planted: Planted,
    world: World,
    chance: StdRng,
    numbers: i64,
    written: BTreeMap<(usize, Edited), Written>,
    /// What each field said at the beginning.
    first: BTreeMap<(usize, Edited), Value>,
    /// What each of Jira's statuses stands for here.
    statuses: BTreeMap<String, OptionId>,
    /// The statuses that an item or its issue had since nothing was to do about it. Nobody goes back to one of them: if
    /// an answer got lost, nobody could tell that from a change that never arrived.
    had: BTreeMap<usize, BTreeSet<OptionId>>,
    told: Vec<String>,
}

impl Run {
    async fn new(template: &Template, seed: u64, planted: Planted) -> Self {
        let world = template.world(&format!("seed-{seed}")).await;
        let mut first = BTreeMap::new();
        for place in 0..EDITED {
            for field in Edited::ALL {
                let value = world.here(world.pairs[place].item, field.here()).await;
                first.insert((place, field), value);
            }
        }
        if planted == Planted::JiraWins {
            world.let_jira_win().await;
        }
        let statuses = world.statuses().await;
        Self {
            planted,
            world,
            chance: StdRng::seed_from_u64(seed),
            numbers: 0,
            written: BTreeMap::new(),
            had: BTreeMap::new(),
            statuses,
            first,
            told: Vec::new(),
        }
    }

    fn linked(&self, place: usize) -> Linked {
        self.world.pairs[place].clone()
    }

    async fn step(&mut self) {
        let pause = self.chance.random_range(0..90_000);
        self.world.wire.advance(SignedDuration::from_millis(pause));
        match self.chance.random_range(0..100) {
            0..30 => self.edit(Side::Workspace).await,
            30..60 => self.edit(Side::Remote).await,
            60..75 => self.cycle(Vec::new()).await,
            75..82 => self.overtaken().await,
            82..95 => {
                let faults = self.faults();
                self.cycle(faults).await;
            }
            _ => self.killed().await,
        }
    }

    async fn edit(&mut self, side: Side) {
        let place = self.chance.random_range(0..EDITED);
        let field = Edited::ALL[self.chance.random_range(0..Edited::ALL.len())];
        self.numbers += 1;
        let Some(value) = field.value(self.numbers) else {
            return self.edit_status(place, side).await;
        };
        let linked = self.linked(place);
        self.told
            .push(format!("{side:?} {place} {field:?} {value:?}"));
        let written = self.written.entry((place, field)).or_default();
        match side {
            Side::Workspace => {
                written.here = Some(value.clone());
                self.world.edit_here(linked.item, field.here(), value).await;
                if self.planted == Planted::EditForgotten {
                    self.world.forget(&linked.issue).await;
                }
            }
            Side::Remote => {
                written.there = Some(value.clone());
                let json = Edited::json(&value);
                self.world
                    .edit_there(&linked.issue, field.there(), json)
                    .await;
            }
        }
    }

    /// Gives an item, or its issue, a status that neither had since nothing was to do about it.
    async fn edit_status(&mut self, place: usize, side: Side) {
        let linked = self.linked(place);
        let key = (place, Edited::Status);
        let (here, there) = self.both(place, Edited::Status).await;
        let had = self.had.entry(place).or_default();
        had.extend(option(&here));
        had.extend(there.as_i64().map(OptionId));
        let written = self.written.entry(key).or_default();
        match side {
            Side::Workspace => {
                let all: BTreeSet<OptionId> = self.statuses.values().copied().collect();
                let new: Vec<OptionId> = all.difference(had).copied().collect();
                if new.is_empty() {
                    return;
                }
                let new = new[self.chance.random_range(0..new.len())];
                had.insert(new);
                let value = Value::options([new]);
                self.told.push(format!("here {place} status {value:?}"));
                written.here = Some(value.clone());
                self.world
                    .edit_here(linked.item, Edited::Status.here(), value)
                    .await;
                if self.planted == Planted::EditForgotten {
                    self.world.forget(&linked.issue).await;
                }
            }
            Side::Remote => {
                let (statuses, chance) = (&self.statuses, &mut self.chance);
                // To another that stands for the same is no change here.
                let may = |status: &&String| {
                    let stands = statuses[*status];
                    !had.contains(&stands) || json!(stands.0) == there
                };
                let moved = self.world.move_there(&linked.issue, |leads| {
                    let may: Vec<&String> = leads.iter().filter(may).collect();
                    let place = (!may.is_empty()).then(|| chance.random_range(0..may.len()));
                    place.map(|place| may[place].clone())
                });
                let Some(moved) = moved.await else {
                    return;
                };
                self.told.push(format!("there {place} status {moved}"));
                let stands = self.statuses[&moved];
                if json!(stands.0) != there {
                    self.had.entry(place).or_default().insert(stands);
                    written.there = Some(Value::options([stands]));
                }
            }
        }
    }

    /// Some of the next requests go wrong.
    fn faults(&mut self) -> Vec<Fault> {
        let kinds = [Fault::Unsent, Fault::Lost, Fault::Busy];
        (0..8)
            .map(|_| match self.chance.random_range(0..10) {
                0..6 => Fault::None,
                _ => kinds[self.chance.random_range(0..kinds.len())],
            })
            .collect()
    }

    async fn cycle(&mut self, faults: Vec<Fault>) {
        self.told.push(format!("cycle {faults:?}"));
        self.world.wire.set_faults(faults);
        // What keeps the whole from going on is part of the story; the next cycle goes on.
        let outcome = self.world.cycle().await;
        self.told.push(format!("  {outcome:?}"));
        self.world.wire.set_faults([]);
        match self.planted {
            Planted::AgreedOnHope => self.world.agree_on_what_was_sent().await,
            Planted::ChangeForgotten if self.chance.random_bool(0.3) => {
                self.world.hear_up_to_now().await;
            }
            _ => {}
        }
        self.note_agreed().await;
    }

    /// In the midst of a cycle somebody edits an issue in Jira.
    async fn overtaken(&mut self) {
        let place = self.chance.random_range(0..EDITED);
        let field = [Edited::Title, Edited::Day][self.chance.random_range(0..2)];
        self.numbers += 1;
        let value = field.value(self.numbers).expect("there are many");
        let issue = self.linked(place).issue;
        let json = Edited::json(&value);
        self.world.meddle(&issue, field.there(), json).await;
        let survives = self.chance.random_range(0..12);
        let mut faults = vec![Fault::None; survives];
        faults.push(Fault::Overtaken);
        self.told.push(format!(
            "overtaken after {survives}: {place} {field:?} {value:?}"
        ));
        self.world.wire.set_faults(faults);
        let outcome = self.world.cycle().await;
        self.told.push(format!("  {outcome:?}"));
        self.world.wire.set_faults([]);
        if self.world.wire.unsent_meddling() == 0 {
            self.written.entry((place, field)).or_default().there = Some(value);
        }
        self.note_agreed().await;
    }

    /// The program is ended while it waits for an answer, and starts again.
    async fn killed(&mut self) {
        let survives = self.chance.random_range(0..6);
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
        self.note_agreed().await;
    }

    /// Where both sides say the same by now, what was written is settled.
    async fn note_agreed(&mut self) {
        for (place, field) in self.written.keys().copied().collect::<Vec<_>>() {
            let (here, there) = self.both(place, field).await;
            if Edited::json(&here) != there {
                continue;
            }
            let written = self.written.remove(&(place, field)).unwrap_or_default();
            let item = self.linked(place).item;
            // What arrived and was then changed there, and what came in the last moment and lost, stands in the journal.
            let told = self.world.told(item, field.here()).await;
            let writers = [&written.here, &written.there].into_iter().flatten();
            let gone: Vec<&Value> = writers
                .filter(|value| **value != here && !told.contains(value))
                .collect();
            assert!(
                gone.is_empty(),
                "{place} {field:?}: {gone:?} is gone, both say {here:?}"
            );
            if field == Edited::Status && self.world.is_settled(&self.linked(place).issue).await {
                self.had.remove(&place);
            }
            self.first.insert((place, field), here);
        }
    }

    async fn both(&self, place: usize, field: Edited) -> (Value, Json) {
        let linked = self.linked(place);
        let here = self.world.here(linked.item, field.here()).await;
        let there = self.world.there(&linked.issue, field.there()).await;
        if field != Edited::Status {
            return (here, there);
        }
        // What it stands for here.
        let id = there["id"].as_str().expect("every issue has a status");
        (here, json!(self.statuses[id].0))
    }

    /// Whether a field is a status that the workflow does not let an issue go to.
    async fn is_barred(&self, place: usize, field: Edited) -> bool {
        field == Edited::Status
            && self
                .world
                .barred()
                .await
                .contains(&self.linked(place).issue)
    }

    async fn conflicts(&self) -> BTreeSet<(usize, Edited)> {
        let id = self.world.integration;
        let found = self
            .world
            .read(move |read| store::conflict::list(read, Some(id), 999));
        let found = found.await;
        let place = |item| self.world.pairs.iter().position(|pair| pair.item == item);
        let field = |key| Edited::ALL.into_iter().find(|field| field.here() == key);
        found
            .into_iter()
            .filter_map(|conflict| Some((place(conflict.item)?, field(conflict.field)?)))
            .collect()
    }

    /// Cycles without faults until nothing is left to do.
    async fn quiet(&mut self) {
        for _ in 0..QUIET_MAX {
            self.world.wire.advance(SignedDuration::from_hours(1));
            let report = self.world.cycle().await.expect("nothing is in the way");
            self.told.push(format!("quiet {report:?}"));
            let waits = report.waiting - self.world.barred().await.len() as u64;
            if waits == 0 && report.heard == 0 && report.sent == 0 {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    /// One more cycle asks once and does nothing.
    async fn idle(&self) {
        let before = self.world.wire.asked();
        let report = self.world.cycle().await.expect("nothing is in the way");
        let waits = report.waiting - self.world.barred().await.len() as u64;
        assert_eq!((report.heard, report.sent, waits), (0, 0, 0));
        assert_eq!(self.world.wire.asked() - before, 1, "one request");
    }

    async fn check(&mut self) {
        self.quiet().await;
        self.idle().await;
        let conflicts = self.conflicts().await;
        for place in 0..EDITED {
            for field in Edited::ALL {
                let (here, there) = self.both(place, field).await;
                let written = self
                    .written
                    .get(&(place, field))
                    .cloned()
                    .unwrap_or_default();
                let what = format!("{place} {field:?}: {here:?} and {there}, written {written:?}");
                let first = &self.first[&(place, field)];
                if conflicts.contains(&(place, field)) {
                    // Whoever's edit arrived without an answer, and was then edited once more in Jira, is asked.
                    let ours = written.here.as_ref().unwrap_or(first);
                    assert_eq!(&here, ours, "kept here: {what}");
                    let theirs = written.there.as_ref().expect("both sides were edited");
                    assert_eq!(there, Edited::json(theirs), "kept there: {what}");
                    continue;
                }
                if self.is_barred(place, field).await {
                    let ours = written.here.as_ref().expect("it was edited here");
                    assert_eq!(&here, ours, "kept here: {what}");
                    let theirs = written.there.as_ref().unwrap_or(first);
                    assert_eq!(there, Edited::json(theirs), "kept there: {what}");
                    continue;
                }
                assert_eq!(Edited::json(&here), there, "both say the same: {what}");
                let someone = [written.here.as_ref(), written.there.as_ref()];
                let known = someone.contains(&Some(&here)) || here == *first;
                assert!(known, "nothing is invented: {what}");
                if let (Some(ours), Some(theirs)) = (&written.here, &written.there) {
                    let item = self.linked(place).item;
                    let told = self.world.told(item, field.here()).await;
                    let kept = |value: &Value| *value == here || told.contains(value);
                    let kept = kept(ours) && kept(theirs);
                    assert!(kept, "nobody's edit is gone: {what}");
                }
            }
        }
    }

    /// Decides all conflicts, each for one of the sides; then both sides say what was decided.
    async fn decide(&mut self) {
        let mut decided = Vec::new();
        for (place, field) in self.conflicts().await {
            let winner = match self.chance.random_bool(0.5) {
                true => Side::Workspace,
                false => Side::Remote,
            };
            let (here, there) = self.both(place, field).await;
            let wanted = match winner {
                Side::Workspace => Edited::json(&here),
                Side::Remote => there,
            };
            let (store, now) = (&self.world.store, self.world.now());
            let item = self.linked(place).item;
            let found = super::super::service::decide(store, item, field.here(), winner, now).await;
            assert!(found.expect("decides"));
            decided.push((place, field, wanted));
        }
        self.quiet().await;
        assert!(self.conflicts().await.is_empty());
        for (place, field, wanted) in decided {
            let (here, there) = self.both(place, field).await;
            assert_eq!(Edited::json(&here), wanted);
            if !self.is_barred(place, field).await {
                assert_eq!(there, wanted);
            }
        }
        self.idle().await;
    }
}

fn option(value: &Value) -> Option<OptionId> {
    match value {
        Value::Options(options) => options.first().copied(),
        _ => None,
    }
}

/// One story; what happened in it, if something did not hold.
async fn story(template: &Template, seed: u64, planted: Planted) -> Result<(), Vec<String>> {
    let mut run = Run::new(template, seed, planted).await;
    let issues = run.world.wire.site().issue_count(None);
    let outcome = {
        let whole = async {
            for _ in 0..STEPS {
                run.step().await;
            }
            run.check().await;
            run.decide().await;
            assert_eq!(run.world.wire.site().issue_count(None), issues);
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

#[tokio::test]
async fn a_mistake_made_on_purpose_is_found() {
    let template = Template::new(SiteConfig::cloud(60, 3)).await;
    for planted in [
        Planted::JiraWins,
        Planted::EditForgotten,
        Planted::AgreedOnHope,
        Planted::ChangeForgotten,
    ] {
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
async fn nothing_is_lost_and_both_sides_agree_in_the_end_on_cloud() {
    simulate(SiteConfig::cloud(60, 3)).await;
}

#[tokio::test]
async fn nothing_is_lost_and_both_sides_agree_in_the_end_on_data_center() {
    simulate(SiteConfig::data_center(60, 3)).await;
}
