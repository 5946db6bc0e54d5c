//! Product areas: a tree of containers. Every item lies in exactly one.

use crate::id::AreaId;

/// A product area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Identity.
    pub id: AreaId,
    /// The area that it lies in; none at the top.
    pub parent: Option<AreaId>,
    /// Name, unique among its siblings.
    pub name: String,
    /// Place among its siblings, counted from 0.
    pub position: u32,
}

/// Name of the area that imported items land in unless another is chosen.
pub const IMPORTED: &str = "Imported from Jira";
