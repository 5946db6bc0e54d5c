//! The life of a connection: stopped and mended, paused, disconnected, connected again. Nothing that was edited is lost,
//! and nothing is linked again by itself.

use api::App;
use api::dto::{
    ConnectionPauseArgs, CredentialsArgs, Disconnected, DisconnectedArgs, EditArgs, EditValue,
    IdArgs, IntegrationArgs, ItemDetail, LeavingExtent, LinkArgs, Nothing, PlanAction, PushArgs,
    RelinkManyArgs, Resynced, RunState, SeverReason, SyncHold,
};
use api::error::ErrorCode;
use lockstep_tests::{Served, connected, imported, items, mapped, open, planned};
use practice_jira::{Face, SiteConfig};
use serde_json::json;

const ISSUES: usize = 90;

/// A workspace that was imported from a site.
struct Scene {
    served: Served,
    app: App,
    integration_id: i64,
    _directory: tempfile::TempDir,
}

impl Scene {
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

    async fn connection(&self) -> i64 {
        let all = self.app.connections(Nothing {}).await.expect("a list");
        all[0].id
    }

    async fn edit(&self, item_id: i64, title: &str) {
        let args = EditArgs {
            item_id,
            field: "title".to_owned(),
            value: EditValue::Text { text: title.into() },
        };
        self.app.item_edit(args).await.expect("edited");
    }

    async fn linked(&self) -> Vec<ItemDetail> {
        let all = items(&self.app, self.integration_id).await;
        all.into_iter().filter(|item| item.link.is_some()).collect()
    }

    async fn extent(&self) -> LeavingExtent {
        let id = self.connection().await;
        let extent = self.app.connection_leaving(IdArgs { id }).await;
        extent.expect("told")
    }

    async fn disconnect(&self) -> u32 {
        let args = self.extent().await.agreed(self.connection().await);
        let gone = self.app.connection_disconnect(args).await;
        gone.expect("disconnected").count
    }

    async fn disconnected(&self, integration_id: Option<i64>) -> Disconnected {
        let args = DisconnectedArgs {
            integration_id,
            reason: None,
            search: String::new(),
            dismissed: false,
        };
        self.app.disconnected(args).await.expect("a list")
    }

    fn there(&self, key: &str) -> String {
        let api = match self.served.face() {
            Face::Cloud => "/rest/api/3",
            Face::DataCenter => "/rest/api/2",
        };
        let issue = self
            .served
            .ask(&format!("{api}/issue/{key}?fields=summary"));
        issue["fields"]["summary"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Somebody makes an issue in Jira.
    fn make_another(&self) {
        let api = match self.served.face() {
            Face::Cloud => "/rest/api/3",
            Face::DataCenter => "/rest/api/2",
        };
        let project = self.served.project();
        let fields = json!({
            "project": { "key": project }, "issuetype": { "name": "Story" }, "summary": "Another one",
        });
        let issue = json!({ "fields": fields });
        self.served.tell("POST", &format!("{api}/issue"), &issue);
    }

    fn revoke(&self, revoked: bool) {
        self.served.site().faults_mut().revoked = revoked;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_token_stops_the_connection_at_once_and_new_credentials_let_what_waits_go_on() {
    for config in [
        SiteConfig::cloud(ISSUES, 7),
        SiteConfig::data_center(ISSUES, 7),
    ] {
        let scene = Scene::of(config).await;
        let first = scene.linked().await.remove(0);
        let key = first.link.as_ref().expect("linked").key.clone();
        scene.revoke(true);
        scene
            .edit(first.id, "Written while the token was refused")
            .await;
        let sync = IntegrationArgs {
            integration_id: scene.integration_id,
        };
        scene.app.sync_now(sync.clone()).await.expect_err("refused");
        let asked = scene.served.asked();
        let stopped = scene.app.sync_now(sync.clone()).await.expect_err("stopped");
        assert_eq!(stopped.code, ErrorCode::ConnectionStopped);
        assert_eq!(scene.served.asked(), asked, "nobody asks again by itself");
        let connection = scene
            .app
            .connections(Nothing {})
            .await
            .expect("a list")
            .remove(0);
        assert!(connection.problem.is_some(), "it says so");
        let item = IdArgs { id: first.id };
        let waits = scene.app.item_sync(item.clone()).await.expect("told");
        assert_eq!(waits.unsent, ["title"], "what was edited is kept");

        let form = scene.served.form();
        let credentials = |secret: &str| CredentialsArgs {
            id: connection.id,
            auth: form.auth,
            login: form.login.clone(),
            secret: secret.to_owned(),
        };
        let wrong = scene.app.connection_credentials(credentials("wrong")).await;
        wrong.expect_err("tested before they replace the old ones");
        scene.revoke(false);
        let mended = scene
            .app
            .connection_credentials(credentials(&form.secret))
            .await;
        assert_eq!(mended.expect("they work").problem, None);
        scene.app.sync_now(sync).await.expect("in step");
        assert_eq!(scene.there(&key), "Written while the token was refused");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_projects_of_a_connection_rest_and_go_on_together() {
    let scene = Scene::of(SiteConfig::cloud(ISSUES, 7)).await;
    let id = scene.connection().await;
    for (paused, hold) in [(true, SyncHold::Paused), (false, SyncHold::None)] {
        let args = ConnectionPauseArgs { id, paused };
        scene.app.connection_pause(args).await.expect("done");
        let states = scene.app.sync_states(Nothing {}).await.expect("told");
        assert_eq!(states[0].hold, hold);
    }
    let unknown = ConnectionPauseArgs {
        id: 99,
        paused: true,
    };
    let refused = scene.app.connection_pause(unknown).await;
    assert_eq!(refused.expect_err("unknown").code, ErrorCode::NotFound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_is_told_exactly_and_nothing_that_was_edited_vanishes() {
    let scene = Scene::of(SiteConfig::cloud(ISSUES, 7)).await;
    let all = scene.linked().await;
    scene.edit(all[0].id, "Never sent").await;
    let key = all[0].link.as_ref().expect("linked").key.clone();
    let before = scene.there(&key);
    let extent = scene.extent().await;
    assert!(extent.connection_goes);
    let [one] = extent.integrations.as_slice() else {
        panic!("{extent:?}");
    };
    assert_eq!(one.linked as usize, all.len());
    assert!(one.types > 0 && one.fields > 0, "{one:?}");
    assert_eq!((one.unsent, one.imports, one.importing), (1, 1, false));
    assert_eq!((one.cycles, one.problems, one.asked), (0, 0, 0));
    let unsent = &one.unsent_items[0];
    assert_eq!(
        (unsent.key.as_str(), unsent.fields.as_slice()),
        (key.as_str(), ["Title".to_owned()].as_slice())
    );

    assert_eq!(scene.disconnect().await, one.linked);
    assert!(
        scene
            .app
            .connections(Nothing {})
            .await
            .expect("a list")
            .is_empty()
    );
    assert!(
        scene
            .app
            .integrations(Nothing {})
            .await
            .expect("a list")
            .is_empty()
    );
    let kept = scene
        .app
        .item(IdArgs { id: all[0].id })
        .await
        .expect("it lives on");
    assert_eq!((kept.title.as_str(), kept.link), ("Never sent", None));
    assert_eq!(scene.there(&key), before);
    let severed = scene.disconnected(None).await;
    assert_eq!(severed.pairs.len(), all.len());
    assert!(severed.pairs.iter().all(|pair| {
        pair.reason == SeverReason::ConnectionRemoved
            && pair.connection_gone
            && !pair.url.is_empty()
    }));
    // Nobody can be asked about them, and that is said.
    let link_ids = vec![severed.pairs[0].link_id];
    let looks = scene
        .app
        .disconnected_look(LinkArgs {
            link_ids: link_ids.clone(),
        })
        .await;
    assert_eq!(looks.expect("left out"), []);
    let args = RelinkManyArgs {
        link_ids,
        winner: None,
    };
    let outcome = scene
        .app
        .resync_many(args)
        .await
        .expect("told")
        .remove(0)
        .outcome;
    let Resynced::Failed { error } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(error.code, ErrorCode::ConnectionRemoved);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_in_since_it_was_shown_what_goes_is_not_lost_unseen() {
    let scene = Scene::of(SiteConfig::cloud(ISSUES, 7)).await;
    let all = scene.linked().await;
    scene.edit(all[0].id, "Shown").await;
    let (id, shown) = (scene.connection().await, scene.extent().await);
    scene.edit(all[1].id, "Edited meanwhile").await;
    let refused = scene.app.connection_disconnect(shown.agreed(id)).await;
    assert_eq!(refused.expect_err("more").code, ErrorCode::LeavingStale);
    let kept = scene.app.connections(Nothing {}).await.expect("a list");
    assert_eq!(kept.len(), 1);
    let shown = scene.extent().await;
    assert_eq!(shown.integrations[0].unsent, 2);
    let gone = scene.app.connection_disconnect(shown.agreed(id)).await;
    assert_eq!(gone.expect("as shown").count as usize, all.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_connects_again_is_offered_what_was_linked_and_nothing_is_linked_or_made_by_itself()
{
    for config in [
        SiteConfig::cloud(ISSUES, 7),
        SiteConfig::data_center(ISSUES, 7),
    ] {
        let mut scene = Scene::of(config).await;
        let all = scene.linked().await;
        let key = all[0].link.as_ref().expect("linked").key.clone();
        scene.edit(all[0].id, "Kept all the while").await;
        let count = scene.disconnect().await;

        scene.integration_id = connected(&scene.app, &scene.served).await;
        let id = IdArgs {
            id: scene.integration_id,
        };
        let offered = scene
            .app
            .integration(id.clone())
            .await
            .expect("it is there");
        assert_eq!((offered.offered, offered.linked), (count, 0));
        let severed = scene.disconnected(Some(scene.integration_id)).await.pairs;
        assert_eq!(severed.len(), all.len());
        assert!(severed.iter().all(|pair| !pair.connection_gone));
        mapped(&scene.app, scene.integration_id).await;
        // An import leaves alone what was linked before, and a push makes no second issue.
        let run = planned(&scene.app, scene.integration_id).await;
        assert_eq!(run.counts.create, 0, "{run:?}");
        let summary = scene
            .app
            .plan_summary(api::dto::RunArgs { run_id: run.id })
            .await;
        let groups = summary.expect("a summary").groups;
        assert!(
            groups.iter().all(|group| group.action == PlanAction::Skip),
            "{groups:?}"
        );
        let cancel = api::dto::RunArgs { run_id: run.id };
        scene.app.import_cancel(cancel).await.expect("cancelled");
        let push = PushArgs {
            item_ids: vec![all[0].id],
            integration_id: Some(scene.integration_id),
            types: Vec::new(),
            answers: Vec::new(),
            refresh: false,
            anew: false,
        };
        let refused = scene.app.push(push).await.expect_err("it has an issue");
        assert_eq!(refused.code, ErrorCode::PushRefused);

        let link_ids = severed.iter().map(|pair| pair.link_id).collect();
        let args = RelinkManyArgs {
            link_ids,
            winner: None,
        };
        let done = scene.app.resync_many(args).await.expect("done");
        let failed: Vec<_> = done
            .iter()
            .filter(|one| one.outcome != Resynced::Linked)
            .collect();
        assert!(failed.is_empty(), "{failed:?}");
        let sync = IntegrationArgs {
            integration_id: scene.integration_id,
        };
        // From now on they are kept in step by themselves; whatever else is in the project waits for somebody to import it.
        scene.make_another();
        let report = scene.app.sync_now(sync).await.expect("in step");
        assert_eq!((report.created, report.made), (0, 0), "{report:?}");
        let states = scene.app.sync_states(Nothing {}).await.expect("told");
        assert_eq!(states[0].hold, SyncHold::None);
        assert_eq!(
            scene.there(&key),
            "Kept all the while",
            "what was edited is sent now"
        );
        let again = scene.app.integration(id).await.expect("it is there");
        assert_eq!((again.offered, again.linked), (0, count));
        let run = imported(&scene.app, scene.integration_id).await;
        assert_eq!(run.counts.create, 1, "{run:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_project_can_go_alone_and_its_connection_stays() {
    let scene = Scene::of(SiteConfig::cloud(ISSUES, 7)).await;
    // A plan that nobody has applied goes with it.
    planned(&scene.app, scene.integration_id).await;
    let id = IdArgs {
        id: scene.integration_id,
    };
    let extent = scene.app.integration_leaving(id.clone()).await;
    let extent = extent.expect("told");
    assert!(!extent.connection_goes && !extent.integrations[0].importing);
    let gone = scene.app.integration_disconnect(extent.agreed(id.id)).await;
    let gone = gone.expect("gone");
    assert_eq!(gone.count, extent.integrations[0].linked);
    assert_eq!(
        scene
            .app
            .connections(Nothing {})
            .await
            .expect("a list")
            .len(),
        1
    );
    let severed = scene.disconnected(None).await.pairs;
    assert!(severed.iter().all(|pair| !pair.connection_gone));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_whose_issue_is_gone_gets_one_new_issue_and_not_while_its_own_is_there() {
    let scene = Scene::of(SiteConfig::cloud(ISSUES, 7)).await;
    let linked = scene.linked().await.into_iter();
    let mut leaves = linked.filter(|item| item.children_total == 0);
    let item = leaves.next_back().expect("a leaf");
    let key = item.link.expect("linked").key;
    let id = IdArgs { id: item.id };
    scene.app.item_unlink(id.clone()).await.expect("apart");
    let push = |anew| PushArgs {
        item_ids: vec![item.id],
        integration_id: Some(scene.integration_id),
        types: Vec::new(),
        answers: Vec::new(),
        refresh: false,
        anew,
    };
    let refused = scene
        .app
        .push(push(false))
        .await
        .expect_err("it came apart");
    assert_eq!(refused.code, ErrorCode::PushRefused);
    let refused = scene.app.push(push(true)).await.expect_err("it is there");
    assert_eq!(refused.code, ErrorCode::IssueThere);

    scene.served.delete(&key);
    let preview = scene.app.push_preview(push(true)).await.expect("told");
    assert_eq!(preview.count, 1, "{preview:?}");
    scene.app.push(push(true)).await.expect("asked for");
    let sync = IntegrationArgs {
        integration_id: scene.integration_id,
    };
    let report = scene.app.sync_now(sync.clone()).await.expect("a cycle");
    assert_eq!(report.made, 1, "{report:?}");
    let now = scene.app.item(id).await.expect("it is there");
    assert_ne!(now.link.expect("linked anew").key, key);
    assert!(scene.disconnected(None).await.pairs.is_empty());
    scene
        .app
        .push(push(true))
        .await
        .expect_err("it has an issue");
    let report = scene.app.sync_now(sync).await.expect("a cycle");
    assert_eq!((report.made, report.created), (0, 0), "{report:?}");
}
