//! Time and chance, handed to everything that waits, so that tests need neither.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// A future that owns what it needs.
pub type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the crate asks of the world about time and chance.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The monotonic time, which deadlines are measured on.
    fn now(&self) -> Instant;
    /// The time of day, which dates in headers and expiries of tokens are measured on.
    fn utc(&self) -> Timestamp;
    /// Ends after `duration`.
    fn sleep(&self, duration: Duration) -> Pause;
    /// Ends when `deadline` has come while something else is awaited.
    fn expire(&self, deadline: Instant) -> Pause;
    /// A number from 0 to 1 that spreads the retries of many clients.
    fn chance(&self) -> f64;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn utc(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, duration: Duration) -> Pause {
        Box::pin(tokio::time::sleep(duration))
    }

    fn expire(&self, deadline: Instant) -> Pause {
        Box::pin(tokio::time::sleep_until(deadline.into()))
    }

    fn chance(&self) -> f64 {
        // A version 4 UUID is 122 random bits: enough to spread retries, without another dependency.
        let random = (uuid::Uuid::new_v4().as_u128() >> 96) as u32;
        f64::from(random) / f64::from(u32::MAX)
    }
}
