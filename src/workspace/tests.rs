//! The way between attributes and Azure's document, without Azure: each attribute's request and answer, literally.

mod answers;
mod bodies;
mod hooks;
mod plans;
mod replacements;

use serde_json::{Value as Json, json};
use tfplugin::{Model, Value};

use crate::view;
use crate::workspace::model::Workspace;

/// Prefix of the IDs of what lies in the resource group.
const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers";

fn id(rest: &str) -> String {
    format!("{GROUP}/{rest}")
}

fn storage() -> String {
    id("Microsoft.Storage/storageAccounts/st")
}

fn vault() -> String {
    id("Microsoft.KeyVault/vaults/kv")
}

fn insights() -> String {
    id("Microsoft.Insights/components/ai")
}

fn registry(name: &str) -> String {
    id(&format!("Microsoft.ContainerRegistry/registries/{name}"))
}

fn user_identity(name: &str) -> String {
    id(&format!("Microsoft.ManagedIdentity/userAssignedIdentities/{name}"))
}

fn key(name: &str) -> String {
    format!("https://kv.vault.azure.net/keys/{name}/0123456789abcdef0123456789abcdef")
}

fn texts<T: AsRef<str>>(items: &[T]) -> Value {
    Value::set_of(items.iter().map(|item| Value::from(item.as_ref())))
}

fn map(pairs: &[(&str, &str)]) -> Value {
    Value::map(pairs.iter().map(|(name, value)| (*name, Value::from(*value))))
}

fn identity(kind: &str, ids: Value) -> Value {
    Value::object([
        ("type", Value::from(kind)),
        ("identity_ids", ids),
        ("principal_id", Value::Unknown),
        ("tenant_id", Value::Unknown),
    ])
}

fn encryption(key_id: &str, opener: Value) -> Value {
    Value::object([
        ("key_vault_id", Value::from(vault())),
        ("key_id", Value::from(key_id)),
        ("user_assigned_identity_id", opener),
    ])
}

/// A workspace as little of it as a plan has to say, with what is given over it.
fn workspace(over: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut value = Workspace::default().to_value();
    let least = [
        ("name", Value::from("ws-1")),
        ("resource_group_name", Value::from("rg")),
        ("subscription_id", Value::from("00000000-0000-0000-0000-000000000001")),
        ("storage_account_id", Value::from(storage())),
        ("key_vault_id", Value::from(vault())),
        ("identity", identity("SystemAssigned", Value::Null)),
        ("tags_all", map(&[])),
        ("public_network_access", Value::from("Enabled")),
        ("purge_on_destroy", Value::from(false)),
        ("purge_soft_deleted", Value::from(false)),
    ];
    for (name, member) in least.into_iter().chain(over) {
        view::put(&mut value, &[name], member);
    }
    value
}

/// The same in a location, as a create has found it.
fn located(mut planned: Value, location: &str) -> Value {
    view::put(&mut planned, &["location"], Value::from(location));
    planned
}

/// What Azure answers to the least workspace: as recorded from the service, with its casings, nulls and empty texts.
fn answer() -> Json {
    json!({
        "id": id("Microsoft.MachineLearningServices/workspaces/ws-1"),
        "name": "ws-1",
        "type": "Microsoft.MachineLearningServices/workspaces",
        "location": "eastus2",
        "tags": {},
        "etag": null,
        "properties": {
            "friendlyName": "",
            "description": "",
            "storageAccount": storage(),
            "keyVault": vault().replace("KeyVault", "Keyvault"),
            "applicationInsights": null,
            "hbiWorkspace": false,
            "tenantId": "00000000-0000-0000-0000-0000000000aa",
            "imageBuildCompute": null,
            "provisioningState": "Succeeded",
            "v1LegacyMode": false,
            "notebookInfo": {
                "resourceId": "de9f834179a14918af675f3fe36f6f80",
                "fqdn": "ml-ws-1-eastus2-a8e5687d-0818-4bf9-94ba-e0d35435059b.eastus2.notebooks.azure.net",
                "isPrivateLinkEnabled": false,
                "notebookPreparationError": null
            },
            "workspaceId": "a8e5687d-0818-4bf9-94ba-e0d35435059b",
            "publicNetworkAccess": "Enabled",
            "discoveryUrl": "https://eastus2.api.azureml.ms/discovery",
            "mlFlowTrackingUri": "azureml://eastus2.api.azureml.ms/mlflow/v1.0/ws-1",
            "serverlessComputeSettings": null,
            "enableDataIsolation": false
        },
        "identity": {
            "type": "SystemAssigned",
            "principalId": "12a2fb39-a8c6-4698-93da-99a4bd81b8ca",
            "tenantId": "00000000-0000-0000-0000-0000000000aa"
        },
        "kind": "Default",
        "sku": { "name": "Basic", "tier": "Basic" }
    })
}
