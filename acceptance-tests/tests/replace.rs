//! Names that Azure keeps: replacing, creating over a tombstone, creating over what exists.

use acceptance_tests::{Fault, Plan, Scene, every_cli};
use serde_json::json;

/// The headline of a plan that would leave a tombstone in its own way.
const BLOCKED: &str = "Replacement Blocked by Soft Delete";

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
        assert_eq!(error.summary, BLOCKED);
        assert_eq!(error.code, SENSITIVE, "it stands at what forces the replacement");
        assert!(error.detail.contains("because hbi_workspace changes from false to true. "), "{error:?}");
        assert_eq!(scene.writes(), []);
    });
}

/// Insists that a plan is refused for the tombstone that it would leave, at the name, and gives the words.
#[track_caller]
fn is_blocked(plan: &Plan<'_>, address: &str) -> String {
    let errors = plan.is_refused().errors();
    // An address that is given up and the one that takes over find each other in any order, and perhaps at once.
    let error = errors.iter().find(|error| error.address == address).or(errors.first());
    assert!(errors.iter().all(|error| error.summary == BLOCKED), "{errors:?}");
    error.map(|error| error.detail.clone()).unwrap_or_default()
}

#[test]
fn no_way_to_replace_a_sound_workspace_leads_over_its_tombstone() {
    const REPLACE: &str = "-replace=azureml_workspace.main";
    const TRIGGERED: &str = "lifecycle {\n  replace_triggered_by = [terraform_data.generation]\n}";
    const FIRST: &str = "lifecycle {\n  create_before_destroy = true\n}";
    const MOVED: &str = "moved {\n  from = azureml_workspace.main\n  to   = azureml_workspace.other\n}\n";
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let dir = &scene.dir;
        let generation = |text: &str| {
            dir.write(
                "generation.tf",
                &format!("resource \"terraform_data\" \"generation\" {{\n  input = \"{text}\"\n}}\n"),
            );
        };
        generation("one");
        scene.exists_with(TRIGGERED);

        let asked = is_blocked(&dir.plan_with(&[REPLACE]), Scene::MAIN);
        assert!(asked.contains(", because -replace or replace_triggered_by asks for it. "), "{asked}");
        generation("two");
        assert_eq!(is_blocked(&dir.plan(), Scene::MAIN), asked);
        scene.workspace(FIRST);
        assert_eq!(is_blocked(&dir.plan_with(&[REPLACE]), Scene::MAIN), asked);
        scene.workspace(&format!("purge_soft_deleted = true\n{FIRST}"));
        let error = dir.apply_with(&[REPLACE]).fails().only_error();
        assert_eq!(error.summary, "Workspace Exists Already", "two cannot have one name at a time");

        scene.workspace("");
        dir.taint(Scene::MAIN).succeeds();
        let tainted = is_blocked(&dir.plan(), Scene::MAIN);
        assert!(tainted.contains(", because the state holds it as tainted, or under another address. "));
        assert!(
            tainted.contains("run \"terraform untaint\" (\"tofu untaint\") with its address."),
            "{tainted}"
        );
        assert_eq!(is_blocked(&dir.plan_with(&["-refresh=false"]), Scene::MAIN), tainted);
        dir.run(&["untaint", Scene::MAIN]).succeeds();
        dir.plans_nothing();

        let other = scene.block("other", Scene::NAME, "");
        dir.write("main.tf", &other);
        assert_eq!(is_blocked(&dir.plan(), "azureml_workspace.other"), tainted);
        assert!(tainted.contains("declare that with a moved block."), "{tainted}");
        assert_eq!(scene.writes(), []);
        dir.write("main.tf", &format!("{other}{MOVED}"));
        dir.plan().will("move", "azureml_workspace.other");
        dir.write("main.tf", &scene.block("other", Scene::NAME, "purge_soft_deleted = true"));
        dir.write("moved.tf", MOVED);
        let arguments = ["-replace=azureml_workspace.other"];
        dir.plan_with(&arguments).will("replace", "azureml_workspace.other");
        dir.apply_with(&arguments).succeeds();
        dir.plans_nothing();
    });
}

#[test]
fn a_destroy_that_a_replacement_stands_in_the_way_of_goes_without_refresh() {
    const SENTENCE: &str = "If you are destroying it instead, run the destroy with -refresh=false.";
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let dir = &scene.dir;
        scene.exists_with("");
        let (azure, state) = (scene.azure.snapshot(), dir.read("terraform.tfstate"));
        for renamed in [false, true] {
            scene.azure.restore(&azure);
            dir.write("terraform.tfstate", &state);
            if renamed {
                dir.write("main.tf", &scene.block("other", Scene::NAME, ""));
            } else {
                dir.taint(Scene::MAIN).succeeds();
            }
            let refused = dir.destroy();
            let errors = refused.fails().errors();
            assert!(!errors.is_empty(), "{refused:?}");
            for error in errors {
                assert_eq!(error.summary, BLOCKED);
                assert!(error.detail.contains(SENTENCE), "{error:?}");
            }
            assert!(!scene.in_azure().is_null());
            dir.run(&["destroy", "-auto-approve", "-input=false", "-refresh=false"]).succeeds();
            assert!(scene.in_azure().is_null() && dir.addresses().is_empty());
        }
    });
}

#[test]
fn a_workspace_whose_update_failed_leaves_a_tombstone_and_one_that_was_never_made_none() {
    const REPLACE: &str = "-replace=azureml_workspace.main";
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let dir = &scene.dir;
        let fail = |method: &str| {
            let fault = Fault::at(method, &format!("/workspaces/{}$", Scene::NAME));
            scene.azure.inject(fault.fail_operation("InternalServerError", "It broke."));
        };
        fail("PUT");
        scene.workspace("");
        dir.apply().fails().says("It broke.");
        assert!(dir.is_tainted(Scene::MAIN));
        dir.plan_with(&["-refresh=false"]).will("replace", Scene::MAIN);
        dir.apply().succeeds();
        dir.plans_nothing();

        fail("PATCH");
        scene.workspace("description = \"Two\"");
        dir.apply().fails().says("It broke.");
        assert_eq!(scene.in_azure()["properties"]["provisioningState"], "Failed");
        is_blocked(&dir.plan_with(&[REPLACE]), Scene::MAIN);
        dir.taint(Scene::MAIN).succeeds();
        is_blocked(&dir.plan(), Scene::MAIN);
        is_blocked(&dir.plan_with(&["-refresh=false"]), Scene::MAIN);
        // As the create would have found.
        dir.run(&["destroy", "-auto-approve", "-input=false", "-refresh=false"]).succeeds();
        assert_eq!(dir.apply().fails().only_error().summary, "Soft-Deleted Workspace Exists");
    });
}

#[test]
fn a_workspace_that_moves_up_in_a_list_is_not_made_over_itself() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let of = |names: &str| {
            let many = scene.block("many", "${local.names[count.index]}", "count = length(local.names)");
            scene.dir.write("main.tf", &format!("locals {{\n  names = [{names}]\n}}\n{many}"));
        };
        of("\"first-ws\", \"main-workspace\"");
        scene.dir.apply().succeeds();
        scene.azure.forget();
        of("\"main-workspace\"");
        is_blocked(&scene.dir.plan(), "azureml_workspace.many[0]");
        assert_eq!(scene.azure.requests().writes().len(), 0);
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
