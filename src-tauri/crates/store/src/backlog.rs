//! The backlog as a screen shows it: first the outline (which rows, in which order, how deep), which is
//! small enough to hold for the whole workspace; then the rows that are in sight.

mod outline;
mod query;
mod rows;

pub use outline::{Outline, OutlineRow, outline};
pub use query::{BacklogQuery, Column, Expansion, Sort};
pub use rows::{BacklogRow, RowLink, rows};

#[cfg(test)]
mod tests;
