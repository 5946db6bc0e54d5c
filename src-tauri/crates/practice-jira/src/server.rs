//! A site behind HTTP.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response};
use axum::serve::ListenerExt as _;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::mpsc::UnboundedSender;

use crate::site::{Event, Site};

/// The largest request body that is read, in bytes.
const BODY_MAX: usize = 16 << 20;

/// How a site is served.
#[derive(Debug, Clone, Default)]
pub struct ServeOptions {
    /// How long each request waits before it is looked at. Requests wait side by side, not one behind the other.
    pub latency: Duration,
    /// Where webhook deliveries and the like are sent; dropped if unset.
    pub events: Option<UnboundedSender<Event>>,
    /// Goes up by one with every request that is answered.
    pub answered: Arc<AtomicU64>,
}

#[derive(Clone)]
struct Shared {
    site: Arc<Mutex<Site>>,
    options: ServeOptions,
}

/// Serves `site` on `listener` until `shutdown` completes and the requests under way are answered.
///
/// # Errors
/// What the listener reports when it cannot accept any more.
pub async fn serve(
    listener: TcpListener,
    site: Arc<Mutex<Site>>,
    options: ServeOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let listener = listener.tap_io(|stream| {
        // Small answers must not wait for each other; a socket that cannot be told so still works.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no delay could not be set");
        }
    });
    let app = Router::new()
        .fallback(answer)
        .with_state(Shared { site, options });
    axum::serve(listener, app)
        .with_graceful_shutdown(shutdown)
        .await
}

async fn answer(State(shared): State<Shared>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_MAX).await else {
        let mut refusal = Response::new(Body::empty());
        *refusal.status_mut() = axum::http::StatusCode::PAYLOAD_TOO_LARGE;
        return refusal;
    };
    if !shared.options.latency.is_zero() {
        tokio::time::sleep(shared.options.latency).await;
    }
    let answer = {
        // A panic in one request leaves the state as it was before its first change; going on is right for a practice site.
        let mut site = shared.site.lock().unwrap_or_else(PoisonError::into_inner);
        site.handle(Request::from_parts(head, body), now())
    };
    shared.options.answered.fetch_add(1, Ordering::Relaxed);
    if let Some(sender) = &shared.options.events {
        for event in answer.events {
            if sender.send(event).is_err() {
                tracing::debug!("nobody takes events any more");
            }
        }
    }
    answer.response.map(|bytes: Bytes| Body::from(bytes))
}

/// The moment at which a request is looked at: the server is the outside from which a site has its time.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
