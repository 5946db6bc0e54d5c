//! SQLite: migrations, one file a table, one writer, a pool of readers.
//!
//! [`Store::write`] runs a closure in one transaction on the only connection that may write, and its
//! future resolves after the commit has reached the disk. [`Store::read`] runs a closure over one
//! snapshot on one of a few read-only connections. The functions of a table take `&WriteTx` or `&Read`,
//! so that a caller composes several tables in one transaction.
//!
//! How tables are written:
//! - `STRICT`, a comment on every column that needs one, in the file that also has the row type, the
//!   reads and the writes.
//! - `NOT NULL` with a default; a column is nullable only where absence says something that no value
//!   can: a missing parent, moment or number. A missing text is the empty text.
//! - Identities are `AUTOINCREMENT`: a number that was deleted must never come to mean something else.
//! - Moments are milliseconds since 1970 UTC, days are `2026-01-31`, yes and no are 1 and 0, closed lists
//!   are the words that [`code`] names, values are JSON as in [`codec`].
//!
//! Deliberately absent: a clock (moments come in as parameters), secrets (a connection has only the
//! name under which the keyring holds its secret), and any decision about what should be written.

pub mod backlog;
mod checkpoint;
pub mod code;
pub mod codec;
// In debug builds a test can stop the store before or after its n-th commit, as a power cut would.
#[cfg(any(test, debug_assertions))]
pub mod crash;
mod error;
mod fold;
mod id;
mod migration;
mod seed;
mod sql;
mod store;
mod table;

pub use error::{ConstraintKind, StoreError};
pub use fold::fold;
pub use id::{ConnectionId, CreateIntentId, IntegrationId, JournalSeq, LinkId, RowSeq, RunId};
pub use migration::KNOWN_VERSION;
pub use sql::{Read, WriteTx};
pub use store::Store;
pub use table::{
    absence, area, comparison, conflict, connection, create_intent, deleted_item, disconnected,
    due, field, field_option, fuse, integration, item, item_type, journal, leaving, level, link,
    link_field, mapping, option_identity, pair, person, run, run_due, run_row, schema_snapshot,
    setting, severing,
};

#[cfg(test)]
mod testing;
