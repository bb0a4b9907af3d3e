//! Connections: the two ends of an endpoint's way to a resource. The endpoint has one, the resource lists all that lead to it;
//! whoever owns the resource approves or rejects.

use serde_json::{Value, json};

use super::checks::Wish;
use super::interfaces::Place;
use super::{ENDPOINT, etag, records};
use crate::azure::Azure;
use crate::id::ResourceId;
use crate::store::Document;

const WORKSPACE: &str = "Microsoft.MachineLearningServices/workspaces";

/// An endpoint's connection.
#[derive(Debug, Default)]
pub(super) struct Connection {
    /// Whether somebody has to approve it.
    pub(super) manual: bool,
    /// Its name.
    pub(super) name: String,
    /// What it leads to, as the request spelled it.
    pub(super) target: String,
    /// Group of the target, empty where it has none.
    pub(super) group: String,
    /// Its state: `status`, `description`, `actionsRequired`.
    pub(super) state: Value,
}

const LISTS: [(bool, &str); 2] =
    [(false, "privateLinkServiceConnections"), (true, "manualPrivateLinkServiceConnections")];

/// The connection of an endpoint.
pub(super) fn connection(endpoint: &Document) -> Connection {
    for (manual, list) in LISTS {
        let found = endpoint.at(&format!("/properties/{list}/0"));
        if found.is_object() {
            let properties = &found["properties"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            return Connection {
                manual,
                name: text(&found["name"]),
                target: text(&properties["privateLinkServiceId"]),
                group: text(&properties["groupIds"][0]),
                state: properties["privateLinkServiceConnectionState"].clone(),
            };
        }
    }
    Connection::default()
}

/// The connection of an endpoint that is being made or changed. What was decided about it stays.
pub(super) fn made(
    azure: &Azure,
    id: &ResourceId,
    found: Option<&Document>,
    wish: &Wish,
    etag: &str,
) -> Value {
    let status = if wish.manual { ("Pending", "Awaiting approval") } else { ("Approved", "") };
    let state = match found.map(connection) {
        Some(before) if before.state.is_object() => before.state,
        _ => json!({ "status": status.0, "description": status.1, "actionsRequired": "None" }),
    };
    let target = match azure.settings.network.respell_targets {
        true => wish.target.to_lowercase(),
        false => wish.target.clone(),
    };
    let mut properties = json!({ "provisioningState": "Succeeded", "privateLinkServiceId": target });
    if let Some(group) = &wish.group {
        properties["groupIds"] = json!([group]);
    }
    if wish.message.is_string() {
        properties["requestMessage"] = wish.message.clone();
    }
    properties["privateLinkServiceConnectionState"] = state;
    json!({
        "name": wish.connection,
        "id": format!("{id}/privateLinkServiceConnections/{}", wish.connection),
        "etag": etag,
        "properties": properties,
        "type": "Microsoft.Network/privateEndpoints/privateLinkServiceConnections",
    })
}

/// Keeps the addresses of an endpoint where no GET shows them.
pub(super) fn keep_places(endpoint: &mut Document, places: &[Place]) {
    let places: Vec<Value> = places
        .iter()
        .map(|p| {
            json!({
                "name": p.name, "group": p.group, "member": p.member, "fqdns": p.fqdns,
                "address": p.address.to_string(), "fixed": p.fixed,
            })
        })
        .collect();
    endpoint.hidden = json!({ "places": places });
}

/// The addresses of an endpoint.
pub(super) fn places(endpoint: &Document) -> Vec<Place> {
    let kept = endpoint.hidden["places"].as_array().into_iter().flatten();
    kept.filter_map(|p| {
        let text = |name: &str| p[name].as_str().unwrap_or_default().to_owned();
        Some(Place {
            name: text("name"),
            group: p["group"].as_str().map(str::to_owned),
            member: text("member"),
            fqdns: p["fqdns"].as_array()?.iter().filter_map(|f| Some(f.as_str()?.to_owned())).collect(),
            address: text("address").parse().ok()?,
            fixed: p["fixed"] == true,
        })
    })
    .collect()
}

/// Sets the state of an endpoint's connection, with a new etag, and lets names follow.
fn set_state(azure: &mut Azure, endpoint: &ResourceId, state: &Value) {
    let etag = etag(azure);
    if let Some(document) = azure.store.get_mut(endpoint) {
        for (_, list) in LISTS {
            if let Some(connection) = document.body["properties"][list].get_mut(0) {
                for name in ["status", "description", "actionsRequired"] {
                    connection["properties"]["privateLinkServiceConnectionState"][name] = state[name].clone();
                }
            }
        }
        records::stamp(document, &etag);
    }
    records::refresh(azure, endpoint);
}

/// Adds an endpoint's connection to the resource that it leads to, or renews it there.
///
/// Resource Manager's own link lists objects as all others do (azurerm#26670), although its OpenAPI document has texts.
pub(super) fn attach(azure: &mut Azure, endpoint: &ResourceId) {
    let Some(document) = azure.store.get(endpoint).cloned() else { return };
    let connection = connection(&document);
    let Some(target) = ResourceId::parse(&connection.target) else { return };
    let guid = document.text("/properties/resourceGuid").to_owned();
    let name = format!("{}.{guid}", endpoint.name());
    let mut private = json!({ "id": document.id });
    if target.is(WORKSPACE) {
        private["subnetArmId"] = document.at("/properties/subnet/id").clone();
    }
    let mut state = connection.state.clone();
    if target.is("Microsoft.Storage/storageAccounts") {
        state = json!({
            "status": state["status"], "description": state["description"],
            "actionRequired": state["actionsRequired"],
        });
    }
    let properties = json!({
        "privateEndpoint": private,
        "privateLinkServiceConnectionState": state,
        "provisioningState": "Succeeded",
    });
    change(azure, &target, |id, place, list| {
        let at = list.iter().position(|c| leads(c, endpoint));
        let name = at.and_then(|at| list[at]["name"].as_str()).unwrap_or(&name).to_owned();
        let mut element = json!({
            "id": format!("{id}/privateEndpointConnections/{name}"),
            "name": name,
            "type": format!("{}/privateEndpointConnections", target.resource_type()),
            "properties": properties,
        });
        if target.is(WORKSPACE) {
            element["location"] = json!(place);
        }
        match at {
            Some(at) => list[at] = element,
            None => list.push(element),
        }
    });
}

/// Removes an endpoint's connection from the resource that it leads to; an endpoint that is still there is disconnected.
pub(crate) fn detach(azure: &mut Azure, endpoint: &str, target: &ResourceId) {
    if let Some(id) = ResourceId::parse(endpoint) {
        change(azure, target, |_, _, list| list.retain(|c| !leads(c, &id)));
    }
    disconnect(azure, endpoint);
}

/// Whether an entry of a resource's list is that of an endpoint.
fn leads(entry: &Value, endpoint: &ResourceId) -> bool {
    entry["properties"]["privateEndpoint"]["id"]
        .as_str()
        .is_some_and(|id| id.to_lowercase() == endpoint.key())
}

/// Changes the list of connections of a resource; the workspace's own service then counts them.
fn change(azure: &mut Azure, target: &ResourceId, change: impl FnOnce(&str, &str, &mut Vec<Value>)) {
    let Some(document) = azure.store.get_mut(target) else { return };
    let list = &mut document.body["properties"]["privateEndpointConnections"];
    let mut all = list.as_array().cloned().unwrap_or_default();
    let (id, place) =
        (document.id.clone(), document.body["location"].as_str().unwrap_or_default().to_owned());
    change(&id, &place, &mut all);
    if target.is(WORKSPACE) {
        crate::machine_learning::keep_connections(document, all);
    } else {
        document.body["properties"]["privateEndpointConnections"] = json!(all);
    }
}

/// The owner of a resource decides about the connection of an endpoint; false when there is no such endpoint.
pub(crate) fn decide(azure: &mut Azure, endpoint: &str, state: &Value) -> bool {
    let id = ResourceId::parse(endpoint).filter(|id| id.is(ENDPOINT) && azure.store.get(id).is_some());
    let Some(id) = id else { return false };
    set_state(azure, &id, state);
    attach(azure, &id);
    true
}

/// The owner approves a connection that a read has just shown to wait, where a test wants that.
pub(super) fn approve_when_read(azure: &mut Azure, endpoint: &Document) {
    let waits = connection(endpoint).state["status"] == "Pending";
    if azure.settings.network.approve_when_read
        && waits
        && endpoint.text("/properties/provisioningState") == "Succeeded"
    {
        let state = json!({ "status": "Approved", "description": "As asked", "actionsRequired": "None" });
        decide(azure, &endpoint.id, &state);
    }
}

/// The resource forgets a connection; its endpoint stays and leads nowhere.
pub(crate) fn disconnect(azure: &mut Azure, endpoint: &str) {
    if let Some(id) = ResourceId::parse(endpoint).filter(|id| id.is(ENDPOINT)) {
        let state = json!({
            "status": "Disconnected", "description": "Deleted state", "actionsRequired": "",
        });
        set_state(azure, &id, &state);
    }
}

/// A resource is gone: every endpoint that led to it leads nowhere.
pub(crate) fn target_gone(azure: &mut Azure, target: &ResourceId) {
    let key = target.key();
    let all = azure.store.iter().filter(|d| d.text("/type") == ENDPOINT);
    let mine: Vec<String> =
        all.filter(|d| connection(d).target.to_lowercase() == key).map(|d| d.id.clone()).collect();
    mine.iter().for_each(|endpoint| disconnect(azure, endpoint));
}
