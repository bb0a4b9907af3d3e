//! The log's one line for a request beside the pipeline: for a token, or for the description of a cloud.

use std::time::Instant;

use tracing::debug;
use url::Url;

use super::host;

/// A request that is on its way. Its query is never logged, as it may belong to a job or hold a secret.
#[derive(Debug)]
pub(crate) struct Line {
    method: String,
    host: String,
    path: String,
    began: Instant,
    done: bool,
}

impl Line {
    /// The request goes out now.
    pub(crate) fn begin(method: &str, url: &Url) -> Self {
        let (host, path) = (host(url), url.path().to_owned());
        Self { method: method.to_owned(), host, path, began: Instant::now(), done: false }
    }

    /// Its answer has come, whole.
    pub(crate) fn answered(mut self, status: u16, request_id: Option<&str>) {
        self.done = true;
        let Self { method, host, path, began, .. } = &self;
        let duration_ms = began.elapsed().as_millis();
        debug!(method, host, path, status, duration_ms, request_id, "request");
    }

    /// It was lost, or its answer was.
    pub(crate) fn failed(mut self, reason: &str) {
        self.done = true;
        self.without_answer(reason);
    }

    fn without_answer(&self, error: &str) {
        let Self { method, host, path, began, .. } = self;
        let duration_ms = began.elapsed().as_millis();
        debug!(method, host, path, error, duration_ms, "request failed");
    }
}

/// Whoever waited for it has gone, as at an interrupt or a deadline.
impl Drop for Line {
    fn drop(&mut self) {
        if !self.done {
            self.without_answer("nobody waits for the answer any more");
        }
    }
}
