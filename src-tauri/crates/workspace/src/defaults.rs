//! What a new workspace holds before anybody shapes it.

use crate::field::{StatusCategory, SystemField};

/// A level of a new workspace, with the types that stand on it.
#[derive(Debug, Clone, Copy)]
pub struct DefaultLevel {
    /// Name of one.
    pub singular: &'static str,
    /// Name of many.
    pub plural: &'static str,
    /// The types on it: singular, plural, icon, colour.
    pub types: &'static [(&'static str, &'static str, &'static str, &'static str)],
}

/// Levels from the top down.
pub const LEVELS: [DefaultLevel; 4] = [
    DefaultLevel {
        singular: "Initiative",
        plural: "Initiatives",
        types: &[("Initiative", "Initiatives", "flag", "amber")],
    },
    DefaultLevel {
        singular: "Epic",
        plural: "Epics",
        types: &[("Epic", "Epics", "zap", "violet")],
    },
    DefaultLevel {
        singular: "Feature",
        plural: "Features",
        types: &[
            ("Feature", "Features", "puzzle", "green"),
            ("Bug", "Bugs", "bug", "red"),
            ("Task", "Tasks", "square-check", "blue"),
            ("Requirement", "Requirements", "file-check", "teal"),
            ("Improvement", "Improvements", "trending-up", "cyan"),
        ],
    },
    DefaultLevel {
        singular: "Story",
        plural: "Stories",
        types: &[("Story", "Stories", "bookmark", "slate")],
    },
];

/// Statuses in order: name, category, colour.
pub const STATUSES: [(&str, StatusCategory, &str); 5] = [
    ("Open", StatusCategory::Open, "slate"),
    ("In design", StatusCategory::InProgress, "violet"),
    ("In development", StatusCategory::InProgress, "blue"),
    ("In review", StatusCategory::InProgress, "cyan"),
    ("Done", StatusCategory::Done, "green"),
];

/// Other choices that a new workspace has, by field, from the most to the least.
pub const CHOICES: [(SystemField, &[&str]); 2] = [
    (
        SystemField::Importance,
        &["Blocker", "High", "Medium", "Low"],
    ),
    (SystemField::Kano, &["Basic", "Performer", "Exciter"]),
];

/// Name of the product area that a new workspace starts with.
pub const AREA: &str = "Product";
