//! The sweep of `azureml_resource_management_private_link_association`.

use acceptance_tests::Emulator;
use serde_json::json;

use super::{Play, management_link};

const NAME: &str = "00000000-0000-4000-8000-000000000001";

pub(crate) fn play() -> Play {
    Play {
        address: "azureml_resource_management_private_link_association.main",
        prepare: |scene| {
            drop(scene.azure.by_policy(
                "PUT",
                &management_link::id(),
                "2020-05-01",
                &json!({"location": "eastus"}),
            ))
        },
        before: |_| block("Enabled"),
        after: |_| block("Disabled"),
        in_azure: |scene| {
            let id = format!("{}/providers/Microsoft.Authorization/privateLinkAssociations/{NAME}", root());
            scene.azure.resource(&id)
        },
        shows: ("/properties/publicNetworkAccess", "Disabled"),
    }
}

fn block(access: &str) -> String {
    let (root, link) = (root(), management_link::id());
    format!(
        "resource \"azureml_resource_management_private_link_association\" \"main\" {{\n  name = \"{NAME}\"\n  management_group_id = \"{root}\"\n  private_link_id = \"{link}\"\n  public_network_access = \"{access}\"\n}}\n"
    )
}

fn root() -> String {
    format!("/providers/Microsoft.Management/managementGroups/{}", Emulator::TENANT)
}
