//! Moving between areas, and back.

use super::Moved;
use crate::{Engine, EngineOptions, NetworkTransports, SecretChoice};
use jira::{FixedJitter, SystemClock};
use std::sync::Arc;
use store::item::NewItem;
use workspace::{AreaId, ItemId, Rank};

/// A workspace with three areas and two items in the first.
struct Scene {
    engine: Engine,
    areas: [AreaId; 3],
    items: [ItemId; 2],
    _directory: tempfile::TempDir,
}

impl Scene {
    async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a scratch directory");
        let engine = Engine::open(EngineOptions {
            data_dir: directory.path().to_owned(),
            secrets: SecretChoice::Memory(Arc::default()),
            clock: Arc::new(SystemClock),
            jitter: Arc::new(FixedJitter(0.0)),
            transports: Arc::new(NetworkTransports),
        })
        .await
        .expect("an engine");
        let mut areas = Vec::new();
        for name in ["A", "B", "C"] {
            areas.push(engine.create_area(None, name).await.expect("an area").id);
        }
        let (area, now) = (areas[0], engine.now());
        let items = engine
            .store()
            .write(move |tx| {
                let item_type = store::item_type::list(tx)?[0].id;
                let mut items = Vec::new();
                for place in 1..=2 {
                    let new = NewItem {
                        item_type,
                        title: format!("Item {place}"),
                        parent: None,
                        area,
                        rank: Rank::nth(place),
                        created_at: now,
                        values: Default::default(),
                    };
                    items.push(store::item::insert(tx, &new)?);
                }
                Ok(items)
            })
            .await
            .expect("items");
        Self {
            engine,
            areas: areas.try_into().expect("three"),
            items: items.try_into().expect("two"),
            _directory: directory,
        }
    }

    async fn move_to(&self, items: &[ItemId], area: usize) -> Moved {
        let moved = self.engine.move_items(items, self.areas[area]).await;
        moved.expect("moves")
    }

    async fn undo(&self, undo: i64) -> (u64, u64) {
        let moved = self.engine.undo_move(undo).await.expect("moves back");
        assert_eq!(moved.undo, undo);
        (moved.moved, moved.left)
    }

    /// In which area each item lies, by the area's place.
    async fn check(&self, expected: [usize; 2]) {
        for (item, area) in self.items.iter().zip(expected) {
            let found = self.engine.item(*item).await.expect("it is here");
            assert_eq!(found.item.area, self.areas[area]);
        }
    }
}

#[tokio::test]
async fn taking_a_move_back_leaves_what_was_moved_on_since() {
    let scene = Scene::new().await;
    let first = scene.move_to(&scene.items, 1).await;
    assert_eq!((first.moved, first.left), (2, 0));
    let on = scene.move_to(&scene.items[..1], 2).await;
    assert_eq!(on.moved, 1);
    assert_eq!(scene.undo(first.undo).await, (1, 1));
    scene.check([2, 0]).await;
    assert_eq!(scene.undo(on.undo).await, (1, 0));
    scene.check([1, 0]).await;
}

#[tokio::test]
async fn a_move_can_be_taken_back_and_made_again_as_often_as_one_likes() {
    let scene = Scene::new().await;
    let moved = scene.move_to(&scene.items, 1).await;
    for expected in [[0, 0], [1, 1], [0, 0]] {
        assert_eq!(scene.undo(moved.undo).await, (2, 0));
        scene.check(expected).await;
    }
    let nowhere = scene.engine.undo_move(99).await;
    assert!(matches!(nowhere, Err(crate::EngineError::NotFound("move"))));
}
