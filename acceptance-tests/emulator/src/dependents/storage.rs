//! Microsoft.Storage/storageAccounts.

use serde_json::{Value, json};

use super::engine::default;
use super::{Dependent, Flow, names};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::operation::Style;
use crate::service::{Call, Reply, ResourceType};
use crate::shape::Shape;
use crate::store::Document;

const TYPE: &str = "Microsoft.Storage/storageAccounts";

const VERSIONS: &[&str] = &[
    "2026-09-01",
    "2025-06-01",
    "2025-01-01",
    "2024-01-01",
    "2023-05-01",
    "2023-04-01",
    "2023-01-01",
    "2022-09-01",
    "2022-05-01",
    "2021-09-01",
    "2021-08-01",
    "2021-06-01",
    "2021-04-01",
    "2021-02-01",
    "2021-01-01",
    "2020-08-01-preview",
    "2019-06-01",
    "2019-04-01",
    "2018-11-01",
    "2018-07-01",
    "2018-02-01",
    "2017-10-01",
    "2017-06-01",
    "2016-12-01",
    "2016-05-01",
    "2016-01-01",
    "2015-06-15",
];

/// Storage accounts.
pub static STORAGE_ACCOUNTS: Dependent = Dependent {
    namespace: "Microsoft.Storage",
    types: &[
        ResourceType { name: "storageAccounts", api_versions: VERSIONS, regional: true },
        ResourceType {
            name: "storageAccounts/privateEndpointConnections",
            api_versions: VERSIONS,
            regional: false,
        },
        ResourceType {
            name: "storageAccounts/privateLinkResources",
            api_versions: VERSIONS,
            regional: false,
        },
        ResourceType { name: "checkNameAvailability", api_versions: VERSIONS, regional: false },
    ],
    put: BODY,
    patch: BODY,
    create: Flow::Accepted { status: 202, style: Style::Location, body: false },
    delete: Flow::Sync(200, 200),
    creating: "Creating",
    check,
    fill,
    action,
    beside,
    soft_delete: false,
};

const ACLS: Shape = Shape::Object(&[
    ("bypass", Shape::Text),
    ("defaultAction", Shape::OneOf(&["Allow", "Deny"])),
    ("ipRules", Shape::List(&Shape::Object(&[("value", Shape::Text), ("action", Shape::Text)]))),
    ("ipv6Rules", Shape::List(&Shape::Object(&[("value", Shape::Text), ("action", Shape::Text)]))),
    (
        "resourceAccessRules",
        Shape::List(&Shape::Object(&[("tenantId", Shape::Text), ("resourceId", Shape::Text)])),
    ),
    (
        "virtualNetworkRules",
        Shape::List(&Shape::Object(&[("id", Shape::Text), ("action", Shape::Text), ("state", Shape::Text)])),
    ),
]);

const PROPERTIES: Shape = Shape::Object(&[
    ("accessTier", Shape::OneOf(&["Hot", "Cool", "Cold", "Premium"])),
    ("allowBlobPublicAccess", Shape::Bool),
    ("allowCrossTenantReplication", Shape::Bool),
    ("allowedCopyScope", Shape::OneOf(&["PrivateLink", "AAD"])),
    ("allowSharedKeyAccess", Shape::Bool),
    ("azureFilesIdentityBasedAuthentication", Shape::Any),
    ("customDomain", Shape::Any),
    ("defaultToOAuthAuthentication", Shape::Bool),
    ("dnsEndpointType", Shape::OneOf(&["Standard", "AzureDnsZone"])),
    ("enableExtendedGroups", Shape::Bool),
    ("encryption", Shape::Any),
    ("immutableStorageWithVersioning", Shape::Any),
    ("isHnsEnabled", Shape::Bool),
    ("isLocalUserEnabled", Shape::Bool),
    ("isNfsV3Enabled", Shape::Bool),
    ("isSftpEnabled", Shape::Bool),
    ("keyPolicy", Shape::Object(&[("keyExpirationPeriodInDays", Shape::Integer)])),
    ("largeFileSharesState", Shape::OneOf(&["Enabled", "Disabled"])),
    ("minimumTlsVersion", Shape::OneOf(&["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"])),
    ("networkAcls", ACLS),
    ("publicNetworkAccess", Shape::OneOf(&["Enabled", "Disabled", "SecuredByPerimeter"])),
    ("routingPreference", Shape::Any),
    ("sasPolicy", Shape::Any),
    ("supportsHttpsTrafficOnly", Shape::Bool),
]);

const BODY: Shape = Shape::Object(&[
    ("location", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    ("kind", Shape::OneOf(&["Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"])),
    ("sku", Shape::Object(&[("name", Shape::Text), ("tier", Shape::Text)])),
    (
        "identity",
        Shape::Object(&[("type", Shape::Text), ("userAssignedIdentities", Shape::Map(&Shape::Any))]),
    ),
    ("extendedLocation", Shape::Any),
    ("zones", Shape::Any),
    ("placement", Shape::Any),
    ("properties", PROPERTIES),
]);

const SKUS: &[&str] = &[
    "Standard_LRS",
    "Standard_GRS",
    "Standard_RAGRS",
    "Standard_ZRS",
    "Premium_LRS",
    "Premium_ZRS",
    "Standard_GZRS",
    "Standard_RAGZRS",
    "StandardV2_LRS",
    "StandardV2_GRS",
    "StandardV2_ZRS",
    "StandardV2_GZRS",
    "PremiumV2_LRS",
    "PremiumV2_ZRS",
];

fn name_rule(name: &str) -> Result<(), String> {
    match names::fits(name, 3, 24, |c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        true => Ok(()),
        false => Err(format!(
            "{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only."
        )),
    }
}

fn check(azure: &Azure, call: &Call, existing: Option<&Document>) -> Result<(), ArmError> {
    let sku = call.at("/sku/name").as_str();
    if let Some(sku) = sku.filter(|s| !SKUS.iter().any(|k| k.eq_ignore_ascii_case(s))) {
        return Err(ArmError::new(400, "InvalidSkuName", format!("SKU name '{sku}' is invalid.")));
    }
    if let Some(existing) = existing {
        let hns = call.at("/properties/isHnsEnabled");
        let changed =
            !hns.is_null() && hns.as_bool() != Some(existing.at("/properties/isHnsEnabled") == true);
        return match changed {
            false => Ok(()),
            true => Err(ArmError::new(
                409,
                "AccountPropertyCannotBeUpdated",
                "The property 'isHnsEnabled' was specified in the input, but it cannot be updated.",
            )
            .target("isHnsEnabled")),
        };
    }
    let name = call.id().name();
    name_rule(name).map_err(|m| ArmError::new(400, "AccountNameInvalid", m))?;
    for (member, given) in [("sku", sku.is_some()), ("kind", call.at("/kind").is_string())] {
        if !given {
            return Err(ArmError::new(
                400,
                "InvalidValuesForRequestParameters",
                format!("Values for request parameters are invalid: {member}."),
            ));
        }
    }
    match names::owner(azure, TYPE, name) {
        None => Ok(()),
        Some(other)
            if other
                .id
                .to_lowercase()
                .starts_with(&format!("/subscriptions/{}/", call.id().subscription.to_lowercase())) =>
        {
            Err(ArmError::new(
                409,
                "StorageAccountInAnotherResourceGroup",
                format!("The account {name} is already in another resource group in this subscription."),
            ))
        }
        Some(_) => Err(ArmError::new(
            409,
            "StorageAccountAlreadyTaken",
            format!("The storage account named {name} is already taken."),
        )),
    }
}

fn fill(azure: &mut Azure, call: &Call, document: &mut Document) {
    let now = azure.now();
    let name = call.id().name().to_owned();
    if document.hidden.is_null() {
        document.hidden = json!({"keys": [
            {"keyName": "key1", "value": azure.secret_key(64), "permissions": "FULL", "creationTime": now},
            {"keyName": "key2", "value": azure.secret_key(64), "permissions": "FULL", "creationTime": now},
        ]});
    }
    let body = &mut document.body;
    let sku = body["sku"]["name"].as_str().unwrap_or("Standard_LRS").to_owned();
    let premium = sku.to_lowercase().starts_with("premium");
    body["sku"] = json!({"name": sku, "tier": if premium { "Premium" } else { "Standard" }});
    if body["identity"]["type"] == "SystemAssigned" && body["identity"]["principalId"].is_null() {
        body["identity"]["principalId"] = json!(azure.guid());
        body["identity"]["tenantId"] = json!(crate::azure::TENANT_ID);
    }
    let service = json!({"keyType": "Account", "enabled": true, "lastEnabledTime": now});
    let host = |part: &str| format!("https://{name}.{part}.core.windows.net/");
    let endpoints = json!({
        "dfs": host("dfs"), "web": host("z13.web"), "blob": host("blob"), "queue": host("queue"),
        "table": host("table"), "file": host("file"),
    });
    let place = body["location"].clone();
    for (pointer, value) in [
        ("keyCreationTime", json!({"key1": now, "key2": now})),
        ("allowCrossTenantReplication", json!(false)),
        ("privateEndpointConnections", json!([])),
        ("minimumTlsVersion", json!("TLS1_0")),
        ("allowBlobPublicAccess", json!(false)),
        ("networkAcls/bypass", json!("AzureServices")),
        ("networkAcls/virtualNetworkRules", json!([])),
        ("networkAcls/ipRules", json!([])),
        ("networkAcls/ipv6Rules", json!([])),
        ("networkAcls/defaultAction", json!("Allow")),
        ("supportsHttpsTrafficOnly", json!(true)),
        ("encryption/services", json!({"file": service, "blob": service})),
        ("encryption/keySource", json!("Microsoft.Storage")),
        ("accessTier", json!(if premium { "Premium" } else { "Hot" })),
        ("provisioningState", json!("Succeeded")),
        ("creationTime", json!(now)),
        ("primaryEndpoints", endpoints),
        ("primaryLocation", place),
        ("statusOfPrimary", json!("available")),
    ] {
        default(body, &format!("/properties/{pointer}"), value);
    }
}

fn action(azure: &mut Azure, document: &mut Document, action: &str, body: &Value) -> Option<Reply> {
    match action {
        "listkeys" => Some(Ok(Response::json(200, &document.hidden))),
        "regeneratekey" => {
            let wanted = body["keyName"].as_str().unwrap_or_default().to_owned();
            let (value, now) = (azure.secret_key(64), azure.now());
            let keys = document.hidden["keys"].as_array_mut()?;
            let Some(key) = keys.iter_mut().find(|k| k["keyName"] == wanted.as_str()) else {
                let text = format!("The key '{wanted}' is invalid.");
                return Some(Err(ArmError::new(400, "InvalidKeyName", text)));
            };
            key["value"] = json!(value);
            key["creationTime"] = json!(now);
            document.body["properties"]["keyCreationTime"][&wanted] = json!(now);
            azure.store.put(document.clone());
            Some(Ok(Response::json(200, &document.hidden)))
        }
        _ => None,
    }
}

fn beside(azure: &mut Azure, call: &Call) -> Option<Reply> {
    let name = names::asked(call)?;
    let taken = match (name_rule(&name), names::owner(azure, TYPE, &name)) {
        (Err(message), _) => Some(("AccountNameInvalid", message)),
        (_, Some(_)) => {
            Some(("AlreadyExists", format!("The storage account named {name} is already taken.")))
        }
        _ => None,
    };
    Some(names::answer(taken))
}
