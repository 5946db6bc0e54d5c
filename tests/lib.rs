//! What the system tests share: a practice site of their own, and the way from a connection to an import.

pub mod equality;
mod served;
pub mod system;

pub use served::Served;

use api::dto::{
    Event, FieldPair, FieldPairsArgs, IntegrationArgs, IntegrationForm, ItemDetail, ItemsArgs,
    NewItemArgs, Nothing, Run, RunArgs, RunState, SaveScopeArgs, SchemaArgs, TypePairsArgs,
};
use api::{ApiError, App, Options, SecretChoice};
use serde_json::{Value, json};
use std::path::Path;

/// Opens a workspace with secrets in memory.
///
/// # Errors
/// What opening meets.
pub async fn open(directory: &Path) -> Result<App, ApiError> {
    App::open(Options {
        data_dir: directory.to_owned(),
        secrets: SecretChoice::Memory(Default::default()),
    })
    .await
}

/// Connects to a site and adds its main project; gives the integration.
pub async fn connected(app: &App, served: &Served) -> i64 {
    let connection = app
        .connection_create(served.form())
        .await
        .expect("the site accepts its own credentials");
    let project = served.project();
    let form = IntegrationForm {
        connection_id: connection.id,
        project_key: project.clone(),
        board_id: None,
        name: project,
    };
    app.integration_create(form)
        .await
        .expect("the project can be added")
        .id
}

/// Saves the mapping that is proposed, and a scope of everything; gives the pairs of fields.
pub async fn mapped(app: &App, integration_id: i64) -> Vec<FieldPair> {
    let asked = SchemaArgs {
        integration_id,
        refresh: true,
    };
    let hierarchy = app.hierarchy(asked.clone()).await.expect("a hierarchy");
    let pairs = hierarchy.pairs;
    app.hierarchy_save(TypePairsArgs {
        integration_id,
        pairs,
    })
    .await
    .expect("the proposal can be saved");
    let mapping = app.field_mapping(asked).await.expect("fields");
    let mut pairs = mapping.pairs;
    pairs.extend(
        mapping
            .suggestions
            .into_iter()
            .map(|suggestion| suggestion.pair),
    );
    let args = FieldPairsArgs {
        integration_id,
        pairs: pairs.clone(),
    };
    app.field_mapping_save(args)
        .await
        .expect("the suggestions can be saved");
    app.scope_save(everything(integration_id))
        .await
        .expect("a scope");
    pairs
}

/// A scope of every issue.
#[must_use]
pub fn everything(integration_id: i64) -> SaveScopeArgs {
    SaveScopeArgs {
        integration_id,
        jql: String::new(),
        include_closed: true,
        area_id: None,
    }
}

/// Waits, by events, until a run stands still.
pub async fn still(app: &App, run_id: i64) -> Run {
    until(app, run_id, |run| {
        !matches!(
            run.state,
            RunState::Listing | RunState::Reading | RunState::Applying | RunState::Undoing
        )
    })
    .await
}

/// Waits, by events, until a run is as wanted.
pub async fn until(app: &App, run_id: i64, wanted: impl Fn(&Run) -> bool) -> Run {
    let mut events = app.events();
    loop {
        let run = app.run(RunArgs { run_id }).await.expect("the run");
        if wanted(&run) {
            return run;
        }
        loop {
            match events.recv().await {
                Ok(Event::Run { run }) if run.id == run_id => break,
                Ok(Event::Missed) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {
                    break;
                }
                Ok(_) => {}
                Err(error) => panic!("no more events: {error}"),
            }
        }
    }
}

/// Plans an import and waits for the plan.
pub async fn planned(app: &App, integration_id: i64) -> Run {
    let run = app
        .import_plan(IntegrationArgs { integration_id })
        .await
        .expect("a plan begins");
    still(app, run.id).await
}

/// Plans and imports.
pub async fn imported(app: &App, integration_id: i64) -> Run {
    let run = planned(app, integration_id).await;
    assert_eq!(run.state, RunState::Planned, "{run:?}");
    app.import_apply(RunArgs { run_id: run.id })
        .await
        .expect("the plan applies");
    still(app, run.id).await
}

/// Makes an item of the lowest type, part of nothing; gives its id.
pub async fn item(app: &App, title: &str) -> i64 {
    let facets = app.facets(Nothing {}).await.expect("facets");
    let types = facets.levels.iter().flat_map(|level| &level.types);
    let made = app.item_create(NewItemArgs {
        title: title.to_owned(),
        item_type: types.last().expect("a type").id,
        parent_id: None,
        area_id: None,
    });
    made.await.expect("made").id
}

/// Every item of an integration.
pub async fn items(app: &App, integration_id: i64) -> Vec<ItemDetail> {
    let (mut items, mut after) = (Vec::new(), 0);
    loop {
        let args = ItemsArgs {
            integration_id: Some(integration_id),
            after,
            limit: 500,
        };
        let page = app.items(args).await.expect("items");
        items.extend(page.items);
        match page.next {
            Some(next) => after = next,
            None => return items,
        }
    }
}

/// What an item's field holds, as plain as it can be: null, a word, a number, or sorted words.
#[must_use]
pub fn plain(item: &ItemDetail, key: &str) -> Value {
    let held = item.fields.iter().find(|field| field.key == key);
    let value = serde_json::to_value(held.map(|field| &field.value)).expect("a value");
    let words = |list: &Value, name: Option<&str>| {
        let mut words: Vec<String> = list
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|word| name.map_or(word, |name| &word[name]).as_str())
            .map(str::to_owned)
            .collect();
        words.sort();
        json!(words)
    };
    match value["type"].as_str() {
        Some("text") => value["text"].clone(),
        Some("number") => value["number"].clone(),
        Some("date") => value["date"].clone(),
        Some("options") => words(&value["options"], Some("name")),
        Some("people") => words(&value["names"], None),
        Some("labels") => words(&value["labels"], None),
        _ => Value::Null,
    }
}
