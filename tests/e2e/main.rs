//! The real window: the program that users start, its web view, the session bus and the keyring, driven over WebDriver.
//!
//! It wants the program built (`cargo build --workspace`) and a desktop of its own (`.ci/with-desktop`); `make test`
//! sees to both.

#![cfg(target_os = "linux")]

mod connecting;
mod importing;
mod instep;
mod opens;
mod refused;
mod secrets;
mod window;
