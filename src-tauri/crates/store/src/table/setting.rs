//! Settings: the place in the wizard, the theme, and the like. Their meaning is their reader's.

use crate::error::StoreError;
use crate::sql::{Read, WriteTx};
use std::collections::BTreeMap;

pub(crate) const V1: &str = "CREATE TABLE setting (
-- What the application remembers about itself. Never a secret.
key   TEXT NOT NULL PRIMARY KEY,
value TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID";

/// What was set under a key.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, key: &str) -> Result<Option<String>, StoreError> {
    read.one("SELECT value FROM setting WHERE key = ?1", [key], |row| {
        Ok(row.get(0)?)
    })
}

/// Everything set under keys that begin with `prefix`.
///
/// # Errors
/// What the database meets.
pub fn under(read: &Read<'_>, prefix: &str) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = read.all(
        "SELECT key, value FROM setting WHERE substr(key, 1, length(?1)) = ?1",
        [prefix],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// Sets a value in place of the one before.
///
/// # Errors
/// What the database meets.
pub fn set(tx: &WriteTx<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO setting (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [key, value],
    )?;
    Ok(())
}

/// Forgets what was set under a key, if anything was.
///
/// # Errors
/// What the database meets.
pub fn unset(tx: &WriteTx<'_>, key: &str) -> Result<(), StoreError> {
    tx.run("DELETE FROM setting WHERE key = ?1", [key])?;
    Ok(())
}
