//! The log's line for a request beside the pipeline: for a token, or for the description of a cloud.

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
}

impl Line {
    /// The request goes out now.
    pub(crate) fn begin(method: &str, url: &Url) -> Self {
        let (host, path) = (host(url), url.path().to_owned());
        Self { method: method.to_owned(), host, path, began: Instant::now() }
    }

    /// Its answer has come.
    pub(crate) fn answered(self, status: u16, request_id: Option<&str>) {
        let Self { method, host, path, began } = self;
        let duration_ms = began.elapsed().as_millis();
        debug!(method, host, path, status, duration_ms, request_id, "request");
    }
}
