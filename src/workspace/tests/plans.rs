//! What is refused across attributes, in the words that a user reads.

use tfplugin::Value;

use super::*;
use crate::workspace::rules;

/// The messages about a configuration, each with its place.
fn refused<const N: usize>(over: [(&'static str, Value); N]) -> Vec<String> {
    let mut config = workspace([("identity", Value::Null)]);
    for (name, value) in over {
        view::put(&mut config, &[name], value);
    }
    let found = rules::check(&config);
    found
        .iter()
        .map(|found| format!("{}: {}", found.path.clone().unwrap_or_default(), found.detail))
        .collect()
}

fn configured_identity(kind: &str, ids: Value) -> Value {
    let mut value = identity(kind, ids);
    view::put(&mut value, &["principal_id"], Value::Null);
    view::put(&mut value, &["tenant_id"], Value::Null);
    value
}

#[test]
fn nothing_is_wrong_with_the_least() {
    assert_eq!(refused([]), Vec::<String>::new());
    assert_eq!(
        refused([("identity", Value::Unknown), ("customer_managed_key", Value::Unknown)]),
        Vec::<String>::new()
    );
}

#[test]
fn user_assigned_identities() {
    let u1 = user_identity("u1");
    let user = |ids| ("identity", configured_identity("UserAssigned", ids));
    let primary = |id: &str| ("primary_user_assigned_identity_id", Value::from(id));
    assert_eq!(
        refused([user(Value::Null)]),
        [
            "identity.identity_ids: With identity type \"UserAssigned\", identity.identity_ids names at least one user-assigned identity."
        ]
    );
    assert_eq!(
        refused([user(texts(&[u1.as_str()]))]),
        [
            "primary_user_assigned_identity_id: With identity type \"UserAssigned\", primary_user_assigned_identity_id has to name the one of identity_ids that the workspace works as."
        ]
    );
    assert_eq!(
        refused([user(texts(&[u1.as_str()])), primary(&user_identity("u2"))]),
        [format!(
            "primary_user_assigned_identity_id: primary_user_assigned_identity_id has to be one of identity.identity_ids, but {:?} is not among them.",
            user_identity("u2")
        )]
    );
    assert!(refused([user(texts(&[u1.as_str()])), primary(&u1.to_uppercase())]).is_empty());
    assert!(refused([user(Value::Unknown), primary(&u1)]).is_empty());
    assert!(
        refused([user(texts(&[u1.as_str()])), ("primary_user_assigned_identity_id", Value::Unknown)])
            .is_empty()
    );
    assert_eq!(
        refused([primary(&u1)]),
        [
            "primary_user_assigned_identity_id: primary_user_assigned_identity_id has to be one of identity.identity_ids, but the workspace has a system-assigned identity only. Set identity with type \"UserAssigned\" or \"SystemAssigned,UserAssigned\" and the ID in identity_ids."
        ]
    );
    assert_eq!(
        refused([("identity", configured_identity("systemAssigned", texts(&[u1])))]),
        [
            "identity.identity_ids: With identity type \"SystemAssigned\" there are no identity.identity_ids. Set the type to \"UserAssigned\" or \"SystemAssigned,UserAssigned\", or remove identity_ids."
        ]
    );
}

#[test]
fn keys_of_ones_own() {
    let u1 = user_identity("u1");
    let cmk = |key_id: &str, opener| ("customer_managed_key", encryption(key_id, opener));
    assert!(refused([cmk(&key("k"), Value::Null)]).is_empty());
    assert_eq!(
        refused([cmk("https://other.vault.azure.net/keys/k/1", Value::Null)]),
        [
            "customer_managed_key.key_id: The key has to lie in the vault that customer_managed_key.key_vault_id names, \"kv\", but its URL is that of a key in the vault \"other\". A workspace can change to another key in the same vault; another vault needs another workspace."
        ]
    );
    let user = ("identity", configured_identity("UserAssigned", texts(&[u1.as_str()])));
    let primary = ("primary_user_assigned_identity_id", Value::from(u1.as_str()));
    assert_eq!(
        refused([user.clone(), primary.clone(), cmk(&key("k"), Value::Null)]),
        [
            "customer_managed_key.user_assigned_identity_id: With identity type \"UserAssigned\", customer_managed_key.user_assigned_identity_id has to name the one of identity.identity_ids that opens the key vault."
        ]
    );
    assert_eq!(
        refused([user.clone(), primary.clone(), cmk(&key("k"), Value::from("elsewhere"))]),
        [
            "customer_managed_key.user_assigned_identity_id: customer_managed_key.user_assigned_identity_id has to be one of identity.identity_ids, but \"elsewhere\" is not among them."
        ]
    );
    assert!(refused([user, primary, cmk(&key("k"), Value::from(u1))]).is_empty());
}
