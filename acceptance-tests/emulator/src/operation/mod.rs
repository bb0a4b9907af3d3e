//! Long-running operations. Progress counts polls and never time; what an operation does in the end is data, so that a
//! running one survives in the state file.

mod run;
mod wire;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ArmError;
use crate::id::ResourceId;
use crate::store::Document;

/// How an operation looks on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Style {
    /// Machine Learning writes: 202, both headers, signed URLs, no Retry-After, minimal status bodies.
    MachineLearning,
    /// Machine Learning's managed networks: the same, with the name of one header field in lower case.
    MachineLearningNetwork,
    /// Machine Learning's diagnose: only Location, unsigned.
    MachineLearningLocation,
    /// Network writes: `azure-asyncoperation` alone, no Retry-After.
    Network,
    /// Network deletes: both headers in lower case.
    NetworkDelete,
    /// Private DNS: both headers in lower case, signed URLs below the resource group.
    PrivateDns,
    /// Most providers: Azure-AsyncOperation with Retry-After, status bodies with id, name and times.
    Generic,
    /// No header at all: the resource's own provisioningState tells.
    State,
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
    /// The api-version of the request that began it.
    pub api_version: String,
    /// Path and query of the status URL, exactly as issued.
    pub status_target: String,
    /// Path and query of the result URL, exactly as issued.
    pub result_target: String,
    /// Status URLs issued since, with signatures of their own; the first one stays good.
    #[serde(default)]
    pub reissued: Vec<String>,
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

/// An operation to begin: built by a service, handed to [`crate::azure::Azure::begin`].
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
