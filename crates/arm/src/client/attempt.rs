//! One attempt: a request on the wire, its answer, and its line in the log.

use std::time::Instant;

use http::header;
use tracing::{debug, trace};
use uuid::Uuid;

use super::Client;
use super::bearer::Bearer;
use crate::context::Context;
use crate::error::{Error, ErrorDetail, NetworkError, ServiceError};
use crate::mask;
use crate::request::{Request, Response};
use crate::retry;
use crate::throttle::Buckets;
use crate::transport::{skew, whole};

/// No answer of Resource Manager comes near.
pub(super) const LONGEST: usize = 64 << 20;

impl Client {
    /// Sends once.
    pub(super) async fn attempt(
        &self,
        request: &Request,
        buckets: &Buckets,
        bearer: &Bearer,
        id: Uuid,
        attempt: u32,
        cx: &Context,
    ) -> Result<Response, Error> {
        let url = request.url(self.shared.cloud.resource_manager());
        let client = self.shared.transport.client()?;
        let mut builder = bearer
            .apply(client.request(request.method.clone(), url.clone()))
            .header(header::ACCEPT, "application/json")
            .header("x-ms-client-request-id", id.to_string())
            .header("x-ms-return-client-request-id", "true")
            .header("x-ms-correlation-request-id", cx.correlation_id().to_string());
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        if let Some(body) = &request.body {
            trace!(request = request.describe(), body = mask::body(body), "request body");
            builder = builder.header(header::CONTENT_TYPE, "application/json").body(body.clone());
        } else if !request.method.is_safe() {
            // Without a body, say so: some front doors refuse a POST that leaves its length open.
            builder = builder.header(header::CONTENT_LENGTH, 0);
        }
        let sent = Sent { client: self, request, id, attempt, start: self.clock().now(), heard: false };
        let (status, headers, body) = match receive(builder).await {
            Ok(received) => received,
            Err(error) => {
                let error = self.shared.transport.failure(
                    request.method.as_str(),
                    request.target.path(),
                    &url,
                    error,
                );
                sent.lost(&error);
                return Err(Error::Network(Box::new(error)));
            }
        };
        self.shared.throttle.learn(buckets, status, &headers, self.clock().now());
        let too_long = body.is_none();
        let body = body.unwrap_or_default().into();
        let response = Response { request: request.describe(), status, headers, body };
        sent.answered(&response);
        if too_long {
            return Err(response.unusable(&format!("it is longer than {} MiB", LONGEST >> 20)));
        }
        self.judged(request, response)
    }

    /// Tells success from an error of the service.
    fn judged(&self, request: &Request, response: Response) -> Result<Response, Error> {
        if response.status.is_success() {
            return Ok(response);
        }
        Err(service_error(request, &response, self.clock().utc()))
    }
}

/// A request that is on its way, for its line in the log: it has one even where nobody waits for its answer any more.
struct Sent<'a> {
    client: &'a Client,
    request: &'a Request,
    id: Uuid,
    attempt: u32,
    start: Instant,
    heard: bool,
}

impl Sent<'_> {
    fn answered(mut self, response: &Response) {
        self.heard = true;
        self.line("request", Some(response), None);
        trace!(request = response.request, body = mask::body(&response.body), "response body");
    }

    fn lost(mut self, error: &NetworkError) {
        self.heard = true;
        self.line("request failed", None, Some(error));
    }

    fn line(&self, what: &'static str, response: Option<&Response>, error: Option<&NetworkError>) {
        let now = self.client.clock().now();
        debug!(
            method = self.request.method.as_str(),
            path = self.request.target.path(),
            api_version = self.request.api_version(),
            status = response.map(|response| response.status.as_u16()),
            error = error.map(tracing::field::display),
            duration_ms = now.saturating_duration_since(self.start).as_millis(),
            attempt = self.attempt,
            request_id = response.and_then(Response::request_id),
            client_request_id = %self.id,
            "{what}"
        );
    }
}

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        if !self.heard {
            self.line("request left unanswered", None, None);
        }
    }
}

/// Sends, and takes the whole answer, unless its body is longer than any that Resource Manager gives.
async fn receive(
    builder: reqwest::RequestBuilder,
) -> Result<(http::StatusCode, http::HeaderMap, Option<Vec<u8>>), reqwest::Error> {
    let mut response = builder.send().await?;
    let headers = std::mem::take(response.headers_mut());
    Ok((response.status(), headers, whole(response, LONGEST).await?))
}

/// The error that an answer is.
fn service_error(request: &Request, response: &Response, now: jiff::Timestamp) -> Error {
    let (method, path) = (request.method.as_str(), request.target.path());
    let mut error =
        ServiceError::read(method, path, response.status.as_u16(), crate::request::trimmed(&response.body));
    if response.status == http::StatusCode::UNAUTHORIZED
        && let Some(message) = skew::note(&response.headers, now)
    {
        error.details.push(ErrorDetail { message, ..ErrorDetail::default() });
    }
    error.retry_after = retry::retry_after(&response.headers, now);
    error.request_id = response.request_id();
    error.correlation_id = response.correlation_id();
    Error::Service(Box::new(error))
}
