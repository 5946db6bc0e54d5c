//! What the engine says, on its way to the page.

use api::Event;
use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// The one channel; the payload says what happened.
const CHANNEL: &str = "lockstep://event";

/// Hands every event to the page until the application has gone.
pub(crate) async fn forward(app: AppHandle, mut events: Receiver<Event>) {
    loop {
        let event = match events.recv().await {
            Ok(event) => event,
            // The page was slower than the engine. It is told, and asks again for what it shows.
            Err(RecvError::Lagged(_)) => Event::Missed,
            Err(RecvError::Closed) => return,
        };
        if let Err(error) = app.emit(CHANNEL, event) {
            tracing::warn!(%error, "the page cannot be told");
        }
    }
}
