//! Types of item.

use crate::error::StoreError;
use crate::sql::{Read, WriteTx};
use rusqlite::params;
use workspace::{ItemType, ItemTypeId, LevelId};

pub(crate) const V1: &str = "CREATE TABLE item_type (
-- A type of item. Several may stand on one level.
item_type_id INTEGER PRIMARY KEY AUTOINCREMENT,
level_id     INTEGER NOT NULL REFERENCES level (level_id),
position     INTEGER NOT NULL DEFAULT 0,    -- among the types of the level
singular     TEXT    NOT NULL CHECK (singular <> ''),
plural       TEXT    NOT NULL CHECK (plural <> ''),
icon         TEXT    NOT NULL DEFAULT '',
colour       TEXT    NOT NULL DEFAULT ''
) STRICT";

/// All types, by level from the top down, and on a level in their order.
///
/// # Errors
/// What the database meets.
pub fn list(read: &Read<'_>) -> Result<Vec<ItemType>, StoreError> {
    read.all(
        "SELECT item_type_id, level_id, item_type.singular, item_type.plural, icon, colour
         FROM item_type JOIN level USING (level_id) ORDER BY depth, position, item_type_id",
        [],
        |row| {
            Ok(ItemType {
                id: ItemTypeId(row.get(0)?),
                level: LevelId(row.get(1)?),
                singular: row.get(2)?,
                plural: row.get(3)?,
                icon: row.get(4)?,
                colour: row.get(5)?,
            })
        },
    )
}

/// A type that does not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewItemType {
    /// The level that its items stand on.
    pub level: LevelId,
    /// Name of one.
    pub singular: String,
    /// Name of many.
    pub plural: String,
    /// Name of an icon in the interface's set.
    pub icon: String,
    /// A named colour of the interface's palette.
    pub colour: String,
}

/// Adds a type, last on its level.
///
/// # Errors
/// [`StoreError::Constraint`] for an empty name or a level that does not exist.
pub fn create(tx: &WriteTx<'_>, new: &NewItemType) -> Result<ItemTypeId, StoreError> {
    tx.insert(
        "INSERT INTO item_type (level_id, position, singular, plural, icon, colour)
         VALUES (?1, (SELECT count(*) FROM item_type WHERE level_id = ?1), ?2, ?3, ?4, ?5)",
        params![new.level.0, new.singular, new.plural, new.icon, new.colour],
    )
    .map(ItemTypeId)
}

/// Gives a type other names.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] for an empty name.
pub fn rename(
    tx: &WriteTx<'_>,
    id: ItemTypeId,
    singular: &str,
    plural: &str,
) -> Result<(), StoreError> {
    tx.change(
        "item type",
        id,
        "UPDATE item_type SET singular = ?2, plural = ?3 WHERE item_type_id = ?1",
        params![id.0, singular, plural],
    )
}
