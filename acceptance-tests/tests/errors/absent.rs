//! What is not there: the group, the subscription, the parent, what a resource refers to, and the resource itself.

use super::*;

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
                "Create the resource group first, or correct its name or the subscription. Where it is in this configuration, refer to its name, so that it comes first by itself.",
                "resource \"azureml_resource_group\" \"example\" {\n  name     = \"nowhere\"\n  location = \"westeurope\"\n}\n\nresource_group_name = azureml_resource_group.example.name # not its name as text",
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

/// A link of a network to the zone of this ID.
fn link(scene: &Scene, zone: &str) {
    let network = format!("{}/providers/Microsoft.Network/virtualNetworks/vnet", group());
    scene.azure.make_network(&network);
    let text = format!(
        "resource \"azureml_private_dns_link\" \"main\" {{\n  name                = \"link\"\n  private_dns_zone_id = \"{zone}\"\n  virtual_network_id  = \"{network}\"\n}}\n"
    );
    scene.dir.write("main.tf", &text);
}

#[test]
fn a_subscription_that_is_none() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        link(
            &scene,
            "/subscriptions/nope/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/a.example",
        );
        let error = scene.dir.apply().fails().only_error();
        let said = "The provided subscription identifier 'nope' is malformed or invalid.";
        assert!(error.detail.starts_with(said), "{}", error.detail);
        assert!(
            error.detail.contains("As a command: az account list --all --output table\n"),
            "{}",
            error.detail
        );
        assert!(error.detail.contains("Azure: InvalidSubscriptionId (HTTP 400) to GET "), "{}", error.detail);
        assert!(error.code.trim_start().starts_with("private_dns_zone_id"), "{}", error.code);
    });
}

#[test]
fn the_group_of_a_zone_that_is_not_there() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let nowhere = group().replace(Scene::GROUP, "nowhere");
        link(&scene, &format!("{nowhere}/providers/Microsoft.Network/privateDnsZones/a.example"));
        let error = scene.dir.apply().fails().only_error();
        let helps = format!(
            "The resource group of the private DNS zone does not exist, and so neither does the zone. Correct private_dns_zone_id; where the zone is in this configuration, refer to it, so that it comes first by itself.\n\nIn a configuration:\n\n    private_dns_zone_id = azureml_private_dns_zone.example.id # not its ID as text\n\nAs a command: az network private-dns zone list --subscription {SUBSCRIPTION} --query \"[].id\" --output tsv\n"
        );
        assert!(error.detail.contains(&helps), "{}", error.detail);
        assert!(error.detail.contains("Azure: ResourceGroupNotFound (HTTP 404) to "), "{}", error.detail);
        assert!(error.code.trim_start().starts_with("private_dns_zone_id"), "{}", error.code);
    });
}

#[test]
fn a_parent_that_is_not_there() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let zone = format!("{}/providers/Microsoft.Network/privateDnsZones/a.example", group());
        link(&scene, &zone);
        let error = scene.dir.apply().fails().only_error();
        let helps = format!(
            "The parent resource does not exist: {zone}. Create it first; where it is in this configuration, refer to its attributes, so that it comes first by itself.\n\nIn a configuration:\n\n    private_dns_zone_id = azureml_private_dns_zone.example.id # not its ID as text\n\nAs a command: az resource show --ids {zone}\n"
        );
        assert!(error.detail.contains(&helps), "{}", error.detail);
        assert!(
            error.detail.contains("Azure: ParentResourceNotFound (HTTP 404) to PUT "),
            "{}",
            error.detail
        );
        assert!(error.code.trim_start().starts_with("private_dns_zone_id"), "{}", error.code);
    });
}

#[test]
fn a_resource_that_goes_between_plan_and_apply() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        scene.workspace("");
        scene.dir.apply().succeeds();
        scene.workspace("description = \"new\"");
        scene.dir.plan().has_changes();
        scene.azure.vanish(&scene.id());
        let error = scene.dir.apply_saved().fails().only_error();
        assert_eq!(error.summary, "Workspace Not Updated");
        let helps = format!(
            "The resource itself does not exist any more: something outside of this configuration has deleted it, or what it lies in. The next plan sees that, and creates it anew.\n\nAs a command: az resource show --ids {}\n",
            scene.id()
        );
        assert!(error.detail.contains(&helps), "{}", error.detail);
        assert!(error.detail.contains("Azure: ResourceNotFound (HTTP 404) to "), "{}", error.detail);
        // What it says is so.
        scene.dir.plan().has_changes().will("create", Scene::MAIN);
    });
}

#[test]
fn what_a_change_refers_to_and_is_not_there() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let subnet = scene.azure.seed_network(Scene::GROUP, "scene").id("subnet").to_owned();
        let endpoint = |arguments: &str| {
            let text = format!(
                "resource \"azureml_private_endpoint\" \"main\" {{\n  name                           = \"endpoint\"\n  resource_group_name            = \"scene-rg\"\n  subnet_id                      = \"{subnet}\"\n  private_connection_resource_id = \"{}\"\n  group_ids                      = [\"vault\"]\n{arguments}\n}}\n",
                scene.dependents.id("key_vault")
            );
            scene.dir.write("main.tf", &text);
            scene.dir.apply()
        };
        endpoint("").succeeds();
        let none = format!("{}/providers/Microsoft.Network/applicationSecurityGroups/none", group());
        let error = endpoint(&format!("application_security_group_ids = [\"{none}\"]")).fails().only_error();
        assert_eq!(error.summary, "Private Endpoint Not Updated");
        let helps = format!(
            "This resource refers to one that does not exist: {none}. Create that first, or correct the ID; where it is in this configuration, refer to its attributes, so that it comes first by itself.\n\nIn a configuration:\n\n    application_security_group_ids = [azurerm_application_security_group.example.id] # not its ID as text\n\nAs a command: az resource show --ids {none}\n"
        );
        assert!(error.detail.contains(&helps), "{}", error.detail);
        assert!(
            error.detail.contains("Azure: InvalidResourceReference (HTTP 400) to PUT "),
            "{}",
            error.detail
        );
    });
}

/// Refusals that only their resource can place.
#[test]
fn a_refusal_points_at_its_attribute() {
    every_cli(|cli| {
        let scene = Scene::new(cli);
        let zones = format!("{}/providers/Microsoft.Network/privateDnsZones", group());
        for zone in ["a.example", "b.example"] {
            scene.azure.make_zone(&format!("{zones}/{zone}"));
        }
        let points = |attribute: &str| {
            let error = scene.dir.apply().fails().only_error();
            assert!(error.code.trim_start().starts_with(attribute), "{}: {}", error.code, error.detail);
        };
        let written = |zone: &str, arguments: &str| {
            link(&scene, &format!("{zones}/{zone}"));
            let text = scene.dir.read("main.tf").replace("\n}\n", &format!("\n  {arguments}\n}}\n"));
            scene.dir.write("main.tf", &text);
        };
        written("a.example", "resolution_policy = \"NxDomainRedirect\"");
        points("resolution_policy");
        let text = scene.dir.read("main.tf").replace("virtualNetworks/vnet", "virtualNetworks/none");
        scene.dir.write("main.tf", &text);
        points("virtual_network_id");
        let network = format!("{}/providers/Microsoft.Network/virtualNetworks/vnet", group());
        let body = json!({
            "location": "global",
            "properties": {"virtualNetwork": {"id": network}, "registrationEnabled": true},
        });
        let other = format!("{zones}/b.example/virtualNetworkLinks/other");
        scene.azure.by_policy("PUT", &other, "2020-06-01", &body);
        written("a.example", "registration_enabled = true");
        points("registration_enabled");
        let text = "resource \"azureml_resource_group\" \"main\" {\n  name     = \"new-rg\"\n  location = \"atlantis\"\n}\n";
        scene.dir.write("main.tf", text);
        points("location");
    });
}
