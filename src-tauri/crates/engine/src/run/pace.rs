//! How fast a phase gets on, from what was done in the last moments.

use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

/// The rate is taken over this long, so that it neither jumps at every batch nor remembers the start.
const WINDOW: SignedDuration = SignedDuration::from_secs(8);

/// Counts of what was done, with their moments.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    marks: VecDeque<(Timestamp, u64)>,
}

impl Pace {
    /// Notes how much is done in all.
    pub fn mark(&mut self, now: Timestamp, done: u64) {
        self.marks.push_back((now, done));
        while self.marks.len() > 2
            && self
                .marks
                .get(1)
                .is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW)
        {
            self.marks.pop_front();
        }
    }

    /// Done a second; none until there is something to go by.
    #[must_use]
    pub fn rate_per_s(&self) -> Option<f64> {
        let (began, first) = self.marks.front()?;
        let (ended, last) = self.marks.back()?;
        let seconds = ended.duration_since(*began).as_secs_f64();
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of issues are far below 2^52"
        )]
        let done = last.saturating_sub(*first) as f64;
        (seconds > 0.0 && done > 0.0).then(|| done / seconds)
    }

    /// Seconds until `total` is done at this rate.
    #[must_use]
    pub fn seconds_left(&self, total: u64) -> Option<u32> {
        let rate = self.rate_per_s()?;
        let (_, done) = self.marks.back()?;
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of issues are far below 2^52"
        )]
        let seconds = (total.saturating_sub(*done) as f64 / rate).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to what fits"
        )]
        Some(seconds.clamp(0.0, f64::from(u32::MAX)) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(marks: &[(i64, u64)], total: u64, rate: Option<f64>, left: Option<u32>) {
        let mut pace = Pace::default();
        for (second, done) in marks {
            let at = Timestamp::from_second(*second).expect("a small number of seconds");
            pace.mark(at, *done);
        }
        assert_eq!(pace.rate_per_s(), rate);
        assert_eq!(pace.seconds_left(total), left);
    }

    #[test]
    fn one_mark_tells_no_rate() {
        check(&[(0, 0)], 100, None, None);
    }

    #[test]
    fn the_rate_is_what_was_done_over_the_time_it_took() {
        check(&[(0, 0), (2, 100)], 600, Some(50.0), Some(10));
    }

    #[test]
    fn what_was_done_long_ago_no_longer_counts() {
        check(
            &[(0, 0), (1, 1000), (10, 1010), (20, 1020)],
            1030,
            Some(1.0),
            Some(10),
        );
    }

    #[test]
    fn standing_still_tells_no_time_left() {
        check(&[(0, 5), (3, 5)], 10, None, None);
    }
}
