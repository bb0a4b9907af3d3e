//! What the marks of the model's fields name: checks and equalities, as the tables take them.

use tfplugin::Value;

use crate::check;
use crate::kind::Kind;
use crate::workspace::identity;

pub(super) use crate::marks::*;

text_checks! {
    workspace_name => check::workspace_name;
    storage_account_id => |text| Kind::StorageAccount.check(text).map(drop);
    key_vault_id => |text| Kind::KeyVault.check(text).map(drop);
    application_insights_id => |text| Kind::ApplicationInsights.check(text).map(drop);
    container_registry_id => |text| Kind::ContainerRegistry.check(text).map(drop);
    user_assigned_identity_id => |text| Kind::UserAssignedIdentity.check(text).map(drop);
    key_id => |text| check::key_url(text).map(drop);
    identity_type => identity::Kind::check;
}

/// A check of a set of IDs, of which some may not be known yet.
pub(super) fn identity_ids(value: &Value) -> Result<(), String> {
    let mut texts = value.elements().unwrap_or_default().iter().filter_map(Value::as_str);
    texts.try_for_each(|text| {
        Kind::UserAssignedIdentity
            .check(text)
            .map(drop)
            .map_err(|problem| format!("has an element that {problem}"))
    })
}

text_equalities! {
    same_url => |a: &str, b: &str| check::same_name(a.trim_end_matches('/'), b.trim_end_matches('/'));
    same_identity_type => |a, b| identity::Kind::read(a).is_some_and(|a| identity::Kind::read(b) == Some(a));
}

/// Encryption with a key of one's own is decided when the workspace is created. What is not known yet is taken for what it was.
pub(super) fn appears_or_goes(prior: &Value, planned: &Value) -> bool {
    prior.is_null() != planned.is_null() && !planned.is_unknown()
}
