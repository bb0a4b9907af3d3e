//! Each of Azure's errors that the guide has, provoked, and shown as a user sees it: what Azure said, what helps in a configuration
//! and as a command, and the IDs by which support finds the request.

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
    let indented: String = hcl.lines().map(|line| format!("    {line}\n")).collect();
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
fn a_group_and_a_subscription_that_are_not_there() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.dir.write(
            "main.tf",
            &scene.block("main", Scene::NAME, "location = \"eastus\"").replace("\"scene-rg\"", "\"nowhere\""),
        );
        let error = scene.dir.apply().fails().only_error();
        shows(
            &error,
            "Resource group 'nowhere' could not be found.",
            &[
                "Create the resource group first, or correct its name or the subscription.",
                "resource \"azureml_resource_group\" \"example\" {\n  name     = \"nowhere\"\n  location = \"westeurope\"\n}",
                &format!(
                    "az group create --name nowhere --location westeurope --subscription {SUBSCRIPTION}"
                ),
            ],
            "ResourceGroupNotFound (HTTP 404)",
            &put(&scene).replace("scene-rg", "nowhere"),
        );
        let error = refused(&scene, "subscription_id = \"00000000-0000-0000-0000-0000000000ff\"");
        assert!(error.detail.contains("SubscriptionNotFound (HTTP 404)"), "{}", error.detail);
        assert!(
            error.detail.contains("As a command: az account list --all --output table\n"),
            "{}",
            error.detail
        );
        assert!(error.code.starts_with("subscription_id"), "{}", error.code);
    });
}

#[test]
fn rights_that_are_missing() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let action = format!("{WORKSPACES}/write");
        govern(&scene, &json!({"denials": [{"scope": group(), "action": action}]}));
        let error = refused(&scene, "");
        let object = error.detail.split("object id '").nth(1).unwrap_or_default();
        let object = object.split('\'').next().unwrap_or_default().to_owned();
        let role = |scope: &str| {
            format!(
                "resource \"azurerm_role_assignment\" \"example\" {{\n  scope                = \"{scope}\"\n  role_definition_name = \"Contributor\"\n  principal_id         = \"{object}\"\n}}"
            )
        };
        let command = |scope: &str| {
            format!(
                "az role assignment create --assignee-object-id {object} --role Contributor --scope {scope}"
            )
        };
        let id = scene.id();
        shows(
            &error,
            &format!(
                "The client '{CLIENT}' with object id '{object}' does not have authorization to perform action '{action}' over scope '{id}' or the scope is invalid. If access was recently granted, please refresh your credentials."
            ),
            &[
                &format!(
                    "Whoever runs this needs a role with the permission {action}, such as Contributor. A new role assignment takes some minutes to be seen."
                ),
                &role(&id),
                &command(&id),
            ],
            "AuthorizationFailed (HTTP 403)",
            &put(&scene),
        );
        let vault = scene.dependents.id("key_vault").to_owned();
        let read = "Microsoft.KeyVault/vaults/read";
        govern(&scene, &json!({"denials": [{"scope": vault, "action": read, "linked": true}]}));
        let error = refused(&scene, "");
        shows(
            &error,
            &format!(
                "The client '{CLIENT}' with object id '{object}' has permission to perform action '{action}' on scope '{id}'; however, it does not have permission to perform action(s) '{read}' on the linked scope(s) '{vault}' (respectively) or the linked scope(s) are invalid."
            ),
            &[
                &format!(
                    "The identity may write this resource but may not use a resource that it refers to. A role with the permission {read} on {vault} is needed, such as Contributor."
                ),
                &role(&vault),
                &command(&vault),
            ],
            "LinkedAuthorizationFailed (HTTP 403)",
            &put(&scene),
        );
    });
}

/// The commands that find a lock and remove it.
fn unlock() -> String {
    format!(
        "az lock list --resource-group {} --subscription {SUBSCRIPTION} --output table\naz lock delete --ids <lock ID>",
        Scene::GROUP
    )
}

#[test]
fn a_lock_against_deletion() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.workspace("");
        scene.dir.apply().succeeds();
        govern(&scene, &json!({"locks": [{"scope": group(), "level": "CanNotDelete"}]}));
        let error = scene.dir.destroy().fails().only_error();
        let (id, scope) = (scene.id(), group());
        shows(
            &error,
            &format!(
                "The scope '{id}' cannot perform delete operation because following scope(s) are locked: '{scope}'. Please remove the lock and try again."
            ),
            &[
                &format!("A lock on {scope} prevents the deletion. Remove the lock, and apply again."),
                &format!(
                    "# Where a configuration has the lock, remove its azurerm_management_lock with\n# scope = \"{scope}\""
                ),
                &unlock(),
            ],
            "ScopeLocked (HTTP 409)",
            &format!("DELETE {id}"),
        );
    });
}

#[test]
fn policies_and_locks() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        govern(
            &scene,
            &json!({"policies": [{"scope": group(), "type": WORKSPACES, "name": "no-workspaces"}]}),
        );
        let error = refused(&scene, "");
        let policy = format!("{}/providers/Microsoft.Authorization/policyAssignments/no-workspaces", group());
        let said = error.detail.split("\n\n").next().unwrap_or_default().to_owned();
        assert!(
            said.starts_with("Resource 'main-workspace' was disallowed by policy. Policy identifiers: '[{"),
            "{said}"
        );
        shows(
            &error,
            &said,
            &[
                &format!(
                    "Change the configuration to what the policy {policy} allows, or have its owner exempt what is made here."
                ),
                &format!(
                    "resource \"azurerm_resource_group_policy_exemption\" \"example\" {{\n  name                 = \"example\"\n  resource_group_id    = \"{}\"\n  policy_assignment_id = \"{policy}\"\n  exemption_category   = \"Waiver\"\n}}",
                    group()
                ),
                &format!(
                    "az policy exemption create --name example --policy-assignment {policy} --exemption-category Waiver --scope {}",
                    group()
                ),
            ],
            "RequestDisallowedByPolicy (HTTP 403)",
            &put(&scene),
        );
        govern(&scene, &json!({"locks": [{"scope": group(), "level": "ReadOnly"}]}));
        let error = refused(&scene, "");
        let (id, scope) = (scene.id(), group());
        shows(
            &error,
            &format!(
                "The scope '{id}' cannot perform write operation because following scope(s) are locked: '{scope}'. Please remove the lock and try again."
            ),
            &[
                &format!(
                    "A lock on {scope} keeps this from being done. Remove it, apply, and put it back; to protect against deletion only, the lock level CanNotDelete is enough."
                ),
                &format!(
                    "resource \"azurerm_management_lock\" \"example\" {{\n  name       = \"example\"\n  scope      = \"{scope}\"\n  lock_level = \"CanNotDelete\" # not \"ReadOnly\"\n}}"
                ),
                &unlock(),
            ],
            "ScopeLocked (HTTP 409)",
            &put(&scene),
        );
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

/// Codes that the emulator has no way of its own to come to here: injected, with what helps.
#[test]
fn codes_without_a_way_of_their_own() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let id = scene.id();
        let show = format!("As a command: az resource show --ids {id}\n");
        for (status, code, message, helps) in [
            (
                400,
                "NoRegisteredProviderFound",
                "No registered resource provider found for location 'mars' and API version '2025-12-01' for type 'workspaces'. The supported api-versions are '2025-12-01'. The supported locations are 'eastus, westeurope'.",
                "is not available in mars. Available regions: eastus, westeurope. Choose one of them.\n\nIn a configuration:\n\n    location = \"eastus\"\n",
            ),
            (
                400,
                "InvalidSubscriptionId",
                "The provided subscription identifier 'x' is malformed or invalid.",
                "As a command: az account list --all --output table\n",
            ),
            (
                400,
                "InvalidApiVersionParameter",
                "The api-version '2025-12-01' is invalid. The supported versions are '2024-10-01'.",
                "api_versions = { \"Microsoft.MachineLearningServices\" = \"2024-10-01\" }",
            ),
            (
                404,
                "ParentResourceNotFound",
                "Failed to perform 'write' on resource(s) of type 'x', because the parent resource '/subscriptions/s/p' could not be found.",
                "As a command: az resource show --ids /subscriptions/s/p\n",
            ),
            (
                404,
                "ResourceNotFound",
                "The Resource 'x' under resource group 'y' was not found.",
                show.as_str(),
            ),
            (404, "NotFound", "It was not found.", show.as_str()),
            (
                404,
                "InvalidResourceNamespace",
                "The resource namespace 'x' is invalid.",
                "As a command: az provider list --output table\n",
            ),
        ] {
            scene.azure.inject(Fault::at("PUT", &format!("{id}$")).status(status).error(code, message));
            let error = refused(&scene, "");
            assert!(error.detail.starts_with(message), "{code}: {}", error.detail);
            assert!(error.detail.contains(helps), "{code}: {}", error.detail);
            let end = format!("Azure: {code} (HTTP {status}) to PUT {id}, request ID …, correlation ID …");
            assert!(plain(&error.detail).ends_with(&end), "{code}: {}", error.detail);
            scene.azure.heal();
        }
    });
}

/// What is busy is asked again; what the user reads at the end is why.
#[test]
fn something_else_that_never_ends() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let busy = Fault::at("PUT", &format!("{}$", scene.id())).times(1000).status(409);
        scene.azure.inject(busy.error("AnotherOperationInProgress", "Another operation is in progress."));
        let error = refused(&scene, "timeouts {\n  create = \"2s\"\n}");
        let helps = format!(
            "Something else is changing the resource. Apply again when that has ended; if it is another resource of this configuration, let one wait for the other.\n\nIn a configuration:\n\n    depends_on = [azureml_workspace.example]\n\nAs a command: az resource wait --updated --ids {}\n",
            scene.id()
        );
        assert!(error.detail.contains("Another operation is in progress."), "{}", error.detail);
        assert!(error.detail.contains(&helps), "{}", error.detail);
    });
}
