//! Values that are not known at plan, because another resource has yet to make them.

use acceptance_tests::{Scene, every_cli};
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
