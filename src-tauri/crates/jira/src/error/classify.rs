//! From an HTTP answer to what it means. Status, headers and shape decide; words never do.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use super::{AuthReason, Error, NotJira, Said};
use crate::limits::{LimitReason, headers_limit, retry_after};

/// What an answer means before anybody looks at its content.
#[derive(Debug)]
pub(crate) enum Judgement {
    /// Content as asked for.
    Content,
    /// Refused, surely.
    Failed(Error),
    /// `401`. What it means depends on whether the caller was known before.
    Unauthorised(Said),
    /// `403` in the shape that comes from in front of the API, not from it.
    ForbiddenAtTheDoor(Said),
    /// `404`. `from_api`: in the shape of the API, so the endpoint exists.
    NotFound { said: Said, from_api: bool },
}

/// Judges an answer to a request for `endpoint`.
pub(crate) fn judge(
    response: &Response<Bytes>,
    endpoint: &'static str,
    now: Timestamp,
) -> Judgement {
    let status = response.status();
    if let Some(reason) = seraph_refusal(response.headers())
        // A plain refusal gets the chance that any 401 gets: a scoped token belongs elsewhere.
        && !(status == StatusCode::UNAUTHORIZED && reason == AuthReason::WrongCredentials)
    {
        return Judgement::Failed(Error::Auth {
            reason,
            said: Envelope::read(response).said,
        });
    }
    if status.is_success() {
        return match content(response) {
            Ok(()) => Judgement::Content,
            Err(what) => Judgement::Failed(Error::NotJira { what }),
        };
    }
    let envelope = Envelope::read(response);
    let wait = retry_after(response.headers(), now);
    let said = envelope.said;
    let failed = match status {
        StatusCode::UNAUTHORIZED => return Judgement::Unauthorised(said),
        StatusCode::FORBIDDEN if envelope.shape == Shape::Message => {
            return Judgement::ForbiddenAtTheDoor(said);
        }
        StatusCode::FORBIDDEN if envelope.shape == Shape::WebPage => Error::NotJira {
            what: NotJira::WebPage,
        },
        StatusCode::FORBIDDEN => Error::Permission { said },
        StatusCode::NOT_FOUND => {
            let from_api = envelope.shape == Shape::Errors;
            return Judgement::NotFound { said, from_api };
        }
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE | StatusCode::NOT_IMPLEMENTED => {
            Error::Unsupported { endpoint }
        }
        StatusCode::CONFLICT => Error::Conflict { said },
        StatusCode::TOO_MANY_REQUESTS => Error::Limit {
            reason: headers_limit(response.headers()),
            retry_after: wait,
        },
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => Error::Transient {
            status: status.as_u16(),
            retry_after: wait,
            said,
        },
        status if status.is_server_error() => Error::Transient {
            status: status.as_u16(),
            retry_after: wait,
            said,
        },
        status if status.is_client_error() && envelope.shape == Shape::WebPage => Error::NotJira {
            what: NotJira::WebPage,
        },
        status if status.is_client_error() => Error::Rejected {
            status: status.as_u16(),
            said,
        },
        status => Error::Bug {
            what: format!("{endpoint} answered with status {status}"),
        },
    };
    Judgement::Failed(failed)
}

/// Reads what Jira's log-in layer says beside any answer, even a good-looking one.
fn seraph_refusal(headers: &HeaderMap) -> Option<AuthReason> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(denied) = text("x-authentication-denied-reason") {
        let login_url = denied
            .split(';')
            .find_map(|part| part.trim().strip_prefix("login-url="))
            .map(str::to_owned);
        return Some(AuthReason::Captcha { login_url });
    }
    match text("x-seraph-loginreason")? {
        reason if reason.contains("AUTHENTICATION_DENIED") => {
            Some(AuthReason::Captcha { login_url: None })
        }
        reason if reason.contains("AUTHENTICATED_FAILED") => Some(AuthReason::WrongCredentials),
        _ => None,
    }
}

impl LimitReason {
    /// The limit behind an error, where one is.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        match error {
            Error::Limit { reason, .. } => Some(*reason),
            Error::Transient { status: 503, .. } => Some(Self::Overload),
            _ => None,
        }
    }
}

fn content(response: &Response<Bytes>) -> Result<(), NotJira> {
    if response.status() == StatusCode::NO_CONTENT {
        return Ok(());
    }
    let body = response.body();
    let kind = media_type(response.headers());
    if kind.contains("json") {
        return if body.is_empty() {
            Err(NotJira::Empty)
        } else {
            Ok(())
        };
    }
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    match (kind.as_str(), first) {
        (_, Some(b'<')) | ("text/html", _) => Err(NotJira::WebPage),
        (_, None) => Err(NotJira::Empty),
        // Some proxies drop the type; the decoder will tell.
        ("", Some(b'{' | b'[')) => Ok(()),
        _ => Err(NotJira::NotJson),
    }
}

fn media_type(headers: &HeaderMap) -> String {
    headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// `{errorMessages, errors}`: Jira's API.
    Errors,
    /// `{message}`, or a problem document: from a layer in front of it.
    Message,
    WebPage,
    Text,
    Empty,
}

struct Envelope {
    shape: Shape,
    said: Said,
}

impl Envelope {
    fn read(response: &Response<Bytes>) -> Self {
        let body = response.body();
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        let (shape, said) = match first {
            None => (Shape::Empty, Said::default()),
            Some(b'<') => (Shape::WebPage, Said::default()),
            Some(b'{') => match serde_json::from_slice::<Value>(body) {
                Ok(value) => read_object(&value),
                Err(_) => (Shape::Text, Said::default()),
            },
            Some(_) if media_type(response.headers()) == "text/html" => {
                (Shape::WebPage, Said::default())
            }
            Some(_) => (Shape::Text, plain(body)),
        };
        Self { shape, said }
    }
}

fn read_object(value: &Value) -> (Shape, Said) {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let has_envelope = value.get("errorMessages").is_some() || value.get("errors").is_some();
    if has_envelope {
        let messages = match value.get("errorMessages") {
            Some(Value::Array(all)) => all.iter().map(text).collect(),
            Some(Value::String(one)) => vec![one.clone()],
            _ => Vec::new(),
        };
        let fields = match value.get("errors") {
            Some(Value::Object(all)) => all.iter().map(|(k, v)| (k.clone(), text(v))).collect(),
            _ => BTreeMap::new(),
        };
        return (Shape::Errors, Said { messages, fields });
    }
    let messages = ["message", "errorMessage", "title", "detail", "error"]
        .iter()
        .filter_map(|name| value.get(name).and_then(Value::as_str))
        .map(str::to_owned)
        .collect();
    let said = Said {
        messages,
        fields: BTreeMap::new(),
    };
    (Shape::Message, said)
}

/// A short plain text is worth showing; a long one is not for people.
fn plain(body: &Bytes) -> Said {
    const SHOWN_CHARACTERS_MAX: usize = 300;
    let text = String::from_utf8_lossy(body);
    Said {
        messages: vec![text.trim().chars().take(SHOWN_CHARACTERS_MAX).collect()],
        fields: BTreeMap::new(),
    }
}
