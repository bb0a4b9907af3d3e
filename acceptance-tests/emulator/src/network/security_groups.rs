//! Application security groups: names that endpoints' interfaces are put under.

use super::refusal;
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
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
        ("DELETE", Some(document)) => super::delete(azure, call, &document),
        (method, _) => Err(ArmError::method_not_allowed(method)),
    }
}

fn put(azure: &mut Azure, call: &Call, found: Option<Document>) -> Reply {
    BODY.check(&call.body, azure.strict)?;
    let id = call.id();
    refusal::check_name(id.name())?;
    refusal::busy(azure, id)?;
    let document = Document::new(id, super::begun(azure, call, found.as_ref(), super::GROUP));
    azure.store.put(document.clone());
    super::accept(azure, call, found.is_none(), &document.body)
}
