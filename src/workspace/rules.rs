//! The rules across attributes that need no request: what Azure would refuse is refused at plan, at its place.

use tfplugin::{Diagnostics, Value};

use crate::check;
use crate::kind::Kind;
use crate::view;
use crate::workspace::identity;

/// Everything that is wrong with a configuration as a whole.
pub(super) fn check(config: &Value) -> Diagnostics {
    let mut found = Diagnostics::new();
    identities(config, &mut found);
    customer_managed_key(config, &mut found);
    found
}

fn refuse(found: &mut Diagnostics, summary: &str, detail: String, path: &[&str]) {
    found.error_at(view::path(path), summary, detail);
}

const IDENTITY: &str = "Invalid Identity";
const KEY: &str = "Invalid Customer-Managed Key";

/// A workspace with user-assigned identities works as one of them; one without has none to work as.
fn identities(config: &Value, found: &mut Diagnostics) {
    const PRIMARY: &[&str] = &["primary_user_assigned_identity_id"];
    const IDS: &[&str] = &["identity", "identity_ids"];
    let kind = match view::member(config, &["identity"]) {
        Value::Null => Some(identity::Kind::System),
        _ => view::text(config, &["identity", "type"]).and_then(identity::Kind::read),
    };
    let Some(kind) = kind else { return };
    if kind == identity::Kind::System {
        if view::member(config, IDS).elements().is_some_and(|ids| !ids.is_empty()) {
            let detail = "With identity type \"SystemAssigned\" there are no identity.identity_ids. Set the type to \"UserAssigned\" or \"SystemAssigned,UserAssigned\", or remove identity_ids.";
            refuse(found, IDENTITY, detail.to_owned(), IDS);
        }
        if view::text(config, PRIMARY).is_some() {
            let detail = "primary_user_assigned_identity_id has to be one of identity.identity_ids, but the workspace has a system-assigned identity only. Set identity with type \"UserAssigned\" or \"SystemAssigned,UserAssigned\" and the ID in identity_ids.";
            refuse(found, IDENTITY, detail.to_owned(), PRIMARY);
        }
        return;
    }
    let ids = view::texts(config, IDS);
    if ids.as_ref().is_some_and(Vec::is_empty) {
        let detail = format!(
            "With identity type \"{}\", identity.identity_ids names at least one user-assigned identity.",
            kind.as_str()
        );
        refuse(found, IDENTITY, detail, IDS);
        return;
    }
    if view::is_null(config, PRIMARY) {
        let detail = format!(
            "With identity type \"{}\", primary_user_assigned_identity_id has to name the one of identity_ids that the workspace works as.",
            kind.as_str()
        );
        refuse(found, IDENTITY, detail, PRIMARY);
    } else if let (Some(primary), Some(ids)) = (view::text(config, PRIMARY), &ids)
        && !ids.iter().any(|id| check::same_id(id, primary))
    {
        let detail = format!(
            "primary_user_assigned_identity_id has to be one of identity.identity_ids, but {primary:?} is not among them."
        );
        refuse(found, IDENTITY, detail, PRIMARY);
    }
}

/// The key lies in the vault that is named beside it, and an identity of the workspace opens that vault.
fn customer_managed_key(config: &Value, found: &mut Diagnostics) {
    const KEY_ID: &[&str] = &["customer_managed_key", "key_id"];
    const VAULT: &[&str] = &["customer_managed_key", "key_vault_id"];
    const OPENER: &[&str] = &["customer_managed_key", "user_assigned_identity_id"];
    if matches!(view::member(config, &["customer_managed_key"]), Value::Null | Value::Unknown) {
        return;
    }
    if let (Some(key), Some(vault)) = (view::text(config, KEY_ID), view::text(config, VAULT))
        && let (Ok(key), Ok(vault)) = (check::key_url(key), Kind::KeyVault.check(vault))
        && !check::same_name(key.vault, vault.name())
    {
        let detail = format!(
            "The key has to lie in the vault that customer_managed_key.key_vault_id names, {:?}, but its URL is that of a key in the vault {:?}. A workspace can change to another key in the same vault; another vault needs another workspace.",
            vault.name(),
            key.vault
        );
        refuse(found, KEY, detail, KEY_ID);
    }
    let kind = view::text(config, &["identity", "type"]).and_then(identity::Kind::read);
    if kind == Some(identity::Kind::User) && view::is_null(config, OPENER) {
        let detail = "With identity type \"UserAssigned\", customer_managed_key.user_assigned_identity_id has to name the one of identity.identity_ids that opens the key vault.";
        refuse(found, KEY, detail.to_owned(), OPENER);
    }
    if let (Some(opener), Some(ids)) =
        (view::text(config, OPENER), view::texts(config, &["identity", "identity_ids"]))
        && !ids.iter().any(|id| check::same_id(id, opener))
    {
        let detail = format!(
            "customer_managed_key.user_assigned_identity_id has to be one of identity.identity_ids, but {opener:?} is not among them."
        );
        refuse(found, KEY, detail, OPENER);
    }
}
