//! Which issues an import is about: the project, the admin's own filter, closed ones or not.

use crate::error::EngineError;
use crate::integrations::IntegrationView;
use crate::{Engine, Topic};
use jira::jql;
use store::IntegrationId;
use workspace::AreaId;

/// Bars of the age histogram: label, and days since the last update from and to.
const AGES: [(&str, Option<u32>, Option<u32>); 5] = [
    ("Last 7 days", None, Some(7)),
    ("8 to 30 days", Some(7), Some(30)),
    ("1 to 3 months", Some(30), Some(90)),
    ("3 to 12 months", Some(90), Some(365)),
    ("Older", Some(365), None),
];

/// What Jira says of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScopeReport {
    /// What Jira has against it, in its own words.
    pub errors: Vec<String>,
    /// How many issues match.
    pub count: Option<jira::Count>,
    /// How many of them are of which age.
    pub histogram: Vec<AgeBar>,
    /// The whole filter.
    pub jql: String,
}

/// A bar of the age histogram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgeBar {
    /// For example `Last 7 days`.
    pub label: &'static str,
    /// How many.
    pub count: u64,
}

/// The whole filter: the project, the admin's own filter without its order, and open issues only unless
/// closed ones are wanted too.
#[must_use]
pub fn effective_jql(project_key: &str, own: &str, include_closed: bool) -> String {
    let open = if include_closed {
        ""
    } else {
        "statusCategory != Done"
    };
    jql::all_of(&[
        &jql::in_project(project_key),
        jql::strip_order_by(own),
        open,
    ])
}

/// Whether a filter's issues are counted by age too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ages {
    Counted,
    Uncounted,
}

impl Engine {
    /// Asks Jira about a filter: whether it is accepted, how many issues match, and of which age.
    ///
    /// # Errors
    /// [`EngineError::ProjectReplaced`], or what the way to Jira meets; a filter that is not accepted is in
    /// the report.
    pub async fn check_scope(
        &self,
        id: IntegrationId,
        own: &str,
        include_closed: bool,
    ) -> Result<ScopeReport, EngineError> {
        self.same_project(id).await?;
        self.look_at_scope(id, own, include_closed, Ages::Counted)
            .await
    }

    /// As [`Engine::check_scope`]; the ages are counted only if somebody is going to look at them.
    pub(crate) async fn look_at_scope(
        &self,
        id: IntegrationId,
        own: &str,
        include_closed: bool,
        ages: Ages,
    ) -> Result<ScopeReport, EngineError> {
        let integration = self.integration(id).await?.integration.data;
        let client = self.client(integration.connection).await?;
        let whole = effective_jql(&integration.project_key, own, include_closed);
        let report = async {
            let mut report = ScopeReport {
                jql: whole.clone(),
                ..ScopeReport::default()
            };
            // The admin's own words are checked alone first: wrapped in ours, a closing bracket too many
            // could pass.
            let own = jql::strip_order_by(own);
            let alone = async {
                match own.trim() {
                    "" => Ok::<_, jira::Error>(Vec::new()),
                    _ => Ok(client.check_jql(own).await?.errors),
                }
            };
            let wrapped = async { Ok::<_, jira::Error>(client.check_jql(&whole).await?.errors) };
            let (alone, wrapped) = tokio::try_join!(alone, wrapped)?;
            report.errors = if alone.is_empty() { wrapped } else { alone };
            if !report.errors.is_empty() {
                return Ok(report);
            }
            report.count = Some(client.count(&whole).await?);
            if ages == Ages::Uncounted {
                return Ok(report);
            }
            let bars = AGES.map(|(label, from, to)| {
                let (client, whole) = (&client, &whole);
                async move {
                    let newer = to
                        .map(|days| format!("updated >= -{days}d"))
                        .unwrap_or_default();
                    let older = from
                        .map(|days| format!("updated < -{days}d"))
                        .unwrap_or_default();
                    let count = client.count(&jql::all_of(&[whole, &newer, &older])).await?;
                    Ok::<_, jira::Error>(AgeBar {
                        label,
                        count: count.value,
                    })
                }
            });
            report.histogram = futures::future::try_join_all(bars).await?;
            Ok(report)
        };
        let report: Result<ScopeReport, EngineError> = report.await;
        match report {
            Err(EngineError::Jira(jira::Error::Rejected { messages, .. })) => Ok(ScopeReport {
                errors: messages,
                jql: whole,
                ..ScopeReport::default()
            }),
            Err(error) => Err(self.note(integration.connection, error).await),
            Ok(report) => Ok(report),
        }
    }

    /// Keeps a filter and where imported items land.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an integration or area that is not there.
    pub async fn save_scope(
        &self,
        id: IntegrationId,
        own: &str,
        include_closed: bool,
        area: Option<AreaId>,
    ) -> Result<IntegrationView, EngineError> {
        if let Some(area) = area {
            let found = self
                .inner
                .store
                .read(move |read| store::area::get(read, area))
                .await?;
            found.ok_or(EngineError::NotFound("product area"))?;
        }
        let own = own.trim().to_owned();
        let view = self
            .change_integration(id, move |data| {
                data.jql = own;
                data.include_closed = include_closed;
                data.area = area;
            })
            .await?;
        self.tell(&[Topic::Integrations]);
        Ok(view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_filter_is_wrapped_and_its_order_is_cut() {
        assert_eq!(
            effective_jql("ORB", "labels = a OR labels = b ORDER BY rank", false),
            "(project = \"ORB\") AND (labels = a OR labels = b) AND (statusCategory != Done)"
        );
        assert_eq!(effective_jql("ORB", "", true), "(project = \"ORB\")");
    }
}
