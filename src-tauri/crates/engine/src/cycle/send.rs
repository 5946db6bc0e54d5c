//! Sending what was edited here.

use super::Cycle;
use super::between::{Aftermath, note_updated};
use super::links;
use super::parent::{self, PARENT};
use super::pull::Pair;
use super::sprint;
use super::transition::{STATUS, Step};
use crate::adapter::ParentEdit;
use crate::choices;
use crate::error::EngineError;
use crate::problem::Problem;
use crate::run::{Ground, Known};
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::SignedDuration;
use jira::LimitReason;
use std::sync::atomic::Ordering;
use store::due::Due;
use store::journal::{Base, Change, Origin};
use store::link::LinkState;
use store::run::Reason;
use store::{Read, StoreError, WriteTx};
use sync::convert::Lookup as _;
use sync::plan::{FieldWrite, Patch};
use sync::remote::Role;
use workspace::{FieldKey, Value};

/// Issues changed at once. Changes of one issue go one after another.
const AT_ONCE: usize = jira::CONCURRENCY_MAX as usize;
/// Issues that are asked for at once, just before they are sent: the last of them is sent a moment later.
const LOOKED_AT: usize = 4 * AT_ONCE;
/// Each request that is cut off may take a minute, and leaves a doubt: after so many a cycle ends, though the site answers
/// otherwise.
const CUT_OFF_MAX: usize = AT_ONCE;
/// How long after a failure that passes by itself the next attempt is made: longer each time.
const BACK_OFF_S: [i64; 6] = [5, 15, 60, 300, 900, 1800];
/// A value that Jira has no word for, or that has no shape there yet.
const UNSAYABLE: &str = "value_unsayable";

/// An issue that is being sent.
pub(super) struct Attempt {
    pub remote_id: String,
    /// Reasons to look that there were when it was read.
    marks: u64,
    /// How often both sides agreed on something since: each time is a reason to look of our own.
    agreed: u64,
}

/// What is to be sent of one pair.
pub(super) struct Sending {
    pub pair: Pair,
    pub patch: Patch,
    /// The parent, if that is to be sent, or what is in its way.
    pub(super) parent: Option<Result<ParentEdit, Problem>>,
    /// Per field: what is in its way if Jira lacks a version or component that it names.
    missing: Vec<(FieldKey, Problem)>,
    /// Dependencies, each of which is made and taken away by a call of its own.
    links: Vec<FieldWrite>,
    /// What goes by the calls that boards have for it.
    planned: Vec<FieldWrite>,
    /// Per field: what Jira will say if it takes the value as it is.
    told: Vec<(FieldKey, Value)>,
}

/// What came of sending an issue's fields.
#[derive(Default)]
struct Fields {
    /// Whether both sides agreed on some of them.
    agreed: bool,
    /// Whether the issue was changed.
    sent: bool,
    /// Why the others were not sent.
    refusal: Option<Problem>,
    /// What an edit cannot set, and a call of the boards may.
    planned: Vec<FieldWrite>,
}

impl Attempt {
    fn of(due: Due) -> Self {
        Self {
            remote_id: due.remote_id,
            marks: due.marks,
            agreed: 0,
        }
    }
}

impl Fields {
    /// Adds what came of a step that is taken by itself; false if nothing more is to be tried now.
    fn add(&mut self, step: Step, attempt: &mut Attempt) -> bool {
        match step {
            Step::Nothing => {}
            Step::Taken => {
                self.sent = true;
                attempt.agreed += 1;
            }
            Step::Barred(problem) => self.refusal = self.refusal.take().or(Some(problem)),
            Step::PutOff => return false,
        }
        true
    }
}

impl Sending {
    /// What is in a field's way if Jira lacks what it names.
    fn missing_of(&self, field: FieldKey) -> Option<Problem> {
        let mut missing = self.missing.iter();
        let found = missing.find(|(missing, _)| *missing == field)?;
        Some(found.1.clone())
    }

    /// What Jira will say of some fields.
    pub fn told_of(&self, fields: &[FieldKey]) -> Vec<(FieldKey, Value)> {
        let told = self.told.iter();
        told.filter(|(field, _)| fields.contains(field))
            .cloned()
            .collect()
    }
}

impl Cycle {
    /// Sends what is to be sent of these issues; gives how many were changed.
    pub(super) async fn send(&self, due: Vec<Due>) -> Result<u64, EngineError> {
        if due.is_empty() {
            return Ok(0);
        }
        let (mut due, mut sum) = (due, 0);
        while !due.is_empty() {
            // What is sent follows from what stands here when its turn comes: somebody may take it back while others are sent.
            let some = due.drain(..due.len().min(LOOKED_AT)).collect();
            let ready = self.sendings(some).await?;
            let sent = futures::stream::iter(self.unmoved(ready).await?)
                .map(|(due, sending)| self.send_one(due, sending))
                .buffer_unordered(AT_ONCE)
                .try_fold(0, async |sum, sent| Ok(sum + u64::from(sent)));
            sum += sent.await?;
        }
        Ok(sum)
    }

    /// Of some issues, what is to be sent of them.
    async fn sendings(&self, due: Vec<Due>) -> Result<Vec<(Due, Sending)>, EngineError> {
        let (ground, site) = (self.ground.clone(), self.remote.client().kind());
        let ready = self.store.read(move |read| {
            let mut known = Known::load(read, &ground)?;
            let mut ready = Vec::new();
            for due in due {
                if let Some(sending) = sending(read, &ground, &mut known, &due.remote_id, site)? {
                    ready.push((due, sending));
                }
            }
            Ok(ready)
        });
        Ok(ready.await?)
    }

    /// Notes, before it leaves, what is sent of some fields: whoever finds that knows that something may have happened in
    /// Jira. False if it is not to leave any more, because the pair came apart or somebody edited or decided otherwise a
    /// moment ago: the next pass looks at it anew.
    pub(super) async fn leaves(
        &self,
        sending: &Sending,
        fields: &[FieldKey],
    ) -> Result<bool, EngineError> {
        let (id, told) = (self.integration(), sending.told_of(fields));
        let (link, item) = (sending.pair.link.id, sending.pair.item.id);
        let held = fields.iter().map(|field| {
            let value = sending.pair.item.value(*field);
            (*field, value)
        });
        let held: Vec<(FieldKey, Value)> = held.collect();
        let leaves = self.store.write(move |tx| {
            let found = store::link::get(tx, link)?;
            let found = found.filter(|found| found.state == LinkState::Linked);
            let Some(pair) = found.filter(|found| found.integration == Some(id)) else {
                return Ok(false);
            };
            let undecided = store::conflict::of_link(tx, link)?;
            for (field, value) in held {
                let waits = undecided.iter().any(|(other, _)| *other == field);
                if waits || store::item::value(tx, item, field)? != Some(value) {
                    return Ok(false);
                }
            }
            store::due::set_sent(tx, id, &pair.remote_id, &told)?;
            Ok(true)
        });
        Ok(leaves.await?)
    }

    /// Sends what is to be sent of one issue, its fields first; false if nothing was.
    async fn send_one(&self, due: Due, sending: Sending) -> Result<bool, EngineError> {
        let mut attempt = Attempt::of(due);
        let Some(mut fields) = self.send_fields(&attempt, &sending).await? else {
            return Ok(false);
        };
        attempt.agreed += u64::from(fields.agreed);
        let planned = std::mem::take(&mut fields.planned);
        for write in sending.planned.iter().chain(&planned) {
            let step = self.send_sprint(&attempt, &sending, write).await?;
            if !fields.add(step, &mut attempt) {
                return Ok(fields.sent);
            }
        }
        for write in &sending.links {
            let step = self.send_links(&attempt, &sending, write).await?;
            if !fields.add(step, &mut attempt) {
                return Ok(fields.sent);
            }
        }
        let step = self.send_status(&attempt, &sending).await?;
        if !fields.add(step, &mut attempt) {
            return Ok(fields.sent);
        }
        // What goes by itself once the item above is pushed is told first: by that it is found again then.
        let waits = sending.parent_problem();
        let waits = waits.filter(|problem| problem.code == parent::UNPUSHED);
        if let Some(problem) = waits.or(fields.refusal) {
            self.fail(&attempt, &problem, Again::Never, Doubt::None)
                .await?;
        }
        Ok(fields.sent)
    }

    /// Sends what is to be sent of an issue's fields; none if that was put off, which is noted with the issue.
    async fn send_fields(
        &self,
        attempt: &Attempt,
        sending: &Sending,
    ) -> Result<Option<Fields>, EngineError> {
        let mut writes = sending.patch.writes.clone();
        let mut parent = sending.parent_edit();
        let mut fields = Fields {
            refusal: self
                .unsayable(sending, &[])
                .or_else(|| sending.parent_problem()),
            ..Fields::default()
        };
        // Jira takes all of an edit or nothing. What it refuses is left out, so that nothing else waits for it; each
        // round leaves out something.
        while !writes.is_empty() || parent.is_some() {
            let mut outgoing = match self.remote.outgoing(&writes).await {
                Err(EngineError::Jira(error)) => {
                    self.refused(attempt, error).await?;
                    return Ok(None);
                }
                other => other?,
            };
            if !outgoing.left.is_empty() {
                fields.refusal = self.unsayable(sending, &outgoing.left).or(fields.refusal);
                writes.retain(|write| !outgoing.left.contains(&write.field));
            }
            if writes.is_empty() && parent.is_none() {
                break;
            }
            if let Some(parent) = parent {
                parent.put(&mut outgoing.edit);
            }
            let keys = writes.iter().map(|write| write.field);
            let keys: Vec<FieldKey> = keys.chain(parent.map(|_| PARENT)).collect();
            if !self.leaves(sending, &keys).await? {
                return Ok(None);
            }
            if outgoing.edit.is_empty() {
                // Jira holds all of it already, in other words.
                let plain = Aftermath::default();
                self.agree(sending, &keys, Some(plain)).await?;
                fields.agreed = true;
                return Ok(Some(fields));
            }
            let client = self.remote.client();
            let error = match client.edit_issue(&attempt.remote_id, &outgoing.edit).await {
                Ok(()) => {
                    fields.sent = true;
                    fields.agreed = self.agree_after(attempt, sending, &keys).await?;
                    return Ok(fields.agreed.then_some(fields));
                }
                Err(error) => error,
            };
            let is_rejected = matches!(error, jira::Error::Rejected { .. });
            let before = writes.len();
            let (refused, left): (Vec<_>, Vec<_>) = writes
                .into_iter()
                .partition(|write| is_refused(&error, write));
            writes = left;
            let (planned, refused): (Vec<_>, Vec<_>) =
                refused.into_iter().partition(sprint::is_sprint);
            fields.planned.extend(planned);
            // What is refused without a word of what for is tried without the move first.
            let is_move =
                parent.is_some_and(|parent| parent.is_refused(&error) || writes.len() == before);
            if !is_rejected || !is_move && writes.len() == before {
                self.refused(attempt, error).await?;
                return Ok(None);
            }
            if is_move {
                parent = None;
                fields.refusal = Some(parent::refused(&error));
            } else if !refused.is_empty() {
                let mut refused = refused.iter();
                let missing = refused.find_map(|write| sending.missing_of(write.field));
                let general = || Problem::from(&EngineError::from(error));
                fields.refusal = Some(missing.unwrap_or_else(general));
            }
        }
        Ok(Some(fields))
    }

    /// A step that is taken by itself has arrived.
    pub(super) async fn taken(
        &self,
        attempt: &Attempt,
        sending: &Sending,
        field: FieldKey,
    ) -> Result<Step, EngineError> {
        Ok(match self.agree_after(attempt, sending, &[field]).await? {
            true => Step::Taken,
            false => Step::PutOff,
        })
    }

    /// Both sides agree on what was sent and has arrived. False if that is left to the next reading, because Jira does
    /// not say what the change took the place of.
    async fn agree_after(
        &self,
        attempt: &Attempt,
        sending: &Sending,
        sent: &[FieldKey],
    ) -> Result<bool, EngineError> {
        match (self.aftermath(&sending.pair.link, sent.iter().copied())).await {
            Ok(aftermath) => {
                self.agree(sending, sent, Some(aftermath)).await?;
                Ok(true)
            }
            Err(error @ (jira::Error::Auth(_) | jira::Error::Paused { .. })) => Err(error.into()),
            Err(error) => {
                self.agree(sending, sent, None).await?;
                let problem = Problem::from(&EngineError::from(error));
                self.fail(attempt, &problem, Again::Later, Doubt::Left)
                    .await?;
                Ok(false)
            }
        }
    }

    /// Both sides agree on what was sent. The issue stays on the list, to be read once more. Without an aftermath what was
    /// replaced is still to be asked for.
    async fn agree(
        &self,
        sending: &Sending,
        sent: &[FieldKey],
        aftermath: Option<Aftermath>,
    ) -> Result<(), EngineError> {
        let is_told = aftermath.is_some();
        let aftermath = aftermath.unwrap_or_default();
        let ground = self.ground.clone();
        let (id, now) = (self.integration(), self.clock.now());
        let told = sending.told_of(sent);
        let pair = sending.pair.clone();
        self.store
            .write(move |tx| {
                journal(tx, &ground, &pair, &told, (&aftermath, now))?;
                let link = store::link::get(tx, pair.link.id)?;
                let Some(link) = link.filter(|link| link.state == LinkState::Linked) else {
                    // It came apart while this was on its way: there is nothing to agree on any more.
                    return Ok(());
                };
                if let Some(updated) = aftermath.updated {
                    note_updated(tx, &link, updated)?;
                }
                let (parents, fields): (Vec<_>, Vec<_>) =
                    told.iter().partition(|(field, _)| *field == PARENT);
                for (_, told) in parents {
                    parent::agree(tx, pair.link.id, told)?;
                }
                let agreed = fields.into_iter();
                let agreed = agreed.map(|(field, told)| (*field, Some(told), told));
                store::link_field::set(tx, pair.link.id, agreed)?;
                match is_told {
                    true => store::due::set_known(tx, id, &pair.link.remote_id)?,
                    false => store::due::set_arrived(tx, id, &pair.link.remote_id, &told)?,
                }
                store::due::mark(tx, id, &[&pair.link.remote_id], now)
            })
            .await?;
        Ok(())
    }

    pub(super) async fn refused(
        &self,
        attempt: &Attempt,
        error: jira::Error,
    ) -> Result<(), EngineError> {
        if matches!(error, jira::Error::Auth(_) | jira::Error::Paused { .. }) {
            // Nothing was done, and nothing of the rest would be.
            let (id, issue) = (self.integration(), attempt.remote_id.clone());
            self.store
                .write(move |tx| store::due::set_known(tx, id, &issue))
                .await?;
            return Err(error.into());
        }
        let doubt = if error.leaves_doubt() {
            Doubt::Left
        } else {
            Doubt::None
        };
        let again = if error.is_transient() || doubt == Doubt::Left {
            Again::Later
        } else {
            Again::Never
        };
        let problem = Problem::from(&EngineError::from(error.clone()));
        self.fail(attempt, &problem, again, doubt).await?;
        self.goes_on(&error).await
    }

    /// Whether the others are worth trying after what one request met: the site answers otherwise.
    ///
    /// # Errors
    /// What whoever comes next would meet too: the rest waits for the next cycle.
    pub(super) async fn goes_on(&self, error: &jira::Error) -> Result<(), EngineError> {
        match error {
            // The rest of the site, or the endpoint, would be refused too.
            jira::Error::Limited { reason, .. } if *reason != LimitReason::PerIssue => {
                Err(error.clone().into())
            }
            jira::Error::Network { .. } | jira::Error::Unavailable { .. } => {
                let before = self.cut_off.fetch_add(1, Ordering::Relaxed);
                if before >= CUT_OFF_MAX {
                    return Err(error.clone().into());
                }
                self.remote.client().myself().await?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Puts an issue off of which Jira cannot say just now what is to be known before it is sent.
    pub(super) async fn put_off(&self, due: Due, problem: &Problem) -> Result<(), EngineError> {
        self.fail(&Attempt::of(due), problem, Again::Later, Doubt::None)
            .await
    }

    /// Notes that an issue could not be changed: it waits, longer each time, or for somebody.
    async fn fail(
        &self,
        attempt: &Attempt,
        problem: &Problem,
        again: Again,
        doubt: Doubt,
    ) -> Result<(), EngineError> {
        let (id, issue, now) = (
            self.integration(),
            attempt.remote_id.clone(),
            self.clock.now(),
        );
        let (marks, agreed) = (attempt.marks + attempt.agreed, attempt.agreed > 0);
        let reason = Reason::from(problem);
        self.store
            .write(move |tx| {
                let attempts = store::due::of(tx, id, &[&issue])?;
                let attempts = attempts.first().map_or(0, |due| due.attempts);
                let later = now.saturating_add(back_off(attempts));
                let next = (again == Again::Later).then(|| later.unwrap_or(now));
                if doubt == Doubt::None {
                    store::due::set_known(tx, id, &issue)?;
                }
                store::due::set_failed(tx, id, &issue, marks, &reason, next)?;
                if agreed && next.is_none() {
                    // Once more, so that it is read though it is parked.
                    store::due::mark(tx, id, &[&issue], now)?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Of which fields Jira cannot be told, as they are called here; a status goes another way.
    fn unsayable(&self, sending: &Sending, left: &[FieldKey]) -> Option<Problem> {
        let refused = sending.patch.unsayable.iter().map(|(field, _)| field);
        let refused = refused.filter(|field| **field != STATUS);
        if let Some(problem) = refused.clone().find_map(|field| sending.missing_of(*field)) {
            return Some(problem);
        }
        let known = &self.ground.fields;
        let name = |key: &FieldKey| {
            let field = known.iter().find(|field| field.key == *key);
            field.map_or_else(|| key.to_string(), |field| field.name.clone())
        };
        let fields: Vec<String> = refused.chain(left).map(name).collect();
        (!fields.is_empty()).then(|| Problem::new(UNSAYABLE).with("fields", fields.join(", ")))
    }
}

/// How long after so many failed attempts the next one is made.
pub(super) fn back_off(attempts: u32) -> SignedDuration {
    let place = (attempts as usize).min(BACK_OFF_S.len() - 1);
    SignedDuration::from_secs(BACK_OFF_S[place])
}

/// Whether an attempt is made again by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    /// After a while, longer each time.
    Later,
    /// Not before somebody has done something.
    Never,
}

/// Whether a change may have been made though nobody said so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    None,
    Left,
}

fn sending(
    read: &Read<'_>,
    ground: &Ground,
    known: &mut Known,
    remote_id: &str,
    site: jira::SiteKind,
) -> Result<Option<Sending>, StoreError> {
    let Some(pair) = Pair::load(read, ground, remote_id)? else {
        return Ok(None);
    };
    let values = pair.item.values.values().chain(pair.remotes.values());
    known.look_up_values(read, ground.connection_id(), values)?;
    let planner = &ground.planner;
    let pending = parent::pending(read, ground, &pair, known)?;
    let waiting = store::conflict::of_link(read, pair.link.id)?;
    let waits = |field: &FieldKey| waiting.iter().any(|(waiting, _)| waiting == field);
    let sends = pending.sends.into_iter().filter(|field| !waits(field));
    let sends: Vec<FieldKey> = sends.collect();
    if sends.is_empty() {
        return Ok(None);
    }
    let mut patch = planner.patch(&pair.item, &sends, &pair.remotes, known);
    let fields = patch.writes.iter().map(|write| write.field);
    let told = fields.chain(patch.status.iter().map(|_| STATUS));
    let told = told.map(|field| {
        let here = pair.item.value(field);
        (field, planner.through(field, &here, known))
    });
    let mut told: Vec<_> = told.collect();
    let of_patch = patch.unsayable.iter().filter_map(|(field, why)| {
        let remote = planner.remote_of(*field)?;
        Some((*field, choices::missing(&remote.kind, *field, why)?))
    });
    let of_writes = patch.writes.iter().filter_map(|write| {
        let here = pair.item.value(write.field);
        let name = |id| known.option_name(id);
        Some((write.field, choices::refused(write, &here, name)?))
    });
    let missing = of_patch.chain(of_writes).collect();
    let links;
    (links, patch.writes) = patch.writes.into_iter().partition(links::is_links);
    let planned;
    (planned, patch.writes) = patch
        .writes
        .into_iter()
        .partition(|write| sprint::is_planned(write, site));
    let parent = if sends.contains(&PARENT) {
        let written = parent::write(read, ground, &pair, site)?;
        Some(written.map(|(edit, after)| {
            told.push((PARENT, after));
            edit
        }))
    } else {
        None
    };
    Ok(Some(Sending {
        told,
        patch,
        missing,
        links,
        planned,
        parent,
        pair,
    }))
}

/// Whether Jira's refusal is about this field.
fn is_refused(error: &jira::Error, write: &FieldWrite) -> bool {
    match error {
        jira::Error::Rejected { fields, .. } => {
            // An estimate is sent as part of something larger.
            let estimate = write.remote.role == Some(Role::OriginalEstimate);
            fields.contains_key(&write.remote.id) || estimate && fields.contains_key("timetracking")
        }
        _ => false,
    }
}

/// Notes what was sent, and what it took the place of.
pub(super) fn journal(
    tx: &WriteTx<'_>,
    ground: &Ground,
    pair: &Pair,
    told: &[(FieldKey, Value)],
    (aftermath, now): (&Aftermath, jiff::Timestamp),
) -> Result<(), StoreError> {
    // Hardly ever there is anything to look up.
    let known = match aftermath.is_plain() {
        true => None,
        false => Some(aftermath.known(tx, ground)?),
    };
    let changes: Vec<_> = told
        .iter()
        .map(|(field, told)| {
            if *field == PARENT {
                return (pair.item.id, parent::sent(pair, told));
            }
            let ours = aftermath.ours.get(field).zip(known.as_ref());
            let replaced = ours.and_then(|(ours, known)| ours.replaced(ground, known, *field));
            let before = replaced.or_else(|| pair.remotes.get(field).cloned());
            let change = Change::Field {
                field: *field,
                before: before.unwrap_or_default(),
                after: told.clone(),
                base: Base::Was(pair.bases.get(field).cloned()),
            };
            (pair.item.id, change)
        })
        .collect();
    store::journal::append_single(tx, Origin::Sent, &changes, now)
}
