//! Pairs that are about to be severed: what a cycle found, until it is carried out, or until a person has said so where
//! there are unusually many.

use crate::code::Code as _;
use crate::error::StoreError;
use crate::id::{IntegrationId, LinkId};
use crate::sql::{Columns as _, Read, WriteTx, count, ms};
use crate::table::link::SeverReason;
use jiff::Timestamp;
use rusqlite::params;

pub(crate) const V5: &str = "CREATE TABLE severing (
-- A pair in force that is to be severed. Goes when that is done, declined, or no longer called for.
link_id  INTEGER NOT NULL PRIMARY KEY REFERENCES link (link_id) ON DELETE CASCADE,
reason   TEXT    NOT NULL,
found_at INTEGER NOT NULL,
asked_at INTEGER                             -- a person is asked since then; NULL: nobody has to be
) STRICT";

/// A pair that is about to be severed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Severing {
    /// The pair.
    pub link: LinkId,
    /// Why.
    pub reason: SeverReason,
    /// When that was found.
    pub found_at: Timestamp,
    /// Since when a person is asked; none if nobody has to be.
    pub asked_at: Option<Timestamp>,
}

/// Notes that a pair is to be severed.
///
/// # Errors
/// [`StoreError::Constraint`] if the pair does not exist.
pub fn note(
    tx: &WriteTx<'_>,
    link: LinkId,
    reason: SeverReason,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO severing (link_id, reason, found_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (link_id) DO UPDATE SET reason = excluded.reason",
        params![link.0, reason.code(), ms(Some(now))],
    )?;
    Ok(())
}

/// Notes that a pair is not to be severed any more.
///
/// # Errors
/// What the database meets.
pub fn withdraw(tx: &WriteTx<'_>, link: LinkId) -> Result<(), StoreError> {
    tx.run("DELETE FROM severing WHERE link_id = ?1", [link.0])?;
    Ok(())
}

/// The pairs of an integration that are to be severed and still are in force, or of all integrations.
///
/// # Errors
/// What the database meets.
pub fn list(
    read: &Read<'_>,
    integration: Option<IntegrationId>,
) -> Result<Vec<Severing>, StoreError> {
    read.all(
        "SELECT link_id, reason, found_at, asked_at FROM severing JOIN link USING (link_id)
         WHERE (?1 IS NULL OR integration_id = ?1) AND severed_reason = '' ORDER BY link_id",
        [integration.map(|id| id.0)],
        |row| {
            Ok(Severing {
                link: LinkId(row.get(0)?),
                reason: row.code(1)?,
                found_at: row.moment(2)?,
                asked_at: row.moment_opt(3)?,
            })
        },
    )
}

/// Of how many pairs of an integration a person is asked.
///
/// # Errors
/// What the database meets.
pub fn asked(read: &Read<'_>, integration: IntegrationId) -> Result<u64, StoreError> {
    read.number(
        "SELECT count(*) FROM severing JOIN link USING (link_id)
         WHERE integration_id = ?1 AND severed_reason = '' AND asked_at IS NOT NULL",
        [integration.0],
    )
    .map(count)
}

/// Makes all that is to be severed of an integration a question to a person.
///
/// # Errors
/// What the database meets.
pub fn ask(tx: &WriteTx<'_>, integration: IntegrationId, now: Timestamp) -> Result<(), StoreError> {
    tx.run(
        "UPDATE severing SET asked_at = ?2 WHERE asked_at IS NULL
         AND link_id IN (SELECT link_id FROM link WHERE integration_id = ?1)",
        params![integration.0, ms(Some(now))],
    )?;
    Ok(())
}
