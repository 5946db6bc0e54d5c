//! The client: one site, one identity, one limiter. Sends requests and reads what comes back as one of a
//! few outcomes.

mod answer;
mod identity;

use crate::clock::{Clock, Jitter};
use crate::credentials::Credentials;
use crate::error::{AuthReason, Error, LimitReason, PATIENCE};
use crate::limiter::{Call, Limiter, LimiterState};
use crate::site::{SiteKind, host_of};
use crate::transport::Transport;
use answer::{bytes, fields, is_json, messages, origin, read, redirect, retry_after, text};
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

/// How often a request is sent that Jira turns away for being too many: with longer waits each time, a minute and a half
/// in all, or until the waits that Jira asks for come to two minutes. To be asked to wait is no failure, as long as it ends.
const LIMITED_TRIES: u32 = 10;

/// What a client is made from.
#[derive(Clone)]
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
    /// How often a read is tried when Jira or the network fails for a moment; at least 1. Where it is more, what Jira
    /// turns away for being too many is tried more often.
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
    /// The site names the account beside its answers, so that one without a name is suspicious.
    names_us: AtomicBool,
}

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    /// To know something: asked again where that may help.
    Read,
    /// To change something: not done twice.
    Change,
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
    /// Makes a client with a limiter of its own; sends nothing yet.
    #[must_use]
    pub fn new(options: ClientOptions) -> Self {
        let limiter = Limiter::new(options.clock.clone(), CONCURRENCY_MAX);
        Self::with_limiter(options, limiter)
    }

    /// Makes a client that heeds a limiter together with others of the same site; sends nothing yet.
    #[must_use]
    pub fn with_limiter(options: ClientOptions, limiter: Limiter) -> Self {
        Self {
            inner: Arc::new(Inner {
                options,
                limiter,
                stopped: Mutex::new(None),
                verified: AtomicBool::new(false),
                names_us: AtomicBool::new(false),
            }),
        }
    }

    /// Kind of Jira.
    #[must_use]
    pub fn kind(&self) -> SiteKind {
        self.inner.options.kind
    }

    /// Where requests go.
    pub(crate) fn base(&self) -> &str {
        &self.inner.options.base
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
        Ok(self.get_named(path, query).await?.0)
    }

    /// As [`Client::get`], with whether Jira showed that it knows who asked.
    pub(crate) async fn get_named<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<(T, bool), Error> {
        let answer = self
            .request(Sent::Read, Method::GET, path, query, None)
            .await?;
        Ok((read(path, &answer.body)?, answer.identified))
    }

    /// A read whose arguments are too long for an address. Tried again like any read.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<(T, bool), Error> {
        let body = bytes(path, body)?;
        let answer = self
            .request(Sent::Read, Method::POST, path, &[], Some(body))
            .await?;
        Ok((read(path, &answer.body)?, answer.identified))
    }

    /// Changes something. Sent again only where it is certain that nothing happened.
    pub(crate) async fn change(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Error> {
        self.change_with(method, path, &[], body).await
    }

    /// As [`Client::change`], with a query.
    pub(crate) async fn change_with(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Answer, Error> {
        let body = body.map(|body| bytes(path, body)).transpose()?;
        self.request(Sent::Change, method, path, query, body).await
    }

    /// As [`Client::get`], of a thing: one that is not there is none, once Jira has shown that it still knows who asks. Any
    /// other answer proves nothing.
    pub(crate) async fn get_found<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Option<T>, Error> {
        match self.get(path, query).await {
            Ok(value) => Ok(Some(value)),
            Err(Error::Gone) => {
                self.still_known().await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// As [`Client::get_found`], of what not every Jira tells, or not everybody: an endpoint or a thing that is not there, or
    /// refuses, is none, once Jira has shown that it still knows who asks. An answer that breaks off is no such refusal.
    pub(crate) async fn get_optional<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Option<T>, Error> {
        match self.get_found(path, query).await {
            Err(
                Error::Unsupported { .. }
                | Error::NotJira
                | Error::Permission { .. }
                | Error::Rejected { .. },
            ) => {
                self.still_known().await?;
                Ok(None)
            }
            other => other,
        }
    }

    /// That Jira still knows who asks: only then does a refusal say anything.
    pub(crate) async fn still_known(&self) -> Result<(), Error> {
        if self.inner.options.credentials.is_some() {
            self.myself().await?;
        }
        Ok(())
    }

    async fn request(
        &self,
        sent: Sent,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Bytes>,
    ) -> Result<Answer, Error> {
        let (mut attempt, mut refusals) = (0, 0);
        let mut first_refused_at = None;
        loop {
            attempt += 1;
            let outcome = self
                .once(&method, path, query, body.clone(), refusals)
                .await;
            // Neither what was asked for nor by whom: the path says enough to whoever looks for what holds things up.
            tracing::debug!(%method, path, attempt, error = ?outcome.as_ref().err(), "asked");
            let Err(error) = outcome else { return outcome };
            if !self.lacks_scope(path, &error) {
                self.stop_on(&error);
            } else {
                let myself = self.api("/myself");
                let known = self.once(&Method::GET, &myself, &[], None, 0).await;
                if let Err(error) = known {
                    self.stop_on(&error);
                    return Err(error);
                }
                return Err(Error::Permission {
                    messages: Vec::new(),
                });
            }
            let again = match sent {
                Sent::Read => error.is_worth_a_retry(),
                Sent::Change => error.is_worth_a_retry() && error.changed_nothing(),
            };
            let is_over = match (self.inner.options.tries, &error) {
                (2.., Error::Limited { .. }) => {
                    refusals += 1;
                    let now = self.inner.options.clock.now();
                    let waited = now.duration_since(*first_refused_at.get_or_insert(now));
                    refusals >= LIMITED_TRIES || waited.unsigned_abs() >= PATIENCE
                }
                (tries, _) => attempt - refusals >= tries,
            };
            if is_over || !again {
                return Err(error);
            }
            let wait = match &error {
                // The limiter holds back whom it concerns for as long as Jira asked.
                Error::Limited { .. } => continue,
                Error::Unavailable {
                    retry_after: Some(wait),
                    ..
                } => *wait,
                _ => Duration::from_secs(1 << (attempt - refusals).min(4)),
            };
            self.inner.options.clock.sleep(self.spread(wait)).await;
        }
    }

    /// Up to 1.3 times as long, but not more than ten seconds longer, so that many waiters do not all come
    /// back at once.
    fn spread(&self, wait: Duration) -> Duration {
        let more = wait.mul_f64(0.3).min(Duration::from_secs(10));
        wait + more.mul_f64(self.inner.options.jitter.unit())
    }

    async fn once(
        &self,
        method: &Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<Bytes>,
        refusals: u32,
    ) -> Result<Answer, Error> {
        let permit = self.inner.limiter.acquire(&Call::of(method, path)).await?;
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
            match &outcome {
                Ok(_) => permit.answered(),
                Err(Error::Limited {
                    reason,
                    retry_after,
                }) => {
                    // Refused again: Jira's own word, or longer each time.
                    let longer = Duration::from_secs(1 << refusals.min(4));
                    let wait = match refusals {
                        0 => *retry_after,
                        _ => longer.max(*retry_after),
                    };
                    permit.refused(*reason, self.spread(wait))?;
                }
                Err(_) => {}
            }
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
                if identified {
                    self.inner.names_us.store(true, Ordering::Relaxed);
                }
                Ok(Answer { body, identified })
            }
            // Only without credentials: with them it was seen above.
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => Err(Error::Permission {
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
                fields: fields(&body),
            }),
        }
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
