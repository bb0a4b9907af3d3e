//! `azureml_private_dns_link`.

use serde_json::{Value, json};

use super::{Play, Role, Shape};
use crate::world::World;

pub(super) fn play() -> Play {
    Play {
        name: "private_dns_link",
        kind: "azureml_private_dns_link",
        prepare: |world| {
            world.azure.make_network(&network());
            world.azure.make_zone(&zone());
        },
        before: |_| config("before"),
        after: |_| config("after"),
        id,
        in_azure: |world| world.azure.resource(&id(world)),
        shows: ("/tags/step", "after"),
        members: &[
            ("/properties/virtualNetwork", Role::Fixed, Shape::Object),
            ("/properties/virtualNetwork/id", Role::Fixed, Shape::Text),
            ("/properties/registrationEnabled", Role::Settable, Shape::Bool),
            ("/properties/resolutionPolicy", Role::Settable, Shape::Word),
            ("/properties/virtualNetworkLinkState", Role::Computed, Shape::Word),
        ],
    }
}

fn config(step: &str) -> Value {
    json!({
        "name": "wronged", "private_dns_zone_id": zone(), "virtual_network_id": network(),
        "registration_enabled": true, "tags": {"step": step},
    })
}

fn zone() -> String {
    World::id_of("Microsoft.Network/privateDnsZones/wronged.corp")
}

fn network() -> String {
    World::id_of("Microsoft.Network/virtualNetworks/wronged")
}

fn id(_: &World) -> String {
    format!("{}/virtualNetworkLinks/wronged", zone())
}
