//! Deleting items here. Their issues stay as they are, and are not taken for new ones.

use crate::error::EngineError;
use crate::{Engine, Topic};
use jiff::Timestamp;
use store::journal::{Change, Origin};
use store::link::{LinkState, SeverReason};
use store::{StoreError, WriteTx};
use workspace::ItemId;

/// What a deletion did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deleted {
    /// Items that went, those below the chosen ones included.
    pub items: u64,
    /// Issues that were linked to them and stay in Jira.
    pub issues: u64,
    /// Takes it back when given to [`Engine::undo_deletion`].
    pub undo: i64,
}

/// What would go with some items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletionExtent {
    /// Items, those below the chosen ones included.
    pub items: u64,
    /// Issues that are linked to them.
    pub issues: u64,
}

impl Engine {
    /// What a deletion of some items would take: they go with all that is below them.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn deletion_extent(&self, ids: &[ItemId]) -> Result<DeletionExtent, EngineError> {
        let ids = ids.to_vec();
        let extent = self.inner.store.read(move |read| {
            let all = store::item::with_descendants(read, &ids)?;
            let links = store::link::by_items(read, &all)?.into_values().flatten();
            let linked = links.filter(|link| link.state == LinkState::Linked);
            Ok(DeletionExtent {
                items: all.len() as u64,
                issues: linked.count() as u64,
            })
        });
        Ok(extent.await?)
    }

    /// Deletes items with all that is below them. Their pairs are severed; the issues stay as they are.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if one of them is not there.
    pub async fn delete_items(&self, ids: &[ItemId]) -> Result<Deleted, EngineError> {
        let (ids, now) = (ids.to_vec(), self.now());
        let deleted = self
            .inner
            .store
            .write(move |tx| delete(tx, &ids, now))
            .await?;
        let deleted = deleted.ok_or(EngineError::NotFound("item"))?;
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(deleted)
    }

    /// Brings back what a deletion took. Items that were linked are so again, unless their issues were linked to others
    /// since. Gives how many items are back.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if it was taken back already.
    pub async fn undo_deletion(&self, undo: i64) -> Result<u64, EngineError> {
        let now = self.now();
        let restored = self
            .inner
            .store
            .write(move |tx| restore(tx, undo, now))
            .await;
        let restored = match restored {
            Err(StoreError::NotFound { .. }) => return Err(EngineError::NotFound("deletion")),
            other => other?,
        };
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(restored)
    }
}

/// As [`Engine::delete_items`]; none if one of the items is not there.
pub(crate) fn delete(
    tx: &WriteTx<'_>,
    ids: &[ItemId],
    now: Timestamp,
) -> Result<Option<Deleted>, StoreError> {
    let all = store::item::with_descendants(tx, ids)?;
    for id in &all {
        if store::item::updated_at(tx, *id)?.is_none() {
            return Ok(None);
        }
    }
    if all.is_empty() {
        return Ok(None);
    }
    let (mut changes, mut issues) = (Vec::new(), 0);
    let links = store::link::by_items(tx, &all)?;
    for &item in &all {
        for link in links.get(&item).into_iter().flatten() {
            if link.state == LinkState::Linked {
                issues += 1;
                let change = Change::Severed {
                    key: link.seen.key.clone(),
                    reason: SeverReason::DeletedHere,
                };
                changes.push((item, change));
            }
        }
        changes.push((item, Change::Deleted));
    }
    let undo = store::deleted_item::delete(tx, &all, now)?;
    store::journal::append_single(tx, Origin::Here, &changes, now)?;
    Ok(Some(Deleted {
        items: all.len() as u64,
        issues,
        undo,
    }))
}

/// As [`Engine::undo_deletion`].
pub(crate) fn restore(tx: &WriteTx<'_>, undo: i64, now: Timestamp) -> Result<u64, StoreError> {
    let area = store::area::ensure(tx, None, workspace::area::IMPORTED)?;
    let restored = store::deleted_item::restore(tx, undo, area)?;
    let mut changes: Vec<(ItemId, Change)> = restored
        .items
        .iter()
        .map(|item| (*item, Change::Restored))
        .collect();
    for (integration, issue) in &restored.linked {
        // What happened on either side meanwhile is looked at as always: what both had agreed on was kept.
        store::due::mark_edited(tx, *integration, issue, now)?;
    }
    for (item, links) in store::link::by_items(tx, &restored.items)? {
        let linked = links.into_iter();
        let linked = linked.filter(|link| link.state == LinkState::Linked);
        changes.extend(linked.map(|link| {
            let key = link.seen.key;
            (item, Change::Relinked { key })
        }));
    }
    store::journal::append_single(tx, Origin::Here, &changes, now)?;
    Ok(restored.items.len() as u64)
}
