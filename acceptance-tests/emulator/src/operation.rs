//! Long-running operations. Progress counts polls and never time; what an operation does in the end is data, so that a
//! running one survives in the state file.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::{Request, Response};
use crate::id::ResourceId;
use crate::service::Call;
use crate::store::{Document, merge};

/// How an operation looks on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Style {
    /// Machine Learning writes: 202, both headers, signed URLs, no Retry-After, minimal status bodies.
    MachineLearning,
    /// Machine Learning's diagnose: only Location, unsigned.
    MachineLearningLocation,
    /// Network writes: `azure-asyncoperation` alone, no Retry-After.
    Network,
    /// Network deletes: both headers in lower case.
    NetworkDelete,
    /// Most providers: Azure-AsyncOperation with Retry-After, status bodies with id, name and times.
    Generic,
    /// Only Location with Retry-After; 202 until the end, then the result.
    Location,
}

/// What an operation does to the box when it ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Effect {
    /// Adds or replaces a document.
    Put(Document),
    /// Applies a JSON merge patch to a body, if the document is still there.
    Merge {
        /// The document's ID.
        id: String,
        /// The patch.
        patch: Value,
    },
    /// Removes a document and all below it.
    Remove {
        /// The document's ID.
        id: String,
    },
    /// Deletes a group: each resource in it goes the way its service says, then the group.
    RemoveGroup {
        /// The group's ID.
        id: String,
    },
    /// Calls [`crate::service::Service::step`] of the namespace.
    Step {
        /// Whose step.
        namespace: String,
        /// Which step.
        name: String,
        /// Its argument.
        argument: Value,
    },
}

/// What the result URL answers after success.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Outcome {
    /// The resource's document.
    Resource,
    /// This value.
    Value(Value),
    /// Nothing.
    Empty,
}

/// Whether and how an operation has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum State {
    /// Still going on.
    Running,
    /// Done.
    Succeeded,
    /// Ended with this error (`code`, `message`, ...).
    Failed(Value),
}

/// What a fault did to an operation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Fate {
    /// Nothing.
    #[default]
    Normal,
    /// Its status URLs answer 404; the work itself is done.
    Forgotten,
    /// It never ends.
    Endless,
    /// It ends with this error.
    Fails(Value),
}

/// One operation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Operation {
    /// The word in its URLs.
    pub token: String,
    /// How it looks on the wire.
    pub style: Style,
    /// The resource it works on.
    pub resource: String,
    /// Path and query of the status URL, exactly as issued.
    pub status_target: String,
    /// Path and query of the result URL, exactly as issued.
    pub result_target: String,
    /// How many polls still answer that it is running.
    pub polls_left: u32,
    /// Whether it has ended.
    pub state: State,
    /// What a fault did to it.
    pub fate: Fate,
    /// Error that the service itself ends it with.
    pub failure: Option<Value>,
    /// What success does.
    pub effects: Vec<Effect>,
    /// What failure does.
    pub on_failure: Vec<Effect>,
    /// What the result URL answers.
    pub outcome: Outcome,
    /// When it began, as text.
    pub started: String,
}

/// An operation to begin: built by a service, handed to [`Azure::begin`].
#[derive(Debug, Clone)]
pub struct Start {
    style: Style,
    resource: ResourceId,
    location: String,
    effects: Vec<Effect>,
    on_failure: Vec<Effect>,
    failure: Option<Value>,
    outcome: Outcome,
}

impl Start {
    /// An operation on a resource in a location.
    pub fn new(style: Style, resource: &ResourceId, location: &str) -> Self {
        Self {
            style,
            resource: resource.clone(),
            location: location.to_owned(),
            effects: Vec::new(),
            on_failure: Vec::new(),
            failure: None,
            outcome: Outcome::Resource,
        }
    }

    /// Adds something that success does.
    #[must_use]
    pub fn then(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    /// Adds something that failure does.
    #[must_use]
    pub fn on_failure(mut self, effect: Effect) -> Self {
        self.on_failure.push(effect);
        self
    }

    /// Lets the operation end with an error.
    #[must_use]
    pub fn fails(mut self, error: &ArmError) -> Self {
        self.failure = Some(error.value());
        self
    }

    /// What the result URL answers; the resource's document unless said otherwise.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }
}

impl Azure {
    /// Begins an operation and adds its header fields to the answer that accepts it.
    pub fn begin(&mut self, call: &Call, start: Start, accepted: Response) -> Response {
        let (status_target, result_target, token) = targets(&start, call);
        let operation = Operation {
            token,
            style: start.style,
            resource: start.resource.to_string(),
            status_target,
            result_target,
            polls_left: self.settings.operation_polls,
            state: State::Running,
            fate: std::mem::take(&mut self.next_fate),
            failure: start.failure,
            effects: start.effects,
            on_failure: start.on_failure,
            outcome: start.outcome,
            started: self.now(),
        };
        let response = headers(&operation, &self.base_url, accepted);
        self.operations.push(operation);
        response
    }

    /// The running operation on a resource.
    pub fn running(&self, id: &ResourceId) -> Option<&Operation> {
        let key = id.key();
        self.operations.iter().find(|o| o.state == State::Running && o.resource.to_lowercase() == key)
    }

    /// Ends every operation that has no polls left.
    pub fn settle(&mut self) {
        while let Some(at) = self
            .operations
            .iter()
            .position(|o| o.state == State::Running && o.polls_left == 0 && o.fate != Fate::Endless)
        {
            self.end(at);
        }
    }

    /// Counts a GET of a resource as a poll of what runs on it.
    pub fn count_read(&mut self, id: &ResourceId) {
        let key = id.key();
        for operation in &mut self.operations {
            if operation.state == State::Running && operation.resource.to_lowercase() == key {
                operation.polls_left = operation.polls_left.saturating_sub(1);
            }
        }
    }

    fn end(&mut self, at: usize) {
        let operation = self.operations[at].clone();
        let failure = match &operation.fate {
            Fate::Fails(error) => Some(error.clone()),
            _ => operation.failure.clone(),
        };
        let ended = match failure {
            Some(error) => Err(error),
            None => self.apply(&operation.effects).map_err(|e| e.value()),
        };
        let state = match ended {
            Ok(outcome) => {
                if let Some(value) = outcome {
                    self.operations[at].outcome = Outcome::Value(value);
                }
                State::Succeeded
            }
            Err(error) => {
                // What failure does cannot fail itself: its steps report nothing.
                let _ = self.apply(&operation.on_failure);
                State::Failed(error)
            }
        };
        if let Some(operation) = self.operations.get_mut(at) {
            operation.state = state;
        }
    }

    fn apply(&mut self, effects: &[Effect]) -> Result<Option<Value>, ArmError> {
        let mut outcome = None;
        for effect in effects {
            match effect {
                Effect::Put(document) => self.store.put(document.clone()),
                Effect::Merge { id, patch } => {
                    if let Some(document) = self.store.find_mut(id) {
                        merge(&mut document.body, patch);
                    }
                }
                Effect::Remove { id } => {
                    self.store.remove(id);
                }
                Effect::RemoveGroup { id } => self.remove_group(id),
                Effect::Step { namespace, name, argument } => {
                    if let Some(service) = crate::service::find(namespace) {
                        let value = service.step(self, name, argument)?;
                        outcome = (!value.is_null()).then_some(value).or(outcome);
                    }
                }
            }
        }
        Ok(outcome)
    }

    fn remove_group(&mut self, id: &str) {
        let below = format!("{}/", id.to_lowercase());
        let inside: Vec<ResourceId> = self
            .store
            .iter()
            .filter(|d| d.id.to_lowercase().starts_with(&below))
            .filter_map(|d| ResourceId::parse(&d.id))
            .collect();
        for id in inside {
            match id.namespace.as_deref().and_then(crate::service::find) {
                Some(service) => service.group_deleted(self, &id),
                None => drop(self.store.remove(&id.key())),
            }
        }
        self.store.remove(id);
    }

    /// Answers a poll of a status or result URL; none when the request is no poll.
    pub fn poll(&mut self, request: &Request) -> Option<Response> {
        let path = request.path();
        let at = self.operations.iter().position(|o| {
            path.eq_ignore_ascii_case(path_of(&o.status_target))
                || path.eq_ignore_ascii_case(path_of(&o.result_target))
        })?;
        if request.method != "GET" {
            return Some(ArmError::method_not_allowed(&request.method).into());
        }
        let operation = &self.operations[at];
        let on_status = request.target == operation.status_target;
        if !on_status && request.target != operation.result_target {
            return Some(tampered().into());
        }
        if operation.fate == Fate::Forgotten {
            return Some(forgotten(&operation.token).into());
        }
        if operation.state == State::Running {
            let operation = &mut self.operations[at];
            if operation.polls_left > 0 || operation.fate == Fate::Endless {
                operation.polls_left = operation.polls_left.saturating_sub(1);
                self.store.touch();
            } else {
                self.end(at);
            }
        }
        let operation = self.operations[at].clone();
        Some(if on_status && operation.style.has_status() {
            status_answer(&operation, &self.base_url, &self.now())
        } else {
            self.result_answer(&operation)
        })
    }

    fn result_answer(&self, operation: &Operation) -> Response {
        match &operation.state {
            State::Running => headers(operation, &self.base_url, Response::empty(202)),
            State::Failed(error) => Response::json(400, &json!({ "error": error })),
            State::Succeeded => match &operation.outcome {
                Outcome::Empty => Response::empty(if operation.style == Style::Location { 200 } else { 204 }),
                Outcome::Value(value) => Response::json(200, value),
                Outcome::Resource => match self.store.find(&operation.resource) {
                    Some(document) => Response::json(200, &document.body),
                    None => Response::empty(204),
                },
            },
        }
    }
}

impl Style {
    fn has_status(self) -> bool {
        !matches!(self, Self::Location | Self::MachineLearningLocation)
    }
}

fn path_of(target: &str) -> &str {
    target.split_once('?').map_or(target, |(path, _)| path)
}

fn tampered() -> ArmError {
    ArmError::new(
        403,
        "AuthorizationFailed",
        "The signature of the operation URL does not match: the URL must be requested exactly as it was received.",
    )
}

fn forgotten(token: &str) -> ArmError {
    ArmError::new(404, "NotFound", format!("The operation '{token}' could not be found."))
}

/// Status and result targets of a new operation, and its token.
fn targets(start: &Start, call: &Call) -> (String, String, String) {
    let subscription = &start.resource.subscription;
    let namespace = start.resource.namespace.as_deref().unwrap_or("Microsoft.Resources");
    let location = crate::location::canonical(&start.location);
    let version = &call.api_version;
    let guid = uuid::Uuid::new_v4().to_string();
    let base = format!("/subscriptions/{subscription}/providers/{namespace}/locations/{location}");
    match start.style {
        Style::MachineLearning => {
            let token = random_text(32);
            let path = format!(
                "/subscriptions/{subscription}/providers/Microsoft.MachineLearningServices/locations/{location}/workspaceOperationsStatus/{token}?api-version={version}"
            );
            let signature = signature();
            (format!("{path}&type=async{signature}"), format!("{path}&type=location{signature}"), token)
        }
        Style::MachineLearningLocation => {
            let target =
                format!("{base}/workspaceOperationsStatus/{guid}?api-version={version}&type=location");
            (target.clone(), target, guid)
        }
        Style::Network | Style::NetworkDelete => (
            format!("{base}/operations/{guid}?api-version={version}"),
            format!("{base}/operationResults/{guid}?api-version={version}"),
            guid,
        ),
        Style::Generic => (
            format!("{base}/operationStatuses/{guid}?api-version={version}"),
            format!("{base}/operationResults/{guid}?api-version={version}"),
            guid,
        ),
        Style::Location => {
            let target = match start.resource.namespace {
                Some(_) => format!("{base}/asyncoperations/{guid}?monitor=true&api-version={version}"),
                None => {
                    format!("/subscriptions/{subscription}/operationresults/{guid}?api-version={version}")
                }
            };
            (target.clone(), target, guid)
        }
    }
}

/// The signed part of an operation URL: time, certificate, signature and hash, about four kilobytes.
fn signature() -> String {
    let ticks = 638_000_000_000_000_000_u64 + u64::from(uuid::Uuid::new_v4().as_fields().0);
    format!("&t={ticks}&c={}&s={}&h={}", random_text(2700), random_text(256), random_text(32))
}

/// Base64url text of this many random bytes.
fn random_text(bytes: usize) -> String {
    let mut raw = Vec::with_capacity(bytes + 16);
    while raw.len() < bytes {
        raw.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
    }
    raw.truncate(bytes);
    URL_SAFE_NO_PAD.encode(raw)
}

fn headers(operation: &Operation, base: &str, response: Response) -> Response {
    let status = format!("{base}{}", operation.status_target);
    let result = format!("{base}{}", operation.result_target);
    match operation.style {
        Style::MachineLearning => response.header("Location", result).header("Azure-AsyncOperation", status),
        Style::MachineLearningLocation => response.header("Location", result),
        Style::Network => {
            response.header("azure-asyncnotification", "Enabled").header("azure-asyncoperation", status)
        }
        Style::NetworkDelete => response
            .header("azure-asyncnotification", "Enabled")
            .header("azure-asyncoperation", status)
            .header("location", result),
        Style::Generic => response.header("Azure-AsyncOperation", status).header("Retry-After", "1"),
        Style::Location => response.header("Location", result).header("Retry-After", "1"),
    }
}

fn status_answer(operation: &Operation, base: &str, now: &str) -> Response {
    let (word, error) = match &operation.state {
        State::Running => ("InProgress", None),
        State::Succeeded => ("Succeeded", None),
        State::Failed(error) => ("Failed", Some(error)),
    };
    let mut body = json!({ "status": word });
    if operation.style == Style::Generic {
        body["id"] = json!(path_of(&operation.status_target));
        body["name"] = json!(operation.token);
        body["startTime"] = json!(operation.started);
        if operation.state != State::Running {
            body["endTime"] = json!(now);
        }
    }
    if operation.style == Style::MachineLearning && operation.state == State::Succeeded {
        body["percentComplete"] = json!(100.0);
    }
    if let Some(error) = error {
        body["error"] = error.clone();
    }
    let response = Response::json(200, &body);
    match (operation.style, &operation.state) {
        (Style::Generic, State::Running) => response
            .header("Azure-AsyncOperation", format!("{base}{}", operation.status_target))
            .header("Retry-After", "1"),
        _ => response,
    }
}
