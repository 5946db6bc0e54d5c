//! Writing the log back into the file, beside the writer.
//!
//! SQLite by itself does so within the commit that fills the log, and whoever commits waits for it. Here a
//! task of its own, over a connection of its own, writes back what there is while the writer goes on. The
//! writer then writes back the little that came meanwhile, and the log begins anew.

use crate::error::StoreError;
use rusqlite::Connection;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Times that the log is written back before the writer has its turn: each leaves less to the next one, unless
/// the disk is slower than what is written.
const PASSES_MAX: u32 = 5;

/// How long the log may get, in pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// From here on it is written back beside the writer. A page that many commits change is written back
    /// once for all of them.
    pub(crate) begin_pages: u32,
    /// From here on the writer waits: the disk is slower than what is written.
    pub(crate) wait_pages: u32,
}

impl Limits {
    /// Of a workspace: 64 MiB and 256 MiB.
    pub(crate) const WORKSPACE: Self = Self {
        begin_pages: 16_384,
        wait_pages: 65_536,
    };
}

/// Keeps the log of one file short.
pub(crate) struct Checkpoints {
    limits: Limits,
    /// None once the file is closed. Held while it writes back.
    connection: Mutex<Option<Connection>>,
    /// Length of the log after the last commit.
    pages: Arc<AtomicU32>,
    under_way: AtomicBool,
    /// The log was written back but for what came meanwhile.
    caught_up: AtomicBool,
}

impl Checkpoints {
    /// Takes the writing back of a file upon itself.
    ///
    /// # Errors
    /// What the database meets.
    pub(crate) fn of(
        writer: &mut Connection,
        connection: Connection,
        limits: Limits,
    ) -> Result<Arc<Self>, StoreError> {
        let pages = Arc::new(AtomicU32::new(0));
        let told = Arc::clone(&pages);
        writer.pragma_update(None, "wal_autocheckpoint", 0)?;
        writer.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages: i32| {
            told.store(u32::try_from(pages).unwrap_or(0), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Arc::new(Self {
            limits,
            connection: Mutex::new(Some(connection)),
            pages,
            under_way: AtomicBool::new(false),
            caught_up: AtomicBool::new(false),
        }))
    }

    /// Sees to the log after a commit; belongs on a blocking thread of a runtime.
    pub(crate) fn after_commit(self: &Arc<Self>, writer: &Connection) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages < self.limits.begin_pages {
            return;
        }
        if self.caught_up.swap(false, Ordering::AcqRel) {
            write_back(writer);
        } else if pages >= self.limits.wait_pages {
            let _held = self.lock();
            self.caught_up.store(false, Ordering::Release);
            write_back(writer);
        } else if !self.under_way.swap(true, Ordering::AcqRel) {
            let this = Arc::clone(self);
            tokio::task::spawn_blocking(move || {
                if let Some(connection) = this.lock().as_ref() {
                    this.catch_up(connection);
                    this.caught_up.store(true, Ordering::Release);
                }
                this.under_way.store(false, Ordering::Release);
            });
        }
    }

    /// Writes back until little has come meanwhile: that little is what the writer will wait for.
    fn catch_up(&self, connection: &Connection) {
        for _ in 0..PASSES_MAX {
            let before = self.pages.load(Ordering::Relaxed);
            write_back(connection);
            let came = self.pages.load(Ordering::Relaxed).saturating_sub(before);
            if came < self.limits.begin_pages / 16 {
                return;
            }
        }
    }

    /// Waits for a writing back that is under way, and lets go of the file. Blocks.
    pub(crate) fn close(&self) {
        drop(self.lock().take());
    }

    /// What is held is whole even after a panic: nothing is changed while it is held but by [`Self::close`].
    fn lock(&self) -> MutexGuard<'_, Option<Connection>> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes back what no reader still needs as it was, and waits for nobody. What is left, or fails, stays in
/// the log, from which it is read: nothing is lost, and the next commit tries again.
fn write_back(connection: &Connection) {
    let outcome = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    if let Err(error) = outcome {
        tracing::warn!(%error, "the log could not be written back");
    }
}

#[cfg(test)]
mod tests;
