//! Levels of the hierarchy.

use crate::error::StoreError;
use crate::sql::{Read, WriteTx};
use rusqlite::params;
use workspace::{Level, LevelId};

pub(crate) const V1: &str = "CREATE TABLE level (
-- A level of the hierarchy, as the admin named it.
level_id INTEGER PRIMARY KEY AUTOINCREMENT,
depth    INTEGER NOT NULL UNIQUE,           -- 0 is the highest
singular TEXT    NOT NULL CHECK (singular <> ''),
plural   TEXT    NOT NULL CHECK (plural <> '')
) STRICT";

/// All levels from the top down.
///
/// # Errors
/// What the database meets.
pub fn list(read: &Read<'_>) -> Result<Vec<Level>, StoreError> {
    read.all(
        "SELECT level_id, depth, singular, plural FROM level ORDER BY depth",
        [],
        |row| {
            Ok(Level {
                id: LevelId(row.get(0)?),
                depth: row.get(1)?,
                singular: row.get(2)?,
                plural: row.get(3)?,
            })
        },
    )
}

/// Adds a level below all others.
///
/// # Errors
/// What the database meets.
pub fn create(tx: &WriteTx<'_>, singular: &str, plural: &str) -> Result<LevelId, StoreError> {
    tx.insert(
        "INSERT INTO level (depth, singular, plural)
         VALUES ((SELECT ifnull(max(depth) + 1, 0) FROM level), ?1, ?2)",
        params![singular, plural],
    )
    .map(LevelId)
}

/// Gives a level other names.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] for an empty name.
pub fn rename(
    tx: &WriteTx<'_>,
    id: LevelId,
    singular: &str,
    plural: &str,
) -> Result<(), StoreError> {
    tx.change(
        "level",
        id,
        "UPDATE level SET singular = ?2, plural = ?3 WHERE level_id = ?1",
        params![id.0, singular, plural],
    )
}
