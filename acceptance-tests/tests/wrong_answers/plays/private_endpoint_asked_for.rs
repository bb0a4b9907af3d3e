//! `azureml_private_endpoint` that waits until somebody approves its connection.

use serde_json::{Value, json};

use super::private_endpoint::{id, subnet, zone};
use super::{Play, Role, Shape};
use crate::world::World;

pub(super) fn play() -> Play {
    Play {
        name: "private_endpoint_asked_for",
        kind: "azureml_private_endpoint",
        prepare: |world| {
            world.azure.settings(&json!({"network": {"approve_when_read": true}}));
            world.azure.make_network(&World::id_of("Microsoft.Network/virtualNetworks/wronged"));
            world.azure.make_zone(&zone("blob.core.windows.net"));
        },
        before: |world| config(world, "before"),
        after: |world| config(world, "after"),
        id,
        in_azure: |world| world.azure.resource(&id(world)),
        shows: ("/properties/manualPrivateLinkServiceConnections/0/properties/requestMessage", "after"),
        members: &[
            ("/location", Role::Fixed, Shape::Text),
            ("/properties/subnet", Role::Fixed, Shape::Object),
            ("/properties/subnet/id", Role::Fixed, Shape::Text),
            // The message in it can be written again, so that it shows as drift.
            ("/properties/manualPrivateLinkServiceConnections", Role::Settable, Shape::List),
            ("/properties/manualPrivateLinkServiceConnections/0/properties", Role::Settable, Shape::Object),
            (
                "/properties/manualPrivateLinkServiceConnections/0/properties/privateLinkServiceId",
                Role::Fixed,
                Shape::Text,
            ),
            (
                "/properties/manualPrivateLinkServiceConnections/0/properties/groupIds",
                Role::Fixed,
                Shape::List,
            ),
            (
                "/properties/manualPrivateLinkServiceConnections/0/properties/requestMessage",
                Role::Settable,
                Shape::Text,
            ),
            (
                "/properties/manualPrivateLinkServiceConnections/0/properties/privateLinkServiceConnectionState",
                Role::Computed,
                Shape::Object,
            ),
            ("/properties/customNetworkInterfaceName", Role::Fixed, Shape::Text),
            ("/properties/ipConfigurations", Role::Fixed, Shape::List),
            ("/properties/networkInterfaces", Role::Computed, Shape::List),
            ("/properties/customDnsConfigs", Role::Computed, Shape::List),
        ],
    }
}

fn config(world: &World, message: &str) -> Value {
    json!({
        "name": "wronged", "resource_group_name": World::GROUP, "subnet_id": subnet(),
        "private_connection_resource_id": world.dependents.id("storage_account"), "group_ids": ["blob"],
        "manual_connection": true, "request_message": message, "wait_for_approval": true,
        "private_dns_zone_group": {"private_dns_zone_ids": [zone("blob.core.windows.net")]},
    })
}
