//! Making the plan of what was read: a decision for each row, nothing written to the workspace.

use super::decide::{Decided, Twins};
use super::ground::{Ground, Known};
use crate::error::EngineError;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::run::Reason;
use store::run_due::Due;
use store::run_row::{Action as RowAction, Decision as RowDecision, RunRow};
use store::{Read, RowSeq, RunId, Store, StoreError, WriteTx};
use sync::convert::Want;
use sync::plan::{Action, ParentNote, Place, SkipReason};
use sync::remote::RemoteIssue;

/// Rows decided in one transaction.
const BATCH: u32 = 500;

/// Decides every row that was read. Deciding twice gives the same, so a crash costs nothing but time.
///
/// A row is decided once, and once more if its parent, of which nothing was known then, came to be passed
/// over: only then can be said that it will stand at the top for it.
///
/// # Errors
/// What the database meets.
pub async fn plan(store: &Store, run: RunId, ground: &Arc<Ground>) -> Result<(), EngineError> {
    store
        .write(move |tx| store::run_due::clear(tx, run))
        .await?;
    let loading = ground.clone();
    let mut known = store.read(move |read| Known::load(read, &loading)).await?;
    let mut open: Vec<(RowSeq, RowSeq)> = Vec::new();
    let mut after = None;
    // While a batch is written the next one is decided, without what the first has come to.
    let mut unwritten = Batch::default();
    loop {
        let undecided_from = unwritten.decisions.first().map(|decision| decision.seq);
        let reading = ground.clone();
        let decide = store.read(move |read| {
            let rows = store::run_row::read_after(read, run, after, BATCH)?;
            let from = undecided_from.or(rows.first().map(|(row, _)| row.seq));
            let batch = decide(read, run, &reading, &mut known, &rows, from)?;
            Ok((known, batch))
        });
        let write = async {
            if unwritten.decisions.is_empty() {
                return Ok(());
            }
            store.write(move |tx| unwritten.write(tx, run)).await
        };
        let (decided, written) = tokio::join!(decide, write);
        written?;
        (known, unwritten) = decided?;
        match unwritten.decisions.last() {
            None => break,
            Some(last) => after = Some(last.seq),
        }
        open.append(&mut unwritten.open);
    }
    for rows in open.chunks(BATCH as usize) {
        let (rows, reading) = (rows.to_vec(), ground.clone());
        let (back, again) = store
            .read(move |read| {
                let again = passed_over(read, run, &rows)?;
                let rows = store::run_row::read_some(read, run, &again)?;
                let batch = decide(read, run, &reading, &mut known, &rows, None)?;
                Ok((known, batch))
            })
            .await?;
        known = back;
        if !again.decisions.is_empty() {
            store.write(move |tx| again.write(tx, run)).await?;
        }
    }
    Ok(())
}

/// The rows of which the parent's row came to be passed over.
fn passed_over(
    read: &Read<'_>,
    run: RunId,
    open: &[(RowSeq, RowSeq)],
) -> Result<Vec<RowSeq>, StoreError> {
    let parents: Vec<RowSeq> = open.iter().map(|(_, parent)| *parent).collect();
    let skipped = store::run_row::skipped_among(read, run, &parents)?;
    Ok(open
        .iter()
        .filter(|(_, parent)| skipped.contains(parent))
        .map(|(row, _)| *row)
        .collect())
}

/// Rows that are decided and not written yet.
#[derive(Default)]
struct Batch {
    decisions: Vec<RowDecision>,
    /// Rows that stay as they are, of which there is something to note.
    news: Vec<RowSeq>,
    /// Rows that name issues which become items with this run.
    links: Vec<RowSeq>,
    /// Rows, each with the row of its parent that is not decided yet.
    open: Vec<(RowSeq, RowSeq)>,
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
    rows: &[(RunRow, RemoteIssue)],
    undecided_from: Option<RowSeq>,
) -> Result<Batch, StoreError> {
    let mut batch = Batch::default();
    if rows.is_empty() {
        return Ok(batch);
    }
    let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
    known.look_up(read, ground.connection_id(), issues.iter().copied())?;
    let twins = Twins::load(read, ground, run, &issues, undecided_from)?;
    let mut missing: BTreeMap<String, Vec<RowSeq>> = BTreeMap::new();
    for (row, issue) in rows {
        let decided = twins.decide(ground, known, issue);
        let action = decided.row_action();
        if action != RowAction::Skip {
            known.note(&decided.decision.news);
            for want in &decided.decision.wants {
                if let Want::Item { link, .. } = want {
                    missing.entry(link.issue.clone()).or_default().push(row.seq);
                }
            }
        }
        if action == RowAction::Unchanged && decided.is_news {
            batch.news.push(row.seq);
        }
        batch
            .open
            .extend(decided.open_parent.map(|parent| (row.seq, parent)));
        batch.decisions.push(RowDecision {
            seq: row.seq,
            action,
            reason: reason(&decided),
            item: decided.here.map(|here| here.item),
        });
    }
    if !missing.is_empty() {
        let ids: Vec<&String> = missing.keys().collect();
        let coming = store::run_row::found_among(read, run, &ids)?;
        let rows: BTreeSet<RowSeq> = coming
            .iter()
            .filter_map(|id| missing.get(id))
            .flatten()
            .copied()
            .collect();
        batch.links = rows.into_iter().collect();
    }
    Ok(batch)
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
            let twins = Twins::load(read, &ground, run, &[&issue], None)?;
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
