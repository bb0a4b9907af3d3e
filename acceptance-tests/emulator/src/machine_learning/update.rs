//! Changing a workspace: by PATCH with what it may carry, or by a PUT over it, as older clients do.

use serde_json::{Map, Value, json};

use super::envelope::{self, Envelope};
use super::members::{ALWAYS_PATCHED, FIXED, WORKSPACE};
use super::settings::text;
use super::version::Version;
use super::{answer, create, dependents, encryption, finish, identity, network, refusal, settings, shape};
use crate::azure::{Azure, TENANT_ID};
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::{Start, Style};
use crate::service::{Call, Reply};
use crate::store::Document;

/// Answers a PATCH.
pub(super) fn patch(azure: &mut Azure, call: &Call) -> Reply {
    let document = super::found(azure, call)?.clone();
    finish::refuse_while_running(azure, call.id())?;
    let envelope = Envelope::of_patch(call, azure.strict)?;
    let version = Version::new(&call.api_version);
    for name in envelope.properties.keys() {
        if !carries(name, version) {
            return Err(ArmError::bad_request(format!(
                "A PATCH of a workspace at api-version {} cannot carry 'properties.{name}'.",
                call.api_version
            ))
            .target(name));
        }
    }
    change(azure, call, document, envelope, identity::Mode::Merge)
}

/// Answers a PUT over an existing workspace.
pub(super) fn replace(azure: &mut Azure, call: &Call, envelope: Envelope) -> Reply {
    let document = super::found(azure, call)?.clone();
    if let Some(kind) = envelope.kind.filter(|kind| *kind != document.text("/kind")) {
        return Err(ArmError::bad_request(format!(
            "The kind of a workspace cannot be changed from {} to {kind}.",
            document.text("/kind")
        ))
        .target("kind"));
    }
    change(azure, call, document, envelope, identity::Mode::Replace)
}

/// Whether a PATCH of this version carries a member of `properties`.
fn carries(name: &str, version: Version<'_>) -> bool {
    ALWAYS_PATCHED.contains(&name) || shape::find(WORKSPACE, name).is_some_and(|m| version.knows(m.patch))
}

fn change(
    azure: &mut Azure,
    call: &Call,
    mut document: Document,
    envelope: Envelope,
    mode: identity::Mode,
) -> Reply {
    let id = ResourceId::parse(&document.id).unwrap_or_else(|| call.id().clone());
    let before = document.body.clone();
    let kind = document.text("/kind").to_owned();
    let sent = &envelope.properties;
    if kind == "Project" {
        create::refuse_inherited(sent)?;
    }
    refuse_fixed(&before["properties"], sent)?;
    if !envelope.identity.is_null() {
        document.body["identity"] =
            identity::assign(&azure.store, TENANT_ID, &before["identity"], &envelope.identity, mode)?;
    }
    if let Some(tags) = &envelope.tags {
        document.body["tags"] = tags.clone();
    } else if mode == identity::Mode::Replace {
        document.body["tags"] = json!({});
    }
    if envelope.sku.is_some() {
        document.body["sku"] = envelope::sku(envelope.sku.as_ref());
    }
    let mut after = before["properties"].as_object().cloned().unwrap_or_default();
    set_plain(sent, &mut after);
    set_resources(azure, &id, &kind, sent, &mut after)?;
    set_primary(&document.body["identity"], sent, &mut after)?;
    set_network(azure, &before["properties"], sent, &mut after)?;
    set_encryption(&before["properties"], sent, &mut after)?;
    settings::check_feature_store(&kind, after.get("featureStoreSettings"))?;
    settings::check(&before["properties"], &after)?;
    // (K) Up to 2021 a PATCH was done at once: the contracts of those versions know no 202 for it.
    let at_once = mode == identity::Mode::Merge && !Version::new(&call.api_version).from("2022-05-01");
    let state = if at_once { "Succeeded" } else { "Updating" };
    after.insert("provisioningState".to_owned(), json!(state));
    document.body["properties"] = Value::Object(after);
    document.body["systemData"] = azure.system_data(before.get("systemData"));
    let place = document.text("/location").to_owned();
    azure.store.put(document.clone());
    if at_once {
        let body = answer::workspace(&azure.store, &document, Version::new(&call.api_version));
        return Ok(answer::json(200, &body));
    }
    let done = json!({ "id": id.to_string(), "version": call.api_version });
    let start = Start::new(Style::MachineLearning, &id, &place)
        .then(finish::effect("updated", done))
        // (K) A change that failed leaves the workspace in state Failed, with what was sent.
        .on_failure(finish::effect("failed", json!({ "id": id.to_string() })));
    Ok(azure.begin(call, start, answer::standard(Response::empty(202))))
}

/// Refuses another value for what the creation fixed. The same value, in any casing, passes: clients send back what
/// they read.
fn refuse_fixed(before: &Value, sent: &Map<String, Value>) -> Result<(), ArmError> {
    for name in FIXED {
        let wanted = sent.get(*name).filter(|v| !v.is_null() && *v != "");
        let same = |wanted: &Value| match (wanted, &before[*name]) {
            (Value::String(wanted), Value::String(now)) => wanted.eq_ignore_ascii_case(now),
            (Value::Bool(wanted), now) => *wanted == now.as_bool().unwrap_or_default(),
            (wanted, now) => wanted == now,
        };
        if wanted.is_some_and(|wanted| !same(wanted)) {
            return Err(refusal::fixed(name));
        }
    }
    Ok(())
}

/// Members that are taken as they come. Null is absence, as the service's deserializer has it; "" and {} clear.
fn set_plain(sent: &Map<String, Value>, after: &mut Map<String, Value>) {
    let plain = [
        ("friendlyName", "friendlyName"),
        ("description", "description"),
        ("imageBuildCompute", "imageBuildCompute"),
        ("publicNetworkAccess", "publicNetworkAccess"),
        ("v1LegacyMode", "v1LegacyMode"),
        ("featureStoreSettings", "featureStoreSettings"),
        ("systemDatastoresAuthMode", "systemDatastoresAuthMode"),
        ("serviceManagedResourcesSettings", "serviceManagedResourcesSettings"),
        ("allowRoleAssignmentOnRG", "allowRoleAssignmentOnRG"),
        ("enableSoftwareBillOfMaterials", "EnableSoftwareBillOfMaterials"),
        ("ipAllowlist", "ipAllowlist"),
        ("softDeleteRetentionInDays", "softDeleteRetentionInDays"),
        ("allowPublicAccessWhenBehindVnet", "allowPublicAccessWhenBehindVnet"),
        ("sharedPrivateLinkResources", "sharedPrivateLinkResources"),
        ("workspaceHubConfig", "workspaceHubConfig"),
    ];
    for (name, answered) in plain {
        if let Some(value) = sent.get(name).filter(|v| !v.is_null()) {
            after.insert(answered.to_owned(), value.clone());
        }
    }
    if let Some(serverless) = sent.get("serverlessComputeSettings").filter(|v| !v.is_null()) {
        let cleared = serverless.as_object().is_some_and(Map::is_empty);
        let value = if cleared { Value::Null } else { serverless.clone() };
        after.insert("serverlessComputeSettings".to_owned(), value);
    }
    let public = after.get("publicNetworkAccess") != Some(&json!("Disabled"));
    let acls = sent.get("networkAcls").filter(|v| !v.is_null()).or_else(|| after.get("networkAcls"));
    let acls = settings::network_acls(acls.unwrap_or(&Value::Null), public);
    after.insert("networkAcls".to_owned(), acls);
}

/// Application Insights and registry: there when named, cleared by "", and for the registry by null as well, which the
/// service declares nullable.
fn set_resources(
    azure: &Azure,
    id: &ResourceId,
    kind: &str,
    sent: &Map<String, Value>,
    after: &mut Map<String, Value>,
) -> Result<(), ArmError> {
    match sent.get("applicationInsights").filter(|v| !v.is_null()) {
        None => {}
        Some(_) => {
            let value = match text(sent, "applicationInsights") {
                None => Value::Null,
                Some(insights) => {
                    dependents::find(azure, id, "applicationInsights", insights)?;
                    json!(if kind == "Default" { answer::respell(insights) } else { insights.to_owned() })
                }
            };
            after.insert("applicationInsights".to_owned(), value);
            if !after["applicationInsights"].is_string() {
                after.shift_remove("sdkTelemetryAppInsightsKey");
            }
        }
    }
    if let Some(registry) = sent.get("containerRegistry") {
        let registry = registry.as_str().unwrap_or_default();
        if !registry.is_empty() {
            dependents::check_registry(dependents::find(azure, id, "containerRegistry", registry)?)?;
        }
        if !registry.is_empty() || after.contains_key("containerRegistry") {
            after.insert("containerRegistry".to_owned(), json!(registry));
        }
    }
    Ok(())
}

fn set_primary(
    identity: &Value,
    sent: &Map<String, Value>,
    after: &mut Map<String, Value>,
) -> Result<(), ArmError> {
    if let Some(primary) = sent.get("primaryUserAssignedIdentity").filter(|v| !v.is_null()) {
        after.insert("primaryUserAssignedIdentity".to_owned(), primary.clone());
    }
    // (K) Without user-assigned identities there is no primary one.
    if !identity["userAssignedIdentities"].is_object() || text(after, "primaryUserAssignedIdentity").is_none()
    {
        after.shift_remove("primaryUserAssignedIdentity");
    }
    identity::check_primary(identity, after.get("primaryUserAssignedIdentity").unwrap_or(&Value::Null))
}

fn set_network(
    azure: &Azure,
    before: &Value,
    sent: &Map<String, Value>,
    after: &mut Map<String, Value>,
) -> Result<(), ArmError> {
    let wanted = sent.get("managedNetwork").unwrap_or(&Value::Null);
    match network::on_write(&azure.store, after, &before["managedNetwork"], wanted)? {
        Value::Null => after.shift_remove("managedNetwork"),
        network => after.insert("managedNetwork".to_owned(), network),
    };
    Ok(())
}

fn set_encryption(
    before: &Value,
    sent: &Map<String, Value>,
    after: &mut Map<String, Value>,
) -> Result<(), ArmError> {
    let Some(wanted) = sent.get("encryption").filter(|v| !v.is_null()) else {
        return Ok(());
    };
    match encryption::on_update(&before["encryption"], wanted)? {
        Value::Null => {}
        encryption => {
            after.insert("encryption".to_owned(), encryption);
        }
    }
    Ok(())
}
