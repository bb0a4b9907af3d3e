//! The workspace's document: the tables' members, and the few that are more than one attribute.

use serde_json::{Value as Json, json};
use tfplugin::{Model, Value};

use crate::document::{self, Misfit, Misfits};
use crate::thing;
use crate::view;
use crate::workspace::identity;
use crate::workspace::model::Workspace;

/// The member that says whether the workspace is encrypted with a key of one's own.
const ENCRYPTION: &str = "properties.encryption";
/// The attribute for that key.
const KEY: &str = "customer_managed_key";

/// The body that creates what is planned.
pub(super) fn create_body(planned: &Value) -> Json {
    let mut body = thing::create_body(Workspace::FIELDS, planned);
    document::put(&mut body, "identity", identity::create_body(planned));
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
    let mut body = thing::patch_body(Workspace::FIELDS, prior, planned);
    if let Some(identity) = identity::patch_body(prior, planned) {
        document::put(body.get_or_insert_with(|| json!({})), "identity", identity);
    }
    body
}

/// The object that a document describes; tags are left as they were.
pub(super) fn read(document: &Json, prior: &Value, first: bool, misfits: &mut Misfits) -> Value {
    let mut object = document::read(Workspace::FIELDS, document, prior, first, misfits);
    identity::read(document, prior, &mut object, misfits);
    let enabled = document::get(document, &format!("{ENCRYPTION}.status"));
    if enabled.as_str().is_some_and(|status| status.eq_ignore_ascii_case("Disabled")) {
        // A workspace that was made with a key has it for good.
        let before = view::member(prior, &[KEY]);
        if matches!(before, Value::Object(_)) {
            misfits.note(KEY, Misfit::Missing);
        }
        let key = if before.is_unknown() { Value::Null } else { before.clone() };
        view::put(&mut object, &[KEY], key);
    }
    object
}
