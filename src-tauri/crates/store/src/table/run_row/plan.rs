//! What a run decides about its rows, and what becomes of them.

use super::{Action, COLUMNS, RowState, RunRow, row, row_with_issue};
use crate::code::Code as _;
use crate::error::StoreError;
use crate::fold::fold;
use crate::id::{RowSeq, RunId};
use crate::sql::{Columns as _, Read, WriteTx, count, json_texts};
use crate::table::run::{self, Reason, RunCounts};
use rusqlite::{ToSql, params};
use sync::remote::RemoteIssue;
use workspace::ItemId;

/// What is decided about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which row.
    pub seq: RowSeq,
    /// What is to be done.
    pub action: Action,
    /// Why.
    pub reason: Option<Reason>,
    /// The item that it is, for one that exists.
    pub item: Option<ItemId>,
}

/// What was done about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applied {
    /// An item was made.
    Created,
    /// An item was changed.
    Updated,
    /// The item was as it should be.
    Unchanged,
}

/// How many rows share a type, an action, a state and a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanCount {
    /// Id of the issues' type.
    pub remote_type: String,
    /// What is decided.
    pub action: Option<Action>,
    /// How far they have come.
    pub state: RowState,
    /// The reason's code.
    pub reason_code: Option<String>,
    /// How many.
    pub rows: u64,
}

/// Which rows of a plan to show; what is not asked for does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowFilter {
    /// What is decided.
    pub action: Option<Action>,
    /// How far they have come: any of these.
    pub states: Option<Vec<RowState>>,
    /// Id of the issues' type.
    pub remote_type: Option<String>,
    /// The reason's code.
    pub reason_code: Option<String>,
    /// Words in the key or the title. Accents matter here, case of ASCII letters does not.
    pub search: Option<String>,
}

/// Some of the rows that a filter lets through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowPage {
    /// The rows, in the order of the listing.
    pub rows: Vec<RunRow>,
    /// How many there are in all.
    pub total: u64,
}

/// Puts decisions in place of those before, for rows that were read and not applied.
///
/// # Errors
/// What the database meets.
pub fn set_decisions(
    tx: &WriteTx<'_>,
    run: RunId,
    decisions: &[Decision],
) -> Result<(), StoreError> {
    for decision in decisions {
        let (code, detail) = reason_text(decision.reason.as_ref());
        tx.run(
            "UPDATE run_row SET action = ?3, reason_code = ?4, reason_detail = ?5, item_id = ?6
             WHERE row_seq = ?2 AND run_id = ?1 AND state = 'read'",
            params![
                run.0,
                decision.seq.0,
                decision.action.code(),
                code,
                detail,
                decision.item.map(|id| id.0),
            ],
        )?;
    }
    Ok(())
}

/// How many rows share a type, an action, a state and a reason.
///
/// # Errors
/// What the database meets.
pub fn plan_counts(read: &Read<'_>, run: RunId) -> Result<Vec<PlanCount>, StoreError> {
    read.all(
        "SELECT remote_type, action, state, reason_code, count(*) FROM run_row WHERE run_id = ?1
         GROUP BY remote_type, action, state, reason_code
         ORDER BY remote_type, action, state, reason_code",
        [run.0],
        |row| {
            Ok(PlanCount {
                remote_type: row.get(0)?,
                action: row.code_opt(1)?,
                state: row.code(2)?,
                reason_code: row.text_opt(3)?,
                rows: count(row.get(4)?),
            })
        },
    )
}

/// What a [`RowFilter`] lets through.
const SHOWN: &str = "run_id = :run AND (:action = '' OR action = :action)
    AND (:states IS NULL OR state IN (SELECT value FROM json_each(:states)))
    AND (:type IS NULL OR remote_type = :type)
    AND (:reason IS NULL OR reason_code = :reason)
    AND (:search = '' OR instr(lower(title), :search) > 0 OR instr(lower(remote_key), :search) > 0)";

/// The parameters of [`SHOWN`].
struct Shown<'f> {
    run: i64,
    action: &'static str,
    states: Option<String>,
    search: String,
    filter: &'f RowFilter,
}

impl<'f> Shown<'f> {
    fn new(run: RunId, filter: &'f RowFilter) -> Self {
        let search = filter.search.as_deref().unwrap_or_default().trim();
        Self {
            run: run.0,
            action: filter.action.map(Action::code).unwrap_or_default(),
            states: filter.states.as_ref().map(|states| {
                let codes: Vec<&str> = states.iter().map(|state| state.code()).collect();
                json_texts(&codes)
            }),
            search: if search.is_ascii() {
                fold(search)
            } else {
                search.to_owned()
            },
            filter,
        }
    }

    /// With others behind them.
    fn and<'p>(&'p self, others: &[Param<'p>]) -> Vec<Param<'p>> {
        let own: [Param<'p>; 6] = [
            (":run", &self.run),
            (":action", &self.action),
            (":states", &self.states),
            (":type", &self.filter.remote_type),
            (":reason", &self.filter.reason_code),
            (":search", &self.search),
        ];
        [&own, others].concat()
    }
}

type Param<'p> = (&'static str, &'p dyn ToSql);

/// Some of the rows that a filter lets through, and how many it does: for whoever jumps about in them.
///
/// # Errors
/// What the database meets.
pub fn page(
    read: &Read<'_>,
    run: RunId,
    filter: &RowFilter,
    offset: u64,
    limit: u32,
) -> Result<RowPage, StoreError> {
    let shown = Shown::new(run, filter);
    let offset = i64::try_from(offset).unwrap_or(i64::MAX);
    let total = read.number(
        &format!("SELECT count(*) FROM run_row WHERE {SHOWN}"),
        &*shown.and(&[]),
    )?;
    let rows = read.all(
        &format!(
            "SELECT {COLUMNS} FROM run_row INDEXED BY run_row_order
             WHERE {SHOWN} ORDER BY row_seq LIMIT :limit OFFSET :offset"
        ),
        &*shown.and(&[(":limit", &limit), (":offset", &offset)]),
        row,
    )?;
    Ok(RowPage {
        rows,
        total: count(total),
    })
}

/// Rows that a filter lets through, in the order of the listing, from the first after `after`: for whoever
/// takes them all, in time that grows as they do.
///
/// # Errors
/// What the database meets.
pub fn rows_after(
    read: &Read<'_>,
    run: RunId,
    filter: &RowFilter,
    after: Option<RowSeq>,
    limit: u32,
) -> Result<Vec<RunRow>, StoreError> {
    let after = after.map_or(0, |seq| seq.0);
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM run_row INDEXED BY run_row_order
             WHERE {SHOWN} AND row_seq > :after ORDER BY row_seq LIMIT :limit"
        ),
        &*Shown::new(run, filter).and(&[(":after", &after), (":limit", &limit)]),
        row,
    )
}

/// Rows of which something is to be made or changed, with their issues, parents before their parts; from the
/// first after `after` in this order, which is by depth and then by place in the listing.
///
/// # Errors
/// What the database meets.
pub fn next_to_apply(
    read: &Read<'_>,
    run: RunId,
    after: Option<(u8, RowSeq)>,
    limit: u32,
) -> Result<Vec<(RunRow, RemoteIssue)>, StoreError> {
    let (depth, seq) = after.map_or((0, 0), |(depth, seq)| (depth, seq.0));
    read.all(
        &format!(
            "SELECT {COLUMNS}, issue FROM run_row INDEXED BY run_row_todo
             CROSS JOIN run_issue USING (row_seq)
             WHERE run_id = ?1 AND state = 'read' AND action IN ('create', 'update')
             AND (depth, run_row.row_seq) > (?2, ?3)
             ORDER BY depth, run_row.row_seq LIMIT ?4"
        ),
        params![run.0, depth, seq, limit],
        row_with_issue,
    )
}

/// Notes what was done. Belongs in the transaction that does it.
///
/// # Errors
/// What the database meets.
pub fn mark_applied(
    tx: &WriteTx<'_>,
    run: RunId,
    rows: &[(RowSeq, ItemId, Applied)],
) -> Result<(), StoreError> {
    let mut counts = RunCounts::default();
    for (seq, item, applied) in rows {
        let changed = tx.run(
            "UPDATE run_row SET state = 'applied', item_id = ?3
             WHERE row_seq = ?2 AND run_id = ?1 AND state = 'read'",
            params![run.0, seq.0, item.0],
        )? as u64;
        match applied {
            Applied::Created => counts.created += changed,
            Applied::Updated => counts.updated += changed,
            Applied::Unchanged => counts.unchanged += changed,
        }
    }
    run::add(tx, run, &counts)
}

/// Notes that rows were passed over, and why.
///
/// # Errors
/// What the database meets.
pub fn mark_skipped(
    tx: &WriteTx<'_>,
    run: RunId,
    rows: &[(RowSeq, Reason)],
) -> Result<(), StoreError> {
    let skipped = mark(tx, run, rows, RowState::Skipped)?;
    let counts = RunCounts {
        skipped,
        ..RunCounts::default()
    };
    run::add(tx, run, &counts)
}

/// Notes that rows could not be done, and why.
///
/// # Errors
/// What the database meets.
pub fn mark_failed(
    tx: &WriteTx<'_>,
    run: RunId,
    rows: &[(RowSeq, Reason)],
) -> Result<(), StoreError> {
    let failed = mark(tx, run, rows, RowState::Failed)?;
    let counts = RunCounts {
        failed,
        ..RunCounts::default()
    };
    run::add(tx, run, &counts)
}

/// Notes that issues were not there to be read, or are left out before the plan, and why.
///
/// # Errors
/// What the database meets.
pub fn mark_excluded(
    tx: &WriteTx<'_>,
    run: RunId,
    rows: &[(RowSeq, Reason)],
) -> Result<(), StoreError> {
    let excluded = mark(tx, run, rows, RowState::Excluded)?;
    let counts = RunCounts {
        excluded,
        ..RunCounts::default()
    };
    run::add(tx, run, &counts)
}

/// Settles the rows about which nothing is to be done: those decided as unchanged count as applied, those
/// to skip as skipped. Belongs at the end of applying.
///
/// # Errors
/// What the database meets.
pub fn settle_rest(tx: &WriteTx<'_>, run: RunId) -> Result<(), StoreError> {
    let settle = |action: Action, state: RowState| {
        tx.run(
            "UPDATE run_row SET state = ?3 WHERE run_id = ?1 AND state = 'read' AND action = ?2",
            params![run.0, action.code(), state.code()],
        )
    };
    let counts = RunCounts {
        unchanged: settle(Action::Unchanged, RowState::Applied)? as u64,
        skipped: settle(Action::Skip, RowState::Skipped)? as u64,
        ..RunCounts::default()
    };
    run::add(tx, run, &counts)
}

/// Brings rows that are still under way to a state that ends them; gives how many.
fn mark(
    tx: &WriteTx<'_>,
    run: RunId,
    rows: &[(RowSeq, Reason)],
    state: RowState,
) -> Result<u64, StoreError> {
    let mut marked = 0;
    for (seq, reason) in rows {
        marked += tx.run(
            "UPDATE run_row SET state = ?3, reason_code = ?4, reason_detail = ?5
             WHERE row_seq = ?2 AND run_id = ?1 AND state IN ('listed', 'read')",
            params![run.0, seq.0, state.code(), reason.code, reason.detail],
        )? as u64;
    }
    Ok(marked)
}

fn reason_text(reason: Option<&Reason>) -> (&str, &str) {
    reason.map_or(("", ""), |reason| (&reason.code, &reason.detail))
}
