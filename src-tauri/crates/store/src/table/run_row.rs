//! The rows of a run: one an issue, from its listing to what became of it. The plan is these rows.

mod plan;

use crate::code::codes;
use crate::codec;
use crate::error::StoreError;
use crate::id::{RowSeq, RunId};
use crate::sql::{Columns as _, Read, WriteTx, json_texts};
use crate::table::run::{self, Reason, RunCounts};
use crate::table::run_payload;
use rusqlite::{Row, params};
use std::collections::BTreeMap;
use sync::remote::{ParentRef, RemoteIssue};
use workspace::ItemId;

pub use plan::{
    Applied, Decision, PlanCount, RowFilter, RowPage, mark_applied, mark_excluded, mark_failed,
    mark_skipped, next_to_apply, page, plan_counts, rows_after, set_decisions, settle_rest,
};

pub(crate) const V1: &str = "CREATE TABLE run_row (
-- An issue that a run found, what the run decided about it, and what became of it.
row_seq       INTEGER PRIMARY KEY AUTOINCREMENT, -- ascends in the order of the listing
run_id        INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
remote_id     TEXT    NOT NULL,
remote_key    TEXT    NOT NULL DEFAULT '',
title         TEXT    NOT NULL DEFAULT '',
remote_type   TEXT    NOT NULL DEFAULT '',
depth         INTEGER NOT NULL DEFAULT 0,        -- of its level here: parents are less deep, and first
parent_ref    TEXT    NOT NULL DEFAULT '',       -- id:... or key:...
state         TEXT    NOT NULL,
action        TEXT    NOT NULL DEFAULT '',       -- empty: not decided
reason_code   TEXT    NOT NULL DEFAULT '',
reason_detail TEXT    NOT NULL DEFAULT '',
item_id       INTEGER,                           -- what it is or became here; may have gone since
UNIQUE (run_id, remote_id)
) STRICT;
CREATE INDEX run_row_key ON run_row (run_id, remote_key) WHERE remote_key <> '';
CREATE INDEX run_row_order ON run_row (run_id, row_seq);
-- What is still to do, and nothing else: they shrink to nothing as the run goes on.
CREATE INDEX run_row_listed ON run_row (run_id, row_seq) WHERE state = 'listed';
CREATE INDEX run_row_todo ON run_row (run_id, depth, row_seq)
  WHERE state = 'read' AND action IN ('create', 'update')";

pub(crate) const COLUMNS: &str =
    "run_row.row_seq, remote_id, remote_key, title, remote_type, depth, parent_ref, state,
    action, reason_code, reason_detail, item_id";

/// How far a row has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowState {
    /// The issue was found.
    Listed,
    /// The issue was read.
    Read,
    /// What was decided is done.
    Applied,
    /// It was passed over, for a reason.
    Skipped,
    /// It could not be done, for a reason.
    Failed,
    /// The issue was not there to be read, or was left out before the plan.
    Excluded,
}

impl RowState {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Listed,
        Self::Read,
        Self::Applied,
        Self::Skipped,
        Self::Failed,
        Self::Excluded,
    ];
}

/// What is decided about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// An item is to be made.
    Create,
    /// An item is to be changed.
    Update,
    /// The item is as it should be.
    Unchanged,
    /// Nothing is to be done, for a reason.
    Skip,
}

codes! {
    RowState, "state of a row" {
        Listed = "listed", Read = "read", Applied = "applied", Skipped = "skipped",
        Failed = "failed", Excluded = "excluded",
    }
    Action, "action" {
        Create = "create", Update = "update", Unchanged = "unchanged", Skip = "skip",
    }
}

/// A row of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Place in the listing.
    pub seq: RowSeq,
    /// The issue's id.
    pub remote_id: String,
    /// The issue's key; empty until it was read.
    pub remote_key: String,
    /// The issue's title; empty until it was read.
    pub title: String,
    /// Id of the issue's type; empty until it was read.
    pub remote_type: String,
    /// Depth of its level here: parents are less deep and come first. 0 for a type that is not mapped.
    pub depth: u8,
    /// How the issue names its parent.
    pub parent: Option<ParentRef>,
    /// How far it has come.
    pub state: RowState,
    /// What is decided.
    pub action: Option<Action>,
    /// Why.
    pub reason: Option<Reason>,
    /// The item that it is or became.
    pub item: Option<ItemId>,
}

/// What reading an issue adds to its row.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadRow {
    seq: RowSeq,
    depth: u8,
    issue: RemoteIssue,
    written: Vec<u8>,
}

impl ReadRow {
    /// Makes it ready to be written, so that the writer need not: which row, the depth of its level here
    /// (parents are less deep and come first; 0 for a type that is not mapped), and the issue.
    #[must_use]
    pub fn new(seq: RowSeq, depth: u8, issue: RemoteIssue) -> Self {
        Self {
            seq,
            depth,
            written: codec::write_issue(&issue),
            issue,
        }
    }

    /// Which row.
    #[must_use]
    pub fn seq(&self) -> RowSeq {
        self.seq
    }

    /// The issue.
    #[must_use]
    pub fn issue(&self) -> &RemoteIssue {
        &self.issue
    }
}

/// Adds rows for issues in the order given. Issues that the run has already are left alone, so a page may
/// come twice. Gives how many were new.
///
/// # Errors
/// [`StoreError::Constraint`] if the run does not exist.
pub fn add_listed<S: AsRef<str>>(
    tx: &WriteTx<'_>,
    run: RunId,
    remote_ids: &[S],
) -> Result<u64, StoreError> {
    let mut listed = 0;
    for remote_id in remote_ids {
        listed += tx.run(
            "INSERT INTO run_row (run_id, remote_id, state) VALUES (?1, ?2, 'listed')
             ON CONFLICT (run_id, remote_id) DO NOTHING",
            params![run.0, remote_id.as_ref()],
        )? as u64;
    }
    let counts = RunCounts {
        listed,
        ..RunCounts::default()
    };
    run::add(tx, run, &counts)?;
    Ok(listed)
}

/// Rows that are still to be read, in the order of the listing, from the first after `after`.
///
/// # Errors
/// What the database meets.
pub fn next_listed(
    read: &Read<'_>,
    run: RunId,
    after: Option<RowSeq>,
    limit: u32,
) -> Result<Vec<(RowSeq, String)>, StoreError> {
    read.all(
        "SELECT row_seq, remote_id FROM run_row INDEXED BY run_row_listed
         WHERE run_id = ?1 AND state = 'listed' AND row_seq > ?2 ORDER BY row_seq LIMIT ?3",
        params![run.0, after.map_or(0, |seq| seq.0), limit],
        |row| Ok((RowSeq(row.get(0)?), row.get(1)?)),
    )
}

/// Keeps issues as they were read. A row that was read before is left alone.
///
/// # Errors
/// What the database meets.
pub fn store_read(tx: &WriteTx<'_>, run: RunId, rows: &[ReadRow]) -> Result<u64, StoreError> {
    let mut read = 0;
    for row in rows {
        let changed = tx.run(
            "UPDATE run_row SET remote_key = ?3, title = ?4, remote_type = ?5, depth = ?6,
             parent_ref = ?7, state = 'read' WHERE row_seq = ?2 AND run_id = ?1 AND state = 'listed'",
            params![
                run.0,
                row.seq.0,
                row.issue.key,
                row.issue.title,
                row.issue.type_id,
                row.depth,
                parent_text(row.issue.parent.as_ref()),
            ],
        )?;
        if changed > 0 {
            run_payload::set(tx, row.seq, &row.written)?;
            read += 1;
        }
    }
    let counts = RunCounts {
        read,
        ..RunCounts::default()
    };
    run::add(tx, run, &counts)?;
    Ok(read)
}

/// Rows with the issues that were read for them, in the order of the listing, from the first after
/// `after`: what a plan is made of. Rows that are done, passed over or left out are not among them.
///
/// # Errors
/// What the database meets.
pub fn read_after(
    read: &Read<'_>,
    run: RunId,
    after: Option<RowSeq>,
    limit: u32,
) -> Result<Vec<(RunRow, RemoteIssue)>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS}, issue FROM run_row INDEXED BY run_row_order
             CROSS JOIN run_issue USING (row_seq)
             WHERE run_id = ?1 AND state = 'read' AND run_row.row_seq > ?2
             ORDER BY run_row.row_seq LIMIT ?3"
        ),
        params![run.0, after.map_or(0, |seq| seq.0), limit],
        row_with_issue,
    )
}

/// As [`read_after`], of those rows about which nothing is decided yet.
///
/// # Errors
/// What the database meets.
pub fn undecided_after(
    read: &Read<'_>,
    run: RunId,
    after: Option<RowSeq>,
    limit: u32,
) -> Result<Vec<(RunRow, RemoteIssue)>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS}, issue FROM run_row INDEXED BY run_row_order
             CROSS JOIN run_issue USING (row_seq)
             WHERE run_id = ?1 AND state = 'read' AND action = '' AND run_row.row_seq > ?2
             ORDER BY run_row.row_seq LIMIT ?3"
        ),
        params![run.0, after.map_or(0, |seq| seq.0), limit],
        row_with_issue,
    )
}

/// As [`read_after`], of those rows whose parent is to be passed over, as far as that is not the reason that
/// they have already.
///
/// # Errors
/// What the database meets.
pub fn below_skipped(
    read: &Read<'_>,
    run: RunId,
    after: Option<RowSeq>,
    limit: u32,
) -> Result<Vec<(RunRow, RemoteIssue)>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS}, issue FROM run_row INDEXED BY run_row_order
             CROSS JOIN run_issue USING (row_seq)
             WHERE run_id = ?1 AND state = 'read' AND action NOT IN ('', 'skip') AND parent_ref <> ''
             AND reason_code <> 'parent_skipped' AND run_row.row_seq > ?2
             AND CASE substr(parent_ref, 1, 3) WHEN 'id:'
               THEN EXISTS (SELECT 1 FROM run_row AS parent WHERE parent.run_id = ?1
                 AND parent.remote_id = substr(run_row.parent_ref, 4) AND parent.action = 'skip')
               ELSE EXISTS (SELECT 1 FROM run_row AS parent WHERE parent.run_id = ?1
                 AND parent.remote_key = substr(run_row.parent_ref, 5) AND parent.remote_key <> ''
                 AND parent.action = 'skip') END
             ORDER BY run_row.row_seq LIMIT ?3"
        ),
        params![run.0, after.map_or(0, |seq| seq.0), limit],
        row_with_issue,
    )
}

/// One row, with its issue if that is still kept.
///
/// # Errors
/// What the database meets.
pub fn get(
    read: &Read<'_>,
    run: RunId,
    seq: RowSeq,
) -> Result<Option<(RunRow, Option<RemoteIssue>)>, StoreError> {
    let found = read.one(
        &format!("SELECT {COLUMNS} FROM run_row WHERE run_id = ?1 AND row_seq = ?2"),
        params![run.0, seq.0],
        row,
    )?;
    let Some(found) = found else { return Ok(None) };
    let issue = run_payload::get(read, seq)?;
    Ok(Some((found, issue)))
}

/// Rows of some issues, by the issue's id.
///
/// # Errors
/// What the database meets.
pub fn by_remote_ids<S: AsRef<str>>(
    read: &Read<'_>,
    run: RunId,
    remote_ids: &[S],
) -> Result<BTreeMap<String, RunRow>, StoreError> {
    let rows = read.all(
        &format!(
            "SELECT {COLUMNS} FROM run_row
             WHERE run_id = ?1 AND remote_id IN (SELECT value FROM json_each(?2))"
        ),
        params![run.0, json_texts(remote_ids)],
        row,
    )?;
    Ok(rows
        .into_iter()
        .map(|row| (row.remote_id.clone(), row))
        .collect())
}

/// Rows of some issues, by the issue's key. An issue that was not read yet has none.
///
/// # Errors
/// What the database meets.
pub fn by_remote_keys<S: AsRef<str>>(
    read: &Read<'_>,
    run: RunId,
    remote_keys: &[S],
) -> Result<BTreeMap<String, RunRow>, StoreError> {
    let rows = read.all(
        &format!(
            "SELECT {COLUMNS} FROM run_row WHERE run_id = ?1 AND remote_key <> ''
             AND remote_key IN (SELECT value FROM json_each(?2))"
        ),
        params![run.0, json_texts(remote_keys)],
        row,
    )?;
    Ok(rows
        .into_iter()
        .map(|row| (row.remote_key.clone(), row))
        .collect())
}

/// Forgets the rows of a run, which has served.
///
/// # Errors
/// What the database meets.
pub fn delete_all(tx: &WriteTx<'_>, run: RunId) -> Result<(), StoreError> {
    tx.run("DELETE FROM run_row WHERE run_id = ?1", [run.0])?;
    Ok(())
}

/// Drops at most `limit` of the issues that a run has read, once nothing needs them any more; gives how
/// many, so that a caller goes on until it is 0 without holding the writer for long. The rows stay.
///
/// # Errors
/// What the database meets.
pub fn drop_payloads(tx: &WriteTx<'_>, run: RunId, limit: u32) -> Result<u64, StoreError> {
    run_payload::delete_some(tx, run, limit)
}

/// The same for all runs that have ended, however they did.
///
/// # Errors
/// What the database meets.
pub fn drop_ended_payloads(tx: &WriteTx<'_>, limit: u32) -> Result<u64, StoreError> {
    run_payload::delete_ended(tx, limit)
}

fn parent_text(parent: Option<&ParentRef>) -> String {
    match parent {
        None => String::new(),
        Some(ParentRef::Id(id)) => format!("id:{id}"),
        Some(ParentRef::Key(key)) => format!("key:{key}"),
    }
}

fn parent_of(text: &str) -> Result<Option<ParentRef>, StoreError> {
    match text.split_once(':') {
        None if text.is_empty() => Ok(None),
        Some(("id", id)) => Ok(Some(ParentRef::Id(id.to_owned()))),
        Some(("key", key)) => Ok(Some(ParentRef::Key(key.to_owned()))),
        _ => Err(StoreError::corrupt(format!("\"{text}\" names no parent"))),
    }
}

pub(crate) fn row_with_issue(columns: &Row<'_>) -> Result<(RunRow, RemoteIssue), StoreError> {
    let row = row(columns)?;
    let issue = codec::read_issue(columns.get_ref(12)?)?;
    Ok((row, issue))
}

fn row(row: &Row<'_>) -> Result<RunRow, StoreError> {
    let reason = match row.text_opt(9)? {
        None => None,
        Some(code) => Some(Reason {
            code,
            detail: row.get(10)?,
        }),
    };
    Ok(RunRow {
        seq: RowSeq(row.get(0)?),
        remote_id: row.get(1)?,
        remote_key: row.get(2)?,
        title: row.get(3)?,
        remote_type: row.get(4)?,
        depth: row.get(5)?,
        parent: parent_of(row.str(6)?)?,
        state: row.code(7)?,
        action: row.code_opt(8)?,
        reason,
        item: row.get::<_, Option<i64>>(11)?.map(ItemId),
    })
}
