//! A box in the test's own process, with a group and the resources that a workspace needs.

#![allow(dead_code, clippy::unwrap_used, reason = "a test helper; each test binary uses its own part")]

use azureml_emulator::azure::Azure;
use azureml_emulator::http::{Request, Response};
use azureml_emulator::id::ResourceId;
use azureml_emulator::store::Document;
use serde_json::{Value, json};

/// The subscription of the tests.
pub(crate) const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000001";

/// The api-version of the tests that are not about versions.
pub(crate) const VERSION: &str = "2025-12-01";

/// The one for groups.
pub(crate) const GROUPS: &str = "2024-11-01";

/// A box and what is in it.
pub(crate) struct World {
    /// The box.
    pub(crate) azure: Azure,
}

impl World {
    /// A box with group `rg` in East US 2, and in it storage `st`, vaults `kv` and `kv2`, Application Insights `ai` and
    /// `ai2`, and registries `cr` and `cr2`.
    pub(crate) fn new() -> Self {
        let mut world = Self { azure: Azure::new(true) };
        world
            .seed(&group(), json!({"location": "eastus2", "properties": {"provisioningState": "Succeeded"}}));
        world.seed(
            &id("Microsoft.Storage/storageAccounts", "st"),
            json!({"kind": "StorageV2", "sku": {"name": "Standard_LRS"}}),
        );
        for name in ["kv", "kv2"] {
            world.seed(
                &id("Microsoft.KeyVault/vaults", name),
                json!({"properties": {"enablePurgeProtection": true}}),
            );
        }
        for name in ["ai", "ai2"] {
            world.seed(
                &id("Microsoft.Insights/components", name),
                json!({"properties": {"InstrumentationKey": "key"}}),
            );
        }
        for name in ["cr", "cr2"] {
            world.seed(
                &id("Microsoft.ContainerRegistry/registries", name),
                json!({"properties": {"adminUserEnabled": true}}),
            );
        }
        world
    }

    /// Puts a document into the box, past every check.
    pub(crate) fn seed(&mut self, id: &str, mut body: Value) {
        let id = ResourceId::parse(id).unwrap();
        body["id"] = json!(id.to_string());
        body["name"] = json!(id.name());
        self.azure.store.put(Document::new(&id, body));
    }

    /// Sends a request to a path with its query.
    pub(crate) fn send(&mut self, method: &str, target: &str, body: Option<&Value>) -> Response {
        self.azure.answer(&Request::new(method, target, body))
    }

    /// Sends a request to a resource, or to a group, at the tests' api-version.
    pub(crate) fn call(&mut self, method: &str, id: &str, body: Option<&Value>) -> Response {
        let separator = if id.contains('?') { '&' } else { '?' };
        let version = if id.contains("/providers/") { VERSION } else { GROUPS };
        self.send(method, &format!("{id}{separator}api-version={version}"), body)
    }

    /// Sends a request that begins an operation, waits for its end, and answers the last status.
    pub(crate) fn done(&mut self, method: &str, id: &str, body: Option<&Value>) -> Value {
        let accepted = self.call(method, id, body);
        assert_eq!(accepted.status, 202, "{method} {id}: {}", accepted.value());
        assert!(accepted.body.is_empty());
        self.wait(&accepted)
    }

    /// Polls the status URL of an accepted request to its end.
    pub(crate) fn wait(&mut self, accepted: &Response) -> Value {
        let url = accepted.headers.get("azure-asyncoperation").unwrap().to_owned();
        for _ in 0..10 {
            let status = self.send("GET", target(&url), None).value();
            if status["status"] != "InProgress" {
                return status;
            }
        }
        panic!("the operation did not end");
    }

    /// Reads a resource.
    pub(crate) fn get(&mut self, id: &str) -> Value {
        let response = self.call("GET", id, None);
        assert_eq!(response.status, 200, "{id}: {}", response.value());
        response.value()
    }

    /// Sends a request that is refused, and answers status, code and message.
    pub(crate) fn refused(&mut self, method: &str, id: &str, body: Option<&Value>) -> (u16, String, String) {
        let response = self.call(method, id, body);
        let error = response.value()["error"].clone();
        assert!(response.status >= 400, "{method} {id} was not refused: {}", response.status);
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (response.status, text("code"), text("message"))
    }

    /// Creates a workspace of kind Default with this name.
    pub(crate) fn create(&mut self, name: &str) -> Value {
        let ended = self.done("PUT", &workspace(name), Some(&minimal()));
        assert_eq!(ended["status"], "Succeeded", "{ended}");
        self.get(&workspace(name))
    }
}

/// Path and query of a URL.
pub(crate) fn target(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    &rest[rest.find('/').unwrap_or(0)..]
}

/// The group's ID.
pub(crate) fn group() -> String {
    format!("{SUBSCRIPTION}/resourceGroups/rg")
}

/// The ID of a resource in the group.
pub(crate) fn id(kind: &str, name: &str) -> String {
    format!("{}/providers/{kind}/{name}", group())
}

/// The ID of a workspace in the group.
pub(crate) fn workspace(name: &str) -> String {
    id("Microsoft.MachineLearningServices/workspaces", name)
}

/// The smallest body that creates a workspace as recorded.
pub(crate) fn minimal() -> Value {
    json!({
        "location": "eastus2",
        "kind": "Default",
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "storageAccount": id("Microsoft.Storage/storageAccounts", "st"),
            "keyVault": id("Microsoft.KeyVault/vaults", "kv"),
            "applicationInsights": id("microsoft.insights/components", "ai"),
        },
    })
}

/// The smallest body with some of its properties replaced.
pub(crate) fn with(properties: &Value) -> Value {
    let mut body = minimal();
    azureml_emulator::store::merge(&mut body["properties"], properties);
    body
}
