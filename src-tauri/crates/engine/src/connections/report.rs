//! What a test of a connection found, line by line.

use crate::problem::Problem;
use jira::SiteKind;

/// What came out of a line of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckOutcome {
    /// As it should be.
    Passed,
    /// Works, with less than wanted.
    Warning,
    /// Does not work.
    Failed,
    /// Not known.
    Unknown,
}

/// A line of a test.
#[derive(Debug, Clone)]
pub struct CheckLine {
    /// What was looked at.
    pub id: String,
    /// In words.
    pub label: String,
    /// What came out.
    pub outcome: CheckOutcome,
    /// More about it.
    pub detail: Option<String>,
    /// What is wrong.
    pub problem: Option<Problem>,
}

/// What a test of a connection found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Kind of Jira.
    pub kind: Option<SiteKind>,
    /// Version of the site.
    pub version: Option<String>,
    /// Who we are there.
    pub account: Option<String>,
    /// The lines.
    pub lines: Vec<CheckLine>,
}

impl Report {
    /// Whether everything needed is there.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.account.is_some()
            && !self
                .lines
                .iter()
                .any(|line| line.outcome == CheckOutcome::Failed)
    }

    pub(super) fn passed(&mut self, id: &str, label: &str, detail: Option<String>) {
        self.line(id, label, CheckOutcome::Passed, detail, None);
    }

    pub(super) fn failed(&mut self, id: &str, label: &str, problem: Problem) {
        self.line(id, label, CheckOutcome::Failed, None, Some(problem));
    }

    pub(super) fn line(
        &mut self,
        id: &str,
        label: &str,
        outcome: CheckOutcome,
        detail: Option<String>,
        problem: Option<Problem>,
    ) {
        let (id, label) = (id.to_owned(), label.to_owned());
        self.lines.push(CheckLine {
            id,
            label,
            outcome,
            detail,
            problem,
        });
    }
}
