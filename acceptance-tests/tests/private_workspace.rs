//! The scenarios of private access in `examples/scenarios/`, as they are there: one apply, names that lead where they should,
//! a plan with nothing to do, and a destroy that leaves nothing.

use std::path::Path;

use acceptance_tests::{Cli, Dependents, Emulator, Provider, Workdir, every_cli};
use serde_json::{Value, json};

/// One of the examples beside an Azure with a virtual network and a workspace's dependents.
struct Example {
    azure: Emulator,
    dir: Workdir,
    network: Dependents,
}

impl Example {
    fn new(cli: &Cli, name: &str, variables: &[(&str, &str)]) -> Self {
        let azure = Emulator::start();
        let network = azure.seed_network("network-rg", "example");
        let dependents = azure.seed_dependents("shared-rg", "example");
        let dir = Workdir::new(cli, &Provider::azureml()).in_azure(&azure);
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/scenarios").join(name);
        for file in ["main.tf", "variables.tf", "outputs.tf"] {
            let text = std::fs::read_to_string(source.join(file)).expect("a file of the example");
            dir.write(file, &text);
        }
        // The example has these itself.
        dir.remove("versions.tf");
        dir.remove("provider_azureml.tf");
        let mut values = json!({
            "location": "eastus", "virtual_network_id": network.id("virtual_network"), "subnet_name": "endpoints",
        });
        for (name, value) in variables {
            values[*name] = match *value {
                "" => json!(dependents.id(name.trim_end_matches("_id"))),
                value => json!(value),
            };
        }
        dir.write("terraform.tfvars.json", &values.to_string());
        azure.forget();
        Self { azure, dir, network }
    }

    fn output(&self, name: &str) -> Value {
        self.dir.state()["values"]["outputs"][name]["value"].clone()
    }

    /// The IDs of all that there is in Azure.
    fn ids(&self) -> Vec<String> {
        let state = self.azure.state();
        let all = state.get("resources").unwrap_or(&state).as_object().cloned().unwrap_or_default();
        all.keys().cloned().collect()
    }

    /// Insists that a name has these addresses inside of the network by the zone, and public ones elsewhere.
    #[track_caller]
    fn resolves(&self, name: &str, addresses: &Value, zone: &str) {
        let inside = self.azure.resolve(name, Some(self.network.id("virtual_network")));
        assert_eq!(inside["addresses"], *addresses, "{inside}");
        assert_eq!(inside["public"], false, "{inside}");
        let by = inside["zone"].as_str().unwrap_or_default();
        assert!(by.ends_with(zone), "{inside}");
        for network in [None, Some(self.network.id("other_virtual_network"))] {
            let outside = self.azure.resolve(name, network);
            assert_eq!(outside["public"], true, "{outside}");
            let found = outside["addresses"].as_array().cloned().unwrap_or_default();
            assert!(!found.is_empty(), "{outside}");
            let private = addresses.as_array().cloned().unwrap_or_default();
            assert!(found.iter().all(|address| !private.contains(address)), "{outside}");
        }
    }

    /// Applies once, checks, and insists that nothing is left to do, and nothing left behind.
    fn plays(&self, check: impl FnOnce(&Self)) {
        let before = self.ids();
        self.dir.apply().succeeds();
        check(self);
        self.dir.plans_nothing();
        self.dir.destroy().succeeds();
        assert_eq!(self.ids(), before);
    }
}

/// A name that a wildcard stands for.
fn concrete(name: &str) -> String {
    name.strip_prefix('*').map_or_else(|| name.to_owned(), |rest| format!("endpoint{rest}"))
}

#[test]
fn a_workspace_is_reached_by_all_of_its_names_from_its_network() {
    every_cli(|cli| {
        let example =
            Example::new(cli, "private-workspace", &[("storage_account_id", ""), ("key_vault_id", "")]);
        example.plays(|example| {
            let names = example.output("names").as_object().cloned().unwrap_or_default();
            let addresses = example.output("private_ip_addresses").as_array().cloned().unwrap_or_default();
            assert!(names.len() >= 4, "API, certificates, notebooks and inference: {names:?}");
            for (name, at) in &names {
                let all = at.as_array().cloned().unwrap_or_default();
                assert!(!all.is_empty() && all.iter().all(|one| addresses.contains(one)), "{name}: {at}");
                let zone = if name.contains("notebooks") {
                    "privatelink.notebooks.azure.net"
                } else {
                    "privatelink.api.azureml.ms"
                };
                example.resolves(&concrete(name), at, zone);
            }
            // Each record of the zones is one of the endpoint's, and has its addresses.
            let endpoint = example.dir.resource("azureml_private_endpoint.main");
            let configs = endpoint["private_dns_zone_configs"].as_array().cloned().unwrap_or_default();
            assert_eq!(configs.len(), 2, "{configs:?}");
            let sets = configs.iter().filter_map(|config| config["record_sets"].as_array()).flatten();
            let mut count = 0;
            for set in sets {
                let fqdn = concrete(set["fqdn"].as_str().unwrap_or_default());
                let inside = example.azure.resolve(&fqdn, Some(example.network.id("virtual_network")));
                assert_eq!(inside["addresses"], set["ip_addresses"], "{fqdn}: {inside}");
                count += 1;
            }
            assert!(count >= names.len(), "{configs:?}");
        });
    });
}

#[test]
fn resource_manager_is_reached_from_its_network() {
    every_cli(|cli| {
        let example = Example::new(cli, "private-resource-manager", &[("tenant_id", Emulator::TENANT)]);
        example.plays(|example| {
            let names = example.output("names").as_object().cloned().unwrap_or_default();
            assert_eq!(names.keys().collect::<Vec<_>>(), ["management.azure.com"]);
            example.resolves(
                "management.azure.com",
                &names["management.azure.com"],
                "privateDnsZones/privatelink.azure.com",
            );
        });
        // The tenant is closed when the way through the endpoint is there, and opened before that goes.
        let log = example.azure.requests();
        let order: Vec<(&str, bool)> = log
            .writes()
            .iter()
            .filter(|request| ["PUT", "DELETE"].contains(&request.method.as_str()))
            .map(|request| (request.method.as_str(), request.path.contains("/privateLinkAssociations/")))
            .collect();
        let last = order.iter().rposition(|(method, _)| *method == "PUT");
        let first = order.iter().position(|(method, _)| *method == "DELETE");
        assert!(last.is_some_and(|place| order[place].1), "{order:?}");
        assert!(first.is_some_and(|place| order[place].1), "{order:?}");
    });
}

#[test]
fn the_examples_are_formatted() {
    every_cli(|cli| {
        for name in ["first-workspace", "private-workspace", "private-resource-manager"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/scenarios").join(name);
            let dir = Workdir::new(cli, &Provider::azureml());
            let folder = folder.display().to_string();
            dir.run(&["fmt", "-check", "-diff", "-recursive", &folder]).succeeds();
        }
    });
}
