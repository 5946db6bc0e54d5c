//! The deciding, pure: what a mapping may be, what would happen, what two sides and their past make.
//!
//! No I/O, no clock, no product's name: a remote is a [`remote::Schema`] and values in its own terms.
//!
//! - [`types`], [`fields`], [`values`], [`statuses`]: what may be mapped to what, and the sensible proposal.
//! - [`convert`]: a remote's value in the workspace's terms; [`outgoing`]: the way back.
//! - [`reconcile`](mod@reconcile): the one table that says what two sides and their last agreement make.
//! - [`push`]: what issue would be made of an item.
//! - [`matching`]: whether an item and an issue that were never linked may be the same thing.
//! - [`plan`]: what happens to one remote issue; [`summary`]: what happens to all of them, counted.

pub mod convert;
pub mod fields;
#[cfg(test)]
mod fixtures;
pub mod mapping;
pub mod matching;
mod names;
pub mod outgoing;
pub mod plan;
pub mod push;
pub mod reconcile;
pub mod remote;
pub mod statuses;
pub mod summary;
pub mod types;
pub mod values;
