//! Edits that have not arrived in Jira, of a whole integration.

use super::parent;
use super::pull::Pair;
use crate::run::{Ground, Known};
use store::{Read, StoreError};
use workspace::{FieldKey, ItemId};

/// An item with edits that are not in Jira.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent {
    /// The item.
    pub item: ItemId,
    /// Its title.
    pub title: String,
    /// Key of its issue.
    pub key: String,
    /// The fields that were edited.
    pub fields: Vec<FieldKey>,
}

/// The items of an integration with edits that are not in Jira, in the order in which they were linked. Conflicts are none
/// of them.
///
/// # Errors
/// What the database meets.
pub(crate) fn unsent(read: &Read<'_>, ground: &Ground) -> Result<Vec<Unsent>, StoreError> {
    let known = Known::load(read, ground)?;
    let mut found = Vec::new();
    for issue in store::leaving::listed(read, ground.integration.id)? {
        let Some(pair) = Pair::load(read, ground, &issue)? else {
            continue;
        };
        let pending = parent::pending(read, ground, &pair, &known)?;
        let loops = store::conflict::of_link(read, pair.link.id)?;
        let mut fields = pending.sends;
        fields.retain(|field| !loops.iter().any(|(other, _)| other == field));
        if !fields.is_empty() {
            found.push(Unsent {
                item: pair.item.id,
                title: pair.item.title,
                key: pair.link.seen.key,
                fields,
            });
        }
    }
    Ok(found)
}
