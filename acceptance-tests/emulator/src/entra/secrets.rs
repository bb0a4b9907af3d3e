//! Everything secret that the box has handed out or taken: what a test searches logs and states for.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::Value;

/// One secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Known {
    /// What it is: `access_token`, `client_secret`, `private_key`.
    pub kind: &'static str,
    /// The secret itself.
    pub value: String,
}

/// All secrets since the box was started; they stay when it is reset, for a token outlives that as well.
#[derive(Debug, Default)]
pub struct Secrets(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    known: Vec<Known>,
    // Signed URLs are long and many: whether one is known already is told by its hash.
    hashes: HashSet<u64>,
}

/// Members of answers that are secret wherever they stand.
const MEMBERS: &[&str] = &[
    "accessToken",
    "access_token",
    "password",
    "primaryAccessKey",
    "primaryKey",
    "primarySharedKey",
    "refresh_token",
    "secondaryAccessKey",
    "secondaryKey",
    "secondarySharedKey",
    "userStorageKey",
];

/// Lists in answers whose elements have their secret as `value`.
const LISTS: &[&str] = &["keys", "passwords"];

/// Parameters of signed URLs that make up the signature.
const SIGNED: &[&str] = &["c", "s", "h", "sig"];

impl Secrets {
    /// Remembers a secret.
    pub fn add(&self, kind: &'static str, value: &str) {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        let mut inner = self.lock();
        if !value.is_empty() && inner.hashes.insert(hasher.finish()) {
            inner.known.push(Known { kind, value: value.to_owned() });
        }
    }

    /// Remembers what is secret in the body of an answer.
    pub fn add_members(&self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    if let Some(text) = member.as_str().filter(|_| MEMBERS.contains(&name.as_str())) {
                        self.add("key", text);
                    }
                    let listed = member.as_array().filter(|_| LISTS.contains(&name.as_str()));
                    for text in listed.into_iter().flatten().filter_map(|e| e["value"].as_str()) {
                        self.add("key", text);
                    }
                    self.add_members(member);
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.add_members(element)),
            _ => {}
        }
    }

    /// Remembers the signature in a URL.
    pub fn add_signature(&self, url: &str) {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
            // A short one is no secret, and would be found everywhere.
            if SIGNED.contains(&name) && value.len() >= 16 {
                self.add("signature", value);
            }
        }
    }

    /// All of them, oldest first.
    pub fn all(&self) -> Vec<Known> {
        self.lock().known.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_of_answers_and_urls_are_found_once() {
        let secrets = Secrets::default();
        for _ in 0..2 {
            secrets.add_members(&json!({
                "keys": [{"keyName": "key1", "value": "one"}],
                "a": [{"primaryKey": "two", "value": "open"}],
                "name": "open",
            }));
            secrets.add_signature("https://x/y?api-version=1&t=1&h=0123456789abcdef0");
        }
        let values: Vec<String> = secrets.all().into_iter().map(|known| known.value).collect();
        assert_eq!(values, ["one", "two", "0123456789abcdef0"]);
    }
}
