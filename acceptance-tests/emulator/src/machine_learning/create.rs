//! Creating a workspace: what must be there, what is refused at once and what while it is made, and everything that the
//! service fills in.

use serde_json::{Map, Value, json};

use super::envelope::{self, Envelope};
use super::settings::text;
use super::{answer, dependents, encryption, finish, identity, network, refusal, rules, settings, update};
use crate::azure::{Azure, TENANT_ID};
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::location;
use crate::operation::{Start, Style};
use crate::service::{Call, Reply};
use crate::store::Document;

/// Answers a PUT: over an existing workspace it is an update, over one whose creation failed another try.
pub(super) fn put(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id().clone();
    if !rules::is_name(id.name()) {
        return Err(refusal::invalid(
            format!(
                "'{}' is no name for a workspace: it must match ^[a-zA-Z0-9][a-zA-Z0-9_-]{{2,32}}$.",
                id.name()
            ),
            "workspace.Name",
        ));
    }
    finish::refuse_while_running(azure, &id)?;
    let envelope = Envelope::of_put(call, azure.strict)?;
    match azure.store.get(&id) {
        Some(document) if !finish::never_made(document) => update::replace(azure, call, envelope),
        _ => create(azure, call, envelope),
    }
}

fn create(azure: &mut Azure, call: &Call, envelope: Envelope) -> Reply {
    let id = azure.store.get(call.id()).map_or_else(|| Some(call.id().clone()), |d| ResourceId::parse(&d.id));
    let id = id.unwrap_or_else(|| call.id().clone());
    if azure.store.tombstone(&id).is_some() {
        // Text and code as reported from deployments.
        return Err(ArmError::bad_request(
            "Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete",
        ));
    }
    let kind = envelope.kind.unwrap_or("Default");
    let properties = &envelope.properties;
    let principals =
        identity::assign(&azure.store, TENANT_ID, &Value::Null, &envelope.identity, identity::Mode::Replace)?;
    identity::check_primary(
        &principals,
        properties.get("primaryUserAssignedIdentity").unwrap_or(&Value::Null),
    )?;
    let place = location::canonical(call.at("/location").as_str().unwrap_or_default());
    let failure = check_resources(azure, &id, kind, properties, &place)?;
    settings::check_feature_store(kind, properties.get("featureStoreSettings"))?;
    let encryption = encryption::on_create(&azure.store, properties, &principals)?;
    let mut filled = fill(azure, &id, kind, properties, &place, encryption)?;
    settings::check(&Value::Null, &filled)?;
    let wanted = properties.get("managedNetwork").unwrap_or(&Value::Null);
    match network::on_write(&azure.store, &filled, &Value::Null, wanted)? {
        Value::Null => {}
        network => {
            filled.insert("managedNetwork".to_owned(), network);
        }
    }
    let provision = properties.get("provisionNetworkNow") == Some(&json!(true));
    let body = json!({
        "id": id.to_string(),
        "name": id.name(),
        "type": super::WORKSPACE,
        "location": place,
        "tags": envelope.tags.clone().unwrap_or_else(|| json!({})),
        "etag": null,
        "properties": filled,
        "identity": principals,
        "kind": kind,
        "sku": envelope::sku(envelope.sku.as_ref()),
        "systemData": azure.system_data(None),
    });
    azure.store.put(Document { id: id.to_string(), body, hidden: hidden(azure) });
    let done = json!({ "id": id.to_string(), "version": call.api_version, "provision": provision });
    let mut start = Start::new(Style::MachineLearning, &id, &place).then(finish::effect("created", done));
    if let Some(error) = failure {
        start = start.fails(&error);
    }
    // (K) A creation that failed leaves a workspace in state Failed, which can be created again or deleted.
    let start = start.on_failure(finish::effect("failed", json!({ "id": id.to_string() })));
    Ok(azure.begin(call, start, answer::standard(Response::empty(202))))
}

/// What no answer shows: the keys of the notebooks, and that the creation has not come to its end.
fn hidden(azure: &Azure) -> Value {
    json!({ (finish::NOT_MADE): true, "notebookKeys": { "primary": azure.secret_key(32), "secondary": azure.secret_key(32) } })
}

/// Checks the resources that the request names; the error that the creation itself shall end with, if one of them will
/// not do.
fn check_resources(
    azure: &Azure,
    id: &ResourceId,
    kind: &str,
    properties: &Map<String, Value>,
    place: &str,
) -> Result<Option<ArmError>, ArmError> {
    if kind == "Project" {
        return check_project(azure, properties, place).map(|()| None);
    }
    if text(properties, "hubResourceId").is_some() {
        return Err(refusal::invalid(
            format!("hubResourceId is only for workspaces of kind Project, not {kind}."),
            "workspace.HubResourceId",
        ));
    }
    // Since 2024 there are public reports that the service also refuses a workspace of kind Default without an
    // Application Insights with this error; the fact sheet has it as optional, and so it is here.
    let (Some(storage), Some(vault)) = (text(properties, "storageAccount"), text(properties, "keyVault"))
    else {
        return Err(refusal::invalid("Missing dependent resources in workspace json", "workspace"));
    };
    dependents::find(azure, id, "keyVault", vault)?;
    if let Some(insights) = text(properties, "applicationInsights") {
        dependents::find(azure, id, "applicationInsights", insights)?;
    }
    if let Some(registry) = text(properties, "containerRegistry") {
        dependents::check_registry(dependents::find(azure, id, "containerRegistry", registry)?)?;
    }
    let storage = dependents::find(azure, id, "storageAccount", storage)?;
    Ok(dependents::storage_failure(storage, kind))
}

/// A project lives in its hub's region and has its hub's resources.
fn check_project(azure: &Azure, properties: &Map<String, Value>, place: &str) -> Result<(), ArmError> {
    let target = "workspace.HubResourceId";
    let Some(hub) = text(properties, "hubResourceId") else {
        return Err(refusal::invalid("hubResourceId is required for a workspace of kind Project.", target));
    };
    let document = azure.store.find(hub).filter(|d| d.text("/kind") == "Hub");
    let Some(document) = document else {
        return Err(ArmError::bad_request(format!("The hub '{hub}' was not found.")).target(target));
    };
    if document.text("/location") != place {
        return Err(ArmError::bad_request(format!(
            "A project must be in the region of its hub: '{place}' is not '{}'.",
            document.text("/location")
        ))
        .target(target));
    }
    refuse_inherited(properties)
}

/// Refuses what a project has from its hub.
pub(super) fn refuse_inherited(properties: &Map<String, Value>) -> Result<(), ArmError> {
    let inherited = [
        "storageAccount",
        "keyVault",
        "applicationInsights",
        "containerRegistry",
        "encryption",
        "managedNetwork",
    ];
    match inherited.iter().find(|name| is_set(properties.get(**name))) {
        Some(name) => {
            Err(ArmError::bad_request(format!("A project has '{name}' from its hub; it cannot be set."))
                .target(name))
        }
        None => Ok(()),
    }
}

/// Whether a member asks for something: the service's command line sends empty texts and disabled objects.
fn is_set(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(value) => value["status"] != "Disabled" && value["isolationMode"] != "Disabled",
    }
}

/// The properties of a new workspace, in the order of the recorded answers.
fn fill(
    azure: &mut Azure,
    id: &ResourceId,
    kind: &str,
    sent: &Map<String, Value>,
    place: &str,
    encryption: Option<Value>,
) -> Result<Map<String, Value>, ArmError> {
    let earlier = azure.store.get(id).map(|d| d.text("/properties/workspaceId").to_owned());
    let workspace_id = earlier.filter(|i| !i.is_empty()).unwrap_or_else(|| azure.guid());
    let default_kind = kind == "Default";
    let spelled = |name: &str| match text(sent, name) {
        Some(text) if default_kind => json!(answer::respell(text)),
        Some(text) => json!(text),
        None => Value::Null,
    };
    let or = |name: &str, default: Value| match sent.get(name) {
        None | Some(Value::Null) => default,
        Some(value) => value.clone(),
    };
    let storage = text(sent, "storageAccount").and_then(|id| azure.store.find(id));
    let hns = storage.is_some_and(|d| d.at("/properties/isHnsEnabled") == true);
    let public = or("publicNetworkAccess", json!("Enabled"));
    let shared = matches!(kind, "Hub" | "Project");
    let own_key = encryption.is_some();
    let properties = json!({
        "friendlyName": or("friendlyName", json!("")),
        "description": or("description", json!("")),
        "storageAccount": spelled("storageAccount"),
        "keyVault": spelled("keyVault"),
        "applicationInsights": spelled("applicationInsights"),
        // A hub or project with a key of its own comes back with true.
        "hbiWorkspace": or("hbiWorkspace", json!(false)) == true || (own_key && shared),
        "tenantId": TENANT_ID,
        "imageBuildCompute": text(sent, "imageBuildCompute"),
        "provisioningState": "Creating",
        "allowRoleAssignmentOnRG": or("allowRoleAssignmentOnRG", json!(kind != "Project")),
        "v1LegacyMode": or("v1LegacyMode", json!(false)),
        "softDeleteEnabled": false,
        "creationTime": azure.now(),
        "notebookInfo": {
            "resourceId": azure.guid().replace('-', ""),
            "fqdn": answer::notebook_host(id.name(), place, &workspace_id),
            "isPrivateLinkEnabled": false,
            "notebookPreparationError": null,
        },
        "storageHnsEnabled": hns,
        "workspaceId": workspace_id,
        "linkedModelInventoryArmId": null,
        "privateLinkCount": 0,
        "publicNetworkAccess": public,
        "ipAllowlist": or("ipAllowlist", json!([])),
        "networkAcls": settings::network_acls(&or("networkAcls", Value::Null), public == "Enabled"),
        "discoveryUrl": format!("https://{place}.api.azureml.ms/discovery"),
        "mlFlowTrackingUri": format!("azureml://{place}.api.azureml.ms/mlflow/v1.0{id}"),
        "serverlessComputeSettings": or("serverlessComputeSettings", Value::Null),
        "EnableSoftwareBillOfMaterials": or("enableSoftwareBillOfMaterials", json!(false)),
        // The service turns it on for hubs and projects without being asked.
        "enableDataIsolation": shared || or("enableDataIsolation", json!(false)) == true,
    });
    let mut properties = match properties {
        Value::Object(properties) => properties,
        _ => Map::new(),
    };
    fill_optional(azure, id, kind, sent, &mut properties);
    if let Some(encryption) = encryption {
        if sent.get("enableServiceSideCMKEncryption") == Some(&json!(true)) {
            properties.insert("enableServiceSideCMKEncryption".to_owned(), json!(true));
        } else {
            let group = managed_group(azure, id, place, &workspace_id);
            properties.insert("serviceProvisionedResourceGroup".to_owned(), json!(group));
        }
        properties.insert("encryption".to_owned(), encryption);
    }
    Ok(properties)
}

/// Members that are absent unless they were sent or belong to the kind.
fn fill_optional(
    azure: &Azure,
    id: &ResourceId,
    kind: &str,
    sent: &Map<String, Value>,
    properties: &mut Map<String, Value>,
) {
    // Recorded: a null is answered as "", an absent one not at all.
    match sent.get("containerRegistry") {
        None => {}
        Some(registry) => {
            properties.insert("containerRegistry".to_owned(), json!(registry.as_str().unwrap_or_default()));
        }
    }
    let echoed = [
        "primaryUserAssignedIdentity",
        "featureStoreSettings",
        "systemDatastoresAuthMode",
        "hubResourceId",
        "allowPublicAccessWhenBehindVnet",
        "serviceManagedResourcesSettings",
        "sharedPrivateLinkResources",
        "softDeleteRetentionInDays",
        "containerRegistries",
        "existingWorkspaces",
        "keyVaults",
        "storageAccounts",
        "enableSimplifiedCmk",
    ];
    for name in echoed {
        if let Some(value) = sent.get(name).filter(|v| !v.is_null() && *v != "") {
            properties.insert(name.to_owned(), value.clone());
        }
    }
    if kind == "FeatureStore" {
        properties.insert("systemDatastoresAuthMode".to_owned(), json!("Identity"));
    }
    if kind == "Hub" {
        let mut config = sent.get("workspaceHubConfig").cloned().unwrap_or(Value::Null);
        if config["defaultWorkspaceResourceGroup"].as_str().is_none_or(str::is_empty) {
            config["defaultWorkspaceResourceGroup"] = json!(id.group_id().to_string());
        }
        properties.insert("associatedWorkspaces".to_owned(), json!(finish::projects(azure, id)));
        properties.insert("workspaceHubConfig".to_owned(), config);
    }
}

/// Makes the group that holds what the service needs to keep encrypted data, and gives its name.
fn managed_group(azure: &mut Azure, id: &ResourceId, place: &str, workspace_id: &str) -> String {
    let name = format!("azureml-rg-{}_{workspace_id}", id.name());
    let group = ResourceId { group: Some(name.clone()), ..id.group_id() };
    azure.store.put(Document::new(
        &group,
        json!({
            "id": group.to_string(),
            "name": name,
            "type": "Microsoft.Resources/resourceGroups",
            "location": place,
            "managedBy": id.to_string(),
            "properties": { "provisioningState": "Succeeded" },
        }),
    ));
    name
}
