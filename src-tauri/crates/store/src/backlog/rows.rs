//! The rows of a backlog that are in sight.

use crate::error::StoreError;
use crate::id::{ConnectionId, IntegrationId, LinkId};
use crate::sql::{Columns as _, Read, json_numbers};
use crate::table::link::{self, LinkState};
use jiff::Timestamp;
use std::collections::BTreeMap;
use workspace::{AreaId, ItemId, ItemTypeId, LevelId, OptionId};

/// An item as the backlog shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct BacklogRow {
    /// The item.
    pub id: ItemId,
    /// The item that it is part of.
    pub parent: Option<ItemId>,
    /// Title.
    pub title: String,
    /// Type.
    pub item_type: ItemTypeId,
    /// The level that the type stands on.
    pub level: LevelId,
    /// Area.
    pub area: AreaId,
    /// The area's name.
    pub area_name: String,
    /// Status.
    pub status: Option<OptionId>,
    /// Importance.
    pub importance: Option<OptionId>,
    /// Raw status in the remote; empty for none.
    pub dev_status: String,
    /// Name of who answers for it.
    pub assignee: Option<String>,
    /// Name of who builds it.
    pub dev_assignee: Option<String>,
    /// Story points.
    pub story_points: Option<f64>,
    /// The issues that it is or was linked to.
    pub links: Vec<RowLink>,
    /// When it was made here.
    pub created_at: Timestamp,
    /// When it last changed here.
    pub updated_at: Timestamp,
}

/// An issue that an item is or was linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowLink {
    /// The pair.
    pub id: LinkId,
    /// At which site.
    pub connection: ConnectionId,
    /// Through which integration.
    pub integration: Option<IntegrationId>,
    /// The key.
    pub key: String,
    /// Whether it is in force.
    pub state: LinkState,
}

/// Items as the backlog shows them, in the order asked for. Those that do not exist are left out.
///
/// # Errors
/// What the database meets.
pub fn rows(read: &Read<'_>, ids: &[ItemId]) -> Result<Vec<BacklogRow>, StoreError> {
    let found = read.all(
        "SELECT item.item_id, item.parent_id, title, item_type_id, level_id, area_id, area.name,
         status_option, importance_option, dev_status, product.name, dev.name, story_points,
         created_at, updated_at
         FROM item JOIN item_type USING (item_type_id) JOIN area USING (area_id)
         LEFT JOIN person AS product ON product.person_id = item.assignee
         LEFT JOIN person AS dev ON dev.person_id = item.dev_assignee
         WHERE item.item_id IN (SELECT value FROM json_each(?1))",
        [json_numbers(ids.iter().map(|id| id.0))],
        |row| {
            Ok(BacklogRow {
                id: ItemId(row.get(0)?),
                parent: row.get::<_, Option<i64>>(1)?.map(ItemId),
                title: row.get(2)?,
                item_type: ItemTypeId(row.get(3)?),
                level: LevelId(row.get(4)?),
                area: AreaId(row.get(5)?),
                area_name: row.get(6)?,
                status: row.get::<_, Option<i64>>(7)?.map(OptionId),
                importance: row.get::<_, Option<i64>>(8)?.map(OptionId),
                dev_status: row.get(9)?,
                assignee: row.get(10)?,
                dev_assignee: row.get(11)?,
                story_points: row.get(12)?,
                links: Vec::new(),
                created_at: row.moment(13)?,
                updated_at: row.moment(14)?,
            })
        },
    )?;
    let mut links = link::by_items(read, ids)?;
    let mut found: BTreeMap<ItemId, BacklogRow> =
        found.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids
        .iter()
        .filter_map(|id| {
            let mut row = found.remove(id)?;
            row.links = links
                .remove(id)
                .unwrap_or_default()
                .into_iter()
                .map(|link| RowLink {
                    id: link.id,
                    connection: link.connection,
                    integration: link.integration,
                    key: link.seen.key,
                    state: link.state,
                })
                .collect();
            Some(row)
        })
        .collect())
}
