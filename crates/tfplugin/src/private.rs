//! Private state: what a resource remembers beside its state, unseen by users. A JSON object on the wire.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

/// Names that begin so belong to this crate.
const RESERVED: char = '.';
/// Set by an import, gone after the first read.
const IMPORTED: &str = ".imported";

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
        self.0.get(name).cloned().and_then(|value| serde_json::from_value(value).ok())
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
