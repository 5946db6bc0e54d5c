//! A scripted site, a clock that only waiting moves, and recorded payloads.

use crate::{
    Client, ClientOptions, Clock, Credentials, FixedJitter, SiteKind, Transport, TransportError,
};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One expected request and its answer.
pub(super) struct Exchange {
    expected: String,
    body_parts: Vec<String>,
    answer: Result<Response<Bytes>, TransportError>,
    used: bool,
}

/// Expects a request like `GET /path?query`: the method, and a part of the address. Answers `200 {}` until
/// told otherwise.
pub(super) fn on(expected: &str) -> Exchange {
    Exchange {
        expected: expected.to_owned(),
        body_parts: Vec::new(),
        answer: Ok(Response::new(Bytes::from_static(b"{}"))),
        used: false,
    }
    .header("content-type", "application/json;charset=UTF-8")
}

impl Exchange {
    /// Also expects this text in the body.
    pub(super) fn with(mut self, part: impl Into<String>) -> Self {
        self.body_parts.push(part.into());
        self
    }

    pub(super) fn json(self, status: u16, body: Value) -> Self {
        self.raw(status, body.to_string())
    }

    pub(super) fn raw(mut self, status: u16, body: impl Into<Bytes>) -> Self {
        if let Ok(answer) = &mut self.answer {
            *answer.status_mut() = http::StatusCode::from_u16(status).expect("a status");
            *answer.body_mut() = body.into();
        }
        self
    }

    pub(super) fn html(self, status: u16) -> Self {
        self.raw(status, "<!DOCTYPE html><html><body>Log in</body></html>")
            .header("content-type", "text/html;charset=UTF-8")
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        if let Ok(answer) = &mut self.answer {
            let name = http::HeaderName::from_bytes(name.as_bytes()).expect("a name");
            let value = value.parse().expect("a value");
            answer.headers_mut().insert(name, value);
        }
        self
    }

    /// The same, unused.
    pub(super) fn again(&self) -> Self {
        Self {
            expected: self.expected.clone(),
            body_parts: self.body_parts.clone(),
            answer: self.answer.clone(),
            used: false,
        }
    }

    /// The answer names the account, as Cloud's do.
    pub(super) fn named(self) -> Self {
        self.header("x-aaccountid", "acc-1")
    }

    pub(super) fn fails(mut self, error: TransportError) -> Self {
        self.answer = Err(error);
        self
    }

    /// Answers with a recorded `.http` file.
    pub(super) fn recorded(mut self, name: &str) -> Self {
        let text = String::from_utf8(fixture(name)).expect("text");
        let text = text.replace("\r\n", "\n");
        let (head, body) = text.split_once("\n\n").expect("a head");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let status = status.and_then(|status| status.parse().ok());
        self.answer = Ok(Response::new(Bytes::new()));
        let start = self.raw(status.expect("a status"), body.trim().to_owned());
        lines.fold(start, |exchange, line| {
            let (name, value) = line.split_once(':').expect("a header");
            exchange.header(name.trim(), value.trim())
        })
    }

    fn fits(&self, asked: &str, body: &str) -> bool {
        let (method, part) = self.expected.split_once(' ').expect("a method");
        asked.starts_with(method)
            && asked.contains(part)
            && self.body_parts.iter().all(|part| body.contains(part))
    }
}

/// A site that answers by script: each request takes the first unused exchange that fits.
pub(super) struct Script {
    exchanges: Mutex<Vec<Exchange>>,
    seen: Mutex<Vec<Request<Bytes>>>,
}

impl Script {
    pub(super) fn new(exchanges: impl IntoIterator<Item = Exchange>) -> Arc<Self> {
        Arc::new(Self {
            exchanges: Mutex::new(exchanges.into_iter().collect()),
            seen: Mutex::default(),
        })
    }

    pub(super) fn seen(&self) -> Vec<Request<Bytes>> {
        self.seen.lock().expect("whole").clone()
    }

    /// `METHOD address`, in the order of arrival.
    pub(super) fn asked(&self) -> Vec<String> {
        self.seen().iter().map(line).collect()
    }

    /// Fails when something expected did not happen.
    pub(super) fn finish(&self) {
        let exchanges = self.exchanges.lock().expect("whole");
        let left: Vec<_> = (exchanges.iter())
            .filter(|exchange| !exchange.used)
            .map(|exchange| &exchange.expected)
            .collect();
        assert!(
            left.is_empty(),
            "never asked: {left:?}\nasked: {:#?}",
            self.asked()
        );
    }
}

fn line(request: &Request<Bytes>) -> String {
    format!("{} {}", request.method(), request.uri())
}

impl Transport for Script {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let asked = line(&request);
        let body = String::from_utf8_lossy(request.body()).into_owned();
        self.seen.lock().expect("whole").push(request);
        let mut exchanges = self.exchanges.lock().expect("whole");
        let exchange = exchanges
            .iter_mut()
            .find(|exchange| !exchange.used && exchange.fits(&asked, &body));
        let exchange = exchange.unwrap_or_else(|| panic!("unexpected: {asked}\n{body}"));
        exchange.used = true;
        let answer = exchange.answer.clone();
        async move { answer }.boxed()
    }
}

/// Stands still, except that waiting moves it on at once.
pub(super) struct ManualClock {
    now: Mutex<Timestamp>,
    slept: Mutex<Duration>,
}

impl ManualClock {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            now: Mutex::new("2026-11-23T10:00:00Z".parse().expect("a moment")),
            slept: Mutex::default(),
        })
    }

    pub(super) fn slept(&self) -> Duration {
        *self.slept.lock().expect("whole")
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.lock().expect("whole")
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut now = self.now.lock().expect("whole");
        *now = now.saturating_add(duration).expect("in range");
        *self.slept.lock().expect("whole") += duration;
        async {}.boxed()
    }
}

pub(super) fn token() -> Credentials {
    Credentials::CloudToken {
        email: "a@b.c".to_owned(),
        token: "hunter2".into(),
    }
}

pub(super) fn password() -> Credentials {
    Credentials::Password {
        user: "ann".to_owned(),
        password: "hunter2".into(),
    }
}

pub(super) fn pat() -> Credentials {
    Credentials::PersonalAccessToken("hunter2".into())
}

pub(super) const CLOUD: &str = "https://acme.atlassian.net";
pub(super) const DATA_CENTER: &str = "https://jira.example/jira";

pub(super) fn options(
    kind: SiteKind,
    transport: Arc<dyn Transport>,
    credentials: Credentials,
) -> (ClientOptions, Arc<ManualClock>) {
    let clock = ManualClock::new();
    let base = match kind {
        SiteKind::Cloud => CLOUD,
        SiteKind::DataCenter => DATA_CENTER,
    };
    let options = ClientOptions {
        transport,
        clock: clock.clone(),
        jitter: Arc::new(FixedJitter(0.0)),
        kind,
        base: base.to_owned(),
        credentials: Some(credentials),
        tries: 4,
    };
    (options, clock)
}

/// `GET /myself` and its good answer.
pub(super) fn myself(kind: SiteKind) -> Exchange {
    match kind {
        SiteKind::Cloud => on("GET /rest/api/3/myself")
            .json(
                200,
                json!({ "accountId": "acc-1", "displayName": "Ann", "timeZone": "Europe/Berlin" }),
            )
            .named(),
        SiteKind::DataCenter => on("GET /rest/api/2/myself").json(
            200,
            json!({ "key": "JIRAUSER1", "name": "ann", "displayName": "Ann", "timeZone": "UTC" }),
        ),
    }
}

/// A client that has signed in, with the rest of its script and its clock.
pub(super) async fn timed(
    kind: SiteKind,
    script: impl IntoIterator<Item = Exchange>,
) -> (Client, Arc<Script>, Arc<ManualClock>) {
    let transport = Script::new([myself(kind)].into_iter().chain(script));
    let credentials = match kind {
        SiteKind::Cloud => token(),
        SiteKind::DataCenter => pat(),
    };
    let (options, clock) = options(kind, transport.clone(), credentials);
    let client = Client::new(options);
    client.myself().await.expect("signed in");
    (client, transport, clock)
}

/// As [`timed`], where time does not matter.
pub(super) async fn signed_in(
    kind: SiteKind,
    script: impl IntoIterator<Item = Exchange>,
) -> (Client, Arc<Script>) {
    let (client, transport, _) = timed(kind, script).await;
    (client, transport)
}

pub(super) fn fixture(name: &str) -> Vec<u8> {
    let path = fixtures().join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(super) fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/jira")
}
