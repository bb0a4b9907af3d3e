//! The private link of dependents: what endpoints can lead to, and the connections that they have made.

use serde_json::{Value, json};

use super::Dependent;
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::network;
use crate::service::{Call, Reply};
use crate::shape::Shape;

const STATES: &[&str] = &["Pending", "Approved", "Rejected", "Disconnected"];

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    (
        "properties",
        Shape::Object(&[
            ("privateEndpoint", Shape::Object(&[("id", Shape::Text)])),
            (
                "privateLinkServiceConnectionState",
                Shape::Object(&[
                    ("status", Shape::OneOf(STATES)),
                    ("description", Shape::Text),
                    ("actionRequired", Shape::Text),
                    ("actionsRequired", Shape::Text),
                ]),
            ),
            ("provisioningState", Shape::Text),
        ]),
    ),
]);

/// Answers a request about private link; none when it is about something else.
pub(super) fn answer(kind: &Dependent, azure: &mut Azure, call: &Call) -> Option<Reply> {
    let id = call.id();
    let owner = |id: &ResourceId| id.is(&format!("{}/{}", kind.namespace, kind.types[0].name));
    if call.path.tail.is_none() && id.parent().is_some_and(|p| owner(&p)) {
        let word = id.segments.last().map(|(word, _)| word.as_str()).unwrap_or_default();
        return word.eq_ignore_ascii_case("privateEndpointConnections").then(|| one(azure, call));
    }
    if call.method != "GET" || !owner(id) {
        return None;
    }
    if call.path.ends_in("privateLinkResources") {
        return Some(resources(azure, id));
    }
    call.path.ends_in("privateEndpointConnections").then(|| {
        let found = connections(azure, id)?;
        Ok(Response::json(200, &json!({ "value": found })))
    })
}

fn connections(azure: &Azure, id: &ResourceId) -> Result<Vec<Value>, ArmError> {
    let document = azure.store.get(id).ok_or_else(|| ArmError::resource_not_found(id))?;
    Ok(document.at("/properties/privateEndpointConnections").as_array().cloned().unwrap_or_default())
}

fn resources(azure: &Azure, id: &ResourceId) -> Reply {
    let document = azure.store.get(id).ok_or_else(|| ArmError::resource_not_found(id))?;
    let all: Vec<Value> = network::groups(document)
        .into_iter()
        .map(|(group, members)| {
            json!({
                "id": format!("{}/privateLinkResources/{group}", document.id),
                "name": group,
                "type": format!("{}/privateLinkResources", id.resource_type()),
                "properties": { "groupId": group, "requiredMembers": members },
            })
        })
        .collect();
    Ok(Response::json(200, &json!({ "value": all })))
}

/// A PUT approves or rejects; all is done at once. (K)
fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let owner = id.parent().ok_or_else(|| ArmError::parent_not_found(id))?;
    let all = connections(azure, &owner)?;
    let found = all.iter().find(|c| c["name"].as_str().is_some_and(|n| n.eq_ignore_ascii_case(id.name())));
    let endpoint =
        |c: &Value| c["properties"]["privateEndpoint"]["id"].as_str().unwrap_or_default().to_owned();
    match (call.method.as_str(), found) {
        ("GET", Some(found)) => Ok(Response::json(200, found)),
        ("DELETE", None) => Ok(Response::empty(204)),
        ("GET" | "PUT", None) => Err(ArmError::resource_not_found(id)),
        ("PUT", Some(found)) => {
            BODY.check(&call.body, azure.strict)?;
            let sent = call.at("/properties/privateLinkServiceConnectionState");
            let status = sent["status"].as_str().unwrap_or_default();
            let Some(status) = STATES.iter().find(|s| s.eq_ignore_ascii_case(status)) else {
                return Err(ArmError::bad_request("privateLinkServiceConnectionState.status is required."));
            };
            let text = |name: &str| sent[name].as_str();
            let state = json!({
                "status": status,
                "description": text("description").unwrap_or_default(),
                "actionsRequired": text("actionsRequired").or(text("actionRequired")).unwrap_or("None"),
            });
            network::decide(azure, &endpoint(found), &state);
            let now = connections(azure, &owner)?.into_iter().find(|c| c["name"] == found["name"]);
            Ok(Response::json(200, &now.unwrap_or_default()))
        }
        ("DELETE", Some(found)) => {
            network::detach(azure, &endpoint(found), &owner);
            Ok(Response::empty(200))
        }
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}
