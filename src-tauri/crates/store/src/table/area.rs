//! Product areas.

use crate::error::StoreError;
use crate::fold::fold;
use crate::sql::{Read, WriteTx};
use rusqlite::{Row, params};
use workspace::{Area, AreaId};

pub(crate) const V1: &str = "CREATE TABLE area (
-- A product area: a container of items.
area_id   INTEGER PRIMARY KEY AUTOINCREMENT,
parent_id INTEGER REFERENCES area (area_id), -- NULL at the top
name      TEXT    NOT NULL CHECK (name <> ''),
name_key  TEXT    NOT NULL,                  -- the name folded, to find it by
position  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX area_name ON area (ifnull(parent_id, 0), name_key)";

const COLUMNS: &str = "area_id, parent_id, name, position";

/// All areas; those with the same parent in their order.
///
/// # Errors
/// What the database meets.
pub fn list(read: &Read<'_>) -> Result<Vec<Area>, StoreError> {
    read.all(
        &format!("SELECT {COLUMNS} FROM area ORDER BY ifnull(parent_id, 0), position, area_id"),
        [],
        area,
    )
}

/// One area.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, id: AreaId) -> Result<Option<Area>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM area WHERE area_id = ?1"),
        [id.0],
        area,
    )
}

/// The area of a name among the children of another, or at the top; case and accents make no difference.
///
/// # Errors
/// What the database meets.
pub fn by_name(
    read: &Read<'_>,
    parent: Option<AreaId>,
    name: &str,
) -> Result<Option<AreaId>, StoreError> {
    read.one(
        "SELECT area_id FROM area WHERE ifnull(parent_id, 0) = ?1 AND name_key = ?2",
        params![parent.map_or(0, |id| id.0), fold(name.trim())],
        |row| Ok(AreaId(row.get(0)?)),
    )
}

/// An area and all that lie in it, however deep.
///
/// # Errors
/// What the database meets.
pub fn with_descendants(read: &Read<'_>, id: AreaId) -> Result<Vec<AreaId>, StoreError> {
    read.all(
        "WITH RECURSIVE inside (area_id) AS (
           VALUES (?1) UNION SELECT area.area_id FROM area JOIN inside ON parent_id = inside.area_id
         ) SELECT area_id FROM inside ORDER BY area_id",
        [id.0],
        |row| Ok(AreaId(row.get(0)?)),
    )
}

/// Adds an area after its siblings.
///
/// # Errors
/// [`StoreError::Constraint`] if the name is empty or a sibling has it, or the parent does not exist.
pub fn create(tx: &WriteTx<'_>, parent: Option<AreaId>, name: &str) -> Result<AreaId, StoreError> {
    let name = name.trim();
    tx.insert(
        "INSERT INTO area (parent_id, name, name_key, position)
         VALUES (?1, ?2, ?3, (SELECT count(*) FROM area WHERE parent_id IS ?1))",
        params![parent.map(|id| id.0), name, fold(name)],
    )
    .map(AreaId)
}

/// The area of that name, made if there is none.
///
/// # Errors
/// As [`create`].
pub fn ensure(tx: &WriteTx<'_>, parent: Option<AreaId>, name: &str) -> Result<AreaId, StoreError> {
    match by_name(tx, parent, name)? {
        Some(id) => Ok(id),
        None => create(tx, parent, name),
    }
}

/// Gives an area another name.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if the name is empty or a sibling has it.
pub fn rename(tx: &WriteTx<'_>, id: AreaId, name: &str) -> Result<(), StoreError> {
    let name = name.trim();
    tx.change(
        "area",
        id,
        "UPDATE area SET name = ?2, name_key = ?3 WHERE area_id = ?1",
        params![id.0, name, fold(name)],
    )
}

/// Deletes an area that holds neither items nor areas.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if it holds something or an integration fills it.
pub fn delete(tx: &WriteTx<'_>, id: AreaId) -> Result<(), StoreError> {
    tx.change("area", id, "DELETE FROM area WHERE area_id = ?1", [id.0])
}

fn area(row: &Row<'_>) -> Result<Area, StoreError> {
    Ok(Area {
        id: AreaId(row.get(0)?),
        parent: row.get::<_, Option<i64>>(1)?.map(AreaId),
        name: row.get(2)?,
        position: row.get(3)?,
    })
}
