//! A workspace that was imported from a practice site: a whole engine, as the application opens it, over a wire.

use crate::wire::{ADDRESS, Browser, Draft, Wire};
use engine::secrets::MemorySecrets;
use engine::{
    ConnectionDraft, CycleReport, Edited, Engine, EngineError, EngineOptions, IntegrationDraft,
    RunState, SecretChoice, Transports,
};
use jira::{
    Client, ClientOptions, Credentials, Edit, FixedJitter, HttpSettings, SettingsError, SiteKind,
    Transport,
};
use practice_jira::{Face, SiteConfig};
use secrecy::SecretString;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::connection::AuthKind;
use store::crash::Cut;
use store::journal::{Change, Origin};
use store::{ConnectionId, IntegrationId, Read, StoreError, WriteTx};
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
    secrets: Arc<MemorySecrets>,
    integration: IntegrationId,
    connection: ConnectionId,
    /// Kept in memory where the system has a folder for that: what is tested is not the disk.
    folder: tempfile::TempDir,
}

const DATABASE: &str = "lockstep.sqlite";

impl Template {
    pub async fn new(config: SiteConfig) -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        let folder = folder.expect("a folder");
        let (wire, secrets) = (Wire::new(config.clone()), Arc::default());
        let directory = folder.path().join("template");
        let engine = opened(&directory, &wire, &secrets, false).await;
        let connection = connected(&engine, &wire).await;
        let integration = integrated(&engine, &wire, connection).await;
        imported(&engine, integration).await;
        engine.shutdown().await;
        Self {
            config,
            database: std::fs::read(directory.join(DATABASE)).expect("the file"),
            secrets,
            integration,
            connection,
            folder,
        }
    }

    /// Where the database works on other threads, more can happen in between, and everything takes twice as long.
    pub async fn world(&self, name: &str, on_threads: bool) -> World {
        let directory = self.folder.path().join(name);
        std::fs::create_dir(&directory).expect("a folder of its own");
        std::fs::write(directory.join(DATABASE), &self.database).expect("a copy");
        let wire = Wire::new(self.config.clone());
        let secrets = Arc::new(self.secrets.copy());
        let engine = opened(&directory, &wire, &secrets, on_threads).await;
        let mut world = World {
            engine: Some(engine),
            on_threads,
            wire,
            directory,
            secrets,
            integration: self.integration,
            connection: self.connection,
            pairs: Vec::new(),
        };
        world.pairs = world.linked().await;
        world
    }
}

async fn opened(
    directory: &Path,
    wire: &Arc<Wire>,
    secrets: &Arc<MemorySecrets>,
    on_threads: bool,
) -> Engine {
    let engine = Engine::open(EngineOptions {
        data_dir: directory.to_owned(),
        secrets: SecretChoice::Memory(secrets.clone()),
        clock: wire.clone(),
        jitter: Arc::new(FixedJitter(0.0)),
        transports: Arc::new(ThroughWire(wire.clone())),
    });
    let engine = engine.await.expect("an engine");
    if !on_threads {
        engine.store().work_in_place();
    }
    engine
}

/// What opens the site: how, the login, the secret.
fn credentials(wire: &Wire) -> (AuthKind, String, SecretString) {
    let site = wire.site();
    let known = site.credentials();
    match site.config().face {
        Face::Cloud => (AuthKind::CloudToken, known.email, known.api_token.into()),
        Face::DataCenter => (AuthKind::Pat, String::new(), known.pat.into()),
    }
}

async fn connected(engine: &Engine, wire: &Wire) -> ConnectionId {
    let (auth, login, secret) = credentials(wire);
    let connection = engine
        .create_connection(&ConnectionDraft {
            name: "Acme".to_owned(),
            url: ADDRESS.to_owned(),
            auth,
            login,
            secret,
            ca_pem: None,
            proxy: None,
            client_identity_pem: None,
        })
        .await;
    connection.expect("connected").id
}

/// Adds the greatest project, and maps what is proposed.
async fn integrated(engine: &Engine, wire: &Wire, connection: ConnectionId) -> IntegrationId {
    let project_key = {
        let site = wire.site();
        let keys = site.project_keys().into_iter();
        keys.max_by_key(|key| site.issue_count(Some(key)))
            .expect("a project")
    };
    let view = engine
        .create_integration(&IntegrationDraft {
            connection,
            project_key,
            board_id: None,
            name: "Main".to_owned(),
        })
        .await;
    let id = view.expect("integrated").integration.id;
    let types = engine.hierarchy(id, true).await.expect("types").pairs;
    engine.save_hierarchy(id, types).await.expect("saved");
    let fields = engine.fields(id, true).await.expect("fields");
    let proposed = fields.proposals.into_iter().map(|proposal| proposal.pair);
    let pairs = fields.mapping.fields.into_iter().chain(proposed).collect();
    engine.save_fields(id, pairs).await.expect("saved");
    let statuses = engine.statuses(id, false).await.expect("statuses");
    let saved = engine.save_statuses(id, statuses.pairs, statuses.rule);
    saved.await.expect("saved");
    let scope = engine.save_scope(id, "", true, None);
    scope.await.expect("a scope");
    id
}

async fn imported(engine: &Engine, id: IntegrationId) {
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
}

/// An item and its issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    pub item: ItemId,
    pub issue: String,
}

/// A workspace and a site, and one integration between them.
pub struct World {
    pub wire: Arc<Wire>,
    /// None only while it starts again.
    engine: Option<Engine>,
    on_threads: bool,
    pub integration: IntegrationId,
    pub connection: ConnectionId,
    /// What is linked after the import, in the order of the items.
    pub pairs: Vec<Linked>,
    directory: PathBuf,
    secrets: Arc<MemorySecrets>,
}

/// Where the program is ended.
#[derive(Debug, Clone, Copy)]
pub enum End {
    /// Where a request is met by silence, if one is.
    Silence,
    /// At the n-th commit from now, from 1.
    Commit(u64, Cut),
}

impl World {
    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("it is open between two starts")
    }

    /// One cycle, as *Sync now* asks for it.
    pub async fn sync(&self) -> Result<CycleReport, EngineError> {
        self.engine().sync(self.integration).await
    }

    /// One cycle in which the program ends at some point, or does not get that far; then it starts again.
    pub async fn ended(&mut self, end: End) -> Option<Result<CycleReport, EngineError>> {
        if let End::Commit(number, cut) = end {
            let last = self.engine().store().commits() + number;
            let hook = move |commit| if commit == last { cut } else { Cut::Never };
            self.engine().store().set_commit_hook(Arc::new(hook));
        }
        let outcome = tokio::select! {
            outcome = self.sync() => Some(outcome),
            () = self.wire.is_silent() => None,
        };
        self.wire.set_faults([]);
        self.engine().shutdown().await;
        // Nobody else has hold of the directory then.
        drop(self.engine.take());
        let engine = opened(&self.directory, &self.wire, &self.secrets, self.on_threads);
        self.engine = Some(engine.await);
        outcome
    }

    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Read<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.engine().store().read(work).await.expect("reads")
    }

    /// Writes past the engine: only for mistakes that are made on purpose.
    pub async fn write(
        &self,
        work: impl FnOnce(&WriteTx<'_>) -> Result<(), StoreError> + Send + 'static,
    ) {
        self.engine().store().write(work).await.expect("writes");
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

    /// Somebody at a browser.
    pub fn browser(&self) -> Client {
        self.client(Arc::new(Browser(self.wire.clone())))
    }

    fn client(&self, transport: Arc<dyn Transport>) -> Client {
        let (auth, login, secret) = credentials(&self.wire);
        let (kind, credentials) = match auth {
            AuthKind::Pat => (
                SiteKind::DataCenter,
                Credentials::PersonalAccessToken(secret),
            ),
            _ => (
                SiteKind::Cloud,
                Credentials::CloudToken {
                    email: login,
                    token: secret,
                },
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

    pub fn is_cloud(&self) -> bool {
        self.wire.site().config().face == Face::Cloud
    }

    /// Puts the credentials in once more, as somebody does whose token was refused.
    pub async fn sign_in(&self) {
        let (auth, login, secret) = credentials(&self.wire);
        let signed = self
            .engine()
            .update_credentials(self.connection, auth, &login, secret);
        signed.await.expect("they are right");
    }

    /// What an item holds of some fields; none if it is gone.
    pub async fn here(&self, item: ItemId, fields: &[FieldKey]) -> Option<Vec<Value>> {
        let fields = fields.to_vec();
        self.read(move |read| {
            let each = fields.into_iter();
            each.map(|field| store::item::value(read, item, field))
                .collect()
        })
        .await
    }

    /// Fields of an issue, as the site tells them; none if it is not to be seen.
    pub async fn there(&self, issue: &str, fields: &[&str]) -> Option<Vec<Json>> {
        let found = self.browser().issue(issue, fields).await;
        let found = found.expect("an answer")?;
        let each = fields.iter();
        Some(
            each.map(|field| found.field(field).unwrap_or_default())
                .collect(),
        )
    }

    /// Somebody edits an item here.
    pub async fn edit_here(&self, item: ItemId, field: FieldKey, value: Value) -> Edited {
        self.wire.advance(jiff::SignedDuration::from_millis(40));
        let edited = self.engine().edit_item(item, field, value).await;
        edited.expect("it fits")
    }

    /// Somebody edits an issue in the browser.
    pub async fn edit_there(&self, issue: &str, field: &str, value: Json) {
        let edit = edit_of(field, value);
        let edited = self.browser().edit_issue(issue, &edit).await;
        edited.expect("it fits");
    }

    /// Somebody will edit an issue in the browser, at the next [`crate::wire::Fault::Overtaken`].
    pub async fn meddle(&self, issue: &str, field: &str, value: Json) {
        let draft = self.client(Arc::new(Draft(self.wire.clone())));
        let edit = edit_of(field, value);
        draft.edit_issue(issue, &edit).await.expect("it is kept");
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

    /// Somebody moves an issue in the browser, by a step that leads to one of the statuses that are wanted; gives which
    /// one, or none if no such step is open.
    pub async fn move_there(
        &self,
        issue: &str,
        mut wanted: impl FnMut(&[String]) -> Option<String>,
    ) -> Option<String> {
        let browser = self.browser();
        let open = browser.transitions(issue).await.expect("steps");
        let leads: Vec<String> = open.iter().map(|step| step.to.id.clone()).collect();
        let to = wanted(&leads)?;
        let step = open.iter().find(|step| step.to.id == to)?;
        let fields = step.required_fields.iter();
        let fields = fields.map(|field| (field.clone(), serde_json::json!({ "id": "10000" })));
        let fields = fields.collect();
        let moved = browser.transition(issue, &step.id, &fields);
        moved.await.expect("it is open");
        Some(to)
    }

    /// What each of the site's statuses stands for here.
    pub async fn statuses(&self) -> BTreeMap<String, OptionId> {
        let id = self.integration;
        let mapping = self.read(move |read| store::mapping::load(read, id));
        let pairs = mapping.await.0.statuses.into_iter();
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

    /// Issues that wait for a person, and the code of why.
    pub async fn parked(&self) -> BTreeMap<String, String> {
        let problems = self.engine().sync_problems(self.integration).await;
        let problems = problems.expect("reads").into_iter();
        let parked = problems.filter(|problem| problem.due.is_parked);
        parked
            .map(|problem| (problem.due.remote_id, problem.problem.code))
            .collect()
    }

    pub async fn close(mut self) {
        self.engine().shutdown().await;
        drop(self.engine.take());
        std::fs::remove_dir_all(&self.directory).expect("it was ours");
    }
}

fn edit_of(field: &str, value: Json) -> Edit {
    let mut edit = Edit::default();
    edit.fields.insert(field.to_owned(), value);
    edit
}
