//! Virtual network links: which networks ask a zone.

use serde_json::{Value, json};

use super::zones::{MAX_LINKS, MAX_REGISTERING};
use super::{LINK, answer, check_match, check_place, effect, idle, since};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::network::check_linked;
use crate::operation::{Outcome, Start, Style};
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

/// The version that brought the resolution policy.
const POLICY_SINCE: &str = "2024-06-01";

const NETWORK: (&str, Shape) = ("virtualNetwork", Shape::Object(&[("id", Shape::Text)]));
const REGISTRATION: (&str, Shape) = ("registrationEnabled", Shape::Bool);

const fn body(properties: &'static Shape) -> [(&'static str, Shape); 7] {
    [
        ("id", Shape::Text),
        ("name", Shape::Text),
        ("type", Shape::Text),
        ("etag", Shape::Text),
        ("location", Shape::Text),
        ("tags", Shape::Map(&Shape::Text)),
        ("properties", *properties),
    ]
}

const BEFORE: Shape = Shape::Object(&body(&Shape::Object(&[NETWORK, REGISTRATION])));
const BODY: Shape = Shape::Object(&body(&Shape::Object(&[
    NETWORK,
    REGISTRATION,
    ("resolutionPolicy", Shape::OneOf(&["Default", "NxDomainRedirect"])),
])));

/// The links that a zone counts: not those of which only a reflection is left.
pub(super) fn of<'a>(azure: &'a Azure, zone: &ResourceId) -> Vec<&'a Document> {
    azure.store.list(zone, LINK).into_iter().filter(|l| !is_gone(l)).collect()
}

fn is_gone(link: &Document) -> bool {
    link.hidden["gone"] == true
}

/// Answers requests for one link.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let found = azure.store.get(id).cloned();
    let live = found.clone().filter(|f| !is_gone(f));
    match (call.method.as_str(), live) {
        ("PUT", live) => put(azure, call, live),
        ("GET", _) => get(azure, call, found.as_ref()),
        ("DELETE", None) => Ok(Response::empty(204)),
        (_, None) => Err(ArmError::resource_not_found(id)),
        ("PATCH", Some(document)) => patch(azure, call, document),
        ("DELETE", Some(document)) => delete(azure, call, &document),
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

/// Answers the list of a zone's links.
pub(super) fn list(azure: &Azure, call: &Call) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    azure.store.get(call.id()).ok_or_else(|| ArmError::parent_not_found(call.id()))?;
    let found = of(azure, call.id()).into_iter();
    let found: Vec<Value> = found.map(|d| show(d, &call.api_version)).collect();
    Ok(answer(200, &json!({ "value": found })))
}

/// A read, which may find a link that is still on its way to completion, or already gone.
fn get(azure: &mut Azure, call: &Call, found: Option<&Document>) -> Reply {
    let document = found.ok_or_else(|| ArmError::resource_not_found(call.id()))?;
    let left = document.hidden["reads"].as_u64().unwrap_or_default();
    let gone = is_gone(document);
    if gone && left == 0 {
        azure.store.remove(&call.id().key());
        return Err(ArmError::resource_not_found(call.id()));
    }
    if let Some(kept) = azure.store.get_mut(call.id()).filter(|_| left > 0) {
        kept.hidden["reads"] = json!(left - 1);
        if left == 1 && !gone {
            kept.body["properties"]["virtualNetworkLinkState"] = json!("Completed");
        }
    }
    Ok(answer(200, &show(document, &call.api_version)))
}

/// A link; the policy is there for zones below `privatelink` alone, and since one version.
pub(super) fn show(document: &Document, api_version: &str) -> Value {
    let mut body = document.body.clone();
    if !since(api_version, POLICY_SINCE)
        && let Some(properties) = body["properties"].as_object_mut()
    {
        properties.shift_remove("resolutionPolicy");
    }
    body
}

fn check_shape(azure: &Azure, call: &Call) -> Result<(), ArmError> {
    match since(&call.api_version, POLICY_SINCE) {
        true => BODY.check(&call.body, azure.strict),
        false => BEFORE.check(&call.body, azure.strict),
    }
}

fn put(azure: &mut Azure, call: &Call, found: Option<Document>) -> Reply {
    check_shape(azure, call)?;
    let id = call.id();
    let zone = id.parent().ok_or_else(|| ArmError::parent_not_found(id))?;
    azure.store.get(&zone).ok_or_else(|| ArmError::parent_not_found(id))?;
    check_place(call, found.as_ref())?;
    check_name(id.name())?;
    check_match(call, found.as_ref())?;
    idle(azure, id)?;
    let network = network(azure, call)?;
    if let Some(found) = &found
        && !found.text("/properties/virtualNetwork/id").eq_ignore_ascii_case(&network)
    {
        // (K)
        return Err(ArmError::bad_request(format!(
            "The virtual network of the virtual network link '{}' cannot be changed.",
            id.name()
        )));
    }
    let registers = call.at("/properties/registrationEnabled") == true;
    check_others(azure, id, &zone, &network, registers)?;
    let is_new = found.is_none();
    // A version that knows no policy leaves the one that is there.
    let wanted = match (since(&call.api_version, POLICY_SINCE), &found) {
        (true, _) => call.at("/properties/resolutionPolicy").clone(),
        (false, Some(found)) => found.at("/properties/resolutionPolicy").clone(),
        (false, None) => Value::Null,
    };
    let policy = policy(&zone, &wanted)?;
    let mut document = found.unwrap_or_else(|| {
        let body = json!({
            "id": id.to_string(),
            "name": id.name(),
            "type": LINK,
            "etag": azure.guid(),
            "location": super::PLACE,
        });
        Document::new(id, body)
    });
    match call.at("/tags") {
        tags if tags.is_object() => document.body["tags"] = tags.clone(),
        _ => drop(document.body.as_object_mut().and_then(|b| b.shift_remove("tags"))),
    }
    let mut properties = json!({ "registrationEnabled": registers });
    if let Some(policy) = policy {
        properties["resolutionPolicy"] = json!(policy);
    }
    properties["virtualNetwork"] = json!({ "id": network });
    properties["virtualNetworkLinkState"] = json!("InProgress");
    document.body["properties"] = properties;
    begin(azure, call, document, if is_new { "Creating" } else { "Updating" })
}

/// A PATCH changes tags, registration and policy.
fn patch(azure: &mut Azure, call: &Call, mut document: Document) -> Reply {
    check_shape(azure, call)?;
    let id = call.id();
    let zone = id.parent().unwrap_or_default();
    check_match(call, Some(&document))?;
    idle(azure, id)?;
    let network = document.text("/properties/virtualNetwork/id").to_owned();
    let sent = call.at("/properties/virtualNetwork/id").as_str();
    if sent.is_some_and(|s| !s.eq_ignore_ascii_case(&network)) {
        // (K)
        return Err(ArmError::bad_request(format!(
            "The virtual network of the virtual network link '{}' cannot be changed.",
            id.name()
        )));
    }
    if let Some(registers) = call.at("/properties/registrationEnabled").as_bool() {
        check_others(azure, id, &zone, &network, registers)?;
        document.body["properties"]["registrationEnabled"] = json!(registers);
    }
    let wanted = call.at("/properties/resolutionPolicy");
    if since(&call.api_version, POLICY_SINCE)
        && wanted.is_string()
        && let Some(policy) = policy(&zone, wanted)?
    {
        document.body["properties"]["resolutionPolicy"] = json!(policy);
    }
    if call.at("/tags").is_object() {
        document.body["tags"] = call.at("/tags").clone();
    }
    begin(azure, call, document, "Updating")
}

fn begin(azure: &mut Azure, call: &Call, mut document: Document, state: &str) -> Reply {
    document.body["properties"]["provisioningState"] = json!(state);
    document.hidden = Value::Null;
    let argument = json!({ "id": document.id });
    azure.store.put(document);
    let start = Start::new(Style::PrivateDns, call.id(), super::PLACE)
        .then(effect("link", argument.clone()))
        .on_failure(effect("failed", argument));
    Ok(azure.begin(call, start, answer(202, &json!({}))))
}

/// A link is there, or changed.
pub(super) fn ready(azure: &mut Azure, id: &ResourceId) {
    let (etag, reads) = (azure.guid(), azure.settings.network.link_state_reads);
    if let Some(document) = azure.store.get_mut(id) {
        document.body["properties"]["provisioningState"] = json!("Succeeded");
        document.body["etag"] = json!(etag);
        match reads {
            0 => document.body["properties"]["virtualNetworkLinkState"] = json!("Completed"),
            reads => document.hidden = json!({ "reads": reads }),
        }
    }
}

fn delete(azure: &mut Azure, call: &Call, document: &Document) -> Reply {
    let id = call.id();
    check_match(call, Some(document))?;
    idle(azure, id)?;
    if let Some(document) = azure.store.get_mut(id) {
        document.body["properties"]["provisioningState"] = json!("Deleting");
    }
    let argument = json!({ "id": id.to_string() });
    let start = Start::new(Style::PrivateDns, id, super::PLACE)
        .then(effect("link-gone", argument.clone()))
        .on_failure(effect("failed", argument))
        .outcome(Outcome::Empty);
    Ok(azure.begin(call, start, Response::empty(202)))
}

/// A link is deleted; reads may find it for a while, and its zone may count it for a while.
pub(super) fn gone(azure: &mut Azure, id: &ResourceId) {
    let (reads, refusals) =
        (azure.settings.network.link_delete_reads, azure.settings.network.zone_delete_refusals);
    match azure.store.get_mut(id).filter(|_| reads > 0) {
        Some(document) => document.hidden = json!({ "gone": true, "reads": reads }),
        None => drop(azure.store.remove(&id.key())),
    }
    if refusals > 0
        && let Some(zone) = id.parent()
        && let Some(zone) = azure.store.get_mut(&zone)
    {
        zone.hidden = json!({ "refusals": refusals, "last": id.to_string() });
    }
}

/// The network that a request names; it may live in another subscription of the tenant. (K: code and words)
fn network(azure: &Azure, call: &Call) -> Result<String, ArmError> {
    let text = call.at("/properties/virtualNetwork/id").as_str().unwrap_or_default();
    let id = ResourceId::parse(text).filter(|i| i.is("Microsoft.Network/virtualNetworks"));
    let id = id.ok_or_else(|| {
        ArmError::bad_request(format!("The virtual network resource ID '{text}' is invalid."))
    })?;
    check_linked(azure, call.id(), &id, "Microsoft.Network/virtualNetworks/join/action")?;
    match azure.store.get(&id) {
        Some(_) => Ok(text.to_owned()),
        None => Err(ArmError::bad_request(format!("The virtual network '{text}' was not found."))),
    }
}

/// (K) The name rule of links.
fn check_name(name: &str) -> Result<(), ArmError> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let good = name.len() <= 80
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(word)
        && name.chars().all(|c| word(c) || c == '.' || c == '-');
    match good {
        true => Ok(()),
        false => Err(ArmError::bad_request(format!(
            "The virtual network link name '{name}' is invalid. It must have 1 to 80 letters, digits, underscores, hyphens or periods, begin with a letter or digit, and end with one of them or an underscore."
        ))),
    }
}

/// What the other links of the network and of the zone leave room for.
///
/// Namespaces overlap where two zones have the same name. (K) The sentence that refuses them could mean a zone and one below it as
/// well; but to have both linked to one network, the lower one for some names, is how Azure's own zones are laid out, as
/// `privatelink.REGION.X` beside `privatelink.X`.
fn check_others(
    azure: &Azure,
    id: &ResourceId,
    zone: &ResourceId,
    network: &str,
    registers: bool,
) -> Result<(), ArmError> {
    let all = azure.store.iter().filter(|d| d.text("/type") == LINK && !is_gone(d));
    let others = all.filter(|d| d.id.to_lowercase() != id.key());
    for other in others.filter(|d| d.text("/properties/virtualNetwork/id").eq_ignore_ascii_case(network)) {
        let theirs = ResourceId::parse(&other.id).and_then(|id| id.parent()).unwrap_or_default();
        if theirs.name().eq_ignore_ascii_case(zone.name()) {
            return Err(ArmError::bad_request(format!(
                "A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link virtual network with '{}' and '{}' zones.",
                zone.name(),
                theirs.name()
            )));
        }
        if registers && other.at("/properties/registrationEnabled") == true {
            return Err(ArmError::conflict(format!(
                "A virtual network can only be linked to 1 Private DNS zone(s) with auto-registration enabled; conflicting Private DNS zone is \"{}\".",
                theirs.name()
            )));
        }
    }
    let beside: Vec<&Document> =
        of(azure, zone).into_iter().filter(|d| d.id.to_lowercase() != id.key()).collect();
    let registering = beside.iter().filter(|d| d.at("/properties/registrationEnabled") == true).count();
    let full = match registers && registering >= MAX_REGISTERING {
        true => Some((MAX_REGISTERING, " with auto-registration enabled")),
        false => (beside.len() >= MAX_LINKS).then_some((MAX_LINKS, "")),
    };
    match full {
        None => Ok(()),
        // The limits are documented, the words are (K).
        Some((limit, what)) => Err(ArmError::bad_request(format!(
            "The Private DNS zone '{}' has the maximum number of {limit} virtual network links{what}.",
            zone.name()
        ))),
    }
}

/// The policy of a link: only for zones below `privatelink`, where it is `Default` unless said otherwise. (K: the words)
fn policy(zone: &ResourceId, sent: &Value) -> Result<Option<&'static str>, ArmError> {
    let redirect = sent.as_str().is_some_and(|s| s.eq_ignore_ascii_case("NxDomainRedirect"));
    let private = zone.name().to_lowercase().starts_with("privatelink.");
    match (private, redirect) {
        (true, true) => Ok(Some("NxDomainRedirect")),
        (true, false) => Ok(Some("Default")),
        (false, _) if !sent.is_string() => Ok(None),
        (false, _) => Err(ArmError::bad_request(format!(
            "The resolution policy is only supported for virtual network links of Private Link zones; '{}' is none.",
            zone.name()
        ))),
    }
}
