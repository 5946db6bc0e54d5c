//! The limiter alone: who may go, who must wait, and for how long.

use super::kit::ManualClock;
use crate::limiter::{Call, Limiter, Permit};
use crate::{Clock, Error, LimitReason};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// Never moves, so that waiting never ends.
struct StillClock;

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        futures::future::pending().boxed()
    }
}

fn still() -> Limiter {
    Limiter::new(Arc::new(StillClock), 16)
}

fn get(path: &str) -> Call {
    Call::of(&Method::GET, path)
}

fn fetch() -> Call {
    Call::of(&Method::POST, "/rest/api/3/issue/bulkfetch")
}

fn edit(issue: &str) -> Call {
    Call::of(&Method::PUT, &format!("/rest/api/3/issue/{issue}"))
}

/// A place for a call, if there is one at this moment.
fn take(limiter: &Limiter, call: &Call) -> Option<Permit> {
    limiter.acquire(call).now_or_never().and_then(Result::ok)
}

/// Every place there is for a call at this moment.
fn take_all(limiter: &Limiter, call: &Call) -> Vec<Permit> {
    std::iter::from_fn(|| take(limiter, call)).collect()
}

fn answer(permits: Vec<Permit>) {
    for permit in permits {
        permit.answered();
    }
}

/// Opens a limiter as far as it goes.
fn open_wide(limiter: &Limiter) {
    answer(take_all(limiter, &fetch()));
    answer(take_all(limiter, &fetch()));
}

#[test]
fn a_hundred_requests_begin_with_eight_at_once_and_have_sixteen_after_one_round_trip() {
    let limiter = still();
    let (mut left, mut rounds) = (100_usize, Vec::new());
    while left > 0 {
        let mut taken = take_all(&limiter, &fetch());
        taken.truncate(left);
        left -= taken.len();
        rounds.push(taken.len());
        answer(taken);
    }
    assert_eq!(rounds, [8, 16, 16, 16, 16, 16, 12]);
}

#[test]
fn a_burst_on_one_endpoint_stops_that_endpoint_only() {
    let limiter = still();
    open_wide(&limiter);
    let held = take_all(&limiter, &fetch());
    for permit in held {
        let wait = Duration::from_secs(1);
        permit.refused(LimitReason::Burst, wait).expect("short");
    }
    assert_eq!(take_all(&limiter, &fetch()).len(), 0);
    assert_eq!(take_all(&limiter, &get("/rest/api/3/field")).len(), 16);
    let state = limiter.state();
    assert_eq!((state.concurrency, state.waiting), (16, None));
    assert_eq!(state.endpoints_waiting, 1);
}

#[test]
fn requests_that_a_burst_refuses_together_halve_their_endpoint_once() {
    let clock = ManualClock::new();
    let limiter = Limiter::new(clock.clone(), 16);
    open_wide(&limiter);
    for permit in take_all(&limiter, &fetch()) {
        let wait = Duration::from_secs(1);
        permit.refused(LimitReason::Burst, wait).expect("short");
    }
    drop(clock.sleep(Duration::from_secs(2)));
    let held = take_all(&limiter, &fetch());
    assert_eq!(held.len(), 8);
    // What the endpoint does not use is there for the others.
    assert_eq!(take_all(&limiter, &get("/rest/api/3/field")).len(), 8);
}

#[test]
fn an_endpoint_that_behaves_gets_its_places_back_slowly() {
    let clock = ManualClock::new();
    let limiter = Limiter::new(clock.clone(), 16);
    open_wide(&limiter);
    for permit in take_all(&limiter, &fetch()) {
        let wait = Duration::from_secs(1);
        permit.refused(LimitReason::Burst, wait).expect("short");
    }
    drop(clock.sleep(Duration::from_secs(2)));
    let mut rounds = Vec::new();
    loop {
        let taken = take_all(&limiter, &fetch());
        rounds.push(taken.len());
        if taken.len() == 16 {
            break;
        }
        answer(taken);
    }
    // The answers of a round free their places one by one, so that a round tells of its first answer only.
    assert_eq!(rounds.first(), Some(&8));
    assert!(rounds.is_sorted(), "{rounds:?}");
    assert!((64..1_500).contains(&rounds.len()), "{}", rounds.len());
}

#[test]
fn a_limit_without_a_reason_stops_the_site_and_halves_it() {
    for reason in [LimitReason::Unknown, LimitReason::Quota] {
        let limiter = still();
        open_wide(&limiter);
        for permit in take_all(&limiter, &fetch()) {
            let wait = Duration::from_secs(60);
            permit.refused(reason, wait).expect("short");
        }
        assert_eq!(take_all(&limiter, &get("/rest/api/3/field")).len(), 0);
        let state = limiter.state();
        let until = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(60);
        assert_eq!(state.waiting, Some((until, reason)));
        assert_eq!((state.concurrency, state.in_flight), (8, 0));
    }
}

#[test]
fn it_never_falls_below_one() {
    let clock = ManualClock::new();
    let limiter = Limiter::new(clock.clone(), 16);
    for _ in 0..8 {
        let permit = take(&limiter, &fetch()).expect("a place");
        let wait = Duration::from_secs(1);
        permit.refused(LimitReason::Unknown, wait).expect("short");
        drop(permit);
        drop(clock.sleep(Duration::from_secs(2)));
    }
    assert_eq!(take_all(&limiter, &fetch()).len(), 1);
}

#[test]
fn writes_to_one_issue_wait_for_that_issue_only() {
    let limiter = still();
    let permit = take(&limiter, &edit("ORB-1")).expect("a place");
    let wait = Duration::from_secs(2);
    permit.refused(LimitReason::PerIssue, wait).expect("short");
    drop(permit);
    assert!(take(&limiter, &edit("ORB-1")).is_none());
    assert!(take(&limiter, &edit("ORB-2")).is_some());
    assert!(take(&limiter, &get("/rest/api/3/issue/ORB-1")).is_some());
    assert_eq!(limiter.state().endpoints_waiting, 0);
}

#[test]
fn writes_to_one_issue_go_one_after_another() {
    let limiter = still();
    let first = take(&limiter, &edit("ORB-1"));
    assert!(first.is_some() && take(&limiter, &edit("ORB-1")).is_none());
    assert!(take(&limiter, &edit("ORB-2")).is_some());
    drop(first);
    assert!(take(&limiter, &edit("ORB-1")).is_some());
}

#[tokio::test]
async fn a_single_question_goes_before_the_crowd_that_waits() {
    let limiter = Limiter::new(ManualClock::new(), 2);
    let mut crowd = take_all(&limiter, &fetch());
    let mut next_of_crowd = Box::pin(async { limiter.acquire(&fetch()).await });
    assert!(futures::poll!(&mut next_of_crowd).is_pending());
    let field = get("/rest/api/3/field");
    let mut single = Box::pin(limiter.acquire(&field));
    assert!(futures::poll!(&mut single).is_pending());
    drop(crowd.pop());
    assert!(futures::poll!(&mut next_of_crowd).is_pending());
    let asked = single.await.expect("a place");
    drop(asked);
    next_of_crowd.await.expect("a place");
}

#[tokio::test]
async fn a_wait_that_begins_while_one_waits_counts_too() {
    let clock = ManualClock::new();
    let limiter = Limiter::new(clock.clone(), 1);
    let call = fetch();
    let held = take(&limiter, &call).expect("a place");
    let mut waits = Box::pin(limiter.acquire(&call));
    assert!(futures::poll!(&mut waits).is_pending());
    let wait = Duration::from_secs(5);
    held.refused(LimitReason::Unknown, wait).expect("short");
    drop(held);
    drop(waits.await.expect("a place"));
    assert_eq!(clock.slept(), wait);
    // And a long one is given back.
    let held = take(&limiter, &call).expect("a place");
    let mut waits = Box::pin(limiter.acquire(&call));
    assert!(futures::poll!(&mut waits).is_pending());
    let long = Duration::from_secs(121);
    assert!(held.refused(LimitReason::Quota, long).is_err());
    assert!(matches!(waits.await, Err(Error::Paused { .. })));
    drop(held);
    assert_eq!(limiter.state().in_flight, 0);
}

#[tokio::test]
async fn a_request_that_is_given_up_leaves_its_turn_to_the_next() {
    let limiter = Limiter::new(ManualClock::new(), 1);
    let call = fetch();
    let held = limiter.acquire(&call).await.expect("a place");
    let mut given_up = Box::pin(limiter.acquire(&call));
    assert!(futures::poll!(&mut given_up).is_pending());
    let mut waits = Box::pin(limiter.acquire(&call));
    assert!(futures::poll!(&mut waits).is_pending());
    drop(held);
    // Its turn has come, and it goes away.
    drop(given_up);
    waits.await.expect("a place");
    assert_eq!(limiter.state().in_flight, 0);
}
