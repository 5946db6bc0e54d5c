//! How fast a site lets us go.

use super::kit::{Exchange, Script, on, options, timed, token};
use crate::SiteKind::{Cloud, DataCenter};
use crate::{Client, Clock, Error, LimitReason, Limiter, TransportError, TransportErrorKind};
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
async fn a_used_up_quota_is_given_back_with_its_end_and_nothing_more_is_sent() {
    let quota = on("GET /field").recorded("observed-cloud/rate-limit-quota-429.http");
    let (client, transport, clock) = timed(Cloud, [quota, fields()]).await;
    let until = clock.now() + jiff::SignedDuration::from_secs(1847);
    let reason = LimitReason::Quota;
    let paused = Err(Error::Paused { reason, until });
    assert_eq!(client.fields().await, paused);
    // The second question is not asked at all; nor is another.
    assert_eq!(client.fields().await, paused);
    assert!(client.priorities().await.is_err());
    assert_eq!(clock.slept(), Duration::ZERO);
    assert_eq!(client.limiter_state().waiting, Some((until, reason)));
    drop(clock.sleep(Duration::from_secs(1848)));
    assert_eq!(client.fields().await.expect("fields").len(), 1);
    assert_eq!(client.limiter_state().waiting, None);
    transport.finish();
}

#[tokio::test]
async fn a_short_quota_is_sat_out() {
    let quota = on("GET /field")
        .raw(429, "")
        .header("ratelimit-reason", "jira-quota-tenant-based")
        .header("retry-after", "90");
    let (client, _, clock) = timed(Cloud, [quota, fields()]).await;
    client.fields().await.expect("fields");
    assert_eq!(clock.slept(), Duration::from_secs(90));
}

#[tokio::test]
async fn clients_of_one_site_heed_its_limits_together() {
    let quota = on("GET /field").recorded("observed-cloud/rate-limit-quota-429.http");
    let (options, clock) = options(Cloud, Script::new([quota]), token());
    let limiter = Limiter::new(clock, 16);
    let first = Client::with_limiter(options.clone(), limiter.clone());
    let second = Client::with_limiter(options, limiter);
    assert!(matches!(first.fields().await, Err(Error::Paused { .. })));
    assert!(matches!(second.fields().await, Err(Error::Paused { .. })));
}

#[tokio::test]
async fn what_is_refused_again_waits_longer_each_time() {
    let limited = || {
        on("GET /field")
            .raw(429, "")
            .header("ratelimit-reason", "jira-burst-based")
            .header("retry-after", "1")
    };
    let (client, transport, clock) = timed(Cloud, (0..10).map(|_| limited())).await;
    let Err(Error::Limited { .. }) = client.fields().await else {
        panic!("not given up")
    };
    let waits = [1, 2, 4, 8, 16, 16, 16, 16, 16];
    assert_eq!(clock.slept(), Duration::from_secs(waits.iter().sum()));
    transport.finish();
}

#[tokio::test]
async fn long_maintenance_is_reported_at_once() {
    let down = on("GET /field").html(503).header("retry-after", "1800");
    let (client, _, clock) = timed(DataCenter, [down]).await;
    let retry_after = Some(Duration::from_secs(1800));
    let status = 503;
    assert_eq!(
        client.fields().await,
        Err(Error::Unavailable {
            status,
            retry_after
        })
    );
    assert_eq!(clock.slept(), Duration::ZERO);
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
        let (client, _, _) = timed(Cloud, (0..10).map(|_| limited())).await;
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
async fn a_data_center_whose_bucket_is_empty_stops_the_site_and_a_full_one_says_nothing() {
    let with_bucket = |exchange: Exchange, left: &str| {
        exchange
            .header("x-ratelimit-limit", "100")
            .header("x-ratelimit-remaining", left)
            .header("x-ratelimit-fillrate", "10")
            .header("x-ratelimit-interval-seconds", "1")
            .header("retry-after", "0")
    };
    let script = [
        with_bucket(fields(), "99"),
        with_bucket(on("GET /field").raw(429, ""), "0"),
        with_bucket(fields(), "9"),
    ];
    let (client, transport, clock) = timed(DataCenter, script).await;
    client.fields().await.expect("fields");
    assert_eq!(clock.slept(), Duration::ZERO);
    client.fields().await.expect("fields");
    assert_eq!(clock.slept(), Duration::from_millis(200));
    transport.finish();
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
