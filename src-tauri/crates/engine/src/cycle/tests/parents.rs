//! Items moved below others, here and in Jira, on both faces.

use super::super::decisions::{self, Taken};
use super::super::{Compare, PARENT, release_parts, sever};
use super::world::{Fault, Linked, Template, World};
use crate::new_item::{self, ItemDraft};
use crate::push::{PushChoices, give_up, queue};
use crate::run::Ground;
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use serde_json::{Value as Json, json};
use store::Store;
use store::journal::Origin;
use store::link::{LinkState, NewLink, SeverReason};
use sync::reconcile::Side;
use sync::remote::RemoteKind;
use workspace::{FieldKey, ItemId, ItemTypeId, SystemField, Value};

const TITLE: FieldKey = FieldKey::System(SystemField::Title);
const EPIC_LINK: &str = "com.pyxis.greenhopper.jira:gh-epic-link";
const ISSUES: usize = 60;

async fn templates() -> [Template; 2] {
    [
        Template::new(SiteConfig::cloud(ISSUES, 5)).await,
        Template::new(SiteConfig::data_center(ISSUES, 5)).await,
    ]
}

async fn on_both(check: impl AsyncFn(Moving)) {
    for template in templates().await {
        check(Moving::new(template.world("parents").await).await).await;
    }
}

/// A world with what is moved about in it.
struct Moving {
    world: World,
    /// Below the first epic.
    story: Linked,
    epics: [Linked; 2],
}

impl Moving {
    async fn new(world: World) -> Self {
        world.cycle().await.expect("goes through");
        let mut epics = Vec::new();
        for pair in &world.pairs {
            if type_name(&world, pair.item).await == "Epic" {
                epics.push(pair.clone());
            }
        }
        let mut story = None;
        for pair in &world.pairs {
            let above = world.here(pair.item, PARENT).await.parent();
            if above == Some(epics[0].item) {
                story = Some(pair.clone());
            }
        }
        Self {
            story: story.expect("an epic with something in it"),
            epics: [epics[0].clone(), epics[1].clone()],
            world,
        }
    }

    async fn move_here(&self, item: ItemId, parent: Option<ItemId>) {
        let to = Value::part_of(parent);
        self.world.edit_here(item, PARENT, to).await;
    }

    async fn move_there(&self, issue: &Linked, parent: &Linked) {
        let (field, value) = self.named(parent).await;
        self.world.edit_there(&issue.issue, &field, value).await;
    }

    async fn here(&self) -> Option<ItemId> {
        self.world.here(self.story.item, PARENT).await.parent()
    }

    /// Whether Jira says that the story is part of an epic; none: of nothing.
    async fn is_there_below(&self, parent: Option<&Linked>) -> bool {
        let (field, expected) = match parent {
            Some(parent) => self.named(parent).await,
            None => (self.named(&self.epics[0]).await.0, Json::Null),
        };
        let found = self.world.there(&self.story.issue, &field).await;
        match (found.get("id"), expected.get("id")) {
            (None, None) => found == expected,
            (found, expected) => found == expected,
        }
    }

    /// How the site names an epic in what is part of it: in which field, and by what.
    async fn named(&self, parent: &Linked) -> (String, Json) {
        let id = self.world.integration;
        let ground = Ground::read(&self.world.store, id).await.expect("mapped");
        let mut fields = ground.schema.fields.iter();
        let link = fields.find(
            |field| matches!(&field.kind, RemoteKind::Unsupported(kind) if kind == EPIC_LINK),
        );
        if self.is_cloud() {
            return ("parent".to_owned(), json!({ "id": parent.issue }));
        }
        let key = link_key(&self.world, parent.item).await;
        (link.expect("an Epic Link").id.clone(), json!(key))
    }

    fn is_cloud(&self) -> bool {
        self.world.wire.site().config().face == practice_jira::Face::Cloud
    }

    /// One cycle after another, a while apart, until nothing is to be looked at about the story.
    async fn settle(&self) {
        for _ in 0..8 {
            self.world.cycle().await.expect("goes through");
            if self.world.is_settled(&self.story.issue).await {
                return;
            }
            self.world.wire.advance(SignedDuration::from_mins(31));
        }
        panic!("it does not settle: {:?}", self.problem(&self.story).await);
    }

    async fn problem(&self, pair: &Linked) -> Option<String> {
        let (id, issue) = (self.world.integration, pair.issue.clone());
        let due = self
            .world
            .read(move |read| store::due::of(read, id, &[&issue]));
        let due = due.await.pop()?;
        due.problem.map(|problem| problem.code)
    }

    async fn conflicts(&self) -> Vec<FieldKey> {
        let (id, item) = (self.world.integration, self.story.item);
        let found = self
            .world
            .read(move |read| store::conflict::list(read, Some(id), 99));
        let found = found.await.into_iter();
        let own = found.filter(|conflict| conflict.item == item);
        own.map(|conflict| conflict.field).collect()
    }

    /// Somebody decides all conflicts at once; gives what was decided, and why the others were not.
    async fn decide_all(&self, winner: Side) -> (Vec<Taken>, Vec<String>) {
        let now = self.world.now();
        let outcomes = self.world.store.write(move |tx| {
            let all = store::conflict::list(tx, None, 99)?.into_iter();
            let outcomes = all.map(|one| decisions::decide(tx, one, winner, now));
            outcomes.collect::<Result<Vec<_>, _>>()
        });
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        for outcome in outcomes.await.expect("no conflict is in the way of others") {
            match outcome {
                Ok(one) => taken.push(one),
                Err(one) => left.push(one.problem.code),
            }
        }
        (taken, left)
    }

    async fn take_back(&self, taken: Vec<Taken>) {
        let now = self.world.now();
        let undone = self.world.store.write(move |tx| {
            let each = taken.iter();
            let each = each.map(|one| decisions::take_back(tx, one, now));
            each.collect::<Result<Vec<_>, _>>()
        });
        let undone = undone.await.expect("writes");
        assert!(undone.iter().all(|undone| *undone));
    }

    /// Somebody asks for the issue of an item, and of those above it.
    async fn push(&self, item: ItemId) {
        let ground = Ground::read(&self.world.store, self.world.integration);
        let (ground, now) = (ground.await.expect("mapped"), self.world.now());
        let queued = self.world.store.write(move |tx| {
            let none = PushChoices::default();
            let mut number = 0;
            let mut marker = || {
                number += 1;
                format!("marker {number}")
            };
            queue(tx, &ground, &[item], &none, &mut marker, now)
        });
        queued.await.expect("writes").expect("queued");
    }

    /// Whether the issue of an item is still to be made.
    async fn is_asked_for(&self, item: ItemId) -> bool {
        let asked = self
            .world
            .read(move |read| store::create_intent::of_items(read, &[item]));
        !asked.await.is_empty()
    }

    async fn made(&self, kind: &str) -> ItemId {
        self.made_below(kind, None).await
    }

    async fn made_below(&self, kind: &str, parent: Option<ItemId>) -> ItemId {
        let types = self.world.read(store::item_type::list).await;
        let found = types.iter().find(|found| found.singular == kind);
        let draft = ItemDraft {
            title: "New above".to_owned(),
            item_type: found.expect("it is there").id,
            parent,
            area: None,
        };
        let now = self.world.now();
        let made = self
            .world
            .store
            .write(move |tx| new_item::create(tx, &draft, now));
        made.await.expect("writes").expect("made")
    }
}

async fn type_of(world: &World, item: ItemId) -> ItemTypeId {
    let found = world.read(move |read| store::item::get(read, item));
    found.await.expect("it is there").item_type
}

async fn type_name(world: &World, item: ItemId) -> String {
    let own = type_of(world, item).await;
    let types = world.read(store::item_type::list).await;
    let found = types.into_iter().find(|found| found.id == own);
    found.expect("it is there").singular
}

async fn link_key(world: &World, item: ItemId) -> String {
    let links = world.read(move |read| store::link::by_item(read, item));
    let mut links = links.await.into_iter();
    let found = links.find(|link| link.state == LinkState::Linked);
    found.expect("it is linked").seen.key
}

#[tokio::test]
async fn a_move_here_goes_with_what_else_was_edited_and_then_all_is_quiet() {
    on_both(async |moving| {
        let Moving {
            world,
            story,
            epics,
        } = &moving;
        moving.move_here(story.item, Some(epics[1].item)).await;
        world
            .edit_here(story.item, TITLE, Value::text("Moved"))
            .await;
        let report = world.cycle().await.expect("goes through");
        assert_eq!(report.sent, 1);
        assert!(moving.is_there_below(Some(&epics[1])).await);
        assert_eq!(world.there(&story.issue, "summary").await, json!("Moved"));
        moving.settle().await;
        assert_eq!(moving.here().await, Some(epics[1].item));

        // And out of it.
        moving.move_here(story.item, None).await;
        moving.settle().await;
        assert!(moving.is_there_below(None).await);
        assert_eq!(moving.here().await, None);
        let asked = world.wire.asked();
        world.cycle().await.expect("goes through");
        assert_eq!(world.wire.asked() - asked, 1);
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_move_there_is_followed_and_sends_nothing() {
    on_both(async |moving| {
        moving.move_there(&moving.story, &moving.epics[1]).await;
        let report = moving.world.cycle().await.expect("goes through");
        assert_eq!(report.sent, 0);
        assert_eq!(moving.here().await, Some(moving.epics[1].item));
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn moves_apart_rest_until_somebody_decides() {
    for winner in [Side::Workspace, Side::Remote] {
        on_both(async |moving| {
            let Moving {
                world,
                story,
                epics,
            } = &moving;
            moving.move_here(story.item, None).await;
            moving.move_there(story, &epics[1]).await;
            world.cycle().await.expect("goes through");
            assert_eq!(moving.conflicts().await, [PARENT]);
            assert_eq!(moving.here().await, None);
            assert!(moving.is_there_below(Some(&epics[1])).await);

            world.decide(story.item, PARENT, winner).await;
            moving.settle().await;
            assert_eq!(moving.conflicts().await, []);
            let (here, there) = match winner {
                Side::Workspace => (None, None),
                Side::Remote => (Some(epics[1].item), Some(&epics[1])),
            };
            assert_eq!(moving.here().await, here);
            assert!(moving.is_there_below(there).await);
            moving.world.close().await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_decision_about_a_move_is_taken_back_as_if_nobody_had_decided() {
    for winner in [Side::Workspace, Side::Remote] {
        on_both(async |moving| {
            let Moving {
                world,
                story,
                epics,
            } = &moving;
            moving.move_here(story.item, None).await;
            moving.move_there(story, &epics[1]).await;
            world.cycle().await.expect("goes through");
            let (taken, left) = moving.decide_all(winner).await;
            assert_eq!((taken.len(), left.len()), (1, 0));
            moving.take_back(taken).await;
            for _ in 0..2 {
                assert_eq!(moving.conflicts().await, [PARENT]);
                assert_eq!(moving.here().await, None);
                assert!(moving.is_there_below(Some(&epics[1])).await);
                world.cycle().await.expect("goes through");
            }
            world.decide(story.item, PARENT, winner).await;
            moving.settle().await;
            assert_eq!(moving.conflicts().await, []);
            moving.world.close().await;
        })
        .await;
    }
}

#[tokio::test]
async fn below_a_parent_that_was_deleted_here_nothing_is_put() {
    on_both(async |moving| {
        let Moving {
            world,
            story,
            epics,
        } = &moving;
        let above = moving.made("Epic").await;
        moving.move_here(story.item, Some(above)).await;
        moving.move_there(story, &epics[1]).await;
        world.cycle().await.expect("goes through");
        world.delete_here(epics[1].item).await;
        let (taken, left) = moving.decide_all(Side::Remote).await;
        assert_eq!((taken.len(), left), (0, vec!["edit_refused".to_owned()]));
        assert_eq!(moving.here().await, Some(above));

        // What Jira names is no item any more, as the next look tells: the item stands at the top then.
        world.mark(&story.issue).await;
        world.cycle().await.expect("goes through");
        let (taken, left) = moving.decide_all(Side::Remote).await;
        assert_eq!((taken.len(), left.len()), (1, 0));
        assert_eq!(moving.here().await, None);
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn whatever_is_lost_on_the_way_the_move_arrives_and_the_next_one_is_no_conflict() {
    for template in templates().await {
        for fault in [Fault::Unsent, Fault::Lost, Fault::Busy] {
            for (place, goes_back) in (0..7).flat_map(|place| [(place, false), (place, true)]) {
                let name = format!("lost-{fault:?}-{place}-{goes_back}");
                let moving = Moving::new(template.world(&name).await).await;
                let Moving {
                    world,
                    story,
                    epics,
                } = &moving;
                moving.move_here(story.item, Some(epics[1].item)).await;
                let mut faults = vec![Fault::None; place];
                faults.push(fault);
                world.wire.set_faults(faults);
                // What keeps the whole from going on is part of the story.
                drop(world.cycle().await);
                world.wire.set_faults([]);
                // Somebody goes on, or back, before it is known what came of it.
                let last = goes_back.then_some(&epics[0]);
                moving
                    .move_here(story.item, last.map(|epic| epic.item))
                    .await;
                moving.settle().await;
                assert_eq!(moving.conflicts().await, [], "{name}");
                assert!(moving.is_there_below(last).await, "{name}");
                assert_eq!(moving.here().await, last.map(|epic| epic.item), "{name}");
                moving.world.close().await;
            }
        }
    }
}

#[tokio::test]
async fn where_a_move_was_lost_and_jira_says_another_parent_a_person_is_asked_until_they_answer() {
    on_both(async |moving| {
        let Moving {
            world,
            story,
            epics,
        } = &moving;
        moving.move_here(story.item, Some(epics[1].item)).await;
        let path = format!("/issue/{}", story.issue);
        world.wire.set_broken(move |request| {
            request.method() == http::Method::PUT && request.uri().path().ends_with(&path)
        });
        world.cycle().await.expect("the others go on");
        world.wire.set_broken(|_| false);
        let (field, _) = moving.named(&epics[0]).await;
        world.edit_there(&story.issue, &field, Json::Null).await;
        for compare in [Compare::Nothing, Compare::Now, Compare::Now] {
            world.wire.advance(SignedDuration::from_mins(31));
            world.cycle_with(compare).await.expect("goes through");
            assert_eq!(moving.conflicts().await, [PARENT]);
            assert_eq!(moving.here().await, Some(epics[1].item));
            assert!(moving.is_there_below(None).await);
        }
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn below_an_item_without_an_issue_a_move_waits_for_it() {
    on_both(async |moving| {
        let Moving { world, story, .. } = &moving;
        let above = moving.made("Epic").await;
        moving.move_here(story.item, Some(above)).await;
        world
            .edit_here(story.item, TITLE, Value::text("Edited too"))
            .await;
        world.cycle().await.expect("goes through");
        let waits = moving.problem(story).await;
        assert_eq!(waits.as_deref(), Some("parent_unpushed"));
        let title = world.there(&story.issue, "summary").await;
        assert_eq!(title, json!("Edited too"));
        assert!(moving.is_there_below(Some(&moving.epics[0])).await);

        moving.push(above).await;
        moving.settle().await;
        let links = world.read(move |read| store::link::by_item(read, above));
        let issue = links.await.remove(0).remote_id;
        let above = Linked { item: above, issue };
        assert!(moving.is_there_below(Some(&above)).await);
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_move_away_from_an_item_that_came_apart_from_its_issue_is_sent() {
    on_both(async |moving| {
        let Moving {
            world,
            story,
            epics,
        } = &moving;
        let (item, now) = (epics[0].item, world.now());
        world
            .write(move |tx| {
                for link in store::link::by_item(tx, item)? {
                    sever(tx, link.id, SeverReason::ByHand, Origin::Here, now)?;
                }
                Ok(())
            })
            .await;
        world.mark(&story.issue).await;
        world.cycle().await.expect("goes through");
        assert_eq!(moving.here().await, Some(item), "it stays where it is");
        moving.move_here(story.item, Some(epics[1].item)).await;
        moving.settle().await;
        assert_eq!(moving.conflicts().await, []);
        assert!(moving.is_there_below(Some(&epics[1])).await);
        moving.world.close().await;
    })
    .await;
}

/// The item gets the issue that another item had until now.
async fn swap_in(store: &Store, item: ItemId, from: ItemId, now: jiff::Timestamp) {
    let swapped = store.write(move |tx| {
        for link in store::link::by_item(tx, from)? {
            sever(tx, link.id, SeverReason::ByHand, Origin::Here, now)?;
            let Some(integration) = link.integration else {
                continue;
            };
            let new = NewLink {
                item,
                integration,
                connection: link.connection,
                remote_id: link.remote_id,
                seen: link.seen,
                base_parent: None,
                created_at: now,
            };
            store::link::insert(tx, &new)?;
        }
        release_parts(tx, item, now)
    });
    swapped.await.expect("writes");
}

#[tokio::test]
async fn below_an_item_that_gets_its_issue_while_others_are_sent_nothing_waits() {
    on_both(async |moving| {
        let Moving {
            world,
            story,
            epics,
        } = &moving;
        let above = moving.made("Epic").await;
        moving.move_here(story.item, Some(above)).await;
        world
            .edit_here(story.item, TITLE, Value::text("Edited too"))
            .await;
        let (store, from, now) = (world.store.clone(), epics[1].item, world.now());
        world.wire.set_meanwhile(
            |request| request.method() == http::Method::PUT,
            async move { swap_in(&store, above, from, now).await },
        );
        moving.settle().await;
        let issue = epics[1].issue.clone();
        let above = Linked { item: above, issue };
        assert!(moving.is_there_below(Some(&above)).await);
        assert_eq!(moving.here().await, Some(above.item));
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_part_of_an_item_that_is_linked_to_an_issue_is_made_all_the_same() {
    on_both(async |moving| {
        let above = moving.made("Epic").await;
        let below = moving.made_below("Feature", Some(above)).await;
        moving.push(below).await;
        assert!(moving.is_asked_for(above).await && moving.is_asked_for(below).await);
        let given_up = moving.world.store.write(move |tx| give_up(tx, above));
        given_up.await.expect("writes").expect("nothing has left");
        assert!(!moving.is_asked_for(above).await);
        assert!(moving.is_asked_for(below).await);
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn below_what_jira_has_no_level_for_an_issue_is_part_of_nothing() {
    on_both(async |moving| {
        let Moving { world, story, .. } = &moving;
        let above = moving.made("Epic").await;
        // Of its type Jira knows none.
        let (id, kind) = (world.integration, type_of(world, above).await);
        world
            .write(move |tx| {
                let (mut mapping, names) = store::mapping::load(tx, id)?;
                mapping.types.retain(|pair| pair.item_type != kind);
                store::mapping::save(tx, id, &mapping, &names)
            })
            .await;
        moving.move_here(story.item, Some(above)).await;
        moving.settle().await;
        assert!(moving.is_there_below(None).await);
        assert_eq!(moving.here().await, Some(above));
        assert_eq!(moving.problem(story).await, None);
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_sub_task_moves_on_cloud_and_waits_for_a_person_on_data_center() {
    on_both(async |mut moving| {
        let (mut task, mut other) = (None, None);
        for pair in &moving.world.pairs {
            let found = moving.world.there(&pair.issue, "issuetype").await;
            if found.get("subtask") == Some(&json!(true)) {
                task = Some(pair.clone());
            }
        }
        let task = task.expect("a sub-task");
        let above = moving.world.here(task.item, PARENT).await.parent();
        let above = above.expect("it is part of something");
        let kind = type_of(&moving.world, above).await;
        for pair in &moving.world.pairs {
            if pair.item != above && type_of(&moving.world, pair.item).await == kind {
                other = Some(pair.clone());
            }
        }
        let other = other.expect("another one");
        moving.story = task.clone();
        moving.move_here(task.item, Some(other.item)).await;
        moving.world.cycle().await.expect("goes through");
        let parent = moving.world.there(&task.issue, "parent").await;
        let moved = parent.get("id") == Some(&json!(other.issue));
        assert_eq!(moved, moving.is_cloud());
        let fixed = (!moving.is_cloud()).then(|| "parent_fixed".to_owned());
        assert_eq!(moving.problem(&task).await, fixed);
        // Nowhere is it part of nothing.
        moving.move_here(task.item, None).await;
        moving.world.cycle().await.expect("goes through");
        let waits = moving.problem(&task).await;
        assert_eq!(waits.as_deref(), Some("parent_fixed"));
        // Whoever puts it back has no problem any more.
        let back = if moving.is_cloud() { other.item } else { above };
        moving.move_here(task.item, Some(back)).await;
        moving.settle().await;
        assert_eq!(moving.problem(&task).await, None);
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn what_jira_refuses_of_a_move_keeps_nothing_else_back() {
    on_both(async |moving| {
        let Moving {
            world,
            story,
            epics,
        } = &moving;
        // In Jira the epic has become something that nothing stands below, and nobody has heard of it.
        moving.move_here(story.item, Some(epics[1].item)).await;
        world
            .edit_here(story.item, TITLE, Value::text("Goes anyway"))
            .await;
        world.delete_there(&epics[1].issue);
        world.hear_up_to_now().await;
        world.mark(&story.issue).await;
        world.cycle().await.expect("goes through");
        let title = world.there(&story.issue, "summary").await;
        assert_eq!(title, json!("Goes anyway"));
        let waits = moving.problem(story).await;
        assert_eq!(waits.as_deref(), Some("parent_refused"));
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn an_item_is_never_part_of_itself_or_of_what_stands_no_higher() {
    on_both(async |moving| {
        let Moving {
            world,
            story,
            epics,
        } = &moving;
        let refused = async |item: ItemId, parent: ItemId| {
            let to = Value::part_of(Some(parent));
            let now = world.now();
            let edited = crate::edit::edit(&world.store, item, PARENT, to, None, now).await;
            edited.expect_err("refused").to_string()
        };
        let itself = refused(epics[0].item, epics[0].item).await;
        assert!(itself.contains("not part of itself"), "{itself}");
        let below = refused(epics[0].item, story.item).await;
        assert!(below.contains("not part of itself"), "{below}");
        let level = refused(epics[0].item, epics[1].item).await;
        assert!(level.contains("no higher level"), "{level}");
        assert_eq!(moving.here().await, Some(epics[0].item));
        moving.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_parent_that_both_sides_set_in_turns_rests_until_somebody_decides() {
    on_both(async |moving| {
        let Moving {
            world,
            story,
            epics,
        } = &moving;
        // An automation in Jira puts the first epic back.
        for _ in 0..3 {
            moving.move_here(story.item, Some(epics[1].item)).await;
            world.cycle().await.expect("goes through");
            if moving.is_there_below(Some(&epics[1])).await {
                moving.move_there(story, &epics[0]).await;
            }
            world.cycle().await.expect("goes through");
        }
        assert!(moving.is_there_below(Some(&epics[0])).await);
        assert_eq!(moving.here().await, Some(epics[1].item));
        assert_eq!(moving.conflicts().await, [PARENT]);

        world.decide(story.item, PARENT, Side::Workspace).await;
        moving.settle().await;
        assert_eq!(moving.conflicts().await, []);
        assert!(moving.is_there_below(Some(&epics[1])).await);
        moving.world.close().await;
    })
    .await;
}
