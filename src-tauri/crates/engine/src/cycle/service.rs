//! Keeping in step, for whoever asks: a cycle now, what waits, what a person has to decide.

use super::parent::{self, PARENT};
use super::pull::Pair;
use super::transition::STATUS;
use super::{Compare, Cycle, CycleReport, Heard, fuse, turns};
use crate::edit::{EditRefusal, fits_parent};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::push::CreateState;
use crate::run::{Ground, Known};
use crate::{Engine, Topic};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::comparison::Comparison;
use store::conflict::Conflict;
use store::create_intent::CreateIntent;
use store::due::Due;
use store::fuse::FuseLimits;
use store::journal::{Base, Change, Origin, Turn};
use store::link::{Link, LinkState};
use store::link_field::Memory;
use store::{ConnectionId, CreateIntentId, IntegrationId, Read, Store, StoreError, WriteTx};
use sync::reconcile::Side;
use workspace::{FieldKey, ItemId, Kind, Value};

/// The slow comparison takes up its next pairs this long after the last.
const COMPARE_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// Jira is asked who we are this long after the last time.
const ACCOUNT_EVERY: SignedDuration = SignedDuration::from_hours(1);

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
    /// When Jira was last asked who we are.
    account_read_at: Mutex<Option<jiff::Timestamp>>,
    /// When pairs were last put on the list to be compared.
    compared_at: Mutex<Option<jiff::Timestamp>>,
    /// Somebody wants everything to be compared, without rests.
    is_comparing: AtomicBool,
    /// Held by the one cycle of an integration that is under way.
    under_way: Arc<tokio::sync::Mutex<()>>,
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
    /// How the sides took turns in setting it, the oldest first; empty if they did not.
    pub turns: Vec<Turn>,
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

impl Kept {
    fn compare(&self, now: jiff::Timestamp) -> Compare {
        if self.is_comparing.load(Ordering::SeqCst) {
            return Compare::Now;
        }
        let last = *crate::run::lock(&self.compared_at);
        match last {
            Some(last) if now.duration_since(last) < COMPARE_EVERY => Compare::Nothing,
            _ => Compare::Some,
        }
    }
}

impl Cycles {
    /// Whether somebody waits for everything to be compared.
    pub(crate) fn is_comparing(&self, id: IntegrationId) -> bool {
        self.of(id).is_comparing.load(Ordering::SeqCst)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<IntegrationId, Arc<Kept>>> {
        self.each.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, id: IntegrationId) -> Arc<Kept> {
        self.lock().entry(id).or_default().clone()
    }

    /// Waits until no cycle of an integration is under way, and lets none begin until what it gives is dropped.
    pub(crate) async fn alone(&self, id: IntegrationId) -> tokio::sync::OwnedMutexGuard<()> {
        self.of(id).under_way.clone().lock_owned().await
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
        self.uncut(move |engine| async move { engine.cycle(id, Compare::Nothing).await })
            .await
    }

    /// As [`Engine::sync`], when it is time: some pairs are compared besides.
    pub(crate) async fn sync_in_time(&self, id: IntegrationId) -> Result<CycleReport, EngineError> {
        let compare = self.inner.cycles.of(id).compare(self.now());
        self.uncut(move |engine| async move { engine.cycle(id, compare).await })
            .await
    }

    async fn cycle(&self, id: IntegrationId, compare: Compare) -> Result<CycleReport, EngineError> {
        // Before and after: an import may take hours, and whoever asks is told so at once.
        self.no_active_run(id).await?;
        let _alone = self.inner.cycles.alone(id).await;
        self.no_active_run(id).await?;
        self.inner.rhythm.began(id);
        self.tell(&[Topic::Sync]);
        let outcome = tokio::select! {
            biased;
            // A cycle that is cut off is simply repeated.
            () = self.inner.stop.cancelled() => Err(EngineError::Stopping),
            outcome = self.one_cycle(id, compare) => outcome,
        };
        self.inner.rhythm.ended(id, &outcome, self.now());
        // Also of a cycle that was cut off: what it did until then stands.
        let changed = match &outcome {
            Ok(report) => report.is_eventful(),
            Err(_) => true,
        };
        let topics: &[Topic] = if changed {
            &[Topic::Items, Topic::Sync]
        } else {
            &[Topic::Sync]
        };
        self.tell(topics);
        outcome
    }

    async fn one_cycle(
        &self,
        id: IntegrationId,
        compare: Compare,
    ) -> Result<CycleReport, EngineError> {
        let kept = self.inner.cycles.of(id);
        let mut ground = Ground::read(&self.inner.store, id).await?;
        let connection = ground.connection_id();
        if self.refresh_account(connection, &kept).await? {
            ground = Ground::read(&self.inner.store, id).await?;
        }
        let cycle = Cycle {
            store: self.inner.store.clone(),
            remote: self.remote(connection).await?,
            clock: self.inner.clock.clone(),
            heard: kept.heard.clone(),
            compare,
            cut_off: AtomicUsize::new(0),
            ground: Arc::new(ground),
        };
        match cycle.run().await {
            Ok(report) => {
                if report.compared > 0 {
                    *crate::run::lock(&kept.compared_at) = Some(self.now());
                }
                self.note_comparison(id, &kept).await?;
                Ok(report)
            }
            Err(error) => Err(self.note(connection, error).await),
        }
    }

    /// Compares every pair with what Jira holds, now and without rests: the next cycles do it, one after the other.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn compare_all(&self, id: IntegrationId) -> Result<(), EngineError> {
        let (now, kept) = (self.now(), self.inner.cycles.of(id));
        self.inner
            .store
            .write(move |tx| {
                if store::integration::get(tx, id)?.is_none() {
                    return Ok(Err(EngineError::NotFound("integration")));
                }
                // From the beginning: what was compared in a round of yesterday is not what is asked for.
                let comparison = Comparison {
                    began_at: Some(now),
                    place: ItemId(0),
                    ..store::comparison::get(tx, id)?
                };
                store::comparison::set(tx, id, comparison)?;
                Ok(Ok(()))
            })
            .await??;
        kept.is_comparing.store(true, Ordering::SeqCst);
        self.inner.rhythm.mended(id);
        self.tell(&[Topic::Sync]);
        Ok(())
    }

    /// The site reads the hours of a filter in the account's time zone, which its owner may change at any time. Gives
    /// whether it was.
    async fn refresh_account(
        &self,
        connection: ConnectionId,
        kept: &Kept,
    ) -> Result<bool, EngineError> {
        let (now, last) = (self.now(), *crate::run::lock(&kept.account_read_at));
        if last.is_some_and(|last| now.duration_since(last) < ACCOUNT_EVERY) {
            return Ok(false);
        }
        let client = self.remote(connection).await?;
        let account = match client.client().myself().await {
            Ok(account) => account,
            Err(error) => return Err(self.note(connection, error.into()).await),
        };
        *crate::run::lock(&kept.account_read_at) = Some(now);
        if self.connection_row(connection).await?.data.time_zone == account.time_zone {
            return Ok(false);
        }
        let changed = self.inner.store.write(move |tx| {
            let Some(mut found) = store::connection::get(tx, connection)? else {
                return Ok(false);
            };
            found.data.time_zone = account.time_zone;
            store::connection::update(tx, connection, &found.data)?;
            Ok(true)
        });
        Ok(changed.await?)
    }

    /// Somebody who waits for everything to be compared has it when a round has ended.
    async fn note_comparison(&self, id: IntegrationId, kept: &Kept) -> Result<(), EngineError> {
        if kept.is_comparing.load(Ordering::SeqCst) {
            let state = self
                .inner
                .store
                .read(move |read| store::comparison::get(read, id))
                .await?;
            if state.began_at.is_none() {
                kept.is_comparing.store(false, Ordering::SeqCst);
            }
        }
        Ok(())
    }

    /// How much a cycle of an integration may change without asking.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn fuse_limits(&self, id: IntegrationId) -> Result<FuseLimits, EngineError> {
        let limits = self
            .inner
            .store
            .read(move |read| store::fuse::limits(read, id));
        Ok(limits.await?)
    }

    /// Says how much a cycle of an integration may change without asking. A cycle that has stopped already waits on.
    ///
    /// # Errors
    /// [`EngineError::NotFound`].
    pub async fn set_fuse_limits(
        &self,
        id: IntegrationId,
        limits: FuseLimits,
    ) -> Result<(), EngineError> {
        let set = self
            .inner
            .store
            .write(move |tx| store::fuse::set_limits(tx, id, limits));
        match set.await {
            Err(StoreError::NotFound { .. }) => Err(EngineError::NotFound("integration")),
            other => {
                other?;
                self.tell(&[Topic::Integrations]);
                Ok(())
            }
        }
    }

    /// Decides about a cycle that stopped because it would have changed unusually much: it goes on, or what is to do is
    /// looked at anew.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if none has stopped.
    pub async fn decide_fuse(&self, id: IntegrationId, goes_on: bool) -> Result<(), EngineError> {
        let now = self.now();
        let _alone = self.inner.cycles.alone(id).await;
        let decided = self
            .inner
            .store
            .write(move |tx| fuse::decide(tx, id, goes_on, now))
            .await?;
        if !decided {
            return Err(EngineError::NotFound("question"));
        }
        self.inner.rhythm.mended(id);
        self.tell(&[Topic::Sync]);
        Ok(())
    }

    /// Fields that both sides changed and nobody has decided, the oldest first; at most 1,000.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn conflicts(
        &self,
        search: store::conflict::Search,
    ) -> Result<Vec<ConflictView>, EngineError> {
        let now = self.now();
        let found = self.inner.store.read(move |read| {
            let conflicts = store::conflict::found(read, &search, SHOWN_MAX)?;
            let views = conflicts
                .into_iter()
                .map(|found| conflict_view(read, found, now));
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
                let mut pending = parent::pending(read, &ground, &pair, &known)?;
                let undecided = store::conflict::of_link(read, pair.link.id)?;
                for (field, _) in undecided.into_iter().filter(|(_, is_loop)| *is_loop) {
                    pending.sends.retain(|sent| *sent != field);
                    pending.conflicts.push(field);
                }
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

fn conflict_view(
    read: &Read<'_>,
    conflict: Conflict,
    now: jiff::Timestamp,
) -> Result<Option<ConflictView>, StoreError> {
    let (Some(link), Some(item)) = (
        store::link::get(read, conflict.link)?,
        store::item::get(read, conflict.item)?,
    ) else {
        return Ok(None);
    };
    let memory = memory(read, &link, conflict.field)?;
    let turns = if conflict.is_loop {
        turns::loop_of(read, conflict.item, conflict.field, now)?
    } else {
        Vec::new()
    };
    Ok(Some(ConflictView {
        turns,
        here: item.value(conflict.field),
        title: item.title,
        key: link.seen.key,
        base: memory.base,
        there: memory.remote,
        conflict,
    }))
}

/// What a pair remembers of a field, or of the parent.
pub(super) fn memory(read: &Read<'_>, link: &Link, field: FieldKey) -> Result<Memory, StoreError> {
    let found = store::link_field::of_link(read, link.id)?.remove(&field);
    if field != PARENT {
        return Ok(found.unwrap_or_default());
    }
    let agreed = Value::part_of(link.base_parent);
    Ok(Memory {
        remote: found.map_or_else(|| agreed.clone(), |found| found.remote),
        base: Some(agreed),
    })
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
            let conflicts = store::conflict::of_link(tx, link.id)?;
            if conflicts.iter().any(|(other, _)| *other == field) {
                if winner == Side::Remote && !is_tellable(tx, &link, field)? {
                    return Ok(Err(EditRefusal::NoCounterpart.into()));
                }
                resolve(tx, &link, item, field, winner, now)?;
                return Ok(Ok(true));
            }
        }
        Ok(Ok(false))
    });
    decided.await?
}

/// Whether what Jira says of a field can stand here: what cannot is remembered in words. Of the parent words say that the
/// item stands at the top; another one it has to fit below.
pub(super) fn is_tellable(
    read: &Read<'_>,
    link: &Link,
    field: FieldKey,
) -> Result<bool, StoreError> {
    let there = memory(read, link, field)?.remote;
    if field == PARENT {
        let there = Value::part_of(there.parent());
        return Ok(fits_parent(read, link.item, &there)?.is_ok());
    }
    let in_words = matches!(there, Value::Text(_));
    let known = store::field::list(read)?;
    let holds_words = known
        .iter()
        .any(|known| known.key == field && matches!(known.kind, Kind::Text | Kind::LongText));
    Ok(!in_words || holds_words)
}

/// Both sides count as agreed on what Jira says. If Jira wins, that is also what stands here; if not, what stands here
/// differs from what was agreed, and is sent.
pub(super) fn resolve(
    tx: &WriteTx<'_>,
    link: &Link,
    item: ItemId,
    field: FieldKey,
    winner: Side,
    now: jiff::Timestamp,
) -> Result<(), StoreError> {
    let mut memory = memory(tx, link, field)?;
    if field == PARENT {
        // Below an issue that is no item here an item stands at the top.
        let there = Value::part_of(memory.remote.parent());
        if winner == Side::Remote {
            crate::edit::set(tx, item, PARENT, there.clone(), now)?;
        }
        store::link::set_base_parent(tx, link.id, there.parent())?;
    } else if winner == Side::Remote {
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
    if field != PARENT {
        let agreed = [(field, Some(&memory.remote), &memory.remote)];
        store::link_field::set(tx, link.id, agreed)?;
    }
    let (decided, left): (Vec<_>, Vec<_>) = store::conflict::of_link(tx, link.id)?
        .into_iter()
        .partition(|(other, _)| *other == field);
    if winner == Side::Workspace && decided.iter().any(|(_, is_loop)| *is_loop) {
        turns::note_decision(tx, item, field, now)?;
    }
    store::conflict::set(tx, link.id, &left, now)?;
    match link.integration {
        Some(integration) => store::due::mark_edited(tx, integration, &link.remote_id, now),
        None => Ok(()),
    }
}
