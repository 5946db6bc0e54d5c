//! Keeping in step, for whoever asks: a cycle now, what waits, what a person has to decide.

use super::pull::Pair;
use super::transition::STATUS;
use super::{Cycle, CycleReport, Heard};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::push::CreateState;
use crate::run::{Ground, Known};
use crate::{Engine, Topic};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::conflict::Conflict;
use store::create_intent::CreateIntent;
use store::due::Due;
use store::journal::{Base, Change, Origin};
use store::link::LinkState;
use store::{CreateIntentId, IntegrationId, Read, Store, StoreError, WriteTx};
use sync::reconcile::Side;
use workspace::{FieldKey, ItemId, Value};

/// Conflicts and problems shown at once.
const SHOWN_MAX: u32 = 1000;

/// What is kept from cycle to cycle.
#[derive(Default)]
pub struct Cycles {
    each: Mutex<BTreeMap<IntegrationId, Arc<Kept>>>,
}

#[derive(Default)]
struct Kept {
    heard: Arc<Heard>,
    /// Held by the one cycle of an integration that is under way.
    under_way: tokio::sync::Mutex<()>,
}

/// A field in conflict, with all that it takes to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct ConflictView {
    /// Which.
    pub conflict: Conflict,
    /// Title of the item.
    pub title: String,
    /// Key of the issue.
    pub key: String,
    /// On what both sides last agreed; none if they never did.
    pub base: Option<Value>,
    /// What stands here.
    pub here: Value,
    /// What Jira says.
    pub there: Value,
}

/// An issue that could not be changed, or not be read.
#[derive(Debug, Clone, PartialEq)]
pub struct DueView {
    /// The issue, and how often it was tried.
    pub due: Due,
    /// Its item, if it is linked.
    pub item: Option<ItemId>,
    /// Title of the item; empty if there is none.
    pub title: String,
    /// Key of the issue as it was last seen; its id if it never was.
    pub key: String,
    /// Why.
    pub problem: Problem,
}

/// How far an item's edits have come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ItemSync {
    /// Fields that were edited here and are not in Jira yet.
    pub unsent: BTreeSet<FieldKey>,
    /// Fields that both sides changed.
    pub conflicts: BTreeSet<FieldKey>,
    /// Why its issue could not be changed, or not be read.
    pub problem: Option<Problem>,
    /// How far the making of its issue has come; none if none is to be made.
    pub create: Option<CreateState>,
}

/// An issue that could not be made.
#[derive(Debug, Clone, PartialEq)]
pub struct UnmadeView {
    /// What was asked for, and how often it was tried.
    pub intent: CreateIntent,
    /// Title of the item.
    pub title: String,
    /// Why.
    pub problem: Problem,
}

impl Cycles {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<IntegrationId, Arc<Kept>>> {
        self.each.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, id: IntegrationId) -> Arc<Kept> {
        self.lock().entry(id).or_default().clone()
    }
}

impl Engine {
    /// Brings an integration into step now: what changed in Jira is taken over, what was edited here is sent. Whoever
    /// asks while a cycle is under way waits for it, and gets one of their own.
    ///
    /// # Errors
    /// [`EngineError::MappingMissing`], [`EngineError::RunActive`] while an import is under way, or what keeps the
    /// whole from going on.
    pub async fn sync(&self, id: IntegrationId) -> Result<CycleReport, EngineError> {
        self.uncut(move |engine| async move { engine.cycle(id).await })
            .await
    }

    async fn cycle(&self, id: IntegrationId) -> Result<CycleReport, EngineError> {
        let kept = self.inner.cycles.of(id);
        let _alone = kept.under_way.lock().await;
        self.no_active_run(id).await?;
        let ground = Arc::new(Ground::read(&self.inner.store, id).await?);
        let connection = ground.connection_id();
        let cycle = Cycle {
            store: self.inner.store.clone(),
            remote: self.remote(connection).await?,
            clock: self.inner.clock.clone(),
            heard: kept.heard.clone(),
            ground,
        };
        let outcome = cycle.run().await;
        // Also of a cycle that was cut off: what it did until then stands.
        self.tell(&[Topic::Items, Topic::Sync]);
        match outcome {
            Ok(report) => Ok(report),
            Err(error) => Err(self.note(connection, error).await),
        }
    }

    /// Fields that both sides changed and nobody has decided, the oldest first.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn conflicts(
        &self,
        id: Option<IntegrationId>,
    ) -> Result<Vec<ConflictView>, EngineError> {
        let found = self.inner.store.read(move |read| {
            let conflicts = store::conflict::list(read, id, SHOWN_MAX)?;
            let views = conflicts
                .into_iter()
                .map(|found| conflict_view(read, found));
            views.filter_map(Result::transpose).collect()
        });
        Ok(found.await?)
    }

    /// Decides a conflict for one side. The other side's value stays in the journal.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if the field is not in conflict (any more).
    pub async fn resolve_conflict(
        &self,
        item: ItemId,
        field: FieldKey,
        winner: Side,
    ) -> Result<(), EngineError> {
        if !decide(&self.inner.store, item, field, winner, self.now()).await? {
            return Err(EngineError::NotFound("conflict"));
        }
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(())
    }

    /// Issues whose last attempt failed: those that are tried again by themselves, and those for which somebody has to do
    /// something.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn sync_problems(&self, id: IntegrationId) -> Result<Vec<DueView>, EngineError> {
        let found = self.inner.store.read(move |read| {
            let Some(integration) = store::integration::get(read, id)? else {
                return Ok(Vec::new());
            };
            let failed = store::due::failed(read, id, SHOWN_MAX)?;
            let ids: Vec<&str> = failed.iter().map(|due| due.remote_id.as_str()).collect();
            let links = store::link::by_remote_ids(read, integration.data.connection, &ids)?;
            let items: Vec<ItemId> = links.values().map(|link| link.item).collect();
            let titles: BTreeMap<ItemId, String> = store::item::get_many(read, &items)?
                .into_iter()
                .map(|item| (item.id, item.title))
                .collect();
            let views = failed.into_iter().filter_map(|due| {
                let problem = due.problem.as_ref()?;
                let link = links.get(&due.remote_id);
                let item = link.map(|link| link.item);
                Some(DueView {
                    problem: Problem::from_text(&problem.code, &problem.detail),
                    title: item
                        .and_then(|id| titles.get(&id).cloned())
                        .unwrap_or_default(),
                    key: link.map_or_else(|| due.remote_id.clone(), |link| link.seen.key.clone()),
                    item,
                    due,
                })
            });
            Ok(views.collect())
        });
        Ok(found.await?)
    }

    /// Items of which no issue could be made at the last attempt.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn unmade(&self, id: IntegrationId) -> Result<Vec<UnmadeView>, EngineError> {
        let found = self.inner.store.read(move |read| {
            let failed = store::create_intent::failed(read, id, SHOWN_MAX)?;
            let items: Vec<ItemId> = failed.iter().map(|intent| intent.item).collect();
            let titles: BTreeMap<ItemId, String> = store::item::get_many(read, &items)?
                .into_iter()
                .map(|item| (item.id, item.title))
                .collect();
            let views = failed.into_iter().filter_map(|intent| {
                let problem = intent.problem.as_ref()?;
                Some(UnmadeView {
                    problem: Problem::from_text(&problem.code, &problem.detail),
                    title: titles.get(&intent.item).cloned().unwrap_or_default(),
                    intent,
                })
            });
            Ok(views.collect())
        });
        Ok(found.await?)
    }

    /// Lets issues that failed be tried again with the next cycle, those that could not be changed and those that could
    /// not be made: some, or all of an integration.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn retry_sync(
        &self,
        id: IntegrationId,
        some: Option<(Vec<String>, Vec<CreateIntentId>)>,
    ) -> Result<(), EngineError> {
        let now = self.now();
        self.inner
            .store
            .write(move |tx| {
                let (issues, unmade) = some.unzip();
                store::due::retry(tx, id, issues.as_deref(), now)?;
                store::create_intent::retry(tx, id, unmade.as_deref(), now)
            })
            .await?;
        self.tell(&[Topic::Sync]);
        Ok(())
    }

    /// How far an item's edits have come.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn item_sync(&self, item: ItemId) -> Result<ItemSync, EngineError> {
        let links = self
            .inner
            .store
            .read(move |read| store::link::by_item(read, item))
            .await?;
        let mut state = ItemSync {
            create: self.create_state(item).await?,
            ..ItemSync::default()
        };
        for link in links {
            let Some(id) = link.integration.filter(|_| link.state == LinkState::Linked) else {
                continue;
            };
            let ground = match Ground::read(&self.inner.store, id).await {
                Ok(ground) => ground,
                // Nothing is mapped, so nothing is sent.
                Err(EngineError::MappingMissing) => continue,
                Err(error) => return Err(error),
            };
            let found = self.inner.store.read(move |read| {
                let known = Known::load(read, &ground)?;
                let due = store::due::of(read, id, &[&link.remote_id])?.pop();
                let Some(pair) = Pair::load(read, &ground, &link.remote_id)? else {
                    return Ok(None);
                };
                let planner = &ground.planner;
                let pending = planner.pending(&pair.item, &pair.bases, &pair.remotes, &known);
                Ok(Some((pending, due.and_then(|due| due.problem))))
            });
            let Some((pending, problem)) = found.await? else {
                continue;
            };
            state.unsent.extend(pending.sends);
            state.conflicts.extend(pending.conflicts);
            let problem = problem.map(|found| Problem::from_text(&found.code, &found.detail));
            state.problem = state.problem.or(problem);
        }
        Ok(state)
    }
}

fn conflict_view(read: &Read<'_>, conflict: Conflict) -> Result<Option<ConflictView>, StoreError> {
    let (Some(link), Some(item)) = (
        store::link::get(read, conflict.link)?,
        store::item::get(read, conflict.item)?,
    ) else {
        return Ok(None);
    };
    let memory = store::link_field::of_link(read, link.id)?.remove(&conflict.field);
    let memory = memory.unwrap_or_default();
    Ok(Some(ConflictView {
        here: item.value(conflict.field),
        title: item.title,
        key: link.seen.key,
        base: memory.base,
        there: memory.remote,
        conflict,
    }))
}

/// Decides a conflict; false if the field is in none.
pub(super) async fn decide(
    store: &Store,
    item: ItemId,
    field: FieldKey,
    winner: Side,
    now: jiff::Timestamp,
) -> Result<bool, EngineError> {
    let decided = store.write(move |tx| {
        for link in store::link::by_item(tx, item)? {
            if store::conflict::of_link(tx, link.id)?.contains(&field) {
                resolve(tx, &link, item, field, winner, now)?;
                return Ok(true);
            }
        }
        Ok(false)
    });
    Ok(decided.await?)
}

/// Both sides count as agreed on what Jira says. If Jira wins, that is also what stands here; if not, what stands here
/// differs from what was agreed, and is sent.
fn resolve(
    tx: &WriteTx<'_>,
    link: &store::link::Link,
    item: ItemId,
    field: FieldKey,
    winner: Side,
    now: jiff::Timestamp,
) -> Result<(), StoreError> {
    let memory = store::link_field::of_link(tx, link.id)?.remove(&field);
    let mut memory = memory.unwrap_or_default();
    if winner == Side::Remote {
        if let (STATUS, Value::None, Some(base)) = (field, &memory.remote, &memory.base) {
            // The issue stands where nothing here stands for: that cannot be taken over, so what was agreed on counts.
            memory.remote = base.clone();
        }
        let values = BTreeMap::from([(field, memory.remote.clone())]);
        for (field, before) in store::item::set_values(tx, item, &values, now)? {
            let change = Change::Field {
                field,
                before,
                after: memory.remote.clone(),
                base: Base::Was(memory.base.clone()),
            };
            store::journal::append_single(tx, Origin::Here, &[(item, change)], now)?;
        }
    }
    let agreed = [(field, Some(&memory.remote), &memory.remote)];
    store::link_field::set(tx, link.id, agreed)?;
    let left: Vec<FieldKey> = store::conflict::of_link(tx, link.id)?
        .into_iter()
        .filter(|other| *other != field)
        .collect();
    store::conflict::set(tx, link.id, &left, now)?;
    match link.integration {
        Some(integration) => store::due::mark_edited(tx, integration, &link.remote_id, now),
        None => Ok(()),
    }
}
