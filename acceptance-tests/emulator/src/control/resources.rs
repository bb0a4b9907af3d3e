//! Resources as tests read and change them behind the back of every client.

use serde_json::{Value, json};

use super::{Refusal, not_found};
use crate::azure::Azure;
use crate::id::ResourceId;
use crate::store::{Document, merge};

/// Every resource by ID. What a GET does not show is under `hidden`.
pub(super) fn dump(azure: &Azure) -> Value {
    documents(azure.store.iter())
}

/// Every soft-deleted resource by ID.
pub(super) fn dump_deleted(azure: &Azure) -> Value {
    documents(azure.store.tombstones())
}

fn documents<'a>(all: impl Iterator<Item = &'a Document>) -> Value {
    Value::Object(all.map(|d| (d.id.clone(), show(d))).collect())
}

fn show(document: &Document) -> Value {
    let mut body = document.body.clone();
    if !document.hidden.is_null() {
        body["hidden"] = document.hidden.clone();
    }
    body
}

pub(super) fn read(azure: &Azure, id: &str) -> Result<Value, Refusal> {
    azure.store.find(id).map(show).ok_or_else(|| not_found("such resource"))
}

/// Puts a document there; ID, name and type are filled in.
pub(super) fn put(azure: &mut Azure, id: &str, body: &Value) -> Result<Value, Refusal> {
    let id = ResourceId::parse(id).ok_or((400, format!("'{id}' is no resource ID")))?;
    let mut whole = json!({ "id": id.to_string(), "name": id.name(), "type": id.resource_type() });
    if id.namespace.is_none() {
        whole["type"] = json!("Microsoft.Resources/resourceGroups");
    }
    merge(&mut whole, body);
    let hidden = whole.as_object_mut().and_then(|o| o.shift_remove("hidden")).unwrap_or_default();
    azure.store.put(Document { id: id.to_string(), body: whole, hidden });
    read(azure, &id.to_string())
}

/// Applies a merge patch to a document.
pub(super) fn patch(azure: &mut Azure, id: &str, patch: &Value) -> Result<Value, Refusal> {
    let document = azure.store.find_mut(id).ok_or_else(|| not_found("such resource"))?;
    let mut patch = patch.clone();
    if let Some(hidden) = patch.as_object_mut().and_then(|o| o.shift_remove("hidden")) {
        merge(&mut document.hidden, &hidden);
    }
    merge(&mut document.body, &patch);
    read(azure, id)
}

/// Removes a document and all below it; a soft-deleted one of that ID too.
pub(super) fn delete(azure: &mut Azure, id: &str) -> Result<Value, Refusal> {
    let live = azure.store.remove(id).is_some();
    let dead = ResourceId::parse(id).is_some_and(|id| azure.store.purge(&id).is_some());
    if live || dead { Ok(Value::Null) } else { Err(not_found("such resource")) }
}
