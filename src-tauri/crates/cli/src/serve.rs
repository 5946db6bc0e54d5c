//! The interface in a browser, on this machine only: the same files and the same command table as the
//! window has, behind a token that changes with every start.

use crate::arguments::{Common, Serve};
use crate::ending;
use crate::output::{Failure, say};
use api::App;
use api::error::{ErrorCode, ErrorDto};
use api::export::ActivityCsv;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::StreamExt;
use rand::Rng;
use rust_embed::RustEmbed;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// Only this origin; no script or style that did not come from it.
const SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

#[derive(RustEmbed)]
#[folder = "../../../ui/dist"]
struct Interface;

struct Host {
    app: App,
    token: String,
    authority: String,
    closing: CancellationToken,
}

pub async fn serve(common: &Common, options: Serve) -> Result<ExitCode, Failure> {
    let app = common.open().await?;
    if let Err(refusal) = app.resume_interrupted().await {
        app.shutdown().await;
        return Err(refusal.into());
    }
    if !options.no_sync {
        app.keep_in_step();
    }
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let authority = listener.local_addr()?.to_string();
    let closing = CancellationToken::new();
    let host = Arc::new(Host {
        app: app.clone(),
        token: token(),
        authority,
        closing: closing.clone(),
    });
    say(&format!("http://{}/#token={}", host.authority, host.token));
    axum::serve(listener, router(host))
        .with_graceful_shutdown(stop_asked(closing))
        .await?;
    app.shutdown().await;
    Ok(ExitCode::SUCCESS)
}

/// Ends when the process is asked to; lets event streams go first, because a graceful end waits for them.
async fn stop_asked(closing: CancellationToken) {
    ending::is_asked().await;
    closing.cancel();
}

#[expect(clippy::disallowed_methods, reason = "a token must not be repeatable")]
fn token() -> String {
    let mut rng = rand::rng();
    (0..32)
        .map(|_| format!("{:02x}", rng.random::<u8>()))
        .collect()
}

fn router(host: Arc<Host>) -> axum::Router {
    let guarded = axum::Router::new()
        .route("/rpc/{command}", post(rpc))
        .route("/events", get(events))
        .route("/export/activity", post(export_activity))
        .route_layer(middleware::from_fn_with_state(host.clone(), guard));
    guarded
        .fallback(file)
        .layer(middleware::from_fn_with_state(host.clone(), own_host))
        .with_state(host)
}

/// Refuses requests that a foreign page talked a browser into: the name in `Host` must be ours.
async fn own_host(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    let port = host.authority.rsplit(':').next().unwrap_or_default();
    let named = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    let ours =
        named.is_some_and(|name| name == host.authority || name == format!("localhost:{port}"));
    if !ours {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn guard(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    if !authorised(request.headers(), &host.token) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    next.run(request).await
}

fn authorised(headers: &HeaderMap, token: &str) -> bool {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    // Every byte is looked at, so that the time taken tells nothing about how much was right.
    given.len() == token.len()
        && given
            .bytes()
            .zip(token.bytes())
            .fold(0, |difference, (a, b)| difference | (a ^ b))
            == 0
}

async fn rpc(
    State(host): State<Arc<Host>>,
    Path(command): Path<String>,
    body: axum::body::Bytes,
) -> Response {
    let payload = match serde_json::from_slice(&body) {
        Ok(payload) => payload,
        Err(error) => {
            let error = ErrorDto::new(ErrorCode::BadRequest).with("messages", &error.to_string());
            return (StatusCode::BAD_REQUEST, Json(error)).into_response();
        }
    };
    match host.app.dispatch(&command, payload).await {
        Ok(result) => Json(result).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}

/// Events as server-sent events, until either side closes.
async fn events(State(host): State<Arc<Host>>) -> Response {
    let receiver = host.app.events();
    let stream = futures::stream::unfold(receiver, |mut receiver| async move {
        match receiver.recv().await {
            Ok(event) => {
                let text = serde_json::to_string(&event).unwrap_or_default();
                Some((
                    Ok::<_, std::io::Error>(format!("data: {text}\n\n")),
                    receiver,
                ))
            }
            // What was missed is not known: the reader is told to ask for everything again.
            Err(RecvError::Lagged(_)) => {
                Some((Ok("data: {\"type\":\"missed\"}\n\n".to_owned()), receiver))
            }
            Err(RecvError::Closed) => None,
        }
    });
    // The first line comes at once, so that the reader knows it is listening before it asks.
    let greeting = futures::stream::once(async { Ok(": listening\n\n".to_owned()) });
    let stream = greeting
        .chain(stream)
        .take_until(host.closing.clone().cancelled_owned());
    Response::builder()
        .header(header::CONTENT_TYPE, "text/event-stream")
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from_stream(stream))
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Activity as CSV, page by page as it is taken off.
async fn export_activity(State(host): State<Arc<Host>>, body: axum::body::Bytes) -> Response {
    let args = match serde_json::from_slice(&body) {
        Ok(args) => args,
        Err(error) => {
            let error = ErrorDto::new(ErrorCode::BadRequest).with("messages", &error.to_string());
            return (StatusCode::BAD_REQUEST, Json(error)).into_response();
        }
    };
    let mut csv = ActivityCsv::new(&host.app, args);
    // The first page is waited for: until then what goes wrong can be told.
    let first = match csv.next().await {
        Ok(first) => first.unwrap_or_default(),
        Err(error) => return (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    };
    let rest = futures::stream::unfold(csv, |mut csv| async move {
        match csv.next().await {
            Ok(None) => None,
            Ok(Some(lines)) => Some((Ok(lines), csv)),
            Err(error) => Some((Err(std::io::Error::other(error.words().title)), csv)),
        }
    });
    let lines = futures::stream::once(async { Ok(first) }).chain(rest);
    Response::builder()
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from_stream(lines))
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn file(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let Some(found) = Interface::get(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "json" => "application/json",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, kind)], found.data.into_owned()).into_response()
}
