//! Severed pairs as somebody looks at them: those of items that live on, and those of items that were deleted here.

use crate::code::Code as _;
use crate::error::StoreError;
use crate::fold::fold;
use crate::id::{ConnectionId, IntegrationId, LinkId};
use crate::sql::{Columns as _, Read, WriteTx, count, json_numbers};
use crate::table::link::SeverReason;
use jiff::Timestamp;
use rusqlite::{Row, params};
use workspace::{ItemId, ItemTypeId};

/// The two kinds of rows in one: `item_gone` is 1 for items that were deleted here. A pair whose issue is linked anew,
/// or whose item is at the same site, has had its time.
const SEVERED: &str = "FROM (
  SELECT link_id, item_id, item_type_id, title, title_key, 0 AS item_gone, link.integration_id, connection_id,
    remote_id, remote_key, severed_reason, severed_at, dismissed
  FROM link JOIN item USING (item_id) WHERE severed_reason <> ''
  UNION ALL
  SELECT link_id, item_id, item_type_id, title, title_key, 1, deleted_link.integration_id, connection_id,
    remote_id, remote_key, 'deleted_here', deleted_at, dismissed
  FROM deleted_link JOIN deleted_item USING (item_id)
) AS pair WHERE NOT EXISTS (SELECT 1 FROM link AS other WHERE other.connection_id = pair.connection_id
  AND (other.remote_id = pair.remote_id OR other.item_id = pair.item_id) AND other.severed_reason = '')";

const COLUMNS: &str =
    "link_id, item_id, item_type_id, title, item_gone, integration_id, connection_id,
    remote_id, remote_key, severed_reason, severed_at, dismissed";

/// Which severed pairs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only those of this integration.
    pub integration: Option<IntegrationId>,
    /// Only those with this reason.
    pub reason: Option<SeverReason>,
    /// Only those whose title or key holds this; case and accents make no difference.
    pub search: String,
    /// Those that were put out of sight, instead of the others.
    pub dismissed: bool,
}

/// A severed pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeveredPair {
    /// The pair.
    pub link: LinkId,
    /// Its item.
    pub item: ItemId,
    /// The item's type.
    pub item_type: ItemTypeId,
    /// The item's title.
    pub title: String,
    /// Whether the item was deleted here.
    pub item_gone: bool,
    /// Through which integration it was; none if that is gone.
    pub integration: Option<IntegrationId>,
    /// At which site.
    pub connection: ConnectionId,
    /// The id.
    pub remote_id: String,
    /// The key as it was last seen.
    pub key: String,
    /// Why.
    pub reason: SeverReason,
    /// Since when; none if nobody noted it.
    pub severed_at: Option<Timestamp>,
    /// Whether somebody has put it out of sight.
    pub dismissed: bool,
}

/// Severed pairs, the latest first.
///
/// # Errors
/// What the database meets.
pub fn list(read: &Read<'_>, filter: &Filter, limit: u32) -> Result<Vec<SeveredPair>, StoreError> {
    let words = fold(filter.search.trim());
    read.all(
        &format!(
            "SELECT {COLUMNS} {SEVERED} AND dismissed = ?1 AND (?2 IS NULL OR integration_id = ?2)
             AND (?3 IS NULL OR severed_reason = ?3)
             AND (?4 = '' OR instr(title_key, ?4) > 0 OR instr(lower(remote_key), ?4) > 0)
             ORDER BY severed_at DESC, link_id DESC LIMIT ?5"
        ),
        params![
            filter.dismissed,
            filter.integration.map(|id| id.0),
            filter.reason.map(SeverReason::code),
            words,
            limit
        ],
        pair,
    )
}

/// Some severed pairs, by their numbers; those that are in force or gone are left out.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, links: &[LinkId]) -> Result<Vec<SeveredPair>, StoreError> {
    read.all(
        &format!(
            "SELECT {COLUMNS} {SEVERED} AND link_id IN (SELECT value FROM json_each(?1))
             ORDER BY link_id"
        ),
        [json_numbers(links.iter().map(|id| id.0))],
        pair,
    )
}

/// How many severed pairs there are that nobody has put out of sight, by integration and reason.
///
/// # Errors
/// What the database meets.
pub fn counts(
    read: &Read<'_>,
) -> Result<Vec<(Option<IntegrationId>, SeverReason, u64)>, StoreError> {
    read.all(
        &format!(
            "SELECT integration_id, severed_reason, count(*) {SEVERED} AND dismissed = 0
             GROUP BY 1, 2 ORDER BY 1, 2"
        ),
        [],
        |row| {
            Ok((
                row.get::<_, Option<i64>>(0)?.map(IntegrationId),
                row.code(1)?,
                count(row.get(2)?),
            ))
        },
    )
}

/// How many severed pairs of an integration there are for one reason that nobody has put out of sight.
///
/// # Errors
/// What the database meets.
pub fn count_of(
    read: &Read<'_>,
    integration: IntegrationId,
    reason: SeverReason,
) -> Result<u64, StoreError> {
    read.number(
        &format!(
            "SELECT count(*) {SEVERED} AND dismissed = 0 AND integration_id = ?1 AND severed_reason = ?2"
        ),
        params![integration.0, reason.code()],
    )
    .map(count)
}

/// Puts severed pairs out of sight, or back; gives how many there were.
///
/// # Errors
/// What the database meets.
pub fn set_dismissed(
    tx: &WriteTx<'_>,
    links: &[LinkId],
    dismissed: bool,
) -> Result<u64, StoreError> {
    let ids = json_numbers(links.iter().map(|id| id.0));
    let mut changed = 0;
    for (table, severed) in [("link", "severed_reason <> ''"), ("deleted_link", "1")] {
        changed += tx.run(
            &format!(
                "UPDATE {table} SET dismissed = ?2 WHERE link_id IN (SELECT value FROM json_each(?1))
                 AND {severed} AND dismissed <> ?2"
            ),
            params![ids, dismissed],
        )?;
    }
    Ok(changed as u64)
}

fn pair(row: &Row<'_>) -> Result<SeveredPair, StoreError> {
    Ok(SeveredPair {
        link: LinkId(row.get(0)?),
        item: ItemId(row.get(1)?),
        item_type: ItemTypeId(row.get(2)?),
        title: row.get(3)?,
        item_gone: row.get(4)?,
        integration: row.get::<_, Option<i64>>(5)?.map(IntegrationId),
        connection: ConnectionId(row.get(6)?),
        remote_id: row.get(7)?,
        key: row.get(8)?,
        reason: row.code(9)?,
        severed_at: row.moment_opt(10)?,
        dismissed: row.get(11)?,
    })
}
