//! The configurations in `docs/guides/`, taken from the pages: each is valid, and does what its guide says.

mod private_network;

use std::collections::BTreeSet;
use std::path::Path;

use acceptance_tests::{Cli, Emulator, Provider, Workdir, every_cli};
use serde_json::json;

/// The guides whose configurations are whole.
const GUIDES: &[&str] = &[
    "clouds-and-networks.md",
    "private-network.md",
    "sign-in.md",
    "sign-in-aks-workload-identity.md",
    "sign-in-azure-cli.md",
    "sign-in-client-certificate.md",
    "sign-in-client-secret.md",
    "sign-in-managed-identity.md",
    "sign-in-openid-connect.md",
    "soft-delete.md",
];

/// A guide's text.
fn guide(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The configurations in a page, in their order.
fn configurations(page: &str) -> Vec<&str> {
    page.split("```terraform\n").skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default()).collect()
}

/// The names of the variables that a configuration uses and does not declare.
fn undeclared(configuration: &str) -> BTreeSet<&str> {
    let uses = configuration.split("var.").skip(1);
    let names = uses.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
    names.filter(|name| !configuration.contains(&format!("variable \"{name}\""))).collect()
}

/// A folder with this configuration and whatever it leaves to its surroundings.
fn folder(cli: &Cli, configuration: &str) -> Workdir {
    let dir = Workdir::new(cli, &Provider::azureml());
    dir.write("main.tf", &format!("{configuration}\n"));
    let variables: String =
        undeclared(configuration).iter().map(|name| format!("variable \"{name}\" {{}}\n")).collect();
    dir.write("variables.tf", &variables);
    if configuration.contains("required_providers") {
        dir.remove("versions.tf");
    }
    if configuration.contains("provider \"azureml\"") {
        dir.remove("provider_azureml.tf");
    }
    dir
}

#[test]
fn every_configuration_is_valid_and_formatted() {
    every_cli(|cli| {
        for name in GUIDES {
            let page = guide(name);
            assert!(!configurations(&page).is_empty(), "{name} shows no configuration");
            let parts = match *name {
                "private-network.md" => private_network::whole(&page),
                _ => configurations(&page).into_iter().map(str::to_owned).collect(),
            };
            for configuration in &parts {
                let dir = folder(cli, configuration);
                dir.validate().succeeds();
                dir.run(&["fmt", "-check", "main.tf"]).succeeds();
            }
        }
    });
}

#[test]
fn every_guide_can_be_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| {
        std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let (readme, index, sign_in) = (read("README.md"), read("docs/index.md"), guide("sign-in.md"));
    let guides = std::fs::read_dir(root.join("docs/guides")).expect("guides");
    for entry in guides {
        let name = entry.expect("a guide").file_name().into_string().expect("a name");
        if name.starts_with("sign-in-") {
            assert!(sign_in.contains(&format!("({name})")), "the guide on signing in does not link {name}");
        } else {
            assert!(readme.contains(&format!("(docs/guides/{name})")), "README.md does not link {name}");
            assert!(index.contains(&format!("(guides/{name})")), "docs/index.md does not link {name}");
        }
    }
}

/// Azure with what the guides' workspaces stand on, and a configuration of the guide on deleted workspaces in it.
fn sandbox(cli: &Cli, azure: &Emulator, number: usize) -> Workdir {
    let page = guide("soft-delete.md");
    let mut dir = folder(cli, configurations(&page)[number]).in_azure(azure);
    let dependents = azure.seed_dependents("rg-a", "a");
    dir.set_env("TF_VAR_storage_account_id", dependents.id("storage_account"));
    dir.set_env("TF_VAR_key_vault_id", dependents.id("key_vault"));
    dir
}

#[test]
fn the_sandbox_comes_and_goes() {
    every_cli(|cli| {
        let azure = Emulator::start();
        let dir = sandbox(cli, &azure, 0);
        for _ in 0..2 {
            dir.apply().succeeds();
            dir.plans_nothing();
            dir.destroy().succeeds();
        }
    });
}

#[test]
fn what_was_deleted_softly_is_in_the_way_until_it_is_purged() {
    every_cli(|cli| {
        let azure = Emulator::start();
        let dir = sandbox(cli, &azure, 1);
        let purging = dir.read("main.tf");
        let keeping = purging.replace("purge_soft_deleted = true", "purge_soft_deleted = false");
        assert_ne!(purging, keeping);
        dir.write("main.tf", &keeping);
        dir.apply().succeeds();
        dir.destroy().succeeds();
        let summary = dir.apply().fails().only_error().summary;
        assert_eq!(summary, "Soft-Deleted Workspace Exists");
        dir.write("main.tf", &purging);
        dir.apply().succeeds();
        let elsewhere =
            purging.replace("  purge_soft", "  location           = \"westeurope\"\n  purge_soft");
        assert_ne!(purging, elsewhere);
        dir.write("main.tf", &elsewhere.replace("purge_soft_deleted = true", "purge_on_destroy = true"));
        dir.plan().is_refused().says("Replacement Blocked by Soft Delete").says("is not applied yet");
        dir.write("main.tf", &elsewhere);
        dir.plan().will("replace", "azureml_workspace.sandbox");
        dir.apply().succeeds();
        dir.plans_nothing();
    });
}

#[test]
fn a_workspace_of_the_azure_cli_is_taken_over() {
    every_cli(|cli| {
        let azure = Emulator::start();
        let dependents = azure.seed_dependents("rg-a", "a");
        let page = guide("from-azure-cli.md");
        let dir = folder(cli, configurations(&page)[0]).in_azure(&azure);
        let id = configurations(&page)[0].split("id = \"").nth(1).and_then(|rest| rest.split('"').next());
        azure.place(
            id.expect("the guide shows an ID"),
            &json!({
                "location": dependents.location,
                "kind": "Default",
                "identity": {"type": "SystemAssigned"},
                "tags": {"createdByToolkit": "sdk-v2-1.35.2"},
                "properties": {
                    "friendlyName": "example-workspace",
                    "description": "example-workspace",
                    "storageAccount": dependents.id("storage_account"),
                    "keyVault": dependents.id("key_vault"),
                    "applicationInsights": dependents.id("application_insights"),
                    "publicNetworkAccess": "Enabled",
                    "managedNetwork": {"isolationMode": "Disabled"},
                    "systemDatastoresAuthMode": "identity",
                },
            }),
        );
        let before = azure.resource(id.unwrap_or_default());
        let plan = dir.run(&["plan", "-input=false", "-no-color", "-generate-config-out=generated.tf"]);
        plan.succeeds().says("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.");
        dir.apply().succeeds();
        dir.plans_nothing();
        let generated = dir.read("generated.tf");
        let kept: Vec<&str> = generated.lines().filter(|line| !line.ends_with("= null")).collect();
        dir.write("generated.tf", &format!("{}\n", kept.join("\n")));
        dir.plans_nothing();
        assert_eq!(azure.resource(id.unwrap_or_default()), before, "taking it over changed it");
    });
}
