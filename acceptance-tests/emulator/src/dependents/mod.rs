//! What workspaces depend on: storage, vaults, Application Insights, Log Analytics, registries, identities. Each type is a
//! table entry with the few functions that make it what it is; one engine serves them all.

mod engine;
mod identity;
mod insights;
mod links;
mod log_analytics;
mod names;
mod registry;
mod storage;
mod vault;

use serde_json::Value;

use crate::azure::Azure;
use crate::error::ArmError;
use crate::operation::Style;
use crate::service::{Call, Reply, ResourceType, Service};
use crate::shape::Shape;
use crate::store::Document;

pub use identity::IDENTITIES;
pub use insights::COMPONENTS;
pub use log_analytics::LOG_WORKSPACES;
pub use registry::REGISTRIES;
pub use storage::STORAGE_ACCOUNTS;
pub use vault::VAULTS;

/// How a change is answered.
#[derive(Debug, Clone, Copy)]
pub enum Flow {
    /// Done at once: statuses for a new resource, and for one that was there.
    Sync(u16, u16),
    /// Accepted, with this status and style; the body is sent along if so said.
    Accepted {
        /// Status.
        status: u16,
        /// What the operation looks like.
        style: Style,
        /// Whether the resource is in the answer.
        body: bool,
    },
}

/// A type of dependent.
#[derive(Debug)]
pub struct Dependent {
    /// Namespace.
    pub namespace: &'static str,
    /// The type first; then what else the namespace serves.
    pub types: &'static [ResourceType],
    /// Shape of PUT bodies.
    pub put: Shape,
    /// Shape of PATCH bodies.
    pub patch: Shape,
    /// How a creation is answered.
    pub create: Flow,
    /// How a deletion is answered.
    pub delete: Flow,
    /// State while a creation goes on.
    pub creating: &'static str,
    /// Refuses a name or a body; the document is there for an update.
    pub check: fn(&Azure, &Call, Option<&Document>) -> Result<(), ArmError>,
    /// Fills in what the service adds to a new document or one that was updated.
    pub fill: fn(&mut Azure, &Call, &mut Document),
    /// Answers an action on a resource; none for one that there is not.
    pub action: fn(&mut Azure, &mut Document, &str, &Value) -> Option<Reply>,
    /// Answers what is not about one resource; none when it is nothing of the kind.
    pub beside: fn(&mut Azure, &Call) -> Option<Reply>,
    /// Whether a deletion is soft.
    pub soft_delete: bool,
}

impl Service for Dependent {
    fn namespace(&self) -> &'static str {
        self.namespace
    }

    fn types(&self) -> &'static [ResourceType] {
        self.types
    }

    fn handle(&self, azure: &mut Azure, call: &Call) -> Reply {
        match links::answer(self, azure, call).or_else(|| (self.beside)(azure, call)) {
            Some(reply) => reply,
            None => engine::handle(self, azure, call),
        }
    }

    fn step(&self, azure: &mut Azure, name: &str, argument: &Value) -> Result<Value, ArmError> {
        engine::step(self, azure, name, argument)
    }

    fn group_deleted(&self, azure: &mut Azure, id: &crate::id::ResourceId) {
        engine::remove(self, azure, id);
    }
}
