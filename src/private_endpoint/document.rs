//! The endpoint's document: the tables' members, and the connection, the addresses and the groups, which are more than one
//! attribute each.

use serde_json::{Map, Value as Json, json};
use tfplugin::schema::Shape;
use tfplugin::{Model, Value};

use crate::check;
use crate::document::{self, Misfit, Misfits, Unfit};
use crate::kind::Kind;
use crate::private_endpoint::model::PrivateEndpoint;
use crate::tags;
use crate::target;
use crate::thing;
use crate::view;

/// Connections that are approved as they are made, because whoever makes them may approve them.
const OWN: &str = "properties.privateLinkServiceConnections";
/// Connections that somebody else has to approve.
const MANUAL: &str = "properties.manualPrivateLinkServiceConnections";
const ADDRESSES: &str = "properties.ipConfigurations";
const SECURITY_GROUPS: &str = "properties.applicationSecurityGroups";
const INTERFACES: &str = "properties.networkInterfaces";
const NAMES: &str = "properties.customDnsConfigs";
const REQUEST_MESSAGE: &str = "requestMessage";

/// Members of the document's properties that are Azure's alone.
const READ_ONLY: [&str; 4] = ["provisioningState", "resourceGuid", "networkInterfaces", "customDnsConfigs"];

/// The body that creates what is planned.
pub(super) fn create_body(planned: &Value) -> Json {
    let mut body = thing::create_body(PrivateEndpoint::FIELDS, planned);
    if !document::get(&body, "extendedLocation").is_null() {
        document::put(&mut body, "extendedLocation.type", json!("EdgeZone"));
    }
    let text = |name| view::text(planned, &[name]);
    let mut properties = json!({ "privateLinkServiceId": target::of(planned) });
    let groups = view::texts(planned, &["group_ids"]).unwrap_or_default();
    if !groups.is_empty() {
        properties["groupIds"] = json!(groups);
    }
    if let Some(message) = text("request_message") {
        properties[REQUEST_MESSAGE] = json!(message);
    }
    let list = if view::is_true(planned, &["manual_connection"]) { MANUAL } else { OWN };
    document::put(&mut body, list, json!([{ "name": text("connection_name"), "properties": properties }]));
    let addresses: Vec<Json> = elements(planned, "ip_configurations").iter().map(address).collect();
    if !addresses.is_empty() {
        document::put(&mut body, ADDRESSES, json!(addresses));
    }
    let groups = security_groups(planned);
    if !groups.is_empty() {
        document::put(&mut body, SECURITY_GROUPS, json!(groups));
    }
    body
}

/// What changes, in the members that [`whole`] lays over the document; nothing where Azure has nothing to change.
pub(super) fn change(prior: &Value, planned: &Value) -> Option<Json> {
    let mut change = thing::patch_body(PrivateEndpoint::FIELDS, prior, planned).unwrap_or_else(|| json!({}));
    let changes = |name: &str| {
        let (old, new) = (view::member(prior, &[name]), view::member(planned, &[name]));
        let field = PrivateEndpoint::FIELDS.iter().find(|field| field.name == name);
        new.is_wholly_known() && !field.is_some_and(|field| field.same(old, new))
    };
    if changes("request_message") {
        change[REQUEST_MESSAGE] = json!(view::text(planned, &["request_message"]));
    }
    if changes("application_security_group_ids") {
        document::put(&mut change, SECURITY_GROUPS, json!(security_groups(planned)));
    }
    change.as_object().is_some_and(|members| !members.is_empty()).then_some(change)
}

/// The whole document that an update puts: what is there, but for what is Azure's alone, with what changed.
///
/// What is planned to stay is put as well, for an answer without it would take it away. Nothing goes that others have added
/// since the plan.
pub(super) fn whole(there: &Json, mut change: Json, planned: &Value) -> Json {
    let mut body = Json::Object(Map::new());
    for name in ["location", "extendedLocation", "tags"] {
        keep(&mut body, name, document::get(there, name).clone());
    }
    let properties = document::get(there, "properties").as_object();
    for (name, value) in
        properties.into_iter().flatten().filter(|(name, _)| !READ_ONLY.contains(&name.as_str()))
    {
        keep(&mut body, &format!("properties.{name}"), writable(name, value));
    }
    stay(&mut body, planned);
    let message = change.as_object_mut().and_then(|members| members.remove(REQUEST_MESSAGE));
    let stays = || view::text(planned, &["request_message"]).map(|message| json!(message));
    if let Some(message) = message.or_else(stays) {
        for list in ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"] {
            if let Some(connection) = body.pointer_mut(&format!("/properties/{list}/0/properties")) {
                connection[REQUEST_MESSAGE] = message.clone();
            }
        }
    }
    for member in ["tags", SECURITY_GROUPS] {
        match document::get(&change, member) {
            Json::Null => {}
            value if is_empty(value) => remove(&mut body, member),
            value => document::put(&mut body, member, value.clone()),
        }
    }
    body
}

/// Adds the planned tags and security groups that a body lacks.
fn stay(body: &mut Json, planned: &Value) {
    for (name, value) in tags::of_value(view::member(planned, &["tags_all"])) {
        if !body[tags::MEMBER].is_object() {
            body[tags::MEMBER] = json!({});
        }
        let Json::Object(there) = &mut body[tags::MEMBER] else { return };
        there.retain(|key, _| !key.eq_ignore_ascii_case(&name));
        there.insert(name, json!(value));
    }
    let mut groups = array(document::get(body, SECURITY_GROUPS)).to_vec();
    let count = groups.len();
    for group in security_groups(planned) {
        let id = |group: &Json| group["id"].as_str().unwrap_or_default().to_owned();
        let same = |there: &Json| check::same_id(&id(there), &id(&group));
        if !groups.iter().any(same) {
            groups.push(group);
        }
    }
    if groups.len() > count {
        document::put(body, SECURITY_GROUPS, json!(groups));
    }
}

/// The object that a document describes; tags are left as they were, and so is what the document does not have.
pub(super) fn read(there: &Json, prior: &Value, first: bool, misfits: &mut Misfits) -> Value {
    let mut object = document::read(PrivateEndpoint::FIELDS, there, prior, first, misfits);
    for (name, fresh) in fresh(there) {
        let field = PrivateEndpoint::FIELDS.iter().find(|field| field.name == name);
        if let Some(field) = field {
            let value = document::settled(field, view::member(prior, &[name]), fresh, first, misfits);
            view::put(&mut object, &[name], value);
        }
    }
    // Azure lists the names only while no zone has them; what they were stays true as long as the connection stands.
    let known = view::member(prior, &["custom_dns_configs"]);
    let listed = names(document::get(there, NAMES)).unwrap_or_else(|unfit| {
        misfits.note("custom_dns_configs", Misfit::Bent(unfit));
        known.elements().unwrap_or_default().to_vec()
    });
    let names = match known {
        Value::List(known) if listed.is_empty() && status(there) == Some("Approved") => known.clone(),
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
fn fresh(there: &Json) -> Vec<(&'static str, Result<Value, Unfit>)> {
    let (manual, connection) = connection(there);
    let properties = &connection["properties"];
    let state = &properties["privateLinkServiceConnectionState"];
    let text = |json: &Json| document::taken(&Shape::String, json);
    let target = text(&properties["privateLinkServiceId"]);
    let is_workspace = |id: &Value| id.as_str().is_some_and(|id| Kind::Workspace.check(id).is_ok());
    // What is no workspace has no such ID, which is no loss of one.
    let is_other = target.as_ref().is_ok_and(|id| !id.is_null() && !is_workspace(id));
    let workspace = (!is_other).then(|| target.clone());
    let groups = document::taken(&Shape::Set(&Shape::String), &properties["groupIds"]);
    let all = vec![
        ("private_connection_resource_id", target),
        ("group_ids", groups),
        ("connection_name", text(&connection["name"])),
        ("manual_connection", Ok(manual.map_or(Value::Null, Value::Bool))),
        ("request_message", text(&properties[REQUEST_MESSAGE])),
        ("ip_configurations", configurations(document::get(there, ADDRESSES))),
        ("application_security_group_ids", ids(document::get(there, SECURITY_GROUPS)).map(set)),
        ("connection_status", text(&state["status"])),
        ("connection_description", text(&state["description"])),
        ("connection_actions_required", text(&state["actionsRequired"])),
        ("network_interface_ids", ids(document::get(there, INTERFACES)).map(Value::List)),
    ];
    all.into_iter().chain(workspace.map(|id| ("workspace_id", id))).collect()
}

/// Whether the connection is approved, pending, rejected or disconnected.
pub(super) fn status(there: &Json) -> Option<&str> {
    connection(there).1.pointer("/properties/privateLinkServiceConnectionState/status").and_then(Json::as_str)
}

/// The endpoint's one connection, and whether somebody else has to approve it, where there is any.
fn connection(there: &Json) -> (Option<bool>, &Json) {
    static NONE: Json = Json::Null;
    let first = |list| array(document::get(there, list)).first();
    match (first(MANUAL), first(OWN)) {
        (Some(connection), _) => (Some(true), connection),
        (None, Some(connection)) => (Some(false), connection),
        (None, None) => (None, &NONE),
    }
}

/// Names with their addresses, as Azure lists them.
fn names(list: &Json) -> Result<Vec<Value>, Unfit> {
    let one = |one: &Json| name(text(&one["fqdn"]), texts(&one["ipAddresses"]));
    listed(list).map(|list| list.iter().map(one).collect())
}

/// The elements of a list, which may be missing.
fn listed(list: &Json) -> Result<&[Json], Unfit> {
    match list {
        Json::Null => Ok(&[]),
        Json::Array(items) => Ok(items),
        other => Err(Unfit::of(&Shape::List(&Shape::String), other)),
    }
}

/// The IDs in a list of references.
fn ids(list: &Json) -> Result<Vec<Value>, Unfit> {
    let id = |item: &Json| match text(&item["id"]) {
        Value::Null => Err(Unfit::of(&Shape::String, &item["id"])),
        id => Ok(id),
    };
    listed(list)?.iter().map(id).collect()
}

/// The addresses of the user's choice.
fn configurations(list: &Json) -> Result<Value, Unfit> {
    let one = |there: &Json| {
        let configuration = configuration(there);
        let is_whole =
            ["name", "private_ip_address"].iter().all(|name| !view::is_null(&configuration, &[name]));
        if is_whole { Ok(configuration) } else { Err(Unfit::of(&Shape::Object(&[]), there)) }
    };
    listed(list)?.iter().map(one).collect::<Result<Vec<_>, _>>().map(set)
}

/// One name with its addresses.
fn name(fqdn: Value, addresses: Vec<Value>) -> Value {
    Value::object([("fqdn", fqdn), ("ip_addresses", Value::List(addresses))])
}

/// The addresses of a network interface, and the names that it says they are for.
pub(super) fn interface(there: &Json) -> (Vec<Value>, Vec<Value>) {
    let (mut addresses, mut names) = (Vec::new(), Vec::new());
    for configuration in array(document::get(there, ADDRESSES)) {
        let properties = &configuration["properties"];
        let address = text(&properties["privateIPAddress"]);
        if address.is_null() {
            continue;
        }
        let fqdns = texts(&properties["privateLinkConnectionProperties"]["fqdns"]);
        names.extend(fqdns.into_iter().map(|fqdn| name(fqdn, vec![address.clone()])));
        addresses.push(address);
    }
    (addresses, names)
}

/// An address of the user's choice as Azure takes it.
fn address(configuration: &Value) -> Json {
    let mut properties = json!({});
    let members =
        [("groupId", "group_id"), ("memberName", "member_name"), ("privateIPAddress", "private_ip_address")];
    for (member, name) in members {
        if let Some(text) = view::text(configuration, &[name]) {
            properties[member] = json!(text);
        }
    }
    json!({ "name": view::text(configuration, &["name"]), "properties": properties })
}

/// The same as Azure answers it.
fn configuration(there: &Json) -> Value {
    let properties = &there["properties"];
    Value::object([
        ("name", text(&there["name"])),
        ("private_ip_address", text(&properties["privateIPAddress"])),
        ("group_id", text(&properties["groupId"])),
        ("member_name", text(&properties["memberName"])),
    ])
}

fn security_groups(planned: &Value) -> Vec<Json> {
    let ids = view::texts(planned, &["application_security_group_ids"]).unwrap_or_default();
    ids.iter().map(|id| json!({ "id": id })).collect()
}

/// A member of the document's properties without what is Azure's alone.
fn writable(name: &str, value: &Json) -> Json {
    let picked = |value: &Json, names: &[&str]| -> Json {
        let members = value.as_object().into_iter().flatten();
        members
            .filter(|(name, value)| names.contains(&name.as_str()) && !is_empty(value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<Map<_, _>>()
            .into()
    };
    let each = |names: &[&str]| -> Json {
        let one = |item: &Json| {
            let properties = picked(&item["properties"], names);
            json!({ "name": item["name"], "properties": properties })
        };
        array(value).iter().map(one).collect()
    };
    match name {
        "subnet" => picked(value, &["id"]),
        "privateLinkServiceConnections" | "manualPrivateLinkServiceConnections" => {
            each(&["privateLinkServiceId", "groupIds", REQUEST_MESSAGE])
        }
        "ipConfigurations" => each(&["groupId", "memberName", "privateIPAddress"]),
        "applicationSecurityGroups" => array(value).iter().map(|one| picked(one, &["id"])).collect(),
        _ => value.clone(),
    }
}

fn keep(body: &mut Json, member: &str, value: Json) {
    if !is_empty(&value) {
        document::put(body, member, value);
    }
}

fn remove(body: &mut Json, member: &str) {
    let (parent, name) = member.rsplit_once('.').unwrap_or(("", member));
    let parent = if parent.is_empty() { Some(body) } else { body.get_mut(parent) };
    if let Some(members) = parent.and_then(Json::as_object_mut) {
        members.remove(name);
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn elements<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    view::member(object, &[name]).elements().unwrap_or_default()
}

/// The elements of an array; none where there is no array.
pub(super) fn array(value: &Json) -> &[Json] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A text; null where there is none or an empty one.
pub(super) fn text(value: &Json) -> Value {
    value.as_str().filter(|text| !text.is_empty()).map_or(Value::Null, Value::from)
}

/// The texts of an array.
pub(super) fn texts(value: &Json) -> Vec<Value> {
    array(value).iter().map(text).filter(|text| !text.is_null()).collect()
}

/// A set; null where nothing is in it.
fn set(items: Vec<Value>) -> Value {
    if items.is_empty() { Value::Null } else { Value::set_of(items) }
}

#[cfg(test)]
mod tests;
