//! System tests: through the command table, over real sockets, beside the house itself.

mod activity;
mod apart;
mod architecture;
mod bulk;
mod contract;
mod dependencies;
mod guest;
mod import;
mod leaving;
mod push;
mod refusals;
mod statuses;
mod sync;
