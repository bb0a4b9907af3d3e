//! What bounds a call in time: its pauses, its deadline, its cancellation.

use std::time::{Duration, Instant};

use super::Client;
use crate::context::Context;
use crate::error::Error;
use crate::request::Request;

/// After a cancellation, the answer to a change that is on its way is worth this wait: it tells whether something was made.
pub(super) const GRACE: Duration = Duration::from_secs(1);

impl Client {
    /// Pauses, unless the pause leads beyond the deadline or the caller ends it.
    pub(crate) async fn pause(
        &self,
        what: &str,
        pause: Duration,
        asked: bool,
        cx: &Context,
        last: &Option<Error>,
    ) -> Result<(), Error> {
        let beyond =
            |deadline: Instant| self.clock().now().checked_add(pause).is_none_or(|end| end >= deadline);
        if cx.deadline().is_some_and(beyond) {
            return Err(Error::DeadlinePassed {
                request: what.to_owned(),
                under_way: false,
                retry_after: asked.then_some(pause),
                progress: None,
                last: last.clone().map(Box::new),
            });
        }
        tokio::select! {
            biased;
            () = cx.cancel().cancelled() => Err(cancelled(what, false, last)),
            () = self.clock().sleep(pause) => Ok(()),
        }
    }

    /// Awaits something to the deadline, or until the caller ends it; after that, a change that is under way gets a moment
    /// of grace.
    pub(super) async fn in_time<T>(
        &self,
        request: &Request,
        cx: &Context,
        last: &Option<Error>,
        under_way: bool,
        work: impl Future<Output = T>,
    ) -> Result<T, Error> {
        if cx.cancel().is_cancelled() {
            return Err(cancelled(&request.describe(), false, last));
        }
        let expired = async {
            match cx.deadline() {
                Some(deadline) => self.clock().expire(deadline).await,
                None => std::future::pending().await,
            }
        };
        let ended = async {
            cx.cancel().cancelled().await;
            if under_way {
                self.clock().expire(self.clock().now() + GRACE).await;
            }
        };
        tokio::select! {
            biased;
            value = work => Ok(value),
            () = ended => Err(cancelled(&request.describe(), under_way, last)),
            () = expired => Err(Error::DeadlinePassed {
                request: request.describe(),
                under_way,
                retry_after: None,
                progress: None,
                last: last.clone().map(Box::new),
            }),
        }
    }
}

pub(super) fn cancelled(what: &str, under_way: bool, last: &Option<Error>) -> Error {
    Error::Cancelled { request: what.to_owned(), under_way, last: last.clone().map(Box::new) }
}
