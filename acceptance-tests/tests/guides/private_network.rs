//! The guide on private networks: each of its configurations applied as it stands, with its first block, beside what it says
//! exists already.

use acceptance_tests::{Cli, Dependents, Emulator, Fault, Scene, Workdir, every_cli};
use serde_json::{Value, json};

use crate::{configurations, folder, guide, undeclared};

const ENDPOINT: &str = "azureml_private_endpoint.workspace";
const ZONES: [&str; 2] = ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"];

/// The configurations of the guide after its first block, in its order.
#[derive(Clone, Copy)]
enum Part {
    Blocks,
    Hub,
    Existing,
    Import,
    OtherCloud,
    Policy,
    Request,
    Approval,
}

/// The configurations of the guide with its first block, and with nothing else: what they use is declared in them.
pub(super) fn whole(page: &str) -> Vec<String> {
    let parts = configurations(page);
    let (opening, parts) = parts.split_first().expect("a first block");
    let whole = |part: &&str| {
        // A part's own provider block takes the place of the first one.
        let own = part.contains("provider \"azureml\"");
        let opening =
            if own { opening.replace("provider \"azureml\" {}\n", "") } else { (*opening).to_owned() };
        let whole = format!("{}\n\n{part}", opening.trim_end());
        assert!(undeclared(&whole).is_empty(), "the guide uses variables that it does not declare: {whole}");
        whole
    };
    parts.iter().map(whole).collect()
}

/// A workspace that its owner manages, a virtual network, and a hub of which nothing but its group exists.
struct Stage {
    scene: Scene,
    network: Dependents,
    hub: String,
}

impl Stage {
    fn set(cli: &Cli) -> Self {
        let scene = Scene::new(cli);
        scene.exists_with("");
        let network = scene.azure.seed_network("network-rg", "example");
        let hub = format!("/subscriptions/{}/resourceGroups/connectivity-rg", Emulator::OTHER_SUBSCRIPTION);
        scene.azure.by_policy("PUT", &hub, "2024-07-01", &json!({"location": "westeurope"}));
        Self { scene, network, hub }
    }

    /// A folder with a configuration of the guide, its variables set.
    fn folder(&self, part: Part) -> Workdir {
        let page = guide("private-network.md");
        let configuration = &whole(&page)[part as usize];
        let mut dir = folder(self.scene.dir.cli(), configuration).in_azure(&self.scene.azure);
        dir.set_env("TF_VAR_workspace_id", self.scene.id());
        dir.set_env("TF_VAR_virtual_network_id", self.network.id("virtual_network"));
        dir.set_env("TF_VAR_connectivity_subscription_id", Emulator::OTHER_SUBSCRIPTION);
        dir.set_env("TF_VAR_private_endpoint_id", endpoint());
        dir
    }

    fn zone(&self, name: &str) -> String {
        format!("{}/providers/Microsoft.Network/privateDnsZones/{name}", self.hub)
    }

    /// Insists that the network finds each name of the workspace in one of these zones, at an address of the endpoint.
    fn finds_the_workspace(&self, dir: &Workdir) {
        let held = dir.resource(ENDPOINT);
        let names = held["custom_dns_configs"].as_array().cloned().unwrap_or_default();
        assert!(names.len() >= 4, "{held}");
        for name in names {
            let fqdn = name["fqdn"].as_str().unwrap_or_default().replace('*', "any");
            let inside = self.scene.azure.resolve(&fqdn, Some(self.network.id("virtual_network")));
            assert_eq!(inside["addresses"], name["ip_addresses"], "{inside}");
            assert_eq!(inside["public"], false, "{inside}");
        }
    }
}

fn endpoint() -> String {
    format!(
        "/subscriptions/{}/resourceGroups/network-rg/providers/Microsoft.Network/privateEndpoints/example-workspace",
        Emulator::SUBSCRIPTION
    )
}

/// The keys by which `for_each` made a resource of this type.
fn keys(dir: &Workdir, kind: &str) -> Vec<String> {
    let start = format!("{kind}.workspace[");
    let all =
        dir.addresses().into_iter().filter_map(|address| address.strip_prefix(&start).map(str::to_owned));
    all.map(|key| key.trim_matches(['"', ']']).to_owned()).collect()
}

#[test]
fn three_blocks_do_what_seven_commands_do() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let dir = stage.folder(Part::Blocks);
        dir.apply().succeeds();
        for kind in ["azureml_private_dns_zone", "azureml_private_dns_link"] {
            assert_eq!(keys(&dir, kind), ZONES, "{kind}");
        }
        stage.finds_the_workspace(&dir);
        dir.plans_nothing();
        // What the commands say explicitly is what the blocks leave to defaults.
        let made = stage.scene.azure.resource(&endpoint());
        let connection = &made["properties"]["privateLinkServiceConnections"][0];
        assert_eq!(connection["name"], "example-workspace");
        assert_eq!(connection["properties"]["groupIds"], json!(["amlworkspace"]));
        let group = stage.scene.azure.resource(&format!("{}/privateDnsZoneGroups/default", endpoint()));
        assert!(group.is_object(), "the zone group is named as in the commands");
        dir.destroy().succeeds();
        assert!(stage.scene.azure.resource(&endpoint()).is_null());
    });
}

#[test]
fn zones_of_a_hub_are_made_used_and_taken_over() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let hub = stage.folder(Part::Hub);
        hub.apply().succeeds();
        stage.finds_the_workspace(&hub);
        hub.plans_nothing();
        for name in ZONES {
            assert!(stage.scene.azure.resource(&stage.zone(name)).is_object(), "{name} is in the hub");
        }
        // Somebody else takes zones and links over as they are.
        let import = stage.folder(Part::Import);
        let plan = import.plan();
        assert_eq!(plan.output.messages("change_summary")[0]["changes"]["import"], 4, "{:?}", plan.output);
        stage.scene.azure.forget();
        import.apply().succeeds();
        let existing = stage.folder(Part::Existing);
        existing.import(ENDPOINT, &endpoint()).succeeds();
        existing.plans_nothing();
        assert_eq!(stage.scene.azure.requests().writes().len(), 0, "it is there already");
        import.plans_nothing();
    });
}

#[test]
fn zones_that_exist_already_are_named_by_their_ids() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        for name in ZONES {
            stage.scene.azure.make_zone(&stage.zone(name));
            stage.scene.azure.make_link(&stage.zone(name), "theirs", stage.network.id("virtual_network"));
        }
        let dir = stage.folder(Part::Existing);
        dir.apply().succeeds();
        assert_eq!(dir.addresses(), [ENDPOINT]);
        stage.finds_the_workspace(&dir);
        dir.plans_nothing();
        // With zones of one's own beside, the network would find the same names twice.
        let own = stage.folder(Part::Blocks);
        let output = own.apply();
        output.fails().says("Overlapping Private DNS Zones").says("az network private-dns zone list");
    });
}

#[test]
fn another_cloud_has_zones_of_other_names() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let mut dir = stage.folder(Part::OtherCloud);
        // The emulator is one cloud only; what is shown is which zones the configuration is about.
        let text = dir.read("main.tf").replace("  environment = var.environment\n", "");
        dir.write("main.tf", &text);
        for (cloud, zones) in [
            ("usgovernment", ["privatelink.api.ml.azure.us", "privatelink.notebooks.usgovcloudapi.net"]),
            ("china", ["privatelink.api.ml.azure.cn", "privatelink.notebooks.chinacloudapi.cn"]),
            ("public", ZONES),
        ] {
            dir.set_env("TF_VAR_environment", cloud);
            dir.apply().succeeds();
            assert_eq!(keys(&dir, "azureml_private_dns_zone"), zones);
            let row = format!("| `{cloud}` | `{}` | `{}` |", zones[0], zones[1]);
            assert!(guide("private-network.md").contains(&row), "the guide's table lacks {row}");
        }
    });
}

#[test]
fn a_zone_group_and_tags_of_a_policy_are_no_difference() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let dir = stage.folder(Part::Policy);
        dir.apply().succeeds();
        let configs: Vec<Value> = ZONES
            .iter()
            .map(|name| {
                stage.scene.azure.make_zone(&stage.zone(name));
                json!({"name": name, "properties": {"privateDnsZoneId": stage.zone(name)}})
            })
            .collect();
        let group = format!("{}/privateDnsZoneGroups/deployed-by-policy", endpoint());
        let body = json!({"properties": {"privateDnsZoneConfigs": configs}});
        stage.scene.azure.by_policy("PUT", &group, "2024-01-01", &body);
        stage.scene.azure.drift(&endpoint(), &json!({"tags": {"costcentre": "7"}}));
        dir.plans_nothing();
        dir.apply_with(&["-refresh-only"]).succeeds();
        let held = dir.resource(ENDPOINT);
        assert_eq!(held["private_dns_zone_configs"], json!([]));
        assert_eq!(held["custom_dns_configs"].as_array().map(Vec::len), Some(4), "{held}");
        assert_eq!((&held["tags"], &held["tags_all"]), (&Value::Null, &json!({"costcentre": "7"})));
        dir.destroy().succeeds();
        assert!(stage.scene.azure.resource(&group).is_null());
    });
}

#[test]
fn a_connection_is_asked_for_by_one_team_and_approved_by_another() {
    every_cli(|cli| {
        let stage = Stage::set(cli);
        let (ours, theirs) = (stage.folder(Part::Request), stage.folder(Part::Approval));
        // The first look after the endpoint is there.
        let looks = Fault::at("GET", "/privateEndpoints/example-workspace$").skip(2).hold();
        let hold = stage.scene.azure.inject(looks);
        let running = ours.start(&["apply", "-auto-approve", "-input=false", "-json"]);
        hold.wait();
        theirs.apply().succeeds();
        hold.release();
        running.wait().succeeds();
        let held = ours.resource(ENDPOINT);
        assert_eq!(held["connection_status"], "Approved");
        assert_eq!(held["connection_description"], "As agreed with the example team");
        ours.plans_nothing();
        theirs.plans_nothing();
    });
}
