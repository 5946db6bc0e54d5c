//! How long to wait before another try.

use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;

use super::LimitReason;
use crate::clock::Jitter;
use crate::dates;

const TRIES: u32 = 4;
const FIRST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(30);

/// Counts the tries of one call.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    tried: u32,
}

impl Backoff {
    /// How long to wait before the next try; `None` when the tries are used up.
    ///
    /// The site's own time is a lower bound: chance only lengthens it.
    pub(crate) fn next(
        &mut self,
        asked: Option<Duration>,
        jitter: &dyn Jitter,
    ) -> Option<Duration> {
        self.tried += 1;
        if self.tried >= TRIES {
            return None;
        }
        let chance = jitter.unit();
        let ours = (FIRST * 2_u32.pow(self.tried - 1)).min(LONGEST);
        let ours = ours.mul_f64(0.7 + 0.6 * chance);
        let asked = asked.unwrap_or_default().mul_f64(1.0 + 0.3 * chance);
        Some(ours.max(asked))
    }

    /// Makes the next failure one of the last `left` tries.
    pub(crate) fn at_most(&mut self, left: u32) {
        self.tried = self.tried.max(TRIES.saturating_sub(left + 1));
    }
}

/// Reads `Retry-After`, in seconds or as a date, and the reset time Cloud adds to a `429`.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let until = |moment: Timestamp| Duration::try_from(moment.duration_since(now)).ok();
    let named = text("retry-after").or_else(|| text("beta-retry-after"));
    named
        .and_then(|value| {
            let seconds = value.trim().parse().ok().map(Duration::from_secs);
            seconds.or_else(|| dates::http_date(value).and_then(until))
        })
        .or_else(|| {
            text("x-ratelimit-reset")
                .and_then(dates::moment)
                .and_then(until)
        })
}

/// Reads which limit a `429` is about.
pub(crate) fn headers_limit(headers: &HeaderMap) -> LimitReason {
    let reason = headers
        .get("ratelimit-reason")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match reason {
        "jira-burst-based" => LimitReason::Burst,
        "jira-per-issue-on-write" => LimitReason::PerIssue,
        other if other.starts_with("jira-quota") => LimitReason::Quota,
        _ => LimitReason::Unnamed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedJitter;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| {
                let name = http::HeaderName::from_static(name);
                (name, value.parse().unwrap())
            })
            .collect()
    }

    #[test]
    fn waits_double_and_four_tries_are_all() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..4)
            .map(|_| backoff.next(None, &FixedJitter(0.5)).map(|w| w.as_secs()))
            .collect();
        assert_eq!(waits, [Some(2), Some(4), Some(8), None]);
    }

    #[test]
    fn the_sites_own_time_is_never_undercut() {
        for chance in [0.0, 0.5, 0.99] {
            let asked = Duration::from_secs(20);
            let wait = Backoff::default().next(Some(asked), &FixedJitter(chance));
            assert!(wait.is_some_and(|wait| wait >= asked));
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_or_the_reset_time() {
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        for (lines, expected) in [
            (vec![("retry-after", "7")], Some(7)),
            (
                vec![("retry-after", "Mon, 23 Nov 2026 10:01:00 GMT")],
                Some(60),
            ),
            (
                vec![("x-ratelimit-reset", "2026-11-23T10:00:30Z")],
                Some(30),
            ),
            (vec![("x-ratelimit-reset", "2026-11-23T09:00:30Z")], None),
            (vec![("retry-after", "soon")], None),
            (vec![], None),
        ] {
            let found = retry_after(&headers(&lines), now).map(|d| d.as_secs());
            assert_eq!(found, expected, "{lines:?}");
        }
    }

    #[test]
    fn each_reason_is_told_apart() {
        for (text, expected) in [
            ("jira-burst-based", LimitReason::Burst),
            ("jira-quota-global-based", LimitReason::Quota),
            ("jira-quota-tenant-based", LimitReason::Quota),
            ("jira-per-issue-on-write", LimitReason::PerIssue),
            ("something-new", LimitReason::Unnamed),
        ] {
            assert_eq!(
                headers_limit(&headers(&[("ratelimit-reason", text)])),
                expected
            );
        }
    }
}
