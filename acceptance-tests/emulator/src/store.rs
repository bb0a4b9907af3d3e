//! The documents of the box: every resource by its ID, what is soft-deleted, and what a service knows beside them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::ResourceId;

/// One resource as it is answered, and what the service keeps to itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Document {
    /// The ID in the spelling of its creation.
    pub id: String,
    /// The body that a GET answers.
    pub body: Value,
    /// Keys and other things that no GET shows.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub hidden: Value,
}

impl Document {
    /// A document with nothing hidden.
    pub fn new(id: &ResourceId, body: Value) -> Self {
        Self { id: id.to_string(), body, hidden: Value::Null }
    }

    /// The value at a JSON pointer, null when absent.
    pub fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The text at a JSON pointer, empty when absent.
    pub fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_default()
    }
}

/// All documents. Keys are lower-cased IDs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Store {
    live: BTreeMap<String, Document>,
    deleted: BTreeMap<String, Document>,
    #[serde(skip)]
    version: u64,
}

impl Store {
    /// Grows with every change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Notes a change beside the documents, so that it is persisted too.
    pub fn touch(&mut self) {
        self.version += 1;
    }

    /// Takes the place of another store, so that its file sees the change.
    pub fn succeed(&mut self, other: &Self) {
        self.version = other.version + 1;
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.version += 1;
        self.live.clear();
        self.deleted.clear();
    }

    /// The document of an ID.
    pub fn get(&self, id: &ResourceId) -> Option<&Document> {
        self.live.get(&id.key())
    }

    /// The document of an ID given as text, in any casing.
    pub fn find(&self, id: &str) -> Option<&Document> {
        self.live.get(id.trim_end_matches('/').to_lowercase().as_str())
    }

    /// The document of an ID, to change.
    pub fn get_mut(&mut self, id: &ResourceId) -> Option<&mut Document> {
        self.find_mut(&id.key())
    }

    /// The document of an ID given as text, to change.
    pub fn find_mut(&mut self, id: &str) -> Option<&mut Document> {
        self.version += 1;
        self.live.get_mut(id.to_lowercase().as_str())
    }

    /// Adds or replaces a document.
    pub fn put(&mut self, document: Document) {
        self.version += 1;
        self.live.insert(document.id.to_lowercase(), document);
    }

    /// Removes a document and all below it.
    pub fn remove(&mut self, id: &str) -> Option<Document> {
        self.version += 1;
        let key = id.to_lowercase();
        let below = format!("{key}/");
        self.live.retain(|k, _| !k.starts_with(&below));
        self.live.remove(&key)
    }

    /// Every document in the order of IDs.
    pub fn iter(&self) -> impl Iterator<Item = &Document> {
        self.live.values()
    }

    /// The documents of a full type under a scope (a subscription, a group, a parent), in the order of IDs.
    pub fn list(&self, scope: &ResourceId, resource_type: &str) -> Vec<&Document> {
        let below = format!("{}/", scope.key());
        self.live
            .iter()
            .filter(|(key, _)| key.starts_with(&below))
            .map(|(_, document)| document)
            .filter(|d| ResourceId::parse(&d.id).is_some_and(|id| id.is(resource_type)))
            .collect()
    }

    /// Takes a document out of the live ones and keeps it as soft-deleted.
    pub fn bury(&mut self, id: &ResourceId) -> Option<&mut Document> {
        let document = self.remove(&id.key())?;
        Some(self.deleted.entry(id.key()).insert_entry(document).into_mut())
    }

    /// A soft-deleted document.
    pub fn tombstone(&self, id: &ResourceId) -> Option<&Document> {
        self.deleted.get(&id.key())
    }

    /// All soft-deleted documents.
    pub fn tombstones(&self) -> impl Iterator<Item = &Document> {
        self.deleted.values()
    }

    /// Forgets a soft-deleted document; it is returned for whoever recovers it.
    pub fn purge(&mut self, id: &ResourceId) -> Option<Document> {
        self.version += 1;
        self.deleted.remove(&id.key())
    }
}

/// Applies a JSON merge patch (RFC 7396): null removes, objects merge, all else replaces.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(object) = target {
        for (name, value) in patch {
            if value.is_null() {
                object.shift_remove(name);
            } else {
                merge(object.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
    }
}
