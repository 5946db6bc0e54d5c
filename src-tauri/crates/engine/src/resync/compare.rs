//! Two sides beside each other, field by field.

use crate::error::EngineError;
use crate::run::{Ground, Known, Twins};
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use store::disconnected::SeveredPair;
use store::{IntegrationId, LinkId, RunId, StoreError, WriteTx};
use sync::convert::Note;
use sync::mapping::Direction;
use sync::plan::{Action, Place, Twin};
use sync::reconcile::Side;
use sync::remote::RemoteIssue;
use workspace::{FieldKey, Item, ItemId, SystemField, Value};

const DEV_STATUS: FieldKey = FieldKey::System(SystemField::DevStatus);
/// No run has this number: nothing is known of parents but what is linked.
const NO_RUN: RunId = RunId(0);

/// An issue that was read, and what it is read by.
#[derive(Clone)]
pub(super) struct Fetched {
    pub issue: RemoteIssue,
    pub ground: Arc<Ground>,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComparedKey {
    /// A field.
    Field(FieldKey),
    /// What it is part of.
    Parent,
}

impl fmt::Display for ComparedKey {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(to),
            Self::Parent => to.write_str("parent"),
        }
    }
}

/// What two values were when they were compared. Of no meaning but to tell whether they still are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenOnce(pub u64);

/// Which side changed a field since both had agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The item.
    ChangedHere,
    /// The issue.
    ChangedThere,
    /// Both, to different values.
    ChangedBoth,
    /// It is not known on what they had agreed.
    NeverAgreed,
}

/// What one side holds of a compared field.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// A value.
    Value(Value),
    /// An item that it is part of; none for the top.
    Parent(Option<ItemId>),
}

/// A field of both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Which.
    pub key: ComparedKey,
    /// What stands here.
    pub here: Held,
    /// What Jira says.
    pub there: Held,
    /// Whether both are the same.
    pub alike: bool,
    /// Who changed it.
    pub standing: Standing,
    /// Who is to win if nobody says otherwise; none where a person has to say, and where both are the same.
    pub suggested: Option<Side>,
    /// What it was, to be given back with the choice.
    pub seen: SeenOnce,
}

/// A choice about a compared field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Which.
    pub key: ComparedKey,
    /// What it was when it was chosen.
    pub seen: SeenOnce,
    /// Who wins; none where both are the same.
    pub winner: Option<Side>,
}

/// An item and an issue beside each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The severed pair.
    pub link: LinkId,
    /// Its item.
    pub item: ItemId,
    /// The item's title.
    pub title: String,
    /// Through which integration they would be linked.
    pub integration: IntegrationId,
    /// Id of the issue.
    pub remote_id: String,
    /// Key of the issue.
    pub key: String,
    /// Title of the issue.
    pub remote_title: String,
    /// Whether it is the issue of the pair, and not another one.
    pub same_issue: bool,
    /// All fields, in the mapping's order; the parent comes last.
    pub fields: Vec<Compared>,
}

/// Both sides laid out.
pub(super) struct Laid {
    pub compared: Vec<Compared>,
    /// What Jira says, by field, for the pair to remember.
    pub observed: BTreeMap<FieldKey, Value>,
    /// On what the pair had agreed, if it is the same issue.
    pub bases: BTreeMap<FieldKey, Value>,
    /// What stands here of fields of which Jira says what cannot be told here.
    pub untold: BTreeMap<FieldKey, Value>,
    pub parent_here: Option<ItemId>,
    pub parent_there: Option<ItemId>,
    /// On what parent both sides count as agreed once they are linked.
    pub base_parent: Option<ItemId>,
    title: String,
}

impl Laid {
    /// Lays out an item and an issue. Choices and people that are met for the first time are recorded, as wherever an
    /// issue is read.
    pub fn out(
        tx: &WriteTx<'_>,
        pair: &SeveredPair,
        fetched: &Fetched,
    ) -> Result<Result<Self, EngineError>, StoreError> {
        let (ground, issue) = (&fetched.ground, &fetched.issue);
        let Some(item) = store::item::get(tx, pair.item)? else {
            return Ok(Err(EngineError::NotFound("item")));
        };
        let connection = ground.connection_id();
        if !store::link::by_remote_ids(tx, connection, &[&issue.id])?.is_empty() {
            return Ok(Err(EngineError::PairTaken));
        }
        let mut known = Known::load(tx, ground)?;
        known.look_up(tx, connection, std::iter::once(issue))?;
        known.look_up_items(tx, connection, std::iter::once(&item))?;
        let none = BTreeMap::new();
        let twin = Twin::Linked {
            item: &item,
            bases: &none,
            remote_type: None,
        };
        let mut decided = ground.planner.decide(issue, twin, &known);
        if let Action::Skip(reason) = decided.action {
            return Ok(Err(EngineError::IssueUnfit(reason)));
        }
        if decided.is_pending() {
            known.record(tx, &decided.wants)?;
            decided = ground.planner.decide(issue, twin, &known);
        }
        known.record(tx, &decided.news)?;
        let bases = if pair.remote_id == issue.id {
            bases(tx, pair.link)?
        } else {
            BTreeMap::new()
        };
        let untold: BTreeMap<FieldKey, Value> = decided
            .notes
            .iter()
            .map(note_of)
            .filter(|field| decided.observed.get(field).is_none_or(Value::is_none))
            .map(|field| (field, item.value(field)))
            .collect();
        let twins = Twins::load(tx, ground, NO_RUN, &[issue])?;
        let parents = twins.decide(ground, &known, issue);
        let parent_is_told = !matches!(parents.place, Place::TopBecause(_));
        let mut laid = Self {
            compared: Vec::new(),
            observed: decided.observed,
            bases,
            untold,
            parent_here: item.parent,
            parent_there: parents.parent,
            base_parent: if parent_is_told {
                parents.parent
            } else {
                item.parent
            },
            title: item.title.clone(),
        };
        laid.compared = laid.fields(ground, &item, &known);
        if parent_is_told {
            laid.compared.push(laid.parents());
        }
        Ok(Ok(laid))
    }

    fn fields(&self, ground: &Ground, item: &Item, known: &Known) -> Vec<Compared> {
        let in_order = ground.mapping.fields.iter().map(|pair| pair.field);
        let mut keys: Vec<FieldKey> = in_order
            .filter(|key| self.observed.contains_key(key))
            .collect();
        let rest = self.observed.keys().filter(|key| !keys.contains(key));
        let rest: Vec<FieldKey> = rest.copied().filter(|key| *key != DEV_STATUS).collect();
        keys.extend(rest);
        keys.retain(|key| *key != DEV_STATUS && !self.untold.contains_key(key));
        keys.into_iter()
            .map(|key| {
                let (here, there) = (item.value(key), self.observed[&key].clone());
                let told = ground.planner.through(key, &here, known);
                let direction = ground.mapping.fields.iter().find(|pair| pair.field == key);
                let direction = direction.map_or(Direction::FromRemote, |pair| pair.direction);
                let standing = standing(self.bases.get(&key), &told, &there);
                let alike = told.equal_enough(&there);
                let seen = SeenOnce(digest(&here, &there));
                Compared {
                    key: ComparedKey::Field(key),
                    suggested: suggested(standing, direction, &told, &there).filter(|_| !alike),
                    here: Held::Value(here),
                    there: Held::Value(there),
                    alike,
                    standing,
                    seen,
                }
            })
            .collect()
    }

    fn parents(&self) -> Compared {
        let alike = self.parent_here == self.parent_there;
        let mut hash = DefaultHasher::new();
        (
            self.parent_here.map(|id| id.0),
            self.parent_there.map(|id| id.0),
        )
            .hash(&mut hash);
        Compared {
            key: ComparedKey::Parent,
            here: Held::Parent(self.parent_here),
            there: Held::Parent(self.parent_there),
            alike,
            standing: Standing::NeverAgreed,
            suggested: (!alike).then_some(Side::Workspace),
            seen: SeenOnce(hash.finish()),
        }
    }

    pub fn comparison(self, pair: &SeveredPair, fetched: &Fetched) -> Comparison {
        Comparison {
            link: pair.link,
            item: pair.item,
            title: self.title,
            integration: fetched.ground.integration.id,
            remote_id: fetched.issue.id.clone(),
            key: fetched.issue.key.clone(),
            remote_title: fetched.issue.title.clone(),
            same_issue: pair.remote_id == fetched.issue.id,
            fields: self.compared,
        }
    }
}

fn bases(tx: &WriteTx<'_>, link: LinkId) -> Result<BTreeMap<FieldKey, Value>, StoreError> {
    let memories = store::link_field::of_link(tx, link)?.into_iter();
    Ok(memories
        .filter_map(|(field, memory)| Some((field, memory.base?)))
        .collect())
}

fn note_of(note: &Note) -> FieldKey {
    match note {
        Note::Unmapped { field, .. } | Note::Unreadable { field } => *field,
    }
}

fn standing(base: Option<&Value>, here: &Value, there: &Value) -> Standing {
    let Some(base) = base else {
        return Standing::NeverAgreed;
    };
    match (here.equal_enough(base), there.equal_enough(base)) {
        (false, true) => Standing::ChangedHere,
        (true, _) => Standing::ChangedThere,
        (false, false) => Standing::ChangedBoth,
    }
}

/// What changed on one side only wins, and what one side lacks comes from the other. A pair of fields that goes one way
/// goes that way.
fn suggested(
    standing: Standing,
    direction: Direction,
    here: &Value,
    there: &Value,
) -> Option<Side> {
    match direction {
        Direction::FromRemote => return Some(Side::Remote),
        Direction::ToRemote => return Some(Side::Workspace),
        Direction::Both | Direction::SetOnce => {}
    }
    match standing {
        Standing::ChangedHere => Some(Side::Workspace),
        Standing::ChangedThere => Some(Side::Remote),
        Standing::ChangedBoth => None,
        Standing::NeverAgreed if here.is_none() => Some(Side::Remote),
        Standing::NeverAgreed if there.is_none() => Some(Side::Workspace),
        Standing::NeverAgreed => None,
    }
}

/// The same for the same two values within one build, which is all that a comparison lives for.
fn digest(here: &Value, there: &Value) -> u64 {
    let mut hash = DefaultHasher::new();
    store::codec::write_value(here).hash(&mut hash);
    store::codec::write_value(there).hash(&mut hash);
    hash.finish()
}
