//! What is done day by day in the real window: a conflict is decided, a new item is pushed, and what came of it is looked
//! at. The window keeps in step by itself meanwhile.

use crate::window::Window;
use api::dto::{EditArgs, EditValue, IntegrationArgs};
use api::{App, Options, SecretChoice};
use lockstep_tests::{Served, connected, imported, items, mapped};
use practice_jira::{Face, SiteConfig};
use serde_json::json;
use std::path::Path;

/// Imports, and lets both sides write the same title; gives the key of the issue.
async fn prepare(served: &Served, home: &Path) -> String {
    let app = App::open(Options {
        data_dir: home.to_owned(),
        secrets: SecretChoice::Keyring,
    });
    let app = app.await.expect("opens");
    let integration_id = connected(&app, served).await;
    mapped(&app, integration_id).await;
    imported(&app, integration_id).await;
    let item = items(&app, integration_id).await.remove(0);
    let key = item.link.expect("linked").key;
    let edit = EditArgs {
        item_id: item.id,
        field: "title".to_owned(),
        value: EditValue::Text {
            text: "Written here".to_owned(),
        },
    };
    app.item_edit(edit).await.expect("edited");
    let summary = json!({ "fields": { "summary": "Written in Jira" } });
    served.tell("PUT", &path(served, &key), &summary);
    let report = app.sync_now(IntegrationArgs { integration_id }).await;
    assert_eq!(report.expect("in step").conflicts, 1);
    app.shutdown().await;
    key
}

fn path(served: &Served, key: &str) -> String {
    let api = match served.face() {
        Face::Cloud => "3",
        Face::DataCenter => "2",
    };
    format!("/rest/api/{api}/issue/{key}")
}

/// Waits until Jira has this title for an issue.
async fn arrives(window: &Window, served: &Served, key: &str, title: &str) {
    let path = path(served, key);
    window
        .until(&format!("{key} to be called \"{title}\""), |_| async {
            served.ask(&path)["fields"]["summary"] == json!(title)
        })
        .await;
}

async fn check(config: SiteConfig, picture: &str) {
    let served = Served::start(config);
    let home = tempfile::tempdir().expect("a temporary directory can be made");
    let key = prepare(&served, home.path()).await;

    let window = Window::open_on(home.path()).await;
    window.click_part("link", "Conflicts").await;
    window.sees("Written in Jira").await;
    window
        .picture(&format!("{picture}-instep-1-conflict"))
        .await;
    window.click_part("button", "Keep ours").await;
    window.sees("Nothing is in conflict").await;
    arrives(&window, &served, &key, "Written here").await;

    window.click("link", "Backlog").await;
    window.click("button", "New item").await;
    window.find("textbox", "Title").await;
    window.nothing_is_cut().await;
    window.fill("textbox", "Title", "Thought of here").await;
    window.click("button", "Make the item").await;
    window.click("button", "Push to Jira…").await;
    window.find("button", "Create 1 issue").await;
    window.nothing_is_cut().await;
    window.picture(&format!("{picture}-instep-2-push")).await;
    window.click("button", "Create 1 issue").await;
    window.click("button", "Done").await;

    window.click("link", "Activity").await;
    window.sees("Thought of here").await;
    window.sees("Written in Jira").await;
    window
        .picture(&format!("{picture}-instep-3-activity"))
        .await;
    window.click("link", "Integrations").await;
    window.sees("in step").await;
    window.click_part("button", "More for ORB").await;
    window.click("menuitem", "When to stop and ask…").await;
    window.find("textbox", "Changed at once").await;
    window.nothing_is_cut().await;
    window
        .picture(&format!("{picture}-instep-4-stop-and-ask"))
        .await;
    window.click("button", "Cancel").await;
    window.close().await;
    let made = served.issues(&served.project());
    let made = made
        .iter()
        .filter(|issue| issue["fields"]["summary"] == json!("Thought of here"));
    assert_eq!(made.count(), 1);
}

#[tokio::test]
async fn a_conflict_is_decided_and_a_new_item_pushed_on_cloud() {
    check(SiteConfig::cloud(60, 3), "cloud").await;
}

#[tokio::test]
async fn a_conflict_is_decided_and_a_new_item_pushed_on_data_center() {
    check(SiteConfig::data_center(60, 3), "data-center").await;
}
