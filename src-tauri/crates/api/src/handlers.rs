//! The commands: each one method of [`App`](crate::App), named as in the table.

mod activity;
mod app;
mod backlog;
mod conflict;
mod connections;
mod disconnected;
mod import;
mod leaving;
mod mapping;
mod push;
mod rich;
mod statuses;
mod sync;
mod why;
