//! Workspaces as they are answered: the stored document, seen through an api-version.

use serde_json::{Map, Value, json};

use super::members::{ALWAYS_ANSWERED, NETWORK_SINCE, WORKSPACE};
use super::shape;
use super::version::{Since, Version};
use crate::http::Response;
use crate::id::ResourceId;
use crate::store::{Document, Store};

/// Members that a project has from its hub.
const INHERITED: &[&str] = &[
    "storageAccount",
    "keyVault",
    "applicationInsights",
    "containerRegistry",
    "publicNetworkAccess",
    "storageHnsEnabled",
];

/// A JSON answer of this service.
pub(super) fn json(status: u16, body: &Value) -> Response {
    standard(Response::json(status, body))
}

/// Adds the header field that every answer of this service has.
pub(super) fn standard(response: Response) -> Response {
    response.header("x-ms-response-type", "standard")
}

/// A workspace's body at an api-version.
pub(super) fn workspace(store: &Store, document: &Document, version: Version<'_>) -> Value {
    let mut body = document.body.clone();
    let hub = body["properties"]["hubResourceId"].as_str().and_then(|id| store.find(id));
    if let Some(properties) = body["properties"].as_object_mut() {
        if let Some(hub) = hub {
            inherit(properties, &hub.body["properties"]);
        }
        properties.retain(|name, _| answers(name, version));
        if let Some(network) = properties.get_mut("managedNetwork").and_then(Value::as_object_mut) {
            network.retain(|name, _| network_answers(name, version));
        }
        telemetry(properties);
    }
    trim_envelope(&mut body, version);
    body
}

fn inherit(project: &mut Map<String, Value>, hub: &Value) {
    for name in INHERITED {
        if let Some(value) = hub.get(*name) {
            project.insert((*name).to_owned(), value.clone());
        }
    }
    for name in ["resourceId", "fqdn"] {
        if let Some(info) = project.get_mut("notebookInfo").and_then(Value::as_object_mut) {
            info.insert(name.to_owned(), hub["notebookInfo"][name].clone());
        }
    }
}

/// Whether a version answers a member: if it declares it, or if it was seen to answer it all the same.
fn answers(name: &str, version: Version<'_>) -> bool {
    if name == "allowPublicAccessWhenBehindVnet" {
        // Recorded in 2021, and in no answer since 2022.
        return !version.from("2022-01-01");
    }
    match shape::find(WORKSPACE, name) {
        Some(member) => {
            version.knows(member.since) || ALWAYS_ANSWERED.iter().any(|n| n.eq_ignore_ascii_case(name))
        }
        // Written into the document from outside.
        None => true,
    }
}

fn network_answers(name: &str, version: Version<'_>) -> bool {
    let since = NETWORK_SINCE.iter().find(|(n, ..)| *n == name);
    since.is_none_or(|(_, stable, preview)| version.knows(Since::both(stable, preview)))
}

/// The key to the service's own telemetry is another one at each reading, where there is an Application Insights.
fn telemetry(properties: &mut Map<String, Value>) {
    if properties.get("applicationInsights").is_some_and(Value::is_string) {
        properties.insert("sdkTelemetryAppInsightsKey".to_owned(), json!(uuid::Uuid::new_v4().to_string()));
    }
}

fn trim_envelope(body: &mut Value, version: Version<'_>) {
    // Recorded: no kind at 2022-05-01, and at 2022-10-01-preview there is one although that version does not declare it.
    let since = [("kind", "2022-10-01"), ("sku", "2019-11-01"), ("systemData", "2021-01-01")];
    if let Some(body) = body.as_object_mut() {
        for (name, date) in since {
            if !version.from(date) {
                body.shift_remove(name);
            }
        }
    }
}

/// The name of the workspace's notebook host: a DNS label has room for 63 characters, so that the workspace's name is
/// cut; what no host name can hold is dropped from it. Both recorded.
pub(super) fn notebook_host(name: &str, location: &str, workspace_id: &str) -> String {
    let room = 63_usize.saturating_sub("ml---".len() - 1 + location.len() + workspace_id.len() + 1);
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(room).collect();
    format!("ml-{}-{location}-{workspace_id}.{location}.notebooks.azure.net", name.to_lowercase())
}

/// An ID with the spelling that the service gives to those of a workspace of kind Default: recorded for vaults and
/// Application Insights, while hubs and projects keep what was sent.
pub(super) fn respell(text: &str) -> String {
    let spelled = [
        ("Microsoft.KeyVault/vaults", "Microsoft.Keyvault", "vaults"),
        ("Microsoft.Insights/components", "Microsoft.insights", "components"),
    ];
    let Some(id) = ResourceId::parse(text) else {
        return text.to_owned();
    };
    match spelled.iter().find(|(kind, ..)| id.is(kind)) {
        Some((_, namespace, kind)) => id.sibling(namespace, kind, id.name()).to_string(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notebook_hosts_are_the_recorded_ones() {
        let id = "a8e5687d-0818-4bf9-94ba-e0d35435059b";
        assert_eq!(
            notebook_host("mlworkspace-test1", "eastus2", id),
            "ml-mlworkspace-tes-eastus2-a8e5687d-0818-4bf9-94ba-e0d35435059b.eastus2.notebooks.azure.net"
        );
        let id = "1ab87329-7584-40e4-aa86-7501c6f7d9ed";
        assert_eq!(
            notebook_host("e2etest_test_61875381419", "eastus2euap", id),
            "ml-e2etesttest-eastus2euap-1ab87329-7584-40e4-aa86-7501c6f7d9ed.eastus2euap.notebooks.azure.net"
        );
    }

    #[test]
    fn vaults_and_insights_are_respelled() {
        let id = |namespace: &str, kind: &str| {
            format!("/subscriptions/s/resourceGroups/r/providers/{namespace}/{kind}/N")
        };
        assert_eq!(respell(&id("Microsoft.KeyVault", "vaults")), id("Microsoft.Keyvault", "vaults"));
        assert_eq!(respell(&id("microsoft.insights", "components")), id("Microsoft.insights", "components"));
        let storage = id("microsoft.storage", "storageaccounts");
        assert_eq!(respell(&storage), storage);
    }

    #[test]
    fn a_version_answers_what_it_declares_and_what_was_seen() {
        let shown = |name: &str, version: &str| answers(name, Version::new(version));
        assert!(!shown("systemDatastoresAuthMode", "2024-04-01"));
        assert!(shown("systemDatastoresAuthMode", "2025-12-01"));
        assert!(shown("networkAcls", "2024-04-01"));
        assert!(shown("EnableSoftwareBillOfMaterials", "2024-04-01"));
        assert!(!shown("serverlessComputeSettings", "2023-04-01"));
        assert!(!shown("managedNetwork", "2023-04-01"));
        assert!(shown("somethingElse", "2018-11-19"));
    }
}
