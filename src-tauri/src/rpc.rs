//! The one command that the page may call.

use crate::lifecycle::Lifecycle;
use crate::window;
use api::ApiError;
use api::error::ErrorCode;
use serde_json::Value;
use tauri::{State, Url};

/// Runs a command of the command table, or one of the two that only a window has:
/// `open_external` hands an address to the user's browser, `retry_open` opens the data directory
/// again after it could not be opened.
#[tauri::command]
pub(crate) async fn rpc(
    lifecycle: State<'_, Lifecycle>,
    cmd: String,
    payload: Value,
) -> Result<Value, ApiError> {
    match cmd.as_str() {
        "open_external" => open_external(&payload),
        "retry_open" => lifecycle
            .reopen()
            .await
            .map(|()| Value::Object(Default::default())),
        _ => lifecycle.app().await?.dispatch(&cmd, payload).await,
    }
}

fn open_external(payload: &Value) -> Result<Value, ApiError> {
    let url = payload.get("url").and_then(Value::as_str).map(Url::parse);
    match url {
        Some(Ok(url)) if window::open_outside(&url) => Ok(Value::Object(Default::default())),
        _ => {
            Err(ApiError::new(ErrorCode::BadRequest)
                .with("messages", "The address cannot be opened."))
        }
    }
}
