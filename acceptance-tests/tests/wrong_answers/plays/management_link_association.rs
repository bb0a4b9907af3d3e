//! `azureml_resource_management_private_link_association`.

use acceptance_tests::Emulator;
use serde_json::{Value, json};

use super::{Play, Role, Shape, management_link};

const NAME: &str = "00000000-0000-4000-8000-000000000001";

pub(super) fn play() -> Play {
    Play {
        name: "management_link_association",
        kind: "azureml_resource_management_private_link_association",
        prepare: |world| {
            let body = json!({"location": "eastus"});
            world.azure.by_policy("PUT", &management_link::id(), "2020-05-01", &body);
        },
        before: |_| config("Enabled"),
        after: |_| config("Disabled"),
        id: |_| id(),
        in_azure: |world| world.azure.resource(&id()),
        shows: ("/properties/publicNetworkAccess", "Disabled"),
        members: &[
            ("/properties/privateLink", Role::Fixed, Shape::Text),
            ("/properties/publicNetworkAccess", Role::Settable, Shape::Word),
            ("/properties/tenantID", Role::Computed, Shape::Text),
            ("/properties/scope", Role::Computed, Shape::Text),
        ],
    }
}

fn config(access: &str) -> Value {
    json!({
        "name": NAME, "management_group_id": root(), "private_link_id": management_link::id(),
        "public_network_access": access,
    })
}

fn root() -> String {
    format!("/providers/Microsoft.Management/managementGroups/{}", Emulator::TENANT)
}

fn id() -> String {
    format!("{}/providers/Microsoft.Authorization/privateLinkAssociations/{NAME}", root())
}
