//! A simulated Jira site, with a Cloud and a Data Center face.
//!
//! [`Site`] is a pure state machine: a request and a moment go in, an answer and events come out. It does no I/O, reads no
//! clock and takes all invention from one seed, so that the same configuration and the same requests give the same bytes.
//! [`server::serve`] puts a site behind HTTP on a listener; the binary of this package does so on loopback.
//!
//! ```
//! use practice_jira::{Site, SiteConfig};
//!
//! let mut site = Site::new(SiteConfig::cloud(50, 7));
//! let request = http::Request::get("/rest/api/3/serverInfo").body(bytes::Bytes::new()).expect("a plain request");
//! let answer = site.handle(request, jiff::Timestamp::UNIX_EPOCH);
//! assert_eq!(answer.response.status(), 200);
//! ```

mod absence;
mod answer;
mod auth;
mod config;
mod document;
mod face;
mod faults;
mod generate;
mod http;
mod jql;
mod json;
mod limits;
mod record;
mod render;
mod rng;
mod search;
pub mod server;
mod site;
mod state;
mod time;
mod view;
mod webhooks;
mod write;

pub use auth::Credentials;
pub use config::{DcVersion, Face, SiteConfig};
pub use faults::{Bucket, Faults, Limits, Refusal};
pub use record::Exchange;
pub use site::{Answer, Event, Site};
