//! Issues as they were read, until the run that read them has ended. Reached through
//! [`run_row`](super::run_row).

use crate::codec;
use crate::error::StoreError;
use crate::id::{RowSeq, RunId};
use crate::sql::{Read, WriteTx};
use rusqlite::params;
use sync::remote::RemoteIssue;

pub(crate) const V1: &str = "CREATE TABLE run_payload (
-- An issue as a run read it. Apart from its row, which changes several times while this never does.
row_seq INTEGER NOT NULL PRIMARY KEY REFERENCES run_row (row_seq) ON DELETE CASCADE,
payload TEXT    NOT NULL                    -- JSON
) STRICT";

/// An issue is written once and read once or twice, by nobody but us, and goes when its run ends: as MessagePack, in which
/// nothing has to be escaped, that takes a third of the time that JSON does.
pub(crate) const V5: &str = "CREATE TABLE run_issue (
-- An issue as a run read it. Apart from its row, which changes several times while this never does.
row_seq INTEGER NOT NULL PRIMARY KEY REFERENCES run_row (row_seq) ON DELETE CASCADE,
issue   ANY     NOT NULL                    -- MessagePack; JSON where an earlier version wrote it
) STRICT;
INSERT INTO run_issue (row_seq, issue) SELECT row_seq, payload FROM run_payload;
DROP TABLE run_payload";

pub(crate) fn set(tx: &WriteTx<'_>, row: RowSeq, issue: &[u8]) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO run_issue (row_seq, issue) VALUES (?1, ?2)
         ON CONFLICT (row_seq) DO UPDATE SET issue = excluded.issue",
        params![row.0, issue],
    )?;
    Ok(())
}

/// Drops at most `limit` issues of a run; gives how many.
pub(crate) fn delete_some(tx: &WriteTx<'_>, run: RunId, limit: u32) -> Result<u64, StoreError> {
    let dropped = tx.run(
        "DELETE FROM run_issue WHERE row_seq IN (
           SELECT row_seq FROM run_row INDEXED BY run_row_order
           CROSS JOIN run_issue USING (row_seq) WHERE run_id = ?1 LIMIT ?2)",
        params![run.0, limit],
    )?;
    Ok(dropped as u64)
}

/// Drops at most `limit` issues of runs that have ended; gives how many.
pub(crate) fn delete_ended(tx: &WriteTx<'_>, limit: u32) -> Result<u64, StoreError> {
    let dropped = tx.run(
        "DELETE FROM run_issue WHERE row_seq IN (
           SELECT row_seq FROM run_issue CROSS JOIN run_row USING (row_seq)
           CROSS JOIN run USING (run_id) WHERE run.ended_at IS NOT NULL LIMIT ?1)",
        params![limit],
    )?;
    Ok(dropped as u64)
}

/// The issue of a row, if it is still kept.
pub(crate) fn get(read: &Read<'_>, row: RowSeq) -> Result<Option<RemoteIssue>, StoreError> {
    read.one(
        "SELECT issue FROM run_issue WHERE row_seq = ?1",
        [row.0],
        |row| codec::read_issue(row.get_ref(0)?),
    )
}
