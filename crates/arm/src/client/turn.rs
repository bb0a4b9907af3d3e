//! Requests that go one after the other, although many want to be sent.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;
use tracing::debug;

use super::Client;
use super::time::cancelled;
use crate::context::Context;
use crate::error::Error;
use crate::request::Request;

/// The queues by their keys. There are as many as things that requests queue for, and none is ever taken away.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>);

impl Client {
    /// Waits until it is the request's turn, where it has to wait for one. The turn ends when it is dropped: after an
    /// attempt, for who pauses before another one lets the others through.
    pub(super) async fn turn(
        &self,
        request: &Request,
        cx: &Context,
        last: &Option<Error>,
    ) -> Result<Option<OwnedMutexGuard<()>>, Error> {
        let Some(key) = &request.turn else { return Ok(None) };
        let queue = {
            let mut queues = self.shared.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(queues.entry(key.clone()).or_default())
        };
        let since = self.clock().now();
        let turn = tokio::select! {
            biased;
            () = cx.cancel().cancelled() => return Err(cancelled(&request.describe(), false, last)),
            turn = queue.lock_owned() => turn,
        };
        let waited = self.clock().now().saturating_duration_since(since);
        cx.queued(waited);
        debug!(request = request.describe(), seconds = waited.as_secs_f64(), "it is this request's turn");
        Ok(Some(turn))
    }
}
