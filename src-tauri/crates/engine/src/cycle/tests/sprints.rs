//! Issues moved into sprints and out of them, on both faces.

use super::world::{Fault, Linked, Template, World};
use crate::run::Ground;
use jiff::SignedDuration;
use jira::{Sprint, SprintState};
use practice_jira::SiteConfig;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use sync::remote::RemoteKind;
use workspace::value::{Reference, Relation};
use workspace::{FieldKey, OptionId, SystemField, Value};

const SPRINT: FieldKey = FieldKey::System(SystemField::Sprint);
const TITLE: FieldKey = FieldKey::System(SystemField::Title);
const STATUS: FieldKey = FieldKey::System(SystemField::Status);
const DAY: FieldKey = FieldKey::System(SystemField::TargetDate);
const DEPENDENCIES: FieldKey = FieldKey::System(SystemField::Dependencies);
const ISSUES: usize = 200;

async fn templates() -> [Template; 2] {
    [
        Template::new(SiteConfig::cloud(ISSUES, 5)).await,
        Template::new(SiteConfig::data_center(ISSUES, 5)).await,
    ]
}

async fn on_both(check: impl AsyncFn(Planning)) {
    for template in templates().await {
        check(Planning::new(template.world("sprints").await).await).await;
    }
}

/// A world with what is planned in it.
struct Planning {
    world: World,
    /// Id of the sprint field there.
    field: String,
    /// An issue in an open sprint.
    issue: Linked,
    /// An issue that was in closed ones only.
    over: Linked,
    /// Two open sprints, the issue's first, and a closed one.
    open: [u64; 2],
    closed: u64,
}

impl Planning {
    async fn new(world: World) -> Self {
        world.cycle().await.expect("goes through");
        let ground = Ground::read(&world.store, world.integration).await;
        let ground = ground.expect("mapped");
        let mut fields = ground.schema.fields.iter();
        let field = fields.find(|field| field.kind == RemoteKind::Sprint);
        let field = field.expect("a field for sprints").id.clone();
        let mut states = BTreeMap::new();
        let (mut issue, mut over) = (None, None);
        for pair in &world.pairs {
            let kind = world.there(&pair.issue, "issuetype").await;
            let own = sprints(&world.there(&pair.issue, &field).await);
            let is_open = |sprint: &Sprint| sprint.state != SprintState::Closed;
            if kind.get("subtask") != Some(&json!(true)) {
                match own.iter().find(|sprint| is_open(sprint)) {
                    Some(open) => issue = Some((pair.clone(), open.id)),
                    None if !own.is_empty() => over = Some(pair.clone()),
                    None => {}
                }
            }
            states.extend(own.iter().map(|sprint| (sprint.id, is_open(sprint))));
        }
        let (issue, first) = issue.expect("one in an open sprint");
        let other = |open: bool| {
            let mut states = states.iter();
            let found = states.find(|(id, is_open)| **is_open == open && **id != first);
            *found.expect("another sprint").0
        };
        Self {
            open: [first, other(true)],
            closed: other(false),
            over: over.expect("one in closed sprints"),
            issue,
            field,
            world,
        }
    }

    /// What a sprint of Jira's is here.
    async fn option(&self, sprint: u64) -> OptionId {
        let ground = Ground::read(&self.world.store, self.world.integration).await;
        let site = ground.expect("mapped").site_key();
        let found = self.world.read(move |read| {
            store::option_identity::find(read, &site, SPRINT, &sprint.to_string())
        });
        found.await.expect("it was met")
    }

    async fn plan(&self, pair: &Linked, sprint: Option<u64>) {
        let value = match sprint {
            Some(sprint) => Value::options([self.option(sprint).await]),
            None => Value::None,
        };
        self.world.edit_here(pair.item, SPRINT, value).await;
    }

    /// The open sprints that an issue is in.
    async fn there(&self, pair: &Linked) -> Vec<u64> {
        let own = sprints(&self.world.there(&pair.issue, &self.field).await).into_iter();
        let open = own.filter(|sprint| sprint.state != SprintState::Closed);
        open.map(|sprint| sprint.id).collect()
    }

    async fn problem(&self, pair: &Linked) -> Option<String> {
        let (id, issue) = (self.world.integration, pair.issue.clone());
        let due = self
            .world
            .read(move |read| store::due::of(read, id, &[&issue]));
        due.await.pop()?.problem.map(|problem| problem.code)
    }

    async fn settle(&self, pair: &Linked) {
        for _ in 0..8 {
            self.world.cycle().await.expect("goes through");
            if self.world.is_settled(&pair.issue).await {
                return;
            }
            self.world.wire.advance(SignedDuration::from_mins(31));
        }
        panic!("it does not settle: {:?}", self.problem(pair).await);
    }
}

/// The account may do neither any more.
fn forbid(world: &World, permissions: [&str; 2]) {
    let mut site = world.wire.site();
    let keys = site.project_keys();
    let removed = keys.iter().flat_map(|project| {
        let each = permissions.into_iter();
        each.map(|permission| (project.clone(), permission.to_owned()))
    });
    let removed = removed.collect();
    site.faults_mut().permissions_removed = removed;
}

/// Another status that the issue can go to, as it is called there and as it is here.
async fn next_status(world: &World, pair: &Linked) -> (String, Value) {
    let (open, stand_for) = (
        world.remote().client().transitions(&pair.issue).await,
        world.statuses().await,
    );
    let stands = world.here(pair.item, STATUS).await;
    let open = open.expect("steps").into_iter();
    let mut free = open.filter(|step| step.required_fields.is_empty());
    let found = free.find_map(|step| {
        let here = Value::options([*stand_for.get(&step.to.id)?]);
        (here != stands).then_some((step.to.id, here))
    });
    found.expect("a step to another status")
}

fn sprints(field: &Json) -> Vec<Sprint> {
    let each = field.as_array().into_iter().flatten();
    each.filter_map(Sprint::from_value).collect()
}

#[tokio::test]
async fn an_issue_goes_into_another_sprint_and_out_of_it() {
    on_both(async |planning| {
        let Planning { issue, open, .. } = &planning;
        planning.plan(issue, Some(open[1])).await;
        let report = planning.world.cycle().await.expect("goes through");
        assert_eq!(report.sent, 1);
        planning.settle(issue).await;
        assert_eq!(planning.there(issue).await, [open[1]]);
        planning.plan(issue, None).await;
        planning.settle(issue).await;
        assert_eq!(planning.there(issue).await, [] as [u64; 0]);
        let asked = planning.world.wire.asked();
        planning.world.cycle().await.expect("goes through");
        assert_eq!(planning.world.wire.asked() - asked, 1);
        planning.world.close().await;
    })
    .await;
}

#[tokio::test]
async fn nothing_goes_into_a_closed_sprint_or_out_of_one_and_the_rest_goes_all_the_same() {
    on_both(async |planning| {
        let Planning { issue, over, .. } = &planning;
        let world = &planning.world;
        let before = planning.there(issue).await;
        planning.plan(issue, Some(planning.closed)).await;
        world
            .edit_here(issue.item, TITLE, Value::text("Goes"))
            .await;
        planning.plan(over, None).await;
        world.cycle().await.expect("goes through");
        for pair in [issue, over] {
            let problem = planning.problem(pair).await;
            assert_eq!(problem.as_deref(), Some("sprint_closed"));
        }
        assert_eq!(planning.there(issue).await, before);
        assert_eq!(world.there(&issue.issue, "summary").await, json!("Goes"));
        planning.world.close().await;
    })
    .await;
}

/// Whoever may neither plan nor link edits everything at once, and somebody edits another field there just before the
/// request after `requests` others; false if there are fewer.
async fn meet(template: &Template, requests: usize) -> bool {
    let world = template.world(&format!("forbidden-{requests}")).await;
    let planning = Planning::new(world).await;
    let Planning {
        world, issue, over, ..
    } = &planning;
    let status = next_status(world, issue).await;
    forbid(world, ["SCHEDULE_ISSUES", "LINK_ISSUES"]);
    planning.plan(issue, None).await;
    let end = Reference {
        item: over.item,
        relation: Relation::RelatesTo,
    };
    let ends = Value::references([end]);
    world.edit_here(issue.item, DEPENDENCIES, ends).await;
    world.edit_here(issue.item, STATUS, status.1).await;
    world
        .edit_here(issue.item, TITLE, Value::text("Goes"))
        .await;
    world
        .meddle(&issue.issue, "duedate", json!("2027-03-04"))
        .await;
    let before = (0..requests).map(|_| Fault::None);
    world.wire.set_faults(before.chain([Fault::Overtaken]));
    world.cycle().await.expect("goes through");
    world.wire.set_faults([]);
    let has_met = world.wire.unsent_meddling() == 0;
    world.cycle().await.expect("goes through");
    let problem = planning.problem(issue).await;
    assert_eq!(problem.as_deref(), Some("sprint_refused"));
    assert_eq!(world.there(&issue.issue, "summary").await, json!("Goes"));
    let stands = world.there(&issue.issue, "status").await;
    assert_eq!(stands.get("id"), Some(&json!(status.0)));
    if has_met {
        let day = Value::Date(jiff::civil::date(2027, 3, 4));
        assert_eq!(world.here(issue.item, DAY).await, day, "after {requests}");
    }
    planning.world.close().await;
    has_met
}

#[tokio::test]
async fn what_the_account_may_not_do_keeps_nothing_back_and_nothing_of_others_is_overlooked() {
    for template in templates().await {
        let mut requests = 0;
        while meet(&template, requests).await {
            requests += 1;
        }
        assert!(requests > 5, "it was met everywhere");
    }
}

#[tokio::test]
async fn whatever_is_lost_on_the_way_a_sprint_arrives_once() {
    for template in templates().await {
        for fault in [Fault::Unsent, Fault::Lost, Fault::Busy] {
            for place in 0..7 {
                let world = template.world(&format!("lost-{fault:?}-{place}")).await;
                let planning = Planning::new(world).await;
                let Planning { issue, open, .. } = &planning;
                planning.plan(issue, Some(open[1])).await;
                let mut faults = vec![Fault::None; place];
                faults.push(fault);
                planning.world.wire.set_faults(faults);
                // What keeps the whole from going on is part of the story.
                drop(planning.world.cycle().await);
                planning.world.wire.set_faults([]);
                planning.settle(issue).await;
                assert_eq!(
                    planning.there(issue).await,
                    [open[1]],
                    "{fault:?} at {place}"
                );
                planning.world.close().await;
            }
        }
    }
}
