//! Making rows ready while those before them are written.
//!
//! Only items that are new are made ready, and only where nothing has to be recorded for them first: what they
//! become depends on nothing that somebody may change meanwhile. Should they be there already when they are
//! written, or their parents gone, the database refuses them, and they are decided again one by one.
//! Dependencies are set only where the item still holds those that were looked at.

use super::work::{Create, Link, Work};
use super::{BATCH, Rows, next};
use crate::error::EngineError;
use crate::run::decide::Twins;
use crate::run::ground::{Ground, Known};
use crate::run::lock;
use jiff::Timestamp;
use std::sync::{Arc, Mutex};
use store::run_due::Due;
use store::run_row::{Action as RowAction, RunRow};
use store::{Read, RowSeq, RunId, Store, StoreError, WriteTx};
use sync::plan::Action;
use sync::remote::RemoteIssue;

/// A row as far as it is ready.
pub enum Prepared {
    /// An item is to be made, and there is no more to decide.
    Create(Box<Create>),
    /// To be decided when it is written.
    Open(Box<(RunRow, RemoteIssue)>),
}

impl Prepared {
    /// A row about which nothing is known but what stands in it.
    #[must_use]
    pub fn open(row: (RunRow, RemoteIssue)) -> Self {
        Self::Open(Box::new(row))
    }

    /// The issue, as long as something about it is to be decided.
    #[must_use]
    pub fn issue(&self) -> Option<&RemoteIssue> {
        match self {
            Self::Create(_) => None,
            Self::Open(open) => Some(&open.1),
        }
    }
}

/// Rows that are ready.
pub struct Ready {
    /// In the order in which they are to be written.
    pub rows: Vec<Prepared>,
    /// Where the last of them stands; none if there are none.
    pub last: Option<(u8, RowSeq)>,
}

impl Ready {
    /// Makes rows ready.
    ///
    /// # Errors
    /// What the database meets.
    pub fn of(
        read: &Read<'_>,
        run: RunId,
        ground: &Ground,
        known: &mut Known,
        rows: Rows,
    ) -> Result<Self, StoreError> {
        let last = rows.last().map(|(row, _)| (row.depth, row.seq));
        let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
        known.look_up(read, ground.connection_id(), issues.iter().copied())?;
        let twins = Twins::load(read, ground, run, &issues)?;
        let rows = rows.into_iter().map(|(row, issue)| {
            create(&twins, ground, known, &row, &issue).map_or_else(
                || Prepared::open((row, issue)),
                |new| Prepared::Create(Box::new(new)),
            )
        });
        Ok(Self {
            rows: rows.collect(),
            last,
        })
    }
}

/// The rows that come after others.
pub enum Ahead {
    /// Ready to be written.
    Ready(Ready),
    /// Their parents may be among those others: to be made ready once these are written.
    Read(Rows),
}

/// Reads the rows that come after `last`, and makes them ready if they stand on the same level.
///
/// # Errors
/// What the database meets.
pub async fn look_ahead(
    store: Store,
    run: RunId,
    ground: Arc<Ground>,
    known: Arc<Mutex<Known>>,
    last: (u8, RowSeq),
) -> Result<Ahead, EngineError> {
    let ahead = store.read(move |read| {
        let rows = next(read, run, Some(last), BATCH)?;
        if rows.first().is_some_and(|(row, _)| row.depth != last.0) {
            return Ok(Ahead::Read(rows));
        }
        Ready::of(read, run, &ground, &mut lock(&known), rows).map(Ahead::Ready)
    });
    Ok(ahead.await?)
}

/// Dependencies that are ready to be set.
pub struct Links {
    /// Rows, with what is to be set, if anything is.
    rows: Vec<(RowSeq, Option<Link>)>,
    /// The last of them; none if there are none.
    pub last: Option<RowSeq>,
}

impl Links {
    /// Makes ready those of the rows that come next.
    ///
    /// # Errors
    /// What the database meets.
    pub fn of(
        read: &Read<'_>,
        run: RunId,
        ground: &Ground,
        known: &mut Known,
        after: Option<RowSeq>,
    ) -> Result<Self, StoreError> {
        let rows = store::run_due::next(read, run, Due::Link, after, BATCH)?;
        Self::decide(read, run, ground, known, rows)
    }

    /// Makes ready those of some rows.
    ///
    /// # Errors
    /// What the database meets.
    pub fn decide(
        read: &Read<'_>,
        run: RunId,
        ground: &Ground,
        known: &mut Known,
        rows: Rows,
    ) -> Result<Self, StoreError> {
        let issues: Vec<&RemoteIssue> = rows.iter().map(|(_, issue)| issue).collect();
        known.look_up(read, ground.connection_id(), issues.iter().copied())?;
        let twins = Twins::load(read, ground, run, &issues)?;
        let links = rows.iter().map(|(row, issue)| {
            let decided = twins.decide(ground, known, issue);
            (row.seq, Link::of(row.seq, &twins, decided))
        });
        Ok(Self {
            rows: links.collect(),
            last: rows.last().map(|(row, _)| row.seq),
        })
    }

    /// Sets them. A row whose item holds others by now stays to be looked at again.
    ///
    /// # Errors
    /// What the database meets.
    pub fn write(
        self,
        tx: &WriteTx<'_>,
        run: RunId,
        ground: &Ground,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let twins = Twins::default();
        let mut work = Work::new(tx, run, ground, &twins, now)?;
        let mut done = Vec::with_capacity(self.rows.len());
        for (row, link) in self.rows {
            let is_done = match link {
                Some(link) => work.link(link)?,
                None => true,
            };
            if is_done {
                done.push(row);
            }
        }
        work.finish()?;
        store::run_due::done(tx, run, Due::Link, &done)
    }
}

fn create(
    twins: &Twins,
    ground: &Ground,
    known: &Known,
    row: &RunRow,
    issue: &RemoteIssue,
) -> Option<Create> {
    if row.action != Some(RowAction::Create) {
        return None;
    }
    let decided = twins.decide(ground, known, issue);
    let decision = &decided.decision;
    if decision.is_pending() || !decision.news.is_empty() {
        return None;
    }
    match &decision.action {
        Action::Create(draft) => Some(Create::of(row.seq, issue, &decided, draft)),
        _ => None,
    }
}
