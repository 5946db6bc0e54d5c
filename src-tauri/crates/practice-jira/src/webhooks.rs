//! Webhooks as the administrator registers them, and the deliveries that changes lead to.

/// A registered webhook.
#[derive(Debug, Clone)]
pub(crate) struct Hook {
    pub id: u32,
    pub name: String,
    pub url: String,
    pub events: Vec<String>,
    pub jql: Option<String>,
    pub secret: Option<String>,
    pub exclude_body: bool,
    pub enabled: bool,
}
