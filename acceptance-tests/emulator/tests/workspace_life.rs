//! The life of a workspace: created, read, changed, listed, deleted softly and for good.

mod world;

use serde_json::{Value, json};
use world::{VERSION, World, group, id, minimal, target, with, workspace};

#[test]
fn a_creation_is_visible_while_it_runs_and_filled_in_at_its_end() {
    let mut world = World::new();
    world.azure.settings.operation_polls = 2;
    let ws = workspace("ws-1");
    let accepted = world.call("PUT", &ws, Some(&minimal()));
    assert_eq!(accepted.status, 202);
    assert_eq!(accepted.headers.get("Retry-After"), None);
    assert_eq!(world.get(&ws)["properties"]["provisioningState"], "Creating");
    assert_eq!(world.wait(&accepted)["status"], "Succeeded");
    let made = world.get(&ws);
    assert_eq!(made["properties"]["provisioningState"], "Succeeded");
    assert_eq!(made["etag"], Value::Null);
    assert_eq!(made["tags"], json!({}));
    assert_eq!(made["properties"]["keyVault"], id("Microsoft.Keyvault/vaults", "kv"));
    assert_eq!(made["properties"]["applicationInsights"], id("Microsoft.insights/components", "ai"));
    assert_eq!(made["properties"].get("containerRegistry"), None);
    assert_eq!(made["properties"].get("managedNetwork"), None);
    assert_eq!(made["identity"]["type"], "SystemAssigned");
    let result = accepted.headers.get("Location").unwrap().to_owned();
    assert_eq!(world.send("GET", target(&result), None).value()["name"], "ws-1");
}

#[test]
fn ids_are_found_in_any_casing_and_answered_as_created() {
    let mut world = World::new();
    world.create("Ws-1");
    let read = world.get(&workspace("WS-1").replace("resourceGroups", "RESOURCEGROUPS").to_lowercase());
    assert_eq!(read["id"], workspace("Ws-1"));
}

#[test]
fn a_patch_changes_what_it_names_and_only_that() {
    let mut world = World::new();
    let made = world.create("ws-1");
    let ws = workspace("ws-1");
    let patch = json!({"tags": {"a": "b"}, "properties": {"friendlyName": "F", "imageBuildCompute": "cpu"}});
    world.done("PATCH", &ws, Some(&patch));
    world.done("PATCH", &ws, Some(&json!({"properties": {"description": "D", "friendlyName": null}})));
    let read = world.get(&ws);
    assert_eq!(read["tags"], json!({"a": "b"}));
    assert_eq!(read["properties"]["friendlyName"], "F");
    assert_eq!(read["properties"]["description"], "D");
    assert_eq!(read["properties"]["workspaceId"], made["properties"]["workspaceId"]);
    assert_eq!(read["identity"], made["identity"]);
    assert_eq!(read["systemData"]["createdAt"], made["systemData"]["createdAt"]);
    let cleared = json!({"tags": {}, "properties": {"friendlyName": "", "imageBuildCompute": ""}});
    world.done("PATCH", &ws, Some(&cleared));
    let read = world.get(&ws);
    assert_eq!(read["tags"], json!({}));
    assert_eq!(read["properties"]["friendlyName"], "");
    assert_eq!(read["properties"]["imageBuildCompute"], "");
}

#[test]
fn a_patch_cannot_carry_what_is_not_in_its_list() {
    let mut world = World::new();
    world.create("ws-1");
    let ws = workspace("ws-1");
    let cases = [
        (
            json!({"location": "eastus2"}),
            "A PATCH of a workspace cannot carry 'location': only identity, properties, sku and tags.",
        ),
        (
            json!({"kind": "Default"}),
            "A PATCH of a workspace cannot carry 'kind': only identity, properties, sku and tags.",
        ),
        (
            json!({"properties": {"hbiWorkspace": false}}),
            "A PATCH of a workspace at api-version 2025-12-01 cannot carry 'properties.hbiWorkspace'.",
        ),
        (
            json!({"properties": {"ipAllowlist": []}}),
            "A PATCH of a workspace at api-version 2025-12-01 cannot carry 'properties.ipAllowlist'.",
        ),
        (
            json!({"properties": {"enableDataIsolation": true}}),
            "Property 'enableDataIsolation' cannot be changed after the workspace is created.",
        ),
    ];
    for (body, message) in cases {
        assert_eq!(
            world.refused("PATCH", &ws, Some(&body)),
            (400, "BadRequest".to_owned(), message.to_owned())
        );
    }
    // The service's own SDK sends these two at stable versions.
    let sent = json!({"properties": {"allowRoleAssignmentOnRG": false, "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "10.1.0.0/16"}]}}});
    world.done("PATCH", &ws, Some(&sent));
    let earlier = format!("{ws}?api-version=2024-04-01");
    let auth = json!({"properties": {"systemDatastoresAuthMode": "identity"}});
    assert_eq!(world.send("PATCH", &earlier, Some(&auth)).status, 400);
    world.done("PATCH", &ws, Some(&auth));
    assert_eq!(world.get(&ws)["properties"]["systemDatastoresAuthMode"], "Identity");
    let old = world.send("GET", &earlier, None).value();
    assert_eq!(old["properties"].get("systemDatastoresAuthMode"), None);
    assert_eq!(old["properties"]["networkAcls"]["ipRules"][0]["value"], "10.1.0.0/16");
}

#[test]
fn a_put_over_a_workspace_updates_it() {
    let mut world = World::new();
    let made = world.create("ws-1");
    let ws = workspace("ws-1");
    let mut body = made.clone();
    body["tags"] = json!({"key2": "value2"});
    world.done("PUT", &ws, Some(&body));
    let read = world.get(&ws);
    assert_eq!(read["tags"], json!({"key2": "value2"}));
    assert_eq!(read["properties"]["workspaceId"], made["properties"]["workspaceId"]);
    assert_eq!(read["identity"], made["identity"]);
    assert_ne!(read["systemData"]["lastModifiedAt"], made["systemData"]["lastModifiedAt"]);

    let mut elsewhere = minimal();
    elsewhere["location"] = json!("West Europe");
    assert_eq!(world.refused("PUT", &ws, Some(&elsewhere)).1, "InvalidResourceLocation");
    let other = with(&json!({"keyVault": id("Microsoft.KeyVault/vaults", "kv2")}));
    assert_eq!(
        world.refused("PUT", &ws, Some(&other)).2,
        "Property 'keyVault' cannot be changed after the workspace is created."
    );
    let mut hub = minimal();
    hub["kind"] = json!("Hub");
    assert_eq!(
        world.refused("PUT", &ws, Some(&hub)).2,
        "The kind of a workspace cannot be changed from Default to Hub."
    );
}

#[test]
fn a_deleted_name_stays_taken_until_it_is_purged() {
    let mut world = World::new();
    world.create("ws-1");
    let ws = workspace("ws-1");
    world.done("DELETE", &ws, None);
    assert_eq!(world.call("GET", &ws, None).status, 404);
    assert_eq!(
        world.refused("PUT", &ws, Some(&minimal())),
        (
            400,
            "BadRequest".to_owned(),
            "Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete"
                .to_owned()
        )
    );
    assert_eq!(world.call("DELETE", &ws, None).status, 204);
    let purged = world.done("DELETE", &format!("{ws}?forceToPurge=true"), None);
    assert_eq!(purged["status"], "Succeeded");
    assert_eq!(world.call("DELETE", &format!("{ws}?forceToPurge=true"), None).status, 204);
    world.create("ws-1");
    world.done("DELETE", &format!("{ws}?forceToPurge=true"), None);
    world.create("ws-1");
}

#[test]
fn unfit_storage_fails_the_operation_and_leaves_a_failed_workspace() {
    let ws = workspace("ws-1");
    let storage = id("Microsoft.Storage/storageAccounts", "st");
    let cases = [
        (
            json!({"sku": {"name": "Standard_LRS"}, "properties": {"isHnsEnabled": true}}),
            "Cannot use storage with HNS enabled.",
        ),
        (json!({"sku": {"name": "Premium_LRS"}}), "Cannot use premium storage."),
    ];
    for (account, message) in cases {
        let mut world = World::new();
        world.seed(&storage, account);
        let ended = world.done("PUT", &ws, Some(&minimal()));
        assert_eq!(ended["status"], "Failed");
        assert_eq!(ended["error"], json!({"code": "BadRequest", "message": message}));
        assert_eq!(world.get(&ws)["properties"]["provisioningState"], "Failed");
        world.seed(&storage, json!({"sku": {"name": "Standard_LRS"}}));
        assert_eq!(world.done("PUT", &ws, Some(&minimal()))["status"], "Succeeded");
    }
}

#[test]
fn lists_have_pages_and_can_be_of_some_kinds() {
    let mut world = World::new();
    for n in 0..32 {
        world.create(&format!("ws-{n:02}"));
    }
    let mut hub = minimal();
    hub["kind"] = json!("hub");
    world.done("PUT", &workspace("zz-hub"), Some(&hub));
    let list = id("Microsoft.MachineLearningServices/workspaces", "");
    let list = list.trim_end_matches('/');
    let first = world.get(list);
    assert_eq!(first["value"].as_array().unwrap().len(), 30);
    let next = first["nextLink"].as_str().unwrap().to_owned();
    let second = world.send("GET", target(&next), None).value();
    assert_eq!(second["value"].as_array().unwrap().len(), 3);
    assert_eq!(second.get("nextLink"), None);
    let hubs = world.get(&format!("{list}?kind=Hub,Project"));
    assert_eq!(hubs["value"].as_array().unwrap().len(), 1);
    assert_eq!(hubs["value"][0]["kind"], "Hub");
    let subscription =
        group().replace("/resourceGroups/rg", "/providers/Microsoft.MachineLearningServices/workspaces");
    assert_eq!(world.get(&format!("{subscription}?kind=hub"))["value"].as_array().unwrap().len(), 1);
}

#[test]
fn every_api_version_reads_and_writes_workspaces() {
    for version in azureml_emulator::machine_learning::API_VERSIONS {
        let mut world = World::new();
        let target = format!("{}?api-version={version}", workspace("ws-1"));
        let accepted = world.send("PUT", &target, Some(&minimal()));
        assert_eq!(accepted.status, 202, "{version}");
        world.wait(&accepted);
        let read = world.send("GET", &target, None).value();
        assert_eq!(read["properties"]["provisioningState"], "Succeeded", "{version}");
        assert_eq!(read.get("kind").is_some(), *version >= "2022-10-01", "{version}");
        let patch = world.send("PATCH", &target, Some(&json!({"properties": {"description": "d"}})));
        assert_eq!(patch.status, if *version < "2022-05-01" { 200 } else { 202 }, "{version}");
        assert_eq!(world.send("GET", &target, None).value()["properties"]["description"], "d", "{version}");
    }
    let mut world = World::new();
    let target = format!("{}?api-version=2017-01-01", workspace("ws-1"));
    assert_eq!(
        world.send("PUT", &target, Some(&minimal())).value()["error"]["code"],
        "NoRegisteredProviderFound"
    );
    assert!(azureml_emulator::machine_learning::API_VERSIONS.contains(&VERSION));
}

#[test]
fn a_workspace_in_change_is_not_changed_again() {
    let mut world = World::new();
    world.create("ws-1");
    world.azure.settings.operation_polls = 1;
    let ws = workspace("ws-1");
    let accepted = world.call("PATCH", &ws, Some(&json!({"properties": {"description": "d"}})));
    assert_eq!(accepted.status, 202);
    for (method, body) in [("PATCH", Some(json!({}))), ("PUT", Some(minimal())), ("DELETE", None)] {
        assert_eq!(world.refused(method, &ws, body.as_ref()).0, 409);
    }
    world.wait(&accepted);
    assert_eq!(world.call("DELETE", &ws, None).status, 202);
    assert_eq!(world.get(&ws)["properties"]["provisioningState"], "Deleting");
    assert_eq!(world.call("GET", &ws, None).status, 404);
}
