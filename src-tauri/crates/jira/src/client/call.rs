//! One request, from its description to its answer: address, headers, limits, retries, redirects.

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Client;
use crate::auth::ApiBase;
use crate::error::{AuthReason, Error, Judgement, Result, Said, judge};
use crate::limits::{Backoff, CallKind, LimitReason, Permit, headers_limit, retry_after};
use crate::site::SiteKind;
use crate::transport::{TransportError, TransportErrorKind};

const REDIRECTS_MAX: usize = 5;

/// What a `404` says about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    /// The thing asked for does not exist.
    Resource,
    /// The endpoint does not exist.
    Endpoint,
    /// The shape of the answer tells.
    ByShape,
}

/// A request to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) endpoint: &'static str,
    pub(crate) kind: CallKind,
    method: Method,
    /// Path behind the base, with its query.
    path: String,
    body: Bytes,
    /// May be sent again when its outcome is unknown.
    idempotent: bool,
    absent: Absent,
}

impl Call {
    /// A `GET`; `endpoint` names it as Atlassian's documentation does.
    pub(crate) fn get(kind: CallKind, endpoint: &'static str, path: impl Into<String>) -> Self {
        Self {
            endpoint,
            kind,
            method: Method::GET,
            path: path.into(),
            body: Bytes::new(),
            idempotent: true,
            absent: Absent::ByShape,
        }
    }

    /// A request with a JSON body that changes nothing, so that it may be repeated.
    pub(crate) fn ask(
        kind: CallKind,
        endpoint: &'static str,
        path: impl Into<String>,
        body: &impl Serialize,
    ) -> Result<Self> {
        let body = serde_json::to_vec(body).map_err(|error| Error::Bug {
            what: format!("{endpoint}: the request could not be written: {error}"),
        })?;
        Ok(Self {
            method: Method::POST,
            body: body.into(),
            ..Self::get(kind, endpoint, path)
        })
    }

    /// Says what a `404` means.
    pub(crate) fn absent(self, absent: Absent) -> Self {
        Self { absent, ..self }
    }

    /// Adds a query.
    pub(crate) fn query(mut self, mut query: Query) -> Self {
        let text = query.0.finish();
        if !text.is_empty() {
            self.path.push('?');
            self.path.push_str(&text);
        }
        self
    }
}

/// The query of an address.
pub(crate) struct Query(url::form_urlencoded::Serializer<'static, String>);

impl Query {
    pub(crate) fn new() -> Self {
        Self(url::form_urlencoded::Serializer::new(String::new()))
    }

    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.0.append_pair(name, &value.to_string());
        self
    }

    pub(crate) fn with_some(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

/// The query of an offset page.
pub(crate) fn page_of(start_at: usize, max_results: usize) -> Query {
    Query::new()
        .with("startAt", start_at)
        .with("maxResults", max_results)
}

/// Makes a text safe as one segment of a path.
pub(crate) fn segment(text: &str) -> String {
    // form_urlencoded would write a blank as `+`, which is a plus sign in a path.
    url::form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

/// Whether an answer names the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// It carries the account.
    Named,
    /// It does not.
    Unnamed,
}

/// A good answer.
#[derive(Debug)]
pub(crate) struct Answer {
    body: Bytes,
    pub(crate) proof: Proof,
}

impl Answer {
    pub(crate) fn decode<T: DeserializeOwned>(&self, endpoint: &'static str) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| Error::Bug {
            what: format!("{endpoint} answered in an unknown shape: {error}"),
        })
    }
}

/// A bad answer, before it is clear what it means.
#[derive(Debug)]
pub(super) enum Fault {
    Unauthorised(Said),
    AtTheDoor(Said),
    NotFound { said: Said, from_api: bool },
    Error(Error),
}

impl Client {
    /// The path of a platform endpoint.
    pub(crate) fn platform(&self, path: &str) -> String {
        match self.kind() {
            SiteKind::Cloud => format!("/rest/api/3/{path}"),
            SiteKind::DataCenter => format!("/rest/api/2/{path}"),
        }
    }

    /// Sends a call, with every doubt about who is asking resolved.
    pub(crate) async fn answer(&self, call: &Call) -> Result<Answer> {
        let fault = match self.attempt(call).await {
            Ok(answer) => return Ok(answer),
            Err(fault) => fault,
        };
        match fault {
            Fault::Unauthorised(said) => {
                // The gateway says 401 also when a scoped token lacks the scope for one endpoint.
                let in_gateway = matches!(self.base(), ApiBase::Gateway { .. });
                if in_gateway && self.account().is_some() {
                    self.confirm_identity().await?;
                    return Err(Error::Permission { said });
                }
                Err(self.trip(self.refused_reason(), said))
            }
            Fault::AtTheDoor(said) => {
                if self.inner.settings.credentials.is_password() {
                    self.confirm_identity().await?;
                }
                Err(Error::Permission { said })
            }
            Fault::NotFound { said, from_api } => {
                self.confirm_identity().await?;
                let exists = match call.absent {
                    Absent::Resource => true,
                    Absent::Endpoint => false,
                    Absent::ByShape => from_api,
                };
                Err(if exists {
                    Error::Gone { said }
                } else {
                    Error::Unsupported {
                        endpoint: call.endpoint,
                    }
                })
            }
            Fault::Error(error) => Err(self.trip_on(error)),
        }
    }

    /// Trips the client when the error is a refusal.
    pub(super) fn trip_on(&self, error: Error) -> Error {
        match error {
            Error::Auth { reason, said } => {
                let reason = match reason {
                    AuthReason::WrongCredentials => self.refused_reason(),
                    other => other,
                };
                self.trip(reason, said)
            }
            other => other,
        }
    }

    pub(super) fn refused_reason(&self) -> AuthReason {
        if self.account().is_some() {
            AuthReason::ExpiredOrRevoked
        } else {
            AuthReason::WrongCredentials
        }
    }

    /// Sends a call as often as is sensible.
    pub(super) async fn attempt(&self, call: &Call) -> Result<Answer, Fault> {
        let settings = &self.inner.settings;
        let mut backoff = Backoff::default();
        loop {
            self.check_tripped().map_err(Fault::Error)?;
            let permit = settings.limiter.acquire(call.kind).await.map_err(|long| {
                Fault::Error(Error::Limit {
                    reason: long.reason,
                    retry_after: Some(long.wait),
                })
            })?;
            self.check_tripped().map_err(Fault::Error)?;
            let error = match self.exchange(call).await {
                Ok(response) => match judge(&response, call.endpoint, settings.clock.now()) {
                    Judgement::Content => return self.accept(response, permit),
                    Judgement::Unauthorised(said) => return Err(Fault::Unauthorised(said)),
                    Judgement::ForbiddenAtTheDoor(said) => return Err(Fault::AtTheDoor(said)),
                    Judgement::NotFound { said, from_api } => {
                        permit.succeeded(false);
                        return Err(Fault::NotFound { said, from_api });
                    }
                    Judgement::Failed(error) => error,
                },
                Err(error) => error,
            };
            self.wait_or_give_up(call, &mut backoff, permit, error)
                .await
                .map_err(Fault::Error)?;
        }
    }

    /// Returns when the call should be tried again, and the error when it should not.
    async fn wait_or_give_up(
        &self,
        call: &Call,
        backoff: &mut Backoff,
        permit: Permit,
        error: Error,
    ) -> Result<()> {
        let settings = &self.inner.settings;
        let limit = LimitReason::of(&error);
        let worth_it = match &error {
            // While a connection is being set up, a wrong host name deserves an answer at once.
            Error::Transport(TransportError { kind, .. }) => match kind {
                TransportErrorKind::Dns
                | TransportErrorKind::Refused
                | TransportErrorKind::Proxy => self.account().is_some(),
                _ => error.is_transient(),
            },
            Error::Transient { status: 500, .. } => {
                // Often not an accident: once more, no further.
                backoff.at_most(1);
                true
            }
            _ => error.is_transient(),
        };
        let next = if worth_it && call.idempotent {
            backoff.next(error.retry_after(), settings.jitter.as_ref())
        } else {
            None
        };
        let close_for = next.or(error.retry_after()).unwrap_or_default();
        match (limit, next) {
            (Some(reason), next) => {
                permit.refused(close_for, reason);
                match next {
                    // The closed gate is the wait.
                    Some(wait) if wait <= settings.limiter.wait_max() => Ok(()),
                    _ => Err(error),
                }
            }
            (None, Some(wait)) if wait <= settings.limiter.wait_max() => {
                drop(permit);
                settings.clock.sleep(wait).await;
                Ok(())
            }
            (None, _) => Err(error),
        }
    }

    fn accept(&self, response: Response<Bytes>, permit: Permit) -> Result<Answer, Fault> {
        let headers = response.headers();
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(wait) = retry_after(headers, self.inner.settings.clock.now())
            && headers.contains_key("retry-after")
            && headers_limit(headers) == LimitReason::Unnamed
        {
            // Data Center says on every answer how long the next call has to wait; mostly 0.
            permit.pause(wait);
        }
        let near = text("x-ratelimit-nearlimit").is_some_and(|v| v.eq_ignore_ascii_case("true"));
        permit.succeeded(near);
        let proof = self.proof(headers).map_err(Fault::Error)?;
        Ok(Answer {
            body: response.into_body(),
            proof,
        })
    }

    /// Reads whom the site took us for.
    fn proof(&self, headers: &HeaderMap) -> Result<Proof> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        match self.kind() {
            SiteKind::Cloud => {
                let Some(named) = text("x-aaccountid").filter(|named| !named.is_empty()) else {
                    return Ok(Proof::Unnamed);
                };
                // The colon inside an account id comes percent-encoded.
                let named = named.replace("%3A", ":").replace("%3a", ":");
                match self.account().and_then(|account| account.account_id()) {
                    Some(known) if known != named => {
                        Err(self.trip(AuthReason::OtherAccount, Said::default()))
                    }
                    _ => Ok(Proof::Named),
                }
            }
            SiteKind::DataCenter => match text("x-ausername") {
                Some("anonymous") => Err(self.trip(AuthReason::Anonymous, Said::default())),
                Some(_) => Ok(Proof::Named),
                None => Ok(Proof::Unnamed),
            },
        }
    }

    /// Sends one request and follows redirects that stay on the host.
    async fn exchange(&self, call: &Call) -> Result<Response<Bytes>> {
        let mut address = format!("{}{}", self.base_address(), call.path);
        for _ in 0..=REDIRECTS_MAX {
            let request = self.request(call, &address)?;
            let response = self.inner.settings.transport.send(request).await?;
            match redirect(&response, &address, &call.method)? {
                Some(next) => address = next,
                None => return Ok(response),
            }
        }
        Err(Error::Redirect {
            to: without_query(&address),
        })
    }

    fn base_address(&self) -> String {
        let settings = &self.inner.settings;
        match self.base() {
            ApiBase::Site => settings.site.base_url.to_string(),
            ApiBase::Gateway { cloud_id } => {
                format!(
                    "{}/{}",
                    settings.gateway.trim_end_matches('/'),
                    segment(&cloud_id)
                )
            }
        }
    }

    fn request(&self, call: &Call, address: &str) -> Result<Request<Bytes>> {
        let settings = &self.inner.settings;
        let authorization = settings
            .credentials
            .header()
            .ok_or_else(|| Error::auth(AuthReason::WrongCredentials))?;
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(address)
            .header(AUTHORIZATION, authorization)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(USER_AGENT, settings.user_agent.as_str());
        if call.method != Method::GET {
            request = request
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .header("X-Atlassian-Token", HeaderValue::from_static("no-check"));
        }
        request.body(call.body.clone()).map_err(|_| Error::Bug {
            what: format!("{}: the address could not be written", call.endpoint),
        })
    }
}

/// Where a redirect leads: the next address when it stays on the host, nothing when the answer is
/// no redirect.
///
/// # Errors
/// [`Error::Redirect`] when following would hand the credentials to another host, or would repeat
/// something else than a `GET`.
pub(crate) fn redirect(
    response: &Response<Bytes>,
    from: &str,
    method: &Method,
) -> Result<Option<String>> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let target = url::Url::parse(from).and_then(|base| Ok((base.join(location)?, base)));
    let Ok((to, base)) = target else {
        return Err(Error::Redirect {
            to: without_query(location),
        });
    };
    let same_place =
        to.scheme() == base.scheme() && to.port_or_known_default() == base.port_or_known_default();
    // A site that moves its visitors from http to https at the usual ports.
    let upgraded = base.scheme() == "http"
        && to.scheme() == "https"
        && base.port().is_none()
        && to.port().is_none();
    let same_host = to.host() == base.host() && (same_place || upgraded);
    if *method == Method::GET && same_host && to != base {
        return Ok(Some(to.into()));
    }
    Err(Error::Redirect {
        to: without_query(to.as_str()),
    })
}

/// An address fit for showing: queries of log-in redirects can hold anything.
fn without_query(address: &str) -> String {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let shown = &address[..end];
    match url::Url::parse(shown) {
        Ok(mut url) => {
            // Neither can fail for an address with a host; without one there is nothing to hide.
            if url.set_username("").is_ok() && url.set_password(None).is_ok() {
                url.into()
            } else {
                shown.to_owned()
            }
        }
        Err(_) => shown.to_owned(),
    }
}

/// Sends a request without credentials, following redirects on the same host. Returns the answer
/// and the address it came from.
pub(crate) async fn anonymous_get(
    transport: &dyn crate::transport::Transport,
    address: &str,
) -> Result<(Response<Bytes>, String)> {
    let mut address = address.to_owned();
    for _ in 0..=REDIRECTS_MAX {
        let request = Request::get(&address)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .body(Bytes::new())
            .map_err(|_| Error::Bug {
                what: "the address could not be written".to_owned(),
            })?;
        let response = transport.send(request).await?;
        match redirect(&response, &address, &Method::GET)? {
            Some(next) => address = next,
            None => return Ok((response, address)),
        }
    }
    Err(Error::Redirect {
        to: without_query(&address),
    })
}
