//! Choices of fields: statuses, importances, sprints, components, options of selects.

use crate::code::Code as _;
use crate::error::{ConstraintKind, StoreError};
use crate::fold::fold;
use crate::sql::{Columns as _, Read, WriteTx, day};
use crate::table::field::key_of;
use jiff::civil::Date;
use rusqlite::{Row, params};
use workspace::{FieldKey, FieldOption, OptionId, StatusCategory};

pub(crate) const V1: &str = "CREATE TABLE field_option (
-- A choice of a field. Names are unique for people only, not by index: a remote may rename a sprint to
-- the name of another one, and neither may be lost for it.
option_id INTEGER PRIMARY KEY AUTOINCREMENT,
field_key TEXT    NOT NULL,
name      TEXT    NOT NULL CHECK (name <> ''),
name_key  TEXT    NOT NULL,                 -- the name folded, to find it by
position  INTEGER NOT NULL DEFAULT 0,
colour    TEXT    NOT NULL DEFAULT '',
category  TEXT    NOT NULL DEFAULT '',      -- of a status
starts_on TEXT    NOT NULL DEFAULT '',
ends_on   TEXT    NOT NULL DEFAULT '',
weight    REAL                              -- NULL: counts for nothing in a formula
) STRICT;
CREATE INDEX field_option_name ON field_option (field_key, name_key)";

const COLUMNS: &str =
    "option_id, field_key, name, position, colour, category, starts_on, ends_on, weight";

/// A choice that does not exist yet.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOption {
    /// The field that it is a choice of.
    pub field: FieldKey,
    /// Name.
    pub name: String,
    /// A named colour of the interface's palette.
    pub colour: Option<String>,
    /// For statuses.
    pub category: Option<StatusCategory>,
    /// First day.
    pub starts_on: Option<Date>,
    /// Last day.
    pub ends_on: Option<Date>,
    /// What it counts for in a formula.
    pub weight: Option<f64>,
}

impl NewOption {
    /// A choice of which nothing but the name is known.
    #[must_use]
    pub fn named(field: FieldKey, name: &str) -> Self {
        Self {
            field,
            name: name.to_owned(),
            colour: None,
            category: None,
            starts_on: None,
            ends_on: None,
            weight: None,
        }
    }
}

/// All choices of all fields, by field, and of a field in their order.
///
/// # Errors
/// What the database meets.
pub fn list(read: &Read<'_>) -> Result<Vec<FieldOption>, StoreError> {
    read.all(
        &format!("SELECT {COLUMNS} FROM field_option ORDER BY field_key, position, option_id"),
        [],
        option,
    )
}

/// The choices of one field in their order.
///
/// # Errors
/// What the database meets.
pub fn of_field(read: &Read<'_>, field: FieldKey) -> Result<Vec<FieldOption>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} FROM field_option WHERE field_key = ?1 ORDER BY position, option_id"
        ),
        [field.to_string()],
        option,
    )
}

/// One choice.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, id: OptionId) -> Result<Option<FieldOption>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM field_option WHERE option_id = ?1"),
        [id.0],
        option,
    )
}

/// The choice of a field that has a name; case and accents make no difference. The first of several.
///
/// # Errors
/// What the database meets.
pub fn by_name(
    read: &Read<'_>,
    field: FieldKey,
    name: &str,
) -> Result<Option<OptionId>, StoreError> {
    read.one(
        "SELECT option_id FROM field_option WHERE field_key = ?1 AND name_key = ?2
         ORDER BY option_id LIMIT 1",
        params![field.to_string(), fold(name.trim())],
        |row| Ok(OptionId(row.get(0)?)),
    )
}

/// Adds a choice after the others of its field.
///
/// # Errors
/// [`StoreError::Constraint`] if the name is empty or taken.
pub fn create(tx: &WriteTx<'_>, new: &NewOption) -> Result<OptionId, StoreError> {
    refuse_taken(tx, new.field, &new.name, None)?;
    insert(tx, new)
}

/// The choice of that name; added after the others if there is none. Days that are given take the place
/// of those before, for a sprint's days are the remote's to say.
///
/// # Errors
/// [`StoreError::Constraint`] for an empty name.
pub fn grow(
    tx: &WriteTx<'_>,
    field: FieldKey,
    name: &str,
    starts_on: Option<Date>,
    ends_on: Option<Date>,
) -> Result<OptionId, StoreError> {
    let Some(id) = by_name(tx, field, name)? else {
        return insert(
            tx,
            &NewOption {
                starts_on,
                ends_on,
                ..NewOption::named(field, name)
            },
        );
    };
    set_days(tx, id, starts_on, ends_on)?;
    Ok(id)
}

/// Gives a choice another name.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if the name is empty or another choice of the
/// field has it.
pub fn rename(tx: &WriteTx<'_>, id: OptionId, name: &str) -> Result<(), StoreError> {
    let option = get(tx, id)?.ok_or_else(|| StoreError::not_found("option", id))?;
    refuse_taken(tx, option.field, name, Some(id))?;
    set_name(tx, id, name)
}

/// As [`rename`], where the remote has the last word: two choices may come to have one name.
pub(crate) fn set_name(tx: &WriteTx<'_>, id: OptionId, name: &str) -> Result<(), StoreError> {
    let name = name.trim();
    tx.change(
        "option",
        id,
        "UPDATE field_option SET name = ?2, name_key = ?3 WHERE option_id = ?1",
        params![id.0, name, fold(name)],
    )
}

/// Sets the days that are given and leaves the others.
pub(crate) fn set_days(
    tx: &WriteTx<'_>,
    id: OptionId,
    starts_on: Option<Date>,
    ends_on: Option<Date>,
) -> Result<(), StoreError> {
    if starts_on.is_none() && ends_on.is_none() {
        return Ok(());
    }
    tx.run(
        "UPDATE field_option SET starts_on = iif(?2 = '', starts_on, ?2),
         ends_on = iif(?3 = '', ends_on, ?3) WHERE option_id = ?1",
        params![id.0, day(starts_on), day(ends_on)],
    )?;
    Ok(())
}

fn refuse_taken(
    read: &Read<'_>,
    field: FieldKey,
    name: &str,
    except: Option<OptionId>,
) -> Result<(), StoreError> {
    match by_name(read, field, name)? {
        Some(other) if Some(other) != except => Err(StoreError::Constraint {
            kind: ConstraintKind::Unique,
            what: "field_option.name".into(),
        }),
        _ => Ok(()),
    }
}

fn insert(tx: &WriteTx<'_>, new: &NewOption) -> Result<OptionId, StoreError> {
    let name = new.name.trim();
    tx.insert(
        "INSERT INTO field_option
         (field_key, name, name_key, position, colour, category, starts_on, ends_on, weight)
         VALUES (?1, ?2, ?3, (SELECT count(*) FROM field_option WHERE field_key = ?1),
         ?4, ?5, ?6, ?7, ?8)",
        params![
            new.field.to_string(),
            name,
            fold(name),
            new.colour.as_deref().unwrap_or_default(),
            new.category
                .map(|category| category.code())
                .unwrap_or_default(),
            day(new.starts_on),
            day(new.ends_on),
            new.weight,
        ],
    )
    .map(OptionId)
}

fn option(row: &Row<'_>) -> Result<FieldOption, StoreError> {
    Ok(FieldOption {
        id: OptionId(row.get(0)?),
        field: key_of(row.str(1)?)?,
        name: row.get(2)?,
        position: row.get(3)?,
        colour: row.text_opt(4)?,
        category: row.code_opt(5)?,
        starts_on: row.day_opt(6)?,
        ends_on: row.day_opt(7)?,
        weight: row.get(8)?,
    })
}
