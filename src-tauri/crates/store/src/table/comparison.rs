//! The slow comparison of all pairs with what the remote holds: how far it has come.

use crate::error::StoreError;
use crate::id::IntegrationId;
use crate::sql::{Columns as _, Read, WriteTx, count, ms};
use jiff::Timestamp;
use rusqlite::params;
use workspace::ItemId;

pub(crate) const V5: &str = "CREATE TABLE comparison (
-- How far an integration's pairs were compared with what the remote holds, one round after the other.
integration_id INTEGER PRIMARY KEY REFERENCES integration (integration_id) ON DELETE CASCADE,
began_at       INTEGER,                    -- of the round under way; NULL: there is none
place          INTEGER NOT NULL DEFAULT 0, -- in a round: the last item whose pair was taken up
ended_at       INTEGER                     -- of the last whole round; NULL: there was none
) STRICT";

/// How far the comparison has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// When the round under way began; none if there is none.
    pub began_at: Option<Timestamp>,
    /// The last item whose pair was taken up in it; items are taken up in ascending order.
    pub place: ItemId,
    /// When the last whole round ended; none if there was none.
    pub ended_at: Option<Timestamp>,
}

impl Default for Comparison {
    fn default() -> Self {
        Self {
            began_at: None,
            place: ItemId(0),
            ended_at: None,
        }
    }
}

/// How far the comparison of an integration has come.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, integration: IntegrationId) -> Result<Comparison, StoreError> {
    let found = read.one(
        "SELECT began_at, place, ended_at FROM comparison WHERE integration_id = ?1",
        [integration.0],
        |row| {
            Ok(Comparison {
                began_at: row.moment_opt(0)?,
                place: ItemId(row.get(1)?),
                ended_at: row.moment_opt(2)?,
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// Notes how far it has come.
///
/// # Errors
/// [`StoreError::Constraint`] if the integration does not exist.
pub fn set(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    comparison: Comparison,
) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO comparison (integration_id, began_at, place, ended_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (integration_id) DO UPDATE
         SET began_at = excluded.began_at, place = excluded.place, ended_at = excluded.ended_at",
        params![
            integration.0,
            ms(comparison.began_at),
            comparison.place.0,
            ms(comparison.ended_at)
        ],
    )?;
    Ok(())
}

/// The next pairs in force of an integration, by item: the items, and the ids of their issues.
///
/// # Errors
/// What the database meets.
pub fn next(
    read: &Read<'_>,
    integration: IntegrationId,
    after: ItemId,
    limit: u32,
) -> Result<Vec<(ItemId, String)>, StoreError> {
    read.all(
        "SELECT item_id, remote_id FROM link
         WHERE integration_id = ?1 AND item_id > ?2 AND severed_reason = ''
         ORDER BY item_id LIMIT ?3",
        params![integration.0, after.0, limit],
        |row| Ok((ItemId(row.get(0)?), row.get(1)?)),
    )
}

/// How many pairs in force were taken up in the round under way.
///
/// # Errors
/// What the database meets.
pub fn taken_up(
    read: &Read<'_>,
    integration: IntegrationId,
    place: ItemId,
) -> Result<u64, StoreError> {
    read.number(
        "SELECT count(*) FROM link
         WHERE integration_id = ?1 AND item_id <= ?2 AND severed_reason = ''",
        params![integration.0, place.0],
    )
    .map(count)
}
