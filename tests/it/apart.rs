//! Pairs that come apart live on, on both sides, and are linked again as somebody chooses.

use api::App;
use api::dto::{
    AbsenceState, CompareArgs, Comparison, ConflictWinner, Disconnected, DisconnectedArgs,
    EditArgs, EditValue, FieldValue, IdArgs, IntegrationArgs, IssueLook, ItemDetail, ItemIdsArgs,
    LinkArgs, MatchesArgs, PlanAction, RelinkArgs, RelinkManyArgs, Resynced, RunState, SeverReason,
    SyncReport, UnlinkArgs, WinnerChoice,
};
use api::error::ErrorCode;
use lockstep_tests::{Served, connected, imported, items, mapped, open, planned};
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

    /// An item without parts, and its issue's key.
    async fn leaf(&self, place: usize) -> (i64, String) {
        let all = items(&self.app, self.integration_id).await;
        let leaves: Vec<&ItemDetail> = all
            .iter()
            .filter(|item| item.children_total == 0 && item.link.is_some())
            .collect();
        let item = leaves[place];
        (
            item.id,
            item.link.as_ref().expect("it is linked").key.clone(),
        )
    }

    async fn item(&self, id: i64) -> ItemDetail {
        self.app.item(IdArgs { id }).await.expect("the item")
    }

    async fn title(&self, id: i64, title: &str) {
        let args = EditArgs {
            item_id: id,
            field: "title".to_owned(),
            value: EditValue::Text { text: title.into() },
        };
        self.app.item_edit(args).await.expect("edited");
    }

    async fn disconnected(&self) -> Disconnected {
        self.app.disconnected(all()).await.expect("a list")
    }

    async fn compare(&self, link_id: i64, issue: Option<&str>) -> Comparison {
        let args = CompareArgs {
            link_id,
            issue: issue.map(str::to_owned),
        };
        self.app.resync_compare(args).await.expect("a comparison")
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
}

fn all() -> DisconnectedArgs {
    DisconnectedArgs {
        integration_id: None,
        reason: None,
        search: String::new(),
        dismissed: false,
    }
}

async fn pairs() -> [Pair; 2] {
    [
        Pair::of(SiteConfig::cloud(ISSUES, 7)).await,
        Pair::of(SiteConfig::data_center(ISSUES, 7)).await,
    ]
}

/// Choices for all that was compared, the open ones for one side.
fn choices(compared: &Comparison, winner: ConflictWinner) -> Vec<WinnerChoice> {
    let fields = compared.fields.iter();
    fields
        .map(|field| WinnerChoice {
            key: field.key.clone(),
            seen: field.seen.clone(),
            winner: (!field.alike).then(|| field.suggested.unwrap_or(winner)),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_is_deleted_here_leaves_its_issue_and_is_not_imported_again() {
    for pair in pairs().await {
        let (item, key) = pair.leaf(2).await;
        let ids = vec![item];
        let extent = pair
            .app
            .items_delete_extent(ItemIdsArgs { ids: ids.clone() });
        let extent = extent.await.expect("an extent");
        assert_eq!((extent.items, extent.issues), (1, 1));
        let deleted = pair.app.items_delete(ItemIdsArgs { ids }).await;
        let deleted = deleted.expect("deleted");
        assert_eq!((deleted.items, deleted.issues), (1, 1));
        let title = pair.there(&key, "summary");
        assert!(title.is_string(), "the issue stays");
        // Neither a change of the issue brings it back, nor an import.
        pair.change_there(&key, &json!({ "summary": "Still there" }));
        let report = pair.sync().await;
        assert_eq!((report.created, report.waiting), (0, 0));
        let run = planned(&pair.app, pair.integration_id).await;
        assert_eq!(run.state, RunState::Planned);
        let asked = api::dto::RunArgs { run_id: run.id };
        let summary = pair.app.plan_summary(asked.clone()).await.expect("a plan");
        let mut groups = summary.groups.iter();
        let creates = groups.any(|group| group.action == PlanAction::Create);
        assert!(!creates, "{summary:?}");
        pair.app.import_cancel(asked).await.expect("cancelled");
        let listed = pair.disconnected().await.pairs;
        assert_eq!(
            (listed[0].reason, listed[0].item_gone, &listed[0].key),
            (SeverReason::DeletedHere, true, &key)
        );
        // It comes back as it was, and what changed meanwhile comes to it.
        let back = pair
            .app
            .items_delete_undo(IdArgs { id: deleted.undo })
            .await;
        assert_eq!(back.expect("undone").count, 1);
        pair.sync().await;
        assert_eq!(pair.item(item).await.title, "Still there");
        assert!(pair.disconnected().await.pairs.is_empty());
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issue_that_cannot_be_reached_stays_linked_until_a_person_says_otherwise() {
    for pair in pairs().await {
        let (item, key) = pair.leaf(2).await;
        pair.served.delete(&key);
        pair.title(item, "Written meanwhile").await;
        let report = pair.sync().await;
        assert_eq!((report.severed, report.asked, report.waiting), (0, 0, 0));
        let found = pair.disconnected().await;
        assert!(found.pairs.is_empty());
        let absent = &found.absent[0];
        assert_eq!((absent.state, &absent.key), (AbsenceState::Unseen, &key));
        assert!(pair.item(item).await.link.is_some());
        let look = LinkArgs {
            link_ids: vec![absent.link_id],
        };
        let looked = pair.app.disconnected_look(look).await.expect("a look");
        assert_eq!(looked[0].issue, IssueLook::NotThere);
        let known = UnlinkArgs {
            link_ids: vec![absent.link_id],
            reason: SeverReason::DeletedThere,
        };
        let unlinked = pair.app.pairs_unlink(known).await.expect("disconnected");
        assert_eq!(
            pair.disconnected().await.pairs[0].reason,
            SeverReason::DeletedThere
        );
        let now = pair.item(item).await;
        assert!(now.link.is_none() && now.title == "Written meanwhile");
        // Undone, it is linked and out of reach as before.
        let undo = LinkArgs {
            link_ids: unlinked.link_ids,
        };
        pair.app.unlink_undo(undo).await.expect("undone");
        pair.sync().await;
        assert_eq!(pair.disconnected().await.absent.len(), 1);
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pair_is_linked_again_as_was_chosen_field_by_field() {
    for pair in pairs().await {
        let (item, key) = pair.leaf(3).await;
        let link_id = pair.app.item_unlink(IdArgs { id: item }).await;
        let link_id = link_id.expect("disconnected").link_ids[0];
        pair.title(item, "Ours").await;
        pair.change_there(&key, &json!({ "summary": "Theirs", "labels": ["new"] }));
        assert_eq!(pair.sync().await.updated, 0, "nothing goes either way");
        let compared = pair.compare(link_id, None).await;
        let of = |key: &str| {
            let mut fields = compared.fields.iter();
            fields.find(|field| field.key == key).expect("compared")
        };
        assert_eq!((of("title").alike, of("title").suggested), (false, None));
        assert_eq!(of("labels").suggested, Some(ConflictWinner::Jira));
        assert!(of("description").alike);
        // Somebody changes a side after they were compared: nothing is written.
        pair.change_there(&key, &json!({ "summary": "Theirs once more" }));
        let stale = RelinkArgs {
            link_id,
            remote_id: compared.remote_id.clone(),
            choices: choices(&compared, ConflictWinner::Here),
        };
        let refused = pair.app.resync_link(stale).await.expect_err("refused");
        assert_eq!(refused.code, ErrorCode::CompareStale);
        assert_eq!(pair.item(item).await.title, "Ours");
        let compared = pair.compare(link_id, None).await;
        let fresh = RelinkArgs {
            link_id,
            remote_id: compared.remote_id.clone(),
            choices: choices(&compared, ConflictWinner::Here),
        };
        pair.app.resync_link(fresh).await.expect("linked");
        let now = pair.item(item).await;
        let labels = now.fields.iter().find(|field| field.key == "labels");
        let new = FieldValue::Labels {
            labels: vec!["new".to_owned()],
        };
        assert_eq!(labels.map(|field| &field.value), Some(&new));
        let report = pair.sync().await;
        assert_eq!((report.sent, report.conflicts), (1, 0), "{report:?}");
        assert_eq!(pair.there(&key, "summary"), "Ours");
        assert!(pair.disconnected().await.pairs.is_empty());
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_is_linked_to_another_issue_by_key_or_by_likeness() {
    for pair in pairs().await {
        let (item, key) = pair.leaf(2).await;
        let (other, other_key) = pair.leaf(3).await;
        // The other issue is free, and named almost like the item.
        let title = pair.item(item).await.title;
        pair.change_there(&other_key, &json!({ "summary": format!("{title} again") }));
        pair.sync().await;
        let ids = vec![other];
        pair.app
            .items_delete(ItemIdsArgs { ids })
            .await
            .expect("deleted");
        let link_id = pair.app.item_unlink(IdArgs { id: item }).await;
        let link_id = link_id.expect("disconnected").link_ids[0];
        let asked = MatchesArgs {
            link_id,
            query: None,
        };
        let matches = pair.app.resync_matches(asked).await.expect("matches");
        let best = matches.iter().find(|found| found.key == other_key);
        let best = best.expect("it is offered");
        assert!(
            best.score > 50 && matches[0].key == other_key,
            "{matches:?}"
        );
        let compared = pair.compare(link_id, Some(&other_key)).await;
        assert!(!compared.same_issue);
        let args = RelinkArgs {
            link_id,
            remote_id: best.remote_id.clone(),
            choices: choices(&compared, ConflictWinner::Jira),
        };
        pair.app.resync_link(args).await.expect("linked");
        let now = pair.item(item).await;
        assert_eq!(now.link.map(|link| link.key), Some(other_key));
        assert_eq!(now.title, format!("{title} again"));
        // The first issue is free, and may become an item of its own.
        pair.change_there(&key, &json!({ "summary": "Of its own" }));
        assert_eq!(pair.sync().await.created, 1);
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_are_linked_again_at_once_and_what_is_open_is_told() {
    for pair in pairs().await {
        let mut links = Vec::new();
        let mut leaves = Vec::new();
        for place in 0..4 {
            leaves.push(pair.leaf(place).await);
        }
        for (item, _) in &leaves {
            let unlinked = pair.app.item_unlink(IdArgs { id: *item }).await;
            links.extend(unlinked.expect("disconnected").link_ids);
        }
        // One changed on both sides, one is gone in Jira, one was deleted here.
        pair.title(leaves[1].0, "Ours").await;
        pair.change_there(&leaves[1].1, &json!({ "summary": "Theirs" }));
        pair.served.delete(&leaves[2].1);
        let ids = vec![leaves[3].0];
        pair.app
            .items_delete(ItemIdsArgs { ids })
            .await
            .expect("deleted");
        let args = |winner| RelinkManyArgs {
            link_ids: links.clone(),
            winner,
        };
        let done = pair.app.resync_many(args(None)).await.expect("outcomes");
        assert_eq!(done[0].outcome, Resynced::Linked);
        let open = Resynced::NeedsChoice {
            fields: vec!["Title".to_owned()],
        };
        assert_eq!(done[1].outcome, open);
        assert!(
            matches!(&done[2].outcome, Resynced::Failed { error } if error.code == ErrorCode::IssueUnreadable)
        );
        assert_eq!(done[3].outcome, Resynced::Restored);
        let rest = RelinkManyArgs {
            link_ids: vec![links[1]],
            winner: Some(ConflictWinner::Jira),
        };
        let done = pair.app.resync_many(rest).await.expect("outcomes");
        assert_eq!(done[0].outcome, Resynced::Linked);
        assert_eq!(pair.item(leaves[1].0).await.title, "Theirs");
        pair.app.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issue_comes_in_anew_when_somebody_asks_for_it() {
    for pair in pairs().await {
        let (item, key) = pair.leaf(2).await;
        let link_ids = pair.app.item_unlink(IdArgs { id: item }).await;
        let link_ids = link_ids.expect("disconnected").link_ids;
        let before = items(&pair.app, pair.integration_id).await.len();
        let done = pair.app.resync_create(LinkArgs { link_ids }).await;
        assert_eq!(done.expect("outcomes")[0].outcome, Resynced::Linked);
        let after = items(&pair.app, pair.integration_id).await;
        assert_eq!(after.len(), before + 1, "of those that are linked");
        let linked = |item: &&ItemDetail| item.link.as_ref().is_some_and(|link| link.key == key);
        let new = after.iter().find(linked).expect("it is linked");
        assert_ne!(new.id, item);
        assert!(pair.item(item).await.link.is_none(), "it lives on");
        assert!(pair.disconnected().await.pairs.is_empty());
        pair.app.shutdown().await;
    }
}
