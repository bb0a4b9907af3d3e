//! Management groups, and the associations of the root one with a private link of Resource Manager.

use serde_json::{Value, json};

use super::{LINK, VERSIONS};
use crate::azure::{Azure, TENANT_ID};
use crate::error::ArmError;
use crate::http::Response;
use crate::id::ResourceId;
use crate::service::{Call, Reply};
use crate::shape::Shape;
use crate::store::Document;

const GROUPS: &str = "/providers/Microsoft.Management/managementGroups";
const ASSOCIATION: &str = "Microsoft.Authorization/privateLinkAssociations";

/// Versions of management groups.
const GROUP_VERSIONS: &[&str] = &["2023-04-01", "2021-04-01", "2020-05-01", "2020-02-01"];

const BODY: Shape = Shape::Object(&[(
    "properties",
    Shape::Object(&[
        ("privateLink", Shape::Text),
        ("publicNetworkAccess", Shape::OneOf(&["Enabled", "Disabled"])),
    ]),
)]);

/// Answers a request below management groups; none when it is for something else.
pub(crate) fn answer(azure: &mut Azure, call: &Call, path: &str) -> Option<Reply> {
    let words: Vec<&str> = path.split('/').filter(|w| !w.is_empty()).collect();
    let is = |at: usize, word: &str| words.get(at).is_some_and(|w| w.eq_ignore_ascii_case(word));
    if !(is(0, "providers") && is(1, "Microsoft.Management") && is(2, "managementGroups")) {
        return None;
    }
    let below = is(4, "providers") && is(5, "Microsoft.Authorization") && is(6, "privateLinkAssociations");
    Some(match words.as_slice() {
        [_, _, _] | [_, _, _, _] => group(azure, call, words.get(3).copied()),
        [_, _, _, group, _, _, _, rest @ ..] if below && rest.len() < 2 => {
            association(azure, call, group, rest.first().copied())
        }
        _ => Err(ArmError::new(404, "NotFound", format!("No route to '{path}'."))),
    })
}

fn check_version(call: &Call, versions: &[&str], kind: &str) -> Result<(), ArmError> {
    match versions.contains(&call.api_version.as_str()) {
        true => Ok(()),
        false => Err(ArmError::new(
            404,
            "InvalidResourceType",
            format!(
                "The resource type '{kind}' could not be found for api version '{}'. The supported api-versions are '{}'.",
                call.api_version,
                versions.join(",")
            ),
        )),
    }
}

/// Refuses whoever has no rights at the root.
fn allowed(azure: &Azure, action: &str, scope: &str) -> Result<(), ArmError> {
    match azure.settings.root_access {
        true => Ok(()),
        false => Err(azure.no_right(action, scope)),
    }
}

/// Answers reads of management groups: the list, or one.
fn group(azure: &Azure, call: &Call, name: Option<&str>) -> Reply {
    if call.method != "GET" {
        return Err(ArmError::method_not_allowed(&call.method));
    }
    check_version(call, GROUP_VERSIONS, "managementGroups")?;
    let root = json!({
        "id": format!("{GROUPS}/{TENANT_ID}"),
        "type": "Microsoft.Management/managementGroups",
        "name": TENANT_ID,
        "properties": { "tenantId": TENANT_ID, "displayName": "Tenant Root Group" },
    });
    match name {
        // Whoever may read none sees an empty list.
        None if !azure.settings.root_access => Ok(Response::json(200, &json!({ "value": [] }))),
        None => Ok(Response::json(200, &json!({ "value": [root] }))),
        Some(name) => {
            let scope = format!("{GROUPS}/{name}");
            allowed(azure, "Microsoft.Management/managementGroups/read", &scope)?;
            match name.eq_ignore_ascii_case(TENANT_ID) {
                true => Ok(Response::json(200, &root)),
                // One that is not there cannot be told from one that nobody may see.
                false => Err(azure.no_right("Microsoft.Management/managementGroups/read", &scope)),
            }
        }
    }
}

/// Answers requests about associations. There is no reading of a single one, only the list.
fn association(azure: &mut Azure, call: &Call, group: &str, name: Option<&str>) -> Reply {
    check_version(call, VERSIONS, "privateLinkAssociations")?;
    let scope = format!("{GROUPS}/{group}");
    let verb = match call.method.as_str() {
        "GET" => "read",
        "DELETE" => "delete",
        _ => "write",
    };
    let id = name.map(|name| format!("{scope}/providers/{ASSOCIATION}/{name}"));
    allowed(azure, &format!("{ASSOCIATION}/{verb}"), id.as_deref().unwrap_or(&scope))?;
    if !group.eq_ignore_ascii_case(TENANT_ID) {
        // (K: the words) Only the root can have one.
        return Err(ArmError::new(
            400,
            "InvalidScope",
            format!(
                "The scope '{scope}' is not supported: private link associations are made at the root management group '{GROUPS}/{TENANT_ID}'."
            ),
        ));
    }
    match (call.method.as_str(), name, id) {
        ("GET", None, _) => {
            let found: Vec<&Value> = all(azure).map(|d| &d.body).collect();
            Ok(Response::json(200, &json!({ "value": found })))
        }
        ("PUT", Some(name), Some(id)) => put(azure, call, name, &id),
        ("DELETE", Some(_), Some(id)) => match azure.store.remove(&id) {
            Some(_) => Ok(Response::empty(200)),
            None => Ok(Response::empty(204)),
        },
        (method, ..) => Err(ArmError::method_not_allowed(method)),
    }
}

fn all(azure: &Azure) -> impl Iterator<Item = &Document> {
    azure.store.iter().filter(|d| d.text("/type") == ASSOCIATION)
}

/// The name of an association that uses a link.
pub(super) fn user_of(azure: &Azure, link: &ResourceId) -> Option<String> {
    let key = link.key();
    let mut users = all(azure).filter(|d| d.text("/properties/privateLink").to_lowercase() == key);
    users.next().map(|d| d.text("/name").to_owned())
}

/// The refusals are (K).
fn put(azure: &mut Azure, call: &Call, name: &str, id: &str) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    if uuid::Uuid::try_parse(name).is_err() {
        return Err(ArmError::bad_request(format!(
            "The private link association name '{name}' must be a GUID."
        )));
    }
    let link = call.at("/properties/privateLink").as_str().unwrap_or_default();
    let found = ResourceId::parse(link).filter(|l| l.is(LINK));
    if found.and_then(|l| azure.store.get(&l)).is_none() {
        return Err(ArmError::bad_request(format!(
            "The private link '{link}' was not found. It must be the ID of a resource of type '{LINK}'."
        )));
    }
    let Some(access) = call.at("/properties/publicNetworkAccess").as_str() else {
        return Err(ArmError::bad_request("publicNetworkAccess is required: Enabled or Disabled."));
    };
    let access = if access.eq_ignore_ascii_case("Disabled") { "Disabled" } else { "Enabled" };
    let is_new = azure.store.find(id).is_none();
    let body = json!({
        "id": id,
        "name": name,
        "type": ASSOCIATION,
        "properties": {
            "privateLink": link,
            "publicNetworkAccess": access,
            "tenantID": TENANT_ID,
            "scope": format!("{GROUPS}/{TENANT_ID}"),
        },
    });
    azure.store.put(Document { id: id.to_owned(), body: body.clone(), hidden: Value::Null });
    Ok(Response::json(if is_new { 201 } else { 200 }, &body))
}
