//! Push to Jira: items become issues, parents first, each one once.

use api::App;
use api::dto::{
    EditArgs, EditValue, FieldValue, IdArgs, IntegrationArgs, ItemDetail, NewItemArgs, Nothing,
    PushAnswer, PushArgs, PushInput, PushPreview, PushRow, PushType, PushValue, RetryArgs,
    RunState, SyncReport,
};
use api::error::ErrorCode;
use lockstep_tests::{Served, connected, imported, items, mapped, open};
use practice_jira::{Face, SiteConfig};
use serde_json::Value;

const ISSUES: usize = 120;

/// A workspace that was imported from a site.
struct Pair {
    served: Served,
    app: App,
    integration_id: i64,
    issues: usize,
    _directory: tempfile::TempDir,
}

impl Pair {
    async fn of(config: SiteConfig) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let served = Served::start(config);
        let app = open(directory.path()).await.expect("opens");
        let integration_id = connected(&app, &served).await;
        mapped(&app, integration_id).await;
        let run = imported(&app, integration_id).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        let issues = served.site().issue_count(None);
        Self {
            served,
            app,
            integration_id,
            issues,
            _directory: directory,
        }
    }

    async fn sync(&self) -> SyncReport {
        let args = IntegrationArgs {
            integration_id: self.integration_id,
        };
        self.app.sync_now(args).await.expect("a cycle")
    }

    async fn make(&self, kind: &str, title: &str, parent_id: Option<i64>) -> i64 {
        let levels = self.app.levels(Nothing {}).await.expect("levels");
        let mut types = levels.iter().flat_map(|level| &level.types);
        let kind = types.find(|known| known.singular == kind).expect("a type");
        let args = NewItemArgs {
            title: title.to_owned(),
            item_type: kind.id,
            parent_id,
            area_id: None,
        };
        self.app.item_create(args).await.expect("made").id
    }

    fn args(&self, items: &[i64]) -> PushArgs {
        PushArgs {
            item_ids: items.to_vec(),
            integration_id: None,
            types: Vec::new(),
            answers: Vec::new(),
            refresh: true,
            anew: false,
        }
    }

    async fn preview(&self, items: &[i64]) -> PushPreview {
        let preview = self.app.push_preview(self.args(items)).await;
        preview.expect("a preview")
    }

    async fn push(&self, items: &[i64]) -> Vec<i64> {
        let pushed = self.app.push(self.args(items)).await.expect("asked for");
        assert_eq!(pushed.integration_id, self.integration_id);
        pushed.item_ids
    }

    async fn item(&self, id: i64) -> ItemDetail {
        self.app.item(IdArgs { id }).await.expect("the item")
    }

    async fn key(&self, id: i64) -> String {
        let item = self.item(id).await;
        item.link.expect("it has an issue").key
    }

    async fn state(&self, id: i64) -> Option<api::dto::CreateState> {
        let state = self.app.item_sync(IdArgs { id }).await;
        state.expect("its state").create
    }

    async fn edit(&self, item_id: i64, field: &str, value: EditValue) {
        let args = EditArgs {
            item_id,
            field: field.to_owned(),
            value,
        };
        self.app.item_edit(args).await.expect("edited");
    }

    async fn problems(&self) -> Vec<api::dto::SyncProblem> {
        let args = IntegrationArgs {
            integration_id: self.integration_id,
        };
        self.app.sync_problems(args).await.expect("problems")
    }

    fn there(&self, key: &str, field: &str) -> Value {
        let api = match self.served.face() {
            Face::Cloud => "/rest/api/3",
            Face::DataCenter => "/rest/api/2",
        };
        let path = format!("{api}/issue/{key}?fields={field}");
        self.served.ask(&path)["fields"][field].clone()
    }

    /// The key of an issue's parent, in whichever way the site tells it.
    fn parent_there(&self, key: &str) -> Option<String> {
        let parent = self.there(key, "parent");
        if let Some(key) = parent["key"].as_str() {
            return Some(key.to_owned());
        }
        let fields = self.served.ask("/rest/api/2/field");
        let epic_link =
            fields.as_array().expect("fields").iter().find(|field| {
                field["schema"]["custom"] == "com.pyxis.greenhopper.jira:gh-epic-link"
            })?;
        let id = epic_link["id"].as_str().expect("an id");
        self.there(key, id).as_str().map(str::to_owned)
    }

    fn new_issues(&self) -> usize {
        self.served.site().issue_count(None) - self.issues
    }

    /// One more cycle finds nothing to do, and asks once.
    async fn check_idle(&self) {
        let before = self.served.asked();
        let report = self.sync().await;
        assert_eq!((report.made, report.sent, report.heard), (0, 0, 0));
        assert_eq!(self.served.asked() - before, 1, "one request");
    }
}

async fn pairs() -> [Pair; 2] {
    [
        Pair::of(SiteConfig::cloud(ISSUES, 7)).await,
        Pair::of(SiteConfig::data_center(ISSUES, 7)).await,
    ]
}

fn titles(rows: &[PushRow]) -> Vec<String> {
    let told = rows.iter().map(|row| {
        let indent = "  ".repeat(row.depth as usize);
        let along = if row.taken_along { " (along)" } else { "" };
        format!("{indent}{}{along}", row.title)
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_becomes_an_issue_with_the_parents_that_have_none_and_then_all_is_silent() {
    for pair in pairs().await {
        let epic = pair.make("Epic", "Payments", None).await;
        let feature = pair.make("Feature", "Refunds", Some(epic)).await;
        let labels = EditValue::Labels {
            labels: vec!["money".into()],
        };
        pair.edit(feature, "labels", labels).await;
        let preview = pair.preview(&[feature]).await;
        assert_eq!(titles(&preview.rows), ["Payments (along)", "  Refunds"]);
        assert_eq!((preview.count, preview.questions.len()), (2, 0));
        let written: Vec<&str> = preview.rows[1]
            .writes
            .iter()
            .map(|write| write.name.as_str())
            .collect();
        assert_eq!(written, ["Summary", "Labels"]);
        assert_eq!(pair.new_issues(), 0, "a preview makes nothing");

        assert_eq!(pair.push(&[feature]).await, [epic, feature]);
        let state = pair.state(feature).await.expect("it waits");
        assert_eq!(state.waits_for.as_deref(), Some("Payments"));
        assert!(!state.under_way && state.problem.is_none());
        let report = pair.sync().await;
        let problems = pair.problems().await;
        assert_eq!((report.made, report.waiting), (2, 0), "{problems:?}");
        let (epic_key, key) = (pair.key(epic).await, pair.key(feature).await);
        assert_eq!(pair.there(&epic_key, "summary"), "Payments");
        assert_eq!(pair.there(&key, "labels"), serde_json::json!(["money"]));
        assert_eq!(pair.parent_there(&key), Some(epic_key));
        assert_eq!(pair.new_issues(), 2);
        assert!(pair.state(feature).await.is_none());
        let item = pair.item(feature).await;
        assert_eq!(item.ancestors.len(), 1, "it stays where it is");
        pair.check_idle().await;

        let dev_status = item.fields.iter().find(|field| field.key == "dev_status");
        let dev_status = &dev_status.expect("the field").value;
        assert_ne!(
            dev_status,
            &FieldValue::None,
            "what Jira made of it is known"
        );
        let title = EditValue::Text {
            text: "Refunds in full".into(),
        };
        pair.edit(feature, "title", title).await;
        assert_eq!(pair.sync().await.sent, 1);
        assert_eq!(pair.there(&key, "summary"), "Refunds in full");
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_an_issue_is_not_pushed_again() {
    for pair in pairs().await {
        let epic = pair.make("Epic", "Payments", None).await;
        pair.push(&[epic]).await;
        let twice = pair.app.push(pair.args(&[epic])).await;
        assert_eq!(
            twice.expect_err("it waits already").code,
            ErrorCode::PushRefused
        );
        pair.sync().await;
        let preview = pair.preview(&[epic]).await;
        assert_eq!(
            (preview.count, preview.rows[0].refused.as_deref()),
            (0, Some("It has an issue already"))
        );
        let again = pair.app.push(pair.args(&[epic])).await;
        assert_eq!(
            again.expect_err("it has an issue").code,
            ErrorCode::PushRefused
        );
        assert_eq!(pair.new_issues(), 1);
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_jira_demands_is_asked_for_before_and_not_failed_after() {
    for pair in pairs().await {
        // Nothing is mapped to the due date here, and an administrator demands it, and a component.
        let demanded = ["environment", "components"].map(str::to_owned);
        pair.served.site().faults_mut().demanded = demanded.into();
        let epic = pair.make("Epic", "Payments", None).await;
        let preview = pair.preview(&[epic]).await;
        let asked: Vec<(&str, PushInput)> = preview
            .questions
            .iter()
            .map(|question| (question.field.as_str(), question.input))
            .collect();
        assert!(
            asked.contains(&("components", PushInput::Many)),
            "{asked:?}"
        );
        let refused = pair.app.push(pair.args(&[epic])).await;
        let refused = refused.expect_err("nobody said anything");
        assert_eq!(refused.code, ErrorCode::FieldsRequired);
        assert!(refused.detail["fields"].contains("Component"));
        assert!(pair.state(epic).await.is_none());

        let mut args = pair.args(&[epic]);
        for question in &preview.questions {
            args.answers.push(PushAnswer {
                item_id: None,
                remote_type: question.remote_type.clone(),
                field: question.field.clone(),
                value: match question.input {
                    PushInput::Many => PushValue::Chosen {
                        ids: vec![question.choices[0].id.clone()],
                    },
                    _ => PushValue::Typed {
                        value: EditValue::Text {
                            text: "In a browser".into(),
                        },
                    },
                },
            });
        }
        pair.app.push(args).await.expect("asked for");
        let report = pair.sync().await;
        assert_eq!((report.made, report.waiting), (1, 0), "{report:?}");
        let key = pair.key(epic).await;
        let component = pair.there(&key, "components")[0]["name"].clone();
        let choices = &preview
            .questions
            .iter()
            .find(|asked| asked.field == "components");
        let name = &choices.expect("it was asked").choices[0].name;
        assert_eq!(component, name.as_str());
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_jira_refuses_waits_with_its_children_until_somebody_mends_it() {
    for pair in pairs().await {
        let epic = pair.make("Epic", &"x".repeat(300), None).await;
        let feature = pair.make("Feature", "Refunds", Some(epic)).await;
        let other = pair.make("Epic", "Other", None).await;
        pair.push(&[feature, other]).await;
        let report = pair.sync().await;
        assert_eq!(
            (report.made, report.waiting, report.parked),
            (1, 2, 1),
            "{report:?}"
        );
        let state = pair.state(epic).await.expect("it waits");
        assert!(state.parked);
        let problem = state.problem.expect("why");
        assert_eq!(problem.code, ErrorCode::JiraRejected);
        assert!(
            problem.detail["messages"].contains("Summary: "),
            "{problem:?}"
        );
        let below = pair.state(feature).await.expect("it waits");
        assert!(below.waits_for.is_some() && below.problem.is_none());
        let problems = pair.problems().await;
        let [problem] = problems.as_slice() else {
            panic!("{problems:?}");
        };
        assert_eq!(
            (problem.item_id, problem.next_at.as_ref()),
            (Some(epic), None)
        );
        pair.check_idle().await;

        let title = EditValue::Text {
            text: "Short".into(),
        };
        pair.edit(epic, "title", title).await;
        let retry = RetryArgs {
            integration_id: pair.integration_id,
            remote_ids: Some(Vec::new()),
            unmade_ids: vec![problem.unmade_id.expect("it was not made")],
        };
        pair.app.sync_retry(retry).await.expect("tried again");
        assert_eq!(pair.sync().await.made, 2);
        assert_eq!(pair.there(&pair.key(epic).await, "summary"), "Short");
        assert_eq!(pair.new_issues(), 3);
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_is_taken_back_with_all_below_as_long_as_nothing_was_sent() {
    for pair in pairs().await {
        let epic = pair.make("Epic", "Payments", None).await;
        let feature = pair.make("Feature", "Refunds", Some(epic)).await;
        pair.push(&[feature]).await;
        let undo = pair.app.item_create_undo(IdArgs { id: feature }).await;
        assert_eq!(
            undo.expect_err("it is to have an issue").code,
            ErrorCode::EditOvertaken
        );
        let cancelled = pair.app.push_cancel(IdArgs { id: epic }).await;
        assert_eq!(cancelled.expect("taken back").count, 2);
        assert!(pair.state(feature).await.is_none());
        let nothing = pair.app.push_cancel(IdArgs { id: epic }).await;
        assert_eq!(
            nothing.expect_err("nothing waits").code,
            ErrorCode::NotFound
        );
        assert_eq!(pair.sync().await.made, 0);
        assert_eq!(pair.new_issues(), 0);

        let undo = pair.app.item_create_undo(IdArgs { id: epic }).await;
        assert_eq!(
            undo.expect_err("another is part of it").code,
            ErrorCode::EditOvertaken
        );
        for id in [feature, epic] {
            pair.app
                .item_create_undo(IdArgs { id })
                .await
                .expect("taken back");
            assert!(pair.app.item(IdArgs { id }).await.is_err());
        }
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_made_here_has_a_title_a_type_and_a_parent_above_it() {
    let pair = Pair::of(SiteConfig::cloud(ISSUES, 7)).await;
    let before = items(&pair.app, pair.integration_id).await.len();
    let epic = pair.make("Epic", "  Payments  and\trefunds ", None).await;
    assert_eq!(pair.item(epic).await.title, "Payments and refunds");
    let levels = pair.app.levels(Nothing {}).await.expect("levels");
    let top = levels[0].types[0].id;
    for (title, parent_id, item_type, code) in [
        (" ", None, top, ErrorCode::EditRefused),
        ("Above", Some(epic), top, ErrorCode::EditRefused),
        ("Nowhere", Some(999_999), top, ErrorCode::NotFound),
        ("Nothing", None, 999_999, ErrorCode::NotFound),
    ] {
        let args = NewItemArgs {
            title: title.to_owned(),
            item_type,
            parent_id,
            area_id: None,
        };
        let refused = pair.app.item_create(args).await.expect_err("refused");
        assert_eq!(refused.code, code, "{title}");
    }
    assert_eq!(items(&pair.app, pair.integration_id).await.len(), before);
    pair.app.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_types_in_jira_somebody_chooses() {
    for pair in pairs().await {
        let feature = pair.make("Feature", "Refunds", None).await;
        let preview = pair.preview(&[feature]).await;
        let row = &preview.rows[0];
        let other = row
            .types
            .iter()
            .find(|kind| Some(&kind.id) != row.remote_type.as_ref());
        let Some(other) = other else {
            // On this face every type is mapped apart.
            pair.app.shutdown().await;
            continue;
        };
        let mut args = pair.args(&[feature]);
        args.types.push(PushType {
            item_id: feature,
            remote_type: other.id.clone(),
        });
        pair.app.push(args).await.expect("asked for");
        assert_eq!(pair.sync().await.made, 1);
        let key = pair.key(feature).await;
        assert_eq!(pair.there(&key, "issuetype")["id"], other.id.as_str());
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}
