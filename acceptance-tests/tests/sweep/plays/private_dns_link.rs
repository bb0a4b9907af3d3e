//! The sweep of `azureml_private_dns_link`.

use acceptance_tests::{Emulator, Scene};
use serde_json::json;

use super::Play;

pub(crate) fn play() -> Play {
    Play {
        address: "azureml_private_dns_link.main",
        prepare: |scene| {
            scene.azure.make_network(&id_of("virtualNetworks/swept"));
            scene.azure.make_zone(&zone());
            scene.azure.settings(&json!({"network": {"link_state_reads": 2}}));
        },
        before: |_| block("before"),
        after: |_| block("after"),
        in_azure: |scene| scene.azure.resource(&format!("{}/virtualNetworkLinks/swept", zone())),
        shows: ("/tags/step", "after"),
    }
}

fn block(step: &str) -> String {
    let (zone, network) = (zone(), id_of("virtualNetworks/swept"));
    format!(
        "resource \"azureml_private_dns_link\" \"main\" {{\n  name = \"swept\"\n  private_dns_zone_id = \"{zone}\"\n  virtual_network_id = \"{network}\"\n  tags = {{ step = \"{step}\" }}\n}}\n"
    )
}

fn zone() -> String {
    id_of("privateDnsZones/swept.corp")
}

fn id_of(rest: &str) -> String {
    let (subscription, group) = (Emulator::SUBSCRIPTION, Scene::GROUP);
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/{rest}")
}
