//! Record sets of zones. All requests about them are done at once.

use serde_json::{Value, json};

use super::zones::MAX_RECORDS;
use super::{ZONE, answer, check_match};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

/// Types of records, and the member that holds their values.
const TYPES: &[(&str, &str)] = &[
    ("A", "aRecords"),
    ("AAAA", "aaaaRecords"),
    ("CNAME", "cnameRecord"),
    ("MX", "mxRecords"),
    ("PTR", "ptrRecords"),
    ("SOA", "soaRecord"),
    ("SRV", "srvRecords"),
    ("TXT", "txtRecords"),
];

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    (
        "properties",
        Shape::Object(&[
            ("metadata", Shape::Map(&Shape::Text)),
            ("ttl", Shape::Integer),
            ("aRecords", Shape::List(&Shape::Object(&[("ipv4Address", Shape::Text)]))),
            ("aaaaRecords", Shape::List(&Shape::Object(&[("ipv6Address", Shape::Text)]))),
            ("cnameRecord", Shape::Object(&[("cname", Shape::Text)])),
            (
                "mxRecords",
                Shape::List(&Shape::Object(&[("preference", Shape::Integer), ("exchange", Shape::Text)])),
            ),
            ("ptrRecords", Shape::List(&Shape::Object(&[("ptrdname", Shape::Text)]))),
            ("soaRecord", Shape::Any),
            ("srvRecords", Shape::List(&Shape::Any)),
            ("txtRecords", Shape::List(&Shape::Object(&[("value", Shape::List(&Shape::Text))]))),
        ]),
    ),
]);

/// A record set of a zone.
pub(crate) fn made(azure: &Azure, zone: &ResourceId, kind: &str, name: &str, properties: &Value) -> Document {
    let name = name.to_lowercase();
    let id = zone.child(kind, &name);
    let fqdn = match name.as_str() {
        "@" => format!("{}.", zone.name()),
        name => format!("{name}.{}.", zone.name()),
    };
    let mut shown = json!({});
    for (member, value) in properties.as_object().into_iter().flatten() {
        shown[member] = value.clone();
    }
    shown["fqdn"] = json!(fqdn);
    shown["isAutoRegistered"] = json!(false);
    let body = json!({
        "id": id.to_string(),
        "name": name,
        "type": format!("{ZONE}/{kind}"),
        "etag": azure.guid(),
        "properties": shown,
    });
    Document::new(&id, body)
}

/// The record that every zone has.
pub(super) fn authority(azure: &Azure, zone: &ResourceId) -> Document {
    let properties = json!({
        "ttl": 3600,
        "soaRecord": {
            "email": "azureprivatedns-host.microsoft.com",
            "expireTime": 2_419_200,
            "host": "azureprivatedns.net",
            "minimumTtl": 10,
            "refreshTime": 3600,
            "retryTime": 300,
            "serialNumber": 1,
        },
    });
    made(azure, zone, "SOA", "@", &properties)
}

/// All record sets of a zone.
pub(super) fn of<'a>(azure: &'a Azure, zone: &ResourceId) -> Vec<&'a Document> {
    let below = format!("{}/", zone.key());
    let inside = azure.store.iter().filter(|d| d.id.to_lowercase().starts_with(&below));
    inside.filter(|d| d.text("/type") != super::LINK).collect()
}

/// Answers the list of a zone's record sets, all or those of one type.
pub(super) fn list(azure: &Azure, call: &Call) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    azure.store.get(call.id()).ok_or_else(|| ArmError::parent_not_found(call.id()))?;
    let wanted = call.path.collection_type();
    let any = call.path.ends_in("ALL");
    let suffix = call.parameter("$recordsetnamesuffix").unwrap_or_default().to_lowercase();
    let found: Vec<&Value> = of(azure, call.id())
        .into_iter()
        .filter(|d| any || d.text("/type").eq_ignore_ascii_case(&wanted))
        .filter(|d| d.text("/name").ends_with(&suffix))
        .map(|d| &d.body)
        .collect();
    Ok(answer(200, &json!({ "value": found })))
}

/// Answers requests for one record set.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let zone = id.parent().ok_or_else(|| ArmError::parent_not_found(id))?;
    azure.store.get(&zone).ok_or_else(|| ArmError::parent_not_found(id))?;
    let kind = id.segments.last().map(|(kind, _)| kind.as_str()).unwrap_or_default();
    let Some((kind, member)) = TYPES.iter().find(|(k, _)| k.eq_ignore_ascii_case(kind)) else {
        return Err(ArmError::bad_request(format!("The record type '{kind}' is invalid.")));
    };
    let found = azure.store.get(id).cloned();
    match (call.method.as_str(), found) {
        ("GET", Some(document)) => Ok(answer(200, &document.body)),
        ("PUT" | "PATCH", found) => write(azure, call, &zone, (kind, member), found),
        ("DELETE", None) => Ok(Response::empty(204)),
        ("DELETE", Some(_)) if *kind == "SOA" => {
            Err(ArmError::bad_request("SOA record sets cannot be deleted."))
        }
        ("DELETE", Some(document)) => {
            check_match(call, Some(&document))?;
            azure.store.remove(&id.key());
            Ok(Response::empty(200))
        }
        ("GET", None) => Err(ArmError::resource_not_found(id)),
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

/// A PUT replaces what is there, a PATCH changes it.
fn write(
    azure: &mut Azure,
    call: &Call,
    zone: &ResourceId,
    (kind, member): (&str, &str),
    found: Option<Document>,
) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    check_match(call, found.as_ref())?;
    if found.is_none() && (call.method == "PATCH" || kind == "SOA") {
        return Err(ArmError::resource_not_found(call.id()));
    }
    if found.is_none() && of(azure, zone).len() >= MAX_RECORDS {
        return Err(ArmError::bad_request(format!(
            "The Private DNS zone '{}' has the maximum number of {MAX_RECORDS} record sets.",
            zone.name()
        )));
    }
    let before = found.as_ref().map(|f| f.at("/properties").clone());
    let mut properties = match (call.method.as_str(), before) {
        ("PATCH", Some(before)) => before,
        _ => json!({}),
    };
    for name in ["metadata", "ttl", member] {
        let value = call.at("/properties").get(name).filter(|v| !v.is_null());
        if let Some(value) = value {
            properties[name] = value.clone();
        }
    }
    if properties["ttl"].is_null() {
        properties["ttl"] = json!(3600);
    }
    let document = made(azure, zone, kind, call.id().name(), &properties);
    azure.store.put(document.clone());
    Ok(answer(if found.is_some() { 200 } else { 201 }, &document.body))
}
