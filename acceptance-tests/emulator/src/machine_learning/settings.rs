//! What a workspace's settings demand of each other, for creations and changes alike.

use serde_json::{Map, Value, json};

use super::refusal;
use crate::error::ArmError;

/// Text of a member, none when absent, null or empty.
pub(super) fn text<'a>(properties: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    properties.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Checks the settings of a workspace after a request, against those before it.
pub(super) fn check(before: &Value, after: &Map<String, Value>) -> Result<(), ArmError> {
    check_serverless(before, after)?;
    let acls = after.get("networkAcls").unwrap_or(&Value::Null);
    if acls["defaultAction"] == "Deny" && acls["ipRules"].as_array().is_none_or(Vec::is_empty) {
        return Err(ArmError::bad_request(
            "networkAcls with the default action Deny needs at least one IP rule.",
        )
        .target("networkAcls"));
    }
    Ok(())
}

/// Compute without public IP addresses needs a subnet where the workspace has no public network access, and an existing
/// workspace cannot go over to it without one.
fn check_serverless(before: &Value, after: &Map<String, Value>) -> Result<(), ArmError> {
    let serverless = after.get("serverlessComputeSettings").unwrap_or(&Value::Null);
    let subnet = serverless["serverlessComputeCustomSubnet"].as_str().is_some_and(|s| !s.is_empty());
    if subnet || serverless["serverlessComputeNoPublicIP"] != true {
        return Ok(());
    }
    let target = "serverlessComputeSettings";
    if after.get("publicNetworkAccess") == Some(&json!("Disabled")) {
        return Err(ArmError::bad_request(
            "Serverless compute without public IP addresses needs a custom subnet when public network access is disabled.",
        )
        .target(target));
    }
    let earlier = &before["serverlessComputeSettings"];
    if earlier.is_object() && earlier["serverlessComputeNoPublicIP"] != true {
        return Err(ArmError::bad_request(
            "Serverless compute cannot lose its public IP addresses without a custom subnet.",
        )
        .target(target));
    }
    Ok(())
}

/// Network rules as answered: with the members that only the service fills in. Without public network access there are
/// none.
pub(super) fn network_acls(sent: &Value, public: bool) -> Value {
    let none = json!({ "defaultAction": "Allow", "bypass": "", "ipRules": [], "resourceAccessRules": [] });
    if !public || !sent.is_object() {
        return none;
    }
    let mut acls = none;
    for name in ["defaultAction", "ipRules"] {
        if !sent[name].is_null() {
            acls[name] = sent[name].clone();
        }
    }
    acls
}

/// Feature store settings are for feature stores. (K) One without them is taken: that they are needed is a rule of
/// other clients.
pub(super) fn check_feature_store(kind: &str, settings: Option<&Value>) -> Result<(), ArmError> {
    let set = settings.is_some_and(|s| s.as_object().is_some_and(|s| !s.is_empty()));
    match set && kind != "FeatureStore" {
        true => Err(refusal::invalid(
            format!("featureStoreSettings is only for workspaces of kind FeatureStore, not {kind}."),
            "workspace.FeatureStoreSettings",
        )),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &Value, after: &Value) -> bool {
        super::check(before, after.as_object().unwrap()).is_ok()
    }

    #[test]
    fn serverless_compute_without_addresses_needs_a_subnet_or_public_access() {
        let bare = json!({"serverlessComputeNoPublicIP": true});
        let none = Value::Null;
        assert!(check(&none, &json!({"publicNetworkAccess": "Enabled", "serverlessComputeSettings": bare})));
        assert!(!check(
            &none,
            &json!({"publicNetworkAccess": "Disabled", "serverlessComputeSettings": bare})
        ));
        let placed = json!({"serverlessComputeNoPublicIP": true, "serverlessComputeCustomSubnet": "/s"});
        assert!(check(
            &none,
            &json!({"publicNetworkAccess": "Disabled", "serverlessComputeSettings": placed})
        ));
        let before = json!({"serverlessComputeSettings": {"serverlessComputeNoPublicIP": false}});
        assert!(!check(
            &before,
            &json!({"publicNetworkAccess": "Enabled", "serverlessComputeSettings": bare})
        ));
    }

    #[test]
    fn denying_needs_a_rule_and_no_public_access_voids_the_rules() {
        assert!(!check(&Value::Null, &json!({"networkAcls": {"defaultAction": "Deny", "ipRules": []}})));
        let sent = json!({"defaultAction": "Deny", "ipRules": [{"value": "10.0.0.0/8"}]});
        assert_eq!(network_acls(&sent, true)["ipRules"][0]["value"], "10.0.0.0/8");
        assert_eq!(network_acls(&sent, false)["defaultAction"], "Allow");
    }
}
