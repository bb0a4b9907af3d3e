//! Microsoft.KeyVault/vaults, with soft delete.

use serde_json::{Value, json};

use super::engine::default;
use super::{Dependent, Flow, names};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::{Effect, Outcome, Start, Style};
use crate::service::{Call, Reply, ResourceType};
use crate::shape::Shape;
use crate::store::Document;

const NAMESPACE: &str = "Microsoft.KeyVault";
const TYPE: &str = "Microsoft.KeyVault/vaults";

const VERSIONS: &[&str] = &[
    "2026-05-15",
    "2025-05-01",
    "2024-11-01",
    "2024-04-01-preview",
    "2023-07-01",
    "2023-02-01",
    "2022-11-01",
    "2022-07-01",
    "2021-10-01",
    "2021-06-01-preview",
    "2019-09-01",
    "2018-02-14",
    "2016-10-01",
];

/// Key vaults.
pub static VAULTS: Dependent = Dependent {
    namespace: NAMESPACE,
    types: &[
        ResourceType { name: "vaults", api_versions: VERSIONS, regional: true },
        ResourceType { name: "vaults/privateEndpointConnections", api_versions: VERSIONS, regional: false },
        ResourceType { name: "vaults/privateLinkResources", api_versions: VERSIONS, regional: false },
        ResourceType { name: "vaults/accessPolicies", api_versions: VERSIONS, regional: false },
        ResourceType { name: "deletedVaults", api_versions: VERSIONS, regional: false },
        ResourceType { name: "locations/deletedVaults", api_versions: VERSIONS, regional: false },
        ResourceType { name: "checkNameAvailability", api_versions: VERSIONS, regional: false },
    ],
    put: BODY,
    patch: BODY,
    // The answer has no header of an operation: clients read the vault until its name resolves.
    create: Flow::Accepted { status: 200, style: Style::State, body: true },
    delete: Flow::Sync(200, 200),
    creating: "RegisteringDns",
    check,
    fill,
    action: |_, _, _, _| None,
    beside,
    soft_delete: true,
};

const POLICY: Shape = Shape::Object(&[
    ("tenantId", Shape::Text),
    ("objectId", Shape::Text),
    ("applicationId", Shape::Text),
    (
        "permissions",
        Shape::Object(&[
            ("keys", Shape::List(&Shape::Text)),
            ("secrets", Shape::List(&Shape::Text)),
            ("certificates", Shape::List(&Shape::Text)),
            ("storage", Shape::List(&Shape::Text)),
        ]),
    ),
]);

const BODY: Shape = Shape::Object(&[
    ("location", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    (
        "properties",
        Shape::Object(&[
            ("accessPolicies", Shape::List(&POLICY)),
            ("createMode", Shape::OneOf(&["default", "recover"])),
            ("enablePurgeProtection", Shape::Bool),
            ("enableRbacAuthorization", Shape::Bool),
            ("enableSoftDelete", Shape::Bool),
            ("enabledForDeployment", Shape::Bool),
            ("enabledForDiskEncryption", Shape::Bool),
            ("enabledForTemplateDeployment", Shape::Bool),
            (
                "networkAcls",
                Shape::Object(&[
                    ("bypass", Shape::OneOf(&["AzureServices", "None"])),
                    ("defaultAction", Shape::OneOf(&["Allow", "Deny"])),
                    ("ipRules", Shape::List(&Shape::Object(&[("value", Shape::Text)]))),
                    (
                        "virtualNetworkRules",
                        Shape::List(&Shape::Object(&[
                            ("id", Shape::Text),
                            ("ignoreMissingVnetServiceEndpoint", Shape::Bool),
                        ])),
                    ),
                ]),
            ),
            ("provisioningState", Shape::Text),
            ("publicNetworkAccess", Shape::OneOf(&["Enabled", "Disabled"])),
            (
                "sku",
                Shape::Object(&[("family", Shape::Text), ("name", Shape::OneOf(&["standard", "premium"]))]),
            ),
            ("softDeleteRetentionInDays", Shape::Integer),
            ("tenantId", Shape::Text),
            ("vaultUri", Shape::Text),
        ]),
    ),
]);

fn name_rule(name: &str) -> Result<(), String> {
    let good = names::fits(name, 3, 24, |c| c.is_ascii_alphanumeric() || c == '-')
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.ends_with('-')
        && !name.contains("--");
    match good {
        true => Ok(()),
        false => Err(format!(
            "The vault name '{name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: https://go.microsoft.com/fwlink/?linkid=2147742"
        )),
    }
}

fn in_use(name: &str) -> String {
    format!(
        "The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be purged before reusing the name. For more information about VaultAlreadyExists, soft delete and purging a vault follow this link https://go.microsoft.com/fwlink/?linkid=2147740."
    )
}

fn check(azure: &Azure, call: &Call, existing: Option<&Document>) -> Result<(), ArmError> {
    let days = call.at("/properties/softDeleteRetentionInDays");
    if days.as_i64().is_some_and(|d| !(7..=90).contains(&d)) {
        return Err(ArmError::bad_request(
            "The property \"softDeleteRetentionInDays\" has to be between 7 and 90.",
        ));
    }
    if let Some(existing) = existing {
        return check_update(call, existing);
    }
    let name = call.id().name();
    name_rule(name).map_err(|m| ArmError::new(400, "VaultNameNotValid", m))?;
    let recovers =
        call.at("/properties/createMode").as_str().is_some_and(|m| m.eq_ignore_ascii_case("recover"));
    let dead = names::buried(azure, TYPE, name);
    if recovers {
        return match dead {
            Some(_) => Ok(()),
            None => Err(ArmError::new(
                404,
                "DeletedVaultNotFound",
                format!("The specified deleted vault '{name}' does not exist."),
            )),
        };
    }
    for (pointer, member) in [("/properties/tenantId", "tenantId"), ("/properties/sku/name", "sku")] {
        if call.at(pointer).is_null() {
            return Err(ArmError::bad_request(format!("The parameter {member} is not specified.")));
        }
    }
    if call.at("/properties/accessPolicies").is_null()
        && call.at("/properties/enableRbacAuthorization") != true
    {
        return Err(ArmError::bad_request("The parameter accessPolicies is not specified."));
    }
    if names::owner(azure, TYPE, name).is_some() {
        return Err(ArmError::new(409, "VaultAlreadyExists", in_use(name)));
    }
    match dead {
        None => Ok(()),
        Some(_) => Err(ArmError::new(
            409,
            "ConflictError",
            "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
        )),
    }
}

fn check_update(call: &Call, existing: &Document) -> Result<(), ArmError> {
    let now = existing.at("/properties/enablePurgeProtection");
    if now == true && call.at("/properties/enablePurgeProtection") == false {
        return Err(ArmError::bad_request(
            "The property \"enablePurgeProtection\" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.",
        ));
    }
    if call.at("/properties/enableSoftDelete") == false {
        return Err(ArmError::bad_request(
            "The property \"enableSoftDelete\" can be set to false only for creating new vault. Enabling the 'soft delete' functionality is an irreversible action.",
        ));
    }
    Ok(())
}

fn fill(azure: &mut Azure, call: &Call, document: &mut Document) {
    let mode = call.at("/properties/createMode").as_str();
    if mode.is_some_and(|m| m.eq_ignore_ascii_case("recover"))
        && let Some(dead) = names::buried(azure, TYPE, call.id().name()).map(|d| d.id.clone())
        && let Some(dead) = ResourceId::parse(&dead).and_then(|id| azure.store.purge(&id))
    {
        *document = Document { hidden: Value::Null, ..dead };
    }
    let earlier = document.body.get("systemData").cloned();
    document.body["systemData"] = azure.system_data(earlier.as_ref());
    let uri = format!("https://{}.vault.azure.net/", document.text("/name"));
    let body = &mut document.body;
    if let Some(properties) = body["properties"].as_object_mut() {
        properties.shift_remove("createMode");
    }
    for (pointer, value) in [
        ("accessPolicies", json!([])),
        ("enabledForDeployment", json!(false)),
        ("enableSoftDelete", json!(true)),
        ("softDeleteRetentionInDays", json!(90)),
        ("enableRbacAuthorization", json!(false)),
        ("vaultUri", json!(uri)),
        ("publicNetworkAccess", json!("Enabled")),
    ] {
        default(body, &format!("/properties/{pointer}"), value);
    }
    body["properties"]["provisioningState"] = json!("Succeeded");
}

fn beside(azure: &mut Azure, call: &Call) -> Option<Reply> {
    if let Some(name) = names::asked(call) {
        let owned = names::owner(azure, TYPE, &name).or_else(|| names::buried(azure, TYPE, &name));
        let taken = match (name_rule(&name), owned) {
            (Err(message), _) => Some(("AccountNameInvalid", message)),
            (_, Some(_)) => Some(("AlreadyExists", in_use(&name))),
            _ => None,
        };
        return Some(names::answer(taken));
    }
    let id = call.id();
    if call.path.ends_in("deletedVaults") && call.method == "GET" {
        let all: Vec<Value> =
            azure.store.tombstones().filter(|d| in_subscription(d, id)).map(deleted).collect();
        return Some(Ok(Response::json(200, &json!({ "value": all }))));
    }
    if id.is("Microsoft.KeyVault/vaults/accessPolicies") {
        return Some(change_policies(azure, call));
    }
    if !id.is("Microsoft.KeyVault/locations/deletedVaults") {
        return None;
    }
    Some(deleted_vault(azure, call))
}

const POLICIES: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("location", Shape::Text),
    ("properties", Shape::Object(&[("accessPolicies", Shape::List(&POLICY))])),
]);

/// Adds, replaces or removes access policies: one per tenant, object and application.
fn change_policies(azure: &mut Azure, call: &Call) -> Reply {
    if call.method != "PUT" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    POLICIES.check(&call.body, azure.strict)?;
    let vault = call.id().parent().unwrap_or_default();
    let operation = call.id().name().to_lowercase();
    if !["add", "replace", "remove"].contains(&operation.as_str()) {
        return Err(ArmError::bad_request(format!(
            "The operation '{operation}' is not one of add, replace, remove."
        )));
    }
    let Some(document) = azure.store.get_mut(&vault) else {
        return Err(ArmError::parent_not_found(call.id()));
    };
    let sent = call.at("/properties/accessPolicies").as_array().cloned().unwrap_or_default();
    let whose = |policy: &Value| {
        ["tenantId", "objectId", "applicationId"].map(|name| policy[name].as_str().map(str::to_lowercase))
    };
    let mut policies = document.at("/properties/accessPolicies").as_array().cloned().unwrap_or_default();
    let wanted: Vec<_> = sent.iter().map(whose).collect();
    match operation.as_str() {
        "replace" => policies = sent,
        _ => policies.retain(|policy| !wanted.contains(&whose(policy))),
    }
    if operation == "add" {
        policies.extend(call.at("/properties/accessPolicies").as_array().cloned().unwrap_or_default());
    }
    document.body["properties"]["accessPolicies"] = json!(policies);
    let body = json!({
        "id": format!("{}/accessPolicies/", document.id),
        "type": "Microsoft.KeyVault/vaults/accessPolicies",
        "location": document.body["location"],
        "properties": {"accessPolicies": policies},
    });
    Ok(Response::json(200, &body))
}

/// Answers one deleted vault: read and purge.
fn deleted_vault(azure: &mut Azure, call: &Call) -> Reply {
    let name = call.id().name();
    let place = call.id().segments.first().map(|(_, l)| crate::location::canonical(l)).unwrap_or_default();
    let found = names::buried(azure, TYPE, name).filter(|d| d.text("/location") == place).cloned();
    let found = found.filter(|d| in_subscription(d, call.id())).ok_or_else(|| {
        ArmError::new(
            404,
            "DeletedVaultNotFound",
            format!("The specified deleted vault '{name}' in location '{place}' does not exist."),
        )
    })?;
    match (call.method.as_str(), call.path.tail.as_deref()) {
        ("GET", None) => Ok(Response::json(200, &deleted(&found))),
        ("POST", Some(tail)) if tail.eq_ignore_ascii_case("purge") => {
            if found.at("/properties/enablePurgeProtection") == true {
                return Err(ArmError::new(
                    405,
                    "MethodNotAllowed",
                    "Operation 'DeletedVaultPurge' is not allowed.",
                ));
            }
            let start = Start::new(Style::Location, call.id(), &place)
                .then(Effect::Step {
                    namespace: NAMESPACE.to_owned(),
                    name: "purge".to_owned(),
                    argument: json!({"id": found.id}),
                })
                .outcome(Outcome::Empty);
            Ok(azure.begin(call, start, Response::empty(202)))
        }
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

fn in_subscription(document: &Document, id: &ResourceId) -> bool {
    ResourceId::parse(&document.id)
        .is_some_and(|d| d.is(TYPE) && d.subscription.eq_ignore_ascii_case(&id.subscription))
}

/// A deleted vault as its list shows it.
fn deleted(document: &Document) -> Value {
    let subscription = ResourceId::parse(&document.id).map(|id| id.subscription).unwrap_or_default();
    let (name, place) = (document.text("/name"), document.text("/location"));
    let when = document.hidden["deleted"].as_str().unwrap_or_default();
    let days = document.at("/properties/softDeleteRetentionInDays").as_i64().unwrap_or(90);
    let purge = when.parse::<jiff::Timestamp>().ok();
    let purge = purge.and_then(|t| t.checked_add(jiff::SignedDuration::from_hours(24 * days)).ok());
    json!({
        "id": format!("/subscriptions/{subscription}/providers/{NAMESPACE}/locations/{place}/deletedVaults/{name}"),
        "name": name,
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": {
            "vaultId": document.id,
            "location": place,
            "tags": document.body["tags"],
            "deletionDate": when,
            "scheduledPurgeDate": purge.map(|t| t.to_string()),
            "purgeProtectionEnabled": document.at("/properties/enablePurgeProtection"),
        },
    })
}
