//! The ends of operations: what becomes of a workspace when its creation, change or deletion is done.

use serde_json::{Value, json};

use super::version::Version;
use super::{answer, network};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::operation::Effect;
use crate::store::Document;

/// Beside a workspace stands under this name that it has not been ready yet. What fails once it was does not undo that.
pub(super) const NOT_MADE: &str = "notMade";

/// A step of this service at the end of an operation.
pub(super) fn effect(name: &str, argument: Value) -> Effect {
    Effect::Step { namespace: super::NAMESPACE.to_owned(), name: name.to_owned(), argument }
}

/// Refuses to change a workspace on which an operation is still running. (K)
pub(super) fn refuse_while_running(azure: &Azure, id: &ResourceId) -> Result<(), ArmError> {
    match azure.running(id) {
        None => Ok(()),
        Some(_) => Err(ArmError::conflict(format!(
            "Another operation is running on workspace '{}'. Wait for it to end.",
            id.name()
        ))),
    }
}

/// Carries out a step; its value becomes what the operation's result URL answers.
pub(super) fn step(azure: &mut Azure, name: &str, argument: &Value) -> Result<Value, ArmError> {
    let Some(id) = argument["id"].as_str().and_then(ResourceId::parse) else {
        return Ok(Value::Null);
    };
    match name {
        "created" => {
            if argument["provision"] == true {
                provision(azure, &id, false);
            }
            note_project(azure, &id);
            succeed(azure, &id, argument)
        }
        "updated" => succeed(azure, &id, argument),
        "failed" => {
            set_state(azure, &id, "Failed");
            forget_endpoints(azure, &id);
            Ok(Value::Null)
        }
        "deleted" => {
            delete(azure, &id, argument["purge"] == true);
            Ok(Value::Null)
        }
        "purged" => {
            forget(azure, &id);
            Ok(Value::Null)
        }
        "provisioned" => Ok(provision(azure, &id, argument["spark"] == true)),
        "rule" => super::outbound::finish_put(azure, &id, argument),
        "unrule" => super::outbound::finish_delete(azure, &id, argument),
        other => Err(ArmError::new(500, "InternalServerError", format!("No step '{other}'."))),
    }
}

fn set_state(azure: &mut Azure, id: &ResourceId, state: &str) {
    if let Some(document) = azure.store.get_mut(id) {
        document.body["properties"]["provisioningState"] = json!(state);
    }
}

/// Whether its creation failed. A change that fails leaves the same state on a workspace that is there.
pub(super) fn never_made(document: &Document) -> bool {
    document.text("/properties/provisioningState") == "Failed" && document.hidden[NOT_MADE] == true
}

/// (K) A creation that failed has not come to what its services are reached by.
fn forget_endpoints(azure: &mut Azure, id: &ResourceId) {
    let Some(document) = azure.store.get_mut(id).filter(|document| never_made(document)) else { return };
    if let Some(properties) = document.body["properties"].as_object_mut() {
        for name in ["workspaceId", "discoveryUrl", "mlFlowTrackingUri"] {
            properties.shift_remove(name);
        }
    }
}

fn succeed(azure: &mut Azure, id: &ResourceId, argument: &Value) -> Result<Value, ArmError> {
    set_state(azure, id, "Succeeded");
    if let Some(hidden) = azure.store.get_mut(id).and_then(|document| document.hidden.as_object_mut()) {
        hidden.shift_remove(NOT_MADE);
    }
    let version = Version::new(argument["version"].as_str().unwrap_or_default());
    let document = azure.store.get(id);
    Ok(document.map_or(Value::Null, |document| answer::workspace(&azure.store, document, version)))
}

/// Brings the workspace's managed network into being; what a provisioning answers.
fn provision(azure: &mut Azure, id: &ResourceId, spark: bool) -> Value {
    let Some(mut document) = azure.store.get(id).cloned() else {
        return Value::Null;
    };
    let workspace = document.body["properties"].as_object().cloned().unwrap_or_default();
    let network = &mut document.body["properties"]["managedNetwork"];
    if !network.is_object() {
        return json!({ "status": "Inactive", "sparkReady": false });
    }
    network::provision(&azure.store, &workspace, network, spark);
    let status = network["status"].clone();
    azure.store.put(document);
    status
}

/// The IDs of a hub's projects.
pub(super) fn projects(azure: &Azure, hub: &ResourceId) -> Vec<String> {
    let key = hub.key();
    let mine = azure.store.iter().filter(|d| d.text("/properties/hubResourceId").to_lowercase() == key);
    mine.map(|d| d.id.clone()).collect()
}

/// Shows a hub's projects in its document.
fn note_project(azure: &mut Azure, project: &ResourceId) {
    let hub = azure.store.get(project).map(|d| d.text("/properties/hubResourceId").to_owned());
    if let Some(hub) = hub.as_deref().and_then(ResourceId::parse) {
        refresh_hub(azure, &hub);
    }
}

fn refresh_hub(azure: &mut Azure, hub: &ResourceId) {
    let projects = projects(azure, hub);
    if let Some(document) = azure.store.get_mut(hub) {
        document.body["properties"]["associatedWorkspaces"] = json!(projects);
    }
}

fn delete(azure: &mut Azure, id: &ResourceId, purge: bool) {
    let hub = azure.store.get(id).map(|d| d.text("/properties/hubResourceId").to_owned());
    if azure.store.bury(id).is_none() {
        return;
    }
    crate::network::target_gone(azure, id);
    if purge {
        forget(azure, id);
    }
    if let Some(hub) = hub.as_deref().and_then(ResourceId::parse) {
        refresh_hub(azure, &hub);
    }
}

/// What goes with a group's deletion.
pub(super) fn group_deleted(azure: &mut Azure, id: &ResourceId) {
    match id.segments.len() {
        1 => delete(azure, id, true),
        _ => drop(azure.store.remove(&id.key())),
    }
}

/// Forgets a soft-deleted workspace, and the group that was made for it: until then both live on.
fn forget(azure: &mut Azure, id: &ResourceId) {
    let Some(document) = azure.store.purge(id) else {
        return;
    };
    let group = document.text("/properties/serviceProvisionedResourceGroup");
    if !group.is_empty() {
        let group = ResourceId { group: Some(group.to_owned()), ..id.group_id() };
        azure.store.remove(&group.key());
    }
}
