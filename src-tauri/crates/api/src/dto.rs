//! What travels between the core and whoever shows it. Only these types are serialised for an
//! interface; field names are snake_case on the wire, enums are tagged by `type` or plain words.
//!
//! Local ids are numbers (row numbers, below 2^53); ids from outside are always text. Moments are
//! RFC 3339 text, days are `YYYY-MM-DD`.

mod activity;
mod app;
mod backlog;
mod conflict;
mod connection;
mod disconnected;
mod import;
mod leaving;
mod mapping;
mod push;
mod rich;
mod statuses;
mod sync;
mod why;

pub use activity::*;
pub use app::*;
pub use backlog::*;
pub use conflict::*;
pub use connection::*;
pub use disconnected::*;
pub use import::*;
pub use leaving::*;
pub use mapping::*;
pub use push::*;
pub use rich::*;
pub use statuses::*;
pub use sync::*;
pub use why::*;

/// Derives what every type on the wire has.
macro_rules! wire {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty),* }
    };
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$var_meta:meta])* $var:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$var_meta])* $var),* }
    };
    ($(#[$meta:meta])* pub tagged $name:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(tag = "type", rename_all = "snake_case")]
        pub enum $name { $($body)* }
    };
}
pub(crate) use wire;
