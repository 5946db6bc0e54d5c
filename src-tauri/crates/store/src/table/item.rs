//! Items.

mod read;

use crate::error::{ConstraintKind, StoreError};
use crate::fold::fold;
use crate::sql::{Read, WriteTx, count, json_numbers, ms};
use crate::table::item_value;
use jiff::Timestamp;
use read::is_inside;
use rusqlite::{named_params, params};
use std::collections::BTreeMap;
use workspace::{AreaId, FieldKey, ItemId, ItemTypeId, Rank, SystemField, Value};

pub use read::{
    ItemCounts, children_of, counts, dev_statuses, get, get_many, last_rank, last_rank_in, page,
    page_of_integration, updated_at, with_descendants,
};

pub(crate) const V1: &str = "CREATE TABLE item (
-- A row of the backlog. Its field values are in item_value; those that the backlog sorts and filters by
-- stand here once more.
item_id           INTEGER PRIMARY KEY AUTOINCREMENT,
parent_id         INTEGER REFERENCES item (item_id) DEFERRABLE INITIALLY DEFERRED, -- NULL at the top
item_type_id      INTEGER NOT NULL REFERENCES item_type (item_type_id),
area_id           INTEGER NOT NULL REFERENCES area (area_id),
rank              TEXT    NOT NULL,
title             TEXT    NOT NULL CHECK (title <> ''),
title_key         TEXT    NOT NULL,            -- the title folded, to sort and search by
key_text          TEXT    NOT NULL DEFAULT '', -- keys of the issues it is linked to, by a blank
status_option     INTEGER,                     -- from item_value, as are those below
importance_option INTEGER,
dev_status        TEXT    NOT NULL DEFAULT '',
assignee          INTEGER,
dev_assignee      INTEGER,
story_points      REAL,
created_at        INTEGER NOT NULL,
updated_at        INTEGER NOT NULL             -- when anything about it last changed here
) STRICT;
-- Covers the whole tree in order without touching the items themselves.
CREATE INDEX item_rank ON item (rank, parent_id);
CREATE INDEX item_parent ON item (parent_id, rank);
CREATE INDEX item_area ON item (area_id)";

/// An item that does not exist yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewItem {
    /// What kind of item it is.
    pub item_type: ItemTypeId,
    /// Title.
    pub title: String,
    /// The item that it is part of.
    pub parent: Option<ItemId>,
    /// The area that it lies in.
    pub area: AreaId,
    /// Place among its siblings.
    pub rank: Rank,
    /// When it is made.
    pub created_at: Timestamp,
    /// Values of its fields, the title aside.
    pub values: BTreeMap<FieldKey, Value>,
}

/// Adds an item with its values.
///
/// # Errors
/// [`StoreError::Constraint`] for an empty title, or a type, area or (at the commit) parent that does not
/// exist.
pub fn insert(tx: &WriteTx<'_>, new: &NewItem) -> Result<ItemId, StoreError> {
    let row = NewRow {
        item_type: new.item_type,
        title: &new.title,
        title_key: &fold(&new.title),
        key_text: "",
        parent: new.parent,
        area: new.area,
        rank: &new.rank,
        repeated: &Repeated::of(&new.values),
        created_at: new.created_at,
    };
    let id = insert_row(tx, &row)?;
    item_value::insert(tx, id, &item_value::text(&new.values))?;
    Ok(id)
}

/// What stands in an item's own row.
pub(crate) struct NewRow<'n> {
    pub(crate) item_type: ItemTypeId,
    pub(crate) title: &'n str,
    pub(crate) title_key: &'n str,
    pub(crate) key_text: &'n str,
    pub(crate) parent: Option<ItemId>,
    pub(crate) area: AreaId,
    pub(crate) rank: &'n Rank,
    pub(crate) repeated: &'n Repeated,
    pub(crate) created_at: Timestamp,
}

/// Values that stand in the item's own row once more.
pub(crate) struct Repeated {
    status: Option<i64>,
    importance: Option<i64>,
    dev_status: String,
    assignee: Option<i64>,
    dev_assignee: Option<i64>,
    points: Option<f64>,
}

impl Repeated {
    pub(crate) fn of(values: &BTreeMap<FieldKey, Value>) -> Self {
        let value = |field: SystemField| values.get(&FieldKey::System(field));
        Self {
            status: first_id(value(SystemField::Status)),
            importance: first_id(value(SystemField::Importance)),
            dev_status: text(value(SystemField::DevStatus)).to_owned(),
            assignee: first_id(value(SystemField::Assignee)),
            dev_assignee: first_id(value(SystemField::DevAssignee)),
            points: number(value(SystemField::StoryPoints)),
        }
    }
}

/// Adds an item without its values.
pub(crate) fn insert_row(tx: &WriteTx<'_>, new: &NewRow<'_>) -> Result<ItemId, StoreError> {
    tx.insert(
        "INSERT INTO item (parent_id, item_type_id, area_id, rank, title, title_key, key_text, status_option,
         importance_option, dev_status, assignee, dev_assignee, story_points, created_at, updated_at)
         VALUES (:parent, :type, :area, :rank, :title, :title_key, :key_text, :status, :importance,
         :dev_status, :assignee, :dev_assignee, :points, :now, :now)",
        named_params! {
            ":parent": new.parent.map(|id| id.0),
            ":type": new.item_type.0,
            ":area": new.area.0,
            ":rank": new.rank.as_str(),
            ":title": new.title,
            ":title_key": new.title_key,
            ":key_text": new.key_text,
            ":status": new.repeated.status,
            ":importance": new.repeated.importance,
            ":dev_status": new.repeated.dev_status,
            ":assignee": new.repeated.assignee,
            ":dev_assignee": new.repeated.dev_assignee,
            ":points": new.repeated.points,
            ":now": ms(Some(new.created_at)),
        },
    )
    .map(ItemId)
}

/// Sets the values of some fields, the title included, and gives what they were before. A field whose
/// value stays is left alone; where all stay, so is the moment of the last change.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] for an empty title.
pub fn set_values(
    tx: &WriteTx<'_>,
    id: ItemId,
    values: &BTreeMap<FieldKey, Value>,
    now: Timestamp,
) -> Result<BTreeMap<FieldKey, Value>, StoreError> {
    let title = title(tx, id)?.ok_or_else(|| StoreError::not_found("item", id))?;
    let mut before = BTreeMap::new();
    for (&field, value) in values {
        let old = match field {
            FieldKey::System(SystemField::Title) => Value::text(&title),
            field => item_value::get(tx, id, field)?,
        };
        if old == *value {
            continue;
        }
        match (field, value) {
            (FieldKey::System(SystemField::Title), Value::Text(title)) => {
                write_title(tx, id, title)?;
            }
            (FieldKey::System(SystemField::Title), _) => write_title(tx, id, "")?,
            (field, value) => {
                item_value::set(tx, id, field, value)?;
                repeat(tx, id, field, value)?;
            }
        }
        before.insert(field, old);
    }
    if !before.is_empty() {
        touch(tx, id, now)?;
    }
    Ok(before)
}

/// Sets the value of one field and gives what it was before.
///
/// # Errors
/// As [`set_values`].
pub fn set_value(
    tx: &WriteTx<'_>,
    id: ItemId,
    field: FieldKey,
    value: &Value,
    now: Timestamp,
) -> Result<Value, StoreError> {
    let values = BTreeMap::from([(field, value.clone())]);
    let mut before = set_values(tx, id, &values, now)?;
    Ok(before.remove(&field).unwrap_or_else(|| value.clone()))
}

/// Gives an item another type.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if the type does not exist.
pub fn set_type(
    tx: &WriteTx<'_>,
    id: ItemId,
    item_type: ItemTypeId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.change(
        "item",
        id,
        "UPDATE item SET item_type_id = ?2, updated_at = ?3 WHERE item_id = ?1",
        params![id.0, item_type.0, ms(Some(now))],
    )
}

/// Makes an item part of another one, or of none. Whether their levels allow it is the caller's to know.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if an item would become part of itself.
pub fn set_parent(
    tx: &WriteTx<'_>,
    id: ItemId,
    parent: Option<ItemId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(parent) = parent
        && is_inside(tx, parent, id)?
    {
        return Err(StoreError::Constraint {
            kind: ConstraintKind::Check,
            what: "an item is not part of itself".into(),
        });
    }
    tx.change(
        "item",
        id,
        "UPDATE item SET parent_id = ?2, updated_at = ?3 WHERE item_id = ?1",
        params![id.0, parent.map(|id| id.0), ms(Some(now))],
    )
}

/// Gives an item another place among its siblings.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_rank(tx: &WriteTx<'_>, id: ItemId, rank: &Rank) -> Result<(), StoreError> {
    tx.change(
        "item",
        id,
        "UPDATE item SET rank = ?2 WHERE item_id = ?1",
        params![id.0, rank.as_str()],
    )
}

/// An item that was moved from one area to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AreaMove {
    /// The item.
    pub item: ItemId,
    /// Where it lay.
    pub from: AreaId,
    /// Where it came to lie.
    pub to: AreaId,
}

/// Moves items to an area, these and no others; gives those that did not lie there already.
///
/// # Errors
/// [`StoreError::Constraint`] if the area does not exist.
pub fn move_to_area(
    tx: &WriteTx<'_>,
    ids: &[ItemId],
    area: AreaId,
    now: Timestamp,
) -> Result<Vec<AreaMove>, StoreError> {
    let ids = json_numbers(ids.iter().map(|id| id.0));
    let moved = tx.all(
        "SELECT item_id, area_id FROM item
         WHERE item_id IN (SELECT value FROM json_each(?1)) AND area_id <> ?2 ORDER BY item_id",
        params![ids, area.0],
        |row| {
            Ok(AreaMove {
                item: ItemId(row.get(0)?),
                from: AreaId(row.get(1)?),
                to: area,
            })
        },
    )?;
    tx.run(
        "UPDATE item SET area_id = ?2, updated_at = ?3
         WHERE item_id IN (SELECT value FROM json_each(?1)) AND area_id <> ?2",
        params![ids, area.0, ms(Some(now))],
    )?;
    Ok(moved)
}

/// Moves items back to where they lay before [`move_to_area`]; gives those moves. Left as they are: items
/// that somebody moved on since, items that are gone, and items whose area is gone.
///
/// # Errors
/// What the database meets.
pub fn move_back(
    tx: &WriteTx<'_>,
    moves: &[AreaMove],
    now: Timestamp,
) -> Result<Vec<AreaMove>, StoreError> {
    let mut back = Vec::new();
    for &AreaMove { item, from, to } in moves {
        let changed = tx.run(
            "UPDATE item SET area_id = ?2, updated_at = ?4 WHERE item_id = ?1 AND area_id = ?3
             AND EXISTS (SELECT 1 FROM area WHERE area_id = ?2)",
            params![item.0, from.0, to.0, ms(Some(now))],
        )?;
        if changed > 0 {
            back.push(AreaMove {
                item,
                from: to,
                to: from,
            });
        }
    }
    Ok(back)
}

/// Deletes items with their values and pairs; gives how many there were.
///
/// # Errors
/// [`StoreError::HasChildren`] if items that are to stay are part of them.
pub fn delete(tx: &WriteTx<'_>, ids: &[ItemId]) -> Result<u64, StoreError> {
    let ids = json_numbers(ids.iter().map(|id| id.0));
    let children = tx.number(
        "SELECT count(*) FROM item WHERE parent_id IN (SELECT value FROM json_each(?1))
         AND item_id NOT IN (SELECT value FROM json_each(?1))",
        [&ids],
    )?;
    if children > 0 {
        return Err(StoreError::HasChildren {
            count: count(children),
        });
    }
    let deleted = tx.run(
        "DELETE FROM item WHERE item_id IN (SELECT value FROM json_each(?1))",
        [&ids],
    )?;
    Ok(deleted as u64)
}

/// What an item holds in one field, without reading all that it holds; none if there is no such item.
///
/// # Errors
/// What the database meets.
pub fn value(read: &Read<'_>, id: ItemId, field: FieldKey) -> Result<Option<Value>, StoreError> {
    let Some(title) = title(read, id)? else {
        return Ok(None);
    };
    match field {
        FieldKey::System(SystemField::Title) => Ok(Some(Value::text(&title))),
        FieldKey::System(SystemField::Parent) => Ok(Some(Value::part_of(parent(read, id)?))),
        field => item_value::get(read, id, field).map(Some),
    }
}

fn parent(read: &Read<'_>, id: ItemId) -> Result<Option<ItemId>, StoreError> {
    let found = read.one(
        "SELECT parent_id FROM item WHERE item_id = ?1",
        [id.0],
        |row| Ok(row.get::<_, Option<i64>>(0)?.map(ItemId)),
    )?;
    Ok(found.flatten())
}

fn title(read: &Read<'_>, id: ItemId) -> Result<Option<String>, StoreError> {
    read.one("SELECT title FROM item WHERE item_id = ?1", [id.0], |row| {
        Ok(row.get(0)?)
    })
}

fn write_title(tx: &WriteTx<'_>, id: ItemId, title: &str) -> Result<(), StoreError> {
    tx.change(
        "item",
        id,
        "UPDATE item SET title = ?2, title_key = ?3 WHERE item_id = ?1",
        params![id.0, title, fold(title)],
    )
}

fn touch(tx: &WriteTx<'_>, id: ItemId, now: Timestamp) -> Result<(), StoreError> {
    tx.change(
        "item",
        id,
        "UPDATE item SET updated_at = ?2 WHERE item_id = ?1",
        params![id.0, ms(Some(now))],
    )
}

/// Repeats a value in the item's own column, where it has one.
fn repeat(tx: &WriteTx<'_>, id: ItemId, field: FieldKey, value: &Value) -> Result<(), StoreError> {
    let FieldKey::System(system) = field else {
        return Ok(());
    };
    let value = Some(value);
    let changed = match system {
        SystemField::Status => tx.run(
            "UPDATE item SET status_option = ?2 WHERE item_id = ?1",
            params![id.0, first_id(value)],
        ),
        SystemField::Importance => tx.run(
            "UPDATE item SET importance_option = ?2 WHERE item_id = ?1",
            params![id.0, first_id(value)],
        ),
        SystemField::DevStatus => tx.run(
            "UPDATE item SET dev_status = ?2 WHERE item_id = ?1",
            params![id.0, text(value)],
        ),
        SystemField::Assignee => tx.run(
            "UPDATE item SET assignee = ?2 WHERE item_id = ?1",
            params![id.0, first_id(value)],
        ),
        SystemField::DevAssignee => tx.run(
            "UPDATE item SET dev_assignee = ?2 WHERE item_id = ?1",
            params![id.0, first_id(value)],
        ),
        SystemField::StoryPoints => tx.run(
            "UPDATE item SET story_points = ?2 WHERE item_id = ?1",
            params![id.0, number(value)],
        ),
        _ => Ok(0),
    };
    changed.map(drop)
}

fn first_id(value: Option<&Value>) -> Option<i64> {
    match value {
        Some(Value::Options(options)) => options.first().map(|id| id.0),
        Some(Value::People(people)) => people.first().map(|id| id.0),
        _ => None,
    }
}

fn text(value: Option<&Value>) -> &str {
    match value {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

fn number(value: Option<&Value>) -> Option<f64> {
    match value {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    }
}
