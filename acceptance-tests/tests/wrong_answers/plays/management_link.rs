//! `azureml_resource_management_private_link`. Azure changes nothing of one in place.

use serde_json::{Value, json};

use super::{Play, Role, Shape};
use crate::world::World;

pub(super) fn play() -> Play {
    Play {
        name: "management_link",
        kind: "azureml_resource_management_private_link",
        prepare: |_| {},
        before: |_| config("20s"),
        after: |_| config("25s"),
        id: |_| id(),
        in_azure: |world| world.azure.resource(&id()),
        shows: ("/location", "eastus"),
        members: &[
            ("/location", Role::Fixed, Shape::Text),
            ("/properties/privateEndpointConnections", Role::Computed, Shape::List),
        ],
    }
}

fn config(timeout: &str) -> Value {
    json!({"name": "wronged", "resource_group_name": World::GROUP, "timeouts": {"update": timeout}})
}

/// The ID of the link, which its association needs as well.
pub(super) fn id() -> String {
    World::id_of("Microsoft.Authorization/resourceManagementPrivateLinks/wronged")
}
