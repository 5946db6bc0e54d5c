//! The command table, its data types, error codes and TypeScript bindings.
//!
//! The shell, the command line and the browser host are hosts of this one table; none has rules of its own.

mod app;
pub mod bindings;
mod commands;
mod convert;
pub mod dto;
pub mod error;
pub mod export;
mod handlers;
mod plain;
mod reasons;
pub mod words;

pub use app::{App, Options, default_data_dir};
pub use dto::Event;
pub use engine::{Proxy, SecretChoice};
pub use error::ErrorDto as ApiError;
