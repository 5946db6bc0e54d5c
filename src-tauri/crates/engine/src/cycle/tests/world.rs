//! A workspace that was imported from a practice site.

pub use super::wire::{Fault, Wire};

use super::super::{Compare, Cycle, CycleReport, Heard, STATUS_PROBLEMS};
use super::wire::{ADDRESS, Browser, Draft};
use crate::adapter::JiraRemote;
use crate::connections::ConnectionDraft;
use crate::error::EngineError;
use crate::integrations::IntegrationDraft;
use crate::run::{Ground, RunState};
use crate::sites::Transports;
use crate::{Engine, EngineOptions, SecretChoice};
use jiff::{SignedDuration, Timestamp};
use jira::{
    Client, ClientOptions, Clock, Credentials, Edit, FixedJitter, HttpSettings, SettingsError,
    SiteKind, Transport,
};
use practice_jira::{Face, SiteConfig};
use secrecy::SecretString;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::connection::AuthKind;
use store::journal::{Change, Origin};
use store::link::LinkState;
use store::{IntegrationId, Read, Store, StoreError, WriteTx};
use sync::reconcile::Side;
use workspace::{FieldKey, ItemId, OptionId, Value};

struct ThroughWire(Arc<Wire>);

impl Transports for ThroughWire {
    fn open(&self, _: &HttpSettings) -> Result<Arc<dyn Transport>, SettingsError> {
        Ok(self.0.clone())
    }

    fn gateway(&self) -> String {
        format!("{ADDRESS}/gateway")
    }
}

/// A workspace right after its import, as a file, to begin many worlds from.
pub struct Template {
    config: SiteConfig,
    database: Vec<u8>,
    integration: IntegrationId,
    /// Kept in memory where the system has a folder for that: what is tested is not the disk.
    folder: Arc<tempfile::TempDir>,
}

impl Template {
    pub async fn new(config: SiteConfig) -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        let folder = Arc::new(folder.expect("a folder"));
        let wire = Wire::new(config.clone());
        let engine = Engine::open(EngineOptions {
            data_dir: folder.path().join("template"),
            secrets: SecretChoice::Memory(Arc::default()),
            clock: wire.clone(),
            jitter: Arc::new(FixedJitter(0.0)),
            transports: Arc::new(ThroughWire(wire.clone())),
        })
        .await
        .expect("an engine");
        let integration = imported(&engine, &wire).await;
        engine.shutdown().await;
        let database = folder.path().join("template/lockstep.sqlite");
        Self {
            config,
            database: std::fs::read(database).expect("the file"),
            integration,
            folder,
        }
    }

    pub fn is_cloud(&self) -> bool {
        self.config.face == Face::Cloud
    }

    pub async fn world(&self, name: &str) -> World {
        let path = self.folder.path().join(format!("{name}.sqlite"));
        std::fs::write(&path, &self.database).expect("a copy");
        let wire = Wire::new(self.config.clone());
        let store = Store::open(&path, wire.now()).expect("opens");
        let face = self.config.face;
        let mut world = World {
            wire,
            store,
            path,
            _folder: self.folder.clone(),
            integration: self.integration,
            face,
            pairs: Vec::new(),
            heard: Arc::default(),
        };
        world.pairs = world.linked().await;
        world
    }
}

/// Connects, maps what is proposed, and imports.
async fn imported(engine: &Engine, wire: &Wire) -> IntegrationId {
    let (known, face) = {
        let site = wire.site();
        (site.credentials(), site.config().face)
    };
    let (auth, login, secret) = match face {
        Face::Cloud => (AuthKind::CloudToken, known.email, known.api_token),
        Face::DataCenter => (AuthKind::Pat, String::new(), known.pat),
    };
    let connection = engine
        .create_connection(&ConnectionDraft {
            name: "Acme".to_owned(),
            url: ADDRESS.to_owned(),
            auth,
            login,
            secret: SecretString::from(secret),
            ca_pem: None,
            proxy: None,
            client_identity_pem: None,
        })
        .await
        .expect("connected");
    let project_key = {
        let site = wire.site();
        let keys = site.project_keys().into_iter();
        keys.max_by_key(|key| site.issue_count(Some(key)))
            .expect("a project")
    };
    let view = engine
        .create_integration(&IntegrationDraft {
            connection: connection.id,
            project_key,
            board_id: None,
            name: "Main".to_owned(),
        })
        .await
        .expect("integrated");
    let id = view.integration.id;
    let types = engine.hierarchy(id, true).await.expect("types").pairs;
    engine.save_hierarchy(id, types).await.expect("saved");
    let fields = engine.fields(id, true).await.expect("fields");
    let proposed = fields.proposals.into_iter().map(|proposal| proposal.pair);
    let pairs = fields.mapping.fields.into_iter().chain(proposed).collect();
    engine.save_fields(id, pairs).await.expect("saved");
    let statuses = engine.statuses(id, false).await.expect("statuses");
    engine
        .save_statuses(id, statuses.pairs, statuses.rule)
        .await
        .expect("saved");
    engine
        .save_scope(id, "", true, None)
        .await
        .expect("a scope");
    let mut events = engine.events();
    let run = engine.plan_import(id).await.expect("a plan").run.id;
    for wanted in [RunState::Planned, RunState::Done] {
        while engine.run(run).await.expect("the run").run.state != wanted {
            drop(events.recv().await);
        }
        if wanted == RunState::Planned {
            engine.apply_run(run).await.expect("applies");
        }
    }
    id
}

/// An item and its issue.
#[derive(Debug, Clone)]
pub struct Linked {
    pub item: ItemId,
    pub issue: String,
}

/// A workspace and a site, and one integration between them.
pub struct World {
    pub wire: Arc<Wire>,
    pub store: Store,
    path: PathBuf,
    /// It stays as long as somebody works in it.
    _folder: Arc<tempfile::TempDir>,
    pub integration: IntegrationId,
    face: Face,
    /// What is linked, in the order of the items.
    pub pairs: Vec<Linked>,
    heard: Arc<Heard>,
}

impl World {
    /// One cycle, from its beginning to its end or to where it is cut off.
    pub async fn cycle(&self) -> Result<CycleReport, EngineError> {
        self.cycle_with(Compare::Nothing).await
    }

    /// One cycle that also compares.
    pub async fn cycle_with(&self, compare: Compare) -> Result<CycleReport, EngineError> {
        let ground = Arc::new(Ground::read(&self.store, self.integration).await?);
        let cycle = Cycle {
            store: self.store.clone(),
            ground,
            remote: JiraRemote::new(self.client(self.wire.clone())),
            clock: self.wire.clone(),
            heard: self.heard.clone(),
            compare,
            cut_off: Default::default(),
        };
        cycle.run().await
    }

    /// The site, as a cycle sees it.
    pub fn remote(&self) -> JiraRemote {
        JiraRemote::new(self.client(self.wire.clone()))
    }

    fn client(&self, transport: Arc<dyn Transport>) -> Client {
        let known = self.wire.site().credentials();
        let (kind, credentials) = match self.face {
            Face::Cloud => (
                SiteKind::Cloud,
                Credentials::CloudToken {
                    email: known.email,
                    token: SecretString::from(known.api_token),
                },
            ),
            Face::DataCenter => (
                SiteKind::DataCenter,
                Credentials::PersonalAccessToken(SecretString::from(known.pat)),
            ),
        };
        Client::new(ClientOptions {
            transport,
            clock: self.wire.clone(),
            jitter: Arc::new(FixedJitter(0.0)),
            kind,
            base: ADDRESS.to_owned(),
            credentials: Some(credentials),
            tries: 2,
        })
    }

    /// Ends without a word, and starts again over what the file holds.
    pub async fn restart(&mut self) {
        self.store.close().await.expect("closes");
        self.store = Store::open(&self.path, self.wire.now()).expect("opens");
        self.heard = Arc::default();
        let now = self.wire.now();
        // As an engine does when it starts.
        self.store
            .write(move |tx| {
                for run in store::run::unfinished(tx)? {
                    store::run::set_state(tx, run.id, RunState::Cancelled, now)?;
                    store::run_row::delete_all(tx, run.id)?;
                }
                Ok(())
            })
            .await
            .expect("writes");
    }

    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Read<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.read(work).await.expect("reads")
    }

    async fn linked(&self) -> Vec<Linked> {
        let id = self.integration;
        self.read(move |read| {
            let items = store::item::page_of_integration(read, id, None, u32::MAX)?;
            let mut linked = Vec::new();
            for item in items {
                for link in store::link::by_item(read, item.id)? {
                    linked.push(Linked {
                        item: item.id,
                        issue: link.remote_id,
                    });
                }
            }
            Ok(linked)
        })
        .await
    }

    pub async fn here(&self, item: ItemId, field: FieldKey) -> Value {
        self.read(move |read| store::item::value(read, item, field))
            .await
            .expect("the item")
    }

    /// A field of an issue, as the site tells it.
    pub async fn there(&self, issue: &str, field: &str) -> Json {
        let browser = self.client(Arc::new(Browser(self.wire.clone())));
        let found = browser.issue(issue, &[field]).await.expect("an answer");
        let field = found.expect("it is there").field(field);
        field.unwrap_or_default()
    }

    /// Somebody at a browser, signed in with the same account.
    pub fn browser(&self) -> Client {
        self.client(Arc::new(Browser(self.wire.clone())))
    }

    /// As [`World::there`]; none if the issue is not there.
    pub async fn found_there(&self, issue: &str, field: &str) -> Option<Json> {
        let found = self
            .browser()
            .issue(issue, &[field])
            .await
            .expect("an answer");
        Some(found?.field(field).unwrap_or_default())
    }

    /// Somebody edits an issue in the browser.
    pub async fn edit_there(&self, issue: &str, field: &str, value: Json) {
        let mut edit = Edit::default();
        edit.fields.insert(field.to_owned(), value);
        let edited = self.browser().edit_issue(issue, &edit).await;
        edited.expect("it fits");
    }

    /// Somebody will edit an issue in the browser, at the next [`Fault::Overtaken`].
    pub async fn meddle(&self, issue: &str, field: &str, value: Json) {
        let browser = self.client(Arc::new(Draft(self.wire.clone())));
        let mut edit = Edit::default();
        edit.fields.insert(field.to_owned(), value);
        browser.edit_issue(issue, &edit).await.expect("it is kept");
    }

    /// What Jira has held of a field because of what was sent, or until that took its place: the journal tells.
    pub async fn told(&self, item: ItemId, field: FieldKey) -> Vec<Value> {
        let entries = self.read(move |read| store::journal::of_item(read, item, u32::MAX));
        let entries = entries.await.into_iter();
        let sent = entries.filter_map(|entry| match (entry.origin, entry.change) {
            (
                Origin::Sent,
                Change::Field {
                    field: found,
                    before,
                    after,
                    ..
                },
            ) if found == field => Some([before, after]),
            _ => None,
        });
        sent.flatten().collect()
    }

    /// What each of the site's statuses stands for here.
    pub async fn statuses(&self) -> BTreeMap<String, OptionId> {
        let id = self.integration;
        let mapping = self
            .read(move |read| store::mapping::load(read, id))
            .await
            .0;
        let pairs = mapping.statuses.into_iter();
        pairs
            .map(|pair| (pair.remote_status, pair.status))
            .collect()
    }

    /// Whether nothing is to be looked at about an issue.
    pub async fn is_settled(&self, issue: &str) -> bool {
        let (id, issue) = (self.integration, issue.to_owned());
        let due = self.read(move |read| store::due::of(read, id, &[&issue]));
        due.await.is_empty()
    }

    /// Issues whose status cannot be sent.
    pub async fn barred(&self) -> BTreeSet<String> {
        let id = self.integration;
        let failed = self
            .read(move |read| store::due::failed(read, id, 999))
            .await;
        let barred = failed.into_iter().filter(|due| {
            let why = due.problem.as_ref();
            due.is_parked && why.is_some_and(|why| STATUS_PROBLEMS.contains(&why.code.as_str()))
        });
        barred.map(|due| due.remote_id).collect()
    }

    /// Somebody edits an item here.
    pub async fn edit_here(&self, item: ItemId, field: FieldKey, value: Value) {
        self.wire.advance(SignedDuration::from_millis(40));
        crate::edit::edit(&self.store, item, field, value, None, self.wire.now())
            .await
            .expect("it fits");
    }

    pub fn now(&self) -> Timestamp {
        self.wire.now()
    }

    /// Somebody deletes an issue in the browser, with its sub-tasks.
    pub fn delete_there(&self, issue: &str) {
        self.wire.advance(SignedDuration::from_millis(40));
        let now = self.wire.now();
        let deleted = self.wire.site().delete_issue(issue, now);
        deleted.expect("it is there");
    }

    /// The site tells that an issue was deleted, as a webhook does.
    pub async fn hear_deleted(&self, issue: &str) {
        let (id, issue, now) = (self.integration, issue.to_owned(), self.wire.now());
        self.write(move |tx| {
            let integration = store::integration::get(tx, id)?.expect("it is there");
            super::super::gone::hear_deleted(tx, integration.data.connection, &issue, now)
        })
        .await;
    }

    /// Lets all that failed be tried again.
    pub async fn retry(&self) {
        let (id, now) = (self.integration, self.wire.now());
        self.write(move |tx| store::due::retry::<&str>(tx, id, None, now))
            .await;
    }

    pub async fn set_policy(&self, policy: store::integration::OutOfScope) {
        let id = self.integration;
        self.write(move |tx| store::integration::set_out_of_scope(tx, id, policy))
            .await;
    }

    pub async fn set_filter(&self, jql: &str) {
        let (id, jql, now) = (self.integration, jql.to_owned(), self.wire.now());
        self.write(move |tx| {
            let mut data = store::integration::get(tx, id)?.expect("it is there").data;
            data.jql = jql;
            store::integration::update(tx, id, &data, now)
        })
        .await;
    }

    pub async fn delete_here(&self, item: ItemId) -> i64 {
        let now = self.wire.now();
        let deleted = self
            .store
            .write(move |tx| crate::deletion::delete(tx, &[item], now))
            .await;
        deleted.expect("writes").expect("it is there").undo
    }

    pub async fn answer(&self, sever: bool) -> u64 {
        let (id, now) = (self.integration, self.wire.now());
        let decided = self
            .store
            .write(move |tx| super::super::severing::decide(tx, id, sever, now));
        decided.await.expect("writes")
    }

    /// How an item's pair stands; none if the item, and the pair with it, is gone.
    pub async fn state(&self, item: ItemId) -> Option<LinkState> {
        self.read(move |read| {
            let links = store::link::by_item(read, item)?;
            Ok(links.last().map(|link| link.state))
        })
        .await
    }

    /// What is known of an issue out of reach.
    pub async fn absence(&self, issue: &str) -> Option<store::absence::Absence> {
        let (id, issue) = (self.integration, issue.to_owned());
        self.read(move |read| {
            let mut found = store::absence::of(read, id, &[&issue])?;
            Ok(found.remove(&issue))
        })
        .await
    }

    /// Puts an issue on the list, as a hint does.
    pub async fn mark(&self, issue: &str) {
        let (id, issue, now) = (self.integration, issue.to_owned(), self.wire.now());
        self.write(move |tx| store::due::mark(tx, id, &[&issue], now))
            .await;
    }

    pub async fn write(
        &self,
        work: impl FnOnce(&WriteTx<'_>) -> Result<(), StoreError> + Send + 'static,
    ) {
        self.store.write(work).await.expect("writes");
    }

    /// Somebody decides about a field in conflict.
    pub async fn decide(&self, item: ItemId, field: FieldKey, winner: Side) {
        let decided =
            super::super::service::decide(&self.store, item, field, winner, self.wire.now()).await;
        assert!(decided.expect("decides"), "it was in conflict");
    }

    /// Somebody decides about a cycle that stopped.
    pub async fn decide_fuse(&self, goes_on: bool) {
        let (id, now) = (self.integration, self.wire.now());
        let decided = self
            .store
            .write(move |tx| super::super::fuse::decide(tx, id, goes_on, now));
        assert!(decided.await.expect("writes"), "one had stopped");
    }

    /// A mistake: all that changed until now counts as heard of.
    pub async fn hear_up_to_now(&self) {
        let (id, now) = (self.integration, self.wire.now());
        let later = now.saturating_add(SignedDuration::from_hours(1));
        let later = later.expect("within a few years");
        self.write(move |tx| store::integration::set_heard_until(tx, id, later))
            .await;
    }

    pub async fn close(self) {
        self.store.close().await.expect("closes");
        for end in ["", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(end);
            drop(std::fs::remove_file(path));
        }
    }
}
