//! Deletions, hiding, archiving and moving in Jira, deletions here, and what has to become of them:
//!
//! - nothing is deleted on the other side: the site lacks only what was deleted there, the workspace only what was
//!   deleted here;
//! - a pair counts as deleted in Jira only if the site really deleted its issue; what was hidden or archived is linked;
//! - what was deleted in Jira, and told of, is disconnected; and what was moved, as the policy says;
//! - no issue comes in as a new item because its pair went;
//! - what is linked and within reach says the same on both sides, and no edit of it is gone.

use crate::planted::Planted;
use crate::story::Story;
use crate::world::{Linked, World};
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::json;
use std::collections::BTreeSet;
use store::integration::OutOfScope;
use store::link::{LinkState, SeverReason};
use sync::reconcile::Side;
use workspace::{FieldKey, ItemId, SystemField, Value};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);
/// Pairs to which things happen.
const TOUCHED: usize = 12;

/// What happened to a pair.
#[derive(Debug, Clone)]
struct Fate {
    pair: Linked,
    /// The issue was deleted in Jira.
    deleted_there: bool,
    /// And Jira told so.
    told: bool,
    hidden: bool,
    archived: bool,
    /// It was hidden or archived once. What was edited before that, and not heard of in time, only a comparison finds:
    /// an issue that can be seen again does not count as changed.
    was_away: bool,
    moved: bool,
    /// The item was deleted here, by this number.
    deleted_here: Option<i64>,
    /// Titles that were written since both sides agreed.
    here: Option<String>,
    there: Option<String>,
}

impl Fate {
    fn new(pair: Linked) -> Self {
        Self {
            pair,
            deleted_there: false,
            told: false,
            hidden: false,
            archived: false,
            was_away: false,
            moved: false,
            deleted_here: None,
            here: None,
            there: None,
        }
    }

    fn is_reachable(&self) -> bool {
        !self.deleted_there && !self.hidden && !self.archived
    }
}

/// Everything about what happens to pairs.
pub struct Fates {
    policy: OutOfScope,
    each: Vec<Fate>,
}

impl Fates {
    /// Those to which something may happen, directly or because of what they hang below.
    pub async fn new(world: &World, fated: &BTreeSet<ItemId>, chance: &mut StdRng) -> Self {
        let policy = match chance.random_bool(0.5) {
            true => OutOfScope::Keep,
            false => OutOfScope::Stop,
        };
        let set = world.engine().set_out_of_scope(world.integration, policy);
        set.await.expect("it is there");
        let own = world.pairs.iter().filter(|pair| fated.contains(&pair.item));
        let each: Vec<Fate> = own.cloned().map(Fate::new).collect();
        assert!(each.len() >= TOUCHED, "enough for things to happen to");
        Self { policy, each }
    }

    /// Items that were deleted here and are not back.
    pub fn gone_here(&self) -> u64 {
        let gone = self.each.iter().filter(|fate| fate.deleted_here.is_some());
        gone.count() as u64
    }

    /// Issues that were deleted in Jira.
    pub fn gone_there(&self) -> usize {
        self.each.iter().filter(|fate| fate.deleted_there).count()
    }
}

impl Story {
    pub async fn touch_pair(&mut self) {
        let place = self.chance.random_range(0..TOUCHED);
        match self.chance.random_range(0..70) {
            0..18 => self.edit_title(place, Side::Workspace).await,
            18..30 => self.edit_title(place, Side::Remote).await,
            30..33 => self.delete_there(place).await,
            33..48 => self.hide(place),
            48..54 => self.archive(place),
            54..57 => self.move_away(place),
            57..61 => self.delete_here(place).await,
            61..66 => self.bring_back(place).await,
            _ => self.hear(place).await,
        }
    }

    async fn edit_title(&mut self, place: usize, side: Side) {
        let fate = &self.fates.each[place];
        let pair = fate.pair.clone();
        let may = match side {
            Side::Workspace => fate.deleted_here.is_none(),
            Side::Remote => fate.is_reachable(),
        };
        if !may {
            return;
        }
        let title = format!("Title {}", self.number());
        self.tell(format!("{side:?} of pair {place}: {title}"));
        let fate = &mut self.fates.each[place];
        match side {
            Side::Workspace => {
                fate.here = Some(title.clone());
                let title = Value::text(&title);
                self.world.edit_here(pair.item, TITLE, title).await;
            }
            Side::Remote => {
                fate.there = Some(title.clone());
                let title = json!(title);
                self.world.edit_there(&pair.issue, "summary", title).await;
            }
        }
    }

    /// Sub-tasks go with their issue.
    async fn delete_there(&mut self, place: usize) {
        if !self.fates.each[place].is_reachable() {
            return;
        }
        let told = self.chance.random_bool(0.7);
        self.tell(format!("pair {place} deleted there, told {told}"));
        let now = self.world.wire.site_time();
        let issue = self.fates.each[place].pair.issue.clone();
        let deleted = self.world.wire.site().delete_issue(&issue, now);
        deleted.expect("it is there");
        for fate in &mut self.fates.each {
            let is_there = self.world.wire.site().holds_issue(&fate.pair.issue);
            if is_there || fate.deleted_there {
                continue;
            }
            fate.deleted_there = true;
            fate.told = told;
            if told {
                let engine = self.world.engine();
                let heard = engine.heard_deleted(self.world.connection, &fate.pair.issue);
                heard.await.expect("writes");
            }
        }
    }

    fn hide(&mut self, place: usize) {
        let fate = &mut self.fates.each[place];
        if fate.deleted_there {
            return;
        }
        fate.hidden = !fate.hidden;
        fate.was_away = true;
        let (issue, hidden) = (fate.pair.issue.clone(), fate.hidden);
        self.tell(format!("pair {place} hidden {hidden}"));
        self.world.wire.site().set_hidden(&issue, hidden);
    }

    fn archive(&mut self, place: usize) {
        let fate = &mut self.fates.each[place];
        if fate.deleted_there {
            return;
        }
        fate.archived = !fate.archived;
        fate.was_away = true;
        let (issue, archived) = (fate.pair.issue.clone(), fate.archived);
        self.tell(format!("pair {place} archived {archived}"));
        self.world.wire.site().set_archived(&issue, archived);
    }

    fn move_away(&mut self, place: usize) {
        let fate = &mut self.fates.each[place];
        if !fate.is_reachable() || fate.moved {
            return;
        }
        fate.moved = true;
        let issue = fate.pair.issue.clone();
        self.tell(format!("pair {place} moved"));
        let now = self.world.wire.site_time();
        let mut site = self.world.wire.site();
        let keys = site.project_keys().into_iter();
        let other = keys.min_by_key(|key| site.issue_count(Some(key)));
        site.move_issue(&issue, &other.expect("one"), now);
    }

    /// What hangs below an item goes with it.
    async fn delete_here(&mut self, place: usize) {
        if self.fates.each[place].deleted_here.is_some() {
            return;
        }
        self.tell(format!("pair {place} deleted here"));
        let item = self.fates.each[place].pair.item;
        let deleted = self.world.engine().delete_items(&[item]).await;
        let undo = deleted.expect("it is there").undo;
        for fate in &mut self.fates.each {
            let item = fate.pair.item;
            let there = self
                .world
                .read(move |read| store::item::updated_at(read, item));
            if there.await.is_none() && fate.deleted_here.is_none() {
                fate.deleted_here = Some(undo);
            }
        }
        self.forget_deleted_pairs().await;
    }

    async fn bring_back(&mut self, place: usize) {
        let Some(undo) = self.fates.each[place].deleted_here else {
            return;
        };
        if self.planted == Planted::DeletionForgotten {
            return;
        }
        self.tell(format!("pair {place} brought back"));
        let back = self.world.engine().undo_deletion(undo).await;
        back.expect("it was deleted");
        for fate in &mut self.fates.each {
            if fate.deleted_here == Some(undo) {
                fate.deleted_here = None;
            }
        }
    }

    /// Something tells of an issue: it is to be looked at.
    async fn hear(&mut self, place: usize) {
        let issue = self.fates.each[place].pair.issue.clone();
        self.tell(format!("pair {place} heard of"));
        let (id, now) = (self.world.integration, self.world.wire.site_time());
        self.world
            .write(move |tx| store::due::mark(tx, id, &[&issue], now))
            .await;
    }

    /// All that is hidden or archived comes back, and is looked at.
    pub async fn bring_all_back(&mut self) {
        for place in 0..TOUCHED {
            if self.fates.each[place].hidden {
                self.hide(place);
            }
            if self.fates.each[place].archived {
                self.archive(place);
            }
            if self.fates.each[place].was_away {
                self.hear(place).await;
            }
        }
    }

    /// Somebody decided about a title: the loser's was seen.
    pub fn decided_pair(&mut self, item: ItemId, winner: Side) {
        let mut each = self.fates.each.iter_mut();
        if let Some(fate) = each.find(|fate| fate.pair.item == item) {
            match winner {
                Side::Workspace => fate.there = None,
                Side::Remote => fate.here = None,
            }
        }
    }

    /// Where both sides say the same by now, what was written is settled.
    pub async fn note_pairs(&mut self) {
        for place in 0..TOUCHED {
            let fate = &self.fates.each[place];
            let is_written = fate.here.is_some() || fate.there.is_some();
            if !is_written || !fate.is_reachable() || fate.deleted_here.is_some() {
                continue;
            }
            let (here, there) = self.titles(place).await;
            if here != there {
                continue;
            }
            let fate = &mut self.fates.each[place];
            let written = [fate.here.take(), fate.there.take()];
            let item = fate.pair.item;
            for written in written.into_iter().flatten() {
                let told = self.told_of(item, TITLE).await;
                let is_kept = written == here || told.contains(&Value::text(&written));
                assert!(is_kept, "{place}: {written} is gone, both say {here}");
            }
        }
    }

    async fn titles(&self, place: usize) -> (String, String) {
        let pair = &self.fates.each[place].pair;
        let here = self.world.here(pair.item, &[TITLE]).await;
        let Some(Value::Text(here)) = here.and_then(|mut here| here.pop()) else {
            panic!("{place} has no title");
        };
        let there = self.world.there(&pair.issue, &["summary"]).await;
        let there = there.expect("it is there").remove(0);
        (here, there.as_str().unwrap_or_default().to_owned())
    }

    /// What holds of pairs at any moment.
    pub async fn check_pairs(&self) {
        let fates = self.fates.each.clone();
        let states = self.world.read(move |read| {
            let each = fates.iter().map(|fate| {
                let links = store::link::by_item(read, fate.pair.item)?;
                Ok(links.last().map(|link| link.state))
            });
            each.collect::<Result<Vec<_>, _>>()
        });
        for (place, (fate, state)) in self.fates.each.iter().zip(states.await).enumerate() {
            if fate.deleted_here.is_some() {
                assert_eq!(state, None, "{place} was deleted here");
                continue;
            }
            match state.expect("it was linked") {
                LinkState::Linked => {}
                LinkState::Severed(SeverReason::DeletedThere) => {
                    assert!(fate.deleted_there, "{place} was never deleted: {fate:?}");
                }
                LinkState::Severed(SeverReason::MovedAway) => {
                    let is_policy = self.fates.policy == OutOfScope::Stop;
                    assert!(fate.moved && is_policy, "{place}: {fate:?}");
                }
                LinkState::Severed(other) => panic!("{place}: {other:?}, {fate:?}"),
            }
        }
    }

    pub async fn check_fates(&mut self) {
        let conflicts = self.conflicts().await;
        for place in 0..TOUCHED {
            let fate = self.fates.each[place].clone();
            if fate.deleted_here.is_some() {
                continue;
            }
            let item = fate.pair.item;
            let links = self
                .world
                .read(move |read| store::link::by_item(read, item));
            let state = links.await.pop().expect("it was linked").state;
            let is_linked = state == LinkState::Linked;
            if fate.deleted_there {
                // A deletion that was told while the item was gone was told to nobody. Whether what was moved away before may
                // be disconnected for that is said elsewhere.
                let is_away = state == LinkState::Severed(SeverReason::MovedAway);
                let may_be_apart = fate.told || is_away;
                assert!(may_be_apart || is_linked, "{place}: {state:?}, {fate:?}");
                continue;
            }
            if fate.moved {
                // Of another project types and people may be others: there, values wait.
                let may_go = self.fates.policy == OutOfScope::Stop;
                assert!(may_go || is_linked, "{place}: {state:?}, {fate:?}");
                continue;
            }
            assert!(is_linked, "{place}: {state:?}, {fate:?}");
            if !conflicts.contains(&(item, TITLE)) {
                let (here, there) = self.titles(place).await;
                assert_eq!(here, there, "{place}: {fate:?}");
            }
        }
    }
}
