//! The file: one connection that writes, a few that read, and who waits for whom.
//!
//! Writers queue in our own fair lock rather than in SQLite's, which blocks a thread and sleeps. The work
//! runs on the runtime's blocking threads: a transaction never stands on a thread that serves others,
//! and a runtime whose clock is paused in a test does not move it while a transaction is under way. Only tests may ask
//! for the contrary ([`Store::work_in_place`]).

use crate::checkpoint::{Checkpoints, Limits};
use crate::error::StoreError;
use crate::migration;
use crate::sql::{Read, WriteTx};
use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::Path;
#[cfg(any(test, debug_assertions))]
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// How many snapshots are read at once.
const READERS: u32 = 4;

/// Pages that each reader keeps, in KiB. What it does not keep the operating system does.
const READER_CACHE_KIB: i64 = 1024;

/// Pages that the writer keeps, in KiB: it touches the ends of some thirty trees in each batch.
const WRITER_CACHE_KIB: i64 = 8_192;

/// How long to wait for another process that holds the file.
const BUSY_MAX: Duration = Duration::from_secs(10);

/// Prepared statements kept per connection: more than there are in this crate.
const STATEMENTS_MAX: usize = 256;

/// An open workspace file. Cloning gives another handle to the same one.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    /// None once the file is closed, and where it was opened for reading only.
    writer: Arc<tokio::sync::Mutex<Option<Writer>>>,
    /// None for a workspace in memory, which has one connection for everything.
    readers: Option<Readers>,
    /// None for a workspace in memory, which has no log.
    checkpoints: Option<Arc<Checkpoints>>,
    reads_only: bool,
    #[cfg(any(test, debug_assertions))]
    cuts: Arc<Cuts>,
    #[cfg(any(test, debug_assertions))]
    works_in_place: AtomicBool,
}

/// The connection that writes, and how it was last told to.
struct Writer {
    connection: Connection,
    /// None before the first commit, and where telling it failed.
    told: Option<Commit>,
}

struct Readers {
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

#[cfg(any(test, debug_assertions))]
#[derive(Default)]
struct Cuts {
    commits: AtomicU64,
    hook: Mutex<Option<crate::crash::CommitHook>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens a workspace file, makes and fills a new one if there is none, and brings an older one to the
    /// newest version (a copy is kept beside it).
    ///
    /// Blocks; takes milliseconds, or as long as a copy of the file takes when it has to be migrated.
    ///
    /// # Errors
    /// [`StoreError::Newer`], [`StoreError::Corrupt`], [`StoreError::ReadOnly`], [`StoreError::DiskFull`],
    /// [`StoreError::Busy`], [`StoreError::CannotOpen`].
    pub fn open(path: &Path, now: Timestamp) -> Result<Self, StoreError> {
        Self::open_with(path, now, migration::MIGRATIONS)
    }

    /// Opens a workspace file beside the process that owns it, for reading only: nothing is made, brought
    /// forward or written back, and [`Store::write`] is refused. What the owner commits is seen at once.
    ///
    /// # Errors
    /// [`StoreError::Older`], [`StoreError::Newer`], [`StoreError::Corrupt`], [`StoreError::CannotOpen`];
    /// [`StoreError::Busy`] while the owner has not filled a new file yet.
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        // Asked without opening it: to close a file gives up what SQLite has locked in it for this process.
        std::fs::metadata(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => StoreError::Busy,
            _ => StoreError::file(path, error),
        })?;
        let mut free = Vec::new();
        for _ in 0..READERS {
            // What is read lies in the log too, whose index SQLite shares between processes in a file beside
            // it. Where that may not be written, it is enough that the owner keeps it.
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let reader = reader(path, flags)?;
            // Who closes the file last would else write the log back, even for reading only.
            reader.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            migration::expect_newest(&reader)?;
            free.push(reader);
        }
        Ok(Self::over(None, Some(Readers::of(free)), None))
    }

    /// A new workspace that lives in memory and ends with its last handle.
    ///
    /// # Errors
    /// None that a caller can meet.
    pub fn in_memory(now: Timestamp) -> Result<Self, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        configure(&connection)?;
        migration::migrate(&mut connection, None, migration::MIGRATIONS, now)?;
        Ok(Self::over(Some(connection), None, None))
    }

    pub(crate) fn open_with(
        path: &Path,
        now: Timestamp,
        steps: &[&[&str]],
    ) -> Result<Self, StoreError> {
        Self::open_limited(path, now, steps, Limits::WORKSPACE)
    }

    pub(crate) fn open_limited(
        path: &Path,
        now: Timestamp,
        steps: &[&[&str]],
        limits: Limits,
    ) -> Result<Self, StoreError> {
        // Asked of the file system first, because SQLite has one word for all of its refusals.
        std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|error| StoreError::file(path, error))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut writer = Connection::open_with_flags(path, flags)?;
        configure(&writer)?;
        migration::migrate(&mut writer, Some(path), steps, now)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        let mut free = Vec::new();
        for _ in 0..READERS {
            let reader = reader(path, flags)?;
            reader.pragma_update(None, "query_only", true)?;
            free.push(reader);
        }
        let checkpoints = Checkpoints::of(&mut writer, reader(path, flags)?, limits)?;
        Ok(Self::over(
            Some(writer),
            Some(Readers::of(free)),
            Some(checkpoints),
        ))
    }

    /// Without a writer it reads only.
    fn over(
        writer: Option<Connection>,
        readers: Option<Readers>,
        checkpoints: Option<Arc<Checkpoints>>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                reads_only: writer.is_none(),
                writer: Arc::new(tokio::sync::Mutex::new(writer.map(Writer::of))),
                readers,
                checkpoints,
                #[cfg(any(test, debug_assertions))]
                cuts: Arc::default(),
                #[cfg(any(test, debug_assertions))]
                works_in_place: false.into(),
            }),
        }
    }

    /// Runs `work` in one transaction. Resolves after the commit is on the disk; if `work` fails, nothing
    /// of it remains. Writers take turns in the order in which they came. Dropping the future before it
    /// resolves leaves open whether the transaction takes place, never a part of it.
    ///
    /// # Errors
    /// What `work` gives; [`StoreError::Closed`]; [`StoreError::NotOwned`]; and what the commit meets.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.commit(Commit::OnDisk, work).await
    }

    /// As [`Store::write`], but resolves once the operating system has the commit, without waiting for the
    /// disk: for the many steps of long work that goes on where it was. If the application dies, nothing is
    /// lost. If the machine does, the last of these may be, always the latest first; none is lost before
    /// which a [`Store::write`] came to its end.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_step<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.commit(Commit::Handed, work).await
    }

    /// As [`Store::write`], and what it removes or replaces is overwritten wherever in the file it lay: for what
    /// should never have been there. Every page that comes free is written for it. The log still has what was
    /// there before; it goes when it is written back, at the latest when the file is closed.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_erasing<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.commit(Commit::Erasing, work).await
    }

    async fn commit<T, F>(&self, how: Commit, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        if self.inner.reads_only {
            return Err(StoreError::NotOwned);
        }
        let mut writer = Arc::clone(&self.inner.writer).lock_owned().await;
        #[cfg(any(test, debug_assertions))]
        let cuts = Arc::clone(&self.inner.cuts);
        let checkpoints = self.inner.checkpoints.clone();
        let task = move || {
            let connection = writer.as_mut().ok_or(StoreError::Closed)?.to(how)?;
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let outcome = work(&WriteTx::new(&transaction))?;
            #[cfg(any(test, debug_assertions))]
            {
                let cut = cuts.at_next_commit();
                match cut {
                    crate::crash::Cut::Never => transaction.commit()?,
                    crate::crash::Cut::BeforeCommit => drop(transaction),
                    crate::crash::Cut::AfterCommit => transaction.commit()?,
                }
                if cut != crate::crash::Cut::Never {
                    *writer = None;
                    return Err(StoreError::Closed);
                }
            }
            #[cfg(not(any(test, debug_assertions)))]
            transaction.commit()?;
            if let Some(checkpoints) = checkpoints {
                checkpoints.after_commit(connection);
            }
            Ok(outcome)
        };
        let outcome = self.blocking(task).await;
        #[cfg(any(test, debug_assertions))]
        if matches!(outcome, Err(StoreError::Closed))
            && let Some(readers) = &self.inner.readers
        {
            readers.permits.close();
        }
        outcome
    }

    /// Runs `work` over one snapshot of the last commit, beside the writer and other readers.
    ///
    /// # Errors
    /// What `work` gives; [`StoreError::Closed`].
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Read<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let Some(readers) = &self.inner.readers else {
            let mut writer = Arc::clone(&self.inner.writer).lock_owned().await;
            let task = move || {
                let writer = writer.as_mut().ok_or(StoreError::Closed)?;
                snapshot(&mut writer.connection, work)
            };
            return self.blocking(task).await;
        };
        let permit = Arc::clone(&readers.permits)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::Closed)?;
        let free = Arc::clone(&readers.free);
        let task = move || {
            let mut reader = Lent::take(free)?;
            let outcome = snapshot(reader.connection()?, work);
            drop(reader);
            drop(permit);
            outcome
        };
        self.blocking(task).await
    }

    /// Runs what blocks where that is allowed.
    async fn blocking<T, F>(&self, task: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, StoreError> + Send + 'static,
    {
        #[cfg(any(test, debug_assertions))]
        if self.inner.works_in_place.load(Ordering::Relaxed) {
            return task();
        }
        tokio::task::spawn_blocking(task)
            .await
            .unwrap_or_else(ended)
    }

    /// Waits for work under way, writes the log back into the file, and closes it. Later calls of any
    /// handle fail with [`StoreError::Closed`]; closing twice changes nothing.
    ///
    /// # Errors
    /// What writing the log back meets; the file is closed nevertheless, and nothing committed is lost.
    pub async fn close(&self) -> Result<(), StoreError> {
        let mut writer = Arc::clone(&self.inner.writer).lock_owned().await;
        if let Some(readers) = &self.inner.readers {
            if let Ok(all) = readers.permits.acquire_many(READERS).await {
                all.forget();
            }
            readers.permits.close();
            lock(&readers.free).clear();
        }
        let Some(Writer { connection, .. }) = writer.take() else {
            return Ok(());
        };
        let checkpoints = self.inner.checkpoints.clone();
        let task = move || {
            if let Some(checkpoints) = checkpoints {
                checkpoints.close();
            }
            let checkpoint = connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                .map_err(StoreError::from);
            connection
                .close()
                .map_err(|(_, error)| StoreError::from(error))?;
            checkpoint
        };
        self.blocking(task).await
    }

    /// Reads the whole file and says whether SQLite finds it sound. Takes seconds on a large workspace.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with what SQLite found.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.read(|read| {
            let found = read.all("PRAGMA quick_check(5)", [], |row| {
                Ok(row.get::<_, String>(0)?)
            })?;
            match found.as_slice() {
                [word] if word == "ok" => Ok(()),
                found => Err(StoreError::corrupt(found.join("; "))),
            }
        })
        .await
    }

    /// From now on asks `hook` at every commit whether the power goes.
    #[cfg(any(test, debug_assertions))]
    pub fn set_commit_hook(&self, hook: crate::crash::CommitHook) {
        *lock(&self.inner.cuts.hook) = Some(hook);
    }

    /// From now on works on the thread that asks: for tests that do so little at a time, and so much of it, that handing
    /// it to another thread costs more than doing it.
    #[cfg(any(test, debug_assertions))]
    pub fn work_in_place(&self) {
        self.inner.works_in_place.store(true, Ordering::Relaxed);
    }

    /// How many commits this store has begun.
    #[cfg(any(test, debug_assertions))]
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.inner.cuts.commits.load(Ordering::SeqCst)
    }
}

impl Writer {
    fn of(connection: Connection) -> Self {
        Self {
            connection,
            told: None,
        }
    }

    /// The connection, told how the next commit is to be written. Hardly ever that differs from the last one's.
    fn to(&mut self, how: Commit) -> Result<&mut Connection, StoreError> {
        if self.told != Some(how) {
            self.told = None;
            how.prepare(&self.connection)?;
            self.told = Some(how);
        }
        Ok(&mut self.connection)
    }
}

impl Readers {
    fn of(free: Vec<Connection>) -> Self {
        Self {
            free: Arc::new(Mutex::new(free)),
            permits: Arc::new(Semaphore::new(READERS as usize)),
        }
    }
}

#[cfg(any(test, debug_assertions))]
impl Cuts {
    fn at_next_commit(&self) -> crate::crash::Cut {
        let number = 1 + self.commits.fetch_add(1, Ordering::SeqCst);
        let hook = lock(&self.hook).clone();
        hook.map_or(crate::crash::Cut::Never, |hook| hook(number))
    }
}

/// A reader on loan: goes back to the others even if the work panics.
struct Lent {
    connection: Option<Connection>,
    free: Arc<Mutex<Vec<Connection>>>,
}

impl Lent {
    fn take(free: Arc<Mutex<Vec<Connection>>>) -> Result<Self, StoreError> {
        let connection = lock(&free).pop().ok_or(StoreError::Closed)?;
        Ok(Self {
            connection: Some(connection),
            free,
        })
    }

    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection.as_mut().ok_or(StoreError::Closed)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            lock(&self.free).push(connection);
        }
    }
}

/// When a commit counts as done, and what it leaves of what was there before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Commit {
    /// Once it is on the disk.
    OnDisk,
    /// Once the operating system has it.
    Handed,
    /// Once it is on the disk, and nothing of what was there before is left in the file.
    Erasing,
}

impl Commit {
    fn prepare(self, connection: &Connection) -> Result<(), StoreError> {
        // FAST overwrites what is removed from pages that are written anyway, and leaves those that come free.
        let (synchronous, secure_delete) = match self {
            Self::OnDisk => ("FULL", "FAST"),
            Self::Handed => ("NORMAL", "FAST"),
            Self::Erasing => ("FULL", "ON"),
        };
        connection.pragma_update(None, "synchronous", synchronous)?;
        connection.pragma_update(None, "secure_delete", secure_delete)?;
        Ok(())
    }
}

fn snapshot<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Read<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
    let outcome = work(&Read::new(&transaction))?;
    transaction.commit()?;
    Ok(outcome)
}

/// A connection beside the writer's, with a small cache.
fn reader(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags)?;
    configure(&connection)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BUSY_MAX)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // A statement keeps its plan whatever is bound to it. Else SQLite looks at what a limit, for one, is bound to, and
    // plans anew whenever that changes, which costs more than running it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // In KiB when negative.
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    Ok(())
}

fn ended<T>(error: JoinError) -> Result<T, StoreError> {
    match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => Err(StoreError::Closed),
    }
}

/// The list is whole even after a panic: nothing that can panic happens while it is locked.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
