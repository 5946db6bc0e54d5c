//! What is known here of items of which issues may be made.

use crate::run::{Ground, Known};
use std::collections::{BTreeMap, BTreeSet};
use store::create_intent::CreateIntent;
use store::link::{Link, LinkState};
use store::{CreateIntentId, Read, StoreError};
use sync::plan::Planner;
use sync::push::{Candidate, PushRow, Pusher, Standing};
use sync::remote::RemoteValue;
use workspace::{ItemId, Value};

/// What somebody chose for a push.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PushChoices {
    /// Ids of Jira's types, for items whose own is mapped to several.
    pub types: BTreeMap<ItemId, String>,
    /// What somebody said of fields that Jira demands.
    pub answers: Vec<PushAnswer>,
    /// Whether those of the items that came apart from their issues are to get new ones.
    pub anew: bool,
}

/// What somebody said of a field that Jira demands.
#[derive(Debug, Clone, PartialEq)]
pub struct PushAnswer {
    /// Of which item; none for all that become issues of the type, unless something is said of one itself.
    pub item: Option<ItemId>,
    /// Id of Jira's type.
    pub remote_type: String,
    /// Id of Jira's field.
    pub field: String,
    /// What.
    pub value: RemoteValue,
}

impl PushChoices {
    fn answers_of(&self, item: ItemId, types: &[&str]) -> BTreeMap<String, RemoteValue> {
        let mut answers = BTreeMap::new();
        // What is said of the item itself comes last, and stands.
        for own in [false, true] {
            for answer in &self.answers {
                let meant = match answer.item {
                    Some(of) => own && of == item,
                    None => !own && types.contains(&answer.remote_type.as_str()),
                };
                if meant {
                    answers.insert(answer.field.clone(), answer.value.clone());
                }
            }
        }
        answers
    }
}

/// Items, all that stands above them, and what the workspace knows of what they say.
pub struct Candidates {
    /// By item.
    pub all: BTreeMap<ItemId, Candidate>,
    /// The pairs of those that are linked through this integration.
    pub links: BTreeMap<ItemId, Link>,
    known: Known,
}

impl Candidates {
    /// Reads items and all that stands above them. `own` is the intent that is being carried out: its item counts as
    /// one that has no issue.
    ///
    /// # Errors
    /// What the database meets.
    pub fn load(
        read: &Read<'_>,
        ground: &Ground,
        wanted: &[ItemId],
        choices: &PushChoices,
        own: Option<&CreateIntent>,
    ) -> Result<Self, StoreError> {
        let mut items = BTreeMap::new();
        let mut next: BTreeSet<ItemId> = wanted.iter().copied().collect();
        while !next.is_empty() {
            let ids: Vec<ItemId> = next.into_iter().collect();
            for item in store::item::get_many(read, &ids)? {
                items.insert(item.id, item);
            }
            let above = ids.iter().filter_map(|id| items.get(id)?.parent);
            next = above.filter(|id| !items.contains_key(id)).collect();
        }
        let mut known = Known::load(read, ground)?;
        let connection = ground.connection_id();
        known.look_up_items(read, connection, items.values())?;
        let ids: Vec<ItemId> = items.keys().copied().collect();
        let mut pairs = store::link::by_items(read, &ids)?;
        let waiting = waiting(read, ground, &ids, own.map(|own| own.id))?;
        let (mut all, mut links) = (BTreeMap::new(), BTreeMap::new());
        for (id, item) in items {
            let here = pairs.remove(&id).unwrap_or_default().into_iter();
            let here: Vec<Link> = here.filter(|link| link.connection == connection).collect();
            let own = own.filter(|own| own.item == id);
            let is_free = own.is_some() || choices.anew && wanted.contains(&id);
            let standing = standing(ground, &here, waiting.get(&id), is_free);
            if let Standing::Linked { .. } = standing {
                let linked = here
                    .into_iter()
                    .find(|link| link.state == LinkState::Linked);
                links.extend(linked.map(|link| (id, link)));
            }
            let types = remote_types(ground, &item);
            let candidate = Candidate {
                remote_type: match own {
                    Some(own) => Some(own.remote_type.clone()),
                    None => choices.types.get(&id).cloned(),
                },
                answers: choices.answers_of(id, &types),
                standing,
                item,
            };
            all.insert(id, candidate);
        }
        Ok(Self { all, links, known })
    }

    /// What happens when issues are made of some of them.
    #[must_use]
    pub fn plan(&self, ground: &Ground, wanted: &[ItemId]) -> Vec<PushRow> {
        let pusher = Pusher {
            planner: &ground.planner,
            pairs: &ground.mapping.types,
            types: &ground.types,
            schema: &ground.schema,
        };
        pusher.plan(wanted, &self.all, &self.known)
    }

    /// What Jira will say of a field if it takes what the item holds as it is.
    #[must_use]
    pub fn through(&self, planner: &Planner, item: ItemId, field: workspace::FieldKey) -> Value {
        let candidate = self.all.get(&item);
        let here = candidate.map(|candidate| candidate.item.value(field));
        planner.through(field, &here.unwrap_or_default(), &self.known)
    }
}

/// The types that an item's own is mapped to, so that what is said of one is said of those items only.
fn remote_types<'g>(ground: &'g Ground, item: &workspace::Item) -> Vec<&'g str> {
    let pairs = ground.mapping.types.iter();
    let pairs = pairs.filter(|pair| pair.item_type == item.item_type);
    pairs.map(|pair| pair.remote_type.as_str()).collect()
}

/// Items of which an issue is to be made at this site already, with the type that it is to have.
fn waiting(
    read: &Read<'_>,
    ground: &Ground,
    items: &[ItemId],
    own: Option<CreateIntentId>,
) -> Result<BTreeMap<ItemId, CreateIntent>, StoreError> {
    let mut waiting = BTreeMap::new();
    for intent in store::create_intent::of_items(read, items)? {
        let through = store::integration::get(read, intent.integration)?;
        let is_here = through.is_some_and(|found| found.data.connection == ground.connection_id());
        if is_here && Some(intent.id) != own {
            waiting.insert(intent.item, intent);
        }
    }
    Ok(waiting)
}

fn standing(
    ground: &Ground,
    links: &[Link],
    waiting: Option<&CreateIntent>,
    is_free: bool,
) -> Standing {
    if let Some(link) = links.iter().find(|link| link.state == LinkState::Linked) {
        return if link.integration == Some(ground.integration.id) {
            Standing::Linked {
                remote_type: link.seen.remote_type.clone(),
            }
        } else {
            Standing::Elsewhere
        };
    }
    match waiting {
        Some(intent) if intent.integration == ground.integration.id => Standing::Waiting {
            remote_type: intent.remote_type.clone(),
        },
        Some(_) => Standing::Elsewhere,
        // Whoever queues it, or did, decides what is to become of an earlier pair.
        None if is_free || links.is_empty() => Standing::Free,
        None => Standing::Severed,
    }
}
