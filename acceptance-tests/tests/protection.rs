//! `deletion_protection`: what has it applied is not destroyed, whichever way the destroy comes about.

use acceptance_tests::{Cli, Fault, Output, Plan, Scene, every_cli};
use serde_json::{Value, json};

const GROUP: &str = "azureml_resource_group.own";
const ZONE: &str = "azureml_private_dns_zone.zone";
const ENDPOINT: &str = "azureml_private_endpoint.endpoint";
const PROTECTED: [&str; 4] = [ZONE, ENDPOINT, GROUP, Scene::MAIN];

/// One resource of each type that can be protected.
fn stage(cli: &Cli) -> (Scene, impl Fn(&Scene, bool) + use<>) {
    let scene = Scene::new(cli);
    let subnet = scene.azure.seed_network(Scene::GROUP, "scene").id("subnet").to_owned();
    let storage = scene.dependents.id("storage_account").to_owned();
    let write = move |scene: &Scene, protected: bool| {
        let rest = format!(
            r#"
resource "azureml_resource_group" "own" {{
  name                = "own-rg"
  location            = "eastus"
  deletion_protection = {protected}
}}
resource "azureml_private_dns_zone" "zone" {{
  name                = "privatelink.api.azureml.ms"
  resource_group_name = "scene-rg"
  deletion_protection = {protected}
}}
resource "azureml_private_endpoint" "endpoint" {{
  name                = "endpoint"
  resource_group_name = "scene-rg"
  subnet_id           = "{subnet}"

  private_connection_resource_id = "{storage}"
  group_ids           = ["blob"]
  deletion_protection = {protected}
}}
"#
        );
        scene.dir.write("rest.tf", &rest);
        scene.workspace(&format!(
            "hbi_workspace       = false\npurge_on_destroy    = true\ndeletion_protection = {protected}"
        ));
    };
    (scene, write)
}

/// Insists that these are refused, and nothing else, and gives what is said of the first.
#[track_caller]
fn are_refused(output: &Output, addresses: &[&str]) -> String {
    let mut errors = output.fails().errors();
    errors.sort_by(|one, other| one.address.cmp(&other.address));
    let found: Vec<&str> = errors.iter().map(|error| error.address.as_str()).collect();
    assert_eq!(found, addresses, "{errors:?}");
    assert!(errors.iter().all(|error| error.summary == "Deletion Protected"), "{errors:?}");
    errors.remove(0).detail
}

#[track_caller]
fn is_refused(plan: &Plan<'_>, address: &str) -> String {
    are_refused(plan.is_refused(), &[address])
}

#[test]
fn what_is_protected_is_neither_destroyed_nor_replaced() {
    every_cli(|cli| {
        let (scene, write) = stage(cli);
        let dir = &scene.dir;
        write(&scene, true);
        dir.apply().succeeds();
        dir.plans_nothing();
        scene.azure.forget();

        let destroy = are_refused(&dir.destroy(), &PROTECTED);
        assert!(
            destroy.contains("The private DNS zone \"privatelink.api.azureml.ms\" is not destroyed"),
            "{destroy}"
        );
        for address in PROTECTED {
            let asked = is_refused(&dir.plan_with(&[&format!("-replace={address}")]), address);
            assert!(asked.contains(", because -replace or replace_triggered_by asks for it. "), "{asked}");
        }
        PROTECTED.into_iter().for_each(|address| {
            dir.taint(address).succeeds();
        });
        let tainted = are_refused(&dir.apply_with(&["-refresh=false"]), &PROTECTED);
        assert!(tainted.contains("run \"terraform untaint\""), "{tainted}");
        PROTECTED.into_iter().for_each(|address| {
            dir.run(&["untaint", address]).succeeds();
        });
        dir.plans_nothing();

        // What is set now does not count before it is applied, and the block itself is no lock.
        write(&scene, false);
        dir.write("main.tf", &dir.read("main.tf").replace("= false\n  purge", "= true\n  purge"));
        let changed = is_refused(&dir.plan(), Scene::MAIN);
        assert!(changed.contains(", because hbi_workspace changes from false to true. "), "{changed}");
        dir.remove("rest.tf");
        let gone = dir.plan_with(&[&format!("-target={ZONE}")]).is_refused().only_error().detail;
        assert_eq!(gone, destroy);
        assert_eq!(scene.azure.requests().writes().len(), 0);

        write(&scene, false);
        let plan = dir.plan();
        PROTECTED.into_iter().for_each(|address| {
            plan.will("update", address);
        });
        dir.apply_saved().succeeds();
        assert_eq!(scene.azure.requests().writes().len(), 0, "Azure hears nothing of it");
        dir.plans_nothing();
        dir.destroy().succeeds();
    });
}

#[test]
fn a_group_does_not_take_along_what_is_protected() {
    every_cli(|cli| {
        let (scene, write) = stage(cli);
        let dir = &scene.dir;
        write(&scene, true);
        dir.remove("main.tf");
        let whole = dir.read("rest.tf");
        let (both, _) = whole.split_once("resource \"azureml_private_endpoint\"").expect("it");
        let both = both
            .replacen("deletion_protection = true", "force_delete = true", 1)
            .replace("\"scene-rg\"", "azureml_resource_group.own.name");
        dir.write("rest.tf", &both);
        dir.apply().succeeds();
        scene.azure.forget();
        let taken = |plan: &Plan<'_>| {
            let errors = plan.is_refused().errors();
            assert!(!errors.is_empty());
            for error in errors {
                assert_eq!(error.summary, "Deletion Protected");
                assert!(error.detail.contains("destroys the resource group \"own-rg\""), "{error:?}");
                assert!(error.detail.ends_with("/privateDnsZones/privatelink.api.azureml.ms"), "{error:?}");
            }
        };
        let replace = format!("-replace={GROUP}");
        taken(&dir.plan_with(&[&replace]));
        dir.taint(GROUP).succeeds();
        taken(&dir.plan());
        dir.run(&["untaint", GROUP]).succeeds();
        dir.write("rest.tf", &both.replace("\"eastus\"", "\"westus\""));
        taken(&dir.plan());
        // Without anything between the two, in whichever order they are planned.
        let alone = both.replace("azureml_resource_group.own.name", "\"own-rg\"");
        let (_, zone) = alone.split_once("resource \"azureml_private_dns_zone\"").expect("it");
        dir.write("rest.tf", &format!("resource \"azureml_private_dns_zone\"{zone}"));
        taken(&dir.plan());
        assert_eq!(scene.azure.requests().writes().len(), 0);

        dir.write("rest.tf", &both.replace("deletion_protection = true", "deletion_protection = false"));
        dir.apply().succeeds();
        dir.plan_with(&[&replace]).will("replace", GROUP);
        dir.destroy().succeeds();
    });
}

#[test]
fn a_create_that_failed_is_not_protected_yet() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let path = format!("/workspaces/{}$", Scene::NAME);
        scene.azure.inject(Fault::at("PUT", &path).fail_operation("BadRequest", "Not now."));
        scene.workspace("deletion_protection = true");
        scene.dir.apply().fails();
        assert!(scene.dir.is_tainted(Scene::MAIN));
        assert_eq!(scene.in_state()["deletion_protection"], false);
        scene.dir.apply().succeeds();
        assert_eq!(scene.in_state()["deletion_protection"], true);
        scene.dir.plans_nothing();
        are_refused(&scene.dir.destroy(), &[Scene::MAIN]);
    });
}

#[test]
fn a_state_from_before_the_argument_plans_nothing() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("");
        let mut state: Value = serde_json::from_str(&scene.dir.read("terraform.tfstate")).expect("a state");
        let attributes = state["resources"][0]["instances"][0]["attributes"].as_object_mut();
        assert_eq!(attributes.expect("an object").shift_remove("deletion_protection"), Some(json!(false)));
        scene.dir.write("terraform.tfstate", &state.to_string());
        scene.dir.plan_with(&["-refresh=false"]).is_empty();
        scene.dir.plans_nothing();
    });
}
