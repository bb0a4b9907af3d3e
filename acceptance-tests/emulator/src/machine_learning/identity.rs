//! The managed identities of a workspace: what a request asks for, and the principals that come of it.

use serde_json::{Map, Value, json};

use super::refusal;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::store::Store;

const TYPES: &[(&str, bool, bool)] = &[
    ("None", false, false),
    ("SystemAssigned", true, false),
    ("UserAssigned", false, true),
    ("SystemAssigned,UserAssigned", true, true),
];

/// How the identities of a request change those of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A PUT: what is not named goes.
    Replace,
    /// A PATCH: a user-assigned identity goes when its value is null, and when the type no longer has any.
    Merge,
}

/// The identity of a workspace after a request, in the form of the answer.
pub(super) fn assign(
    store: &Store,
    tenant: &str,
    current: &Value,
    wanted: &Value,
    mode: Mode,
) -> Result<Value, ArmError> {
    let (name, system, user) = kind_of(wanted, current)?;
    if !system && !user {
        return Err(no_identity());
    }
    let mut answer = Map::new();
    answer.insert("type".to_owned(), json!(name));
    let kept = current["principalId"].as_str();
    let principal = match (system, kept) {
        (false, _) => Value::Null,
        (true, Some(id)) => json!(id),
        (true, None) => json!(uuid::Uuid::new_v4().to_string()),
    };
    answer.insert("principalId".to_owned(), principal);
    answer.insert("tenantId".to_owned(), json!(tenant));
    if user {
        let members = members(store, tenant, current, wanted, mode)?;
        if members.is_empty() {
            return Err(refusal::invalid(
                format!("An identity of type '{name}' needs at least one user-assigned identity."),
                "workspace.Identity",
            ));
        }
        answer.insert("userAssignedIdentities".to_owned(), Value::Object(members));
    }
    Ok(Value::Object(answer))
}

/// A workspace without an identity; code, text and target are those of the service.
pub(super) fn no_identity() -> ArmError {
    refusal::invalid(
        "Make sure to create your workspace using a client which support MSI",
        "workspace.Identity",
    )
}

fn kind_of(wanted: &Value, current: &Value) -> Result<(&'static str, bool, bool), ArmError> {
    let text = wanted["type"].as_str().or_else(|| current["type"].as_str()).unwrap_or("None");
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    TYPES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(&text)).copied().ok_or_else(|| {
        refusal::invalid(format!("'{text}' is no type of managed identity."), "workspace.Identity")
    })
}

fn members(
    store: &Store,
    tenant: &str,
    current: &Value,
    wanted: &Value,
    mode: Mode,
) -> Result<Map<String, Value>, ArmError> {
    let mut members = match (&current["userAssignedIdentities"], mode) {
        (Value::Object(members), Mode::Merge) => members.clone(),
        _ => Map::new(),
    };
    let Value::Object(asked) = &wanted["userAssignedIdentities"] else {
        return Ok(members);
    };
    for (text, value) in asked {
        let id = user_assigned(text)?;
        members.retain(|name, _| !name.eq_ignore_ascii_case(&id));
        if value.is_null() {
            if mode == Mode::Replace {
                // A PUT with null adds: the service's own template language writes an empty object so.
                members.insert(id.clone(), principals(store, tenant, &id)?);
            }
        } else {
            members.insert(id.clone(), principals(store, tenant, &id)?);
        }
    }
    Ok(members)
}

/// The ID of a user-assigned identity in the spelling of the answers: recorded, `resourcegroups` comes back as
/// `resourceGroups`.
fn user_assigned(text: &str) -> Result<String, ArmError> {
    let id = ResourceId::parse(text)
        .filter(|id| id.is("Microsoft.ManagedIdentity/userAssignedIdentities") && id.group.is_some());
    let Some(id) = id else {
        return Err(ArmError::new(
            400,
            "InvalidIdentityIds",
            format!("The identity ID '{text}' is not the ID of a user-assigned identity."),
        ));
    };
    Ok(id.group_id().sibling("Microsoft.ManagedIdentity", "userAssignedIdentities", id.name()).to_string())
}

/// The principal and client IDs of an identity: those of its document, or where managed identities are not served,
/// ones made from its ID, the same each time.
fn principals(store: &Store, tenant: &str, id: &str) -> Result<Value, ArmError> {
    if let Some(document) = store.find(id) {
        let properties = document.at("/properties");
        return Ok(json!({ "principalId": properties["principalId"], "clientId": properties["clientId"] }));
    }
    if crate::service::find("Microsoft.ManagedIdentity").is_some() {
        return Err(ArmError::new(
            400,
            "FailedIdentityOperation",
            format!("The user-assigned identity '{id}' could not be found in tenant '{tenant}'."),
        ));
    }
    let key = id.to_lowercase();
    Ok(
        json!({ "principalId": super::guid_of(&key, "principal"), "clientId": super::guid_of(&key, "client") }),
    )
}

/// Checks the primary user-assigned identity against the identities: one is needed where there are any, and it must be
/// one of them.
pub(super) fn check_primary(identity: &Value, primary: &Value) -> Result<(), ArmError> {
    let target = "workspace.PrimaryUserAssignedIdentity";
    let Value::Object(members) = &identity["userAssignedIdentities"] else {
        return Ok(());
    };
    let Some(primary) = primary.as_str().filter(|p| !p.is_empty()) else {
        return Err(refusal::invalid(
            "The primary user-assigned identity must be set when the workspace has user-assigned identities.",
            target,
        ));
    };
    let wanted = ResourceId::parse(primary).map(|id| id.key());
    match members.keys().any(|id| Some(id.to_lowercase()) == wanted) {
        true => Ok(()),
        false => Err(refusal::invalid(
            format!(
                "The primary user-assigned identity '{primary}' is not one of the workspace's identities."
            ),
            target,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str =
        "/subscriptions/s/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/a";
    const B: &str =
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/b";

    fn assign(current: &Value, wanted: &Value, mode: Mode) -> Result<Value, ArmError> {
        super::assign(&store(), "tenant", current, wanted, mode)
    }

    fn store() -> Store {
        let mut store = Store::default();
        for id in [A, B] {
            let id = ResourceId::parse(id).unwrap();
            let body = json!({"properties": {"principalId": format!("p-{}", id.name()), "clientId": "c"}});
            store.put(crate::store::Document::new(&id, body));
        }
        store
    }

    #[test]
    fn a_system_identity_keeps_its_principal_until_it_goes() {
        let first = assign(&Value::Null, &json!({"type": "systemassigned"}), Mode::Replace).unwrap();
        assert_eq!(first["type"], "SystemAssigned");
        let same = assign(&first, &json!({"type": "SystemAssigned"}), Mode::Merge).unwrap();
        assert_eq!(first["principalId"], same["principalId"]);
        let without =
            assign(&same, &json!({"type": "UserAssigned", "userAssignedIdentities": {A: {}}}), Mode::Merge)
                .unwrap();
        assert_eq!(without["principalId"], Value::Null);
        let again = assign(&without, &json!({"type": "SystemAssigned, UserAssigned"}), Mode::Merge).unwrap();
        assert_eq!(again["type"], "SystemAssigned,UserAssigned");
        assert_ne!(again["principalId"], first["principalId"]);
    }

    #[test]
    fn a_patch_merges_identities_and_null_removes() {
        let both = json!({"type": "UserAssigned", "userAssignedIdentities": {A: {}, B: {}}});
        let first = assign(&Value::Null, &both, Mode::Replace).unwrap();
        let canonical_a = A.replace("resourcegroups", "resourceGroups");
        assert_eq!(first["userAssignedIdentities"][&canonical_a]["principalId"], "p-a");
        let one = assign(
            &first,
            &json!({"type": "UserAssigned", "userAssignedIdentities": {A: null}}),
            Mode::Merge,
        )
        .unwrap();
        assert_eq!(one["userAssignedIdentities"].as_object().unwrap().len(), 1);
        let none = json!({"type": "UserAssigned", "userAssignedIdentities": {B: null}});
        assert!(assign(&one, &none, Mode::Merge).is_err());
    }

    #[test]
    fn a_workspace_has_an_identity_and_a_primary_among_its_own() {
        for wanted in [Value::Null, json!({"type": "None"})] {
            let error = assign(&Value::Null, &wanted, Mode::Replace).unwrap_err();
            assert_eq!(error.code, "ValidationError");
            assert_eq!(error.value()["target"], "workspace.Identity");
        }
        let user = json!({"type": "UserAssigned", "userAssignedIdentities": {A: {}}});
        let identity = assign(&Value::Null, &user, Mode::Replace).unwrap();
        assert!(check_primary(&identity, &Value::Null).is_err());
        assert!(check_primary(&identity, &json!(B)).is_err());
        assert!(
            check_primary(&identity, &json!(A.to_uppercase().replace("/SUBSCRIPTIONS", "/subscriptions")))
                .is_ok()
        );
    }
}
