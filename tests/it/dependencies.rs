//! What items depend on, edited one end at a time.

use api::App;
use api::dto::{EditArgs, EditValue, Edited, FieldValue, IdArgs, ItemIdsArgs, ItemRelation};
use api::error::{ErrorCode, ErrorDto};
use lockstep_tests::{item, open};

const FIELD: &str = "dependencies";

/// Says of an item that another one blocks it, or does not any more.
async fn set(app: &App, item_id: i64, other: i64, there: bool) -> Result<Edited, ErrorDto> {
    let value = EditValue::Dependency {
        item_id: other,
        relation: ItemRelation::BlockedBy,
        there,
    };
    let field = FIELD.to_owned();
    app.item_edit(EditArgs {
        item_id,
        field,
        value,
    })
    .await
}

async fn ends(app: &App, id: i64) -> Vec<String> {
    let found = app.item(IdArgs { id }).await.expect("it is there");
    let field = found.fields.into_iter().find(|field| field.key == FIELD);
    match field.expect("the field").value {
        FieldValue::References { references } => {
            let ends = references.into_iter();
            ends.map(|end| format!("{} {}", end.relation, end.item.title))
                .collect()
        }
        _ => Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_end_is_added_or_taken_away_and_what_stands_beside_it_stays() {
    let directory = tempfile::tempdir().expect("a directory");
    let app = open(directory.path()).await.expect("opens");
    let (a, b, c) = (
        item(&app, "A").await,
        item(&app, "B").await,
        item(&app, "C").await,
    );
    for other in [b, c] {
        set(&app, a, other, true).await.expect("added");
    }
    assert_eq!(ends(&app, a).await, ["is blocked by B", "is blocked by C"]);
    assert_eq!(ends(&app, b).await, ["blocks A"]);
    // Both are taken away by somebody who looked before the first was gone.
    for other in [b, c] {
        set(&app, a, other, false).await.expect("taken away");
    }
    assert!(ends(&app, a).await.is_empty());
    let itself = set(&app, a, a, true).await.expect_err("of itself");
    assert_eq!(itself.code, ErrorCode::EditRefused);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_that_was_deleted_and_comes_back_is_there_again() {
    let directory = tempfile::tempdir().expect("a directory");
    let app = open(directory.path()).await.expect("opens");
    let (a, b, c) = (
        item(&app, "A").await,
        item(&app, "B").await,
        item(&app, "C").await,
    );
    set(&app, a, b, true).await.expect("added");
    let deleted = app.items_delete(ItemIdsArgs { ids: vec![b] }).await;
    let undo = deleted.expect("deleted").undo;
    set(&app, a, c, true).await.expect("added");
    assert_eq!(ends(&app, a).await, ["is blocked by C"]);
    app.items_delete_undo(IdArgs { id: undo })
        .await
        .expect("back");
    assert_eq!(ends(&app, a).await, ["is blocked by B", "is blocked by C"]);
    assert_eq!(ends(&app, b).await, ["blocks A"]);
}
