//! Chance and time of the storm: the one is seeded, the other runs fast.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arm::clock::{Clock, Pause, SystemClock};
use jiff::Timestamp;

/// Numbers by chance that are the same for the same seed (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The chance of one thing under the seed, whatever else happens before it.
    pub(crate) fn of(seed: u64, thing: &str) -> Self {
        // FNV-1a.
        let hash = thing.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed ^ hash)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below the bound.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// One of several.
    pub(crate) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// Whether it happens in so many of a hundred cases.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A clock that runs so many times faster than ours, for the client and for its Azure alike. Azure's buckets keep the sizes and
/// rates that they have.
#[derive(Debug)]
pub(crate) struct FastClock {
    start: Instant,
    faster: u32,
    asked: AtomicU64,
}

impl FastClock {
    pub(crate) fn new(faster: u32) -> Self {
        Self { start: Instant::now(), faster, asked: AtomicU64::new(0) }
    }
}

impl Clock for FastClock {
    fn now(&self) -> Instant {
        self.start + self.start.elapsed() * self.faster
    }

    fn utc(&self) -> Timestamp {
        let start: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        start + self.start.elapsed() * self.faster
    }

    fn sleep(&self, duration: Duration) -> Pause {
        SystemClock.sleep(duration / self.faster)
    }

    fn expire(&self, deadline: Instant) -> Pause {
        SystemClock.sleep(deadline.saturating_duration_since(self.now()) / self.faster)
    }

    fn chance(&self) -> f64 {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        Chance::of(number, "pause").below(1000) as f64 / 1000.0
    }
}
