//! Following an accepted operation to its end.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;
use tracing::debug;

use super::{Accepted, Follow, State, failed, has_error, url};
use crate::client::Client;
use crate::context::Context;
use crate::document;
use crate::error::{Error, Progress};
use crate::request::{Request, Response, trimmed};
use crate::retry;

/// The pause after the first look, where the service asks for none; it doubles.
const FIRST: Duration = Duration::from_millis(250);
/// The longest pause of our own.
const LONGEST: Duration = Duration::from_secs(10);
/// A status that is not there yet may take this long to appear; then the resource itself is asked.
const STATUS_APPEARS: Duration = Duration::from_secs(15);
/// A resource whose operation has ended may take this long to appear.
const RESOURCE_APPEARS: Duration = Duration::from_secs(30);
/// So many answers in a row that say nothing about a resource end the wait for it.
const LOOKS: u32 = 4;

/// The pauses between looks.
struct Pace {
    own: Duration,
}

impl Pace {
    fn new() -> Self {
        Self { own: FIRST }
    }

    fn next(&mut self, asked: Option<Duration>) -> Duration {
        // A service that asks for no pause at all would be asked in a tight loop.
        asked.filter(|asked| !asked.is_zero()).unwrap_or_else(|| {
            let pause = self.own;
            self.own = (pause * 2).min(LONGEST);
            pause
        })
    }
}

/// What one look showed.
enum Look {
    /// The end, with the body that told so.
    Done(Option<Value>),
    Running {
        progress: Box<Progress>,
        retry_after: Option<Duration>,
    },
    /// The status, or the resource, is not there.
    Missing(Error),
}

pub(super) async fn wait(accepted: &Accepted, client: &Client, cx: &Context) -> Result<Option<Value>, Error> {
    let Some(mut follow) = accepted.follow.clone() else {
        return finish(accepted, client, cx, None).await;
    };
    let mut location = accepted.location.clone();
    let mut pace = Pace::new();
    let mut missing_since = None;
    let mut seen = false;
    let (mut progress, mut last) = (Progress::told(&accepted.response, None), None);
    // The first look is at once, unless the service asked for a pause when it accepted.
    if let Some(asked) = accepted.retry_after {
        let paused = client.pause(&accepted.describe(), asked, true, cx, &last).await;
        paused.map_err(|error| with_progress(error, accepted, Some(&progress)))?;
    }
    loop {
        let look = look(accepted, &mut follow, &mut location, client, cx).await;
        let retry_after = match look.map_err(|error| with_progress(error, accepted, Some(&progress)))? {
            Look::Done(body) => {
                let body = body.filter(|_| !matches!(follow, Follow::Status(_)));
                let ended = Accepted { follow: Some(follow), location, ..accepted.clone() };
                return finish(&ended, client, cx, body).await;
            }
            Look::Running { progress: told, retry_after } => {
                (seen, progress, missing_since, last) = (true, told, None, None);
                retry_after
            }
            Look::Missing(error) => {
                let since = *missing_since.get_or_insert_with(|| client.clock().now());
                let waited = client.clock().now().saturating_duration_since(since);
                let is_gone = matches!(follow, Follow::Resource) && seen && error.is_absent();
                if waited >= STATUS_APPEARS || is_gone {
                    follow = lost(accepted, &follow, &error)?;
                    (missing_since, pace) = (None, Pace::new());
                }
                last = Some(error);
                None
            }
        };
        let pause = pace.next(retry_after);
        let paused = client.pause(&accepted.describe(), pause, retry_after.is_some(), cx, &last).await;
        paused.map_err(|error| with_progress(error, accepted, Some(&progress)))?;
    }
}

/// What to follow when the status cannot be found any more: the resource, where there is one.
fn lost(accepted: &Accepted, follow: &Follow, error: &Error) -> Result<Follow, Error> {
    let problem = match follow {
        Follow::Resource if error.is_absent() => "the resource is not there",
        Follow::Resource => "what is answered in its place cannot be used",
        _ if accepted.method == http::Method::POST => "its status is not there",
        _ => {
            debug!(
                request = accepted.describe(),
                "the status of the operation is gone; asking the resource itself"
            );
            return Ok(Follow::Resource);
        }
    };
    Err(Error::OperationLost {
        request: accepted.describe(),
        problem: problem.to_owned(),
        last: Some(Box::new(error.clone())),
    })
}

/// Looks once.
async fn look(
    accepted: &Accepted,
    follow: &mut Follow,
    location: &mut Option<::url::Url>,
    client: &Client,
    cx: &Context,
) -> Result<Look, Error> {
    let request = match follow {
        Follow::Status(url) | Follow::Location(url) => accepted.given(url),
        Follow::Resource => accepted.resource().persistent(),
    };
    let response = match client.send(request, cx).await {
        Ok(response) => response,
        Err(error) if error.is_404() => {
            let deletes = matches!(follow, Follow::Resource) && accepted.method == http::Method::DELETE;
            return Ok(if deletes && error.is_absent() { Look::Done(None) } else { Look::Missing(error) });
        }
        // A page of something on the way is no end, whatever its status.
        Err(error) if error.says_nothing() => return Ok(Look::Missing(error)),
        Err(Error::Service(mut error)) if !matches!(follow, Follow::Resource) && is_outcome(error.status) => {
            // The end of the operation, told by the status of the answer.
            error.operation = true;
            accepted.method.as_str().clone_into(&mut error.method);
            error.path.clone_from(&accepted.path);
            return Err(Error::Service(error));
        }
        Err(error) => return Err(error),
    };
    // Each answer may sign the URLs anew.
    let describe = accepted.describe();
    let again = match follow {
        Follow::Status(_) => "azure-asyncoperation",
        Follow::Location(_) => "location",
        Follow::Resource => "",
    };
    if !again.is_empty()
        && let Some(url) = url(client, &describe, &response.headers, again)?
    {
        *follow =
            if matches!(follow, Follow::Status(_)) { Follow::Status(url) } else { Follow::Location(url) };
    }
    if matches!(follow, Follow::Status(_))
        && let Some(url) = url(client, &describe, &response.headers, "location")?
    {
        *location = Some(url);
    }
    read(accepted, follow, &response, client)
}

/// A refusal that is the operation's end, and not the token's, the network's or the throttle's.
fn is_outcome(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 401 | 403 | 408 | 429)
}

fn read(accepted: &Accepted, follow: &Follow, response: &Response, client: &Client) -> Result<Look, Error> {
    let body = response.value();
    let retry_after = retry::retry_after(&response.headers, client.clock().utc());
    if let Some(unusable) = unusable(accepted, follow, response) {
        return Ok(Look::Missing(unusable));
    }
    // The resource's own `status` may mean something else.
    let is_resource = body.as_ref().is_some_and(|body| document::is_of(body, &accepted.path));
    let word = match follow {
        Follow::Resource if is_resource => body.as_ref().and_then(State::text_of_resource),
        _ => body.as_ref().and_then(State::text),
    };
    let state = word.map(State::of_word);
    let running =
        || Look::Running { progress: Progress::told(response, word.map(str::to_owned)), retry_after };
    if let (Some(state), Some(body)) = (state, &body)
        && state.is_failure()
    {
        return Err(failed(&accepted.method, &accepted.path, response, body, client.clock().utc()));
    }
    // {"error": {…}} without a status is a failure as well.
    if let Some(body) = &body
        && state.is_none()
        && has_error(body)
    {
        return Err(failed(&accepted.method, &accepted.path, response, body, client.clock().utc()));
    }
    if response.status == StatusCode::NO_CONTENT {
        return Ok(Look::Done(None));
    }
    if response.status == StatusCode::ACCEPTED && state != Some(State::Succeeded) {
        return Ok(running());
    }
    let deleting = matches!(follow, Follow::Resource) && accepted.method == http::Method::DELETE;
    Ok(match state {
        // The resource is still there, whatever its state is.
        _ if deleting => running(),
        Some(State::Running) => running(),
        // No state at all: an empty body, or the result itself.
        _ => Look::Done(body),
    })
}

/// What is wrong with an answer that can say nothing about the operation: it is no JSON, or not the resource that was asked for.
fn unusable(accepted: &Accepted, follow: &Follow, response: &Response) -> Option<Error> {
    let body = response.value();
    match follow {
        Follow::Status(_) | Follow::Location(_) => {
            let is_some = body.is_some_and(|body| body.is_object()) || trimmed(&response.body).is_empty();
            (!is_some).then(|| response.unusable("it is no status of an operation"))
        }
        Follow::Resource if response.status == StatusCode::ACCEPTED => None,
        // A failure that comes in the place of the resource is one.
        Follow::Resource if body.as_ref().and_then(State::of).is_some_and(State::is_failure) => None,
        Follow::Resource => document::of(response, &accepted.path).err(),
    }
}

/// Gets what the end leaves: the resource after PUT and PATCH, the result of a POST.
async fn finish(
    accepted: &Accepted,
    client: &Client,
    cx: &Context,
    body: Option<Value>,
) -> Result<Option<Value>, Error> {
    if accepted.is_done() {
        return accepted.told_failure(client).map_or_else(|| Ok(accepted.response.value()), Err);
    }
    if accepted.method == http::Method::DELETE {
        return Ok(None);
    }
    if accepted.makes_resource() {
        // What Location gave may be the resource, or the service's word on it; the resource itself is certain.
        return match body {
            Some(body) if matches!(accepted.follow, Some(Follow::Resource)) => Ok(Some(body)),
            _ => appeared(accepted, client, cx).await.map(Some),
        };
    }
    match (body, &accepted.location) {
        (None, Some(url)) if matches!(accepted.follow, Some(Follow::Status(_))) => {
            let sent = client.send(accepted.given(url), cx).await;
            Ok(sent.map_err(|error| with_progress(error, accepted, None))?.value())
        }
        (body, _) => Ok(body),
    }
}

/// Reads the resource at rest, which a replica of Resource Manager may not know for a moment.
async fn appeared(accepted: &Accepted, client: &Client, cx: &Context) -> Result<Value, Error> {
    let mut pace = Pace::new();
    let start = client.clock().now();
    loop {
        let error = match settled(client, &accepted.resource(), cx).await {
            Ok(resource) => return Ok(resource),
            Err(error) => with_progress(error, accepted, None),
        };
        if !error.is_absent() || client.clock().now().saturating_duration_since(start) >= RESOURCE_APPEARS {
            return Err(error);
        }
        let paused = client.pause(&accepted.describe(), pace.next(None), false, cx, &Some(error)).await;
        paused.map_err(|error| with_progress(error, accepted, None))?;
    }
}

/// Says in the error of a wait that ended early what was waited for, and how far it was.
fn with_progress(error: Error, accepted: &Accepted, known: Option<&Progress>) -> Error {
    let (request, under_way) = (accepted.describe(), true);
    match error {
        Error::DeadlinePassed { retry_after, progress, last, .. } => {
            let progress = progress.or_else(|| known.cloned().map(Box::new));
            Error::DeadlinePassed { request, under_way, retry_after, progress, last }
        }
        Error::Cancelled { last, .. } => Error::Cancelled { request, under_way, last },
        other => other,
    }
}

/// Waits until the resource that a request reads, and that something else works on, is at rest, and gives it back; an end in
/// failure is no error here.
pub async fn settled(client: &Client, read: &Request, cx: &Context) -> Result<Value, Error> {
    let mut pace = Pace::new();
    loop {
        let (response, body) = look_at(client, read, &mut pace, cx).await?;
        if State::of_resource(&body).is_none_or(State::is_end) {
            return Ok(body);
        }
        rest(client, read, &response, &mut pace, cx).await?;
    }
}

/// Waits until a resource that a request reads is as `reached` wants it, and gives it back.
///
/// `reached` says how far it is while it is not there yet: an error of the deadline has that as its status.
pub async fn until(
    client: &Client,
    read: &Request,
    cx: &Context,
    reached: impl Fn(&Value) -> Result<(), String> + Send + Sync,
) -> Result<Value, Error> {
    let mut pace = Pace::new();
    loop {
        let (response, body) = look_at(client, read, &mut pace, cx).await?;
        let Err(status) = reached(&body) else { return Ok(body) };
        let asked = retry::retry_after(&response.headers, client.clock().utc());
        let paused = client.pause(&read.describe(), pace.next(asked), asked.is_some(), cx, &None).await;
        paused.map_err(|error| resting(error, Progress::told(&response, Some(status))))?;
    }
}

/// Waits until the resource that a request reads is gone.
pub async fn gone(client: &Client, read: &Request, cx: &Context) -> Result<(), Error> {
    let mut pace = Pace::new();
    loop {
        let response = match look_at(client, read, &mut pace, cx).await {
            Ok((response, _)) => response,
            Err(error) if error.is_absent() => return Ok(()),
            Err(error) => return Err(error),
        };
        rest(client, read, &response, &mut pace, cx).await?;
    }
}

/// Reads a resource in a wait: what says nothing about it, such as a gateway's page, is asked again a few times.
async fn look_at(
    client: &Client,
    read: &Request,
    pace: &mut Pace,
    cx: &Context,
) -> Result<(Response, Value), Error> {
    let mut looks = 0;
    loop {
        let looked = match client.send(read.clone().persistent(), cx).await {
            Ok(response) => document::of(&response, read.target.path()).map(|body| (response, body)),
            Err(error) => Err(error),
        };
        looks += 1;
        let error = match looked {
            Err(error) if looks < LOOKS && error.says_nothing() => error,
            ended => return ended,
        };
        client.pause(&read.describe(), pace.next(None), false, cx, &Some(error)).await?;
    }
}

/// Pauses before the next look at a resource, and says in the error of a pause that ended early how far it was.
async fn rest(
    client: &Client,
    read: &Request,
    response: &Response,
    pace: &mut Pace,
    cx: &Context,
) -> Result<(), Error> {
    let asked = retry::retry_after(&response.headers, client.clock().utc());
    let known = response.value().as_ref().and_then(State::text_of_resource).map(str::to_owned);
    let paused = client.pause(&read.describe(), pace.next(asked), asked.is_some(), cx, &None).await;
    paused.map_err(|error| resting(error, Progress::told(response, known)))
}

fn resting(error: Error, known: Box<Progress>) -> Error {
    match error {
        Error::DeadlinePassed { request, under_way, retry_after, last, .. } => {
            Error::DeadlinePassed { request, under_way, retry_after, progress: Some(known), last }
        }
        other => other,
    }
}
