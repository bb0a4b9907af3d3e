//! Private endpoints: creating, changing, reading and deleting them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::checks::{self, Wish};
use super::interfaces::{self, Place};
use super::settings::{Contention, Span};
use super::{connections, etag, finish, refusal, subnets};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::location;
use crate::operation::{Start, Style};
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

const CONNECTIONS: Shape = Shape::List(&Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    (
        "properties",
        Shape::Object(&[
            ("privateLinkServiceId", Shape::Text),
            ("groupIds", Shape::List(&Shape::Text)),
            ("requestMessage", Shape::Text),
            ("privateLinkServiceConnectionState", Shape::Any),
            ("provisioningState", Shape::Text),
        ]),
    ),
]));

const ADDRESSES: Shape = Shape::List(&Shape::Object(&[
    ("name", Shape::Text),
    ("id", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    (
        "properties",
        Shape::Object(&[
            ("groupId", Shape::Text),
            ("memberName", Shape::Text),
            ("privateIPAddress", Shape::Text),
            ("provisioningState", Shape::Text),
        ]),
    ),
]));

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("etag", Shape::Text),
    ("location", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    ("extendedLocation", Shape::Object(&[("name", Shape::Text), ("type", Shape::OneOf(&["EdgeZone"]))])),
    (
        "properties",
        Shape::Object(&[
            ("subnet", Shape::Object(&[("id", Shape::Text)])),
            ("privateLinkServiceConnections", CONNECTIONS),
            ("manualPrivateLinkServiceConnections", CONNECTIONS),
            ("ipConfigurations", ADDRESSES),
            ("applicationSecurityGroups", Shape::List(&Shape::Object(&[("id", Shape::Text)]))),
            ("customNetworkInterfaceName", Shape::Text),
            ("customDnsConfigs", Shape::List(&Shape::Any)),
            ("ipVersionType", Shape::OneOf(&["IPv4", "IPv6", "DualStack"])),
            ("billingSku", Shape::OneOf(&["PayAsYouGo", "Fixed"])),
            ("networkInterfaces", Shape::Any),
            ("provisioningState", Shape::Text),
            ("resourceGuid", Shape::Text),
        ]),
    ),
]);

/// Answers requests for one endpoint. There is no PATCH: even tags are changed by PUT.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let found = azure.store.get(id).cloned();
    match (call.method.as_str(), found) {
        ("PUT", found) => put(azure, call, found),
        ("DELETE", None) => Ok(Response::empty(204)),
        (_, None) => Err(ArmError::resource_not_found(id)),
        ("GET", Some(document)) => {
            let answer = super::answer(200, &expanded(azure, call, &document));
            connections::approve_when_read(azure, &document);
            Ok(answer)
        }
        ("DELETE", Some(document)) => finish::delete(azure, call, document.text("/location"), "endpoint"),
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

/// The endpoint, with its interfaces whole where the request asks for them. (K)
fn expanded(azure: &Azure, call: &Call, document: &Document) -> Value {
    let mut body = document.body.clone();
    if call.parameter("$expand").is_some_and(|e| e.eq_ignore_ascii_case("networkInterfaces")) {
        for interface in body["properties"]["networkInterfaces"].as_array_mut().into_iter().flatten() {
            if let Some(found) = interface["id"].as_str().and_then(|id| azure.store.find(id)) {
                *interface = found.body.clone();
            }
        }
    }
    body
}

fn put(azure: &mut Azure, call: &Call, found: Option<Document>) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let id = call.id();
    let wish = checks::check(azure, call, found.as_ref())?;
    let is_new = found.is_none();
    let interface = interface_id(azure, call, found.as_ref());
    let late = contend(azure, id, &wish, &interface)?;
    let places = match &found {
        Some(found) => connections::places(found),
        None => allocate(azure, &wish),
    };
    let mut document = document(azure, call, found.as_ref(), &wish, &interface);
    connections::keep_places(&mut document, &places);
    interfaces::put(azure, &interface, &document, &places, call.at("/properties/applicationSecurityGroups"));
    azure.store.put(document.clone());
    let argument = json!({ "id": document.id });
    let mut start = Start::new(Style::Network, id, document.text("/location"))
        .then(finish::effect("endpoint", argument.clone()))
        .on_failure(finish::effect("endpoint-failed", argument));
    if let Some(error) = late {
        start = start.fails(&error);
    }
    let accepted = super::answer(if is_new { 201 } else { 200 }, &document.body);
    Ok(azure.begin(call, start, accepted))
}

/// What the settings make of a request while another endpoint of its subnet is in the way: a refusal now, or one that its
/// operation ends with.
fn contend(
    azure: &Azure,
    id: &ResourceId,
    wish: &Wish,
    interface: &ResourceId,
) -> Result<Option<ArmError>, ArmError> {
    let contention = azure.settings.network.subnet_contention;
    let in_the_way = match azure.settings.network.subnet_contention_span {
        Span::Operation => checks::rival(azure, id, &wish.subnet).is_some(),
        Span::Request => azure.is_behind,
    };
    if !in_the_way {
        return Ok(None);
    }
    match contention {
        Contention::None => Ok(None),
        Contention::Fails => Ok(Some(refusal::retryable(&wish.subnet, &interface.to_string()))),
        Contention::Refused => Err(refusal::retryable(&wish.subnet, &interface.to_string())),
        Contention::NotProvisioned => Err(refusal::not_provisioned(&wish.subnet, &interface.to_string())),
        Contention::AnotherOperation => Err(ArmError::new(
            429,
            "RetryableErrorDueToAnotherOperation",
            format!("Operation on resource {id} cannot be done now because another operation on the same resource or on one that it depends on is in progress. Please retry later."),
        )
        .header("Retry-After", "1")),
    }
}

/// The endpoint's interface: the one it has, or a new one by the name that the request gives or the service makes.
fn interface_id(azure: &Azure, call: &Call, found: Option<&Document>) -> ResourceId {
    let has = found.and_then(|f| ResourceId::parse(f.text("/properties/networkInterfaces/0/id")));
    has.unwrap_or_else(|| {
        let name = match call.at("/properties/customNetworkInterfaceName").as_str().filter(|n| !n.is_empty())
        {
            Some(name) => name.to_owned(),
            None => format!("{}.nic.{}", call.id().name(), azure.guid()),
        };
        call.id().sibling(super::NAMESPACE, "networkInterfaces", &name)
    })
}

/// Addresses for all members: those that the request chose, and the lowest free ones.
fn allocate(azure: &Azure, wish: &Wish) -> Vec<Place> {
    let mut taken: BTreeSet<_> = subnets::taken(azure, &wish.subnet);
    taken.extend(wish.fixed.iter().map(|f| f.address));
    let mut places = Vec::new();
    for member in &wish.members {
        let chosen = wish.fixed.iter().find(|f| f.member == member.name);
        let (name, address) = match chosen {
            Some(fixed) => (fixed.name.clone(), Some(fixed.address)),
            None => (
                format!("privateEndpointIpConfig.{}", azure.guid()),
                wish.blocks.iter().find_map(|b| b.free(&taken)),
            ),
        };
        if let Some(address) = address {
            taken.insert(address);
            places.push(Place {
                name,
                group: wish.group.clone(),
                member: member.name.clone(),
                fqdns: member.fqdns.clone(),
                address,
                fixed: chosen.is_some(),
            });
        }
    }
    places
}

fn document(
    azure: &Azure,
    call: &Call,
    found: Option<&Document>,
    wish: &Wish,
    interface: &ResourceId,
) -> Document {
    let id = found.and_then(|f| ResourceId::parse(&f.id)).unwrap_or_else(|| call.id().clone());
    let etag = etag(azure);
    let before = |pointer: &str| found.map(|f| f.at(pointer).clone()).filter(|v| !v.is_null());
    let mut body = json!({
        "name": id.name(),
        "id": id.to_string(),
        "etag": etag,
        "type": super::ENDPOINT,
        "location": before("/location").unwrap_or_else(|| {
            json!(location::canonical(call.at("/location").as_str().unwrap_or_default()))
        }),
    });
    for name in ["tags", "extendedLocation"] {
        if call.body[name].is_object() {
            body[name] = call.body[name].clone();
        }
    }
    let connection = connections::made(azure, &id, found, wish, &etag);
    let (own, manual) =
        if wish.manual { (json!([]), json!([connection])) } else { (json!([connection]), json!([])) };
    body["properties"] = json!({
        "provisioningState": "Updating",
        "resourceGuid": before("/properties/resourceGuid").unwrap_or_else(|| json!(azure.guid())),
        "privateLinkServiceConnections": own,
        "manualPrivateLinkServiceConnections": manual,
    });
    let properties = &mut body["properties"];
    for name in ["customNetworkInterfaceName", "ipVersionType", "billingSku"] {
        if call.at("/properties")[name].is_string() {
            properties[name] = call.at("/properties")[name].clone();
        }
    }
    properties["subnet"] = json!({ "id": wish.subnet });
    properties["ipConfigurations"] = json!(configurations(call, &etag));
    let groups = call.at("/properties/applicationSecurityGroups");
    if groups.as_array().is_some_and(|g| !g.is_empty()) {
        properties["applicationSecurityGroups"] = groups.clone();
    }
    properties["networkInterfaces"] = json!([{ "id": interface.to_string() }]);
    properties["customDnsConfigs"] = before("/properties/customDnsConfigs").unwrap_or_else(|| json!([]));
    let hidden = found.map(|f| f.hidden.clone()).unwrap_or_default();
    Document { id: id.to_string(), body, hidden }
}

/// The addresses that the request chose, as they are answered.
fn configurations(call: &Call, etag: &str) -> Vec<Value> {
    let sent = call.at("/properties/ipConfigurations").as_array();
    sent.into_iter()
        .flatten()
        .map(|c| {
            let name = c["name"].as_str().unwrap_or_default();
            json!({
                "name": name,
                "etag": etag,
                "properties": {
                    "groupId": c["properties"]["groupId"],
                    "memberName": c["properties"]["memberName"],
                    "privateIPAddress": c["properties"]["privateIPAddress"],
                },
                "type": "Microsoft.Network/privateEndpoints/privateEndpointIPConfigurations",
            })
        })
        .collect()
}
