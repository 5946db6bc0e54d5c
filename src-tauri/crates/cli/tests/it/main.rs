//! The real program, started as anybody would start it.

mod asked;
mod contract;
mod demo;
mod disconnecting;
mod going_on;
mod integrating;
mod killed;
mod kit;
mod looking;
mod printed;
#[cfg(target_os = "linux")]
mod progress;
mod statuses;
mod syncing;
#[cfg(unix)]
mod unwritable;
