//! The harness itself, on resources that the tools bring along: what later scenarios take for granted.

use acceptance_tests::{Cli, Emulator, Signal, Workdir, every_cli};
use serde_json::json;

/// A configuration that needs no provider.
fn stored(cli: &Cli, value: &str) -> Workdir {
    let dir = Workdir::with_providers(cli, &[]);
    dir.write("main.tf", &format!("resource \"terraform_data\" \"it\" {{\n  input = \"{value}\"\n}}\n"));
    dir
}

#[test]
fn a_plan_says_what_happens_and_then_nothing_does() {
    every_cli(|cli| {
        let dir = stored(cli, "one");
        dir.plan().has_changes().will("create", "terraform_data.it");
        dir.apply_saved().succeeds();
        dir.plans_nothing();
        assert_eq!(dir.resource("terraform_data.it")["output"], "one");

        dir.write("main.tf", "resource \"terraform_data\" \"it\" {\n  input = \"two\"\n}\n");
        let plan = dir.plan();
        plan.has_changes().will("update", "terraform_data.it");
        assert_eq!(plan.change("terraform_data.it")["after"]["input"], "two");
        dir.apply().succeeds();

        dir.taint("terraform_data.it").succeeds();
        assert!(dir.is_tainted("terraform_data.it"));
        dir.plan().will("replace", "terraform_data.it");

        dir.destroy().succeeds();
        assert!(dir.addresses().is_empty());
    });
}

#[test]
fn an_error_is_found_with_its_place() {
    every_cli(|cli| {
        let dir = stored(cli, "${file(\"none.txt\")}");
        let error = dir.plan().is_refused().only_error();
        assert_eq!(error.summary, "Invalid function argument");
        assert_eq!(error.code, "input = \"${file(\"none.txt\")}\"");
        dir.plan().output.says("Error: Invalid function argument");
    });
}

#[test]
fn nothing_of_the_surrounding_environment_reaches_a_command() {
    every_cli(|cli| {
        let command = stored(cli, "one").command(&["plan"]);
        let named: Vec<_> = command.get_envs().filter_map(|(name, _)| name.to_str()).collect();
        let foreign =
            |name: &&str| name.starts_with("ARM_") || name.starts_with("AZURE_") || name.ends_with("_PROXY");
        assert_eq!(named.iter().copied().find(foreign), None);
        assert!(named.contains(&"TF_CLI_CONFIG_FILE"));
    });
}

#[test]
fn a_command_can_be_killed() {
    every_cli(|cli| {
        let dir = stored(cli, "one");
        let running = dir.start(&["console"]);
        running.signal(Signal::Kill);
        let output = running.wait();
        assert_eq!((output.code, output.signal), (None, Some(9)));
    });
}

#[test]
fn azure_starts_with_what_was_seeded_and_forgets_what_vanished() {
    let azure = Emulator::start();
    let dependents = azure.seed_dependents("harness-rg", "harness");
    let vault = dependents.id("key_vault");
    assert_eq!(azure.resource(&vault.to_uppercase())["location"], "eastus");
    azure.drift(vault, &json!({"tags": {"by": "someone"}}));
    assert_eq!(azure.resource(vault)["tags"], json!({"by": "someone"}));
    azure.vanish(vault);
    assert!(azure.resource(vault).is_null());
    azure.forget();
    assert!(azure.requests().is_empty());
}

#[test]
fn azure_has_networks_names_and_policies() {
    let azure = Emulator::start();
    let dependents = azure.seed_dependents("harness-rg", "harness");
    let network = azure.seed_network("harness-rg", "harness");
    let endpoint =
        format!("{}/providers/Microsoft.Network/privateEndpoints/pe", network.id("resource_group"));
    let vault = dependents.id("key_vault");
    let connection =
        json!({"name": "c", "properties": {"privateLinkServiceId": vault, "groupIds": ["vault"]}});
    let body = json!({
        "location": "eastus",
        "properties": {
            "subnet": {"id": network.id("subnet")}, "manualPrivateLinkServiceConnections": [connection],
        },
    });
    let made = azure.policy("PUT", &format!("{endpoint}?api-version=2024-01-01"), &body);
    assert_eq!(made["status"], 201, "{made}");
    assert_eq!(azure.requests().0[0].user_agent, "AzurePolicy");
    azure.decide(&endpoint, "Approved", "yes");
    let names = azure.resource(&endpoint)["properties"]["customDnsConfigs"].clone();
    assert_eq!(names, json!([{"fqdn": "harness-vault.vault.azure.net", "ipAddresses": ["10.0.1.4"]}]));
    let inside = azure.resolve("harness-vault.vault.azure.net", Some(network.id("virtual_network")));
    assert_eq!(
        (&inside["public"], inside["chain"][0]["cname"].as_str()),
        (&json!(true), Some("harness-vault.privatelink.vaultcore.azure.net"))
    );
    assert_eq!(azure.resolve("nobody.vault.azure.net", None)["addresses"], json!([]));
}
