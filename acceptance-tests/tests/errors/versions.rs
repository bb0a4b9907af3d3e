//! API versions that a cloud does not serve, and what only a real Azure comes to.

use super::*;

fn versions(scene: &Scene, namespace: &str) {
    let versions = format!("  api_versions = {{ \"{namespace}\" = \"2099-01-01\" }}");
    scene.dir.provider_block("azureml", &versions);
}

/// What is said of a version that is not served, and the command that lists those that are.
#[track_caller]
fn says(error: &Diagnostic, namespace: &str, command: &str, code: &str) {
    let said = format!("\n\nThis cloud does not serve 2099-01-01 of {namespace}. Versions that it serves: ");
    assert!(error.detail.contains(&said), "{}", error.detail);
    let helps = Regex::new(&format!(
        r#"\n\n    provider "azureml" \{{\n      api_versions = \{{ "{namespace}" = "20[0-9-]+" \}}\n    \}}\n"#
    ));
    assert!(helps.expect("a pattern").is_match(&error.detail), "{}", error.detail);
    assert!(error.detail.contains(&format!("As a command: {command}\n")), "{}", error.detail);
    assert!(error.detail.contains(&format!("Azure: {code} to GET ")), "{}", error.detail);
}

#[test]
fn a_version_that_a_service_does_not_serve() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        versions(&scene, "Microsoft.MachineLearningServices");
        let error = refused(&scene, "");
        says(
            &error,
            "Microsoft.MachineLearningServices",
            "az provider show --namespace Microsoft.MachineLearningServices --query \"resourceTypes[?resourceType=='workspaces'].apiVersions[]\" --output table",
            "InvalidResourceType (HTTP 404)",
        );
        versions(&scene, "Microsoft.Network");
        let subnet = scene.azure.seed_network(Scene::GROUP, "scene").id("subnet").to_owned();
        let text = format!(
            "resource \"azureml_private_endpoint\" \"main\" {{\n  name                           = \"endpoint\"\n  resource_group_name            = \"scene-rg\"\n  subnet_id                      = \"{subnet}\"\n  private_connection_resource_id = \"{}\"\n  group_ids                      = [\"vault\"]\n}}\n",
            scene.dependents.id("key_vault")
        );
        scene.dir.write("main.tf", &text);
        let error = scene.dir.apply().fails().only_error();
        says(
            &error,
            "Microsoft.Network",
            "az provider show --namespace Microsoft.Network --query \"resourceTypes[?resourceType=='privateEndpoints'].apiVersions[]\" --output table",
            "InvalidResourceType (HTTP 404)",
        );
    });
}

#[test]
fn a_version_that_resource_manager_does_not_serve() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        versions(&scene, "Microsoft.Resources");
        let text = "resource \"azureml_resource_group\" \"main\" {\n  name     = \"new-rg\"\n  location = \"eastus\"\n}\n";
        scene.dir.write("main.tf", text);
        let error = scene.dir.apply().fails().only_error();
        let said = "The api-version '2099-01-01' is invalid. The supported versions are '";
        assert!(error.detail.starts_with(said), "{}", error.detail);
        let helps = "    provider \"azureml\" {\n      api_versions = { \"Microsoft.Resources\" = \"2026-06-01\" }\n    }\n";
        assert!(error.detail.contains(helps), "{}", error.detail);
        assert!(
            error.detail.contains("Azure: InvalidApiVersionParameter (HTTP 400) to "),
            "{}",
            error.detail
        );
    });
}

/// Codes that a create of a workspace does not come to here, as the emulator refuses the same otherwise or earlier: injected.
#[test]
fn codes_without_a_way_of_their_own() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let id = scene.id();
        for (status, code, message, helps) in [
            (
                400,
                "NoRegisteredProviderFound",
                "No registered resource provider found for location 'mars' and API version '2025-12-01' for type 'workspaces'. The supported api-versions are '2025-12-01'. The supported locations are 'eastus, westeurope'.",
                "is not available in mars. Available regions: eastus, westeurope. Choose one of them.\n\nIn a configuration:\n\n    location = \"eastus\"\n",
            ),
            (404, "NotFound", "It was not found.", "and Azure does not say what."),
            (
                404,
                "NotFound",
                "The vault /subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v was not found.",
                "refers to one that does not exist: /subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v. ",
            ),
            (
                409,
                "InvalidResourceLocation",
                "The resource 'w' already exists in location 'eastus2' in resource group 'scene-rg'. A resource with the same name cannot be created in location 'eastus'.",
                "    location = \"eastus2\"\n",
            ),
            (
                401,
                "InvalidAuthenticationToken",
                "The access token is from the wrong issuer.",
                "As a command: az account list --all --query \"[?id=='00000000-0000-0000-0000-000000000001'].tenantId\" --output tsv\n",
            ),
            (
                404,
                "InvalidResourceNamespace",
                "The resource namespace 'x' is invalid.",
                "As a command: az provider list --output table\n",
            ),
        ] {
            scene
                .azure
                .inject(Fault::at("PUT", &format!("{id}$")).times(2).status(status).error(code, message));
            let error = refused(&scene, "");
            assert!(error.detail.starts_with(message), "{code}: {}", error.detail);
            assert!(error.detail.contains(helps), "{code}: {}", error.detail);
            let end = format!("Azure: {code} (HTTP {status}) to PUT {id}, request ID …, correlation ID …");
            assert!(plain(&error.detail).ends_with(&end), "{code}: {}", error.detail);
            scene.azure.heal();
        }
    });
}
