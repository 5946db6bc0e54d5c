//! Taking back what a run wrote, newest first. What somebody changed since is left as it is and counted.

use crate::error::EngineError;
use jiff::Timestamp;
use std::collections::BTreeMap;
use store::journal::{Base, Change, Entry};
use store::link::{Link, LinkState, Seen};
use store::run::UndoProgress;
use store::{IntegrationId, JournalSeq, RunId, Store, StoreError, WriteTx};
use workspace::{FieldKey, ItemId, Value};

const BATCH: u32 = 200;
/// Entries of one item that are looked at: far more than one run writes.
const ENTRIES_MAX: u32 = 1000;

/// How far an undoing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Undone {
    /// Entries taken back.
    pub undone: u64,
    /// Entries left as they are.
    pub kept: u64,
}

/// Takes back one batch. Progress stands in the database in the same transaction, so that a crash goes on
/// where it was. None when all is done. If one of the entries offends the database, they are taken back one
/// by one, and the offender is left as it is.
///
/// # Errors
/// What the database meets, where it is not the fault of an entry.
pub async fn batch(
    store: &Store,
    run: RunId,
    now: Timestamp,
) -> Result<Option<Undone>, EngineError> {
    match store.write(move |tx| take_back(tx, run, BATCH, now)).await {
        Err(StoreError::Constraint { .. }) => one_by_one(store, run, now).await,
        other => Ok(other?),
    }
}

async fn one_by_one(
    store: &Store,
    run: RunId,
    now: Timestamp,
) -> Result<Option<Undone>, EngineError> {
    let mut last = None;
    for _ in 0..BATCH {
        let taken = match store.write(move |tx| take_back(tx, run, 1, now)).await {
            Err(StoreError::Constraint { what, .. }) => {
                tracing::info!(run = run.0, what, "a change could not be taken back");
                store.write(move |tx| keep_next(tx, run)).await?
            }
            other => other?,
        };
        if taken.is_none() {
            break;
        }
        last = taken;
    }
    Ok(last)
}

fn take_back(
    tx: &WriteTx<'_>,
    run: RunId,
    limit: u32,
    now: Timestamp,
) -> Result<Option<Undone>, StoreError> {
    let (mut progress, before) = progress(tx, run)?;
    let entries = store::journal::undo_rows(tx, run, before, limit)?;
    let Some(last) = entries.last().map(|entry| entry.seq) else {
        return Ok(None);
    };
    let integration = store::run::get(tx, run)?.map(|run| run.integration);
    for entry in &entries {
        if undo(tx, integration, entry, now)? {
            progress.undone += 1;
        } else {
            progress.kept += 1;
        }
    }
    keep_progress(tx, run, last, progress)?;
    Ok(Some(progress))
}

/// Leaves the next entry as it is.
fn keep_next(tx: &WriteTx<'_>, run: RunId) -> Result<Option<Undone>, StoreError> {
    let (mut progress, before) = progress(tx, run)?;
    let entries = store::journal::undo_rows(tx, run, before, 1)?;
    let Some(last) = entries.last().map(|entry| entry.seq) else {
        return Ok(None);
    };
    progress.kept += 1;
    keep_progress(tx, run, last, progress)?;
    Ok(Some(progress))
}

fn keep_progress(
    tx: &WriteTx<'_>,
    run: RunId,
    last: JournalSeq,
    progress: Undone,
) -> Result<(), StoreError> {
    let undo = UndoProgress {
        place: Some(last),
        undone: progress.undone,
        kept: progress.kept,
    };
    store::run::set_undo(tx, run, &undo)
}

/// How far the undoing of a run has come.
fn progress(
    read: &store::Read<'_>,
    run: RunId,
) -> Result<(Undone, Option<JournalSeq>), StoreError> {
    let undo = store::run::get(read, run)?.map(|run| run.undo);
    let undo = undo.unwrap_or_default();
    Ok((undo.into(), undo.place))
}

impl From<UndoProgress> for Undone {
    fn from(undo: UndoProgress) -> Self {
        Self {
            undone: undo.undone,
            kept: undo.kept,
        }
    }
}

/// Takes one entry back; false if it was left as it is.
fn undo(
    tx: &WriteTx<'_>,
    integration: Option<IntegrationId>,
    entry: &Entry,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(item) = store::item::get(tx, entry.item)? else {
        return Ok(false);
    };
    let own = own_entries(tx, entry)?;
    let made_here = own.iter().any(|entry| entry.change == Change::Created);
    let link = || link_of(tx, integration, item.id);
    match &entry.change {
        Change::Created => remove(tx, entry, &own),
        // No run does these.
        Change::Deleted | Change::Restored | Change::Severed { .. } | Change::Relinked { .. } => {
            Ok(false)
        }
        // What the run later did to an item that it made itself goes with the item. Writing it back first
        // would make the item look as if somebody had changed it.
        _ if made_here => Ok(true),
        Change::Field {
            field,
            before,
            after,
            base,
        } => {
            if !item.value(*field).equal_enough(after) {
                return Ok(false);
            }
            let values = BTreeMap::from([(*field, before.clone())]);
            store::item::set_values(tx, item.id, &values, now)?;
            if let Some(link) = link()? {
                let base = match base {
                    Base::Was(base) => base.as_ref(),
                    Base::Untold => Some(before),
                };
                rebase(tx, &link, *field, base)?;
            }
            Ok(true)
        }
        Change::Parent {
            before,
            after,
            base,
        } => {
            let gone = match before {
                Some(parent) => store::item::updated_at(tx, *parent)?.is_none(),
                None => false,
            };
            if gone || item.parent != *after {
                return Ok(false);
            }
            store::item::set_parent(tx, item.id, *before, now)?;
            if let (Base::Was(base), Some(link)) = (base, link()?) {
                store::link::set_base_parent(tx, link.id, *base)?;
            }
            Ok(true)
        }
        Change::Type {
            before,
            after,
            base,
        } => {
            if item.item_type != *after {
                return Ok(false);
            }
            store::item::set_type(tx, item.id, *before, now)?;
            if let (Base::Was(base), Some(link)) = (base, link()?) {
                let seen = Seen {
                    remote_type: base.clone(),
                    ..link.seen
                };
                store::link::set_seen(tx, link.id, &seen)?;
            }
            Ok(true)
        }
    }
}

/// The item's pair through the integration that the run belonged to.
fn link_of(
    tx: &WriteTx<'_>,
    integration: Option<IntegrationId>,
    item: ItemId,
) -> Result<Option<Link>, StoreError> {
    let links = store::link::by_item(tx, item)?;
    Ok(links.into_iter().find(|link| {
        link.state == LinkState::Linked
            && link.integration.is_some()
            && link.integration == integration
    }))
}

/// What the same run did to the same item.
fn own_entries(tx: &WriteTx<'_>, entry: &Entry) -> Result<Vec<Entry>, StoreError> {
    let all = store::journal::of_item(tx, entry.item, ENTRIES_MAX)?;
    Ok(all
        .into_iter()
        .filter(|other| other.run == entry.run)
        .collect())
}

/// Removes an item that the run made, unless somebody changed it since the run last did, or put others
/// below it.
fn remove(tx: &WriteTx<'_>, entry: &Entry, own: &[Entry]) -> Result<bool, StoreError> {
    let last = own.iter().map(|entry| entry.at).max().unwrap_or(entry.at);
    let changed_at = store::item::updated_at(tx, entry.item)?;
    if changed_at.is_none_or(|changed_at| changed_at > last) {
        return Ok(false);
    }
    match store::item::delete(tx, &[entry.item]) {
        Ok(_) => Ok(true),
        Err(StoreError::HasChildren { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Both sides agree again on what they had agreed on before the change; what the remote says counts as its
/// change, and the next import offers it again.
fn rebase(
    tx: &WriteTx<'_>,
    link: &Link,
    field: FieldKey,
    base: Option<&Value>,
) -> Result<(), StoreError> {
    match store::link_field::of_link(tx, link.id)?.remove(&field) {
        Some(memory) => store::link_field::set(tx, link.id, [(field, base, &memory.remote)]),
        None => Ok(()),
    }
}
