//! A practice site behind HTTP, with a gate in front: a test can let it stand still at an exact request, take it
//! off the network, and look into it past the network.

use api::dto::{AuthKind, ConnectionForm};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request, Response, StatusCode};
use bytes::Bytes;
use jiff::Timestamp;
use practice_jira::{Face, Site, SiteConfig};
use serde_json::Value;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// The largest request body that is read, in bytes.
const BODY_MAX: usize = 16 << 20;
/// How long a server may take to end before a test says that it hangs.
const END_MAX: Duration = Duration::from_secs(10);

/// Where the gate stands.
#[derive(Debug, Clone, Copy, Default)]
struct Gate {
    /// Requests that have come since the start.
    asked: u64,
    /// Requests from this one on wait, counted from 1 since the start.
    shut_from: Option<u64>,
    /// Requests that wait.
    waiting: u64,
}

#[derive(Clone)]
struct Shared {
    site: Arc<Mutex<Site>>,
    gate: watch::Sender<Gate>,
    /// Answers every request in the site's place, where the address is to be something else than a Jira.
    instead: Arc<Mutex<Option<String>>>,
}

/// A practice site behind HTTP, which the test can look into and change. It is served by threads of its own, so
/// that a test that holds the site makes it stand still without standing still itself.
pub struct Served {
    shared: Shared,
    address: SocketAddr,
    /// Where it is.
    pub url: String,
    server: Option<Runtime>,
}

impl Served {
    /// Serves a new site on this machine.
    #[must_use]
    pub fn start(config: SiteConfig) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Shared {
            site: Arc::new(Mutex::new(Site::new(config))),
            gate: watch::Sender::default(),
            instead: Arc::default(),
        };
        Self {
            server: Some(listen(listener, shared.clone())),
            shared,
            address,
            url: format!("http://{address}"),
        }
    }

    /// Takes it off the network: connections break, new ones are refused.
    pub fn go_away(&mut self) {
        end(self.server.take());
    }

    /// Puts it back on the network, at the address where it was.
    pub fn come_back(&mut self) {
        self.go_away();
        let listener = TcpListener::bind(self.address).expect("the port is still free");
        self.server = Some(listen(listener, self.shared.clone()));
    }

    /// Answers everything with a page of HTML from now on, as if the address were some other web site.
    pub fn become_a_web_page(&self, html: &str) {
        *self
            .shared
            .instead
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(html.to_owned());
    }

    /// Deletes an issue with its sub-tasks, as somebody would in the browser.
    pub fn delete(&self, key: &str) {
        let deleted = self.site().delete_issue(key, now());
        assert!(deleted.is_some(), "{key} is there");
    }

    /// Requests that have come since the start.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.shared.gate.borrow().asked
    }

    /// Answers `count` more requests; what comes after them waits until [`Served::release`].
    pub fn hold_after(&self, count: u64) {
        self.shared.gate.send_modify(|gate| {
            gate.shut_from = Some(gate.asked + count + 1);
            gate.waiting = 0;
        });
    }

    /// Answers what waits, and all that comes.
    pub fn release(&self) {
        self.shared.gate.send_modify(|gate| {
            gate.shut_from = None;
            gate.waiting = 0;
        });
    }

    /// Resolves when a request waits at the gate.
    pub async fn held(&self) {
        let mut gate = self.shared.gate.subscribe();
        gate.wait_for(|gate| gate.waiting > 0)
            .await
            .expect("the gate lives as long as the site");
    }

    /// The site itself. While this is held, it answers nobody.
    pub fn site(&self) -> MutexGuard<'_, Site> {
        self.shared
            .site
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Which product it plays.
    #[must_use]
    pub fn face(&self) -> Face {
        self.site().config().face
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
        let (status, body) = self.ask_for(path);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Changes something at the site itself, past the network, as its administrator would in a browser: at the
    /// machine's moment, as whatever comes over the network.
    pub fn tell(&self, method: &str, path: &str, body: &Value) {
        let (status, answer) = self.send(method, path, body.to_string(), now());
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
    }

    /// Lets the search forget what it was behind with and no longer is.
    pub fn catch_up(&self) {
        let path = match self.face() {
            Face::Cloud => "/rest/api/3/search/jql?jql=created%20is%20not%20EMPTY&maxResults=1",
            Face::DataCenter => "/rest/api/2/search?jql=created%20is%20not%20EMPTY&maxResults=1",
        };
        let (status, body) = self.send("GET", path, String::new(), now());
        assert_eq!(status, 200, "{path}: {body}");
    }

    /// Asks the site itself, past the network, as its administrator; gives the status too.
    pub fn ask_for(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, String::new(), self.moment())
    }

    fn send(&self, method: &str, path: &str, body: String, moment: Timestamp) -> (u16, Value) {
        let mut site = self.site();
        let known = site.credentials();
        let authorization = match site.config().face {
            Face::Cloud => basic(&known.email, &known.api_token),
            Face::DataCenter => format!("Bearer {}", known.pat),
        };
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("Host", self.url.trim_start_matches("http://"))
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .header("Authorization", authorization)
            .body(Bytes::from(body))
            .expect("a plain request");
        let response = site.handle(request, moment).response;
        let body = serde_json::from_slice(response.body()).unwrap_or_default();
        (response.status().as_u16(), body)
    }

    /// Every issue of a project with all its fields, as the site tells it.
    pub fn issues(&self, project: &str) -> Vec<Value> {
        let face = self.face();
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
        end(self.server.take());
    }
}

fn listen(listener: TcpListener, shared: Shared) -> Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    listener
        .set_nonblocking(true)
        .expect("a listener can be waited for");
    let app = Router::new().fallback(answer).with_state(shared);
    runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        axum::serve(listener, app).await.expect("the site serves");
    });
    runtime
}

/// Ends a server and every connection with it. On a thread of its own: a runtime cannot be waited for from
/// within another.
fn end(server: Option<Runtime>) {
    if let Some(runtime) = server {
        std::thread::scope(|scope| {
            scope.spawn(move || runtime.shutdown_timeout(END_MAX));
        });
    }
}

async fn answer(State(shared): State<Shared>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        let mut refusal = Response::new(Body::empty());
        *refusal.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return refusal;
    };
    pass(&shared.gate).await;
    let instead = shared
        .instead
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    if let Some(html) = instead {
        return Response::builder()
            .header("Content-Type", "text/html; charset=utf-8")
            .body(Body::from(html))
            .expect("a plain answer");
    }
    let mut site = shared.site.lock().unwrap_or_else(PoisonError::into_inner);
    let answer = site.handle(Request::from_parts(head, body), now());
    answer.response.map(Body::from)
}

/// Lets a request through, as soon as the gate does.
async fn pass(gate: &watch::Sender<Gate>) {
    let mut turn = 0;
    gate.send_modify(|gate| {
        gate.asked += 1;
        turn = gate.asked;
        if gate.shut_from.is_some_and(|from| turn >= from) {
            gate.waiting += 1;
        }
    });
    let mut open = gate.subscribe();
    open.wait_for(|gate| gate.shut_from.is_none_or(|from| turn < from))
        .await
        .expect("the gate lives as long as the site");
}

/// The site's moment is the machine's: whoever connects goes by it too.
#[expect(
    clippy::disallowed_methods,
    reason = "the server is the outside from which a site has its time"
)]
fn now() -> Timestamp {
    Timestamp::now()
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
