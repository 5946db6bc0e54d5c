//! The one command that the page may call.

use crate::lifecycle::Lifecycle;
use crate::window;
use api::ApiError;
use api::error::ErrorCode;
use serde_json::Value;
use tauri::{AppHandle, Manager, State, Url};

/// Runs a command of the command table, or one of the three that only a window has:
/// `open_external` hands an address to the user's browser, `retry_open` opens the data directory
/// again after it could not be opened, `save_activity` saves a file among the user's downloads.
#[tauri::command]
pub(crate) async fn rpc(
    handle: AppHandle,
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
        "save_activity" => save_activity(&handle, &lifecycle.app().await?, payload).await,
        _ => lifecycle.app().await?.dispatch(&cmd, payload).await,
    }
}

async fn save_activity(
    handle: &AppHandle,
    app: &api::App,
    payload: Value,
) -> Result<Value, ApiError> {
    let args = serde_json::from_value(payload).map_err(|error| {
        ApiError::new(ErrorCode::BadRequest).with("messages", &error.to_string())
    })?;
    let paths = handle.path();
    // Not every desktop names the folder of downloads. Where it does not, it is made where others have it.
    let folder = paths
        .download_dir()
        .or_else(|_| paths.home_dir().map(|home| home.join("Downloads")))
        .map_err(|error| {
            ApiError::new(ErrorCode::DiskFailed).with("messages", &error.to_string())
        })?;
    let path = api::export::save_activity(app, args, &folder).await?;
    Ok(serde_json::json!({ "path": path.display().to_string() }))
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
