//! The data directory: where the database lies, and who owns it.

use crate::error::EngineError;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The data directory, held by this process for as long as the value lives. A second Lockstep that
/// wants the same directory is refused rather than let two engines write.
pub struct Directory {
    path: PathBuf,
    // The lock goes with the file handle, also when the process is killed.
    _lock: fd_lock::RwLockWriteGuard<'static, File>,
}

impl Directory {
    /// Makes the directory if it is missing and takes hold of it.
    ///
    /// # Errors
    /// [`EngineError::AlreadyOpen`] if another process holds it, [`EngineError::DirectoryUnusable`] if it
    /// cannot be written.
    pub fn own(path: &Path) -> Result<Self, EngineError> {
        let unusable = |error: std::io::Error| EngineError::DirectoryUnusable(error.kind());
        std::fs::create_dir_all(path).map_err(unusable)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(unusable)?;
        // The guard borrows the lock; both live as long as the process needs the directory, and one
        // process opens few of them.
        let lock = Box::leak(Box::new(fd_lock::RwLock::new(file)));
        match lock.try_write() {
            Ok(guard) => Ok(Self {
                path: path.to_owned(),
                _lock: guard,
            }),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Err(EngineError::AlreadyOpen),
            Err(error) => Err(unusable(error)),
        }
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.path.join("lockstep.sqlite")
    }

    /// The file of secrets, where no keyring is used.
    #[must_use]
    pub fn secrets(&self) -> PathBuf {
        self.path.join("secrets.age")
    }
}
