//! The workspace's document: the tables' members, and the few that are more than one attribute.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use tfplugin::{Model, Value};

use crate::document;
use crate::tags::Tags;
use crate::view;
use crate::workspace::identity;
use crate::workspace::model::Workspace;

/// The member that holds the tags.
const TAGS: &str = "tags";
/// The member that says whether the workspace is encrypted with a key of one's own.
const ENCRYPTION: &str = "properties.encryption";

/// The body that creates what is planned, in a location.
pub(super) fn create_body(planned: &Value, location: &str) -> Json {
    let mut body = document::create_body(Workspace::FIELDS, planned);
    document::put(&mut body, "location", Json::from(location));
    document::put(&mut body, "identity", identity::create_body(planned));
    let tags = tags(view::member(planned, &["tags_all"]));
    if !tags.is_empty() {
        document::put(&mut body, TAGS, json!(tags));
    }
    if document::get(&body, ENCRYPTION).is_object() {
        document::put(&mut body, &format!("{ENCRYPTION}.status"), json!("Enabled"));
    }
    // The service wants the member even where there is nothing in it.
    if document::get(&body, "properties").is_null() {
        document::put(&mut body, "properties", json!({}));
    }
    body
}

/// The body that makes `prior` what is planned; nothing where Azure has nothing to change.
pub(super) fn patch_body(prior: &Value, planned: &Value) -> Option<Json> {
    let mut body = document::patch_body(Workspace::FIELDS, prior, planned).unwrap_or_else(|| json!({}));
    if let Some(identity) = identity::patch_body(prior, planned) {
        document::put(&mut body, "identity", identity);
    }
    let (old, new) = (view::member(prior, &["tags_all"]), view::member(planned, &["tags_all"]));
    if old != new && new.is_wholly_known() {
        document::put(&mut body, TAGS, json!(tags(new)));
    }
    body.as_object().is_some_and(|members| !members.is_empty()).then_some(body)
}

/// The object that a document describes; tags are left as they were.
pub(super) fn read(document: &Json, prior: &Value, first: bool) -> Value {
    let mut object = document::read(Workspace::FIELDS, document, prior, first);
    identity::read(document, prior, &mut object);
    let enabled = document::get(document, &format!("{ENCRYPTION}.status"));
    if enabled.as_str().is_some_and(|status| status.eq_ignore_ascii_case("Disabled")) {
        view::put(&mut object, &["customer_managed_key"], Value::Null);
    }
    object
}

/// Whether a document is that of a workspace which is being deleted.
pub(super) fn is_deleting(document: &Json) -> bool {
    provisioning_state(document).eq_ignore_ascii_case("Deleting")
}

/// How far the service is with the workspace.
pub(super) fn provisioning_state(document: &Json) -> &str {
    document::get(document, "properties.provisioningState").as_str().unwrap_or_default()
}

/// The tags in a document.
pub(super) fn remote_tags(document: &Json) -> Tags {
    let members = document::get(document, TAGS).as_object();
    let text = |value: &Json| value.as_str().map(str::to_owned);
    members
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), text(value).unwrap_or_default()))
        .collect()
}

/// The tags in a value; none while it is unknown.
pub(super) fn tags(value: &Value) -> Tags {
    let empty = BTreeMap::new();
    let entries = value.entries().unwrap_or(&empty);
    entries.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}
