//! Applying a plan: rows in batches, parents first, each batch one transaction that does the work, writes
//! the journal and marks the rows. A crash leaves whole batches or none.

mod ahead;
mod work;

use super::decide::Twins;
use super::ground::{Ground, Known};
use super::lock;
use crate::error::EngineError;
use ahead::{Ahead, Links, Prepared, Ready, look_ahead};
use jiff::Timestamp;
use std::sync::{Arc, Mutex};
use store::run::Reason;
use store::run_due::Due;
use store::run_row::{Action as RowAction, RunRow};
use store::{Read, RowSeq, RunId, Store, StoreError, WriteTx};
use sync::plan::Action;
use sync::remote::RemoteIssue;
use work::Work;
pub use work::{MOVED_ON, OUTDATED};

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
                let rows = rows.into_iter().map(Prepared::open).collect();
                apply(tx, run, ground, known, rows, now)
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
    /// Held by whoever decides. None after a batch that failed: some of what it knew was never committed.
    known: Option<Arc<Mutex<Known>>>,
    /// The rows that come next, if they were read already.
    ahead: Option<Ahead>,
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
            known: Some(Arc::new(Mutex::new(known))),
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
        match self.link_ahead(now).await {
            Err(EngineError::Store(StoreError::Constraint { .. })) => {}
            other => other?,
        }
        // Those that somebody changed meanwhile, and all if one offended the database.
        while let Batch::Done(rows) = self.settle(Step::Link, now).await? {
            tracing::debug!(run = self.run.0, rows, "looked for items that came later");
        }
        Ok(())
    }

    /// Sets dependencies, and makes ready those that come next meanwhile.
    async fn link_ahead(&mut self, now: Timestamp) -> Result<(), EngineError> {
        let (run, known) = (self.run, self.known().await?);
        let read = |after| {
            let (ground, known) = (self.ground.clone(), known.clone());
            self.store
                .read(move |read| Links::of(read, run, &ground, &mut lock(&known), after))
        };
        let mut links = read(None).await?;
        while let Some(last) = links.last {
            let ground = self.ground.clone();
            let write = self
                .store
                .write_step(move |tx| links.write(tx, run, &ground, now));
            let (written, ahead) = tokio::join!(write, read(Some(last)));
            written?;
            links = ahead?;
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

    /// Applies rows, and makes ready those that come next meanwhile.
    async fn apply_next(&mut self, now: Timestamp) -> Result<u64, EngineError> {
        let run = self.run;
        let batch = match self.ahead.take() {
            Some(Ahead::Ready(batch)) => batch,
            Some(Ahead::Read(rows)) => self.ready(rows).await?,
            None => {
                let rows = self
                    .store
                    .read(move |read| next(read, run, None, BATCH))
                    .await?;
                self.ready(rows).await?
            }
        };
        let Some(last) = batch.last else {
            return Ok(0);
        };
        let (ground, known) = (self.ground.clone(), self.known().await?);
        let ahead = look_ahead(self.store.clone(), run, ground.clone(), known.clone(), last);
        let apply = self.store.write_step(move |tx| {
            let mut known = lock(&known);
            apply(tx, run, &ground, &mut known, batch.rows, now)
        });
        let (settled, ahead) = tokio::join!(apply, ahead);
        if settled.is_err() {
            self.known = None;
        }
        let settled = settled?;
        self.ahead = Some(ahead?);
        Ok(settled)
    }

    /// Makes rows ready of which nothing that comes before is still to be written.
    async fn ready(&mut self, rows: Rows) -> Result<Ready, EngineError> {
        let (run, ground, known) = (self.run, self.ground.clone(), self.known().await?);
        let ready = self
            .store
            .read(move |read| Ready::of(read, run, &ground, &mut lock(&known), rows));
        Ok(ready.await?)
    }

    async fn known(&mut self) -> Result<Arc<Mutex<Known>>, EngineError> {
        if let Some(known) = &self.known {
            return Ok(known.clone());
        }
        let loading = self.ground.clone();
        let known = self
            .store
            .read(move |read| Known::load(read, &loading))
            .await?;
        Ok(self.known.insert(Arc::new(Mutex::new(known))).clone())
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
                    let rows = store::run_due::next(tx, run, due, None, 1)?;
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
        let known = self.known().await?;
        let settled = self
            .store
            .write_step(move |tx| work(tx, &mut lock(&known)))
            .await;
        if settled.is_err() {
            self.known = None;
        }
        Ok(settled?)
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
    rows: Vec<Prepared>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let issues: Vec<&RemoteIssue> = rows.iter().filter_map(Prepared::issue).collect();
    let twins = if issues.is_empty() {
        Twins::default()
    } else {
        known.look_up(tx, ground.connection_id(), issues.iter().copied())?;
        Twins::load(tx, ground, run, &issues)?
    };
    let mut work = Work::new(tx, run, ground, &twins, now)?;
    for prepared in rows {
        let (row, issue) = match prepared {
            Prepared::Create(new) => {
                work.create(*new)?;
                continue;
            }
            Prepared::Open(open) => *open,
        };
        if twins.is_outdated(&issue) {
            work.outdated(&row);
            continue;
        }
        let mut decided = twins.decide(ground, known, &issue);
        if decided.decision.is_pending() {
            known.record(tx, &decided.decision.wants)?;
            decided = twins.decide(ground, known, &issue);
        }
        if !matches!(decided.decision.action, Action::Skip(_)) {
            known.record(tx, &decided.decision.news)?;
        }
        work.row(&row, &issue, decided)?;
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
    let rows = store::run_due::next(tx, run, Due::Note, None, limit)?;
    let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
    known.look_up(tx, ground.connection_id(), issues.iter().copied())?;
    let twins = Twins::load(tx, ground, run, &issues)?;
    let mut work = Work::new(tx, run, ground, &twins, now)?;
    for (row, issue) in &rows {
        if twins.is_outdated(issue) {
            work.outdated(row);
            continue;
        }
        let mut decided = twins.decide(ground, known, issue);
        if decided.row_action() != RowAction::Unchanged {
            // Somebody changed the item since the plan was made: nobody has seen what it would become.
            work.moved_on(row);
            continue;
        }
        if decided.decision.is_pending() {
            known.record(tx, &decided.decision.wants)?;
            decided = twins.decide(ground, known, issue);
        }
        known.record(tx, &decided.decision.news)?;
        work.note(issue, &decided)?;
    }
    work.finish()?;
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
    let rows = store::run_due::next(tx, run, Due::Link, None, limit)?;
    let settled = rows.len() as u64;
    Links::decide(tx, run, ground, known, rows)?.write(tx, run, ground, now)?;
    Ok(settled)
}

#[cfg(test)]
mod tests;
