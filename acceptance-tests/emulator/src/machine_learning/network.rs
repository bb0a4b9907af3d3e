//! The managed network of a workspace: how its isolation may change, and the rules that the service makes itself.

use serde_json::{Map, Value, json};

use super::members::ISOLATION_MODES;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::store::Store;

/// Service tags that an approved-only network always opens, as recorded.
const SERVICE_TAGS: &[&str] = &[
    "AzureActiveDirectory",
    "AzureContainerRegistry",
    "AzureFrontDoor.FirstParty",
    "AzureMachineLearning",
    "AzureMonitor",
    "AzureResourceManager",
    "BatchNodeManagement",
    "MicrosoftContainerRegistry",
    "VirtualNetwork",
];

/// The dependents that get a private endpoint, as (member of the workspace, sub-resource).
const ENDPOINTS: &[(&str, &str)] = &[
    ("keyVault", "vault"),
    ("storageAccount", "blob"),
    ("storageAccount", "file"),
    ("containerRegistry", "registry"),
];

/// The managed network after a request, null when there is none; `workspace` is the workspace's properties.
pub(super) fn on_write(
    store: &Store,
    workspace: &Map<String, Value>,
    current: &Value,
    wanted: &Value,
) -> Result<Value, ArmError> {
    let mode = mode_of(current, wanted)?;
    let rules = wanted["outboundRules"].as_object();
    if mode == "Disabled" {
        if rules.is_some_and(|r| r.values().any(|rule| !rule.is_null())) {
            return Err(ArmError::bad_request(
                "Outbound rules need a managed network: set managedNetwork.isolationMode.",
            )
            .target("managedNetwork.outboundRules"));
        }
        return Ok(Value::Null);
    }
    if current["managedNetworkKind"] == "V2" && wanted["managedNetworkKind"] == "V1" {
        return Err(ArmError::bad_request("The kind of a managed network cannot be changed from V2 to V1.")
            .target("managedNetwork.managedNetworkKind"));
    }
    let either = |name: &str, default: Value| match (&wanted[name], &current[name]) {
        (Value::Null, Value::Null) => default,
        (Value::Null, current) => current.clone(),
        (wanted, _) => wanted.clone(),
    };
    let mut network = json!({
        "isolationMode": mode,
        "networkId": workspace.get("workspaceId").cloned().unwrap_or(Value::Null),
        "outboundRules": user_rules(current, rules),
        "status": either("status", json!({ "status": "Inactive", "sparkReady": false })),
        "firewallSku": either("firewallSku", json!("Standard")),
        "managedNetworkKind": either("managedNetworkKind", json!("V1")),
        "enableNetworkMonitor": either("enableNetworkMonitor", json!(false)),
        "changeableIsolationModes": changeable(mode),
    });
    if wanted["enableFirewallLog"].is_boolean() || current["enableFirewallLog"].is_boolean() {
        network["enableFirewallLog"] = either("enableFirewallLog", json!(false));
    }
    refresh(store, workspace, &mut network);
    Ok(network)
}

/// The isolation mode after a request: it never opens again.
fn mode_of<'a>(current: &'a Value, wanted: &'a Value) -> Result<&'a str, ArmError> {
    let now = current["isolationMode"].as_str().unwrap_or("Disabled");
    let next = wanted["isolationMode"].as_str().unwrap_or(now);
    match rank(next) < rank(now) {
        true => Err(ArmError::bad_request(format!(
            "The isolation mode of the managed network cannot be changed from {now} to {next}."
        ))
        .target("managedNetwork.isolationMode")),
        false => Ok(next),
    }
}

fn rank(mode: &str) -> usize {
    ISOLATION_MODES.iter().position(|m| *m == mode).unwrap_or_default()
}

fn changeable(mode: &str) -> Vec<&'static str> {
    ISOLATION_MODES[rank(mode)..].to_vec()
}

/// The users' rules: those of before, with the request's added, replaced and, where null, removed.
fn user_rules(current: &Value, wanted: Option<&Map<String, Value>>) -> Map<String, Value> {
    let mut rules: Map<String, Value> = current["outboundRules"].as_object().cloned().unwrap_or_default();
    rules.retain(|_, rule| rule["category"] == "UserDefined");
    for (name, rule) in wanted.into_iter().flatten() {
        match rule {
            Value::Null => {
                rules.shift_remove(name);
            }
            rule => {
                rules.insert(name.clone(), rule.clone());
            }
        }
    }
    rules
}

/// Makes the service's own rules anew behind the users' and gives every rule its status.
pub(super) fn refresh(store: &Store, workspace: &Map<String, Value>, network: &mut Value) {
    let approved_only = network["isolationMode"] == "AllowOnlyApprovedOutbound";
    let active = network["status"]["status"] == "Active";
    let mut rules = user_rules(network, None);
    for (member, part) in ENDPOINTS {
        let Some(id) = workspace.get(*member).and_then(Value::as_str).filter(|id| !id.is_empty()) else {
            continue;
        };
        if approved_only || is_private(store, id) {
            let name = ResourceId::parse(id).map(|id| id.name().to_owned()).unwrap_or_default();
            rules.insert(
                format!("__SYS_PE_{name}_{part}"),
                json!({
                    "type": "PrivateEndpoint",
                    "destination": { "serviceResourceId": id, "subresourceTarget": part, "sparkEnabled": true },
                    "category": "Required",
                }),
            );
        }
    }
    for tag in SERVICE_TAGS.iter().filter(|_| approved_only) {
        rules.insert(
            format!("__SYS_ST_{tag}"),
            json!({
                "type": "ServiceTag",
                "destination": { "serviceTag": tag, "protocol": "*", "portRanges": "*" },
                "category": "Required",
            }),
        );
    }
    for rule in rules.values_mut() {
        rule["status"] = json!(if active { "Active" } else { "Inactive" });
    }
    network["outboundRules"] = Value::Object(rules);
}

fn is_private(store: &Store, id: &str) -> bool {
    store.find(id).is_some_and(|d| d.text("/properties/publicNetworkAccess").eq_ignore_ascii_case("Disabled"))
}

/// Brings the network into being.
pub(super) fn provision(store: &Store, workspace: &Map<String, Value>, network: &mut Value, spark: bool) {
    let ready = spark || network["status"]["sparkReady"] == true;
    network["status"] = json!({ "status": "Active", "sparkReady": ready });
    refresh(store, workspace, network);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace() -> Map<String, Value> {
        let id =
            |kind: &str, name: &str| format!("/subscriptions/s/resourceGroups/r/providers/{kind}/{name}");
        json!({
            "workspaceId": "w",
            "storageAccount": id("Microsoft.Storage/storageAccounts", "st"),
            "keyVault": id("Microsoft.Keyvault/vaults", "kv"),
        })
        .as_object()
        .unwrap()
        .clone()
    }

    fn write(current: &Value, wanted: &Value) -> Result<Value, ArmError> {
        on_write(&Store::default(), &workspace(), current, wanted)
    }

    #[test]
    fn an_approved_only_network_has_the_recorded_rules() {
        let rule = json!({"type": "FQDN", "destination": "*.pytorch.org", "category": "UserDefined"});
        let wanted =
            json!({"isolationMode": "AllowOnlyApprovedOutbound", "outboundRules": {"pytorch": rule}});
        let network = write(&Value::Null, &wanted).unwrap();
        let names: Vec<&String> = network["outboundRules"].as_object().unwrap().keys().collect();
        assert_eq!(names[..4], ["pytorch", "__SYS_PE_kv_vault", "__SYS_PE_st_blob", "__SYS_PE_st_file"]);
        assert_eq!(names.len(), 13);
        assert_eq!(network["networkId"], "w");
        assert_eq!(network["outboundRules"]["__SYS_ST_VirtualNetwork"]["status"], "Inactive");
    }

    #[test]
    fn isolation_never_opens_again() {
        let open = write(&Value::Null, &json!({"isolationMode": "AllowInternetOutbound"})).unwrap();
        let closed = write(&open, &json!({"isolationMode": "AllowOnlyApprovedOutbound"})).unwrap();
        assert_eq!(closed["isolationMode"], "AllowOnlyApprovedOutbound");
        let refused = write(&closed, &json!({"isolationMode": "AllowInternetOutbound"})).unwrap_err();
        assert_eq!(
            refused.message,
            "The isolation mode of the managed network cannot be changed from AllowOnlyApprovedOutbound to AllowInternetOutbound."
        );
        assert!(write(&open, &json!({"isolationMode": "Disabled"})).is_err());
        assert_eq!(
            write(&Value::Null, &json!({"isolationMode": "Disabled", "outboundRules": {}})).unwrap(),
            Value::Null
        );
    }

    #[test]
    fn provisioning_makes_every_rule_active() {
        let mut network =
            write(&Value::Null, &json!({"isolationMode": "AllowOnlyApprovedOutbound"})).unwrap();
        provision(&Store::default(), &workspace(), &mut network, true);
        assert_eq!(network["status"], json!({"status": "Active", "sparkReady": true}));
        assert!(network["outboundRules"].as_object().unwrap().values().all(|r| r["status"] == "Active"));
        let more = json!({"outboundRules": {"abc": {"type": "FQDN", "destination": "x", "category": "UserDefined"}}});
        let network = write(&network, &more).unwrap();
        assert_eq!(network["outboundRules"]["abc"]["status"], "Active");
    }
}
