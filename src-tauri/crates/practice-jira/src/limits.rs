//! Rate limits: what is counted, and what the headers say about it.

use std::collections::BTreeMap;

use crate::config::Face;
use crate::faults::{Bucket, Limits};
use crate::http::Reply;
use crate::time::{HOUR, Millis, timestamp};

/// What has been used so far.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    burst: BTreeMap<String, Tokens>,
    writes: BTreeMap<u64, Vec<Millis>>,
    points: (Millis, u32),
    buckets: BTreeMap<String, Tokens>,
}

#[derive(Debug, Clone, Copy)]
struct Tokens {
    left: f64,
    at: Millis,
}

/// Headers for every answer, or the refusal.
pub(crate) type Verdict = Result<Vec<(&'static str, String)>, Reply>;

impl Usage {
    /// Counts one request. `endpoint` names method and path pattern, `issue` the issue that would be written.
    pub(crate) fn admit(
        &mut self,
        limits: &Limits,
        face: Face,
        endpoint: &str,
        user: &str,
        issue: Option<u64>,
        now: Millis,
    ) -> Verdict {
        match face {
            Face::Cloud => self.cloud(limits, endpoint, issue, now),
            Face::DataCenter => match limits.bucket {
                Some(bucket) => self.data_center(bucket, user, now),
                None => Ok(Vec::new()),
            },
        }
    }

    fn cloud(
        &mut self,
        limits: &Limits,
        endpoint: &str,
        issue: Option<u64>,
        now: Millis,
    ) -> Verdict {
        let mut headers = Vec::new();
        if let Some(limit) = limits.hourly_points {
            let hour = now.div_euclid(HOUR);
            if self.points.0 != hour {
                self.points = (hour, 0);
            }
            if self.points.1 >= limit {
                let reset = (hour + 1) * HOUR;
                let reason = if limits.hourly_points_of_tenant {
                    "jira-quota-tenant-based"
                } else {
                    "jira-quota-global-based"
                };
                return Err(refusal(
                    reason,
                    limit,
                    (reset - now).div_euclid(1000) + 1,
                    reset,
                ));
            }
            self.points.1 += 1;
        }
        if let Some(rate) = limits.burst_per_second {
            let capacity = f64::from(rate.max(1));
            let tokens = self.burst.entry(endpoint.to_owned()).or_insert(Tokens {
                left: capacity,
                at: now,
            });
            tokens.left =
                (tokens.left + (now - tokens.at).max(0) as f64 / 1000.0 * capacity).min(capacity);
            tokens.at = now;
            if tokens.left < 1.0 {
                return Err(refusal("jira-burst-based", rate, 1, now + 1000));
            }
            tokens.left -= 1.0;
            headers.push(("X-RateLimit-Limit", rate.to_string()));
            headers.push(("X-RateLimit-Remaining", format!("{}", tokens.left.floor())));
            if tokens.left < capacity * 0.2 {
                headers.push(("X-RateLimit-NearLimit", "true".to_owned()));
            }
        }
        if let (true, Some(issue)) = (limits.writes_per_issue, issue) {
            let writes = self.writes.entry(issue).or_default();
            writes.retain(|at| *at > now - 30_000);
            let recent = writes.iter().filter(|at| **at > now - 2_000).count();
            if recent >= 20 || writes.len() >= 100 {
                let wait = if recent >= 20 { 2 } else { 30 };
                return Err(refusal(
                    "jira-per-issue-on-write",
                    if recent >= 20 { 20 } else { 100 },
                    wait,
                    now + wait * 1000,
                ));
            }
            writes.push(now);
        }
        Ok(headers)
    }

    fn data_center(&mut self, bucket: Bucket, user: &str, now: Millis) -> Verdict {
        let interval_ms = i64::from(bucket.interval_s.max(1)) * 1000;
        let tokens = self.buckets.entry(user.to_owned()).or_insert(Tokens {
            left: f64::from(bucket.capacity),
            at: now,
        });
        let fills = (now - tokens.at).max(0) / interval_ms;
        tokens.left =
            (tokens.left + fills as f64 * f64::from(bucket.fill)).min(f64::from(bucket.capacity));
        tokens.at += fills * interval_ms;
        let refused = tokens.left < 1.0;
        if !refused {
            tokens.left -= 1.0;
        }
        let wait_s = if tokens.left >= 1.0 {
            0
        } else {
            (tokens.at + interval_ms - now + 999) / 1000
        };
        let headers = vec![
            ("X-RateLimit-Limit", bucket.capacity.to_string()),
            ("X-RateLimit-Remaining", format!("{}", tokens.left.floor())),
            (
                "X-RateLimit-Interval-Seconds",
                bucket.interval_s.to_string(),
            ),
            ("X-RateLimit-FillRate", bucket.fill.to_string()),
            ("retry-after", wait_s.to_string()),
        ];
        if refused {
            let mut reply =
                Reply::json(429, &serde_json::json!({"message": "Rate limit exceeded."}));
            reply.headers = headers;
            return Err(reply);
        }
        Ok(headers)
    }
}

fn refusal(reason: &str, limit: u32, retry_after_s: i64, reset: Millis) -> Reply {
    let mut reply = Reply::empty(429);
    reply.content_type = "application/json";
    reply.headers = vec![
        ("Retry-After", retry_after_s.to_string()),
        ("X-RateLimit-Limit", limit.to_string()),
        ("X-RateLimit-Remaining", "0".to_owned()),
        (
            "X-RateLimit-Reset",
            timestamp(reset - reset.rem_euclid(1000)).to_string(),
        ),
        ("RateLimit-Reason", reason.to_owned()),
    ];
    reply
}
