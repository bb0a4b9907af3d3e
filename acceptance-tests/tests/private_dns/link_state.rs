//! How far a link is beyond the operation that made it.

use acceptance_tests::{Fault, every_cli};
use serde_json::json;

use crate::{link, networked, zone, zone_id};

#[test]
fn a_link_is_ready_when_its_network_asks_the_zone() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.azure.settings(&json!({"network": {"link_state_reads": 3}}));
        let state =
            || scene.dir.resource("azureml_private_dns_link.main")["virtual_network_link_state"].clone();
        let in_azure = || {
            let link = scene.azure.resource(&format!("{}/virtualNetworkLinks/scene", zone_id()));
            link["properties"]["virtualNetworkLinkState"].clone()
        };
        for arguments in ["", "  tags = { team = \"one\" }"] {
            scene.dir.write("main.tf", &(zone("") + &link(arguments)));
            scene.dir.apply().succeeds();
            assert_eq!((state(), in_azure()), (json!("Completed"), json!("Completed")), "{arguments}");
            scene.dir.plans_nothing();
        }
    });
}

#[test]
fn a_link_that_is_never_completed_is_there_all_the_same() {
    every_cli(|cli| {
        let scene = networked(cli);
        scene.dir.write("main.tf", &zone(""));
        scene.dir.apply().succeeds();
        scene.azure.settings(&json!({"network": {"link_state_reads": 1_000_000}}));
        // It asks for a pause beyond the time that there is, once it is there.
        let look = Fault::at("GET", "/virtualNetworkLinks/scene$").skip(2).status(429).retry_after(3600);
        scene.azure.inject(look);
        scene.dir.write("main.tf", &(zone("") + &link("  timeouts {\n    create = \"10m\"\n  }")));
        let output = scene.dir.apply();
        let warnings = output.succeeds().warnings();
        assert_eq!(warnings.len(), 1, "{output:?}");
        assert_eq!(warnings[0].summary, "Private DNS Link in Progress");
        let text = "The link exists, but its network does not resolve the names of the zone yet. Azure goes on with that; a later refresh reads virtual_network_link_state.\n\n";
        assert!(warnings[0].detail.starts_with(text), "{:?}", warnings[0]);
        let held = scene.dir.resource("azureml_private_dns_link.main");
        assert_eq!(held["virtual_network_link_state"], "InProgress");
        scene.dir.plans_nothing();
        // The next change waits for it again.
        scene.azure.heal();
        scene.azure.settings(&json!({"network": {"link_state_reads": 0}}));
        scene.dir.write("main.tf", &(zone("") + &link("  tags = { team = \"one\" }")));
        scene.dir.apply_with(&["-refresh=false"]).succeeds();
        let held = scene.dir.resource("azureml_private_dns_link.main");
        assert_eq!(held["virtual_network_link_state"], "Completed");
        scene.dir.plans_nothing();
    });
}
