//! Virtual networks. Their subnets are documents of their own, shown inside.

use serde_json::{Value, json};

use super::addresses::Block;
use super::{refusal, subnets};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    ("location", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    ("extendedLocation", Shape::Any),
    (
        "properties",
        Shape::Object(&[
            ("addressSpace", Shape::Object(&[("addressPrefixes", Shape::List(&Shape::Text))])),
            ("dhcpOptions", Shape::Object(&[("dnsServers", Shape::List(&Shape::Text))])),
            ("flowTimeoutInMinutes", Shape::Integer),
            ("subnets", Shape::List(&subnets::BODY)),
            ("virtualNetworkPeerings", Shape::List(&Shape::Any)),
            ("enableDdosProtection", Shape::Bool),
            ("enableVmProtection", Shape::Bool),
            ("ddosProtectionPlan", Shape::Any),
            ("bgpCommunities", Shape::Any),
            ("encryption", Shape::Any),
            ("ipAllocations", Shape::List(&Shape::Any)),
            ("privateEndpointVNetPolicies", Shape::OneOf(&["Disabled", "Basic"])),
            ("resourceGuid", Shape::Text),
            ("provisioningState", Shape::Text),
        ]),
    ),
]);

/// Answers requests for one virtual network.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let found = azure.store.get(id).cloned();
    match (call.method.as_str(), found) {
        ("PUT", found) => put(azure, call, found),
        ("DELETE", None) => Ok(Response::empty(204)),
        (_, None) => Err(ArmError::resource_not_found(id)),
        ("GET", Some(document)) => Ok(super::answer(200, &show(azure, &document))),
        ("PATCH", Some(document)) => super::patch_tags(azure, call, document),
        ("DELETE", Some(document)) => delete(azure, call, &document),
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

/// A network with its subnets.
pub(super) fn show(azure: &Azure, document: &Document) -> Value {
    let mut body = document.body.clone();
    if let Some(id) = ResourceId::parse(&document.id) {
        let inside = azure.store.list(&id, super::SUBNET);
        let inside: Vec<Value> = inside.into_iter().map(|d| subnets::show(azure, d)).collect();
        body["properties"]["subnets"] = json!(inside);
    }
    body
}

fn put(azure: &mut Azure, call: &Call, found: Option<Document>) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let id = call.id();
    refusal::check_name(id.name())?;
    refusal::busy(azure, id)?;
    let space = subnets::prefixes(call.at("/properties/addressSpace"));
    let blocks: Vec<Block> = space.iter().filter_map(|p| Block::parse(p)).collect();
    if space.is_empty() || blocks.len() != space.iter().filter(|p| !p.contains(':')).count() {
        return Err(refusal::format());
    }
    let children = children(azure, call, &blocks)?;
    let mut body = super::begun(azure, call, found.as_ref(), super::NETWORK);
    body["properties"]["addressSpace"] = json!({ "addressPrefixes": space });
    body["properties"]["virtualNetworkPeerings"] = json!([]);
    body["properties"]["enableDdosProtection"] = json!(false);
    for (name, value) in call.at("/properties").as_object().into_iter().flatten() {
        let own = ["subnets", "addressSpace", "provisioningState", "resourceGuid"].contains(&name.as_str());
        if !own && !value.is_null() {
            body["properties"][name] = value.clone();
        }
    }
    let document = Document::new(id, body);
    azure.store.put(document.clone());
    if let Some(children) = children {
        let keep: Vec<String> = children.iter().map(|c| c.id.to_lowercase()).collect();
        let gone: Vec<String> =
            azure.store.list(id, super::SUBNET).iter().map(|d| d.id.to_lowercase()).collect();
        gone.iter().filter(|g| !keep.contains(g)).for_each(|g| drop(azure.store.remove(g)));
        children.into_iter().for_each(|c| azure.store.put(c));
    }
    let shown = show(azure, &document);
    super::accept(azure, call, found.is_none(), &shown)
}

/// The subnets that a request lists; none when it says nothing of them, and then those that are there stay.
fn children(azure: &Azure, call: &Call, space: &[Block]) -> Result<Option<Vec<Document>>, ArmError> {
    let Some(sent) = call.at("/properties/subnets").as_array() else { return Ok(None) };
    let mut made: Vec<Document> = Vec::new();
    for subnet in sent {
        let name = subnet["name"].as_str().ok_or_else(refusal::format)?;
        let id = call.id().child("subnets", name);
        let beside: Vec<(String, Vec<Block>)> =
            made.iter().map(|d| (d.text("/name").to_owned(), subnets::blocks(d))).collect();
        made.push(subnets::made(azure, &id, subnet, space, &beside)?);
    }
    for there in azure.store.list(call.id(), super::SUBNET) {
        if !made.iter().any(|m| m.id.eq_ignore_ascii_case(&there.id))
            && let Some(id) = ResourceId::parse(&there.id)
        {
            subnets::refuse_in_use(azure, &id)?;
        }
    }
    Ok(Some(made))
}

fn delete(azure: &mut Azure, call: &Call, document: &Document) -> Reply {
    let id = call.id();
    for subnet in azure.store.list(id, super::SUBNET) {
        if let Some(subnet) = ResourceId::parse(&subnet.id) {
            subnets::refuse_in_use(azure, &subnet)?;
        }
    }
    super::delete(azure, call, document)
}
