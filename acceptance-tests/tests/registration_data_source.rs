//! The data source of registrations: what each feature needs and why, where it looks, and what it says is to be done.

use acceptance_tests::{Cli, Emulator, Provider, Workdir, every_cli};
use serde_json::{Value, json};

/// A namespace, and what its reason says.
type Namespace = (&'static str, &'static [&'static str]);

/// Each feature with the namespaces that it needs, and words that the reason for each has: what the guide to Azure Machine
/// Learning's resource providers says of them, and what the types of this provider need beside.
const FEATURES: &[(&str, &[Namespace])] = &[
    (
        "workspace",
        &[
            ("Microsoft.ContainerRegistry", &["images", "registry"]),
            ("Microsoft.Insights", &["Application Insights"]),
            ("Microsoft.KeyVault", &["secrets", "key vault"]),
            ("Microsoft.MachineLearningServices", &["Workspaces"]),
            ("Microsoft.ManagedIdentity", &["user-assigned identities"]),
            ("Microsoft.Notebooks", &["Compute instances", "notebooks"]),
            ("Microsoft.OperationalInsights", &["Log Analytics"]),
            ("Microsoft.Storage", &["data", "storage account"]),
        ],
    ),
    (
        "customer_managed_key",
        &[
            ("Microsoft.DocumentDB", &["Cosmos DB", "metadata", "\"Azure Machine Learning\"", "Contributor"]),
            ("Microsoft.KeyVault", &["key vault"]),
            ("Microsoft.Search", &["indexes"]),
            ("Microsoft.Storage", &["storage account"]),
        ],
    ),
    ("managed_network", &[("Microsoft.Network", &["managed network", "private endpoints"])]),
    (
        "kubernetes",
        &[
            ("Microsoft.ContainerService", &["deployed", "Azure Kubernetes Service"]),
            ("Microsoft.KubernetesConfiguration", &["extension"]),
        ],
    ),
    ("private_network", &[("Microsoft.Network", &["Private endpoints", "private DNS zones"])]),
];

/// A configuration that puts out what data sources of these labels and arguments find.
fn sources(blocks: &[(&str, &str)]) -> String {
    let kind = "azureml_resource_provider_registration";
    let block = |(label, arguments): &(&str, &str)| {
        format!(
            "data \"{kind}\" \"{label}\" {{\n{arguments}\n}}\noutput \"{label}\" {{\n  value = data.{kind}.{label}\n}}\n"
        )
    };
    blocks.iter().map(block).collect()
}

/// An Azure and a configuration of data sources in it.
fn scene(cli: &Cli, blocks: &[(&str, &str)]) -> (Emulator, Workdir) {
    let azure = Emulator::start();
    let dir = Workdir::new(cli, &Provider::azureml()).in_azure(&azure);
    dir.write("main.tf", &sources(blocks));
    (azure, dir)
}

/// What the data source of a label found.
fn found(dir: &Workdir, label: &str) -> Value {
    dir.state()["values"]["outputs"][label]["value"].clone()
}

/// Lets a namespace be in a state for good.
fn put(azure: &Emulator, subscription: &str, namespace: &str, state: &str) {
    let order = json!({
        "subscription_id": subscription, "namespace": namespace, "state": state, "polls_left": 1000,
    });
    azure.control().put("/registrations", &order);
}

fn names(found: &Value) -> Vec<&str> {
    found["resource_providers"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn each_feature_has_its_namespaces_with_the_reasons_for_them() {
    every_cli(|cli| {
        let arguments: Vec<(&str, String)> =
            FEATURES.iter().map(|(feature, _)| (*feature, format!("  features = [\"{feature}\"]"))).collect();
        let mut blocks: Vec<(&str, &str)> = arguments.iter().map(|(label, text)| (*label, &**text)).collect();
        blocks.push(("default", ""));
        let (azure, dir) = scene(cli, &blocks);
        dir.apply().succeeds();
        for (feature, needs) in FEATURES {
            let found = found(&dir, feature);
            let wanted: Vec<&str> = needs.iter().map(|(namespace, _)| *namespace).collect();
            assert_eq!(names(&found), wanted, "{feature}");
            assert_eq!(
                (&found["missing"], &found["all_registered"]),
                (&json!([]), &json!(true)),
                "{feature}"
            );
            assert_eq!(
                (&found["commands"], &found["subscription_id"]),
                (&json!([]), &json!(Emulator::SUBSCRIPTION))
            );
            for (namespace, words) in *needs {
                let provider = &found["resource_providers"][namespace];
                assert_eq!(
                    (&provider["registered"], &provider["registration_state"]),
                    (&json!(true), &json!("Registered")),
                    "{namespace}"
                );
                let reasons = provider["reasons"].to_string().replace("\\\"", "\"");
                let lacks = words.iter().find(|word| !reasons.contains(**word));
                assert_eq!(lacks, None, "the reasons of {feature} for {namespace}: {reasons}");
            }
        }
        let default = found(&dir, "default");
        assert_eq!(default["features"], Value::Null);
        assert_eq!(default["resource_providers"], found(&dir, "workspace")["resource_providers"]);
        assert_eq!(azure.requests().writes().len(), 0, "a data source changes nothing");
        dir.plans_nothing();
    });
}

#[test]
fn the_types_that_are_used_have_their_regions_and_versions() {
    every_cli(|cli| {
        let features = "  features = [\"private_network\", \"kubernetes\", \"workspace\"]";
        let (_azure, dir) = scene(cli, &[("it", features)]);
        dir.apply().succeeds();
        let found = found(&dir, "it");
        let types = |namespace: &str| found["resource_providers"][namespace]["resource_types"].clone();
        let network = types("Microsoft.Network");
        let known: Vec<&String> = network.as_object().into_iter().flatten().map(|(name, _)| name).collect();
        assert_eq!(known, ["privateDnsZones", "privateDnsZones/virtualNetworkLinks", "privateEndpoints"]);
        assert_eq!(network["privateDnsZones"]["locations"], json!(["global"]));
        for (namespace, kind, version) in [
            ("Microsoft.Network", "privateEndpoints", "2024-01-01"),
            ("Microsoft.Network", "privateDnsZones/virtualNetworkLinks", "2024-06-01"),
            ("Microsoft.KubernetesConfiguration", "extensions", "2024-11-01"),
            ("Microsoft.ContainerService", "managedClusters", "2025-05-01"),
        ] {
            let versions = types(namespace)[kind]["api_versions"].clone();
            assert!(
                versions.as_array().is_some_and(|all| all.contains(&json!(version))),
                "{kind}: {versions}"
            );
        }
        let regions = types("Microsoft.MachineLearningServices")["workspaces"]["locations"].to_string();
        assert!(regions.contains("East US") && !regions.contains("South India"), "{regions}");
    });
}

#[test]
fn what_is_missing_in_another_subscription_is_told_with_the_commands_for_it() {
    every_cli(|cli| {
        let other = Emulator::OTHER_SUBSCRIPTION;
        let features = "  features = [\"kubernetes\", \"private_network\", \"managed_network\"]";
        let there = format!("{features}\n  subscription_id = \"{other}\"");
        let (azure, dir) = scene(cli, &[("here", features), ("there", &there)]);
        put(&azure, other, "Microsoft.Network", "NotRegistered");
        put(&azure, other, "Microsoft.KubernetesConfiguration", "Unregistered");
        put(&azure, other, "Microsoft.Search", "NotRegistered");
        dir.apply().succeeds();
        let (here, there) = (found(&dir, "here"), found(&dir, "there"));
        assert_eq!((&here["missing"], &here["all_registered"]), (&json!([]), &json!(true)));
        assert_eq!((&there["subscription_id"], &there["all_registered"]), (&json!(other), &json!(false)));
        let missing = ["Microsoft.KubernetesConfiguration", "Microsoft.Network"];
        assert_eq!(there["missing"], json!(missing));
        let command =
            |namespace| format!("az provider register --namespace {namespace} --subscription {other} --wait");
        assert_eq!(there["commands"], json!(missing.map(command)));
        let states = ["ContainerService", "KubernetesConfiguration", "Network"].map(|short| {
            there["resource_providers"][format!("Microsoft.{short}")]["registration_state"].clone()
        });
        assert_eq!(states, ["Registered", "Unregistered", "NotRegistered"]);
        let network = &there["resource_providers"]["Microsoft.Network"]["reasons"];
        assert_eq!(network.as_array().map(Vec::len), Some(2), "one for each feature: {network}");
        let path = format!("/subscriptions/{other}/providers/Microsoft.Network");
        assert_eq!(azure.requests().to("GET", &path).len(), 1, "asked there, once");
    });
}

#[test]
fn a_registration_that_is_under_way_is_missing_until_it_has_come() {
    every_cli(|cli| {
        let (azure, dir) = scene(cli, &[("it", "  namespaces = [\"microsoft.network\"]")]);
        put(&azure, Emulator::SUBSCRIPTION, "Microsoft.Network", "Registering");
        dir.apply().succeeds();
        let found = found(&dir, "it");
        assert_eq!(found["missing"], json!(["Microsoft.Network"]));
        let network = &found["resource_providers"]["Microsoft.Network"];
        assert_eq!(
            (&network["registered"], &network["registration_state"]),
            (&json!(false), &json!("Registering"))
        );
        assert_eq!(network["reasons"].as_array().map(Vec::len), Some(2), "for whatever needs it: {network}");
    });
}
