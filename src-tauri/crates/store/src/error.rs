//! What can go wrong, classified where SQLite or the file system says it.

use rusqlite::ffi;
use std::path::PathBuf;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file was written by a newer version of the application.
    #[error(
        "the workspace file has version {found}, this application knows versions up to {known}"
    )]
    Newer {
        /// Version of the file.
        found: u32,
        /// Newest version that this application reads.
        known: u32,
    },
    /// The file was written by an older version of the application, and whoever only reads it does not bring
    /// it forward.
    #[error("the workspace file has version {found}, this application reads version {known}")]
    Older {
        /// Version of the file.
        found: u32,
        /// The version that this application reads.
        known: u32,
    },
    /// The file was opened for reading only: it is for its owner to write.
    #[error("the workspace file is open for reading only")]
    NotOwned,
    /// The file is damaged, is not a workspace, or holds what no version ever wrote.
    #[error("the workspace file is damaged: {what}")]
    Corrupt {
        /// Where and what.
        what: String,
    },
    /// The file or its folder may not be written.
    #[error("the workspace file cannot be written: it or its folder is read-only")]
    ReadOnly,
    /// No room is left for the file.
    #[error("the disk is full")]
    DiskFull,
    /// The operating system failed to read or write the file: a quota, a drive that went away or fails.
    #[error("the disk failed: {what}")]
    DiskFailed {
        /// What SQLite says.
        what: String,
    },
    /// Another process held the file for too long.
    #[error("another process is using the workspace file")]
    Busy,
    /// The file cannot be opened or made, for a reason other than those above.
    #[error("cannot open {path}: {source}", path = path.display())]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Something that the caller named does not exist.
    #[error("no such {what}: {id}")]
    NotFound {
        /// The table.
        what: &'static str,
        /// What the caller named.
        id: String,
    },
    /// A rule of a table forbids the write.
    #[error("a rule of the workspace forbids this: {what}")]
    Constraint {
        /// Which sort of rule.
        kind: ConstraintKind,
        /// The table and columns, or the rule's name.
        what: String,
    },
    /// Items cannot be deleted because others, which were to stay, are part of them.
    #[error("{count} items that are to stay are part of the ones to delete")]
    HasChildren {
        /// How many.
        count: u64,
    },
    /// The store was closed, or the runtime that runs its work is shutting down.
    #[error("the workspace file is closed")]
    Closed,
    /// Any other word of SQLite: a bug.
    #[error("the database refused: {0}")]
    Sql(rusqlite::Error),
}

/// Sorts of rules that a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConstraintKind {
    /// There is one already.
    Unique,
    /// What it refers to does not exist, or something refers to what should go.
    Reference,
    /// The value itself is not allowed.
    Check,
}

impl StoreError {
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }

    pub(crate) fn not_found(what: &'static str, id: impl std::fmt::Display) -> Self {
        Self::NotFound {
            what,
            id: id.to_string(),
        }
    }

    pub(crate) fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match source.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::CannotOpen {
                path: path.to_owned(),
                source,
            },
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error;
        match &error {
            Error::SqliteFailure(failure, message) => {
                classify(*failure, message.as_deref()).unwrap_or(Self::Sql(error))
            }
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..) => Self::corrupt(error.to_string()),
            _ => Self::Sql(error),
        }
    }
}

fn classify(failure: ffi::Error, message: Option<&str>) -> Option<StoreError> {
    use rusqlite::ErrorCode;
    let what = || message.unwrap_or("no more is known").to_owned();
    Some(match failure.code {
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::corrupt(what()),
        // The file itself was opened before; what cannot be opened now is the log beside it.
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
            StoreError::ReadOnly
        }
        ErrorCode::DiskFull => StoreError::DiskFull,
        ErrorCode::SystemIoFailure => StoreError::DiskFailed { what: what() },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::ConstraintViolation => StoreError::Constraint {
            kind: match failure.extended_code {
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                    ConstraintKind::Unique
                }
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ConstraintKind::Reference,
                _ => ConstraintKind::Check,
            },
            what: what(),
        },
        _ => return None,
    })
}
