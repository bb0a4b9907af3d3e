//! The way by which a CLI's interrupt reaches running work.

use std::sync::{Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

/// Cancels what runs now, and only that: the protocol's StopProvider does not end the provider.
#[derive(Debug, Default)]
pub struct Stop(Mutex<CancellationToken>);

impl Stop {
    /// A token for work that begins now. It is cancelled by the next [`Stop::stop`].
    pub fn token(&self) -> CancellationToken {
        let current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        current.child_token()
    }

    /// Cancels all that runs, and arms itself anew for what begins later.
    pub fn stop(&self) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *current).cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stopping_reaches_what_runs_and_not_what_comes() {
        let stop = Stop::default();
        let (one, two) = (stop.token(), stop.token());
        stop.stop();
        let later = stop.token();
        assert!(one.is_cancelled() && two.is_cancelled());
        assert!(!later.is_cancelled());
        stop.stop();
        assert!(later.is_cancelled());
    }

    #[test]
    fn cancelling_one_piece_of_work_leaves_the_others() {
        let stop = Stop::default();
        let (one, two) = (stop.token(), stop.token());
        one.cancel();
        assert!(!two.is_cancelled());
    }
}
