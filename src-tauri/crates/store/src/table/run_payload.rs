//! Issues as they were read, until the run that read them has ended. Reached through
//! [`run_row`](super::run_row).

use crate::codec;
use crate::error::StoreError;
use crate::id::{RowSeq, RunId};
use crate::sql::{Columns as _, Read, WriteTx};
use rusqlite::params;
use sync::remote::RemoteIssue;

pub(crate) const V1: &str = "CREATE TABLE run_payload (
-- An issue as a run read it. Apart from its row, which changes several times while this never does.
row_seq INTEGER NOT NULL PRIMARY KEY REFERENCES run_row (row_seq) ON DELETE CASCADE,
payload TEXT    NOT NULL                    -- JSON
) STRICT";

pub(crate) fn set(tx: &WriteTx<'_>, row: RowSeq, payload: &str) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO run_payload (row_seq, payload) VALUES (?1, ?2)
         ON CONFLICT (row_seq) DO UPDATE SET payload = excluded.payload",
        params![row.0, payload],
    )?;
    Ok(())
}

/// Drops at most `limit` issues of a run; gives how many.
pub(crate) fn delete_some(tx: &WriteTx<'_>, run: RunId, limit: u32) -> Result<u64, StoreError> {
    let dropped = tx.run(
        "DELETE FROM run_payload WHERE row_seq IN (
           SELECT row_seq FROM run_row INDEXED BY run_row_order
           CROSS JOIN run_payload USING (row_seq) WHERE run_id = ?1 LIMIT ?2)",
        params![run.0, limit],
    )?;
    Ok(dropped as u64)
}

/// Drops at most `limit` issues of runs that have ended; gives how many.
pub(crate) fn delete_ended(tx: &WriteTx<'_>, limit: u32) -> Result<u64, StoreError> {
    let dropped = tx.run(
        "DELETE FROM run_payload WHERE row_seq IN (
           SELECT row_seq FROM run_payload CROSS JOIN run_row USING (row_seq)
           CROSS JOIN run USING (run_id) WHERE run.ended_at IS NOT NULL LIMIT ?1)",
        params![limit],
    )?;
    Ok(dropped as u64)
}

/// The issue of a row, if it is still kept.
pub(crate) fn get(read: &Read<'_>, row: RowSeq) -> Result<Option<RemoteIssue>, StoreError> {
    read.one(
        "SELECT payload FROM run_payload WHERE row_seq = ?1",
        [row.0],
        |row| codec::read_issue(row.str(0)?),
    )
}
