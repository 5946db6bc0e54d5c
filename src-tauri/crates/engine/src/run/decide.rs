//! Deciding the rows of a run: the same steps when the plan is made and when it is applied.

mod parents;

use super::ground::{Ground, Known};
use crate::rich;
use parents::Parents;
use std::borrow::Cow;
use std::collections::BTreeMap;
use store::link::{Link, LinkState};
use store::run_row::Action as RowAction;
use store::{LinkId, Read, RunId, StoreError};
use sync::plan::{Action, Decision, Place, Twin, reconcile_parent, resolve_parent};
use sync::reconcile::Verdict;
use sync::remote::RemoteIssue;
use workspace::{FieldKey, Item, ItemId, Value};

/// A decision, and what has to be known to carry it out.
pub struct Decided {
    /// What happens.
    pub decision: Decision,
    /// The pair in force, if the issue is linked.
    pub link: Option<LinkId>,
    /// The linked item.
    pub here: Option<Here>,
    /// The linked item with all that it holds, where that was asked for.
    pub item: Option<Item>,
    /// Where the item comes to stand.
    pub place: Place,
    /// The item that it stands below, if that exists already.
    pub parent: Option<ItemId>,
    /// Whether a linked item follows its issue to another parent.
    pub moves: bool,
    /// Whether both sides came to the same parent by themselves.
    pub meets: bool,
    /// Whether what is remembered of the pair is not what the remote now says.
    pub is_news: bool,
    /// Whether what is known of the parent stands: a run that has not read it may yet do so.
    pub parent_is_known: bool,
}

/// A linked item where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Here {
    /// The item.
    pub item: ItemId,
    /// What it is part of.
    pub parent: Option<ItemId>,
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
#[derive(Default)]
pub struct Twins {
    links: BTreeMap<String, Link>,
    severed: BTreeMap<String, ItemId>,
    items: BTreeMap<ItemId, Item>,
    memories: BTreeMap<LinkId, Memories>,
    parents: Parents,
}

/// What a pair remembers, by field.
#[derive(Debug, Default)]
pub struct Memories {
    /// On what both sides last agreed; without the fields on which they never did.
    pub bases: BTreeMap<FieldKey, Value>,
    /// What the remote last said.
    pub remotes: BTreeMap<FieldKey, Value>,
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
        let connection = ground.connection_id();
        let ids: Vec<&str> = issues.iter().map(|issue| issue.id.as_str()).collect();
        let links = store::link::by_remote_ids(read, connection, &ids)?;
        let severed = store::link::severed_by_remote_ids(read, connection, &ids)?;
        let item_ids: Vec<ItemId> = links.values().map(|link| link.item).collect();
        let link_ids: Vec<LinkId> = links.values().map(|link| link.id).collect();
        Ok(Self {
            items: store::item::get_many(read, &item_ids)?
                .into_iter()
                .map(|item| (item.id, item))
                .collect(),
            memories: store::link_field::of_links(read, &link_ids)?
                .into_iter()
                .map(|(link, memory)| (link, memories(memory)))
                .collect(),
            parents: Parents::load(read, ground, run, issues)?,
            links,
            severed,
        })
    }

    /// What a pair remembers; none if it remembers nothing.
    #[must_use]
    pub fn memories(&self, link: LinkId) -> Option<&Memories> {
        self.memories.get(&link)
    }

    /// Id of the type that a linked issue had when it was last seen.
    #[must_use]
    pub fn remote_type(&self, issue: &RemoteIssue) -> Option<&str> {
        let link = self.links.get(&issue.id)?;
        Some(link.seen.remote_type.as_str())
    }

    /// Whether the linked issue was seen since as it became later: what is known of it here is newer than what a plan
    /// was made from.
    #[must_use]
    pub fn is_outdated(&self, issue: &RemoteIssue) -> bool {
        let seen = self
            .links
            .get(&issue.id)
            .and_then(|link| link.seen.updated_at);
        let ms = |moment: jiff::Timestamp| moment.as_millisecond();
        match (seen, issue.updated_at) {
            (Some(seen), Some(read)) => ms(seen) > ms(read),
            _ => false,
        }
    }

    /// On which parent both sides of a linked issue last agreed.
    #[must_use]
    pub fn base_parent(&self, issue: &RemoteIssue) -> Option<ItemId> {
        self.links.get(&issue.id)?.base_parent
    }

    /// A linked item with all that it holds.
    #[must_use]
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(&id)
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
                bases: self
                    .memories
                    .get(&link.id)
                    .map_or(&empty, |memories| &memories.bases),
                remote_type: Some(link.seen.remote_type.as_str()),
            },
            _ => match self.severed.get(&issue.id) {
                Some(item) => Twin::Severed { item: *item },
                None => Twin::None,
            },
        };
        let settled = match (link, item) {
            (Some(link), Some(item)) => {
                let memories = self.memories.get(&link.id);
                let told = memories
                    .into_iter()
                    .flat_map(|known| known.remotes.values());
                let agreed = memories.into_iter().flat_map(|known| known.bases.values());
                rich::settled(issue, told.chain(agreed).chain(item.values.values()))
            }
            _ => Cow::Borrowed(issue),
        };
        let decision = ground.planner.decide(&settled, twin, known);
        let depth = ground.planner.apply_rank(&issue.type_id).unwrap_or(u8::MAX);
        let seen = self.parents.seen(ground, issue);
        let place = resolve_parent(depth, seen.as_ref().map(|parent| parent.seen));
        let parent = match place {
            Place::Below => seen.as_ref().and_then(|parent| parent.item),
            Place::Top | Place::TopBecause(_) => None,
        };
        let goes = match (link, item) {
            (Some(link), Some(item)) => goes(place, link, item, parent),
            _ => Verdict::Nothing,
        };
        let meets = goes == Verdict::AdvanceBase;
        Decided {
            is_news: link.is_some_and(|link| meets || self.is_news(link, issue, &decision)),
            moves: goes == Verdict::TakeRemote,
            meets,
            decision,
            link: link.map(|link| link.id),
            here: item.map(|item| Here {
                item: item.id,
                parent: item.parent,
            }),
            item: None,
            place,
            parent,
            parent_is_known: seen.is_none_or(|parent| parent.is_known),
        }
    }

    fn is_news(&self, link: &Link, issue: &RemoteIssue, decision: &Decision) -> bool {
        let ms = |moment: Option<jiff::Timestamp>| moment.map(jiff::Timestamp::as_millisecond);
        let seen = link.seen.key == issue.key
            && link.seen.remote_type == issue.type_id
            && ms(link.seen.updated_at) == ms(issue.updated_at);
        let remotes = self
            .memories
            .get(&link.id)
            .map(|memories| &memories.remotes);
        !seen
            || !decision.bases.is_empty()
            || !decision.news.is_empty()
            || decision.observed.iter().any(|(field, told)| {
                let before = remotes.and_then(|remotes| remotes.get(field));
                before.is_none_or(|before| !before.equal_enough(told))
            })
    }
}

fn memories(memory: BTreeMap<FieldKey, store::link_field::Memory>) -> Memories {
    let mut memories = Memories::default();
    for (field, memory) in memory {
        memories.remotes.insert(field, memory.remote);
        if let Some(base) = memory.base {
            memories.bases.insert(field, base);
        }
    }
    memories
}

/// Whether a linked item follows its issue: the issue's parent changed since both sides agreed, and nobody
/// moved the item here. Where the parent cannot be told, nothing moves.
fn goes(place: Place, link: &Link, item: &Item, parent: Option<ItemId>) -> Verdict {
    match place {
        Place::TopBecause(_) => Verdict::Nothing,
        // The parent is an issue that becomes an item only with this run.
        Place::Below if parent.is_none() => {
            if item.parent == link.base_parent {
                Verdict::TakeRemote
            } else {
                Verdict::Nothing
            }
        }
        Place::Top | Place::Below => reconcile_parent(&link.base_parent, &item.parent, &parent),
    }
}
