//! Private link: the resource that endpoints lead to, and the connections that they make.

use serde_json::{Value, json};

use super::members::LINK_STATES;
use super::{answer, workspace_id};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::network;
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

const ZONES: &[&str] = &["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"];

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("location", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    ("identity", Shape::Any),
    ("sku", Shape::Any),
    ("systemData", Shape::Any),
    (
        "properties",
        Shape::Object(&[
            ("privateEndpoint", Shape::Object(&[("id", Shape::Text), ("subnetArmId", Shape::Text)])),
            (
                "privateLinkServiceConnectionState",
                Shape::Object(&[
                    ("status", Shape::OneOf(LINK_STATES)),
                    ("description", Shape::Text),
                    ("actionsRequired", Shape::Text),
                ]),
            ),
            ("provisioningState", Shape::Text),
        ]),
    ),
]);

/// Answers what a private endpoint can lead to. Projects have none of their own: they are reached through their hub.
pub(super) fn resources(azure: &mut Azure, call: &Call) -> Reply {
    let document = super::found(azure, call)?;
    if document.text("/kind") == "Project" {
        return Ok(answer::json(200, &json!({ "value": [] })));
    }
    let resource = json!({
        "id": format!("{}/privateLinkResources/amlworkspace", document.id),
        "name": "amlworkspace",
        "type": "Microsoft.MachineLearningServices/workspaces/privateLinkResources",
        "location": document.text("/location"),
        "properties": {
            "groupId": "amlworkspace",
            "requiredMembers": ["default"],
            "requiredZoneNames": ZONES,
        },
    });
    Ok(answer::json(200, &json!({ "value": [resource] })))
}

/// Answers the list of a workspace's connections.
pub(super) fn list(azure: &mut Azure, call: &Call) -> Reply {
    let document = super::found(azure, call)?;
    Ok(answer::json(200, &json!({ "value": connections(document) })))
}

fn connections(document: &Document) -> Vec<Value> {
    document.at("/properties/privateEndpointConnections").as_array().cloned().unwrap_or_default()
}

fn position(connections: &[Value], name: &str) -> Option<usize> {
    connections.iter().position(|c| c["name"].as_str().is_some_and(|n| n.eq_ignore_ascii_case(name)))
}

/// Answers requests for one connection; all of them are done at once.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let document = super::found(azure, call)?.clone();
    let all = connections(&document);
    let at = position(&all, call.id().name());
    match (call.method.as_str(), at) {
        ("GET", Some(at)) => Ok(answer::json(200, &all[at])),
        ("GET" | "PUT", None) => Err(ArmError::resource_not_found(call.id())),
        ("PUT", Some(at)) => put(azure, call, &document, all, at),
        ("DELETE", None) => Ok(answer::standard(Response::empty(204))),
        ("DELETE", Some(at)) => {
            let mut all = all;
            let gone = all.remove(at);
            keep(azure, call, all);
            network::disconnect(
                azure,
                gone["properties"]["privateEndpoint"]["id"].as_str().unwrap_or_default(),
            );
            Ok(answer::standard(Response::empty(200)))
        }
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

/// A PUT approves or rejects what a private endpoint has made, and makes nothing. (K)
fn put(azure: &mut Azure, call: &Call, document: &Document, mut all: Vec<Value>, at: usize) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let sent = call.at("/properties/privateLinkServiceConnectionState");
    let status = sent["status"].as_str().unwrap_or_default();
    let Some(status) = LINK_STATES.iter().find(|s| s.eq_ignore_ascii_case(status)) else {
        return Err(ArmError::bad_request("privateLinkServiceConnectionState.status is required.")
            .target("privateLinkServiceConnectionState"));
    };
    let name = all[at]["name"].clone();
    let name = name.as_str().unwrap_or_default();
    let endpoint = match call.at("/properties/privateEndpoint") {
        Value::Null => all[at]["properties"]["privateEndpoint"].clone(),
        sent => sent.clone(),
    };
    let connection = json!({
        "id": format!("{}/privateEndpointConnections/{name}", document.id),
        "name": name,
        "type": "Microsoft.MachineLearningServices/workspaces/privateEndpointConnections",
        "location": document.text("/location"),
        "properties": {
            "privateEndpoint": endpoint,
            "privateLinkServiceConnectionState": {
                "status": status,
                "description": sent["description"].as_str().unwrap_or_default(),
                "actionsRequired": sent["actionsRequired"].as_str().unwrap_or("None"),
            },
            "provisioningState": "Succeeded",
        },
    });
    all[at] = connection.clone();
    keep(azure, call, all);
    // The endpoint that the connection comes from learns of it, and the connection then tells what the endpoint is.
    let properties = &connection["properties"];
    let endpoint = properties["privateEndpoint"]["id"].as_str().unwrap_or_default();
    network::decide(azure, endpoint, &properties["privateLinkServiceConnectionState"]);
    Ok(answer::json(200, &connection))
}

/// Keeps the connections in the workspace that a call is about.
fn keep(azure: &mut Azure, call: &Call, all: Vec<Value>) {
    if let Some(document) = azure.store.get_mut(&workspace_id(call)) {
        keep_connections(document, all);
    }
}

/// Keeps connections in a workspace, which shows them and their number; without any there is no such member.
pub(crate) fn keep_connections(document: &mut Document, all: Vec<Value>) {
    let approved = |c: &&Value| c["properties"]["privateLinkServiceConnectionState"]["status"] == "Approved";
    let count = all.iter().filter(approved).count();
    let properties = &mut document.body["properties"];
    properties["privateLinkCount"] = json!(count);
    properties["notebookInfo"]["isPrivateLinkEnabled"] = json!(count > 0);
    match (all.is_empty(), properties.as_object_mut()) {
        (true, Some(properties)) => {
            properties.shift_remove("privateEndpointConnections");
        }
        _ => properties["privateEndpointConnections"] = json!(all),
    }
}
