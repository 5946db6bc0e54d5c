//! Which choice of a remote is which of ours, so that a renamed sprint stays the same one.

use crate::error::StoreError;
use crate::sql::{Columns as _, Read, WriteTx};
use crate::table::field::key_of;
use crate::table::field_option;
use rusqlite::params;
use std::collections::BTreeMap;
use sync::remote::Choice;
use workspace::{FieldKey, OptionId};

pub(crate) const V1: &str = "CREATE TABLE option_identity (
-- A choice of a remote's field and the choice here that it became. Several may have become one.
site_key      TEXT    NOT NULL,             -- which remote; outlives a connection to it
field_key     TEXT    NOT NULL,
remote_option TEXT    NOT NULL,             -- the remote's id
remote_name   TEXT    NOT NULL DEFAULT '',  -- the remote's name for it, when last seen
option_id     INTEGER NOT NULL REFERENCES field_option (option_id) ON DELETE CASCADE,
PRIMARY KEY (site_key, field_key, remote_option)
) STRICT, WITHOUT ROWID;
CREATE INDEX option_identity_option ON option_identity (option_id)";

/// A choice of a remote, as it was when it was last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The field.
    pub field: FieldKey,
    /// The remote's id of it.
    pub remote_option: String,
    /// The remote's name for it.
    pub remote_name: String,
    /// The choice here.
    pub option: OptionId,
}

/// All choices of a remote that became ours.
///
/// # Errors
/// What the database meets.
pub fn list(read: &Read<'_>, site_key: &str) -> Result<Vec<Identity>, StoreError> {
    read.all(
        "SELECT field_key, remote_option, remote_name, option_id FROM option_identity
         WHERE site_key = ?1 ORDER BY field_key, remote_option",
        [site_key],
        |row| {
            Ok(Identity {
                field: key_of(row.str(0)?)?,
                remote_option: row.get(1)?,
                remote_name: row.get(2)?,
                option: OptionId(row.get(3)?),
            })
        },
    )
}

/// The choice that a remote's choice became.
///
/// # Errors
/// What the database meets.
pub fn find(
    read: &Read<'_>,
    site_key: &str,
    field: FieldKey,
    remote_option: &str,
) -> Result<Option<OptionId>, StoreError> {
    Ok(row(read, site_key, field, remote_option)?.map(|(id, _)| id))
}

/// All choices of a remote's field that became ours, by the remote's id.
///
/// # Errors
/// What the database meets.
pub fn of_field(
    read: &Read<'_>,
    site_key: &str,
    field: FieldKey,
) -> Result<BTreeMap<String, OptionId>, StoreError> {
    let rows = read.all(
        "SELECT remote_option, option_id FROM option_identity
         WHERE site_key = ?1 AND field_key = ?2",
        params![site_key, field.to_string()],
        |row| Ok((row.get(0)?, OptionId(row.get(1)?))),
    )?;
    Ok(rows.into_iter().collect())
}

/// Remembers which choice a remote's choice became.
///
/// # Errors
/// [`StoreError::Constraint`] if the choice does not exist.
pub fn remember(
    tx: &WriteTx<'_>,
    site_key: &str,
    field: FieldKey,
    choice: &Choice,
    option: OptionId,
) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO option_identity (site_key, field_key, remote_option, remote_name, option_id)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (site_key, field_key, remote_option)
         DO UPDATE SET remote_name = excluded.remote_name, option_id = excluded.option_id",
        params![
            site_key,
            field.to_string(),
            choice.id,
            choice.name,
            option.0
        ],
    )?;
    Ok(())
}

/// The choice of ours for a remote's choice of a field whose choices grow: the one that it became before;
/// else the one of the same name; else a new one. A new name at the remote is followed, unless the choice
/// was renamed here; so are its days. A choice whose name the remote hides is named by its id.
///
/// # Errors
/// [`StoreError::Constraint`] for a choice without a name and an id.
pub fn resolve_or_grow(
    tx: &WriteTx<'_>,
    site_key: &str,
    field: FieldKey,
    choice: &Choice,
) -> Result<OptionId, StoreError> {
    let Some((id, seen_name)) = row(tx, site_key, field, &choice.id)? else {
        let name = match choice.name.trim() {
            "" => &choice.id,
            _ => &choice.name,
        };
        let id = field_option::grow(tx, field, name, choice.starts_on, choice.ends_on)?;
        remember(tx, site_key, field, choice, id)?;
        return Ok(id);
    };
    let ours = field_option::get(tx, id)?.ok_or_else(|| StoreError::not_found("option", id))?;
    if seen_name != choice.name && !choice.name.trim().is_empty() {
        if ours.name == seen_name.trim() {
            field_option::set_name(tx, id, &choice.name)?;
        }
        remember(tx, site_key, field, choice, id)?;
    }
    if (ours.starts_on, ours.ends_on) != (choice.starts_on, choice.ends_on) {
        field_option::set_days(tx, id, choice.starts_on, choice.ends_on)?;
    }
    Ok(id)
}

fn row(
    read: &Read<'_>,
    site_key: &str,
    field: FieldKey,
    remote_option: &str,
) -> Result<Option<(OptionId, String)>, StoreError> {
    read.one(
        "SELECT option_id, remote_name FROM option_identity
         WHERE site_key = ?1 AND field_key = ?2 AND remote_option = ?3",
        params![site_key, field.to_string(), remote_option],
        |row| Ok((OptionId(row.get(0)?), row.get(1)?)),
    )
}
