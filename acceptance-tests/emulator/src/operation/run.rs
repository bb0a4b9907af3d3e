//! How operations begin, progress and end.

use serde_json::{Value, json};

use super::wire::{
    answered, forgotten, headers, is_signed, path_of, signed_anew, status_answer, tampered, targets,
};
use super::{Effect, Fate, Operation, Outcome, Start, State, Style};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::{Request, Response};
use crate::id::ResourceId;
use crate::service::Call;
use crate::store::{Document, merge};

impl Azure {
    /// Begins an operation and adds its header fields to the answer that accepts it.
    pub fn begin(&mut self, call: &Call, start: Start, accepted: Response) -> Response {
        let (status_target, result_target, token) = targets(&start, call, &self.settings.network);
        let operation = Operation {
            token,
            style: start.style,
            resource: start.resource.to_string(),
            api_version: call.api_version.clone(),
            status_target,
            result_target,
            reissued: Vec::new(),
            polls_left: self.settings.operation_polls,
            state: State::Running,
            fate: std::mem::take(&mut self.next_fate),
            failure: start.failure,
            effects: start.effects,
            on_failure: start.on_failure,
            outcome: start.outcome,
            started: self.now(),
        };
        let mut response = headers(&operation, &self.base_url, accepted);
        let asked = self.settings.network.dns_retry_after;
        if operation.style == Style::PrivateDns && asked > 0 {
            response = response.header("Retry-After", asked.to_string());
        }
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

    /// A document as its service shows it at an api-version.
    fn show(&self, document: &Document, api_version: &str) -> Value {
        let namespace = ResourceId::parse(&document.id).and_then(|id| id.namespace);
        match namespace.as_deref().and_then(crate::service::find) {
            Some(service) => service.show(self, document, api_version),
            None => document.body.clone(),
        }
    }

    fn polled(&self, request: &Request) -> Option<usize> {
        let path = request.path();
        self.operations.iter().position(|o| {
            path.eq_ignore_ascii_case(path_of(&o.status_target))
                || path.eq_ignore_ascii_case(path_of(&o.result_target))
        })
    }

    /// Whether a request asks about an operation.
    pub fn is_poll(&self, request: &Request) -> bool {
        self.polled(request).is_some()
    }

    /// Answers a poll of a status or result URL; none when the request is no poll.
    pub fn poll(&mut self, request: &Request) -> Option<Response> {
        let at = self.polled(request)?;
        if request.method != "GET" {
            return Some(ArmError::method_not_allowed(&request.method).into());
        }
        let operation = &self.operations[at];
        let on_status =
            request.target == operation.status_target || operation.reissued.contains(&request.target);
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
        let operation = &mut self.operations[at];
        let signs = operation.style == Style::PrivateDns && is_signed(&operation.status_target);
        if signs && operation.state == State::Running {
            operation.reissued.push(signed_anew(&operation.status_target));
        }
        let operation = self.operations[at].clone();
        let answer = if on_status && operation.style.has_status() {
            status_answer(&operation, &self.base_url, &self.now())
        } else {
            self.result_answer(&operation)
        };
        Some(answered(operation.style, answer))
    }

    fn result_answer(&self, operation: &Operation) -> Response {
        match &operation.state {
            State::Running => headers(operation, &self.base_url, Response::empty(202)),
            State::Failed(error) => Response::json(400, &json!({ "error": error })),
            State::Succeeded => match &operation.outcome {
                Outcome::Empty => Response::empty(if operation.style == Style::Location { 200 } else { 204 }),
                Outcome::Value(value) => Response::json(200, value),
                Outcome::Resource => match self.store.find(&operation.resource) {
                    Some(document) => Response::json(200, &self.show(document, &operation.api_version)),
                    None => Response::empty(204),
                },
            },
        }
    }
}
