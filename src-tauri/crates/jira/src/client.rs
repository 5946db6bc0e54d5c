//! The client: one site, one identity, one limiter. Sends requests and reads what comes back as one of a
//! few outcomes.

use crate::clock::{Clock, Jitter};
use crate::credentials::Credentials;
use crate::error::{AuthReason, Error, LimitReason};
use crate::limiter::{Limiter, LimiterState};
use crate::site::{SiteKind, host_of};
use crate::transport::Transport;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// Requests under way at once, at most. Jira's burst limits allow more; other people use the site too.
pub const CONCURRENCY_MAX: u32 = 16;

/// What a client is made from.
pub struct ClientOptions {
    /// The way to the site.
    pub transport: Arc<dyn Transport>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for spreading retries.
    pub jitter: Arc<dyn Jitter>,
    /// Kind of Jira.
    pub kind: SiteKind,
    /// Where requests go: the site's address, or the gateway's for it.
    pub base: String,
    /// Who we are; none asks as anybody.
    pub credentials: Option<Credentials>,
    /// How often a read is tried when Jira or the network fails for a moment; at least 1.
    pub tries: u32,
}

/// A client. Cloning gives another handle to the same one.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    options: ClientOptions,
    limiter: Limiter,
    stopped: Mutex<Option<AuthReason>>,
    verified: AtomicBool,
}

/// An answer in good order.
pub(crate) struct Answer {
    pub(crate) body: Bytes,
    /// Whether Jira showed that it knows who asked. Data Center never shows it.
    pub(crate) identified: bool,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.inner.options.base)
            .field("kind", &self.inner.options.kind)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client; sends nothing yet.
    #[must_use]
    pub fn new(options: ClientOptions) -> Self {
        let limiter = Limiter::new(options.clock.clone(), CONCURRENCY_MAX);
        Self {
            inner: Arc::new(Inner {
                options,
                limiter,
                stopped: Mutex::new(None),
                verified: AtomicBool::new(false),
            }),
        }
    }

    /// Kind of Jira.
    #[must_use]
    pub fn kind(&self) -> SiteKind {
        self.inner.options.kind
    }

    /// Whether it is Jira Cloud.
    #[must_use]
    pub fn is_cloud(&self) -> bool {
        self.kind() == SiteKind::Cloud
    }

    /// What the limiter is doing.
    #[must_use]
    pub fn limiter_state(&self) -> LimiterState {
        self.inner.limiter.state()
    }

    /// `/rest/api/3` on Cloud, `/rest/api/2` on Data Center.
    pub(crate) fn api(&self, path: &str) -> String {
        match self.kind() {
            SiteKind::Cloud => format!("/rest/api/3{path}"),
            SiteKind::DataCenter => format!("/rest/api/2{path}"),
        }
    }

    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Error> {
        let answer = self.request(Method::GET, path, query, None).await?;
        read(path, &answer.body)
    }

    /// A read whose arguments are too long for an address. Tried again like any read.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<(T, bool), Error> {
        let body = serde_json::to_vec(body).map_err(|error| Error::Shape {
            endpoint: path.to_owned(),
            what: error.to_string(),
        })?;
        let answer = self
            .request(Method::POST, path, &[], Some(body.into()))
            .await?;
        Ok((read(path, &answer.body)?, answer.identified))
    }

    /// As [`Client::get`]; an endpoint or a thing that is not there is none.
    pub(crate) async fn get_optional<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Option<T>, Error> {
        match self.get(path, query).await {
            Ok(value) => Ok(Some(value)),
            Err(
                Error::Gone
                | Error::Unsupported { .. }
                | Error::NotJira
                | Error::Permission { .. }
                | Error::Rejected { .. }
                | Error::Shape { .. },
            ) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Marks the identity as proven, so that a later refusal counts as expiry.
    pub(crate) fn set_verified(&self) {
        self.inner.verified.store(true, Ordering::Relaxed);
    }

    async fn request(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Bytes>,
    ) -> Result<Answer, Error> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let outcome = self.once(&method, path, query, body.clone()).await;
            let Err(error) = outcome else { return outcome };
            if let Error::Limited {
                reason,
                retry_after,
            } = &error
            {
                self.inner
                    .limiter
                    .limited(*reason, self.spread(*retry_after));
            }
            if attempt >= self.inner.options.tries || !error.is_worth_a_retry() {
                return Err(error);
            }
            let wait = match &error {
                // The limiter holds everybody back for as long as Jira asked.
                Error::Limited { .. } => continue,
                Error::Unavailable {
                    retry_after: Some(wait),
                    ..
                } => *wait,
                _ => Duration::from_secs(1 << attempt.min(4)),
            };
            self.inner.options.clock.sleep(self.spread(wait)).await;
        }
    }

    /// Between 1 and 1.3 times as long, so that many waiters do not all come back at once.
    fn spread(&self, wait: Duration) -> Duration {
        wait.mul_f64(1.0 + 0.3 * self.inner.options.jitter.unit())
    }

    async fn once(
        &self,
        method: &Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Bytes>,
    ) -> Result<Answer, Error> {
        let permit = self.inner.limiter.acquire().await;
        if self
            .inner
            .stopped
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
        {
            return Err(Error::Auth(AuthReason::Stopped));
        }
        let mut url = self.url(path, query)?;
        for _ in 0..3 {
            let request = self.build(method, &url, body.clone())?;
            let sent = self.inner.options.transport.send(request).await;
            let response = sent.map_err(|error| Error::Network {
                host: host_of(url.as_str()),
                error,
            })?;
            if let Some(next) = redirect(&url, &response, method)? {
                url = next;
                continue;
            }
            let outcome = self.classify(path, response);
            if outcome.is_ok() {
                self.inner.limiter.answered();
            }
            drop(permit);
            return outcome;
        }
        Err(Error::Redirect { to: origin(&url) })
    }

    fn url(&self, path: &str, query: &[(&str, &str)]) -> Result<Url, Error> {
        let text = format!("{}{path}", self.inner.options.base);
        let mut url = Url::parse(&text).map_err(|_| Error::Address)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    fn build(
        &self,
        method: &Method,
        url: &Url,
        body: Option<Bytes>,
    ) -> Result<http::Request<Bytes>, Error> {
        let mut request = http::Request::builder()
            .method(method.clone())
            .uri(url.as_str())
            .header(header::ACCEPT, "application/json")
            // Without it Jira takes some programs for browsers and asks for a form token.
            .header("X-Atlassian-Token", "no-check");
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        if let Some(credentials) = &self.inner.options.credentials {
            let value = credentials.authorization();
            if let Ok(mut value) = http::HeaderValue::from_str(value.expose_secret()) {
                value.set_sensitive(true);
                request = request.header(header::AUTHORIZATION, value);
            }
        }
        request
            .body(body.unwrap_or_default())
            .map_err(|error| Error::Shape {
                endpoint: url.path().to_owned(),
                what: error.to_string(),
            })
    }

    fn classify(&self, path: &str, response: http::Response<Bytes>) -> Result<Answer, Error> {
        let status = response.status();
        if let Some(reason) = self.refused_identity(&response) {
            *self
                .inner
                .stopped
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some(reason.clone());
            return Err(Error::Auth(reason));
        }
        let (parts, body) = response.into_parts();
        let json = is_json(&parts.headers);
        match status {
            _ if status.is_success() => {
                if !body.is_empty() && !json {
                    return Err(Error::NotJira);
                }
                let identified = parts.headers.contains_key("x-aaccountid");
                Ok(Answer { body, identified })
            }
            StatusCode::FORBIDDEN => Err(Error::Permission {
                messages: messages(&body),
            }),
            StatusCode::NOT_FOUND if json => Err(Error::Gone),
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE => {
                Err(Error::Unsupported {
                    endpoint: path.to_owned(),
                })
            }
            StatusCode::CONFLICT => Err(Error::Conflict),
            StatusCode::TOO_MANY_REQUESTS => Err(self.limited(&parts.headers)),
            _ if status.is_server_error() => Err(Error::Unavailable {
                status: status.as_u16(),
                retry_after: retry_after(&parts.headers, self.inner.options.clock.now()),
            }),
            _ if !json => Err(Error::NotJira),
            _ => Err(Error::Rejected {
                messages: messages(&body),
            }),
        }
    }

    /// Says why, if the answer refuses our identity. A 401 is never tried again: after a few of them Jira
    /// locks the account.
    fn refused_identity(&self, response: &http::Response<Bytes>) -> Option<AuthReason> {
        let status = response.status();
        let headers = response.headers();
        if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return None;
        }
        if let Some(denied) = text(headers, "x-authentication-denied-reason") {
            let login_url = denied
                .split_once("login-url=")
                .map(|(_, url)| url.trim().to_owned());
            return Some(AuthReason::Captcha { login_url });
        }
        if text(headers, "x-seraph-loginreason")
            .is_some_and(|reason| reason.contains("AUTHENTICATION_DENIED"))
        {
            return Some(AuthReason::Captcha { login_url: None });
        }
        let credentials = self.inner.options.credentials.as_ref()?;
        if status == StatusCode::FORBIDDEN {
            // The refusal to take passwords has a shape of its own: a lone message instead of Jira's
            // error envelope.
            let lone = serde_json::from_slice::<Value>(response.body()).is_ok_and(|body| {
                body.get("message").is_some() && body.get("errorMessages").is_none()
            });
            let unproven = !self.inner.verified.load(Ordering::Relaxed);
            return (credentials.is_password() && lone && unproven)
                .then_some(AuthReason::BasicDisabled);
        }
        Some(if self.inner.verified.load(Ordering::Relaxed) {
            AuthReason::ExpiredOrRevoked
        } else {
            AuthReason::Wrong
        })
    }

    fn limited(&self, headers: &HeaderMap) -> Error {
        let reason = match text(headers, "ratelimit-reason") {
            Some("jira-burst-based") => LimitReason::Burst,
            Some("jira-per-issue-on-write") => LimitReason::PerIssue,
            Some("jira-quota-global-based" | "jira-quota-tenant-based") => LimitReason::Quota,
            _ => LimitReason::Unknown,
        };
        let now = self.inner.options.clock.now();
        let retry_after = retry_after(headers, now).unwrap_or(Duration::from_secs(2));
        Error::Limited {
            reason,
            retry_after: retry_after.max(Duration::from_millis(200)),
        }
    }
}

/// Where to go instead, if the answer says so and it is the same host.
fn redirect(
    from: &Url,
    response: &http::Response<Bytes>,
    method: &Method,
) -> Result<Option<Url>, Error> {
    if !response.status().is_redirection() {
        return Ok(None);
    }
    let Some(location) = text(response.headers(), "location") else {
        return Err(Error::NotJira);
    };
    let Ok(to) = from.join(location) else {
        return Err(Error::NotJira);
    };
    let secure = from.scheme() == to.scheme() || to.scheme() == "https";
    if from.host_str() != to.host_str() || !secure || method != Method::GET {
        return Err(Error::Redirect { to: origin(&to) });
    }
    Ok(Some(to))
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn is_json(headers: &HeaderMap) -> bool {
    text(headers, "content-type").is_some_and(|kind| kind.contains("json"))
}

/// `Retry-After` as seconds or as a date; on Cloud also the reset moment of the limit.
fn retry_after(headers: &HeaderMap, now: jiff::Timestamp) -> Option<Duration> {
    let until = |moment: jiff::Timestamp| Duration::try_from(moment.duration_since(now)).ok();
    if let Some(value) = text(headers, "retry-after") {
        if let Ok(seconds) = value.trim().parse() {
            return Some(Duration::from_secs(seconds));
        }
        if let Ok(date) = jiff::fmt::rfc2822::parse(value) {
            return until(date.timestamp());
        }
    }
    text(headers, "x-ratelimit-reset")
        .and_then(|value| value.parse().ok())
        .and_then(until)
}

/// Jira's own words, from whichever of its envelopes.
fn messages(body: &Bytes) -> Vec<String> {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return Vec::new();
    };
    let mut messages: Vec<String> = Vec::new();
    for name in ["errorMessages", "errors"] {
        match body.get(name) {
            Some(Value::Array(list)) => {
                messages.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            Some(Value::Object(fields)) => {
                let line = |(field, text): (&String, &Value)| {
                    text.as_str().map(|text| format!("{field}: {text}"))
                };
                messages.extend(fields.iter().filter_map(line));
            }
            _ => {}
        }
    }
    for name in ["message", "detail", "title"] {
        if messages.is_empty() {
            messages.extend(body.get(name).and_then(Value::as_str).map(str::to_owned));
        }
    }
    messages
}

fn read<T: DeserializeOwned>(path: &str, body: &Bytes) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::Shape {
        endpoint: path.to_owned(),
        what: error.to_string(),
    })
}
