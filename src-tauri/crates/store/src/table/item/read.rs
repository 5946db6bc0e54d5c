//! What is read of items.

use crate::error::StoreError;
use crate::id::IntegrationId;
use crate::sql::{Columns as _, Read, count, json_numbers};
use crate::table::item_value;
use jiff::Timestamp;
use rusqlite::{Row, params};
use std::collections::BTreeMap;
use workspace::{AreaId, Item, ItemId, ItemTypeId, OptionId, Rank};

const COLUMNS: &str = "item_id, parent_id, item_type_id, area_id, rank, title, created_at";

/// One item with its values.
///
/// # Errors
/// What the database meets.
pub fn get(read: &Read<'_>, id: ItemId) -> Result<Option<Item>, StoreError> {
    Ok(get_many(read, &[id])?.pop())
}

/// Many items with their values, in ascending order of identity. Those that do not exist are left out.
///
/// # Errors
/// What the database meets.
pub fn get_many(read: &Read<'_>, ids: &[ItemId]) -> Result<Vec<Item>, StoreError> {
    let ids = json_numbers(ids.iter().map(|id| id.0));
    let items = read.all(
        &format!(
            "SELECT {COLUMNS} FROM item WHERE item_id IN (SELECT value FROM json_each(?1))
             ORDER BY item_id"
        ),
        [ids],
        item,
    )?;
    with_values(read, items)
}

/// Items with their values in ascending order of identity, from the first after `after`.
///
/// # Errors
/// What the database meets.
pub fn page(read: &Read<'_>, after: Option<ItemId>, limit: u32) -> Result<Vec<Item>, StoreError> {
    let items = read.all(
        &format!("SELECT {COLUMNS} FROM item WHERE item_id > ?1 ORDER BY item_id LIMIT ?2"),
        params![after.map_or(0, |id| id.0), limit],
        item,
    )?;
    with_values(read, items)
}

/// As [`page`], of the items that are linked through an integration.
///
/// # Errors
/// What the database meets.
pub fn page_of_integration(
    read: &Read<'_>,
    integration: IntegrationId,
    after: Option<ItemId>,
    limit: u32,
) -> Result<Vec<Item>, StoreError> {
    let items = read.all(
        &format!(
            "SELECT {COLUMNS} FROM item WHERE item_id IN (
               SELECT item_id FROM link WHERE integration_id = ?1 AND item_id > ?2
               AND severed_reason = '' ORDER BY item_id LIMIT ?3)
             ORDER BY item_id"
        ),
        params![integration.0, after.map_or(0, |id| id.0), limit],
        item,
    )?;
    with_values(read, items)
}

/// When an item last changed; none if it does not exist.
///
/// # Errors
/// What the database meets.
pub fn updated_at(read: &Read<'_>, id: ItemId) -> Result<Option<Timestamp>, StoreError> {
    read.one(
        "SELECT updated_at FROM item WHERE item_id = ?1",
        [id.0],
        |row| row.moment(0),
    )
}

/// The first parts of each of some items in their order, and how many there are. Items without parts are left out.
///
/// # Errors
/// What the database meets.
pub fn children_of(
    read: &Read<'_>,
    ids: &[ItemId],
    limit: u32,
) -> Result<BTreeMap<ItemId, (Vec<ItemId>, u64)>, StoreError> {
    let mut children: BTreeMap<ItemId, (Vec<ItemId>, u64)> = BTreeMap::new();
    read.all(
        "SELECT parent_id, item_id FROM item
         WHERE parent_id IN (SELECT value FROM json_each(?1)) ORDER BY parent_id, rank, item_id",
        [json_numbers(ids.iter().map(|id| id.0))],
        |row| {
            let (first, all) = children.entry(ItemId(row.get(0)?)).or_default();
            *all += 1;
            if first.len() < limit as usize {
                first.push(ItemId(row.get(1)?));
            }
            Ok(())
        },
    )?;
    Ok(children)
}

/// Items and all that are part of them, however deep, in ascending order of identity.
///
/// # Errors
/// What the database meets.
pub fn with_descendants(read: &Read<'_>, ids: &[ItemId]) -> Result<Vec<ItemId>, StoreError> {
    read.all(
        "WITH RECURSIVE inside (item_id) AS (
           SELECT value FROM json_each(?1)
           UNION SELECT item.item_id FROM item JOIN inside ON parent_id = inside.item_id
         ) SELECT item_id FROM inside ORDER BY item_id",
        [json_numbers(ids.iter().map(|id| id.0))],
        |row| Ok(ItemId(row.get(0)?)),
    )
}

/// The place of the last of all items, to go on after it.
///
/// # Errors
/// What the database meets.
pub fn last_rank(read: &Read<'_>) -> Result<Option<Rank>, StoreError> {
    read.one(
        "SELECT rank FROM item ORDER BY rank DESC LIMIT 1",
        [],
        |row| rank(row.str(0)?),
    )
}

/// The place of the last part of an item, or of the last item at the top.
///
/// # Errors
/// What the database meets.
pub fn last_rank_in(read: &Read<'_>, parent: Option<ItemId>) -> Result<Option<Rank>, StoreError> {
    read.one(
        "SELECT rank FROM item WHERE parent_id IS ?1 ORDER BY rank DESC LIMIT 1",
        [parent.map(|id| id.0)],
        |row| rank(row.str(0)?),
    )
}

/// How many items there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemCounts {
    /// In all.
    pub total: u64,
    /// By area; areas without items are left out.
    pub by_area: BTreeMap<AreaId, u64>,
    /// By type.
    pub by_type: BTreeMap<ItemTypeId, u64>,
    /// By status; none for items without one.
    pub by_status: BTreeMap<Option<OptionId>, u64>,
}

/// How many items there are, in all and by area, type and status.
///
/// # Errors
/// What the database meets.
pub fn counts(read: &Read<'_>) -> Result<ItemCounts, StoreError> {
    let mut counts = ItemCounts::default();
    read.all(
        "SELECT area_id, item_type_id, status_option, count(*) FROM item GROUP BY 1, 2, 3",
        [],
        |row| {
            let number = count(row.get(3)?);
            let status = row.get::<_, Option<i64>>(2)?.map(OptionId);
            counts.total += number;
            *counts.by_area.entry(AreaId(row.get(0)?)).or_default() += number;
            *counts.by_type.entry(ItemTypeId(row.get(1)?)).or_default() += number;
            *counts.by_status.entry(status).or_default() += number;
            Ok(())
        },
    )?;
    Ok(counts)
}

/// Raw statuses in the remote with how many items have each, by name.
///
/// # Errors
/// What the database meets.
pub fn dev_statuses(read: &Read<'_>) -> Result<Vec<(String, u64)>, StoreError> {
    read.all(
        "SELECT dev_status, count(*) FROM item WHERE dev_status <> '' GROUP BY 1 ORDER BY 1",
        [],
        |row| Ok((row.get(0)?, count(row.get(1)?))),
    )
}

pub(super) fn is_inside(read: &Read<'_>, item: ItemId, outer: ItemId) -> Result<bool, StoreError> {
    let found = read.number(
        "WITH RECURSIVE above (item_id) AS (
           VALUES (?1)
           UNION SELECT parent_id FROM item JOIN above USING (item_id) WHERE parent_id IS NOT NULL
         ) SELECT count(*) FROM above WHERE item_id = ?2",
        params![item.0, outer.0],
    )?;
    Ok(found > 0)
}

fn with_values(read: &Read<'_>, mut items: Vec<Item>) -> Result<Vec<Item>, StoreError> {
    let ids = json_numbers(items.iter().map(|item| item.id.0));
    let mut values = item_value::of_items(read, &ids)?;
    for item in &mut items {
        item.values = values.remove(&item.id).unwrap_or_default();
    }
    Ok(items)
}

fn item(row: &Row<'_>) -> Result<Item, StoreError> {
    Ok(Item {
        id: ItemId(row.get(0)?),
        parent: row.get::<_, Option<i64>>(1)?.map(ItemId),
        item_type: ItemTypeId(row.get(2)?),
        area: AreaId(row.get(3)?),
        rank: rank(row.str(4)?)?,
        title: row.get(5)?,
        created_at: row.moment(6)?,
        values: BTreeMap::new(),
    })
}

fn rank(text: &str) -> Result<Rank, StoreError> {
    Rank::parse(text).ok_or_else(|| StoreError::corrupt(format!("\"{text}\" is no rank")))
}
