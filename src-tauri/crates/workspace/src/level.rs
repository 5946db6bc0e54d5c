//! Levels of the hierarchy and the types of item that stand on them.

use crate::id::{ItemTypeId, LevelId};

/// One level of the hierarchy. Levels are ordered; a parent stands on a level above its child's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Identity.
    pub id: LevelId,
    /// Depth from the top: 0 is the highest level (Initiative by default).
    pub depth: u8,
    /// Name of one, as the admin chose it.
    pub singular: String,
    /// Name of many.
    pub plural: String,
}

/// A type of item. Feature, Bug and Task may share the Feature level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemType {
    /// Identity.
    pub id: ItemTypeId,
    /// The level that its items stand on.
    pub level: LevelId,
    /// Name of one, as the admin chose it.
    pub singular: String,
    /// Name of many.
    pub plural: String,
    /// Name of an icon in the interface's set, for example `zap`.
    pub icon: String,
    /// A named colour of the interface's palette, for example `violet`.
    pub colour: String,
}
