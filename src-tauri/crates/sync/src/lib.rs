//! The deciding, pure: what a mapping may be, what would happen, what two sides and their past make.
//!
//! No I/O, no clock, no product's name: a remote is a [`remote::Schema`] and values in its own terms.

pub mod mapping;
pub mod remote;
