//! Subnets: below their virtual network, with the addresses that endpoints take.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::addresses::Block;
use super::{etag, refusal};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::{Effect, Outcome, Start, Style};
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

const POLICIES: &[&str] = &["Enabled", "Disabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"];

/// Members of `properties`.
const PROPERTIES: Shape = Shape::Object(&[
    ("addressPrefix", Shape::Text),
    ("addressPrefixes", Shape::List(&Shape::Text)),
    ("networkSecurityGroup", Shape::Any),
    ("routeTable", Shape::Any),
    ("natGateway", Shape::Any),
    ("serviceEndpoints", Shape::List(&Shape::Any)),
    ("serviceEndpointPolicies", Shape::List(&Shape::Any)),
    ("ipAllocations", Shape::List(&Shape::Any)),
    ("delegations", Shape::List(&Shape::Any)),
    ("privateEndpointNetworkPolicies", Shape::OneOf(POLICIES)),
    ("privateLinkServiceNetworkPolicies", Shape::OneOf(&["Enabled", "Disabled"])),
    ("applicationGatewayIPConfigurations", Shape::List(&Shape::Any)),
    ("sharingScope", Shape::Text),
    ("defaultOutboundAccess", Shape::Bool),
    ("provisioningState", Shape::Text),
    ("privateEndpoints", Shape::Any),
    ("ipConfigurations", Shape::Any),
    ("purpose", Shape::Text),
    ("resourceNavigationLinks", Shape::Any),
    ("serviceAssociationLinks", Shape::Any),
]);

/// A subnet as a request carries it, by itself or in its virtual network.
pub(super) const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    ("properties", PROPERTIES),
]);

/// The prefixes of a subnet or network, in either of their members.
pub(super) fn prefixes(properties: &Value) -> Vec<String> {
    let many = properties["addressPrefixes"].as_array().into_iter().flatten();
    let one = std::iter::once(&properties["addressPrefix"]);
    let mut found: Vec<String> = Vec::new();
    for prefix in one.chain(many).filter_map(Value::as_str) {
        if !found.iter().any(|f| f == prefix) {
            found.push(prefix.to_owned());
        }
    }
    found
}

/// The IPv4 blocks of a subnet.
pub(super) fn blocks(document: &Document) -> Vec<Block> {
    prefixes(document.at("/properties")).iter().filter_map(|p| Block::parse(p)).collect()
}

/// The addresses that interfaces have in a subnet.
pub(super) fn taken(azure: &Azure, subnet: &str) -> BTreeSet<Ipv4Addr> {
    let key = subnet.to_lowercase();
    let interfaces = azure.store.iter().filter(|d| d.text("/type") == super::INTERFACE);
    let configurations =
        interfaces.flat_map(|d| d.at("/properties/ipConfigurations").as_array().into_iter().flatten());
    configurations
        .map(|c| &c["properties"])
        .filter(|p| p["subnet"]["id"].as_str().is_some_and(|s| s.to_lowercase() == key))
        .filter_map(|p| p["privateIPAddress"].as_str()?.parse().ok())
        .collect()
}

/// The endpoints of a subnet, by their IDs.
pub(super) fn endpoints(azure: &Azure, subnet: &str) -> Vec<String> {
    let key = subnet.to_lowercase();
    let all = azure.store.iter().filter(|d| d.text("/type") == super::ENDPOINT);
    all.filter(|d| d.text("/properties/subnet/id").to_lowercase() == key).map(|d| d.id.clone()).collect()
}

/// A subnet as it is shown: with what is in it.
pub(super) fn show(azure: &Azure, document: &Document) -> Value {
    let mut body = document.body.clone();
    let used: Vec<Value> = endpoints(azure, &document.id).iter().map(|id| json!({ "id": id })).collect();
    if !used.is_empty() {
        body["properties"]["privateEndpoints"] = json!(used);
    }
    body
}

/// The document of a subnet that a request creates or changes.
pub(super) fn made(
    azure: &Azure,
    id: &ResourceId,
    sent: &Value,
    network: &[Block],
    beside: &[(String, Vec<Block>)],
) -> Result<Document, ArmError> {
    refusal::check_name(id.name())?;
    let wanted = prefixes(&sent["properties"]);
    if wanted.is_empty() {
        return Err(refusal::format());
    }
    let mut blocks = Vec::new();
    for prefix in &wanted {
        let block = Block::parse(prefix).ok_or_else(|| invalid_prefix(prefix, id))?;
        if !network.iter().any(|n| n.holds(block)) {
            return Err(outside(id));
        }
        if let Some((other, _)) = beside.iter().find(|(_, b)| b.iter().any(|b| b.overlaps(block))) {
            return Err(overlap(id, other));
        }
        blocks.push(block);
    }
    let used = taken(azure, &id.to_string());
    if used.iter().any(|address| !blocks.iter().any(|b| b.contains(*address))) {
        return Err(in_use_prefix(id));
    }
    let mut properties = json!({ "provisioningState": "Succeeded" });
    for (name, value) in sent["properties"].as_object().into_iter().flatten() {
        if !value.is_null() {
            properties[name] = value.clone();
        }
    }
    properties["provisioningState"] = json!("Succeeded");
    for (name, value) in [
        ("delegations", json!([])),
        ("privateEndpointNetworkPolicies", json!("Disabled")),
        ("privateLinkServiceNetworkPolicies", json!("Enabled")),
    ] {
        if properties[name].is_null() {
            properties[name] = value;
        }
    }
    let body = json!({
        "name": id.name(),
        "id": id.to_string(),
        "etag": etag(azure),
        "properties": properties,
        "type": super::SUBNET,
    });
    Ok(Document::new(id, body))
}

// The sentences of these four are (K).

fn invalid_prefix(prefix: &str, id: &ResourceId) -> ArmError {
    ArmError::new(
        400,
        "InvalidCIDRNotation",
        format!(
            "The address prefix {prefix} in resource {id} has an invalid CIDR notation. For the given prefix length, the address prefix should be the first address of its block."
        ),
    )
}

fn outside(id: &ResourceId) -> ArmError {
    let network = id.parent().map(|p| p.name().to_owned()).unwrap_or_default();
    ArmError::new(
        400,
        "NetcfgInvalidSubnet",
        format!(
            "Subnet '{}' is not valid because its IP address range is outside the IP address range of virtual network '{network}'.",
            id.name()
        ),
    )
}

fn overlap(id: &ResourceId, other: &str) -> ArmError {
    ArmError::new(
        400,
        "NetcfgSubnetRangesOverlap",
        format!(
            "Subnet '{}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network: '{other}'.",
            id.name()
        ),
    )
}

fn in_use_prefix(id: &ResourceId) -> ArmError {
    ArmError::new(
        400,
        "InUsePrefixCannotBeDeleted",
        format!("IpPrefix of subnet {} has active allocations and cannot be deleted.", id.name()),
    )
}

/// Refuses to remove a subnet in which there are endpoints.
pub(super) fn refuse_in_use(azure: &Azure, id: &ResourceId) -> Result<(), ArmError> {
    match endpoints(azure, &id.to_string()).first() {
        None => Ok(()),
        Some(user) => Err(ArmError::new(
            400,
            "InUseSubnetCannotBeDeleted",
            format!(
                "Subnet {} is in use by {user} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
                id.name()
            ),
        )),
    }
}

/// Answers requests for one subnet.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    match call.method.as_str() {
        "GET" => {
            let document = azure.store.get(id).ok_or_else(|| ArmError::resource_not_found(id))?;
            Ok(super::answer(200, &show(azure, document)))
        }
        "PUT" => put(azure, call),
        "DELETE" => delete(azure, call),
        method => Err(ArmError::method_not_allowed(method)),
    }
}

/// Answers the list of a network's subnets.
pub(super) fn list(azure: &Azure, call: &Call) -> Reply {
    azure.store.get(call.id()).ok_or_else(|| ArmError::parent_not_found(call.id()))?;
    let found: Vec<Value> =
        azure.store.list(call.id(), super::SUBNET).into_iter().map(|d| show(azure, d)).collect();
    Ok(super::answer(200, &json!({ "value": found })))
}

fn network_of(azure: &Azure, id: &ResourceId) -> Result<(ResourceId, Document), ArmError> {
    let parent = id.parent().ok_or_else(|| ArmError::parent_not_found(id))?;
    let document = azure.store.get(&parent).cloned().ok_or_else(|| ArmError::parent_not_found(id))?;
    Ok((parent, document))
}

fn put(azure: &mut Azure, call: &Call) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let id = call.id();
    let (parent, network) = network_of(azure, id)?;
    refusal::busy(azure, &parent)?;
    let space: Vec<Block> =
        prefixes(network.at("/properties/addressSpace")).iter().filter_map(|p| Block::parse(p)).collect();
    let beside: Vec<(String, Vec<Block>)> = azure
        .store
        .list(&parent, super::SUBNET)
        .into_iter()
        .filter(|d| d.id.to_lowercase() != id.key())
        .map(|d| (d.text("/name").to_owned(), blocks(d)))
        .collect();
    let mut document = made(azure, id, &call.body, &space, &beside)?;
    let is_new = azure.store.get(id).is_none();
    document.body["properties"]["provisioningState"] = json!("Updating");
    azure.store.put(document.clone());
    let state = |word: &str| json!({ "properties": { "provisioningState": word } });
    let merge = |word: &str| Effect::Merge { id: id.to_string(), patch: state(word) };
    let start = Start::new(Style::Network, id, network.text("/location"))
        .then(merge("Succeeded"))
        .on_failure(merge("Failed"));
    let accepted = super::answer(if is_new { 201 } else { 200 }, &show(azure, &document));
    Ok(azure.begin(call, start, accepted))
}

fn delete(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    if azure.store.get(id).is_none() {
        return Ok(Response::empty(204));
    }
    let (parent, network) = network_of(azure, id)?;
    refusal::busy(azure, &parent)?;
    refuse_in_use(azure, id)?;
    let start = Start::new(Style::NetworkDelete, id, network.text("/location"))
        .then(Effect::Remove { id: id.to_string() })
        .outcome(Outcome::Empty);
    Ok(azure.begin(call, start, Response::empty(202)))
}
