//! People, and who they are at a remote.

use crate::code::Code as _;
use crate::error::StoreError;
use crate::fold::fold;
use crate::sql::{Columns as _, Read, WriteTx, json_numbers, json_texts};
use rusqlite::{Row, params};
use std::collections::BTreeMap;
use sync::remote::RemotePerson;
use workspace::person::Seat;
use workspace::{Person, PersonId};

pub(crate) const V1: &str = "CREATE TABLE person (
-- A person, invited or merely met in a sync.
person_id INTEGER PRIMARY KEY AUTOINCREMENT,
name      TEXT    NOT NULL CHECK (name <> ''),
name_key  TEXT    NOT NULL,                 -- the name folded, to sort and find by
email     TEXT    NOT NULL DEFAULT '',
seat      TEXT    NOT NULL
) STRICT;
CREATE INDEX person_email ON person (lower(email)) WHERE email <> '';
CREATE TABLE person_identity (
-- Who a person is at a remote.
site_key  TEXT    NOT NULL,                 -- which remote; outlives a connection to it
remote_id TEXT    NOT NULL,                 -- account id or user key: never changes
person_id INTEGER NOT NULL REFERENCES person (person_id) ON DELETE CASCADE,
PRIMARY KEY (site_key, remote_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_identity_person ON person_identity (person_id)";

const COLUMNS: &str = "person_id, name, email, seat";

/// All people by name.
///
/// # Errors
/// What the database meets.
pub fn list(read: &Read<'_>) -> Result<Vec<Person>, StoreError> {
    read.all(
        &format!("SELECT {COLUMNS} FROM person ORDER BY name_key, person_id"),
        [],
        person,
    )
}

/// One person.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, id: PersonId) -> Result<Option<Person>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM person WHERE person_id = ?1"),
        [id.0],
        person,
    )
}

/// The names of people, by identity.
///
/// # Errors
/// What the database meets.
pub fn names(
    read: &Read<'_>,
    ids: impl IntoIterator<Item = PersonId>,
) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let rows = read.all(
        "SELECT person_id, name FROM person WHERE person_id IN (SELECT value FROM json_each(?1))",
        [json_numbers(ids.into_iter().map(|id| id.0))],
        |row| Ok((PersonId(row.get(0)?), row.get(1)?)),
    )?;
    Ok(rows.into_iter().collect())
}

/// Who a remote's person is here.
///
/// # Errors
/// What the database meets.
pub fn find(
    read: &Read<'_>,
    site_key: &str,
    remote_id: &str,
) -> Result<Option<PersonId>, StoreError> {
    read.one(
        "SELECT person_id FROM person_identity WHERE site_key = ?1 AND remote_id = ?2",
        [site_key, remote_id],
        |row| Ok(PersonId(row.get(0)?)),
    )
}

/// As [`find`], of many people with all that is known of them, by the remote's id.
///
/// # Errors
/// What the database meets.
pub fn find_many<S: AsRef<str>>(
    read: &Read<'_>,
    site_key: &str,
    remote_ids: &[S],
) -> Result<BTreeMap<String, Person>, StoreError> {
    let people = read.all(
        &format!(
            "SELECT {COLUMNS}, remote_id FROM person_identity JOIN person USING (person_id)
             WHERE site_key = ?1 AND remote_id IN (SELECT value FROM json_each(?2))"
        ),
        params![site_key, json_texts(remote_ids)],
        |row| Ok((row.get(4)?, person(row)?)),
    )?;
    Ok(people.into_iter().collect())
}

/// Who a person is at a remote.
///
/// # Errors
/// What the database meets.
pub fn remote_id(
    read: &Read<'_>,
    site_key: &str,
    id: PersonId,
) -> Result<Option<String>, StoreError> {
    read.one(
        "SELECT remote_id FROM person_identity WHERE person_id = ?1 AND site_key = ?2
         ORDER BY remote_id LIMIT 1",
        params![id.0, site_key],
        |row| Ok(row.get(0)?),
    )
}

/// Adds a person.
///
/// # Errors
/// [`StoreError::Constraint`] for an empty name.
pub fn create(
    tx: &WriteTx<'_>,
    name: &str,
    email: Option<&str>,
    seat: Seat,
) -> Result<PersonId, StoreError> {
    tx.insert(
        "INSERT INTO person (name, name_key, email, seat) VALUES (?1, ?2, ?3, ?4)",
        params![name, fold(name), email.unwrap_or_default(), seat.code()],
    )
    .map(PersonId)
}

/// Remembers who a person is at a remote.
///
/// # Errors
/// [`StoreError::Constraint`] if the person does not exist.
pub fn remember(
    tx: &WriteTx<'_>,
    site_key: &str,
    remote_id: &str,
    id: PersonId,
) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO person_identity (site_key, remote_id, person_id) VALUES (?1, ?2, ?3)
         ON CONFLICT (site_key, remote_id) DO UPDATE SET person_id = excluded.person_id",
        params![site_key, remote_id, id.0],
    )?;
    Ok(())
}

/// Who a remote's person is here: the one that it was before; else the one with the same e-mail address;
/// else a new one, merely met. What the remote now says about somebody merely met is followed,
/// unless it hides the name.
///
/// # Errors
/// What the database meets.
pub fn resolve_or_meet(
    tx: &WriteTx<'_>,
    site_key: &str,
    met: &RemotePerson,
) -> Result<PersonId, StoreError> {
    let name = match met.name.trim() {
        "" => met.id.as_str(),
        name => name,
    };
    let email = met.email.as_deref().unwrap_or_default();
    if let Some(id) = find(tx, site_key, &met.id)? {
        if met.name.trim().is_empty() {
            return Ok(id);
        }
        tx.run(
            "UPDATE person SET name = ?2, name_key = ?3, email = iif(?4 = '', email, ?4)
             WHERE person_id = ?1 AND seat = 'met' AND (name <> ?2 OR (?4 <> '' AND email <> ?4))",
            params![id.0, name, fold(name), email],
        )?;
        return Ok(id);
    }
    let known = read_by_email(tx, email)?;
    let id = match known {
        Some(id) => id,
        None => create(tx, name, met.email.as_deref(), Seat::Met)?,
    };
    remember(tx, site_key, &met.id, id)?;
    Ok(id)
}

fn read_by_email(read: &Read<'_>, email: &str) -> Result<Option<PersonId>, StoreError> {
    if email.is_empty() {
        return Ok(None);
    }
    read.one(
        "SELECT person_id FROM person WHERE lower(email) = lower(?1) AND email <> ''
         ORDER BY person_id LIMIT 1",
        [email],
        |row| Ok(PersonId(row.get(0)?)),
    )
}

fn person(row: &Row<'_>) -> Result<Person, StoreError> {
    Ok(Person {
        id: PersonId(row.get(0)?),
        name: row.get(1)?,
        email: row.text_opt(2)?,
        seat: row.code(3)?,
    })
}
