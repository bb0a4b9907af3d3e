//! Every type of resource is imported by its identity: what names it, in any casing, with its subscription or in the provider's.

use acceptance_tests::{Emulator, Scene, every_cli};
use serde_json::{Map, Value, json};

const SOURCE: &str = "azureml/azureml";

/// One resource of every type.
const ALL: &str = r#"resource "azureml_resource_group" "main" {
  name     = "identity-rg"
  location = "eastus"
}

resource "azureml_resource_provider_registration" "main" {
  namespace = "Microsoft.Storage"
}

resource "azureml_private_dns_zone" "main" {
  name                = "privatelink.api.azureml.ms"
  resource_group_name = azureml_resource_group.main.name
}

resource "azureml_private_dns_link" "main" {
  name                = "scene"
  private_dns_zone_id = azureml_private_dns_zone.main.id
  virtual_network_id  = "{network}"
}

resource "azureml_private_endpoint" "main" {
  name                = "endpoint"
  resource_group_name = azureml_resource_group.main.name
  subnet_id           = "{network}/subnets/endpoints"
  workspace_id        = azureml_workspace.main.id
  manual_connection   = true
  request_message     = "Please."
}

resource "azureml_private_endpoint_approval" "main" {
  workspace_id        = azureml_workspace.main.id
  private_endpoint_id = azureml_private_endpoint.main.id
}

resource "azureml_resource_management_private_link" "main" {
  name                = "arm"
  resource_group_name = azureml_resource_group.main.name
}

resource "azureml_resource_management_private_link_association" "main" {
  management_group_id = "/providers/Microsoft.Management/managementGroups/{tenant}"
  private_link_id     = azureml_resource_management_private_link.main.id
}
"#;

/// An import block by the identity that the state's values give, in other casing.
fn block(address: &str, identity: &Value, values: &Value, with_optional: bool) -> String {
    let attributes = identity["attributes"].as_object().into_iter().flatten();
    let named = attributes.filter(|(_, attribute)| with_optional || attribute["required_for_import"] == true);
    let lines: String = named
        .map(|(name, _)| {
            let value = values[name].as_str().unwrap_or_else(|| panic!("{address} has no {name}: {values}"));
            format!("    {name} = \"{}\"\n", value.to_uppercase())
        })
        .collect();
    format!("import {{\n  to = {address}\n  identity = {{\n{lines}  }}\n}}\n")
}

#[test]
fn every_type_is_imported_by_its_identity() {
    every_cli(|cli| {
        if !cli.imports_by_identity() {
            return;
        }
        let scene = Scene::new(cli);
        let network = scene.make_network();
        let all = ALL.replace("{network}", &network).replace("{tenant}", Emulator::TENANT);
        scene.dir.write("all.tf", &all);
        scene.workspace("");
        scene.dir.apply().succeeds();
        // A decision changes the endpoint's status, which a refresh sees.
        scene.dir.apply().succeeds();
        let schema = scene.dir.provider_schema(SOURCE);
        let identities = schema["resource_identity_schemas"].as_object().cloned().unwrap_or_default();
        let types = schema["resource_schemas"].as_object().map_or(0, Map::len);
        assert_eq!((identities.len(), types > 8), (types, true), "every type has an identity");
        for with_optional in [false, true] {
            let held: Vec<_> = identities
                .iter()
                .map(|(kind, identity)| {
                    let address = format!("{kind}.main");
                    let values = scene.dir.resource(&address);
                    (address.clone(), block(&address, identity, &values, with_optional), values["id"].clone())
                })
                .collect();
            let addresses: Vec<_> = held.iter().map(|(address, ..)| address.as_str()).collect();
            scene.dir.run(&[&["state", "rm"], addresses.as_slice()].concat()).succeeds();
            scene
                .dir
                .write("import.tf", &held.iter().map(|(_, block, _)| block.as_str()).collect::<String>());
            let plan = scene.dir.plan();
            for address in addresses {
                assert_eq!(plan.change(address)["actions"], json!(["no-op"]), "{address}: {:?}", plan.output);
            }
            scene.dir.apply().succeeds();
            scene.dir.remove("import.tf");
            scene.dir.plans_nothing();
            for (address, _, id) in held {
                assert_eq!(scene.dir.resource(&address)["id"], id, "{address}");
            }
        }
    });
}
