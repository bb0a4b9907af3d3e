//! What is read: recorded answers into attributes, and that what was written and read is no difference.

use proptest::prelude::*;
use serde_json::json;
use tfplugin::Value;

use super::*;
use crate::document::Misfits;
use crate::workspace::document;

/// The object of an answer of which all is believed.
fn read(answer: &serde_json::Value, prior: &Value, first: bool) -> Value {
    let mut misfits = Misfits::default();
    let object = document::read(answer, prior, first, &mut misfits);
    assert_eq!(misfits.found(), []);
    object
}

fn at<'a>(object: &'a Value, name: &str) -> &'a Value {
    view::member(object, &[name])
}

#[test]
fn a_created_workspace() {
    let planned = workspace([
        ("location", Value::Unknown),
        ("kind", Value::Unknown),
        ("workspace_id", Value::Unknown),
        ("notebook_info", Value::Unknown),
    ]);
    let object = read(&answer(), &planned, false);
    assert_eq!(at(&object, "key_vault_id"), &Value::from(vault()), "in the casing of the configuration");
    assert_eq!(at(&object, "storage_account_id"), &Value::from(storage()));
    assert_eq!(at(&object, "location"), &Value::from("eastus2"));
    assert_eq!(at(&object, "kind"), &Value::from("Default"));
    assert_eq!(at(&object, "workspace_id"), &Value::from("a8e5687d-0818-4bf9-94ba-e0d35435059b"));
    assert_eq!(
        view::text(&object, &["identity", "principal_id"]),
        Some("12a2fb39-a8c6-4698-93da-99a4bd81b8ca")
    );
    assert_eq!(view::member(&object, &["notebook_info", "is_private_link_enabled"]), &Value::from(false));
    for unset in [
        "display_name",
        "description",
        "application_insights_id",
        "container_registry_id",
        "image_build_compute",
        "customer_managed_key",
    ] {
        assert_eq!(at(&object, unset), &Value::Null, "{unset}");
    }
}

#[test]
fn what_was_configured_empty_stays_empty() {
    let planned = workspace([("description", Value::from("")), ("display_name", Value::Null)]);
    let object = read(&answer(), &planned, false);
    assert_eq!(at(&object, "description"), &Value::from(""));
    assert_eq!(at(&object, "display_name"), &Value::Null);
}

#[test]
fn an_imported_workspace() {
    let imported = tfplugin::Value::nulls(&tfplugin::schema::object_type(Workspace::FIELDS));
    let object = read(&answer(), &imported, true);
    assert_eq!(at(&object, "key_vault_id"), &Value::from(vault().replace("KeyVault", "Keyvault")));
    assert_eq!(at(&object, "public_network_access"), &Value::from("Enabled"));
    assert_eq!(view::text(&object, &["identity", "type"]), Some("SystemAssigned"));
    assert_eq!(at(&object, "sku"), &Value::from("Basic"));
}

#[test]
fn a_registry_that_the_service_made_appears() {
    let mut answer = answer();
    answer["properties"]["containerRegistry"] = json!(registry("a8e5687d08184bf994bae0d35435059b"));
    let object = read(&answer, &workspace([]), false);
    assert_eq!(
        at(&object, "container_registry_id"),
        &Value::from(registry("a8e5687d08184bf994bae0d35435059b"))
    );
}

#[test]
fn an_encrypted_workspace() {
    let mut answer = answer();
    answer["properties"]["encryption"] = json!({
        "status": "Enabled",
        "keyVaultProperties": { "keyVaultArmId": vault().to_lowercase(), "keyIdentifier": key("k"), "identityClientId": null },
        "identity": { "userAssignedIdentity": user_identity("u1").to_lowercase() }
    });
    let configured = encryption(&key("k"), Value::from(user_identity("u1")));
    let object = read(&answer, &workspace([("customer_managed_key", configured.clone())]), false);
    assert_eq!(at(&object, "customer_managed_key"), &configured);
    answer["properties"]["encryption"] =
        json!({ "status": "Disabled", "keyVaultProperties": { "keyVaultArmId": "", "keyIdentifier": "" } });
    let object = read(&answer, &workspace([]), false);
    assert_eq!(at(&object, "customer_managed_key"), &Value::Null);
}

#[test]
fn identities_keep_their_spelling() {
    let mut answer = answer();
    answer["identity"] = json!({
        "type": "SystemAssigned,UserAssigned",
        "principalId": "p",
        "tenantId": "t",
        "userAssignedIdentities": { user_identity("u1").to_lowercase(): { "principalId": "p1", "clientId": "c1" } }
    });
    let planned =
        workspace([("identity", identity("systemassigned, userassigned", texts(&[user_identity("u1")])))]);
    let object = read(&answer, &planned, false);
    assert_eq!(view::text(&object, &["identity", "type"]), Some("systemassigned, userassigned"));
    assert_eq!(view::member(&object, &["identity", "identity_ids"]), &texts(&[user_identity("u1")]));
}

/// The identity of an answer with this one in the place of the true one, and what is noted.
fn identity_of(there: serde_json::Value, prior: &Value) -> (Value, Vec<String>) {
    let mut answer = answer();
    answer["identity"] = there;
    let mut misfits = Misfits::default();
    let object = document::read(&answer, prior, false, &mut misfits);
    let noted = misfits.warnings("/id").into_iter().map(|one| one.detail).collect();
    (at(&object, "identity").clone(), noted)
}

#[test]
fn the_principal_stays_as_long_as_the_type_does() {
    let before = read(&answer(), &workspace([]), false);
    let was = at(&before, "identity").clone();
    let (now, noted) = identity_of(json!({"type": "systemassigned", "tenantId": null}), &before);
    assert_eq!(now, was);
    let start = |name: &str| format!("Azure's answer has no identity.{name}, which cannot be missing. ");
    assert!(
        noted[0].starts_with(&start("principal_id")) && noted[1].starts_with(&start("tenant_id")),
        "{noted:?}"
    );
    let users = json!({ user_identity("u1"): {} });
    for kind in ["UserAssigned", "SystemAssigned,UserAssigned"] {
        let (now, noted) = identity_of(json!({"type": kind, "userAssignedIdentities": users}), &before);
        assert!(view::is_null(&now, &["principal_id"]) && view::is_null(&now, &["tenant_id"]), "{kind}");
        assert_eq!(noted, Vec::<String>::new(), "{kind}");
    }
    assert_eq!(identity_of(json!({"type": "None"}), &before), (Value::Null, vec![]));
}

#[test]
fn an_identity_of_another_shape_is_not_read() {
    let before = read(&answer(), &workspace([]), false);
    for (odd, found) in [
        (json!("SystemAssigned"), "a text"),
        (json!({"type": 1}), "an object"),
        (json!({"type": "UserAssigned", "userAssignedIdentities": ["u"]}), "an object"),
    ] {
        let (now, noted) = identity_of(odd, &before);
        assert_eq!(&now, at(&before, "identity"));
        let start = format!(
            "For identity, Azure answered with {found} where an object with the text \"type\" and, if any, the object \"userAssignedIdentities\" is expected. "
        );
        assert!(noted.iter().any(|one| one.starts_with(&start)), "{noted:?}");
    }
}

#[test]
fn an_import_refuses_an_encrypted_workspace_whose_key_is_not_told() {
    let refused = |encryption: serde_json::Value| {
        let mut answer = answer();
        answer["properties"]["encryption"] = encryption;
        let mut misfits = Misfits::of_read(true);
        let imported = tfplugin::Value::nulls(&tfplugin::schema::object_type(Workspace::FIELDS));
        document::read(&answer, &imported, true, &mut misfits);
        misfits.refused().into_iter().map(|(path, _)| path).collect::<Vec<_>>()
    };
    assert_eq!(refused(json!({"status": "Enabled"})), ["customer_managed_key"]);
    let vault_only = json!({"status": "Enabled", "keyVaultProperties": {"keyVaultArmId": vault()}});
    assert_eq!(refused(vault_only), ["customer_managed_key.key_id"]);
    let nothing = json!({"keyVaultArmId": "", "keyIdentifier": ""});
    assert_eq!(refused(json!({"status": "Disabled", "keyVaultProperties": nothing})), Vec::<String>::new());
}

#[test]
fn tags_of_an_answer() {
    let mut answer = answer();
    answer["tags"] = json!({ "a": "1", "b": null });
    assert_eq!(
        crate::tags::of_document(&answer).unwrap().into_iter().collect::<Vec<_>>(),
        vec![("a".to_owned(), "1".to_owned()), ("b".to_owned(), String::new())]
    );
}

/// How a service may spell back what it was sent.
fn recased(text: &str, way: u8) -> String {
    match way {
        0 => text.to_owned(),
        1 => text.to_lowercase(),
        2 => text.to_uppercase().replace("/SUBSCRIPTIONS", "/subscriptions"),
        _ => text.replace("KeyVault", "Keyvault"),
    }
}

fn optional_text() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(Value::from("")),
        "[a-z ]{1,8}".prop_map(|text| Value::from(text.as_str()))
    ]
}

proptest! {
    #[test]
    fn what_was_written_and_read_is_no_difference(
        display_name in optional_text(),
        description in optional_text(),
        compute in optional_text(),
        access in prop_oneof![Just("Enabled"), Just("disabled"), Just("DISABLED")],
        insights_set in any::<bool>(),
        users in 0usize..3,
        way in 0u8..4,
        absent in 0u8..3,
    ) {
        let ids: Vec<String> = (0..users).map(|n| user_identity(&format!("u{n}"))).collect();
        let kind = if users == 0 { "systemassigned" } else { "SystemAssigned, UserAssigned" };
        let ids_value = if users == 0 { Value::Null } else { texts(&ids) };
        let planned = workspace([
            ("location", Value::from("East US 2")),
            ("display_name", display_name),
            ("description", description),
            ("image_build_compute", compute),
            ("public_network_access", Value::from(access)),
            ("application_insights_id", if insights_set { Value::from(insights()) } else { Value::Null }),
            ("identity", identity(kind, ids_value)),
        ]);
        // The service stores what it is sent, respells IDs, and writes what is empty in one of three ways.
        let mut stored = document::create_body(&located(planned.clone(), "eastus2"));
        for member in ["storageAccount", "keyVault", "applicationInsights"] {
            if let Some(text) = stored["properties"][member].as_str().map(|text| recased(text, way)) {
                stored["properties"][member] = json!(text);
            }
        }
        for member in ["friendlyName", "description", "imageBuildCompute", "applicationInsights"] {
            let properties = stored["properties"].as_object_mut().unwrap();
            if properties.get(member).is_none_or(|value| value == "") {
                match absent {
                    0 => { properties.remove(member); }
                    1 => { properties.insert(member.to_owned(), serde_json::Value::Null); }
                    _ => { properties.insert(member.to_owned(), json!("")); }
                }
            }
        }
        let object = read(&stored, &planned, false);
        prop_assert_eq!(document::patch_body(&planned, &object), None);
        for name in ["display_name", "description", "image_build_compute", "public_network_access", "application_insights_id", "key_vault_id"] {
            prop_assert_eq!(at(&object, name), at(&planned, name), "{}", name);
        }
        prop_assert_eq!(view::member(&object, &["identity", "identity_ids"]), view::member(&planned, &["identity", "identity_ids"]));
        prop_assert_eq!(view::member(&object, &["identity", "type"]), view::member(&planned, &["identity", "type"]));
    }
}
