//! Fields that both sides changed, until somebody decides.
//!
//! An index of what follows from the three values of a field: what stands here, what the remote last said, and on
//! what both had agreed. Those values themselves stand where they always do.

use crate::error::StoreError;
use crate::id::{IntegrationId, LinkId};
use crate::sql::{Columns as _, Read, WriteTx, count, json_texts, ms};
use crate::table::field::key_of;
use crate::table::item_value::key_text;
use jiff::Timestamp;
use rusqlite::params;
use workspace::{FieldKey, ItemId};

pub(crate) const V4: &str = "CREATE TABLE conflict (
-- A field of a pair that both sides changed and nobody has decided.
link_id   INTEGER NOT NULL REFERENCES link (link_id) ON DELETE CASCADE,
field_key TEXT    NOT NULL,
since     INTEGER NOT NULL,
PRIMARY KEY (link_id, field_key)
) STRICT, WITHOUT ROWID";

/// Sides can also take turns in changing a field.
pub(crate) const V5: &str = "ALTER TABLE conflict ADD COLUMN is_loop INTEGER NOT NULL DEFAULT 0";

/// A field in conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// The pair.
    pub link: LinkId,
    /// Its item.
    pub item: ItemId,
    /// The field.
    pub field: FieldKey,
    /// Since when.
    pub since: Timestamp,
    /// Whether the sides took turns in setting it to the same two values: it rests until somebody decides.
    pub is_loop: bool,
}

/// Makes these the fields of a pair that are in conflict, each with whether the sides took turns; those that were keep
/// the moment since when.
///
/// # Errors
/// [`StoreError::Constraint`] if the pair does not exist.
pub fn set(
    tx: &WriteTx<'_>,
    link: LinkId,
    fields: &[(FieldKey, bool)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let keys: Vec<_> = fields.iter().map(|(field, _)| key_text(*field)).collect();
    tx.run(
        "DELETE FROM conflict WHERE link_id = ?1
         AND field_key NOT IN (SELECT value FROM json_each(?2))",
        params![link.0, json_texts(&keys)],
    )?;
    for (key, (_, is_loop)) in keys.iter().zip(fields) {
        tx.run(
            "INSERT INTO conflict (link_id, field_key, since, is_loop) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (link_id, field_key) DO UPDATE SET is_loop = excluded.is_loop",
            params![link.0, key, ms(Some(now)), is_loop],
        )?;
    }
    Ok(())
}

/// Which conflicts are looked for; what is not named does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// Of this integration.
    pub integration: Option<IntegrationId>,
    /// Of this field.
    pub field: Option<FieldKey>,
    /// Of this item.
    pub item: Option<ItemId>,
    /// Of the issue with this key, in capitals or not.
    pub key: Option<String>,
}

/// The conflicts of pairs in force, the oldest first: of one integration, or of all.
///
/// # Errors
/// What the database meets.
pub fn list(
    read: &Read<'_>,
    integration: Option<IntegrationId>,
    limit: u32,
) -> Result<Vec<Conflict>, StoreError> {
    let search = Search {
        integration,
        ..Search::default()
    };
    found(read, &search, limit)
}

/// The conflicts of pairs in force that are looked for, the oldest first.
///
/// # Errors
/// What the database meets.
pub fn found(read: &Read<'_>, search: &Search, limit: u32) -> Result<Vec<Conflict>, StoreError> {
    read.all(
        "SELECT link_id, item_id, field_key, since, is_loop FROM conflict JOIN link USING (link_id)
         WHERE severed_reason = '' AND (?1 IS NULL OR integration_id = ?1)
           AND (?2 IS NULL OR field_key = ?2) AND (?3 IS NULL OR item_id = ?3)
           AND (?4 IS NULL OR remote_key = ?4 COLLATE NOCASE)
         ORDER BY since, link_id, field_key LIMIT ?5",
        params![
            search.integration.map(|id| id.0),
            search.field.map(key_text),
            search.item.map(|id| id.0),
            search.key,
            limit
        ],
        |row| {
            Ok(Conflict {
                link: LinkId(row.get(0)?),
                item: ItemId(row.get(1)?),
                field: key_of(row.str(2)?)?,
                since: row.moment(3)?,
                is_loop: row.get(4)?,
            })
        },
    )
}

/// The fields that are in conflict in pairs in force of an integration, or of all, each with in how many.
///
/// # Errors
/// What the database meets.
pub fn fields(
    read: &Read<'_>,
    integration: Option<IntegrationId>,
) -> Result<Vec<(FieldKey, u64)>, StoreError> {
    read.all(
        "SELECT field_key, count(*) FROM conflict JOIN link USING (link_id)
         WHERE severed_reason = '' AND (?1 IS NULL OR integration_id = ?1)
         GROUP BY field_key ORDER BY field_key",
        params![integration.map(|id| id.0)],
        |row| Ok((key_of(row.str(0)?)?, count(row.get(1)?))),
    )
}

/// The fields of a pair that are in conflict, each with whether the sides took turns.
///
/// # Errors
/// What the database meets.
pub fn of_link(read: &Read<'_>, link: LinkId) -> Result<Vec<(FieldKey, bool)>, StoreError> {
    read.all(
        "SELECT field_key, is_loop FROM conflict WHERE link_id = ?1 ORDER BY field_key",
        [link.0],
        |row| Ok((key_of(row.str(0)?)?, row.get(1)?)),
    )
}

/// How many there are, of pairs in force of an integration.
///
/// # Errors
/// What the database meets.
pub fn count_of_integration(read: &Read<'_>, id: IntegrationId) -> Result<u64, StoreError> {
    read.number(
        "SELECT count(*) FROM conflict JOIN link USING (link_id)
         WHERE severed_reason = '' AND integration_id = ?1",
        [id.0],
    )
    .map(count)
}
