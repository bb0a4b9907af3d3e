//! Application security groups: names that endpoints' interfaces are put under.

use serde_json::json;

use super::{etag, refusal};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::location;
use crate::operation::{Effect, Outcome, Start, Style};
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
    ("properties", Shape::Object(&[("resourceGuid", Shape::Text), ("provisioningState", Shape::Text)])),
]);

/// Answers requests for one group.
pub(super) fn one(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id();
    let found = azure.store.get(id).cloned();
    match (call.method.as_str(), found) {
        ("PUT", found) => put(azure, call, found),
        ("DELETE", None) => Ok(Response::empty(204)),
        (_, None) => Err(ArmError::resource_not_found(id)),
        ("GET", Some(document)) => Ok(super::answer(200, &document.body)),
        ("PATCH", Some(document)) => super::patch_tags(azure, call, document),
        ("DELETE", Some(document)) => {
            refusal::busy(azure, id)?;
            let start = Start::new(Style::NetworkDelete, id, document.text("/location"))
                .then(Effect::Remove { id: id.to_string() })
                .outcome(Outcome::Empty);
            Ok(azure.begin(call, start, Response::empty(202)))
        }
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

fn put(azure: &mut Azure, call: &Call, found: Option<Document>) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let id = call.id();
    refusal::check_name(id.name())?;
    refusal::busy(azure, id)?;
    let guid = found.as_ref().map(|d| d.at("/properties/resourceGuid").clone()).filter(|g| !g.is_null());
    let mut body = json!({
        "name": id.name(),
        "id": id.to_string(),
        "etag": etag(azure),
        "type": super::GROUP,
        "location": location::canonical(call.at("/location").as_str().unwrap_or_default()),
    });
    if call.at("/tags").is_object() {
        body["tags"] = call.at("/tags").clone();
    }
    body["properties"] = json!({
        "provisioningState": "Updating",
        "resourceGuid": guid.unwrap_or_else(|| json!(azure.guid())),
    });
    let document = Document::new(id, body);
    azure.store.put(document.clone());
    let merge = |word: &str| Effect::Merge {
        id: id.to_string(),
        patch: json!({ "properties": { "provisioningState": word } }),
    };
    let start = Start::new(Style::Network, id, document.text("/location"))
        .then(merge("Succeeded"))
        .on_failure(merge("Failed"));
    let accepted = super::answer(if found.is_some() { 200 } else { 201 }, &document.body);
    Ok(azure.begin(call, start, accepted))
}
