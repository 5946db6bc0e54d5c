//! What is edited on either side comes to the other, and nothing is lost on the way.

mod texts;

use api::App;
use api::dto::{
    ConflictWinner, ConflictsArgs, EditArgs, EditValue, FieldArgs, FieldValue, IdArgs,
    IntegrationArgs, ItemDetail, ResolveArgs, RetryArgs, RunArgs, RunState, SyncReport,
};
use api::error::ErrorCode;
use lockstep_tests::{Served, connected, imported, items, mapped, open, planned, still};
use practice_jira::{Face, SiteConfig};
use serde_json::{Value, json};

const ISSUES: usize = 120;

/// A workspace that was imported from a site.
struct Pair {
    served: Served,
    app: App,
    integration_id: i64,
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
        Self {
            served,
            app,
            integration_id,
            _directory: directory,
        }
    }

    async fn sync(&self) -> SyncReport {
        let args = IntegrationArgs {
            integration_id: self.integration_id,
        };
        self.app.sync_now(args).await.expect("a cycle")
    }

    /// Some item that is linked, and its issue's key.
    async fn some(&self, place: usize) -> (i64, String) {
        let all = items(&self.app, self.integration_id).await;
        let linked: Vec<&ItemDetail> = all.iter().filter(|item| item.link.is_some()).collect();
        let item = linked[place % linked.len()];
        let link = item.link.as_ref().expect("it is linked");
        (item.id, link.key.clone())
    }

    async fn edit(&self, item_id: i64, field: &str, value: EditValue) -> Option<i64> {
        let args = EditArgs {
            item_id,
            field: field.to_owned(),
            value,
        };
        self.app.item_edit(args).await.expect("edited").undo
    }

    async fn title(&self, item_id: i64, title: &str) -> Option<i64> {
        let title = EditValue::Text { text: title.into() };
        self.edit(item_id, "title", title).await
    }

    async fn item(&self, id: i64) -> ItemDetail {
        self.app.item(IdArgs { id }).await.expect("the item")
    }

    async fn value(&self, item: i64, field: &str) -> FieldValue {
        let item = self.item(item).await;
        let found = item.fields.into_iter().find(|known| known.key == field);
        found.expect("the field").value
    }

    fn api(&self) -> &'static str {
        match self.served.face() {
            Face::Cloud => "/rest/api/3",
            Face::DataCenter => "/rest/api/2",
        }
    }

    fn there(&self, key: &str, field: &str) -> Value {
        let path = format!("{}/issue/{key}?fields={field}", self.api());
        self.served.ask(&path)["fields"][field].clone()
    }

    fn change_there(&self, key: &str, fields: &Value) {
        let path = format!("{}/issue/{key}", self.api());
        self.served.tell("PUT", &path, &json!({ "fields": fields }));
    }

    async fn conflicts(&self) -> Vec<api::dto::Conflict> {
        let args = ConflictsArgs {
            integration_id: Some(self.integration_id),
            ..ConflictsArgs::default()
        };
        self.app.conflicts(args).await.expect("conflicts")
    }

    async fn state(&self, id: i64) -> api::dto::ItemSync {
        self.app.item_sync(IdArgs { id }).await.expect("its state")
    }

    async fn problems(&self) -> Vec<api::dto::SyncProblem> {
        let args = IntegrationArgs {
            integration_id: self.integration_id,
        };
        self.app.sync_problems(args).await.expect("problems")
    }

    /// One more cycle finds nothing to do, and asks once.
    async fn check_idle(&self) {
        let before = self.served.asked();
        let report = self.sync().await;
        let nothing = SyncReport {
            heard: 0,
            made: 0,
            created: 0,
            updated: 0,
            sent: 0,
            waiting: report.waiting,
            parked: report.parked,
            conflicts: report.conflicts,
            severed: 0,
            asked: 0,
        };
        assert_eq!(report, nothing);
        assert_eq!(self.served.asked() - before, 1, "one request");
    }
}

async fn pairs() -> [Pair; 2] {
    [
        Pair::of(SiteConfig::cloud(ISSUES, 7)).await,
        Pair::of(SiteConfig::data_center(ISSUES, 7)).await,
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_edited_here_comes_to_jira_and_then_all_is_silent() {
    for pair in pairs().await {
        // The first one also asks who we are.
        pair.sync().await;
        pair.check_idle().await;
        let (item, key) = pair.some(3).await;
        pair.title(item, "Sign in with a link").await;
        let labels = EditValue::Labels {
            labels: vec!["needs review".into(), "ux".into()],
        };
        pair.edit(item, "labels", labels).await;
        assert_eq!(pair.state(item).await.unsent, ["title", "labels"]);
        let report = pair.sync().await;
        assert_eq!(
            (report.sent, report.parked, report.waiting),
            (1, 0, 0),
            "{report:?}"
        );
        assert!(pair.state(item).await.unsent.is_empty());
        assert_eq!(pair.there(&key, "summary"), "Sign in with a link");
        assert_eq!(pair.there(&key, "labels"), json!(["needs_review", "ux"]));
        pair.check_idle().await;
        let FieldValue::Labels { labels } = pair.value(item, "labels").await else {
            panic!("labels");
        };
        assert_eq!(
            labels,
            ["needs review", "ux"],
            "here they stay as they were written"
        );
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_edited_in_jira_comes_here() {
    for pair in pairs().await {
        let (item, key) = pair.some(5).await;
        pair.change_there(
            &key,
            &json!({ "summary": "Refund a card", "labels": ["money"] }),
        );
        let report = pair.sync().await;
        assert_eq!(
            (report.heard, report.updated, report.sent),
            (1, 1, 0),
            "{report:?}"
        );
        assert_eq!(pair.item(item).await.title, "Refund a card");
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_of_different_fields_meet_and_lists_merge() {
    for pair in pairs().await {
        let (item, key) = pair.some(8).await;
        let labels = |words: &[&str]| EditValue::Labels {
            labels: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        pair.change_there(&key, &json!({ "labels": ["one", "two"] }));
        pair.sync().await;
        pair.edit(item, "labels", labels(&["one", "two", "here"]))
            .await;
        pair.change_there(
            &key,
            &json!({ "labels": ["two", "there"], "summary": "From Jira" }),
        );
        pair.sync().await;
        assert_eq!(pair.there(&key, "labels"), json!(["here", "there", "two"]));
        let merged = FieldValue::Labels {
            labels: vec!["here".into(), "there".into(), "two".into()],
        };
        assert_eq!(pair.value(item, "labels").await, merged);
        assert_eq!(pair.item(item).await.title, "From Jira");
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_waited_takes_nothing_back_of_what_came_since() {
    for pair in pairs().await {
        let (item, key) = pair.some(10).await;
        pair.change_there(&key, &json!({ "summary": "Older" }));
        let run = planned(&pair.app, pair.integration_id).await;
        pair.change_there(&key, &json!({ "summary": "Newer" }));
        pair.sync().await;
        assert_eq!(pair.item(item).await.title, "Newer");
        let apply = RunArgs { run_id: run.id };
        pair.app.import_apply(apply).await.expect("applies");
        let run = still(&pair.app, run.id).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        assert_eq!(pair.item(item).await.title, "Newer");
        pair.sync().await;
        assert_eq!(pair.there(&key, "summary"), "Newer");
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

/// Both sides change the title; gives the item and the key.
async fn disagree(pair: &Pair) -> (i64, String) {
    let (item, key) = pair.some(11).await;
    pair.title(item, "As written here").await;
    pair.change_there(&key, &json!({ "summary": "As written there" }));
    let labels = EditValue::Labels {
        labels: vec!["agreed".into()],
    };
    pair.edit(item, "labels", labels).await;
    let report = pair.sync().await;
    assert_eq!((report.conflicts, report.sent), (1, 1), "{report:?}");
    (item, key)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_that_both_sides_changed_waits_for_a_person_and_nothing_else_does() {
    for pair in pairs().await {
        let (item, key) = disagree(&pair).await;
        let text = |text: &str| FieldValue::Text { text: text.into() };
        let conflicts = pair.conflicts().await;
        let [conflict] = conflicts.as_slice() else {
            panic!("{conflicts:?}");
        };
        assert_eq!((conflict.item_id, conflict.field.as_str()), (item, "title"));
        assert_eq!(pair.state(item).await.conflicts, ["title"]);
        assert_eq!(
            (&conflict.key, conflict.field_name.as_str()),
            (&key, "Title")
        );
        assert_eq!(conflict.here, text("As written here"));
        assert_eq!(conflict.there, text("As written there"));
        assert_eq!(pair.item(item).await.title, "As written here");
        assert_eq!(pair.there(&key, "summary"), "As written there");
        pair.check_idle().await;

        let resolve = |winner| ResolveArgs {
            item_id: item,
            field: "title".to_owned(),
            winner,
        };
        pair.app
            .conflict_resolve(resolve(ConflictWinner::Here))
            .await
            .expect("decided");
        assert!(pair.conflicts().await.is_empty());
        pair.sync().await;
        assert_eq!(pair.there(&key, "summary"), "As written here");
        pair.check_idle().await;

        pair.title(item, "Here again").await;
        pair.change_there(&key, &json!({ "summary": "There again" }));
        pair.sync().await;
        pair.app
            .conflict_resolve(resolve(ConflictWinner::Jira))
            .await
            .expect("decided");
        assert_eq!(pair.item(item).await.title, "There again");
        pair.sync().await;
        assert_eq!(pair.there(&key, "summary"), "There again");
        let refused = pair
            .app
            .conflict_resolve(resolve(ConflictWinner::Jira))
            .await
            .expect_err("it is decided");
        assert_eq!(refused.code, ErrorCode::NotFound);
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_jira_refuses_is_kept_here_with_the_reason_until_somebody_mends_it() {
    for pair in pairs().await {
        let (item, key) = pair.some(2).await;
        let before = pair.there(&key, "summary");
        let long = "x".repeat(300);
        pair.title(item, &long).await;
        let report = pair.sync().await;
        assert_eq!((report.sent, report.parked), (0, 1), "{report:?}");
        let problems = pair.problems().await;
        let [problem] = problems.as_slice() else {
            panic!("{problems:?}");
        };
        assert_eq!((problem.item_id, &problem.key), (Some(item), &key));
        assert_eq!(problem.problem.code, ErrorCode::JiraRejected);
        assert_eq!(problem.next_at, None);
        let state = pair.state(item).await;
        assert_eq!(state.unsent, ["title"]);
        assert_eq!(state.problem.as_ref(), Some(&problem.problem));
        assert_eq!(
            (pair.item(item).await.title, pair.there(&key, "summary")),
            (long, before)
        );
        pair.check_idle().await;

        pair.change_there(&key, &json!({ "labels": ["meanwhile"] }));
        let report = pair.sync().await;
        assert_eq!((report.updated, report.parked), (1, 1), "{report:?}");
        let labels = FieldValue::Labels {
            labels: vec!["meanwhile".into()],
        };
        assert_eq!(pair.value(item, "labels").await, labels);
        pair.check_idle().await;

        pair.title(item, "Short").await;
        let report = pair.sync().await;
        assert_eq!((report.sent, report.parked), (1, 0), "{report:?}");
        assert_eq!(pair.there(&key, "summary"), "Short");
        assert!(pair.problems().await.is_empty());
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_that_is_missing_stops_one_issue_until_it_is_given_and_the_edit_tried_again() {
    for pair in pairs().await {
        let (item, key) = pair.some(9).await;
        let lacking = (pair.served.project(), "EDIT_ISSUES".to_owned());
        {
            let mut site = pair.served.site();
            site.faults_mut().permissions_removed.insert(lacking);
        }
        pair.title(item, "Kept here").await;
        let report = pair.sync().await;
        assert_eq!((report.sent, report.parked), (0, 1), "{report:?}");
        let problems = pair.problems().await;
        assert_eq!(problems[0].problem.code, ErrorCode::PermissionMissing);
        pair.check_idle().await;
        pair.served.site().faults_mut().permissions_removed.clear();
        pair.check_idle().await;
        let retry = RetryArgs {
            integration_id: pair.integration_id,
            remote_ids: Some(vec![problems[0].remote_id.clone()]),
            unmade_ids: Vec::new(),
        };
        pair.app.sync_retry(retry).await.expect("tried again");
        assert_eq!(pair.sync().await.sent, 1);
        assert_eq!(pair.there(&key, "summary"), "Kept here");
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_that_jira_refuses_keeps_no_other_from_going() {
    for pair in pairs().await {
        let (item, key) = pair.some(7).await;
        pair.title(item, &"x".repeat(300)).await;
        let labels = EditValue::Labels {
            labels: vec!["goes".into()],
        };
        pair.edit(item, "labels", labels).await;
        let report = pair.sync().await;
        assert_eq!((report.sent, report.parked), (1, 1), "{report:?}");
        assert_eq!(pair.there(&key, "labels"), json!(["goes"]));
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_is_taken_back_here_and_in_jira_unless_the_value_was_changed_since() {
    for pair in pairs().await {
        let (item, key) = pair.some(4).await;
        let before = pair.item(item).await.title;
        let undo = pair.title(item, "A mistake").await.expect("changed");
        assert_eq!(pair.title(item, "A mistake").await, None, "nothing changed");
        pair.sync().await;
        assert_eq!(pair.there(&key, "summary"), "A mistake");
        let undone = pair.app.item_edit_undo(IdArgs { id: undo }).await;
        assert_eq!(undone.expect("taken back").item.title, before);
        pair.sync().await;
        assert_eq!(pair.there(&key, "summary"), before.as_str());
        let overtaken = pair.app.item_edit_undo(IdArgs { id: undo }).await;
        let overtaken = overtaken.expect_err("it holds another value");
        assert_eq!(overtaken.code, ErrorCode::EditOvertaken);
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_that_does_not_fit_is_refused_and_nothing_is_changed() {
    let pair = Pair::of(SiteConfig::cloud(ISSUES, 7)).await;
    let (item, _) = pair.some(1).await;
    let before = pair.item(item).await;
    for (field, value) in [
        ("title", EditValue::None),
        ("title", EditValue::Text { text: " ".into() }),
        ("title", EditValue::Number { number: 1.0 }),
        (
            "dev_status",
            EditValue::Text {
                text: "Done".into(),
            },
        ),
        ("description", EditValue::Text { text: "x".into() }),
        ("importance", EditValue::Options { ids: vec![999_999] }),
        ("dev_assignee", EditValue::Person { id: 999_999 }),
        (
            "start_date",
            EditValue::Labels {
                labels: vec!["a".into()],
            },
        ),
    ] {
        let args = EditArgs {
            item_id: item,
            field: field.to_owned(),
            value,
        };
        let refused = pair.app.item_edit(args).await.expect_err("it does not fit");
        assert_eq!(refused.code, ErrorCode::EditRefused, "{field}");
    }
    assert_eq!(pair.item(item).await, before);
    assert_eq!(pair.sync().await.sent, 0);
    pair.app.shutdown().await;
}

/// Chooses the first choice of a field that the item does not hold; gives its name.
async fn choose(pair: &Pair, item: i64, field: &str) -> String {
    let args = FieldArgs {
        field: field.to_owned(),
    };
    let choices = pair.app.field_choices(args).await.expect("choices");
    assert!(choices.editable);
    if let Some(person) = choices.people.first() {
        pair.edit(item, field, EditValue::Person { id: person.id })
            .await;
        return person.name.clone();
    }
    let held = pair.value(item, field).await;
    let is_held = |id| match &held {
        FieldValue::Options { options } => options.iter().any(|option| option.id == id),
        _ => false,
    };
    let choice = choices.options.iter().find(|option| !is_held(option.id));
    let choice = choice.expect("another choice");
    pair.edit(
        item,
        field,
        EditValue::Options {
            ids: vec![choice.id],
        },
    )
    .await;
    choice.name.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_priorities_components_and_dates_are_written_as_jira_wants_them() {
    for pair in pairs().await {
        let (item, key) = pair.some(6).await;
        let person = choose(&pair, item, "dev_assignee").await;
        let component = choose(&pair, item, "components").await;
        choose(&pair, item, "importance").await;
        let day = EditValue::Date {
            date: "2026-12-24".into(),
        };
        pair.edit(item, "target_date", day).await;
        let report = pair.sync().await;
        assert_eq!(
            (report.sent, report.parked),
            (1, 0),
            "{report:?} {:?}",
            pair.problems().await
        );
        assert_eq!(pair.there(&key, "assignee")["displayName"], person.as_str());
        assert_eq!(
            pair.there(&key, "components")[0]["name"],
            component.as_str()
        );
        assert_eq!(pair.there(&key, "duedate"), "2026-12-24");
        pair.check_idle().await;
        pair.edit(item, "dev_assignee", EditValue::None).await;
        pair.edit(item, "components", EditValue::None).await;
        pair.sync().await;
        assert_eq!(pair.there(&key, "assignee"), Value::Null);
        assert_eq!(pair.there(&key, "components"), json!([]));
        pair.check_idle().await;
        pair.app.shutdown().await;
    }
}
