//! Keeps requests back while Azure says "not yet", slows down before it has to, and bounds how many run at once.
//!
//! Azure counts requests in token buckets, and says in headers what is left. Each bucket is mirrored here: see [`level`]. A
//! request that has to wait holds no slot meanwhile, so that a throttled kind of request does not stop the others.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::{HeaderMap, StatusCode};
use tokio::sync::{Semaphore, SemaphorePermit};

mod bucket;
mod level;

pub(crate) use bucket::{Bucket, Buckets};
use level::Level;

/// The gate that every request passes.
#[derive(Debug)]
pub(crate) struct Throttle {
    slots: Semaphore,
    states: Mutex<HashMap<Bucket, State>>,
}

/// What is known of one bucket.
#[derive(Debug, Default)]
struct State {
    /// Until then Azure wants nothing.
    not_before: Option<Instant>,
    /// What is left, as far as there is reason to count.
    level: Option<Level>,
    /// Requests that wait for their turn or for their answer.
    claims: u32,
}

/// A request's turn, until it is dropped.
#[derive(Debug)]
pub(crate) struct Claim<'a> {
    throttle: &'a Throttle,
    buckets: &'a Buckets,
    slot: Option<SemaphorePermit<'a>>,
    sent: bool,
}

impl Throttle {
    /// A gate for so many requests at once.
    pub(crate) fn new(concurrency: usize) -> Self {
        Self { slots: Semaphore::new(concurrency.max(1)), states: Mutex::default() }
    }

    /// How long a request is kept back from `now` because Azure has refused others of its kind.
    pub(crate) fn closed(&self, buckets: &Buckets, now: Instant) -> Option<Duration> {
        let states = self.states();
        let waits = buckets.iter().filter_map(|bucket| states.get(bucket)?.not_before);
        waits.filter_map(|at| at.checked_duration_since(now)).max().filter(|wait| !wait.is_zero())
    }

    /// A turn for a request, and how long from `now` it has to wait for it so that Azure need not refuse it.
    pub(crate) fn claim<'a>(&'a self, buckets: &'a Buckets, now: Instant) -> (Claim<'a>, Option<Duration>) {
        let mut states = self.states();
        let mut wait = Duration::ZERO;
        for bucket in buckets.iter() {
            let state = states.entry(bucket.clone()).or_default();
            state.claims += 1;
            if state.level.is_none() && bucket.is_documented() {
                state.level = Some(Level::assumed(bucket.refill(), now));
            }
            if let Some(level) = &mut state.level {
                wait = wait.max(level.take(now));
            }
        }
        let claim = Claim { throttle: self, buckets, slot: None, sent: false };
        (claim, Some(wait).filter(|wait| !wait.is_zero()))
    }

    /// Takes note of what an answer says is left, and that one which is no refusal ends the caution after one.
    pub(crate) fn learn(&self, buckets: &Buckets, status: StatusCode, headers: &HeaderMap, now: Instant) {
        let refused = status == StatusCode::TOO_MANY_REQUESTS;
        let mut states = self.states();
        for bucket in buckets.iter() {
            let state = states.entry(bucket.clone()).or_default();
            let Some(left) = bucket.left(headers) else {
                state.level = state.level.take().filter(|level| refused || level.is_known());
                continue;
            };
            // The one that was answered is counted by Azure; of the others nobody knows.
            let others = state.claims.saturating_sub(1);
            state.level = Some(Level::known(bucket.refill(), left, others, now));
        }
    }

    /// Azure refused a request of the bucket: keep all of them back so long, and do not let them all go at once then.
    pub(crate) fn refused(&self, bucket: &Bucket, now: Instant, retry_after: Duration) {
        let Some(until) = now.checked_add(retry_after) else { return };
        let mut states = self.states();
        let state = states.entry(bucket.clone()).or_default();
        let until = state.not_before.map_or(until, |at| at.max(until));
        state.not_before = Some(until);
        state.level = Some(Level::emptied(bucket.after_refusal(), until));
    }

    fn states(&self) -> MutexGuard<'_, HashMap<Bucket, State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim<'_> {
    /// Waits for a free slot; with the claim dropped, it is free again.
    pub(crate) async fn slot(&mut self) {
        // The semaphore is never closed; if it were, running unbounded is better than not at all.
        self.slot = self.throttle.slots.acquire().await.ok();
    }

    /// The request goes out now, which Azure counts whatever becomes of it.
    pub(crate) fn sent(&mut self) {
        self.sent = true;
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut states = self.throttle.states();
        for bucket in self.buckets.iter() {
            let Some(state) = states.get_mut(bucket) else { continue };
            state.claims = state.claims.saturating_sub(1);
            if let Some(level) = state.level.as_mut().filter(|_| !self.sent) {
                level.give_back();
            }
        }
    }
}

#[cfg(test)]
mod tests;
