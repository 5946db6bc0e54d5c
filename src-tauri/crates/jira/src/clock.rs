//! Time and chance, handed in from outside so that tests need neither.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

/// What time it is, and waiting.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Completes when `duration` has passed. Dropping the future gives the wait up.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The machine's clock and tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        tokio::time::sleep(duration).boxed()
    }
}

/// A source of chance for spreading retries.
pub trait Jitter: Send + Sync {
    /// A number from 0.0 up to, but not including, 1.0.
    fn unit(&self) -> f64;
}

/// Chance from the process's random hash seed: good enough to spread retries, nothing else.
#[derive(Debug, Default)]
pub struct SystemJitter {
    seed: RandomState,
    drawn: AtomicU64,
}

impl Jitter for SystemJitter {
    fn unit(&self) -> f64 {
        let bits = self
            .seed
            .hash_one(self.drawn.fetch_add(1, Ordering::Relaxed));
        // 53 bits are what a double holds exactly.
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Always the same number: for tests and simulations.
#[derive(Clone, Copy, Debug)]
pub struct FixedJitter(
    /// The number [`Jitter::unit`] returns.
    pub f64,
);

impl Jitter for FixedJitter {
    fn unit(&self) -> f64 {
        self.0
    }
}
