//! Conflicts by the hundred: decided by a rule, each for itself, and taken back.

use api::App;
use api::dto::{
    ConflictFieldsArgs, ConflictKey, ConflictWinner, ConflictsArgs, EditArgs, EditValue, IdArgs,
    IntegrationArgs, ResolveManyArgs, RunState,
};
use api::error::ErrorCode;
use lockstep_tests::{Served, connected, imported, items, mapped, open};
use practice_jira::SiteConfig;
use serde_json::json;

struct Scene {
    served: Served,
    app: App,
    integration_id: i64,
    /// Items and keys whose titles are in conflict.
    apart: Vec<(i64, String)>,
    _directory: tempfile::TempDir,
}

impl Scene {
    /// Three titles that both sides changed.
    async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let served = Served::start(SiteConfig::cloud(90, 7));
        let app = open(directory.path()).await.expect("opens");
        let integration_id = connected(&app, &served).await;
        mapped(&app, integration_id).await;
        let run = imported(&app, integration_id).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        let all = items(&app, integration_id).await;
        let mut apart = Vec::new();
        for item in all.into_iter().filter(|item| item.link.is_some()).take(3) {
            let key = item.link.expect("linked").key;
            let args = EditArgs {
                item_id: item.id,
                field: "title".to_owned(),
                value: EditValue::Text {
                    text: format!("Ours of {key}"),
                },
            };
            app.item_edit(args).await.expect("edited");
            let theirs = json!({ "fields": { "summary": format!("Theirs of {key}") } });
            served.tell("PUT", &format!("/rest/api/3/issue/{key}"), &theirs);
            apart.push((item.id, key));
        }
        let scene = Self {
            served,
            app,
            integration_id,
            apart,
            _directory: directory,
        };
        scene.sync().await;
        assert_eq!(scene.conflicts().await, 3);
        scene
    }

    async fn sync(&self) {
        let integration_id = self.integration_id;
        let args = IntegrationArgs { integration_id };
        self.app.sync_now(args).await.expect("a cycle");
    }

    async fn conflicts(&self) -> usize {
        let all = self.app.conflicts(ConflictsArgs::default()).await;
        all.expect("a list").len()
    }

    async fn title(&self, place: usize) -> String {
        let id = self.apart[place].0;
        self.app.item(IdArgs { id }).await.expect("the item").title
    }

    fn there(&self, place: usize) -> String {
        let path = format!("/rest/api/3/issue/{}?fields=summary", self.apart[place].1);
        let title = self.served.ask(&path)["fields"]["summary"].clone();
        title.as_str().unwrap_or_default().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conflicts_are_looked_for_by_issue_item_and_field_and_counted_by_field() {
    let scene = Scene::new().await;
    let (item_id, key) = scene.apart[1].clone();
    let wanted = [
        ConflictsArgs {
            key: Some(key.to_lowercase()),
            ..ConflictsArgs::default()
        },
        ConflictsArgs {
            item_id: Some(item_id),
            field: Some("title".to_owned()),
            ..ConflictsArgs::default()
        },
    ];
    for args in wanted {
        let found = scene.app.conflicts(args).await.expect("a list");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].item_id, &found[0].key), (item_id, &key));
    }
    let args = ConflictsArgs {
        field: Some("story_points".to_owned()),
        ..ConflictsArgs::default()
    };
    assert_eq!(scene.app.conflicts(args).await.expect("a list"), []);
    let integration_id = Some(scene.integration_id);
    let fields = scene
        .app
        .conflict_fields(ConflictFieldsArgs { integration_id });
    let told: Vec<_> = fields
        .await
        .expect("counted")
        .into_iter()
        .map(|one| (one.field, one.name, one.count))
        .collect();
    assert_eq!(told, [("title".to_owned(), "Title".to_owned(), 3)]);
}

fn all(winner: ConflictWinner) -> ResolveManyArgs {
    ResolveManyArgs {
        integration_id: None,
        field: Some("title".to_owned()),
        some: None,
        winner,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_a_field_are_decided_for_jira_and_taken_back() {
    let scene = Scene::new().await;
    let done = scene.app.conflicts_resolve(all(ConflictWinner::Jira)).await;
    let done = done.expect("decided");
    assert_eq!((done.decided, done.left.len()), (3, 0));
    assert_eq!(scene.conflicts().await, 0);
    assert!(scene.title(0).await.starts_with("Theirs of"));

    let id = done.undo.expect("a number");
    let undone = scene.app.conflicts_resolve_undo(IdArgs { id }).await;
    let undone = undone.expect("taken back");
    assert_eq!((undone.undone, undone.kept), (3, 0));
    assert_eq!(scene.conflicts().await, 3);
    assert!(scene.title(0).await.starts_with("Ours of"));
    scene.sync().await;
    assert_eq!(scene.conflicts().await, 3, "as if nothing had been");
    assert!(scene.there(0).starts_with("Theirs of"));
    let again = scene.app.conflicts_resolve_undo(IdArgs { id }).await;
    assert_eq!(again.expect_err("once").code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_meanwhile_stays_decided() {
    let scene = Scene::new().await;
    let done = scene.app.conflicts_resolve(all(ConflictWinner::Here)).await;
    let done = done.expect("decided");
    assert_eq!(done.decided, 3);
    scene.sync().await;
    assert!(scene.there(1).starts_with("Ours of"));
    let id = done.undo.expect("a number");
    let undone = scene.app.conflicts_resolve_undo(IdArgs { id }).await;
    let undone = undone.expect("told");
    assert_eq!((undone.undone, undone.kept), (0, 3));
    assert_eq!(scene.conflicts().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_that_were_named_are_decided_and_one_that_is_none_is_told() {
    let scene = Scene::new().await;
    let named = |item_id, field: &str| ConflictKey {
        item_id,
        field: field.to_owned(),
    };
    let args = ResolveManyArgs {
        field: None,
        some: Some(vec![
            named(scene.apart[0].0, "title"),
            named(scene.apart[1].0, "story_points"),
        ]),
        ..all(ConflictWinner::Here)
    };
    let done = scene.app.conflicts_resolve(args).await.expect("decided");
    assert_eq!(done.decided, 1);
    let left = &done.left[0];
    assert_eq!(
        (left.item_id, left.field.as_str(), left.problem.code),
        (scene.apart[1].0, "story_points", ErrorCode::NotFound)
    );
    assert_eq!(scene.conflicts().await, 2);
}
