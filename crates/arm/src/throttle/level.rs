//! The level of one of Azure's token buckets, as far as it can be known from here.
//!
//! What an answer says is left is true at the time of the answer; since then the bucket has filled at its rate, and the
//! requests that are under way have taken, or will take, one token each. While there is plenty, nothing waits. The last
//! few tokens are left for what cannot be seen from here, other programs of the same principal: with only those left,
//! requests go out at the rate at which the bucket fills, which is as fast as Azure lets them go on.
//!
//! Until 2024 Azure counted by the hour, and parts of it may still. Such a count only ever looks like plenty until it ends,
//! and then the refusal says how long.

use std::time::{Duration, Instant};

/// So many tokens are left for others.
const RESERVE: f64 = 10.0;

/// How large a bucket is, and how fast it fills.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refill {
    pub(super) size: f64,
    pub(super) per_second: f64,
}

#[derive(Debug)]
pub(super) struct Level {
    refill: Refill,
    /// What is left; below nothing, what those who wait will take.
    left: f64,
    /// When that was so.
    at: Instant,
    /// Whether Azure has said so; otherwise it is caution, before the first answer or after a refusal.
    known: bool,
}

impl Level {
    /// The level before the first answer: more than a full bucket is there for nobody.
    pub(super) fn assumed(refill: Refill, now: Instant) -> Self {
        Self { refill, left: refill.size, at: now, known: false }
    }

    /// The level after an answer that told what was left, while so many other requests are under way or wait.
    pub(super) fn known(refill: Refill, left: u32, others: u32, now: Instant) -> Self {
        Self { refill, left: f64::from(left) - f64::from(others), at: now, known: true }
    }

    /// The level after a refusal: at the given time one request may go, and from then on they follow at this rate until an
    /// answer says more.
    pub(super) fn emptied(refill: Refill, until: Instant) -> Self {
        Self { refill, left: RESERVE + 1.0, at: until, known: false }
    }

    /// Whether Azure has said what is left.
    pub(super) fn is_known(&self) -> bool {
        self.known
    }

    /// Takes one token, and tells how long to wait for it.
    pub(super) fn take(&mut self, now: Instant) -> Duration {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        // A count by the hour may be larger than the bucket is now.
        let full = self.refill.size.max(self.left);
        self.left = (self.left + passed * self.refill.per_second).min(full) - 1.0;
        self.at = self.at.max(now);
        let missing = (RESERVE - self.left) / self.refill.per_second;
        Duration::try_from_secs_f64(missing.max(0.0)).unwrap_or_default()
    }

    /// A token that was taken is not used.
    pub(super) fn give_back(&mut self) {
        self.left += 1.0;
    }
}
