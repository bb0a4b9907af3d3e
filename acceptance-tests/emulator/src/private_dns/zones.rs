//! Zones: their counters, limits and deletion.

use base64::Engine;
use serde_json::{Value, json};

use super::{LINK, ZONE, answer, check_match, check_place, effect, idle, links, record_sets, since};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::{Effect, Outcome, Start, Style};
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

/// Record sets of a zone.
pub(super) const MAX_RECORDS: usize = 25_000;
/// Links of a zone.
pub(super) const MAX_LINKS: usize = 1_000;
/// Links of a zone that register machines.
pub(super) const MAX_REGISTERING: usize = 100;

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    ("location", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    ("properties", Shape::Object(&[])),
]);

/// Answers requests for one zone.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let found = azure.store.get(id).cloned();
    match (call.method.as_str(), found) {
        ("PUT", found) => put(azure, call, found),
        ("DELETE", None) => Ok(Response::empty(204)),
        (_, None) => Err(ArmError::resource_not_found(id)),
        ("GET", Some(document)) => Ok(answer(200, &show(azure, &document, &call.api_version))),
        ("PATCH", Some(document)) => patch(azure, call, document),
        ("DELETE", Some(document)) => delete(azure, call, &document),
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

/// Answers the list of a group's or subscription's zones.
pub(super) fn list(azure: &Azure, call: &Call) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    let found = azure.store.list(&call.id().group_id(), ZONE).into_iter();
    let found: Vec<Value> = found.map(|d| show(azure, d, &call.api_version)).collect();
    Ok(answer(200, &json!({ "value": found })))
}

/// A zone with its counters.
pub(super) fn show(azure: &Azure, document: &Document, api_version: &str) -> Value {
    let mut body = document.body.clone();
    let Some(id) = ResourceId::parse(&document.id) else { return body };
    let links = links::of(azure, &id);
    let registering = links.iter().filter(|l| l.at("/properties/registrationEnabled") == true).count();
    let properties = &mut body["properties"];
    // One that a test has planted may not have it.
    let state = match properties["provisioningState"].as_str() {
        Some(state) => json!(state),
        None => json!("Succeeded"),
    };
    let internal = properties["internalId"].clone();
    *properties = json!({
        "maxNumberOfRecordSets": MAX_RECORDS,
        "maxNumberOfVirtualNetworkLinks": MAX_LINKS,
        "maxNumberOfVirtualNetworkLinksWithRegistration": MAX_REGISTERING,
        "numberOfRecordSets": record_sets::of(azure, &id).len(),
        "numberOfVirtualNetworkLinks": links.len(),
        "numberOfVirtualNetworkLinksWithRegistration": registering,
        "provisioningState": state,
    });
    // Not in what was recorded at 2018-09-01.
    if since(api_version, "2020-01-01") && internal.is_string() {
        properties["internalId"] = internal;
    }
    body
}

/// (K) A name has labels of letters, digits, hyphens and underscores, at most 34 of them.
fn check_name(name: &str) -> Result<(), ArmError> {
    let labels: Vec<&str> = name.split('.').collect();
    let good = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if (2..=34).contains(&labels.len()) && labels.iter().all(good) {
        return Ok(());
    }
    Err(ArmError::bad_request(format!(
        "The domain name '{name}' is invalid. The provided domain name must be a fully qualified name of 2 to 34 labels, each of 1 to 63 letters, digits, hyphens or underscores."
    )))
}

fn put(azure: &mut Azure, call: &Call, found: Option<Document>) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let id = call.id();
    check_place(call, found.as_ref())?;
    check_name(id.name())?;
    check_match(call, found.as_ref())?;
    idle(azure, id)?;
    let is_new = found.is_none();
    let mut document = found.unwrap_or_else(|| {
        let token = format!("ImmutableZoneIdentity;{};0", azure.guid());
        let body = json!({
            "id": id.to_string(),
            "name": id.name().to_lowercase(),
            "type": ZONE,
            "etag": azure.guid(),
            "location": super::PLACE,
            "properties": { "internalId": base64::engine::general_purpose::STANDARD.encode(token) },
        });
        Document::new(id, body)
    });
    match call.at("/tags") {
        tags if tags.is_object() => document.body["tags"] = tags.clone(),
        _ => drop(document.body.as_object_mut().and_then(|b| b.shift_remove("tags"))),
    }
    begin(azure, call, document, if is_new { "Creating" } else { "Updating" })
}

/// A PATCH changes tags alone.
fn patch(azure: &mut Azure, call: &Call, mut document: Document) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    check_match(call, Some(&document))?;
    idle(azure, call.id())?;
    if call.at("/tags").is_object() {
        document.body["tags"] = call.at("/tags").clone();
    }
    begin(azure, call, document, "Updating")
}

fn begin(azure: &mut Azure, call: &Call, mut document: Document, state: &str) -> Reply {
    document.body["properties"]["provisioningState"] = json!(state);
    let argument = json!({ "id": document.id });
    azure.store.put(document);
    let start = Start::new(Style::PrivateDns, call.id(), super::PLACE)
        .then(effect("zone", argument.clone()))
        .on_failure(effect("failed", argument));
    Ok(azure.begin(call, start, answer(202, &json!({}))))
}

/// A zone is there, or changed; a new one has the record of its authority.
pub(super) fn ready(azure: &mut Azure, id: &ResourceId) {
    let etag = azure.guid();
    if let Some(document) = azure.store.get_mut(id) {
        document.body["properties"]["provisioningState"] = json!("Succeeded");
        document.body["etag"] = json!(etag);
    }
    if azure.store.get(id).is_some() && azure.store.get(&id.child("SOA", "@")).is_none() {
        let record = record_sets::authority(azure, id);
        azure.store.put(record);
    }
}

fn delete(azure: &mut Azure, call: &Call, document: &Document) -> Reply {
    let id = call.id();
    check_match(call, Some(document))?;
    idle(azure, id)?;
    let mut nested: Vec<String> = azure.store.list(id, LINK).iter().map(|l| l.id.clone()).collect();
    let lag = document.hidden["refusals"].as_u64().unwrap_or_default();
    if nested.is_empty()
        && lag > 0
        && let Some(found) = azure.store.get_mut(id)
    {
        nested.push(found.hidden["last"].as_str().unwrap_or_default().to_owned());
        found.hidden["refusals"] = json!(lag - 1);
    }
    if !nested.is_empty() {
        return Err(holds(&nested));
    }
    if let Some(document) = azure.store.get_mut(id) {
        document.body["properties"]["provisioningState"] = json!("Deleting");
    }
    let start = Start::new(Style::PrivateDns, id, super::PLACE)
        .then(Effect::Remove { id: id.to_string() })
        .on_failure(effect("failed", json!({ "id": id.to_string() })))
        .outcome(Outcome::Empty);
    Ok(azure.begin(call, start, Response::empty(202)))
}

/// The refusal that names what is in the way.
fn holds(nested: &[String]) -> ArmError {
    let short = |id: &String| {
        let parsed = ResourceId::parse(id).unwrap_or_default();
        let pairs: Vec<String> =
            parsed.segments.iter().map(|(kind, name)| format!("{kind}/{name}")).collect();
        format!("'{}/{}'", parsed.namespace.unwrap_or_default(), pairs.join("/"))
    };
    let some: Vec<String> = nested.iter().take(5).map(short).collect();
    ArmError::new(
        409,
        "CannotDeleteResource",
        format!(
            "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: {}. Please delete all nested resources before deleting this resource.",
            some.join(", ")
        ),
    )
}
