//! Taking back what a run wrote, newest first. What somebody changed since is left as it is and counted.

use crate::error::EngineError;
use jiff::Timestamp;
use std::collections::BTreeMap;
use store::journal::{Change, Entry};
use store::link_field::Memory;
use store::{JournalSeq, RunId, Store, StoreError, WriteTx};
use workspace::{FieldKey, ItemId};

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
/// where it was. None when all is done.
///
/// # Errors
/// What the database meets.
pub async fn batch(
    store: &Store,
    run: RunId,
    now: Timestamp,
) -> Result<Option<Undone>, EngineError> {
    let outcome = store.write(move |tx| take_back(tx, run, now)).await?;
    Ok(outcome)
}

fn take_back(tx: &WriteTx<'_>, run: RunId, now: Timestamp) -> Result<Option<Undone>, StoreError> {
    let (mut progress, before) = progress(tx, run)?;
    let entries = store::journal::undo_rows(tx, run, before, BATCH)?;
    let Some(last) = entries.last().map(|entry| entry.seq) else {
        return Ok(None);
    };
    for entry in &entries {
        if undo(tx, entry, now)? {
            progress.undone += 1;
        } else {
            progress.kept += 1;
        }
    }
    let text = format!("{} {} {}", last.0, progress.undone, progress.kept);
    store::setting::set(tx, &key(run), &text)?;
    Ok(Some(progress))
}

/// How far the undoing of a run has come, from the database.
///
/// # Errors
/// What the database meets.
pub fn progress(
    read: &store::Read<'_>,
    run: RunId,
) -> Result<(Undone, Option<JournalSeq>), StoreError> {
    let Some(text) = store::setting::get(read, &key(run))? else {
        return Ok((Undone::default(), None));
    };
    let mut numbers = text.split(' ').map(str::parse::<i64>);
    let mut next = || numbers.next().and_then(Result::ok);
    let before = next().map(JournalSeq);
    let count = |number: Option<i64>| {
        number
            .and_then(|number| u64::try_from(number).ok())
            .unwrap_or(0)
    };
    Ok((
        Undone {
            undone: count(next()),
            kept: count(next()),
        },
        before,
    ))
}

fn key(run: RunId) -> String {
    format!("run.{}.undo", run.0)
}

/// Takes one entry back; false if it was left as it is.
fn undo(tx: &WriteTx<'_>, entry: &Entry, now: Timestamp) -> Result<bool, StoreError> {
    let Some(item) = store::item::get(tx, entry.item)? else {
        return Ok(false);
    };
    let own = own_entries(tx, entry)?;
    let made_here = own.iter().any(|entry| entry.change == Change::Created);
    match &entry.change {
        Change::Created => remove(tx, entry, &own),
        // What the run later did to an item that it made itself goes with the item. Writing it back first
        // would make the item look as if somebody had changed it.
        _ if made_here => Ok(true),
        Change::Field {
            field,
            before,
            after,
        } => {
            if !item.value(*field).equal_enough(after) {
                return Ok(false);
            }
            let values = BTreeMap::from([(*field, before.clone())]);
            store::item::set_values(tx, item.id, &values, now)?;
            rebase(tx, item.id, *field, before)?;
            Ok(true)
        }
        Change::Parent { before, after } => {
            if item.parent != *after {
                return Ok(false);
            }
            store::item::set_parent(tx, item.id, *before, now)?;
            Ok(true)
        }
        Change::Type { before, after } => {
            if item.item_type != *after {
                return Ok(false);
            }
            store::item::set_type(tx, item.id, *before, now)?;
            Ok(true)
        }
    }
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

/// The two sides agree again on what stood there before; what the remote says counts as its change, and
/// the next import offers it again.
fn rebase(
    tx: &WriteTx<'_>,
    item: ItemId,
    field: FieldKey,
    base: &workspace::Value,
) -> Result<(), StoreError> {
    for link in store::link::by_item(tx, item)? {
        let memory = store::link_field::of_link(tx, link.id)?.remove(&field);
        if let Some(memory) = memory {
            let memory = Memory {
                base: Some(base.clone()),
                remote: memory.remote,
            };
            store::link_field::set(tx, link.id, [(field, &memory)])?;
        }
    }
    Ok(())
}
