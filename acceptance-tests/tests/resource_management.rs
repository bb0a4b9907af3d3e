//! Private access to Resource Manager itself: the link, and the association that makes it act on the tenant.

use acceptance_tests::{Cli, Emulator, Output, Scene, every_cli};
use serde_json::json;

const LINK: &str = "azureml_resource_management_private_link.main";
const ASSOCIATION: &str = "azureml_resource_management_private_link_association.main";

/// Both, with these arguments of the association.
fn both(scene: &Scene, arguments: &str) {
    let root = root();
    let text = format!(
        r#"resource "azureml_resource_management_private_link" "main" {{
  name                = "arm"
  resource_group_name = "scene-rg"
}}

resource "azureml_resource_management_private_link_association" "main" {{
  management_group_id = "{root}"
  private_link_id     = azureml_resource_management_private_link.main.id
{arguments}
}}
"#
    );
    scene.dir.write("main.tf", &text);
}

fn root() -> String {
    format!("/providers/Microsoft.Management/managementGroups/{}", Emulator::TENANT)
}

fn made(cli: &Cli) -> Scene {
    let scene = Scene::new(cli);
    both(&scene, "");
    scene.dir.apply().succeeds();
    scene.dir.plans_nothing();
    scene
}

#[test]
fn an_association_is_made_changed_and_withdrawn_before_its_link() {
    every_cli(|cli| {
        let scene = made(cli);
        let (link, association) = (scene.dir.resource(LINK), scene.dir.resource(ASSOCIATION));
        assert_eq!(link["location"], "eastus", "the group's");
        assert_eq!(association["tenant_id"], Emulator::TENANT);
        assert_eq!(association["public_network_access"], "Enabled");
        let id = association["id"].as_str().unwrap_or_default().to_owned();
        assert!(id.starts_with(&root()), "{id}");

        scene.azure.forget();
        both(&scene, "  public_network_access = \"Disabled\"");
        let plan = scene.dir.plan();
        plan.has_changes().will("update", ASSOCIATION);
        let warnings = plan.output.warnings();
        assert_eq!(warnings.len(), 1, "{:?}", plan.output);
        assert_eq!(warnings[0].summary, "Closes Resource Manager for the Whole Tenant");
        assert_eq!(
            warnings[0].detail,
            "With public_network_access = \"Disabled\", nobody manages any resource of the tenant except through a private endpoint of this private link: no portal, no command line and no pipeline outside its networks, this one included. Make sure that the endpoint and its names work before you apply this."
        );
        scene.dir.apply_saved().succeeds();
        let sent = json!({"properties": {"privateLink": link["id"], "publicNetworkAccess": "Disabled"}});
        let log = scene.azure.requests();
        let writes: Vec<_> = log.writes().iter().map(|one| (one.method.as_str(), one.body.clone())).collect();
        assert_eq!(writes, [("PUT", sent)]);
        let plan = scene.dir.plan();
        plan.is_empty();
        assert!(plan.output.warnings().is_empty(), "told once: {:?}", plan.output);

        scene.azure.forget();
        scene.dir.destroy().succeeds();
        let log = scene.azure.requests();
        let order: Vec<bool> =
            log.writes().iter().map(|one| one.path.contains("privateLinkAssociations")).collect();
        assert_eq!(order, [true, false], "{log:?}");
        assert!(scene.azure.resource(&id).is_null());
    });
}

#[test]
fn both_are_imported_in_any_casing() {
    every_cli(|cli| {
        let scene = made(cli);
        let ids = [LINK, ASSOCIATION].map(|address| {
            let id = scene.dir.resource(address)["id"].as_str().unwrap_or_default().to_owned();
            (address, id)
        });
        for odd in [str::to_uppercase, str::to_lowercase] {
            scene.dir.run(&["state", "rm", LINK, ASSOCIATION]).succeeds();
            for (address, id) in &ids {
                scene.dir.import(address, &odd(id)).succeeds();
            }
            scene.dir.plans_nothing();
        }
    });
}

/// Takes the rights at the root of the tenant away, or gives them back.
fn root_access(scene: &Scene, has: bool) {
    scene.azure.settings(&json!({ "root_access": has }));
}

fn says_how_to_get_rights(output: &Output, wanted: &str) {
    let error = output.fails().only_error();
    assert_eq!(error.summary, "No Rights at the Root Management Group");
    let text = format!(
        "The association lies in the root management group, where not even a Global Administrator has rights at first. Such a one elevates their access (Entra ID, Properties, \"Access management for Azure resources\"), makes whoever runs this Owner of the root management group, and takes the elevation back: \"az role assignment create --role Owner --assignee <object ID> --scope {}\".\n\nThe client '",
        root()
    );
    assert!(error.detail.starts_with(&text), "{error:?}");
    let action = format!("Microsoft.Authorization/privateLinkAssociations/{wanted}");
    assert!(error.detail.contains(&action), "{error:?}");
    assert!(error.code.is_empty() || error.code.starts_with("management_group_id"), "{error:?}");
}

#[test]
fn without_rights_at_the_root_it_is_said_how_to_get_them_whatever_is_refused() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        root_access(&scene, false);
        both(&scene, "");
        says_how_to_get_rights(&scene.dir.apply(), "read");
        root_access(&scene, true);
        scene.dir.apply().succeeds();
        root_access(&scene, false);
        says_how_to_get_rights(&scene.dir.plan().output, "read");

        // They are gone between plan and apply.
        root_access(&scene, true);
        both(&scene, "  public_network_access = \"Disabled\"");
        scene.dir.plan().has_changes().will("update", ASSOCIATION);
        root_access(&scene, false);
        says_how_to_get_rights(&scene.dir.apply_saved(), "write");

        root_access(&scene, true);
        scene.dir.plan_with(&["-destroy", "-out=destroy.tfplan"]).has_changes().will("delete", ASSOCIATION);
        root_access(&scene, false);
        let destroyed = scene.dir.run(&["apply", "-json", "-no-color", "-input=false", "destroy.tfplan"]);
        says_how_to_get_rights(&destroyed, "delete");
        root_access(&scene, true);
        scene.dir.destroy().succeeds();
    });
}

#[test]
fn another_management_group_is_refused_with_azures_words() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        both(&scene, "");
        let text = scene
            .dir
            .read("main.tf")
            .replace(&root(), "/providers/Microsoft.Management/managementGroups/team");
        scene.dir.write("main.tf", &text);
        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Resource Management Private Link Association Not Created");
        assert!(error.detail.contains("InvalidScope"), "{error:?}");
    });
}
