//! What the system tests share: a practice site of their own, and the way from a connection to an import.

use api::dto::{
    AuthKind, ConnectionForm, Event, FieldPair, FieldPairsArgs, IntegrationArgs, IntegrationForm,
    ItemDetail, ItemsArgs, Run, RunArgs, RunState, SaveScopeArgs, SchemaArgs, TypePairsArgs,
};
use api::{ApiError, App, Options, SecretChoice};
use bytes::Bytes;
use jiff::Timestamp;
use practice_jira::server::{ServeOptions, serve};
use practice_jira::{Face, Site, SiteConfig};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A practice site behind HTTP, which the test can look into and change. It is served by a thread of its own, so
/// that a test that holds the site makes it stand still without standing still itself.
pub struct Served {
    site: Arc<Mutex<Site>>,
    /// Where it is.
    pub url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Served {
    /// Serves a new site on this machine.
    #[must_use]
    pub fn start(config: SiteConfig) -> Self {
        let site = Arc::new(Mutex::new(Site::new(config)));
        let (stop, stopped) = oneshot::channel::<()>();
        let (told, port) = std::sync::mpsc::channel();
        let shared = site.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let port = listener.local_addr().expect("an address").port();
                told.send(port).expect("somebody waits for the port");
                let until = async {
                    if stopped.await.is_err() {
                        // Whoever held the site is gone, which ends it too.
                    }
                };
                tokio::select! {
                    served = serve(listener, shared, ServeOptions::default(), std::future::pending()) => served.expect("the site serves"),
                    () = until => {}
                }
            });
        });
        let port = port.recv().expect("the site listens");
        Self {
            site,
            url: format!("http://127.0.0.1:{port}"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The site itself. While this is held, it answers nobody.
    pub fn site(&self) -> MutexGuard<'_, Site> {
        self.site.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection to it as its administrator.
    #[must_use]
    pub fn form(&self) -> ConnectionForm {
        let site = self.site();
        let known = site.credentials();
        let (auth, login, secret) = match site.config().face {
            Face::Cloud => (AuthKind::CloudToken, known.email, known.api_token),
            Face::DataCenter => (AuthKind::Pat, String::new(), known.pat),
        };
        ConnectionForm {
            name: "Practice".to_owned(),
            url: self.url.clone(),
            auth,
            login,
            secret,
            ca_pem: None,
            proxy: None,
            client_identity_pem: None,
        }
    }

    /// The project that holds most issues.
    #[must_use]
    pub fn project(&self) -> String {
        let site = self.site();
        site.project_keys()
            .into_iter()
            .max_by_key(|key| site.issue_count(Some(key)))
            .expect("a site has a project with issues")
    }

    /// A moment after the last that the site's past knows; what is asked here does not depend on it.
    fn moment(&self) -> Timestamp {
        Timestamp::from_second(1_793_491_200).expect("a moment of November 2026")
    }

    /// Asks the site itself, past the network, as its administrator.
    pub fn ask(&self, path: &str) -> Value {
        let mut site = self.site();
        let known = site.credentials();
        let authorization = match site.config().face {
            Face::Cloud => basic(&known.email, &known.api_token),
            Face::DataCenter => format!("Bearer {}", known.pat),
        };
        let request = http::Request::get(path)
            .header("Host", self.url.trim_start_matches("http://"))
            .header("Accept", "application/json")
            .header("Authorization", authorization)
            .body(Bytes::new())
            .expect("a plain request");
        let response = site.handle(request, self.moment()).response;
        assert_eq!(response.status(), 200, "{path}: {:?}", response.body());
        serde_json::from_slice(response.body()).expect("the site answers JSON")
    }

    /// Every issue of a project with all its fields, as the site tells it.
    pub fn issues(&self, project: &str) -> Vec<Value> {
        let face = self.site().config().face;
        let jql = format!("project%3D{project}%20ORDER%20BY%20id");
        let (mut issues, mut token) = (Vec::new(), String::new());
        loop {
            let path = match face {
                Face::Cloud => {
                    format!("/rest/api/3/search/jql?jql={jql}&fields=*all&maxResults=100{token}")
                }
                Face::DataCenter => format!(
                    "/rest/api/2/search?jql={jql}&fields=*all&maxResults=100&startAt={}",
                    issues.len()
                ),
            };
            let page = self.ask(&path);
            let found = page["issues"].as_array().cloned().unwrap_or_default();
            let empty = found.is_empty();
            issues.extend(found);
            match page["nextPageToken"].as_str() {
                Some(next) => token = format!("&nextPageToken={next}"),
                None if face == Face::Cloud || empty => return issues,
                None => {}
            }
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            assert!(
                thread.join().is_ok() || std::thread::panicking(),
                "the site panicked"
            );
        }
    }
}

fn basic(user: &str, secret: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let text = format!("{user}:{secret}");
    let mut out = String::from("Basic ");
    for chunk in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| {
            bits << 8 | u32::from(chunk.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}

/// Opens a workspace with secrets in memory.
///
/// # Errors
/// What opening meets.
pub async fn open(directory: &Path) -> Result<App, ApiError> {
    App::open(Options {
        data_dir: directory.to_owned(),
        secrets: SecretChoice::Memory,
    })
    .await
}

/// Connects to a site and adds its main project; gives the integration.
pub async fn connected(app: &App, served: &Served) -> i64 {
    let connection = app
        .connection_create(served.form())
        .await
        .expect("the site accepts its own credentials");
    let project = served.project();
    let form = IntegrationForm {
        connection_id: connection.id,
        project_key: project.clone(),
        board_id: None,
        name: project,
    };
    app.integration_create(form)
        .await
        .expect("the project can be added")
        .id
}

/// Saves the mapping that is proposed, and a scope of everything; gives the pairs of fields.
pub async fn mapped(app: &App, integration_id: i64) -> Vec<FieldPair> {
    let asked = SchemaArgs {
        integration_id,
        refresh: true,
    };
    let hierarchy = app.hierarchy(asked.clone()).await.expect("a hierarchy");
    let pairs = hierarchy.pairs;
    app.hierarchy_save(TypePairsArgs {
        integration_id,
        pairs,
    })
    .await
    .expect("the proposal can be saved");
    let mapping = app.field_mapping(asked).await.expect("fields");
    let mut pairs = mapping.pairs;
    pairs.extend(
        mapping
            .suggestions
            .into_iter()
            .map(|suggestion| suggestion.pair),
    );
    let args = FieldPairsArgs {
        integration_id,
        pairs: pairs.clone(),
    };
    app.field_mapping_save(args)
        .await
        .expect("the suggestions can be saved");
    app.scope_save(everything(integration_id))
        .await
        .expect("a scope");
    pairs
}

/// A scope of every issue.
#[must_use]
pub fn everything(integration_id: i64) -> SaveScopeArgs {
    SaveScopeArgs {
        integration_id,
        jql: String::new(),
        include_closed: true,
        area_id: None,
    }
}

/// Waits, by events, until a run stands still.
pub async fn still(app: &App, run_id: i64) -> Run {
    until(app, run_id, |run| {
        !matches!(
            run.state,
            RunState::Listing | RunState::Reading | RunState::Applying | RunState::Undoing
        )
    })
    .await
}

/// Waits, by events, until a run is as wanted.
pub async fn until(app: &App, run_id: i64, wanted: impl Fn(&Run) -> bool) -> Run {
    let mut events = app.events();
    loop {
        let run = app.run(RunArgs { run_id }).await.expect("the run");
        if wanted(&run) {
            return run;
        }
        loop {
            match events.recv().await {
                Ok(Event::Run { run }) if run.id == run_id => break,
                Ok(Event::Missed) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {
                    break;
                }
                Ok(_) => {}
                Err(error) => panic!("no more events: {error}"),
            }
        }
    }
}

/// Plans an import and waits for the plan.
pub async fn planned(app: &App, integration_id: i64) -> Run {
    let run = app
        .import_plan(IntegrationArgs { integration_id })
        .await
        .expect("a plan begins");
    still(app, run.id).await
}

/// Plans and imports.
pub async fn imported(app: &App, integration_id: i64) -> Run {
    let run = planned(app, integration_id).await;
    assert_eq!(run.state, RunState::Planned, "{run:?}");
    app.import_apply(RunArgs { run_id: run.id })
        .await
        .expect("the plan applies");
    still(app, run.id).await
}

/// Every item of an integration.
pub async fn items(app: &App, integration_id: i64) -> Vec<ItemDetail> {
    let (mut items, mut after) = (Vec::new(), 0);
    loop {
        let args = ItemsArgs {
            integration_id: Some(integration_id),
            after,
            limit: 500,
        };
        let page = app.items(args).await.expect("items");
        items.extend(page.items);
        match page.next {
            Some(next) => after = next,
            None => return items,
        }
    }
}

/// What an item's field holds, as plain as it can be: null, a word, a number, or sorted words.
#[must_use]
pub fn plain(item: &ItemDetail, key: &str) -> Value {
    let held = item.fields.iter().find(|field| field.key == key);
    let value = serde_json::to_value(held.map(|field| &field.value)).expect("a value");
    let words = |list: &Value, name: Option<&str>| {
        let mut words: Vec<String> = list
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|word| name.map_or(word, |name| &word[name]).as_str())
            .map(str::to_owned)
            .collect();
        words.sort();
        json!(words)
    };
    match value["type"].as_str() {
        Some("text") => value["text"].clone(),
        Some("number") => value["number"].clone(),
        Some("date") => value["date"].clone(),
        Some("options") => words(&value["options"], Some("name")),
        Some("people") => words(&value["names"], None),
        Some("labels") => words(&value["labels"], None),
        _ => Value::Null,
    }
}
