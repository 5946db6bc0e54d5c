//! Issues that are to be made of items: from the click of whoever pushes an item to the pair.
//!
//! A creation cannot be repeated: whoever sends it twice has two issues. So what is about to leave is written down
//! first, with a marker that goes along, and as long as it is not known what came of it, nothing is sent again.

use crate::codec::{self, Remembered};
use crate::error::StoreError;
use crate::id::{CreateIntentId, IntegrationId};
use crate::sql::{Columns as _, Read, WriteTx, count, json_numbers, ms};
use crate::table::field::key_of;
use crate::table::item_value::key_text;
use crate::table::run::Reason;
use jiff::Timestamp;
use rusqlite::{Row, params};
use std::collections::BTreeMap;
use sync::remote::RemoteValue;
use workspace::{FieldKey, ItemId, Value};

pub(crate) const V5: &str = "CREATE TABLE create_intent (
-- An issue that is to be made of an item. The row goes in the transaction that makes the pair.
create_intent_id INTEGER PRIMARY KEY AUTOINCREMENT,
item_id          INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
integration_id   INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
remote_type      TEXT    NOT NULL,            -- id of the type that it is to have
marker           TEXT    NOT NULL UNIQUE,     -- goes along with the request and is found in the issue again
sent_at          INTEGER,                     -- when a request left of which it is not known what came of it;
                                              -- NULL: there is none, the issue does not exist
sent             TEXT    NOT NULL DEFAULT '', -- JSON by field: what that request says
sent_parent      INTEGER,                     -- the item whose issue it names as the parent; NULL: none
attempts         INTEGER NOT NULL DEFAULT 0,  -- that failed, one after the other
next_at          INTEGER NOT NULL,            -- not before
problem_code     TEXT    NOT NULL DEFAULT '', -- why the last attempt failed; empty: it did not
problem_detail   TEXT    NOT NULL DEFAULT '',
is_parked        INTEGER NOT NULL DEFAULT 0,  -- 1: nothing is sent until somebody has done something
created_at       INTEGER NOT NULL,
UNIQUE (item_id, integration_id)
) STRICT;
CREATE INDEX create_intent_next ON create_intent (integration_id, next_at);
CREATE TABLE create_answer (
-- A field that the remote demands and that nothing here fills in: what somebody said when they pushed the item.
create_intent_id INTEGER NOT NULL REFERENCES create_intent (create_intent_id) ON DELETE CASCADE,
remote_field     TEXT    NOT NULL,
value            TEXT    NOT NULL,            -- JSON, in the remote's terms
PRIMARY KEY (create_intent_id, remote_field)
) STRICT, WITHOUT ROWID";

/// The issue that is to be made of the item above that of `own`.
const ABOVE: &str = "SELECT 1 FROM create_intent AS above
    JOIN item ON item.item_id = own.item_id AND item.parent_id = above.item_id
    WHERE above.integration_id = ?1";

const COLUMNS: &str =
    "create_intent_id, item_id, integration_id, remote_type, marker, sent_at, sent,
    sent_parent, attempts, next_at, problem_code, problem_detail, is_parked, created_at";

/// An issue that is to be made and of which nobody has noted that yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewIntent {
    /// Of which item.
    pub item: ItemId,
    /// Through which integration.
    pub integration: IntegrationId,
    /// Id of the type that it is to have.
    pub remote_type: String,
    /// A word that no other intent has or had.
    pub marker: String,
    /// What somebody said of fields that the remote demands, by the remote's field id.
    pub answers: BTreeMap<String, RemoteValue>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// An issue that is to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateIntent {
    /// Identity.
    pub id: CreateIntentId,
    /// Of which item.
    pub item: ItemId,
    /// Through which integration.
    pub integration: IntegrationId,
    /// Id of the type that it is to have.
    pub remote_type: String,
    /// What tells the issue from all others.
    pub marker: String,
    /// The request that left and of which it is not known what came of it.
    pub sent: Option<Sent>,
    /// Attempts that failed, one after the other.
    pub attempts: u32,
    /// Not before.
    pub next_at: Timestamp,
    /// Why the last attempt failed.
    pub problem: Option<Reason>,
    /// Whether somebody has to do something first.
    pub is_parked: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// What a request says that has left.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// When it left.
    pub at: Timestamp,
    /// Per field of ours: what the remote will say if it takes the value as it is.
    pub told: BTreeMap<FieldKey, Value>,
    /// The item whose issue it names as the parent.
    pub parent: Option<ItemId>,
}

/// Notes that an issue is to be made.
///
/// # Errors
/// [`StoreError::Constraint`] if one is to be made of the item already, or something does not exist.
pub fn insert(tx: &WriteTx<'_>, new: &NewIntent) -> Result<CreateIntentId, StoreError> {
    let id = tx.insert(
        "INSERT INTO create_intent (item_id, integration_id, remote_type, marker, next_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        params![
            new.item.0,
            new.integration.0,
            new.remote_type,
            new.marker,
            ms(Some(new.created_at))
        ],
    )?;
    for (field, value) in &new.answers {
        tx.run(
            "INSERT INTO create_answer (create_intent_id, remote_field, value) VALUES (?1, ?2, ?3)",
            params![id, field, codec::write_remote_value(value)],
        )?;
    }
    Ok(CreateIntentId(id))
}

/// One of them.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, id: CreateIntentId) -> Result<Option<CreateIntent>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM create_intent WHERE create_intent_id = ?1"),
        [id.0],
        intent,
    )
}

/// What is to be made of some items, through whichever integration.
///
/// # Errors
/// What the database meets.
pub fn of_items(read: &Read<'_>, items: &[ItemId]) -> Result<Vec<CreateIntent>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM create_intent
             WHERE item_id IN (SELECT value FROM json_each(?1)) ORDER BY create_intent_id"
        ),
        [json_numbers(items.iter().map(|id| id.0))],
        intent,
    )
}

/// What somebody said of fields that the remote demands, by the remote's field id.
///
/// # Errors
/// What the database meets.
pub fn answers(
    read: &Read<'_>,
    id: CreateIntentId,
) -> Result<BTreeMap<String, RemoteValue>, StoreError> {
    let answers = read.all(
        "SELECT remote_field, value FROM create_answer WHERE create_intent_id = ?1",
        [id.0],
        |row| Ok((row.get(0)?, codec::read_remote_value(row.str(1)?)?)),
    )?;
    Ok(answers.into_iter().collect())
}

/// Those whose turn it is: nothing of them is under way, and no issue is to be made of the items that they are part
/// of. In the order in which they were asked for.
///
/// # Errors
/// What the database meets.
pub fn next(
    read: &Read<'_>,
    integration: IntegrationId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<CreateIntent>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM create_intent AS own WHERE integration_id = ?1 AND next_at <= ?2
             AND is_parked = 0 AND sent_at IS NULL AND NOT EXISTS ({ABOVE})
             ORDER BY create_intent_id LIMIT ?3"
        ),
        params![integration.0, ms(Some(now)), limit],
        intent,
    )
}

/// Those of which a request left, and of which it is not known what came of it.
///
/// # Errors
/// What the database meets.
pub fn doubtful(
    read: &Read<'_>,
    integration: IntegrationId,
) -> Result<Vec<CreateIntent>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM create_intent WHERE integration_id = ?1 AND sent_at IS NOT NULL
             ORDER BY create_intent_id"
        ),
        [integration.0],
        intent,
    )
}

/// When the next one may be looked at, or made; none if none waits for a moment. What waits for an issue above it to be made
/// waits for no moment.
///
/// # Errors
/// What the database meets.
pub fn next_at(
    read: &Read<'_>,
    integration: IntegrationId,
) -> Result<Option<Timestamp>, StoreError> {
    read.one(
        &format!(
            "SELECT next_at FROM create_intent AS own WHERE integration_id = ?1
             AND (sent_at IS NOT NULL OR is_parked = 0 AND NOT EXISTS ({ABOVE}))
             ORDER BY next_at LIMIT 1"
        ),
        [integration.0],
        |row| row.moment(0),
    )
}

/// Notes, before it leaves, what a request says.
///
/// # Errors
/// [`StoreError::NotFound`] if it was taken back meanwhile.
pub fn set_sent(tx: &WriteTx<'_>, id: CreateIntentId, sent: &Sent) -> Result<(), StoreError> {
    let told = sent.told.iter();
    let told = codec::write_memory(
        told.map(|(field, told)| (key_text(*field), Remembered::Apart(Some(told), told))),
    );
    tx.change(
        "create intent",
        id,
        "UPDATE create_intent SET sent_at = ?2, sent = ?3, sent_parent = ?4
         WHERE create_intent_id = ?1",
        params![id.0, ms(Some(sent.at)), told, sent.parent.map(|id| id.0)],
    )
}

/// Notes that it is known that no issue was made.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_unsent(tx: &WriteTx<'_>, id: CreateIntentId) -> Result<(), StoreError> {
    tx.change(
        "create intent",
        id,
        "UPDATE create_intent SET sent_at = NULL, sent = '', sent_parent = NULL
         WHERE create_intent_id = ?1",
        [id.0],
    )
}

/// Notes why an attempt failed, and when the next one may be made; none until somebody has done something.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_failed(
    tx: &WriteTx<'_>,
    id: CreateIntentId,
    problem: &Reason,
    next_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    tx.change(
        "create intent",
        id,
        "UPDATE create_intent SET attempts = attempts + 1, problem_code = ?2, problem_detail = ?3,
         is_parked = ?4, next_at = ifnull(?5, next_at) WHERE create_intent_id = ?1",
        params![
            id.0,
            problem.code,
            problem.detail,
            next_at.is_none(),
            ms(next_at)
        ],
    )
}

/// Puts off the next look for an issue that may have been made.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn put_off(tx: &WriteTx<'_>, id: CreateIntentId, next_at: Timestamp) -> Result<(), StoreError> {
    tx.change(
        "create intent",
        id,
        "UPDATE create_intent SET next_at = ?2 WHERE create_intent_id = ?1",
        params![id.0, ms(Some(next_at))],
    )
}

/// Lets those that failed be tried again, now: all of an integration, or some.
///
/// # Errors
/// What the database meets.
pub fn retry(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    some: Option<&[CreateIntentId]>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let some = some.map(|ids| json_numbers(ids.iter().map(|id| id.0)));
    tx.run(
        "UPDATE create_intent SET is_parked = 0, next_at = ?2
         WHERE integration_id = ?1 AND problem_code <> ''
         AND (?3 IS NULL OR create_intent_id IN (SELECT value FROM json_each(?3)))",
        params![integration.0, ms(Some(now)), some],
    )?;
    Ok(())
}

/// Those whose last attempt failed.
///
/// # Errors
/// What the database meets.
pub fn failed(
    read: &Read<'_>,
    integration: IntegrationId,
    limit: u32,
) -> Result<Vec<CreateIntent>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM create_intent WHERE integration_id = ?1 AND problem_code <> ''
             ORDER BY problem_code, create_intent_id LIMIT ?2"
        ),
        params![integration.0, limit],
        intent,
    )
}

/// How many there are, and how many of them are parked.
///
/// # Errors
/// What the database meets.
pub fn counts(read: &Read<'_>, integration: IntegrationId) -> Result<(u64, u64), StoreError> {
    let found = read.one(
        "SELECT count(*), ifnull(sum(is_parked), 0) FROM create_intent WHERE integration_id = ?1",
        [integration.0],
        |row| Ok((count(row.get(0)?), count(row.get(1)?))),
    )?;
    Ok(found.unwrap_or_default())
}

/// Those of an item and of all that is part of it, at any depth.
///
/// # Errors
/// What the database meets.
pub fn below(
    read: &Read<'_>,
    integration: IntegrationId,
    item: ItemId,
) -> Result<Vec<CreateIntent>, StoreError> {
    read.all(
        &format!(
            "WITH RECURSIVE part (id) AS (
               SELECT ?2 UNION SELECT item_id FROM item JOIN part ON parent_id = id)
             SELECT {COLUMNS} FROM create_intent
             WHERE integration_id = ?1 AND item_id IN (SELECT id FROM part)
             ORDER BY create_intent_id"
        ),
        params![integration.0, item.0],
        intent,
    )
}

/// Takes them off the list: the issue is made, or is not to be made any more.
///
/// # Errors
/// What the database meets.
pub fn delete(tx: &WriteTx<'_>, id: CreateIntentId) -> Result<(), StoreError> {
    tx.run(
        "DELETE FROM create_intent WHERE create_intent_id = ?1",
        [id.0],
    )?;
    Ok(())
}

fn intent(row: &Row<'_>) -> Result<CreateIntent, StoreError> {
    let sent = match row.moment_opt(5)? {
        None => None,
        Some(at) => Some(Sent {
            at,
            told: codec::read_memory(row.str(6)?, "{}")?
                .into_iter()
                .map(|(field, (_, told))| Ok((key_of(&field)?, told)))
                .collect::<Result<_, StoreError>>()?,
            parent: row.get::<_, Option<i64>>(7)?.map(ItemId),
        }),
    };
    let problem = match row.text_opt(10)? {
        None => None,
        Some(code) => Some(Reason {
            code,
            detail: row.get(11)?,
        }),
    };
    Ok(CreateIntent {
        id: CreateIntentId(row.get(0)?),
        item: ItemId(row.get(1)?),
        integration: IntegrationId(row.get(2)?),
        remote_type: row.get(3)?,
        marker: row.get(4)?,
        sent,
        attempts: row.get(8)?,
        next_at: row.moment(9)?,
        problem,
        is_parked: row.get(12)?,
        created_at: row.moment(13)?,
    })
}
