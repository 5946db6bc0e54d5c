//! From the first moment to the last: opening the data directory, and leaving it in order.

use crate::events;
use api::error::ErrorCode;
use api::{ApiError, App, Options, SecretChoice};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::async_runtime::{JoinHandle, spawn};
use tauri::{AppHandle, ExitRequestApi, Manager};
use tokio::sync::Mutex;

const DATA_DIR: &str = "LOCKSTEP_DATA_DIR";

/// How long the engine may take to stop. It bounds its own tasks more tightly; this is for the case
/// that it does not, so that a closed window never leaves a process behind.
const SHUTDOWN_MS_MAX: u64 = 15_000;

/// Whether this is the ordinary Lockstep of this user, of which one runs at a time. Whoever names a
/// data directory means another; two on the same directory are refused when it is opened.
pub(crate) fn shares_the_usual_data_dir() -> bool {
    std::env::var_os(DATA_DIR).is_none_or(|dir| dir.is_empty())
}

/// Holds the application while the window is there.
pub(crate) struct Lifecycle {
    handle: AppHandle,
    data_dir: PathBuf,
    session: Mutex<Session>,
    leaving: AtomicBool,
    left: AtomicBool,
}

/// One life of the data directory.
enum Session {
    /// Nobody has asked yet.
    Unopened,
    /// In use, with the task that forwards its events.
    Open(App, JoinHandle<()>),
    /// Could not be opened. The window shows why, and offers to try again.
    Refused(ApiError),
    /// Stopped for good.
    Ended,
}

impl Lifecycle {
    /// Settles where the data lies; opens nothing yet.
    pub(crate) fn new(handle: AppHandle) -> tauri::Result<Self> {
        let data_dir = if shares_the_usual_data_dir() {
            api::default_data_dir().map_or_else(|| handle.path().app_data_dir(), Ok)?
        } else {
            std::env::var_os(DATA_DIR).map_or_else(PathBuf::new, PathBuf::from)
        };
        Ok(Self {
            handle,
            data_dir,
            session: Mutex::new(Session::Unopened),
            leaving: AtomicBool::new(false),
            left: AtomicBool::new(false),
        })
    }

    /// Starts opening the data directory beside the window, and listens for the system's wish to stop.
    pub(crate) fn begin(&self) {
        let handle = self.handle.clone();
        spawn(async move {
            if let Err(refusal) = handle.state::<Lifecycle>().app().await {
                tracing::error!(code = ?refusal.code, "the data directory cannot be opened");
            }
        });
        #[cfg(unix)]
        spawn(leave_on_signal(self.handle.clone()));
    }

    /// The application, opened if nobody has yet; whoever asks meanwhile waits for the same opening.
    ///
    /// # Errors
    /// Why the data directory could not be opened. It is not tried again before [`Self::reopen`].
    pub(crate) async fn app(&self) -> Result<App, ApiError> {
        let mut session = self.session.lock().await;
        if let Session::Unopened = *session {
            *session = self.open().await;
        }
        match &*session {
            Session::Open(app, _) => Ok(app.clone()),
            Session::Refused(refusal) => Err(refusal.clone()),
            Session::Unopened | Session::Ended => {
                Err(ApiError::new(ErrorCode::Internal).with("messages", "Lockstep is closing."))
            }
        }
    }

    /// Opens the data directory again after a refusal.
    ///
    /// # Errors
    /// Why it still cannot be opened.
    pub(crate) async fn reopen(&self) -> Result<(), ApiError> {
        {
            let mut session = self.session.lock().await;
            if let Session::Refused(_) = *session {
                *session = Session::Unopened;
            }
        }
        self.app().await.map(|_| ())
    }

    /// Holds the exit back until the application has stopped in order, then exits with the same code.
    pub(crate) fn exit_requested(&self, code: Option<i32>, exit: &ExitRequestApi) {
        if self.left.load(Ordering::SeqCst) {
            return;
        }
        exit.prevent_exit();
        if self.leaving.swap(true, Ordering::SeqCst) {
            return;
        }
        let handle = self.handle.clone();
        spawn(async move {
            let lifecycle = handle.state::<Lifecycle>();
            let limit = Duration::from_millis(SHUTDOWN_MS_MAX);
            if tokio::time::timeout(limit, lifecycle.end()).await.is_err() {
                tracing::error!(
                    SHUTDOWN_MS_MAX,
                    "stopping took too long; the next start continues where this one was"
                );
            }
            lifecycle.left.store(true, Ordering::SeqCst);
            handle.exit(code.unwrap_or(0));
        });
    }

    async fn open(&self) -> Session {
        match self.open_and_resume().await {
            Ok(app) => {
                let forwarding = spawn(events::forward(self.handle.clone(), app.events()));
                Session::Open(app, forwarding)
            }
            Err(refusal) => {
                let place = self.data_dir.display().to_string();
                Session::Refused(refusal.with("data_dir", &place))
            }
        }
    }

    async fn open_and_resume(&self) -> Result<App, ApiError> {
        let app = App::open(Options {
            data_dir: self.data_dir.clone(),
            secrets: secrets(),
        })
        .await?;
        if let Err(refusal) = app.resume_interrupted().await {
            // Without this the directory would stay held, and trying again would find it in use.
            app.shutdown().await;
            return Err(refusal);
        }
        app.keep_in_step();
        Ok(app)
    }

    async fn end(&self) {
        let session = std::mem::replace(&mut *self.session.lock().await, Session::Ended);
        if let Session::Open(app, forwarding) = session {
            app.shutdown().await;
            forwarding.abort();
        }
    }
}

/// Where secrets are kept: what the environment says, as for the command line; else where they were last time.
fn secrets() -> SecretChoice {
    let passphrase = std::env::var("LOCKSTEP_SECRET_PASSPHRASE")
        .map(Into::into)
        .ok();
    match (
        std::env::var("LOCKSTEP_SECRET_STORE").as_deref(),
        passphrase,
    ) {
        (Ok("file"), Some(passphrase)) => SecretChoice::File(passphrase),
        (Ok("keyring"), _) => SecretChoice::Keyring,
        (_, passphrase) => SecretChoice::Remembered(passphrase),
    }
}

/// Leaves in order when the system says so: a log-out, a shutdown, Ctrl-C in the terminal.
#[cfg(unix)]
async fn leave_on_signal(handle: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    );
    match signals {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            handle.exit(0);
        }
        (Err(error), _) | (_, Err(error)) => {
            tracing::warn!(%error, "signals cannot be heard; the window is the only way to leave in order");
        }
    }
}
