//! The memory of a pair: per field, what both sides last agreed on and what the remote last said.

use crate::codec;
use crate::error::StoreError;
use crate::id::LinkId;
use crate::sql::{Columns as _, Read, WriteTx, json_numbers};
use crate::table::field::key_of;
use crate::table::item_value::key_text;
use rusqlite::params;
use std::collections::BTreeMap;
use workspace::{FieldKey, Value};

pub(crate) const V1: &str = "CREATE TABLE link_field (
-- Two of the three values that decide what happens to a field; the third is the item's own.
link_id   INTEGER NOT NULL REFERENCES link (link_id) ON DELETE CASCADE,
field_key TEXT    NOT NULL,
base      TEXT    NOT NULL DEFAULT '',      -- JSON: what both sides last agreed on; empty: never did
remote    TEXT    NOT NULL DEFAULT '',      -- JSON: what the remote last said; empty: the same as base
PRIMARY KEY (link_id, field_key)
) STRICT, WITHOUT ROWID";

/// What a pair remembers of a field, in canonical values.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Memory {
    /// The last value that both sides agreed on, which may be nothing; none if they never did.
    pub base: Option<Value>,
    /// What the remote last said.
    pub remote: Value,
}

impl Memory {
    /// Both sides agree.
    #[must_use]
    pub fn agreed(value: Value) -> Self {
        Self {
            base: Some(value.clone()),
            remote: value,
        }
    }
}

/// What a pair remembers, by field; a field that was never looked at is left out.
///
/// # Errors
/// What the database meets.
pub fn of_link(read: &Read<'_>, link: LinkId) -> Result<BTreeMap<FieldKey, Memory>, StoreError> {
    let mut all = of_links(read, &[link])?;
    Ok(all.remove(&link).unwrap_or_default())
}

/// As [`of_link`], of many pairs.
///
/// # Errors
/// What the database meets.
pub fn of_links(
    read: &Read<'_>,
    links: &[LinkId],
) -> Result<BTreeMap<LinkId, BTreeMap<FieldKey, Memory>>, StoreError> {
    let mut all: BTreeMap<LinkId, BTreeMap<FieldKey, Memory>> = BTreeMap::new();
    read.all(
        "SELECT link_id, field_key, base, remote FROM link_field
         WHERE link_id IN (SELECT value FROM json_each(?1))",
        [json_numbers(links.iter().map(|id| id.0))],
        |row| {
            let base = match row.str(2)? {
                "" => None,
                json => Some(codec::read_value(json)?),
            };
            let remote = match row.str(3)? {
                "" => base.clone().unwrap_or_default(),
                json => codec::read_value(json)?,
            };
            all.entry(LinkId(row.get(0)?))
                .or_default()
                .insert(key_of(row.str(1)?)?, Memory { base, remote });
            Ok(())
        },
    )?;
    Ok(all)
}

/// Puts what a pair remembers of some fields in place of what it did.
///
/// # Errors
/// [`StoreError::Constraint`] if the pair does not exist.
pub fn set<'m>(
    tx: &WriteTx<'_>,
    link: LinkId,
    memories: impl IntoIterator<Item = (FieldKey, &'m Memory)>,
) -> Result<(), StoreError> {
    for (field, memory) in memories {
        set_one(tx, link, field, memory.base.as_ref(), &memory.remote)?;
    }
    Ok(())
}

/// Notes that both sides agree on the values of some fields.
///
/// # Errors
/// As [`set`].
pub fn set_agreed<'v>(
    tx: &WriteTx<'_>,
    link: LinkId,
    values: impl IntoIterator<Item = (FieldKey, &'v Value)>,
) -> Result<(), StoreError> {
    for (field, value) in values {
        set_one(tx, link, field, Some(value), value)?;
    }
    Ok(())
}

/// Puts what a pair remembers of one field in place of what it did; `base` is none if the two sides never
/// agreed.
///
/// # Errors
/// As [`set`].
pub fn set_one(
    tx: &WriteTx<'_>,
    link: LinkId,
    field: FieldKey,
    base: Option<&Value>,
    remote: &Value,
) -> Result<(), StoreError> {
    let remote_json = if base == Some(remote) {
        String::new()
    } else {
        codec::write_value(remote)
    };
    let base_json = base.map(codec::write_value).unwrap_or_default();
    tx.run(
        "INSERT INTO link_field (link_id, field_key, base, remote) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (link_id, field_key)
         DO UPDATE SET base = excluded.base, remote = excluded.remote",
        params![link.0, key_text(field), base_json, remote_json],
    )?;
    Ok(())
}
