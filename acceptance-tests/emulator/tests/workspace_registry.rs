//! The registry that appears by itself, called forth through the control interface.

mod support;

use serde_json::{Value, json};
use support::Azure;

#[tokio::test]
async fn control_lets_a_workspaces_registry_appear() {
    let azure = Azure::start().await;
    let seeded =
        azure.control("POST", "/seed", json!({"scenario": "dependents", "resource_group": "rg"})).await;
    let group = seeded["resource_group"].as_str().unwrap();
    let ws = format!("{group}/providers/Microsoft.MachineLearningServices/workspaces/ws-1");
    let target = format!("{ws}?api-version=2025-12-01");
    let body = json!({
        "location": "eastus",
        "identity": {"type": "SystemAssigned"},
        "properties": {"storageAccount": seeded["storage_account"], "keyVault": seeded["key_vault"]},
    });
    assert_eq!(azure.ask("PUT", &target, body).await.status, 202);
    let made = azure.get(&target).await.body;
    assert_eq!(made["properties"].get("containerRegistry"), None);
    let name = made["properties"]["workspaceId"].as_str().unwrap().replace('-', "");
    let appeared = azure.control("POST", &format!("/workspaces/registry?id={ws}"), Value::Null).await;
    let registry = format!("{group}/providers/Microsoft.ContainerRegistry/registries/{name}");
    assert_eq!(appeared, json!({"id": registry}));
    assert_eq!(azure.get(&target).await.body["properties"]["containerRegistry"], registry);
    let read = azure.get(&format!("{registry}?api-version=2025-11-01")).await;
    assert_eq!(read.body["properties"]["adminUserEnabled"], true);
}
