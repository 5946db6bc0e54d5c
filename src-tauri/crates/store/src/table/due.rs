//! Issues about which something is to do: an item was edited here, or something was heard of there.
//!
//! An index and no more. What is to do is decided anew from what both sides hold and had agreed on; a row only says
//! that it is worth looking.

use crate::codec::{self, Remembered};
use crate::error::StoreError;
use crate::id::IntegrationId;
use crate::sql::{Columns as _, Read, WriteTx, count, json_texts, ms};
use crate::table::field::key_of;
use crate::table::item_value::key_text;
use crate::table::run::Reason;
use jiff::Timestamp;
use rusqlite::{Row, params};
use std::collections::{BTreeMap, BTreeSet};
use workspace::{FieldKey, Value};

pub(crate) const V4: &str = "CREATE TABLE due (
-- An issue that is to be looked at. The row goes when both sides agree, or when a person has to decide.
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
remote_id      TEXT    NOT NULL,
marks          INTEGER NOT NULL DEFAULT 1,  -- goes up with each reason to look: one that came meanwhile is not missed
sent           TEXT    NOT NULL DEFAULT '', -- JSON by field: a change that was sent, and of which it is not known
                                            -- what came of it; empty: there is none
attempts       INTEGER NOT NULL DEFAULT 0,  -- that failed, one after the other
next_at        INTEGER NOT NULL,            -- not before
problem_code   TEXT    NOT NULL DEFAULT '', -- why the last attempt failed; empty: it did not
problem_detail TEXT    NOT NULL DEFAULT '',
is_parked      INTEGER NOT NULL DEFAULT 0,  -- 1: nothing is sent until somebody has done something
looked         INTEGER NOT NULL DEFAULT 0,  -- while parked: the marks that it was last looked at with
PRIMARY KEY (integration_id, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_next ON due (integration_id, next_at)";

const COLUMNS: &str =
    "remote_id, marks, sent, attempts, next_at, problem_code, problem_detail, is_parked";

/// An issue that is to be looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// The id.
    pub remote_id: String,
    /// Reasons to look so far.
    pub marks: u64,
    /// Values that were sent and of which it is not known what came of them; empty if there are none.
    pub sent: BTreeMap<FieldKey, Value>,
    /// Those of them that have arrived: what they took the place of is not known.
    pub arrived: BTreeSet<FieldKey>,
    /// Attempts that failed, one after the other.
    pub attempts: u32,
    /// Not before.
    pub next_at: Timestamp,
    /// Why the last attempt failed.
    pub problem: Option<Reason>,
    /// Whether somebody has to do something first.
    pub is_parked: bool,
}

/// Marks issues as worth looking at now. One that waits after a failure that passes by itself waits no longer. One
/// that is parked is looked at, and stays parked.
///
/// # Errors
/// [`StoreError::Constraint`] if the integration does not exist.
pub fn mark<S: AsRef<str>>(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_ids: &[S],
    now: Timestamp,
) -> Result<(), StoreError> {
    for id in remote_ids {
        tx.run(
            "INSERT INTO due (integration_id, remote_id, next_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (integration_id, remote_id)
             DO UPDATE SET marks = marks + 1, next_at = min(next_at, excluded.next_at)",
            params![integration.0, id.as_ref(), ms(Some(now))],
        )?;
    }
    Ok(())
}

/// As [`mark`], of all linked issues of an integration but those whose item shows one of some raw statuses: those about
/// whose status nothing is to be said anew.
///
/// # Errors
/// [`StoreError::Constraint`] if the integration does not exist.
pub fn mark_statuses<S: AsRef<str>>(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    but: &[S],
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO due (integration_id, remote_id, next_at)
         SELECT link.integration_id, link.remote_id, ?3 FROM link JOIN item USING (item_id)
         WHERE link.integration_id = ?1 AND link.severed_reason = ''
         AND item.dev_status NOT IN (SELECT value FROM json_each(?2))
         ON CONFLICT (integration_id, remote_id)
         DO UPDATE SET marks = marks + 1, next_at = min(next_at, excluded.next_at)",
        params![integration.0, json_texts(but), ms(Some(now))],
    )?;
    Ok(())
}

/// As [`mark`], of an issue whose item was edited here: what was refused is another value now, and is sent again.
///
/// # Errors
/// [`StoreError::Constraint`] if the integration does not exist.
pub fn mark_edited(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    mark(tx, integration, &[remote_id], now)?;
    tx.run(
        "UPDATE due SET is_parked = 0, attempts = 0 WHERE integration_id = ?1 AND remote_id = ?2",
        params![integration.0, remote_id],
    )?;
    Ok(())
}

/// The issues that may be looked at now, those that waited longest first.
///
/// # Errors
/// What the database meets.
pub fn next(
    read: &Read<'_>,
    integration: IntegrationId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Due>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM due WHERE integration_id = ?1 AND next_at <= ?2
             AND (is_parked = 0 OR marks > looked) ORDER BY next_at, remote_id LIMIT ?3"
        ),
        params![integration.0, ms(Some(now)), limit],
        due,
    )
}

/// How many issues may be looked at now.
///
/// # Errors
/// What the database meets.
pub fn count_ready(
    read: &Read<'_>,
    integration: IntegrationId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    read.number(
        "SELECT count(*) FROM due WHERE integration_id = ?1 AND next_at <= ?2
         AND (is_parked = 0 OR marks > looked)",
        params![integration.0, ms(Some(now))],
    )
    .map(count)
}

/// Those of some issues that are to be looked at.
///
/// # Errors
/// What the database meets.
pub fn of<S: AsRef<str>>(
    read: &Read<'_>,
    integration: IntegrationId,
    remote_ids: &[S],
) -> Result<Vec<Due>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM due WHERE integration_id = ?1
             AND remote_id IN (SELECT value FROM json_each(?2)) ORDER BY remote_id"
        ),
        params![integration.0, json_texts(remote_ids)],
        due,
    )
}

/// When the next issue may be looked at; none if none waits for a moment.
///
/// # Errors
/// What the database meets.
pub fn next_at(
    read: &Read<'_>,
    integration: IntegrationId,
) -> Result<Option<Timestamp>, StoreError> {
    let next = read.one(
        "SELECT next_at FROM due WHERE integration_id = ?1 AND (is_parked = 0 OR marks > looked)
         ORDER BY next_at LIMIT 1",
        [integration.0],
        |row| row.moment(0),
    )?;
    Ok(next)
}

/// Takes an issue off the list, unless a reason to look came since it had `marks` of them.
///
/// # Errors
/// What the database meets.
pub fn settle(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    marks: u64,
) -> Result<(), StoreError> {
    let marks = i64::try_from(marks).unwrap_or(i64::MAX);
    tx.run(
        "DELETE FROM due WHERE integration_id = ?1 AND remote_id = ?2 AND marks = ?3",
        params![integration.0, remote_id, marks],
    )?;
    tx.run(
        "UPDATE due SET sent = '', attempts = 0, problem_code = '', problem_detail = '',
         is_parked = 0 WHERE integration_id = ?1 AND remote_id = ?2",
        params![integration.0, remote_id],
    )?;
    Ok(())
}

/// Takes an issue off the list, whatever reasons to look there are: it is looked for elsewhere.
///
/// # Errors
/// What the database meets.
pub fn drop(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
) -> Result<(), StoreError> {
    tx.run(
        "DELETE FROM due WHERE integration_id = ?1 AND remote_id = ?2",
        params![integration.0, remote_id],
    )?;
    Ok(())
}

/// Lets an issue whose pair came apart be looked at once more, by which it leaves the list; whatever was in its way is
/// nobody's concern any more. It stays on the list until then: a change of it may be under way.
///
/// # Errors
/// What the database meets.
pub fn release(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "UPDATE due SET marks = marks + 1, problem_code = '', problem_detail = '', is_parked = 0,
         attempts = 0, next_at = ?3 WHERE integration_id = ?1 AND remote_id = ?2",
        params![integration.0, remote_id, ms(Some(now))],
    )?;
    Ok(())
}

/// Notes, before it leaves, what is sent.
///
/// # Errors
/// [`StoreError::NotFound`] if the issue is not on the list.
pub fn set_sent(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    sent: &[(FieldKey, Value)],
) -> Result<(), StoreError> {
    let values = sent.iter();
    let text = codec::write_memory(
        values.map(|(field, value)| (key_text(*field), Remembered::Apart(Some(value), value))),
    );
    write_sent(tx, integration, remote_id, &text)
}

/// Notes that what was sent has arrived, and that it is not known what it took the place of.
///
/// # Errors
/// [`StoreError::NotFound`] if the issue is not on the list.
pub fn set_arrived(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    sent: &[(FieldKey, Value)],
) -> Result<(), StoreError> {
    let values = sent.iter();
    // Told without a base, by which it is told from what is in doubt.
    let text = codec::write_memory(
        values.map(|(field, value)| (key_text(*field), Remembered::Apart(None, value))),
    );
    write_sent(tx, integration, remote_id, &text)
}

/// Notes that it is known what came of what was sent.
///
/// # Errors
/// [`StoreError::NotFound`] if the issue is not on the list.
pub fn set_known(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
) -> Result<(), StoreError> {
    write_sent(tx, integration, remote_id, "")
}

fn write_sent(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    text: &str,
) -> Result<(), StoreError> {
    tx.change(
        "due",
        integration,
        "UPDATE due SET sent = ?3 WHERE integration_id = ?1 AND remote_id = ?2",
        params![integration.0, remote_id, text],
    )
}

/// Notes that a parked issue was looked at when it had `marks` reasons to: until another one comes, it rests.
///
/// # Errors
/// [`StoreError::NotFound`] if the issue is not on the list.
pub fn set_looked(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    marks: u64,
) -> Result<(), StoreError> {
    let marks = i64::try_from(marks).unwrap_or(i64::MAX);
    tx.change(
        "due",
        integration,
        "UPDATE due SET looked = ?3 WHERE integration_id = ?1 AND remote_id = ?2",
        params![integration.0, remote_id, marks],
    )
}

/// Notes that an attempt failed, and when the next one may be made; none until somebody has done something. `marks`
/// are the reasons to look that it had at the attempt; where another one came since, as an edit that mends it, it is not
/// parked.
///
/// # Errors
/// [`StoreError::NotFound`] if the issue is not on the list.
pub fn set_failed(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    marks: u64,
    problem: &Reason,
    next_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    tx.change(
        "due",
        integration,
        "UPDATE due SET attempts = attempts + 1, problem_code = ?3, problem_detail = ?4,
         is_parked = (?5 AND marks = ?7), next_at = ifnull(?6, next_at), looked = ?7
         WHERE integration_id = ?1 AND remote_id = ?2",
        params![
            integration.0,
            remote_id,
            problem.code,
            problem.detail,
            next_at.is_none(),
            ms(next_at),
            i64::try_from(marks).unwrap_or(i64::MAX)
        ],
    )
}

/// Puts an issue off about which nothing can be said yet, and nothing is wrong.
///
/// # Errors
/// [`StoreError::NotFound`] if the issue is not on the list.
pub fn put_off(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    next_at: Timestamp,
) -> Result<(), StoreError> {
    tx.change(
        "due",
        integration,
        "UPDATE due SET attempts = attempts + 1, next_at = ?3
         WHERE integration_id = ?1 AND remote_id = ?2",
        params![integration.0, remote_id, ms(Some(next_at))],
    )
}

/// Lets parked issues be looked at again, now: all of an integration, or some.
///
/// # Errors
/// What the database meets.
pub fn retry<S: AsRef<str>>(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_ids: Option<&[S]>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let some = remote_ids.map(json_texts);
    tx.run(
        "UPDATE due SET is_parked = 0, next_at = ?2 WHERE integration_id = ?1 AND problem_code <> ''
         AND (?3 IS NULL OR remote_id IN (SELECT value FROM json_each(?3)))",
        params![integration.0, ms(Some(now)), some],
    )?;
    Ok(())
}

/// As [`retry`], of all issues of an integration that were parked for one of some reasons.
///
/// # Errors
/// What the database meets.
pub fn retry_codes(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    codes: &[&str],
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "UPDATE due SET is_parked = 0, next_at = ?3 WHERE integration_id = ?1
         AND problem_code IN (SELECT value FROM json_each(?2))",
        params![integration.0, json_texts(codes), ms(Some(now))],
    )?;
    Ok(())
}

/// The issues whose last attempt failed.
///
/// # Errors
/// What the database meets.
pub fn failed(
    read: &Read<'_>,
    integration: IntegrationId,
    limit: u32,
) -> Result<Vec<Due>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM due WHERE integration_id = ?1 AND problem_code <> ''
             ORDER BY problem_code, remote_id LIMIT ?2"
        ),
        params![integration.0, limit],
        due,
    )
}

/// How many issues are on the list, and how many of them are parked.
///
/// # Errors
/// What the database meets.
pub fn counts(read: &Read<'_>, integration: IntegrationId) -> Result<(u64, u64), StoreError> {
    let found = read.one(
        "SELECT count(*), ifnull(sum(is_parked), 0) FROM due WHERE integration_id = ?1",
        [integration.0],
        |row| Ok((count(row.get(0)?), count(row.get(1)?))),
    )?;
    Ok(found.unwrap_or_default())
}

/// How many pairs of an integration are not known to agree: their issue is on the list, or a field is in conflict.
///
/// # Errors
/// What the database meets.
pub fn apart(read: &Read<'_>, integration: IntegrationId) -> Result<u64, StoreError> {
    read.number(
        "SELECT count(*) FROM (
           SELECT link.link_id FROM due
           JOIN integration USING (integration_id)
           JOIN link ON link.connection_id = integration.connection_id
             AND link.remote_id = due.remote_id AND link.severed_reason = ''
           WHERE due.integration_id = ?1
           UNION
           SELECT conflict.link_id FROM conflict JOIN link USING (link_id)
           WHERE link.integration_id = ?1 AND link.severed_reason = '')",
        [integration.0],
    )
    .map(count)
}

fn due(row: &Row<'_>) -> Result<Due, StoreError> {
    let problem = row.text_opt(5)?.map(|code| -> Result<Reason, StoreError> {
        Ok(Reason {
            code,
            detail: row.get(6)?,
        })
    });
    let (mut sent, mut arrived) = (BTreeMap::new(), BTreeSet::new());
    let told = match row.str(2)? {
        "" => BTreeMap::new(),
        text => codec::read_memory(text, "{}")?,
    };
    for (field, (doubtful, told)) in told {
        let field = key_of(&field)?;
        if doubtful.is_none() {
            arrived.insert(field);
        }
        sent.insert(field, told);
    }
    Ok(Due {
        remote_id: row.get(0)?,
        marks: count(row.get(1)?),
        sent,
        arrived,
        attempts: row.get(3)?,
        next_at: row.moment(4)?,
        problem: problem.transpose()?,
        is_parked: row.get(7)?,
    })
}
