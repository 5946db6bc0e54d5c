//! Runs: an import from its listing to its end.

use crate::code::{Code as _, codes};
use crate::error::{ConstraintKind, StoreError};
use crate::id::{IntegrationId, JournalSeq, RunId};
use crate::sql::{Columns as _, Read, WriteTx, count, ms};
use crate::table::run_due;
use jiff::Timestamp;
use rusqlite::{Row, params};

pub(crate) const V1: &str = "CREATE TABLE run (
-- An import from its listing to its end. The counters are kept by what changes the run's rows.
run_id         INTEGER PRIMARY KEY AUTOINCREMENT,
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
kind           TEXT    NOT NULL,
state          TEXT    NOT NULL,
resumes        TEXT    NOT NULL DEFAULT '', -- while paused: the state to go on in
jql            TEXT    NOT NULL DEFAULT '', -- as it was sent
cursor         TEXT    NOT NULL DEFAULT '', -- where the listing stands, in the remote's terms
expected       INTEGER,                     -- issues that the remote promised; NULL: unknown
listed         INTEGER NOT NULL DEFAULT 0,
read           INTEGER NOT NULL DEFAULT 0,
created        INTEGER NOT NULL DEFAULT 0,
updated        INTEGER NOT NULL DEFAULT 0,
unchanged      INTEGER NOT NULL DEFAULT 0,
skipped        INTEGER NOT NULL DEFAULT 0,
failed         INTEGER NOT NULL DEFAULT 0,
excluded       INTEGER NOT NULL DEFAULT 0,
error_code     TEXT    NOT NULL DEFAULT '',
error_detail   TEXT    NOT NULL DEFAULT '',
started_at     INTEGER NOT NULL,
ended_at       INTEGER                      -- NULL: not yet
) STRICT;
CREATE INDEX run_integration ON run (integration_id)";

/// What the runs themselves remember, so that it goes with them. Until then it lay among the settings.
pub(crate) const V3: &str = "ALTER TABLE run ADD COLUMN ground TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN undo_place INTEGER;
ALTER TABLE run ADD COLUMN undone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
UPDATE run SET ground = value FROM setting WHERE key = 'run.' || run_id || '.ground';
UPDATE run SET error_code = substr(value, 1, instr(value || ' ', ' ') - 1),
  error_detail = substr(value, instr(value || ' ', ' ') + 1)
  FROM setting WHERE key = 'run.' || run_id || '.problem';
UPDATE run SET undo_place = CAST(value AS INTEGER),
  undone = CAST(substr(value, instr(value, ' ') + 1) AS INTEGER),
  kept = CAST(substr(value, instr(value, ' ')
    + instr(substr(value, instr(value, ' ') + 1), ' ') + 1) AS INTEGER)
  FROM setting WHERE key = 'run.' || run_id || '.undo';
DELETE FROM setting WHERE key GLOB 'run.*'";

/// Runs that have not ended are few among many.
pub(crate) const V5: &str = "CREATE INDEX run_open ON run (integration_id) WHERE ended_at IS NULL";

const COLUMNS: &str = "run_id, integration_id, kind, state, resumes, jql, cursor, expected, listed, read,
    created, updated, unchanged, skipped, failed, excluded, error_code, error_detail, started_at, ended_at,
    ground, undo_place, undone, kept";

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunKind {
    /// Brings issues in, after somebody has looked at the plan.
    Import,
    /// Takes over what changed at the remote, by itself.
    Pull,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunState {
    /// Finding out which issues there are.
    Listing,
    /// Reading them.
    Reading,
    /// The plan stands; nothing is written yet.
    Planned,
    /// Doing what the plan says.
    Applying,
    /// Waiting for somebody to let it go on.
    Paused,
    /// Ended by somebody before it was done.
    Cancelled,
    /// Done.
    Done,
    /// Taking back what it did.
    Undoing,
    /// What it did was taken back.
    Undone,
}

impl RunState {
    /// Whether nothing more happens by itself.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Cancelled | Self::Done | Self::Undone)
    }
}

codes! {
    RunKind, "kind of run" { Import = "import", Pull = "pull" }
    RunState, "state of a run" {
        Listing = "listing", Reading = "reading", Planned = "planned", Applying = "applying",
        Paused = "paused", Cancelled = "cancelled", Done = "done",
        Undoing = "undoing", Undone = "undone",
    }
}

/// How many rows of a run came how far. Kept exact by the functions that change rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunCounts {
    /// Found.
    pub listed: u64,
    /// Read.
    pub read: u64,
    /// Items made.
    pub created: u64,
    /// Items changed.
    pub updated: u64,
    /// Items that were as they should be.
    pub unchanged: u64,
    /// Passed over, for a reason.
    pub skipped: u64,
    /// Not done for an error.
    pub failed: u64,
    /// Found and then not there to be read, or left out before the plan.
    pub excluded: u64,
}

/// Why a run, or one of its rows, ended as it did.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason {
    /// A word of a closed list. Never empty.
    pub code: String,
    /// More words; may be empty.
    pub detail: String,
}

impl Reason {
    /// A reason about which there is no more to say.
    #[must_use]
    pub fn of(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            detail: String::new(),
        }
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Identity.
    pub id: RunId,
    /// Whose.
    pub integration: IntegrationId,
    /// What it does.
    pub kind: RunKind,
    /// Where it stands.
    pub state: RunState,
    /// While it is paused: where it goes on.
    pub resumes: Option<RunState>,
    /// The JQL as it was sent.
    pub jql: String,
    /// Where the listing stands, in the remote's terms; none at its start.
    pub cursor: Option<String>,
    /// How many issues the remote promised.
    pub expected: Option<u64>,
    /// How far its rows came.
    pub counts: RunCounts,
    /// Why it stands still.
    pub problem: Option<Reason>,
    /// For which mapping and scope it was planned, in its maker's words; empty if nobody said.
    pub ground: String,
    /// How far taking it back has come.
    pub undo: UndoProgress,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// How far taking a run back has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UndoProgress {
    /// The entry of the journal that was looked at last; none before the first.
    pub place: Option<JournalSeq>,
    /// Entries taken back.
    pub undone: u64,
    /// Entries left as they are.
    pub kept: u64,
}

/// Begins a run, in [`RunState::Listing`].
///
/// # Errors
/// [`StoreError::Constraint`] if the integration does not exist.
pub fn create(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    kind: RunKind,
    jql: &str,
    now: Timestamp,
) -> Result<RunId, StoreError> {
    tx.insert(
        "INSERT INTO run (integration_id, kind, state, jql, started_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            integration.0,
            kind.code(),
            RunState::Listing.code(),
            jql,
            ms(Some(now))
        ],
    )
    .map(RunId)
}

/// One run.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, id: RunId) -> Result<Option<Run>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM run WHERE run_id = ?1"),
        [id.0],
        run,
    )
}

/// All runs of an integration, the newest first.
///
/// # Errors
/// What the database meets.
pub fn of_integration(read: &Read<'_>, integration: IntegrationId) -> Result<Vec<Run>, StoreError> {
    read.all(
        &format!("SELECT {COLUMNS} FROM run WHERE integration_id = ?1 ORDER BY run_id DESC"),
        [integration.0],
        run,
    )
}

/// The runs of an integration that have not ended, the newest first.
///
/// # Errors
/// What the database meets.
pub fn open_of_integration(
    read: &Read<'_>,
    integration: IntegrationId,
) -> Result<Vec<Run>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM run WHERE integration_id = ?1 AND ended_at IS NULL
             ORDER BY run_id DESC"
        ),
        [integration.0],
        run,
    )
}

/// All runs that have not ended, the oldest first: what a start takes up again.
///
/// # Errors
/// What the database meets.
pub fn unfinished(read: &Read<'_>) -> Result<Vec<Run>, StoreError> {
    read.all(
        &format!("SELECT {COLUMNS} FROM run WHERE ended_at IS NULL ORDER BY run_id"),
        [],
        run,
    )
}

/// Brings a run to a state. A final one ends it, and nothing is left to do about its rows; one that is not
/// begins it again, as undoing does.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_state(
    tx: &WriteTx<'_>,
    id: RunId,
    state: RunState,
    now: Timestamp,
) -> Result<(), StoreError> {
    if state.is_final() {
        run_due::clear(tx, id)?;
    }
    let ended_at = state.is_final().then_some(now);
    tx.change(
        "run",
        id,
        "UPDATE run SET state = ?2, resumes = '', ended_at = ?3 WHERE run_id = ?1",
        params![id.0, state.code(), ms(ended_at)],
    )
}

/// Forgets a run with all that belongs to it.
///
/// # Errors
/// What the database meets.
pub fn delete(tx: &WriteTx<'_>, id: RunId) -> Result<(), StoreError> {
    tx.run("DELETE FROM run WHERE run_id = ?1", [id.0])?;
    Ok(())
}

/// Pauses a run that has not ended; pausing twice changes nothing.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if it has ended.
pub fn pause(tx: &WriteTx<'_>, id: RunId) -> Result<(), StoreError> {
    let run = get(tx, id)?.ok_or_else(|| StoreError::not_found("run", id))?;
    if run.state == RunState::Paused {
        return Ok(());
    }
    if run.state.is_final() {
        return Err(wrong_state("only a run that has not ended is paused"));
    }
    tx.change(
        "run",
        id,
        "UPDATE run SET state = ?2, resumes = ?3 WHERE run_id = ?1",
        params![id.0, RunState::Paused.code(), run.state.code()],
    )
}

/// Lets a paused run go on; gives the state in which it does.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if it is not paused.
pub fn resume(tx: &WriteTx<'_>, id: RunId) -> Result<RunState, StoreError> {
    let run = get(tx, id)?.ok_or_else(|| StoreError::not_found("run", id))?;
    let state = run
        .resumes
        .ok_or_else(|| wrong_state("only a paused run is resumed"))?;
    tx.run(
        "UPDATE run SET state = ?2, resumes = '' WHERE run_id = ?1",
        params![id.0, state.code()],
    )?;
    Ok(state)
}

/// Keeps why a run stands still, or that nothing keeps it any more.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_problem(
    tx: &WriteTx<'_>,
    id: RunId,
    problem: Option<&Reason>,
) -> Result<(), StoreError> {
    let (code, detail) = problem.map_or(("", ""), |problem| (&problem.code, &problem.detail));
    tx.change(
        "run",
        id,
        "UPDATE run SET error_code = ?2, error_detail = ?3 WHERE run_id = ?1",
        params![id.0, code, detail],
    )
}

/// Keeps for which mapping and scope a run is planned.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_ground(tx: &WriteTx<'_>, id: RunId, ground: &str) -> Result<(), StoreError> {
    tx.change(
        "run",
        id,
        "UPDATE run SET ground = ?2 WHERE run_id = ?1",
        params![id.0, ground],
    )
}

/// Notes how far taking a run back has come. Belongs in the transaction that takes back.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_undo(tx: &WriteTx<'_>, id: RunId, undo: &UndoProgress) -> Result<(), StoreError> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    tx.change(
        "run",
        id,
        "UPDATE run SET undo_place = ?2, undone = ?3, kept = ?4 WHERE run_id = ?1",
        params![
            id.0,
            undo.place.map(|place| place.0),
            number(undo.undone),
            number(undo.kept),
        ],
    )
}

/// Notes where the listing stands. Belongs in the transaction that adds the rows before it.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_cursor(tx: &WriteTx<'_>, id: RunId, cursor: &str) -> Result<(), StoreError> {
    tx.change(
        "run",
        id,
        "UPDATE run SET cursor = ?2 WHERE run_id = ?1",
        params![id.0, cursor],
    )
}

/// Notes how many issues the remote promises.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_expected(tx: &WriteTx<'_>, id: RunId, expected: u64) -> Result<(), StoreError> {
    tx.change(
        "run",
        id,
        "UPDATE run SET expected = ?2 WHERE run_id = ?1",
        params![id.0, i64::try_from(expected).unwrap_or(i64::MAX)],
    )
}

/// Adds to the counters.
pub(crate) fn add(tx: &WriteTx<'_>, id: RunId, counts: &RunCounts) -> Result<(), StoreError> {
    if *counts == RunCounts::default() {
        return Ok(());
    }
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    tx.change(
        "run",
        id,
        "UPDATE run SET listed = listed + ?2, read = read + ?3, created = created + ?4,
         updated = updated + ?5, unchanged = unchanged + ?6, skipped = skipped + ?7,
         failed = failed + ?8, excluded = excluded + ?9 WHERE run_id = ?1",
        params![
            id.0,
            number(counts.listed),
            number(counts.read),
            number(counts.created),
            number(counts.updated),
            number(counts.unchanged),
            number(counts.skipped),
            number(counts.failed),
            number(counts.excluded),
        ],
    )
}

fn wrong_state(what: &str) -> StoreError {
    StoreError::Constraint {
        kind: ConstraintKind::Check,
        what: what.to_owned(),
    }
}

fn run(row: &Row<'_>) -> Result<Run, StoreError> {
    let problem = match row.text_opt(16)? {
        None => None,
        Some(code) => Some(Reason {
            code,
            detail: row.get(17)?,
        }),
    };
    Ok(Run {
        id: RunId(row.get(0)?),
        integration: IntegrationId(row.get(1)?),
        kind: row.code(2)?,
        state: row.code(3)?,
        resumes: row.code_opt(4)?,
        jql: row.get(5)?,
        cursor: row.text_opt(6)?,
        expected: row.get::<_, Option<i64>>(7)?.map(count),
        counts: RunCounts {
            listed: count(row.get(8)?),
            read: count(row.get(9)?),
            created: count(row.get(10)?),
            updated: count(row.get(11)?),
            unchanged: count(row.get(12)?),
            skipped: count(row.get(13)?),
            failed: count(row.get(14)?),
            excluded: count(row.get(15)?),
        },
        problem,
        started_at: row.moment(18)?,
        ended_at: row.moment_opt(19)?,
        ground: row.get(20)?,
        undo: UndoProgress {
            place: row.get::<_, Option<i64>>(21)?.map(JournalSeq),
            undone: count(row.get(22)?),
            kept: count(row.get(23)?),
        },
    })
}
