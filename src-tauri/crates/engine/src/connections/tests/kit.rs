//! A practice site in this process, and an engine beside it.

use crate::connections::ConnectionDraft;
use crate::secrets::{SecretError, SecretStore};
use crate::sites::Transports;
use crate::{Engine, EngineOptions, NetworkTransports, SecretChoice};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use jira::{Clock, FixedJitter, HttpSettings, SettingsError, Transport, TransportError};
use practice_jira::server::{ServeOptions, serve};
use practice_jira::{Credentials, Site};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::connection::AuthKind;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// Moves only when it is told to.
pub(crate) struct StillClock {
    now: watch::Sender<Timestamp>,
}

impl StillClock {
    pub(crate) fn new() -> Arc<Self> {
        let noon = "2026-11-23T12:00:00Z".parse().expect("a moment");
        Arc::new(Self {
            now: watch::Sender::new(noon),
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        self.now.send_modify(|now| *now += by);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        StillClock::now(self)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let duration = SignedDuration::try_from(duration).expect("a short time");
        let until = StillClock::now(self) + duration;
        let mut now = self.now.subscribe();
        async move {
            // Nobody waits for a clock that is gone.
            drop(now.wait_for(|now| *now >= until).await);
        }
        .boxed()
    }
}

/// The network, with a practice site's gateway instead of the real one.
struct ThroughPractice {
    gateway: String,
    refused: Arc<Mutex<Option<String>>>,
    proxies: Arc<Mutex<Vec<Option<String>>>>,
}

/// Refuses one request for the quota.
struct Refusing {
    inner: Arc<dyn Transport>,
    refused: Arc<Mutex<Option<String>>>,
}

impl Transports for ThroughPractice {
    fn open(&self, settings: &HttpSettings) -> Result<Arc<dyn Transport>, SettingsError> {
        self.proxies
            .lock()
            .expect("whole")
            .push(settings.proxy.clone());
        Ok(Arc::new(Refusing {
            inner: NetworkTransports.open(settings)?,
            refused: self.refused.clone(),
        }))
    }

    fn gateway(&self) -> String {
        self.gateway.clone()
    }
}

impl Transport for Refusing {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let mut refused = self.refused.lock().expect("whole");
        if refused
            .take_if(|path| request.uri().path().ends_with(path.as_str()))
            .is_none()
        {
            return self.inner.send(request);
        }
        let answer = Response::builder()
            .status(StatusCode::TOO_MANY_REQUESTS)
            .header("retry-after", "1800")
            .header("ratelimit-reason", "jira-quota-tenant-based")
            .body(Bytes::new())
            .expect("an answer");
        async { Ok(answer) }.boxed()
    }
}

/// A practice site over HTTP, and an engine over a scratch directory.
pub(crate) struct Scene {
    pub(crate) engine: Engine,
    pub(crate) url: String,
    pub(crate) words: Credentials,
    pub(crate) site: Arc<Mutex<Site>>,
    /// The proxy of each way that was opened.
    pub(crate) proxies: Arc<Mutex<Vec<Option<String>>>>,
    pub(crate) directory: tempfile::TempDir,
    refused: Arc<Mutex<Option<String>>>,
}

impl Scene {
    pub(crate) async fn new(site: Site, clock: Arc<dyn Clock>) -> Self {
        let words = site.credentials();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let site = Arc::new(Mutex::new(site));
        let (served, options) = (site.clone(), ServeOptions::default());
        tokio::spawn(serve(listener, served, options, std::future::pending()));
        let directory = tempfile::tempdir().expect("a scratch directory");
        let refused = Arc::new(Mutex::new(None));
        let proxies = Arc::new(Mutex::new(Vec::new()));
        let engine = Engine::open(EngineOptions {
            data_dir: directory.path().to_owned(),
            secrets: SecretChoice::Memory(Arc::default()),
            clock,
            jitter: Arc::new(FixedJitter(0.0)),
            transports: Arc::new(ThroughPractice {
                gateway: format!("{url}/_gateway/ex/jira"),
                refused: refused.clone(),
                proxies: proxies.clone(),
            }),
        })
        .await
        .expect("an engine");
        Self {
            engine,
            url,
            words,
            site,
            proxies,
            directory,
            refused,
        }
    }

    /// The next request for this path meets a quota that is used up for half an hour.
    pub(crate) fn refuse_next(&self, path: &str) {
        *self.refused.lock().expect("whole") = Some(path.to_owned());
    }

    pub(crate) fn draft(&self, token: &str) -> ConnectionDraft {
        ConnectionDraft {
            name: "Acme".to_owned(),
            url: self.url.clone(),
            auth: AuthKind::CloudToken,
            login: self.words.email.clone(),
            secret: SecretString::from(token.to_owned()),
            ca_pem: None,
            proxy: None,
            client_identity_pem: None,
        }
    }
}

/// Secrets in a keyring that asks somebody first, for the names that begin in one way.
pub(crate) struct Asking {
    inner: Arc<dyn SecretStore>,
    prefix: String,
    asked: Semaphore,
    answered: Semaphore,
    reads: AtomicUsize,
}

impl Asking {
    /// Puts itself before the store of an engine.
    pub(crate) async fn before(engine: &Engine, prefix: &str) -> Arc<Self> {
        let mut secrets = engine.inner.secrets.write().await;
        let inner = secrets.store.take().expect("a store");
        let asking = Arc::new(Self {
            inner,
            prefix: prefix.to_owned(),
            asked: Semaphore::new(0),
            answered: Semaphore::new(0),
            reads: AtomicUsize::new(0),
        });
        secrets.store = Some(asking.clone());
        asking
    }

    /// Waits until somebody is asked.
    pub(crate) async fn asks(&self) {
        self.asked.acquire().await.expect("open").forget();
    }

    /// Answers this time and always.
    pub(crate) fn answer(&self) {
        self.answered.add_permits(Semaphore::MAX_PERMITS >> 1);
    }

    /// How often what it guards was read.
    pub(crate) fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }
}

impl SecretStore for Asking {
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        async move {
            if name.starts_with(&self.prefix) {
                self.reads.fetch_add(1, Ordering::SeqCst);
                self.asked.add_permits(1);
                self.answered.acquire().await.expect("open").forget();
            }
            self.inner.get(name).await
        }
        .boxed()
    }

    fn set<'a>(
        &'a self,
        name: &'a str,
        secret: &'a SecretString,
    ) -> BoxFuture<'a, Result<(), SecretError>> {
        self.inner.set(name, secret)
    }

    fn forget<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), SecretError>> {
        self.inner.forget(name)
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), SecretError>> {
        self.inner.probe()
    }
}

/// Secrets in memory that a test can count, and whose keeping it can cut off.
#[derive(Default)]
pub(crate) struct Watched {
    secrets: Mutex<BTreeMap<String, SecretString>>,
    cut: AtomicBool,
    locked: AtomicBool,
}

impl Watched {
    /// Puts itself in place of the store of an engine that has kept nothing yet.
    pub(crate) async fn within(engine: &Engine) -> Arc<Self> {
        let watched = Arc::new(Self::default());
        engine.inner.secrets.write().await.store = Some(watched.clone());
        watched
    }

    /// The process ends, so to speak, as soon as the next secret is kept.
    pub(crate) fn cut_next(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }

    /// Lets nothing be forgotten, or lets it.
    pub(crate) fn lock(&self, locked: bool) {
        self.locked.store(locked, Ordering::SeqCst);
    }

    /// The names of what is kept.
    pub(crate) fn names(&self) -> Vec<String> {
        self.secrets
            .lock()
            .expect("whole")
            .keys()
            .cloned()
            .collect()
    }
}

impl SecretStore for Watched {
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        let found = self.secrets.lock().expect("whole").get(name).cloned();
        async { found.ok_or(SecretError::Missing) }.boxed()
    }

    fn set<'a>(
        &'a self,
        name: &'a str,
        secret: &'a SecretString,
    ) -> BoxFuture<'a, Result<(), SecretError>> {
        let (name, secret) = (name.to_owned(), secret.clone());
        self.secrets.lock().expect("whole").insert(name, secret);
        assert!(!self.cut.swap(false, Ordering::SeqCst), "cut off");
        async { Ok(()) }.boxed()
    }

    fn forget<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), SecretError>> {
        if self.locked.load(Ordering::SeqCst) {
            return async { Err(SecretError::Locked) }.boxed();
        }
        self.secrets.lock().expect("whole").remove(name);
        async { Ok(()) }.boxed()
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), SecretError>> {
        async { Ok(()) }.boxed()
    }
}
