//! Making issues of items: what would be made, asking for it, and taking that back.
//!
//! Nothing is made here. What somebody asks for is noted (`store::create_intent`) in one transaction, and the next
//! cycle carries it out.

mod anew;
mod candidates;

pub(crate) use anew::give_up;
pub use candidates::{Candidates, PushAnswer, PushChoices};

use crate::error::EngineError;
use crate::problem::Problem;
use crate::run::Ground;
use crate::{Engine, Topic};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::create_intent::{CreateIntent, NewIntent};
use store::link::LinkState;
use store::{CreateIntentId, IntegrationId, Read, StoreError, WriteTx};
use sync::push::PushRow;
use sync::remote::Schema;
use workspace::{Field, Item, ItemId, ItemType};

/// What would be made, and all that it takes to show it.
pub struct PushPreview {
    /// Through which integration.
    pub integration: store::integration::Integration,
    /// The rows, in the order of the tree.
    pub rows: Vec<PushRow>,
    /// The items of the rows, and those above them.
    pub items: BTreeMap<ItemId, Item>,
    /// What the project has.
    pub schema: Schema,
    /// Fields of the workspace.
    pub fields: Vec<Field>,
    /// Types of the workspace.
    pub types: Vec<ItemType>,
    /// Address of the site for people.
    pub display_url: String,
    /// Keys of the issues that items have.
    pub keys: BTreeMap<ItemId, String>,
    /// How far the making of issues has come that were asked for.
    pub states: BTreeMap<ItemId, CreateState>,
    /// Why Jira could not be asked what it demands: what it said last is shown then.
    pub unasked: Option<Problem>,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    /// Through which integration.
    pub integration: IntegrationId,
    /// Items of which an issue is to be made with the next cycle, parents first.
    pub queued: Vec<ItemId>,
}

/// How far the making of an item's issue has come.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateState {
    /// Through which integration.
    pub integration: IntegrationId,
    /// What was asked for.
    pub id: CreateIntentId,
    /// Whether a request left of which it is not known what came of it.
    pub is_under_way: bool,
    /// Title of the item above that comes first.
    pub waits_for: Option<String>,
    /// Why the last attempt failed.
    pub problem: Option<Problem>,
    /// Whether somebody has to do something first.
    pub is_parked: bool,
}

/// A new marker: long enough that no two are ever alike.
fn marker() -> String {
    use rand::{RngCore, TryRngCore};
    let mut rng = rand::rngs::OsRng.unwrap_err();
    format!("{:016x}{:016x}", rng.next_u64(), rng.next_u64())
}

impl Engine {
    /// What would be made of some items, and of those above them that have no issue yet. `refresh` asks Jira anew what
    /// it demands of an issue that is made.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] without an integration; [`EngineError::MappingMissing`]; what Jira says.
    pub async fn push_preview(
        &self,
        items: &[ItemId],
        integration: Option<IntegrationId>,
        choices: &PushChoices,
        refresh: bool,
    ) -> Result<PushPreview, EngineError> {
        let id = self.push_through(items, integration).await?;
        let asked = match refresh {
            true => self.schema(id, true).await.map(drop),
            false => Ok(()),
        };
        let unasked = match asked {
            Ok(()) => None,
            // Whoever cannot reach Jira just now can push all the same: it is carried out later.
            Err(EngineError::Jira(error)) if error.is_transient() => {
                Some(Problem::from(&EngineError::from(error)))
            }
            Err(error) => return Err(error),
        };
        let ground = Ground::read(&self.inner.store, id).await?;
        if choices.anew && refresh {
            self.none_is_there(&ground, items).await?;
        }
        let (wanted, choices) = (items.to_vec(), choices.clone());
        let read = self.inner.store.read(move |read| {
            let candidates = Candidates::load(read, &ground, &wanted, &choices, None)?;
            let rows = candidates.plan(&ground, &wanted);
            let mut states = BTreeMap::new();
            for intent in store::create_intent::of_items(read, &wanted)? {
                states.insert(intent.item, create_state(read, intent)?);
            }
            Ok((ground, candidates, rows, states))
        });
        let (ground, candidates, rows, states) = read.await?;
        let items = candidates.all.into_iter();
        let links = candidates.links.into_iter();
        Ok(PushPreview {
            integration: ground.integration,
            display_url: ground.connection.data.display_url,
            keys: links.map(|(id, link)| (id, link.seen.key)).collect(),
            states,
            unasked,
            rows,
            items: items.map(|(id, found)| (id, found.item)).collect(),
            schema: ground.schema,
            fields: ground.fields,
            types: ground.types,
        })
    }

    /// Asks for issues of some items, and of those above them that have none yet: they are made with the next cycle.
    ///
    /// # Errors
    /// `fields_required` if Jira demands fields of which nobody said anything; `push_refused` if no issue can be made of
    /// any of the items; as [`Engine::push_preview`].
    pub async fn push(
        &self,
        items: &[ItemId],
        integration: Option<IntegrationId>,
        choices: &PushChoices,
    ) -> Result<Pushed, EngineError> {
        let id = self.push_through(items, integration).await?;
        let ground = Arc::new(Ground::read(&self.inner.store, id).await?);
        if choices.anew {
            self.none_is_there(&ground, items).await?;
        }
        let (wanted, choices, now) = (items.to_vec(), choices.clone(), self.now());
        let queued = self
            .inner
            .store
            .write(move |tx| {
                let mut marker = marker;
                queue(tx, &ground, &wanted, &choices, &mut marker, now)
            })
            .await?;
        let queued = queued.map_err(EngineError::Refused)?;
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(Pushed {
            integration: id,
            queued,
        })
    }

    /// Takes back that issues are to be made of an item and of what is part of it; gives of how many items.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if none is to be made; `push_under_way` if a request has left, because then the issue
    /// may be there.
    pub async fn cancel_push(&self, item: ItemId) -> Result<u32, EngineError> {
        let cancelled = self.inner.store.write(move |tx| cancel(tx, item)).await?;
        let cancelled = cancelled?;
        self.tell(&[Topic::Items, Topic::Sync]);
        Ok(cancelled)
    }

    /// How far the making of an item's issue has come; none if none is to be made.
    pub(crate) async fn create_state(
        &self,
        item: ItemId,
    ) -> Result<Option<CreateState>, EngineError> {
        let read = self.inner.store.read(move |read| {
            let intent = store::create_intent::of_items(read, &[item])?.into_iter();
            let mut intent = intent;
            intent
                .next()
                .map(|intent| create_state(read, intent))
                .transpose()
        });
        Ok(read.await?)
    }

    /// The integration that is meant: that of the nearest item above that has an issue, else one whose area the item
    /// lies in, else the first that is mapped.
    async fn push_through(
        &self,
        items: &[ItemId],
        integration: Option<IntegrationId>,
    ) -> Result<IntegrationId, EngineError> {
        if let Some(id) = integration {
            return Ok(id);
        }
        let first = items.first().copied();
        let found = self
            .inner
            .store
            .read(move |read| suggested(read, first))
            .await?;
        found.ok_or(EngineError::NotFound("integration"))
    }
}

fn suggested(read: &Read<'_>, item: Option<ItemId>) -> Result<Option<IntegrationId>, StoreError> {
    let mut area = None;
    let mut next = item;
    while let Some(item) = next.take() {
        for link in store::link::by_item(read, item)? {
            if let (LinkState::Linked, Some(integration)) = (link.state, link.integration) {
                return Ok(Some(integration));
            }
        }
        if let Some(found) = store::item::get(read, item)? {
            area = area.or(Some(found.area));
            next = found.parent;
        }
    }
    let mut mapped = Vec::new();
    for integration in store::integration::list(read)? {
        let (mapping, _) = store::mapping::load(read, integration.id)?;
        if !mapping.types.is_empty() && !mapping.fields.is_empty() {
            mapped.push(integration);
        }
    }
    let lies_in = mapped
        .iter()
        .find(|found| found.data.area.is_some() && found.data.area == area);
    Ok(lies_in.or_else(|| mapped.first()).map(|found| found.id))
}

/// Notes that issues are to be made; gives of which items, or why of none.
///
/// # Errors
/// What the database meets.
pub(crate) fn queue(
    tx: &WriteTx<'_>,
    ground: &Ground,
    wanted: &[ItemId],
    choices: &PushChoices,
    marker: &mut dyn FnMut() -> String,
    now: jiff::Timestamp,
) -> Result<Result<Vec<ItemId>, Problem>, StoreError> {
    let candidates = Candidates::load(tx, ground, wanted, choices, None)?;
    let rows = candidates.plan(ground, wanted);
    let issues = || rows.iter().filter_map(|row| row.outcome.as_ref().ok());
    let asked: std::collections::BTreeSet<&str> = issues()
        .flat_map(|issue| &issue.asked)
        .map(|field| field.name.as_str())
        .collect();
    if !asked.is_empty() {
        let asked: Vec<&str> = asked.into_iter().collect();
        return Ok(Err(
            Problem::new("fields_required").with("fields", asked.join(", "))
        ));
    }
    if issues().next().is_none() {
        return Ok(Err(Problem::new("push_refused")));
    }
    let mut queued = Vec::new();
    for row in &rows {
        let Ok(issue) = &row.outcome else { continue };
        let answers = candidates.all.get(&row.item);
        let new = NewIntent {
            item: row.item,
            integration: ground.integration.id,
            remote_type: issue.remote_type.clone(),
            marker: marker(),
            answers: answers.map(|own| own.answers.clone()).unwrap_or_default(),
            created_at: now,
        };
        store::create_intent::insert(tx, &new)?;
        queued.push(row.item);
    }
    Ok(Ok(queued))
}

/// Takes back that issues are to be made of an item and of what is part of it.
///
/// # Errors
/// What the database meets.
pub(crate) fn cancel(
    tx: &WriteTx<'_>,
    item: ItemId,
) -> Result<Result<u32, EngineError>, StoreError> {
    let own = store::create_intent::of_items(tx, &[item])?;
    if own.is_empty() {
        return Ok(Err(EngineError::NotFound("push")));
    }
    if own.iter().any(|intent| intent.sent.is_some()) {
        return Ok(Err(under_way()));
    }
    let mut cancelled = 0;
    for intent in own {
        for below in store::create_intent::below(tx, intent.integration, item)? {
            // What is part of it comes after it, so nothing of that has left.
            if below.sent.is_none() {
                store::create_intent::delete(tx, below.id)?;
                cancelled += 1;
            }
        }
    }
    Ok(Ok(cancelled))
}

/// A request has left, and the issue may be there.
fn under_way() -> EngineError {
    EngineError::Refused(Problem::new("push_under_way"))
}

fn create_state(read: &Read<'_>, intent: CreateIntent) -> Result<CreateState, StoreError> {
    let parent = store::item::get(read, intent.item)?.and_then(|item| item.parent);
    let above = match parent {
        Some(parent) => store::create_intent::of_items(read, &[parent])?,
        None => Vec::new(),
    };
    let first = above
        .iter()
        .find(|above| above.integration == intent.integration);
    let waits_for = match first {
        Some(first) => store::item::get(read, first.item)?.map(|item| item.title),
        None => None,
    };
    let problem = intent.problem.as_ref();
    Ok(CreateState {
        integration: intent.integration,
        id: intent.id,
        is_under_way: intent.sent.is_some(),
        waits_for,
        problem: problem.map(|found| Problem::from_text(&found.code, &found.detail)),
        is_parked: intent.is_parked,
    })
}
