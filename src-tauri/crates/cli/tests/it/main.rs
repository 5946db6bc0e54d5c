//! The real program, started as anybody would start it.

mod killed;
mod kit;
