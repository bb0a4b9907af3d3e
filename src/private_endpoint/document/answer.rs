//! What Azure answers about an endpoint and its interfaces. A member of another shape is never taken for one that is absent.

use arm::ResourceId;
use serde_json::Value as Json;
use tfplugin::schema::Shape;
use tfplugin::{Model, Value};

use super::{ADDRESSES, MANUAL, OWN, REQUEST_MESSAGE, SECURITY_GROUPS, elements};
use crate::check;
use crate::document::{self, Misfit, Misfits, Unfit};
use crate::kind::Kind;
use crate::private_endpoint::model::PrivateEndpoint;
use crate::view;

const INTERFACES: &str = "properties.networkInterfaces";
const NAMES: &str = "properties.customDnsConfigs";
const STATUS: &str = "properties.privateLinkServiceConnectionState.status";
const CONFIGURATIONS: &str = "ip_configurations";

/// The object that a document describes; tags are left as they were, and so is what the document does not have.
pub(in crate::private_endpoint) fn read(
    there: &Json,
    prior: &Value,
    first: bool,
    misfits: &mut Misfits,
) -> Value {
    let mut object = document::read(PrivateEndpoint::FIELDS, there, prior, first, misfits);
    for (name, fresh) in fresh(there, prior, misfits) {
        let field = PrivateEndpoint::FIELDS.iter().find(|field| field.name == name);
        if let Some(field) = field {
            let value = document::settled(field, view::member(prior, &[name]), fresh, first, misfits);
            view::put(&mut object, &[name], value);
        }
    }
    // Azure lists the names only while no zone has them; what they were stays true as long as the connection stands.
    let known = view::member(prior, &["custom_dns_configs"]);
    let listed = document::reach(there, NAMES).and_then(names).unwrap_or_else(|unfit| {
        misfits.note("custom_dns_configs", Misfit::Bent(unfit));
        known.elements().unwrap_or_default().to_vec()
    });
    // So they do where nothing can be told of the connection.
    let stands = connection(there).is_err() || status(there).is_none_or(|status| status == "Approved");
    let names = match known {
        Value::List(known) if listed.is_empty() && stands => known.clone(),
        _ => listed,
    };
    view::put(&mut object, &["custom_dns_configs"], Value::List(names));
    for name in ["private_ip_addresses", "private_dns_zone_configs"] {
        if !matches!(view::member(&object, &[name]), Value::List(_)) {
            view::put(&mut object, &[name], Value::List(Vec::new()));
        }
    }
    object
}

/// What the document says of the attributes that the tables do not read.
fn fresh(there: &Json, prior: &Value, misfits: &mut Misfits) -> Vec<(&'static str, Result<Value, Unfit>)> {
    let found = connection(there);
    let of = |path: &str| found.and_then(|(_, connection)| text(document::reach(connection, path)?));
    let target = of("properties.privateLinkServiceId");
    let is_workspace = |id: &Value| id.as_str().is_some_and(|id| Kind::Workspace.check(id).is_ok());
    // What is no workspace has no such ID, which is no loss of one.
    let is_other = target.as_ref().is_ok_and(|id| !id.is_null() && !is_workspace(id));
    let workspace = (!is_other).then(|| target.clone());
    let groups = found.and_then(|(_, connection)| texts(document::reach(connection, "properties.groupIds")?));
    let manual = found.map(|(manual, _)| manual.map_or(Value::Null, Value::Bool));
    let list = |member: &str| document::reach(there, member);
    let all = vec![
        ("private_connection_resource_id", target),
        ("group_ids", groups.map(set)),
        ("connection_name", of("name")),
        ("manual_connection", manual),
        ("request_message", of(&format!("properties.{REQUEST_MESSAGE}"))),
        (CONFIGURATIONS, list(ADDRESSES).and_then(|list| configurations(list, prior, misfits))),
        ("application_security_group_ids", list(SECURITY_GROUPS).and_then(ids).map(set)),
        ("connection_status", of(STATUS)),
        ("connection_description", of("properties.privateLinkServiceConnectionState.description")),
        ("connection_actions_required", of("properties.privateLinkServiceConnectionState.actionsRequired")),
        ("network_interface_ids", list(INTERFACES).and_then(ids).map(Value::List)),
    ];
    all.into_iter().chain(workspace.map(|id| ("workspace_id", id))).collect()
}

/// Whether the connection is approved, pending, rejected or disconnected.
pub(in crate::private_endpoint) fn status(there: &Json) -> Option<&str> {
    let (_, connection) = connection(there).ok()?;
    document::reach(connection, STATUS).ok()?.as_str()
}

/// The endpoint's one connection, and whether somebody else has to approve it, where there is any.
fn connection(there: &Json) -> Result<(Option<bool>, &Json), Unfit> {
    static NONE: Json = Json::Null;
    let first = |list: &str| {
        let list = listed(document::reach(there, list)?)?;
        list.first().map(object).transpose()
    };
    Ok(match (first(MANUAL)?, first(OWN)?) {
        (Some(connection), _) => (Some(true), connection),
        (None, Some(connection)) => (Some(false), connection),
        (None, None) => (None, &NONE),
    })
}

/// Names with their addresses, as Azure lists them.
fn names(list: &Json) -> Result<Vec<Value>, Unfit> {
    let one = |one: &Json| {
        let one = object(one)?;
        Ok(name(text(&one["fqdn"])?, texts(&one["ipAddresses"])?))
    };
    listed(list)?.iter().map(one).collect()
}

/// The IDs in a list of references.
fn ids(list: &Json) -> Result<Vec<Value>, Unfit> {
    let id = |item: &Json| match item["id"].as_str() {
        Some(id) if ResourceId::parse(id).is_ok() => Ok(Value::from(id)),
        Some(_) => Err(Unfit { expected: "the ID of a resource", found: "another text" }),
        None => Err(Unfit::of(&Shape::String, &item["id"])),
    };
    listed(list)?.iter().map(id).collect()
}

/// The addresses of the user's choice. What one lacks that it had before it has still, for it cannot lose it.
fn configurations(list: &Json, prior: &Value, misfits: &mut Misfits) -> Result<Value, Unfit> {
    let mut lost = false;
    let found: Result<Vec<Value>, Unfit> =
        listed(list)?.iter().map(|there| configuration(there, prior, &mut lost)).collect();
    let found = found?;
    if lost {
        misfits.note(CONFIGURATIONS, Misfit::Missing);
    }
    Ok(set(found))
}

/// One address of the user's choice.
fn configuration(there: &Json, prior: &Value, lost: &mut bool) -> Result<Value, Unfit> {
    let mut members = Vec::new();
    for (attribute, path) in [
        ("name", "name"),
        ("private_ip_address", "properties.privateIPAddress"),
        ("group_id", "properties.groupId"),
        ("member_name", "properties.memberName"),
    ] {
        members.push((attribute, text(document::reach(there, path)?)?));
    }
    let mut configuration = Value::object(members);
    for attribute in ["name", "private_ip_address"] {
        if view::is_null(&configuration, &[attribute]) {
            return Err(Unfit::of(&Shape::String, &Json::Null));
        }
    }
    let name = view::text(&configuration, &["name"]).unwrap_or_default().to_owned();
    let same = |one: &&Value| view::text(one, &["name"]).is_some_and(|old| check::same_name(old, &name));
    let before = elements(prior, CONFIGURATIONS).iter().find(same);
    for attribute in ["group_id", "member_name"] {
        let old = before.and_then(|before| view::text(before, &[attribute]));
        if let (Some(old), true) = (old, view::is_null(&configuration, &[attribute])) {
            view::put(&mut configuration, &[attribute], Value::from(old));
            *lost = true;
        }
    }
    Ok(configuration)
}

/// One name with its addresses.
fn name(fqdn: Value, addresses: Vec<Value>) -> Value {
    Value::object([("fqdn", fqdn), ("ip_addresses", Value::List(addresses))])
}

/// The addresses of a network interface, and the names that it says they are for.
pub(in crate::private_endpoint) fn interface(there: &Json) -> Result<(Vec<Value>, Vec<Value>), Unfit> {
    let (mut addresses, mut names) = (Vec::new(), Vec::new());
    for configuration in listed(document::reach(there, "properties.ipConfigurations")?)? {
        let address = text(document::reach(configuration, "properties.privateIPAddress")?)?;
        if address.is_null() {
            continue;
        }
        let fqdns = document::reach(configuration, "properties.privateLinkConnectionProperties.fqdns")?;
        names.extend(texts(fqdns)?.into_iter().map(|fqdn| name(fqdn, vec![address.clone()])));
        addresses.push(address);
    }
    Ok((addresses, names))
}

fn object(there: &Json) -> Result<&Json, Unfit> {
    if there.is_object() { Ok(there) } else { Err(Unfit::of(&Shape::Object(&[]), there)) }
}

/// The elements of a list, which may be missing.
pub(in crate::private_endpoint) fn listed(list: &Json) -> Result<&[Json], Unfit> {
    match list {
        Json::Null => Ok(&[]),
        Json::Array(items) => Ok(items),
        other => Err(Unfit::of(&Shape::List(&Shape::String), other)),
    }
}

/// A text; null where there is none or an empty one.
pub(in crate::private_endpoint) fn text(value: &Json) -> Result<Value, Unfit> {
    document::taken(&Shape::String, value)
}

/// The texts of a list, without empty ones.
pub(in crate::private_endpoint) fn texts(list: &Json) -> Result<Vec<Value>, Unfit> {
    let one = |item: &Json| if item.is_null() { Err(Unfit::of(&Shape::String, item)) } else { text(item) };
    let all: Result<Vec<Value>, Unfit> = listed(list)?.iter().map(one).collect();
    Ok(all?.into_iter().filter(|text| !text.is_null()).collect())
}

/// A set; null where nothing is in it.
fn set(items: Vec<Value>) -> Value {
    if items.is_empty() { Value::Null } else { Value::set_of(items) }
}
