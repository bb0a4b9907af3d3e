//! Each of Azure's errors that the guide has, provoked, and shown as a user sees it: what Azure said, what helps in a configuration
//! and as a command, and the IDs by which support finds the request.

mod absent;
mod governance;
mod versions;

use acceptance_tests::{Diagnostic, Emulator, Fault, Scene, every_cli};
use regex::Regex;
use serde_json::{Value, json};

const SUBSCRIPTION: &str = Emulator::SUBSCRIPTION;
const CLIENT: &str = "00000000-0000-0000-0000-0000000000c1";
const WORKSPACES: &str = "Microsoft.MachineLearningServices/workspaces";

fn group() -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{}", Scene::GROUP)
}

/// The text with every ID of a request, and of the caller's object, as a mark.
fn plain(text: &str) -> String {
    let ids = Regex::new(r"(request|correlation) ID [0-9a-f-]{36}").expect("a pattern");
    ids.replace_all(text, "$1 ID …").into_owned()
}

/// The one error of an apply of the scene's workspace.
fn refused(scene: &Scene, arguments: &str) -> Diagnostic {
    scene.workspace(arguments);
    scene.dir.apply().fails().only_error()
}

/// Insists on the headline, on the whole text, and on the line that is pointed at.
#[track_caller]
fn shows(error: &Diagnostic, said: &str, helps: &[&str; 3], code: &str, request: &str) {
    let [words, hcl, command] = helps;
    let indent = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") };
    let indented: String = hcl.lines().map(indent).collect();
    let command = match command.contains('\n') {
        true => format!("As commands:\n\n    {}", command.replace('\n', "\n    ")),
        false => format!("As a command: {command}"),
    };
    let expected = format!(
        "{said}\n\n{words}\n\nIn a configuration:\n\n{indented}\n{command}\n\nAzure: {code} to {request}, request ID …, correlation ID …"
    );
    assert_eq!(plain(&error.detail), expected);
    let summary =
        if request.starts_with("DELETE") { "Workspace Not Deleted" } else { "Workspace Not Created" };
    assert_eq!(error.summary, summary);
}

fn put(scene: &Scene) -> String {
    format!("PUT {}", scene.id())
}

fn govern(scene: &Scene, governance: &Value) {
    scene.azure.control().put("/governance", governance);
}

#[test]
fn a_namespace_that_is_not_registered() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let order = json!({
            "subscription_id": SUBSCRIPTION, "namespace": "Microsoft.MachineLearningServices",
            "state": "NotRegistered",
        });
        scene.azure.control().put("/registrations", &order);
        let error = refused(&scene, "");
        let hcl = format!(
            "resource \"azureml_resource_provider_registration\" \"example\" {{\n  namespace       = \"Microsoft.MachineLearningServices\"\n  subscription_id = \"{SUBSCRIPTION}\"\n}}"
        );
        shows(
            &error,
            "The subscription is not registered to use namespace 'Microsoft.MachineLearningServices'. See https://aka.ms/rps-not-found for how to register subscriptions.",
            &[
                &format!(
                    "The subscription {SUBSCRIPTION} has not registered the resource provider Microsoft.MachineLearningServices. Register it, or set resource_provider_registrations = \"on_demand\" in the provider block, which registers such providers along the way."
                ),
                &hcl,
                &format!(
                    "az provider register --namespace Microsoft.MachineLearningServices --subscription {SUBSCRIPTION} --wait"
                ),
            ],
            "MissingSubscriptionRegistration (HTTP 409)",
            &format!("GET {}", scene.id()),
        );
        // What it says is what helps.
        scene.dir.write("register.tf", &hcl);
        scene.workspace("depends_on = [azureml_resource_provider_registration.example]");
        scene.dir.apply().succeeds();
    });
}

#[test]
fn a_location_that_lacks_the_service() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let error = refused(&scene, "location = \"southindia\"");
        let regions = error.detail.split("resource type is '").nth(1).unwrap_or_default();
        let regions = regions.split('\'').next().unwrap_or_default().to_owned();
        assert!(regions.starts_with("eastus,eastus2,"), "{regions}");
        shows(
            &error,
            &format!(
                "The provided location 'southindia' is not available for resource type '{WORKSPACES}'. List of available regions for the resource type is '{regions}'."
            ),
            &[
                &format!(
                    "{WORKSPACES} is not available in southindia. Available regions: {}. Choose one of them.",
                    regions.replace(',', ", ")
                ),
                "location = \"eastus\"",
                "az provider show --namespace Microsoft.MachineLearningServices --query \"resourceTypes[?resourceType=='workspaces'].locations[]\" --output table",
            ],
            "LocationNotAvailableForResourceType (HTTP 400)",
            &put(&scene),
        );
        assert_eq!(error.code, "location = \"southindia\"");
    });
}

#[test]
fn a_subscription_that_is_not_registered() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        govern(&scene, &json!({"unregistered_subscriptions": [SUBSCRIPTION]}));
        let error = refused(&scene, "");
        shows(
            &error,
            &format!("The subscription '{SUBSCRIPTION}' is not registered."),
            &[
                &format!(
                    "The subscription {SUBSCRIPTION} is not registered for what it is asked for. Register the resource provider Microsoft.MachineLearningServices in it; if that is refused too, the subscription is disabled or still being set up."
                ),
                &format!(
                    "resource \"azureml_resource_provider_registration\" \"example\" {{\n  namespace       = \"Microsoft.MachineLearningServices\"\n  subscription_id = \"{SUBSCRIPTION}\"\n}}"
                ),
                &format!(
                    "az provider register --namespace Microsoft.MachineLearningServices --subscription {SUBSCRIPTION} --wait"
                ),
            ],
            "SubscriptionNotRegistered (HTTP 409)",
            &format!("GET {}", scene.id()),
        );
    });
}

/// What is busy is asked again; what the user reads at the end is why.
#[test]
fn something_else_that_never_ends() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let busy = Fault::at("PUT", &format!("{}$", scene.id())).status(409).retry_after(3600);
        scene.azure.inject(busy.error("AnotherOperationInProgress", "Another operation is in progress."));
        let error = refused(&scene, "timeouts {\n  create = \"10m\"\n}");
        let helps = format!(
            "Something else is changing the resource. Apply again when that has ended; if it is another resource of this configuration, let one wait for the other.\n\nIn a configuration:\n\n    depends_on = [azureml_workspace.example]\n\nAs a command: az resource wait --updated --ids {}\n",
            scene.id()
        );
        assert!(error.detail.contains("Another operation is in progress."), "{}", error.detail);
        assert!(error.detail.contains(&helps), "{}", error.detail);
    });
}
