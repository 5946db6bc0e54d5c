//! Field values of items; the title stands in the item itself. Reached through [`item`](super::item).

use crate::codec;
use crate::error::StoreError;
use crate::sql::{Columns as _, Read, WriteTx};
use crate::table::field::key_of;
use crate::table::link_field;
use rusqlite::params;
use std::borrow::Cow;
use std::collections::BTreeMap;
use workspace::{FieldKey, ItemId, Value};

pub(crate) const V1: &str = "CREATE TABLE item_value (
-- What an item holds in a field. No row: nothing.
item_id   INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
field_key TEXT    NOT NULL,
value     TEXT    NOT NULL,                 -- JSON
PRIMARY KEY (item_id, field_key)
) STRICT, WITHOUT ROWID";

/// What an item holds is mostly written and read as a whole: as one text it takes one row instead of one a field.
pub(crate) const V5: &str = "CREATE TABLE item_values (
-- What an item holds. JSON, by field; a field in which it holds nothing is absent. No row: nothing at all.
-- Pairs may remember a field as what is held here: it never changes but through the one function that
-- first gives them a copy of their own (store::item_value).
item_id INTEGER NOT NULL PRIMARY KEY REFERENCES item (item_id) ON DELETE CASCADE,
held    TEXT    NOT NULL
) STRICT;
INSERT INTO item_values (item_id, held)
  SELECT item_id, json_group_object(field_key, json(value)) FROM item_value GROUP BY item_id;
DROP TABLE item_value";

/// The values of many items, given as a list for `json_each`.
pub(crate) fn of_items(
    read: &Read<'_>,
    ids: &str,
) -> Result<BTreeMap<ItemId, BTreeMap<FieldKey, Value>>, StoreError> {
    let all = read.all(
        "SELECT item_id, held FROM item_values
         WHERE item_id IN (SELECT value FROM json_each(?1))",
        [ids],
        |row| {
            let held = codec::read_values(row.str(1)?)?.into_iter();
            let held = held.map(|(field, value)| Ok((key_of(&field)?, value)));
            Ok((
                ItemId(row.get(0)?),
                held.collect::<Result<_, StoreError>>()?,
            ))
        },
    )?;
    Ok(all.into_iter().collect())
}

/// What an item holds in one field; nothing if there is no such item.
pub(crate) fn get(read: &Read<'_>, item: ItemId, field: FieldKey) -> Result<Value, StoreError> {
    let value = read.one(
        "SELECT ifnull(held -> ?2, 'null') FROM item_values WHERE item_id = ?1",
        params![item.0, path(field)],
        |row| codec::read_value(row.str(0)?),
    )?;
    Ok(value.unwrap_or_default())
}

/// Values as they are written; what holds nothing is left out.
pub(crate) fn text(values: &BTreeMap<FieldKey, Value>) -> String {
    codec::write_values(
        values
            .iter()
            .filter(|(_, value)| !value.is_none())
            .map(|(field, value)| (key_text(*field), value)),
    )
}

/// Writes the values of an item that has none.
pub(crate) fn insert(tx: &WriteTx<'_>, item: ItemId, text: &str) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO item_values (item_id, held) VALUES (?1, ?2)",
        params![item.0, text],
    )?;
    Ok(())
}

/// Puts a value in place of the one before, which pairs that remember it keep.
pub(crate) fn set(
    tx: &WriteTx<'_>,
    item: ItemId,
    field: FieldKey,
    value: &Value,
) -> Result<(), StoreError> {
    let path = path(field);
    link_field::keep_held(tx, item, &path)?;
    if value.is_none() {
        tx.run(
            "UPDATE item_values SET held = json_remove(held, ?2) WHERE item_id = ?1",
            params![item.0, path],
        )?;
        return Ok(());
    }
    tx.run(
        "INSERT INTO item_values (item_id, held) VALUES (?1, json_set('{}', ?2, json(?3)))
         ON CONFLICT (item_id) DO UPDATE SET held = json_set(held, ?2, json(?3))",
        params![item.0, path, codec::write_value(value)],
    )?;
    Ok(())
}

/// A field's key without an allocation for the system's fields.
pub(crate) fn key_text(field: FieldKey) -> Cow<'static, str> {
    match field {
        FieldKey::System(system) => system.key().into(),
        FieldKey::Custom(_) => field.to_string().into(),
    }
}

/// Where a field stands in JSON by field.
pub(crate) fn path(field: FieldKey) -> String {
    format!("$.\"{}\"", key_text(field))
}
