//! Values that are not known at plan, because another resource has yet to make them.

use acceptance_tests::{Cli, Dependents, Diagnostic, Scene, every_cli};
use serde_json::json;

/// A workspace whose every argument comes from `terraform_data.other`.
const FROM_ANOTHER: &str = r#"
resource "azureml_workspace" "main" {
  name                = terraform_data.other.output.name
  resource_group_name = terraform_data.other.output.group
  storage_account_id  = terraform_data.other.output.storage
  key_vault_id        = terraform_data.other.output.vault
  description         = terraform_data.other.output.description
  identity            = { type = terraform_data.other.output.identity }
  tags                = terraform_data.other.output.tags
}
"#;

/// The other resource, with everything that the workspace takes from it.
fn other(scene: &Scene) -> String {
    let input = json!({
        "name": Scene::NAME, "group": Scene::GROUP, "description": "One", "identity": "SystemAssigned",
        "storage": scene.dependents.id("storage_account"), "vault": scene.dependents.id("key_vault"),
        "tags": {"team": "data"},
    });
    format!("resource \"terraform_data\" \"other\" {{\n  input = jsondecode({:?})\n}}\n", input.to_string())
}

#[test]
fn a_workspace_of_unknowns_is_planned_and_made() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.dir.write("main.tf", &format!("{}{FROM_ANOTHER}", other(&scene)));
        let plan = scene.dir.plan();
        plan.has_changes().will("create", Scene::MAIN);
        assert_eq!(plan.change(Scene::MAIN)["after_unknown"]["name"], true);
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
        let azure = scene.in_azure();
        assert_eq!(
            (&azure["properties"]["description"], &azure["tags"]),
            (&json!("One"), &json!({"team": "data"}))
        );
    });
}

/// Endpoints of a module whose caller has yet to make what they lead to: which of the two attributes names it is not known.
#[test]
fn endpoints_whose_target_is_known_by_either_attribute_after_apply() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let network = scene.azure.seed_network(Scene::GROUP, "scene");
        scene.azure.by_policy("PUT", &scene.id(), "2025-12-01", &scene.minimal_put());
        let vault = scene.dependents.id("key_vault");
        let targets = json!({
            "workspace": {"workspace": scene.id(), "other": null, "groups": null},
            "named": {"workspace": null, "other": scene.id(), "groups": null},
            "vault": {"workspace": null, "other": vault, "groups": ["vault"]},
        });
        scene.dir.write(
            "main.tf",
            &format!(
                r#"
resource "terraform_data" "targets" {{
  input = jsondecode({:?})
}}
resource "azureml_private_endpoint" "each" {{
  for_each                       = toset(["workspace", "named", "vault"])
  name                           = each.key
  resource_group_name            = "{}"
  subnet_id                      = "{}"
  workspace_id                   = terraform_data.targets.output[each.key].workspace
  private_connection_resource_id = terraform_data.targets.output[each.key].other
  group_ids                      = terraform_data.targets.output[each.key].groups
}}
"#,
                targets.to_string(),
                Scene::GROUP,
                network.id("subnet")
            ),
        );
        scene.dir.validate().succeeds();
        scene.dir.plan().has_changes().will("create", "azureml_private_endpoint.each[\"vault\"]");
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
        let endpoint = |name: &str| scene.dir.resource(&format!("azureml_private_endpoint.each[\"{name}\"]"));
        for (name, workspace, other, group) in [
            ("workspace", json!(scene.id()), json!(scene.id()), "amlworkspace"),
            ("named", json!(scene.id()), json!(scene.id()), "amlworkspace"),
            ("vault", json!(null), json!(vault), "vault"),
        ] {
            let endpoint = endpoint(name);
            assert_eq!(endpoint["workspace_id"], workspace, "{name}");
            assert_eq!(endpoint["private_connection_resource_id"], other, "{name}");
            assert_eq!(endpoint["group_ids"], json!([group]), "{name}");
        }
    });
}

#[test]
fn an_unknown_that_can_be_updated_is_an_update() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let with = |text: &str| {
            let data = format!("resource \"terraform_data\" \"text\" {{\n  input = \"{text}\"\n}}\n");
            format!("{data}{}", scene.block("main", Scene::NAME, "description = terraform_data.text.output"))
        };
        scene.dir.write("main.tf", &with("One"));
        scene.dir.apply().succeeds();
        scene.azure.forget();

        scene.dir.write("main.tf", &with("Two"));
        let plan = scene.dir.plan();
        plan.has_changes().will("update", Scene::MAIN);
        let change = plan.change(Scene::MAIN);
        assert_eq!(change["after_unknown"]["description"], true);
        assert_eq!(
            change["after"]["workspace_id"], change["before"]["workspace_id"],
            "what an update keeps stays known"
        );
        scene.dir.apply_saved().succeeds();
        assert_eq!(scene.writes(), [("PATCH".to_owned(), json!({"properties": {"description": "Two"}}))]);
        scene.dir.plans_nothing();
    });
}

#[test]
fn an_unknown_that_turns_out_the_same_sends_nothing() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let with = |trigger: &str| {
            let data = format!(
                "resource \"terraform_data\" \"text\" {{\n  input = \"Same\"\n  triggers_replace = \"{trigger}\"\n}}\n"
            );
            format!("{data}{}", scene.block("main", Scene::NAME, "description = terraform_data.text.output"))
        };
        scene.dir.write("main.tf", &with("one"));
        scene.dir.apply().succeeds();
        scene.azure.forget();
        scene.dir.write("main.tf", &with("two"));
        scene.dir.apply().succeeds();
        assert_eq!(scene.writes(), []);
        scene.dir.plans_nothing();
    });
}

#[test]
fn an_unknown_provider_configuration_still_plans() {
    every_cli(|cli| {
        let mut scene = Scene::new(cli);
        let tenant = scene.azure.environment()["ARM_TENANT_ID"].clone();
        scene.dir.unset_env("ARM_TENANT_ID");
        scene.dir.provider_block("azureml", "tenant_id = terraform_data.tenant.output");
        let data = format!("resource \"terraform_data\" \"tenant\" {{\n  input = \"{tenant}\"\n}}\n");
        scene.dir.write("main.tf", &format!("{data}{}", scene.block("main", Scene::NAME, "")));
        scene.dir.plan().has_changes().will("create", Scene::MAIN);
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
    });
}

const ENDPOINT: &str = "azureml_private_endpoint.blob";

/// A workspace and an endpoint that get IDs from `terraform_data.lookup`: as from a data source that is read in the apply.
struct Lookup {
    scene: Scene,
    network: Dependents,
}

impl Lookup {
    fn new(cli: &Cli) -> Self {
        let scene = Scene::new(cli);
        let network = scene.azure.seed_network(Scene::GROUP, "scene");
        let lookup = Self { scene, network };
        lookup.write(lookup.network.id("subnet"), "one");
        lookup.scene.dir.apply().succeeds();
        lookup.scene.dir.plans_nothing();
        lookup.scene.azure.forget();
        lookup
    }

    /// Writes the configuration. Another trigger makes what is looked up unknown until the apply.
    fn write(&self, subnet: &str, trigger: &str) {
        let storage = self.scene.dependents.id("storage_account");
        let workspace = self
            .scene
            .block("main", Scene::NAME, "")
            .replace(&format!("\"{storage}\""), "terraform_data.lookup.output.storage");
        let text = format!(
            r#"
resource "terraform_data" "lookup" {{
  input            = {{ subnet = "{subnet}", storage = "{storage}" }}
  triggers_replace = "{trigger}"
}}
resource "azureml_private_endpoint" "blob" {{
  name                           = "blob"
  resource_group_name            = "scene-rg"
  subnet_id                      = terraform_data.lookup.output.subnet
  private_connection_resource_id = terraform_data.lookup.output.storage
  group_ids                      = ["blob"]
}}
{workspace}"#
        );
        self.scene.dir.write("main.tf", &text);
    }
}

#[test]
fn an_id_that_is_not_known_yet_replaces_nothing() {
    every_cli(|cli| {
        let lookup = Lookup::new(cli);
        let (scene, subnet) = (&lookup.scene, lookup.network.id("subnet"));
        lookup.write(subnet, "two");
        let plan = scene.dir.plan();
        plan.has_changes().will("update", ENDPOINT).will("update", Scene::MAIN);
        let warnings = plan.output.warnings();
        let mut about: Vec<_> = warnings
            .iter()
            .filter(|one| one.summary == "Value Not Known Yet")
            .map(|one| (one.address.as_str(), one.detail.split(' ').next().unwrap_or_default()))
            .collect();
        about.sort_unstable();
        let expected = [
            (ENDPOINT, "private_connection_resource_id"),
            (ENDPOINT, "subnet_id"),
            (Scene::MAIN, "storage_account_id"),
        ];
        assert_eq!(about, expected, "{warnings:?}");
        let stays = format!("It is planned as if it stayed \"{subnet}\".");
        assert!(warnings.iter().any(|one| one.detail.contains(&stays)), "{warnings:?}");
        scene.dir.apply_saved().succeeds();
        assert_eq!(scene.azure.requests().writes().len(), 0, "it came out as it was");
        scene.dir.plans_nothing();
    });
}

#[test]
fn an_id_that_comes_out_as_another_one_ends_the_apply_before_the_resource_is_touched() {
    every_cli(|cli| {
        let lookup = Lookup::new(cli);
        let (scene, subnet) = (&lookup.scene, lookup.network.id("subnet"));
        lookup.write(&subnet.replace("scene-vnet", "scene-other"), "two");
        scene.dir.plan().has_changes().will("update", ENDPOINT);
        let errors = scene.dir.apply_saved().fails().errors();
        let ended = |error: &Diagnostic| {
            error.summary == "Provider produced inconsistent final plan" && error.detail.contains(ENDPOINT)
        };
        assert!(!errors.is_empty() && errors.iter().all(ended), "{errors:?}");
        assert_eq!(scene.azure.requests().writes().len(), 0);
        let plan = scene.dir.plan();
        plan.has_changes().will("replace", ENDPOINT);
        assert_eq!(plan.change(ENDPOINT)["replace_paths"], json!([["subnet_id"]]));
        assert!(plan.output.warnings().iter().all(|one| one.summary != "Value Not Known Yet"));
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
    });
}

#[test]
fn what_is_replaced_takes_along_what_refers_to_it() {
    const ZONE: &str = "azureml_private_dns_zone.zone";
    const LINK: &str = "azureml_private_dns_link.link";
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let network = scene.azure.seed_network(Scene::GROUP, "scene");
        let rest = format!(
            r#"
resource "azureml_private_endpoint" "blob" {{
  name                = "endpoint"
  resource_group_name = "scene-rg"
  subnet_id           = "{}"
  workspace_id        = azureml_workspace.main.id
}}
resource "azureml_private_dns_zone" "zone" {{
  name                = "privatelink.api.azureml.ms"
  resource_group_name = "scene-rg"
}}
resource "azureml_private_dns_link" "link" {{
  name                = "link"
  private_dns_zone_id = azureml_private_dns_zone.zone.id
  virtual_network_id  = "{}"
}}
"#,
            network.id("subnet"),
            network.id("virtual_network"),
        );
        scene.dir.write("rest.tf", &rest);
        scene.workspace("hbi_workspace = false\npurge_soft_deleted = true");
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();

        scene.workspace("hbi_workspace = true\npurge_soft_deleted = true");
        let plan = scene.dir.plan_with(&[&format!("-replace={ZONE}")]);
        for (address, path) in
            [(ENDPOINT, json!([["workspace_id"]])), (LINK, json!([["private_dns_zone_id"]]))]
        {
            plan.will("replace", address);
            assert_eq!(plan.change(address)["replace_paths"], path);
        }
        plan.will("replace", Scene::MAIN).will("replace", ZONE);
        assert_eq!(plan.output.warnings().iter().filter(|one| one.summary.contains("Known")).count(), 0);
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(scene.dir.resource(ENDPOINT)["connection_status"], "Approved");
    });
}
