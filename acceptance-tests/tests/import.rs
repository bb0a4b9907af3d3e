//! Taking over workspaces that exist: by ID in any casing, filled in by the first read, with an empty plan after it.

use acceptance_tests::{Fault, Scene, every_cli};
use serde_json::json;

/// Arguments of every kind, as a configuration that somebody wrote for an existing workspace has them.
const ARGUMENTS: &str = r#"display_name          = "Taken over"
description           = "Was there before"
public_network_access = "Disabled"
image_build_compute   = "builder"
hbi_workspace         = true
tags = {
  Team = "data"
}"#;

#[test]
fn an_import_by_an_oddly_cased_id_plans_nothing() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with(ARGUMENTS);
        let before = scene.in_state();
        for id in [scene.id(), scene.id().to_lowercase(), scene.id().to_uppercase()] {
            scene.dir.run(&["state", "rm", Scene::MAIN]).succeeds();
            scene.dir.import(Scene::MAIN, &id).succeeds();
            scene.dir.plans_nothing();
            let after = scene.in_state();
            assert_eq!(after["id"], scene.id().as_str(), "imported as {id}");
            assert_eq!(after["name"], Scene::NAME);
            assert_eq!(after["resource_group_name"], Scene::GROUP);
            for attribute in
                ["display_name", "description", "tags", "workspace_id", "identity", "storage_account_id"]
            {
                assert_eq!(after[attribute], before[attribute], "{attribute} after importing {id}");
            }
        }
        assert_eq!(scene.writes(), []);
    });
}

#[test]
fn an_import_block_plans_the_import_and_no_change() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with(ARGUMENTS);
        scene.dir.run(&["state", "rm", Scene::MAIN]).succeeds();
        let block =
            format!("import {{\n  to = {}\n  id = \"{}\"\n}}\n", Scene::MAIN, scene.id().to_lowercase());
        scene.dir.write("import.tf", &block);
        let plan = scene.dir.plan();
        let change = plan.change(Scene::MAIN);
        assert_eq!(change["actions"], json!(["no-op"]), "{:?}", plan.output);
        assert!(change["importing"].is_object());
        scene.dir.apply().succeeds();
        scene.dir.remove("import.tf");
        scene.dir.plans_nothing();
    });
}

#[test]
fn an_import_writes_its_own_configuration() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with(ARGUMENTS);
        scene.dir.run(&["state", "rm", Scene::MAIN]).succeeds();
        scene.dir.remove("main.tf");
        let block = format!("import {{\n  to = {}\n  id = \"{}\"\n}}\n", Scene::MAIN, scene.id());
        scene.dir.write("import.tf", &block);
        let plan = scene.dir.plan_with(&["-generate-config-out=generated.tf"]);
        assert!(
            matches!(plan.output.code, Some(0 | 2)),
            "the generated configuration is valid: {:?}",
            plan.output
        );
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(scene.writes(), []);
    });
}

#[test]
fn what_is_no_workspace_is_not_imported() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.workspace("");
        scene.dir.import(Scene::MAIN, &scene.id()).fails().says("Cannot import non-existent remote object");
        let vault = scene.dependents.id("key_vault").to_owned();
        let form = "The import ID must be the ID of a Machine Learning workspace, /subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.MachineLearningServices/workspaces/<name>; ";
        let refused = scene.dir.import(Scene::MAIN, &vault);
        refused
            .fails()
            .says("Invalid Import ID")
            .says(&format!("{form}\"{vault}\" is the ID of a key vault."));
        let refused = scene.dir.import(Scene::MAIN, Scene::NAME);
        refused
            .fails()
            .says("Invalid Import ID")
            .says(&format!("{form}\"{}\" is no resource ID", Scene::NAME));
        assert!(scene.dir.addresses().is_empty());
    });
}

#[test]
fn an_import_from_an_answer_without_what_it_needs_ends_and_names_it() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with(ARGUMENTS);
        scene.dir.run(&["state", "rm", Scene::MAIN]).succeeds();
        let block = format!("import {{\n  to = {}\n  id = \"{}\"\n}}\n", Scene::MAIN, scene.id());
        scene.dir.write("import.tf", &block);
        for (changes, problem) in [
            (
                json!({"set": {"/properties/keyVault": ["x"]}}),
                "For key_vault_id, Azure answered with a list where a text is expected.",
            ),
            (
                json!({"remove": ["/properties/storageAccount"]}),
                "Azure's answer has no storage_account_id, which cannot be missing.",
            ),
        ] {
            let fault = scene.azure.inject(Fault::at("GET", &format!("{}$", scene.id())).bend(&changes));
            let refused = scene.dir.run(&["plan", "-no-color", "-input=false"]);
            refused
                .fails()
                .says("Unexpected Answer")
                .says(problem)
                .says("The resource cannot be imported from this answer");
            assert_eq!(fault.hits(), 1);
        }
        assert!(scene.dir.addresses().is_empty());
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(scene.writes(), []);
    });
}
