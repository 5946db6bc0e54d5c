//! Jira Cloud and Data Center as one typed client over a byte-level transport.

pub mod richtext;
