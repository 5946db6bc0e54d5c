//! Integrations: a project of a site, mapped to the workspace.

use crate::code::{Code as _, codes};
use crate::error::StoreError;
use crate::fold::fold;
use crate::id::{ConnectionId, IntegrationId};
use crate::sql::{Columns as _, Read, WriteTx, ms};
use jiff::Timestamp;
use rusqlite::{Row, params};
use workspace::AreaId;

pub(crate) const V1: &str = "CREATE TABLE integration (
-- A project of a site that is kept in step with the workspace.
integration_id INTEGER PRIMARY KEY AUTOINCREMENT,
connection_id  INTEGER NOT NULL REFERENCES connection (connection_id),
name           TEXT    NOT NULL CHECK (name <> ''),
name_key       TEXT    NOT NULL UNIQUE,     -- the name folded
project_id     TEXT    NOT NULL,            -- the remote's id, which never changes
project_key    TEXT    NOT NULL,
project_name   TEXT    NOT NULL DEFAULT '',
board_id       TEXT    NOT NULL DEFAULT '', -- empty: no board
board_name     TEXT    NOT NULL DEFAULT '',
jql            TEXT    NOT NULL DEFAULT '',
include_closed INTEGER NOT NULL DEFAULT 0,
area_id        INTEGER REFERENCES area (area_id), -- NULL: the usual one for imports
created_at     INTEGER NOT NULL,
updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX integration_connection ON integration (connection_id);
CREATE INDEX integration_area ON integration (area_id)";

/// Up to which moment of the site's own time its changes are known.
pub(crate) const V4: &str = "ALTER TABLE integration ADD COLUMN heard_until INTEGER";

/// What becomes of pairs whose issues leave what the integration is about, and whether somebody lets it rest.
pub(crate) const V5: &str =
    "ALTER TABLE integration ADD COLUMN out_of_scope TEXT NOT NULL DEFAULT 'keep';
ALTER TABLE integration ADD COLUMN is_paused INTEGER NOT NULL DEFAULT 0";

const COLUMNS: &str = "integration_id, connection_id, name, project_id, project_key, project_name,
    board_id, board_name, jql, include_closed, area_id, created_at, updated_at, is_paused";

/// What becomes of a pair whose issue no longer meets the filter, or was moved to a project that is not integrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum OutOfScope {
    /// Both sides are kept in step as before.
    #[default]
    Keep,
    /// The pair is severed.
    Stop,
}

codes! {
    OutOfScope, "policy for issues out of scope" { Keep = "keep", Stop = "stop" }
}

/// A board of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The remote's id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// What an admin chooses about an integration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegrationData {
    /// The connection that it uses.
    pub connection: ConnectionId,
    /// Name, unique whatever its case and accents.
    pub name: String,
    /// The project's id.
    pub project_id: String,
    /// The project's key.
    pub project_key: String,
    /// The project's name.
    pub project_name: String,
    /// The board, where one was picked.
    pub board: Option<Board>,
    /// Which issues of the project take part; empty means all.
    pub jql: String,
    /// Whether issues that are done take part.
    pub include_closed: bool,
    /// The area that imported items land in; none means [`workspace::area::IMPORTED`].
    pub area: Option<AreaId>,
}

/// An integration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// Identity.
    pub id: IntegrationId,
    /// What the admin chose.
    pub data: IntegrationData,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a choice last changed.
    pub updated_at: Timestamp,
    /// Whether somebody lets it rest: nothing is kept in step by itself. What is edited meanwhile is kept.
    pub is_paused: bool,
}

/// All integrations in the order in which they were made.
///
/// # Errors
/// What the database meets.
pub fn list(read: &Read<'_>) -> Result<Vec<Integration>, StoreError> {
    read.all(
        &format!("SELECT {COLUMNS} FROM integration ORDER BY integration_id"),
        [],
        integration,
    )
}

/// One integration.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, id: IntegrationId) -> Result<Option<Integration>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM integration WHERE integration_id = ?1"),
        [id.0],
        integration,
    )
}

/// The integration of a name; case and accents make no difference.
///
/// # Errors
/// What the database meets.
pub fn by_name(read: &Read<'_>, name: &str) -> Result<Option<Integration>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM integration WHERE name_key = ?1"),
        [fold(name.trim())],
        integration,
    )
}

/// Up to which moment of the site's own time its changes are known; none before the first look.
///
/// # Errors
/// What the database meets.
pub fn heard_until(read: &Read<'_>, id: IntegrationId) -> Result<Option<Timestamp>, StoreError> {
    let heard = read.one(
        "SELECT heard_until FROM integration WHERE integration_id = ?1",
        [id.0],
        |row| row.moment_opt(0),
    )?;
    Ok(heard.flatten())
}

/// Notes up to which moment of the site's own time its changes are known. Belongs in the transaction that marks them.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_heard_until(
    tx: &WriteTx<'_>,
    id: IntegrationId,
    until: Timestamp,
) -> Result<(), StoreError> {
    tx.change(
        "integration",
        id,
        "UPDATE integration SET heard_until = ?2 WHERE integration_id = ?1",
        params![id.0, ms(Some(until))],
    )
}

/// What becomes of pairs whose issues leave what the integration is about; [`OutOfScope::Keep`] if there is none.
///
/// # Errors
/// What the database meets.
pub fn out_of_scope(read: &Read<'_>, id: IntegrationId) -> Result<OutOfScope, StoreError> {
    let policy = read.one(
        "SELECT out_of_scope FROM integration WHERE integration_id = ?1",
        [id.0],
        |row| row.code(0),
    )?;
    Ok(policy.unwrap_or_default())
}

/// Chooses what becomes of pairs whose issues leave what the integration is about.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_out_of_scope(
    tx: &WriteTx<'_>,
    id: IntegrationId,
    policy: OutOfScope,
) -> Result<(), StoreError> {
    tx.change(
        "integration",
        id,
        "UPDATE integration SET out_of_scope = ?2 WHERE integration_id = ?1",
        params![id.0, policy.code()],
    )
}

/// Adds an integration.
///
/// # Errors
/// [`StoreError::Constraint`] if the name is empty or taken, or the connection or area does not exist.
pub fn create(
    tx: &WriteTx<'_>,
    data: &IntegrationData,
    now: Timestamp,
) -> Result<IntegrationId, StoreError> {
    let id = tx.insert(
        "INSERT INTO integration
         (connection_id, name, name_key, project_id, project_key, created_at, updated_at)
         VALUES (?1, ?2, ?3, '', '', ?4, ?4)",
        params![
            data.connection.0,
            data.name.trim(),
            fold(data.name.trim()),
            ms(Some(now))
        ],
    )?;
    update(tx, IntegrationId(id), data, now)?;
    Ok(IntegrationId(id))
}

/// Replaces what the admin chose.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] as in [`create`].
pub fn update(
    tx: &WriteTx<'_>,
    id: IntegrationId,
    data: &IntegrationData,
    now: Timestamp,
) -> Result<(), StoreError> {
    let name = data.name.trim();
    let board = data.board.as_ref();
    tx.change(
        "integration",
        id,
        "UPDATE integration SET connection_id = ?2, name = ?3, name_key = ?4, project_id = ?5,
         project_key = ?6, project_name = ?7, board_id = ?8, board_name = ?9, jql = ?10,
         include_closed = ?11, area_id = ?12, updated_at = ?13 WHERE integration_id = ?1",
        params![
            id.0,
            data.connection.0,
            name,
            fold(name),
            data.project_id,
            data.project_key,
            data.project_name,
            board.map(|board| board.id.as_str()).unwrap_or_default(),
            board.map(|board| board.name.as_str()).unwrap_or_default(),
            data.jql,
            data.include_closed,
            data.area.map(|area| area.0),
            ms(Some(now)),
        ],
    )
}

/// Lets an integration rest, or go on.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_paused(tx: &WriteTx<'_>, id: IntegrationId, is_paused: bool) -> Result<(), StoreError> {
    tx.change(
        "integration",
        id,
        "UPDATE integration SET is_paused = ?2 WHERE integration_id = ?1",
        params![id.0, is_paused],
    )
}

/// Deletes an integration with its mapping, its runs and their journal. Pairs stay, without it.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn delete(tx: &WriteTx<'_>, id: IntegrationId) -> Result<(), StoreError> {
    tx.change(
        "integration",
        id,
        "DELETE FROM integration WHERE integration_id = ?1",
        [id.0],
    )
}

fn integration(row: &Row<'_>) -> Result<Integration, StoreError> {
    let board = match row.text_opt(6)? {
        None => None,
        Some(id) => Some(Board {
            id,
            name: row.get(7)?,
        }),
    };
    Ok(Integration {
        id: IntegrationId(row.get(0)?),
        data: IntegrationData {
            connection: ConnectionId(row.get(1)?),
            name: row.get(2)?,
            project_id: row.get(3)?,
            project_key: row.get(4)?,
            project_name: row.get(5)?,
            board,
            jql: row.get(8)?,
            include_closed: row.get(9)?,
            area: row.get::<_, Option<i64>>(10)?.map(AreaId),
        },
        created_at: row.moment(11)?,
        updated_at: row.moment(12)?,
        is_paused: row.get(13)?,
    })
}
