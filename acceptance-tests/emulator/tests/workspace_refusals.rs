//! What a creation is refused for, and the words of it.

mod world;

use azureml_emulator::providers::Registration;
use serde_json::{Value, json};
use world::{World, id, minimal, with, workspace};

fn refusal(body: &Value) -> (u16, String, String) {
    World::new().refused("PUT", &workspace("ws-1"), Some(body))
}

fn message(properties: &Value) -> String {
    refusal(&with(properties)).2
}

#[test]
fn names_follow_the_pattern() {
    for name in ["ws", "-ws1", "w.s.1", "a23456789012345678901234567890123x"] {
        let refused = World::new().refused("PUT", &workspace(name), Some(&minimal()));
        assert_eq!(
            refused.2,
            format!("'{name}' is no name for a workspace: it must match ^[a-zA-Z0-9][a-zA-Z0-9_-]{{2,32}}$.")
        );
    }
}

#[test]
fn mistyped_members_are_refused_and_text_booleans_are_not() {
    let cases = [
        (
            json!({"hbiWorkspace": "yes"}),
            "Could not convert the string 'yes' to boolean. Path 'properties.hbiWorkspace'.",
        ),
        (json!({"description": 7}), "Could not convert a number to string. Path 'properties.description'."),
        (
            json!({"publicNetworkAccess": "Perhaps"}),
            "Could not convert the string 'Perhaps' to one of Enabled, Disabled. Path 'properties.publicNetworkAccess'.",
        ),
        (
            json!({"managedNetwork": []}),
            "Could not convert an array to an object. Path 'properties.managedNetwork'.",
        ),
    ];
    for (properties, wanted) in cases {
        assert_eq!(message(&properties), wanted);
    }
    let mut body = minimal();
    body["tags"] = json!({"a": 1});
    assert_eq!(refusal(&body).1, "InvalidRequestContent");
    let mut world = World::new();
    world.done(
        "PUT",
        &workspace("ws-1"),
        Some(&with(&json!({"hbiWorkspace": "true", "v1LegacyMode": "False"}))),
    );
    assert_eq!(world.get(&workspace("ws-1"))["properties"]["hbiWorkspace"], true);
}

#[test]
fn unknown_members_are_refused_only_when_strict() {
    let inside = with(&json!({"hbiWorkspaces": true}));
    assert!(
        refusal(&inside).2.contains("Could not find member 'hbiWorkspaces'. Path 'properties.hbiWorkspaces'")
    );
    let mut outside = minimal();
    outside["zone"] = json!("1");
    assert!(refusal(&outside).2.contains("'zone'"));
    for body in [inside, outside] {
        let mut world = World::new();
        world.azure.strict = false;
        world.done("PUT", &workspace("ws-1"), Some(&body));
        assert_eq!(world.get(&workspace("ws-1"))["properties"].get("hbiWorkspaces"), None);
    }
}

#[test]
fn a_workspace_needs_storage_a_vault_and_an_identity() {
    for missing in ["storageAccount", "keyVault"] {
        let mut body = minimal();
        body["properties"].as_object_mut().unwrap().shift_remove(missing);
        let response = World::new().call("PUT", &workspace("ws-1"), Some(&body));
        let error = &response.value()["error"];
        assert_eq!(response.status, 400);
        assert_eq!(error["code"], "ValidationError");
        assert_eq!(error["message"], "Missing dependent resources in workspace json");
        assert_eq!(error["target"], "workspace");
        assert_eq!(error["details"][0]["code"], "Invalid");
    }
    let mut body = minimal();
    body.as_object_mut().unwrap().shift_remove("identity");
    assert_eq!(
        refusal(&body),
        (
            400,
            "ValidationError".to_owned(),
            "Make sure to create your workspace using a client which support MSI".to_owned()
        )
    );
}

#[test]
fn dependents_must_be_there_and_of_their_type() {
    let gone = id("Microsoft.KeyVault/vaults", "gone");
    assert_eq!(
        message(&json!({"keyVault": gone})),
        format!("The resource '{gone}' that keyVault names was not found.")
    );
    let storage = id("Microsoft.Storage/storageAccounts", "st");
    assert_eq!(
        message(&json!({"containerRegistry": storage})),
        format!("'{storage}' is not the ID of a resource of type 'Microsoft.ContainerRegistry/registries'.")
    );
    let mut world = World::new();
    let registry = id("Microsoft.ContainerRegistry/registries", "cr");
    world.seed(&registry, json!({"properties": {"adminUserEnabled": false}}));
    let refused =
        world.refused("PUT", &workspace("ws-1"), Some(&with(&json!({"containerRegistry": registry}))));
    assert_eq!(
        refused.2,
        format!(
            "The container registry '{registry}' must have its admin user enabled to be attached to a workspace."
        )
    );
}

#[test]
fn the_subscription_of_a_dependent_must_have_registered_the_service() {
    let other = "00000000-0000-0000-0000-000000000002";
    let vault = id("Microsoft.KeyVault/vaults", "far").replace("000000000001", "000000000002");
    let body = with(&json!({"keyVault": vault}));
    let mut world = World::new();
    world.seed(&vault, json!({}));
    let key = format!("{other}/microsoft.machinelearningservices");
    world
        .azure
        .registrations
        .insert(key.clone(), Registration { state: "Unregistered".to_owned(), ..Registration::default() });
    let refused = world.refused("PUT", &workspace("ws-1"), Some(&body));
    assert_eq!((refused.0, refused.1.as_str()), (409, "MissingSubscriptionRegistration"));
    world.azure.registrations.remove(&key);
    world.done("PUT", &workspace("ws-1"), Some(&body));

    let foreign = vault.replace(other, "11111111-1111-1111-1111-111111111111");
    let refused = refusal(&with(&json!({"keyVault": foreign})));
    assert_eq!((refused.0, refused.1.as_str()), (403, "LinkedAuthorizationFailed"));
}

#[test]
fn settings_that_exclude_each_other_are_refused() {
    let bare = json!({"serverlessComputeNoPublicIP": true});
    assert_eq!(
        message(&json!({"publicNetworkAccess": "Disabled", "serverlessComputeSettings": bare})),
        "Serverless compute without public IP addresses needs a custom subnet when public network access is disabled."
    );
    assert_eq!(
        message(&json!({"networkAcls": {"defaultAction": "Deny", "ipRules": []}})),
        "networkAcls with the default action Deny needs at least one IP rule."
    );
    assert_eq!(
        message(&json!({"enableServiceSideCMKEncryption": true})),
        "Service-side encryption needs a customer-managed key: set encryption."
    );
}
