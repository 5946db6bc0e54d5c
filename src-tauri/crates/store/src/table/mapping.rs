//! Mappings: `sync`'s, with the names that the remote had for its ends when they were mapped.

use crate::code::Code as _;
use crate::error::StoreError;
use crate::id::IntegrationId;
use crate::sql::{Columns as _, Read, WriteTx};
use crate::table::field::key_of;
use rusqlite::params;
use std::collections::BTreeMap;
use sync::mapping::{FieldPair, Mapping, StatusPair, StatusRule, TypePair, ValuePair};
use workspace::{ItemTypeId, OptionId};

pub(crate) const V1: &str = "CREATE TABLE mapping_type (
-- A workspace type and a remote type that belong together.
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
remote_type    TEXT    NOT NULL,
position       INTEGER NOT NULL DEFAULT 0,
item_type_id   INTEGER NOT NULL REFERENCES item_type (item_type_id),
remote_name    TEXT    NOT NULL DEFAULT '', -- what the remote called it when it was mapped
PRIMARY KEY (integration_id, remote_type)
) STRICT, WITHOUT ROWID;
CREATE TABLE mapping_field (
-- A workspace field and a remote field that belong together.
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
field_key      TEXT    NOT NULL,
position       INTEGER NOT NULL DEFAULT 0,
remote_field   TEXT    NOT NULL,
remote_name    TEXT    NOT NULL DEFAULT '',
direction      TEXT    NOT NULL,
winner         TEXT    NOT NULL,
core           INTEGER NOT NULL DEFAULT 0,
PRIMARY KEY (integration_id, field_key),
UNIQUE (integration_id, remote_field)
) STRICT, WITHOUT ROWID;
CREATE TABLE mapping_value (
-- A choice of each side that belong together, in a pair of fields.
integration_id INTEGER NOT NULL,
field_key      TEXT    NOT NULL,
remote_option  TEXT    NOT NULL,
position       INTEGER NOT NULL DEFAULT 0,
option_id      INTEGER NOT NULL REFERENCES field_option (option_id) ON DELETE CASCADE,
remote_name    TEXT    NOT NULL DEFAULT '',
PRIMARY KEY (integration_id, field_key, remote_option),
FOREIGN KEY (integration_id, field_key) REFERENCES mapping_field (integration_id, field_key)
  ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX mapping_value_option ON mapping_value (option_id);
CREATE TABLE mapping_status (
-- A status of each side that belong together.
integration_id INTEGER NOT NULL REFERENCES integration (integration_id) ON DELETE CASCADE,
remote_status  TEXT    NOT NULL,
position       INTEGER NOT NULL DEFAULT 0,
option_id      INTEGER NOT NULL REFERENCES field_option (option_id) ON DELETE CASCADE,
remote_name    TEXT    NOT NULL DEFAULT '',
PRIMARY KEY (integration_id, remote_status)
) STRICT, WITHOUT ROWID;
CREATE INDEX mapping_status_option ON mapping_status (option_id)";

/// The way back of statuses.
pub(crate) const V5: &str = "ALTER TABLE mapping_status
  ADD COLUMN is_written INTEGER NOT NULL DEFAULT 0; -- 1: issues go there when an item is given this status here
CREATE TABLE mapping_status_rule (
-- How the statuses of an integration are kept in step; without a row, both ways, and a person decides.
integration_id INTEGER NOT NULL PRIMARY KEY REFERENCES integration (integration_id) ON DELETE CASCADE,
goes_back      INTEGER NOT NULL, -- 1: a status that is set here goes to the remote
winner         TEXT    NOT NULL  -- who wins when both sides changed
) STRICT";

/// What the remote called the ends of a mapping when it was made, so that an end that has since gone can
/// still be named. By the remote's ids; an id without a name is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RemoteNames {
    /// Types.
    pub types: BTreeMap<String, String>,
    /// Fields.
    pub fields: BTreeMap<String, String>,
    /// Choices, by field and choice.
    pub options: BTreeMap<(String, String), String>,
    /// Statuses.
    pub statuses: BTreeMap<String, String>,
}

/// Puts a mapping in place of the one before.
///
/// # Errors
/// [`StoreError::Constraint`] if an end stands twice or does not exist here.
pub fn save(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    mapping: &Mapping,
    names: &RemoteNames,
) -> Result<(), StoreError> {
    for table in [
        "mapping_type",
        "mapping_field",
        "mapping_status",
        "mapping_status_rule",
    ] {
        let sql = format!("DELETE FROM {table} WHERE integration_id = ?1");
        tx.run(&sql, [integration.0])?;
    }
    for (position, pair) in (0_i64..).zip(&mapping.types) {
        tx.run(
            "INSERT INTO mapping_type
             (integration_id, remote_type, position, item_type_id, remote_name)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                integration.0,
                pair.remote_type,
                position,
                pair.item_type.0,
                name(&names.types, &pair.remote_type),
            ],
        )?;
    }
    for (position, pair) in (0_i64..).zip(&mapping.fields) {
        save_field(tx, integration, position, pair, names)?;
    }
    save_statuses(tx, integration, mapping, names)
}

/// The mapping of an integration, empty if none was saved, and the names of its remote ends.
///
/// # Errors
/// What the database meets.
pub fn load(
    read: &Read<'_>,
    integration: IntegrationId,
) -> Result<(Mapping, RemoteNames), StoreError> {
    let mut mapping = Mapping::default();
    let mut names = RemoteNames::default();
    read.all(
        "SELECT remote_type, item_type_id, remote_name FROM mapping_type
         WHERE integration_id = ?1 ORDER BY position",
        [integration.0],
        |row| {
            let remote_type: String = row.get(0)?;
            if let Some(name) = row.text_opt(2)? {
                names.types.insert(remote_type.clone(), name);
            }
            mapping.types.push(TypePair {
                item_type: ItemTypeId(row.get(1)?),
                remote_type,
            });
            Ok(())
        },
    )?;
    mapping.fields = load_fields(read, integration, &mut names)?;
    mapping.statuses = load_statuses(read, integration, &mut names)?;
    mapping.status_rule = load_status_rule(read, integration)?;
    Ok((mapping, names))
}

fn save_field(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    position: i64,
    pair: &FieldPair,
    names: &RemoteNames,
) -> Result<(), StoreError> {
    let key = pair.field.to_string();
    tx.run(
        "INSERT INTO mapping_field
         (integration_id, field_key, position, remote_field, remote_name, direction, winner, core)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            integration.0,
            key,
            position,
            pair.remote_field,
            name(&names.fields, &pair.remote_field),
            pair.direction.code(),
            pair.winner.code(),
            pair.core,
        ],
    )?;
    for (position, value) in (0_i64..).zip(&pair.values) {
        let end = (pair.remote_field.clone(), value.remote_option.clone());
        tx.run(
            "INSERT INTO mapping_value
             (integration_id, field_key, remote_option, position, option_id, remote_name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                integration.0,
                key,
                value.remote_option,
                position,
                value.option.0,
                name(&names.options, &end),
            ],
        )?;
    }
    Ok(())
}

fn load_fields(
    read: &Read<'_>,
    integration: IntegrationId,
    names: &mut RemoteNames,
) -> Result<Vec<FieldPair>, StoreError> {
    let mut fields = read.all(
        "SELECT field_key, remote_field, remote_name, direction, winner, core FROM mapping_field
         WHERE integration_id = ?1 ORDER BY position",
        [integration.0],
        |row| {
            let remote_field: String = row.get(1)?;
            if let Some(name) = row.text_opt(2)? {
                names.fields.insert(remote_field.clone(), name);
            }
            Ok(FieldPair {
                field: key_of(row.str(0)?)?,
                remote_field,
                direction: row.code(3)?,
                winner: row.code(4)?,
                values: Vec::new(),
                core: row.get(5)?,
            })
        },
    )?;
    for pair in &mut fields {
        let remote_field = &pair.remote_field;
        pair.values = read.all(
            "SELECT remote_option, option_id, remote_name FROM mapping_value
             WHERE integration_id = ?1 AND field_key = ?2 ORDER BY position",
            params![integration.0, pair.field.to_string()],
            |row| {
                let remote_option: String = row.get(0)?;
                if let Some(name) = row.text_opt(2)? {
                    let end = (remote_field.clone(), remote_option.clone());
                    names.options.insert(end, name);
                }
                Ok(ValuePair {
                    remote_option,
                    option: OptionId(row.get(1)?),
                })
            },
        )?;
    }
    Ok(fields)
}

fn save_statuses(
    tx: &WriteTx<'_>,
    integration: IntegrationId,
    mapping: &Mapping,
    names: &RemoteNames,
) -> Result<(), StoreError> {
    for (position, pair) in (0_i64..).zip(&mapping.statuses) {
        tx.run(
            "INSERT INTO mapping_status
             (integration_id, remote_status, position, option_id, remote_name, is_written)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                integration.0,
                pair.remote_status,
                position,
                pair.status.0,
                name(&names.statuses, &pair.remote_status),
                pair.is_written,
            ],
        )?;
    }
    let rule = mapping.status_rule;
    if rule != StatusRule::default() {
        tx.run(
            "INSERT INTO mapping_status_rule (integration_id, goes_back, winner) VALUES (?1, ?2, ?3)",
            params![integration.0, rule.goes_back, rule.winner.code()],
        )?;
    }
    Ok(())
}

fn load_statuses(
    read: &Read<'_>,
    integration: IntegrationId,
    names: &mut RemoteNames,
) -> Result<Vec<StatusPair>, StoreError> {
    read.all(
        "SELECT remote_status, option_id, remote_name, is_written FROM mapping_status
         WHERE integration_id = ?1 ORDER BY position",
        [integration.0],
        |row| {
            let remote_status: String = row.get(0)?;
            if let Some(name) = row.text_opt(2)? {
                names.statuses.insert(remote_status.clone(), name);
            }
            Ok(StatusPair {
                remote_status,
                status: OptionId(row.get(1)?),
                is_written: row.get(3)?,
            })
        },
    )
}

fn load_status_rule(read: &Read<'_>, integration: IntegrationId) -> Result<StatusRule, StoreError> {
    let rule = read.one(
        "SELECT goes_back, winner FROM mapping_status_rule WHERE integration_id = ?1",
        [integration.0],
        |row| {
            Ok(StatusRule {
                goes_back: row.get(0)?,
                winner: row.code(1)?,
            })
        },
    )?;
    Ok(rule.unwrap_or_default())
}

fn name<'n, K: Ord>(names: &'n BTreeMap<K, String>, key: &K) -> &'n str {
    names.get(key).map(String::as_str).unwrap_or_default()
}
