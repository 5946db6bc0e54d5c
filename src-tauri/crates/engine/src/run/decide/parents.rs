//! What is known of the issues that others name as their parents.

use super::Ground;
use std::collections::BTreeMap;
use store::link::LinkedItem;
use store::run_row::{Action, RowState, RunRow};
use store::{Read, RunId, StoreError};
use sync::plan::ParentSeen;
use sync::remote::{ParentRef, RemoteIssue};
use workspace::ItemId;

/// What is known of the issues that a batch names as parents.
#[derive(Default)]
pub struct Parents {
    by_id: BTreeMap<String, RunRow>,
    by_key: BTreeMap<String, RunRow>,
    /// Items of earlier imports, by the parent's id.
    linked: BTreeMap<String, LinkedItem>,
    /// Items of earlier imports, by the key that the parent had then; of parents that the run has not found.
    linked_by_key: BTreeMap<String, LinkedItem>,
}

/// A parent as it is known.
pub struct Parent {
    /// What is known.
    pub seen: ParentSeen,
    /// Its item, if there is one.
    pub item: Option<ItemId>,
    /// Whether that stands. If not, the run has not read it, and may yet do so.
    pub is_known: bool,
}

impl Parents {
    /// Reads it in a handful of queries.
    ///
    /// # Errors
    /// What the database meets.
    pub fn load(
        read: &Read<'_>,
        ground: &Ground,
        run: RunId,
        issues: &[&RemoteIssue],
    ) -> Result<Self, StoreError> {
        let (mut ids, mut keys) = (Vec::new(), Vec::new());
        for parent in issues.iter().filter_map(|issue| issue.parent.as_ref()) {
            match parent {
                ParentRef::Id(id) => ids.push(id.clone()),
                ParentRef::Key(key) => keys.push(key.clone()),
            }
        }
        for named in [&mut ids, &mut keys] {
            named.sort_unstable();
            named.dedup();
        }
        let connection = ground.connection_id();
        let by_id = store::run_row::by_remote_ids(read, run, &ids)?;
        let by_key = store::run_row::by_remote_keys(read, run, &keys)?;
        ids.extend(by_key.values().map(|row| row.remote_id.clone()));
        keys.retain(|key| !by_key.contains_key(key));
        Ok(Self {
            by_id,
            by_key,
            linked: store::link::items_by_remote_ids(read, connection, &ids)?,
            linked_by_key: store::link::items_by_remote_keys(read, connection, &keys)?,
        })
    }

    /// What is known of an issue's parent; none if it names none.
    #[must_use]
    pub fn seen(&self, ground: &Ground, issue: &RemoteIssue) -> Option<Parent> {
        let only = |seen| Parent {
            seen,
            item: None,
            is_known: true,
        };
        let (row, linked, itself) = match issue.parent.as_ref()? {
            ParentRef::Id(id) => (self.by_id.get(id), self.linked.get(id), *id == issue.id),
            ParentRef::Key(key) => {
                let row = self.by_key.get(key);
                let linked = match row {
                    Some(row) => self.linked.get(&row.remote_id),
                    None => self.linked_by_key.get(key),
                };
                (row, linked, *key == issue.key)
            }
        };
        if itself {
            return Some(only(ParentSeen::Itself));
        }
        if let Some(linked) = linked
            && let Some(depth) = ground.depth_of_type(linked.item_type)
        {
            return Some(Parent {
                seen: ParentSeen::Here { depth },
                item: Some(linked.item),
                is_known: true,
            });
        }
        let Some(row) = row.filter(|row| row.state != RowState::Listed) else {
            return Some(Parent {
                is_known: false,
                ..only(ParentSeen::OutsideScope)
            });
        };
        let seen = match (
            ground.planner.apply_rank(&row.remote_type),
            row.action,
            row.state,
        ) {
            (_, _, RowState::Excluded) => ParentSeen::OutsideScope,
            (None, _, _) => ParentSeen::NotMapped,
            (_, Some(Action::Skip), _) | (_, _, RowState::Skipped | RowState::Failed) => {
                ParentSeen::Skipped
            }
            (Some(depth), _, _) => ParentSeen::Here { depth },
        };
        Some(only(seen))
    }
}
