//! The rows of `azureml_private_endpoint_approval`.

use std::collections::BTreeMap;

use acceptance_tests::{Emulator, Scene};
use serde_json::json;

use crate::attribute::{Attribute, Way};
use crate::rows::{Kind, timeouts};

/// The type.
pub(crate) fn kind() -> Kind {
    Kind {
        type_name: "azureml_private_endpoint_approval",
        rows: rows(),
        names,
        usual: &[("workspace_id", "\"{workspace}\""), ("private_endpoint_id", "\"{endpoints}/{label}\"")],
        freeing: &[],
        put: r#"{"properties": {
            "privateEndpoint": {"id": "{endpoints}/{label}"},
            "privateLinkServiceConnectionState": {"status": "Approved"}
        }}"#,
        id: "{workspace}",
        update: "PUT",
        stays: true,
    }
}

/// A workspace, with an endpoint of another team for each row. That of what Azure sets is the first.
fn names(scene: &Scene) -> BTreeMap<&'static str, String> {
    let network = scene.azure.seed_network("theirs-rg", "theirs");
    let workspace = Scene::id_of("workspace");
    scene.azure.by_policy("PUT", &workspace, "2025-12-01", &scene.minimal_put());
    let endpoints = format!(
        "/subscriptions/{}/resourceGroups/theirs-rg/providers/Microsoft.Network/privateEndpoints",
        Emulator::SUBSCRIPTION
    );
    let labels = (0..rows().len()).map(|index| format!("it-{index:02}"));
    for label in [String::from("it-computed")].into_iter().chain(labels) {
        let connection = json!({
            "privateLinkServiceId": workspace, "groupIds": ["amlworkspace"], "requestMessage": "please",
        });
        let properties = json!({
            "subnet": {"id": network.id("subnet")},
            "manualPrivateLinkServiceConnections": [{"name": label, "properties": connection}],
        });
        let body = json!({"location": "eastus", "properties": properties});
        scene.azure.by_policy("PUT", &format!("{endpoints}/{label}"), "2024-01-01", &body);
    }
    BTreeMap::from([("workspace", workspace), ("endpoints", endpoints)])
}

/// What is decided, and what only Azure says.
fn rows() -> Vec<Attribute> {
    let own = vec![
        Attribute::new("status", Way::Update)
            .a(
                "status = «\"Rejected\"»",
                r#"{"properties": {"privateLinkServiceConnectionState": {"status": "Rejected"}}}"#,
            )
            .b(
                "status = «\"Approved\"»",
                r#"{"properties": {"privateLinkServiceConnectionState": {"status": "Approved"}}}"#,
            )
            .caseless(),
        Attribute::new("description", Way::Update)
            .a(
                "description = «\"as agreed\"»",
                r#"{"properties": {"privateLinkServiceConnectionState": {"description": "as agreed"}}}"#,
            )
            .b(
                "description = «\"until May\"»",
                r#"{"properties": {"privateLinkServiceConnectionState": {"description": "until May"}}}"#,
            ),
        Attribute::computed("id", "/properties/privateEndpointConnections/0/id"),
        Attribute::computed(
            "actions_required",
            "/properties/privateEndpointConnections/0/properties/privateLinkServiceConnectionState/actionsRequired",
        ),
    ];
    [own, timeouts()].concat()
}
