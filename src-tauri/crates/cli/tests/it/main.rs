//! The real program, started as anybody would start it.

mod contract;
mod demo;
mod killed;
mod kit;
