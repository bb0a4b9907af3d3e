//! Resource groups, and the generic lists of resources.

use serde_json::{Value, json};

use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::location;
use crate::operation::{Effect, Outcome, Start, Style};
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

const BODY: Shape = Shape::Object(&[
    ("id", Shape::Text),
    ("name", Shape::Text),
    ("type", Shape::Text),
    ("location", Shape::Text),
    ("managedBy", Shape::Text),
    ("tags", Shape::Map(&Shape::Text)),
    ("properties", Shape::Object(&[("provisioningState", Shape::Text)])),
]);

/// Resources in one page of the generic list. (K)
const PAGE: usize = 100;

/// Answers the list of a subscription's groups.
pub fn list(azure: &mut Azure, call: &Call) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    let below = format!("{}/", call.id().key());
    let groups: Vec<&Value> = azure
        .store
        .iter()
        .filter(|d| d.id.to_lowercase().starts_with(&below) && is_group(&d.id))
        .map(|d| &d.body)
        .collect();
    Ok(Response::json(200, &json!({ "value": groups })))
}

/// Answers requests for one group.
pub fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let found = azure.store.get(id).cloned();
    match call.method.as_str() {
        "HEAD" => Ok(Response::empty(if found.is_some() { 204 } else { 404 })),
        "PUT" => put(azure, call, found),
        _ => {
            let document = found.ok_or_else(|| ArmError::group_not_found(id.group_name()))?;
            match call.method.as_str() {
                "GET" => {
                    azure.count_read(id);
                    Ok(Response::json(200, &document.body))
                }
                "PATCH" => patch(azure, call, document),
                "DELETE" => delete(azure, call),
                method => Err(ArmError::method_not_allowed(method)),
            }
        }
    }
}

fn put(azure: &mut Azure, call: &Call, found: Option<Document>) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let name = call.id().group_name().to_owned();
    let good = |c: char| c.is_alphanumeric() || "-_.()".contains(c);
    if name.chars().count() > 90 || name.ends_with('.') || !name.chars().all(good) {
        return Err(ArmError::new(
            400,
            "InvalidResourceGroup",
            format!(
                "The provided resource group name '{name}' has these invalid characters or is too long. The name can only be a letter, digit, '-', '.', '(', ')' or '_', and must not end with a period."
            ),
        ));
    }
    let place = call.at("/location").as_str().unwrap_or_default();
    if place.is_empty() {
        return Err(ArmError::new(
            400,
            "LocationRequired",
            "The location property is required for this definition.",
        ));
    }
    if !location::is_known(place) {
        return Err(ArmError::new(
            400,
            "LocationNotAvailableForResourceGroup",
            format!("The provided location '{place}' is not available for resource group."),
        ));
    }
    let place = location::canonical(place);
    if let Some(found) = &found {
        let lives = found.text("/location");
        if lives != place {
            return Err(ArmError::new(
                409,
                "InvalidResourceGroupLocation",
                format!(
                    "Invalid resource group location '{place}'. The Resource group already exists in location '{lives}'."
                ),
            ));
        }
        if found.text("/properties/provisioningState") == "Deleting" {
            return Err(ArmError::new(
                409,
                "ResourceGroupBeingDeleted",
                format!(
                    "The resource group '{name}' is in deprovisioning state and cannot perform this operation."
                ),
            ));
        }
    }
    let owner = call.at("/managedBy").as_str();
    if let Some(found) = &found {
        keeps_its_manager(found, owner)?;
    }
    let id = found.as_ref().map_or_else(|| call.id().to_string(), |d| d.id.clone());
    let name = id.rsplit('/').next().unwrap_or_default().to_owned();
    let mut body = json!({
        "id": id, "name": name, "type": "Microsoft.Resources/resourceGroups", "location": place,
    });
    if call.body.get("tags").is_some_and(Value::is_object) {
        body["tags"] = call.body["tags"].clone();
    }
    if let Some(owner) = owner {
        body["managedBy"] = json!(owner);
    }
    body["properties"] = json!({"provisioningState": "Succeeded"});
    azure.store.put(Document { id, body: body.clone(), hidden: Value::Null });
    Ok(Response::json(if found.is_some() { 200 } else { 201 }, &body))
}

/// Who manages a group is decided when it is made. A PUT that leaves the manager out would take it away, and is refused as well;
/// the code and the words are those of azure-sdk-for-go issue 18885 and azurerm pull request 33339.
fn keeps_its_manager(found: &Document, owner: Option<&str>) -> Result<(), ArmError> {
    let current = found.at("/managedBy").as_str();
    if current.map(str::to_lowercase) == owner.map(str::to_lowercase) {
        return Ok(());
    }
    Err(ArmError::new(
        400,
        "ResourceGroupManagedByMismatch",
        format!(
            "The managed by property of the resource group cannot be changed from its current value '{}'.",
            current.unwrap_or("<null>")
        ),
    ))
}

/// What a PATCH leaves out stays.
fn patch(azure: &mut Azure, call: &Call, mut document: Document) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    if call.body.get("managedBy").is_some() {
        keeps_its_manager(&document, call.at("/managedBy").as_str())?;
    }
    if call.body.get("tags").is_some() {
        document.body["tags"] = call.body["tags"].clone();
    }
    azure.store.put(document.clone());
    Ok(Response::json(200, &document.body))
}

fn delete(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let place = azure.store.get(id).map(|d| d.text("/location").to_owned()).unwrap_or_default();
    if let Some(document) = azure.store.get_mut(id) {
        document.body["properties"]["provisioningState"] = json!("Deleting");
    }
    let start = Start::new(Style::Location, id, &place)
        .then(Effect::RemoveGroup { id: id.to_string() })
        .outcome(Outcome::Empty);
    Ok(azure.begin(call, start, Response::empty(202)))
}

/// Answers the generic list of resources of a subscription or group, a page at a time.
pub fn resources(azure: &mut Azure, call: &Call) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    if let Some(group) = &call.id().group {
        azure.store.get(&call.id().group_id()).ok_or_else(|| ArmError::group_not_found(group))?;
    }
    let wanted = call.parameter("$filter").and_then(wanted_type);
    let below = format!("{}/", call.id().key());
    let skip: usize = match call.parameter("$skiptoken") {
        Some(token) => token.parse().map_err(|_| {
            ArmError::new(400, "InvalidSkipToken", format!("The skip token '{token}' is invalid."))
        })?,
        None => 0,
    };
    let mut found: Vec<Value> = azure
        .store
        .iter()
        .filter(|d| d.id.to_lowercase().starts_with(&below) && !is_group(&d.id))
        .filter(|d| ResourceId::parse(&d.id).is_some_and(|id| id.segments.len() == 1))
        .filter(|d| wanted.as_ref().is_none_or(|w| d.text("/type").eq_ignore_ascii_case(w)))
        .skip(skip)
        .take(PAGE + 1)
        .map(brief)
        .collect();
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let mut body = json!({ "value": found });
    if more {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let others = call.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken"));
        query.extend_pairs(others).append_pair("$skiptoken", &(skip + PAGE).to_string());
        body["nextLink"] = json!(format!("{}{}/resources?{}", azure.base_url, call.id(), query.finish()));
    }
    Ok(Response::json(200, &body))
}

/// The type in a filter of the form `resourceType eq 'Microsoft.X/y'`.
fn wanted_type(filter: &str) -> Option<String> {
    let rest = filter.trim().strip_prefix("resourceType eq '")?;
    Some(rest.strip_suffix('\'')?.to_owned())
}

fn brief(document: &Document) -> Value {
    let mut brief = json!({});
    for name in ["id", "name", "type", "kind", "location", "identity", "sku", "tags"] {
        if let Some(value) = document.body.get(name).filter(|v| !v.is_null()) {
            brief[name] = value.clone();
        }
    }
    brief
}

fn is_group(id: &str) -> bool {
    ResourceId::parse(id).is_some_and(|id| id.group.is_some() && id.namespace.is_none())
}
