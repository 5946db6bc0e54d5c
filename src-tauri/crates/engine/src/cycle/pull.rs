//! Taking over what Jira says of the issues on the list.

use super::authors;
use super::fuse::Fuse;
use super::gone::{self, Evidence, Found};
use super::parent::{self, PARENT};
use super::send::back_off;
use super::transition::is_overtaken;
use super::{Cycle, CycleReport, PASS, turns};
use crate::adapter::Unread;
use crate::error::EngineError;
use crate::run::{Applier, Batch, Ground, Known, MOVED_ON, OUTDATED, Reader, plan};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::absence::Absence;
use store::due::Due;
use store::link::{Link, Seen};
use store::run::{Reason, RunCounts, RunKind, RunState};
use store::run_row::{RowState, RunRow};
use store::{IntegrationId, LinkId, Read, RunId, StoreError, WriteTx};
use sync::plan::Pending;
use workspace::{FieldKey, Item, Value};

/// An issue of the list could not be read: it is gone, or may not be seen. Which of the two, Jira does not tell.
pub(super) const UNREAD: &str = "issue_unreadable";

/// How often an issue that is no item yet is tried to be read, and how long after.
const UNREAD_MAX: u32 = 5;
const UNREAD_AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// How often an issue that is older than it was seen before is read again, until that counts as how it is: what answers may
/// be behind, and whoever restores a backup puts everything back.
const OLDER_MAX: u32 = 3;

/// A linked issue and all that is decided from.
#[derive(Clone)]
pub(super) struct Pair {
    pub link: Link,
    pub item: Item,
    pub bases: BTreeMap<FieldKey, Value>,
    pub remotes: BTreeMap<FieldKey, Value>,
}

impl Pair {
    /// The pair of an issue, if it is linked through this integration.
    pub fn load(
        read: &Read<'_>,
        ground: &Ground,
        remote_id: &str,
    ) -> Result<Option<Self>, StoreError> {
        let mut links = store::link::by_remote_ids(read, ground.connection_id(), &[remote_id])?;
        let link = links.remove(remote_id);
        let Some(link) = link.filter(|link| link.integration == Some(ground.integration.id)) else {
            return Ok(None);
        };
        let Some(item) = store::item::get(read, link.item)? else {
            return Ok(None);
        };
        let (mut bases, mut remotes) = (BTreeMap::new(), BTreeMap::new());
        for (field, memory) in store::link_field::of_link(read, link.id)? {
            remotes.insert(field, memory.remote);
            if let Some(base) = memory.base {
                bases.insert(field, base);
            }
        }
        let agreed = Value::part_of(link.base_parent);
        remotes.entry(PARENT).or_insert_with(|| agreed.clone());
        bases.insert(PARENT, agreed);
        Ok(Some(Self {
            link,
            item,
            bases,
            remotes,
        }))
    }
}

impl Cycle {
    /// Reads the issues of the list and does what follows for the items here. Takes those off the list about which
    /// nothing is left to do; gives those of which something is to be sent, now that it is known what Jira says.
    pub(super) async fn pull(
        &self,
        due: &[Due],
        fuse: &mut Fuse,
        report: &mut CycleReport,
    ) -> Result<Vec<Due>, EngineError> {
        let run = self.begin(due).await?;
        let seen = self.seen(due).await?;
        let reader = Reader {
            store: self.store.clone(),
            run,
            ground: self.ground.clone(),
            remote: self.remote.clone(),
            jql: None,
            moved: Arc::new(|| {}),
        };
        let outcome = self.take_over(run, due, &reader, fuse).await;
        if let Err(error @ EngineError::FuseBlown { .. }) = outcome {
            // The plan is kept for whoever is asked.
            return Err(error);
        }
        if let Err(error) = outcome {
            // What was written stands; the list still names the issues, so that the next cycle does the rest.
            self.end(run, RunState::Cancelled, seen).await?;
            return Err(error);
        }
        let found = match self.evidence(run, due).await {
            Ok(found) => found,
            Err(error) => {
                self.end(run, RunState::Cancelled, seen).await?;
                return Err(error);
            }
        };
        let (counts, to_send) = self.settle(run, due, found).await?;
        self.end(run, RunState::Done, seen).await?;
        add(&mut report.pulled, &counts);
        Ok(to_send)
    }

    async fn begin(&self, due: &[Due]) -> Result<RunId, EngineError> {
        let (id, now) = (self.integration(), self.clock.now());
        let ids: Vec<String> = due.iter().map(|due| due.remote_id.clone()).collect();
        let run = self.store.write(move |tx| {
            let run = store::run::create(tx, id, RunKind::Pull, "", now)?;
            store::run_row::add_listed(tx, run, &ids)?;
            store::run::set_state(tx, run, RunState::Reading, now)?;
            Ok(run)
        });
        Ok(run.await?)
    }

    /// When these issues had changed last, as far as was known before they are read.
    async fn seen(&self, due: &[Due]) -> Result<BTreeMap<LinkId, Timestamp>, EngineError> {
        let ids: Vec<String> = due.iter().map(|due| due.remote_id.clone()).collect();
        let connection = self.ground.connection_id();
        let links = self
            .store
            .read(move |read| store::link::by_remote_ids(read, connection, &ids));
        let seen = links.await?.into_values();
        Ok(seen
            .filter_map(|link| Some((link.id, link.seen.updated_at?)))
            .collect())
    }

    async fn take_over(
        &self,
        run: RunId,
        due: &[Due],
        reader: &Reader,
        fuse: &mut Fuse,
    ) -> Result<(), EngineError> {
        reader.read().await?;
        self.settle_doubts(run, due).await?;
        plan::plan(&self.store, run, &self.ground).await?;
        self.weigh(fuse, run).await?;
        let now = self.clock.now();
        self.store
            .write(move |tx| store::run::set_state(tx, run, RunState::Applying, now))
            .await?;
        let mut applier = Applier::new(&self.store, run, self.ground.clone()).await?;
        while let Batch::Done(_) = applier.batch(self.clock.now()).await? {}
        applier.link(self.clock.now()).await?;
        self.store
            .write(move |tx| store::run_row::settle_rest(tx, run))
            .await?;
        Ok(())
    }

    /// Looks at what is left to do about each issue: nothing, and it leaves the list; something to send, and it stays;
    /// a field in conflict, which is a person's; or it could not be read.
    async fn settle(
        &self,
        run: RunId,
        due: &[Due],
        found: Evidence,
    ) -> Result<(RunCounts, Vec<Due>), EngineError> {
        let (mut to_send, found) = (Vec::new(), Arc::new(found));
        // Others write in between, however many there are.
        for some in due.chunks(PASS as usize) {
            let (ground, some, now) = (self.ground.clone(), some.to_vec(), self.clock.now());
            let found = found.clone();
            let left = self
                .store
                .write(move |tx| {
                    let ids: Vec<&str> = some.iter().map(|due| due.remote_id.as_str()).collect();
                    let rows = store::run_row::by_remote_ids(tx, run, &ids)?;
                    let absent = store::absence::of(tx, ground.integration.id, &ids)?;
                    let known = Known::load(tx, &ground)?;
                    let mut to_send = Vec::new();
                    for due in &some {
                        let row = rows.get(&due.remote_id);
                        let before = absent.get(&due.remote_id);
                        let read = Looked {
                            row,
                            absence: (before, found.get(&due.remote_id).copied()),
                        };
                        if settle_one(tx, (&ground, &known), due, read, now)? == Left::ToSend {
                            to_send.push(due.clone());
                        }
                    }
                    Ok(to_send)
                })
                .await?;
            to_send.extend(left);
        }
        let run = self
            .store
            .read(move |read| store::run::get(read, run))
            .await?;
        Ok((run.map(|run| run.counts).unwrap_or_default(), to_send))
    }

    /// Ends a run. Its rows have served; what it changed stands in the journal, and a run that changed nothing leaves
    /// nothing behind. `seen` tells when its issues had changed before.
    async fn end(
        &self,
        run: RunId,
        state: RunState,
        seen: BTreeMap<LinkId, Timestamp>,
    ) -> Result<(), EngineError> {
        let now = self.clock.now();
        self.store
            .write(move |tx| {
                store::run::set_state(tx, run, state, now)?;
                store::run_row::delete_all(tx, run)?;
                if store::journal::count_of_run(tx, run)? == 0 {
                    return store::run::delete(tx, run);
                }
                authors::ask(tx, run, &seen)
            })
            .await?;
        Ok(())
    }
}

/// What is left to do about an issue in this pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    /// Nothing.
    Nothing,
    /// Something is to be sent.
    ToSend,
}

/// What a look at an issue has told.
struct Looked<'a> {
    row: Option<&'a RunRow>,
    absence: (Option<&'a Absence>, Option<Found>),
}

fn settle_one(
    tx: &WriteTx<'_>,
    (ground, known): (&Ground, &Known),
    due: &Due,
    Looked { row, absence: look }: Looked<'_>,
    now: Timestamp,
) -> Result<Left, StoreError> {
    let (id, remote_id) = (ground.integration.id, due.remote_id.as_str());
    let pair = Pair::load(tx, ground, remote_id)?;
    let was_read = row.is_some_and(|row| row.state != RowState::Excluded);
    if let Some(pair) = pair.as_ref().filter(|_| was_read || look.1.is_some())
        && gone::conclude(tx, ground, pair, due, look, now)?
    {
        return Ok(Left::Nothing);
    }
    // What was not read, or not taken over, says nothing: neither of what came of an earlier change, nor of what to send.
    match row.map(|row| (row.state, &row.reason)) {
        // Nor does it say that the issue is gone.
        Some((RowState::Excluded, Some(reason))) if reason.code != Unread::GONE => {
            later(tx, id, due, reason, now)?;
            return Ok(Left::Nothing);
        }
        None | Some((RowState::Excluded, _)) => {
            unread(tx, id, due, pair.is_some(), now)?;
            return Ok(Left::Nothing);
        }
        Some((RowState::Failed, Some(reason))) => {
            store::due::set_failed(tx, id, remote_id, due.marks, reason, None)?;
            return Ok(Left::Nothing);
        }
        // Somebody edited the item just then: the next pass reads the issue anew.
        Some((RowState::Skipped, Some(reason))) if reason.code == MOVED_ON => {
            return Ok(Left::Nothing);
        }
        Some((RowState::Skipped, Some(reason))) if reason.code == OUTDATED => {
            older(tx, id, due, pair.as_ref(), now)?;
            return Ok(Left::Nothing);
        }
        Some((RowState::Skipped, Some(reason))) if pair.is_some() => {
            // It is linked and takes no part any more, as an issue whose type is not mapped: nothing goes either way.
            store::due::set_failed(tx, id, remote_id, due.marks, reason, None)?;
            return Ok(Left::Nothing);
        }
        Some(_) => {}
    }
    let Some(mut pair) = pair else {
        // It takes no part: left out on purpose, or disconnected.
        store::due::settle(tx, id, remote_id, due.marks)?;
        return Ok(Left::Nothing);
    };
    if let Some(row) = row {
        parent::note(tx, ground, &mut pair, row)?;
    }
    let pending = parent::pending(tx, ground, &pair, known)?;
    let ToDo { sends, conflicts } = to_do(tx, &pair, pending, now)?;
    note_conflicts(tx, pair.link.id, &conflicts, now)?;
    if sends.is_empty() {
        store::due::settle(tx, id, remote_id, due.marks)?;
        return Ok(Left::Nothing);
    }
    let is_over = |why: &Reason| why.code == UNREAD || is_overtaken(why, &pair);
    if due.is_parked && !due.problem.as_ref().is_some_and(is_over) {
        store::due::set_looked(tx, id, remote_id, due.marks)?;
        return Ok(Left::Nothing);
    }
    if due.is_parked {
        store::due::retry(tx, id, Some(&[remote_id]), now)?;
    }
    Ok(Left::ToSend)
}

/// Puts an issue off about which Jira cannot say what is to be known of it: longer each time.
pub(super) fn later(
    tx: &WriteTx<'_>,
    id: IntegrationId,
    due: &Due,
    why: &Reason,
    now: Timestamp,
) -> Result<(), StoreError> {
    let again = now.saturating_add(back_off(due.attempts)).unwrap_or(now);
    store::due::set_failed(tx, id, &due.remote_id, due.marks, why, Some(again))
}

/// An issue that is older than it was seen before. It is read again after a while; if it still is then, that is forgotten.
fn older(
    tx: &WriteTx<'_>,
    id: IntegrationId,
    due: &Due,
    pair: Option<&Pair>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(Pair { link, .. }) = pair.filter(|_| due.attempts >= OLDER_MAX) {
        let seen = Seen {
            updated_at: None,
            ..link.seen.clone()
        };
        return store::link::set_seen(tx, link.id, &seen);
    }
    let again = now.saturating_add(back_off(due.attempts)).unwrap_or(now);
    store::due::put_off(tx, id, &due.remote_id, again)
}

/// An issue that could not be read. A linked one is somebody's to look for; one that was to become an item is tried again
/// a few times: it may have been seen too early.
fn unread(
    tx: &WriteTx<'_>,
    id: IntegrationId,
    due: &Due,
    is_linked: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (remote_id, why) = (due.remote_id.as_str(), Reason::of(UNREAD));
    if is_linked {
        return store::due::set_failed(tx, id, remote_id, due.marks, &why, None);
    }
    if due.attempts >= UNREAD_MAX {
        return store::due::settle(tx, id, remote_id, due.marks);
    }
    let later = now.saturating_add(UNREAD_AGAIN).unwrap_or(now);
    store::due::set_failed(tx, id, remote_id, due.marks, &why, Some(later))
}

/// What is left to do about an item's fields, once it is known which of them the sides set in turns.
struct ToDo {
    sends: Vec<FieldKey>,
    /// Those that a person has to decide about, with whether the sides took turns.
    conflicts: Vec<(FieldKey, bool)>,
}

fn to_do(
    read: &Read<'_>,
    pair: &Pair,
    pending: Pending,
    now: Timestamp,
) -> Result<ToDo, StoreError> {
    let conflicts = pending.conflicts.into_iter();
    let mut to_do = ToDo {
        sends: Vec::new(),
        conflicts: conflicts.map(|field| (field, false)).collect(),
    };
    for field in pending.sends {
        if turns::is_loop(read, pair.item.id, field, now)? {
            to_do.conflicts.push((field, true));
        } else {
            to_do.sends.push(field);
        }
    }
    Ok(to_do)
}

fn note_conflicts(
    tx: &WriteTx<'_>,
    link: LinkId,
    fields: &[(FieldKey, bool)],
    now: Timestamp,
) -> Result<(), StoreError> {
    // Hardly ever there are any.
    if fields.is_empty() && store::conflict::of_link(tx, link)?.is_empty() {
        return Ok(());
    }
    store::conflict::set(tx, link, fields, now)
}

fn add(sum: &mut RunCounts, counts: &RunCounts) {
    sum.listed += counts.listed;
    sum.read += counts.read;
    sum.created += counts.created;
    sum.updated += counts.updated;
    sum.unchanged += counts.unchanged;
    sum.skipped += counts.skipped;
    sum.failed += counts.failed;
    sum.excluded += counts.excluded;
}
