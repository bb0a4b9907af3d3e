//! Private state: what a resource remembers beside its state, unseen by users. A JSON object on the wire.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::codec;
use crate::ty::Type;
use crate::value::Value;

/// Names that begin so belong to this crate.
const RESERVED: char = '.';
/// Set by an import, gone after the first read.
const IMPORTED: &str = ".imported";
/// The object that a replacement takes the place of, from its first plan to its second.
const PREDECESSOR: &str = ".predecessor";

/// What a resource remembers. Nothing secret belongs here: it stands in the state in clear text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Private(Map<String, Json>);

impl Private {
    /// Reads what the CLI has stored. What is no JSON object, of another provider or an earlier life of this one, is
    /// as good as nothing.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Self {
        Self(serde_json::from_slice(bytes).unwrap_or_default())
    }

    /// What the CLI stores. Nothing remembered is no bytes at all.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        if self.0.is_empty() { Vec::new() } else { serde_json::to_vec(&self.0).unwrap_or_default() }
    }

    /// What is remembered under this name, if it is of this type.
    #[must_use]
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let value = self.0.get(name).filter(|_| !name.starts_with(RESERVED));
        value.cloned().and_then(|value| serde_json::from_value(value).ok())
    }

    /// Remembers something under this name.
    ///
    /// # Errors
    /// When it has no JSON form, or the name begins with a dot: such names are this crate's own.
    pub fn set<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), PrivateError> {
        if name.starts_with(RESERVED) {
            return Err(PrivateError::Reserved(name.to_owned()));
        }
        self.0.insert(name.to_owned(), serde_json::to_value(value)?);
        Ok(())
    }

    /// Forgets what is remembered under this name.
    pub fn remove(&mut self, name: &str) {
        if !name.starts_with(RESERVED) {
            self.0.remove(name);
        }
    }

    /// Whether the resource was imported and not yet read.
    #[must_use]
    pub(crate) fn imported(&self) -> bool {
        self.0.contains_key(IMPORTED)
    }

    /// Hands an object on to the plan of what may take its place. As text, for the numbers of a JSON document here would
    /// lose digits.
    pub(crate) fn set_predecessor(&mut self, object: &Value, ty: &Type) {
        self.0.remove(PREDECESSOR);
        let text = codec::json::encode(object, ty).ok().and_then(|json| String::from_utf8(json).ok());
        if let Some(text) = text {
            self.0.insert(PREDECESSOR.to_owned(), Json::String(text));
        }
    }

    /// Takes out the object that was handed on. It must never come into a state.
    pub(crate) fn take_predecessor(&mut self, ty: &Type) -> Option<Value> {
        let text = self.0.remove(PREDECESSOR)?;
        codec::json::decode(text.as_str()?.as_bytes(), ty).ok().filter(|object| !object.is_null())
    }

    pub(crate) fn set_imported(&mut self, imported: bool) {
        if imported {
            self.0.insert(IMPORTED.to_owned(), Json::Bool(true));
        } else {
            self.0.remove(IMPORTED);
        }
    }
}

/// Why something cannot be remembered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrivateError {
    /// The name is this crate's own.
    #[error("private state cannot hold {0:?}: names that begin with a dot are reserved")]
    Reserved(String),
    /// The value has no JSON form.
    #[error("private state holds JSON only")]
    Json(#[from] serde_json::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_across_the_wire() {
        let mut private = Private::default();
        assert!(private.encode().is_empty());
        private.set("etag", &"7").unwrap();
        private.set_imported(true);
        let again = Private::decode(&private.encode());
        assert_eq!(again.get::<String>("etag").as_deref(), Some("7"));
        assert_eq!(again.get::<u32>("etag"), None);
        assert!(again.imported());
    }

    #[test]
    fn an_object_is_handed_on_once() {
        let ty = Type::object([("name", Type::String), ("size", Type::Number)]);
        let object = Value::object([("name", "a".into()), ("size", Value::from(9_007_199_254_740_993_i64))]);
        let mut private = Private::default();
        private.set_predecessor(&object, &ty);
        let mut again = Private::decode(&private.encode());
        assert_eq!(again.get::<String>(PREDECESSOR), None, "no resource sees it");
        assert_eq!(again.take_predecessor(&ty), Some(object));
        assert_eq!((again.take_predecessor(&ty), again), (None, Private::default()));
    }

    #[test]
    fn what_others_left_is_nothing() {
        for bytes in [&b""[..], b"\xff\x00", b"[1]", b"null"] {
            assert_eq!(Private::decode(bytes), Private::default());
        }
    }

    #[test]
    fn reserved_names_are_refused() {
        let mut private = Private::default();
        assert_eq!(
            private.set(".imported", &true).unwrap_err().to_string(),
            "private state cannot hold \".imported\": names that begin with a dot are reserved"
        );
        private.set_imported(true);
        private.remove(".imported");
        assert!(private.imported());
    }
}
