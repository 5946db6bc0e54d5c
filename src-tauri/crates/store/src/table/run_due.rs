//! What a run has still to do about rows besides what their action says.

use crate::code::{Code as _, codes};
use crate::error::StoreError;
use crate::id::{RowSeq, RunId};
use crate::sql::{Read, WriteTx, json_numbers};
use crate::table::run_row::{self, RunRow};
use rusqlite::params;
use sync::remote::RemoteIssue;

pub(crate) const V2: &str = "CREATE TABLE run_due (
-- What is still to do about a row besides its action. Shrinks to nothing as the run goes on.
run_id  INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
due     TEXT    NOT NULL,
row_seq INTEGER NOT NULL,                   -- no reference: rows go with their run, as this does
PRIMARY KEY (run_id, due, row_seq)
) STRICT, WITHOUT ROWID";

/// Something to do about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// The item stays as it is, but what the remote says of the issue is to be noted.
    Note,
    /// The issue names others that become items with this run: to be looked at again once they are there.
    Link,
}

codes! {
    Due, "thing to do about a row" { Note = "note", Link = "link" }
}

/// Forgets all that is to do.
///
/// # Errors
/// What the database meets.
pub(crate) fn clear(tx: &WriteTx<'_>, run: RunId) -> Result<(), StoreError> {
    tx.run("DELETE FROM run_due WHERE run_id = ?1", [run.0])?;
    Ok(())
}

/// Adds something to do about some rows; what is there already stays.
///
/// # Errors
/// [`StoreError::Constraint`] if the run does not exist.
pub fn add(tx: &WriteTx<'_>, run: RunId, due: Due, rows: &[RowSeq]) -> Result<(), StoreError> {
    for row in rows {
        tx.run(
            "INSERT INTO run_due (run_id, due, row_seq) VALUES (?1, ?2, ?3)
             ON CONFLICT (run_id, due, row_seq) DO NOTHING",
            params![run.0, due.code(), row.0],
        )?;
    }
    Ok(())
}

/// Takes some rows from what is to do.
///
/// # Errors
/// What the database meets.
pub fn done(tx: &WriteTx<'_>, run: RunId, due: Due, rows: &[RowSeq]) -> Result<(), StoreError> {
    tx.run(
        "DELETE FROM run_due WHERE run_id = ?1 AND due = ?2
         AND row_seq IN (SELECT value FROM json_each(?3))",
        params![
            run.0,
            due.code(),
            json_numbers(rows.iter().map(|seq| seq.0))
        ],
    )?;
    Ok(())
}

/// The next rows about which something is to do, in the order of the listing from the first after `after`, with
/// their issues. Rows that were passed over or failed meanwhile are not among them, nor are those whose issue is no longer kept.
///
/// # Errors
/// What the database meets.
pub fn next(
    read: &Read<'_>,
    run: RunId,
    due: Due,
    after: Option<RowSeq>,
    limit: u32,
) -> Result<Vec<(RunRow, RemoteIssue)>, StoreError> {
    read.all(
        &format!(
            "SELECT {}, issue FROM run_due CROSS JOIN run_row USING (row_seq)
             CROSS JOIN run_issue USING (row_seq)
             WHERE run_due.run_id = ?1 AND due = ?2 AND run_due.row_seq > ?3
             AND run_row.state IN ('read', 'applied')
             ORDER BY run_due.row_seq LIMIT ?4",
            run_row::COLUMNS
        ),
        params![run.0, due.code(), after.map_or(0, |seq| seq.0), limit],
        run_row::row_with_issue,
    )
}
