//! The wire between a client and a practice site: what goes wrong on it, and what time it is at both ends.
//!
//! The engine's own tests of a cycle take it from here, too.

#![allow(
    dead_code,
    reason = "two sets of tests share it, and neither needs all of it"
)]

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use http::{Method, Request, Response};
use jiff::{SignedDuration, Timestamp};
use jira::{Clock, Transport, TransportError, TransportErrorKind};
use practice_jira::{Site, SiteConfig};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Where the site is said to be; nothing listens there.
pub const ADDRESS: &str = "http://jira.example";

/// What happens to a request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It does not get there.
    Unsent,
    /// It gets there, and the answer gets lost.
    Lost,
    /// The site is busy.
    Busy,
    /// It was one too many of late.
    Limited,
    /// Half of the answer comes.
    Half,
    /// It takes its time, and so does the answer.
    Slow,
    /// Something on the way sends it twice, as it may if twice is as good as once.
    Twice,
    /// It does not get there, and nobody ever answers: whoever asked is ended.
    Silence,
    /// It gets there, and whoever asked is ended before the answer comes.
    Deaf,
    /// Somebody at a browser is a moment quicker: see [`Draft`].
    Overtaken,
}

type Which = Box<dyn Fn(&Request<Bytes>) -> bool + Send>;
type Meanwhile = (Which, BoxFuture<'static, ()>);

/// The site, the time, and what goes wrong in between.
pub struct Wire {
    site: Mutex<Site>,
    now: Mutex<Timestamp>,
    /// By how much the client's clock is ahead of the site's.
    ahead: Mutex<SignedDuration>,
    faults: Mutex<VecDeque<Fault>>,
    /// What somebody at a browser is about to send.
    meddling: Mutex<VecDeque<Request<Bytes>>>,
    /// Which requests the site fails at, whatever else happens.
    broken: Mutex<Option<Which>>,
    /// What somebody does here just before the first of some requests gets there.
    meanwhile: Mutex<Option<Meanwhile>>,
    asked: Mutex<u64>,
    silent: Notify,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Wire {
    pub fn new(config: SiteConfig) -> Arc<Self> {
        Arc::new(Self {
            site: Mutex::new(Site::new(config)),
            // After the last moment that the site's past knows.
            now: Mutex::new(Timestamp::constant(1_793_491_200, 0)),
            ahead: Mutex::default(),
            faults: Mutex::default(),
            meddling: Mutex::default(),
            broken: Mutex::default(),
            meanwhile: Mutex::default(),
            asked: Mutex::default(),
            silent: Notify::new(),
        })
    }

    pub fn site(&self) -> MutexGuard<'_, Site> {
        lock(&self.site)
    }

    /// What time it is where the site is.
    pub fn site_time(&self) -> Timestamp {
        *lock(&self.now)
    }

    pub fn advance(&self, by: SignedDuration) {
        let mut now = lock(&self.now);
        *now = now.saturating_add(by).expect("within a few years");
    }

    /// Sets the client's clock: so far ahead of the site's, or behind it.
    pub fn set_ahead(&self, by: SignedDuration) {
        *lock(&self.ahead) = by;
    }

    /// What happens to the next requests, one after the other.
    pub fn set_faults(&self, faults: impl IntoIterator<Item = Fault>) {
        *lock(&self.faults) = faults.into_iter().collect();
    }

    /// From now on the site fails at these requests, and at no others.
    pub fn set_broken(&self, is_broken: impl Fn(&Request<Bytes>) -> bool + Send + 'static) {
        *lock(&self.broken) = Some(Box::new(is_broken));
    }

    /// Somebody does something here just before the first such request gets there.
    pub fn set_meanwhile(
        &self,
        which: impl Fn(&Request<Bytes>) -> bool + Send + 'static,
        deed: impl Future<Output = ()> + Send + 'static,
    ) {
        *lock(&self.meanwhile) = Some((Box::new(which), deed.boxed()));
    }

    fn is_broken(&self, request: &Request<Bytes>) -> bool {
        let broken = lock(&self.broken);
        broken.as_ref().is_some_and(|is_broken| is_broken(request))
    }

    /// What somebody at a browser was about to send, and has not.
    pub fn unsent_meddling(&self) -> usize {
        lock(&self.meddling).drain(..).count()
    }

    /// Resolves when a request is met by silence.
    pub async fn is_silent(&self) {
        self.silent.notified().await;
    }

    pub fn asked(&self) -> u64 {
        *lock(&self.asked)
    }

    fn handled(&self, request: Request<Bytes>) -> Response<Bytes> {
        let now = self.site_time();
        self.site().handle(request, now).response
    }

    fn meddle(&self) {
        let request = lock(&self.meddling).pop_front();
        let answer = request.map(|request| self.handled(request));
        assert!(answer.is_none_or(|answer| answer.status().is_success()));
        self.advance(SignedDuration::from_millis(3));
    }
}

/// The way of somebody who sits at a browser beside the site: nothing goes wrong there.
pub struct Browser(pub Arc<Wire>);

impl Transport for Browser {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        self.0.advance(SignedDuration::from_millis(40));
        let answer = self.0.handled(request);
        async move { Ok(answer) }.boxed()
    }
}

/// Keeps what is sent through it, for somebody to send it at the next [`Fault::Overtaken`].
pub struct Draft(pub Arc<Wire>);

impl Transport for Draft {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        lock(&self.0.meddling).push_back(request);
        let done = answer(204, Bytes::new());
        async move { Ok(done) }.boxed()
    }
}

fn answer(status: u16, body: Bytes) -> Response<Bytes> {
    let answer = Response::builder().status(status);
    answer.body(body).expect("a plain answer")
}

impl Transport for Wire {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let meanwhile = lock(&self.meanwhile).take_if(|(which, _)| which(&request));
        match meanwhile {
            None => self.carry(request),
            Some((_, deed)) => async move {
                deed.await;
                self.carry(request).await
            }
            .boxed(),
        }
    }
}

impl Wire {
    fn carry(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        self.advance(SignedDuration::from_millis(40));
        *lock(&self.asked) += 1;
        let fault = lock(&self.faults).pop_front().unwrap_or(Fault::None);
        if fault == Fault::Overtaken {
            self.meddle();
        }
        let outcome = match fault {
            _ if self.is_broken(&request) => Ok(answer(503, Bytes::new())),
            Fault::None | Fault::Overtaken => Ok(self.handled(request)),
            Fault::Unsent => Err(TransportError::unsent(TransportErrorKind::Refused, "cut")),
            Fault::Lost => {
                self.handled(request);
                Err(TransportError::doubtful(TransportErrorKind::Timeout, "cut"))
            }
            Fault::Busy => Ok(answer(503, Bytes::new())),
            Fault::Limited => {
                let mut limited = answer(429, Bytes::new());
                let after = http::HeaderValue::from_static("3");
                limited.headers_mut().insert("retry-after", after);
                Ok(limited)
            }
            Fault::Half => {
                let mut whole = self.handled(request);
                let half = whole.body().len() / 2;
                *whole.body_mut() = whole.body().slice(..half);
                Ok(whole)
            }
            Fault::Slow => {
                self.advance(SignedDuration::from_secs(20));
                let whole = self.handled(request);
                self.advance(SignedDuration::from_secs(20));
                Ok(whole)
            }
            Fault::Twice => {
                if matches!(*request.method(), Method::GET | Method::PUT) {
                    self.handled(request.clone());
                }
                Ok(self.handled(request))
            }
            Fault::Silence | Fault::Deaf => {
                if fault == Fault::Deaf {
                    self.handled(request);
                }
                self.silent.notify_one();
                return std::future::pending().boxed();
            }
        };
        async move { outcome }.boxed()
    }
}

impl Clock for Wire {
    fn now(&self) -> Timestamp {
        let ahead = *lock(&self.ahead);
        let now = self.site_time().saturating_add(ahead);
        now.expect("within a few years")
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.advance(SignedDuration::try_from(duration).expect("a short time"));
        async {}.boxed()
    }
}
