//! Applying a plan: rows in batches, parents first, each batch one transaction that does the work, writes
//! the journal and marks the rows. A crash leaves whole batches or none.

use super::decide::{Decided, Twins};
use super::ground::{Ground, Known};
use crate::error::EngineError;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::journal::Change;
use store::link::{NewLink, Seen};
use store::link_field::Memory;
use store::run::Reason;
use store::run_row::{Action as RowAction, Applied, RunRow};
use store::{LinkId, RowSeq, RunId, Store, StoreError, WriteTx};
use sync::plan::{Action, Draft, Update};
use sync::remote::RemoteIssue;
use workspace::{AreaId, FieldKey, ItemId, Rank, SystemField, Value};

/// Rows applied in one transaction.
const BATCH: u32 = 250;

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
        })
    }

    /// Applies the next batch. If one of its rows offends the database, the rows are done one by one, and
    /// the offender is marked as failed.
    ///
    /// # Errors
    /// What the database meets, where it is not the fault of a row.
    pub async fn batch(&mut self, now: Timestamp) -> Result<Batch, EngineError> {
        match self.attempt(BATCH, now).await {
            Err(EngineError::Store(StoreError::Constraint { .. })) => self.one_by_one(now).await,
            other => other,
        }
    }

    async fn one_by_one(&mut self, now: Timestamp) -> Result<Batch, EngineError> {
        let mut settled = 0;
        for _ in 0..BATCH {
            match self.attempt(1, now).await {
                Ok(Batch::Empty) => break,
                Ok(Batch::Done(rows)) => settled += rows,
                Err(EngineError::Store(StoreError::Constraint { what, .. })) => {
                    self.fail_next(what).await?;
                    settled += 1;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(if settled == 0 {
            Batch::Empty
        } else {
            Batch::Done(settled)
        })
    }

    async fn fail_next(&mut self, what: String) -> Result<(), EngineError> {
        let run = self.run;
        self.store
            .write(move |tx| {
                let rows: Vec<(RowSeq, Reason)> = store::run_row::next_to_apply(tx, run, 1)?
                    .into_iter()
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

    async fn attempt(&mut self, limit: u32, now: Timestamp) -> Result<Batch, EngineError> {
        let (run, ground) = (self.run, self.ground.clone());
        let known = match self.known.take() {
            Some(known) => known,
            // A batch that failed took what was known with it: some of it was never committed.
            None => {
                let loading = ground.clone();
                self.store
                    .read(move |read| Known::load(read, &loading))
                    .await?
            }
        };
        let (known, settled) = self
            .store
            .write(move |tx| {
                let mut known = known;
                let settled = apply(tx, run, &ground, &mut known, limit, now)?;
                Ok((known, settled))
            })
            .await?;
        self.known = Some(known);
        Ok(if settled == 0 {
            Batch::Empty
        } else {
            Batch::Done(settled)
        })
    }
}

fn apply(
    tx: &WriteTx<'_>,
    run: RunId,
    ground: &Ground,
    known: &mut Known,
    limit: u32,
    now: Timestamp,
) -> Result<u64, StoreError> {
    // Parents must be written before their children are looked at, so a batch never spans two levels.
    let mut rows = store::run_row::next_to_apply(tx, run, limit)?;
    if let Some(depth) = rows.first().map(|(row, _)| row.depth) {
        rows.retain(|(row, _)| row.depth == depth);
    }
    if rows.is_empty() {
        return Ok(0);
    }
    let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
    known.look_up(tx, ground.connection_id(), issues.iter().copied())?;
    let twins = Twins::load(tx, ground, run, &issues)?;
    let mut work = Work::new(tx, run, ground, now)?;
    for (row, issue) in &rows {
        let mut decided = twins.decide(ground, known, issue);
        if decided.decision.is_pending() {
            known.record(tx, &decided.decision.wants)?;
            decided = twins.decide(ground, known, issue);
        }
        work.row(row, issue, &decided)?;
    }
    work.finish()
}

struct Work<'t, 'c> {
    tx: &'t WriteTx<'c>,
    run: RunId,
    ground: &'t Ground,
    now: Timestamp,
    area: AreaId,
    rank: Option<Rank>,
    applied: Vec<(RowSeq, ItemId, Applied)>,
    skipped: Vec<(RowSeq, Reason)>,
    journal: Vec<(ItemId, Change)>,
}

impl<'t, 'c> Work<'t, 'c> {
    fn new(
        tx: &'t WriteTx<'c>,
        run: RunId,
        ground: &'t Ground,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            area: ground.area(tx)?,
            rank: store::item::last_rank(tx)?,
            tx,
            run,
            ground,
            now,
            applied: Vec::new(),
            skipped: Vec::new(),
            journal: Vec::new(),
        })
    }

    fn row(
        &mut self,
        row: &RunRow,
        issue: &RemoteIssue,
        decided: &Decided,
    ) -> Result<(), StoreError> {
        // What was shown is what is done: where the world has moved so that something else would happen,
        // nothing happens, and the row says so.
        let same = row.action == Some(decided.row_action());
        match (&decided.decision.action, same) {
            (Action::Create(draft), true) => self.create(row, issue, decided, draft),
            (Action::Update(update), true) => self.update(row, issue, decided, Some(update)),
            (Action::Unchanged { .. }, _) if row.action == Some(RowAction::Update) => {
                self.update(row, issue, decided, None)
            }
            _ => {
                let reason = Reason {
                    code: "moved_on".to_owned(),
                    detail: String::new(),
                };
                self.skipped.push((row.seq, reason));
                Ok(())
            }
        }
    }

    fn create(
        &mut self,
        row: &RunRow,
        issue: &RemoteIssue,
        decided: &Decided,
        draft: &Draft,
    ) -> Result<(), StoreError> {
        let rank = Rank::between(self.rank.as_ref(), None);
        let new = store::item::NewItem {
            item_type: draft.item_type,
            title: draft.title.clone(),
            parent: decided.parent,
            area: self.area,
            rank: rank.clone(),
            created_at: self.now,
            values: draft.values.clone(),
        };
        let item = store::item::insert(self.tx, &new)?;
        self.rank = Some(rank);
        let link = store::link::insert(
            self.tx,
            &NewLink {
                item,
                integration: self.ground.integration.id,
                connection: self.ground.connection_id(),
                remote_id: issue.id.clone(),
                seen: seen(issue),
                base_parent: decided.parent,
                created_at: self.now,
            },
        )?;
        self.remember(link, decided)?;
        self.journal.push((item, Change::Created));
        self.applied.push((row.seq, item, Applied::Created));
        Ok(())
    }

    fn update(
        &mut self,
        row: &RunRow,
        issue: &RemoteIssue,
        decided: &Decided,
        update: Option<&Update>,
    ) -> Result<(), StoreError> {
        let (Some(link), Some(item)) = (decided.link, decided.item.as_ref()) else {
            let reason = Reason {
                code: "moved_on".to_owned(),
                detail: String::new(),
            };
            self.skipped.push((row.seq, reason));
            return Ok(());
        };
        let before = self.journal.len();
        if let Some(update) = update {
            if let Some(change) = update.item_type {
                store::item::set_type(self.tx, item.id, change.after, self.now)?;
                let change = Change::Type {
                    before: change.before,
                    after: change.after,
                };
                self.journal.push((item.id, change));
            }
            let values: BTreeMap<FieldKey, Value> = update
                .changes
                .iter()
                .map(|change| (change.field, change.after.clone()))
                .collect();
            for (field, old) in store::item::set_values(self.tx, item.id, &values, self.now)? {
                let after = values.get(&field).cloned().unwrap_or_default();
                self.journal.push((
                    item.id,
                    Change::Field {
                        field,
                        before: old,
                        after,
                    },
                ));
            }
        }
        self.follow_parent(link, item, decided)?;
        store::link::set_seen(self.tx, link, &seen(issue))?;
        self.remember(link, decided)?;
        let applied = if self.journal.len() == before {
            Applied::Unchanged
        } else {
            Applied::Updated
        };
        self.applied.push((row.seq, item.id, applied));
        Ok(())
    }

    /// An item follows its issue to another parent, unless somebody moved it here.
    fn follow_parent(
        &mut self,
        link: LinkId,
        item: &workspace::Item,
        decided: &Decided,
    ) -> Result<(), StoreError> {
        if !decided.moves {
            return Ok(());
        }
        store::item::set_parent(self.tx, item.id, decided.parent, self.now)?;
        store::link::set_base_parent(self.tx, link, decided.parent)?;
        let change = Change::Parent {
            before: item.parent,
            after: decided.parent,
        };
        self.journal.push((item.id, change));
        Ok(())
    }

    /// Keeps per field what both sides now agree on, and what the remote says where they do not.
    fn remember(&mut self, link: LinkId, decided: &Decided) -> Result<(), StoreError> {
        let decision = &decided.decision;
        let mut memories: BTreeMap<FieldKey, Memory> = BTreeMap::new();
        let before = store::link_field::of_link(self.tx, link)?;
        for (field, remote) in &decision.observed {
            let agreed = decision.bases.get(field).cloned();
            let base = agreed.or_else(|| before.get(field).and_then(|memory| memory.base.clone()));
            memories.insert(
                *field,
                Memory {
                    base,
                    remote: remote.clone(),
                },
            );
        }
        let memories = memories.iter().map(|(field, memory)| (*field, memory));
        store::link_field::set(self.tx, link, memories)
    }

    fn finish(self) -> Result<u64, StoreError> {
        store::journal::append(self.tx, self.run, &self.journal, self.now)?;
        store::run_row::mark_applied(self.tx, self.run, &self.applied)?;
        store::run_row::mark_skipped(self.tx, self.run, &self.skipped)?;
        Ok((self.applied.len() + self.skipped.len()) as u64)
    }
}

fn seen(issue: &RemoteIssue) -> Seen {
    Seen {
        key: issue.key.clone(),
        remote_type: issue.type_id.clone(),
        updated_at: issue.updated_at,
    }
}

impl Applier {
    /// Sets what could not be set while items were still missing: dependencies on items that came later.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn link(&mut self, now: Timestamp) -> Result<(), EngineError> {
        let dependencies = FieldKey::System(SystemField::Dependencies);
        if !self
            .ground
            .mapping
            .fields
            .iter()
            .any(|pair| pair.field == dependencies)
        {
            return Ok(());
        }
        let mut after = None;
        loop {
            let (run, ground) = (self.run, self.ground.clone());
            let last = self
                .store
                .write(move |tx| link_batch(tx, run, &ground, after, now))
                .await?;
            match last {
                Some(last) => after = Some(last),
                None => return Ok(()),
            }
        }
    }
}

fn link_batch(
    tx: &WriteTx<'_>,
    run: RunId,
    ground: &Ground,
    after: Option<RowSeq>,
    now: Timestamp,
) -> Result<Option<RowSeq>, StoreError> {
    let rows = store::run_row::applied_after(tx, run, after, BATCH)?;
    let last = rows.last().map(|(row, _)| row.seq);
    let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
    let mut known = Known::load(tx, ground)?;
    known.look_up(tx, ground.connection_id(), issues.iter().copied())?;
    let twins = Twins::load(tx, ground, run, &issues)?;
    let mut work = Work::new(tx, run, ground, now)?;
    for (row, issue) in &rows {
        let decided = twins.decide(ground, &known, issue);
        if let Action::Update(update) = &decided.decision.action {
            work.update(row, issue, &decided, Some(update))?;
        }
    }
    work.finish()?;
    Ok(last)
}
