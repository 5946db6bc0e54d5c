//! Dependencies as links between issues, on both faces.

use super::world::{Fault, Linked, Template, World};
use jiff::SignedDuration;
use practice_jira::SiteConfig;
use serde_json::Value as Json;
use workspace::value::{Reference, Relation};
use workspace::{FieldKey, SystemField, Value};

const DEPENDENCIES: FieldKey = FieldKey::System(SystemField::Dependencies);
const RELATIONS: [Relation; 3] = [Relation::Blocks, Relation::BlockedBy, Relation::RelatesTo];

async fn templates() -> [Template; 2] {
    [
        Template::new(SiteConfig::cloud(60, 5)).await,
        Template::new(SiteConfig::data_center(60, 5)).await,
    ]
}

async fn on_both(check: impl AsyncFn(Linking)) {
    for template in templates().await {
        check(Linking::new(template.world("links").await).await).await;
    }
}

/// A world with two issues that no link joins.
struct Linking {
    world: World,
    own: Linked,
    other: Linked,
}

impl Linking {
    async fn new(world: World) -> Self {
        world.cycle().await.expect("goes through");
        let mut free = Vec::new();
        for pair in &world.pairs {
            if links(&world, pair).await.is_empty() {
                free.push(pair.clone());
            }
        }
        Self {
            own: free[0].clone(),
            other: free[1].clone(),
            world,
        }
    }

    async fn set(&self, relations: impl IntoIterator<Item = Relation>) {
        let item = self.other.item;
        let ends = relations.into_iter();
        let ends = ends.map(|relation| Reference { item, relation });
        self.world
            .edit_here(self.own.item, DEPENDENCIES, Value::references(ends))
            .await;
    }

    /// What the item says of the other one here.
    async fn here(&self, pair: &Linked) -> Vec<Relation> {
        match self.world.here(pair.item, DEPENDENCIES).await {
            Value::References(list) => list.into_iter().map(|end| end.relation).collect(),
            _ => Vec::new(),
        }
    }

    async fn settle(&self) {
        for _ in 0..8 {
            self.world.cycle().await.expect("goes through");
            let own = self.world.is_settled(&self.own.issue).await;
            if own && self.world.is_settled(&self.other.issue).await {
                return;
            }
            self.world.wire.advance(SignedDuration::from_mins(31));
        }
        panic!("it does not settle");
    }
}

/// The links of an issue: the kind, and whether it points away from it.
async fn links(world: &World, pair: &Linked) -> Vec<(String, bool)> {
    let held = world.there(&pair.issue, "issuelinks").await;
    let each = held.as_array().into_iter().flatten();
    each.map(|link| {
        let kind = link.pointer("/type/name").and_then(Json::as_str);
        (
            kind.unwrap_or_default().to_owned(),
            link.get("outwardIssue").is_some(),
        )
    })
    .collect()
}

#[tokio::test]
async fn a_dependency_is_one_link_with_two_ends_and_goes_as_it_came() {
    for relation in RELATIONS {
        on_both(async |linking| {
            let Linking { world, own, other } = &linking;
            let back = relation.reverse().expect("it has another end");
            linking.set([relation]).await;
            assert_eq!(linking.here(other).await, [back]);
            linking.settle().await;
            let kind = match relation {
                Relation::RelatesTo => "Relates",
                _ => "Blocks",
            };
            let there = links(world, own).await;
            assert_eq!(there.len(), 1, "{relation:?}: {there:?}");
            assert_eq!(there[0].0, kind);
            if relation != Relation::RelatesTo {
                assert_eq!(there[0].1, relation == Relation::Blocks);
            }
            assert_eq!(links(world, other).await.len(), 1);
            assert_eq!(linking.here(own).await, [relation]);
            assert_eq!(linking.here(other).await, [back]);

            linking.set([]).await;
            linking.settle().await;
            assert_eq!(links(world, own).await, []);
            assert_eq!(linking.here(other).await, []);
            let asked = world.wire.asked();
            world.cycle().await.expect("goes through");
            assert_eq!(world.wire.asked() - asked, 1);
            linking.world.close().await;
        })
        .await;
    }
}

#[tokio::test]
async fn links_that_others_made_meanwhile_stay_and_are_taken_over() {
    on_both(async |linking| {
        let Linking { world, own, other } = &linking;
        let types = world.remote().client().link_types().await.expect("a list");
        let relates = types.iter().find(|kind| kind.name == "Relates");
        let relates = relates.expect("it is delivered").id.clone();
        let client = world.remote();
        let made = client.client();
        made.link_issues(&relates, &own.issue, &other.issue)
            .await
            .expect("linked");
        linking.set([Relation::Blocks]).await;
        linking.settle().await;
        assert_eq!(links(world, own).await.len(), 2);
        assert_eq!(
            linking.here(own).await,
            [Relation::Blocks, Relation::RelatesTo]
        );
        linking.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_link_of_a_kind_that_is_jiras_own_is_never_taken_away() {
    on_both(async |linking| {
        let Linking { world, own, other } = &linking;
        let client = world.remote();
        let types = client.client().link_types().await.expect("a list");
        let kind = types
            .iter()
            .find(|kind| kind.name != "Relates" && kind.name != "Blocks");
        let kind = kind.expect("another kind").id.clone();
        let linked = client.client();
        linked
            .link_issues(&kind, &own.issue, &other.issue)
            .await
            .expect("linked");
        linking.settle().await;
        assert_eq!(linking.here(own).await, [Relation::RelatesTo]);
        linking.set([]).await;
        world.cycle().await.expect("goes through");
        assert_eq!(links(world, own).await.len(), 1);
        let (id, issue) = (world.integration, own.issue.clone());
        let due = world.read(move |read| store::due::of(read, id, &[&issue]));
        let problem = due.await.pop().and_then(|due| due.problem);
        assert_eq!(problem.expect("it waits").code, "link_unsayable");
        linking.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn whatever_is_lost_on_the_way_there_is_one_link() {
    for template in templates().await {
        for fault in [Fault::Unsent, Fault::Lost, Fault::Busy] {
            for place in 0..9 {
                let world = template.world(&format!("lost-{fault:?}-{place}")).await;
                let linking = Linking::new(world).await;
                linking.set([Relation::BlockedBy]).await;
                let mut faults = vec![Fault::None; place];
                faults.push(fault);
                linking.world.wire.set_faults(faults);
                // What keeps the whole from going on is part of the story.
                drop(linking.world.cycle().await);
                linking.world.wire.set_faults([]);
                linking.settle().await;
                let there = links(&linking.world, &linking.own).await;
                let one = [("Blocks".to_owned(), false)];
                assert_eq!(there, one, "{fault:?} at {place}");
                assert_eq!(linking.here(&linking.own).await, [Relation::BlockedBy]);
                linking.world.close().await;
            }
        }
    }
}
