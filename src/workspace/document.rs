//! The workspace's document: the tables' members, and the few that are more than one attribute.

use serde_json::{Value as Json, json};
use tfplugin::{Model, Value};

use crate::document::{self, Misfit, Misfits};
use crate::thing;
use crate::view;
use crate::workspace::identity::{self, Kind};
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
    keep_principal(prior, &mut object, misfits);
    let status = document::get(document, &format!("{ENCRYPTION}.status")).as_str().unwrap_or_default();
    if status.eq_ignore_ascii_case("Disabled") {
        // A workspace that was made with a key has it for good.
        let before = view::member(prior, &[KEY]);
        if matches!(before, Value::Object(_)) {
            misfits.note(KEY, Misfit::Missing);
        }
        let key = if before.is_unknown() { Value::Null } else { before.clone() };
        view::put(&mut object, &[KEY], key);
    } else if first && status.eq_ignore_ascii_case("Enabled") && view::is_null(&object, &[KEY]) {
        misfits.refuse(KEY, Misfit::Missing);
    }
    object
}

/// The system-assigned identity is the same as long as the type is, and role assignments refer to it: an answer without it is not
/// believed. It goes with a type that has none.
fn keep_principal(prior: &Value, object: &mut Value, misfits: &mut Misfits) {
    let kind = |object: &Value| view::text(object, &["identity", "type"]).and_then(Kind::read);
    if kind(object).is_none_or(|now| now == Kind::User || kind(prior) != Some(now)) {
        return;
    }
    for name in ["principal_id", "tenant_id"] {
        let path = ["identity", name];
        if let (true, Some(before)) = (view::is_null(object, &path), view::text(prior, &path)) {
            misfits.within("identity", |misfits| misfits.note(name, Misfit::Missing));
            view::put(object, &path, Value::from(before));
        }
    }
}
