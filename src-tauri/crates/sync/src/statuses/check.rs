//! What is wrong with a mapping of statuses, row by row.

use crate::mapping::{Severity, StatusPair, StatusRule};
use crate::remote::RemoteStatus;
use std::collections::{BTreeMap, BTreeSet};
use workspace::{FieldOption, OptionId};

/// Something to say about a mapping of statuses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatusFinding {
    /// The remote's status (id) in whose row it belongs; none if it is about none.
    pub remote_status: Option<String>,
    /// The workspace's status that it is about; none if it is about none.
    pub status: Option<OptionId>,
    /// What it is.
    pub reason: StatusFindingReason,
}

/// What there is to say about statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusFindingReason {
    /// The workspace has no such status (any more).
    UnknownStatus,
    /// The remote's status stands in an earlier row already.
    Twice,
    /// Another of the remote's statuses is to be written for the same one already.
    WrittenTwice,
    /// The remote's project has no such status (any more).
    Gone,
    /// No status is mapped: they stay as they are on both sides.
    NothingMapped,
    /// The remote's status stands for none of the workspace's.
    Unmapped,
    /// Nothing at the remote stands for a status of the workspace: set here, it stays here.
    NoWayBack,
}

impl StatusFindingReason {
    /// Whether the mapping cannot be saved like this.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::UnknownStatus | Self::Twice | Self::WrittenTwice => Severity::Refused,
            Self::Gone | Self::NothingMapped | Self::Unmapped | Self::NoWayBack => {
                Severity::Warning
            }
        }
    }
}

/// Checks pairs of statuses: those of rows in the rows' order, then what the remote and the workspace have that no row
/// names. Choices of other fields are passed over.
#[must_use]
pub fn check(
    options: &[FieldOption],
    remote: &[RemoteStatus],
    pairs: &[StatusPair],
    rule: StatusRule,
) -> Vec<StatusFinding> {
    let here = super::in_order(options);
    let mut findings = Vec::new();
    let mut say = |remote: Option<&str>, status: Option<OptionId>, reason| {
        findings.push(StatusFinding {
            remote_status: remote.map(str::to_owned),
            status,
            reason,
        });
    };
    let (mut seen, mut written) = (BTreeSet::new(), BTreeMap::new());
    for pair in pairs {
        let (id, status) = (Some(pair.remote_status.as_str()), Some(pair.status));
        if !here.iter().any(|option| option.id == pair.status) {
            say(id, status, StatusFindingReason::UnknownStatus);
        }
        if !seen.insert(pair.remote_status.as_str()) {
            say(id, status, StatusFindingReason::Twice);
        } else if pair.is_written && written.insert(pair.status, &pair.remote_status).is_some() {
            say(id, status, StatusFindingReason::WrittenTwice);
        }
        if !remote.iter().any(|known| known.id == pair.remote_status) {
            say(id, status, StatusFindingReason::Gone);
        }
    }
    if pairs.is_empty() {
        say(None, None, StatusFindingReason::NothingMapped);
        return findings;
    }
    for status in remote
        .iter()
        .filter(|status| !seen.contains(status.id.as_str()))
    {
        say(Some(&status.id), None, StatusFindingReason::Unmapped);
    }
    if rule.goes_back {
        let is_met = |option: &FieldOption| pairs.iter().any(|pair| pair.status == option.id);
        for option in here.iter().filter(|option| !is_met(option)) {
            say(None, Some(option.id), StatusFindingReason::NoWayBack);
        }
    }
    findings
}
