//! What is sent: the body of a create, and of an update of each attribute.

use serde_json::{Value as Json, json};
use tfplugin::Value;

use super::*;
use crate::workspace::document;

#[test]
fn the_least_workspace() {
    assert_eq!(
        document::create_body(&located(workspace([]), "eastus2")),
        json!({
            "location": "eastus2",
            "identity": { "type": "SystemAssigned" },
            "properties": { "storageAccount": storage(), "keyVault": vault(), "publicNetworkAccess": "Enabled" }
        })
    );
}

#[test]
fn a_workspace_with_everything() {
    let planned = workspace([
        ("kind", Value::from("hub")),
        ("sku", Value::from("basic")),
        ("display_name", Value::from("Mine")),
        ("description", Value::from("")),
        ("tags", map(&[("a", "1")])),
        ("tags_all", map(&[("a", "1"), ("default", "2")])),
        ("identity", identity("userassigned", texts(&[user_identity("u1"), user_identity("u2")]))),
        ("primary_user_assigned_identity_id", Value::from(user_identity("u1"))),
        ("application_insights_id", Value::from(insights())),
        ("container_registry_id", Value::from(registry("cr"))),
        ("public_network_access", Value::from("disabled")),
        ("image_build_compute", Value::from("builder")),
        ("hbi_workspace", Value::from(true)),
        ("customer_managed_key", encryption(&key("k"), Value::from(user_identity("u1")))),
        ("workspace_id", Value::Unknown),
    ]);
    assert_eq!(
        document::create_body(&located(planned.clone(), "West Europe")),
        json!({
            "location": "West Europe",
            "kind": "Hub",
            "sku": { "name": "Basic" },
            "tags": { "a": "1", "default": "2" },
            "identity": {
                "type": "UserAssigned",
                "userAssignedIdentities": { user_identity("u1"): {}, user_identity("u2"): {} }
            },
            "properties": {
                "friendlyName": "Mine",
                "description": "",
                "primaryUserAssignedIdentity": user_identity("u1"),
                "storageAccount": storage(),
                "keyVault": vault(),
                "applicationInsights": insights(),
                "containerRegistry": registry("cr"),
                "publicNetworkAccess": "Disabled",
                "imageBuildCompute": "builder",
                "hbiWorkspace": true,
                "encryption": {
                    "status": "Enabled",
                    "keyVaultProperties": { "keyVaultArmId": vault(), "keyIdentifier": key("k") },
                    "identity": { "userAssignedIdentity": user_identity("u1") }
                }
            }
        })
    );
}

/// The body of the update from one workspace to another.
fn patch<const A: usize, const B: usize>(
    from: [(&'static str, Value); A],
    to: [(&'static str, Value); B],
) -> Json {
    document::patch_body(&workspace(from), &workspace(to)).unwrap_or(Json::Null)
}

#[test]
fn each_text_set_and_cleared() {
    for (name, member) in [
        ("display_name", "friendlyName"),
        ("description", "description"),
        ("application_insights_id", "applicationInsights"),
        ("image_build_compute", "imageBuildCompute"),
        ("primary_user_assigned_identity_id", "primaryUserAssignedIdentity"),
    ] {
        let (a, b) = (|| (name, Value::from("a")), || (name, Value::from("b")));
        assert_eq!(patch([], [a()]), json!({ "properties": { member: "a" } }), "{name} set");
        assert_eq!(patch([a()], [b()]), json!({ "properties": { member: "b" } }), "{name} changed");
        assert_eq!(patch([a()], []), json!({ "properties": { member: "" } }), "{name} cleared");
        assert_eq!(patch([a()], [a()]), Json::Null, "{name} as it was");
        assert_eq!(patch([a()], [(name, Value::Unknown)]), Json::Null, "{name} unknown");
    }
}

#[test]
fn what_only_looks_different_is_not_sent() {
    assert_eq!(
        patch(
            [
                ("application_insights_id", Value::from(insights())),
                ("public_network_access", Value::from("Disabled"))
            ],
            [
                ("application_insights_id", Value::from(insights().to_uppercase())),
                ("public_network_access", Value::from("DISABLED"))
            ],
        ),
        Json::Null
    );
}

#[test]
fn a_registry_is_exchanged() {
    assert_eq!(
        patch(
            [("container_registry_id", Value::from(registry("a")))],
            [("container_registry_id", Value::from(registry("b")))]
        ),
        json!({ "properties": { "containerRegistry": registry("b") } })
    );
}

#[test]
fn a_key_rotates() {
    assert_eq!(
        patch(
            [("customer_managed_key", encryption(&key("k"), Value::Null))],
            [("customer_managed_key", encryption(&key("k2"), Value::Null))]
        ),
        json!({ "properties": { "encryption": { "keyVaultProperties": { "keyIdentifier": key("k2") } } } })
    );
}

#[test]
fn network_access_and_sku() {
    assert_eq!(
        patch([], [("public_network_access", Value::from("disabled"))]),
        json!({ "properties": { "publicNetworkAccess": "Disabled" } })
    );
    assert_eq!(
        patch([("sku", Value::from("Basic"))], [("sku", Value::from("standard"))]),
        json!({ "sku": { "name": "Standard" } })
    );
}

#[test]
fn tags_are_sent_whole() {
    assert_eq!(
        patch(
            [("tags_all", map(&[("a", "1"), ("policy", "x")]))],
            [("tags_all", map(&[("a", "2"), ("policy", "x")]))]
        ),
        json!({ "tags": { "a": "2", "policy": "x" } })
    );
    assert_eq!(patch([("tags_all", map(&[("a", "1")]))], []), json!({ "tags": {} }));
}

#[test]
fn identities_come_and_go() {
    let (u1, u2) = (user_identity("u1"), user_identity("u2"));
    let user = |ids: &[&str]| ("identity", identity("UserAssigned", texts(ids)));
    assert_eq!(
        patch([user(&[u1.as_str(), u2.as_str()])], [user(&[u2.as_str()])]),
        json!({ "identity": { "type": "UserAssigned", "userAssignedIdentities": { &u1: null, &u2: {} } } })
    );
    assert_eq!(
        patch([], [("identity", identity("SystemAssigned,UserAssigned", texts(&[u1.as_str()])))]),
        json!({ "identity": { "type": "SystemAssigned,UserAssigned", "userAssignedIdentities": { &u1: {} } } })
    );
    assert_eq!(patch([user(&[u1.as_str()])], []), json!({ "identity": { "type": "SystemAssigned" } }));
    assert_eq!(
        patch([user(&[u1.as_str()])], [("identity", identity("userassigned", texts(&[u1.to_uppercase()])))]),
        Json::Null
    );
}

#[test]
fn what_is_no_concern_of_azures_is_not_sent() {
    assert_eq!(
        patch([], [("purge_on_destroy", Value::from(true)), ("purge_soft_deleted", Value::from(true))]),
        Json::Null
    );
}
