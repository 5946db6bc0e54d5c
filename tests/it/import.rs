//! An import gives what the site holds, once, and can be taken back.

use api::App;
use api::dto::{
    CredentialsArgs, Direction, FieldPairsArgs, FieldValue, IdArgs, IntegrationArgs,
    IntegrationForm, ItemDetail, MoveArgs, NewAreaArgs, Nothing, PlanAction, PlanRow, PlanRowArgs,
    PlanRowsAfterArgs, PlanRowsArgs, RowOutcome, Run, RunArgs, RunState,
};
use api::error::ErrorCode;
use lockstep_tests::equality::{Links, compare};
use lockstep_tests::{Served, connected, imported, items, mapped, open, planned, still, until};
use practice_jira::SiteConfig;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use store::run::Reason;
use store::{RowSeq, RunId, Store, run_row};
use workspace::Kind;

const ISSUES: usize = 600;
const SEED: u64 = 11;

/// Custom fields of the workspace, so that every kind of Jira's is mapped to something: each is named like the
/// field of the site that it is to be proposed for. Boxes that can be ticked become fields of the kind `boxes`.
async fn with_custom_fields(directory: &Path, served: &Served, boxes: Kind) {
    let known = [
        ("textfield", Kind::Text),
        ("textarea", Kind::RichText),
        ("float", Kind::Number),
        ("datepicker", Kind::Date),
        ("datetime", Kind::Date),
        ("select", Kind::SingleSelect),
        ("radiobuttons", Kind::SingleSelect),
        ("cascadingselect", Kind::SingleSelect),
        ("multiselect", Kind::MultiSelect),
        ("multicheckboxes", boxes),
        ("url", Kind::Link),
        ("userpicker", Kind::Person),
        ("labels", Kind::Labels),
    ];
    let store = Store::open(
        &directory.join("lockstep.sqlite"),
        jiff::Timestamp::UNIX_EPOCH,
    )
    .expect("opens");
    let told = served.ask("/rest/api/2/field");
    let wanted: Vec<(String, Kind)> = told
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|field| {
            let custom = field["schema"]["custom"].as_str()?.rsplit(':').next()?;
            let (_, kind) = known.iter().find(|(name, _)| *name == custom)?;
            Some((field["name"].as_str()?.to_owned(), *kind))
        })
        .collect();
    store
        .write(move |tx| {
            for (name, kind) in wanted {
                store::field::create_custom(tx, &name, kind, None)?;
            }
            Ok(())
        })
        .await
        .expect("fields");
    store.close().await.expect("closes");
}

/// Imports every project of a site, team-managed ones too, and compares each item with its issue.
async fn check_equal(config: SiteConfig) {
    let (served, directory) = (
        Served::start(config),
        tempfile::tempdir().expect("a directory"),
    );
    with_custom_fields(directory.path(), &served, Kind::MultiSelect).await;
    let app = open(directory.path()).await.expect("opens");
    let connection = app
        .connection_create(served.form())
        .await
        .expect("connects");
    let (mut created, mut skipped) = (0, 0);
    let mut integrations = Vec::new();
    let projects = served.site().project_keys();
    for project in projects {
        let form = IntegrationForm {
            connection_id: connection.id,
            project_key: project.clone(),
            board_id: None,
            name: project.clone(),
        };
        let integration = app.integration_create(form).await.expect("is added").id;
        mapped(&app, integration).await;
        let run = imported(&app, integration).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        let counts = &run.counts;
        let found = u32::try_from(served.issues(&project).len());
        assert_eq!((Ok(counts.found), 0), (found, counts.failed), "{counts:?}");
        assert_eq!(counts.created + counts.skip, counts.found, "{counts:?}");
        created += counts.created;
        skipped += counts.skip;
        let again = planned(&app, integration).await.counts;
        assert_eq!(
            (again.unchanged, again.create, again.update),
            (counts.created, 0, 0),
            "a second plan is silent: {again:?}"
        );
        integrations.push(integration);
    }
    app.shutdown().await;
    drop(app);
    let database = directory.path().join("lockstep.sqlite");
    let once = compare(&database, &served, Links::AsImported).await;
    // What is linked across projects is whole once each was imported when all the others were there.
    let app = open(directory.path()).await.expect("opens");
    // The secret was in the memory of the process before.
    let form = served.form();
    let args = CredentialsArgs {
        id: connection.id,
        auth: form.auth,
        login: form.login,
        secret: form.secret,
    };
    app.connection_credentials(args).await.expect("kept");
    for integration in &integrations {
        let run = imported(&app, *integration).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        assert_eq!((run.counts.created, run.counts.failed), (0, 0), "{run:?}");
    }
    for integration in &integrations {
        let again = planned(&app, *integration).await.counts;
        assert_eq!((again.create, again.update), (0, 0), "{again:?}");
    }
    app.shutdown().await;
    let compared = compare(&database, &served, Links::AsImported).await;
    println!("{compared:?}");
    assert!(
        compared.elsewhere > once.elsewhere && once.elsewhere > 0,
        "links between projects: {once:?}, then {compared:?}"
    );
    assert_eq!(u32::try_from(compared.items), Ok(created));
    assert_eq!(u32::try_from(compared.left_out), Ok(skipped));
    assert!(compared.below > compared.items / 2, "a tree: {compared:?}");
    let core = [
        "title",
        "key",
        "type",
        "updated",
        "dev_status",
        "description",
        "importance",
        "dev_assignee",
        "sprint",
        "labels",
        "components",
        "quarter",
        "story_points",
        "target_date",
        "dependencies",
    ];
    for field in core {
        let (values, holding) = compared.fields.get(field).copied().unwrap_or_default();
        assert!(
            values > 0 && holding > 0,
            "{field} was compared: {compared:?}"
        );
    }
    let custom = |(key, (_, holding)): (&String, &(usize, usize))| {
        key.starts_with("custom:") && *holding > 0
    };
    let custom = compared
        .fields
        .iter()
        .filter(|field| custom(*field))
        .count();
    assert!(custom >= 8, "custom fields of many kinds: {compared:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_of_every_item_and_the_tree_equal_the_site_on_cloud_and_a_second_plan_is_silent()
 {
    check_equal(SiteConfig::cloud(ISSUES, SEED)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_field_of_every_item_and_the_tree_equal_the_site_on_data_center_and_a_second_plan_is_silent()
 {
    check_equal(SiteConfig::data_center(ISSUES, SEED)).await;
}

/// Id of a field of the site by its name.
fn field_named(served: &Served, name: &str) -> String {
    let told = served.ask("/rest/api/2/field");
    let mut fields = told.as_array().into_iter().flatten();
    let found = fields.find(|field| field["name"] == name);
    let id = found.and_then(|field| field["id"].as_str());
    id.expect("the site has one").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_that_is_ticked_in_jira_is_ticked_here_and_no_other_is() {
    for config in faces() {
        let (served, directory) = (
            Served::start(config),
            tempfile::tempdir().expect("a directory"),
        );
        let field = field_named(&served, "Compliance");
        // A single box is a yes or a no; several would be choices.
        assert!(served.site().disable_other_options(&field));
        with_custom_fields(directory.path(), &served, Kind::Checkbox).await;
        let app = open(directory.path()).await.expect("opens");
        let integration = connected(&app, &served).await;
        let pairs = mapped(&app, integration).await;
        let pair = pairs.iter().find(|pair| pair.remote_field == field);
        let pair = pair.expect("the box is mapped").field.clone();
        let run = imported(&app, integration).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        app.shutdown().await;
        let database = directory.path().join("lockstep.sqlite");
        let compared = compare(&database, &served, Links::AsImported).await;
        assert_eq!(compared.fields[&pair].0, compared.items, "{compared:?}");
        let issues = served.issues(&served.project());
        let ticked = |issue: &&serde_json::Value| issue["fields"][&field][0].is_object();
        let ticked = issues.iter().filter(ticked).count();
        assert!(0 < ticked && ticked < issues.len(), "both are met");
    }
}

/// A site, a workspace that is connected and mapped, and its integration.
struct Ready {
    served: Served,
    directory: tempfile::TempDir,
    app: App,
    integration: i64,
}

impl Ready {
    async fn new(config: SiteConfig) -> Self {
        let (served, directory) = (
            Served::start(config),
            tempfile::tempdir().expect("a directory"),
        );
        let app = open(directory.path()).await.expect("opens");
        let integration = connected(&app, &served).await;
        mapped(&app, integration).await;
        Self {
            served,
            directory,
            app,
            integration,
        }
    }

    /// Begins a plan that stands still while issues are read: some were answered, the next answer is held back.
    async fn reading(&self) -> Run {
        let before = self.served.asked();
        let probe = planned(&self.app, self.integration).await;
        assert_eq!(probe.state, RunState::Planned, "{probe:?}");
        // Another plan asks the same: held back is the one before the last of what that takes.
        self.served.hold_after(self.served.asked() - before - 2);
        let run = self.plan().await;
        self.served.held().await;
        let run = self.run(&run).await;
        assert_eq!(run.state, RunState::Reading, "{run:?}");
        run
    }

    async fn plan(&self) -> Run {
        let integration_id = self.integration;
        self.app
            .import_plan(IntegrationArgs { integration_id })
            .await
            .expect("a plan begins")
    }

    async fn run(&self, run: &Run) -> Run {
        self.app
            .run(RunArgs { run_id: run.id })
            .await
            .expect("the run")
    }

    /// Imports what is planned, to its end, and compares it with the site.
    async fn ends_equal(self, run: Run) {
        let run = match run.state {
            RunState::Planned => {
                let args = RunArgs { run_id: run.id };
                self.app.import_apply(args).await.expect("applies");
                still(&self.app, run.id).await
            }
            _ => run,
        };
        assert_eq!(run.state, RunState::Done, "{run:?}");
        self.app.shutdown().await;
        let database = self.directory.path().join("lockstep.sqlite");
        let compared = compare(&database, &self.served, Links::AsImported).await;
        assert_eq!(
            u32::try_from(compared.items),
            Ok(run.counts.created),
            "{run:?}"
        );
    }
}

fn faces() -> [SiteConfig; 2] {
    [
        SiteConfig::cloud(ISSUES, SEED),
        SiteConfig::data_center(ISSUES, SEED),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_estimate_is_in_hours_whichever_of_jiras_fields_tells_it() {
    for config in faces() {
        let ready = Ready::new(config).await;
        let mut pairs = mapped(&ready.app, ready.integration).await;
        let pair = pairs
            .iter_mut()
            .find(|pair| pair.field == "estimated_hours");
        let pair = pair.expect("it is mapped");
        assert_eq!(pair.remote_field, "timetracking", "which can be written");
        pair.remote_field = "timeoriginalestimate".to_owned();
        pair.direction = Direction::FromRemote;
        let args = FieldPairsArgs {
            integration_id: ready.integration,
            pairs,
        };
        ready.app.field_mapping_save(args).await.expect("saved");
        let run = imported(&ready.app, ready.integration).await;
        assert_eq!(run.state, RunState::Done, "{run:?}");
        ready.app.shutdown().await;
        let database = ready.directory.path().join("lockstep.sqlite");
        let compared = compare(&database, &ready.served, Links::AsImported).await;
        assert!(compared.fields["estimated_hours"].1 > 0, "{compared:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_that_has_another_key_and_name_is_the_same_project_and_its_issues_the_same_items()
{
    for config in faces() {
        let ready = Ready::new(config).await;
        let first = imported(&ready.app, ready.integration).await;
        let project = ready.served.project();
        let renamed = ready
            .served
            .site()
            .rename_project(&project, "NEWKEY", "The new name");
        assert!(renamed);
        let plan = planned(&ready.app, ready.integration).await;
        assert_eq!(plan.state, RunState::Planned, "{plan:?}");
        assert_eq!(
            (
                plan.counts.unchanged,
                plan.counts.create,
                plan.counts.update
            ),
            (first.counts.created, 0, 0),
            "{plan:?}"
        );
        let args = RunArgs { run_id: plan.id };
        ready.app.import_apply(args).await.expect("applies");
        still(&ready.app, plan.id).await;
        let known = ready
            .app
            .integrations(Nothing {})
            .await
            .expect("a list")
            .remove(0);
        assert_eq!(
            (known.project_key.as_str(), known.project_name.as_str()),
            ("NEWKEY", "The new name")
        );
        for item in items(&ready.app, ready.integration).await {
            let key = item.link.map(|link| link.key).unwrap_or_default();
            assert!(key.starts_with("NEWKEY-"), "{key}");
        }
        ready.app.shutdown().await;
        let database = ready.directory.path().join("lockstep.sqlite");
        compare(&database, &ready.served, Links::AsImported).await;
    }
}

/// The words of a field that an item shows, in no order; none for a field of another kind, or an empty one.
fn words(value: &FieldValue) -> Option<BTreeSet<String>> {
    let words = match value {
        FieldValue::Number { number } => vec![number.to_string()],
        FieldValue::Date { date } => vec![date.clone()],
        FieldValue::Options { options } => {
            options.iter().map(|option| option.name.clone()).collect()
        }
        FieldValue::People { names } => names.clone(),
        _ => Vec::new(),
    };
    (!words.is_empty()).then(|| apart(&words.join(", ")))
}

fn apart(words: &str) -> BTreeSet<String> {
    words.split(", ").map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_plan_says_of_an_issue_is_what_its_item_comes_to_hold() {
    for config in faces() {
        let ready = Ready::new(config).await;
        let run = planned(&ready.app, ready.integration).await;
        let args = PlanRowsArgs {
            run_id: run.id,
            action: Some(PlanAction::Create),
            outcome: None,
            reason: None,
            remote_type: None,
            search: None,
            offset: 0,
            limit: 150,
        };
        let mut said = Vec::new();
        for row in ready.app.plan_rows(args).await.expect("rows").rows {
            let args = PlanRowArgs {
                run_id: run.id,
                seq: row.seq,
            };
            said.push(ready.app.plan_row(args).await.expect("a row"));
        }
        let args = RunArgs { run_id: run.id };
        ready.app.import_apply(args).await.expect("applies");
        still(&ready.app, run.id).await;
        let mut compared = BTreeMap::new();
        let here = items(&ready.app, ready.integration).await;
        let key = |item: &ItemDetail| item.link.as_ref().map(|link| link.key.clone());
        let by_key: BTreeMap<_, _> = here.iter().map(|item| (key(item), item)).collect();
        for detail in said {
            let item = by_key[&Some(detail.row.key.clone())];
            let held = item.fields.iter().filter(|field| field.mapped_to.is_some());
            for field in held {
                let Some(held) = words(&field.value) else {
                    continue;
                };
                let mut lines = detail.fields.iter();
                let line = lines.find(|line| line.name == field.name);
                let said = line.and_then(|line| line.after.as_deref()).map(apart);
                assert_eq!(said, Some(held), "{} {}", detail.row.key, field.name);
                *compared.entry(field.name.clone()).or_insert(0) += 1;
            }
        }
        println!("{compared:?}");
        assert!(compared.len() >= 6, "{compared:?}");
        ready.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pausing_while_reading_and_resuming_loses_nothing() {
    for config in faces() {
        let ready = Ready::new(config).await;
        let run = ready.reading().await;
        let args = RunArgs { run_id: run.id };
        let (paused, ()) = tokio::join!(ready.app.import_pause(args.clone()), async {
            ready.served.release();
        });
        assert_eq!(paused.expect("pauses").state, RunState::Paused);
        ready.app.import_resume(args).await.expect("resumes");
        let run = still(&ready.app, run.id).await;
        assert_eq!(run.state, RunState::Planned, "{run:?}");
        ready.ends_equal(run).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelling_while_reading_leaves_nothing_behind() {
    for config in faces() {
        let ready = Ready::new(config).await;
        let run = ready.reading().await;
        let args = RunArgs { run_id: run.id };
        let (cancelled, ()) = tokio::join!(ready.app.import_cancel(args), async {
            ready.served.release();
        });
        let cancelled = cancelled.expect("cancels");
        assert_eq!(cancelled.state, RunState::Cancelled);
        assert_eq!((cancelled.counts.created, cancelled.undoable), (0, false));
        assert!(items(&ready.app, ready.integration).await.is_empty());
        let run = planned(&ready.app, ready.integration).await;
        ready.ends_equal(run).await;
    }
}

/// Begins to write, and comes back when some items are written and others are not.
async fn writing(ready: &Ready) -> Run {
    let run = planned(&ready.app, ready.integration).await;
    let args = RunArgs { run_id: run.id };
    ready.app.import_apply(args).await.expect("applies");
    let run = until(&ready.app, run.id, |run| run.counts.created > 0).await;
    assert!(run.counts.created < run.counts.create, "{run:?}");
    run
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pausing_while_writing_and_resuming_loses_nothing() {
    for config in faces() {
        let ready = Ready::new(config).await;
        let run = writing(&ready).await;
        let args = RunArgs { run_id: run.id };
        let paused = ready.app.import_pause(args.clone()).await.expect("pauses");
        assert_eq!(paused.state, RunState::Paused);
        let here = items(&ready.app, ready.integration).await.len();
        assert_eq!(u32::try_from(here), Ok(paused.counts.created));
        ready.app.import_resume(args).await.expect("resumes");
        let run = still(&ready.app, run.id).await;
        ready.ends_equal(run).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelling_while_writing_says_what_is_there_and_can_be_undone_or_gone_on_with() {
    for config in faces() {
        let ready = Ready::new(config).await;
        let run = writing(&ready).await;
        let args = RunArgs { run_id: run.id };
        let run = ready.app.import_cancel(args).await.expect("cancels");
        assert_eq!((run.state, run.undoable), (RunState::Cancelled, true));
        let here = items(&ready.app, ready.integration).await;
        assert_eq!(u32::try_from(here.len()), Ok(run.counts.created));
        assert!(run.counts.created < run.counts.create, "{run:?}");
        for item in &here {
            assert!(item.link.is_some(), "{} is half an item", item.title);
        }
        // The rest comes with the next import; what is there is not made twice.
        let next = planned(&ready.app, ready.integration).await;
        assert_eq!(
            next.counts.create + run.counts.created,
            run.counts.create,
            "{next:?}"
        );
        let args = RunArgs { run_id: run.id };
        ready.app.import_undo(args).await.expect("undoing begins");
        let undone = still(&ready.app, run.id).await;
        assert_eq!(undone.state, RunState::Undone, "{undone:?}");
        assert!(items(&ready.app, ready.integration).await.is_empty());
        ready.app.shutdown().await;
    }
}

/// Looks at a run without a pause, as many windows would, until it is as wanted; gives every state it saw.
async fn watched(app: &App, run: i64, wanted: RunState) -> BTreeSet<RunState> {
    let mut seen = BTreeSet::new();
    while !seen.contains(&wanted) {
        let args = RunArgs { run_id: run };
        seen.insert(app.run(args).await.expect("the run").state);
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_run_that_comes_to_its_end_is_never_seen_standing_still() {
    let ready = Ready::new(SiteConfig::cloud(40, SEED)).await;
    for _ in 0..40 {
        let run = imported(&ready.app, ready.integration).await;
        let args = RunArgs { run_id: run.id };
        ready.app.import_undo(args).await.expect("undoing begins");
        let watch = || watched(&ready.app, run.id, RunState::Undone);
        let (one, two, three) = tokio::join!(watch(), watch(), watch());
        for seen in [one, two, three] {
            assert!(!seen.contains(&RunState::Paused), "{seen:?}");
        }
    }
    ready.app.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_revoked_while_reading_stops_the_import_which_goes_on_with_a_new_one() {
    for config in faces() {
        let ready = Ready::new(config).await;
        let run = ready.reading().await;
        ready.served.site().faults_mut().revoked = true;
        ready.served.release();
        let run = still(&ready.app, run.id).await;
        assert_eq!(run.state, RunState::Paused, "{run:?}");
        let code = run.problem.as_ref().map(|problem| problem.code);
        assert!(
            matches!(
                code,
                // Cloud answers a dead token as it answers strangers.
                Some(
                    ErrorCode::CredentialsExpired
                        | ErrorCode::CredentialsWrong
                        | ErrorCode::Anonymous
                )
            ),
            "{code:?}"
        );
        ready.served.site().faults_mut().revoked = false;
        let connection = ready
            .app
            .connections(Nothing {})
            .await
            .expect("one")
            .remove(0);
        let form = ready.served.form();
        let args = CredentialsArgs {
            id: connection.id,
            auth: form.auth,
            login: form.login,
            secret: form.secret,
        };
        ready
            .app
            .connection_credentials(args)
            .await
            .expect("mended");
        let args = RunArgs { run_id: run.id };
        ready.app.import_resume(args).await.expect("resumes");
        let run = still(&ready.app, run.id).await;
        assert_eq!(run.state, RunState::Planned, "{run:?}");
        ready.ends_equal(run).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_that_goes_away_while_reading_is_waited_for() {
    for config in faces() {
        let mut ready = Ready::new(config).await;
        let run = ready.reading().await;
        ready.served.go_away();
        let waiting = until(&ready.app, run.id, |run| run.problem.is_some()).await;
        assert_eq!(waiting.state, RunState::Reading, "it goes on by itself");
        ready.served.release();
        ready.served.come_back();
        let run = still(&ready.app, run.id).await;
        assert_eq!((run.state, &run.problem), (RunState::Planned, &None));
        ready.ends_equal(run).await;
    }
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_is_taken_back_says_how_many_items_stay_where_they_are() {
    let ready = Ready::new(SiteConfig::cloud(60, SEED)).await;
    let app = &ready.app;
    imported(app, ready.integration).await;
    let here = items(app, ready.integration).await;
    let leaves = here.iter().filter(|item| item.children_total == 0);
    let ids: Vec<i64> = leaves.map(|item| item.id).take(3).collect();
    let mut moved = Vec::new();
    for (name, ids) in [("First", &ids[..]), ("Second", &ids[..2])] {
        let area = app.area_create(NewAreaArgs {
            parent_id: None,
            name: name.to_owned(),
        });
        let args = MoveArgs {
            ids: ids.to_vec(),
            area_id: area.await.expect("an area").id,
        };
        moved.push(app.items_move(args).await.expect("moves"));
    }
    assert_eq!((moved[0].moved, moved[0].left), (3, 0));
    let args = IdArgs { id: moved[0].undo };
    let back = app.items_move_undo(args).await.expect("moves back");
    assert_eq!((back.moved, back.left), (1, 2));
    app.shutdown().await;
}

/// Asks for rows both one page after another and by place, which has to come to the same.
async fn rows(app: &App, run_id: i64, outcome: Option<RowOutcome>) -> Vec<PlanRow> {
    let (mut rows, mut after) = (Vec::new(), Some(0));
    while let Some(place) = after {
        let args = PlanRowsAfterArgs {
            run_id,
            action: None,
            outcome,
            after: place,
            limit: 20,
        };
        let page = app.plan_rows_after(args).await.expect("a page");
        rows.extend(page.rows);
        after = page.next;
    }
    let args = PlanRowsArgs {
        run_id,
        action: None,
        outcome,
        reason: None,
        remote_type: None,
        search: None,
        offset: 0,
        limit: 1000,
    };
    let page = app.plan_rows(args).await.expect("rows");
    assert_eq!(page.rows, rows);
    assert_eq!(page.total as usize, rows.len());
    rows
}

/// Gives how many rows there are of each outcome.
async fn check_outcomes(app: &App, run_id: i64) -> [usize; 4] {
    let all = rows(app, run_id, None).await;
    let mut counts = [0; 4];
    let outcomes = [
        RowOutcome::Applied,
        RowOutcome::Skipped,
        RowOutcome::Failed,
        RowOutcome::Undone,
    ];
    for (count, outcome) in counts.iter_mut().zip(outcomes) {
        let mut told = all.clone();
        told.retain(|row| row.outcome == Some(outcome));
        assert_eq!(rows(app, run_id, Some(outcome)).await, told, "{outcome:?}");
        *count = told.len();
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_asked_for_by_what_became_of_them_are_those_that_tell_it() {
    let ready = Ready::new(SiteConfig::cloud(60, SEED)).await;
    let run_id = planned(&ready.app, ready.integration).await.id;
    let all = rows(&ready.app, run_id, None).await;
    ready.app.shutdown().await;
    drop(ready.app);
    let directory = ready.directory.path();
    let database = directory.join("lockstep.sqlite");
    let kept = Store::open(&database, jiff::Timestamp::UNIX_EPOCH).expect("opens");
    let (run, [unread, unwritten]) = (RunId(run_id), [0, 1].map(|at| RowSeq(all[at].seq)));
    // As if one could not be read, and one not be written.
    let marked = kept.write(move |tx| {
        let reason = |code: &str| Reason {
            code: code.to_owned(),
            detail: String::new(),
        };
        run_row::mark_excluded(tx, run, &[(unread, reason("gone_while_reading"))])?;
        run_row::mark_failed(tx, run, &[(unwritten, reason("refused"))])
    });
    marked.await.expect("writes");
    kept.close().await.expect("closes");
    let app = open(directory).await.expect("opens again");
    let args = RunArgs { run_id };
    app.import_apply(args.clone()).await.expect("applies");
    let run = still(&app, run_id).await;
    let written = all.len() - 2;
    assert_eq!(check_outcomes(&app, run_id).await, [written, 0, 2, 0]);
    assert_eq!(run.counts.failed, 2);
    app.import_undo(args).await.expect("undoes");
    still(&app, run_id).await;
    assert_eq!(check_outcomes(&app, run_id).await, [0, 0, 2, written]);
    app.shutdown().await;
}
