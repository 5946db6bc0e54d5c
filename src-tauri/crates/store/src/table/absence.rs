//! Linked issues that could not be reached when somebody last looked, and what that look found.
//!
//! Absence is not deletion: a row says what is known and when it is worth looking again, and no more. It goes as soon as
//! the issue is reached.

use crate::code::{Code as _, codes};
use crate::error::StoreError;
use crate::id::{IntegrationId, LinkId};
use crate::sql::{Columns as _, Read, WriteTx, json_texts, ms};
use jiff::Timestamp;
use rusqlite::{Row, params};
use std::collections::BTreeMap;

pub(crate) const V5: &str = "CREATE TABLE absence (
-- A linked issue that is out of reach, or of which was heard that it was deleted.
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
remote_id      TEXT    NOT NULL,
state          TEXT    NOT NULL,            -- what the last look found
heard_deleted  INTEGER NOT NULL DEFAULT 0,  -- 1: Jira told that it was deleted
looks          INTEGER NOT NULL DEFAULT 0,  -- that found it out of reach, one after the other
first_at       INTEGER NOT NULL,            -- since when
last_at        INTEGER NOT NULL,
next_at        INTEGER NOT NULL,            -- when it is worth looking again
PRIMARY KEY (integration_id, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX absence_next ON absence (integration_id, next_at)";

const COLUMNS: &str = "remote_id, state, heard_deleted, looks, first_at, last_at, next_at";

/// What a look for an issue found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AbsenceState {
    /// Nobody has looked yet: it was heard of only.
    Heard,
    /// It is not there, or hidden from the account; the project can be read.
    Unseen,
    /// The account sees nothing of the project any more.
    ProjectUnseen,
    /// It answers by its id, and no search finds it.
    Archived,
    /// It no longer meets the integration's filter.
    OutOfScope,
    /// It was moved to a project that is not integrated.
    MovedAway,
}

codes! {
    AbsenceState, "state of an issue out of reach" {
        Heard = "heard", Unseen = "unseen", ProjectUnseen = "project_unseen", Archived = "archived",
        OutOfScope = "out_of_scope", MovedAway = "moved_away",
    }
}

/// A linked issue out of reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// The id.
    pub remote_id: String,
    /// What the last look found.
    pub state: AbsenceState,
    /// Whether Jira told that it was deleted.
    pub heard_deleted: bool,
    /// Looks that found it so, one after the other.
    pub looks: u32,
    /// Since when.
    pub first_at: Timestamp,
    /// When somebody last looked.
    pub last_at: Timestamp,
    /// When it is worth looking again.
    pub next_at: Timestamp,
}

/// Notes that Jira told of the deletion of an issue. Not proof by itself: whoever looks decides.
///
/// # Errors
/// [`StoreError::Constraint`] if the integration does not exist.
pub fn hear_deleted(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO absence (integration_id, remote_id, state, heard_deleted, first_at, last_at, next_at)
         VALUES (?1, ?2, ?3, 1, ?4, ?4, ?4)
         ON CONFLICT (integration_id, remote_id) DO UPDATE SET heard_deleted = 1, next_at = excluded.next_at",
        params![
            integration.0,
            remote_id,
            AbsenceState::Heard.code(),
            ms(Some(now))
        ],
    )?;
    Ok(())
}

/// Notes what a look found, and when the next one is worth it. The count begins anew when the last look found
/// something else.
///
/// # Errors
/// [`StoreError::Constraint`] if the integration does not exist.
pub fn set(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_id: &str,
    state: AbsenceState,
    now: Timestamp,
    next_at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO absence (integration_id, remote_id, state, looks, first_at, last_at, next_at)
         VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5)
         ON CONFLICT (integration_id, remote_id) DO UPDATE SET
           looks = iif(state = excluded.state, looks + 1, 1),
           first_at = iif(state = excluded.state, first_at, excluded.first_at),
           state = excluded.state, last_at = excluded.last_at, next_at = excluded.next_at",
        params![
            integration.0,
            remote_id,
            state.code(),
            ms(Some(now)),
            ms(Some(next_at))
        ],
    )?;
    Ok(())
}

/// Notes that an issue is within reach, or that nobody looks for it any more.
///
/// # Errors
/// What the database meets.
pub fn clear<S: AsRef<str>>(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_ids: &[S],
) -> Result<(), StoreError> {
    tx.run(
        "DELETE FROM absence WHERE integration_id = ?1
         AND remote_id IN (SELECT value FROM json_each(?2))",
        params![integration.0, json_texts(remote_ids)],
    )?;
    Ok(())
}

/// Forgets that Jira told of deletions, because a person has decided otherwise; the looks begin anew.
///
/// # Errors
/// What the database meets.
pub fn unhear<S: AsRef<str>>(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    remote_ids: &[S],
    next_at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "UPDATE absence SET heard_deleted = 0, looks = 0, next_at = ?3 WHERE integration_id = ?1
         AND remote_id IN (SELECT value FROM json_each(?2))",
        params![integration.0, json_texts(remote_ids), ms(Some(next_at))],
    )?;
    Ok(())
}

/// Makes it worth looking now for all issues of an integration that are out of reach, or for some.
///
/// # Errors
/// What the database meets.
pub fn hasten<S: AsRef<str>>(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    some: Option<&[S]>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "UPDATE absence SET next_at = min(next_at, ?2) WHERE integration_id = ?1
         AND (?3 IS NULL OR remote_id IN (SELECT value FROM json_each(?3)))",
        params![integration.0, ms(Some(now)), some.map(json_texts)],
    )?;
    Ok(())
}

/// The issues for which it is worth looking now, those that waited longest first.
///
/// # Errors
/// What the database meets.
pub fn next(
    read: &Read<'_>,
    integration: IntegrationId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<String>, StoreError> {
    read.all(
        "SELECT remote_id FROM absence WHERE integration_id = ?1 AND next_at <= ?2
         ORDER BY next_at, remote_id LIMIT ?3",
        params![integration.0, ms(Some(now)), limit],
        |row| Ok(row.get(0)?),
    )
}

/// Those of some issues that are out of reach, by their ids.
///
/// # Errors
/// What the database meets.
pub fn of<S: AsRef<str>>(
    read: &Read<'_>,
    integration: IntegrationId,
    remote_ids: &[S],
) -> Result<BTreeMap<String, Absence>, StoreError> {
    let found = read.all(
        &format!(
            "SELECT {COLUMNS} FROM absence WHERE integration_id = ?1
             AND remote_id IN (SELECT value FROM json_each(?2))"
        ),
        params![integration.0, json_texts(remote_ids)],
        absence,
    )?;
    Ok(found
        .into_iter()
        .map(|found| (found.remote_id.clone(), found))
        .collect())
}

/// A pair in force whose issue is out of reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsentPair {
    /// The pair.
    pub link: LinkId,
    /// What is known of its issue.
    pub absence: Absence,
}

/// The pairs in force whose issues are out of reach, the longest first. Issues that are merely outside the filter and
/// kept in step are not among them, nor those of which was only heard.
///
/// # Errors
/// What the database meets.
pub fn pairs(
    read: &Read<'_>,
    integration: Option<IntegrationId>,
    limit: u32,
) -> Result<Vec<AbsentPair>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS}, link_id FROM absence JOIN link USING (integration_id, remote_id)
             WHERE severed_reason = '' AND (?1 IS NULL OR integration_id = ?1)
             AND state IN ('unseen', 'project_unseen', 'archived')
             ORDER BY first_at, link_id LIMIT ?2"
        ),
        params![integration.map(|id| id.0), limit],
        |row| {
            Ok(AbsentPair {
                absence: absence(row)?,
                link: LinkId(row.get(7)?),
            })
        },
    )
}

fn absence(row: &Row<'_>) -> Result<Absence, StoreError> {
    Ok(Absence {
        remote_id: row.get(0)?,
        state: row.code(1)?,
        heard_deleted: row.get(2)?,
        looks: row.get(3)?,
        first_at: row.moment(4)?,
        last_at: row.moment(5)?,
        next_at: row.moment(6)?,
    })
}
