//! Through the transport: what Jira answers, as data.

mod answers;
mod detection;
mod identity;
mod kit;
mod lists;
mod numbered;
mod pace;
mod recorded;
mod searching;
