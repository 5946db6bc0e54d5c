//! Making an item here, and taking that back.

use crate::edit::EditRefusal;
use crate::error::EngineError;
use crate::{Engine, Topic};
use std::collections::BTreeMap;
use store::journal::{Change, Origin};
use store::{Read, StoreError, WriteTx};
use workspace::{AreaId, ItemId, ItemTypeId, Rank};

/// An item that somebody wants to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemDraft {
    /// Its title.
    pub title: String,
    /// Its type.
    pub item_type: ItemTypeId,
    /// The item that it is to be part of; none for the top.
    pub parent: Option<ItemId>,
    /// Where it is to lie; none for where its parent lies, or the workspace's first area.
    pub area: Option<AreaId>,
}

impl Engine {
    /// Makes an item, the last among its siblings. It has no issue until somebody pushes it.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Edit`] for a title that is none, or a parent that stands on no higher
    /// level.
    pub async fn create_item(&self, draft: ItemDraft) -> Result<ItemId, EngineError> {
        let now = self.now();
        let made = self
            .inner
            .store
            .write(move |tx| create(tx, &draft, now))
            .await?;
        let item = made?;
        self.tell(&[Topic::Items]);
        Ok(item)
    }

    /// Takes back that an item was made here: it goes, with what was written in it since.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if it is gone or was not made here; [`EngineError::EditOvertaken`] if it has an issue or
    /// is to have one, or others are part of it.
    pub async fn undo_create_item(&self, item: ItemId) -> Result<(), EngineError> {
        let undone = self.inner.store.write(move |tx| remove(tx, item)).await?;
        undone?;
        self.tell(&[Topic::Items]);
        Ok(())
    }
}

/// Makes an item.
///
/// # Errors
/// What the database meets.
pub(crate) fn create(
    tx: &WriteTx<'_>,
    draft: &ItemDraft,
    now: jiff::Timestamp,
) -> Result<Result<ItemId, EngineError>, StoreError> {
    let title = draft.title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return Ok(Err(EditRefusal::NoTitle.into()));
    }
    let Some(depth) = depth(tx, draft.item_type)? else {
        return Ok(Err(EngineError::NotFound("type")));
    };
    let mut area = draft.area;
    if let Some(parent) = draft.parent {
        let Some(parent) = store::item::get(tx, parent)? else {
            return Ok(Err(EngineError::NotFound("item")));
        };
        if self::depth(tx, parent.item_type)?.is_none_or(|above| above >= depth) {
            return Ok(Err(EditRefusal::ParentLevel.into()));
        }
        area = area.or(Some(parent.area));
    }
    let known = store::area::list(tx)?;
    let first = known.iter().find(|area| area.parent.is_none());
    let Some(area) = area.or(first.map(|area| area.id)) else {
        return Ok(Err(EngineError::NotFound("product area")));
    };
    if !known.iter().any(|known| known.id == area) {
        return Ok(Err(EngineError::NotFound("product area")));
    }
    let last = store::item::last_rank_in(tx, draft.parent)?;
    let new = store::item::NewItem {
        item_type: draft.item_type,
        title,
        parent: draft.parent,
        area,
        rank: Rank::between(last.as_ref(), None),
        created_at: now,
        values: BTreeMap::new(),
    };
    let item = store::item::insert(tx, &new)?;
    store::journal::append_single(tx, Origin::Here, &[(item, Change::Created)], now)?;
    Ok(Ok(item))
}

/// Depth of a type's level, from the top; none if there is no such type.
pub(crate) fn depth(read: &Read<'_>, item_type: ItemTypeId) -> Result<Option<u8>, StoreError> {
    let types = store::item_type::list(read)?;
    let Some(found) = types.iter().find(|known| known.id == item_type) else {
        return Ok(None);
    };
    let levels = store::level::list(read)?;
    let level = levels.iter().find(|level| level.id == found.level);
    Ok(level.map(|level| level.depth))
}

fn remove(tx: &WriteTx<'_>, item: ItemId) -> Result<Result<(), EngineError>, StoreError> {
    // What was written in it since stands before that in the journal.
    let entries = store::journal::of_item(tx, item, u32::MAX)?;
    let is_made_here = entries
        .iter()
        .any(|entry| entry.origin == Origin::Here && entry.change == Change::Created);
    if !is_made_here || store::item::updated_at(tx, item)?.is_none() {
        return Ok(Err(EngineError::NotFound("item")));
    }
    let has_issue = !store::link::by_item(tx, item)?.is_empty();
    if has_issue || !store::create_intent::of_items(tx, &[item])?.is_empty() {
        return Ok(Err(EngineError::EditOvertaken));
    }
    match store::item::delete(tx, &[item]) {
        Ok(_) => Ok(Ok(())),
        Err(StoreError::HasChildren { .. }) => Ok(Err(EngineError::EditOvertaken)),
        Err(error) => Err(error),
    }
}
