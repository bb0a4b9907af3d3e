//! The endpoint's document as it is sent: the tables' members, and the connection, the addresses and the groups, which are more
//! than one attribute each. `answer` reads it.

mod answer;

use serde_json::{Map, Value as Json, json};
use tfplugin::{Model, Value};

use crate::check;
use crate::document;
use crate::private_endpoint::model::PrivateEndpoint;
use crate::tags;
use crate::target;
use crate::thing;
use crate::view;

pub(super) use answer::{interface, listed, read, status, text, texts};

/// Connections that are approved as they are made, because whoever makes them may approve them.
const OWN: &str = "properties.privateLinkServiceConnections";
/// Connections that somebody else has to approve.
const MANUAL: &str = "properties.manualPrivateLinkServiceConnections";
const ADDRESSES: &str = "properties.ipConfigurations";
const SECURITY_GROUPS: &str = "properties.applicationSecurityGroups";
const REQUEST_MESSAGE: &str = "requestMessage";

/// Members of the document's properties that are Azure's alone.
const READ_ONLY: [&str; 4] = ["provisioningState", "resourceGuid", "networkInterfaces", "customDnsConfigs"];

/// The body that creates what is planned.
pub(super) fn create_body(planned: &Value) -> Json {
    let mut body = thing::create_body(PrivateEndpoint::FIELDS, planned);
    if !document::get(&body, "extendedLocation").is_null() {
        document::put(&mut body, "extendedLocation.type", json!("EdgeZone"));
    }
    let planned_text = |name| view::text(planned, &[name]);
    let mut properties = json!({ "privateLinkServiceId": target::of(planned) });
    let groups = view::texts(planned, &["group_ids"]).unwrap_or_default();
    if !groups.is_empty() {
        properties["groupIds"] = json!(groups);
    }
    if let Some(message) = planned_text("request_message") {
        properties[REQUEST_MESSAGE] = json!(message);
    }
    let list = if view::is_true(planned, &["manual_connection"]) { MANUAL } else { OWN };
    document::put(
        &mut body,
        list,
        json!([{ "name": planned_text("connection_name"), "properties": properties }]),
    );
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

#[cfg(test)]
mod tests;
