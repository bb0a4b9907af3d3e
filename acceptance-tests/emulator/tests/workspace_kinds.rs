//! Hubs, projects and feature stores, where they differ from workspaces of kind Default.

mod world;

use serde_json::{Value, json};
use world::{World, group, id, minimal, with, workspace};

fn hub() -> Value {
    let mut body = minimal();
    body["kind"] = json!("hub");
    body
}

fn project() -> Value {
    json!({
        "location": "eastus2",
        "kind": "project",
        "identity": {"type": "SystemAssigned"},
        "properties": {"hubResourceId": workspace("the-hub"), "friendlyName": "P"},
    })
}

#[test]
fn a_hub_keeps_the_spelling_it_was_given_and_knows_its_projects() {
    let mut world = World::new();
    world.done("PUT", &workspace("the-hub"), Some(&hub()));
    let made = world.get(&workspace("the-hub"));
    assert_eq!(made["kind"], "Hub");
    assert_eq!(made["properties"]["keyVault"], id("Microsoft.KeyVault/vaults", "kv"));
    assert_eq!(made["properties"]["applicationInsights"], id("microsoft.insights/components", "ai"));
    assert_eq!(made["properties"]["enableDataIsolation"], true);
    assert_eq!(made["properties"]["workspaceHubConfig"], json!({"defaultWorkspaceResourceGroup": group()}));
    assert_eq!(made["properties"]["associatedWorkspaces"], json!([]));

    world.done("PUT", &workspace("the-project"), Some(&project()));
    let made = world.get(&workspace("the-hub"));
    assert_eq!(made["properties"]["associatedWorkspaces"], json!([workspace("the-project")]));
    let refused = world.refused("DELETE", &workspace("the-hub"), None);
    assert_eq!(refused.0, 409);
    assert_eq!(
        refused.2,
        format!("The hub 'the-hub' has projects. Delete them before the hub: {}.", workspace("the-project"))
    );
    world.done("DELETE", &workspace("the-project"), None);
    assert_eq!(world.get(&workspace("the-hub"))["properties"]["associatedWorkspaces"], json!([]));
    world.done("DELETE", &workspace("the-hub"), None);
}

#[test]
fn a_hub_needs_no_application_insights() {
    let mut world = World::new();
    let mut body = hub();
    body["properties"].as_object_mut().unwrap().shift_remove("applicationInsights");
    world.done("PUT", &workspace("the-hub"), Some(&body));
    assert_eq!(world.get(&workspace("the-hub"))["properties"]["applicationInsights"], Value::Null);
}

#[test]
fn a_project_has_its_hubs_resources_and_cannot_be_given_its_own() {
    let mut world = World::new();
    let mut there = hub();
    there["properties"]["publicNetworkAccess"] = json!("disabled");
    world.done("PUT", &workspace("the-hub"), Some(&there));
    world.done("PUT", &workspace("the-project"), Some(&project()));
    let (hub, made) = (world.get(&workspace("the-hub")), world.get(&workspace("the-project")));
    for name in ["storageAccount", "keyVault", "publicNetworkAccess"] {
        assert_eq!(made["properties"][name], hub["properties"][name], "{name}");
    }
    assert_eq!(made["properties"]["notebookInfo"]["fqdn"], hub["properties"]["notebookInfo"]["fqdn"]);
    assert_ne!(made["properties"]["workspaceId"], hub["properties"]["workspaceId"]);
    assert_eq!(made["properties"]["allowRoleAssignmentOnRG"], false);
    assert_eq!(made["properties"]["enableDataIsolation"], true);

    let mut own = project();
    own["properties"]["storageAccount"] = json!(id("Microsoft.Storage/storageAccounts", "st"));
    let message = "A project has 'storageAccount' from its hub; it cannot be set.";
    assert_eq!(world.refused("PUT", &workspace("other"), Some(&own)).2, message);
    assert_eq!(world.refused("PUT", &workspace("the-project"), Some(&made)).2, message);
    world.done("PATCH", &workspace("the-project"), Some(&json!({"properties": {"description": "d"}})));
}

#[test]
fn a_project_needs_a_hub_in_its_region() {
    let mut world = World::new();
    let refused = world.refused("PUT", &workspace("the-project"), Some(&project()));
    assert_eq!(refused.2, format!("The hub '{}' was not found.", workspace("the-hub")));
    world.done("PUT", &workspace("the-hub"), Some(&hub()));
    let mut elsewhere = project();
    elsewhere["location"] = json!("West Europe");
    let refused = world.refused("PUT", &workspace("the-project"), Some(&elsewhere));
    assert_eq!(refused.2, "A project must be in the region of its hub: 'westeurope' is not 'eastus2'.");
    let stray = with(&json!({"hubResourceId": workspace("the-hub")}));
    assert_eq!(world.refused("PUT", &workspace("other"), Some(&stray)).1, "ValidationError");
}

#[test]
fn a_feature_store_may_have_hierarchical_storage_and_settings_of_its_own() {
    let mut world = World::new();
    world.seed(
        &id("Microsoft.Storage/storageAccounts", "st"),
        json!({"sku": {"name": "Standard_LRS"}, "properties": {"isHnsEnabled": true}}),
    );
    let mut body = minimal();
    body["kind"] = json!("featurestore");
    body["properties"]["featureStoreSettings"] = json!({"computeRuntime": {"sparkRuntimeVersion": "3.4.0"}});
    assert_eq!(world.done("PUT", &workspace("the-store"), Some(&body))["status"], "Succeeded");
    let made = world.get(&workspace("the-store"));
    assert_eq!(made["kind"], "FeatureStore");
    assert_eq!(made["properties"]["storageHnsEnabled"], true);
    assert_eq!(made["properties"]["systemDatastoresAuthMode"], "Identity");
    let plain = with(&json!({"featureStoreSettings": {"computeRuntime": {"sparkRuntimeVersion": "3.4.0"}}}));
    assert_eq!(
        world.refused("PUT", &workspace("other"), Some(&plain)).2,
        "featureStoreSettings is only for workspaces of kind FeatureStore, not Default."
    );
}
