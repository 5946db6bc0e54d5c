//! How a file comes to the version that this application knows: numbered steps, forward only.
//!
//! A step that was ever released is never edited; its outcome is kept in `tests/golden`. The file is
//! copied before the first step of an existing workspace, and each step's change and the new version
//! number are one transaction.

use crate::error::StoreError;
use crate::{seed, table};
use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use std::path::{Path, PathBuf};

/// The newest version of the file that this application reads and writes.
pub const KNOWN_VERSION: u32 = MIGRATIONS.len() as u32;

/// Marks a file as ours: `Lock`.
const APPLICATION_ID: i32 = 0x4c6f_636b;

/// The steps; the n-th (from 1) makes version n out of version n - 1.
pub(crate) const MIGRATIONS: &[&[&str]] = &[
    table::V1,
    table::V2,
    table::V3,
    table::V4,
    table::V5,
    table::V6,
    table::V7,
];

/// Brings a file to the newest version.
///
/// # Errors
/// [`StoreError::Newer`] and [`StoreError::Corrupt`] before anything was touched.
pub(crate) fn migrate(
    connection: &mut Connection,
    path: Option<&Path>,
    steps: &[&[&str]],
    now: Timestamp,
) -> Result<(), StoreError> {
    let known = u32::try_from(steps.len()).expect("there are fewer steps than that");
    let found = version(connection)?;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    if found == known {
        return Ok(());
    }
    if let (Some(path), 1..) = (path, found) {
        let copy = copy_path(path, found);
        tracing::info!(found, known, copy = %copy.display(), "copying the workspace before its migration");
        copy_to(connection, &copy)?;
    }
    let steps = steps.iter().enumerate().skip(found as usize);
    for (place, step) in steps {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for statement in *step {
            transaction.execute_batch(statement)?;
        }
        if place == 0 {
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            seed::new_workspace(&crate::WriteTx::new(&transaction), now)?;
        }
        transaction.pragma_update(None, "user_version", place as u32 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Refuses a file of any other version than the newest, and leaves it as it is: for whoever only reads it.
///
/// # Errors
/// [`StoreError::Newer`], [`StoreError::Older`], [`StoreError::Corrupt`]; [`StoreError::Busy`] for a file that its
/// owner is just about to fill.
pub(crate) fn expect_newest(connection: &Connection) -> Result<(), StoreError> {
    let known = KNOWN_VERSION;
    match version(connection)? {
        0 => Err(StoreError::Busy),
        found if found > known => Err(StoreError::Newer { found, known }),
        found if found < known => Err(StoreError::Older { found, known }),
        _ => Ok(()),
    }
}

/// Where the copy of a file of some version goes: beside it.
pub(crate) fn copy_path(path: &Path, version: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".version-{version}"));
    PathBuf::from(name)
}

/// The file's version; 0 for one that holds nothing yet.
fn version(connection: &Connection) -> Result<u32, StoreError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let version = u32::try_from(pragma("user_version")?)
        .map_err(|_| StoreError::corrupt("its version is no version"))?;
    let ours = pragma("application_id")? == i64::from(APPLICATION_ID);
    let empty = pragma("schema_version")? == 0;
    match (version, ours, empty) {
        (0, false, true) | (1.., true, _) => Ok(version),
        _ => Err(StoreError::corrupt("it is not a Lockstep workspace")),
    }
}

fn copy_to(connection: &Connection, copy: &Path) -> Result<(), StoreError> {
    let mut half = copy.as_os_str().to_owned();
    half.push(".half");
    let half = PathBuf::from(half);
    let failed = |error| StoreError::file(copy, error);
    if half.exists() {
        std::fs::remove_file(&half).map_err(failed)?;
    }
    // VACUUM INTO includes what still lies in the write-ahead log, which a copy of the file would miss.
    connection.execute("VACUUM INTO ?1", [half.to_string_lossy()])?;
    // SQLite does not sync what VACUUM INTO made.
    std::fs::OpenOptions::new()
        .write(true)
        .open(&half)
        .and_then(|file| file.sync_all())
        .map_err(failed)?;
    std::fs::rename(&half, copy).map_err(failed)
}

#[cfg(test)]
mod tests;
