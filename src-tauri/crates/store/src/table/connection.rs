//! Connections to sites.

use crate::code::{Code as _, codes};
use crate::error::StoreError;
use crate::fold::fold;
use crate::id::ConnectionId;
use crate::sql::{Columns as _, Read, WriteTx, ms};
use jiff::Timestamp;
use rusqlite::{Row, named_params, params};

pub(crate) const V1: &str = "CREATE TABLE connection (
-- A connection to a site. The secret is in the keyring and nowhere else; here is only its name there.
connection_id       INTEGER PRIMARY KEY AUTOINCREMENT,
name                TEXT    NOT NULL CHECK (name <> ''),
name_key            TEXT    NOT NULL UNIQUE,     -- the name folded
kind                TEXT    NOT NULL,
site_url            TEXT    NOT NULL,            -- what people open, with the context path
api_base            TEXT    NOT NULL,            -- what requests go to: the site, or Atlassian's gateway
display_url         TEXT    NOT NULL DEFAULT '', -- what the site itself says that it is
version             TEXT    NOT NULL DEFAULT '', -- what the site says it runs
auth                TEXT    NOT NULL,
login               TEXT    NOT NULL DEFAULT '', -- e-mail or user name; empty for a personal access token
account_id          TEXT    NOT NULL DEFAULT '',
account_name        TEXT    NOT NULL DEFAULT '',
time_zone           TEXT    NOT NULL DEFAULT '', -- of the account; JQL reads days and hours in it
ca_pem              TEXT    NOT NULL DEFAULT '',
proxy               TEXT    NOT NULL DEFAULT '', -- without credentials
has_client_identity INTEGER NOT NULL DEFAULT 0,  -- whether the keyring holds a client certificate for it
practice_face       TEXT    NOT NULL DEFAULT '', -- empty: a real site
practice_issues     INTEGER NOT NULL DEFAULT 0,
practice_seed       INTEGER NOT NULL DEFAULT 0,
secret_ref          TEXT    NOT NULL,            -- under which the keyring holds the secret
stopped_code        TEXT    NOT NULL DEFAULT '', -- empty: it works
stopped_detail      TEXT    NOT NULL DEFAULT '',
created_at          INTEGER NOT NULL,
checked_at          INTEGER                      -- NULL: never
) STRICT";

const COLUMNS: &str = "connection_id, name, kind, site_url, api_base, display_url, version, auth, login,
    account_id, account_name, time_zone, ca_pem, proxy, has_client_identity, practice_face,
    practice_issues, practice_seed, secret_ref, stopped_code, stopped_detail, created_at, checked_at";

/// What a site runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteKind {
    /// Jira Cloud.
    Cloud,
    /// Jira Server or Data Center.
    DataCenter,
}

/// How a connection says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuthKind {
    /// E-mail address and API token, on Cloud.
    CloudToken,
    /// User name and password, on Server and Data Center.
    Password,
    /// A personal access token, on Data Center.
    Pat,
}

codes! {
    SiteKind, "kind of site" { Cloud = "cloud", DataCenter = "data_center" }
    AuthKind, "kind of credentials" {
        CloudToken = "cloud_token", Password = "password", Pat = "pat",
    }
}

/// A practice site: simulated, made anew from these whenever it is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Practice {
    /// Which kind of site it plays.
    pub face: SiteKind,
    /// How many issues it has.
    pub issues: u32,
    /// What its content is drawn from. At most 2^63 - 1.
    pub seed: u64,
}

/// Whether a connection works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionState {
    /// It does, as far as is known.
    Working,
    /// It was stopped: somebody has to do something first.
    Stopped {
        /// Error code, one of the closed list on the wire.
        code: String,
        /// More words.
        detail: String,
    },
}

/// What is known of a connection before the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionData {
    /// Name, unique whatever its case and accents.
    pub name: String,
    /// What the site runs.
    pub kind: SiteKind,
    /// What people open, with the context path, without a slash at the end.
    pub site_url: String,
    /// What requests go to: the same, or Atlassian's gateway.
    pub api_base: String,
    /// What the site itself says that it is; empty if unknown.
    pub display_url: String,
    /// What the site says it runs; empty if unknown.
    pub version: String,
    /// How it says who it is.
    pub auth: AuthKind,
    /// E-mail address or user name; empty for a personal access token.
    pub login: String,
    /// The account's id at the site.
    pub account_id: String,
    /// The account's name.
    pub account_name: String,
    /// The account's time zone, for example `Europe/Berlin`; empty if unknown.
    pub time_zone: String,
    /// Certificates to trust beside the system's, as PEM.
    pub ca_pem: Option<String>,
    /// Proxy, as a URL without credentials.
    pub proxy: Option<String>,
    /// Whether the keyring holds a client certificate for it.
    pub has_client_identity: bool,
    /// For a practice site; none for a real one.
    pub practice: Option<Practice>,
    /// Under which name the keyring holds the secret.
    pub secret_ref: String,
}

/// A connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Identity.
    pub id: ConnectionId,
    /// All that the admin and the site say about it.
    pub data: ConnectionData,
    /// Whether it works.
    pub state: ConnectionState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last tried.
    pub checked_at: Option<Timestamp>,
}

/// All connections in the order in which they were made.
///
/// # Errors
/// What the database meets.
pub fn list(read: &Read<'_>) -> Result<Vec<Connection>, StoreError> {
    read.all(
        &format!("SELECT {COLUMNS} FROM connection WHERE secret_ref <> '' ORDER BY connection_id"),
        [],
        connection,
    )
}

/// One connection.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, id: ConnectionId) -> Result<Option<Connection>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM connection WHERE connection_id = ?1 AND secret_ref <> ''"),
        [id.0],
        connection,
    )
}

/// Connections that were removed and are remembered for their pairs: see [`retire`].
///
/// # Errors
/// What the database meets.
pub fn retired(read: &Read<'_>) -> Result<Vec<Connection>, StoreError> {
    read.all(
        &format!("SELECT {COLUMNS} FROM connection WHERE secret_ref = '' ORDER BY connection_id"),
        [],
        connection,
    )
}

/// The connection of a name; case and accents make no difference.
///
/// # Errors
/// What the database meets.
pub fn by_name(read: &Read<'_>, name: &str) -> Result<Option<Connection>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM connection WHERE name_key = ?1"),
        [fold(name.trim())],
        connection,
    )
}

/// Adds a connection that works.
///
/// # Errors
/// [`StoreError::Constraint`] if the name is empty or taken.
pub fn create(
    tx: &WriteTx<'_>,
    data: &ConnectionData,
    now: Timestamp,
) -> Result<ConnectionId, StoreError> {
    let id = tx.insert(
        "INSERT INTO connection (name, name_key, kind, site_url, api_base, auth, secret_ref, created_at)
         VALUES (?1, ?2, '', '', '', '', '', ?3)",
        params![data.name.trim(), fold(data.name.trim()), ms(Some(now))],
    )?;
    update(tx, ConnectionId(id), data)?;
    Ok(ConnectionId(id))
}

/// Replaces what the admin and the site say about a connection.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if the name is empty or taken.
pub fn update(tx: &WriteTx<'_>, id: ConnectionId, data: &ConnectionData) -> Result<(), StoreError> {
    let name = data.name.trim();
    let seed = data.practice.map_or(0, |practice| practice.seed);
    tx.change(
        "connection",
        id,
        "UPDATE connection SET name = :name, name_key = :name_key, kind = :kind, site_url = :site_url,
         api_base = :api_base, display_url = :display_url, version = :version, auth = :auth,
         login = :login, account_id = :account_id, account_name = :account_name,
         time_zone = :time_zone, ca_pem = :ca_pem, proxy = :proxy,
         has_client_identity = :has_client_identity, practice_face = :practice_face,
         practice_issues = :practice_issues, practice_seed = :practice_seed,
         secret_ref = :secret_ref WHERE connection_id = :id",
        named_params! {
            ":id": id.0,
            ":name": name,
            ":name_key": fold(name),
            ":kind": data.kind.code(),
            ":site_url": data.site_url,
            ":api_base": data.api_base,
            ":display_url": data.display_url,
            ":version": data.version,
            ":auth": data.auth.code(),
            ":login": data.login,
            ":account_id": data.account_id,
            ":account_name": data.account_name,
            ":time_zone": data.time_zone,
            ":ca_pem": data.ca_pem.as_deref().unwrap_or_default(),
            ":proxy": data.proxy.as_deref().unwrap_or_default(),
            ":has_client_identity": data.has_client_identity,
            ":practice_face": data.practice.map(|practice| practice.face.code()).unwrap_or_default(),
            ":practice_issues": data.practice.map_or(0, |practice| practice.issues),
            ":practice_seed": i64::try_from(seed).unwrap_or(i64::MAX),
            ":secret_ref": data.secret_ref,
        },
    )
}

/// Notes how a try went.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_state(
    tx: &WriteTx<'_>,
    id: ConnectionId,
    state: &ConnectionState,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (code, detail) = match state {
        ConnectionState::Working => ("", ""),
        ConnectionState::Stopped { code, detail } => (code.as_str(), detail.as_str()),
    };
    tx.change(
        "connection",
        id,
        "UPDATE connection SET stopped_code = ?2, stopped_detail = ?3, checked_at = ?4
         WHERE connection_id = ?1",
        params![id.0, code, detail, ms(Some(now))],
    )
}

/// Removes a connection that has severed pairs: it is none any more, its name is free, and who we were there is
/// forgotten. Which site it was is remembered, for when somebody connects to it again. A row without the name of a
/// secret is one of these.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn retire(tx: &WriteTx<'_>, id: ConnectionId) -> Result<(), StoreError> {
    // A name that somebody gives has no blank at its beginning, so this one is in nobody's way.
    tx.change(
        "connection",
        id,
        "UPDATE connection SET name_key = ' ' || connection_id, secret_ref = '', login = '', account_id = '',
         account_name = '', time_zone = '', ca_pem = '', proxy = '', has_client_identity = 0, stopped_code = '',
         stopped_detail = '' WHERE connection_id = ?1",
        [id.0],
    )
}

/// Deletes a connection that nothing depends on any more.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if it has integrations or pairs.
pub fn delete(tx: &WriteTx<'_>, id: ConnectionId) -> Result<(), StoreError> {
    tx.change(
        "connection",
        id,
        "DELETE FROM connection WHERE connection_id = ?1",
        [id.0],
    )
}

fn connection(row: &Row<'_>) -> Result<Connection, StoreError> {
    let practice = match row.code_opt(15)? {
        None => None,
        Some(face) => Some(Practice {
            face,
            issues: row.get(16)?,
            seed: crate::sql::count(row.get(17)?),
        }),
    };
    let state = match row.text_opt(19)? {
        None => ConnectionState::Working,
        Some(code) => ConnectionState::Stopped {
            code,
            detail: row.get(20)?,
        },
    };
    Ok(Connection {
        id: ConnectionId(row.get(0)?),
        data: ConnectionData {
            name: row.get(1)?,
            kind: row.code(2)?,
            site_url: row.get(3)?,
            api_base: row.get(4)?,
            display_url: row.get(5)?,
            version: row.get(6)?,
            auth: row.code(7)?,
            login: row.get(8)?,
            account_id: row.get(9)?,
            account_name: row.get(10)?,
            time_zone: row.get(11)?,
            ca_pem: row.text_opt(12)?,
            proxy: row.text_opt(13)?,
            has_client_identity: row.get(14)?,
            practice,
            secret_ref: row.get(18)?,
        },
        state,
        created_at: row.moment(21)?,
        checked_at: row.moment_opt(22)?,
    })
}
