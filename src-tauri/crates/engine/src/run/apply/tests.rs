//! Imports without a network: rows put into a run as if they had been read, planned, applied, taken back.

mod following;
mod undoing;

use super::{Applier, Batch};
use crate::run::ground::Ground;
use crate::run::{plan, undo};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::connection::{AuthKind, ConnectionData, SiteKind};
use store::integration::IntegrationData;
use store::link::Link;
use store::run::{RunCounts, RunKind, RunState};
use store::run_row::{ReadRow, RunRow};
use store::{IntegrationId, Read, RunId, Store, StoreError, WriteTx};
use sync::mapping::{Direction, FieldPair, Mapping, TypePair, Winner};
use sync::remote::{
    Choice, IssueLink, ParentRef, RemoteField, RemoteIssue, RemoteKind, RemotePerson, RemoteStatus,
    RemoteType, RemoteValue, Schema,
};
use workspace::value::Relation;
use workspace::{FieldKey, Item, ItemId, StatusCategory, SystemField, Value};

/// Types of the remote and the names of those that they stand for here.
const TYPES: [(&str, &str); 3] = [("e", "Epic"), ("f", "Feature"), ("b", "Bug")];
/// Fields of the remote and those that they stand for here.
const FIELDS: [(&str, SystemField, RemoteKind); 6] = [
    ("summary", SystemField::Title, RemoteKind::Text),
    ("labels", SystemField::Labels, RemoteKind::Labels),
    ("sprint", SystemField::Sprint, RemoteKind::Sprint),
    ("assignee", SystemField::DevAssignee, RemoteKind::Person),
    ("points", SystemField::StoryPoints, RemoteKind::Number),
    ("links", SystemField::Dependencies, RemoteKind::IssueLinks),
];

/// A workspace with an integration, and a clock that goes on by a second with everything that is done.
struct Bench {
    store: Store,
    integration: IntegrationId,
    seconds: i64,
}

impl Bench {
    async fn new() -> Self {
        let store = Store::in_memory(Timestamp::UNIX_EPOCH).expect("opens");
        let integration = store.write(set_up).await.expect("set up");
        Self {
            store,
            integration,
            seconds: 0,
        }
    }

    fn now(&mut self) -> Timestamp {
        self.seconds += 1;
        Timestamp::from_second(self.seconds).expect("a moment")
    }

    async fn ground(&self) -> Arc<Ground> {
        let ground = Ground::read(&self.store, self.integration).await;
        Arc::new(ground.expect("it is mapped"))
    }

    /// Plans an import of these issues and no others.
    async fn planned(&mut self, issues: &[RemoteIssue]) -> RunId {
        let (integration, now, ground) = (self.integration, self.now(), self.ground().await);
        let depth = |issue: &RemoteIssue| ground.planner.apply_rank(&issue.type_id).unwrap_or(0);
        let issues: Vec<(u8, RemoteIssue)> = issues
            .iter()
            .map(|issue| (depth(issue), issue.clone()))
            .collect();
        let ids: Vec<String> = issues.iter().map(|(_, issue)| issue.id.clone()).collect();
        let run = self.write(move |tx| {
            let run = store::run::create(tx, integration, RunKind::Import, "", now)?;
            store::run_row::add_listed(tx, run, &ids)?;
            let listed = store::run_row::next_listed(tx, run, None, u32::MAX)?;
            let read = listed.into_iter().zip(issues);
            let read: Vec<ReadRow> = read
                .map(|((seq, _), (depth, issue))| ReadRow::new(seq, depth, issue))
                .collect();
            store::run_row::store_read(tx, run, &read)?;
            Ok(run)
        });
        let run = run.await;
        plan::plan(&self.store, run, &ground).await.expect("plans");
        run
    }

    async fn apply(&mut self, run: RunId) {
        let (ground, now) = (self.ground().await, self.now());
        let mut applier = Applier::new(&self.store, run, ground)
            .await
            .expect("begins");
        while let Batch::Done(_) = applier.batch(now).await.expect("applies") {}
        applier.link(now).await.expect("links");
        self.write(move |tx| {
            store::run_row::settle_rest(tx, run)?;
            store::run::set_state(tx, run, RunState::Done, now)
        })
        .await;
    }

    async fn import(&mut self, issues: &[RemoteIssue]) -> RunId {
        let run = self.planned(issues).await;
        self.apply(run).await;
        run
    }

    /// Takes a run back; gives how many entries were taken back and how many left.
    async fn undo(&mut self, run: RunId) -> (u64, u64) {
        let now = self.now();
        let mut last = undo::Undone::default();
        while let Some(undone) = undo::batch(&self.store, run, now).await.expect("goes back") {
            last = undone;
        }
        (last.undone, last.kept)
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write(work).await.expect("writes")
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Read<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.read(work).await.expect("reads")
    }

    async fn counts(&self, run: RunId) -> RunCounts {
        let run = self.read(move |read| store::run::get(read, run)).await;
        run.expect("the run").counts
    }

    async fn row(&self, run: RunId, remote_id: &str) -> RunRow {
        let id = remote_id.to_owned();
        let mut rows = self
            .read(move |read| store::run_row::by_remote_ids(read, run, &[&id]))
            .await;
        rows.remove(remote_id).expect("a row")
    }

    /// The pair of an issue, if it is linked.
    async fn link(&self, remote_id: &str) -> Option<Link> {
        let (integration, id) = (self.integration, remote_id.to_owned());
        let mut links = self
            .read(move |read| {
                let integration = store::integration::get(read, integration)?.expect("it stays");
                store::link::by_remote_ids(read, integration.data.connection, &[&id])
            })
            .await;
        links.remove(remote_id)
    }

    /// The item of an issue, if it is linked.
    async fn item(&self, remote_id: &str) -> Option<Item> {
        let link = self.link(remote_id).await?;
        self.read(move |read| store::item::get(read, link.item))
            .await
    }

    async fn id(&self, remote_id: &str) -> ItemId {
        self.item(remote_id).await.expect("it is here").id
    }

    async fn value(&self, remote_id: &str, field: SystemField) -> Value {
        self.item(remote_id)
            .await
            .expect("it is here")
            .value(field.into())
    }

    /// Somebody writes a value here.
    async fn set(&mut self, remote_id: &str, field: SystemField, value: Value) {
        let (id, now) = (self.id(remote_id).await, self.now());
        self.write(move |tx| store::item::set_value(tx, id, field.into(), &value, now))
            .await;
    }
}

fn set_up(tx: &WriteTx<'_>) -> Result<IntegrationId, StoreError> {
    let moment = Timestamp::UNIX_EPOCH;
    let site = ConnectionData {
        name: "Site".into(),
        kind: SiteKind::DataCenter,
        site_url: "https://site.test".into(),
        api_base: "https://site.test".into(),
        display_url: "https://site.test".into(),
        version: "9.12.0".into(),
        auth: AuthKind::Pat,
        login: String::new(),
        account_id: "me".into(),
        account_name: "Me".into(),
        time_zone: "UTC".into(),
        ca_pem: None,
        proxy: None,
        has_client_identity: false,
        practice: None,
        secret_ref: "secret".into(),
    };
    let connection = store::connection::create(tx, &site, moment)?;
    let project = IntegrationData {
        connection,
        name: "Project".into(),
        project_id: "1".into(),
        project_key: "P".into(),
        project_name: "Project".into(),
        board: None,
        jql: String::new(),
        include_closed: false,
        area: None,
    };
    let integration = store::integration::create(tx, &project, moment)?;
    store::schema_snapshot::save(tx, integration, &schema(), moment)?;
    let types = store::item_type::list(tx)?;
    let mapping = Mapping {
        types: TYPES
            .iter()
            .map(|(remote, name)| TypePair {
                item_type: types
                    .iter()
                    .find(|known| known.singular == *name)
                    .expect("a new workspace has it")
                    .id,
                remote_type: (*remote).into(),
            })
            .collect(),
        fields: FIELDS
            .iter()
            .map(|(remote, field, _)| FieldPair {
                field: FieldKey::System(*field),
                remote_field: (*remote).into(),
                direction: Direction::Both,
                winner: Winner::Ask,
                values: Vec::new(),
                core: false,
            })
            .collect(),
        statuses: Vec::new(),
        status_rule: Default::default(),
    };
    store::mapping::save(tx, integration, &mapping, &Default::default())?;
    Ok(integration)
}

fn schema() -> Schema {
    Schema {
        types: TYPES
            .iter()
            .map(|(id, name)| RemoteType {
                id: (*id).into(),
                name: (*name).into(),
                level: Some(i8::from(*id == "e")),
                required_fields: Vec::new(),
            })
            .collect(),
        fields: FIELDS
            .iter()
            .map(|(id, _, kind)| RemoteField {
                id: (*id).into(),
                name: (*id).into(),
                kind: kind.clone(),
                role: None,
                options: Vec::new(),
                on_create: None,
                read_only: false,
            })
            .collect(),
        statuses: Vec::new(),
    }
}

/// An issue `id` of a type, with the key `P-id`.
fn issue(id: &str, type_id: &str) -> RemoteIssue {
    let title = format!("Issue {id}");
    RemoteIssue {
        id: id.into(),
        key: format!("P-{id}"),
        type_id: type_id.into(),
        title: title.clone(),
        parent: None,
        status: RemoteStatus {
            id: "1".into(),
            name: "To Do".into(),
            category: StatusCategory::Open,
        },
        updated_at: Timestamp::from_second(1_000).ok(),
        created_at: None,
        values: BTreeMap::from([("summary".to_owned(), RemoteValue::Text(title))]),
    }
}

fn with(mut issue: RemoteIssue, field: &str, value: RemoteValue) -> RemoteIssue {
    issue.values.insert(field.to_owned(), value);
    issue
}

fn below(mut issue: RemoteIssue, parent: &str) -> RemoteIssue {
    issue.parent = Some(ParentRef::Id(parent.to_owned()));
    issue
}

fn below_key(mut issue: RemoteIssue, parent: &str) -> RemoteIssue {
    issue.parent = Some(ParentRef::Key(parent.to_owned()));
    issue
}

fn closed(mut issue: RemoteIssue) -> RemoteIssue {
    issue.status.category = StatusCategory::Done;
    issue
}

fn labels(words: &[&str]) -> RemoteValue {
    RemoteValue::Labels(words.iter().map(|word| (*word).to_owned()).collect())
}

fn words(words: &[&str]) -> Value {
    Value::labels(words)
}

fn sprint(id: &str, name: &str, ends_on: Option<Date>) -> RemoteValue {
    RemoteValue::Choices(vec![Choice {
        id: id.into(),
        name: name.into(),
        ends_on,
        ..Choice::default()
    }])
}

fn person(id: &str, name: &str) -> RemoteValue {
    RemoteValue::People(vec![RemotePerson {
        id: id.into(),
        name: name.into(),
        email: None,
    }])
}

fn blocks(issue: &str) -> RemoteValue {
    RemoteValue::Links(vec![IssueLink {
        relation: Relation::Blocks,
        issue: issue.into(),
    }])
}
