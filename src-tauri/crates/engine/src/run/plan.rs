//! Making the plan of what was read: a decision for each row, nothing written to the workspace.

use super::decide::{Decided, Twins};
use super::ground::{Ground, Known};
use crate::error::EngineError;
use std::sync::Arc;
use store::run::Reason;
use store::run_due::Due;
use store::run_row::{Action as RowAction, Decision as RowDecision, ReadRow, RunRow};
use store::{Read, RowSeq, RunId, Store, StoreError, WriteTx};
use sync::convert::Want;
use sync::plan::{Action, ParentNote, Place, SkipReason};
use sync::remote::RemoteIssue;

/// Rows decided in one transaction.
const BATCH: u32 = 500;

/// Decides the rows that could not be decided while the run was reading, because their parents came later or
/// not at all; and once more those that have come to stand below a row that is passed over. A crash costs
/// nothing but time: what was decided stays.
///
/// # Errors
/// What the database meets.
pub async fn plan(store: &Store, run: RunId, ground: &Arc<Ground>) -> Result<(), EngineError> {
    let loading = ground.clone();
    let mut known = store.read(move |read| Known::load(read, &loading)).await?;
    let mut after = None;
    // While a batch is written the next one is decided, without what the first has come to.
    let mut unwritten = Batch::default();
    loop {
        let reading = ground.clone();
        let decide = store.read(move |read| {
            let rows = store::run_row::undecided_after(read, run, after, BATCH)?;
            let issues: Vec<Open<'_>> = rows.iter().map(|(row, issue)| (row.seq, issue)).collect();
            let batch = decide(read, run, &reading, &mut known, &issues, Listing::Ended)?;
            Ok((known, batch))
        });
        let write = async {
            if unwritten.decisions.is_empty() {
                return Ok(());
            }
            store.write_step(move |tx| unwritten.write(tx, run)).await
        };
        let (decided, written) = tokio::join!(decide, write);
        written?;
        (known, unwritten) = decided?;
        match unwritten.decisions.last() {
            None => break,
            Some(last) => after = Some(last.seq),
        }
    }
    let mut after = None;
    loop {
        let reading = ground.clone();
        let (back, batch) = store
            .read(move |read| {
                let rows = store::run_row::below_skipped(read, run, after, BATCH)?;
                let issues: Vec<Open<'_>> =
                    rows.iter().map(|(row, issue)| (row.seq, issue)).collect();
                let batch = decide(read, run, &reading, &mut known, &issues, Listing::Ended)?;
                Ok((known, batch))
            })
            .await?;
        known = back;
        match batch.decisions.last() {
            None => return Ok(()),
            Some(last) => after = Some(last.seq),
        }
        store.write_step(move |tx| batch.write(tx, run)).await?;
    }
}

/// Keeps issues as they were read, and decides about those of which nothing that may still be read changes
/// the decision: so only few have to be taken up again.
///
/// # Errors
/// What the database meets.
pub fn keep(
    tx: &WriteTx<'_>,
    run: RunId,
    ground: &Ground,
    known: &mut Known,
    rows: &[ReadRow],
) -> Result<(), StoreError> {
    store::run_row::store_read(tx, run, rows)?;
    let issues: Vec<Open<'_>> = rows.iter().map(|row| (row.seq(), row.issue())).collect();
    decide(tx, run, ground, known, &issues, Listing::GoesOn)?.write(tx, run)
}

/// A row to be decided.
type Open<'i> = (RowSeq, &'i RemoteIssue);

/// Whether more issues may come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listing {
    GoesOn,
    Ended,
}

/// Rows that are decided and not written yet.
#[derive(Default)]
struct Batch {
    decisions: Vec<RowDecision>,
    /// Rows that stay as they are, of which there is something to note.
    news: Vec<RowSeq>,
    /// Rows that name issues which are no items yet, but may become some with this run.
    links: Vec<RowSeq>,
}

impl Batch {
    fn write(self, tx: &WriteTx<'_>, run: RunId) -> Result<(), StoreError> {
        store::run_row::set_decisions(tx, run, &self.decisions)?;
        store::run_due::add(tx, run, Due::Note, &self.news)?;
        store::run_due::add(tx, run, Due::Link, &self.links)
    }
}

fn decide(
    read: &Read<'_>,
    run: RunId,
    ground: &Ground,
    known: &mut Known,
    rows: &[Open<'_>],
    listing: Listing,
) -> Result<Batch, StoreError> {
    let mut batch = Batch::default();
    if rows.is_empty() {
        return Ok(batch);
    }
    let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| *issue).collect();
    known.look_up(read, ground.connection_id(), issues.iter().copied())?;
    let twins = Twins::load(read, ground, run, &issues)?;
    for &(seq, issue) in rows {
        let decided = twins.decide(ground, known, issue);
        if listing == Listing::GoesOn && !decided.parent_is_known {
            continue;
        }
        let action = decided.row_action();
        if action != RowAction::Skip {
            known.note(&decided.decision.news);
            let mut wants = decided.decision.wants.iter();
            if wants.any(|want| matches!(want, Want::Item { .. })) {
                batch.links.push(seq);
            }
        }
        if action == RowAction::Unchanged && decided.is_news {
            batch.news.push(seq);
        }
        batch.decisions.push(RowDecision {
            seq,
            action,
            reason: reason(&decided),
            item: decided.here.map(|here| here.item),
        });
    }
    Ok(batch)
}

/// Items that would lose something by a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Losses {
    /// Items of which something that stands here would be replaced, or that would come to stand elsewhere.
    pub replaced: u64,
    /// Items of which a field would be emptied.
    pub emptied: u64,
}

/// How many items would lose something by a plan. What only comes to something empty, or to a list, is no loss.
///
/// # Errors
/// What the database meets.
pub async fn losses(
    store: &Store,
    run: RunId,
    ground: &Arc<Ground>,
) -> Result<Losses, EngineError> {
    let loading = ground.clone();
    let mut known = store.read(move |read| Known::load(read, &loading)).await?;
    let (mut after, mut losses) = (None, Losses::default());
    loop {
        let ground = ground.clone();
        let (back, last, some) = store
            .read(move |read| {
                let rows = store::run_row::next_to_apply(read, run, after, BATCH)?;
                let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
                known.look_up(read, ground.connection_id(), issues.iter().copied())?;
                let twins = Twins::load(read, &ground, run, &issues)?;
                let mut some = Losses::default();
                for issue in issues {
                    let decided = twins.decide(&ground, &known, issue);
                    some.replaced += u64::from(replaces(&decided));
                    some.emptied += u64::from(empties(&decided));
                }
                let last = rows.last().map(|(row, _)| (row.depth, row.seq));
                Ok((known, last, some))
            })
            .await?;
        known = back;
        losses.replaced += some.replaced;
        losses.emptied += some.emptied;
        match last {
            Some(last) => after = Some(last),
            None => return Ok(losses),
        }
    }
}

fn replaces(decided: &Decided) -> bool {
    let moves = decided.moves && decided.here.is_some_and(|here| here.parent.is_some());
    let Action::Update(update) = &decided.decision.action else {
        return moves;
    };
    let mut changes = update.changes.iter();
    let loses = changes.any(|change| !change.after.holds(&change.before));
    moves || loses || update.item_type.is_some()
}

fn empties(decided: &Decided) -> bool {
    let Action::Update(update) = &decided.decision.action else {
        return false;
    };
    let mut changes = update.changes.iter();
    changes.any(|change| change.after.is_none() && !change.before.is_none())
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
            let mut decided = twins.decide(&ground, &known, &issue);
            decided.item = decided.here.and_then(|here| twins.item(here.item)).cloned();
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

/// Why an issue is passed over, as a closed word.
#[must_use]
pub fn skip_reason(reason: &SkipReason) -> Reason {
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
