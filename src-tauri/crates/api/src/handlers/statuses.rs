//! Step 8.

use super::connections::integration;
use crate::app::App;
use crate::convert;
use crate::dto::{
    Integration, RemoteStatus, SchemaArgs, Status, StatusCategory, StatusMapping, StatusPair,
    StatusPairsArgs, StatusProposal, StatusRemark,
};
use crate::error::ErrorDto;
use crate::reasons;
use engine::{EngineError, StatusesView};
use store::IntegrationId;
use sync::mapping::StatusRule;
use sync::statuses::StatusFinding;
use workspace::OptionId;

impl App {
    /// Everything that step 8 shows.
    ///
    /// # Errors
    /// `project_gone`, or what Jira says.
    pub async fn status_mapping(&self, args: SchemaArgs) -> Result<StatusMapping, ErrorDto> {
        let id = IntegrationId(args.integration_id);
        let view = self.engine.statuses(id, args.refresh).await?;
        Ok(status_mapping(&view))
    }

    /// What is to say about pairs of statuses.
    ///
    /// # Errors
    /// What Jira says, if the project was never looked at.
    pub async fn status_mapping_check(
        &self,
        args: StatusPairsArgs,
    ) -> Result<Vec<StatusRemark>, ErrorDto> {
        let (id, pairs, rule) = told(args);
        let view = self.engine.check_statuses(id, pairs, rule).await?;
        Ok(remarks(&view, &view.findings))
    }

    /// Keeps pairs of statuses.
    ///
    /// # Errors
    /// `mapping_refused`, `mapping_missing`.
    pub async fn status_mapping_save(
        &self,
        args: StatusPairsArgs,
    ) -> Result<Integration, ErrorDto> {
        let (id, pairs, rule) = told(args);
        match self.engine.save_statuses(id, pairs, rule).await {
            Ok(view) => Ok(integration(&view)),
            Err(error) => Err(self.status_refusal(id, error).await),
        }
    }

    /// An error on the wire; a refusal with the names of what it is about, as far as those can be found out.
    async fn status_refusal(&self, id: IntegrationId, error: EngineError) -> ErrorDto {
        let EngineError::StatusesRefused(findings) = &error else {
            return error.into();
        };
        let Ok(view) = self.engine.statuses(id, false).await else {
            return error.into();
        };
        let texts: Vec<String> = remarks(&view, findings)
            .into_iter()
            .map(|remark| match &remark.remote_status {
                Some(id) => format!("{}: {}", remote_name(&view, id), remark.text),
                None => remark.text,
            })
            .collect();
        ErrorDto::from(error).with("messages", &texts.join(". "))
    }
}

fn told(args: StatusPairsArgs) -> (IntegrationId, Vec<sync::mapping::StatusPair>, StatusRule) {
    let pairs = args.pairs.into_iter();
    let pairs = pairs.map(|pair| sync::mapping::StatusPair {
        remote_status: pair.remote_status,
        status: OptionId(pair.status),
        is_written: pair.is_written,
    });
    let rule = StatusRule {
        goes_back: args.goes_back,
        winner: convert::winner_told(args.winner),
    };
    (IntegrationId(args.integration_id), pairs.collect(), rule)
}

fn status_mapping(view: &StatusesView) -> StatusMapping {
    let count = |name: &str| convert::count(view.counts.get(name).copied().unwrap_or(0));
    let there = view.remote.iter().map(|status| RemoteStatus {
        id: status.id.clone(),
        name: status.name.clone(),
        category: Some(category(status.category)),
        count: count(&status.name),
    });
    let gone = view.gone.iter().map(|(id, name)| RemoteStatus {
        id: id.clone(),
        name: name.clone(),
        category: None,
        count: count(name),
    });
    let statuses = view.options.iter().map(|option| Status {
        id: option.id.0,
        name: option.name.clone(),
        colour: option.colour.clone(),
        category: option.category.map_or(StatusCategory::Open, category),
    });
    let proposals = view.proposals.pairs.iter().map(|proposal| StatusProposal {
        pair: pair(&proposal.pair),
        confidence: proposal.confidence,
        reason: reasons::status_reason(proposal.reason).to_owned(),
    });
    StatusMapping {
        remote_statuses: there.chain(gone).collect(),
        statuses: statuses.collect(),
        pairs: view.pairs.iter().map(pair).collect(),
        proposals: proposals.collect(),
        goes_back: view.rule.goes_back,
        winner: convert::winner(view.rule.winner),
        linked: convert::count(view.counts.values().sum()),
        saved: view.saved,
        remarks: remarks(view, &view.findings),
    }
}

fn pair(pair: &sync::mapping::StatusPair) -> StatusPair {
    StatusPair {
        remote_status: pair.remote_status.clone(),
        status: pair.status.0,
        is_written: pair.is_written,
    }
}

fn category(category: workspace::StatusCategory) -> StatusCategory {
    match category {
        workspace::StatusCategory::Open => StatusCategory::Open,
        workspace::StatusCategory::InProgress => StatusCategory::InProgress,
        workspace::StatusCategory::Done => StatusCategory::Done,
    }
}

fn remarks(view: &StatusesView, findings: &[StatusFinding]) -> Vec<StatusRemark> {
    let named = |id: OptionId| {
        let mut options = view.options.iter();
        let found = options.find(|option| option.id == id);
        found.map_or_else(|| format!("status {id}"), |option| option.name.clone())
    };
    findings
        .iter()
        .map(|finding| StatusRemark {
            remote_status: finding.remote_status.clone(),
            status: finding.status.map(|id| id.0),
            severity: convert::severity(finding.reason.severity()),
            text: reasons::status_finding(finding.reason, finding.status.map(named).as_deref()),
        })
        .collect()
}

fn remote_name(view: &StatusesView, id: &str) -> String {
    let there = view.remote.iter().find(|status| status.id == id);
    let gone = || view.gone.iter().find(|(gone, _)| gone == id);
    there
        .map(|status| &status.name)
        .or_else(|| gone().map(|(_, name)| name))
        .cloned()
        .unwrap_or_else(|| format!("status {id}"))
}
