//! What an integration leaves behind when it goes: pairs that come apart all at once and are remembered, the history of
//! their items, and by whom they are offered for linking again.

use crate::code::Code as _;
use crate::error::StoreError;
use crate::id::{ConnectionId, IntegrationId};
use crate::sql::{Read, WriteTx, count, ms};
use crate::table::link::SeverReason;
use crate::table::run::RunKind;
use crate::table::{connection, integration};
use jiff::Timestamp;
use rusqlite::params;

/// Issues of an integration that are still to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unmade {
    /// How many.
    pub all: u64,
    /// Of these, those of which a request left, and it is not known what came of it: the issue may be there.
    pub doubtful: u64,
}

/// Issues of an integration that are still to be made.
///
/// # Errors
/// What the database meets.
pub fn unmade(read: &Read<'_>, integration: IntegrationId) -> Result<Unmade, StoreError> {
    let found = read.one(
        "SELECT count(*), count(sent_at) FROM create_intent WHERE integration_id = ?1",
        [integration.0],
        |row| {
            Ok(Unmade {
                all: count(row.get(0)?),
                doubtful: count(row.get(1)?),
            })
        },
    )?;
    Ok(found.unwrap_or_default())
}

/// What an integration did that can be taken back as a whole for as long as it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Undoable {
    /// Imports, those among them that somebody ended half-way.
    pub imports: u64,
    /// Cycles that brought something in.
    pub cycles: u64,
}

/// What can be taken back as a whole: the runs that did something.
///
/// # Errors
/// What the database meets.
pub fn undoable(read: &Read<'_>, integration: IntegrationId) -> Result<Undoable, StoreError> {
    let did = |kind: RunKind, states: &str| {
        read.number(
            &format!(
                "SELECT count(*) FROM run WHERE integration_id = ?1 AND kind = ?2 AND state IN ({states})
                 AND EXISTS (SELECT 1 FROM journal_entry WHERE journal_entry.run_id = run.run_id)"
            ),
            params![integration.0, kind.code()],
        )
        .map(count)
    };
    Ok(Undoable {
        imports: did(RunKind::Import, "'done', 'cancelled'")?,
        cycles: did(RunKind::Pull, "'done'")?,
    })
}

/// How many issues of an integration could not be changed, not be read or not be made.
///
/// # Errors
/// What the database meets.
pub fn problems(read: &Read<'_>, integration: IntegrationId) -> Result<u64, StoreError> {
    read.number(
        "SELECT (SELECT count(*) FROM due WHERE integration_id = ?1 AND problem_code <> '')
           + (SELECT count(*) FROM create_intent WHERE integration_id = ?1 AND problem_code <> '')",
        [integration.0],
    )
    .map(count)
}

/// The issues of which the items may hold edits that were not sent: those on an integration's list, and those out of reach,
/// which are on no list until they are looked for again. Those that have a pair in force, by their ids.
///
/// # Errors
/// What the database meets.
pub fn listed(read: &Read<'_>, integration: IntegrationId) -> Result<Vec<String>, StoreError> {
    read.all(
        "WITH waiting AS (
           SELECT integration_id, remote_id FROM due WHERE integration_id = ?1
           UNION SELECT integration_id, remote_id FROM absence WHERE integration_id = ?1)
         SELECT waiting.remote_id FROM waiting JOIN integration USING (integration_id)
         JOIN link ON link.connection_id = integration.connection_id
           AND link.remote_id = waiting.remote_id AND link.severed_reason = ''
         ORDER BY link.link_id",
        [integration.0],
        |row| Ok(row.get(0)?),
    )
}

/// Severs every pair of an integration and deletes it with its mapping and its runs. Pairs stay with all that they
/// remember, and so does what the runs did to items: it is part of no run any more, and cannot be taken back as one.
/// Gives how many pairs were in force.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn remove(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let reason = SeverReason::ConnectionRemoved.code();
    let in_force = "SELECT link_id FROM link WHERE integration_id = ?1 AND severed_reason = ''";
    for of_pairs in ["conflict", "severing"] {
        let sql = format!("DELETE FROM {of_pairs} WHERE link_id IN ({in_force})");
        tx.run(&sql, [integration.0])?;
    }
    // As the journal writes that a pair was severed: before stands the key, after why.
    tx.run(
        "INSERT INTO journal_entry (origin, item_id, change, before, after, at)
         SELECT 'here', item_id, 'severed', remote_key, ?2, ?3 FROM link
         WHERE integration_id = ?1 AND severed_reason = '' ORDER BY link_id",
        params![integration.0, reason, ms(Some(now))],
    )?;
    let severed = tx.run(
        "UPDATE link SET severed_reason = ?2, severed_at = ?3, dismissed = 0
         WHERE integration_id = ?1 AND severed_reason = ''",
        params![integration.0, reason, ms(Some(now))],
    )?;
    tx.run(
        "UPDATE item SET key_text = ifnull((SELECT group_concat(remote_key, ' ' ORDER BY link_id) FROM link
           WHERE link.item_id = item.item_id AND severed_reason = ''), '')
         WHERE item_id IN (SELECT item_id FROM link WHERE integration_id = ?1)",
        [integration.0],
    )?;
    // An item that was deleted here and comes back does not come back linked.
    tx.run(
        "UPDATE deleted_link SET severed_reason = ?2, severed_at = ?3
         WHERE integration_id = ?1 AND severed_reason = ''",
        params![integration.0, reason, ms(Some(now))],
    )?;
    tx.run(
        "UPDATE journal_entry SET run_id = NULL
         WHERE run_id IN (SELECT run_id FROM run WHERE integration_id = ?1)",
        [integration.0],
    )?;
    integration::delete(tx, integration)?;
    Ok(severed as u64)
}

/// How many severed pairs a connection is remembered for, those of items that were deleted here among them.
///
/// # Errors
/// What the database meets.
pub fn remembered(read: &Read<'_>, connection: ConnectionId) -> Result<u64, StoreError> {
    read.number(
        "SELECT (SELECT count(*) FROM link WHERE connection_id = ?1 AND severed_reason <> '')
           + (SELECT count(*) FROM deleted_link WHERE connection_id = ?1)",
        [connection.0],
    )
    .map(count)
}

/// Hands the severed pairs of a connection that has no integrations over to another one to the same site, and deletes
/// the first.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if pairs of it are in force.
pub fn hand_over(tx: &WriteTx<'_>, from: ConnectionId, to: ConnectionId) -> Result<(), StoreError> {
    tx.run(
        "UPDATE link SET connection_id = ?2 WHERE connection_id = ?1 AND severed_reason <> ''",
        [from.0, to.0],
    )?;
    tx.run(
        "UPDATE deleted_link SET connection_id = ?2 WHERE connection_id = ?1",
        [from.0, to.0],
    )?;
    connection::delete(tx, from)
}

/// Lets a new integration offer the pairs that its connection remembers of the project, by the keys of their issues: those
/// of an integration that is gone. They stay severed. Gives how many there are.
///
/// # Errors
/// What the database meets.
pub fn offer(tx: &WriteTx<'_>, integration: IntegrationId) -> Result<u64, StoreError> {
    let mut offered = 0;
    for (table, severed) in [("link", "severed_reason <> ''"), ("deleted_link", "1")] {
        offered += tx.run(
            &format!(
                "UPDATE {table} SET integration_id = ?1
                 FROM integration WHERE integration.integration_id = ?1
                 AND {table}.integration_id IS NULL AND {severed}
                 AND {table}.connection_id = integration.connection_id
                 AND substr(remote_key, 1, length(project_key) + 1) = project_key || '-'"
            ),
            [integration.0],
        )?;
    }
    Ok(offered as u64)
}
