//! Practice sites on this machine: the simulated Jira, served on loopback, so that a rehearsal goes over
//! HTTP like the real thing.

use crate::error::EngineError;
use practice_jira::server::{ServeOptions, serve};
use practice_jira::{Site, SiteConfig};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What a practice site is made from; the same values always give the same site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rehearsal {
    /// Cloud rather than Data Center.
    pub cloud: bool,
    /// Issues on it.
    pub issues: u32,
    /// What the data is drawn from.
    pub seed: u64,
}

/// What opens a practice site. Public words: it has nothing to protect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeWords {
    /// E-mail on Cloud; empty on Data Center, where a personal access token needs no name.
    pub login: String,
    /// Token.
    pub secret: String,
}

struct Served {
    port: u16,
    words: PracticeWords,
}

/// The practice sites that are being served.
pub struct Practice {
    /// A cell each: thousands of issues take a moment to make up, and only those who want them wait.
    sites: Mutex<BTreeMap<Rehearsal, Arc<OnceCell<Served>>>>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Practice {
    /// Serves none yet; those that it will serve end with `stop`.
    #[must_use]
    pub fn new(stop: CancellationToken, tasks: TaskTracker) -> Self {
        Self {
            sites: Mutex::new(BTreeMap::new()),
            stop,
            tasks,
        }
    }

    /// The address of a practice site, which is started if it is not running.
    ///
    /// # Errors
    /// If no port of this machine can be listened on.
    pub async fn address(&self, rehearsal: Rehearsal) -> Result<String, EngineError> {
        let cell = self.cell(rehearsal);
        let served = cell.get_or_try_init(|| self.begin(rehearsal)).await?;
        Ok(address(served.port))
    }

    /// What opens a practice site, which is started if it is not running.
    ///
    /// # Errors
    /// As [`Practice::address`].
    pub async fn credentials(&self, rehearsal: Rehearsal) -> Result<PracticeWords, EngineError> {
        let cell = self.cell(rehearsal);
        let served = cell.get_or_try_init(|| self.begin(rehearsal)).await?;
        Ok(served.words.clone())
    }

    fn cell(&self, rehearsal: Rehearsal) -> Arc<OnceCell<Served>> {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        sites.entry(rehearsal).or_default().clone()
    }

    async fn begin(&self, rehearsal: Rehearsal) -> Result<Served, EngineError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(|error| EngineError::Bug(format!("no port for a practice site: {error}")))?;
        let port = listener
            .local_addr()
            .map_err(|error| EngineError::Bug(format!("no port for a practice site: {error}")))?
            .port();
        let config = config(rehearsal);
        let site = tokio::task::spawn_blocking(move || Site::new(config))
            .await
            .map_err(|error| EngineError::Bug(error.to_string()))?;
        let known = site.credentials();
        let words = if rehearsal.cloud {
            PracticeWords {
                login: known.email,
                secret: known.api_token,
            }
        } else {
            PracticeWords {
                login: String::new(),
                secret: known.pat,
            }
        };
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            let site = Arc::new(Mutex::new(site));
            let options = ServeOptions::default();
            let served = serve(listener, site, options, stop.cancelled_owned()).await;
            if let Err(error) = served {
                tracing::warn!(%error, "a practice site ended");
            }
        });
        Ok(Served { port, words })
    }
}

fn address(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn config(rehearsal: Rehearsal) -> SiteConfig {
    let issues = usize::try_from(rehearsal.issues).unwrap_or(usize::MAX);
    if rehearsal.cloud {
        SiteConfig::cloud(issues, rehearsal.seed)
    } else {
        SiteConfig::data_center(issues, rehearsal.seed)
    }
}
