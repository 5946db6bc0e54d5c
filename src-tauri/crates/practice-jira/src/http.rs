//! A request taken apart, and an answer before it is sent.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use crate::json::Json;
use crate::time::Millis;

/// A request taken apart.
#[derive(Debug)]
pub(crate) struct Call {
    pub method: String,
    /// The decoded segments below the context path (and below the gateway's prefix).
    pub segments: Vec<String>,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub now: Millis,
    /// What links begin with, context path included.
    pub base: String,
    pub gateway: bool,
    /// 2 or 3.
    pub api: u8,
}

/// What a handler gives; a refusal is an answer too.
pub(crate) type Outcome = Result<Reply, Reply>;

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

const JSON: &str = "application/json;charset=UTF-8";

impl Reply {
    pub(crate) fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Reply {
            status,
            content_type,
            headers: Vec::new(),
            body,
        }
    }

    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Reply::new(status, JSON, value.to_string().into_bytes())
    }

    pub(crate) fn written(json: Json) -> Self {
        Reply::new(200, JSON, json.into_bytes())
    }

    pub(crate) fn ok(value: &Value) -> Self {
        Reply::json(200, value)
    }

    pub(crate) fn empty(status: u16) -> Self {
        Reply::new(status, "", Vec::new())
    }

    pub(crate) fn text(status: u16, text: &str) -> Self {
        Reply::new(status, "text/plain;charset=UTF-8", text.as_bytes().to_vec())
    }

    pub(crate) fn html(status: u16, title: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
        );
        Reply::new(status, "text/html;charset=UTF-8", page.into_bytes())
    }

    /// The usual envelope with sentences.
    pub(crate) fn error(status: u16, sentences: &[&str]) -> Self {
        Reply::json(status, &json!({"errorMessages": sentences, "errors": {}}))
    }

    /// The usual envelope with one sentence a field.
    pub(crate) fn field_errors(errors: &[(String, String)]) -> Self {
        let map: serde_json::Map<String, Value> = errors
            .iter()
            .map(|(field, text)| (field.clone(), Value::from(text.as_str())))
            .collect();
        Reply::json(400, &json!({"errorMessages": [], "errors": map}))
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn send(self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if !self.content_type.is_empty() {
            headers.insert(
                http::header::CONTENT_TYPE,
                HeaderValue::from_static(self.content_type),
            );
        }
        for (name, value) in self.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
                headers.insert(name, value);
            }
        }
        response
    }
}

impl Call {
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that may be repeated or hold a comma list.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let values = self.query.iter().filter(|(key, _)| key == name);
        values
            .flat_map(|(_, value)| value.split(','))
            .map(|v| v.trim().to_owned())
            .filter(|v| !v.is_empty())
            .collect()
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.param(name) == Some("true")
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, Reply> {
        match self.param(name) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| {
                Reply::error(400, &[&format!("The parameter '{name}' must be a number.")])
            }),
        }
    }

    /// `startAt` and `maxResults`, the second between 0 and `most`.
    pub(crate) fn page(&self, usual: usize, most: usize) -> Result<(usize, usize), Reply> {
        let start = self.number("startAt")?.unwrap_or(0).max(0) as usize;
        let size = match self.number("maxResults")? {
            Some(size) if size >= 0 => (size as usize).min(most),
            _ => usual,
        };
        Ok((start, size))
    }

    pub(crate) fn json_body(&self) -> Result<Value, Reply> {
        serde_json::from_slice(&self.body).map_err(|_| {
            Reply::error(
                400,
                &["There was an error parsing JSON. Check that your request body is valid."],
            )
        })
    }

    pub(crate) fn expands(&self, what: &str) -> bool {
        self.list("expand")
            .iter()
            .any(|e| e == what || e.starts_with(&format!("{what}.")))
    }

    pub(crate) fn parts(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }
}
