//! How fast a site lets us go.
//!
//! One [`Limiter`] belongs to one site and is shared by everything that talks to it. Each
//! [`CallKind`] is a lane of its own: it starts with a few requests at once, takes one more with
//! every success, and halves when the site refuses. A refusal also closes a gate until the time
//! the site named: of that lane for a burst, of the whole site for a quota.

mod backoff;
mod lane;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::clock::Clock;
use lane::Lane;

pub(crate) use backoff::{Backoff, headers_limit, retry_after};

/// Kinds of call that a site limits separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallKind {
    /// Who am I, what is this site.
    Identity,
    /// Projects, types, fields, statuses and the like.
    Metadata,
    /// Boards and sprints.
    Agile,
    /// People.
    Users,
    /// Lists of issue ids, counts, validation of queries.
    Search,
    /// Issues in bulk.
    BulkFetch,
    /// One issue.
    Issue,
    /// Anything that changes something.
    Write,
}

const LANES: usize = 8;

impl CallKind {
    fn index(self) -> usize {
        self as usize
    }
}

/// Why the site holds us back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitReason {
    /// Too many calls of one kind in a short time.
    Burst,
    /// Too many writes to one issue.
    PerIssue,
    /// The hourly allowance is used up: everything stops until it is renewed.
    Quota,
    /// An administrator's limit on Data Center, or no reason given.
    Unnamed,
    /// The site is overloaded or in maintenance.
    Overload,
}

impl fmt::Display for LimitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Burst => "too many calls at once",
            Self::PerIssue => "too many changes to one issue",
            Self::Quota => "the hourly allowance is used up",
            Self::Unnamed => "too many calls",
            Self::Overload => "the site is overloaded",
        })
    }
}

/// How eager a [`Limiter`] is.
#[derive(Clone, Copy, Debug)]
pub struct LimiterSettings {
    /// Requests at once per kind of call, to begin with.
    pub concurrency_start: usize,
    /// Requests at once at most, per kind of call and for the site as a whole.
    pub concurrency_max: usize,
    /// A wait longer than this is returned as [`crate::Error::Limit`] instead of being sat out.
    pub wait_max: Duration,
}

impl Default for LimiterSettings {
    fn default() -> Self {
        Self {
            concurrency_start: 4,
            concurrency_max: 16,
            wait_max: Duration::from_secs(60),
        }
    }
}

/// What a limiter does at this moment, for showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimiterState {
    /// Requests at once allowed to the busiest kind of call.
    pub concurrency: usize,
    /// Requests under way.
    pub in_flight: usize,
    /// Until when (some) calls are held back.
    pub waiting_until: Option<Timestamp>,
    /// Why they are held back.
    pub reason: Option<LimitReason>,
}

/// Paces the calls to one site. Cheap to clone; clones share the state.
#[derive(Clone)]
pub struct Limiter {
    inner: Arc<Inner>,
}

struct Inner {
    settings: LimiterSettings,
    clock: Arc<dyn Clock>,
    site: Arc<Semaphore>,
    lanes: [Arc<Semaphore>; LANES],
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    lanes: [Lane; LANES],
    gate: Option<(Timestamp, LimitReason)>,
}

/// The right to send one request; dropping it gives the place back.
pub(crate) struct Permit {
    limiter: Limiter,
    kind: CallKind,
    epoch: u64,
    _site: OwnedSemaphorePermit,
    lane: Option<OwnedSemaphorePermit>,
}

/// The wait would be longer than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong {
    pub(crate) reason: LimitReason,
    pub(crate) wait: Duration,
}

impl Limiter {
    /// A limiter for one site.
    pub fn new(settings: LimiterSettings, clock: Arc<dyn Clock>) -> Self {
        let max = settings.concurrency_max.max(1);
        let start = settings.concurrency_start.clamp(1, max);
        let settings = LimiterSettings {
            concurrency_start: start,
            concurrency_max: max,
            ..settings
        };
        Self {
            inner: Arc::new(Inner {
                settings,
                clock,
                site: Arc::new(Semaphore::new(max)),
                lanes: std::array::from_fn(|_| Arc::new(Semaphore::new(start))),
                state: Mutex::new(State {
                    lanes: std::array::from_fn(|_| Lane::new(start, max)),
                    gate: None,
                }),
                changed: watch::Sender::new(()),
            }),
        }
    }

    /// What it does at this moment.
    #[must_use]
    pub fn state(&self) -> LimiterState {
        let now = self.inner.clock.now();
        let state = self.lock();
        let busiest = state.lanes.iter().max_by_key(|l| (l.in_flight, l.limit()));
        let gate = (state.lanes.iter().filter_map(|lane| lane.gate))
            .chain(state.gate)
            .filter(|(until, _)| *until > now)
            .max_by_key(|(until, _)| *until);
        LimiterState {
            concurrency: busiest.map_or(0, Lane::limit),
            in_flight: state.lanes.iter().map(|lane| lane.in_flight).sum(),
            waiting_until: gate.map(|(until, _)| until),
            reason: gate.map(|(_, reason)| reason),
        }
    }

    /// How many calls of this kind may be under way at once.
    #[must_use]
    pub fn concurrency(&self, kind: CallKind) -> usize {
        self.lock().lanes[kind.index()].limit()
    }

    /// Tells when [`state`](Self::state) may have changed.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.inner.changed.subscribe()
    }

    /// The longest wait that is sat out.
    pub(crate) fn wait_max(&self) -> Duration {
        self.inner.settings.wait_max
    }

    /// Waits for a place. Gates are waited for *before* a place is taken, so that a lane that is
    /// held back does not keep places from the others.
    pub(crate) async fn acquire(&self, kind: CallKind) -> Result<Permit, TooLong> {
        loop {
            self.wait_for_gates(kind).await?;
            let lane = self.inner.lanes[kind.index()].clone();
            let (Ok(lane), Ok(site)) = (
                lane.acquire_owned().await,
                self.inner.site.clone().acquire_owned().await,
            ) else {
                // The semaphores live as long as the limiter and are never closed.
                continue;
            };
            if self.gate(kind).is_some() {
                continue;
            }
            let epoch = {
                let mut state = self.lock();
                let lane = &mut state.lanes[kind.index()];
                lane.in_flight += 1;
                lane.epoch
            };
            self.inner.changed.send_replace(());
            return Ok(Permit {
                limiter: self.clone(),
                kind,
                epoch,
                _site: site,
                lane: Some(lane),
            });
        }
    }

    async fn wait_for_gates(&self, kind: CallKind) -> Result<(), TooLong> {
        while let Some((wait, reason)) = self.gate(kind) {
            if wait > self.inner.settings.wait_max {
                return Err(TooLong { reason, wait });
            }
            self.inner.clock.sleep(wait).await;
        }
        Ok(())
    }

    /// How long calls of this kind are held back yet.
    fn gate(&self, kind: CallKind) -> Option<(Duration, LimitReason)> {
        let now = self.inner.clock.now();
        let state = self.lock();
        [state.gate, state.lanes[kind.index()].gate]
            .into_iter()
            .flatten()
            .filter_map(|(until, reason)| {
                let wait = Duration::try_from(until.duration_since(now)).ok()?;
                (!wait.is_zero()).then_some((wait, reason))
            })
            .max_by_key(|(wait, _)| *wait)
    }

    /// Closes the gate for `wait`: of the whole site, or of one lane.
    fn close(&self, kind: CallKind, wait: Duration, reason: LimitReason) {
        if wait.is_zero() {
            return;
        }
        let until = self.inner.clock.now().saturating_add(wait);
        let Ok(until) = until else { return };
        let mut state = self.lock();
        let gate = match reason {
            LimitReason::Quota | LimitReason::Unnamed => &mut state.gate,
            _ => &mut state.lanes[kind.index()].gate,
        };
        if gate.is_none_or(|(earlier, _)| earlier < until) {
            *gate = Some((until, reason));
        }
        drop(state);
        self.inner.changed.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is consistent after every statement, so a panic elsewhere does not spoil it.
        self.inner
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Limiter").field(&self.state()).finish()
    }
}

impl Permit {
    /// The site answered willingly. `near_limit`: it said that there is little left, so do not
    /// ask for more at once.
    pub(crate) fn succeeded(self, near_limit: bool) {
        if near_limit {
            return;
        }
        let grown = self.limiter.lock().lanes[self.kind.index()].succeeded(self.epoch);
        self.limiter.inner.lanes[self.kind.index()].add_permits(grown);
    }

    /// The site refused (429, 503). Nothing of this lane (or of the site) leaves for `wait`.
    pub(crate) fn refused(self, wait: Duration, reason: LimitReason) {
        {
            let mut state = self.limiter.lock();
            let lane = &mut state.lanes[self.kind.index()];
            let less = lane.refused(self.epoch);
            // Places that are taken at present are withdrawn when they come back.
            lane.debt += less - self.limiter.inner.lanes[self.kind.index()].forget_permits(less);
        }
        self.limiter.close(self.kind, wait, reason);
    }

    /// The site said on a good answer that the next call has to wait.
    pub(crate) fn pause(&self, wait: Duration) {
        self.limiter.close(self.kind, wait, LimitReason::Unnamed);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.limiter.lock();
        let lane = &mut state.lanes[self.kind.index()];
        lane.in_flight -= 1;
        if lane.debt > 0
            && let Some(permit) = self.lane.take()
        {
            lane.debt -= 1;
            permit.forget();
        }
        drop(state);
        self.limiter.inner.changed.send_replace(());
    }
}

#[cfg(test)]
mod tests;
