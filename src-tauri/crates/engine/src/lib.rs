//! The doing: connections, schema, import runs, secrets, the data directory.
//!
//! An [`Engine`] owns a data directory. Everything that takes long runs in tasks that it holds and stops;
//! what happens is told through [`Engine::events`]. Words for people and shapes for the wire are the api's.

mod activity;
mod adapter;
mod backlog;
mod choices;
mod connections;
mod cycle;
mod deletion;
mod directory;
mod disconnected;
mod edit;
mod error;
mod integrations;
mod leaving;
mod mapping;
mod new_item;
mod practice;
mod problem;
mod push;
mod resync;
mod rhythm;
mod rich;
mod run;
mod scope;
pub mod secrets;
mod setup;
mod sites;
mod statuses;
mod why;

pub use activity::{Activity, TakenBack};
pub use backlog::{BacklogView, BacklogWindow, ItemView, Moved, WindowRow};
pub use connections::{
    Attempt, CheckLine, CheckOutcome, ConnectionDraft, Network, Proxy, Report, SiteGuess,
};
pub use cycle::{
    ConflictFilter, ConflictView, CycleReport, DueView, ItemSync, Resolved, Undecided, UnmadeView,
    Unsent,
};
pub use deletion::{Deleted, DeletionExtent};
pub use directory::Directory;
pub use disconnected::{AbsentView, Disconnected, Look, Question, QuestionPair, Unlinked};
pub use edit::{EditRefusal, Edited, is_edited, is_of_kind};
pub use error::EngineError;
pub use integrations::{IntegrationDraft, IntegrationView, ProjectView};
pub use leaving::{Leaving, LeavingExtent, LeavingIntegration, Loss};
pub use mapping::{FieldsView, HierarchyView, SampleIssue};
pub use new_item::ItemDraft;
pub use problem::Problem;
pub use push::{CreateState, PushAnswer, PushChoices, PushPreview, Pushed};
pub use resync::{
    Choice, Compared, ComparedKey, Comparison, Held, IssueMatch, Resynced, SeenOnce, Standing,
};
pub use rhythm::{Hold, SyncState};
pub use rich::RichSource;
pub use run::{PlanNames, RowLook, RunState, RunView};
pub use scope::{AgeBar, ScopeReport};
pub use setup::SetupPlace;
pub use statuses::StatusesView;
pub use why::{Cure, Fact, Verdict, Why, WhyLine, WhyTarget};

use jiff::Timestamp;
use jira::{Clock, Jitter};
use practice::Practice;
use secrecy::SecretString;
use secrets::{FileSecrets, KeyringSecrets, MemorySecrets, SecretError, SecretStore};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Store;
use tokio::sync::{RwLock, broadcast};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Events kept for a listener that is slow.
const EVENTS_KEPT: usize = 256;

/// What an engine is opened with.
pub struct EngineOptions {
    /// Where the database lies.
    pub data_dir: PathBuf,
    /// Where secrets are kept.
    pub secrets: SecretChoice,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for spreading retries.
    pub jitter: Arc<dyn Jitter>,
    /// How to reach sites; the network unless a test brings its own.
    pub transports: Arc<dyn sites::Transports>,
}

/// Where secrets are kept.
#[derive(Debug, Clone)]
pub enum SecretChoice {
    /// Where they were last time; the passphrase is for the case that this is the file.
    Remembered(Option<SecretString>),
    /// The operating system's keyring.
    Keyring,
    /// An encrypted file, with its passphrase.
    File(SecretString),
    /// In memory, gone with the process; whoever keeps it can open another engine with the same secrets.
    Memory(Arc<MemorySecrets>),
}

/// Which store for secrets is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// The operating system's keyring.
    Keyring,
    /// An encrypted file.
    File,
    /// Memory.
    Memory,
}

impl SecretKind {
    fn word(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::File => "file",
            Self::Memory => "memory",
        }
    }
}

/// What may be stale after something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Settings and counts.
    App,
    /// Connections.
    Connections,
    /// Integrations and mappings.
    Integrations,
    /// Runs and plans.
    Runs,
    /// Items and areas.
    Items,
    /// What waits to be sent, conflicts, problems.
    Sync,
}

/// Something happened.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineEvent {
    /// These are stale.
    Changed(Vec<Topic>),
    /// A run moved on.
    Run(Box<RunView>),
}

/// An open workspace. Cloning gives another handle to the same one.
///
/// Beside the process that owns the data directory another one can be its guest: what it reads is what the
/// owner has committed; every change, and whatever takes a secret, is refused: Jira too, then.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    directory: Directory,
    store: Store,
    clock: Arc<dyn Clock>,
    jitter: Arc<dyn Jitter>,
    transports: Arc<dyn sites::Transports>,
    secrets: RwLock<Secrets>,
    practice: Practice,
    sites: sites::Sites,
    runs: run::Runs,
    cycles: cycle::Cycles,
    rhythm: rhythm::Rhythm,
    decisions: cycle::KeptDecisions,
    views: backlog::Views,
    events: broadcast::Sender<EngineEvent>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

struct Secrets {
    kind: SecretKind,
    store: Option<Arc<dyn SecretStore>>,
    problem: Option<SecretError>,
}

const SECRET_KIND: &str = "secrets.kind";

impl Engine {
    /// Takes hold of a data directory and opens what lies there, or begins it.
    ///
    /// # Errors
    /// [`EngineError::AlreadyOpen`], [`EngineError::DirectoryUnusable`], or what the database meets. A store
    /// for secrets that cannot be used is no error here: see [`Engine::secret_state`].
    pub async fn open(options: EngineOptions) -> Result<Self, EngineError> {
        Self::open_in(options, Directory::own).await
    }

    /// As [`Engine::open`], but as a guest where another process has the data directory: for whoever only
    /// reads.
    ///
    /// # Errors
    /// As [`Engine::open`]; as a guest also [`store::StoreError::Older`], because a file is brought forward by
    /// its owner.
    pub async fn open_to_read(options: EngineOptions) -> Result<Self, EngineError> {
        Self::open_in(options, Directory::own_or_visit).await
    }

    async fn open_in(
        options: EngineOptions,
        hold: fn(&Path) -> Result<Directory, EngineError>,
    ) -> Result<Self, EngineError> {
        let (path, now) = (options.data_dir, options.clock.now());
        // Disks may be slow, and a directory may lie on another machine.
        let (directory, store) = tokio::task::spawn_blocking(move || {
            let directory = hold(&path)?;
            let database = directory.database();
            let store = if directory.is_owned() {
                Store::open(&database, now)?
            } else {
                Store::open_to_read(&database)?
            };
            Ok::<_, EngineError>((directory, store))
        })
        .await
        .map_err(|error| EngineError::Bug(error.to_string()))??;
        let owned = directory.is_owned();
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let engine = Self {
            inner: Arc::new(Inner {
                secrets: RwLock::new(Secrets {
                    kind: SecretKind::Keyring,
                    store: None,
                    problem: Some(SecretError::NotOwned),
                }),
                practice: Practice::new(stop.child_token(), tasks.clone()),
                sites: sites::Sites::default(),
                runs: run::Runs::default(),
                cycles: cycle::Cycles::default(),
                rhythm: rhythm::Rhythm::default(),
                decisions: cycle::KeptDecisions::default(),
                views: backlog::Views::default(),
                events: broadcast::channel(EVENTS_KEPT).0,
                directory,
                store,
                clock: options.clock,
                jitter: options.jitter,
                transports: options.transports,
                stop,
                tasks,
            }),
        };
        if owned {
            engine.choose_remembered(options.secrets).await?;
            engine.settle_interrupted().await?;
        } else {
            let kind = engine.remembered_secrets().await?;
            engine.inner.secrets.write().await.kind = kind;
        }
        Ok(engine)
    }

    /// Whether this process owns the data directory, or is a guest there.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.inner.directory.is_owned()
    }

    /// Where secrets were kept last time.
    async fn remembered_secrets(&self) -> Result<SecretKind, EngineError> {
        let read = self
            .inner
            .store
            .read(|read| store::setting::get(read, SECRET_KIND));
        Ok(match read.await?.as_deref() {
            Some("file") => SecretKind::File,
            _ => SecretKind::Keyring,
        })
    }

    async fn choose_remembered(&self, choice: SecretChoice) -> Result<(), EngineError> {
        let choice = match choice {
            SecretChoice::Remembered(passphrase) => {
                match (self.remembered_secrets().await?, passphrase) {
                    (SecretKind::File, Some(passphrase)) => SecretChoice::File(passphrase),
                    (SecretKind::File, None) => {
                        let mut secrets = self.inner.secrets.write().await;
                        secrets.kind = SecretKind::File;
                        secrets.problem = Some(SecretError::Locked);
                        return Ok(());
                    }
                    _ => SecretChoice::Keyring,
                }
            }
            other => other,
        };
        match self.choose_secrets(choice).await {
            Ok(()) | Err(EngineError::Secret(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Chooses where secrets are kept, and remembers it if it works.
    ///
    /// # Errors
    /// [`EngineError::Secret`] if the store cannot be used; the choice then stands as one with a problem.
    pub async fn choose_secrets(&self, choice: SecretChoice) -> Result<(), EngineError> {
        if !self.is_owner() {
            return Err(SecretError::NotOwned.into());
        }
        let (kind, opened): (SecretKind, Result<Arc<dyn SecretStore>, SecretError>) = match choice {
            SecretChoice::Remembered(_) | SecretChoice::Keyring => {
                (SecretKind::Keyring, Ok(Arc::new(KeyringSecrets::default())))
            }
            SecretChoice::File(passphrase) => {
                let opened = FileSecrets::open(&self.inner.directory.secrets(), passphrase).await;
                (
                    SecretKind::File,
                    opened.map(|store| Arc::new(store) as Arc<dyn SecretStore>),
                )
            }
            SecretChoice::Memory(secrets) => (SecretKind::Memory, Ok(secrets)),
        };
        let proven = match opened {
            Ok(store) => store.probe().await.map(|()| store),
            Err(problem) => Err(problem),
        };
        let mut secrets = self.inner.secrets.write().await;
        secrets.kind = kind;
        match proven {
            Ok(store) => {
                secrets.store = Some(store);
                secrets.problem = None;
                drop(secrets);
                let word = if kind == SecretKind::File {
                    "file"
                } else {
                    "keyring"
                };
                self.inner
                    .store
                    .write(move |tx| store::setting::set(tx, SECRET_KIND, word))
                    .await?;
                self.tend_secrets().await;
                self.tell(&[Topic::App]);
                Ok(())
            }
            Err(problem) => {
                secrets.store = None;
                secrets.problem = Some(problem.clone());
                Err(problem.into())
            }
        }
    }

    /// Which store for secrets is in use, and why it cannot be, if so.
    pub async fn secret_state(&self) -> (SecretKind, Option<SecretError>) {
        let secrets = self.inner.secrets.read().await;
        (secrets.kind, secrets.problem.clone())
    }

    /// Whether an encrypted file of secrets lies in the data directory, in use or not.
    pub async fn secret_file_exists(&self) -> bool {
        FileSecrets::exists(&self.inner.directory.secrets()).await
    }

    pub(crate) async fn secrets(&self) -> Result<Arc<dyn SecretStore>, EngineError> {
        let secrets = self.inner.secrets.read().await;
        match (&secrets.store, &secrets.problem) {
            (Some(store), _) => Ok(store.clone()),
            (None, Some(problem)) => Err(problem.clone().into()),
            (None, None) => Err(SecretError::Unavailable.into()),
        }
    }

    /// What happens from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<EngineEvent> {
        self.inner.events.subscribe()
    }

    /// The database, for reading.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Where the data lies.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        self.inner.directory.path()
    }

    /// Ends everything that runs, waits for it, and closes the database. A run that is under way is left
    /// where it is and goes on at the next start.
    pub async fn shutdown(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
        if let Err(error) = self.inner.store.close().await {
            tracing::warn!(%error, "the database did not close cleanly");
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Tells whoever listens; nobody listening is fine.
    pub(crate) fn tell(&self, topics: &[Topic]) {
        if topics.contains(&Topic::Items) {
            self.inner.views.forget();
        }
        let listeners = self
            .inner
            .events
            .send(EngineEvent::Changed(topics.to_vec()));
        tracing::trace!(heard = listeners.is_ok(), "changed");
    }

    pub(crate) fn tell_run(&self, run: RunView) {
        let listeners = self.inner.events.send(EngineEvent::Run(Box::new(run)));
        tracing::trace!(heard = listeners.is_ok(), "run moved on");
    }
}

/// Names are short and not empty.
pub(crate) fn checked_name(name: &str) -> Result<String, EngineError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(EngineError::NameInvalid);
    }
    Ok(name.to_owned())
}

pub use sites::{NetworkTransports, Transports};
