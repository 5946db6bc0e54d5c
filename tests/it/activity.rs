//! What changed, as it is shown and as it is saved.

use api::App;
use api::dto::{
    ActivityArgs, ActivityChange, EditArgs, EditValue, FieldValue, ItemIdsArgs, ItemRelation,
    RichFormat, RichSourceArgs,
};
use api::error::ErrorCode;
use api::export::{ActivityCsv, activity_cells, save_activity};
use lockstep_tests::{item, open};
use std::path::Path;

fn everything() -> ActivityArgs {
    ActivityArgs {
        item_id: None,
        integration_id: None,
        run_id: None,
        origin: None,
        field: None,
        search: None,
        before: None,
        limit: 100,
    }
}

async fn edit(app: &App, item_id: i64, field: &str, value: EditValue) {
    let field = field.to_owned();
    let edited = app.item_edit(EditArgs {
        item_id,
        field,
        value,
    });
    edited.await.expect("edited");
}

async fn blocked_by(app: &App, item_id: i64, other: i64) {
    let value = EditValue::Dependency {
        item_id: other,
        relation: ItemRelation::BlockedBy,
        there: true,
    };
    edit(app, item_id, "dependencies", value).await;
}

async fn changes(app: &App, item_id: i64) -> Vec<ActivityChange> {
    let args = ActivityArgs {
        item_id: Some(item_id),
        ..everything()
    };
    app.activity(args).await.expect("told").changes
}

fn ends(value: &FieldValue) -> Vec<String> {
    match value {
        FieldValue::References { references } => {
            let ends = references.iter();
            ends.map(|end| format!("{} {}", end.relation, end.item.title))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn files(folder: &Path) -> Vec<String> {
    let found = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = found
        .map(|file| file.expect("a file").file_name().to_string_lossy().into())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_dependencies_names_them_also_when_they_are_gone() {
    let directory = tempfile::tempdir().expect("a directory");
    let app = open(directory.path()).await.expect("opens");
    let (own, other) = (item(&app, "Own").await, item(&app, "Other").await);
    blocked_by(&app, own, other).await;
    let there = changes(&app, own).await;
    assert_eq!(ends(&there[0].after), ["is blocked by Other"]);
    let ids = vec![other];
    app.items_delete(ItemIdsArgs { ids })
        .await
        .expect("deleted");
    let gone = changes(&app, own).await;
    assert_eq!(ends(&gone[0].after), ["is blocked by Other"]);
    let cells = activity_cells(&gone[0]);
    assert_eq!(
        cells[6..],
        ["Dependencies", "(nothing)", "is blocked by Other"]
    );
    let mirrored = changes(&app, other).await;
    let mirrored: Vec<_> = mirrored.iter().map(|change| ends(&change.after)).collect();
    assert!(
        mirrored.contains(&vec!["blocks Own".to_owned()]),
        "{mirrored:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_saved_description_has_its_words() {
    let directory = tempfile::tempdir().expect("a directory");
    let app = open(directory.path()).await.expect("opens");
    let id = item(&app, "Own").await;
    let field = "description".to_owned();
    let began = app.rich_source(RichSourceArgs { item_id: id, field }).await;
    let began = began.expect("a source");
    let words = |words: &str| match began.format {
        RichFormat::Adf => serde_json::json!({"type": "doc", "version": 1, "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": words}]},
            {"type": "bulletList", "content": [{"type": "listItem", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "one"}]}]}]}]})
        .to_string(),
        RichFormat::Wiki => format!("{words}\n\n* one"),
    };
    let value = EditValue::Rich {
        format: began.format,
        source: words("Ask for both cards"),
        was: began.source,
    };
    edit(&app, id, "description", value).await;
    let told = changes(&app, id).await;
    let cells = activity_cells(&told[0]);
    assert_eq!(cells[7..], ["(nothing)", "Ask for both cards • one"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_saved_file_holds_every_page_and_one_that_fails_is_taken_away() {
    let directory = tempfile::tempdir().expect("a directory");
    let app = open(directory.path()).await.expect("opens");
    let id = item(&app, "=1+1").await;
    let edits = 510;
    for number in 0..edits {
        let text = format!("Title {number}");
        edit(&app, id, "title", EditValue::Text { text }).await;
    }
    let mut pages = ActivityCsv::new(&app, everything());
    let mut text = String::new();
    let mut count = 0;
    while let Some(lines) = pages.next().await.expect("a page") {
        text += &lines;
        count += 1;
    }
    assert_eq!(count, 2);
    assert!(
        text.starts_with("\u{feff}WHEN,"),
        "a spreadsheet takes it for UTF-8"
    );
    assert_eq!(text.matches('\u{feff}').count(), 1);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines.len(),
        1 + edits + 1,
        "the names, the edits, the making"
    );
    assert!(lines[edits].contains("'=1+1"), "{}", lines[edits]);

    let folder = tempfile::tempdir().expect("a folder");
    for name in ["lockstep-activity.csv", "lockstep-activity (2).csv"] {
        let saved = save_activity(&app, everything(), folder.path()).await;
        let saved = saved.expect("saved");
        assert_eq!(saved, folder.path().join(name));
        assert_eq!(std::fs::read_to_string(saved).expect("a file"), text);
    }
    let unknown = ActivityArgs {
        field: Some("no such field".to_owned()),
        ..everything()
    };
    let failed = save_activity(&app, unknown, folder.path()).await;
    assert_eq!(failed.expect_err("no field").code, ErrorCode::BadRequest);
    assert_eq!(
        files(folder.path()).len(),
        2,
        "nothing half-written is left"
    );
}
