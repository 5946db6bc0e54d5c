//! Pairs of an item and an issue.

use crate::code::{Code as _, codes};
use crate::error::StoreError;
use crate::id::{ConnectionId, IntegrationId, LinkId};
use crate::sql::{Columns as _, Read, WriteTx, count, json_numbers, json_texts, ms};
use crate::table::run::{RunKind, RunState};
use jiff::Timestamp;
use rusqlite::{Row, params};
use std::collections::BTreeMap;
use workspace::{ItemId, ItemTypeId};

pub(crate) const V1: &str = "CREATE TABLE link (
-- An item and an issue that are the same thing. A severed pair stays: it is offered for linking again.
link_id           INTEGER PRIMARY KEY AUTOINCREMENT,
item_id           INTEGER NOT NULL REFERENCES item (item_id) ON DELETE CASCADE,
integration_id    INTEGER REFERENCES integration (integration_id) ON DELETE SET NULL,
connection_id     INTEGER NOT NULL REFERENCES connection (connection_id),
remote_id         TEXT    NOT NULL,            -- never changes
remote_key        TEXT    NOT NULL,            -- changes when the issue moves
remote_type       TEXT    NOT NULL DEFAULT '', -- id of its type
remote_updated_at INTEGER,                     -- NULL: the remote did not say
severed_reason    TEXT    NOT NULL DEFAULT '', -- empty: linked
base_parent       INTEGER,                     -- the parent that both sides last agreed on; NULL: none
created_at        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX link_remote ON link (connection_id, remote_id) WHERE severed_reason = '';
CREATE INDEX link_severed ON link (connection_id, remote_id) WHERE severed_reason <> '';
CREATE UNIQUE INDEX link_item ON link (item_id, connection_id) WHERE severed_reason = '';
CREATE INDEX link_item_all ON link (item_id);
CREATE INDEX link_integration ON link (integration_id, item_id)";

/// An issue that names its parent by key is looked up by it.
pub(crate) const V2: &str = "CREATE INDEX link_key ON link (connection_id, remote_key)
  WHERE severed_reason = ''";

/// When a pair was severed, and whether somebody has put it out of sight since.
pub(crate) const V5: &str =
    "ALTER TABLE link ADD COLUMN severed_at INTEGER; -- NULL: linked, or nobody noted it
ALTER TABLE link ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0";

const COLUMNS: &str = "link_id, item_id, integration_id, connection_id, remote_id, remote_key,
    remote_type, remote_updated_at, severed_reason, base_parent, created_at, severed_at";

/// Why a pair was severed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeverReason {
    /// The issue was deleted.
    DeletedThere,
    /// The item was deleted.
    DeletedHere,
    /// The issue was moved to a project that is not integrated.
    MovedAway,
    /// The issue no longer meets the integration's JQL.
    OutOfScope,
    /// The account may no longer see the issue.
    NoPermission,
    /// The connection was removed.
    ConnectionRemoved,
    /// Somebody disconnected it.
    ByHand,
}

codes! {
    SeverReason, "reason of a severed pair" {
        DeletedThere = "deleted_there", DeletedHere = "deleted_here", MovedAway = "moved_away",
        OutOfScope = "out_of_scope", NoPermission = "no_permission",
        ConnectionRemoved = "connection_removed", ByHand = "by_hand",
    }
}

/// Whether a pair is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkState {
    /// It is.
    Linked,
    /// It was.
    Severed(SeverReason),
}

/// A pair that does not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// The item.
    pub item: ItemId,
    /// Through which integration.
    pub integration: IntegrationId,
    /// At which site.
    pub connection: ConnectionId,
    /// The issue's id, which never changes.
    pub remote_id: String,
    /// What the remote says about the issue itself.
    pub seen: Seen,
    /// The parent that both sides agree on, in terms of the workspace; none for the top.
    pub base_parent: Option<ItemId>,
    /// When the pair is made.
    pub created_at: Timestamp,
}

/// What a remote last said about an issue itself, its fields aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The key that people know.
    pub key: String,
    /// Id of its type.
    pub remote_type: String,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// A pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Identity.
    pub id: LinkId,
    /// The item.
    pub item: ItemId,
    /// Through which integration; none if that was deleted.
    pub integration: Option<IntegrationId>,
    /// At which site.
    pub connection: ConnectionId,
    /// The issue's id, which never changes.
    pub remote_id: String,
    /// What the remote last said about the issue itself.
    pub seen: Seen,
    /// Whether it is in force.
    pub state: LinkState,
    /// The parent that both sides last agreed on; none for the top. It may have gone since.
    pub base_parent: Option<ItemId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was severed; none if it is in force, or if that was before anybody noted it.
    pub severed_at: Option<Timestamp>,
}

/// The item of a pair, and no more of it than what a part of it has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkedItem {
    /// The item.
    pub item: ItemId,
    /// Its type.
    pub item_type: ItemTypeId,
}

/// Makes a pair.
///
/// # Errors
/// [`StoreError::Constraint`] if the issue or the item is linked already, or something does not exist.
pub fn insert(tx: &WriteTx<'_>, new: &NewLink) -> Result<LinkId, StoreError> {
    let id = insert_row(tx, new)?;
    tx.run(
        "UPDATE item SET key_text = trim(key_text || ' ' || ?2) WHERE item_id = ?1",
        params![new.item.0, new.seen.key],
    )?;
    Ok(id)
}

/// Makes a pair of an item that has its key already.
pub(crate) fn insert_row(tx: &WriteTx<'_>, new: &NewLink) -> Result<LinkId, StoreError> {
    tx.insert(
        "INSERT INTO link (item_id, integration_id, connection_id, remote_id, remote_key, remote_type,
         remote_updated_at, base_parent, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            new.item.0,
            new.integration.0,
            new.connection.0,
            new.remote_id,
            new.seen.key,
            new.seen.remote_type,
            ms(new.seen.updated_at),
            new.base_parent.map(|id| id.0),
            ms(Some(new.created_at)),
        ],
    )
    .map(LinkId)
}

/// One pair.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, id: LinkId) -> Result<Option<Link>, StoreError> {
    read.one(
        &format!("SELECT {COLUMNS} FROM link WHERE link_id = ?1"),
        [id.0],
        link,
    )
}

/// The pairs in force of some issues of a site, by the issue's id.
///
/// # Errors
/// What the database meets.
pub fn by_remote_ids<S: AsRef<str>>(
    read: &Read<'_>,
    connection: ConnectionId,
    remote_ids: &[S],
) -> Result<BTreeMap<String, Link>, StoreError> {
    let links = read.all(
        &format!(
            "SELECT {COLUMNS} FROM link WHERE connection_id = ?1 AND severed_reason = ''
             AND remote_id IN (SELECT value FROM json_each(?2))"
        ),
        params![connection.0, json_texts(remote_ids)],
        link,
    )?;
    Ok(links
        .into_iter()
        .map(|link| (link.remote_id.clone(), link))
        .collect())
}

/// The items that some issues of a site are linked to, by the issue's id.
///
/// # Errors
/// What the database meets.
pub fn items_by_remote_ids<S: AsRef<str>>(
    read: &Read<'_>,
    connection: ConnectionId,
    remote_ids: &[S],
) -> Result<BTreeMap<String, LinkedItem>, StoreError> {
    let items = read.all(
        "SELECT remote_id, item_id, item_type_id FROM link JOIN item USING (item_id)
         WHERE connection_id = ?1 AND severed_reason = ''
         AND remote_id IN (SELECT value FROM json_each(?2))",
        params![connection.0, json_texts(remote_ids)],
        linked_item,
    )?;
    Ok(items.into_iter().collect())
}

/// As [`items_by_remote_ids`], by the key that each issue had when it was last seen. Of several issues that
/// had one key, the one that was linked last has it.
///
/// # Errors
/// What the database meets.
pub fn items_by_remote_keys<S: AsRef<str>>(
    read: &Read<'_>,
    connection: ConnectionId,
    remote_keys: &[S],
) -> Result<BTreeMap<String, LinkedItem>, StoreError> {
    let items = read.all(
        "SELECT remote_key, item_id, item_type_id FROM link JOIN item USING (item_id)
         WHERE connection_id = ?1 AND severed_reason = ''
         AND remote_key IN (SELECT value FROM json_each(?2)) ORDER BY link_id",
        params![connection.0, json_texts(remote_keys)],
        linked_item,
    )?;
    Ok(items.into_iter().collect())
}

/// How a site names one of its issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'n> {
    /// By its id.
    Id(&'n str),
    /// By the key that it had when it was last seen.
    Key(&'n str),
}

/// Whether an item is or ever was paired with an issue of a site, also where the pair is severed or went with the item.
///
/// # Errors
/// What the database meets.
pub fn was_paired(
    read: &Read<'_>,
    item: ItemId,
    connection: ConnectionId,
    issue: Named<'_>,
) -> Result<bool, StoreError> {
    let (column, name) = match issue {
        Named::Id(id) => ("remote_id", id),
        Named::Key(key) => ("remote_key", key),
    };
    let of = |table| {
        format!(
            "EXISTS (SELECT 1 FROM {table} WHERE item_id = ?1 AND connection_id = ?2
             AND {column} = ?3)"
        )
    };
    let found = read.number(
        &format!("SELECT {} OR {}", of("link"), of("deleted_link")),
        params![item.0, connection.0, name],
    )?;
    Ok(found > 0)
}

/// The items of the last severed pairs of some issues of a site that no pair in force has, by the issue's id: what an
/// import tells of and leaves alone. Those whose item was deleted are among them.
///
/// # Errors
/// What the database meets.
pub fn severed_by_remote_ids<S: AsRef<str>>(
    read: &Read<'_>,
    connection: ConnectionId,
    remote_ids: &[S],
) -> Result<BTreeMap<String, ItemId>, StoreError> {
    let items = read.all(
        "SELECT remote_id, item_id FROM (
           SELECT remote_id, item_id, link_id FROM link
           WHERE connection_id = ?1 AND severed_reason <> ''
           AND remote_id IN (SELECT value FROM json_each(?2))
           UNION ALL
           SELECT remote_id, item_id, link_id FROM deleted_link
           WHERE connection_id = ?1 AND remote_id IN (SELECT value FROM json_each(?2))
         ) AS severed
         WHERE NOT EXISTS (SELECT 1 FROM link AS other WHERE other.connection_id = ?1
           AND other.remote_id = severed.remote_id AND other.severed_reason = '')
         ORDER BY link_id",
        params![connection.0, json_texts(remote_ids)],
        |row| Ok((row.get(0)?, ItemId(row.get(1)?))),
    )?;
    Ok(items.into_iter().collect())
}

/// All pairs of an item, severed ones included, in the order in which they were made.
///
/// # Errors
/// What the database meets.
pub fn by_item(read: &Read<'_>, item: ItemId) -> Result<Vec<Link>, StoreError> {
    let mut links = by_items(read, &[item])?;
    Ok(links.remove(&item).unwrap_or_default())
}

/// As [`by_item`], of many items; those without pairs are left out.
///
/// # Errors
/// What the database meets.
pub fn by_items(
    read: &Read<'_>,
    items: &[ItemId],
) -> Result<BTreeMap<ItemId, Vec<Link>>, StoreError> {
    let links = read.all(
        &format!(
            "SELECT {COLUMNS} FROM link WHERE item_id IN (SELECT value FROM json_each(?1))
             ORDER BY link_id"
        ),
        [json_numbers(items.iter().map(|id| id.0))],
        link,
    )?;
    let mut by_item: BTreeMap<ItemId, Vec<Link>> = BTreeMap::new();
    for link in links {
        by_item.entry(link.item).or_default().push(link);
    }
    Ok(by_item)
}

/// When an issue of an integration that is in force last changed, as far as is known; none if none is linked.
///
/// # Errors
/// What the database meets.
pub fn last_change(
    read: &Read<'_>,
    integration: IntegrationId,
) -> Result<Option<Timestamp>, StoreError> {
    let last = read.one(
        "SELECT max(remote_updated_at) FROM link WHERE integration_id = ?1 AND severed_reason = ''",
        [integration.0],
        |row| row.moment_opt(0),
    )?;
    Ok(last.flatten())
}

/// Whether anything was ever brought in through an integration: a pair was made, or an import went through. A pair that was
/// made before it, and is linked again through it or offered for that, does not count.
///
/// # Errors
/// What the database meets.
pub fn is_any_of_integration(
    read: &Read<'_>,
    integration: IntegrationId,
) -> Result<bool, StoreError> {
    let found = read.number(
        "SELECT EXISTS (SELECT 1 FROM link JOIN integration USING (integration_id)
           WHERE integration_id = ?1 AND link.created_at >= integration.created_at)
         OR EXISTS (SELECT 1 FROM run
           WHERE integration_id = ?1 AND kind = ?2 AND state = ?3)",
        params![integration.0, RunKind::Import.code(), RunState::Done.code()],
    )?;
    Ok(found > 0)
}

/// How many pairs are in force through an integration.
///
/// # Errors
/// What the database meets.
pub fn count_of_integration(
    read: &Read<'_>,
    integration: IntegrationId,
) -> Result<u64, StoreError> {
    read.number(
        "SELECT count(*) FROM link WHERE integration_id = ?1 AND severed_reason = ''",
        [integration.0],
    )
    .map(count)
}

/// Raw statuses of the items that are linked through an integration, with how many have each.
///
/// # Errors
/// What the database meets.
pub fn statuses_of_integration(
    read: &Read<'_>,
    integration: IntegrationId,
) -> Result<BTreeMap<String, u64>, StoreError> {
    let found = read.all(
        "SELECT item.dev_status, count(*) FROM link JOIN item USING (item_id)
         WHERE link.integration_id = ?1 AND link.severed_reason = '' GROUP BY 1",
        [integration.0],
        |row| Ok((row.get(0)?, count(row.get(1)?))),
    )?;
    Ok(found.into_iter().collect())
}

/// Notes what the remote now says about an issue itself.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_seen(tx: &WriteTx<'_>, id: LinkId, seen: &Seen) -> Result<(), StoreError> {
    let before = get(tx, id)?.ok_or_else(|| StoreError::not_found("link", id))?;
    if before.seen == *seen {
        return Ok(());
    }
    tx.run(
        "UPDATE link SET remote_key = ?2, remote_type = ?3, remote_updated_at = ?4
         WHERE link_id = ?1",
        params![id.0, seen.key, seen.remote_type, ms(seen.updated_at)],
    )?;
    if before.seen.key != seen.key {
        rewrite_keys(tx, before.item)?;
    }
    Ok(())
}

/// Notes the parent that both sides now agree on.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_base_parent(
    tx: &WriteTx<'_>,
    id: LinkId,
    parent: Option<ItemId>,
) -> Result<(), StoreError> {
    tx.change(
        "link",
        id,
        "UPDATE link SET base_parent = ?2 WHERE link_id = ?1",
        params![id.0, parent.map(|id| id.0)],
    )
}

/// Severs a pair; its memory stays, its conflicts go.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn sever(
    tx: &WriteTx<'_>,
    id: LinkId,
    reason: SeverReason,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.change(
        "link",
        id,
        "UPDATE link SET severed_reason = ?2, severed_at = ?3, dismissed = 0 WHERE link_id = ?1",
        params![id.0, reason.code(), ms(Some(now))],
    )?;
    let link = get(tx, id)?.ok_or_else(|| StoreError::not_found("link", id))?;
    tx.run("DELETE FROM conflict WHERE link_id = ?1", [id.0])?;
    rewrite_keys(tx, link.item)
}

/// Puts a severed pair in force again, with what it remembers.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::Constraint`] if the item or the issue is linked otherwise by now.
pub fn revive(tx: &WriteTx<'_>, id: LinkId, integration: IntegrationId) -> Result<(), StoreError> {
    tx.change(
        "link",
        id,
        "UPDATE link SET severed_reason = '', severed_at = NULL, dismissed = 0, integration_id = ?2
         WHERE link_id = ?1",
        params![id.0, integration.0],
    )?;
    let link = get(tx, id)?.ok_or_else(|| StoreError::not_found("link", id))?;
    rewrite_keys(tx, link.item)
}

/// Hands a pair over to the integration of the project in which its issue is now.
///
/// # Errors
/// [`StoreError::NotFound`].
pub fn set_integration(
    tx: &WriteTx<'_>,
    id: LinkId,
    integration: IntegrationId,
) -> Result<(), StoreError> {
    tx.change(
        "link",
        id,
        "UPDATE link SET integration_id = ?2 WHERE link_id = ?1",
        params![id.0, integration.0],
    )
}

/// Forgets a severed pair with all that it remembers: nothing tells any more that the two were one.
///
/// # Errors
/// What the database meets.
pub fn forget(tx: &WriteTx<'_>, id: LinkId) -> Result<(), StoreError> {
    tx.run(
        "DELETE FROM link WHERE link_id = ?1 AND severed_reason <> ''",
        [id.0],
    )?;
    Ok(())
}

/// Some pair in force of an integration that was seen most lately, none of these issues: to see whether the project
/// can still be read.
///
/// # Errors
/// What the database meets.
pub fn another<S: AsRef<str>>(
    read: &Read<'_>,
    integration: IntegrationId,
    but: &[S],
    limit: u32,
) -> Result<Vec<String>, StoreError> {
    read.all(
        "SELECT remote_id FROM link WHERE integration_id = ?1 AND severed_reason = ''
         AND remote_id NOT IN (SELECT value FROM json_each(?2))
         AND remote_id NOT IN (SELECT remote_id FROM absence WHERE integration_id = ?1)
         ORDER BY item_id DESC LIMIT ?3",
        params![integration.0, json_texts(but), limit],
        |row| Ok(row.get(0)?),
    )
}

pub(crate) fn rewrite_keys(tx: &WriteTx<'_>, item: ItemId) -> Result<(), StoreError> {
    tx.run(
        "UPDATE item SET key_text = ifnull((SELECT group_concat(remote_key, ' ' ORDER BY link_id)
         FROM link WHERE item_id = ?1 AND severed_reason = ''), '') WHERE item_id = ?1",
        [item.0],
    )?;
    Ok(())
}

fn linked_item(row: &Row<'_>) -> Result<(String, LinkedItem), StoreError> {
    let linked = LinkedItem {
        item: ItemId(row.get(1)?),
        item_type: ItemTypeId(row.get(2)?),
    };
    Ok((row.get(0)?, linked))
}

fn link(row: &Row<'_>) -> Result<Link, StoreError> {
    Ok(Link {
        id: LinkId(row.get(0)?),
        item: ItemId(row.get(1)?),
        integration: row.get::<_, Option<i64>>(2)?.map(IntegrationId),
        connection: ConnectionId(row.get(3)?),
        remote_id: row.get(4)?,
        seen: Seen {
            key: row.get(5)?,
            remote_type: row.get(6)?,
            updated_at: row.moment_opt(7)?,
        },
        state: row
            .code_opt(8)?
            .map_or(LinkState::Linked, LinkState::Severed),
        base_parent: row.get::<_, Option<i64>>(9)?.map(ItemId),
        created_at: row.moment(10)?,
        severed_at: row.moment_opt(11)?,
    })
}
