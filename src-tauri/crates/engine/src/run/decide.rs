//! Deciding the rows of a run: the same steps when the plan is made and when it is applied.

use super::ground::{Ground, Known};
use std::collections::BTreeMap;
use store::link::{Link, LinkState};
use store::run_row::{Action as RowAction, RowState, RunRow};
use store::{LinkId, Read, RunId, StoreError};
use sync::plan::{Action, Decision, ParentSeen, Place, Twin, reconcile_parent, resolve_parent};
use sync::reconcile::Verdict;
use sync::remote::{ParentRef, RemoteIssue};
use workspace::{FieldKey, Item, ItemId, Value};

/// A decision, and what has to be known to carry it out.
pub struct Decided {
    /// What happens.
    pub decision: Decision,
    /// The pair in force, if the issue is linked.
    pub link: Option<LinkId>,
    /// The linked item as it is now.
    pub item: Option<Item>,
    /// Where the item comes to stand.
    pub place: Place,
    /// The item that it stands below, if that exists already.
    pub parent: Option<ItemId>,
    /// Whether a linked item follows its issue to another parent.
    pub moves: bool,
}

impl Decided {
    /// The row's action.
    #[must_use]
    pub fn row_action(&self) -> RowAction {
        match &self.decision.action {
            Action::Create(_) => RowAction::Create,
            Action::Update(_) => RowAction::Update,
            Action::Unchanged { .. } if self.moves => RowAction::Update,
            Action::Unchanged { .. } => RowAction::Unchanged,
            Action::Skip(_) => RowAction::Skip,
        }
    }
}

/// What the workspace has to do already with a batch of issues.
pub struct Twins {
    links: BTreeMap<String, Link>,
    severed: BTreeMap<String, ItemId>,
    items: BTreeMap<ItemId, Item>,
    bases: BTreeMap<LinkId, BTreeMap<FieldKey, Value>>,
    parents: Parents,
}

impl Twins {
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
        let ids: Vec<&str> = issues.iter().map(|issue| issue.id.as_str()).collect();
        let links = store::link::by_remote_ids(read, ground.connection_id(), &ids)?;
        let severed = store::link::severed_by_remote_ids(read, ground.connection_id(), &ids)?
            .into_iter()
            .map(|(remote_id, link)| (remote_id, link.item))
            .collect();
        let item_ids: Vec<ItemId> = links.values().map(|link| link.item).collect();
        let items = store::item::get_many(read, &item_ids)?
            .into_iter()
            .map(|item| (item.id, item))
            .collect();
        let link_ids: Vec<LinkId> = links.values().map(|link| link.id).collect();
        let bases = store::link_field::of_links(read, &link_ids)?
            .into_iter()
            .map(|(link, memory)| {
                let bases = memory
                    .into_iter()
                    .filter_map(|(field, memory)| Some((field, memory.base?)));
                (link, bases.collect())
            })
            .collect();
        let parents = Parents::load(read, ground, run, issues)?;
        Ok(Self {
            links,
            severed,
            items,
            bases,
            parents,
        })
    }

    /// Decides about one issue.
    #[must_use]
    pub fn decide(&self, ground: &Ground, known: &Known, issue: &RemoteIssue) -> Decided {
        let empty = BTreeMap::new();
        let link = self
            .links
            .get(&issue.id)
            .filter(|link| link.state == LinkState::Linked);
        let item = link.and_then(|link| self.items.get(&link.item));
        let twin = match (link, item) {
            (Some(link), _)
                if link
                    .integration
                    .is_some_and(|id| id != ground.integration.id) =>
            {
                Twin::Elsewhere { item: link.item }
            }
            (Some(link), Some(item)) => Twin::Linked {
                item,
                bases: self.bases.get(&link.id).unwrap_or(&empty),
                remote_type: Some(link.seen.remote_type.as_str()),
            },
            _ => match self.severed.get(&issue.id) {
                Some(item) => Twin::Severed { item: *item },
                None => Twin::None,
            },
        };
        let decision = ground.planner.decide(issue, twin, known);
        let depth = ground.planner.apply_rank(&issue.type_id).unwrap_or(u8::MAX);
        let seen = self.parents.seen(ground, issue);
        let place = resolve_parent(depth, seen.map(|(seen, _)| seen));
        let parent = match place {
            Place::Below => seen.and_then(|(_, item)| item),
            Place::Top | Place::TopBecause(_) => None,
        };
        let moves = match (link, item) {
            (Some(link), Some(item)) => moves(place, link, item, parent),
            _ => false,
        };
        Decided {
            moves,
            decision,
            link: link.map(|link| link.id),
            item: item.cloned(),
            place,
            parent,
        }
    }
}

/// Whether a linked item follows its issue: the issue's parent changed since both sides agreed, and nobody
/// moved the item here. Where the parent cannot be told, nothing moves.
fn moves(place: Place, link: &Link, item: &Item, parent: Option<ItemId>) -> bool {
    match place {
        Place::TopBecause(_) => false,
        // The parent is an issue that becomes an item only with this run.
        Place::Below if parent.is_none() => item.parent == link.base_parent,
        Place::Top | Place::Below => {
            reconcile_parent(&link.base_parent, &item.parent, &parent) == Verdict::TakeRemote
        }
    }
}

/// What is known of the issues that a batch names as parents.
struct Parents {
    by_id: BTreeMap<String, RunRow>,
    by_key: BTreeMap<String, RunRow>,
    /// Items of earlier imports, by the parent's id.
    linked: BTreeMap<String, Item>,
}

impl Parents {
    fn load(
        read: &Read<'_>,
        ground: &Ground,
        run: RunId,
        issues: &[&RemoteIssue],
    ) -> Result<Self, StoreError> {
        let mut ids = Vec::new();
        let mut keys = Vec::new();
        for parent in issues.iter().filter_map(|issue| issue.parent.as_ref()) {
            match parent {
                ParentRef::Id(id) => ids.push(id.clone()),
                ParentRef::Key(key) => keys.push(key.clone()),
            }
        }
        let by_id = store::run_row::by_remote_ids(read, run, &ids)?;
        let by_key = store::run_row::by_remote_keys(read, run, &keys)?;
        ids.extend(by_key.values().map(|row| row.remote_id.clone()));
        let links = store::link::by_remote_ids(read, ground.connection_id(), &ids)?;
        let item_ids: Vec<ItemId> = links.values().map(|link| link.item).collect();
        let items: BTreeMap<ItemId, Item> = store::item::get_many(read, &item_ids)?
            .into_iter()
            .map(|item| (item.id, item))
            .collect();
        let linked = links
            .into_iter()
            .filter_map(|(remote_id, link)| Some((remote_id, items.get(&link.item)?.clone())))
            .collect();
        Ok(Self {
            by_id,
            by_key,
            linked,
        })
    }

    /// What is known of an issue's parent, and its item if there is one.
    fn seen(&self, ground: &Ground, issue: &RemoteIssue) -> Option<(ParentSeen, Option<ItemId>)> {
        let parent = issue.parent.as_ref()?;
        let (row, id) = match parent {
            ParentRef::Id(id) => (self.by_id.get(id), Some(id.clone())),
            ParentRef::Key(key) => {
                let row = self.by_key.get(key);
                (row, row.map(|row| row.remote_id.clone()))
            }
        };
        if id.as_ref() == Some(&issue.id) {
            return Some((ParentSeen::Itself, None));
        }
        let linked = id.and_then(|id| self.linked.get(&id));
        if let Some(item) = linked
            && let Some(depth) = ground.depth_of_type(item.item_type)
        {
            return Some((ParentSeen::Here { depth }, Some(item.id)));
        }
        let Some(row) = row else {
            return Some((ParentSeen::OutsideScope, None));
        };
        let depth = ground.planner.apply_rank(&row.remote_type);
        let seen = match (depth, row.action, row.state) {
            (None, _, _) => ParentSeen::NotMapped,
            (_, _, RowState::Listed | RowState::Excluded) => ParentSeen::OutsideScope,
            (_, Some(RowAction::Skip), _) | (_, _, RowState::Skipped | RowState::Failed) => {
                ParentSeen::Skipped
            }
            (Some(depth), _, _) => ParentSeen::Here { depth },
        };
        Some((seen, None))
    }
}
