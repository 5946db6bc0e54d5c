//! The arithmetic of one lane: additive increase, multiplicative decrease.

use jiff::Timestamp;

use super::LimitReason;

#[derive(Debug, Default)]
pub(super) struct Lane {
    limit: usize,
    max: usize,
    /// Until the first refusal every success adds a place; afterwards a whole round of them does.
    cautious: bool,
    successes: usize,
    /// Counts refusals acted upon: a burst of refusals of one round halves once.
    pub(super) epoch: u64,
    pub(super) in_flight: usize,
    /// Places to be withdrawn as soon as they come back.
    pub(super) debt: usize,
    pub(super) gate: Option<(Timestamp, LimitReason)>,
}

impl Lane {
    pub(super) fn new(start: usize, max: usize) -> Self {
        Self {
            limit: start,
            max,
            ..Self::default()
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Returns how many places to add.
    pub(super) fn succeeded(&mut self, epoch: u64) -> usize {
        if epoch != self.epoch || self.limit >= self.max {
            return 0;
        }
        self.successes += 1;
        if self.cautious && self.successes < self.limit {
            return 0;
        }
        self.successes = 0;
        self.limit += 1;
        if self.debt > 0 {
            self.debt -= 1;
            return 0;
        }
        1
    }

    /// Returns how many places to take away.
    pub(super) fn refused(&mut self, epoch: u64) -> usize {
        if epoch != self.epoch {
            return 0;
        }
        self.epoch += 1;
        self.cautious = true;
        self.successes = 0;
        let before = self.limit;
        self.limit = (self.limit / 2).max(1);
        before - self.limit
    }
}
