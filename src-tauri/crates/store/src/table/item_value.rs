//! Field values of items; the title stands in the item itself. Reached through [`item`](super::item).

use crate::codec;
use crate::error::StoreError;
use crate::sql::{Columns as _, Read, WriteTx};
use crate::table::field::key_of;
use rusqlite::types::ToSqlOutput;
use rusqlite::{params, params_from_iter};
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

/// Writes the values of an item that has none.
pub(crate) fn insert(
    tx: &WriteTx<'_>,
    item: ItemId,
    values: &BTreeMap<FieldKey, Value>,
) -> Result<(), StoreError> {
    let values: Vec<_> = values
        .iter()
        .filter(|(_, value)| !value.is_none())
        .collect();
    for some in values.chunks(AT_ONCE) {
        let rows = vec!["(?, ?, ?)"; some.len()].join(", ");
        let sql = format!("INSERT INTO item_value (item_id, field_key, value) VALUES {rows}");
        let params = some.iter().flat_map(|(field, value)| {
            [
                ToSqlOutput::from(item.0),
                ToSqlOutput::from(key_text(**field).into_owned()),
                ToSqlOutput::from(codec::write_value(value)),
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
pub(crate) fn key_text(field: FieldKey) -> std::borrow::Cow<'static, str> {
    match field {
        FieldKey::System(system) => system.key().into(),
        FieldKey::Custom(_) => field.to_string().into(),
    }
}
