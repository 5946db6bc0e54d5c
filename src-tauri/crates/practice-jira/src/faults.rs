//! What can be made to go wrong on a site, from inside the process. None of it can be reached over HTTP.

use std::collections::{BTreeSet, VecDeque};

/// Switches of misbehaviour. All are off in [`Faults::default`].
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Every token, password and PAT is rejected, as after revocation or expiry.
    pub revoked: bool,
    /// How long a search goes on answering from the state before a change, in milliseconds.
    pub search_lag_ms: u64,
    /// The most entries that any page holds, whatever was asked for.
    pub page_max: Option<usize>,
    /// Pages of the Cloud search come a little short of what was asked for, as they may.
    pub short_pages: bool,
    /// Data Center: results past this place are refused. Unset means 10,000 from 9.12 on and none before.
    pub max_result_window: Option<usize>,
    /// Data Center: whether Basic is switched off. Unset means what the release does: off from 11 on.
    pub basic_disabled: Option<bool>,
    /// Data Center: the account is locked behind a CAPTCHA. Three wrong passwords set this too.
    pub captcha: bool,
    /// Data Center: `serverInfo` is refused to callers who are not signed in.
    pub login_required: bool,
    /// Permissions taken away: project key and permission key, such as `("ORB", "BROWSE_PROJECTS")`.
    pub permissions_removed: BTreeSet<(String, String)>,
    /// Fields, by their ids, that every issue demands that is made with a screen that has them: an administrator made
    /// them so.
    pub demanded: BTreeSet<String>,
    /// Paths that answer 404, as if the release did not have them. They start below the context path; `*` stands for one
    /// segment: `/rest/api/2/issue/createmeta/*/issuetypes`.
    pub missing: BTreeSet<String>,
    /// Every request is answered by a 503 page of HTML.
    pub maintenance: bool,
    /// Names of fields, types, statuses and priorities are shown in German.
    pub german: bool,
    /// Rate limits in force.
    pub limits: Limits,
    /// Issues that are there and yet not to be seen everywhere.
    pub(crate) absent: crate::absence::Absent,
    /// Answers given to the next requests instead of the real ones, first to last.
    pub scripted: VecDeque<Refusal>,
}

/// Rate limits in force.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Cloud: requests a second for each endpoint and method.
    pub burst_per_second: Option<u32>,
    /// Cloud: 20 writes in 2 s and 100 in 30 s to any one issue.
    pub writes_per_issue: bool,
    /// Cloud: points an hour of the whole site, one a request.
    pub hourly_points: Option<u32>,
    /// Cloud: whether the hourly points are the tenant's own, which shows in the reason.
    pub hourly_points_of_tenant: bool,
    /// Data Center: the token bucket of each user.
    pub bucket: Option<Bucket>,
}

/// A token bucket of Data Center.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Tokens when full.
    pub capacity: u32,
    /// Tokens added at each interval.
    pub fill: u32,
    /// Length of the interval in seconds.
    pub interval_s: u32,
}

/// A scripted answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status, such as 429 or 503.
    pub status: u16,
    /// The value of `Retry-After` in seconds.
    pub retry_after_s: Option<u32>,
    /// The value of `RateLimit-Reason`.
    pub reason: Option<&'static str>,
}
