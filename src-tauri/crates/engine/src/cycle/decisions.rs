//! Deciding many conflicts at once, and taking that back.

use super::parent::PARENT;
use super::service::{is_tellable, memory, resolve};
use crate::edit::{self, EditRefusal, fits_parent};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::{Engine, Topic};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Mutex;
use store::conflict::Conflict;
use store::journal::{Base, Change, Origin};
use store::link::{Link, LinkState};
use store::link_field::Memory;
use store::{IntegrationId, Read, StoreError, WriteTx};
use sync::reconcile::Side;
use workspace::{FieldKey, ItemId, Value};

/// Conflicts decided in one transaction.
const AT_ONCE: usize = 200;
/// Decisions that can be taken back, the last ones.
const KEPT: usize = 20;

/// Which conflicts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConflictFilter {
    /// Only those of this integration.
    pub integration: Option<IntegrationId>,
    /// Only those of this field.
    pub field: Option<FieldKey>,
    /// Only these.
    pub some: Option<Vec<(ItemId, FieldKey)>>,
}

/// What deciding many conflicts came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resolved {
    /// How many were decided.
    pub decided: u64,
    /// Those that could not be, and why.
    pub left: Vec<Undecided>,
    /// What to give to [`Engine::undo_decisions`]; none if nothing was decided.
    pub undo: Option<u64>,
}

/// A conflict that could not be decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Undecided {
    /// The item.
    pub item: ItemId,
    /// Its title.
    pub title: String,
    /// Key of its issue; empty if it is in no conflict.
    pub key: String,
    /// The field.
    pub field: FieldKey,
    /// Why.
    pub problem: Problem,
}

/// What decisions changed, for taking them back. Kept in memory: whoever wants them back does so at once.
#[derive(Default)]
pub struct Decisions {
    last: u64,
    kept: VecDeque<(u64, Vec<Taken>)>,
}

/// One decision.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    conflict: Conflict,
    before: State,
    after: State,
}

/// All that a decision changes.
#[derive(Debug, Clone, PartialEq)]
struct State {
    held: Value,
    memory: Memory,
}

#[cfg(test)]
impl Taken {
    pub(super) fn item(&self) -> ItemId {
        self.conflict.item
    }
}

impl Decisions {
    fn keep(&mut self, taken: Vec<Taken>) -> Option<u64> {
        if taken.is_empty() {
            return None;
        }
        self.last += 1;
        self.kept.push_back((self.last, taken));
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
        Some(self.last)
    }

    fn take(&mut self, number: u64) -> Option<Vec<Taken>> {
        let place = self.kept.iter().position(|(known, _)| *known == number)?;
        self.kept.remove(place).map(|(_, taken)| taken)
    }
}

impl Engine {
    /// Decides conflicts for one side, each for itself: one that cannot be decided does not hold up the others. The other
    /// side's values stay in the journal.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn resolve_conflicts(
        &self,
        filter: ConflictFilter,
        winner: Side,
    ) -> Result<Resolved, EngineError> {
        let now = self.now();
        let (wanted, missing) = {
            let read = self.inner.store.read(move |read| found(read, &filter));
            read.await?
        };
        let mut resolved = Resolved {
            left: missing,
            ..Resolved::default()
        };
        let mut all = Vec::new();
        for (place, some) in wanted.chunks(AT_ONCE).enumerate() {
            let some = some.to_vec();
            let write = self.inner.store.write(move |tx| {
                let outcomes = some.into_iter().map(|one| decide(tx, one, winner, now));
                outcomes.collect::<Result<Vec<_>, StoreError>>()
            });
            let outcomes = match write.await {
                Ok(outcomes) => outcomes,
                Err(error) if all.is_empty() => return Err(error.into()),
                Err(error) => {
                    // What was decided until then stands, and can be taken back.
                    let problem = Problem::from(&EngineError::from(error));
                    let rest = wanted[place * AT_ONCE..].iter();
                    resolved.left.extend(rest.map(|one| Undecided {
                        item: one.item,
                        title: String::new(),
                        key: String::new(),
                        field: one.field,
                        problem: problem.clone(),
                    }));
                    break;
                }
            };
            for outcome in outcomes {
                match outcome {
                    Ok(taken) => all.push(taken),
                    Err(left) => resolved.left.push(left),
                }
            }
        }
        resolved.decided = all.len() as u64;
        resolved.undo = crate::run::lock(&self.inner.decisions).keep(all);
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(resolved)
    }

    /// Takes decisions back: the fields are in conflict as they were. One whose value was sent meanwhile, or that changed
    /// again on either side, stays decided. Gives how many were taken back, and how many stay.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if they were taken back already, or too many others followed.
    pub async fn undo_decisions(&self, number: u64) -> Result<(u64, u64), EngineError> {
        let taken = crate::run::lock(&self.inner.decisions).take(number);
        let taken = taken.ok_or(EngineError::NotFound("decision"))?;
        let (all, now) = (taken.len() as u64, self.now());
        let mut undone = 0;
        for some in taken.chunks(AT_ONCE) {
            let some = some.to_vec();
            let write = self.inner.store.write(move |tx| {
                let mut undone = 0;
                for one in &some {
                    undone += u64::from(take_back(tx, one, now)?);
                }
                Ok(undone)
            });
            undone += write.await?;
        }
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok((undone, all - undone))
    }
}

/// The conflicts that are meant, the oldest first, and those that were named and are none.
fn found(
    read: &Read<'_>,
    filter: &ConflictFilter,
) -> Result<(Vec<Conflict>, Vec<Undecided>), StoreError> {
    let mut all = store::conflict::list(read, filter.integration, u32::MAX)?;
    all.retain(|one| filter.field.is_none_or(|field| field == one.field));
    let Some(some) = &filter.some else {
        return Ok((all, Vec::new()));
    };
    let named: BTreeSet<(ItemId, FieldKey)> = some.iter().copied().collect();
    all.retain(|one| named.contains(&(one.item, one.field)));
    let there: BTreeSet<_> = all.iter().map(|one| (one.item, one.field)).collect();
    let mut missing = Vec::new();
    for &(item, field) in named.difference(&there) {
        let found = store::item::get(read, item)?;
        missing.push(Undecided {
            item,
            title: found.map(|found| found.title).unwrap_or_default(),
            key: String::new(),
            field,
            problem: Problem::from(&EngineError::NotFound("conflict")),
        });
    }
    Ok((all, missing))
}

pub(super) fn decide(
    tx: &WriteTx<'_>,
    conflict: Conflict,
    winner: Side,
    now: Timestamp,
) -> Result<Result<Taken, Undecided>, StoreError> {
    let Conflict {
        link, item, field, ..
    } = conflict;
    let left = |title: String, key: String, error: EngineError| {
        Ok(Err(Undecided {
            item,
            title,
            key,
            field,
            problem: Problem::from(&error),
        }))
    };
    let title = store::item::get(tx, item)?.map(|found| found.title);
    let title = title.unwrap_or_default();
    let found = store::link::get(tx, link)?.filter(|link| link.state == LinkState::Linked);
    let still = store::conflict::of_link(tx, link)?;
    let Some(pair) = found.filter(|_| still.iter().any(|(other, _)| *other == field)) else {
        return left(title, String::new(), EngineError::NotFound("conflict"));
    };
    if winner == Side::Remote && !is_tellable(tx, &pair, field)? {
        return left(title, pair.seen.key, EditRefusal::NoCounterpart.into());
    }
    let before = state(tx, &pair, field)?;
    resolve(tx, &pair, item, field, winner, now)?;
    let pair = store::link::get(tx, link)?.unwrap_or(pair);
    let after = state(tx, &pair, field)?;
    Ok(Ok(Taken {
        conflict,
        before,
        after,
    }))
}

/// Puts a field back into conflict; false if something was done about it since.
pub(super) fn take_back(
    tx: &WriteTx<'_>,
    taken: &Taken,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Conflict {
        link,
        item,
        field,
        is_loop,
        ..
    } = taken.conflict;
    let Some(pair) = store::link::get(tx, link)?.filter(|link| link.state == LinkState::Linked)
    else {
        return Ok(false);
    };
    if state(tx, &pair, field)? != taken.after || is_under_way(tx, &pair, field)? {
        return Ok(false);
    }
    let State { held, memory } = &taken.before;
    if field == PARENT {
        if fits_parent(tx, item, held)?.is_err() {
            return Ok(false);
        }
        edit::set(tx, item, PARENT, held.clone(), now)?;
        let agreed = memory.base.as_ref().and_then(Value::parent);
        store::link::set_base_parent(tx, link, agreed)?;
    } else {
        let values = BTreeMap::from([(field, held.clone())]);
        for (field, before) in store::item::set_values(tx, item, &values, now)? {
            let change = Change::Field {
                field,
                before,
                after: held.clone(),
                base: Base::Was(taken.after.memory.base.clone()),
            };
            store::journal::append_single(tx, Origin::Here, &[(item, change)], now)?;
        }
        let remembered = [(field, memory.base.as_ref(), &memory.remote)];
        store::link_field::set(tx, link, remembered)?;
    }
    let mut fields = store::conflict::of_link(tx, link)?;
    fields.retain(|(other, _)| *other != field);
    fields.push((field, is_loop));
    store::conflict::set(tx, link, &fields, now)?;
    Ok(true)
}

/// Whether a change of a field has left for the remote, and it is not known what came of it.
fn is_under_way(read: &Read<'_>, pair: &Link, field: FieldKey) -> Result<bool, StoreError> {
    let Some(integration) = pair.integration else {
        return Ok(false);
    };
    let due = store::due::of(read, integration, &[&pair.remote_id])?;
    Ok(due.iter().any(|due| due.sent.contains_key(&field)))
}

fn state(read: &Read<'_>, pair: &Link, field: FieldKey) -> Result<State, StoreError> {
    Ok(State {
        held: store::item::value(read, pair.item, field)?.unwrap_or_default(),
        memory: memory(read, pair, field)?,
    })
}

/// What can be taken back.
pub type KeptDecisions = Mutex<Decisions>;
