//! `azureml_private_dns_zone`.

use serde_json::{Value, json};

use super::{Play, Role, Shape};
use crate::world::World;

pub(super) fn play() -> Play {
    Play {
        name: "private_dns_zone",
        kind: "azureml_private_dns_zone",
        prepare: |_| {},
        before: |_| config("before"),
        after: |_| config("after"),
        id,
        in_azure: |world| world.azure.resource(&id(world)),
        shows: ("/tags/step", "after"),
        members: &[
            ("/properties/maxNumberOfRecordSets", Role::Computed, Shape::Number),
            ("/properties/numberOfRecordSets", Role::Computed, Shape::Number),
        ],
    }
}

fn config(step: &str) -> Value {
    json!({"name": "wronged.corp", "resource_group_name": World::GROUP, "tags": {"step": step}})
}

fn id(_: &World) -> String {
    World::id_of("Microsoft.Network/privateDnsZones/wronged.corp")
}
