//! The plain life of a workspace: made, left alone, changed, tainted, made many times, destroyed.

use acceptance_tests::{Scene, every_cli};
use serde_json::json;

#[test]
fn a_workspace_is_created_with_what_was_written_and_nothing_else() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.workspace("");
        scene.dir.plan().has_changes().will("create", Scene::MAIN);
        assert_eq!(scene.azure.requests().writes().len(), 0, "a plan changes nothing");
        scene.dir.apply_saved().succeeds();
        assert_eq!(scene.writes(), [("PUT".to_owned(), scene.minimal_put())]);
        scene.dir.plans_nothing();

        let (state, azure) = (scene.in_state(), scene.in_azure());
        assert_eq!(state["id"], scene.id().as_str());
        assert_eq!(state["location"], "eastus");
        assert_eq!(state["workspace_id"], azure["properties"]["workspaceId"]);
        assert_eq!(state["discovery_url"], azure["properties"]["discoveryUrl"]);
        assert_eq!(state["mlflow_tracking_uri"], azure["properties"]["mlFlowTrackingUri"]);
        assert_eq!(state["identity"]["principal_id"], azure["identity"]["principalId"]);
        assert_eq!(state["provisioning_state"], "Succeeded");
        assert_eq!(state["public_network_access"], "Enabled", "the service's default is in the state");
    });
}

#[test]
fn a_second_apply_sends_nothing() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("display_name = \"Mine\"");
        scene.dir.apply().succeeds();
        assert_eq!(scene.writes(), []);
    });
}

#[test]
fn a_change_sends_what_changed_and_nothing_else() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("display_name = \"One\"\ndescription = \"Same\"");
        scene.workspace("display_name = \"Two\"\ndescription = \"Same\"");
        scene.dir.plan().has_changes().will("update", Scene::MAIN);
        scene.dir.apply_saved().succeeds();
        assert_eq!(scene.writes(), [("PATCH".to_owned(), json!({"properties": {"friendlyName": "Two"}}))]);
        scene.dir.plans_nothing();
        assert_eq!(scene.in_azure()["properties"]["friendlyName"], "Two");
    });
}

#[test]
fn destroy_leaves_a_tombstone_unless_it_purges() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        for (arguments, query) in [("", None), ("purge_on_destroy = true", Some("forceToPurge=true"))] {
            scene.exists_with(arguments);
            scene.dir.destroy().succeeds();
            assert!(scene.dir.addresses().is_empty());
            assert!(scene.in_azure().is_null());
            let log = scene.azure.requests();
            let deletes = log.to("DELETE", Scene::NAME);
            assert_eq!(deletes.len(), 1);
            assert_eq!(
                deletes[0].query.contains("forceToPurge=true"),
                query.is_some(),
                "{}",
                deletes[0].query
            );
            scene.azure.control().post("/reset", &serde_json::Value::Null);
            scene.azure.seed_dependents(Scene::GROUP, "scene");
        }
    });
}

#[test]
fn a_tainted_workspace_is_made_anew() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.exists_with("purge_on_destroy = true");
        let before = scene.in_state()["workspace_id"].clone();
        scene.dir.taint(Scene::MAIN).succeeds();
        scene.dir.plan().has_changes().will("replace", Scene::MAIN);
        scene.dir.apply_saved().succeeds();
        scene.dir.plans_nothing();
        assert_ne!(scene.in_state()["workspace_id"], before);
        let methods: Vec<String> = scene.writes().into_iter().map(|(method, _)| method).collect();
        assert_eq!(methods, ["DELETE", "PUT"]);
    });
}

#[test]
fn twenty_workspaces_at_once() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let many = scene.block("many", "ws-${each.key}", "for_each     = toset([for n in range(20) : format(\"%02d\", n)])\ndisplay_name = \"Number ${each.key}\"");
        scene.dir.write("main.tf", &many);
        // Every poll but the last says that the operation still runs, so that they overlap.
        scene.azure.settings(&json!({"operation_polls": 1}));
        scene.dir.apply().succeeds();
        assert_eq!(scene.dir.addresses().len(), 20);
        scene.azure.settings(&json!({"operation_polls": 0}));
        scene.dir.plans_nothing();
        assert_eq!(scene.azure.resource(&Scene::id_of("ws-07"))["properties"]["friendlyName"], "Number 07");
        scene.dir.destroy().succeeds();
        assert!(scene.azure.resource(&Scene::id_of("ws-07")).is_null());
    });
}
