//! System tests: through the command table, over real sockets, beside the house itself.

mod apart;
mod architecture;
mod bulk;
mod contract;
mod guest;
mod dependencies;
mod import;
mod leaving;
mod push;
mod refusals;
mod statuses;
mod sync;
