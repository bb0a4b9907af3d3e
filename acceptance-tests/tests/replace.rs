//! Names that Azure keeps: replacing, creating over a tombstone, creating over what exists.

use acceptance_tests::{Scene, every_cli};
use serde_json::json;

/// Two values of a member that can be set at creation only.
const PLAIN: &str = "hbi_workspace = false";
const SENSITIVE: &str = "hbi_workspace = true";

#[test]
fn a_replacement_that_would_hit_its_own_tombstone_is_refused_at_plan() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with(PLAIN);
        scene.workspace(SENSITIVE);
        let error = scene.dir.plan().is_refused().only_error();
        assert_eq!(error.address, Scene::MAIN);
        assert_eq!(error.summary, "Replacement Blocked by Soft Delete");
        assert_eq!(scene.writes(), []);
    });
}

#[test]
fn with_purge_on_destroy_a_replacement_frees_the_name_first() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with(&format!("{PLAIN}\npurge_on_destroy = true"));
        scene.workspace(&format!("{SENSITIVE}\npurge_on_destroy = true"));
        let plan = scene.dir.plan();
        plan.has_changes().will("replace", Scene::MAIN);
        assert_eq!(plan.change(Scene::MAIN)["replace_paths"], json!([["hbi_workspace"]]));
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
        let log = scene.azure.requests();
        assert!(log.to("DELETE", Scene::NAME)[0].query.contains("forceToPurge=true"));
        assert_eq!(scene.in_azure()["properties"]["hbiWorkspace"], true);
    });
}

#[test]
fn with_purge_soft_deleted_a_replacement_frees_the_name_afterwards() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with(&format!("{PLAIN}\npurge_soft_deleted = true"));
        scene.workspace(&format!("{SENSITIVE}\npurge_soft_deleted = true"));
        scene.dir.plan().has_changes().will("replace", Scene::MAIN);
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
        let log = scene.azure.requests();
        let purges: Vec<bool> = log
            .to("DELETE", Scene::NAME)
            .iter()
            .map(|delete| delete.query.contains("forceToPurge=true"))
            .collect();
        assert_eq!(purges, [false, true], "deleted as any workspace is, then its tombstone");
        assert_eq!(scene.in_azure()["properties"]["hbiWorkspace"], true);
    });
}

#[test]
fn a_create_over_a_tombstone_says_what_to_do() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("");
        scene.dir.destroy().succeeds();
        scene.azure.forget();

        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.address, Scene::MAIN);
        assert!(error.detail.contains("purge_soft_deleted = true"), "{error:?}");
        assert!(scene.dir.addresses().is_empty());

        scene.workspace("purge_soft_deleted = true");
        scene.dir.apply().succeeds();
        scene.dir.plans_nothing();
    });
}

#[test]
fn a_workspace_that_exists_is_not_overwritten() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("description = \"The first\"");
        let first = scene.in_azure();
        // The same name again, from a configuration that does not know of the first.
        scene.dir.run(&["state", "rm", Scene::MAIN]).succeeds();
        scene.workspace("description = \"The second\"");

        let error = scene.dir.apply().fails().only_error();
        assert_eq!(error.summary, "Workspace Exists Already");
        let block = format!("import {{\n  to = azureml_workspace.example\n  id = \"{}\"\n}}", scene.id());
        assert!(error.detail.contains(&block), "no import block to paste in: {}", error.detail);
        assert_eq!(scene.writes(), []);
        assert_eq!(scene.in_azure(), first);

        // The block does what it promises.
        scene.dir.write("import.tf", &block.replace("azureml_workspace.example", Scene::MAIN));
        scene.dir.plan().has_changes().will("update", Scene::MAIN);
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
        assert_eq!(scene.in_azure()["properties"]["workspaceId"], first["properties"]["workspaceId"]);
    });
}
