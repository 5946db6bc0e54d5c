//! A practice site without a network, whose exchanges are kept.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use jira::{
    Client, ClientOptions, Clock, Credentials, FixedJitter, SiteKind, Transport, TransportError,
};
use practice_jira::{Exchange, Face, Site, SiteConfig};
use secrecy::SecretString;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The site, and the way to it.
#[derive(Clone)]
pub struct Practice {
    site: Arc<Mutex<Site>>,
    now: Arc<Mutex<Timestamp>>,
}

/// Where the site believes itself to be.
pub const ADDRESS: &str = "http://jira.example";

impl Practice {
    /// A new site, recorded from its first exchange on.
    pub fn new(config: SiteConfig) -> Self {
        let mut site = Site::new(config);
        site.record();
        Self {
            site: Arc::new(Mutex::new(site)),
            now: Arc::new(Mutex::new(Timestamp::constant(1_793_491_200, 0))),
        }
    }

    /// The site itself.
    pub fn site(&self) -> MutexGuard<'_, Site> {
        self.site.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its face.
    pub fn face(&self) -> Face {
        self.site().config().face
    }

    /// Where the platform's resources begin.
    pub fn api(&self) -> &'static str {
        match self.face() {
            Face::Cloud => "/rest/api/3",
            Face::DataCenter => "/rest/api/2",
        }
    }

    /// What was said so far; nothing is kept from then on.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.site().take_recording()
    }

    /// The client that Lockstep uses, signed in as the administrator.
    pub fn client(&self) -> Client {
        let known = self.site().credentials();
        let secret = SecretString::from;
        let (kind, credentials) = match self.face() {
            Face::Cloud => (
                SiteKind::Cloud,
                Credentials::CloudToken {
                    email: known.email,
                    token: secret(known.api_token),
                },
            ),
            Face::DataCenter => (
                SiteKind::DataCenter,
                Credentials::PersonalAccessToken(secret(known.pat)),
            ),
        };
        self.client_with(kind, Some(credentials))
    }

    /// The client with other credentials, or none.
    pub fn client_with(&self, kind: SiteKind, credentials: Option<Credentials>) -> Client {
        Client::new(ClientOptions {
            transport: Arc::new(self.clone()),
            clock: Arc::new(self.clone()),
            jitter: Arc::new(FixedJitter(0.5)),
            kind,
            base: ADDRESS.to_owned(),
            credentials,
            tries: 2,
        })
    }

    /// Asks the site as its administrator, past the client; gives the status and the JSON, if it is any.
    pub fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let known = self.site().credentials();
        let authorization = match self.face() {
            Face::Cloud => format!(
                "Basic {}",
                STANDARD.encode(format!("{}:{}", known.email, known.api_token))
            ),
            Face::DataCenter => format!("Bearer {}", known.pat),
        };
        let bytes = if body.is_null() {
            Bytes::new()
        } else {
            Bytes::from(body.to_string())
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("Host", ADDRESS.trim_start_matches("http://"))
            .header("Content-Type", "application/json")
            .header("Authorization", authorization)
            .body(bytes)
            .expect("a plain request");
        let response = self.answer(request);
        let json = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
        (response.status().as_u16(), json)
    }

    fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let now = self.now();
        self.site().handle(request, now).response
    }
}

impl Transport for Practice {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let response = self.answer(request);
        async move { Ok(response) }.boxed()
    }
}

/// Stands still, except that waiting moves it on at once.
impl Clock for Practice {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = SignedDuration::try_from(duration).unwrap_or(SignedDuration::ZERO);
        *now = now.checked_add(passed).unwrap_or(*now);
        async {}.boxed()
    }
}
