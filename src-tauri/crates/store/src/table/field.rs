//! Fields: the system's, which every workspace has, and those that an admin made.

use crate::error::StoreError;
use crate::sql::{Columns as _, Read, WriteTx};
use rusqlite::{Row, params};
use workspace::{CustomFieldId, Field, FieldKey, Kind, SystemField};

pub(crate) const V1: &str = "CREATE TABLE field (
-- A field that items have. Elsewhere fields are named by key: a system field's own, or custom:<field_id>.
field_id   INTEGER PRIMARY KEY AUTOINCREMENT,
system_key TEXT    NOT NULL DEFAULT '',     -- empty for a custom field
name       TEXT    NOT NULL CHECK (name <> ''),
kind       TEXT    NOT NULL,
number_max REAL,                            -- NULL: no limit
position   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX field_system ON field (system_key) WHERE system_key <> ''";

const COLUMNS: &str = "field_id, system_key, name, kind, number_max, position";

/// All fields in the order in which an item shows them.
///
/// # Errors
/// What the database meets.
pub fn list(read: &Read<'_>) -> Result<Vec<Field>, StoreError> {
    read.all(
        &format!("SELECT {COLUMNS} FROM field ORDER BY position, field_id"),
        [],
        field,
    )
}

/// One field.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, key: FieldKey) -> Result<Option<Field>, StoreError> {
    let (id, system) = place(key);
    read.one(
        &format!("SELECT {COLUMNS} FROM field WHERE (field_id = ?1 AND system_key = '') OR system_key = ?2"),
        params![id, system],
        field,
    )
}

/// Adds a custom field after all others.
///
/// # Errors
/// [`StoreError::Constraint`] for an empty name.
pub fn create_custom(
    tx: &WriteTx<'_>,
    name: &str,
    kind: Kind,
    number_max: Option<f64>,
) -> Result<CustomFieldId, StoreError> {
    insert(tx, "", name, kind, number_max).map(CustomFieldId)
}

pub(crate) fn create_system(tx: &WriteTx<'_>, system: SystemField) -> Result<(), StoreError> {
    let name = system.default_name();
    insert(tx, system.key(), name, system.kind(), None).map(drop)
}

/// Gives a field another name.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] for an empty name.
pub fn rename(tx: &WriteTx<'_>, key: FieldKey, name: &str) -> Result<(), StoreError> {
    let (id, system) = place(key);
    tx.change(
        "field",
        key,
        "UPDATE field SET name = ?3 WHERE (field_id = ?1 AND system_key = '') OR system_key = ?2",
        params![id, system, name],
    )
}

fn insert(
    tx: &WriteTx<'_>,
    system_key: &str,
    name: &str,
    kind: Kind,
    number_max: Option<f64>,
) -> Result<i64, StoreError> {
    use crate::code::Code as _;
    tx.insert(
        "INSERT INTO field (system_key, name, kind, number_max, position)
         VALUES (?1, ?2, ?3, ?4, (SELECT count(*) FROM field))",
        params![system_key, name, kind.code(), number_max],
    )
}

/// What finds a field: its number or, NULL for the other, its system key.
fn place(key: FieldKey) -> (Option<i64>, Option<&'static str>) {
    match key {
        FieldKey::System(system) => (None, Some(system.key())),
        FieldKey::Custom(id) => (Some(id.0), None),
    }
}

fn field(row: &Row<'_>) -> Result<Field, StoreError> {
    let key = match row.str(1)? {
        "" => FieldKey::Custom(CustomFieldId(row.get(0)?)),
        key => key_of(key)?,
    };
    Ok(Field {
        key,
        name: row.get(2)?,
        kind: row.code(3)?,
        number_max: row.get(4)?,
        position: row.get(5)?,
    })
}

/// Reads the key of a field as columns hold it.
pub(crate) fn key_of(text: &str) -> Result<FieldKey, StoreError> {
    FieldKey::parse(text).ok_or_else(|| StoreError::corrupt(format!("\"{text}\" is no field")))
}
