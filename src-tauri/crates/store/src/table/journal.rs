//! The journal: what changed, from what to what, and who did it, so that it can be shown and taken back.

mod page;

use crate::code::{Code as _, codes};
use crate::codec;
use crate::error::StoreError;
use crate::fold::fold;
use crate::id::{IntegrationId, JournalSeq, RunId};
use crate::sql::{Columns as _, Read, WriteTx, count, ms};
use crate::table::field::key_of;
use crate::table::item_value::key_text;
use crate::table::link::SeverReason;
use jiff::Timestamp;
use rusqlite::{Row, params};
use workspace::{FieldKey, ItemId, ItemTypeId, SystemField, Value};

pub use page::{JournalFilter, page};

pub(crate) const V1: &str = "CREATE TABLE journal (
-- A change that a run made to an item. Only ever added to.
journal_seq INTEGER PRIMARY KEY AUTOINCREMENT,
run_id      INTEGER NOT NULL REFERENCES run (run_id) ON DELETE CASCADE,
item_id     INTEGER NOT NULL,               -- no reference: the item may have gone since
change      TEXT    NOT NULL,
field_key   TEXT    NOT NULL DEFAULT '',    -- of a change of a field
before      TEXT    NOT NULL DEFAULT '',    -- JSON of a field's value; number of a parent or type
after       TEXT    NOT NULL DEFAULT '',
at          INTEGER NOT NULL
) STRICT;
CREATE INDEX journal_run ON journal (run_id);
CREATE INDEX journal_item ON journal (item_id)";

pub(crate) const V2: &str = "CREATE TABLE journal_base (
-- What both sides had agreed on before a change. Only of changes that may have moved that.
journal_seq INTEGER NOT NULL PRIMARY KEY REFERENCES journal (journal_seq) ON DELETE CASCADE,
base        TEXT    NOT NULL                -- as before in journal; of a type: the id of the remote's type
) STRICT";

/// Not everything that changes is part of a run: people edit, and what they edited is sent. What both sides had
/// agreed on stands in the entry itself; a table of its own cost a second row. The table has another name than the
/// one before it, because renaming one leaves SQLite's connection unable to write its log back.
pub(crate) const V4: &str = "CREATE TABLE journal_entry (
-- A change of an item, or of what Jira holds of it. Only ever added to.
journal_seq INTEGER PRIMARY KEY AUTOINCREMENT,
run_id      INTEGER REFERENCES run (run_id) ON DELETE CASCADE, -- NULL: not part of a run
origin      TEXT    NOT NULL,
item_id     INTEGER NOT NULL,               -- no reference: the item may have gone since
change      TEXT    NOT NULL,
field_key   TEXT    NOT NULL DEFAULT '',    -- of a change of a field
before      TEXT    NOT NULL DEFAULT '',    -- JSON of a field's value; number of a parent or type
after       TEXT    NOT NULL DEFAULT '',
base        TEXT,                           -- as before: what both sides had agreed on; of a type: the id of
                                            -- the remote's type; NULL: nobody noted it
at          INTEGER NOT NULL
) STRICT;
INSERT INTO journal_entry (journal_seq, run_id, origin, item_id, change, field_key, before, after, base, at)
  SELECT journal.journal_seq, run_id, 'run', item_id, change, field_key, before, after, journal_base.base, at
  FROM journal LEFT JOIN journal_base USING (journal_seq) ORDER BY journal.journal_seq;
DROP TABLE journal_base;
DROP TABLE journal;
CREATE INDEX journal_entry_run ON journal_entry (run_id);
CREATE INDEX journal_entry_item ON journal_entry (item_id)";

/// Who made a change at the remote, and that name folded: its issues do not say it, and their histories are asked
/// afterwards. NULL is to be asked for; of an empty one nobody knows.
pub(crate) const V7: &str = "ALTER TABLE journal_entry ADD COLUMN author TEXT DEFAULT '';
ALTER TABLE journal_entry ADD COLUMN author_key TEXT NOT NULL DEFAULT '';
ALTER TABLE journal_entry ADD COLUMN changed_after INTEGER; -- while it is to be asked for: made after this moment
ALTER TABLE journal_entry ADD COLUMN changed_until INTEGER; -- and not after this one, both of the remote's time
CREATE INDEX journal_entry_unnamed ON journal_entry (journal_seq) WHERE author IS NULL";

const COLUMNS: &str =
    "journal_seq, run_id, origin, item_id, change, field_key, before, after, base, at,
    ifnull(author, '')";

/// Where a change came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A run brought it in.
    Run,
    /// A person made it here.
    Here,
    /// It was written at the remote, which had held what stands before.
    Sent,
}

codes! {
    Origin, "origin of a change" { Run = "run", Here = "here", Sent = "sent" }
}

/// What both sides had agreed on before a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Base<T> {
    /// Nobody noted it.
    Untold,
    /// This.
    Was(T),
}

/// What happened to an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It was made.
    Created,
    /// A field got another value.
    Field {
        /// Which; the title is one.
        field: FieldKey,
        /// What it held.
        before: Value,
        /// What it holds.
        after: Value,
        /// On which value both sides had agreed; none if they never had.
        base: Base<Option<Value>>,
    },
    /// It became part of another item, or of none.
    Parent {
        /// What it was part of.
        before: Option<ItemId>,
        /// What it is part of.
        after: Option<ItemId>,
        /// On which parent both sides had agreed.
        base: Base<Option<ItemId>>,
    },
    /// It was deleted here; what it was is kept with the deleted items.
    Deleted,
    /// It is back after that.
    Restored,
    /// It was disconnected from an issue.
    Severed {
        /// Key of the issue.
        key: String,
        /// Why.
        reason: SeverReason,
    },
    /// It was linked to an issue again, or to another one.
    Relinked {
        /// Key of the issue.
        key: String,
    },
    /// It became an item of another type.
    Type {
        /// Its type before.
        before: ItemTypeId,
        /// Its type now.
        after: ItemTypeId,
        /// Id of the type that the remote's issue had when it was last seen.
        base: Base<String>,
    },
}

/// An entry of the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Place in the journal.
    pub seq: JournalSeq,
    /// The run that it is part of; none if it is part of none.
    pub run: Option<RunId>,
    /// Where it came from.
    pub origin: Origin,
    /// To which item; it may have gone since.
    pub item: ItemId,
    /// What.
    pub change: Change,
    /// When.
    pub at: Timestamp,
    /// Who made it at the remote, as they are called there; none for what was made here, and where nobody knows.
    pub author: Option<String>,
}

/// Adds what a run did to items, in the order given. Belongs in the transaction that makes the changes.
///
/// # Errors
/// [`StoreError::Constraint`] if the run does not exist.
pub fn append(
    tx: &WriteTx<'_>,
    run: RunId,
    changes: &[(ItemId, Change)],
    now: Timestamp,
) -> Result<(), StoreError> {
    add(tx, Some(run), Origin::Run, changes, now)
}

/// Adds changes that are part of no run, in the order given. Belongs in the transaction that makes them, or that
/// learns of them.
///
/// # Errors
/// What the database meets.
pub fn append_single(
    tx: &WriteTx<'_>,
    origin: Origin,
    changes: &[(ItemId, Change)],
    now: Timestamp,
) -> Result<(), StoreError> {
    add(tx, None, origin, changes, now)
}

fn add(
    tx: &WriteTx<'_>,
    run: Option<RunId>,
    origin: Origin,
    changes: &[(ItemId, Change)],
    now: Timestamp,
) -> Result<(), StoreError> {
    for (item, change) in changes {
        let (word, field, before, after) = texts(change);
        tx.insert(
            "INSERT INTO journal_entry (run_id, origin, item_id, change, field_key, before, after, base, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                run.map(|run| run.0),
                origin.code(),
                item.0,
                word,
                field,
                before,
                after,
                base_text(change),
                ms(Some(now))
            ],
        )?;
    }
    Ok(())
}

/// What a run did, the newest first, from the first before `before`.
///
/// # Errors
/// What the database meets.
pub fn undo_rows(
    read: &Read<'_>,
    run: RunId,
    before: Option<JournalSeq>,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM journal_entry WHERE run_id = ?1 AND journal_seq < ?2
             ORDER BY journal_seq DESC LIMIT ?3"
        ),
        params![run.0, before.map_or(i64::MAX, |seq| seq.0), limit],
        entry,
    )
}

/// What runs did to an item, the newest first.
///
/// # Errors
/// What the database meets.
pub fn of_item(read: &Read<'_>, item: ItemId, limit: u32) -> Result<Vec<Entry>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM journal_entry WHERE item_id = ?1 ORDER BY journal_seq DESC LIMIT ?2"
        ),
        params![item.0, limit],
        entry,
    )
}

/// Who set a field to which value, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Through which integration it came in; none for a person here.
    pub integration: Option<IntegrationId>,
    /// What the field held before.
    pub before: Value,
    /// What it was set to.
    pub after: Value,
    /// When.
    pub at: Timestamp,
}

/// Who set a field of an item since a moment, the newest first. What was only sent is not among them.
///
/// # Errors
/// What the database meets.
pub fn turns(
    read: &Read<'_>,
    item: ItemId,
    field: FieldKey,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<Turn>, StoreError> {
    // A move is a change of its own kind; that somebody decided about the parent is told as of any field.
    let moves = field == FieldKey::System(SystemField::Parent);
    read.all(
        "SELECT integration_id, before, after, at, change
         FROM journal_entry LEFT JOIN run USING (run_id)
         WHERE item_id = ?1 AND at >= ?3 AND origin <> 'sent'
         AND (change = 'field' AND field_key = ?2 OR change = 'parent' AND ?5)
         ORDER BY journal_seq DESC LIMIT ?4",
        params![item.0, key_text(field), ms(Some(since)), limit, moves],
        |row| {
            let is_move = row.str(4)? == "parent";
            let value = |text: &str| match is_move {
                true => Ok(Value::part_of(number(text)?.map(ItemId))),
                false => codec::read_value(text),
            };
            Ok(Turn {
                integration: row.get::<_, Option<i64>>(0)?.map(IntegrationId),
                before: value(row.str(1)?)?,
                after: value(row.str(2)?)?,
                at: row.moment(3)?,
            })
        },
    )
}

/// A change that was brought in, and of which it is to be asked who made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Unnamed {
    /// The change.
    pub entry: Entry,
    /// It was made after this moment of the remote's time,
    pub after: Timestamp,
    /// and not after this one.
    pub until: Timestamp,
}

/// The items that a run changed.
///
/// # Errors
/// What the database meets.
pub fn items_of_run(read: &Read<'_>, run: RunId) -> Result<Vec<ItemId>, StoreError> {
    read.all(
        "SELECT DISTINCT item_id FROM journal_entry WHERE run_id = ?1",
        [run.0],
        |row| Ok(ItemId(row.get(0)?)),
    )
}

/// Lets it be asked who made the changes of an item that a run brought in: somebody who changed its issue after one moment
/// of the remote's time, and not after another.
///
/// # Errors
/// What the database meets.
pub fn ask_authors(
    tx: &WriteTx<'_>,
    run: RunId,
    item: ItemId,
    (after, until): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    // By the item: a run may have any number of entries.
    tx.run(
        "UPDATE journal_entry SET author = NULL, changed_after = ?3, changed_until = ?4
         WHERE +run_id = ?1 AND item_id = ?2 AND change IN ('field', 'parent', 'type')",
        params![run.0, item.0, ms(Some(after)), ms(Some(until))],
    )?;
    Ok(())
}

/// What was brought in through an integration by somebody who is still to be asked for, the oldest first.
///
/// # Errors
/// What the database meets.
pub fn unnamed(
    read: &Read<'_>,
    integration: IntegrationId,
    limit: u32,
) -> Result<Vec<Unnamed>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS}, changed_after, changed_until FROM journal_entry
             WHERE author IS NULL
             AND run_id IN (SELECT run_id FROM run WHERE integration_id = ?1)
             ORDER BY journal_seq LIMIT ?2"
        ),
        params![integration.0, limit],
        |row| {
            Ok(Unnamed {
                entry: entry(row)?,
                after: row.moment(11)?,
                until: row.moment(12)?,
            })
        },
    )
}

/// Notes who made a change at the remote; empty if nobody knows.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_author(tx: &WriteTx<'_>, seq: JournalSeq, author: &str) -> Result<(), StoreError> {
    tx.change(
        "journal entry",
        seq,
        "UPDATE journal_entry SET author = ?2, author_key = ?3,
         changed_after = NULL, changed_until = NULL WHERE journal_seq = ?1",
        params![seq.0, author, fold(author)],
    )
}

/// One entry.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, seq: JournalSeq) -> Result<Option<Entry>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM journal_entry WHERE journal_seq = ?1"),
        [seq.0],
        entry,
    )
}

/// How many entries a run has.
///
/// # Errors
/// What the database meets.
pub fn count_of_run(read: &Read<'_>, run: RunId) -> Result<u64, StoreError> {
    read.number(
        "SELECT count(*) FROM journal_entry WHERE run_id = ?1",
        [run.0],
    )
    .map(count)
}

fn texts(change: &Change) -> (&'static str, std::borrow::Cow<'static, str>, String, String) {
    match change {
        Change::Created => ("created", "".into(), String::new(), String::new()),
        Change::Deleted => ("deleted", "".into(), String::new(), String::new()),
        Change::Restored => ("restored", "".into(), String::new(), String::new()),
        Change::Severed { key, reason } => {
            let reason = reason.code().to_owned();
            ("severed", "".into(), key.clone(), reason)
        }
        Change::Relinked { key } => ("relinked", "".into(), String::new(), key.clone()),
        Change::Field {
            field,
            before,
            after,
            ..
        } => (
            "field",
            key_text(*field),
            codec::write_value(before),
            codec::write_value(after),
        ),
        Change::Parent { before, after, .. } => {
            ("parent", "".into(), id_text(*before), id_text(*after))
        }
        Change::Type { before, after, .. } => {
            ("type", "".into(), before.to_string(), after.to_string())
        }
    }
}

fn base_text(change: &Change) -> Option<String> {
    match change {
        Change::Field {
            base: Base::Was(base),
            ..
        } => Some(base.as_ref().map(codec::write_value).unwrap_or_default()),
        Change::Parent {
            base: Base::Was(base),
            ..
        } => Some(id_text(*base)),
        Change::Type {
            base: Base::Was(base),
            ..
        } => Some(base.clone()),
        Change::Created
        | Change::Deleted
        | Change::Restored
        | Change::Severed { .. }
        | Change::Relinked { .. }
        | Change::Field { .. }
        | Change::Parent { .. }
        | Change::Type { .. } => None,
    }
}

fn id_text(id: Option<ItemId>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

fn entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    let base: Option<String> = row.get(8)?;
    let change = match row.str(4)? {
        "created" => Change::Created,
        "deleted" => Change::Deleted,
        "restored" => Change::Restored,
        "severed" => Change::Severed {
            key: row.get(6)?,
            reason: row.code(7)?,
        },
        "relinked" => Change::Relinked { key: row.get(7)? },
        "field" => Change::Field {
            field: key_of(row.str(5)?)?,
            before: codec::read_value(row.str(6)?)?,
            after: codec::read_value(row.str(7)?)?,
            base: base_of(base, |text| match text {
                "" => Ok(None),
                json => codec::read_value(json).map(Some),
            })?,
        },
        "parent" => Change::Parent {
            before: number(row.str(6)?)?.map(ItemId),
            after: number(row.str(7)?)?.map(ItemId),
            base: base_of(base, |text| Ok(number(text)?.map(ItemId)))?,
        },
        "type" => Change::Type {
            before: required(row.str(6)?)?,
            after: required(row.str(7)?)?,
            base: base_of(base, |text| Ok(text.to_owned()))?,
        },
        word => return Err(StoreError::corrupt(format!("\"{word}\" is no change"))),
    };
    Ok(Entry {
        seq: JournalSeq(row.get(0)?),
        run: row.get::<_, Option<i64>>(1)?.map(RunId),
        origin: row.code(2)?,
        item: ItemId(row.get(3)?),
        change,
        at: row.moment(9)?,
        author: row.text_opt(10)?,
    })
}

fn base_of<T>(
    base: Option<String>,
    read: impl FnOnce(&str) -> Result<T, StoreError>,
) -> Result<Base<T>, StoreError> {
    base.map_or(Ok(Base::Untold), |text| read(&text).map(Base::Was))
}

fn required(text: &str) -> Result<ItemTypeId, StoreError> {
    number(text)?
        .map(ItemTypeId)
        .ok_or_else(|| StoreError::corrupt("a change of type without a type"))
}

fn number(text: &str) -> Result<Option<i64>, StoreError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| StoreError::corrupt(format!("\"{text}\" is no number of an item")))
}
