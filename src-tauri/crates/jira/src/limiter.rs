//! One limiter a site: how many requests may be under way, and until when which of them must wait.
//!
//! Jira has several limits that know nothing of each other, and each 429 holds back only what it is about:
//!
//! | reason | what waits | what slows down |
//! |---|---|---|
//! | burst (Cloud: 100 a second an endpoint and method) | that endpoint | that endpoint |
//! | writes to one issue (Cloud: 20 in 2 s, 100 in 30 s) | writes to that issue | nothing |
//! | quota (Cloud: points of the hour) | the whole site, until the reset | the whole site |
//! | none given (Data Center: one bucket a user) | the whole site | the whole site |
//!
//! The site begins with 8 requests at once, and each good answer allows one more, up to what the client
//! sets. What was refused halves, and tries one more after eight rounds of good answers. Whoever has the
//! fewest of its kind under way goes first, and within a kind who came first, so that an import that keeps
//! every place busy never holds up a single question for long. Writes to one issue go one after another.
//!
//! A wait of more than two minutes is not sat out here: it is given back, so that it can be shown.

mod call;
mod window;

pub use call::Call;

use crate::clock::Clock;
use crate::error::{Error, LimitReason, PATIENCE};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use window::Window;

/// Requests under way at the start.
const START: u32 = 8;
/// The longest wait that is believed: the quota of an hour begins anew within one.
const WAIT_MAX: Duration = Duration::from_secs(3660);

/// What a limiter is doing, for showing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimiterState {
    /// Requests allowed at once.
    pub concurrency: u32,
    /// Requests under way.
    pub in_flight: u32,
    /// Until when nothing at all is sent, and why.
    pub waiting: Option<(Timestamp, LimitReason)>,
    /// Endpoints that wait while the others go on.
    pub endpoints_waiting: usize,
}

/// A limiter. Cloning gives another handle to the same one.
#[derive(Clone)]
pub struct Limiter {
    shared: Arc<Shared>,
}

/// Leave to have one request under way; given back when dropped.
pub struct Permit {
    shared: Arc<Shared>,
    call: Call,
}

struct Shared {
    clock: Arc<dyn Clock>,
    max: u32,
    state: Mutex<State>,
    /// Somebody was told to wait, so everybody who waits looks again how long.
    told: Notify,
}

struct State {
    window: Window,
    in_flight: u32,
    pause: Option<Pause>,
    endpoints: BTreeMap<String, Lane>,
    issues: BTreeMap<String, Lane>,
    queue: VecDeque<Waiter>,
}

/// What is limited by itself: an endpoint, or the writes to an issue.
#[derive(Default)]
struct Lane {
    in_flight: u32,
    /// None until it was refused once.
    window: Option<Window>,
    pause: Option<Pause>,
}

#[derive(Clone, Copy)]
struct Pause {
    until: Timestamp,
    reason: LimitReason,
}

struct Waiter {
    call: Call,
    turn: oneshot::Sender<Permit>,
}

impl std::fmt::Debug for Limiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.state().fmt(f)
    }
}

impl Limiter {
    /// A limiter that never lets more than `max` requests be under way.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, max: u32) -> Self {
        let state = State {
            window: Window::fresh(START, max),
            in_flight: 0,
            pause: None,
            endpoints: BTreeMap::new(),
            issues: BTreeMap::new(),
            queue: VecDeque::new(),
        };
        Self {
            shared: Arc::new(Shared {
                clock,
                max: max.max(1),
                state: Mutex::new(state),
                told: Notify::new(),
            }),
        }
    }

    /// Waits until a request may be sent. Dropping the future takes nothing.
    ///
    /// # Errors
    /// [`Error::Paused`] if that would be more than two minutes from now.
    pub async fn acquire(&self, call: &Call) -> Result<Permit, Error> {
        let shared = &self.shared;
        let (turn, mut mine) = oneshot::channel();
        let call = call.clone();
        shared.lock().queue.push_back(Waiter {
            call: call.clone(),
            turn,
        });
        shared.serve();
        loop {
            let told = shared.told.notified();
            let pause = shared.lock().pause_of(&call, shared.clock.now());
            let left = pause.map_or(Duration::ZERO, |pause| pause.left(shared.clock.now()));
            if let Some(pause) = pause
                && left > PATIENCE
            {
                return Err(pause.error());
            }
            let slept = async {
                match pause {
                    Some(_) => shared.clock.sleep(left).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                permit = &mut mine => {
                    return Ok(permit.expect("the queue keeps a sender until it sends, or until the receiver is gone"));
                }
                () = told => {}
                () = slept => shared.serve(),
            }
        }
    }

    /// What it is doing.
    #[must_use]
    pub fn state(&self) -> LimiterState {
        let now = self.shared.clock.now();
        let state = self.shared.lock();
        let waits = |lane: &&Lane| current(lane.pause, now).is_some();
        LimiterState {
            concurrency: state.window.limit(),
            in_flight: state.in_flight,
            waiting: current(state.pause, now).map(|pause| (pause.until, pause.reason)),
            endpoints_waiting: state.endpoints.values().filter(waits).count(),
        }
    }
}

impl Permit {
    /// The request was answered in good order.
    pub fn answered(&self) {
        let mut state = self.shared.lock();
        let under_way = state.in_flight;
        state.window.answered(under_way);
        let lane = state.endpoints.entry(self.call.endpoint.clone());
        let lane = lane.or_default();
        if let Some(window) = &mut lane.window {
            window.answered(lane.in_flight);
            if window.is_wide_open() {
                lane.window = None;
            }
        }
    }

    /// Jira refused the request and asked for less.
    ///
    /// # Errors
    /// [`Error::Paused`] if the wait is longer than two minutes.
    pub fn refused(&self, reason: LimitReason, wait: Duration) -> Result<(), Error> {
        let now = self.shared.clock.now();
        let wait = SignedDuration::try_from(wait.min(WAIT_MAX)).unwrap_or(SignedDuration::ZERO);
        let pause = Pause {
            until: now.saturating_add(wait).unwrap_or(now),
            reason,
        };
        let mut state = self.shared.lock();
        match (reason, &self.call.issue) {
            (LimitReason::Quota | LimitReason::Unknown, _) => {
                // Requests that were under way together are refused together: that is one refusal.
                if current(state.pause, now).is_none() {
                    state.window.refused();
                }
                state.pause = later(state.pause, pause);
            }
            (LimitReason::PerIssue, Some(issue)) => {
                let lane = state.issues.entry(issue.clone()).or_default();
                lane.pause = later(lane.pause, pause);
            }
            (LimitReason::Burst | LimitReason::PerIssue, _) => {
                let max = self.shared.max;
                let lane = state.endpoints.entry(self.call.endpoint.clone());
                let lane = lane.or_default();
                match &mut lane.window {
                    _ if current(lane.pause, now).is_some() => {}
                    Some(window) => window.refused(),
                    None => lane.window = Some(Window::refused_at(lane.in_flight, max)),
                }
                lane.pause = later(lane.pause, pause);
            }
        }
        drop(state);
        self.shared.told.notify_waiters();
        if pause.left(now) > PATIENCE {
            return Err(pause.error());
        }
        Ok(())
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.shared
            .lock()
            .release(&self.call, self.shared.clock.now());
        self.shared.serve();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives away the places that are free.
    fn serve(self: &Arc<Self>) {
        loop {
            let next = self.lock().next(self.clock.now());
            let Some(waiter) = next else { return };
            let permit = Permit {
                shared: self.clone(),
                call: waiter.call,
            };
            // Somebody who gave up meanwhile leaves the permit here, and dropping it passes the turn on.
            drop(waiter.turn.send(permit));
        }
    }
}

impl State {
    /// Whose turn it is, if there is a place: of those who may go, one of the kind that has the fewest under
    /// way, and among these who came first.
    fn next(&mut self, now: Timestamp) -> Option<Waiter> {
        self.queue.retain(|waiter| !waiter.turn.is_closed());
        if self.in_flight >= self.window.limit() {
            return None;
        }
        let under_way = |waiter: &Waiter| {
            let lane = self.endpoints.get(&waiter.call.endpoint);
            lane.map_or(0, |lane| lane.in_flight)
        };
        let (place, _) = (self.queue.iter().enumerate())
            .filter(|(_, waiter)| self.admits(&waiter.call, now))
            .min_by_key(|(place, waiter)| (under_way(waiter), *place))?;
        let waiter = self.queue.remove(place)?;
        self.in_flight += 1;
        let endpoint = self.endpoints.entry(waiter.call.endpoint.clone());
        endpoint.or_default().in_flight += 1;
        if let Some(issue) = &waiter.call.issue {
            self.issues.entry(issue.clone()).or_default().in_flight += 1;
        }
        Some(waiter)
    }

    fn admits(&self, call: &Call, now: Timestamp) -> bool {
        let full = self.endpoints.get(&call.endpoint).is_some_and(|lane| {
            let limit = lane.window.map(|window| window.limit());
            limit.is_some_and(|limit| lane.in_flight >= limit)
        });
        let issue = call.issue.as_ref().and_then(|id| self.issues.get(id));
        let being_written = issue.is_some_and(|lane| lane.in_flight > 0);
        !full && !being_written && self.pause_of(call, now).is_none()
    }

    /// The longest of the waits that concern a call.
    fn pause_of(&self, call: &Call, now: Timestamp) -> Option<Pause> {
        let endpoint = self.endpoints.get(&call.endpoint);
        let issue = call.issue.as_ref().and_then(|id| self.issues.get(id));
        let lanes = [endpoint, issue].into_iter().flatten();
        let pauses = lanes.map(|lane| lane.pause).chain([self.pause]);
        pauses
            .filter_map(|pause| current(pause, now))
            .max_by_key(|pause| pause.until)
    }

    fn release(&mut self, call: &Call, now: Timestamp) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(lane) = self.endpoints.get_mut(&call.endpoint) {
            lane.in_flight = lane.in_flight.saturating_sub(1);
        }
        if let Some(lane) = call.issue.as_ref().and_then(|id| self.issues.get_mut(id)) {
            lane.in_flight = lane.in_flight.saturating_sub(1);
        }
        // There are few endpoints and many issues.
        self.issues
            .retain(|_, lane| lane.in_flight > 0 || current(lane.pause, now).is_some());
    }
}

impl Pause {
    fn left(self, now: Timestamp) -> Duration {
        Duration::try_from(self.until.duration_since(now)).unwrap_or(Duration::ZERO)
    }

    fn error(self) -> Error {
        Error::Paused {
            reason: self.reason,
            until: self.until,
        }
    }
}

fn current(pause: Option<Pause>, now: Timestamp) -> Option<Pause> {
    pause.filter(|pause| pause.until > now)
}

fn later(before: Option<Pause>, pause: Pause) -> Option<Pause> {
    let longer = before.filter(|before| before.until >= pause.until);
    longer.or(Some(pause))
}
