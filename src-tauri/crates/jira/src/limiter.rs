//! One limiter a site: how many requests may be under way, and until when nothing may be sent.
//!
//! It starts small, grows with every answer while more is wanted, and halves when Jira asks for less. It
//! is the only place that knows about waiting, so its state is what an interface shows.

use crate::clock::Clock;
use crate::error::LimitReason;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Requests under way at the start.
const START: u32 = 4;

/// The longest wait that is believed: the quota of an hour begins anew within one.
const WAIT_MAX: Duration = Duration::from_secs(3600);

/// What a limiter is doing, for showing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimiterState {
    /// Requests allowed at once.
    pub concurrency: u32,
    /// Requests under way.
    pub in_flight: u32,
    /// Until when nothing is sent, and why.
    pub waiting: Option<(Timestamp, LimitReason)>,
}

/// A limiter. Cloning gives another handle to the same one.
#[derive(Clone)]
pub struct Limiter {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Arc<dyn Clock>,
    max: u32,
    state: Mutex<State>,
    freed: Notify,
}

struct State {
    limit: u32,
    in_flight: u32,
    /// Until Jira first asks for less, the limit doubles each round; then it grows by one.
    slow_start: bool,
    answers: u32,
    waiting: Option<(Timestamp, LimitReason)>,
}

/// Leave to have one request under way; given back when dropped.
pub struct Permit {
    shared: Arc<Shared>,
}

impl Limiter {
    /// A limiter that never lets more than `max` requests be under way.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, max: u32) -> Self {
        let state = State {
            limit: START.min(max.max(1)),
            in_flight: 0,
            slow_start: true,
            answers: 0,
            waiting: None,
        };
        Self {
            shared: Arc::new(Shared {
                clock,
                max: max.max(1),
                state: Mutex::new(state),
                freed: Notify::new(),
            }),
        }
    }

    /// Waits until a request may be sent. Dropping the future takes nothing.
    pub async fn acquire(&self) -> Permit {
        loop {
            let freed = self.shared.freed.notified();
            let wait = {
                let mut state = self.shared.lock();
                let wait = state.wait(self.shared.clock.now());
                if wait.is_none() && state.in_flight < state.limit {
                    state.in_flight += 1;
                    return Permit {
                        shared: self.shared.clone(),
                    };
                }
                wait
            };
            match wait {
                Some(wait) => self.shared.clock.sleep(wait).await,
                None => freed.await,
            }
        }
    }

    /// A request was answered in good order.
    pub fn answered(&self) {
        let mut state = self.shared.lock();
        state.answers += 1;
        // Answers that come together free their places one by one, so at the start what is under way says
        // little about what is wanted.
        let wanted = state.slow_start || state.in_flight >= state.limit;
        let round = if state.slow_start { 1 } else { state.limit };
        if wanted && state.answers >= round && state.limit < self.shared.max {
            state.limit += 1;
            state.answers = 0;
            drop(state);
            self.shared.freed.notify_waiters();
        }
    }

    /// Jira asked for less. A limit on writes to one issue says nothing about the others.
    pub fn limited(&self, reason: LimitReason, wait: Duration) {
        if reason == LimitReason::PerIssue {
            return;
        }
        let now = self.shared.clock.now();
        let wait = SignedDuration::try_from(wait.min(WAIT_MAX)).unwrap_or_default();
        let until = now + wait;
        let mut state = self.shared.lock();
        // Requests that were under way together are refused together: that is one refusal.
        if state.wait(now).is_none() {
            state.limit = (state.limit / 2).max(1);
        }
        state.slow_start = false;
        state.answers = 0;
        if state.waiting.is_none_or(|(before, _)| before < until) {
            state.waiting = Some((until, reason));
        }
    }

    /// What it is doing.
    #[must_use]
    pub fn state(&self) -> LimiterState {
        let now = self.shared.clock.now();
        let state = self.shared.lock();
        LimiterState {
            concurrency: state.limit,
            in_flight: state.in_flight,
            waiting: state.waiting.filter(|(until, _)| *until > now),
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait(&mut self, now: Timestamp) -> Option<Duration> {
        let (until, _) = self.waiting?;
        match Duration::try_from(until.duration_since(now)) {
            Ok(left) if !left.is_zero() => Some(left),
            _ => {
                self.waiting = None;
                None
            }
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.shared.lock().in_flight -= 1;
        self.shared.freed.notify_one();
    }
}
