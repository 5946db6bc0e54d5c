//! Cycles that would have changed unusually much, until somebody decides.

use crate::error::StoreError;
use crate::id::{IntegrationId, RunId};
use crate::sql::{Columns as _, Read, WriteTx, count, ms};
use jiff::Timestamp;
use rusqlite::params;

pub(crate) const V5: &str = "CREATE TABLE fuse (
-- A cycle that would have changed unusually much. It stopped, and nothing goes on before somebody has decided.
integration_id INTEGER PRIMARY KEY REFERENCES integration (integration_id) ON DELETE CASCADE,
run_id         INTEGER REFERENCES run (run_id) ON DELETE SET NULL, -- the plan of what would be taken over
incoming       INTEGER NOT NULL,           -- items that would be changed here
blanked        INTEGER NOT NULL,           -- of these, those of which a field would be emptied
outgoing       INTEGER NOT NULL,           -- issues that would be changed at the remote
linked         INTEGER NOT NULL,           -- pairs in force at that time
blown_at       INTEGER NOT NULL,
is_released    INTEGER NOT NULL DEFAULT 0  -- 1: somebody has looked, and lets it go on
) STRICT";

/// How much a cycle may change without asking is the admin's to say.
pub(crate) const V7: &str =
    "ALTER TABLE integration ADD COLUMN fuse_changed_percent INTEGER NOT NULL DEFAULT 20;
ALTER TABLE integration ADD COLUMN fuse_emptied_percent INTEGER NOT NULL DEFAULT 5";

/// How much a cycle may change without asking, each in percent of the pairs in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FuseLimits {
    /// Items or issues that are changed; 100 asks about none.
    pub changed_percent: u8,
    /// Items of which a field is emptied; 100 asks about none.
    pub emptied_percent: u8,
}

/// What holds unless somebody says otherwise.
impl Default for FuseLimits {
    fn default() -> Self {
        Self {
            changed_percent: 20,
            emptied_percent: 5,
        }
    }
}

/// How much a cycle of an integration may change without asking; the usual if there is no such integration.
///
/// # Errors
/// What the database meets.
pub fn limits(read: &Read<'_>, integration: IntegrationId) -> Result<FuseLimits, StoreError> {
    let found = read.one(
        "SELECT fuse_changed_percent, fuse_emptied_percent FROM integration
         WHERE integration_id = ?1",
        [integration.0],
        |row| {
            Ok(FuseLimits {
                changed_percent: row.get(0)?,
                emptied_percent: row.get(1)?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Says how much a cycle of an integration may change without asking.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_limits(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    limits: FuseLimits,
) -> Result<(), StoreError> {
    tx.change(
        "integration",
        integration,
        "UPDATE integration SET fuse_changed_percent = ?2, fuse_emptied_percent = ?3
         WHERE integration_id = ?1",
        params![
            integration.0,
            limits.changed_percent,
            limits.emptied_percent
        ],
    )
}

/// A cycle that stopped because it would have changed unusually much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fuse {
    /// The plan of what would be taken over; none where it was about what would be sent.
    pub run: Option<RunId>,
    /// Items that would be changed here.
    pub incoming: u64,
    /// Of these, those of which a field would be emptied.
    pub blanked: u64,
    /// Issues that would be changed at the remote.
    pub outgoing: u64,
    /// Pairs in force at that time.
    pub linked: u64,
    /// When.
    pub blown_at: Timestamp,
    /// Whether somebody has looked, and lets it go on.
    pub is_released: bool,
}

/// The cycle of an integration that stopped, if one did.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, integration: IntegrationId) -> Result<Option<Fuse>, StoreError> {
    read.one(
        "SELECT run_id, incoming, blanked, outgoing, linked, blown_at, is_released
         FROM fuse WHERE integration_id = ?1",
        [integration.0],
        |row| {
            Ok(Fuse {
                run: row.get::<_, Option<i64>>(0)?.map(RunId),
                incoming: count(row.get(1)?),
                blanked: count(row.get(2)?),
                outgoing: count(row.get(3)?),
                linked: count(row.get(4)?),
                blown_at: row.moment(5)?,
                is_released: row.get(6)?,
            })
        },
    )
}

/// Notes that a cycle stopped, in place of an earlier one.
///
/// # Errors
/// [`StoreError::Constraint`] if the integration or the run does not exist.
pub fn set(tx: &WriteTx<'_>, integration: IntegrationId, fuse: &Fuse) -> Result<(), StoreError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    tx.run(
        "INSERT OR REPLACE INTO fuse
         (integration_id, run_id, incoming, blanked, outgoing, linked, blown_at, is_released)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            integration.0,
            fuse.run.map(|run| run.0),
            number(fuse.incoming),
            number(fuse.blanked),
            number(fuse.outgoing),
            number(fuse.linked),
            ms(Some(fuse.blown_at)),
            fuse.is_released
        ],
    )?;
    Ok(())
}

/// Forgets it: it went on, or is to be looked at anew.
///
/// # Errors
/// What the database meets.
pub fn clear(tx: &WriteTx<'_>, integration: IntegrationId) -> Result<(), StoreError> {
    tx.run(
        "DELETE FROM fuse WHERE integration_id = ?1",
        [integration.0],
    )?;
    Ok(())
}
