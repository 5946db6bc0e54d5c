//! People. Somebody met in a sync is recorded even when nobody invited them, so a name is never lost.

use crate::id::PersonId;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Identity.
    pub id: PersonId,
    /// Name to show. Never empty: where a remote hides it, the remote's own id stands here.
    pub name: String,
    /// E-mail address, where it is known. Jira Cloud hides most.
    pub email: Option<String>,
    /// What the person may do here.
    pub seat: Seat,
}

/// What a person may do in the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seat {
    /// May shape the workspace.
    Admin,
    /// May edit items.
    Editor,
    /// Reads only; costs nothing.
    Contributor,
    /// Nobody invited them: they were met in a sync.
    Met,
}
