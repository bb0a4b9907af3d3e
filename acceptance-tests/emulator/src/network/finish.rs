//! The ends of operations on endpoints and their zone groups.

use serde_json::{Value, json};

use super::{connections, etag, records, refusal};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::{Effect, Outcome, Start, Style};
use crate::service::{Call, Reply};

/// A step of this service at the end of an operation.
pub(super) fn effect(name: &str, argument: Value) -> Effect {
    Effect::Step { namespace: super::NAMESPACE.to_owned(), name: name.to_owned(), argument }
}

/// Begins to delete an endpoint or a zone group; `what` begins the names of the steps at its end.
pub(super) fn delete(azure: &mut Azure, call: &Call, location: &str, what: &str) -> Reply {
    let id = call.id();
    refusal::busy(azure, id)?;
    if let Some(document) = azure.store.get_mut(id) {
        document.body["properties"]["provisioningState"] = json!("Deleting");
    }
    let argument = json!({ "id": id.to_string() });
    let start = Start::new(Style::NetworkDelete, id, location)
        .then(effect(&format!("{what}-gone"), argument.clone()))
        .on_failure(effect(&format!("{what}-failed"), argument))
        .outcome(Outcome::Empty);
    Ok(azure.begin(call, start, Response::empty(202)))
}

/// Carries out a step.
pub(super) fn step(azure: &mut Azure, name: &str, argument: &Value) -> Result<Value, ArmError> {
    let Some(id) = argument["id"].as_str().and_then(ResourceId::parse) else {
        return Ok(Value::Null);
    };
    match name {
        "endpoint" => ready(azure, &id),
        "endpoint-failed" => fail(azure, &id),
        "endpoint-gone" => remove(azure, &id),
        "group" => {
            if let Some(group) = azure.store.get_mut(&id) {
                group.body["properties"]["provisioningState"] = json!("Succeeded");
            }
            group_changed(azure, &id);
        }
        "group-failed" => fail(azure, &id),
        "group-gone" => {
            azure.store.remove(&id.key());
            group_changed(azure, &id);
        }
        other => return Err(ArmError::new(500, "InternalServerError", format!("No step '{other}'."))),
    }
    Ok(Value::Null)
}

/// An endpoint is there: what it leads to knows it, and its names are known.
fn ready(azure: &mut Azure, id: &ResourceId) {
    let etag = etag(azure);
    if let Some(document) = azure.store.get_mut(id) {
        document.body["properties"]["provisioningState"] = json!("Succeeded");
        let state = document.body.pointer_mut(
            "/properties/privateLinkServiceConnections/0/properties/privateLinkServiceConnectionState",
        );
        if let Some(state) = state.filter(|s| s["status"] == "Approved" && s["description"] == "") {
            state["description"] = json!("Approved");
        }
        records::stamp(document, &etag);
    }
    connections::attach(azure, id);
    records::refresh(azure, id);
}

fn fail(azure: &mut Azure, id: &ResourceId) {
    if let Some(document) = azure.store.get_mut(id) {
        document.body["properties"]["provisioningState"] = json!("Failed");
    }
}

/// Removes an endpoint with its interface, its zone group, the records that this wrote, and its connection.
pub(super) fn remove(azure: &mut Azure, id: &ResourceId) {
    let Some(document) = azure.store.remove(&id.key()) else { return };
    for interface in document.at("/properties/networkInterfaces").as_array().into_iter().flatten() {
        if let Some(interface) = interface["id"].as_str() {
            azure.store.remove(interface);
        }
    }
    records::refresh(azure, id);
    if let Some(target) = ResourceId::parse(&connections::connection(&document).target) {
        connections::detach(azure, &document.id, &target);
    }
}

/// A zone group has changed or is gone: records and the endpoint follow, with one new etag for both.
fn group_changed(azure: &mut Azure, group: &ResourceId) {
    let Some(endpoint) = group.parent() else { return };
    records::refresh(azure, &endpoint);
    let etag = etag(azure);
    for id in [&endpoint, group] {
        if let Some(document) = azure.store.get_mut(id) {
            records::stamp(document, &etag);
        }
    }
}
