//! `azureml_private_endpoint`, with its zone group.

use serde_json::{Value, json};

use super::{Play, Role, Shape};
use crate::world::World;

pub(super) fn play() -> Play {
    Play {
        name: "private_endpoint",
        kind: "azureml_private_endpoint",
        prepare: |world| {
            world.azure.make_network(&World::id_of("Microsoft.Network/virtualNetworks/wronged"));
            for name in ["api.azureml.ms", "notebooks.azure.net"] {
                world.azure.make_zone(&zone(name));
            }
            let properties = json!({
                "storageAccount": world.dependents.id("storage_account"),
                "keyVault": world.dependents.id("key_vault"),
            });
            let body = json!({"location": "eastus", "identity": {"type": "SystemAssigned"}, "properties": properties});
            world.azure.by_policy("PUT", &workspace(), "2025-12-01", &body);
        },
        before: |_| config("before", &["api.azureml.ms"]),
        after: |_| config("after", &["api.azureml.ms", "notebooks.azure.net"]),
        id,
        in_azure: |world| world.azure.resource(&id(world)),
        shows: ("/tags/step", "after"),
        members: &[
            ("/location", Role::Fixed, Shape::Text),
            ("/properties/subnet", Role::Fixed, Shape::Object),
            ("/properties/subnet/id", Role::Fixed, Shape::Text),
            ("/properties/privateLinkServiceConnections", Role::Fixed, Shape::List),
            ("/properties/privateLinkServiceConnections/0/properties", Role::Fixed, Shape::Object),
            (
                "/properties/privateLinkServiceConnections/0/properties/privateLinkServiceId",
                Role::Fixed,
                Shape::Text,
            ),
            ("/properties/privateLinkServiceConnections/0/properties/groupIds", Role::Fixed, Shape::List),
            ("/properties/customNetworkInterfaceName", Role::Fixed, Shape::Text),
            ("/properties/ipConfigurations", Role::Fixed, Shape::List),
            ("/properties/networkInterfaces", Role::Computed, Shape::List),
            ("/properties/customDnsConfigs", Role::Computed, Shape::List),
        ],
    }
}

fn config(step: &str, zones: &[&str]) -> Value {
    let zones: Vec<String> = zones.iter().map(|name| zone(name)).collect();
    json!({
        "name": "wronged", "resource_group_name": World::GROUP, "subnet_id": subnet(), "workspace_id": workspace(),
        "custom_network_interface_name": "wronged-nic",
        "private_dns_zone_group": {"private_dns_zone_ids": zones}, "tags": {"step": step},
    })
}

fn workspace() -> String {
    World::id_of("Microsoft.MachineLearningServices/workspaces/target")
}

/// The subnet of all endpoints here.
pub(super) fn subnet() -> String {
    World::id_of("Microsoft.Network/virtualNetworks/wronged/subnets/endpoints")
}

/// The ID of a zone.
pub(super) fn zone(name: &str) -> String {
    World::id_of(&format!("Microsoft.Network/privateDnsZones/privatelink.{name}"))
}

/// The ID of the endpoint.
pub(super) fn id(_: &World) -> String {
    World::id_of("Microsoft.Network/privateEndpoints/wronged")
}
