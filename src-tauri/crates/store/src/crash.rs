//! Numbered commits, so that a test can cut the power at any of them.

use std::sync::Arc;

/// Where the power goes at a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cut {
    /// Nowhere: the commit goes through and its caller is told.
    Never,
    /// Before the commit: nothing of the transaction remains.
    BeforeCommit,
    /// After the commit and before its caller is told.
    AfterCommit,
}

/// Says, for the n-th commit (from 1) of this store, whether the power goes. After a cut the store is
/// closed: every later call fails with [`StoreError::Closed`](crate::StoreError::Closed).
pub type CommitHook = Arc<dyn Fn(u64) -> Cut + Send + Sync>;
