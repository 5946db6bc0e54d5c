//! Items that were deleted here, with their values and pairs: for bringing them back, and so that nothing takes their
//! issues for new ones.

use crate::code::Code as _;
use crate::error::StoreError;
use crate::sql::{Columns as _, Read, WriteTx, count, json_numbers, ms};
use crate::table::due;
use crate::table::link::{self, LinkState, SeverReason};
use jiff::Timestamp;
use rusqlite::params;
use std::collections::BTreeMap;
use workspace::{ItemId, ItemTypeId};

pub(crate) const V5: &str = "CREATE TABLE deleted_item (
-- An item as it was when it was deleted; columns as in item.
item_id      INTEGER PRIMARY KEY,
deletion     INTEGER NOT NULL,               -- items that went together have the same number
deleted_at   INTEGER NOT NULL,
parent_id    INTEGER,
item_type_id INTEGER NOT NULL,
area_id      INTEGER NOT NULL,
rank         TEXT    NOT NULL,
title        TEXT    NOT NULL,
title_key    TEXT    NOT NULL,
status_option     INTEGER,
importance_option INTEGER,
dev_status   TEXT    NOT NULL,
assignee     INTEGER,
dev_assignee INTEGER,
story_points REAL,
created_at   INTEGER NOT NULL,
updated_at   INTEGER NOT NULL,
field_values TEXT    NOT NULL                -- JSON of values by field
) STRICT;
CREATE INDEX deleted_item_deletion ON deleted_item (deletion);
CREATE TABLE deleted_link (
-- A pair of such an item; columns as in link.
link_id           INTEGER PRIMARY KEY,
item_id           INTEGER NOT NULL REFERENCES deleted_item (item_id) ON DELETE CASCADE,
integration_id    INTEGER REFERENCES integration (integration_id) ON DELETE SET NULL,
connection_id     INTEGER NOT NULL REFERENCES connection (connection_id) ON DELETE CASCADE,
remote_id         TEXT    NOT NULL,
remote_key        TEXT    NOT NULL,
remote_type       TEXT    NOT NULL,
remote_updated_at INTEGER,
severed_reason    TEXT    NOT NULL,          -- before the item was deleted
severed_at        INTEGER,
base_parent       INTEGER,
created_at        INTEGER NOT NULL,
dismissed         INTEGER NOT NULL DEFAULT 0,
memory            TEXT    NOT NULL           -- as in link_memory
) STRICT;
CREATE INDEX deleted_link_remote ON deleted_link (connection_id, remote_id);
CREATE INDEX deleted_link_item ON deleted_link (item_id)";

/// What bringing items back came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Restored {
    /// The items that are back.
    pub items: Vec<ItemId>,
    /// Pairs that are in force again: integrations (numbers) and issues (ids).
    pub linked: Vec<(crate::IntegrationId, String)>,
}

/// Deletes items, and keeps what they were. Gives the number of the deletion, by which they come back. What hangs below
/// them must be among them.
///
/// # Errors
/// [`StoreError::HasChildren`] if items that are to stay are part of them.
pub fn delete(tx: &WriteTx<'_>, ids: &[ItemId], now: Timestamp) -> Result<i64, StoreError> {
    let list = json_numbers(ids.iter().map(|id| id.0));
    let last = tx.number("SELECT ifnull(max(deletion), 0) FROM deleted_item", [])?;
    let deletion = last + 1;
    tx.run(
        "INSERT INTO deleted_item (item_id, deletion, deleted_at, parent_id, item_type_id, area_id, rank, title,
         title_key, status_option, importance_option, dev_status, assignee, dev_assignee, story_points,
         created_at, updated_at, field_values)
         SELECT item_id, ?2, ?3, parent_id, item_type_id, area_id, rank, title, title_key, status_option,
         importance_option, dev_status, assignee, dev_assignee, story_points, created_at, updated_at,
         ifnull((SELECT held FROM item_values WHERE item_values.item_id = item.item_id), '{}')
         FROM item WHERE item_id IN (SELECT value FROM json_each(?1))",
        params![list, deletion, ms(Some(now))],
    )?;
    tx.run(
        "INSERT INTO deleted_link (link_id, item_id, integration_id, connection_id, remote_id, remote_key,
         remote_type, remote_updated_at, severed_reason, severed_at, base_parent, created_at, memory)
         SELECT link_id, item_id, integration_id, connection_id, remote_id, remote_key, remote_type,
         remote_updated_at, severed_reason, severed_at, base_parent, created_at,
         ifnull((SELECT memory FROM link_memory WHERE link_memory.link_id = link.link_id), '{}')
         FROM link WHERE item_id IN (SELECT value FROM json_each(?1))",
        [&list],
    )?;
    tx.run(
        "DELETE FROM absence WHERE (integration_id, remote_id) IN (
           SELECT integration_id, remote_id FROM link
           WHERE item_id IN (SELECT value FROM json_each(?1)) AND severed_reason = '')",
        [&list],
    )?;
    for link in link::by_items(tx, ids)?.into_values().flatten() {
        if let (LinkState::Linked, Some(integration)) = (link.state, link.integration) {
            due::release(tx, integration, &link.remote_id, now)?;
        }
    }
    super::item::delete(tx, ids)?;
    Ok(deletion)
}

/// Brings back what one deletion took. An item whose parent or area is gone comes to the top, or to `area`. A pair that
/// was in force is so again, unless its issue, or the project's integration, went other ways since.
///
/// # Errors
/// [`StoreError::NotFound`] if there is no such deletion, or it was taken back already.
pub fn restore(
    tx: &WriteTx<'_>,
    deletion: i64,
    area: workspace::AreaId,
) -> Result<Restored, StoreError> {
    let items: Vec<ItemId> = tx.all(
        "SELECT item_id FROM deleted_item WHERE deletion = ?1 ORDER BY item_id",
        [deletion],
        |row| Ok(ItemId(row.get(0)?)),
    )?;
    if items.is_empty() {
        return Err(StoreError::not_found("deletion", deletion));
    }
    tx.run(
        "INSERT INTO item (item_id, parent_id, item_type_id, area_id, rank, title, title_key, status_option,
         importance_option, dev_status, assignee, dev_assignee, story_points, created_at, updated_at)
         SELECT item_id,
         iif(parent_id IN (SELECT item_id FROM item)
           OR parent_id IN (SELECT item_id FROM deleted_item WHERE deletion = ?1), parent_id, NULL),
         item_type_id, iif(area_id IN (SELECT area_id FROM area), area_id, ?2), rank, title, title_key,
         status_option, importance_option, dev_status, assignee, dev_assignee, story_points, created_at,
         updated_at FROM deleted_item WHERE deletion = ?1",
        params![deletion, area.0],
    )?;
    tx.run(
        "INSERT INTO item_values (item_id, held)
         SELECT item_id, field_values FROM deleted_item WHERE deletion = ?1",
        [deletion],
    )?;
    let linked = restore_links(tx, deletion)?;
    tx.run("DELETE FROM deleted_item WHERE deletion = ?1", [deletion])?;
    for &item in &items {
        link::rewrite_keys(tx, item)?;
    }
    Ok(Restored { items, linked })
}

fn restore_links(
    tx: &WriteTx<'_>,
    deletion: i64,
) -> Result<Vec<(crate::IntegrationId, String)>, StoreError> {
    let of_deletion = "item_id IN (SELECT item_id FROM deleted_item WHERE deletion = ?1)";
    // A pair whose issue went other ways, or whose integration is gone, stays severed.
    let apart = "integration_id IS NULL OR EXISTS (SELECT 1 FROM link AS other
        WHERE other.connection_id = deleted_link.connection_id
        AND other.remote_id = deleted_link.remote_id AND other.severed_reason = '')";
    tx.run(
        &format!(
            "INSERT INTO link (link_id, item_id, integration_id, connection_id, remote_id, remote_key, remote_type,
             remote_updated_at, severed_reason, severed_at, base_parent, created_at)
             SELECT link_id, item_id, integration_id, connection_id, remote_id, remote_key, remote_type,
             remote_updated_at, iif(severed_reason = '' AND ({apart}), ?2, severed_reason), severed_at,
             base_parent, created_at FROM deleted_link WHERE {of_deletion}"
        ),
        params![deletion, SeverReason::DeletedHere.code()],
    )?;
    tx.run(
        &format!(
            "INSERT INTO link_memory (link_id, memory)
             SELECT link_id, memory FROM deleted_link WHERE {of_deletion}"
        ),
        [deletion],
    )?;
    tx.all(
        &format!(
            "SELECT integration_id, remote_id FROM link
             WHERE severed_reason = '' AND integration_id IS NOT NULL AND link_id IN (
               SELECT link_id FROM deleted_link WHERE {of_deletion}) ORDER BY link_id"
        ),
        [deletion],
        |row| Ok((crate::IntegrationId(row.get(0)?), row.get(1)?)),
    )
}

/// Forgets that an issue was linked to an item that was deleted: it may become a new one.
///
/// # Errors
/// What the database meets.
pub fn forget_link(tx: &WriteTx<'_>, link: crate::LinkId) -> Result<(), StoreError> {
    tx.run("DELETE FROM deleted_link WHERE link_id = ?1", [link.0])?;
    Ok(())
}

/// By which number the deletion of an item is taken back; none if it is not among the deleted ones.
///
/// # Errors
/// What the database meets.
pub fn deletion_of(read: &Read<'_>, item: ItemId) -> Result<Option<i64>, StoreError> {
    read.one(
        "SELECT deletion FROM deleted_item WHERE item_id = ?1",
        [item.0],
        |row| Ok(row.get(0)?),
    )
}

/// What an item that was deleted was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Its type.
    pub item_type: ItemTypeId,
    /// Its title.
    pub title: String,
}

/// What items were, those of them that were deleted.
///
/// # Errors
/// What the database meets.
pub fn gone(read: &Read<'_>, items: &[ItemId]) -> Result<BTreeMap<ItemId, Gone>, StoreError> {
    let list = json_numbers(items.iter().map(|id| id.0));
    let found = read.all(
        "SELECT item_id, item_type_id, title FROM deleted_item
         WHERE item_id IN (SELECT value FROM json_each(?1))",
        [list],
        |row| {
            let gone = Gone {
                item_type: ItemTypeId(row.get(1)?),
                title: row.get(2)?,
            };
            Ok((ItemId(row.get(0)?), gone))
        },
    )?;
    Ok(found.into_iter().collect())
}

/// How many items one deletion took.
///
/// # Errors
/// What the database meets.
pub fn count_of(read: &Read<'_>, deletion: i64) -> Result<u64, StoreError> {
    read.number(
        "SELECT count(*) FROM deleted_item WHERE deletion = ?1",
        [deletion],
    )
    .map(count)
}

/// When an item was deleted.
///
/// # Errors
/// What the database meets.
pub fn deleted_at(read: &Read<'_>, item: ItemId) -> Result<Option<Timestamp>, StoreError> {
    read.one(
        "SELECT deleted_at FROM deleted_item WHERE item_id = ?1",
        [item.0],
        |row| row.moment(0),
    )
}
