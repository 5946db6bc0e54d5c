//! How fast a client gets on with a site that answers after a while, in a simulated time.

use super::kit::{options, token};
use crate::SiteKind::Cloud;
use crate::{Client, Clock, Transport, TransportError};
use bytes::Bytes;
use futures::FutureExt;
use futures::executor::LocalPool;
use futures::future::BoxFuture;
use futures::task::LocalSpawnExt;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;

/// Moves on to the next timer when everybody waits.
struct Simulated(Mutex<Timers>);

struct Timers {
    now: Timestamp,
    count: u64,
    waiting: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
}

impl Simulated {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Timers {
            now: Timestamp::UNIX_EPOCH,
            count: 0,
            waiting: BTreeMap::new(),
        })))
    }

    /// Rings the next timer that somebody still waits for; false if there is none.
    fn step(&self) -> bool {
        let mut timers = self.0.lock().expect("whole");
        while let Some(((at, _), timer)) = timers.waiting.pop_first() {
            if !timer.is_closed() {
                timers.now = timers.now.max(at);
                drop(timers);
                timer.send(()).expect("somebody waits");
                return true;
            }
        }
        false
    }
}

impl Clock for Simulated {
    fn now(&self) -> Timestamp {
        self.0.lock().expect("whole").now
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let (timer, rings) = oneshot::channel();
        let mut timers = self.0.lock().expect("whole");
        let at = timers.now + SignedDuration::try_from(duration).expect("a short time");
        timers.count += 1;
        let place = (at, timers.count);
        timers.waiting.insert(place, timer);
        async move { rings.await.expect("the clock outlives the test") }.boxed()
    }
}

/// A site that answers after 80 ms, and refuses more than so many requests a second.
struct Slow {
    clock: Arc<Simulated>,
    per_second: Option<f64>,
    state: Mutex<Seen>,
}

struct Seen {
    tokens: f64,
    at: Timestamp,
    under_way: usize,
    under_way_max: usize,
    refused: usize,
}

impl Slow {
    fn admits(&self) -> bool {
        let mut seen = self.state.lock().expect("whole");
        let now = self.clock.now();
        let passed = now.duration_since(seen.at).as_secs_f64();
        seen.at = now;
        seen.under_way += 1;
        seen.under_way_max = seen.under_way_max.max(seen.under_way);
        let Some(rate) = self.per_second else {
            return true;
        };
        seen.tokens = (seen.tokens + passed * rate).min(rate);
        if seen.tokens >= 1.0 {
            seen.tokens -= 1.0;
            return true;
        }
        seen.refused += 1;
        false
    }
}

impl Transport for Slow {
    fn send(&self, _: Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        async {
            let admitted = self.admits();
            self.clock.sleep(Duration::from_millis(80)).await;
            self.state.lock().expect("whole").under_way -= 1;
            let answer = if admitted {
                Response::builder()
                    .header("content-type", "application/json")
                    .header("x-aaccountid", "acc-1")
                    .body(Bytes::from_static(br#"{"issues":[]}"#))
            } else {
                Response::builder()
                    .status(429)
                    .header("retry-after", "1")
                    .header("ratelimit-reason", "jira-burst-based")
                    .body(Bytes::new())
            };
            Ok(answer.expect("an answer"))
        }
        .boxed()
    }
}

/// Reads a hundred thousand bodies with twenty batches under way; says how long that took, how many requests
/// were under way at most, and how many were refused.
fn read_all(per_second: Option<f64>) -> (f64, usize, usize) {
    let clock = Simulated::new();
    let site = Arc::new(Slow {
        clock: clock.clone(),
        per_second,
        state: Mutex::new(Seen {
            tokens: per_second.unwrap_or_default(),
            at: clock.now(),
            under_way: 0,
            under_way_max: 0,
            refused: 0,
        }),
    });
    let (mut options, _) = options(Cloud, site.clone(), token());
    options.clock = clock.clone();
    let client = Client::new(options);
    let left = Rc::new(Cell::new(1_000));
    let mut pool = LocalPool::new();
    for _ in 0..20 {
        let (client, left) = (client.clone(), left.clone());
        let worker = async move {
            while left.get() > 0 {
                left.set(left.get() - 1);
                let read = client.bodies("a = b", &["1".to_owned()], &[]).await;
                read.expect("no batch is given up");
            }
        };
        pool.spawner().spawn_local(worker).expect("room");
    }
    loop {
        pool.run_until_stalled();
        if !clock.step() {
            break;
        }
    }
    // Nobody waits for nothing.
    assert_eq!((left.get(), Rc::strong_count(&left)), (0, 1));
    let took_s = clock.now().duration_since(Timestamp::UNIX_EPOCH);
    let seen = site.state.lock().expect("whole");
    (took_s.as_secs_f64(), seen.under_way_max, seen.refused)
}

#[test]
fn eighty_milliseconds_are_hidden_behind_sixteen_requests_at_once() {
    let (took_s, at_once, refused) = read_all(None);
    let ideal_s = 1_000.0 * 0.08 / 16.0;
    assert!(took_s < 1.05 * ideal_s, "{took_s} s");
    assert_eq!((at_once, refused), (16, 0));
}

#[test]
fn a_site_that_takes_a_hundred_a_second_is_used_nearly_to_the_full() {
    let (took_s, _, refused) = read_all(Some(100.0));
    // A hundred at once, and then a hundred a second.
    let ideal_s = (1_000.0 - 100.0) / 100.0;
    assert!(took_s < 1.2 * ideal_s, "{took_s} s");
    assert!(refused < 50, "{refused}");
}

#[test]
fn a_site_that_takes_little_is_not_run_against() {
    let (took_s, _, refused) = read_all(Some(20.0));
    let ideal_s = (1_000.0 - 20.0) / 20.0;
    assert!(took_s < 1.2 * ideal_s, "{took_s} s");
    assert!(refused < 150, "{refused}");
}
