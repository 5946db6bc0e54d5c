//! Reading an answer: where it sends us, how long it asks us to wait, what it says.

use crate::error::Error;
use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// Where to go instead, if the answer says so and it is the same host.
pub(super) fn redirect(
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
    // Another port is another server. A site that moves its visitors from http to https, both at their
    // usual ports, is the same one.
    let same = from.scheme() == to.scheme() && from.port() == to.port();
    let upgraded = to.scheme() == "https" && from.port().is_none() && to.port().is_none();
    let here = from.host_str() == to.host_str() && (same || upgraded);
    if !here || method != Method::GET {
        return Err(Error::Redirect { to: origin(&to) });
    }
    Ok(Some(to))
}

pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

pub(super) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    text(headers, "content-type").is_some_and(|kind| kind.contains("json"))
}

/// What Jira's sign-in layer notes beside an answer, even a good-looking one.
pub(super) fn refused_beside(headers: &HeaderMap) -> bool {
    text(headers, "x-seraph-loginreason")
        .is_some_and(|reason| reason.contains("AUTHENTICATED_FAILED"))
}

/// `Retry-After` as seconds or as a date; on Cloud also the reset moment of the limit.
pub(super) fn retry_after(headers: &HeaderMap, now: jiff::Timestamp) -> Option<Duration> {
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
pub(super) fn messages(body: &Bytes) -> Vec<String> {
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

/// What Jira has against single fields, by their ids.
pub(super) fn fields(body: &Bytes) -> BTreeMap<String, String> {
    let body = serde_json::from_slice::<Value>(body).unwrap_or_default();
    let fields = body.get("errors").and_then(Value::as_object);
    fields
        .into_iter()
        .flatten()
        .filter_map(|(field, text)| Some((field.clone(), text.as_str()?.to_owned())))
        .collect()
}

/// A body as it is sent.
pub(super) fn bytes(path: &str, body: &impl Serialize) -> Result<Bytes, Error> {
    serde_json::to_vec(body)
        .map(Bytes::from)
        .map_err(|error| Error::Shape {
            endpoint: path.to_owned(),
            what: error.to_string(),
        })
}

pub(super) fn read<T: DeserializeOwned>(path: &str, body: &Bytes) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| Error::Shape {
        endpoint: path.to_owned(),
        what: error.to_string(),
    })
}
