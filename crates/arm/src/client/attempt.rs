//! One attempt: a request on the wire, its answer, and its line in the log.

use std::time::Duration;

use http::header;
use tracing::{debug, trace};
use uuid::Uuid;

use super::Client;
use super::bearer::Bearer;
use crate::context::Context;
use crate::error::{Error, ErrorDetail, ServiceError};
use crate::mask;
use crate::request::{Request, Response};
use crate::retry;
use crate::throttle::Buckets;
use crate::transport::skew;

/// The end of one attempt: an answer, or a failure with the pause that the service asked for.
pub(super) type Attempt = Result<Response, (Error, Option<Duration>)>;

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
    ) -> Attempt {
        let url = request.url(self.shared.cloud.resource_manager());
        let client = self.shared.transport.client().map_err(|error| (error, None))?;
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
        let start = self.clock().now();
        let received = receive(builder).await;
        let elapsed = self.clock().now().saturating_duration_since(start).as_millis();
        let (method, path) = (request.method.as_str(), request.target.path());
        match received {
            Ok((status, headers, body)) => {
                self.shared.throttle.learn(buckets, status, &headers, self.clock().now());
                let response = Response { request: request.describe(), status, headers, body };
                debug!(
                    method,
                    path,
                    api_version = request.api_version(),
                    status = status.as_u16(),
                    duration_ms = elapsed,
                    attempt,
                    request_id = response.request_id(),
                    client_request_id = %id,
                    "request"
                );
                trace!(request = response.request, body = mask::body(&response.body), "response body");
                self.judged(request, response)
            }
            Err(error) => {
                let error = self.shared.transport.failure(method, path, &url, error);
                debug!(method = error.method, path = error.path, %error, duration_ms = elapsed, attempt, "request failed");
                Err((Error::Network(Box::new(error)), None))
            }
        }
    }

    /// Tells success from an error of the service.
    fn judged(&self, request: &Request, response: Response) -> Attempt {
        if response.status.is_success() {
            return Ok(response);
        }
        let retry_after = retry::retry_after(&response.headers, self.clock().utc());
        Err((service_error(request, &response, self.clock().utc()), retry_after))
    }
}

/// Sends, and takes the whole answer.
async fn receive(
    builder: reqwest::RequestBuilder,
) -> Result<(http::StatusCode, http::HeaderMap, bytes::Bytes), reqwest::Error> {
    let mut response = builder.send().await?;
    let headers = std::mem::take(response.headers_mut());
    Ok((response.status(), headers, response.bytes().await?))
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
    error.request_id = response.request_id();
    error.correlation_id = response.correlation_id();
    Error::Service(Box::new(error))
}
