//! The sweep of `azureml_resource_management_private_link`. Azure changes nothing of one in place, so that its update
//! concerns the provider alone.

use acceptance_tests::{Emulator, Scene};

use super::Play;

pub(crate) fn play() -> Play {
    Play {
        address: "azureml_resource_management_private_link.main",
        prepare: |_| {},
        before: |_| block("5m"),
        after: |_| block("6m"),
        in_azure: |scene| scene.azure.resource(&id()),
        shows: ("/location", "eastus"),
    }
}

fn block(timeout: &str) -> String {
    format!(
        "resource \"azureml_resource_management_private_link\" \"main\" {{\n  name                = \"swept\"\n  resource_group_name = \"{}\"\n\n  timeouts {{\n    update = \"{timeout}\"\n  }}\n}}\n",
        Scene::GROUP
    )
}

/// The ID of the link, which its association needs as well.
pub(super) fn id() -> String {
    let (subscription, group) = (Emulator::SUBSCRIPTION, Scene::GROUP);
    format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Authorization/resourceManagementPrivateLinks/swept"
    )
}
