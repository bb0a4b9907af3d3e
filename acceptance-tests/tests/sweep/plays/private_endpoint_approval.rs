//! The sweep of `azureml_private_endpoint_approval`.

use acceptance_tests::{Emulator, Scene};
use serde_json::{Value, json};

use super::Play;

pub(crate) fn play() -> Play {
    Play {
        address: "azureml_private_endpoint_approval.main",
        prepare: |scene| {
            let network = scene.azure.seed_network("network-rg", "swept");
            let properties = json!({
                "subnet": {"id": network.id("subnet")},
                "manualPrivateLinkServiceConnections": [{"name": "swept", "properties": {
                    "privateLinkServiceId": scene.dependents.id("storage_account"), "groupIds": ["blob"],
                    "requestMessage": "please",
                }}],
            });
            let body = json!({"location": "eastus", "properties": properties});
            scene.azure.by_policy("PUT", &endpoint(), "2024-01-01", &body);
        },
        before: |scene| block(scene, "before"),
        after: |scene| block(scene, "after"),
        in_azure,
        shows: ("/properties/privateLinkServiceConnectionState/description", "after"),
    }
}

fn block(scene: &Scene, words: &str) -> String {
    let (target, endpoint) = (scene.dependents.id("storage_account"), endpoint());
    format!(
        "resource \"azureml_private_endpoint_approval\" \"main\" {{\n  private_connection_resource_id = \"{target}\"\n  private_endpoint_id = \"{endpoint}\"\n  description = \"{words}\"\n  reject_on_destroy = true\n}}\n"
    )
}

fn endpoint() -> String {
    let subscription = Emulator::SUBSCRIPTION;
    format!(
        "/subscriptions/{subscription}/resourceGroups/network-rg/providers/Microsoft.Network/privateEndpoints/swept"
    )
}

/// The connection while it is approved: that is all that there is of an approval.
fn in_azure(scene: &Scene) -> Value {
    let target = scene.azure.resource(scene.dependents.id("storage_account"));
    let connection = target["properties"]["privateEndpointConnections"][0].clone();
    match connection["properties"]["privateLinkServiceConnectionState"]["status"].as_str() {
        Some("Approved") => connection,
        _ => Value::Null,
    }
}
