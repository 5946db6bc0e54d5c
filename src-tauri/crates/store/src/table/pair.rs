//! An item that is made together with its pair: what an import does most.
//!
//! All that is written is made ready beforehand, so that whoever holds the only writer does nothing else.

use crate::codec::{self, Remembered};
use crate::error::StoreError;
use crate::fold::fold;
use crate::id::{ConnectionId, IntegrationId, LinkId};
use crate::sql::WriteTx;
use crate::table::item::{self, NewRow, Repeated};
use crate::table::item_value::{self, key_text};
use crate::table::link::{self, NewLink, Seen};
use crate::table::link_field;
use jiff::Timestamp;
use std::collections::BTreeMap;
use workspace::{AreaId, FieldKey, ItemId, ItemTypeId, Rank, Value};

/// An item that does not exist yet, and the issue that it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft<'d> {
    /// What kind of item it is.
    pub item_type: ItemTypeId,
    /// Title.
    pub title: &'d str,
    /// The item that it is part of, on which both sides agree; none for the top.
    pub parent: Option<ItemId>,
    /// Values of its fields, the title aside.
    pub values: &'d BTreeMap<FieldKey, Value>,
    /// Per field, the value on which both sides agree; a field on which they do not is left out.
    pub bases: &'d BTreeMap<FieldKey, Value>,
    /// Per field, what the remote says.
    pub remotes: &'d BTreeMap<FieldKey, Value>,
    /// The id, which never changes.
    pub remote_id: &'d str,
    /// What the remote says about the issue itself.
    pub seen: Seen,
}

/// Where new items go, and how they come there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The area in which they lie.
    pub area: AreaId,
    /// Through which integration.
    pub integration: IntegrationId,
    /// At which site.
    pub connection: ConnectionId,
    /// When.
    pub now: Timestamp,
}

/// A [`Draft`] made ready to be written.
pub struct NewPair {
    item_type: ItemTypeId,
    title: String,
    title_key: String,
    parent: Option<ItemId>,
    repeated: Repeated,
    values: String,
    memory: String,
    remote_id: String,
    seen: Seen,
}

impl NewPair {
    /// Makes ready. What an item, both sides and the remote hold alike is put into words once.
    #[must_use]
    pub fn of(draft: &Draft<'_>) -> Self {
        let memory = codec::write_memory(draft.remotes.iter().map(|(field, remote)| {
            let (held, base) = (draft.values.get(field), draft.bases.get(field));
            let remembered = if held == Some(remote) && base == held && !remote.is_none() {
                Remembered::Held
            } else {
                Remembered::Apart(base, remote)
            };
            (key_text(*field), remembered)
        }));
        Self {
            item_type: draft.item_type,
            title_key: fold(draft.title),
            title: draft.title.to_owned(),
            parent: draft.parent,
            repeated: Repeated::of(draft.values),
            values: item_value::text(draft.values),
            memory,
            remote_id: draft.remote_id.to_owned(),
            seen: draft.seen.clone(),
        }
    }
}

/// Adds an item with its values, its pair and what the pair remembers.
///
/// # Errors
/// [`StoreError::Constraint`] for an empty title, if the issue is linked already, or if a type, an area or (at
/// the commit) a parent does not exist.
pub fn insert(
    tx: &WriteTx<'_>,
    new: NewPair,
    rank: &Rank,
    place: &Place,
) -> Result<(ItemId, LinkId), StoreError> {
    let row = NewRow {
        item_type: new.item_type,
        title: &new.title,
        title_key: &new.title_key,
        key_text: &new.seen.key,
        parent: new.parent,
        area: place.area,
        rank,
        repeated: &new.repeated,
        created_at: place.now,
    };
    let item = item::insert_row(tx, &row)?;
    item_value::insert(tx, item, &new.values)?;
    let link = link::insert_row(
        tx,
        &NewLink {
            item,
            integration: place.integration,
            connection: place.connection,
            remote_id: new.remote_id,
            seen: new.seen,
            base_parent: new.parent,
            created_at: place.now,
        },
    )?;
    link_field::insert_text(tx, link, &new.memory)?;
    Ok((item, link))
}
