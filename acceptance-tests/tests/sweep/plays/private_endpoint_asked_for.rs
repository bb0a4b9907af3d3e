//! The sweep of `azureml_private_endpoint` that waits until somebody approves its connection.

use acceptance_tests::Scene;
use serde_json::json;

use super::Play;
use super::private_endpoint::{id_of, zone};

pub(crate) fn play() -> Play {
    Play {
        address: "azureml_private_endpoint.main",
        prepare: |scene| {
            scene.azure.settings(&json!({"network": {"approve_when_read": true}}));
            scene.azure.make_network(&id_of("virtualNetworks/swept"));
            scene.azure.make_zone(&zone("blob.core.windows.net"));
        },
        before: |scene| block(scene, "before"),
        after: |scene| block(scene, "after"),
        in_azure: |scene| scene.azure.resource(&id_of("privateEndpoints/swept")),
        shows: ("/properties/manualPrivateLinkServiceConnections/0/properties/requestMessage", "after"),
    }
}

fn block(scene: &Scene, message: &str) -> String {
    let (subnet, target) =
        (id_of("virtualNetworks/swept/subnets/endpoints"), scene.dependents.id("storage_account"));
    let zone = zone("blob.core.windows.net");
    format!(
        "resource \"azureml_private_endpoint\" \"main\" {{\n  name = \"swept\"\n  resource_group_name = \"scene-rg\"\n  subnet_id = \"{subnet}\"\n  private_connection_resource_id = \"{target}\"\n  group_ids = [\"blob\"]\n  manual_connection = true\n  request_message = \"{message}\"\n  wait_for_approval = true\n  private_dns_zone_group = {{ private_dns_zone_ids = [\"{zone}\"] }}\n}}\n"
    )
}
