//! The rows of `azureml_workspace`.

use std::collections::BTreeMap;

use acceptance_tests::{Emulator, Scene};
use serde_json::json;

use crate::attribute::{Attribute, Way};
use crate::rows::{Kind, in_group, tags, timeouts};

/// The type.
pub(crate) fn kind() -> Kind {
    Kind {
        type_name: "azureml_workspace",
        rows: rows(),
        names,
        usual: &[
            ("name", "\"{label}\""),
            ("resource_group_name", "\"scene-rg\""),
            ("storage_account_id", "\"{storage}\""),
            ("key_vault_id", "\"{vault}\""),
        ],
        freeing: &[("purge_on_destroy", "true")],
        put: r#"{
            "location": "eastus",
            "identity": {"type": "SystemAssigned"},
            "properties": {
                "storageAccount": "{storage}", "keyVault": "{vault}", "publicNetworkAccess": "Enabled"
            }
        }"#,
        id: "/subscriptions/{subscription}/resourceGroups/scene-rg/providers/Microsoft.MachineLearningServices/workspaces/{label}",
        update: "PATCH",
        stays: false,
    }
}

/// What the texts of the rows may name in braces beside the usual.
fn names(scene: &Scene) -> BTreeMap<&'static str, String> {
    let mut names = BTreeMap::new();
    let sets = [
        ("group_b", "second-rg", ["storage_b", "vault_b", "insights_a", "registry_a", "uai_a"]),
        ("group_c", "third-rg", ["storage_c", "vault_c", "insights_b", "registry_b", "uai_b"]),
    ];
    for (group, name, [storage, vault, insights, registry, identity]) in sets {
        let seeded = scene.azure.seed_dependents(name, name.trim_end_matches("-rg"));
        names.insert(group, seeded.group.clone());
        names.insert(storage, seeded.id("storage_account").to_owned());
        names.insert(vault, seeded.id("key_vault").to_owned());
        names.insert(insights, seeded.id("application_insights").to_owned());
        names.insert(registry, seeded.id("container_registry").to_owned());
        names.insert(identity, seeded.id("user_assigned_identity").to_owned());
    }
    names.insert("storage", scene.dependents.id("storage_account").to_owned());
    names.insert("vault", scene.dependents.id("key_vault").to_owned());
    for (key, vault) in [("key", "vault"), ("key_b", "vault_b"), ("key_c", "vault_c")] {
        let vault = names[vault].rsplit('/').next().unwrap_or_default().to_owned();
        names.insert(key, format!("https://{vault}.vault.azure.net/keys/data"));
    }
    names.insert("uai_c", scene.dependents.id("user_assigned_identity").to_owned());
    // The same group in the other subscription, for the row that moves a workspace there.
    let elsewhere =
        format!("/subscriptions/{}/resourceGroups/{}", Emulator::OTHER_SUBSCRIPTION, Scene::GROUP);
    scene.azure.place(&elsewhere, &json!({"location": "eastus"}));
    names
}

/// Every attribute.
fn rows() -> Vec<Attribute> {
    [
        placed(),
        in_group(),
        described(),
        tags(),
        identities(),
        dependents(),
        encrypted(),
        behaved(),
        computed(),
    ]
    .concat()
}

/// Where a workspace is and what it is.
fn placed() -> Vec<Attribute> {
    vec![
        Attribute::new("name", Way::Replace)
            .required("name = «\"{label}\"»", "{}")
            .a("name = «\"{label}-a\"»", "{}")
            .b("name = «\"{label}-b\"»", "{}")
            .cleared_by("{}")
            .caseless(),
        Attribute::new("location", Way::Replace)
            .a("location = «\"West US\"»", r#"{"location": "West US"}"#)
            .b("location = «\"northeurope\"»", r#"{"location": "northeurope"}"#)
            .caseless(),
        Attribute::new("kind", Way::Replace)
            .a("kind = «\"Hub\"»", r#"{"kind": "Hub"}"#)
            .b("kind = «\"Default\"»", r#"{"kind": "Default"}"#)
            .caseless(),
        Attribute::new("sku", Way::Update)
            .a("sku = «\"Standard\"»", r#"{"sku": {"name": "Standard"}}"#)
            .b("sku = «\"Basic\"»", r#"{"sku": {"name": "Basic"}}"#)
            .drift(r#"{"sku": {"name": "Basic"}}"#)
            .caseless(),
    ]
}

/// What people call it.
fn described() -> Vec<Attribute> {
    vec![
        Attribute::new("display_name", Way::Update)
            .a("display_name = «\"Alpha\"»", r#"{"properties": {"friendlyName": "Alpha"}}"#)
            .b("display_name = «\"Beta\"»", r#"{"properties": {"friendlyName": "Beta"}}"#)
            .cleared_by(r#"{"properties": {"friendlyName": ""}}"#)
            .drift(r#"{"properties": {"friendlyName": "Theirs"}}"#),
        Attribute::new("description", Way::Update)
            .a("description = «\"Alpha\"»", r#"{"properties": {"description": "Alpha"}}"#)
            .b("description = «\"Beta\"»", r#"{"properties": {"description": "Beta"}}"#)
            .cleared_by(r#"{"properties": {"description": ""}}"#)
            .drift(r#"{"properties": {"description": null}}"#),
    ]
}

/// Whom it works as.
fn identities() -> Vec<Attribute> {
    const A: &str = "identity = { type = «\"UserAssigned\"», identity_ids = [\"{uai_a}\"] }\nprimary_user_assigned_identity_id = \"{uai_a}\"";
    const B: &str = "identity = { type = «\"SystemAssigned,UserAssigned\"», identity_ids = [\"{uai_a}\"] }\nprimary_user_assigned_identity_id = \"{uai_a}\"";
    const BOTH: &str = r#"{"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"{uai_c}": {}}}, "properties": {"primaryUserAssignedIdentity": "{uai_c}"}}"#;
    vec![
        Attribute::new("identity.type", Way::Update)
            .a(A, r#"{"identity": {"type": "UserAssigned", "userAssignedIdentities": {"{uai_a}": {}}}, "properties": {"primaryUserAssignedIdentity": "{uai_a}"}}"#)
            .b(B, r#"{"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"{uai_a}": {}}}}"#)
            .cleared_by(r#"{"identity": {"type": "SystemAssigned"}, "properties": {"primaryUserAssignedIdentity": ""}}"#)
            .caseless(),
        Attribute::new("identity.identity_ids", Way::Update)
            .without(
                "identity = { type = \"SystemAssigned,UserAssigned\", identity_ids = [\"{uai_c}\"] }\nprimary_user_assigned_identity_id = \"{uai_c}\"",
                BOTH,
            )
            .a(
                "identity = { type = \"SystemAssigned,UserAssigned\", identity_ids = [\"{uai_c}\", «\"{uai_a}\"»] }\nprimary_user_assigned_identity_id = \"{uai_c}\"",
                r#"{"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"{uai_a}": {}, "{uai_c}": {}}}}"#,
            )
            .b(
                "identity = { type = \"SystemAssigned,UserAssigned\", identity_ids = [\"{uai_c}\", «\"{uai_b}\"»] }\nprimary_user_assigned_identity_id = \"{uai_c}\"",
                r#"{"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"{uai_a}": null, "{uai_b}": {}, "{uai_c}": {}}}}"#,
            )
            .cleared_by(r#"{"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"{uai_b}": null, "{uai_c}": {}}}}"#)
            .put_a(r#"{"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"{uai_a}": {}, "{uai_c}": {}}}, "properties": {"primaryUserAssignedIdentity": "{uai_c}"}}"#)
            .caseless(),
        Attribute::computed("identity.principal_id", "/identity/principalId"),
        Attribute::computed("identity.tenant_id", "/identity/tenantId"),
        Attribute::new("primary_user_assigned_identity_id", Way::Update)
            .a(
                "identity = { type = \"UserAssigned\", identity_ids = [\"{uai_a}\", \"{uai_b}\"] }\nprimary_user_assigned_identity_id = «\"{uai_a}\"»",
                r#"{"identity": {"type": "UserAssigned", "userAssignedIdentities": {"{uai_a}": {}, "{uai_b}": {}}}, "properties": {"primaryUserAssignedIdentity": "{uai_a}"}}"#,
            )
            .b(
                "identity = { type = \"UserAssigned\", identity_ids = [\"{uai_a}\", \"{uai_b}\"] }\nprimary_user_assigned_identity_id = «\"{uai_b}\"»",
                r#"{"properties": {"primaryUserAssignedIdentity": "{uai_b}"}}"#,
            )
            .cleared_by(r#"{"identity": {"type": "SystemAssigned"}, "properties": {"primaryUserAssignedIdentity": ""}}"#)
            .drift(r#"{"properties": {"primaryUserAssignedIdentity": "{uai_b}"}}"#)
            .repaired_by(r#"{"properties": {"primaryUserAssignedIdentity": "{uai_a}"}}"#)
            .caseless(),
    ]
}

/// What it stands on.
fn dependents() -> Vec<Attribute> {
    vec![
        Attribute::new("storage_account_id", Way::Replace)
            .required("storage_account_id = «\"{storage}\"»", "{}")
            .a(
                "storage_account_id = «\"{storage_b}\"»",
                r#"{"properties": {"storageAccount": "{storage_b}"}}"#,
            )
            .b(
                "storage_account_id = «\"{storage_c}\"»",
                r#"{"properties": {"storageAccount": "{storage_c}"}}"#,
            )
            .cleared_by("{}")
            .drift(r#"{"properties": {"storageAccount": "{storage_c}"}}"#)
            .caseless(),
        Attribute::new("key_vault_id", Way::Replace)
            .required("key_vault_id = «\"{vault}\"»", "{}")
            .a("key_vault_id = «\"{vault_b}\"»", r#"{"properties": {"keyVault": "{vault_b}"}}"#)
            .b("key_vault_id = «\"{vault_c}\"»", r#"{"properties": {"keyVault": "{vault_c}"}}"#)
            .cleared_by("{}")
            .drift(r#"{"properties": {"keyVault": "{vault_c}"}}"#)
            .caseless(),
        Attribute::new("application_insights_id", Way::Update)
            .a(
                "application_insights_id = «\"{insights_a}\"»",
                r#"{"properties": {"applicationInsights": "{insights_a}"}}"#,
            )
            .b(
                "application_insights_id = «\"{insights_b}\"»",
                r#"{"properties": {"applicationInsights": "{insights_b}"}}"#,
            )
            .cleared_by(r#"{"properties": {"applicationInsights": ""}}"#)
            .drift(r#"{"properties": {"applicationInsights": "{insights_b}"}}"#)
            .caseless(),
        Attribute::new("container_registry_id", Way::Update)
            .a(
                "container_registry_id = «\"{registry_a}\"»",
                r#"{"properties": {"containerRegistry": "{registry_a}"}}"#,
            )
            .b(
                "container_registry_id = «\"{registry_b}\"»",
                r#"{"properties": {"containerRegistry": "{registry_b}"}}"#,
            )
            .drift(r#"{"properties": {"containerRegistry": "{registry_b}"}}"#)
            .caseless(),
    ]
}

/// What encrypts it.
fn encrypted() -> Vec<Attribute> {
    const BASE: &str = r#"{"properties": {"encryption": {"status": "Enabled", "keyVaultProperties": {"keyVaultArmId": "{vault}", "keyIdentifier": "{key}/1"}}}}"#;
    vec![
        Attribute::new("customer_managed_key.key_vault_id", Way::Replace)
            .without("customer_managed_key = { key_vault_id = «\"{vault}\"», key_id = \"{key}/1\" }", BASE)
            .a(
                "customer_managed_key = { key_vault_id = «\"{vault_b}\"», key_id = \"{key_b}/1\" }",
                r#"{"properties": {"encryption": {"status": "Enabled", "keyVaultProperties": {"keyVaultArmId": "{vault_b}", "keyIdentifier": "{key_b}/1"}}}}"#,
            )
            .b(
                "customer_managed_key = { key_vault_id = «\"{vault_c}\"», key_id = \"{key_c}/1\" }",
                r#"{"properties": {"encryption": {"status": "Enabled", "keyVaultProperties": {"keyVaultArmId": "{vault_c}", "keyIdentifier": "{key_c}/1"}}}}"#,
            )
            .cleared_by(BASE)
            .caseless(),
        Attribute::new("customer_managed_key.key_id", Way::Update)
            .without("customer_managed_key = { key_vault_id = \"{vault}\", key_id = «\"{key}/1\"» }", BASE)
            .a(
                "customer_managed_key = { key_vault_id = \"{vault}\", key_id = «\"{key}/2\"» }",
                r#"{"properties": {"encryption": {"keyVaultProperties": {"keyIdentifier": "{key}/2"}}}}"#,
            )
            .b(
                "customer_managed_key = { key_vault_id = \"{vault}\", key_id = «\"{key}/3\"» }",
                r#"{"properties": {"encryption": {"keyVaultProperties": {"keyIdentifier": "{key}/3"}}}}"#,
            )
            .cleared_by(r#"{"properties": {"encryption": {"keyVaultProperties": {"keyIdentifier": "{key}/1"}}}}"#)
            .put_a(r#"{"properties": {"encryption": {"status": "Enabled", "keyVaultProperties": {"keyVaultArmId": "{vault}", "keyIdentifier": "{key}/2"}}}}"#)
            .drift(r#"{"properties": {"encryption": {"keyVaultProperties": {"keyIdentifier": "{key}/3"}}}}"#)
            .caseless(),
        Attribute::new("customer_managed_key.user_assigned_identity_id", Way::Replace)
            .without(
                "identity = { type = \"SystemAssigned,UserAssigned\", identity_ids = [\"{uai_a}\", \"{uai_b}\"] }\nprimary_user_assigned_identity_id = \"{uai_a}\"\ncustomer_managed_key = { key_vault_id = \"{vault}\", key_id = \"{key}/1\" }",
                r#"{"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"{uai_a}": {}, "{uai_b}": {}}}, "properties": {"primaryUserAssignedIdentity": "{uai_a}", "encryption": {"status": "Enabled", "keyVaultProperties": {"keyVaultArmId": "{vault}", "keyIdentifier": "{key}/1"}}}}"#,
            )
            .a(
                "identity = { type = \"SystemAssigned,UserAssigned\", identity_ids = [\"{uai_a}\", \"{uai_b}\"] }\nprimary_user_assigned_identity_id = \"{uai_a}\"\ncustomer_managed_key = { key_vault_id = \"{vault}\", key_id = \"{key}/1\", user_assigned_identity_id = «\"{uai_a}\"» }",
                r#"{"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"{uai_a}": {}, "{uai_b}": {}}}, "properties": {"primaryUserAssignedIdentity": "{uai_a}", "encryption": {"status": "Enabled", "identity": {"userAssignedIdentity": "{uai_a}"}, "keyVaultProperties": {"keyVaultArmId": "{vault}", "keyIdentifier": "{key}/1"}}}}"#,
            )
            .b(
                "identity = { type = \"SystemAssigned,UserAssigned\", identity_ids = [\"{uai_a}\", \"{uai_b}\"] }\nprimary_user_assigned_identity_id = \"{uai_a}\"\ncustomer_managed_key = { key_vault_id = \"{vault}\", key_id = \"{key}/1\", user_assigned_identity_id = «\"{uai_b}\"» }",
                r#"{"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"{uai_a}": {}, "{uai_b}": {}}}, "properties": {"primaryUserAssignedIdentity": "{uai_a}", "encryption": {"status": "Enabled", "identity": {"userAssignedIdentity": "{uai_b}"}, "keyVaultProperties": {"keyVaultArmId": "{vault}", "keyIdentifier": "{key}/1"}}}}"#,
            )
            .cleared_by(r#"{"identity": {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": {"{uai_a}": {}, "{uai_b}": {}}}, "properties": {"primaryUserAssignedIdentity": "{uai_a}", "encryption": {"status": "Enabled", "keyVaultProperties": {"keyVaultArmId": "{vault}", "keyIdentifier": "{key}/1"}}}}"#)
            .caseless(),
    ]
}

/// How it behaves, towards others and in the provider.
fn behaved() -> Vec<Attribute> {
    let mut rows = vec![
        Attribute::new("public_network_access", Way::Update)
            .a(
                "public_network_access = «\"Disabled\"»",
                r#"{"properties": {"publicNetworkAccess": "Disabled"}}"#,
            )
            .b(
                "public_network_access = «\"Enabled\"»",
                r#"{"properties": {"publicNetworkAccess": "Enabled"}}"#,
            )
            .drift(r#"{"properties": {"publicNetworkAccess": "Enabled"}}"#)
            .caseless(),
        Attribute::new("image_build_compute", Way::Update)
            .a("image_build_compute = «\"alpha\"»", r#"{"properties": {"imageBuildCompute": "alpha"}}"#)
            .b("image_build_compute = «\"beta\"»", r#"{"properties": {"imageBuildCompute": "beta"}}"#)
            .cleared_by(r#"{"properties": {"imageBuildCompute": ""}}"#)
            .drift(r#"{"properties": {"imageBuildCompute": ""}}"#),
        Attribute::new("hbi_workspace", Way::Replace)
            .a("hbi_workspace = «true»", r#"{"properties": {"hbiWorkspace": true}}"#)
            .b("hbi_workspace = «false»", r#"{"properties": {"hbiWorkspace": false}}"#)
            .drift(r#"{"properties": {"hbiWorkspace": false}}"#),
        Attribute::new("purge_on_destroy", Way::Local)
            .a("purge_on_destroy = «true»", "{}")
            .b("purge_on_destroy = «false»", "{}"),
        Attribute::new("purge_soft_deleted", Way::Local)
            .a("purge_soft_deleted = «true»", "{}")
            // The one that was not purged at its end purges its tombstone first.
            .put_after(&["DELETE"])
            .b("purge_soft_deleted = «false»", "{}"),
        Attribute::deletion_protection(),
    ];
    rows.extend(timeouts());
    rows
}

/// What only Azure says.
fn computed() -> Vec<Attribute> {
    vec![
        Attribute::computed("id", "/id"),
        Attribute::computed("workspace_id", "/properties/workspaceId"),
        Attribute::computed("discovery_url", "/properties/discoveryUrl"),
        Attribute::computed("mlflow_tracking_uri", "/properties/mlFlowTrackingUri"),
        Attribute::computed(
            "service_provisioned_resource_group",
            "/properties/serviceProvisionedResourceGroup",
        ),
        Attribute::computed("notebook_info.resource_id", "/properties/notebookInfo/resourceId"),
        Attribute::computed("notebook_info.fqdn", "/properties/notebookInfo/fqdn"),
        Attribute::computed(
            "notebook_info.is_private_link_enabled",
            "/properties/notebookInfo/isPrivateLinkEnabled",
        ),
        Attribute::computed("provisioning_state", "/properties/provisioningState"),
    ]
}
