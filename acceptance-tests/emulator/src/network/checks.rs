//! What a request for a private endpoint has to fulfil before it is accepted.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::addresses::Block;
use super::targets::{self, Member};
use super::{ENDPOINT, refusal, subnets};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::id::ResourceId;
use crate::location;
use crate::service::Call;
use crate::store::Document;

/// A request for an endpoint, found good.
#[derive(Debug)]
pub(super) struct Wish {
    /// Whether somebody has to approve the connection.
    pub(super) manual: bool,
    /// Name of the connection.
    pub(super) connection: String,
    /// What it leads to, as the request spelled it.
    pub(super) target: String,
    /// Group of the target as the target spells it, absent where it has none.
    pub(super) group: Option<String>,
    /// Members that get an address.
    pub(super) members: Vec<Member>,
    /// Words to the owner.
    pub(super) message: Value,
    /// The subnet's ID, as the request spelled it.
    pub(super) subnet: String,
    /// The subnet's blocks.
    pub(super) blocks: Vec<Block>,
    /// Addresses that the request chose.
    pub(super) fixed: Vec<Fixed>,
}

/// An address that a request chose.
#[derive(Debug)]
pub(super) struct Fixed {
    /// Name of the configuration.
    pub(super) name: String,
    /// Member that gets it.
    pub(super) member: String,
    /// The address.
    pub(super) address: Ipv4Addr,
}

/// Checks a request for an endpoint that may exist already.
pub(super) fn check(azure: &Azure, call: &Call, found: Option<&Document>) -> Result<Wish, ArmError> {
    let id = call.id();
    refusal::check_name(id.name())?;
    refusal::busy(azure, id)?;
    let (subnet, blocks) = subnet(azure, call)?;
    let lists = [
        (false, call.at("/properties/privateLinkServiceConnections")),
        (true, call.at("/properties/manualPrivateLinkServiceConnections")),
    ];
    let sent: Vec<(bool, &Value)> = lists
        .into_iter()
        .flat_map(|(m, l)| l.as_array().into_iter().flatten().map(move |c| (m, c)))
        .collect();
    let [(manual, connection)] = sent.as_slice() else {
        return Err(connections(id, sent.len()));
    };
    let (name, properties) = (connection["name"].as_str(), &connection["properties"]);
    let (Some(name), Some(target)) = (name, properties["privateLinkServiceId"].as_str()) else {
        return Err(refusal::format());
    };
    refusal::check_name(name)?;
    let message = properties["requestMessage"].clone();
    if message.as_str().is_some_and(|m| m.chars().count() > 140) {
        return Err(message_too_long(id, name));
    }
    let document = found_target(azure, id, target)?;
    let group = group(id, name, document, &properties["groupIds"])?;
    let all = targets::members(document, group.as_deref().unwrap_or_default());
    let fixed = fixed(call, group.as_deref(), &all, &blocks)?;
    let members =
        all.into_iter().filter(|m| !m.on_demand || fixed.iter().any(|f| f.member == m.name)).collect();
    security_groups(azure, call)?;
    let wish = Wish {
        manual: *manual,
        connection: name.to_owned(),
        target: target.to_owned(),
        group,
        members,
        message,
        subnet,
        blocks,
        fixed,
    };
    match found {
        Some(found) => unchanged(found, call, &wish)?,
        None => free(azure, call, &wish)?,
    }
    Ok(wish)
}

/// The subnet that a request names: there, in the endpoint's region, and fit for endpoints.
fn subnet(azure: &Azure, call: &Call) -> Result<(String, Vec<Block>), ArmError> {
    let text = call.at("/properties/subnet/id").as_str().ok_or_else(refusal::format)?;
    let missing = || refusal::reference(text, call.id());
    let id = ResourceId::parse(text).filter(|i| i.is(super::SUBNET)).ok_or_else(missing)?;
    refusal::check_linked(azure, call.id(), &id, "Microsoft.Network/virtualNetworks/subnets/join/action")?;
    let document = azure.store.get(&id).ok_or_else(missing)?;
    let network = id.parent().and_then(|p| azure.store.get(&p)).ok_or_else(missing)?;
    let place = call.at("/location").as_str().unwrap_or_default();
    let place = match azure.store.get(call.id()) {
        Some(found) => found.text("/location").to_owned(),
        None => location::canonical(place),
    };
    if location::canonical(network.text("/location")) != place {
        return Err(missing());
    }
    let policies = document.text("/properties/privateEndpointNetworkPolicies");
    if azure.settings.network.refuse_network_policies && !["", "Disabled"].contains(&policies) {
        return Err(ArmError::new(
            400,
            "PrivateEndpointCannotBeCreatedInSubnetThatHasNetworkPoliciesEnabled",
            format!(
                "Private endpoint {} cannot be created in a subnet {text} since it has private endpoint network policies enabled.",
                call.id()
            ),
        ));
    }
    Ok((text.to_owned(), subnets::blocks(document)))
}

/// (K) An endpoint has exactly one connection.
fn connections(id: &ResourceId, count: usize) -> ArmError {
    ArmError::new(
        400,
        "InvalidPrivateLinkServiceConnectionCount",
        format!(
            "Private endpoint {id} must have exactly one private link service connection; the request has {count}."
        ),
    )
}

/// (K) The limit is documented, its words are not.
fn message_too_long(id: &ResourceId, name: &str) -> ArmError {
    ArmError::new(
        400,
        "RequestMessageTooLong",
        format!(
            "The request message of private link service connection {id}/privateLinkServiceConnections/{name} is longer than 140 characters."
        ),
    )
}

/// What an endpoint shall lead to: of a type that can, there, and ready. The sentence of the last two is reported, their code (K).
fn found_target<'a>(azure: &'a Azure, by: &ResourceId, target: &str) -> Result<&'a Document, ArmError> {
    let invalid = || {
        ArmError::new(
            400,
            "InvalidPrivateLinkServiceId",
            format!(
                "PrivateLinkServiceId Invalid private link service id {target} in private endpoint {by}."
            ),
        )
    };
    let id = ResourceId::parse(target).filter(|i| !i.segments.is_empty()).ok_or_else(invalid)?;
    if !targets::TYPES.iter().any(|kind| id.is(kind)) {
        return Err(ArmError::new(
            400,
            "InvalidPrivateLinkServiceIdType",
            format!(
                "Private link service Id {target} has an invalid resource type. Permitted type(s): {}",
                targets::TYPES.join(", ")
            ),
        ));
    }
    refusal::check_linked(
        azure,
        by,
        &id,
        &format!("{}/PrivateEndpointConnectionsApproval/action", id.resource_type()),
    )?;
    let document = azure.store.get(&id).ok_or_else(invalid)?;
    match document.text("/properties/provisioningState") {
        "" | "Succeeded" => Ok(document),
        _ => Err(invalid()),
    }
}

fn group(
    by: &ResourceId,
    connection: &str,
    document: &Document,
    sent: &Value,
) -> Result<Option<String>, ArmError> {
    let known = targets::groups(document);
    let sent: Vec<&str> = sent.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let connection = format!("{by}/privateLinkServiceConnections/{connection}");
    match sent.as_slice() {
        [] if known.is_empty() && document.text("/kind") != "Project" => Ok(None),
        [] => Err(ArmError::new(
            400,
            "MissingParameterOnPrivateLinkServiceConnection",
            format!("Private link service connection {connection} is missing required parameter 'group Id'."),
        )),
        [one] => match known.iter().find(|k| k.eq_ignore_ascii_case(one)) {
            Some(known) => Ok(Some(known.clone())),
            // (K)
            None => Err(ArmError::new(
                400,
                "InvalidGroupIdOnPrivateLinkServiceConnection",
                format!(
                    "Private link service connection {connection} has the group Id '{one}', which {} does not have. Its group Id(s): {}.",
                    document.id,
                    known.join(", ")
                ),
            )),
        },
        // Code and sentence are reported of several services.
        several => Err(ArmError::new(
            400,
            "OnlyOneGroupIdPermitted",
            format!(
                "Private link service connection {connection} has the following group Ids: {}. Only one group Id is permitted when connecting to a first-party resource ({}).",
                several.join(", "),
                document.id
            ),
        )),
    }
}

/// The addresses that a request chooses. The refusals are (K).
fn fixed(
    call: &Call,
    group: Option<&str>,
    members: &[Member],
    blocks: &[Block],
) -> Result<Vec<Fixed>, ArmError> {
    let mut fixed: Vec<Fixed> = Vec::new();
    let refused = |code: &str, message: String| Err(ArmError::new(400, code, message));
    for sent in call.at("/properties/ipConfigurations").as_array().into_iter().flatten() {
        let text = |name: &str| sent["properties"][name].as_str().unwrap_or_default();
        let (Some(name), address) = (sent["name"].as_str(), text("privateIPAddress")) else {
            return Err(refusal::format());
        };
        refusal::check_name(name)?;
        if !text("groupId").eq_ignore_ascii_case(group.unwrap_or_default()) {
            let message = format!(
                "IP configuration '{name}' is for the group Id '{}', which the endpoint does not have.",
                text("groupId")
            );
            return refused("InvalidGroupIdOnIpConfiguration", message);
        }
        let wanted = text("memberName");
        let Some(member) = members.iter().find(|m| m.name.eq_ignore_ascii_case(wanted)) else {
            let known: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
            let message = format!(
                "IP configuration '{name}' is for the member '{wanted}'. The group has: {}.",
                known.join(", ")
            );
            return refused("InvalidMemberNameOnIpConfiguration", message);
        };
        let parsed = address.parse::<Ipv4Addr>().ok();
        let Some(parsed) = parsed.filter(|a| blocks.iter().any(|b| b.contains(*a))) else {
            let message =
                format!("Private static IP address {address} does not belong to the range of subnet prefix.");
            return refused("PrivateIPAddressNotInSubnet", message);
        };
        if blocks.iter().any(|b| b.reserves(parsed)) {
            let message = format!(
                "Private static IP address {address} falls within reserved IP range of subnet prefix."
            );
            return refused("PrivateIPAddressInReservedRange", message);
        }
        if fixed.iter().any(|f| f.address == parsed || f.member == member.name || f.name == name) {
            let message = format!("IP configuration '{name}' repeats a name, member or address of another.");
            return refused("DuplicateIpConfiguration", message);
        }
        fixed.push(Fixed { name: name.to_owned(), member: member.name.clone(), address: parsed });
    }
    Ok(fixed)
}

fn security_groups(azure: &Azure, call: &Call) -> Result<(), ArmError> {
    for sent in call.at("/properties/applicationSecurityGroups").as_array().into_iter().flatten() {
        let text = sent["id"].as_str().ok_or_else(refusal::format)?;
        let id = ResourceId::parse(text).filter(|i| i.is(super::GROUP));
        if id.and_then(|i| azure.store.get(&i)).is_none() {
            return Err(refusal::reference(text, call.id()));
        }
    }
    Ok(())
}

/// Refuses addresses and an interface that are taken, and a subnet with fewer free ones than there are members.
fn free(azure: &Azure, call: &Call, wish: &Wish) -> Result<(), ArmError> {
    let name = call.at("/properties/customNetworkInterfaceName").as_str().unwrap_or_default();
    if !name.is_empty() {
        refusal::check_name(name)?;
        let interface = call.id().sibling(super::NAMESPACE, "networkInterfaces", name);
        if azure.store.get(&interface).is_some() {
            // (K)
            return Err(ArmError::new(
                400,
                "CustomNetworkInterfaceNameInUse",
                format!(
                    "Custom network interface name {name} of {} is that of an existing network interface.",
                    call.id()
                ),
            ));
        }
    }
    let mut taken: BTreeSet<Ipv4Addr> = subnets::taken(azure, &wish.subnet);
    for fixed in &wish.fixed {
        if !taken.insert(fixed.address) {
            return Err(ArmError::new(
                400,
                "PrivateIPAddressInUse",
                format!("Private static IP address {} is already in use.", fixed.address),
            ));
        }
    }
    for _ in wish.members.iter().filter(|m| !wish.fixed.iter().any(|f| f.member == m.name)) {
        let address = wish.blocks.iter().find_map(|b| b.free(&taken)).ok_or_else(|| {
            ArmError::new(
                400,
                "SubnetIsFull",
                format!(
                    "Subnet {} with address prefix has not enough free addresses for {}.",
                    wish.subnet,
                    call.id()
                ),
            )
        })?;
        taken.insert(address);
    }
    Ok(())
}

/// Refuses to change what an endpoint has for its whole life; its connection's message, its groups and tags may change.
fn unchanged(found: &Document, call: &Call, wish: &Wish) -> Result<(), ArmError> {
    let id = call.id();
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    let was = super::connections::connection(found);
    let name = call.at("/properties/customNetworkInterfaceName").as_str().unwrap_or_default();
    let fixed: Vec<Value> = wish.fixed.iter().map(|f| json!([f.member, f.address.to_string()])).collect();
    let before: Vec<Value> = found
        .at("/properties/ipConfigurations")
        .as_array()
        .into_iter()
        .flatten()
        .map(|c| json!([c["properties"]["memberName"], c["properties"]["privateIPAddress"]]))
        .collect();
    let checks = [
        ("subnet", same(found.text("/properties/subnet/id"), &wish.subnet)),
        ("privateLinkServiceConnections", was.manual == wish.manual),
        ("privateLinkServiceConnections.name", was.name == wish.connection),
        ("privateLinkServiceId", same(&was.target, &wish.target)),
        ("groupIds", same(&was.group, wish.group.as_deref().unwrap_or_default())),
        ("customNetworkInterfaceName", found.text("/properties/customNetworkInterfaceName") == name),
        ("ipConfigurations", fixed == before),
    ];
    match checks.iter().find(|(_, same)| !same) {
        None => Ok(()),
        Some((member, _)) => Err(refusal::fixed(member, id)),
    }
}

/// The endpoint of the same subnet on which an operation runs.
pub(super) fn rival(azure: &Azure, id: &ResourceId, subnet: &str) -> Option<String> {
    let endpoints = subnets::endpoints(azure, subnet).into_iter();
    endpoints
        .filter(|e| !e.eq_ignore_ascii_case(&id.to_string()))
        .find(|e| ResourceId::parse(e).is_some_and(|id| id.is(ENDPOINT) && azure.running(&id).is_some()))
}
