//! Long-running operations, in all the ways in which Azure announces and reports them.
//!
//! [`start`] sends the request and comes back when it is accepted, so that a caller can note that there is now something;
//! [`Accepted::wait`] follows it to its end. An answer that is already the end is accepted and done at once.
//!
//! [`create`], [`update`] and [`delete`] do both, and find out what has become of a change whose answer was lost before they
//! send it again.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::client::Client;
use crate::context::Context;
use crate::document;
use crate::error::{Error, ServiceError};
use crate::request::{API_VERSION, Request, Response};

mod change;
mod status;
mod wait;

pub(crate) use change::busy_or;
pub use change::{BUSY, Unfinished, create, delete, update};
pub use status::State;
pub use wait::{gone, settled, until};

/// A request that the service has accepted, with what is needed to follow it.
#[derive(Clone)]
pub struct Accepted {
    /// What was answered; its body may be the resource as it stood then.
    pub response: Response,
    method: Method,
    /// The path of the request, which for all but POST is the resource.
    path: String,
    api_version: String,
    /// How the end is found out; nothing where it is there already.
    follow: Option<Follow>,
    /// Where the result of a POST is.
    location: Option<Url>,
    retry_after: Option<Duration>,
}

/// How the end of an operation is found out.
#[derive(Clone)]
enum Follow {
    /// A URL whose body is the status.
    Status(Url),
    /// A URL that answers 202 until the end, and then the result.
    Location(Url),
    /// The resource itself, by its provisioning state, or by its absence after a DELETE.
    Resource,
}

/// Shows no URL, as they are signed.
impl fmt::Debug for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match self.follow {
            Some(Follow::Status(_)) => "followed by its status",
            Some(Follow::Location(_)) => "followed by its location",
            Some(Follow::Resource) => "followed by its resource",
            None => "done",
        };
        write!(f, "Accepted({}, {way})", self.describe())
    }
}

/// Sends a request that may start an operation, and comes back when the service has accepted it.
pub async fn start(client: &Client, request: Request, cx: &Context) -> Result<Accepted, Error> {
    let request = client.in_version(request);
    let (method, path) = (request.method.clone(), request.target.path().to_owned());
    let api_version = request.api_version().unwrap_or_default().to_owned();
    let response = client.send(request, cx).await?;
    Accepted::read(client, method, path, api_version, response)
}

/// Sends a request and follows it to its end: [`start`] and [`Accepted::wait`] for callers that note nothing in between.
pub async fn run(client: &Client, request: Request, cx: &Context) -> Result<Option<Value>, Error> {
    start(client, request, cx).await?.wait(client, cx).await
}

impl Accepted {
    fn read(
        client: &Client,
        method: Method,
        path: String,
        api_version: String,
        response: Response,
    ) -> Result<Self, Error> {
        let describe = format!("{method} {path}");
        let follow = follow(client, &describe, &method, &response)?;
        let location = url(client, &describe, &response.headers, "location")?;
        let retry_after = crate::retry::retry_after(&response.headers, client.clock().utc());
        let accepted = Self { method, path, api_version, follow, location, retry_after, response };
        // A page says nothing of what has been done, nor does an end that is neither the resource nor a failure.
        if matches!(accepted.follow, None | Some(Follow::Resource)) {
            document::refuse_page(&accepted.response)?;
        }
        if accepted.is_done() && accepted.makes_resource() && accepted.told_failure(client).is_none() {
            document::of(&accepted.response, &accepted.path)?;
        }
        Ok(accepted)
    }

    /// Whether the answer was the end already.
    pub fn is_done(&self) -> bool {
        self.follow.is_none()
    }

    fn describe(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The failure that an answer which is the end already tells of: by its status code it was a success.
    fn told_failure(&self, client: &Client) -> Option<Error> {
        let body = self.response.value()?;
        let is_resource = document::is_of(&body, &self.path);
        let state = if is_resource { State::of_resource(&body) } else { State::of(&body) };
        let has_failed = match state {
            Some(state) => state.is_failure(),
            None => !is_resource && has_error(&body),
        };
        has_failed.then(|| failed(&self.method, &self.path, &self.response, &body, client.clock().utc()))
    }

    /// Whether the end leaves a resource that a read shows.
    fn makes_resource(&self) -> bool {
        self.method == Method::PUT || self.method == Method::PATCH
    }

    /// The read of the resource that the operation is about.
    fn resource(&self) -> Request {
        Request::new(Method::GET, self.path.as_str(), &self.api_version)
    }

    /// The read of a URL that the service gave, which is kept to the letter as it may be signed. Some services forget to put an API
    /// version into it, which Resource Manager then wants: they get the one of the request.
    fn given(&self, url: &Url) -> Request {
        let mut url = url.clone();
        let named = url.query_pairs().any(|(name, _)| name.eq_ignore_ascii_case(API_VERSION));
        if !named && !self.api_version.is_empty() {
            let query = url.query().filter(|query| !query.is_empty());
            let before = query.map(|query| format!("{query}&")).unwrap_or_default();
            url.set_query(Some(&format!("{before}{API_VERSION}={}", self.api_version)));
        }
        Request::given(url)
    }

    /// Waits for the end.
    ///
    /// Gives back the resource after a PUT or PATCH, the result of a POST that has one, and nothing after a DELETE.
    pub async fn wait(&self, client: &Client, cx: &Context) -> Result<Option<Value>, Error> {
        wait::wait(self, client, cx).await
    }
}

/// How the end of what was answered so is found out.
fn follow(
    client: &Client,
    request: &str,
    method: &Method,
    response: &Response,
) -> Result<Option<Follow>, Error> {
    if let Some(url) = url(client, request, &response.headers, "azure-asyncoperation")? {
        return Ok(Some(Follow::Status(url)));
    }
    let accepted = response.status == StatusCode::ACCEPTED;
    // With another status, Location is where the new resource is.
    if accepted && let Some(url) = url(client, request, &response.headers, "location")? {
        return Ok(Some(Follow::Location(url)));
    }
    let running = response.value().as_ref().and_then(State::of_resource).is_some_and(|state| !state.is_end());
    let nowhere = accepted && *method != Method::POST;
    Ok((running && *method != Method::POST || nowhere).then_some(Follow::Resource))
}

/// A URL that a header gives, if it stays with this Resource Manager.
fn url(client: &Client, request: &str, headers: &HeaderMap, name: &str) -> Result<Option<Url>, Error> {
    let text = headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::trim)
        .filter(|text| !text.is_empty());
    text.map(|text| client.own_url(request, text)).transpose()
}

/// Whether a body without a state tells of an error all the same.
fn has_error(body: &Value) -> bool {
    body.get("error").is_some_and(|error| !error.is_null())
}

/// The error of an operation whose status says that it failed or was cancelled.
fn failed(method: &Method, path: &str, response: &Response, body: &Value, now: Timestamp) -> Error {
    let mut error = ServiceError::read(method.as_str(), path, response.status.as_u16(), &response.body);
    let described = body.as_object().and_then(crate::error::ErrorDetail::in_body);
    if described.is_none() {
        let status = State::text(body).unwrap_or("Failed");
        status.clone_into(&mut error.code);
        error.message = match body.get("properties").and_then(|properties| properties.get("statusMessage")) {
            Some(Value::String(message)) => message.clone(),
            _ => "the service gives no reason".to_owned(),
        };
    }
    error.retry_after = crate::retry::retry_after(&response.headers, now);
    error.request_id = response.request_id();
    error.correlation_id = response.correlation_id();
    error.operation = true;
    Error::Service(Box::new(error))
}

#[cfg(test)]
mod tests;
