//! How fast a site lets us go.

use super::kit::{ManualClock, on, timed};
use crate::SiteKind::{Cloud, DataCenter};
use crate::limiter::{Limiter, Permit};
use crate::{Clock, Error, LimitReason, TransportError, TransportErrorKind};
use futures::FutureExt;
use serde_json::json;
use std::time::Duration;

fn fields() -> super::kit::Exchange {
    on("GET /field").json(200, json!([{ "id": "x" }]))
}

#[tokio::test]
async fn a_burst_limit_is_waited_for_as_long_as_jira_says() {
    let burst = on("GET /field").recorded("observed-cloud/rate-limit-burst-429.http");
    let (client, transport, clock) = timed(Cloud, [burst, fields()]).await;
    assert_eq!(client.fields().await.expect("fields").len(), 1);
    assert_eq!(clock.slept(), Duration::from_secs(1));
    transport.finish();
}

#[tokio::test]
async fn a_used_up_quota_is_waited_for_by_everybody_and_shown() {
    let quota = on("GET /field").recorded("observed-cloud/rate-limit-quota-429.http");
    let (client, _, clock) = timed(Cloud, [quota, fields()]).await;
    client.fields().await.expect("fields");
    assert_eq!(clock.slept(), Duration::from_secs(1847));
    let limiter = Limiter::new(clock.clone(), 16);
    limiter.limited(LimitReason::Quota, Duration::from_secs(60));
    let until = clock.now() + jiff::SignedDuration::from_secs(60);
    assert_eq!(limiter.state().waiting, Some((until, LimitReason::Quota)));
    limiter.acquire().await;
    assert_eq!(limiter.state().waiting, None);
}

#[tokio::test]
async fn each_reason_for_a_limit_is_told_apart() {
    for (text, expected) in [
        ("jira-burst-based", LimitReason::Burst),
        ("jira-quota-global-based", LimitReason::Quota),
        ("jira-quota-tenant-based", LimitReason::Quota),
        ("jira-per-issue-on-write", LimitReason::PerIssue),
        ("something-new", LimitReason::Unknown),
    ] {
        let limited = || {
            on("GET /field")
                .raw(429, "")
                .header("ratelimit-reason", text)
                .header("retry-after", "1")
        };
        let (client, _, _) = timed(Cloud, [limited(), limited(), limited(), limited()]).await;
        let Err(Error::Limited { reason, .. }) = client.fields().await else {
            panic!("{text}")
        };
        assert_eq!(reason, expected);
    }
}

#[tokio::test]
async fn the_time_to_wait_is_seconds_a_date_or_the_reset() {
    for (name, value, seconds) in [
        ("retry-after", "7", 7),
        ("retry-after", "Mon, 23 Nov 2026 10:01:00 GMT", 60),
        ("x-ratelimit-reset", "2026-11-23T10:00:30Z", 30),
        ("retry-after", "soon", 2),
    ] {
        let limited = on("GET /field").raw(429, "").header(name, value);
        let (client, _, clock) = timed(DataCenter, [limited, fields()]).await;
        client.fields().await.expect("fields");
        assert_eq!(
            clock.slept(),
            Duration::from_secs(seconds),
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn maintenance_is_waited_for_and_then_reported() {
    let down = || on("GET /field").html(503);
    let (client, transport, clock) = timed(DataCenter, [down(), down(), down(), down()]).await;
    assert!(matches!(
        client.fields().await,
        Err(Error::Unavailable { status: 503, .. })
    ));
    assert_eq!(clock.slept(), Duration::from_secs(2 + 4 + 8));
    transport.finish();
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again_and_a_closed_door_is_not() {
    let broken = TransportError::doubtful(TransportErrorKind::Other, "reset");
    let (client, transport, _) =
        timed(DataCenter, [on("GET /field").fails(broken), fields()]).await;
    client.fields().await.expect("fields");
    transport.finish();
    for kind in [TransportErrorKind::Dns, TransportErrorKind::Refused] {
        let closed = on("GET /field").fails(TransportError::unsent(kind, "closed"));
        let (client, transport, _) = timed(DataCenter, [closed]).await;
        assert!(matches!(client.fields().await, Err(Error::Network { .. })));
        transport.finish();
    }
}

/// Takes every place there is at this moment.
fn take_all(limiter: &Limiter) -> Vec<Permit> {
    std::iter::from_fn(|| limiter.acquire().now_or_never()).collect()
}

#[test]
fn a_hundred_requests_reach_sixteen_at_once_after_two_round_trips() {
    let limiter = Limiter::new(ManualClock::new(), 16);
    let (mut left, mut rounds) = (100_usize, Vec::new());
    while left > 0 {
        let mut taken = take_all(&limiter);
        taken.truncate(left);
        left -= taken.len();
        rounds.push(taken.len());
        for permit in taken {
            limiter.answered();
            drop(permit);
        }
    }
    assert!(rounds.len() <= 9 && rounds[3] == 16, "{rounds:?}");
}

#[test]
fn requests_that_are_refused_together_halve_once() {
    let limiter = Limiter::new(ManualClock::new(), 16);
    for _ in 0..8 {
        for permit in take_all(&limiter) {
            limiter.answered();
            drop(permit);
        }
    }
    for permit in take_all(&limiter) {
        limiter.limited(LimitReason::Burst, Duration::from_secs(1));
        drop(permit);
    }
    let state = limiter.state();
    assert_eq!((state.concurrency, state.in_flight), (8, 0));
}

#[test]
fn it_never_falls_below_one() {
    let clock = ManualClock::new();
    let limiter = Limiter::new(clock.clone(), 16);
    for _ in 0..8 {
        limiter.limited(LimitReason::Unknown, Duration::from_secs(1));
        drop(clock.sleep(Duration::from_secs(2)));
    }
    assert_eq!(take_all(&limiter).len(), 1);
}

#[tokio::test]
async fn a_request_that_is_given_up_leaves_its_turn_to_the_next() {
    let limiter = Limiter::new(ManualClock::new(), 1);
    let held = limiter.acquire().await;
    let mut given_up = Box::pin(limiter.acquire());
    assert!(futures::poll!(&mut given_up).is_pending());
    let mut waits = Box::pin(limiter.acquire());
    assert!(futures::poll!(&mut waits).is_pending());
    drop(given_up);
    drop(held);
    waits.await;
    assert_eq!(limiter.state().in_flight, 0);
}
