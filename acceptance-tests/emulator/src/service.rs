//! What a resource provider has to be to take part: its types, and a function that answers requests.

use serde_json::Value;

use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::{Headers, Response};
use crate::id::{ArmPath, ResourceId};
use crate::store::Document;

/// A resource type that a provider announces and serves.
#[derive(Debug, Clone, Copy)]
pub struct ResourceType {
    /// Name below the namespace: `workspaces`, `workspaces/outboundRules`.
    pub name: &'static str,
    /// Versions served, newest first.
    pub api_versions: &'static [&'static str],
    /// Whether resources of it live in a region (else in no place, or wherever their parent lives).
    pub regional: bool,
}

/// One ARM request after sign-in, with its path taken apart and its body read.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// Method in upper case.
    pub method: String,
    /// The resource it reaches and the word behind it.
    pub path: ArmPath,
    /// The `api-version` parameter.
    pub api_version: String,
    /// All query parameters, decoded.
    pub query: Vec<(String, String)>,
    /// Header fields.
    pub headers: Headers,
    /// JSON body, null when there is none.
    pub body: Value,
}

impl Call {
    /// The resource that the path reaches.
    pub fn id(&self) -> &ResourceId {
        &self.path.id
    }

    /// A query parameter, its name in any casing.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The value at a JSON pointer of the body, null when absent.
    pub fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&Value::Null)
    }
}

/// What a service answers.
pub type Reply = Result<Response, ArmError>;

/// A resource provider. By the time it is called, the subscription, the resource group, the registration, the type, the
/// api-version and, for a PUT that creates, a known location are checked.
pub trait Service: Send + Sync {
    /// Namespace in its canonical spelling.
    fn namespace(&self) -> &'static str;

    /// The types it serves.
    fn types(&self) -> &'static [ResourceType];

    /// Answers a request.
    fn handle(&self, azure: &mut Azure, call: &Call) -> Reply;

    /// A document as a GET at an api-version answers it.
    fn show(&self, azure: &Azure, document: &Document, api_version: &str) -> Value {
        let _ = (azure, api_version);
        document.body.clone()
    }

    /// Removes a resource because its group is deleted.
    fn group_deleted(&self, azure: &mut Azure, id: &ResourceId) {
        azure.store.remove(&id.key());
    }

    /// Carries out a named step at the end of an operation; a value becomes the operation's result.
    fn step(&self, azure: &mut Azure, name: &str, argument: &Value) -> Result<Value, ArmError> {
        let _ = (azure, argument);
        Err(ArmError::new(500, "InternalServerError", format!("No step '{name}'.")))
    }
}

/// Every service of the box.
pub fn all() -> &'static [&'static dyn Service] {
    use crate::dependents::{COMPONENTS, IDENTITIES, LOG_WORKSPACES, REGISTRIES, STORAGE_ACCOUNTS, VAULTS};
    static ALL: [&dyn Service; 9] = [
        &crate::machine_learning::MachineLearning,
        &STORAGE_ACCOUNTS,
        &VAULTS,
        &COMPONENTS,
        &LOG_WORKSPACES,
        &REGISTRIES,
        &IDENTITIES,
        &crate::network::Network,
        &crate::authorization::Authorization,
    ];
    &ALL
}

/// The service of a namespace, in any casing.
pub fn find(namespace: &str) -> Option<&'static dyn Service> {
    all().iter().copied().find(|s| s.namespace().eq_ignore_ascii_case(namespace))
}
