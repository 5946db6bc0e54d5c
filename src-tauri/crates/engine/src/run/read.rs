//! Reading for a plan: a listing of ids, beside it bodies in batches, many at once, and beside both what came
//! is decided and kept.

use super::ground::{Ground, Known};
use super::plan;
use crate::adapter::{Cursor, JiraRemote, Unread};
use crate::error::EngineError;
use futures::FutureExt as _;
use futures::future::Fuse;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::run::Reason;
use store::run_row::ReadRow;
use store::{RowSeq, RunId, Store, StoreError};
use sync::remote::{RemoteField, RemoteIssue};
use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};

/// Bodies asked for in one request: as many as Jira Cloud's bulk fetch takes.
const BATCH: usize = jira::BODIES_MAX;
/// Batches under way or not written yet. The client's limiter decides how many of them really are asked for;
/// this only bounds what may be held in memory.
const BATCHES_MAX: usize = 17;
/// Batches written in one transaction, if as many wait: each waits for the disk once.
const WRITE_MAX: usize = 5;
/// Ids taken from the listing at once.
const AHEAD: u32 = 1000;

/// Reads everything that a run is about. Picks up where it was: ids that are listed stay, rows that are
/// read stay. May be dropped at any moment.
pub struct Reader {
    /// The database.
    pub store: Store,
    /// The run.
    pub run: RunId,
    /// What it stands on.
    pub ground: Arc<Ground>,
    /// The site.
    pub remote: JiraRemote,
    /// The whole filter; none for rows that no filter named.
    pub jql: Option<String>,
    /// Called whenever rows were added or read.
    pub moved: Arc<dyn Fn() + Send + Sync>,
}

impl Reader {
    /// Lists and reads.
    ///
    /// # Errors
    /// What Jira or the database says; what was read until then is kept.
    pub async fn read(&self) -> Result<(), EngineError> {
        let listed = AtomicBool::new(false);
        let news = Notify::new();
        let list = async {
            let outcome = self.list(&news).await;
            listed.store(true, Ordering::Release);
            news.notify_one();
            outcome
        };
        let bodies = self.bodies(&listed, &news);
        tokio::try_join!(list, bodies)?;
        Ok(())
    }

    async fn list(&self, news: &Notify) -> Result<(), EngineError> {
        let run = self.run;
        let stored = self
            .store
            .read(move |read| store::run::get(read, run))
            .await?;
        let cursor = stored.and_then(|run| run.cursor).map(Cursor);
        if cursor.as_ref().is_some_and(Cursor::is_end) {
            return Ok(());
        }
        let Some(jql) = &self.jql else {
            return Ok(());
        };
        let mut pages = self.remote.ids(jql, cursor);
        while let Some((ids, cursor)) = pages.next().await? {
            self.store
                .write_step(move |tx| {
                    store::run_row::add_listed(tx, run, &ids)?;
                    store::run::set_cursor(tx, run, &cursor.0)
                })
                .await?;
            news.notify_one();
            (self.moved)();
        }
        let end = Cursor::end();
        self.store
            .write(move |tx| store::run::set_cursor(tx, run, &end.0))
            .await?;
        Ok(())
    }

    async fn bodies(&self, listed: &AtomicBool, news: &Notify) -> Result<(), EngineError> {
        let ground = self.ground.clone();
        let known = self.store.read(move |read| Known::load(read, &ground));
        let mut known = Some(known.await?);
        let mut waiting = Waiting::default();
        let mut under_way = JoinSet::new();
        let mut fetched: Vec<Fetched> = Vec::new();
        let mut writing = Fuse::terminated();
        loop {
            // Looked at before the rows, so that rows added in between are not missed.
            let all_listed = listed.load(Ordering::Acquire);
            while under_way.len() + fetched.len() < BATCHES_MAX {
                let Some(batch) = waiting.next(&self.store, self.run, all_listed).await? else {
                    break;
                };
                under_way.spawn(fetch(
                    self.store.clone(),
                    self.remote.clone(),
                    self.ground.clone(),
                    self.jql.clone(),
                    batch,
                ));
            }
            if !fetched.is_empty()
                && let Some(known) = known.take()
            {
                let batches = fetched.drain(..fetched.len().min(WRITE_MAX)).collect();
                writing = Box::pin(self.keep(known, batches)).fuse();
            }
            let idle = under_way.is_empty() && known.is_some();
            if idle && all_listed {
                return Ok(());
            }
            tokio::select! {
                Some(done) = under_way.join_next() => fetched.push(joined(done)?),
                written = &mut writing => {
                    known = Some(written?);
                    (self.moved)();
                }
                () = news.notified(), if !all_listed && under_way.len() < BATCHES_MAX => {}
            }
        }
    }

    /// Keeps what was fetched, in one transaction.
    async fn keep(&self, mut known: Known, batches: Vec<Fetched>) -> Result<Known, EngineError> {
        let (run, ground) = (self.run, self.ground.clone());
        let known = self
            .store
            .write_step(move |tx| {
                for batch in batches {
                    plan::keep(tx, run, &ground, &mut known, &batch.read)?;
                    store::run_row::mark_excluded(tx, run, &batch.missing)?;
                }
                Ok(known)
            })
            .await?;
        Ok(known)
    }
}

/// Rows that wait for their bodies, cut into batches.
#[derive(Default)]
struct Waiting {
    rows: VecDeque<(RowSeq, String)>,
    after: Option<RowSeq>,
}

impl Waiting {
    /// The next batch. A page is cut into full ones; the rest waits for the next page, or for the end.
    async fn next(
        &mut self,
        store: &Store,
        run: RunId,
        all_listed: bool,
    ) -> Result<Option<Vec<(RowSeq, String)>>, EngineError> {
        if self.rows.len() < BATCH {
            let after = self.after;
            let more = store
                .read(move |read| store::run_row::next_listed(read, run, after, AHEAD))
                .await?;
            self.after = more.last().map(|(seq, _)| *seq).or(after);
            self.rows.extend(more);
        }
        let size = self.rows.len().min(BATCH);
        let is_full = size == BATCH || (all_listed && size > 0);
        Ok(is_full.then(|| self.rows.drain(..size).collect()))
    }
}

/// A batch that has come.
struct Fetched {
    read: Vec<ReadRow>,
    missing: Vec<(RowSeq, Reason)>,
}

async fn fetch(
    store: Store,
    remote: JiraRemote,
    ground: Arc<Ground>,
    jql: Option<String>,
    batch: Vec<(RowSeq, String)>,
) -> Result<Fetched, EngineError> {
    let ids: Vec<String> = batch.iter().map(|(_, id)| id.clone()).collect();
    let wanted = |field: &RemoteField| ground.planner.reads(&field.id);
    let (mut issues, mut unread) = remote
        .issues(jql.as_deref(), &ids, &ground.schema, wanted)
        .await?;
    if jql.is_none() && !remote.client().is_cloud() {
        unread.extend(refresh(&store, &remote, &ground, &mut issues).await?);
    }
    let unclaimed = crate::cycle::claim(&store, &remote, &ground, &issues).await?;
    issues.retain(|issue| !unclaimed.contains_key(&issue.id));
    unread.extend(unclaimed);
    let (read, missing) = pair(batch, issues, &ground);
    let missing = missing
        .into_iter()
        .map(|(seq, id)| {
            let why = unread.remove(&id).unwrap_or(Unread::Gone);
            (seq, why.reason())
        })
        .collect();
    Ok(Fetched { read, missing })
}

/// Reads anew what is known to be older than the issue is: the search of a Data Center learns of changes, ours too, after
/// whoever made them. What could not be read anew counts as not read; gives which, and why.
async fn refresh(
    store: &Store,
    remote: &JiraRemote,
    ground: &Ground,
    issues: &mut Vec<RemoteIssue>,
) -> Result<BTreeMap<String, Unread>, EngineError> {
    let (connection, id) = (ground.connection_id(), ground.integration.id);
    let read: Vec<(String, Option<Timestamp>)> = (issues.iter())
        .map(|issue| (issue.id.clone(), issue.updated_at))
        .collect();
    let stale = store.read(move |tx| {
        let ids: Vec<&str> = read.iter().map(|(id, _)| id.as_str()).collect();
        let links = store::link::by_remote_ids(tx, connection, &ids)?;
        let due = store::due::of(tx, id, &ids)?;
        let is_stale = |(id, at): &&(String, Option<Timestamp>)| {
            let seen = links.get(id).and_then(|link| link.seen.updated_at);
            let is_older = seen.is_some_and(|seen| {
                at.is_none_or(|at| at.as_millisecond() < seen.as_millisecond())
            });
            is_older || (due.iter()).any(|due| due.remote_id == *id && !due.sent.is_empty())
        };
        let stale = read.iter().filter(is_stale);
        Ok(stale.map(|(id, _)| id.clone()).collect::<BTreeSet<_>>())
    });
    let stale = stale.await?;
    if stale.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<String> = stale.iter().cloned().collect();
    let wanted = |field: &RemoteField| ground.planner.reads(&field.id);
    let (fresh, unread) = remote.current(&ids, &ground.schema, wanted).await?;
    issues.retain(|issue| !stale.contains(&issue.id));
    issues.extend(fresh);
    Ok(unread)
}

/// What a task gave. One that was cut off belongs to an engine that ends.
fn joined(done: Result<Result<Fetched, EngineError>, JoinError>) -> Result<Fetched, EngineError> {
    match done.map_err(JoinError::try_into_panic) {
        Ok(outcome) => outcome,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(_)) => Err(StoreError::Closed.into()),
    }
}

/// Issues to their rows; rows without one come second.
fn pair(
    batch: Vec<(RowSeq, String)>,
    issues: Vec<RemoteIssue>,
    ground: &Ground,
) -> (Vec<ReadRow>, Vec<(RowSeq, String)>) {
    let mut by_id: BTreeMap<String, RemoteIssue> = issues
        .into_iter()
        .map(|issue| (issue.id.clone(), issue))
        .collect();
    let mut read = Vec::with_capacity(batch.len());
    let mut missing = Vec::new();
    for (seq, id) in batch {
        match by_id.remove(&id) {
            Some(issue) => {
                let depth = ground.planner.apply_rank(&issue.type_id).unwrap_or(0);
                read.push(ReadRow::new(seq, depth, issue));
            }
            None => missing.push((seq, id)),
        }
    }
    (read, missing)
}
