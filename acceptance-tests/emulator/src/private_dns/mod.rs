//! Private DNS: zones, the virtual networks linked to them, and their records. It shares Network's namespace, and is another
//! service with other habits: it answers writes with 202 and `{}`, escapes slashes, and knows `If-Match`.

mod links;
mod record_sets;
mod zones;

use serde_json::{Value, json};

pub(crate) use record_sets::made as record;

use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::operation::Effect;
use crate::service::{Call, Reply};
use crate::store::Document;

/// Versions served, newest first.
pub(crate) const VERSIONS: &[&str] = &["2024-06-01", "2020-06-01", "2020-01-01", "2018-09-01"];

/// Full type of a zone; that of everything below begins with it.
pub(crate) const ZONE: &str = "Microsoft.Network/privateDnsZones";

/// Full type of a link.
pub(crate) const LINK: &str = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";

/// The only place that zones and links live in.
const PLACE: &str = "global";

/// Whether a call is for this service.
pub(crate) fn is_about(call: &Call) -> bool {
    let first = call.id().segments.first().map(|(kind, _)| kind.as_str());
    first.or(call.path.tail.as_deref()).is_some_and(|word| word.eq_ignore_ascii_case("privateDnsZones"))
}

/// An answer with what every answer of this service has. Recorded on changes of zones, and on every answer of the public zones'
/// service, which is the same front end.
pub(crate) fn marked(response: Response) -> Response {
    response.header("cache-control", "private")
}

/// Answers a request.
pub(crate) fn handle(azure: &mut Azure, call: &Call) -> Reply {
    let words: Vec<String> = call.id().segments.iter().map(|(kind, _)| kind.to_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let tail = call.path.tail.as_deref().map(str::to_lowercase);
    match (words.as_slice(), tail.as_deref()) {
        ([], Some(_)) => zones::list(azure, call),
        ([_], None) => zones::one(azure, call),
        ([_], Some("virtualnetworklinks")) => links::list(azure, call),
        ([_, "virtualnetworklinks"], None) => links::one(azure, call),
        ([_], Some(_)) => record_sets::list(azure, call),
        ([_, _], None) => record_sets::one(azure, call),
        _ => Err(ArmError::method_not_allowed(&call.method)),
    }
}

/// A document as it is answered at an api-version.
pub(crate) fn show(azure: &Azure, document: &Document, api_version: &str) -> Value {
    match document.text("/type") {
        ZONE => zones::show(azure, document, api_version),
        LINK => links::show(document, api_version),
        _ => document.body.clone(),
    }
}

/// A step at the end of an operation.
fn effect(name: &str, argument: Value) -> Effect {
    Effect::Step { namespace: crate::network::NAMESPACE.to_owned(), name: format!("dns-{name}"), argument }
}

/// Carries out a step.
pub(crate) fn step(azure: &mut Azure, name: &str, argument: &Value) -> Result<Value, ArmError> {
    let Some(id) = argument["id"].as_str().and_then(ResourceId::parse) else {
        return Ok(Value::Null);
    };
    match name {
        "zone" => zones::ready(azure, &id),
        "link" => links::ready(azure, &id),
        "link-gone" => links::gone(azure, &id),
        "failed" => {
            if let Some(document) = azure.store.get_mut(&id) {
                document.body["properties"]["provisioningState"] = json!("Failed");
            }
        }
        other => return Err(ArmError::new(500, "InternalServerError", format!("No step '{other}'."))),
    }
    Ok(Value::Null)
}

/// An answer as the service writes it: slashes escaped, the document's etag in its header too.
fn answer(status: u16, body: &Value) -> Response {
    // A slash stands in JSON only inside of texts.
    let response = Response::json(status, body).body(body.to_string().replace('/', "\\/"));
    match body["etag"].as_str() {
        Some(etag) => response.header("etag", etag),
        None => response,
    }
}

/// Holds `If-Match` and `If-None-Match` against what is there. (K: the words)
fn check_match(call: &Call, found: Option<&Document>) -> Result<(), ArmError> {
    let refused = |message: String| Err(ArmError::new(412, "PreconditionFailed", message));
    let header = |name: &str| call.headers.get(name).map(str::trim).filter(|v| !v.is_empty());
    let plain = |etag: &str| etag.trim_matches('"').to_owned();
    let current = found.map(|f| f.text("/etag"));
    if header("if-none-match") == Some("*") && current.is_some() {
        let id = call.id();
        return refused(format!(
            "The {} {} exists already and hence cannot be created again.",
            what(id),
            id.name()
        ));
    }
    match (header("if-match"), current) {
        (None, _) | (Some("*"), Some(_)) => Ok(()),
        (Some(wanted), Some(current)) if plain(wanted) == plain(current) => Ok(()),
        (Some(wanted), current) => refused(format!(
            "The condition '{wanted}' in the If-Match header was not satisfied. The current was '{}'.",
            current.unwrap_or("N/A")
        )),
    }
}

/// What a resource is called in errors.
fn what(id: &ResourceId) -> &'static str {
    match id.segments.len() {
        1 => "Zone",
        _ if id.is(LINK) => "virtual network link",
        _ => "record set",
    }
}

/// Refuses a change while another one runs on the resource. (K)
fn idle(azure: &Azure, id: &ResourceId) -> Result<(), ArmError> {
    match azure.running(id) {
        None => Ok(()),
        Some(_) => Err(ArmError::new(
            409,
            "AnotherOperationInProgress",
            format!("Another operation on the {} '{}' is in progress.", what(id), id.name()),
        )),
    }
}

/// Zones and links live in no region.
fn check_place(call: &Call, found: Option<&Document>) -> Result<(), ArmError> {
    let given = call.at("/location").as_str().unwrap_or_default();
    if given.eq_ignore_ascii_case(PLACE) || (given.is_empty() && found.is_some()) {
        return Ok(());
    }
    Err(match given.is_empty() {
        true => {
            ArmError::new(400, "LocationRequired", "The location property is required for this definition.")
        }
        false => ArmError::new(
            400,
            "LocationNotAvailableForResourceType",
            format!(
                "The provided location '{given}' is not available for resource type '{}'. List of available regions for the resource type is '{PLACE}'.",
                call.path.collection_type()
            ),
        ),
    })
}

/// Whether a version shows and reads a member that came with a later one.
fn since(api_version: &str, first: &str) -> bool {
    api_version >= first
}
