//! Keeps requests back while Azure says "not yet", and bounds how many run at once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, SemaphorePermit};

/// The kinds of requests that Azure counts in buckets of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Reads,
    Writes,
    Deletes,
}

impl Kind {
    pub(crate) fn of(method: &http::Method) -> Self {
        match *method {
            http::Method::DELETE => Self::Deletes,
            ref method if method.is_safe() => Self::Reads,
            _ => Self::Writes,
        }
    }
}

/// One bucket: Azure counts by subscription and kind; requests without a subscription share the tenant's.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Bucket {
    subscription: Option<String>,
    kind: Kind,
}

impl Bucket {
    /// The bucket of a request.
    pub(crate) fn of(method: &http::Method, path: &str) -> Self {
        let mut segments = path.trim_start_matches('/').split('/');
        let scoped = segments.next().is_some_and(|first| first.eq_ignore_ascii_case("subscriptions"));
        let subscription = if scoped { segments.next().map(str::to_lowercase) } else { None };
        Self { subscription, kind: Kind::of(method) }
    }
}

/// The gate that every request passes.
#[derive(Debug)]
pub(crate) struct Throttle {
    slots: Semaphore,
    not_before: Mutex<HashMap<Bucket, Instant>>,
}

impl Throttle {
    /// A gate for so many requests at once.
    pub(crate) fn new(concurrency: usize) -> Self {
        Self { slots: Semaphore::new(concurrency.max(1)), not_before: Mutex::default() }
    }

    /// Waits for a free slot; dropped, it is free again.
    pub(crate) async fn slot(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed; if it were, running unbounded is better than not at all.
        self.slots.acquire().await.ok()
    }

    /// How long requests of the bucket are kept back from `now`.
    pub(crate) fn wait(&self, bucket: &Bucket, now: Instant) -> Option<Duration> {
        let not_before = self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
        not_before.get(bucket).and_then(|at| at.checked_duration_since(now)).filter(|wait| !wait.is_zero())
    }

    /// Azure refused a request of the bucket: keep all of them back so long.
    pub(crate) fn refused(&self, bucket: &Bucket, now: Instant, retry_after: Duration) {
        let Some(until) = now.checked_add(retry_after) else { return };
        let mut not_before = self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = not_before.entry(bucket.clone()).or_insert(until);
        *entry = (*entry).max(until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    #[test]
    fn buckets_are_of_a_subscription_and_a_kind() {
        let read = Bucket::of(&Method::GET, "/subscriptions/S/resourceGroups/g");
        assert_eq!(read, Bucket::of(&Method::HEAD, "/Subscriptions/s"));
        assert_ne!(read, Bucket::of(&Method::PUT, "/subscriptions/s"));
        assert_ne!(read, Bucket::of(&Method::GET, "/subscriptions/other"));
        assert_eq!(Bucket::of(&Method::GET, "/tenants"), Bucket::of(&Method::GET, "/providers"));
    }

    #[test]
    fn a_refusal_keeps_its_bucket_back_and_no_other() {
        let throttle = Throttle::new(1);
        let (now, second) = (Instant::now(), Duration::from_secs(1));
        let reads = Bucket::of(&Method::GET, "/subscriptions/s");
        throttle.refused(&reads, now, 5 * second);
        throttle.refused(&reads, now, second);
        assert_eq!(throttle.wait(&reads, now), Some(5 * second));
        assert_eq!(throttle.wait(&reads, now + 5 * second), None);
        assert_eq!(throttle.wait(&Bucket::of(&Method::DELETE, "/subscriptions/s"), now), None);
    }
}
