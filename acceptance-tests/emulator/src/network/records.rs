//! What zone groups write: address records in private zones, wherever these live, and what they show of them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::interfaces::Place;
use super::{connections, targets};
use crate::azure::Azure;
use crate::id::ResourceId;
use crate::private_dns;
use crate::store::Document;

/// Seconds that a record of a zone group lives.
const TTL: u32 = 10;

/// Puts one etag on a document and everything inside it that has one.
pub(super) fn stamp(document: &mut Document, etag: &str) {
    fn walk(value: &mut Value, etag: &str) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match name.as_str() {
                        "etag" => *member = json!(etag),
                        _ => walk(member, etag),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| walk(item, etag)),
            _ => {}
        }
    }
    walk(&mut document.body, etag);
}

/// Brings the records of an endpoint's zone group, and what endpoint and group show of names, to where they should be: only an
/// approved connection has names, and the endpoint itself lists them only while no zone group does.
pub(super) fn refresh(azure: &mut Azure, endpoint: &ResourceId) {
    let found = azure.store.get(endpoint).cloned();
    let places = found.as_ref().map(connections::places).unwrap_or_default();
    let state = found.as_ref().map(|f| connections::connection(f).state).unwrap_or_default();
    let approved = state["status"] == "Approved";
    // (K) The examples of the OpenAPI documents have names while a connection is pending, but contradict themselves: the answer
    // to the same request has it approved, and in the other list.
    let pending = state["status"] == "Pending" && azure.settings.network.names_while_pending;
    let mut written = BTreeSet::new();
    let groups: Vec<Document> = azure.store.list(endpoint, super::ZONE_GROUP).into_iter().cloned().collect();
    for mut group in groups {
        let ready = group.text("/properties/provisioningState") == "Succeeded";
        let configs = group.body["properties"]["privateDnsZoneConfigs"].as_array_mut();
        for config in configs.into_iter().flatten() {
            let zone = config["properties"]["privateDnsZoneId"].as_str().and_then(ResourceId::parse);
            let sets = match (&found, zone) {
                (Some(found), Some(zone)) if ready && approved => {
                    write(azure, found, &places, &zone, &mut written)
                }
                _ => Vec::new(),
            };
            config["properties"]["recordSets"] = json!(sets);
            if ready {
                config["properties"]["provisioningState"] = json!("Succeeded");
            }
        }
        azure.store.put(group);
    }
    let key = endpoint.key();
    let stale: Vec<String> = azure
        .store
        .iter()
        .filter(|d| d.hidden["endpoint"] == key.as_str() && !written.contains(&d.id.to_lowercase()))
        .map(|d| d.id.clone())
        .collect();
    stale.iter().for_each(|id| drop(azure.store.remove(id)));
    let listed = if (approved || pending) && written.is_empty() { names(&places) } else { json!([]) };
    if let Some(document) = azure.store.get_mut(endpoint) {
        document.body["properties"]["customDnsConfigs"] = listed;
    }
}

/// The names of an endpoint with their addresses.
fn names(places: &[Place]) -> Value {
    let each = places.iter().flat_map(|p| p.fqdns.iter().map(move |f| (f, p.address)));
    each.map(|(fqdn, address)| json!({ "fqdn": fqdn, "ipAddresses": [address.to_string()] })).collect()
}

/// Writes the records of an endpoint that belong into a zone, and shows them as a zone group does.
fn write(
    azure: &mut Azure,
    endpoint: &Document,
    places: &[Place],
    zone: &ResourceId,
    written: &mut BTreeSet<String>,
) -> Vec<Value> {
    if azure.store.get(zone).is_none() {
        return Vec::new();
    }
    let mut sets = Vec::new();
    let guid = endpoint.text("/properties/resourceGuid");
    let creator = format!("created by private endpoint {} with resource guid {guid}", endpoint.text("/name"));
    for (fqdn, address) in places.iter().flat_map(|p| p.fqdns.iter().map(move |f| (f, p.address))) {
        let Some(name) = targets::record_name(zone.name(), fqdn) else { continue };
        let address = address.to_string();
        let properties = json!({
            "metadata": { "creator": creator },
            "ttl": TTL,
            "aRecords": [{ "ipv4Address": address }],
        });
        let mut record = private_dns::record(azure, zone, "A", &name, &properties);
        record.hidden = json!({ "endpoint": endpoint.id.to_lowercase() });
        written.insert(record.id.to_lowercase());
        azure.store.put(record);
        sets.push(json!({
            "recordType": "A",
            "recordSetName": name,
            "fqdn": format!("{name}.{}", zone.name()),
            "ttl": TTL,
            "ipAddresses": [address],
            "provisioningState": "Succeeded",
        }));
    }
    sets
}
