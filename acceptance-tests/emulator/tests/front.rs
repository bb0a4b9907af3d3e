//! The front and its own resources, asked inside the process.

use azureml_emulator::azure::Azure;
use azureml_emulator::http::{Request, Response};
use serde_json::{Value, json};

const SUB: &str = "/subscriptions/00000000-0000-0000-0000-000000000001";

fn ask(azure: &mut Azure, method: &str, target: &str, body: Option<Value>) -> Response {
    azure.answer(&Request::new(method, target, body.as_ref()))
}

fn refusal(response: &Response) -> (u16, String, String) {
    let error = &response.value()["error"];
    let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
    (response.status, text("code"), text("message"))
}

#[test]
fn a_group_lives_and_is_deleted_with_polls() {
    let mut azure = Azure::new(true);
    azure.settings.operation_polls = 1;
    let rg = format!("{SUB}/resourcegroups/rg-a?api-version=2024-07-01");
    assert_eq!(ask(&mut azure, "HEAD", &rg, None).status, 404);
    let body = json!({"location": "East US", "tags": {"a": "b"}});
    let made = ask(&mut azure, "PUT", &rg, Some(body.clone()));
    assert_eq!(
        (made.status, made.value()),
        (
            201,
            json!({
                "id": format!("{SUB}/resourceGroups/rg-a"),
                "name": "rg-a",
                "type": "Microsoft.Resources/resourceGroups",
                "location": "eastus",
                "tags": {"a": "b"},
                "properties": {"provisioningState": "Succeeded"},
            })
        )
    );
    assert_eq!(ask(&mut azure, "PUT", &rg, Some(body)).status, 200);
    assert_eq!(ask(&mut azure, "HEAD", &rg, None).status, 204);
    let patched = ask(&mut azure, "PATCH", &rg, Some(json!({"tags": {}})));
    assert_eq!((patched.status, &patched.value()["tags"]), (200, &json!({})));
    let moved = ask(&mut azure, "PUT", &rg, Some(json!({"location": "westeurope"})));
    assert_eq!(refusal(&moved).1, "InvalidResourceGroupLocation");

    let deleted = ask(&mut azure, "DELETE", &rg, None);
    assert_eq!(deleted.status, 202);
    let poll = deleted.headers.get("location").unwrap().strip_prefix("https://localhost").unwrap().to_owned();
    assert_eq!(ask(&mut azure, "GET", &poll, None).status, 202);
    assert_eq!(ask(&mut azure, "GET", &poll, None).status, 200);
    assert_eq!(
        refusal(&ask(&mut azure, "GET", &rg, None)),
        (404, "ResourceGroupNotFound".into(), "Resource group 'rg-a' could not be found.".into())
    );
}

#[test]
fn who_manages_a_group_never_changes() {
    let mut azure = Azure::new(true);
    let target = |name: &str| format!("{SUB}/resourcegroups/{name}?api-version=2024-07-01");
    let group = |manager: Option<&str>| match manager {
        Some(manager) => json!({"location": "eastus", "managedBy": manager}),
        None => json!({"location": "eastus"}),
    };
    let refused = |response: &Response, current: &str| {
        let text = format!(
            "The managed by property of the resource group cannot be changed from its current value '{current}'."
        );
        assert_eq!(refusal(response), (400, "ResourceGroupManagedByMismatch".into(), text));
    };
    assert_eq!(ask(&mut azure, "PUT", &target("free"), Some(group(None))).status, 201);
    assert_eq!(ask(&mut azure, "PUT", &target("managed"), Some(group(Some("/app")))).status, 201);
    for manager in [None, Some("/other")] {
        refused(&ask(&mut azure, "PUT", &target("managed"), Some(group(manager))), "/app");
    }
    for manager in ["/app", ""] {
        refused(&ask(&mut azure, "PUT", &target("free"), Some(group(Some(manager)))), "<null>");
    }
    refused(&ask(&mut azure, "PATCH", &target("managed"), Some(json!({"managedBy": ""}))), "/app");
    assert_eq!(ask(&mut azure, "PUT", &target("managed"), Some(group(Some("/APP")))).status, 200);
    let patched = ask(&mut azure, "PATCH", &target("managed"), Some(json!({"tags": {"a": "b"}})));
    assert_eq!((patched.status, &patched.value()["managedBy"]), (200, &json!("/APP")));
}

#[test]
fn the_front_refuses_as_resource_manager_does() {
    let mut azure = Azure::new(true);
    for (target, status, code) in [
        ("/subscriptions".to_owned(), 400, "MissingApiVersionParameter"),
        ("/subscriptions/nope?api-version=2022-12-01".to_owned(), 400, "InvalidSubscriptionId"),
        (
            "/subscriptions/00000000-0000-0000-0000-00000000ffff?api-version=2022-12-01".to_owned(),
            404,
            "SubscriptionNotFound",
        ),
        (format!("{SUB}/providers/Microsoft.Nope?api-version=2024-07-01"), 404, "InvalidResourceNamespace"),
        (
            format!("{SUB}/providers/Microsoft.MachineLearningServices/nopes?api-version=2025-12-01"),
            404,
            "InvalidResourceType",
        ),
        (
            format!(
                "{SUB}/resourceGroups/no/providers/Microsoft.MachineLearningServices/workspaces/w?api-version=2025-12-01"
            ),
            404,
            "ResourceGroupNotFound",
        ),
    ] {
        let (s, c, _) = refusal(&ask(&mut azure, "GET", &target, None));
        assert_eq!((s, c.as_str()), (status, code), "{target}");
    }
}

#[test]
fn a_namespace_is_unregistered_and_registered_by_polls() {
    let mut azure = Azure::new(true);
    azure.settings.operation_polls = 1;
    let provider = format!("{SUB}/providers/microsoft.machinelearningservices");
    let state = |azure: &mut Azure, method: &str, tail: &str| {
        let target = format!("{provider}{tail}?api-version=2024-07-01");
        ask(azure, method, &target, None).value()["registrationState"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(&mut azure, "GET", ""), "Registered");
    assert_eq!(state(&mut azure, "POST", "/unregister"), "Unregistering");
    assert_eq!(state(&mut azure, "GET", ""), "Unregistering");
    assert_eq!(state(&mut azure, "GET", ""), "Unregistered");
    let list = format!("{provider}/workspaces?api-version=2025-12-01");
    assert_eq!(
        refusal(&ask(&mut azure, "GET", &list, None)),
        (
            409,
            "MissingSubscriptionRegistration".into(),
            "The subscription registration is in 'Unregistered' state. The subscription must be registered to use namespace 'Microsoft.MachineLearningServices'. See https://aka.ms/rps-not-found for how to register subscriptions.".into()
        )
    );
    assert_eq!(state(&mut azure, "POST", "/register"), "Registering");
    assert_eq!(state(&mut azure, "GET", ""), "Registering");
    assert_eq!(state(&mut azure, "GET", ""), "Registered");
}

#[test]
fn what_resource_manager_serves_itself_has_versions_too() {
    let mut azure = Azure::new(true);
    let group = format!("{SUB}/resourceGroups/rg-a");
    ask(&mut azure, "PUT", &format!("{group}?api-version=2021-04-01"), Some(json!({"location": "eastus"})));
    let search = format!("{SUB}/providers/Microsoft.Search");
    for path in [
        "/subscriptions",
        "/tenants",
        SUB,
        &format!("{SUB}/locations"),
        &format!("{SUB}/resourceGroups"),
        &group,
    ]
    .into_iter()
    .chain([
        &*format!("{SUB}/providers"),
        &search,
        &format!("{SUB}/resources"),
        &format!("{group}/resources"),
    ]) {
        let refused = refusal(&ask(&mut azure, "GET", &format!("{path}?api-version=banana"), None));
        assert_eq!((refused.0, refused.1.as_str()), (400, "InvalidApiVersionParameter"), "{path}");
        let words = "The api-version 'banana' is invalid. The supported versions are '2026-06-01,2025-04-01,";
        assert!(refused.2.starts_with(words), "{path}: {}", refused.2);
        // Of azurerm, the Azure CLI, this provider, and the SDKs for Python and Go.
        for version in
            ["2020-06-01", "2021-04-01", "2022-09-01", "2022-12-01", "2024-07-01", "2024-11-01", "2025-04-01"]
        {
            let target = format!("{path}?api-version={version}");
            assert_eq!(ask(&mut azure, "GET", &target, None).status, 200, "{target}");
        }
    }
    let register = ask(&mut azure, "POST", &format!("{search}/register?api-version=2099-01-01"), None);
    assert_eq!(refusal(&register).1, "InvalidApiVersionParameter");
}

#[test]
fn a_type_of_previews_alone_has_no_default_version() {
    let mut azure = Azure::new(true);
    let all = ask(&mut azure, "GET", &format!("{SUB}/providers?api-version=2024-07-01"), None).value();
    let types = all["value"].as_array().unwrap().iter().flat_map(|p| p["resourceTypes"].as_array().unwrap());
    let without: Vec<&str> = types
        .filter(|t| t.get("defaultApiVersion").is_none_or(Value::is_null))
        .inspect(|t| assert!(t.get("defaultApiVersion").is_none(), "{t}"))
        .map(|t| t["resourceType"].as_str().unwrap())
        .collect();
    assert_eq!(without, ["NotebookProxies"]);
}
