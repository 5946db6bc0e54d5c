//! The core as a host holds it: opened once, asked by command, listened to, shut down.

use crate::convert;
use crate::dto::Event;
use crate::error::{ErrorCode, ErrorDto};
use engine::{Engine, EngineEvent, EngineOptions, NetworkTransports, SecretChoice};
use jira::{SystemClock, SystemJitter};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Events kept for a listener that is slow.
const EVENTS_KEPT: usize = 256;

/// What the core is opened with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the database lies.
    pub data_dir: PathBuf,
    /// Where secrets are kept.
    pub secrets: SecretChoice,
}

impl From<Options> for EngineOptions {
    fn from(options: Options) -> Self {
        Self {
            data_dir: options.data_dir,
            secrets: options.secrets,
            clock: Arc::new(SystemClock),
            jitter: Arc::new(SystemJitter::default()),
            transports: Arc::new(NetworkTransports),
        }
    }
}

/// The core. Cloning gives another handle to the same one.
#[derive(Clone)]
pub struct App {
    pub(crate) engine: Engine,
    events: broadcast::Sender<Event>,
}

impl App {
    /// Takes hold of a data directory and opens what lies there, or begins it.
    ///
    /// # Errors
    /// `already_open`, `database_newer`, `database_corrupt`, `database_read_only`, `disk_full`.
    pub async fn open(options: Options) -> Result<Self, ErrorDto> {
        Ok(Self::over(Engine::open(options.into()).await?))
    }

    /// As [`App::open`], but as a guest where another process has the data directory: what is kept can be
    /// read, everything else is refused as `already_open`.
    ///
    /// # Errors
    /// As [`App::open`], without `already_open` unless the other one is only just beginning; and
    /// `database_older`.
    pub async fn open_to_read(options: Options) -> Result<Self, ErrorDto> {
        Ok(Self::over(Engine::open_to_read(options.into()).await?))
    }

    /// Whether this process owns the data directory, or is a guest there.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.engine.is_owner()
    }

    /// Shows an engine that was opened elsewhere, as tests do.
    #[must_use]
    pub fn over(engine: Engine) -> Self {
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        let app = Self { engine, events };
        let (mut heard, sender) = (app.engine.events(), app.events.clone());
        // Ends when the engine is gone, which closes the channel.
        tokio::spawn(async move {
            loop {
                let event = match heard.recv().await {
                    Ok(EngineEvent::Changed(topics)) => Event::Changed {
                        tags: topics.into_iter().map(convert::tag).collect(),
                    },
                    Ok(EngineEvent::Run(run)) => Event::Run {
                        run: convert::run(&run),
                    },
                    Err(broadcast::error::RecvError::Lagged(_)) => Event::Missed,
                    Err(broadcast::error::RecvError::Closed) => return,
                };
                // Nobody listening is fine.
                drop(sender.send(event));
            }
        });
        app
    }

    /// What happens from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Goes on with the imports that the last process left in the middle. For hosts that stay; a single
    /// command leaves them where they are.
    ///
    /// # Errors
    /// What the database meets.
    pub async fn resume_interrupted(&self) -> Result<(), ErrorDto> {
        self.engine
            .resume_interrupted()
            .await
            .map_err(ErrorDto::from)
    }

    /// Keeps every integration in step by itself from now on. For hosts that stay.
    pub fn keep_in_step(&self) {
        self.engine.keep_in_step();
    }

    /// Ends what runs, waits for it, closes the database.
    pub async fn shutdown(&self) {
        self.engine.shutdown().await;
    }

    /// Performs a command by name.
    ///
    /// # Errors
    /// `bad_request` for a command or arguments that are not known; else what the command says.
    pub async fn dispatch(
        &self,
        command: &str,
        payload: serde_json::Value,
    ) -> Result<serde_json::Value, ErrorDto> {
        macro_rules! each {
            ($($name:ident($args:ty) -> $result:ty;)*) => {
                match command {
                    $(stringify!($name) => {
                        let args: $args = arguments(payload)?;
                        let result: $result = self.$name(args).await?;
                        answer(&result)
                    })*
                    other => Err(ErrorDto::new(ErrorCode::BadRequest)
                        .with("messages", &format!("There is no command {other}."))),
                }
            };
        }
        use crate::dto::*;
        crate::command_table!(each)
    }
}

/// Commands without arguments may come without any.
fn arguments<T: serde::de::DeserializeOwned>(payload: serde_json::Value) -> Result<T, ErrorDto> {
    let payload = if payload.is_null() {
        serde_json::json!({})
    } else {
        payload
    };
    serde_json::from_value(payload)
        .map_err(|error| ErrorDto::new(ErrorCode::BadRequest).with("messages", &error.to_string()))
}

fn answer<T: serde::Serialize>(result: &T) -> Result<serde_json::Value, ErrorDto> {
    serde_json::to_value(result)
        .map_err(|error| ErrorDto::new(ErrorCode::Internal).with("messages", &error.to_string()))
}

/// Where data belongs on this machine, if it says so.
#[must_use]
pub fn default_data_dir() -> Option<PathBuf> {
    let from = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if cfg!(target_os = "macos") {
        return Some(from("HOME")?.join("Library/Application Support/dev.lockstep.desktop"));
    }
    if cfg!(windows) {
        return Some(from("APPDATA")?.join("dev.lockstep.desktop"));
    }
    from("XDG_DATA_HOME")
        .or_else(|| Some(from("HOME")?.join(".local/share")))
        .map(|data| data.join("dev.lockstep.desktop"))
}
