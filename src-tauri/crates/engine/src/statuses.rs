//! Step 8: which of Jira's statuses stands for which of the workspace's, and the way back.

use crate::cycle::STATUS_PROBLEMS;
use crate::error::EngineError;
use crate::integrations::IntegrationView;
use crate::mapping::names;
use crate::{Engine, Topic};
use std::collections::{BTreeMap, BTreeSet};
use store::IntegrationId;
use store::mapping::RemoteNames;
use sync::mapping::{Mapping, Severity, StatusPair, StatusRule};
use sync::remote::{RemoteStatus, Schema};
use sync::statuses::{StatusFinding, StatusProposals};
use workspace::{FieldKey, FieldOption, OptionId, SystemField};

/// Everything about the statuses of an integration.
pub struct StatusesView {
    /// The workspace's statuses, in order.
    pub options: Vec<FieldOption>,
    /// Statuses of the project's workflows.
    pub remote: Vec<RemoteStatus>,
    /// Statuses (id and name) that were mapped and are gone from Jira.
    pub gone: Vec<(String, String)>,
    /// Pairs that were saved, else the proposal.
    pub pairs: Vec<StatusPair>,
    /// How statuses are kept in step.
    pub rule: StatusRule,
    /// What is proposed.
    pub proposals: StatusProposals,
    /// Linked items by their issue's status, by its name.
    pub counts: BTreeMap<String, u64>,
    /// Whether the pairs were saved.
    pub saved: bool,
    /// What is to say about the pairs.
    pub findings: Vec<StatusFinding>,
}

impl StatusesView {
    fn check(&mut self) {
        self.findings = sync::statuses::check(&self.options, &self.remote, &self.pairs, self.rule);
    }
}

impl Engine {
    /// Everything that step 8 shows.
    ///
    /// # Errors
    /// What Jira says.
    pub async fn statuses(
        &self,
        id: IntegrationId,
        refresh: bool,
    ) -> Result<StatusesView, EngineError> {
        Ok(self.statuses_and_schema(id, refresh).await?.0)
    }

    async fn statuses_and_schema(
        &self,
        id: IntegrationId,
        refresh: bool,
    ) -> Result<(StatusesView, Schema), EngineError> {
        let schema = self.schema(id, refresh).await?;
        let read = self.inner.store.read(move |read| {
            let (mapping, names) = store::mapping::load(read, id)?;
            let options = store::field_option::list(read)?;
            let counts = store::link::statuses_of_integration(read, id)?;
            Ok((mapping, names, options, counts))
        });
        let (mapping, names, options, counts) = read.await?;
        let view = view(&schema, mapping, &names, options, counts);
        Ok((view, schema))
    }

    /// What is to say about pairs of statuses.
    ///
    /// # Errors
    /// What Jira says, if the project was never looked at.
    pub async fn check_statuses(
        &self,
        id: IntegrationId,
        pairs: Vec<StatusPair>,
        rule: StatusRule,
    ) -> Result<StatusesView, EngineError> {
        let mut view = self.statuses(id, false).await?;
        (view.pairs, view.rule) = (pairs, rule);
        view.check();
        Ok(view)
    }

    /// Keeps pairs of statuses. Issues whose status stands for something else now are looked at with the next cycle,
    /// and those that wait because of their status are tried again.
    ///
    /// # Errors
    /// [`EngineError::StatusesRefused`]; [`EngineError::MappingMissing`] before types and fields were saved.
    pub async fn save_statuses(
        &self,
        id: IntegrationId,
        pairs: Vec<StatusPair>,
        rule: StatusRule,
    ) -> Result<IntegrationView, EngineError> {
        let integration = self.integration(id).await?;
        if !integration.types_saved || !integration.fields_saved {
            return Err(EngineError::MappingMissing);
        }
        let (mut view, schema) = self.statuses_and_schema(id, false).await?;
        (view.pairs, view.rule) = (pairs, rule);
        view.check();
        let mut refused = view.findings;
        refused.retain(|finding| finding.reason.severity() == Severity::Refused);
        if !refused.is_empty() {
            return Err(EngineError::StatusesRefused(refused));
        }
        let (pairs, now) = (view.pairs, self.now());
        self.inner
            .store
            .write(move |tx| {
                let (mut mapping, known) = store::mapping::load(tx, id)?;
                let before = std::mem::replace(&mut mapping.statuses, pairs);
                mapping.status_rule = rule;
                let mut names = names(&schema);
                // A status that is gone is still called what it was called.
                for (status, name) in known.statuses {
                    names.statuses.entry(status).or_insert(name);
                }
                store::mapping::save(tx, id, &mapping, &names)?;
                let same = same_as_before(&schema, &before, &mapping.statuses);
                store::due::mark_statuses(tx, id, &same, now)?;
                store::due::retry_codes(tx, id, &STATUS_PROBLEMS, now)
            })
            .await?;
        self.tell(&[Topic::Integrations, Topic::Sync]);
        self.integration(id).await
    }
}

fn view(
    schema: &Schema,
    mapping: Mapping,
    names: &RemoteNames,
    mut options: Vec<FieldOption>,
    counts: BTreeMap<String, u64>,
) -> StatusesView {
    options.retain(|option| option.field == FieldKey::System(SystemField::Status));
    let proposals = sync::statuses::propose(&options, &schema.statuses);
    let saved = !mapping.statuses.is_empty();
    let pairs = if saved {
        mapping.statuses
    } else {
        let proposed = proposals.pairs.iter();
        proposed.map(|proposal| proposal.pair.clone()).collect()
    };
    let is_there = |id: &String| schema.statuses.iter().any(|status| status.id == *id);
    let gone = pairs.iter().filter(|pair| !is_there(&pair.remote_status));
    let gone = gone.map(|pair| {
        let id = pair.remote_status.clone();
        let name = names.statuses.get(&id).cloned();
        (id.clone(), name.unwrap_or(id))
    });
    let mut view = StatusesView {
        gone: gone.collect(),
        remote: schema.statuses.clone(),
        rule: mapping.status_rule,
        options,
        pairs,
        proposals,
        counts,
        saved,
        findings: Vec::new(),
    };
    view.check();
    view
}

/// Names of statuses that stand for the same as before. Two of one name that stand for different ones are not among
/// them: an item knows its issue's status by name.
fn same_as_before(schema: &Schema, before: &[StatusPair], after: &[StatusPair]) -> Vec<String> {
    let meant = |pairs: &[StatusPair]| -> BTreeMap<String, OptionId> {
        let pairs = pairs.iter();
        pairs
            .map(|pair| (pair.remote_status.clone(), pair.status))
            .collect()
    };
    // Where nothing was mapped, or nothing is any more, even what stands for none is another matter.
    if before.is_empty() != after.is_empty() {
        return Vec::new();
    }
    let (before, after) = (meant(before), meant(after));
    let (mut same, mut changed) = (BTreeSet::new(), BTreeSet::new());
    for status in &schema.statuses {
        if before.get(&status.id) == after.get(&status.id) {
            same.insert(status.name.clone());
        } else {
            changed.insert(status.name.clone());
        }
    }
    same.difference(&changed).cloned().collect()
}

#[cfg(test)]
mod tests;
