//! Applying a plan: rows in batches, parents first, each batch one transaction that does the work, writes
//! the journal and marks the rows. A crash leaves whole batches or none.

mod work;

use super::decide::Twins;
use super::ground::{Ground, Known};
use crate::error::EngineError;
use jiff::Timestamp;
use std::sync::Arc;
use store::run::Reason;
use store::run_due::Due;
use store::run_row::{Action as RowAction, RunRow};
use store::{Read, RowSeq, RunId, Store, StoreError, WriteTx};
use sync::plan::Action;
use sync::remote::RemoteIssue;
use work::Work;

/// Rows applied in one transaction.
const BATCH: u32 = 250;

/// A step of applying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Items are made and changed.
    Apply,
    /// What the remote says of items that stay as they are is noted.
    Note,
    /// What could not be set while items were still missing is set: dependencies on those that came later.
    Link,
}

impl Step {
    /// One transaction's worth of it; gives how many rows were settled.
    fn take(
        self,
        tx: &WriteTx<'_>,
        run: RunId,
        ground: &Ground,
        known: &mut Known,
        limit: u32,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        match self {
            Self::Apply => {
                let rows = next(tx, run, None, limit)?;
                apply(tx, run, ground, known, &rows, now)
            }
            Self::Note => note(tx, run, ground, known, limit, now),
            Self::Link => link(tx, run, ground, known, limit, now),
        }
    }
}

/// What one batch came to.
pub enum Batch {
    /// Nothing is left to apply.
    Empty,
    /// So many rows were settled.
    Done(u64),
}

/// Applies rows of one run.
pub struct Applier {
    store: Store,
    run: RunId,
    ground: Arc<Ground>,
    known: Option<Known>,
    /// The rows that come next, if they were read already.
    ahead: Option<Rows>,
}

impl Applier {
    /// Makes ready to apply a run.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn new(store: &Store, run: RunId, ground: Arc<Ground>) -> Result<Self, EngineError> {
        let loading = ground.clone();
        let known = store.read(move |read| Known::load(read, &loading)).await?;
        Ok(Self {
            store: store.clone(),
            run,
            ground,
            known: Some(known),
            ahead: None,
        })
    }

    /// Applies the next batch, and once all are applied, notes what the remote says of items that stay as they
    /// are. If one of its rows offends the database, the rows are done one by one, and the offender is marked
    /// as failed.
    ///
    /// # Errors
    /// What the database meets, where it is not the fault of a row.
    pub async fn batch(&mut self, now: Timestamp) -> Result<Batch, EngineError> {
        match self.settle(Step::Apply, now).await? {
            Batch::Empty => self.settle(Step::Note, now).await,
            done => Ok(done),
        }
    }

    /// Sets what could not be set while items were still missing: dependencies on items that came later.
    ///
    /// # Errors
    /// As [`Applier::batch`].
    pub async fn link(&mut self, now: Timestamp) -> Result<(), EngineError> {
        while let Batch::Done(rows) = self.settle(Step::Link, now).await? {
            tracing::debug!(run = self.run.0, rows, "looked for items that came later");
        }
        Ok(())
    }

    async fn settle(&mut self, step: Step, now: Timestamp) -> Result<Batch, EngineError> {
        let settled = match step {
            Step::Apply => self.apply_next(now).await,
            Step::Note | Step::Link => self.attempt(step, BATCH, now).await,
        };
        let settled = match settled {
            Err(EngineError::Store(StoreError::Constraint { .. })) => {
                self.one_by_one(step, now).await?
            }
            other => other?,
        };
        Ok(match settled {
            0 => Batch::Empty,
            rows => Batch::Done(rows),
        })
    }

    /// Applies rows, and reads those that come next meanwhile.
    async fn apply_next(&mut self, now: Timestamp) -> Result<u64, EngineError> {
        let run = self.run;
        let store = self.store.clone();
        let read = |after| store.read(move |read| next(read, run, after, BATCH));
        let rows = match self.ahead.take() {
            Some(rows) => rows,
            None => read(None).await?,
        };
        let Some((last, _)) = rows.last() else {
            return Ok(0);
        };
        let after = Some((last.depth, last.seq));
        let ground = self.ground.clone();
        let apply = self.write(move |tx, known| apply(tx, run, &ground, known, &rows, now));
        let (settled, ahead) = tokio::join!(apply, read(after));
        let settled = settled?;
        self.ahead = Some(ahead?);
        Ok(settled)
    }

    async fn one_by_one(&mut self, step: Step, now: Timestamp) -> Result<u64, EngineError> {
        let mut settled = 0;
        for _ in 0..BATCH {
            match self.attempt(step, 1, now).await {
                Ok(0) => break,
                Ok(rows) => settled += rows,
                Err(EngineError::Store(StoreError::Constraint { what, .. })) => {
                    self.fail_next(step, what).await?;
                    settled += 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(settled)
    }

    /// Marks the row that offends as failed. An item that stays as it is has not failed for it: the next
    /// import tries again.
    async fn fail_next(&mut self, step: Step, what: String) -> Result<(), EngineError> {
        let run = self.run;
        let due = match step {
            Step::Apply => None,
            Step::Note => Some(Due::Note),
            Step::Link => Some(Due::Link),
        };
        self.store
            .write(move |tx| {
                if let Some(due) = due {
                    tracing::warn!(run = run.0, what, "a row could not be brought up to date");
                    let rows = store::run_due::next(tx, run, due, 1)?;
                    let seqs: Vec<RowSeq> = rows.iter().map(|(row, _)| row.seq).collect();
                    return store::run_due::done(tx, run, due, &seqs);
                }
                let rows = store::run_row::next_to_apply(tx, run, None, 1)?.into_iter();
                let rows: Vec<(RowSeq, Reason)> = rows
                    .map(|(row, _)| {
                        let reason = Reason {
                            code: "refused".to_owned(),
                            detail: what.clone(),
                        };
                        (row.seq, reason)
                    })
                    .collect();
                store::run_row::mark_failed(tx, run, &rows)
            })
            .await?;
        Ok(())
    }

    async fn attempt(
        &mut self,
        step: Step,
        limit: u32,
        now: Timestamp,
    ) -> Result<u64, EngineError> {
        let (run, ground) = (self.run, self.ground.clone());
        self.write(move |tx, known| step.take(tx, run, &ground, known, limit, now))
            .await
    }

    async fn write(
        &mut self,
        work: impl FnOnce(&WriteTx<'_>, &mut Known) -> Result<u64, StoreError> + Send + 'static,
    ) -> Result<u64, EngineError> {
        let known = match self.known.take() {
            Some(known) => known,
            // A batch that failed took what was known with it: some of it was never committed.
            None => {
                let loading = self.ground.clone();
                self.store
                    .read(move |read| Known::load(read, &loading))
                    .await?
            }
        };
        let (known, settled) = self
            .store
            .write_step(move |tx| {
                let mut known = known;
                let settled = work(tx, &mut known)?;
                Ok((known, settled))
            })
            .await?;
        self.known = Some(known);
        Ok(settled)
    }
}

/// Rows with the issues that were read for them.
type Rows = Vec<(RunRow, RemoteIssue)>;

/// The rows that come next. Parents must be written before their children are looked at, so a batch never
/// spans two levels.
fn next(
    read: &Read<'_>,
    run: RunId,
    after: Option<(u8, RowSeq)>,
    limit: u32,
) -> Result<Rows, StoreError> {
    let mut rows = store::run_row::next_to_apply(read, run, after, limit)?;
    if let Some(depth) = rows.first().map(|(row, _)| row.depth) {
        rows.retain(|(row, _)| row.depth == depth);
    }
    Ok(rows)
}

fn apply(
    tx: &WriteTx<'_>,
    run: RunId,
    ground: &Ground,
    known: &mut Known,
    rows: &[(RunRow, RemoteIssue)],
    now: Timestamp,
) -> Result<u64, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
    known.look_up(tx, ground.connection_id(), issues.iter().copied())?;
    let twins = Twins::load(tx, ground, run, &issues)?;
    let mut work = Work::new(tx, run, ground, &twins, now)?;
    for (row, issue) in rows {
        let mut decided = twins.decide(ground, known, issue);
        if decided.decision.is_pending() {
            known.record(tx, &decided.decision.wants)?;
            decided = twins.decide(ground, known, issue);
        }
        if !matches!(decided.decision.action, Action::Skip(_)) {
            known.record(tx, &decided.decision.news)?;
        }
        work.row(row, issue, decided)?;
    }
    work.finish()
}

fn note(
    tx: &WriteTx<'_>,
    run: RunId,
    ground: &Ground,
    known: &mut Known,
    limit: u32,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let rows = store::run_due::next(tx, run, Due::Note, limit)?;
    let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
    known.look_up(tx, ground.connection_id(), issues.iter().copied())?;
    let twins = Twins::load(tx, ground, run, &issues)?;
    let mut work = Work::new(tx, run, ground, &twins, now)?;
    for (_, issue) in &rows {
        let mut decided = twins.decide(ground, known, issue);
        if decided.row_action() != RowAction::Unchanged {
            // Somebody changed the item since the plan was made: nobody has seen what it would become.
            continue;
        }
        if decided.decision.is_pending() {
            known.record(tx, &decided.decision.wants)?;
            decided = twins.decide(ground, known, issue);
        }
        known.record(tx, &decided.decision.news)?;
        work.note(issue, &decided)?;
    }
    // Not marked: an item that stays as it is may yet get a dependency on one that came later.
    let seqs: Vec<RowSeq> = rows.iter().map(|(row, _)| row.seq).collect();
    store::run_due::done(tx, run, Due::Note, &seqs)?;
    Ok(seqs.len() as u64)
}

fn link(
    tx: &WriteTx<'_>,
    run: RunId,
    ground: &Ground,
    known: &mut Known,
    limit: u32,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let rows = store::run_due::next(tx, run, Due::Link, limit)?;
    let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
    known.look_up(tx, ground.connection_id(), issues.iter().copied())?;
    let twins = Twins::load(tx, ground, run, &issues)?;
    let mut work = Work::new(tx, run, ground, &twins, now)?;
    for (row, issue) in &rows {
        work.link(row, &twins.decide(ground, known, issue))?;
    }
    work.finish()?;
    let seqs: Vec<RowSeq> = rows.iter().map(|(row, _)| row.seq).collect();
    store::run_due::done(tx, run, Due::Link, &seqs)?;
    Ok(seqs.len() as u64)
}

#[cfg(test)]
mod tests;
