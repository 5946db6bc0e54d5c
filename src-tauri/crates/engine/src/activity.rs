//! Activity: everything that changed, where it came from, and taking it back.

use crate::cycle::PARENT;
use crate::edit::{fits_parent, is_held, of_field, references, set};
use crate::error::EngineError;
use crate::{Engine, Topic};
use std::collections::BTreeMap;
use store::deleted_item::Gone;
use store::journal::{Change, Entry, JournalFilter};
use store::link::Link;
use store::run::{Run, RunKind, RunState};
use store::{JournalSeq, Read, RunId, StoreError, WriteTx};
use workspace::ItemId;

/// Entries taken back in one transaction.
const AT_ONCE: u32 = 500;

/// Changes, the newest first, with all that they are shown with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Activity {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Titles of the items that are still there: those of the entries and those that they name.
    pub titles: BTreeMap<ItemId, String>,
    /// What those were that are not.
    pub gone: BTreeMap<ItemId, Gone>,
    /// The pairs of the entries' items, in force or severed; of several the newest.
    pub links: BTreeMap<ItemId, Link>,
    /// The runs that the entries are part of.
    pub runs: BTreeMap<RunId, Run>,
    /// What to give as `before` for the next page; none at the end.
    pub next: Option<JournalSeq>,
}

/// What taking back a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TakenBack {
    /// Changes that were taken back.
    pub undone: u64,
    /// Changes that stay: somebody changed the field again since, or it is none that can be taken back by itself.
    pub kept: u64,
}

impl Engine {
    /// A page of what changed, the newest first, from the first entry before `before`.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn activity(
        &self,
        filter: JournalFilter,
        before: Option<JournalSeq>,
        limit: u32,
    ) -> Result<Activity, EngineError> {
        let found = self.inner.store.read(move |read| {
            let entries = store::journal::page(read, &filter, before, limit)?;
            let full = entries.len() == limit as usize;
            let next = entries.last().map(|entry| entry.seq).filter(|_| full);
            dressed(read, entries, next)
        });
        Ok(found.await?)
    }

    /// Takes back what a cycle brought in from Jira: the items hold again what they held, except what somebody changed
    /// since. As with any edit, that is then sent, where the mapping lets it be.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::RunState`] if it is no cycle that has ended.
    pub async fn take_back_cycle(&self, run: RunId) -> Result<TakenBack, EngineError> {
        let found = self
            .inner
            .store
            .read(move |read| store::run::get(read, run))
            .await?;
        let found = found.ok_or(EngineError::NotFound("run"))?;
        if found.kind != RunKind::Pull || found.state != RunState::Done {
            return Err(EngineError::RunState("no cycle that has ended"));
        }
        let (mut taken, mut before) = (TakenBack::default(), None);
        loop {
            let now = self.now();
            let (some, last) = self
                .inner
                .store
                .write(move |tx| take_back_some(tx, run, before, now))
                .await?;
            taken.undone += some.undone;
            taken.kept += some.kept;
            match last {
                Some(last) => before = Some(last),
                None => break,
            }
        }
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(taken)
    }
}

fn dressed(
    read: &Read<'_>,
    entries: Vec<Entry>,
    next: Option<JournalSeq>,
) -> Result<Activity, StoreError> {
    let mut items: Vec<ItemId> = entries.iter().map(|entry| entry.item).collect();
    items.sort_unstable();
    items.dedup();
    let mut links = BTreeMap::new();
    for (item, found) in store::link::by_items(read, &items)? {
        if let Some(newest) = found.into_iter().max_by_key(|link| link.id) {
            links.insert(item, newest);
        }
    }
    for entry in &entries {
        match &entry.change {
            Change::Parent { before, after, .. } => items.extend(before.iter().chain(after)),
            Change::Field { before, after, .. } => {
                let ends = [before, after].into_iter().flat_map(references);
                items.extend(ends.map(|end| end.item));
            }
            _ => {}
        }
    }
    let titles = store::item::get_many(read, &items)?
        .into_iter()
        .map(|item| (item.id, item.title))
        .collect();
    let gone = store::deleted_item::gone(read, &items)?;
    let mut runs = BTreeMap::new();
    for id in entries.iter().filter_map(|entry| entry.run) {
        if let std::collections::btree_map::Entry::Vacant(place) = runs.entry(id)
            && let Some(run) = store::run::get(read, id)?
        {
            place.insert(run);
        }
    }
    Ok(Activity {
        entries,
        titles,
        gone,
        links,
        runs,
        next,
    })
}

fn take_back_some(
    tx: &WriteTx<'_>,
    run: RunId,
    before: Option<JournalSeq>,
    now: jiff::Timestamp,
) -> Result<(TakenBack, Option<JournalSeq>), StoreError> {
    let entries = store::journal::undo_rows(tx, run, before, AT_ONCE)?;
    let mut taken = TakenBack::default();
    for entry in &entries {
        let is_undone = match of_field(entry.clone()) {
            Some((item, field, before, after)) => {
                let holds = store::item::value(tx, item, field)?;
                let stands = holds.as_ref() == Some(&after)
                    && may_hold(field, &before)
                    && is_held(tx, field, &before)?
                    && (field != PARENT || fits_parent(tx, item, &before)?.is_ok());
                if stands {
                    set(tx, item, field, before, now)?;
                }
                stands
            }
            None => false,
        };
        if is_undone {
            taken.undone += 1;
        } else {
            taken.kept += 1;
        }
    }
    Ok((taken, entries.last().map(|entry| entry.seq)))
}

/// An item is never without a title.
pub(crate) fn may_hold(field: workspace::FieldKey, value: &workspace::Value) -> bool {
    field != workspace::FieldKey::System(workspace::SystemField::Title) || !value.is_none()
}
