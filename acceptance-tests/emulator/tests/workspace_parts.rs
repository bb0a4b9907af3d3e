//! Identities, encryption, managed network, keys and the actions of a workspace.

mod world;

use azureml_emulator::id::ResourceId;
use azureml_emulator::machine_learning::appear_registry;
use azureml_emulator::store::Document;
use serde_json::{Value, json};
use world::{World, group, id, target, with, workspace};

const UAI: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";

/// A box with the user-assigned identities `a` and `b`.
fn with_identities() -> World {
    let mut world = World::new();
    for name in ["a", "b"] {
        world.seed(
            &id(UAI, name),
            json!({"properties": {"principalId": format!("p-{name}"), "clientId": "c"}}),
        );
    }
    world
}

#[test]
fn user_assigned_identities_come_and_go() {
    let mut world = with_identities();
    let ws = workspace("ws-1");
    let mut body = with(&json!({"primaryUserAssignedIdentity": id(UAI, "a")}));
    body["identity"] =
        json!({"type": "UserAssigned", "userAssignedIdentities": {id(UAI, "a"): {}, id(UAI, "b"): {}}});
    world.done("PUT", &ws, Some(&body));
    let made = world.get(&ws);
    assert_eq!(made["identity"]["principalId"], Value::Null);
    assert_eq!(made["identity"]["userAssignedIdentities"][id(UAI, "b")]["principalId"], "p-b");

    let fewer = json!({"identity": {"type": "UserAssigned", "userAssignedIdentities": {id(UAI, "b"): null}}});
    world.done("PATCH", &ws, Some(&fewer));
    assert_eq!(world.get(&ws)["identity"]["userAssignedIdentities"].as_object().unwrap().len(), 1);
    world.done("PATCH", &ws, Some(&json!({"identity": {"type": "SystemAssigned"}})));
    let system = world.get(&ws);
    assert_eq!(system["properties"].get("primaryUserAssignedIdentity"), None);
    assert_eq!(system["identity"].get("userAssignedIdentities"), None);

    body["properties"].as_object_mut().unwrap().shift_remove("primaryUserAssignedIdentity");
    assert_eq!(
        world.refused("PUT", &workspace("ws-2"), Some(&body)).2,
        "The primary user-assigned identity must be set when the workspace has user-assigned identities."
    );
}

fn encrypted(key: &str) -> Value {
    with(&json!({"encryption": {
        "status": "Enabled",
        "keyVaultProperties": {"keyVaultArmId": id("Microsoft.KeyVault/vaults", "kv"), "keyIdentifier": key},
    }}))
}

#[test]
fn a_customers_key_makes_a_group_that_lives_until_the_purge() {
    let mut world = World::new();
    let ws = workspace("ws-1");
    world.done("PUT", &ws, Some(&encrypted("https://kv.vault.azure.net/keys/k/1")));
    let made = world.get(&ws);
    let name = made["properties"]["serviceProvisionedResourceGroup"].as_str().unwrap().to_owned();
    assert_eq!(name, format!("azureml-rg-ws-1_{}", made["properties"]["workspaceId"].as_str().unwrap()));
    let managed = group().replace("/rg", &format!("/{name}"));
    assert_eq!(world.get(&managed)["managedBy"], ws);

    let key =
        |text: &str| json!({"properties": {"encryption": {"keyVaultProperties": {"keyIdentifier": text}}}});
    world.done("PATCH", &ws, Some(&key("https://kv.vault.azure.net/keys/k/2")));
    let read = world.get(&ws);
    let kept = &read["properties"]["encryption"];
    assert_eq!(kept["keyVaultProperties"]["keyIdentifier"], "https://kv.vault.azure.net/keys/k/2");
    assert_eq!(kept["status"], "Enabled");
    let refused = world.refused("PATCH", &ws, Some(&key("https://kv2.vault.azure.net/keys/k/1")));
    assert_eq!(
        refused.2,
        "The new key must be in the key vault of the current key: 'kv2.vault.azure.net' is not 'kv.vault.azure.net'."
    );
    world.done("DELETE", &ws, None);
    assert_eq!(world.call("GET", &managed, None).status, 200);
    world.done("DELETE", &format!("{ws}?forceToPurge=true"), None);
    assert_eq!(world.call("GET", &managed, None).status, 404);
}

#[test]
fn a_group_takes_its_workspaces_and_their_groups_with_it() {
    let mut world = World::new();
    let ws = workspace("ws-1");
    world.done("PUT", &ws, Some(&encrypted("https://kv.vault.azure.net/keys/k/1")));
    let name = world.get(&ws)["properties"]["serviceProvisionedResourceGroup"].as_str().unwrap().to_owned();
    assert_eq!(world.call("DELETE", &group(), None).status, 202);
    assert_eq!(world.call("GET", &group(), None).status, 404);
    assert_eq!(world.call("GET", &group().replace("/rg", &format!("/{name}")), None).status, 404);
    // The vaults of the group stay soft-deleted, as theirs do.
    assert!(world.azure.store.tombstones().all(|document| document.id != ws));
}

#[test]
fn a_managed_network_is_provisioned_and_its_rules_change() {
    let mut world = World::new();
    let ws = workspace("ws-1");
    let network = json!({"managedNetwork": {"isolationMode": "allowonlyapprovedoutbound"}});
    world.done("PUT", &ws, Some(&with(&network)));
    let rules = format!("{ws}/outboundRules");
    assert_eq!(world.get(&rules)["value"].as_array().unwrap().len(), 12);
    let rule = json!({"properties": {"type": "FQDN", "destination": "*.x.org"}});
    let accepted = world.call("PUT", &format!("{rules}/my-rule"), Some(&rule));
    assert!(accepted.headers.iter().any(|(name, _)| name == "azure-asyncoperation"));
    world.wait(&accepted);
    let made = world.get(&format!("{rules}/MY-RULE"));
    assert_eq!(made["name"], "my-rule");
    let wanted =
        json!({"type": "FQDN", "destination": "*.x.org", "category": "UserDefined", "status": "Inactive"});
    assert_eq!(made["properties"], wanted);

    let accepted =
        world.call("POST", &format!("{ws}/provisionManagedNetwork"), Some(&json!({"includeSpark": true})));
    world.wait(&accepted);
    let result = accepted.headers.get("Location").unwrap().to_owned();
    let result = world.send("GET", target(&result), None).value();
    assert_eq!(result, json!({"status": "Active", "sparkReady": true}));
    assert_eq!(world.get(&format!("{rules}/my-rule"))["properties"]["status"], "Active");

    world.done("DELETE", &format!("{rules}/my-rule"), None);
    assert_eq!(world.call("DELETE", &format!("{rules}/my-rule"), None).status, 204);
    let system = format!("{rules}/__SYS_PE_kv_vault");
    assert_eq!(
        world.refused("DELETE", &system, None).2,
        "The outbound rule '__SYS_PE_kv_vault' of category 'Required' is made by the service and cannot be changed."
    );
    let open = json!({"properties": {"managedNetwork": {"isolationMode": "AllowInternetOutbound"}}});
    assert_eq!(
        world.refused("PATCH", &ws, Some(&open)).2,
        "The isolation mode of the managed network cannot be changed from AllowOnlyApprovedOutbound to AllowInternetOutbound."
    );
    let required = json!({"properties": {"managedNetwork": {"outboundRules": {
        "abc": {"type": "FQDN", "destination": "x", "category": "Required"},
    }}}});
    assert_eq!(world.refused("PATCH", &ws, Some(&required)).0, 400);
}

#[test]
fn a_registry_appears_by_itself() {
    let mut world = World::new();
    let made = world.create("ws-1");
    let ws = workspace("ws-1");
    let name = made["properties"]["workspaceId"].as_str().unwrap().replace('-', "");
    appear_registry(&mut world.azure, &ResourceId::parse(&ws).unwrap()).unwrap();
    let registry = id("Microsoft.ContainerRegistry/registries", &name);
    assert_eq!(world.get(&ws)["properties"]["containerRegistry"], registry);
    let keys = world.call("POST", &format!("{ws}/listKeys"), None).value();
    assert_eq!(keys["containerRegistryCredentials"]["username"], name);
}

#[test]
fn a_registry_is_exchanged_and_cleared_with_an_empty_text() {
    let mut world = World::new();
    world.create("ws-1");
    let ws = workspace("ws-1");
    for name in ["cr", "cr2"] {
        let registry = id("Microsoft.ContainerRegistry/registries", name);
        world.done("PATCH", &ws, Some(&json!({"properties": {"containerRegistry": registry}})));
        assert_eq!(world.get(&ws)["properties"]["containerRegistry"], registry);
    }
    let clear = json!({"properties": {"containerRegistry": "", "applicationInsights": ""}});
    world.done("PATCH", &ws, Some(&clear));
    let read = world.get(&ws);
    assert_eq!(read["properties"]["containerRegistry"], "");
    assert_eq!(read["properties"]["applicationInsights"], Value::Null);
}

#[test]
fn keys_are_those_of_the_dependents() {
    let mut world = World::new();
    let account = ResourceId::parse(&id("Microsoft.Storage/storageAccounts", "st")).unwrap();
    let hidden = json!({"keys": [{"keyName": "key1", "value": "c2VjcmV0"}]});
    world.azure.store.put(Document { id: account.to_string(), body: json!({"kind": "StorageV2"}), hidden });
    world.create("ws-1");
    let ws = workspace("ws-1");
    let keys = world.call("POST", &format!("{ws}/listKeys"), None).value();
    assert_eq!(keys["userStorageKey"], "c2VjcmV0");
    assert_eq!(keys["userStorageArmId"], id("Microsoft.Storage/storageAccounts", "st"));
    assert_eq!(keys["appInsightsInstrumentationKey"], "key");
    assert_eq!(keys["containerRegistryCredentials"], Value::Null);
    let notebook = world.call("POST", &format!("{ws}/listNotebookKeys"), None).value();
    assert_eq!(notebook, keys["notebookAccessKeys"]);
    let storage = world.call("POST", &format!("{ws}/listStorageAccountKeys"), None).value();
    assert_eq!(storage, json!({"userStorageKey": "c2VjcmV0"}));
    let token = world.call("POST", &format!("{ws}/listNotebookAccessToken"), None).value();
    assert_eq!(token["tokenType"], "Bearer");
    assert_eq!(world.done("POST", &format!("{ws}/resyncKeys"), None)["status"], "Succeeded");
    assert_eq!(world.done("POST", &format!("{ws}/prepareNotebook"), None)["status"], "Succeeded");
}

#[test]
fn a_diagnosis_names_what_is_gone() {
    let mut world = World::new();
    world.create("ws-1");
    let ws = workspace("ws-1");
    world.azure.store.remove(&id("Microsoft.KeyVault/vaults", "kv"));
    let accepted = world.call("POST", &format!("{ws}/diagnose"), Some(&json!({"value": {}})));
    assert_eq!(accepted.headers.get("azure-asyncoperation"), None);
    let result = accepted.headers.get("Location").unwrap().to_owned();
    let result = world.send("GET", target(&result), None).value();
    assert_eq!(result["value"]["keyVaultResults"][0]["level"], "Error");
    assert_eq!(result["value"]["storageAccountResults"], json!([]));
}

#[test]
fn a_link_resource_is_answered_and_no_connection_is_made_by_its_approval() {
    let mut world = World::new();
    world.create("ws-1");
    let ws = workspace("ws-1");
    let links = world.get(&format!("{ws}/privateLinkResources"));
    assert_eq!(links["value"][0]["properties"]["groupId"], "amlworkspace");
    let one = format!("{ws}/privateEndpointConnections/ghost");
    let body = json!({"properties": {"privateLinkServiceConnectionState": {"status": "Approved", "description": "d"}}});
    let (status, code, _) = world.refused("PUT", &one, Some(&body));
    assert_eq!((status, code.as_str()), (404, "ResourceNotFound"));
    assert_eq!(world.get(&ws)["properties"].get("privateEndpointConnections"), None);
    assert_eq!(world.call("DELETE", &one, None).status, 204);
}

#[test]
fn regions_and_features_are_answered() {
    let mut world = World::new();
    world.create("ws-1");
    let ws = workspace("ws-1");
    assert!(!world.get(&format!("{ws}/features"))["value"].as_array().unwrap().is_empty());
    assert!(
        !world.get(&format!("{ws}/outboundNetworkDependenciesEndpoints"))["value"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let region = group()
        .replace("/resourceGroups/rg", "/providers/Microsoft.MachineLearningServices/locations/eastus2");
    assert_eq!(world.get(&format!("{region}/usages"))["value"][0]["currentValue"], 1);
    assert!(!world.get(&format!("{region}/vmSizes"))["value"].as_array().unwrap().is_empty());
    let nowhere = region.replace("eastus2", "nowhere");
    assert_eq!(world.refused("GET", &format!("{nowhere}/quotas"), None).1, "LocationNotAvailable");
    assert_eq!(world.refused("GET", &format!("{ws}/nothing"), None).0, 404);
}
