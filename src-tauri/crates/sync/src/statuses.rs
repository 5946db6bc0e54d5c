//! Mapping statuses: which of the remote's stands for which of the workspace's, and which of several is written.

mod check;

pub use check::{StatusFinding, StatusFindingReason, check};

use crate::mapping::StatusPair;
use crate::names::{ALIKE, fold, percent};
use crate::remote::RemoteStatus;
use crate::values::likeliest;
use std::collections::BTreeMap;
use workspace::{FieldKey, FieldOption, OptionId, StatusCategory, SystemField};

/// Proposed pairs of statuses, and those that found none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusProposals {
    /// Pairs, in the remote's order. For each of the workspace's statuses one of them is the one to write.
    pub pairs: Vec<StatusProposal>,
    /// The remote's status ids without a counterpart.
    pub unmapped_remote: Vec<String>,
}

/// A proposed pair of statuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusProposal {
    /// The pair.
    pub pair: StatusPair,
    /// How sure the proposal is, in percent.
    pub confidence: u8,
    /// What it rests on.
    pub reason: StatusReason,
}

/// What a proposed pair of statuses rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusReason {
    /// The same name, case and accents aside.
    SameName,
    /// Names alike.
    SimilarName,
    /// The same category, and words for the same stage of work.
    Stage,
    /// The same category.
    Category,
}

/// Proposes a status of the workspace for each status of the remote: by name, then by the stage of work that the names
/// tell, then by category. Choices of other fields are passed over.
#[must_use]
pub fn propose(options: &[FieldOption], remote: &[RemoteStatus]) -> StatusProposals {
    let here = in_order(options);
    let mut proposals = StatusProposals::default();
    for status in remote {
        match status_of(&here, status) {
            Some((option, confidence, reason)) => proposals.pairs.push(StatusProposal {
                pair: StatusPair {
                    remote_status: status.id.clone(),
                    status: option,
                    is_written: false,
                },
                confidence,
                reason,
            }),
            None => proposals.unmapped_remote.push(status.id.clone()),
        }
    }
    choose_written(&mut proposals.pairs);
    proposals
}

/// Of several that stand for one status the surest is written; of equally sure ones the first.
fn choose_written(pairs: &mut [StatusProposal]) {
    let mut best: BTreeMap<OptionId, (u8, usize)> = BTreeMap::new();
    for (place, proposal) in pairs.iter().enumerate() {
        let sure = best
            .entry(proposal.pair.status)
            .or_insert((proposal.confidence, place));
        if proposal.confidence > sure.0 {
            *sure = (proposal.confidence, place);
        }
    }
    for (_, place) in best.into_values() {
        pairs[place].pair.is_written = true;
    }
}

/// The workspace's statuses in their order.
fn in_order(options: &[FieldOption]) -> Vec<&FieldOption> {
    let mut here: Vec<&FieldOption> = options
        .iter()
        .filter(|option| option.field == FieldKey::System(SystemField::Status))
        .collect();
    here.sort_by_key(|option| option.position);
    here
}

fn status_of(here: &[&FieldOption], status: &RemoteStatus) -> Option<(OptionId, u8, StatusReason)> {
    if let Some((place, likeness)) = likeliest(here, &status.name)
        && likeness >= 1.0
    {
        let option = here[place];
        let agreed = option.category == Some(status.category);
        let confidence = if agreed { 100 } else { 80 };
        return Some((option.id, confidence, StatusReason::SameName));
    }
    let kin: Vec<&FieldOption> = here
        .iter()
        .copied()
        .filter(|option| option.category == Some(status.category))
        .collect();
    let (place, likeness) = likeliest(&kin, &status.name)?;
    if likeness >= ALIKE {
        let confidence = percent(likeness);
        return Some((kin[place].id, confidence, StatusReason::SimilarName));
    }
    if kin.len() == 1 {
        return Some((kin[0].id, 80, StatusReason::Category));
    }
    let of_stage = |wanted| {
        let mut same = kin.iter().filter(|option| stage(&option.name) == wanted);
        same.next().map(|option| option.id)
    };
    let told = stage(&status.name);
    if told.is_some()
        && let Some(option) = of_stage(told)
    {
        return Some((option, 75, StatusReason::Stage));
    }
    // Several of one category: the one where the work is done, else a shared word settles it, else the first.
    let work =
        of_stage(Some(Stage::Work)).filter(|_| status.category == StatusCategory::InProgress);
    let place = if likeness >= 0.4 { place } else { 0 };
    Some((work.unwrap_or(kin[place].id), 50, StatusReason::Category))
}

/// A stage of work, as far as a name tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Design,
    Work,
    Review,
}

/// Words of status names that tell a stage.
const STAGES: [(Stage, &[&str]); 3] = [
    (
        Stage::Design,
        &[
            "design",
            "designing",
            "analysis",
            "discovery",
            "refinement",
            "specification",
            "research",
        ],
    ),
    (
        Stage::Work,
        &[
            "progress",
            "development",
            "developing",
            "doing",
            "dev",
            "implementation",
            "implementing",
            "building",
            "build",
            "coding",
            "started",
            "wip",
            "arbeit",
        ],
    ),
    (
        Stage::Review,
        &[
            "review",
            "reviewing",
            "qa",
            "test",
            "testing",
            "verify",
            "verification",
            "validation",
            "acceptance",
            "uat",
        ],
    ),
];

fn stage(name: &str) -> Option<Stage> {
    let name = fold(name);
    let mut words = name.split(' ');
    words.find_map(|word| {
        let mut stages = STAGES.iter();
        let found = stages.find(|(_, known)| known.contains(&word));
        found.map(|(stage, _)| *stage)
    })
}

#[cfg(test)]
mod tests;
