//! Statuses: what each of Jira's stands for here, and the way back through the workflow.

use api::App;
use api::dto::{
    EditArgs, EditValue, FieldArgs, FieldValue, IdArgs, IntegrationArgs, ItemDetail, SchemaArgs,
    StatusMapping, StatusPairsArgs, SyncProblem, SyncReport,
};
use api::error::ErrorCode;
use lockstep_tests::{Served, connected, imported, items, mapped, open};
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
        imported(&app, integration_id).await;
        Self {
            served,
            app,
            integration_id,
            _directory: directory,
        }
    }

    async fn mapping(&self) -> StatusMapping {
        let args = SchemaArgs {
            integration_id: self.integration_id,
            refresh: false,
        };
        self.app.status_mapping(args).await.expect("statuses")
    }

    /// Saves what `change` makes of the pairs that are saved, or else proposed.
    async fn save(&self, change: impl FnOnce(&mut StatusPairsArgs)) {
        let mapping = self.mapping().await;
        let mut args = StatusPairsArgs {
            integration_id: self.integration_id,
            pairs: mapping.pairs,
            goes_back: mapping.goes_back,
            winner: mapping.winner,
        };
        change(&mut args);
        self.app.status_mapping_save(args).await.expect("saved");
    }

    async fn sync(&self) -> SyncReport {
        let args = IntegrationArgs {
            integration_id: self.integration_id,
        };
        self.app.sync_now(args).await.expect("a cycle")
    }

    async fn problems(&self) -> Vec<SyncProblem> {
        let args = IntegrationArgs {
            integration_id: self.integration_id,
        };
        self.app.sync_problems(args).await.expect("problems")
    }

    async fn items(&self) -> Vec<ItemDetail> {
        items(&self.app, self.integration_id).await
    }

    /// Some item whose issue stands in a status.
    async fn standing(&self, dev_status: &str) -> ItemDetail {
        let all = self.items().await.into_iter();
        let mut standing = all.filter(|item| named(item, "dev_status") == dev_status);
        standing.next().expect("an issue stands there")
    }

    async fn item(&self, id: i64) -> ItemDetail {
        self.app.item(IdArgs { id }).await.expect("the item")
    }

    /// Gives an item a status here.
    async fn set(&self, item_id: i64, status: &str) {
        let field = "status".to_owned();
        let choices = self.app.field_choices(FieldArgs { field }).await;
        let options = choices.expect("choices").options;
        let chosen = options.iter().find(|option| option.name == status);
        let ids = vec![chosen.expect("the status").id];
        self.edit(item_id, "status", EditValue::Options { ids })
            .await;
    }

    async fn edit(&self, item_id: i64, field: &str, value: EditValue) {
        let args = EditArgs {
            item_id,
            field: field.to_owned(),
            value,
        };
        self.app.item_edit(args).await.expect("edited");
    }

    fn path(&self, item: &ItemDetail) -> String {
        let api = match self.served.face() {
            Face::Cloud => "/rest/api/3",
            Face::DataCenter => "/rest/api/2",
        };
        let link = item.link.as_ref().expect("it is linked");
        format!("{api}/issue/{}", link.key)
    }

    /// A field of an item's issue, as Jira tells it.
    fn there(&self, item: &ItemDetail, field: &str) -> Value {
        let path = format!("{}?fields={field}", self.path(item));
        self.served.ask(&path)["fields"][field].clone()
    }

    /// Somebody takes a step in Jira.
    fn step(&self, item: &ItemDetail, to: &str) {
        let path = format!("{}/transitions", self.path(item));
        let open = self.served.ask(&path);
        let steps = open["transitions"].as_array().expect("steps").iter();
        let mut leading = steps.filter(|step| step["to"]["name"] == to);
        let id = &leading.next().expect("a step leads there")["id"];
        let mut body = json!({ "transition": { "id": id } });
        if to == "Done" {
            body["fields"] = json!({ "resolution": { "id": "10000" } });
        }
        self.served.tell("POST", &path, &body);
    }
}

/// The word that a field holds.
fn named(item: &ItemDetail, field: &str) -> String {
    let found = item.fields.iter().find(|known| known.key == field);
    match found.map(|found| &found.value) {
        Some(FieldValue::Text { text }) => text.clone(),
        Some(FieldValue::Options { options }) => options[0].name.clone(),
        _ => String::new(),
    }
}

async fn pairs() -> [Pair; 2] {
    [
        Pair::of(SiteConfig::cloud(ISSUES, 7)).await,
        Pair::of(SiteConfig::data_center(ISSUES, 7)).await,
    ]
}

/// Checks that every item has the status that its issue's stands for; gives how many have one.
async fn check_followed(pair: &Pair) -> usize {
    let mapping = pair.mapping().await;
    let mut followed = 0;
    for item in pair.items().await {
        let dev = named(&item, "dev_status");
        let remote = mapping
            .remote_statuses
            .iter()
            .find(|known| known.name == dev);
        let remote = &remote.expect("the project's own").id;
        let stands = mapping
            .pairs
            .iter()
            .find(|found| found.remote_status == *remote);
        if let Some(stands) = stands {
            let status = mapping
                .statuses
                .iter()
                .find(|known| known.id == stands.status);
            assert_eq!(named(&item, "status"), status.expect("known").name, "{dev}");
            followed += 1;
        }
    }
    followed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_imported_takes_its_status_with_the_first_cycle_after_the_matrix_was_saved() {
    for pair in pairs().await {
        let all = pair.items().await;
        assert!(all.iter().all(|item| named(item, "status").is_empty()));
        let mapping = pair.mapping().await;
        assert!(!mapping.saved && !mapping.pairs.is_empty(), "a proposal");
        let counted: u32 = mapping
            .remote_statuses
            .iter()
            .map(|known| known.count)
            .sum();
        assert_eq!((counted as usize, mapping.linked), (all.len(), counted));
        pair.save(|_| {}).await;
        let report = pair.sync().await;
        assert_eq!(report.updated as usize, all.len(), "{report:?}");
        assert_eq!((report.sent, report.waiting), (0, 0));
        assert_eq!(check_followed(&pair).await, all.len());
        // What is saved once more as it is gives nobody anything to do.
        pair.save(|_| {}).await;
        let asked = pair.served.asked();
        assert_eq!(pair.sync().await.updated, 0);
        assert_eq!(pair.served.asked() - asked, 1, "one request");
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_in_jira_comes_here_and_a_status_set_here_moves_the_issue() {
    for pair in pairs().await {
        pair.save(|_| {}).await;
        pair.sync().await;
        let item = pair.standing("In Progress").await;
        assert_eq!(named(&item, "status"), "In development");
        pair.step(&item, "In Review");
        pair.sync().await;
        let now = pair.item(item.id).await;
        assert_eq!(
            (named(&now, "status"), named(&now, "dev_status")),
            ("In review".into(), "In Review".into())
        );

        pair.set(item.id, "Open").await;
        let report = pair.sync().await;
        assert_eq!((report.sent, report.waiting), (1, 0), "{report:?}");
        assert_eq!(pair.there(&item, "status")["name"], "To Do");
        let now = pair.item(item.id).await;
        assert_eq!(
            (named(&now, "status"), named(&now, "dev_status")),
            ("Open".into(), "To Do".into())
        );
        let asked = pair.served.asked();
        let report = pair.sync().await;
        assert_eq!((report.heard, report.sent), (0, 0));
        assert_eq!(pair.served.asked() - asked, 1, "one request");
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_the_workflow_does_not_have_is_a_problem_and_keeps_nothing_else_back() {
    for pair in pairs().await {
        pair.save(|_| {}).await;
        pair.sync().await;
        let item = pair.standing("To Do").await;
        pair.set(item.id, "In review").await;
        let title = EditValue::Text {
            text: "It goes all the same".into(),
        };
        pair.edit(item.id, "title", title).await;
        let report = pair.sync().await;
        assert_eq!((report.sent, report.parked), (1, 1), "{report:?}");
        assert_eq!(pair.there(&item, "summary"), "It goes all the same");
        assert_eq!(pair.there(&item, "status")["name"], "To Do");
        let problem = pair.problems().await.remove(0).problem;
        assert_eq!(problem.code, ErrorCode::TransitionMissing);
        let words = problem.words();
        for name in ["To Do", "In Review", "In Progress"] {
            assert!(format!("{words:?}").contains(name), "{words:?}");
        }
        let state = pair
            .app
            .item_sync(IdArgs { id: item.id })
            .await
            .expect("its state");
        assert_eq!(state.unsent, ["status"]);
        assert!(state.problem.is_some());

        // Whoever takes the issue a step nearer in Jira ends it: from there it goes by itself, unless that was a change
        // of its own, which a person decides.
        pair.step(&item, "In Progress");
        pair.sync().await;
        let args = api::dto::ConflictsArgs {
            integration_id: Some(pair.integration_id),
            ..Default::default()
        };
        let conflicts = pair.app.conflicts(args).await.expect("conflicts");
        assert_eq!(conflicts.len(), 1, "both sides changed the status");
        let decided = api::dto::ResolveArgs {
            item_id: item.id,
            field: "status".to_owned(),
            winner: api::dto::ConflictWinner::Here,
        };
        pair.app.conflict_resolve(decided).await.expect("decided");
        let report = pair.sync().await;
        assert_eq!((report.sent, report.waiting), (1, 0), "{report:?}");
        assert_eq!(pair.there(&item, "status")["name"], "In Review");
        assert!(pair.problems().await.is_empty());
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_asks_for_values_names_them() {
    for pair in pairs().await {
        pair.save(|_| {}).await;
        pair.sync().await;
        let item = pair.standing("In Progress").await;
        pair.set(item.id, "Done").await;
        let report = pair.sync().await;
        assert_eq!((report.sent, report.parked), (0, 1), "{report:?}");
        let problem = pair.problems().await.remove(0).problem;
        assert_eq!(problem.code, ErrorCode::TransitionFields);
        assert_eq!(problem.detail["fields"], "Resolution");
        // Taken in Jira, both sides agree.
        pair.step(&item, "Done");
        let report = pair.sync().await;
        assert_eq!((report.conflicts, report.waiting), (0, 0), "{report:?}");
        assert!(pair.problems().await.is_empty());
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_that_is_not_mapped_blanks_nothing_and_one_that_is_one_way_stays_here() {
    for pair in pairs().await {
        let blocked = |mapping: &StatusMapping| {
            let found = mapping
                .remote_statuses
                .iter()
                .find(|known| known.name == "Blocked");
            found.expect("a status of the project").id.clone()
        };
        let blocked = blocked(&pair.mapping().await);
        pair.save(|args| args.pairs.retain(|found| found.remote_status != blocked))
            .await;
        pair.sync().await;
        let item = pair.standing("In Progress").await;
        pair.step(&item, "Blocked");
        pair.sync().await;
        let now = pair.item(item.id).await;
        assert_eq!(
            (named(&now, "status"), named(&now, "dev_status")),
            ("In development".into(), "Blocked".into())
        );
        // Mapped later, it is taken over.
        let review = pair.mapping().await.statuses.into_iter();
        let review = review
            .filter(|status| status.name == "In review")
            .map(|status| status.id)
            .next();
        pair.save(|args| {
            args.pairs.push(api::dto::StatusPair {
                remote_status: blocked.clone(),
                status: review.expect("a status"),
                is_written: false,
            });
            args.goes_back = false;
        })
        .await;
        pair.sync().await;
        assert_eq!(named(&pair.item(item.id).await, "status"), "In review");
        // One way: what is set here stays here, and is no problem.
        pair.set(item.id, "Open").await;
        let report = pair.sync().await;
        assert_eq!(
            (report.sent, report.waiting, report.conflicts),
            (0, 0, 0),
            "{report:?}"
        );
        assert_eq!(pair.there(&item, "status")["name"], "Blocked");
        assert_eq!(named(&pair.item(item.id).await, "status"), "Open");
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pairs_that_contradict_each_other_are_refused_by_name() {
    let pair = Pair::of(SiteConfig::cloud(60, 3)).await;
    let mapping = pair.mapping().await;
    let mut twice = mapping.pairs.clone();
    twice.push(mapping.pairs[0].clone());
    let args = StatusPairsArgs {
        integration_id: pair.integration_id,
        pairs: twice,
        goes_back: true,
        winner: mapping.winner,
    };
    let error = pair
        .app
        .status_mapping_save(args)
        .await
        .expect_err("refused");
    assert_eq!(error.code, ErrorCode::MappingRefused);
    let name = &mapping.remote_statuses[0].name;
    assert!(error.detail["messages"].contains(name), "{error:?}");
    pair.app.shutdown().await;
}
