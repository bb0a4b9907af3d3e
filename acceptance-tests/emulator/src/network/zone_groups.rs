//! Zone groups: which private zones get the names of an endpoint. An endpoint has at most one.

use serde_json::{Value, json};

use super::{etag, finish, refusal};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::{Start, Style};
use crate::private_dns;
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

/// Zones that a group may have.
const LIMIT: usize = 5;

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    (
        "properties",
        Shape::Object(&[
            ("provisioningState", Shape::Text),
            (
                "privateDnsZoneConfigs",
                Shape::List(&Shape::Object(&[
                    ("id", Shape::Text),
                    ("name", Shape::Text),
                    ("type", Shape::Text),
                    ("etag", Shape::Text),
                    (
                        "properties",
                        Shape::Object(&[
                            ("privateDnsZoneId", Shape::Text),
                            ("recordSets", Shape::Any),
                            ("provisioningState", Shape::Text),
                        ]),
                    ),
                ])),
            ),
        ]),
    ),
]);

/// Answers requests for one zone group.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let parent = id.parent().ok_or_else(|| ArmError::parent_not_found(id))?;
    let endpoint = azure.store.get(&parent).cloned();
    let found = azure.store.get(id).cloned();
    match (call.method.as_str(), endpoint, found) {
        ("DELETE", None, _) | ("DELETE", _, None) => Ok(Response::empty(204)),
        ("PUT", None, _) => Err(ArmError::parent_not_found(id)),
        ("PUT", Some(endpoint), found) => put(azure, call, &endpoint, found),
        ("GET", _, Some(document)) => Ok(super::answer(200, &document.body)),
        ("GET", _, None) => Err(ArmError::resource_not_found(id)),
        ("DELETE", Some(endpoint), Some(_)) => {
            finish::delete(azure, call, endpoint.text("/location"), "group")
        }
        (method, ..) => Err(ArmError::method_not_allowed(method)),
    }
}

/// Answers the list of an endpoint's zone groups.
pub(super) fn list(azure: &Azure, call: &Call) -> Reply {
    azure.store.get(call.id()).ok_or_else(|| ArmError::resource_not_found(call.id()))?;
    let found: Vec<&Value> =
        azure.store.list(call.id(), super::ZONE_GROUP).into_iter().map(|d| &d.body).collect();
    Ok(super::answer(200, &json!({ "value": found })))
}

fn put(azure: &mut Azure, call: &Call, endpoint: &Document, found: Option<Document>) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let id = call.id();
    refusal::check_name(id.name())?;
    refusal::busy(azure, id)?;
    check_other(azure, id)?;
    let empty = Vec::new();
    let sent = call.at("/properties/privateDnsZoneConfigs").as_array().unwrap_or(&empty);
    if sent.len() > LIMIT {
        return Err(ArmError::new(
            400,
            "PrivateDnsZoneConfigsLimitExceeded",
            format!("Private Dns Zone Group {id} can have at most {LIMIT} private dns zone configs."),
        ));
    }
    let etag = etag(azure);
    let mut configs: Vec<Value> = Vec::new();
    for config in sent {
        let made = config_of(azure, id, config, &etag)?;
        // Neither two parts of one name nor two of one zone. (K: the zone)
        if configs.iter().any(|c| c["name"] == made["name"] || zone_of(c) == zone_of(&made)) {
            return Err(refusal::format());
        }
        unmoved(id, found.as_ref(), &made)?;
        configs.push(made);
    }
    let document = Document::new(
        id,
        json!({
            "name": id.name(),
            "id": id.to_string(),
            "etag": etag,
            "type": super::ZONE_GROUP,
            "properties": { "provisioningState": "Updating", "privateDnsZoneConfigs": configs },
        }),
    );
    azure.store.put(document.clone());
    let argument = json!({ "id": id.to_string() });
    let start = Start::new(Style::Network, id, endpoint.text("/location"))
        .then(finish::effect("group", argument.clone()))
        .on_failure(finish::effect("group-failed", argument));
    let accepted = super::answer(if found.is_some() { 200 } else { 201 }, &document.body);
    Ok(azure.begin(call, start, accepted))
}

/// The sentence is reported, the code (K).
fn check_other(azure: &Azure, id: &ResourceId) -> Result<(), ArmError> {
    let parent = id.parent().unwrap_or_default();
    let mut others = azure.store.list(&parent, super::ZONE_GROUP).into_iter();
    match others.any(|d| d.id.to_lowercase() != id.key()) {
        false => Ok(()),
        true => Err(ArmError::new(
            400,
            "MultiplePrivateDnsZoneGroupsNotSupported",
            format!(
                "Cannot create more than one private dns zone groups in the private endpoint {}.",
                parent.name()
            ),
        )),
    }
}

/// A configuration as it is answered; its zone must be there. (K)
fn config_of(azure: &Azure, id: &ResourceId, sent: &Value, etag: &str) -> Result<Value, ArmError> {
    let zone = sent["properties"]["privateDnsZoneId"].as_str();
    let (Some(name), Some(zone)) = (sent["name"].as_str(), zone) else {
        return Err(refusal::format());
    };
    refusal::check_name(name)?;
    let found = ResourceId::parse(zone).filter(|z| z.is(private_dns::ZONE));
    let found = found.ok_or_else(|| refusal::reference(zone, id))?;
    refusal::check_linked(azure, id, &found, "Microsoft.Network/privateDnsZones/join/action")?;
    if azure.store.get(&found).is_none() {
        return Err(refusal::reference(zone, id));
    }
    Ok(json!({
        "name": name,
        "id": format!("{id}/privateDnsZoneConfigs/{name}"),
        "etag": etag,
        "type": "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/privateDnsZoneConfigs",
        "properties": { "provisioningState": "Updating", "privateDnsZoneId": zone, "recordSets": [] },
    }))
}

/// The zone of a configuration cannot be changed where it is; adding and removing configurations is fine. (K: the words)
fn unmoved(id: &ResourceId, found: Option<&Document>, made: &Value) -> Result<(), ArmError> {
    let there = found.and_then(|f| f.at("/properties/privateDnsZoneConfigs").as_array());
    let before = there.into_iter().flatten().find(|c| c["name"] == made["name"]);
    match before {
        Some(before) if zone_of(before) != zone_of(made) => Err(ArmError::new(
            400,
            "PrivateDnsZoneIdCannotBeChanged",
            format!(
                "Private Dns Zone Id of private dns zone config {} in private dns zone group {id} cannot be changed.",
                made["name"].as_str().unwrap_or_default()
            ),
        )),
        _ => Ok(()),
    }
}

/// The zone of a configuration, in a casing that can be compared.
fn zone_of(config: &Value) -> String {
    config["properties"]["privateDnsZoneId"].as_str().unwrap_or_default().to_lowercase()
}
