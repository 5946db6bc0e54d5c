//! An import gives what the site holds, once, and can be taken back.

use api::dto::{
    FieldPair, IntegrationArgs, ItemDetail, MoveArgs, NewAreaArgs, Nothing, RunArgs, RunState,
};
use lockstep_tests::{Served, connected, imported, items, mapped, open, plain, planned, still};
use practice_jira::SiteConfig;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const ISSUES: usize = 600;
const SEED: u64 = 11;

fn names(list: &Value, name: &str) -> Value {
    let mut names: Vec<&str> = list
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one[name].as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    json!(names)
}

/// What the site says of a field, as plain as [`plain`] makes it.
fn said(field: &str, value: &Value) -> Value {
    let empty = || json!([]);
    match field {
        "dev_assignee" => value["displayName"]
            .as_str()
            .map_or_else(empty, |name| json!([name])),
        "labels" => {
            let mut words: Vec<&str> = value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            words.sort_unstable();
            json!(words)
        }
        "components" | "quarter" => names(value, "name"),
        _ => value.clone(),
    }
}

/// A list without anything and nothing are the same.
fn same(left: &Value, right: &Value) -> bool {
    let nothing = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => (left - right).abs() < 1e-9,
        _ => left == right || nothing(left) && nothing(right),
    }
}

/// Words of letters and digits anywhere below `text` members.
fn words(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|one| words(one, into)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "text" => into.extend(
                        text.split(|letter: char| !letter.is_alphanumeric())
                            .filter(|word| !word.is_empty())
                            .map(str::to_owned),
                    ),
                    other => words(other, into),
                }
            }
        }
        _ => {}
    }
}

/// The sprint that counts: the last that is not closed, else the last of all.
fn sprint(value: &Value) -> Option<String> {
    let all: Vec<(String, bool)> = value
        .as_array()?
        .iter()
        .map(|one| match one.as_str() {
            None => (
                one["name"].as_str().unwrap_or("").to_owned(),
                one["state"] == "closed",
            ),
            Some(text) => {
                let name = text.split_once(",name=").and_then(|(_, rest)| {
                    rest.split_once(",startDate=")
                        .or_else(|| rest.split_once(",goal="))
                });
                (
                    name.map_or("", |(name, _)| name).to_owned(),
                    text.contains("state=CLOSED"),
                )
            }
        })
        .collect();
    all.iter()
        .rev()
        .find(|(_, closed)| !closed)
        .or(all.last())
        .map(|(name, _)| name.clone())
}

fn compare(issue: &Value, item: &ItemDetail, pairs: &[FieldPair], keys: &BTreeMap<String, i64>) {
    let key = issue["key"].as_str().expect("a key");
    let fields = &issue["fields"];
    assert_eq!(fields["summary"], item.title.as_str(), "{key}");
    assert_eq!(plain(item, "dev_status"), fields["status"]["name"], "{key}");
    for pair in pairs {
        let told = &fields[&pair.remote_field];
        let (expected, held) = match pair.field.as_str() {
            "labels" | "components" | "quarter" | "dev_assignee" | "story_points" => {
                (said(&pair.field, told), plain(item, &pair.field))
            }
            "sprint" => (
                sprint(told).map_or(Value::Null, |name| json!([name])),
                plain(item, "sprint"),
            ),
            _ => continue,
        };
        assert!(
            same(&expected, &held),
            "{key} {}: the site says {expected}, the item holds {held}",
            pair.field
        );
    }
    let (mut expected, mut held) = (BTreeSet::new(), BTreeSet::new());
    if fields["description"].is_object() {
        words(&fields["description"], &mut expected);
        let description = item.fields.iter().find(|field| field.key == "description");
        words(&serde_json::to_value(description).expect("JSON"), &mut held);
        let lost: Vec<&String> = expected.difference(&held).collect();
        assert!(
            lost.is_empty(),
            "{key}: words of the description are lost: {lost:?}"
        );
    }
    if let Some(parent) = fields["parent"]["key"]
        .as_str()
        .filter(|parent| keys.contains_key(*parent))
    {
        let above = item.ancestors.last().and_then(|above| above.key.as_deref());
        assert_eq!(above, Some(parent), "{key}");
    }
}

async fn check_equal(config: SiteConfig) {
    let (served, directory) = (
        Served::start(config),
        tempfile::tempdir().expect("a directory"),
    );
    let app = open(directory.path()).await.expect("opens");
    let integration = connected(&app, &served).await;
    let pairs = mapped(&app, integration).await;
    let run = imported(&app, integration).await;
    assert_eq!(run.state, RunState::Done, "{run:?}");
    let issues = served.issues(&served.project());
    let here = items(&app, integration).await;
    let keys: BTreeMap<String, i64> = here
        .iter()
        .filter_map(|item| Some((item.link.as_ref()?.key.clone(), item.id)))
        .collect();
    assert_eq!(keys.len(), here.len(), "one item per issue");
    assert_eq!(
        u32::try_from(here.len()),
        Ok(run.counts.created),
        "{:?}",
        run.counts
    );
    assert_eq!(
        u32::try_from(issues.len()),
        Ok(run.counts.found),
        "{:?}",
        run.counts
    );
    assert_eq!(
        run.counts.created + run.counts.skip,
        run.counts.found,
        "{:?}",
        run.counts
    );
    let by_key: BTreeMap<&str, &Value> = issues
        .iter()
        .filter_map(|issue| Some((issue["key"].as_str()?, issue)))
        .collect();
    for item in &here {
        let key = &item.link.as_ref().expect("imported items are linked").key;
        compare(by_key[key.as_str()], item, &pairs, &keys);
    }
    let again = planned(&app, integration).await;
    assert_eq!(
        again.counts.unchanged, run.counts.created,
        "{:?}",
        again.counts
    );
    assert_eq!(
        (again.counts.create, again.counts.update),
        (0, 0),
        "{:?}",
        again.counts
    );
    app.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_item_equals_its_issue_on_cloud_and_a_second_plan_is_silent() {
    check_equal(SiteConfig::cloud(ISSUES, SEED)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_item_equals_its_issue_on_data_center_and_a_second_plan_is_silent() {
    check_equal(SiteConfig::data_center(ISSUES, SEED)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pausing_and_resuming_while_reading_loses_nothing() {
    let (served, directory) = (
        Served::start(SiteConfig::cloud(ISSUES, SEED)),
        tempfile::tempdir().expect("a directory"),
    );
    let app = open(directory.path()).await.expect("opens");
    let integration = connected(&app, &served).await;
    mapped(&app, integration).await;
    let run = app
        .import_plan(IntegrationArgs {
            integration_id: integration,
        })
        .await
        .expect("a plan begins");
    let asked = app.import_pause(RunArgs { run_id: run.id }).await;
    if let Ok(paused) = asked {
        assert_eq!(
            paused.state,
            RunState::Paused,
            "a pause that was granted has come into force"
        );
        app.import_resume(RunArgs { run_id: run.id })
            .await
            .expect("resumes");
    }
    let run = still(&app, run.id).await;
    assert_eq!(run.state, RunState::Planned, "{run:?}");
    app.import_apply(RunArgs { run_id: run.id })
        .await
        .expect("applies");
    let run = still(&app, run.id).await;
    let expected = served.issues(&served.project()).len();
    assert_eq!(
        u32::try_from(expected),
        Ok(run.counts.created + run.counts.skip),
        "{:?}",
        run.counts
    );
    app.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn undoing_removes_every_item_but_one_that_was_moved_since_and_what_stands_above_it() {
    let (served, directory) = (
        Served::start(SiteConfig::cloud(200, SEED)),
        tempfile::tempdir().expect("a directory"),
    );
    let app = open(directory.path()).await.expect("opens");
    let integration = connected(&app, &served).await;
    mapped(&app, integration).await;
    let run = imported(&app, integration).await;
    let here = items(&app, integration).await;
    let leaf = here
        .iter()
        .find(|item| item.children_total == 0)
        .expect("a leaf");
    // What stands above an item that stays has to stay too.
    let (moved, staying) = (leaf.id, 1 + leaf.ancestors.len());
    let area = app
        .area_create(NewAreaArgs {
            parent_id: None,
            name: "Elsewhere".to_owned(),
        })
        .await
        .expect("an area");
    app.items_move(MoveArgs {
        ids: vec![moved],
        area_id: area.id,
    })
    .await
    .expect("moves");
    app.import_undo(RunArgs { run_id: run.id })
        .await
        .expect("undoing begins");
    let run = still(&app, run.id).await;
    assert_eq!(run.state, RunState::Undone, "{run:?}");
    let left = app.app_state(Nothing {}).await.expect("state").items;
    assert_eq!(left as usize, staying, "{:?}", run.counts);
    app.shutdown().await;
}
