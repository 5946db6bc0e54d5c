//! Sending what was edited here.

use super::Cycle;
use super::between::{Aftermath, note_updated};
use super::pull::Pair;
use super::transition::{STATUS, Step};
use crate::error::EngineError;
use crate::problem::Problem;
use crate::run::{Ground, Known};
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::SignedDuration;
use store::due::Due;
use store::journal::{Base, Change, Origin};
use store::link::LinkState;
use store::run::Reason;
use store::{Read, StoreError, WriteTx};
use sync::plan::{FieldWrite, Patch};
use sync::remote::Role;
use workspace::{FieldKey, Value};

/// Issues changed at once. Changes of one issue go one after another.
const AT_ONCE: usize = jira::CONCURRENCY_MAX as usize;
/// Issues that are asked for at once, just before they are sent: the last of them is sent a moment later.
const LOOKED_AT: usize = 4 * AT_ONCE;
/// How long after a failure that passes by itself the next attempt is made: longer each time.
const BACK_OFF_S: [i64; 6] = [5, 15, 60, 300, 900, 1800];
/// A value that Jira has no word for, or that has no shape there yet.
const UNSAYABLE: &str = "value_unsayable";

/// What is to be sent of one pair.
pub(super) struct Sending {
    pub pair: Pair,
    pub patch: Patch,
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
}

impl Sending {
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
        let ground = self.ground.clone();
        let ready = self.store.read(move |read| {
            let mut known = Known::load(read, &ground)?;
            let mut ready = Vec::new();
            for due in due {
                if let Some(sending) = sending(read, &ground, &mut known, &due.remote_id)? {
                    ready.push((due, sending));
                }
            }
            Ok(ready)
        });
        let mut ready = ready.await?;
        let mut sum = 0;
        while !ready.is_empty() {
            let some = ready.drain(..ready.len().min(LOOKED_AT)).collect();
            let sent = futures::stream::iter(self.unmoved(some).await?)
                .map(|(due, sending)| self.send_one(due, sending))
                .buffer_unordered(AT_ONCE)
                .try_fold(0, async |sum, sent| Ok(sum + u64::from(sent)));
            sum += sent.await?;
        }
        Ok(sum)
    }

    /// Sends what is to be sent of one issue, its fields first; false if nothing was.
    async fn send_one(&self, mut due: Due, sending: Sending) -> Result<bool, EngineError> {
        let Some(fields) = self.send_fields(&due, &sending).await? else {
            return Ok(false);
        };
        let (mut agreed, mut sent) = (fields.agreed, fields.sent);
        due.marks += u64::from(agreed);
        let mut refusal = fields.refusal;
        match self.send_status(&due, &sending).await? {
            Step::Nothing => {}
            Step::Taken => {
                (agreed, sent) = (true, true);
                due.marks += 1;
            }
            Step::Barred(problem) => refusal = refusal.or(Some(problem)),
            Step::PutOff => return Ok(sent),
        }
        if let Some(problem) = &refusal {
            self.fail(&due, problem, Again::Never, Doubt::None).await?;
            if agreed {
                // Once more, so that it is read though it is parked.
                let (id, now) = (self.integration(), self.clock.now());
                self.store
                    .write(move |tx| store::due::mark(tx, id, &[&due.remote_id], now))
                    .await?;
            }
        }
        Ok(sent)
    }

    /// Sends what is to be sent of an issue's fields; none if that was put off, which is noted with the issue.
    async fn send_fields(
        &self,
        due: &Due,
        sending: &Sending,
    ) -> Result<Option<Fields>, EngineError> {
        let mut writes = sending.patch.writes.clone();
        let mut fields = Fields {
            refusal: unsayable(sending, &[]),
            ..Fields::default()
        };
        // Jira takes all of an edit or nothing. What it refuses is left out, so that nothing else waits for it; each
        // round leaves out something.
        while !writes.is_empty() {
            let outgoing = match self.remote.outgoing(&writes).await {
                Err(EngineError::Jira(error)) => {
                    self.refused(due, error).await?;
                    return Ok(None);
                }
                other => other?,
            };
            if !outgoing.left.is_empty() {
                fields.refusal = unsayable(sending, &outgoing.left);
                writes.retain(|write| !outgoing.left.contains(&write.field));
            }
            if writes.is_empty() {
                break;
            }
            let keys: Vec<FieldKey> = writes.iter().map(|write| write.field).collect();
            if outgoing.edit.is_empty() {
                // Jira holds all of it already, in other words.
                self.agree(sending, &keys, Aftermath::default()).await?;
                fields.agreed = true;
                return Ok(Some(fields));
            }
            let (id, issue) = (self.integration(), due.remote_id.clone());
            let told = sending.told_of(&keys);
            // Before it leaves: whoever finds this knows that something may have happened in Jira.
            self.store
                .write(move |tx| store::due::set_sent(tx, id, &issue, &told))
                .await?;
            let client = self.remote.client();
            let error = match client.edit_issue(&due.remote_id, &outgoing.edit).await {
                Ok(()) => {
                    fields.sent = true;
                    fields.agreed = self.agree_after(due, sending, &keys).await?;
                    return Ok(fields.agreed.then_some(fields));
                }
                Err(error) => error,
            };
            let taken = |write: &FieldWrite| !is_refused(&error, write);
            if !matches!(error, jira::Error::Rejected { .. }) || writes.iter().all(taken) {
                self.refused(due, error).await?;
                return Ok(None);
            }
            writes.retain(taken);
            fields.refusal = Some(Problem::from(&EngineError::from(error)));
        }
        Ok(Some(fields))
    }

    /// Both sides agree on what was sent and has arrived. False if that is left to the next reading, because Jira does
    /// not say what the change took the place of.
    pub(super) async fn agree_after(
        &self,
        due: &Due,
        sending: &Sending,
        sent: &[FieldKey],
    ) -> Result<bool, EngineError> {
        match (self.aftermath(&sending.pair.link, sent.iter().copied())).await {
            Ok(aftermath) => {
                self.agree(sending, sent, aftermath).await?;
                Ok(true)
            }
            Err(error @ (jira::Error::Auth(_) | jira::Error::Paused { .. })) => Err(error.into()),
            Err(error) => {
                let problem = Problem::from(&EngineError::from(error));
                self.fail(due, &problem, Again::Later, Doubt::Left).await?;
                Ok(false)
            }
        }
    }

    /// Both sides agree on what was sent. The issue stays on the list, to be read once more.
    async fn agree(
        &self,
        sending: &Sending,
        sent: &[FieldKey],
        aftermath: Aftermath,
    ) -> Result<(), EngineError> {
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
                let agreed = told.iter().map(|(field, told)| (*field, Some(told), told));
                store::link_field::set(tx, pair.link.id, agreed)?;
                store::due::set_known(tx, id, &pair.link.remote_id)?;
                store::due::mark(tx, id, &[&pair.link.remote_id], now)
            })
            .await?;
        Ok(())
    }

    pub(super) async fn refused(&self, due: &Due, error: jira::Error) -> Result<(), EngineError> {
        if matches!(error, jira::Error::Auth(_) | jira::Error::Paused { .. }) {
            // Nothing was done, and nothing of the rest would be.
            let (id, issue) = (self.integration(), due.remote_id.clone());
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
        // Whoever comes next would meet the same: the rest waits for the next cycle.
        let all = matches!(
            error,
            jira::Error::Network { .. } | jira::Error::Unavailable { .. }
        );
        let error = EngineError::from(error);
        self.fail(due, &Problem::from(&error), again, doubt).await?;
        if all { Err(error) } else { Ok(()) }
    }

    /// Notes that an issue could not be changed: it waits, longer each time, or for somebody.
    async fn fail(
        &self,
        due: &Due,
        problem: &Problem,
        again: Again,
        doubt: Doubt,
    ) -> Result<(), EngineError> {
        let (id, issue, now) = (self.integration(), due.remote_id.clone(), self.clock.now());
        let marks = due.marks;
        let reason = Reason {
            detail: problem.detail_text(),
            code: problem.code.clone(),
        };
        self.store
            .write(move |tx| {
                let attempts = store::due::of(tx, id, &[&issue])?;
                let attempts = attempts.first().map_or(0, |due| due.attempts);
                let later = now.saturating_add(back_off(attempts));
                let next = (again == Again::Later).then(|| later.unwrap_or(now));
                if doubt == Doubt::None {
                    store::due::set_known(tx, id, &issue)?;
                }
                store::due::set_failed(tx, id, &issue, marks, &reason, next)
            })
            .await?;
        Ok(())
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
) -> Result<Option<Sending>, StoreError> {
    let Some(pair) = Pair::load(read, ground, remote_id)? else {
        return Ok(None);
    };
    known.look_up_items(read, ground.connection_id(), std::iter::once(&pair.item))?;
    let planner = &ground.planner;
    let pending = planner.pending(&pair.item, &pair.bases, &pair.remotes, known);
    let waiting = store::conflict::of_link(read, pair.link.id)?;
    let waits = |field: &FieldKey| waiting.iter().any(|(waiting, _)| waiting == field);
    let sends = pending.sends.into_iter().filter(|field| !waits(field));
    let sends: Vec<FieldKey> = sends.collect();
    if sends.is_empty() {
        return Ok(None);
    }
    let patch = planner.patch(&pair.item, &sends, &pair.remotes, known);
    let fields = patch.writes.iter().map(|write| write.field);
    let told = fields.chain(patch.status.iter().map(|_| STATUS));
    let told = told.map(|field| {
        let here = pair.item.value(field);
        (field, planner.through(field, &here, known))
    });
    Ok(Some(Sending {
        told: told.collect(),
        patch,
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
        false => Some(Known::load(tx, ground)?),
    };
    let changes: Vec<_> = told
        .iter()
        .map(|(field, told)| {
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

/// Of which fields Jira cannot be told; a status goes another way.
fn unsayable(sending: &Sending, left: &[FieldKey]) -> Option<Problem> {
    let refused = sending.patch.unsayable.iter().map(|(field, _)| field);
    let refused = refused.filter(|field| **field != STATUS);
    let fields: Vec<String> = refused.chain(left).map(ToString::to_string).collect();
    (!fields.is_empty()).then(|| Problem::new(UNSAYABLE).with("fields", fields.join(", ")))
}
