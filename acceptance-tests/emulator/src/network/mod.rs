//! Microsoft.Network: virtual networks with their subnets, interfaces, application security groups, private endpoints with their
//! zone groups; and, of the same namespace but another service, the private zones of `private_dns`.
//!
//! What is known from recordings and public reports is done as they show it; a choice that rests on general knowledge alone is
//! marked `(K)`.

mod addresses;
mod checks;
mod connections;
mod endpoints;
mod finish;
mod flights;
mod interfaces;
mod limits;
mod records;
mod refusal;
mod resolve;
mod security_groups;
mod settings;
mod subnets;
mod targets;
mod virtual_networks;
mod zone_groups;

use serde_json::{Value, json};

pub use flights::Flights;
pub use limits::Windows;
pub use settings::{Contention, Limits, NetworkSettings, Span, Window};

pub(crate) use connections::{decide, detach, disconnect, target_gone};
pub(crate) use refusal::check_linked;
pub(crate) use resolve::resolve;
pub(crate) use targets::all as groups;

use crate::azure::Azure;
use crate::error::ArmError;
use crate::front;
use crate::http::Response;
use crate::id::ResourceId;
use crate::location;
use crate::operation::{Effect, Outcome, Start, Style};
use crate::private_dns;
use crate::service::{Call, Reply, ResourceType, Service};
use crate::store::Document;

/// Canonical spelling of the namespace.
pub(crate) const NAMESPACE: &str = "Microsoft.Network";
const NETWORK: &str = "Microsoft.Network/virtualNetworks";
const SUBNET: &str = "Microsoft.Network/virtualNetworks/subnets";
const INTERFACE: &str = "Microsoft.Network/networkInterfaces";
const GROUP: &str = "Microsoft.Network/applicationSecurityGroups";
const ENDPOINT: &str = "Microsoft.Network/privateEndpoints";
const ZONE_GROUP: &str = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups";

/// Versions served, newest first.
const VERSIONS: &[&str] = &[
    "2026-03-01",
    "2025-09-01",
    "2025-07-01",
    "2025-05-01",
    "2025-03-01",
    "2025-01-01",
    "2024-10-01",
    "2024-07-01",
    "2024-05-01",
    "2024-03-01",
    "2024-01-01",
    "2023-11-01",
    "2023-09-01",
    "2023-06-01",
    "2023-05-01",
    "2023-04-01",
    "2023-02-01",
    "2022-11-01",
    "2022-09-01",
    "2022-07-01",
    "2022-05-01",
    "2022-01-01",
    "2021-08-01",
    "2021-05-01",
    "2021-03-01",
    "2021-02-01",
    "2020-11-01",
];

const fn kind(name: &'static str, regional: bool) -> ResourceType {
    ResourceType { name, api_versions: VERSIONS, regional }
}

const fn dns(name: &'static str) -> ResourceType {
    ResourceType { name, api_versions: private_dns::VERSIONS, regional: false }
}

/// The resource provider.
#[derive(Debug)]
pub struct Network;

impl Service for Network {
    fn namespace(&self) -> &'static str {
        NAMESPACE
    }

    fn types(&self) -> &'static [ResourceType] {
        const {
            &[
                kind("virtualNetworks", true),
                kind("virtualNetworks/subnets", false),
                kind("networkInterfaces", true),
                kind("applicationSecurityGroups", true),
                kind("privateEndpoints", true),
                kind("privateEndpoints/privateDnsZoneGroups", false),
                kind("privateLinkServices", true),
                dns("privateDnsZones"),
                dns("privateDnsZones/virtualNetworkLinks"),
                dns("privateDnsZones/ALL"),
                dns("privateDnsZones/A"),
                dns("privateDnsZones/AAAA"),
                dns("privateDnsZones/CNAME"),
                dns("privateDnsZones/MX"),
                dns("privateDnsZones/PTR"),
                dns("privateDnsZones/SOA"),
                dns("privateDnsZones/SRV"),
                dns("privateDnsZones/TXT"),
            ]
        }
    }

    fn handle(&self, azure: &mut Azure, call: &Call) -> Reply {
        let private_dns = private_dns::is_about(call);
        let mut response = self.route(azure, call).unwrap_or_else(Response::from);
        if private_dns {
            return Ok(private_dns::marked(response));
        }
        if call.method == "PUT" {
            // Recorded without it, on resources and on what is below them.
            response.headers.remove("etag");
        }
        Ok(marked(response))
    }

    fn show(&self, azure: &Azure, document: &Document, api_version: &str) -> Value {
        match document.text("/type") {
            NETWORK => virtual_networks::show(azure, document),
            SUBNET => subnets::show(azure, document),
            text if text.starts_with(private_dns::ZONE) => private_dns::show(azure, document, api_version),
            _ => document.body.clone(),
        }
    }

    fn group_deleted(&self, azure: &mut Azure, id: &ResourceId) {
        match id.is(ENDPOINT) {
            true => finish::remove(azure, id),
            false => drop(azure.store.remove(&id.key())),
        }
    }

    fn step(&self, azure: &mut Azure, name: &str, argument: &Value) -> Result<Value, ArmError> {
        match name.strip_prefix("dns-") {
            Some(name) => private_dns::step(azure, name, argument),
            None => finish::step(azure, name, argument),
        }
    }
}

impl Network {
    fn route(&self, azure: &mut Azure, call: &Call) -> Reply {
        let words: Vec<String> = call.id().segments.iter().map(|(kind, _)| kind.to_lowercase()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let tail = call.path.tail.as_deref().map(str::to_lowercase);
        match (words.as_slice(), tail.as_deref()) {
            (["privatednszones", ..], _) | ([], Some("privatednszones")) => private_dns::handle(azure, call),
            (["virtualnetworks"], None) => virtual_networks::one(azure, call),
            (["virtualnetworks"], Some("subnets")) => subnets::list(azure, call),
            (["virtualnetworks", "subnets"], None) => subnets::one(azure, call),
            (["networkinterfaces"], None) => interfaces::one(azure, call),
            (["applicationsecuritygroups"], None) => security_groups::one(azure, call),
            (["privateendpoints"], None) => endpoints::one(azure, call),
            (["privateendpoints"], Some("privatednszonegroups")) => zone_groups::list(azure, call),
            (["privateendpoints", "privatednszonegroups"], None) => zone_groups::one(azure, call),
            (["privatelinkservices"], None) if call.method == "GET" => {
                let found =
                    azure.store.get(call.id()).ok_or_else(|| ArmError::resource_not_found(call.id()))?;
                Ok(answer(200, &found.body))
            }
            ([], Some(_)) => list(azure, call),
            // A type within a type that there is none of. (K)
            (_, Some(_)) if call.method == "GET" => Err(front::invalid_type(call, NAMESPACE, None)),
            _ => Err(ArmError::method_not_allowed(&call.method)),
        }
    }
}

/// An answer with the document's etag in its header too.
fn answer(status: u16, body: &Value) -> Response {
    let response = Response::json(status, body);
    match body["etag"].as_str() {
        Some(etag) => response.header("etag", etag),
        None => response,
    }
}

/// An answer with what every answer of Network has: the ID of the request in the service's own logs.
pub(crate) fn marked(response: Response) -> Response {
    response.header("x-ms-arm-service-request-id", uuid::Uuid::new_v4().to_string())
}

/// A new etag.
fn etag(azure: &Azure) -> String {
    format!("W/\"{}\"", azure.guid())
}

/// Answers the list of a type in a group or subscription.
fn list(azure: &mut Azure, call: &Call) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    let service = Network;
    let wanted = call.path.collection_type();
    let found = azure.store.list(&call.id().group_id(), &wanted).into_iter();
    let found: Vec<Value> = found.map(|d| service.show(azure, d, &call.api_version)).collect();
    Ok(Response::json(200, &json!({ "value": found })))
}

/// A document as it begins: what all types have, with the GUID that it keeps.
fn begun(azure: &Azure, call: &Call, found: Option<&Document>, kind: &str) -> Value {
    let id = call.id();
    let guid = found.map(|d| d.at("/properties/resourceGuid").clone()).filter(|g| !g.is_null());
    let mut body = json!({
        "name": id.name(),
        "id": id.to_string(),
        "etag": etag(azure),
        "type": kind,
        "location": location::canonical(call.at("/location").as_str().unwrap_or_default()),
    });
    if call.at("/tags").is_object() {
        body["tags"] = call.at("/tags").clone();
    }
    body["properties"] = json!({
        "provisioningState": "Updating",
        "resourceGuid": guid.unwrap_or_else(|| json!(azure.guid())),
    });
    body
}

/// Accepts what is kept already and is ready when its operation ends.
fn accept(azure: &mut Azure, call: &Call, is_new: bool, shown: &Value) -> Reply {
    let id = call.id();
    let merge = |word: &str| Effect::Merge {
        id: id.to_string(),
        patch: json!({ "properties": { "provisioningState": word } }),
    };
    let start = Start::new(Style::Network, id, shown["location"].as_str().unwrap_or_default())
        .then(merge("Succeeded"))
        .on_failure(merge("Failed"));
    let accepted = answer(if is_new { 201 } else { 200 }, shown);
    Ok(azure.begin(call, start, accepted))
}

/// Deletes what nothing depends on.
fn delete(azure: &mut Azure, call: &Call, document: &Document) -> Reply {
    let id = call.id();
    refusal::busy(azure, id)?;
    let start = Start::new(Style::NetworkDelete, id, document.text("/location"))
        .then(Effect::Remove { id: id.to_string() })
        .outcome(Outcome::Empty);
    Ok(azure.begin(call, start, Response::empty(202)))
}

/// A PATCH that changes tags, as several types have it; done at once.
fn patch_tags(azure: &mut Azure, call: &Call, mut document: Document) -> Reply {
    refusal::busy(azure, call.id())?;
    for (name, value) in call.body.as_object().into_iter().flatten() {
        if name != "tags" || !value.is_object() {
            return Err(refusal::format());
        }
    }
    document.body["tags"] = call.at("/tags").clone();
    document.body["etag"] = json!(etag(azure));
    azure.store.put(document.clone());
    Ok(answer(200, &Network.show(azure, &document, &call.api_version)))
}
