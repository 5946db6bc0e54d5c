//! Edits of fields on both sides, and what has to become of them:
//!
//! - both sides say the same of every field, or the field is in conflict, or it is a status that the workflow does not let
//!   the issue go to from where it stands, or a parent that Jira does not take, and that is a problem that somebody is
//!   told of;
//! - what they say is what somebody wrote last on one of the sides, nothing invented;
//! - where both sides were edited since they last agreed, nobody's edit is gone: the field is in conflict, or, if they
//!   met in Jira within a moment, the journal tells what was replaced.

use crate::planted::Planted;
use crate::story::Story;
use crate::world::{Linked, World};
use engine::{ConflictFilter, EngineError};
use jiff::SignedDuration;
use rand::Rng as _;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{JournalSeq, conflict};
use sync::reconcile::Side;
use workspace::value::{Reference, Relation};
use workspace::{FieldKey, Item, ItemId, ItemType, OptionId, SystemField, Value};

/// Issues that are edited: few, so that both sides often meet.
const EDITED: usize = 5;
const PARENT: FieldKey = FieldKey::System(SystemField::Parent);
const DEPENDENCIES: FieldKey = FieldKey::System(SystemField::Dependencies);
const LABELS: FieldKey = FieldKey::System(SystemField::Labels);
const EPIC_LINK: &str = "com.pyxis.greenhopper.jira:gh-epic-link";

/// A field of which each edit gives it a value that it never had, or, of a status, not for a long time.
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

/// A field of one of the edited items.
type Place = (usize, Edited);

/// What was written last on either side, since both agreed.
#[derive(Debug, Clone, Default)]
struct Written {
    here: Option<Value>,
    there: Option<Value>,
}

/// What both sides say of an item.
struct Both {
    here: Vec<Value>,
    there: Vec<Json>,
}

/// An edit in Jira that may come in the midst of a cycle.
pub struct Meddled {
    place: Place,
    value: Value,
}

/// Everything about the edits of fields.
pub struct Fields {
    /// The items that are edited, and their issues.
    pairs: Vec<Linked>,
    /// What they are moved below.
    epics: Vec<Linked>,
    /// Id of the field that tells of what an issue is part, where there is such a field.
    epic_link: Option<String>,
    written: BTreeMap<Place, Written>,
    /// What each field said when both sides last agreed.
    agreed: BTreeMap<Place, Value>,
    /// What each of Jira's statuses stands for here.
    statuses: BTreeMap<String, OptionId>,
    /// The statuses that an item or its issue had since nothing was to do about it. Nobody goes back to one of them: if
    /// an answer got lost, nobody could tell that from a change that never arrived.
    had: BTreeMap<usize, BTreeSet<OptionId>>,
    /// Labels that somebody gave an item, and that nobody took away since.
    labels: BTreeMap<usize, BTreeSet<String>>,
    /// The last edit of each field here, by which it is taken back.
    edits: BTreeMap<Place, JournalSeq>,
    /// What was decided in the end.
    decided: Vec<(Place, Json)>,
}

impl Fields {
    pub async fn new(
        world: &World,
        items: &[Item],
        types: &[ItemType],
        edited: &BTreeSet<ItemId>,
    ) -> Self {
        let epic = types.iter().find(|kind| kind.singular == "Epic");
        let epic = epic.expect("it is there").id;
        let pair = |item: &Item| world.pairs.iter().find(|pair| pair.item == item.id);
        let own = || items.iter().filter(|item| edited.contains(&item.id));
        let epics = own().filter(|item| item.item_type == epic);
        let epics: Vec<Linked> = epics.filter_map(pair).cloned().collect();
        let is_below = |item: &&Item| epics.iter().any(|epic| Some(epic.item) == item.parent);
        let pairs = own().filter(is_below).filter_map(pair).take(EDITED);
        let pairs: Vec<Linked> = pairs.cloned().collect();
        let enough = (epics.len(), pairs.len());
        assert!(enough.0 > 1 && enough.1 == EDITED, "not enough: {enough:?}");
        let mut fields = Self {
            epic_link: epic_link(world).await,
            written: BTreeMap::new(),
            agreed: BTreeMap::new(),
            statuses: world.statuses().await,
            had: BTreeMap::new(),
            labels: BTreeMap::new(),
            edits: BTreeMap::new(),
            decided: Vec::new(),
            pairs,
            epics,
        };
        for place in 0..EDITED {
            let both = fields.both(world, place).await;
            for (field, value) in Edited::ALL.into_iter().zip(both.here) {
                fields.agreed.insert((place, field), value);
            }
            let labels = fields.labels_here(world, place).await;
            fields.labels.insert(place, labels);
        }
        fields
    }

    /// The field by which Jira tells what an issue is part of.
    pub fn parent_field(&self) -> &str {
        self.epic_link.as_deref().unwrap_or("parent")
    }

    async fn both(&self, world: &World, place: usize) -> Both {
        let pair = &self.pairs[place];
        let here = world.here(pair.item, &Edited::ALL.map(Edited::here)).await;
        let names = Edited::ALL.map(Edited::there);
        let there = world.there(&pair.issue, &names).await;
        let mut there = there.expect("nothing happens to it");
        // What it stands for here.
        let id = there[2]["id"].as_str().expect("every issue has a status");
        there[2] = json!(self.statuses[id].0);
        Both {
            here: here.expect("nothing happens to it"),
            there,
        }
    }

    async fn labels_here(&self, world: &World, place: usize) -> BTreeSet<String> {
        let here = world.here(self.pairs[place].item, &[LABELS]).await;
        match here.expect("nothing happens to it").remove(0) {
            Value::Labels(labels) => labels.into_iter().collect(),
            _ => BTreeSet::new(),
        }
    }

    async fn labels_there(&self, world: &World, place: usize) -> BTreeSet<String> {
        let there = world.there(&self.pairs[place].issue, &["labels"]).await;
        let there = there.expect("nothing happens to it").remove(0);
        let labels = there.as_array().into_iter().flatten();
        let words = labels.filter_map(Json::as_str).map(str::to_owned);
        words.collect()
    }

    /// How Jira names an epic in what is part of it: in which field, and by what.
    async fn named(&self, world: &World, epic: Option<&Linked>) -> (String, Json) {
        let Some(field) = self.epic_link.clone() else {
            let named = epic.map(|epic| json!({ "id": epic.issue }));
            return ("parent".to_owned(), named.unwrap_or_default());
        };
        let Some(epic) = epic else {
            return (field, Json::Null);
        };
        let found = world.browser().issue(&epic.issue, &["summary"]).await;
        let found = found.expect("an answer").expect("nothing happens to it");
        (field, json!(found.key))
    }
}

async fn epic_link(world: &World) -> Option<String> {
    if world.is_cloud() {
        return None;
    }
    let fields = world.browser().fields().await.expect("a list");
    let link = fields
        .into_iter()
        .find(|field| field.schema.custom.as_deref() == Some(EPIC_LINK));
    Some(link.expect("it is delivered").id)
}

fn option(value: &Value) -> Option<OptionId> {
    match value {
        Value::Options(options) => options.first().copied(),
        _ => None,
    }
}

impl Story {
    pub async fn edit_field(&mut self) {
        let side = match self.chance.random_bool(0.5) {
            true => Side::Workspace,
            false => Side::Remote,
        };
        let place = self.chance.random_range(0..EDITED);
        match self.chance.random_range(0..11) {
            0..4 => self.edit_unique((place, Edited::Title), side).await,
            4..6 => self.edit_unique((place, Edited::Day), side).await,
            6..8 => self.edit_status(place, side).await,
            8 => self.edit_labels(place, side).await,
            9 => self.undo_edit(place).await,
            _ => match self.chance.random_bool(0.5) {
                true => self.move_below(place, side).await,
                false => self.depend(place, side).await,
            },
        }
    }

    async fn edit_unique(&mut self, (place, field): Place, side: Side) {
        let number = self.number();
        let value = field.value(number).expect("there are many");
        self.tell(format!("{side:?} {place} {field:?} {value:?}"));
        let linked = self.fields.pairs[place].clone();
        let written = self.fields.written.entry((place, field)).or_default();
        match side {
            Side::Workspace => {
                written.here = Some(value.clone());
                let edited = self.world.edit_here(linked.item, field.here(), value);
                let entry = edited.await.entry.expect("it is another value");
                self.fields.edits.insert((place, field), entry);
                self.forget_edit(&linked.issue).await;
            }
            Side::Remote => {
                written.there = Some(value.clone());
                let json = Edited::json(&value);
                let issue = &linked.issue;
                self.world.edit_there(issue, field.there(), json).await;
            }
        }
    }

    /// Somebody takes an edit back that was made here, whether it has arrived or not.
    async fn undo_edit(&mut self, place: usize) {
        let linked = self.fields.pairs[place].clone();
        let edits = self.fields.edits.range((place, Edited::Title)..);
        let edits = edits.take_while(|(key, _)| key.0 == place);
        let edits: Vec<_> = edits.map(|(key, edit)| (*key, *edit)).collect();
        let Some((key, entry)) = self.some(&edits) else {
            return;
        };
        if (self.conflicts().await).contains(&(linked.item, key.1.here())) {
            // Whoever gives up their own value there has Jira's.
            return;
        }
        self.world.wire.advance(SignedDuration::from_millis(40));
        let undone = self.world.engine().undo_edit(entry).await;
        self.fields.edits.remove(&key);
        self.tell(format!("takes back {key:?}: {undone:?}"));
        match undone {
            Ok(_) => {}
            Err(EngineError::EditOvertaken) => return,
            Err(error) => panic!("it was edited: {error:?}"),
        }
        let here = self.world.here(linked.item, &[key.1.here()]).await;
        let here = here.expect("nothing happens to it").remove(0);
        let is_agreed = self.fields.agreed.get(&key) == Some(&here);
        let written = self.fields.written.entry(key).or_default();
        // Then nobody wants anything here that Jira does not know.
        written.here = (!is_agreed).then_some(here);
        self.forget_edit(&linked.issue).await;
    }

    /// Gives an item, or its issue, a status that neither had since nothing was to do about it.
    async fn edit_status(&mut self, place: usize, side: Side) {
        let linked = self.fields.pairs[place].clone();
        let both = self.fields.both(&self.world, place).await;
        let (here, there) = (&both.here[2], &both.there[2]);
        let fields = &mut self.fields;
        let had = fields.had.entry(place).or_default();
        had.extend(option(here));
        had.extend(there.as_i64().map(OptionId));
        let key = (place, Edited::Status);
        match side {
            Side::Workspace => {
                let all: BTreeSet<OptionId> = fields.statuses.values().copied().collect();
                let new: Vec<OptionId> = all.difference(had).copied().collect();
                if new.is_empty() {
                    return;
                }
                let new = new[self.chance.random_range(0..new.len())];
                had.insert(new);
                let value = Value::options([new]);
                fields.written.entry(key).or_default().here = Some(value.clone());
                self.tell(format!("here {place} status {value:?}"));
                let edited = self
                    .world
                    .edit_here(linked.item, Edited::Status.here(), value);
                edited.await;
                self.forget_edit(&linked.issue).await;
            }
            Side::Remote => {
                let (statuses, chance) = (&fields.statuses, &mut self.chance);
                // To another that stands for the same is no change here.
                let may = |status: &&String| {
                    let stands = statuses[*status];
                    !had.contains(&stands) || json!(stands.0) == *there
                };
                let moved = self.world.move_there(&linked.issue, |leads| {
                    let may: Vec<&String> = leads.iter().filter(may).collect();
                    let place = (!may.is_empty()).then(|| chance.random_range(0..may.len()));
                    place.map(|place| may[place].clone())
                });
                let Some(moved) = moved.await else {
                    return;
                };
                let stands = self.fields.statuses[&moved];
                if json!(stands.0) != *there {
                    let fields = &mut self.fields;
                    fields.had.entry(place).or_default().insert(stands);
                    let value = Some(Value::options([stands]));
                    fields.written.entry(key).or_default().there = value;
                }
                self.tell(format!("there {place} status {moved}"));
            }
        }
    }

    /// Gives an item a label that nobody ever had, or takes one away.
    async fn edit_labels(&mut self, place: usize, side: Side) {
        let linked = self.fields.pairs[place].clone();
        let mut labels = match side {
            Side::Workspace => self.fields.labels_here(&self.world, place).await,
            Side::Remote => self.fields.labels_there(&self.world, place).await,
        };
        // What somebody takes away there that may just have come from here is sent once more: nobody could tell that from an
        // edit that never arrived.
        let is_clear = side == Side::Workspace || self.world.is_settled(&linked.issue).await;
        let taken = match self.chance.random_bool(0.4) && is_clear {
            true => self.some(&labels.iter().cloned().collect::<Vec<_>>()),
            false => None,
        };
        let all = self.fields.labels.entry(place).or_default();
        if let Some(taken) = &taken {
            labels.remove(taken);
            all.remove(taken);
        } else {
            let new = format!("label-{}", self.number());
            labels.insert(new.clone());
            self.fields.labels.entry(place).or_default().insert(new);
        }
        self.tell(format!("{side:?} {place} labels {labels:?}"));
        match side {
            Side::Workspace => {
                let value = Value::labels(labels);
                self.world.edit_here(linked.item, LABELS, value).await;
                self.forget_edit(&linked.issue).await;
            }
            Side::Remote => {
                let json = json!(labels);
                self.world.edit_there(&linked.issue, "labels", json).await;
            }
        }
    }

    async fn move_below(&mut self, place: usize, side: Side) {
        let linked = self.fields.pairs[place].clone();
        let epics = self.fields.epics.clone();
        let epic = match self.chance.random_bool(0.8) {
            true => self.some(&epics),
            false => None,
        };
        self.tell(format!("{side:?} {place} below {epic:?}"));
        match side {
            Side::Workspace => {
                let value = Value::part_of(epic.map(|epic| epic.item));
                self.world.edit_here(linked.item, PARENT, value).await;
            }
            Side::Remote => {
                let (field, value) = self.fields.named(&self.world, epic.as_ref()).await;
                self.world.edit_there(&linked.issue, &field, value).await;
            }
        }
    }

    /// Says of two items that one has to wait for the other, or says so no longer.
    async fn depend(&mut self, place: usize, side: Side) {
        let other = (place + self.chance.random_range(1..EDITED)) % EDITED;
        let (own, other) = (
            self.fields.pairs[place].clone(),
            self.fields.pairs[other].clone(),
        );
        self.tell(format!("{side:?} {own:?} blocks {other:?}, or no longer"));
        match side {
            Side::Workspace => {
                let here = self.world.here(own.item, &[DEPENDENCIES]).await;
                let here = here.expect("nothing happens to it").remove(0);
                let end = Reference {
                    item: other.item,
                    relation: Relation::Blocks,
                };
                let held = matches!(&here, Value::References(ends) if ends.contains(&end));
                self.world.wire.advance(SignedDuration::from_millis(40));
                let edited = self.world.engine();
                let edited = edited.edit_dependency(own.item, end, !held).await;
                edited.expect("it fits");
            }
            Side::Remote => {
                let browser = self.world.browser();
                let links = links(&self.world, &own).await;
                let mut found = links.into_iter();
                let found =
                    found.find(|(_, kind, issue)| kind == "Blocks" && *issue == other.issue);
                if let Some((id, _, _)) = found {
                    browser.unlink_issues(&id).await.expect("it is there");
                    return;
                }
                let types = browser.link_types().await.expect("a list");
                let kind = types.iter().find(|kind| kind.name == "Blocks");
                let kind = &kind.expect("it is delivered").id;
                let linked = browser.link_issues(kind, &own.issue, &other.issue);
                linked.await.expect("linked");
            }
        }
    }

    /// Gets ready an edit in Jira that is to come in the midst of a cycle.
    pub async fn meddle(&mut self) -> Meddled {
        let place = self.chance.random_range(0..EDITED);
        let field = [Edited::Title, Edited::Day][self.chance.random_range(0..2)];
        let value = field.value(self.number()).expect("there are many");
        let issue = self.fields.pairs[place].issue.clone();
        let json = Edited::json(&value);
        self.world.meddle(&issue, field.there(), json).await;
        self.tell(format!("meddles: {place} {field:?} {value:?}"));
        Meddled {
            place: (place, field),
            value,
        }
    }

    /// The edit came.
    pub fn meddled(&mut self, meddled: Meddled) {
        let written = self.fields.written.entry(meddled.place).or_default();
        written.there = Some(meddled.value);
    }

    /// Where both sides say the same by now, what was written is settled.
    pub async fn note_fields(&mut self) {
        let places: BTreeSet<usize> = self.fields.written.keys().map(|key| key.0).collect();
        for place in places {
            let Both { here, there } = self.fields.both(&self.world, place).await;
            for ((field, here), there) in Edited::ALL.into_iter().zip(here).zip(there) {
                let is_written = self.fields.written.contains_key(&(place, field));
                if is_written && Edited::json(&here) == there {
                    self.note_field((place, field), here).await;
                }
            }
        }
    }

    async fn note_field(&mut self, key: Place, here: Value) {
        let written = self.fields.written.remove(&key).unwrap_or_default();
        let (place, field) = key;
        let linked = self.fields.pairs[place].clone();
        let writers = [&written.here, &written.there].into_iter().flatten();
        let mut gone: Vec<&Value> = writers.filter(|value| **value != here).collect();
        if !gone.is_empty() {
            // What arrived and was then changed there, and what came in the last moment and lost, stands in the journal.
            let told = self.told_of(linked.item, field.here()).await;
            gone.retain(|value| !told.contains(value));
        }
        assert!(
            gone.is_empty(),
            "{place} {field:?}: {gone:?} is gone, both say {here:?}"
        );
        if field == Edited::Status && self.world.is_settled(&linked.issue).await {
            self.fields.had.remove(&place);
        }
        self.fields.agreed.insert(key, here);
    }

    /// Decides some of the conflicts.
    pub async fn decide_some(&mut self) {
        let all = conflict::Search::default();
        let views = self.world.engine().conflicts(all).await;
        let views = views.expect("reads");
        let Some(view) = self.some(&views) else {
            return;
        };
        let winner = match self.chance.random_bool(0.5) {
            true => Side::Workspace,
            false => Side::Remote,
        };
        let (item, field) = (view.conflict.item, view.conflict.field);
        self.tell(format!("decides {item} {field} for {winner:?}: {view:?}"));
        let one = ConflictFilter {
            some: Some(vec![(item, field)]),
            ..ConflictFilter::default()
        };
        let resolved = self.world.engine().resolve_conflicts(one, winner).await;
        if resolved.expect("writes").decided == 0 {
            return;
        }
        let fields = &mut self.fields;
        let place = fields.pairs.iter().position(|pair| pair.item == item);
        let edited = Edited::ALL
            .into_iter()
            .find(|edited| edited.here() == field);
        let Some(key) = place.zip(edited) else {
            self.decided_pair(item, winner);
            return self.note_pairs().await;
        };
        // Somebody has seen the loser's value, and chosen.
        let written = fields.written.entry(key).or_default();
        match winner {
            Side::Workspace if written.there.as_ref() == Some(&view.there) => {
                written.there = None;
                // So it stays there if it cannot be sent.
                fields.agreed.insert(key, view.there);
            }
            Side::Workspace => {}
            Side::Remote => written.here = None,
        }
        self.note_fields().await;
    }

    pub async fn check_fields(&mut self) {
        let conflicts = self.conflicts().await;
        let barred = self.world.parked().await;
        for place in 0..EDITED {
            let linked = self.fields.pairs[place].clone();
            let barred = barred.get(&linked.issue).map(String::as_str);
            let Both { here, there } = self.fields.both(&self.world, place).await;
            for ((field, here), there) in Edited::ALL.into_iter().zip(here).zip(there) {
                let torn = conflicts.contains(&(linked.item, field.here()));
                let barred = barred.filter(|_| field == Edited::Status);
                let key = (place, field);
                self.check_field(key, (here, there), torn, barred).await;
            }
            let (here, there) = (
                self.fields.labels_here(&self.world, place).await,
                self.fields.labels_there(&self.world, place).await,
            );
            let wanted = &self.fields.labels[&place];
            assert_eq!((&here, &there), (wanted, wanted), "labels of {place}");
            self.check_parent(&linked, conflicts.contains(&(linked.item, PARENT)))
                .await;
            let links = links(&self.world, &linked).await;
            let ends: BTreeSet<_> = links.iter().map(|(_, kind, end)| (kind, end)).collect();
            assert_eq!(ends.len(), links.len(), "one link a dependency: {links:?}");
        }
    }

    async fn check_field(
        &self,
        key: Place,
        (here, there): (Value, Json),
        torn: bool,
        barred: Option<&str>,
    ) {
        let (place, field) = key;
        let written = self.fields.written.get(&key).cloned().unwrap_or_default();
        let what = format!("{place} {field:?}: {here:?} and {there}, written {written:?}");
        let agreed = &self.fields.agreed[&key];
        if torn {
            // Whoever's edit arrived without an answer, and was then edited once more in Jira, is asked.
            let theirs = written.there.as_ref().expect("both sides were edited");
            assert_eq!(there, Edited::json(theirs), "kept there: {what}");
            if let Some(ours) = &written.here {
                assert_eq!(&here, ours, "kept here: {what}");
            }
            return;
        }
        if barred.is_some() && Edited::json(&here) != there {
            let ours = written.here.as_ref().expect("it was edited here");
            assert_eq!(&here, ours, "kept here: {what}");
            let theirs = written.there.as_ref().unwrap_or(agreed);
            assert_eq!(there, Edited::json(theirs), "kept there: {what}");
            return;
        }
        assert_eq!(Edited::json(&here), there, "both say the same: {what}");
        let someone = [written.here.as_ref(), written.there.as_ref()];
        let known = someone.contains(&Some(&here)) || here == *agreed;
        assert!(known, "nothing is invented: {what}");
    }

    async fn check_parent(&self, linked: &Linked, torn: bool) {
        let here = self.world.here(linked.item, &[PARENT]).await;
        let here = here.expect("nothing happens to it").remove(0).parent();
        let epic = self
            .fields
            .epics
            .iter()
            .find(|epic| Some(epic.item) == here);
        assert_eq!(epic.map(|epic| epic.item), here, "below an epic or nothing");
        let (field, named) = self.fields.named(&self.world, epic).await;
        let there = self.world.there(&linked.issue, &[&field]).await;
        let there = there.expect("nothing happens to it").remove(0);
        let is_same = match (there.get("id"), named.get("id")) {
            (None, None) => there == named,
            (there, named) => there == named,
        };
        assert!(is_same || torn, "{linked:?} is below {here:?}, not {there}");
    }

    /// Decides all conflicts, each for one of the sides.
    pub async fn decide_all(&mut self) {
        let id = self.world.integration;
        let found = self
            .world
            .read(move |read| conflict::list(read, Some(id), 999));
        for conflict in found.await {
            let (item, field) = (conflict.item, conflict.field);
            let winner = match self.chance.random_bool(0.5) {
                true => Side::Workspace,
                false => Side::Remote,
            };
            let place = self.fields.pairs.iter().position(|pair| pair.item == item);
            let edited = Edited::ALL
                .into_iter()
                .find(|edited| edited.here() == field);
            if let Some((place, field)) = place.zip(edited) {
                let both = self.fields.both(&self.world, place).await;
                let wanted = match winner {
                    Side::Workspace => Edited::json(&both.here[field as usize]),
                    Side::Remote => both.there[field as usize].clone(),
                };
                self.fields.decided.push(((place, field), wanted));
                self.fields.written.remove(&(place, field));
            } else {
                self.decided_pair(item, winner);
            }
            self.tell(format!("decides {item} {field} for {winner:?}"));
            let decided = self.world.engine();
            let decided = decided.resolve_conflict(item, field, winner).await;
            decided.expect("it is in conflict");
        }
    }

    /// Both sides say what was decided.
    pub async fn check_decided(&mut self) {
        assert!(self.conflicts().await.is_empty());
        let barred = self.world.parked().await;
        for ((place, field), wanted) in self.fields.decided.clone() {
            let both = self.fields.both(&self.world, place).await;
            assert_eq!(Edited::json(&both.here[field as usize]), wanted);
            let issue = &self.fields.pairs[place].issue;
            if field != Edited::Status || !barred.contains_key(issue) {
                assert_eq!(both.there[field as usize], wanted);
            }
        }
    }

    /// A mistake, if it is made in this story: the edit is not put on the list of what is to be looked at.
    async fn forget_edit(&self, issue: &str) {
        if self.planted == Planted::EditForgotten {
            self.forget(issue).await;
        }
    }
}

/// The links of an issue by which others wait for it: id, kind, and the other one.
async fn links(world: &World, pair: &Linked) -> Vec<(String, String, String)> {
    let held = world.there(&pair.issue, &["issuelinks"]).await;
    let held = held.expect("nothing happens to it").remove(0);
    let text = |json: Option<&Json>| json.and_then(Json::as_str).unwrap_or_default().to_owned();
    let each = held.as_array().into_iter().flatten();
    let outward = each.filter(|link| link.get("outwardIssue").is_some());
    outward
        .map(|link| {
            (
                text(link.get("id")),
                text(link.pointer("/type/name")),
                text(link.pointer("/outwardIssue/id")),
            )
        })
        .collect()
}
