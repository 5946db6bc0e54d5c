//! When an integration is looked at next.

use crate::cycle::CycleReport;
use crate::problem::Problem;
use jiff::{SignedDuration, Timestamp};

/// How long after an edit it is sent: whoever types on is not interrupted, and what belongs together goes together.
const SETTLES: SignedDuration = SignedDuration::from_secs(2);
/// Rests between two looks: longer each time that nothing had happened; the last one repeats.
const RESTS_S: [i64; 5] = [15, 30, 60, 120, 300];
/// Rests after failures that pass by themselves; the last one repeats.
const BACK_OFF_S: [i64; 6] = [5, 15, 30, 60, 120, 300];
/// Rest between two looks while somebody looks at the window.
const WATCHED_S: i64 = 15;
/// For how long somebody who looked counts as looking.
const LOOKS_FOR: SignedDuration = SignedDuration::from_secs(150);

/// What is remembered of an integration from cycle to cycle.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beat {
    /// Whether a cycle is under way.
    pub is_under_way: bool,
    /// When the last cycle ended, however it did.
    pub ended_at: Option<Timestamp>,
    /// When the last cycle that went through ended.
    pub in_step_at: Option<Timestamp>,
    /// What the last cycle that went through did.
    pub report: Option<CycleReport>,
    /// Cycles in which nothing happened, one after the other.
    pub idle: usize,
    /// Cycles that failed, one after the other.
    pub failures: usize,
    /// Why the last one failed.
    pub problem: Option<Problem>,
    /// What the site asked for: not before.
    pub not_before: Option<Timestamp>,
}

impl Beat {
    /// Notes that a cycle went through.
    pub fn went_through(&mut self, report: CycleReport, now: Timestamp) {
        let idle = if report.is_eventful() {
            0
        } else {
            self.idle + 1
        };
        *self = Self {
            ended_at: Some(now),
            in_step_at: Some(now),
            report: Some(report),
            idle,
            ..Self::default()
        };
    }

    /// Notes that a cycle failed, and for how long the site asked for rest.
    pub fn failed(&mut self, problem: Problem, asked: SignedDuration, now: Timestamp) {
        self.is_under_way = false;
        self.ended_at = Some(now);
        self.failures += 1;
        self.problem = Some(problem);
        self.not_before = Some(now.saturating_add(asked).unwrap_or(now));
    }

    /// When the next cycle is due. `listed` is when the first issue of the list may be looked at, `looked_at` when
    /// somebody last looked at the window.
    #[must_use]
    pub fn next(
        &self,
        listed: Option<Timestamp>,
        looked_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Timestamp {
        let Some(ended_at) = self.ended_at else {
            return now;
        };
        let after =
            |from: Timestamp, rest: SignedDuration| from.saturating_add(rest).unwrap_or(from);
        if self.failures > 0 {
            let back_off = repeated(&BACK_OFF_S, self.failures - 1);
            let next = after(ended_at, SignedDuration::from_secs(back_off));
            return self.not_before.map_or(next, |asked| asked.max(next));
        }
        let is_watched = looked_at.is_some_and(|at| now.duration_since(at) <= LOOKS_FOR);
        let rest = repeated(&RESTS_S, self.idle);
        let rest = if is_watched {
            rest.min(WATCHED_S)
        } else {
            rest
        };
        let next = after(ended_at, SignedDuration::from_secs(rest));
        listed.map_or(next, |at| after(at, SETTLES).min(next))
    }
}

fn repeated(rests: &[i64], times: usize) -> i64 {
    rests[times.min(rests.len() - 1)]
}
