//! Whatever a client sends gets an answer: random paths, methods and bodies never panic, and never a 500.
#![allow(clippy::unwrap_used)]

use azureml_emulator::azure::Azure;
use azureml_emulator::http::Request;
use proptest::prelude::*;
use serde_json::{Value, json};

const SUB: &str = "/subscriptions/00000000-0000-0000-0000-000000000001";

/// Words of which paths are made, right and wrong.
fn word() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        8 => prop::sample::select(vec![
            "subscriptions", "resourceGroups", "rg", "providers", "locations", "eastus", "register", "listKeys",
            "Microsoft.Storage", "storageAccounts", "seedstorage", "Microsoft.KeyVault", "vaults", "seed-vault",
            "deletedVaults", "purge", "Microsoft.Insights", "components", "Microsoft.MachineLearningServices",
            "workspaces", "outboundRules", "diagnose", "resyncKeys", "checkNameAvailability", "resources",
        ]).prop_map(str::to_owned),
        1 => "[ -~]{0,6}",
        1 => prop::sample::select(vec!["%", "%2", "%zz", "%ff%fe", "..", "%2F", "%C3%A9"]).prop_map(str::to_owned),
    ]
}

/// JSON with the member names that the services look at.
fn body() -> impl Strategy<Value = Value> + Clone {
    let name = prop::sample::select(vec![
        "location",
        "properties",
        "tags",
        "sku",
        "kind",
        "identity",
        "type",
        "name",
        "tenantId",
        "encryption",
        "networkAcls",
        "userAssignedIdentities",
        "accessPolicies",
        "storageAccount",
        "keyVault",
        "managedNetwork",
        "outboundRules",
        "workspaceCapping",
        "policies",
        "features",
        "value",
        "keyName",
        "hubResourceId",
        "keyVaultProperties",
        "isolationMode",
        "destination",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "eastus", "Standard_LRS", "StorageV2", "SystemAssigned", "UserAssigned", "Default", "Project", "web",
            "recover", "standard", "", "/subscriptions", "/subscriptions/x/resourceGroups/y", "FQDN",
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/seed-vault",
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/seedstorage",
        ]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            4 => prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|m| Value::Object(m.into_iter().map(|(n, v)| (n.to_owned(), v)).collect())),
        ]
    })
}

fn target() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(word(), 0..6).prop_map(|w| w.join("/"));
    let known = prop::sample::select(vec![
        "/resourceGroups/rg",
        "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/seedstorage",
        "/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/another",
        "/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/seed-vault",
        "/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/another-vault",
        "/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/seed-vault/accessPolicies/add",
        "/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/seed-logs",
        "/resourceGroups/rg/providers/Microsoft.Insights/components/seed-insights",
        "/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/seedregistry",
        "/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/seed-identity",
        "/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws-a",
        "/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws-b",
        "/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws-a/outboundRules/rule-a",
        "/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws-a/privateEndpointConnections/c",
        "/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/seed-vault",
    ]);
    let version = prop::sample::select(vec![
        "2024-11-01",
        "2023-05-01",
        "2023-07-01",
        "2023-09-01",
        "2020-02-02",
        "2023-01-31",
        "2025-12-01",
        "2021-07-01",
        "2024-04-01",
        "x",
    ]);
    let path = prop_oneof![
        1 => words.clone().prop_map(|w| format!("/{w}")),
        2 => words.clone().prop_map(|w| format!("{SUB}/{w}")),
        4 => known.clone().prop_map(|k| format!("{SUB}{k}")),
        2 => (known, words).prop_map(|(k, w)| format!("{SUB}{k}/{w}")),
    ];
    (path, version).prop_map(|(path, version)| format!("{path}?api-version={version}"))
}

fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "PUT", "PATCH", "POST", "DELETE", "HEAD", "OPTIONS"])
}

/// A box with a group and one resource of each kind.
fn planted() -> Azure {
    let mut azure = Azure::new(false);
    let group = format!("{SUB}/resourceGroups/rg");
    let provider = |rest: &str| format!("{group}/providers/{rest}");
    let mut put = |id: &str, version: &str, body: Value| {
        let response =
            azure.answer(&Request::new("PUT", &format!("{id}?api-version={version}"), Some(&body)));
        assert!(response.status < 300, "{id}: {}", response.value());
    };
    put(&group, "2024-11-01", json!({"location": "eastus"}));
    let storage = provider("Microsoft.Storage/storageAccounts/seedstorage");
    let vault = provider("Microsoft.KeyVault/vaults/seed-vault");
    let sku = json!({"name": "Standard_LRS"});
    put(&storage, "2023-05-01", json!({"location": "eastus", "kind": "StorageV2", "sku": sku}));
    let properties =
        json!({"tenantId": "t", "sku": {"family": "A", "name": "standard"}, "accessPolicies": []});
    put(&vault, "2023-07-01", json!({"location": "eastus", "properties": properties}));
    let workspace = provider("Microsoft.MachineLearningServices/workspaces/ws-a");
    let properties = json!({"storageAccount": storage, "keyVault": vault});
    let body =
        json!({"location": "eastus", "identity": {"type": "SystemAssigned"}, "properties": properties});
    put(&workspace, "2025-12-01", body);
    azure
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_request_is_answered(
        requests in prop::collection::vec((method(), target(), prop::option::of(body())), 1..12),
    ) {
        let mut azure = planted();
        for (method, target, body) in requests {
            let response = azure.answer(&Request::new(method, &target, body.as_ref()));
            prop_assert!((200..500).contains(&response.status), "{method} {target}: {}", response.value());
            if response.status >= 400 && method != "HEAD" {
                prop_assert!(response.value()["error"]["code"].is_string(), "{method} {target}: {}", response.value());
            }
        }
    }

    #[test]
    fn bodies_that_are_no_json_are_refused(bytes in prop::collection::vec(any::<u8>(), 1..40), target in target()) {
        let mut request = Request::new("PUT", &target, None);
        request.body = bytes;
        let response = planted().answer(&request);
        prop_assert!((200..500).contains(&response.status));
    }
}
