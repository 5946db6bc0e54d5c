//! The memory of a pair: per field, what both sides last agreed on and what the remote last said.

use crate::codec::{self, Remembered};
use crate::error::StoreError;
use crate::id::{IntegrationId, LinkId};
use crate::sql::{Columns as _, Read, WriteTx, json_numbers};
use crate::table::field::key_of;
use crate::table::item_value::{self, key_text};
use rusqlite::params;
use std::collections::BTreeMap;
use workspace::{FieldKey, ItemId, Value};

pub(crate) const V1: &str = "CREATE TABLE link_field (
-- Two of the three values that decide what happens to a field; the third is the item's own.
link_id   INTEGER NOT NULL REFERENCES link (link_id) ON DELETE CASCADE,
field_key TEXT    NOT NULL,
base      TEXT    NOT NULL DEFAULT '',      -- JSON: what both sides last agreed on; empty: never did
remote    TEXT    NOT NULL DEFAULT '',      -- JSON: what the remote last said; empty: the same as base
PRIMARY KEY (link_id, field_key)
) STRICT, WITHOUT ROWID";

/// All that a pair remembers is read together and, but for a few fields later, written together: as one text
/// it takes one row instead of one a field.
pub(crate) const V3: &str = "CREATE TABLE link_memory (
-- Per field, two of the three values that decide what happens to it; the third is the item's own. JSON, by
-- field: base is what both sides last agreed on, absent if they never did; remote is what the remote last
-- said, absent if that is the base, or nothing where there is no base.
link_id INTEGER NOT NULL PRIMARY KEY REFERENCES link (link_id) ON DELETE CASCADE,
memory  TEXT    NOT NULL
) STRICT;
INSERT INTO link_memory (link_id, memory)
  SELECT link_id, json_group_object(field_key, CASE
    WHEN base = '' AND remote = '' THEN json_object()
    WHEN base = '' THEN json_object('remote', json(remote))
    WHEN remote = '' THEN json_object('base', json(base))
    ELSE json_object('base', json(base), 'remote', json(remote)) END)
  FROM link_field GROUP BY link_id;
DROP TABLE link_field";

// From version 6 on the parent may be remembered too, though it is no field: what the remote last said of it, and only
// where that is not what both sides had agreed on, which stands with the pair itself (base_parent).

// From version 5 on a field may also be remembered as {"held":true}: base and remote are what the item holds in
// it, in item_values. It is so after an import, and what is not written twice is not read, cached and written
// back twice.

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
        "SELECT link_id, memory, ifnull(held, '{}') FROM link_memory JOIN link USING (link_id)
         LEFT JOIN item_values USING (item_id)
         WHERE link_id IN (SELECT value FROM json_each(?1))",
        [json_numbers(links.iter().map(|id| id.0))],
        |row| {
            let memory = memories(row.str(1)?, row.str(2)?)?;
            all.insert(LinkId(row.get(0)?), memory);
            Ok(())
        },
    )?;
    Ok(all)
}

/// Writes the memory of a pair that remembers nothing yet.
///
/// # Errors
/// [`StoreError::Constraint`] if the pair does not exist.
pub fn insert<'m>(
    tx: &WriteTx<'_>,
    link: LinkId,
    memories: impl IntoIterator<Item = (FieldKey, Option<&'m Value>, &'m Value)>,
) -> Result<(), StoreError> {
    let memory = codec::write_memory(
        memories
            .into_iter()
            .map(|(field, base, remote)| (key_text(field), Remembered::Apart(base, remote))),
    );
    insert_text(tx, link, &memory)
}

/// As [`insert`], of a memory that is text already.
pub(crate) fn insert_text(tx: &WriteTx<'_>, link: LinkId, memory: &str) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO link_memory (link_id, memory) VALUES (?1, ?2)
         ON CONFLICT (link_id) DO UPDATE SET memory = excluded.memory",
        params![link.0, memory],
    )?;
    Ok(())
}

/// Puts what a pair remembers of some fields in place of what it did: the base, none if the two sides never
/// agreed, and what the remote last said.
///
/// # Errors
/// [`StoreError::Constraint`] if the pair does not exist.
pub fn set<'m>(
    tx: &WriteTx<'_>,
    link: LinkId,
    changed: impl IntoIterator<Item = (FieldKey, Option<&'m Value>, &'m Value)>,
) -> Result<(), StoreError> {
    let changed = changed
        .into_iter()
        .map(|(field, base, remote)| (key_text(field), Remembered::Apart(base, remote)));
    let kept = tx.one(
        "SELECT memory FROM link_memory WHERE link_id = ?1",
        [link.0],
        |row| Ok(row.get::<_, String>(0)?),
    )?;
    let after = codec::change_memory(kept.as_deref().unwrap_or("{}"), changed)?;
    if kept.as_ref() == Some(&after) {
        return Ok(());
    }
    insert_text(tx, link, &after)
}

/// Forgets what the pairs of an integration remember of a field, because it is mapped to another field of the remote
/// now: what that one says was never agreed on.
///
/// # Errors
/// What the database meets.
pub fn forget(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    field: FieldKey,
) -> Result<(), StoreError> {
    tx.run(
        "UPDATE link_memory SET memory = json_remove(memory, ?2)
         WHERE link_id IN (SELECT link_id FROM link WHERE integration_id = ?1)",
        params![integration.0, item_value::path(field)],
    )?;
    Ok(())
}

/// Gives the pairs of an item that remember a field as what it holds there a copy of their own, because that is about to
/// become another.
pub(crate) fn keep_held(tx: &WriteTx<'_>, item: ItemId, path: &str) -> Result<(), StoreError> {
    tx.run(
        "UPDATE link_memory SET memory = json_set(memory, ?2, json_object('base', json(
           (SELECT held -> ?2 FROM item_values WHERE item_id = ?1))))
         WHERE link_id IN (SELECT link_id FROM link WHERE item_id = ?1)
         AND memory ->> (?2 || '.held')",
        params![item.0, path],
    )?;
    Ok(())
}

fn memories(text: &str, held: &str) -> Result<BTreeMap<FieldKey, Memory>, StoreError> {
    codec::read_memory(text, held)?
        .into_iter()
        .map(|(field, (base, remote))| Ok((key_of(&field)?, Memory { base, remote })))
        .collect()
}
