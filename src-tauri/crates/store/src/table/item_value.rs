//! Field values of items; the title stands in the item itself. Reached through [`item`](super::item).

use crate::codec;
use crate::error::StoreError;
use crate::sql::{Columns as _, Read, WriteTx};
use crate::table::field::key_of;
use rusqlite::types::ToSqlOutput;
use rusqlite::{params, params_from_iter};
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

/// Values written by one statement, so that there are few different ones.
const AT_ONCE: usize = 16;

/// The values of many items, given as a list for `json_each`.
pub(crate) fn of_items(
    read: &Read<'_>,
    ids: &str,
) -> Result<BTreeMap<ItemId, BTreeMap<FieldKey, Value>>, StoreError> {
    let mut all: BTreeMap<ItemId, BTreeMap<FieldKey, Value>> = BTreeMap::new();
    read.all(
        "SELECT item_id, field_key, value FROM item_value
         WHERE item_id IN (SELECT value FROM json_each(?1))",
        [ids],
        |row| {
            let value = codec::read_value(row.str(2)?)?;
            all.entry(ItemId(row.get(0)?))
                .or_default()
                .insert(key_of(row.str(1)?)?, value);
            Ok(())
        },
    )?;
    Ok(all)
}

/// What an item holds in one field; nothing if there is no such item.
pub(crate) fn get(read: &Read<'_>, item: ItemId, field: FieldKey) -> Result<Value, StoreError> {
    let value = read.one(
        "SELECT value FROM item_value WHERE item_id = ?1 AND field_key = ?2",
        params![item.0, key_text(field)],
        |row| codec::read_value(row.str(0)?),
    )?;
    Ok(value.unwrap_or_default())
}

/// A field's key, and the JSON of what an item holds in it.
pub(crate) type ValueText = (Cow<'static, str>, String);

/// Values as they are written; what holds nothing is left out.
pub(crate) fn texts(values: &BTreeMap<FieldKey, Value>) -> Vec<ValueText> {
    values
        .iter()
        .filter(|(_, value)| !value.is_none())
        .map(|(field, value)| (key_text(*field), codec::write_value(value)))
        .collect()
}

/// Writes the values of an item that has none.
pub(crate) fn insert(
    tx: &WriteTx<'_>,
    item: ItemId,
    values: &[ValueText],
) -> Result<(), StoreError> {
    for some in values.chunks(AT_ONCE) {
        let rows = vec!["(?, ?, ?)"; some.len()].join(", ");
        let sql = format!("INSERT INTO item_value (item_id, field_key, value) VALUES {rows}");
        let params = some.iter().flat_map(|(field, value)| {
            [
                ToSqlOutput::from(item.0),
                ToSqlOutput::from(field.as_ref()),
                ToSqlOutput::from(value.as_str()),
            ]
        });
        tx.run(&sql, params_from_iter(params))?;
    }
    Ok(())
}

/// Puts a value in place of the one before.
pub(crate) fn set(
    tx: &WriteTx<'_>,
    item: ItemId,
    field: FieldKey,
    value: &Value,
) -> Result<(), StoreError> {
    if value.is_none() {
        tx.run(
            "DELETE FROM item_value WHERE item_id = ?1 AND field_key = ?2",
            params![item.0, key_text(field)],
        )?;
        return Ok(());
    }
    tx.run(
        "INSERT INTO item_value (item_id, field_key, value) VALUES (?1, ?2, ?3)
         ON CONFLICT (item_id, field_key) DO UPDATE SET value = excluded.value",
        params![item.0, key_text(field), codec::write_value(value)],
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
