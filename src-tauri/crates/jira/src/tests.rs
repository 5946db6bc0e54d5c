//! Through the transport: what Jira answers, as data.
