//! Items made and pushed, and what has to become of them:
//!
//! - of every item that was pushed there is one issue and no second one, and of every other item there is none;
//! - no issue that was made of an item became another item;
//! - both sides say the same, and issues stand below each other as the items do.

use crate::story::Story;
use engine::{ItemDraft, PushChoices};
use rand::Rng as _;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use store::link::LinkState;
use workspace::{FieldKey, ItemId, ItemType, ItemTypeId, SystemField, Value};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);
/// Items that are made at most: a story is not about great numbers.
const MADE_MAX: usize = 12;

/// Everything about items that were made here.
pub struct Made {
    epic: ItemTypeId,
    feature: ItemTypeId,
    /// With what they are part of.
    pub items: Vec<(ItemId, Option<ItemId>)>,
}

impl Made {
    pub fn new(types: &[ItemType]) -> Self {
        let named = |name: &str| types.iter().find(|kind| kind.singular == name);
        let id = |name: &str| named(name).expect("it is there").id;
        Self {
            epic: id("Epic"),
            feature: id("Feature"),
            items: Vec::new(),
        }
    }
}

impl Story {
    pub async fn make_or_push(&mut self) {
        match self.chance.random_range(0..55) {
            0..20 => self.make().await,
            20..40 => self.push().await,
            40..45 => self.take_back().await,
            _ => self.retitle().await,
        }
    }

    async fn make(&mut self) {
        if self.made.items.len() == MADE_MAX {
            return;
        }
        let tops = self.made.items.iter().filter(|made| made.1.is_none());
        let tops: Vec<ItemId> = tops.map(|made| made.0).collect();
        let parent = match self.chance.random_bool(0.7) {
            true => self.some(&tops),
            false => None,
        };
        let draft = ItemDraft {
            title: format!("Made {}", self.number()),
            item_type: match parent {
                Some(_) => self.made.feature,
                None => self.made.epic,
            },
            parent,
            area: None,
        };
        self.tell(format!("make {draft:?}"));
        let item = self.world.engine().create_item(draft).await;
        self.made.items.push((item.expect("made"), parent));
    }

    fn some_made(&mut self) -> Option<ItemId> {
        let made = self.made.items.clone();
        self.some(&made).map(|made| made.0)
    }

    async fn push(&mut self) {
        let Some(item) = self.some_made() else { return };
        let (id, none) = (self.world.integration, PushChoices::default());
        let pushed = self.world.engine().push(&[item], Some(id), &none).await;
        // One that was pushed already is refused.
        let queued = pushed.map(|pushed| pushed.queued);
        self.tell(format!("push {item}: {queued:?}"));
    }

    async fn take_back(&mut self) {
        let Some(item) = self.some_made() else { return };
        let taken = self.world.engine().cancel_push(item).await;
        self.tell(format!("take back {item}: {taken:?}"));
    }

    async fn retitle(&mut self) {
        let Some(item) = self.some_made() else { return };
        let title = Value::text(&format!("Made and edited {}", self.number()));
        self.tell(format!("edit {item}: {title:?}"));
        self.world.edit_here(item, TITLE, title).await;
    }

    /// The issue of each item that was made, if it has one.
    async fn issues_of_made(&self) -> BTreeMap<ItemId, Option<String>> {
        let items: Vec<ItemId> = self.made.items.iter().map(|made| made.0).collect();
        self.world
            .read(move |read| {
                let each = items.into_iter().map(|item| {
                    let links = store::link::by_item(read, item)?.into_iter();
                    let mut linked = links.filter(|link| link.state == LinkState::Linked);
                    let issue = linked.next().map(|link| link.remote_id);
                    assert!(linked.next().is_none(), "one issue an item");
                    Ok((item, issue))
                });
                each.collect()
            })
            .await
    }

    /// How many of the items that were made have an issue.
    pub async fn issues_made(&self) -> usize {
        let issues = self.issues_of_made().await;
        issues.values().flatten().count()
    }

    /// The parent of an issue, by id.
    async fn parent_there(&self, issue: &str) -> Option<String> {
        let field = self.fields.parent_field();
        let there = self.world.there(issue, &[field]).await;
        let there = there.expect("nothing happens to it").remove(0);
        if let Some(id) = there.get("id").and_then(Json::as_str) {
            return Some(id.to_owned());
        }
        let epic = self.world.browser();
        let epic = epic.issue(there.as_str()?, &["summary"]).await;
        Some(epic.expect("an answer").expect("it is there").id)
    }

    pub async fn check_made(&mut self) {
        let issues = self.issues_of_made().await;
        let conflicts = self.conflicts().await;
        for (item, parent) in self.made.items.clone() {
            let torn = conflicts.iter().any(|conflict| conflict.0 == item);
            assert!(!torn, "nobody edited it in Jira");
            let Some(issue) = &issues[&item] else {
                continue;
            };
            let here = self.world.here(item, &[TITLE]).await;
            let there = self.world.there(issue, &["summary"]).await;
            let there = there.expect("nothing happens to it").remove(0);
            let there = Value::text(there.as_str().unwrap_or_default());
            assert_eq!(here, Some(vec![there]), "title of {item}");
            let above = parent.and_then(|parent| issues[&parent].clone());
            let there = self.parent_there(issue).await;
            assert_eq!(there, above, "{item} below {parent:?}");
        }
        let id = self.world.integration;
        let counts = self
            .world
            .read(move |read| store::create_intent::counts(read, id))
            .await;
        assert_eq!(counts, (0, 0), "nothing is still to be made");
    }
}
