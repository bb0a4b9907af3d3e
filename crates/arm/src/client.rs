//! The pipeline: everything that happens between a described request and its answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header;
use serde::de::DeserializeOwned;
use tracing::{debug, info, trace};
use url::Url;
use uuid::Uuid;

use crate::clock::{Clock, SystemClock};
use crate::cloud::Cloud;
use crate::context::Context;
use crate::credential::{Cached, TokenCredential};
use crate::error::{Error, NetworkError, NetworkKind, ServiceError};
use crate::id::ResourceId;
use crate::mask;
use crate::request::{Request, Response};
use crate::retry::{self, Verdict};
use crate::throttle::{Bucket, Throttle};
use crate::transport::Transport;

mod bearer;

use bearer::{Bearer, Bearers};

/// How many requests run at once unless the caller says otherwise.
const CONCURRENCY: usize = 16;
/// After a cancellation, the answer to a change that is on its way is worth this wait: it tells whether something was made.
const GRACE: Duration = Duration::from_secs(1);

/// A client of one cloud's Resource Manager with one credential. Cheap to clone; clones share everything.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    cloud: Cloud,
    bearers: Bearers,
    transport: Transport,
    throttle: Throttle,
    clock: Arc<dyn Clock>,
}

/// What a [`Client`] is made of.
#[derive(Debug)]
pub struct ClientBuilder {
    cloud: Cloud,
    credential: Arc<dyn TokenCredential>,
    transport: Transport,
    clock: Arc<dyn Clock>,
    concurrency: usize,
    auxiliary_tenants: Vec<String>,
}

impl ClientBuilder {
    /// Measures time with another clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Runs at most so many requests at once.
    #[must_use]
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests;
        self
    }

    /// Proves itself also with tokens of these tenants, for resources that refer to others of theirs.
    #[must_use]
    pub fn auxiliary_tenants(mut self, tenants: Vec<String>) -> Self {
        self.auxiliary_tenants = tenants;
        self
    }

    /// The client. Nothing is sent before the first request.
    pub fn build(self) -> Client {
        let tokens = Cached::new(self.credential, self.clock.clone());
        Client {
            shared: Arc::new(Shared {
                bearers: Bearers::new(tokens, self.cloud.scope(), self.auxiliary_tenants),
                throttle: Throttle::new(self.concurrency),
                cloud: self.cloud,
                transport: self.transport,
                clock: self.clock,
            }),
        }
    }
}

/// The end of one attempt: an answer, or a failure with the pause that the service asked for.
type Attempt = Result<Response, (Error, Option<Duration>)>;

impl Client {
    /// Begins a client of the cloud that signs in with the credential.
    pub fn builder(
        cloud: Cloud,
        credential: Arc<dyn TokenCredential>,
        transport: Transport,
    ) -> ClientBuilder {
        ClientBuilder {
            cloud,
            credential,
            transport,
            clock: Arc::new(SystemClock),
            concurrency: CONCURRENCY,
            auxiliary_tenants: Vec::new(),
        }
    }

    /// The cloud.
    pub fn cloud(&self) -> &Cloud {
        &self.shared.cloud
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// Reads a resource as a type.
    pub async fn get<T: DeserializeOwned>(
        &self,
        id: &ResourceId,
        api_version: &str,
        cx: &Context,
    ) -> Result<T, Error> {
        self.send(Request::get(id, api_version), cx).await?.json()
    }

    /// Reads a resource that may not exist.
    pub async fn find<T: DeserializeOwned>(
        &self,
        id: &ResourceId,
        api_version: &str,
        cx: &Context,
    ) -> Result<Option<T>, Error> {
        match self.get(id, api_version, cx).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends a request, again where that is safe and useful, and gives back the answer of success.
    pub async fn send(&self, request: Request, cx: &Context) -> Result<Response, Error> {
        let bucket = Bucket::of(&request.method, request.target.path());
        let client_request_id = Uuid::new_v4();
        let (mut attempt, mut throttled, mut fresh, mut last) = (0, 0, false, None);
        loop {
            let slot = self.admit(&request, &bucket, cx, &last).await?;
            let bearer = self.in_time(&request, cx, &last, false, self.shared.bearers.get()).await??;
            attempt += 1;
            let sent = self.attempt(&request, &bearer, client_request_id, attempt, cx);
            let (error, retry_after) =
                match self.in_time(&request, cx, &last, !request.method.is_safe(), sent).await? {
                    Ok(response) => return Ok(response),
                    Err(failure) => failure,
                };
            if error.status() == Some(429) {
                // The gate holds this request back with all others of its kind.
                throttled += 1;
                let pause = retry::pause(throttled, retry_after, self.clock().chance());
                self.shared.throttle.refused(&bucket, self.clock().now(), pause);
                last = Some(error);
                continue;
            }
            let failures = attempt - throttled;
            match retry::judge(&request, &error, retry_after, failures, fresh) {
                Verdict::GiveUp => return Err(error),
                Verdict::FreshToken => {
                    self.shared.bearers.forget(&bearer);
                    fresh = true;
                }
                Verdict::Again => {
                    let pause = retry::pause(failures, retry_after, self.clock().chance());
                    drop(slot);
                    let reason = Some(error.clone());
                    self.pause(&request.describe(), pause, retry_after.is_some(), cx, &reason).await?;
                }
            }
            last = Some(error);
        }
    }

    /// Waits until Azure and the bound on concurrency let the request through.
    async fn admit(
        &self,
        request: &Request,
        bucket: &Bucket,
        cx: &Context,
        last: &Option<Error>,
    ) -> Result<Option<tokio::sync::SemaphorePermit<'_>>, Error> {
        loop {
            if let Some(wait) = self.shared.throttle.wait(bucket, self.clock().now()) {
                info!(
                    request = request.describe(),
                    seconds = wait.as_secs_f64(),
                    "waiting, as Azure throttles"
                );
                self.pause(&request.describe(), wait, true, cx, last).await?;
                continue;
            }
            let slot = self.in_time(request, cx, last, false, self.shared.throttle.slot()).await?;
            // While this one waited for the slot, another may have been refused.
            if self.shared.throttle.wait(bucket, self.clock().now()).is_none() {
                return Ok(slot);
            }
        }
    }

    /// Sends once.
    async fn attempt(
        &self,
        request: &Request,
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
                let kind = NetworkKind::of(&error);
                let host = url.host_str().unwrap_or_default().to_owned();
                let (method, path) = (method.to_owned(), path.to_owned());
                // The URL inside the error may be signed.
                let source = Arc::new(error.without_url());
                let error = NetworkError { method, path, host, kind, source };
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
        Err((service_error(request, &response), retry_after))
    }

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
                status: None,
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
    async fn in_time<T>(
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
                status: None,
                last: last.clone().map(Box::new),
            }),
        }
    }

    /// A URL from an answer, if it stays with this Resource Manager.
    pub(crate) fn own_url(&self, request: &str, text: &str) -> Result<Url, Error> {
        let own = self.shared.cloud.resource_manager();
        let unreadable =
            |problem: String| Error::Answer { request: request.to_owned(), problem, request_id: None };
        let url =
            own.join(text).map_err(|error| unreadable(format!("the URL to follow is none: {error}")))?;
        let host = url.host_str().unwrap_or_default();
        let ours = own.host_str().unwrap_or_default();
        // Regional front doors are names under the cloud's own.
        let same_host = host.eq_ignore_ascii_case(ours) || host.to_lowercase().ends_with(&format!(".{ours}"));
        let same_place =
            url.scheme() == own.scheme() && url.port_or_known_default() == own.port_or_known_default();
        if same_host && same_place && url.username().is_empty() {
            Ok(url)
        } else {
            Err(Error::ForeignUrl { request: request.to_owned(), host: host.to_owned() })
        }
    }
}

fn cancelled(what: &str, under_way: bool, last: &Option<Error>) -> Error {
    Error::Cancelled { request: what.to_owned(), under_way, last: last.clone().map(Box::new) }
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
pub(crate) fn service_error(request: &Request, response: &Response) -> Error {
    let (method, path) = (request.method.as_str(), request.target.path());
    let mut error =
        ServiceError::read(method, path, response.status.as_u16(), crate::request::trimmed(&response.body));
    error.request_id = response.request_id();
    error.correlation_id = response.correlation_id();
    Error::Service(Box::new(error))
}

#[cfg(test)]
mod tests;
