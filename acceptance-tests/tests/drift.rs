//! What happens to a workspace outside Terraform: what is drift, what is none, and what is gone.

use acceptance_tests::{Scene, every_cli};
use serde_json::json;

#[test]
fn a_change_outside_is_shown_and_set_right() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("description = \"Ours\"");
        scene.azure.drift(&scene.id(), &json!({"properties": {"description": "Theirs"}}));
        let plan = scene.dir.plan();
        plan.has_changes().will("update", Scene::MAIN);
        let change = plan.change(Scene::MAIN);
        assert_eq!(
            (&change["before"]["description"], &change["after"]["description"]),
            (&json!("Theirs"), &json!("Ours"))
        );
        scene.dir.apply_saved().succeeds();
        assert_eq!(scene.writes(), [("PATCH".to_owned(), json!({"properties": {"description": "Ours"}}))]);
        scene.dir.plans_nothing();
    });
}

#[test]
fn a_workspace_deleted_outside_is_planned_anew() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("");
        scene.azure.vanish(&scene.id());
        let plan = scene.dir.plan();
        plan.has_changes().will("create", Scene::MAIN);
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
        assert!(scene.in_azure().is_object());
    });
}

#[test]
fn a_workspace_deleted_outside_is_destroyed_without_a_word() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("");
        scene.azure.vanish(&scene.id());
        scene.dir.destroy().succeeds();
        assert!(scene.dir.addresses().is_empty());
    });
}

#[test]
fn what_the_service_does_by_itself_is_no_drift() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let insights = scene.dependents.id("application_insights").to_owned();
        scene.exists_with(&format!("application_insights_id = \"{insights}\"\ntags = {{ team = \"data\" }}"));
        // A registry of the service's own, IDs in lower case, members it fills in or empties, a tag from a policy.
        let registry = format!("{}-own", scene.dependents.id("container_registry"));
        scene.azure.drift(
            &scene.id(),
            &json!({
                "tags": {"team": "data", "added-by-policy": "yes"},
                "properties": {
                    "containerRegistry": registry,
                    "storageAccount": scene.dependents.id("storage_account").to_lowercase(),
                    "keyVault": scene.dependents.id("key_vault").to_lowercase(),
                    "applicationInsights": insights.to_uppercase(),
                    "description": "", "friendlyName": "", "imageBuildCompute": null,
                    "newMember": {"of": "a later version"},
                },
            }),
        );
        scene.dir.plans_nothing();
        let state = {
            scene.dir.apply().succeeds();
            scene.in_state()
        };
        assert_eq!(state["tags"], json!({"team": "data"}));
        assert_eq!(state["tags_all"], json!({"team": "data", "added-by-policy": "yes"}));
        assert_eq!(scene.writes(), []);
    });
}

#[test]
fn a_refresh_that_azure_refuses_keeps_the_state() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("");
        let path = format!("/workspaces/{}$", Scene::NAME);
        let refusal = acceptance_tests::Fault::at("GET", &path).status(403).times(50);
        scene.azure.inject(refusal.error("AuthorizationFailed", "The client may not read the workspace."));
        let error = scene.dir.plan().is_refused().only_error();
        assert!(error.detail.contains("AuthorizationFailed"), "{error:?}");
        assert!(error.detail.contains("The client may not read the workspace."), "{error:?}");
        scene.azure.heal();
        scene.dir.plans_nothing();
    });
}
