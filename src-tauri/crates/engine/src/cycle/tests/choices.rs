//! Versions and components that stand here and not in Jira, on both faces.

use super::world::{Fault, Linked, Template, World};
use crate::choices;
use crate::error::EngineError;
use crate::problem::Problem;
use crate::run::Ground;
use jira::Named;
use practice_jira::SiteConfig;
use serde_json::{Value as Json, json};
use workspace::{FieldKey, OptionId, SystemField, Value};

const COMPONENTS: FieldKey = FieldKey::System(SystemField::Components);
const RELEASES: FieldKey = FieldKey::System(SystemField::Quarter);
const TITLE: FieldKey = FieldKey::System(SystemField::Title);
/// What Jira does not have.
const NEW: &str = "Ledger";

/// Both faces, and both sorts of choice: by the field here and the one there.
async fn on_both(check: impl AsyncFn(World, FieldKey, &str)) {
    for config in [SiteConfig::cloud(60, 5), SiteConfig::data_center(60, 5)] {
        let template = Template::new(config).await;
        for (field, there) in [(COMPONENTS, "components"), (RELEASES, "fixVersions")] {
            check(template.world(there).await, field, there).await;
        }
    }
}

/// Somebody chooses here what Jira does not have, besides what was chosen.
async fn choose(world: &World, pair: &Linked, field: FieldKey) -> OptionId {
    let option = world
        .store
        .write(move |tx| store::field_option::grow(tx, field, NEW, None, None));
    let option = option.await.expect("made");
    let held = match world.here(pair.item, field).await {
        Value::Options(held) => held,
        _ => Vec::new(),
    };
    let value = Value::options(held.into_iter().chain([option]));
    world.edit_here(pair.item, field, value).await;
    option
}

async fn create(world: &World, pair: &Linked) -> Result<String, EngineError> {
    let ground = Ground::read(&world.store, world.integration).await?;
    let remote = world.remote();
    choices::create(&world.store, &remote, ground, &pair.issue, world.now()).await
}

async fn problem(world: &World, pair: &Linked) -> Option<String> {
    let (id, issue) = (world.integration, pair.issue.clone());
    let due = world.read(move |read| store::due::of(read, id, &[&issue]));
    due.await.pop()?.problem.map(|problem| problem.code)
}

/// What the project has of this name.
async fn known(world: &World, there: &str) -> Vec<Named> {
    let ground = Ground::read(&world.store, world.integration).await;
    let project = ground.expect("mapped").integration.data.project_key;
    let remote = world.remote();
    let all = match there {
        "components" => remote.client().components(&project).await,
        _ => remote.client().versions(&project).await,
    };
    let all = all.expect("a list").into_iter();
    all.filter(|named| named.name == NEW).collect()
}

fn names(field: &Json) -> Vec<&str> {
    let each = field.as_array().into_iter().flatten();
    let names = each.filter_map(|one| one.get("name"));
    names.filter_map(Json::as_str).collect()
}

#[tokio::test]
async fn what_jira_lacks_waits_for_a_person_and_goes_once_it_is_created() {
    on_both(async |world, field, there| {
        world.cycle().await.expect("goes through");
        let pair = world.pairs[3].clone();
        choose(&world, &pair, field).await;
        world.edit_here(pair.item, TITLE, Value::text("Goes")).await;
        world.cycle().await.expect("goes through");
        assert_eq!(
            problem(&world, &pair).await.as_deref(),
            Some("choice_missing")
        );
        assert_eq!(known(&world, there).await, []);
        assert_eq!(world.there(&pair.issue, "summary").await, json!("Goes"));

        assert_eq!(create(&world, &pair).await.expect("created"), NEW);
        world.cycle().await.expect("goes through");
        let told = world.there(&pair.issue, there).await;
        assert!(names(&told).contains(&NEW), "{told}");
        world.cycle().await.expect("goes through");
        assert!(world.is_settled(&pair.issue).await);
        let again = create(&world, &pair).await;
        assert!(matches!(again, Err(EngineError::NotFound(_))));
        world.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_value_that_jira_has_no_word_for_waits_under_the_name_that_the_field_has_here() {
    let template = Template::new(SiteConfig::cloud(60, 5)).await;
    let world = template.world("importance").await;
    world.cycle().await.expect("goes through");
    let pair = world.pairs[3].clone();
    let field: FieldKey = SystemField::Importance.into();
    let option = world
        .store
        .write(move |tx| store::field_option::grow(tx, field, NEW, None, None));
    let value = Value::options([option.await.expect("made")]);
    world.edit_here(pair.item, field, value).await;
    world.cycle().await.expect("goes through");
    let (id, issue) = (world.integration, pair.issue.clone());
    let due = world.read(move |read| store::due::of(read, id, &[&issue]));
    let why = due.await.pop().and_then(|due| due.problem).expect("parked");
    let wanted = Problem::new("value_unsayable").with("fields", "Importance");
    assert_eq!(Problem::from_text(&why.code, &why.detail), wanted);
    world.close().await;
}

#[tokio::test]
async fn what_somebody_made_in_jira_meanwhile_is_not_made_again_nor_what_was_made_without_an_answer()
 {
    on_both(async |world, field, there| {
        world.cycle().await.expect("goes through");
        let pair = world.pairs[3].clone();
        choose(&world, &pair, field).await;
        world.cycle().await.expect("goes through");
        // The list is read, and the answer to the creation is lost.
        world.wire.set_faults([Fault::None, Fault::Lost]);
        create(&world, &pair).await.expect_err("nobody answered");
        world.wire.set_faults([]);
        create(&world, &pair).await.expect("found");
        assert_eq!(known(&world, there).await.len(), 1);
        world.cycle().await.expect("goes through");
        let told = world.there(&pair.issue, there).await;
        assert!(names(&told).contains(&NEW), "{told}");
        world.close().await;
    })
    .await;
}
