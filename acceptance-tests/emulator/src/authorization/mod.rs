//! Private link for Resource Manager itself: Microsoft.Authorization's links, and, on management groups, the associations that
//! make a tenant use one. Of management groups the box has the tenant's root alone.

mod associations;

use serde_json::{Value, json};

pub(crate) use associations::answer as answer_management_group;

use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::location;
use crate::service::{Call, Reply, ResourceType, Service};
use crate::shape::Shape;
use crate::store::Document;

/// The version of links and associations.
const VERSIONS: &[&str] = &["2020-05-01"];
const LINK: &str = "Microsoft.Authorization/resourceManagementPrivateLinks";

const BODY: Shape = Shape::Object(&[("location", Shape::Text)]);

/// The resource provider.
#[derive(Debug)]
pub(crate) struct Authorization;

impl Service for Authorization {
    fn namespace(&self) -> &'static str {
        "Microsoft.Authorization"
    }

    fn types(&self) -> &'static [ResourceType] {
        const { &[ResourceType { name: "resourceManagementPrivateLinks", api_versions: VERSIONS, regional: true }] }
    }

    fn handle(&self, azure: &mut Azure, call: &Call) -> Reply {
        let id = call.id();
        match (call.method.as_str(), id.segments.len(), call.path.tail.is_some()) {
            ("GET", 0, true) => {
                let found: Vec<&Value> =
                    azure.store.list(&id.group_id(), LINK).into_iter().map(|d| &d.body).collect();
                Ok(Response::json(200, &json!({ "value": found })))
            }
            ("GET", 1, false) => {
                let found = azure.store.get(id).ok_or_else(|| ArmError::resource_not_found(id))?;
                Ok(Response::json(200, &found.body))
            }
            ("PUT", 1, false) => put(azure, call),
            ("DELETE", 1, false) => delete(azure, id),
            (method, ..) => Err(ArmError::method_not_allowed(method)),
        }
    }

    fn group_deleted(&self, azure: &mut Azure, id: &ResourceId) {
        remove(azure, id);
    }
}

/// A link has nothing but its place; the list of its endpoints is the service's.
fn put(azure: &mut Azure, call: &Call) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let id = call.id();
    let found = azure.store.get(id).cloned();
    let endpoints = found.as_ref().map(|f| f.at("/properties/privateEndpointConnections").clone());
    let place = call.at("/location").as_str().unwrap_or_default();
    let body = json!({
        "id": id.to_string(),
        "name": id.name(),
        "type": LINK,
        "location": found.as_ref().map_or_else(|| location::canonical(place), |f| f.text("/location").to_owned()),
        "properties": { "privateEndpointConnections": endpoints.unwrap_or_else(|| json!([])) },
    });
    azure.store.put(Document::new(id, body.clone()));
    Ok(Response::json(200, &body))
}

/// (K) A link that an association uses cannot be deleted.
fn delete(azure: &mut Azure, id: &ResourceId) -> Reply {
    if azure.store.get(id).is_none() {
        return Ok(Response::empty(204));
    }
    if let Some(user) = associations::user_of(azure, id) {
        return Err(ArmError::conflict(format!(
            "The resource management private link '{}' is used by the private link association '{user}'. Delete the association first.",
            id.name()
        )));
    }
    remove(azure, id);
    Ok(Response::empty(200))
}

fn remove(azure: &mut Azure, id: &ResourceId) {
    azure.store.remove(&id.key());
    crate::network::target_gone(azure, id);
}
