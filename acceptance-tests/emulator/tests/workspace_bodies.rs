//! Bodies that nobody meant: whatever a client sends, the service answers, and what it holds stays whole.

mod world;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Map, Value, json};
use world::{World, id, minimal, workspace};

/// A body that names everything a workspace can have.
fn rich() -> Value {
    let mut body = minimal();
    body["tags"] = json!({"a": "b"});
    body["sku"] = json!({"name": "Basic", "tier": "Basic"});
    body["identity"] = json!({
        "type": "SystemAssigned,UserAssigned",
        "userAssignedIdentities": {id("Microsoft.ManagedIdentity/userAssignedIdentities", "a"): {}},
    });
    let more = json!({
        "primaryUserAssignedIdentity": id("Microsoft.ManagedIdentity/userAssignedIdentities", "a"),
        "description": "d",
        "imageBuildCompute": "cpu",
        "publicNetworkAccess": "Enabled",
        "v1LegacyMode": false,
        "encryption": {
            "status": "Enabled",
            "keyVaultProperties": {
                "keyVaultArmId": id("Microsoft.KeyVault/vaults", "kv"),
                "keyIdentifier": "https://kv.vault.azure.net/keys/k/1",
            },
        },
        "managedNetwork": {
            "isolationMode": "AllowOnlyApprovedOutbound",
            "outboundRules": {"abc": {"type": "FQDN", "destination": "x.org"}},
        },
        "serverlessComputeSettings": {"serverlessComputeNoPublicIP": false},
        "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "10.0.0.0/8"}]},
        "workspaceHubConfig": {"additionalWorkspaceStorageAccounts": ["x"]},
        "sharedPrivateLinkResources": [{"name": "n", "properties": {"groupId": "g"}}],
    });
    azureml_emulator::store::merge(&mut body["properties"], &more);
    body
}

/// Any JSON of some depth.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-zA-Z/.:]{0,12}".prop_map(Value::from),
        Just(json!("Default")),
        Just(json!("Hub")),
        Just(json!("Disabled")),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map("[a-zA-Z]{0,6}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Every place of a value, as JSON pointers.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    all.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(member, &format!("{at}/{name}"), all);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| places(item, &format!("{at}/{i}"), all));
        }
        _ => {}
    }
}

/// The rich body with some places replaced by anything.
fn broken() -> impl Strategy<Value = Value> {
    prop::collection::vec((any::<prop::sample::Index>(), anything()), 1..4).prop_map(|changes| {
        let mut body = rich();
        for (index, value) in changes {
            let mut all = Vec::new();
            places(&body, "", &mut all);
            let place = &all[1..][index.index(all.len().max(2) - 1)];
            if let Some(there) = body.pointer_mut(place) {
                *there = value;
            }
        }
        body
    })
}

#[test]
fn every_body_gets_an_answer_and_leaves_a_whole_workspace() {
    let config = Config { cases: 192, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&(broken(), broken(), any::<bool>()), |(put, patch, strict)| {
        let mut world = World::new();
        world.azure.strict = strict;
        world.seed(
            &id("Microsoft.ManagedIdentity/userAssignedIdentities", "a"),
            json!({"properties": {"principalId": "p", "clientId": "c"}}),
        );
        let ws = workspace("ws-1");
        for (method, body) in [("PUT", &put), ("PUT", &rich()), ("PATCH", &patch), ("PUT", &put)] {
            let response = world.call(method, &ws, Some(body));
            let good = matches!(response.status, 202 | 400 | 403 | 404 | 409);
            prop_assert!(good, "{method} {body}: {} {}", response.status, response.value());
            if response.status == 202 {
                world.wait(&response);
            }
            let read = world.call("GET", &ws, None);
            if read.status == 200 {
                whole(&read.value())?;
            }
        }
        for action in ["listKeys", "diagnose", "provisionManagedNetwork"] {
            let response = world.call("POST", &format!("{ws}/{action}"), Some(&patch));
            prop_assert!(response.status < 500, "{action}: {}", response.value());
        }
        Ok(())
    });
    run.unwrap();
}

fn whole(body: &Value) -> Result<(), TestCaseError> {
    let state = body["properties"]["provisioningState"].as_str().unwrap_or_default();
    prop_assert!(matches!(state, "Succeeded" | "Failed"), "{body}");
    prop_assert!(body["tags"].is_object(), "{body}");
    prop_assert!(body["identity"]["type"].is_string(), "{body}");
    for name in ["workspaceId", "friendlyName", "description", "publicNetworkAccess", "discoveryUrl"] {
        prop_assert!(body["properties"][name].is_string(), "{name}: {body}");
    }
    Ok(())
}
