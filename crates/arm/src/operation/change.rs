//! Creating, changing and deleting a resource so that in the end it is certain what has become of it.
//!
//! A request whose answer was lost may have been carried out. It is sent again only after a look at the resource, which
//! says what there is left to do. What Azure refuses because something else is being changed is sent again too, until the
//! deadline: by the codes that [`Request::retry_codes`] names, whether they come at once or as the end of the operation.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::Value;
use tracing::info;

use super::{Accepted, State, gone, settled, start};
use crate::client::{Client, Registered};
use crate::context::Context;
use crate::error::{Error, ServiceError};
use crate::request::Request;
use crate::retry;

/// Codes by which services refuse a change, or end one, because something else is being changed: for
/// [`Request::retry_codes`].
pub const BUSY: &[&str] = &[
    "AnotherOperationInProgress",
    "ReferencedResourceNotProvisioned",
    "RetryableError",
    "RetryableErrorDueToAnotherOperation",
];

/// [`BUSY`] and one code more, which a service has of its own.
pub(crate) const fn busy_or(code: &'static str) -> [&'static str; BUSY.len() + 1] {
    let mut codes = [code; BUSY.len() + 1];
    let mut index = 0;
    while index < BUSY.len() {
        codes[index] = BUSY[index];
        index += 1;
    }
    codes
}

/// A change whose outcome is unknown, and which turns out not to have been made, is tried this often in all.
const TRIES: u32 = 6;

/// Why a change did not come to its end.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct Unfinished {
    /// What went wrong.
    #[source]
    pub error: Error,
    /// Whether the service had accepted the change, so that there may be something now.
    pub accepted: bool,
}

impl Unfinished {
    fn new(error: Error, accepted: bool) -> Self {
        Self { error, accepted }
    }

    fn accepted(error: Error) -> Self {
        Self::new(error, true)
    }

    /// A create may have left something, however it has ended.
    fn known(self) -> Self {
        Self { accepted: true, ..self }
    }

    fn refused(error: Error) -> Self {
        Self::new(error, false)
    }
}

/// Creates the resource that a PUT describes, and gives it back.
///
/// The caller has looked that there is none, for a PUT would overwrite it, unless it is one to
/// [create only](Request::create_only). `accepted` is called as soon as there is, or may be, something to remember, before the
/// wait for it begins. A resource that is found after its answer was lost is given back as it comes to rest, whatever its
/// [`State`] is then.
pub async fn create(
    client: &Client,
    mut request: Request,
    cx: &Context,
    mut accepted: impl FnMut(),
) -> Result<Value, Unfinished> {
    let (mut change, mut known, mut failed) = (Change::new(client, cx), false, false);
    // Whether an earlier try may have been carried out.
    let mut lost = false;
    loop {
        let error = match change.start(&request).await {
            Ok(started) => {
                accepted();
                known = true;
                match change.wait(&request, &started).await.map_err(Unfinished::known)? {
                    Some(body) => return Ok(body),
                    None => {
                        failed = true;
                        // What that try has left is ours.
                        request = request.overwriting();
                        continue;
                    }
                }
            }
            Err(error) => error,
        };
        if error.is_over() {
            return Err(change.ended(&request, error, known, accepted).await);
        }
        lost |= error.outcome_unknown();
        let may_exist = error.outcome_unknown() || error.is_precondition_failed() && request.is_create_only();
        if !may_exist && !retry::is_busy(&request, &error) {
            return Err(Unfinished::new(error, known));
        }
        if may_exist {
            match change.look(&request, &error).await {
                // Somebody else has made it meanwhile.
                Ok(Some(_)) if !lost => return Err(Unfinished::new(error, known)),
                // It may be ours: then it is followed by what it says itself.
                Ok(Some(_)) => {
                    accepted();
                    known = true;
                    let settled = change.settled(&request).await.map_err(Unfinished::accepted)?;
                    // What an earlier try has left in failure is no word on this one.
                    if !failed || !State::of_resource(&settled).is_some_and(State::is_failure) {
                        return Ok(settled);
                    }
                }
                Ok(None) => {}
                Err(looked) => {
                    let error = unseen(&request, looked, error);
                    return Err(change.ended(&request, error, known, accepted).await);
                }
            }
        }
        change.again(&request, error).await.map_err(|error| Unfinished::new(error, known))?;
    }
}

/// Changes a resource, and gives it back as it is then.
///
/// `next` makes the request: at first without a document, and after a lost answer with the resource as it is by then, so that
/// it can ask for what is left; with nothing left it makes none. A PATCH, and a PUT of the whole, may be the same every time.
pub async fn update(
    client: &Client,
    cx: &Context,
    mut next: impl FnMut(Option<&Value>) -> Result<Option<Request>, Error>,
) -> Result<Value, Unfinished> {
    let (mut change, mut found) = (Change::new(client, cx), None);
    loop {
        let Some(request) = next(found.as_ref()).map_err(Unfinished::refused)? else {
            return Ok(found.unwrap_or_default());
        };
        let error = match change.start(&request).await {
            Ok(started) => match change.wait(&request, &started).await? {
                Some(body) if State::of_resource(&body).is_some_and(State::is_failure) => {
                    return Err(Unfinished::accepted(left_failed(&request, &body)));
                }
                Some(body) => return Ok(body),
                None => continue,
            },
            Err(error) => error,
        };
        if change.is_refused_for_now(&request, &error).await {
            change.again(&request, error).await.map_err(Unfinished::refused)?;
        } else if !error.outcome_unknown() || error.is_over() {
            return Err(Unfinished::refused(error));
        } else {
            // The change may have been made: what is left to do is what the resource itself says.
            let open = |ended| Unfinished::refused(unseen(&request, ended, error.clone()));
            change.again(&request, error.clone()).await.map_err(open)?;
            found = Some(change.settled(&request).await.map_err(open)?);
        }
    }
}

/// Deletes a resource, and waits until a read finds nothing. One that is not there is deleted.
pub async fn delete(client: &Client, request: Request, cx: &Context) -> Result<(), Unfinished> {
    let mut change = Change::new(client, cx);
    loop {
        let error = match change.start(&request).await {
            Ok(started) => match change.wait(&request, &started).await? {
                Some(_) => return change.gone(&request).await.map_err(Unfinished::accepted),
                None => continue,
            },
            Err(error) if error.is_absent() => return Ok(()),
            Err(error) => error,
        };
        if !change.is_refused_for_now(&request, &error).await {
            if !error.outcome_unknown() || error.is_over() {
                return Err(Unfinished::refused(error));
            }
            match change.look(&request, &error).await {
                Ok(None) => return Ok(()),
                Ok(Some(found)) if State::is_deleting(&found) => {
                    return change.gone(&request).await.map_err(Unfinished::accepted);
                }
                Ok(Some(_)) => {}
                Err(looked) => return Err(Unfinished::refused(unseen(&request, looked, error))),
            }
        }
        change.again(&request, error).await.map_err(Unfinished::refused)?;
    }
}

/// The error of a change after which the resource shows itself as failed, although nothing else said so.
fn left_failed(request: &Request, body: &Value) -> Error {
    Error::Service(Box::new(ServiceError {
        method: request.method.to_string(),
        path: request.target.path().to_owned(),
        status: 200,
        code: State::text_of_resource(body).unwrap_or("Failed").to_owned(),
        message: "the service gives no reason".to_owned(),
        operation: true,
        ..ServiceError::default()
    }))
}

/// The error of a change whose answer was lost, and of which `ended` keeps from seeing what has become.
fn unseen(request: &Request, ended: Error, lost: Error) -> Error {
    let (request, under_way) = (request.describe(), lost.outcome_unknown());
    let last = Some(Box::new(lost.clone()));
    match ended {
        Error::DeadlinePassed { retry_after, progress, .. } => {
            Error::DeadlinePassed { request, under_way, retry_after, progress, last }
        }
        Error::Cancelled { .. } => Error::Cancelled { request, under_way, last },
        _ => lost,
    }
}

/// What the requests of one change share.
struct Change<'a> {
    client: &'a Client,
    cx: &'a Context,
    failures: u32,
    busy: u32,
    registered: Registered,
    /// Before that the service wants to be asked nothing more.
    not_before: Option<Instant>,
}

impl<'a> Change<'a> {
    fn new(client: &'a Client, cx: &'a Context) -> Self {
        Self { client, cx, failures: 0, busy: 0, registered: Registered::default(), not_before: None }
    }

    /// Waits for the end. Nothing comes back where something else was in the way, and the change is to be begun again.
    async fn wait(&mut self, request: &Request, accepted: &Accepted) -> Result<Option<Value>, Unfinished> {
        let error = match accepted.wait(self.client, self.cx).await {
            Ok(body) => return Ok(Some(body.unwrap_or_default())),
            Err(error) => error,
        };
        let begin_again = if retry::is_busy(request, &error) {
            self.heed(&error);
            self.again(request, error).await
        } else {
            self.register(request, error).await
        };
        // What ended here has ended: an end of the pause leaves nothing that goes on.
        begin_again
            .map(|()| None)
            .map_err(|error| Unfinished { accepted: !error.is_over() || error.outcome_unknown(), error })
    }

    /// Registers what the end of an operation says is missing, once each, so that the change can be begun again. Fails with any
    /// other error.
    async fn register(&mut self, request: &Request, error: Error) -> Result<(), Error> {
        match self.client.supply(request, &error, &mut self.registered, self.cx).await? {
            true => Ok(()),
            false => Err(self.client.with_subscription(request, error, &self.registered, self.cx).await),
        }
    }

    /// Pauses before the change is sent again; fails with the error when that has happened often enough.
    async fn again(&mut self, request: &Request, error: Error) -> Result<(), Error> {
        let busy = retry::is_busy(request, &error);
        let count = if busy { &mut self.busy } else { &mut self.failures };
        *count += 1;
        let (failures, bounded) = (*count, busy && self.cx.deadline().is_some());
        if failures >= TRIES && !bounded {
            return Err(error);
        }
        self.client.try_again(request, failures, self.asked(), self.cx, &Some(error)).await
    }

    /// Notes the pause that the service asks for with a failure.
    fn heed(&mut self, error: &Error) {
        self.not_before = error.retry_after().and_then(|asked| self.client.clock().now().checked_add(asked));
    }

    /// What is left of the pause that the service has asked for.
    fn asked(&self) -> Option<Duration> {
        let left = |end: Instant| end.saturating_duration_since(self.client.clock().now());
        self.not_before.map(left).filter(|left| !left.is_zero())
    }

    /// Sends the change, until it is accepted or refused.
    async fn start(&mut self, request: &Request) -> Result<Accepted, Error> {
        let started = start(self.client, request.clone(), self.cx).await;
        if let Err(error) = &started {
            self.heed(error);
        }
        started
    }

    /// The end of a create that is over: something may be there all the same, and is then noted.
    async fn ended(
        &self,
        request: &Request,
        error: Error,
        known: bool,
        mut accepted: impl FnMut(),
    ) -> Unfinished {
        let over = error.is_over() && error.outcome_unknown();
        let found = over && matches!(self.last_look(request).await, Ok(Some(_)));
        if found {
            accepted();
        }
        Unfinished::new(error, known || found)
    }

    /// Whether a change was refused for something that passes: a code says so, or the resource was being changed, and has
    /// come to rest by now.
    async fn is_refused_for_now(&self, request: &Request, error: &Error) -> bool {
        if retry::is_busy(request, error) {
            return true;
        }
        if !error.is_conflict() {
            return false;
        }
        let Ok(Some(found)) = self.look(request, error).await else { return false };
        if State::of_resource(&found).is_none_or(State::is_end) || State::is_deleting(&found) {
            return false;
        }
        info!(request = request.describe(), "waiting for another change of the same resource");
        self.settled(request).await.is_ok()
    }

    /// Reads the resource, which may not exist, after the pause that the service has asked for with the error.
    async fn look(&self, request: &Request, error: &Error) -> Result<Option<Value>, Error> {
        if let Some(asked) = self.asked() {
            let last = Some(error.clone());
            self.client.try_again(request, 1, Some(asked), self.cx, &last).await?;
        }
        self.client.find(resource(request), self.cx).await
    }

    /// Looks once although the call is over.
    async fn last_look(&self, request: &Request) -> Result<Option<Value>, Error> {
        let cx = self.cx.last_look(self.client.clock().now());
        self.client.find(resource(request), &cx).await
    }

    async fn settled(&self, request: &Request) -> Result<Value, Error> {
        settled(self.client, &resource(request), self.cx).await
    }

    async fn gone(&self, request: &Request) -> Result<(), Error> {
        gone(self.client, &resource(request), self.cx).await
    }
}

/// The read of the resource that a request is about, which goes on to the deadline.
fn resource(request: &Request) -> Request {
    let version = request.api_version().unwrap_or_default();
    let read = Request::new(Method::GET, request.target.path(), version).persistent();
    if request.listed { read.listed() } else { read }
}
