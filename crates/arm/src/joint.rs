//! Failures of work that many wait for: who came while it was under way shares its failure, in place of failing anew, one
//! after the other.

use std::sync::{Mutex, PoisonError};

/// The last failure of some work that is done under a lock. Cheap to ask.
#[derive(Debug)]
pub struct Failures<E> {
    last: Mutex<(u64, Option<E>)>,
}

/// When somebody came to wait for the work: after so many failures.
#[derive(Debug, Clone, Copy)]
pub struct Arrival(u64);

impl<E> Default for Failures<E> {
    fn default() -> Self {
        Self { last: Mutex::new((0, None)) }
    }
}

impl<E: Clone> Failures<E> {
    /// Somebody comes, before waiting for the lock.
    pub fn arrive(&self) -> Arrival {
        Arrival(self.last.lock().unwrap_or_else(PoisonError::into_inner).0)
    }

    /// The failure that came about while this one waited.
    pub fn since(&self, arrival: Arrival) -> Option<E> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.1.as_ref().filter(|_| last.0 > arrival.0).cloned()
    }

    /// The work has failed.
    pub fn note(&self, error: &E) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (last.0 + 1, Some(error.clone()));
    }
}
