//! The whole box behind one lock: documents, operations, registrations and settings. Requests change it one at a time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::entra::Caller;
use crate::governance::Governance;
use crate::operation::{Fate, Operation};
use crate::providers::Registration;
use crate::settings::Settings;
use crate::store::Store;

/// The tenant of the box.
pub const TENANT_ID: &str = "00000000-0000-0000-0000-0000000000aa";

/// The application that signs in.
pub const CLIENT_ID: &str = "00000000-0000-0000-0000-0000000000c1";

/// Everything the box knows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Azure {
    /// Documents.
    pub store: Store,
    /// Operations, ended ones included.
    pub operations: Vec<Operation>,
    /// Registration of namespaces by subscription and lower-cased namespace, where it differs from registered.
    pub registrations: BTreeMap<String, Registration>,
    /// Locks, policies and missing rights.
    #[serde(default)]
    pub governance: Governance,
    /// What a test can set.
    #[serde(skip)]
    pub settings: Settings,
    /// Whether unknown members are refused.
    #[serde(skip)]
    pub strict: bool,
    /// Scheme, host and port of URLs in answers.
    #[serde(skip)]
    pub base_url: String,
    /// What becomes of the next operation that begins.
    #[serde(skip)]
    pub next_fate: Fate,
    /// Whether a request for an endpoint of the same subnet came before the one that is being answered, and waits too.
    #[serde(skip)]
    pub is_behind: bool,
    /// Who sends the request that is being answered.
    #[serde(skip)]
    pub caller: Caller,
}

impl Azure {
    /// An empty box.
    pub fn new(strict: bool) -> Self {
        Self { strict, base_url: "https://localhost".to_owned(), ..Self::default() }
    }

    /// The current time as the services write it.
    pub fn now(&self) -> String {
        jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%7fZ").to_string()
    }

    /// A `systemData` member: the creation kept from an earlier one, the modification now.
    pub fn system_data(&self, earlier: Option<&Value>) -> Value {
        let now = self.now();
        let (who, kind) = self.caller.signature();
        let mut data = json!({
            "createdAt": now,
            "createdBy": who,
            "createdByType": kind,
            "lastModifiedAt": now,
            "lastModifiedBy": who,
            "lastModifiedByType": kind,
        });
        for name in ["createdAt", "createdBy", "createdByType"] {
            if let Some(value) = earlier.and_then(|e| e.get(name)).filter(|v| !v.is_null()) {
                data[name] = value.clone();
            }
        }
        data
    }

    /// A new GUID as text.
    pub fn guid(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }

    /// A new secret key in base64, of this many bytes.
    pub fn secret_key(&self, bytes: usize) -> String {
        use base64::Engine;
        let mut raw = Vec::new();
        while raw.len() < bytes {
            raw.extend_from_slice(uuid::Uuid::new_v4().as_bytes());
        }
        raw.truncate(bytes);
        base64::engine::general_purpose::STANDARD.encode(raw)
    }
}

impl Azure {
    /// Empties the box; only what its start has fixed stays.
    pub fn clear(&mut self) {
        // The version goes on, so that a state file sees the change.
        let mut store = std::mem::take(&mut self.store);
        store.clear();
        *self = Self {
            store,
            strict: self.strict,
            base_url: std::mem::take(&mut self.base_url),
            ..Self::default()
        };
    }

    /// Puts everything back to what it was when it was written down; only settings and what the start has fixed stay.
    pub fn restore(&mut self, mut saved: Self) {
        saved.store.succeed(&self.store);
        *self = Self {
            settings: std::mem::take(&mut self.settings),
            strict: self.strict,
            base_url: std::mem::take(&mut self.base_url),
            next_fate: std::mem::take(&mut self.next_fate),
            ..saved
        };
    }
}
