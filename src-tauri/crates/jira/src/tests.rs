//! Through the transport: what Jira answers, as data.

mod answers;
mod changes;
mod detection;
mod fixtures;
mod identity;
mod kit;
mod lacking;
mod limits;
mod lists;
mod numbered;
mod pace;
mod recorded;
mod searching;
mod throughput;
mod writing;
