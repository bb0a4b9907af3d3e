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
            "The subscription is not registered to use namespace 'Microsoft.MachineLearningServices'. See https://aka.ms/rps-not-found for how to register subscriptions.".into()
        )
    );
    assert_eq!(state(&mut azure, "POST", "/register"), "Registering");
    assert_eq!(state(&mut azure, "GET", ""), "Registering");
    assert_eq!(state(&mut azure, "GET", ""), "Registered");
}
