//! Making the plan of what was read: a decision for each row, nothing written to the workspace.

use super::decide::{Decided, Twins};
use super::ground::{Ground, Known};
use crate::error::EngineError;
use std::sync::Arc;
use store::run::Reason;
use store::run_row::{Decision as RowDecision, RunRow};
use store::{Read, RowSeq, RunId, Store, StoreError};
use sync::plan::{Action, ParentNote, Place, SkipReason};
use sync::remote::RemoteIssue;

/// Rows decided in one transaction.
const BATCH: u32 = 500;

/// Decides every row that was read. Deciding twice gives the same, so a crash costs nothing but time.
///
/// Rows are gone through twice: only when it is known which parents are left out can be said which
/// children will stand at the top for it.
///
/// # Errors
/// What the database meets.
pub async fn plan(store: &Store, run: RunId, ground: &Arc<Ground>) -> Result<(), EngineError> {
    for _ in 0..2 {
        let mut after = None;
        while let Some(last) = decide_batch(store, run, ground, after).await? {
            after = Some(last);
        }
    }
    Ok(())
}

async fn decide_batch(
    store: &Store,
    run: RunId,
    ground: &Arc<Ground>,
    after: Option<RowSeq>,
) -> Result<Option<RowSeq>, EngineError> {
    let reading = ground.clone();
    let decisions = store
        .read(move |read| {
            let rows = store::run_row::read_after(read, run, after, BATCH)?;
            decide(read, run, &reading, &rows)
        })
        .await?;
    let last = decisions.last().map(|decision| decision.seq);
    if last.is_some() {
        store
            .write(move |tx| store::run_row::set_decisions(tx, run, &decisions))
            .await?;
    }
    Ok(last)
}

fn decide(
    read: &Read<'_>,
    run: RunId,
    ground: &Ground,
    rows: &[(RunRow, RemoteIssue)],
) -> Result<Vec<RowDecision>, StoreError> {
    let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
    let mut known = Known::load(read, ground)?;
    known.look_up(read, ground.connection_id(), issues.iter().copied())?;
    let twins = Twins::load(read, ground, run, &issues)?;
    Ok(rows
        .iter()
        .map(|(row, issue)| {
            let decided = twins.decide(ground, &known, issue);
            RowDecision {
                seq: row.seq,
                action: decided.row_action(),
                reason: reason(&decided),
                item: decided.item.as_ref().map(|item| item.id),
            }
        })
        .collect())
}

/// The row of a plan looked at closely: decided anew against the workspace as it is.
///
/// # Errors
/// What the database meets.
pub async fn look(
    store: &Store,
    run: RunId,
    ground: &Arc<Ground>,
    seq: RowSeq,
) -> Result<Option<(RunRow, RemoteIssue, Decided)>, EngineError> {
    let ground = ground.clone();
    let found = store
        .read(move |read| {
            let Some((row, issue)) = store::run_row::get(read, run, seq)? else {
                return Ok(None);
            };
            let Some(issue) = issue else { return Ok(None) };
            let mut known = Known::load(read, &ground)?;
            known.look_up(read, ground.connection_id(), std::iter::once(&issue))?;
            let twins = Twins::load(read, &ground, run, &[&issue])?;
            let decided = twins.decide(&ground, &known, &issue);
            Ok(Some((row, issue, decided)))
        })
        .await?;
    Ok(found)
}

/// The most telling thing about a decision, as a closed word. Skips come first, then what is kept aside,
/// then where the item will stand.
fn reason(decided: &Decided) -> Option<Reason> {
    if let Action::Skip(skip) = &decided.decision.action {
        return Some(skip_reason(skip));
    }
    let code = if decided.decision.conflicts.is_empty() {
        match decided.place {
            Place::TopBecause(note) => parent_code(note),
            _ if !decided.decision.notes.is_empty() => "value_not_mapped",
            _ => return None,
        }
    } else {
        "conflict"
    };
    let conflicts = decided.decision.conflicts.len();
    let detail = if code == "conflict" {
        conflicts.to_string()
    } else {
        String::new()
    };
    Some(Reason {
        code: code.to_owned(),
        detail,
    })
}

fn skip_reason(reason: &SkipReason) -> Reason {
    let (code, detail) = match reason {
        SkipReason::TypeNotMapped { remote_type } => ("type_not_mapped", remote_type.clone()),
        SkipReason::Closed => ("closed", String::new()),
        SkipReason::NoTitle => ("no_title", String::new()),
        SkipReason::Severed => ("severed", String::new()),
        SkipReason::LinkedElsewhere => ("linked_elsewhere", String::new()),
    };
    Reason {
        code: code.to_owned(),
        detail,
    }
}

fn parent_code(note: ParentNote) -> &'static str {
    match note {
        ParentNote::OutsideScope => "parent_outside_scope",
        ParentNote::NotMapped => "parent_not_mapped",
        ParentNote::Skipped => "parent_skipped",
        ParentNote::LevelMismatch => "parent_level_mismatch",
        ParentNote::CycleBroken => "parent_cycle",
    }
}
