//! The data directory: where the database lies, who owns it, and who is its guest.

use crate::error::EngineError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// The data directory. Its owner holds it for as long as the value lives; a second Lockstep is refused, or is
/// a guest, which reads and leaves everything as it is, rather than let two engines write.
pub struct Directory {
    path: PathBuf,
    /// Locked; none for a guest. The lock goes with the handle, also when the process is killed.
    lock: Option<File>,
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
        match file.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                lock: Some(file),
            }),
            Err(TryLockError::WouldBlock) => Err(EngineError::AlreadyOpen),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// As [`Directory::own`], but as a guest where another process holds it. What cannot be written cannot be
    /// visited either: whether somebody holds it is only known to who may take hold of it.
    ///
    /// # Errors
    /// [`EngineError::DirectoryUnusable`].
    pub fn own_or_visit(path: &Path) -> Result<Self, EngineError> {
        match Self::own(path) {
            Err(EngineError::AlreadyOpen) => Ok(Self {
                path: path.to_owned(),
                lock: None,
            }),
            owned => owned,
        }
    }

    /// Whether this process holds it.
    #[must_use]
    pub fn is_owned(&self) -> bool {
        self.lock.is_some()
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
