//! The command table, its data types, error codes and TypeScript bindings.
//!
//! The shell, the command line and the browser host are hosts of this one table; none has rules of its own.

pub mod bindings;
mod commands;
pub mod dto;
pub mod error;
pub mod words;
