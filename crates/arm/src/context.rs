//! What every call carries: when to stop, and under which name Azure's logs know it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// After an interrupt or a deadline the caller wants to end: one look at Azure may take this long.
const LAST_LOOK: Duration = Duration::from_millis(600);

/// The cancellation, the deadline and the correlation ID of the calls that serve one purpose.
///
/// Cheap to clone; clones share the cancellation, and the time that was spent waiting for others.
#[derive(Debug, Clone)]
pub struct Context {
    cancel: CancellationToken,
    deadline: Option<Instant>,
    correlation_id: Uuid,
    queued_ms: Arc<AtomicU64>,
}

impl Context {
    /// A context that ends when `cancel` is cancelled, with a correlation ID of its own and no deadline.
    pub fn new(cancel: CancellationToken) -> Self {
        let (correlation_id, queued_ms) = (Uuid::new_v4(), Arc::default());
        Self { cancel, deadline: None, correlation_id, queued_ms }
    }

    /// The same with a deadline.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The same with a deadline that is `timeout` from now.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        // A timeout beyond what the clock can count is none.
        match Instant::now().checked_add(timeout) {
            Some(deadline) => self.with_deadline(deadline),
            None => self,
        }
    }

    /// The same under a correlation ID of the caller.
    #[must_use]
    pub fn with_correlation_id(mut self, correlation_id: Uuid) -> Self {
        self.correlation_id = correlation_id;
        self
    }

    /// The context of one look although these calls are over, from `now` on: after an interrupt, or when their time has passed.
    #[must_use]
    pub fn last_look(&self, now: Instant) -> Self {
        Self::default().with_deadline(now + LAST_LOOK).with_correlation_id(self.correlation_id)
    }

    /// The token that ends these calls.
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// When these calls must have ended: later by the time that they waited for their turn.
    pub fn deadline(&self) -> Option<Instant> {
        let queued = Duration::from_millis(self.queued_ms.load(Ordering::Relaxed));
        self.deadline.map(|deadline| deadline.checked_add(queued).unwrap_or(deadline))
    }

    /// Does not count this time, in which nothing could be done.
    pub(crate) fn queued(&self, time: Duration) {
        let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.queued_ms.fetch_add(time, Ordering::Relaxed);
    }

    /// The ID under which Azure logs these calls together.
    pub fn correlation_id(&self) -> Uuid {
        self.correlation_id
    }
}

impl Default for Context {
    fn default() -> Self {
        Self::new(CancellationToken::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_look_is_short_and_outlives_what_ended_the_calls() {
        let now = Instant::now();
        let cx = Context::default().with_deadline(now);
        cx.cancel().cancel();
        cx.queued(Duration::from_secs(60));
        let look = cx.last_look(now);
        assert!(!look.cancel().is_cancelled());
        assert_eq!(look.deadline(), Some(now + LAST_LOOK));
        assert_eq!(look.correlation_id(), cx.correlation_id());
    }
}
