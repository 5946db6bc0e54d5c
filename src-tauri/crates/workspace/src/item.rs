//! Items: the rows of the backlog.

use crate::field::{FieldKey, SystemField};
use crate::id::{AreaId, ItemId, ItemTypeId};
use crate::rank::Rank;
use crate::value::Value;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// An item of the backlog.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Identity.
    pub id: ItemId,
    /// What kind of item it is.
    pub item_type: ItemTypeId,
    /// Title. Never empty.
    pub title: String,
    /// The item that it is part of.
    pub parent: Option<ItemId>,
    /// The product area that it lies in.
    pub area: AreaId,
    /// Place among its siblings.
    pub rank: Rank,
    /// When it was made here.
    pub created_at: Timestamp,
    /// Values of its fields, the title aside; absent means nothing.
    pub values: BTreeMap<FieldKey, Value>,
}

impl Item {
    /// What the item holds in a field, the title and the parent included.
    #[must_use]
    pub fn value(&self, field: FieldKey) -> Value {
        if field == FieldKey::System(SystemField::Title) {
            return Value::Text(self.title.clone());
        }
        if field == FieldKey::System(SystemField::Parent) {
            return Value::part_of(self.parent);
        }
        self.values.get(&field).cloned().unwrap_or_default()
    }
}
