//! Outbound rules of a managed network: their three types, their names, and what a client may say of them.

use serde_json::{Map, Value, json};

use super::refusal;
use super::shape::Shape::{Choice, Flag, Text, Texts};
use super::shape::{Member, read_object};
use crate::error::ArmError;
use crate::id::ResourceId;

const CATEGORIES: &[&str] = &["UserDefined", "Required", "Recommended", "Dependency"];

/// Members that every rule has.
const COMMON: [Member; 6] = [
    Member::new("type", Choice(&["FQDN", "PrivateEndpoint", "ServiceTag"])),
    Member::new("category", Choice(CATEGORIES)),
    Member::read_only("status", Text),
    Member::read_only("errorInformation", Text),
    Member::read_only("parentRuleNames", Texts),
    Member::new("fqdns", Texts),
];

const FQDN: &[Member] =
    &[COMMON[0], COMMON[1], COMMON[2], COMMON[3], COMMON[4], Member::new("destination", Text)];

const PRIVATE_ENDPOINT: &[Member] = &[
    COMMON[0],
    COMMON[1],
    COMMON[2],
    COMMON[3],
    COMMON[4],
    COMMON[5],
    Member::new(
        "destination",
        super::shape::Shape::Object(&[
            Member::new("serviceResourceId", Text),
            Member::new("subresourceTarget", Text),
            Member::new("sparkEnabled", Flag),
            Member::read_only("sparkStatus", Text),
        ]),
    ),
];

const SERVICE_TAG: &[Member] = &[
    COMMON[0],
    COMMON[1],
    COMMON[2],
    COMMON[3],
    COMMON[4],
    Member::new(
        "destination",
        super::shape::Shape::Object(&[
            Member::new("serviceTag", Text),
            Member::new("protocol", Text),
            Member::new("portRanges", Text),
            Member::new("action", Choice(&["Allow", "Deny"])),
            Member::new("addressPrefixes", Texts),
        ]),
    ),
];

/// Parts of a resource that a private endpoint can lead to, by the resource's type.
const SUBRESOURCES: &[(&str, &[&str])] = &[
    ("Microsoft.Storage/storageAccounts", &["blob", "table", "queue", "file", "web", "dfs"]),
    ("Microsoft.KeyVault/vaults", &["vault"]),
    ("Microsoft.Cache/redis", &["redisCache"]),
    ("Microsoft.MachineLearningServices/workspaces", &["amlworkspace"]),
    ("Microsoft.MachineLearningServices/registries", &["amlregistry"]),
    ("Microsoft.ContainerRegistry/registries", &["registry"]),
];

/// Whether a name is one a client may give to a rule or a workspace: 3 to 33 letters, digits, hyphens and underscores, a
/// letter or digit first.
pub(super) fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    (3..=33).contains(&name.len())
        && bytes.next().is_some_and(|b| b.is_ascii_alphanumeric())
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Refuses a rule name of another form.
pub(super) fn check_name(name: &str) -> Result<(), ArmError> {
    match is_name(name) {
        true => Ok(()),
        false => Err(refusal::invalid(
            format!(
                "'{name}' is no name for an outbound rule: it must match ^[a-zA-Z0-9][a-zA-Z0-9_-]{{2,32}}$."
            ),
            "outboundRules",
        )),
    }
}

/// Reads the rules inside a managed network; null stands for a rule to remove.
pub(super) fn read_map(value: &Value, path: &str, strict: bool) -> Result<Value, ArmError> {
    let Value::Object(rules) = value else {
        return Err(refusal::mistyped(path, "an object", value));
    };
    let mut read = Map::new();
    for (name, rule) in rules {
        check_name(name)?;
        let rule = match rule {
            Value::Null => Value::Null,
            rule => read_rule(rule, &format!("{path}.{name}"), strict)?,
        };
        read.insert(name.clone(), rule);
    }
    Ok(Value::Object(read))
}

/// Reads one rule as a client sends it.
pub(super) fn read_rule(value: &Value, path: &str, strict: bool) -> Result<Value, ArmError> {
    let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
    let members = match kind.to_ascii_lowercase().as_str() {
        "fqdn" => FQDN,
        "privateendpoint" => PRIVATE_ENDPOINT,
        "servicetag" => SERVICE_TAG,
        _ => {
            return Err(refusal::invalid(
                format!(
                    "'{kind}' is no type of outbound rule: FQDN, PrivateEndpoint or ServiceTag. Path '{path}.type'."
                ),
                path,
            ));
        }
    };
    let mut rule = read_object(members, value, path, strict)?;
    match rule.get("category").and_then(Value::as_str) {
        None => {
            rule.insert("category".to_owned(), json!("UserDefined"));
        }
        Some("UserDefined") => {}
        Some(other) => {
            return Err(ArmError::bad_request(format!(
                "Outbound rules of category '{other}' are made by the service. Path '{path}.category'."
            ))
            .target(path));
        }
    }
    check_destination(&rule, path)?;
    Ok(Value::Object(rule))
}

fn check_destination(rule: &Map<String, Value>, path: &str) -> Result<(), ArmError> {
    let destination = rule.get("destination").unwrap_or(&Value::Null);
    let text = |name: &str| destination[name].as_str().filter(|t| !t.is_empty());
    let missing = |name: &str| refusal::invalid(format!("'{path}.destination{name}' is required."), path);
    match rule.get("type").and_then(Value::as_str) {
        Some("FQDN") => match destination.as_str().filter(|t| !t.is_empty()) {
            Some(_) => Ok(()),
            None => Err(missing("")),
        },
        Some("PrivateEndpoint") => {
            let id = text("serviceResourceId").ok_or_else(|| missing(".serviceResourceId"))?;
            let target = text("subresourceTarget").ok_or_else(|| missing(".subresourceTarget"))?;
            check_subresource(id, target, path)
        }
        _ => {
            let prefixes = destination["addressPrefixes"].as_array().is_some_and(|p| !p.is_empty());
            match prefixes || text("serviceTag").is_some() {
                true => Ok(()),
                false => Err(missing(".serviceTag")),
            }
        }
    }
}

fn check_subresource(id: &str, target: &str, path: &str) -> Result<(), ArmError> {
    let Some(resource) = ResourceId::parse(id).filter(|id| !id.segments.is_empty()) else {
        return Err(refusal::invalid(format!("'{id}' is not the ID of a resource."), path));
    };
    let known = SUBRESOURCES.iter().find(|(kind, _)| resource.is(kind));
    match known {
        Some((kind, targets)) if !targets.iter().any(|t| t.eq_ignore_ascii_case(target)) => {
            Err(ArmError::bad_request(format!(
                "'{target}' is no sub-resource of '{kind}'. Supported: {}.",
                targets.join(", ")
            ))
            .target(path))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_pattern() {
        assert!(is_name("a-1"));
        assert!(is_name(&"a".repeat(33)));
        for name in ["ab", "-ab", "a.b", "äbc", &"a".repeat(34)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_rule_gets_its_category_and_type() {
        let rule =
            read_rule(&json!({"type": "fqdn", "destination": "*.x.org", "status": "Active"}), "r", true);
        assert_eq!(
            rule.unwrap(),
            json!({"type": "FQDN", "destination": "*.x.org", "category": "UserDefined"})
        );
    }

    #[test]
    fn rules_of_the_service_and_wrong_targets_are_refused() {
        let storage = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Storage/storageAccounts/a";
        let cases = [
            json!({"type": "FQDN", "destination": "x.org", "category": "Required"}),
            json!({"type": "FQDN"}),
            json!({"type": "Other"}),
            json!({"type": "PrivateEndpoint", "destination": {"serviceResourceId": storage, "subresourceTarget": "vault"}}),
            json!({"type": "PrivateEndpoint", "destination": {"serviceResourceId": "a", "subresourceTarget": "blob"}}),
            json!({"type": "ServiceTag", "destination": {"protocol": "TCP"}}),
        ];
        for rule in cases {
            assert!(read_rule(&rule, "r", true).is_err(), "{rule}");
        }
    }
}
