//! The real program, started as anybody would start it.

mod asked;
mod contract;
mod demo;
mod going_on;
mod integrating;
mod killed;
mod kit;
mod printed;
#[cfg(target_os = "linux")]
mod progress;
mod statuses;
mod syncing;
#[cfg(unix)]
mod unwritable;
