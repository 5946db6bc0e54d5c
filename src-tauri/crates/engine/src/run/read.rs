//! Reading for a plan: a listing of ids, and beside it bodies in batches, many at once.

use super::ground::Ground;
use crate::adapter::{Cursor, JiraRemote, Unread};
use crate::error::EngineError;
use futures::stream::{FuturesUnordered, StreamExt};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::run::Reason;
use store::run_row::ReadRow;
use store::{RowSeq, RunId, Store};
use sync::remote::RemoteIssue;
use tokio::sync::Notify;

/// Bodies asked for in one request: as many as Jira Cloud's bulk fetch takes.
const BATCH: u32 = 100;
/// Batches under way at once. The client's limiter decides how many of them really are; this only bounds
/// what may be held in memory.
const BATCHES_MAX: usize = 20;

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
    /// The whole filter.
    pub jql: String,
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
        let mut pages = self.remote.ids(&self.jql, cursor);
        while let Some((ids, cursor)) = pages.next().await? {
            self.store
                .write(move |tx| {
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
        let run = self.run;
        let mut under_way = FuturesUnordered::new();
        let mut after: Option<RowSeq> = None;
        loop {
            // Looked at before the rows, so that rows added in between are not missed.
            let all_listed = listed.load(Ordering::Acquire);
            while under_way.len() < BATCHES_MAX {
                let from = after;
                let batch = self
                    .store
                    .read(move |read| store::run_row::next_listed(read, run, from, BATCH))
                    .await?;
                // A page is cut into full batches; the rest waits for the next page, or for the end.
                if batch.is_empty() || (batch.len() < BATCH as usize && !all_listed) {
                    break;
                }
                after = batch.last().map(|(seq, _)| *seq);
                under_way.push(self.fetch(batch));
            }
            if under_way.is_empty() {
                if all_listed {
                    return Ok(());
                }
                news.notified().await;
                continue;
            }
            tokio::select! {
                Some(fetched) = under_way.next() => {
                    fetched?;
                    (self.moved)();
                }
                () = news.notified(), if !all_listed && under_way.len() < BATCHES_MAX => {}
            }
        }
    }

    async fn fetch(&self, batch: Vec<(RowSeq, String)>) -> Result<(), EngineError> {
        let ids: Vec<String> = batch.iter().map(|(_, id)| id.clone()).collect();
        let (issues, unread) = self
            .remote
            .issues(&self.jql, &ids, &self.ground.schema, |field| {
                self.ground.planner.reads(&field.id)
            })
            .await?;
        let (run, ground) = (self.run, self.ground.clone());
        let rows = pair(batch, issues, &ground);
        self.store
            .write(move |tx| {
                let (read, missing) = rows;
                store::run_row::store_read(tx, run, &read)?;
                let missing: Vec<(RowSeq, Reason)> = missing
                    .into_iter()
                    .map(|(seq, id)| {
                        let why = unread.get(&id).copied().unwrap_or(Unread::Gone);
                        (
                            seq,
                            Reason {
                                code: why.code().to_owned(),
                                detail: String::new(),
                            },
                        )
                    })
                    .collect();
                store::run_row::mark_excluded(tx, run, &missing)
            })
            .await?;
        Ok(())
    }
}

/// Issues to their rows; rows without one come second.
fn pair(
    batch: Vec<(RowSeq, String)>,
    issues: Vec<RemoteIssue>,
    ground: &Ground,
) -> (Vec<ReadRow>, Vec<(RowSeq, String)>) {
    let mut by_id: std::collections::BTreeMap<String, RemoteIssue> = issues
        .into_iter()
        .map(|issue| (issue.id.clone(), issue))
        .collect();
    let mut read = Vec::with_capacity(batch.len());
    let mut missing = Vec::new();
    for (seq, id) in batch {
        match by_id.remove(&id) {
            Some(issue) => {
                let depth = ground.planner.apply_rank(&issue.type_id).unwrap_or(0);
                read.push(ReadRow { seq, depth, issue });
            }
            None => missing.push((seq, id)),
        }
    }
    (read, missing)
}
