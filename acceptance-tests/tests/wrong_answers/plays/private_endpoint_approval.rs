//! `azureml_private_endpoint_approval`.

use serde_json::{Value, json};

use super::{Play, Role, Shape};
use crate::world::World;

pub(super) fn play() -> Play {
    Play {
        name: "private_endpoint_approval",
        kind: "azureml_private_endpoint_approval",
        prepare: |world| {
            let network = world.azure.seed_network("network-rg", "wronged");
            let connection = json!({"name": "wronged", "properties": {
                "privateLinkServiceId": world.dependents.id("storage_account"), "groupIds": ["blob"],
                "requestMessage": "please",
            }});
            let properties = json!({
                "subnet": {"id": network.id("subnet")}, "manualPrivateLinkServiceConnections": [connection],
            });
            let body = json!({"location": "eastus", "properties": properties});
            world.azure.by_policy("PUT", &endpoint(), "2024-01-01", &body);
        },
        before: |world| config(world, "before"),
        after: |world| config(world, "after"),
        id: |world| connection(world)["id"].as_str().unwrap_or_default().to_owned(),
        in_azure: |world| {
            let connection = connection(world);
            let status = &connection["properties"]["privateLinkServiceConnectionState"]["status"];
            if status == "Approved" { connection } else { Value::Null }
        },
        shows: ("/properties/privateLinkServiceConnectionState/description", "after"),
        members: &[
            ("/properties/privateEndpoint", Role::Fixed, Shape::Object),
            ("/properties/privateEndpoint/id", Role::Fixed, Shape::Text),
            ("/properties/privateLinkServiceConnectionState", Role::Settable, Shape::Object),
            ("/properties/privateLinkServiceConnectionState/status", Role::Settable, Shape::Word),
            ("/properties/privateLinkServiceConnectionState/description", Role::Settable, Shape::Text),
            ("/properties/privateLinkServiceConnectionState/actionRequired", Role::Computed, Shape::Text),
        ],
    }
}

fn config(world: &World, words: &str) -> Value {
    json!({
        "private_connection_resource_id": world.dependents.id("storage_account"), "private_endpoint_id": endpoint(),
        "description": words, "reject_on_destroy": true,
    })
}

fn endpoint() -> String {
    World::id_of("Microsoft.Network/privateEndpoints/wronged").replace(World::GROUP, "network-rg")
}

fn connection(world: &World) -> Value {
    let target = world.azure.resource(world.dependents.id("storage_account"));
    target["properties"]["privateEndpointConnections"][0].clone()
}
