//! The part of `api` that the shell calls, until `api` has it.

use api::error::{ErrorCode, ErrorDto};
use serde_json::Value;
use std::path::PathBuf;
use tokio::sync::broadcast;

pub(crate) struct Options {
    pub(crate) data_dir: PathBuf,
    pub(crate) secret_store: SecretStoreChoice,
}

pub(crate) enum SecretStoreChoice {
    Keyring,
}

pub(crate) type Event = Value;

/// What the page is told when it was too slow.
pub(crate) fn missed() -> Event {
    serde_json::json!({ "type": "missed" })
}

pub(crate) struct App(broadcast::Sender<Event>);

impl App {
    pub(crate) async fn open(options: Options) -> Result<Self, ErrorDto> {
        let SecretStoreChoice::Keyring = options.secret_store;
        match std::fs::create_dir_all(&options.data_dir) {
            Ok(()) => Ok(Self(broadcast::channel(16).0)),
            Err(error) => {
                Err(ErrorDto::new(ErrorCode::DatabaseReadOnly).with("messages", &error.to_string()))
            }
        }
    }

    pub(crate) async fn dispatch(&self, cmd: &str, _payload: Value) -> Result<Value, ErrorDto> {
        Err(ErrorDto::new(ErrorCode::NotFound).with("what", cmd))
    }

    pub(crate) fn events(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }

    pub(crate) async fn shutdown(&self) {
        tracing::debug!("stopped");
    }
}
