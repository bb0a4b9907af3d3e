//! Encryption with the customer's own key: what a creation must name, and how the key rotates.

use serde_json::{Map, Value, json};

use super::refusal;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::store::Store;

/// Spellings of the deployment template of the service's command line, and what they are answered as.
const ALIASES: &[(&str, &str)] = &[
    ("cosmosDbArmId", "cosmosDbResourceId"),
    ("storageAccountArmId", "storageAccountResourceId"),
    ("searchAccountArmId", "searchAccountResourceId"),
];

/// The encryption of a new workspace, none when the request leaves it to the service's key.
pub(super) fn on_create(
    store: &Store,
    properties: &Map<String, Value>,
    identity: &Value,
) -> Result<Option<Value>, ArmError> {
    let wanted = properties.get("encryption").unwrap_or(&Value::Null);
    let service_side = properties.get("enableServiceSideCMKEncryption") == Some(&json!(true));
    if wanted["status"] != "Enabled" {
        if service_side {
            return Err(refusal::invalid(
                "Service-side encryption needs a customer-managed key: set encryption.",
                "workspace.EnableServiceSideCMKEncryption",
            ));
        }
        if has_key(wanted) && wanted["status"].is_null() {
            return Err(missing("status"));
        }
        return Ok(None);
    }
    check_vault(store, wanted)?;
    check_identity(identity, wanted)?;
    let mut answer = Map::new();
    if let Value::Object(members) = wanted {
        for (name, value) in members {
            let name = ALIASES.iter().find(|(alias, _)| alias == name).map_or(name.as_str(), |(_, n)| n);
            if !value.is_null() && value != "" {
                answer.insert(name.to_owned(), value.clone());
            }
        }
    }
    Ok(Some(Value::Object(answer)))
}

/// The encryption after a PATCH or a PUT of an existing workspace: nothing but the key may change, within its vault.
pub(super) fn on_update(current: &Value, wanted: &Value) -> Result<Value, ArmError> {
    let identifier = wanted.pointer("/keyVaultProperties/keyIdentifier").and_then(Value::as_str);
    if current.is_null() {
        if wanted["status"] == "Disabled" || wanted.is_null() {
            return Ok(Value::Null);
        }
        return Err(ArmError::bad_request(
            "Encryption with a customer-managed key cannot be turned on after the workspace is created.",
        )
        .target("encryption"));
    }
    if wanted["status"] == "Disabled" {
        return Err(ArmError::bad_request(
            "Encryption with a customer-managed key cannot be turned off after the workspace is created.",
        )
        .target("encryption"));
    }
    let Some(identifier) = identifier.filter(|text| !text.is_empty()) else {
        return Err(missing("keyVaultProperties.keyIdentifier"));
    };
    let old =
        current.pointer("/keyVaultProperties/keyIdentifier").and_then(Value::as_str).unwrap_or_default();
    let (Some(old_vault), Some(vault)) = (vault_of(old), vault_of(identifier)) else {
        return Err(bad_identifier(identifier));
    };
    if old_vault != vault {
        return Err(ArmError::bad_request(format!(
            "The new key must be in the key vault of the current key: '{vault}' is not '{old_vault}'."
        ))
        .target("encryption.keyVaultProperties.keyIdentifier"));
    }
    for member in ["/keyVaultProperties/keyVaultArmId", "/identity/userAssignedIdentity"] {
        let wanted = wanted.pointer(member).and_then(Value::as_str);
        if wanted.is_some_and(|w| !same(current.pointer(member).and_then(Value::as_str), w)) {
            return Err(refusal::fixed(&format!("encryption{}", member.replace('/', "."))));
        }
    }
    let mut answer = current.clone();
    answer["keyVaultProperties"]["keyIdentifier"] = json!(identifier);
    Ok(answer)
}

fn same(current: Option<&str>, wanted: &str) -> bool {
    current.is_some_and(|c| c.eq_ignore_ascii_case(wanted))
}

fn has_key(encryption: &Value) -> bool {
    let member = encryption.pointer("/keyVaultProperties/keyIdentifier").and_then(Value::as_str);
    member.is_some_and(|text| !text.is_empty())
}

fn missing(member: &str) -> ArmError {
    refusal::invalid(format!("encryption.{member} is required."), "workspace.Encryption")
}

fn bad_identifier(identifier: &str) -> ArmError {
    refusal::invalid(
        format!("'{identifier}' is not the identifier of a key: https://<vault>/keys/<name>/<version>."),
        "workspace.Encryption.KeyVaultProperties.KeyIdentifier",
    )
}

/// The host of a key identifier, lower-cased.
fn vault_of(identifier: &str) -> Option<String> {
    let url = url::Url::parse(identifier).ok().filter(|url| url.scheme() == "https")?;
    let words: Vec<&str> = url.path_segments()?.filter(|w| !w.is_empty()).collect();
    (matches!(words.as_slice(), ["keys", _] | ["keys", _, _]))
        .then(|| url.host_str().map(str::to_lowercase))?
}

fn check_vault(store: &Store, encryption: &Value) -> Result<(), ArmError> {
    let text = |pointer: &str| encryption.pointer(pointer).and_then(Value::as_str).filter(|t| !t.is_empty());
    let vault = text("/keyVaultProperties/keyVaultArmId")
        .ok_or_else(|| missing("keyVaultProperties.keyVaultArmId"))?;
    let key = text("/keyVaultProperties/keyIdentifier")
        .ok_or_else(|| missing("keyVaultProperties.keyIdentifier"))?;
    let target = "encryption.keyVaultProperties.keyVaultArmId";
    let id = ResourceId::parse(vault).filter(|id| id.is("Microsoft.KeyVault/vaults"));
    let Some(id) = id else {
        return Err(refusal::invalid(format!("'{vault}' is not the ID of a key vault."), target));
    };
    let Some(document) = store.get(&id) else {
        return Err(ArmError::bad_request(format!("The key vault '{vault}' was not found.")).target(target));
    };
    if document.at("/properties/enablePurgeProtection") != &json!(true) {
        return Err(ArmError::bad_request(format!(
            "The key vault '{vault}' must have soft delete and purge protection enabled to hold a customer-managed key."
        ))
        .target(target));
    }
    let host = vault_of(key).ok_or_else(|| bad_identifier(key))?;
    match host.split('.').next() {
        Some(name) if name.eq_ignore_ascii_case(id.name()) => Ok(()),
        _ => Err(ArmError::bad_request(format!("The key '{key}' is not in the key vault '{vault}'."))
            .target(target)),
    }
}

/// With user-assigned identities alone, one of them must be named to reach the key.
fn check_identity(identity: &Value, encryption: &Value) -> Result<(), ArmError> {
    let named = encryption.pointer("/identity/userAssignedIdentity").and_then(Value::as_str);
    let target = "workspace.Encryption.Identity";
    match named.filter(|n| !n.is_empty()) {
        None if identity["type"] == "UserAssigned" => Err(refusal::invalid(
            "encryption.identity.userAssignedIdentity is required when the workspace's identity is UserAssigned.",
            target,
        )),
        None => Ok(()),
        Some(named) => {
            let known = identity["userAssignedIdentities"].as_object();
            match known.is_some_and(|m| m.keys().any(|id| id.eq_ignore_ascii_case(named))) {
                true => Ok(()),
                false => Err(refusal::invalid(
                    format!("'{named}' is not one of the workspace's identities."),
                    target,
                )),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Document;

    const VAULT: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv";

    fn store(protected: bool) -> Store {
        let mut store = Store::default();
        let id = ResourceId::parse(VAULT).unwrap();
        store.put(Document::new(&id, json!({"properties": {"enablePurgeProtection": protected}})));
        store
    }

    fn wanted(key: &str) -> Map<String, Value> {
        let body = json!({"encryption": {
            "status": "Enabled",
            "keyVaultProperties": {"keyVaultArmId": VAULT, "keyIdentifier": key},
            "cosmosDbArmId": "/x",
        }});
        body.as_object().unwrap().clone()
    }

    #[test]
    fn the_key_must_be_in_a_protected_vault_that_is_named() {
        let identity = json!({"type": "SystemAssigned"});
        let good = wanted("https://kv.vault.azure.net/keys/k/1");
        let made = on_create(&store(true), &good, &identity).unwrap().unwrap();
        assert_eq!(made["cosmosDbResourceId"], "/x");
        assert!(on_create(&store(false), &good, &identity).is_err());
        assert!(on_create(&Store::default(), &good, &identity).is_err());
        for key in ["https://other.vault.azure.net/keys/k/1", "kv", "https://kv.vault.azure.net/secrets/k/1"]
        {
            assert!(on_create(&store(true), &wanted(key), &identity).is_err(), "{key}");
        }
        assert!(on_create(&store(true), &good, &json!({"type": "UserAssigned"})).is_err());
    }

    #[test]
    fn the_command_lines_empty_encryption_is_none_at_all() {
        let empty = json!({"encryption": {"status": "Disabled", "keyVaultProperties": {"keyVaultArmId": "", "keyIdentifier": ""}}});
        let made = on_create(&Store::default(), empty.as_object().unwrap(), &Value::Null);
        assert_eq!(made.unwrap(), None);
        let alone = json!({"enableServiceSideCMKEncryption": true});
        assert!(on_create(&Store::default(), alone.as_object().unwrap(), &Value::Null).is_err());
    }

    #[test]
    fn a_key_rotates_within_its_vault() {
        let now = json!({"status": "Enabled", "keyVaultProperties": {"keyVaultArmId": VAULT, "keyIdentifier": "https://kv.vault.azure.net/keys/k/1"}});
        let key = |text: &str| json!({"keyVaultProperties": {"keyIdentifier": text}});
        let next = on_update(&now, &key("https://KV.vault.azure.net/keys/other/2")).unwrap();
        assert_eq!(next["keyVaultProperties"]["keyIdentifier"], "https://KV.vault.azure.net/keys/other/2");
        assert_eq!(next["keyVaultProperties"]["keyVaultArmId"], VAULT);
        assert_eq!(
            on_update(&now, &key("https://kv2.vault.azure.net/keys/k/1")).unwrap_err().message,
            "The new key must be in the key vault of the current key: 'kv2.vault.azure.net' is not 'kv.vault.azure.net'."
        );
        assert!(on_update(&Value::Null, &key("https://kv.vault.azure.net/keys/k/1")).is_err());
        assert!(on_update(&now, &json!({"status": "Disabled"})).is_err());
    }
}
