//! The sweep of `azureml_private_dns_zone`.

use acceptance_tests::{Emulator, Scene};

use super::Play;

pub(crate) fn play() -> Play {
    Play {
        address: "azureml_private_dns_zone.main",
        prepare: |_| {},
        before: |_| block("before"),
        after: |_| block("after"),
        in_azure: |scene| scene.azure.resource(&id()),
        shows: ("/tags/step", "after"),
    }
}

fn block(step: &str) -> String {
    format!(
        "resource \"azureml_private_dns_zone\" \"main\" {{\n  name = \"swept.corp\"\n  resource_group_name = \"{}\"\n  tags = {{ step = \"{step}\" }}\n}}\n",
        Scene::GROUP
    )
}

fn id() -> String {
    let (subscription, group) = (Emulator::SUBSCRIPTION, Scene::GROUP);
    format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/privateDnsZones/swept.corp"
    )
}
