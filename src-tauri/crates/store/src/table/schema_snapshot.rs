//! What a project offered to map when it was last asked, so that the wizard opens without a network.

use crate::codec;
use crate::error::StoreError;
use crate::id::IntegrationId;
use crate::sql::{Columns as _, Read, WriteTx, ms};
use jiff::Timestamp;
use rusqlite::params;
use sync::remote::Schema;

pub(crate) const V1: &str = "CREATE TABLE schema_snapshot (
-- What an integration's project offered to map when it was last asked. A cache: may be lost.
integration_id INTEGER NOT NULL PRIMARY KEY
  REFERENCES integration (integration_id) ON DELETE CASCADE,
schema         TEXT    NOT NULL,            -- JSON
taken_at       INTEGER NOT NULL
) STRICT";

/// Puts a snapshot in place of the one before.
///
/// # Errors
/// [`StoreError::Constraint`] if the integration does not exist.
pub fn save(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    schema: &Schema,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO schema_snapshot (integration_id, schema, taken_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (integration_id)
         DO UPDATE SET schema = excluded.schema, taken_at = excluded.taken_at",
        params![integration.0, codec::write_schema(schema), ms(Some(now))],
    )?;
    Ok(())
}

/// The last snapshot and when it was taken.
///
/// # Errors
/// What the database meets.
pub fn load(
    read: &Read<'_>,
    integration: IntegrationId,
) -> Result<Option<(Schema, Timestamp)>, StoreError> {
    read.one(
        "SELECT schema, taken_at FROM schema_snapshot WHERE integration_id = ?1",
        [integration.0],
        |row| Ok((codec::read_schema(row.str(0)?)?, row.moment(1)?)),
    )
}
