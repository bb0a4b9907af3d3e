//! The sweep of `azureml_private_endpoint`, with its zone group.

use acceptance_tests::{Emulator, Scene};

use super::Play;

pub(crate) fn play() -> Play {
    Play {
        address: "azureml_private_endpoint.main",
        prepare: |scene| {
            scene.azure.make_network(&id_of("virtualNetworks/swept"));
            scene.azure.make_zone(&zone("api.azureml.ms"));
            scene.azure.make_zone(&zone("notebooks.azure.net"));
            let put = scene.minimal_put();
            scene.azure.by_policy("PUT", &scene.id(), "2025-12-01", &put);
        },
        before: |scene| block(scene, "before", &["api.azureml.ms"]),
        after: |scene| block(scene, "after", &["api.azureml.ms", "notebooks.azure.net"]),
        in_azure: |scene| scene.azure.resource(&id_of("privateEndpoints/swept")),
        shows: ("/tags/step", "after"),
    }
}

fn block(scene: &Scene, step: &str, zones: &[&str]) -> String {
    let (subnet, workspace) = (id_of("virtualNetworks/swept/subnets/endpoints"), scene.id());
    let zones: Vec<String> = zones.iter().map(|name| format!("\"{}\"", zone(name))).collect();
    format!(
        "resource \"azureml_private_endpoint\" \"main\" {{\n  name = \"swept\"\n  resource_group_name = \"scene-rg\"\n  subnet_id = \"{subnet}\"\n  workspace_id = \"{workspace}\"\n  private_dns_zone_group = {{ private_dns_zone_ids = [{}] }}\n  tags = {{ step = \"{step}\" }}\n}}\n",
        zones.join(", ")
    )
}

/// The ID of a zone.
pub(super) fn zone(name: &str) -> String {
    id_of(&format!("privateDnsZones/privatelink.{name}"))
}

/// The ID of something of the network in the scene's group.
pub(super) fn id_of(rest: &str) -> String {
    let (subscription, group) = (Emulator::SUBSCRIPTION, Scene::GROUP);
    format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/{rest}")
}
