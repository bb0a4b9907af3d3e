//! The log of requests: what a test may hold against what a client did. Secrets are left out when a request is noted.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use serde::Serialize;
use serde_json::{Value, json};

use crate::http::{Request, Response};

/// Header fields that are noted.
const HEADERS: &[&str] = &[
    "accept",
    "content-type",
    "if-match",
    "if-none-match",
    "user-agent",
    "x-ms-client-request-id",
    "x-ms-correlation-request-id",
    "x-ms-return-client-request-id",
];

/// Query parameters of signed URLs, form fields of sign-ins.
const SECRETS: &[&str] = &["t", "c", "s", "h", "client_secret", "client_assertion", "refresh_token"];

/// One request.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// Its number since the log was emptied, from 1.
    pub seq: u64,
    /// Method.
    pub method: String,
    /// Path as it came.
    pub path: String,
    /// The api-version parameter.
    pub api_version: Option<String>,
    /// The query, signed parts elided.
    pub query: String,
    /// Selected header fields, names in lower case.
    pub headers: Value,
    /// JSON body, or a form as an object; null when there was none.
    pub body: Value,
    /// When it came, in milliseconds of the process.
    pub at_ms: u64,
    /// When its answer went out; null while there is none.
    pub answered_ms: Option<u64>,
    /// The seconds in Retry-After of the answer.
    pub retry_after: Option<u64>,
    /// Status of the answer; null while there is none.
    pub status: Option<u16>,
    /// Error code of the answer.
    pub code: Option<String>,
    /// The kind of fault that hit it.
    pub fault: Option<&'static str>,
    /// Whether it asked about an operation.
    pub operation_poll: bool,
    /// Application ID of whoever sent it, once it has signed in.
    pub client_id: Option<&'static str>,
    /// The tenant of its token.
    pub tenant: Option<String>,
    /// The tenants of its auxiliary tokens.
    pub auxiliary_tenants: Vec<String>,
}

impl Entry {
    /// Notes when the answer went out, and the pause that it asks for.
    pub fn answered(&mut self, response: &Response) {
        self.answered_ms = Some(milliseconds());
        self.retry_after = response.headers.get("Retry-After").and_then(|text| text.parse().ok());
    }
}

/// Time since the first call.
fn milliseconds() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// All requests since the log was emptied.
#[derive(Debug, Default)]
pub struct Log(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    // Requests that are in flight while the log is emptied must not write into the new one.
    era: u64,
    entries: Vec<Entry>,
}

/// Where a request was noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    era: u64,
    index: usize,
}

impl Log {
    /// Notes a request that has come in.
    pub fn begin(&self, request: &Request) -> Place {
        let mut inner = self.lock();
        let index = inner.entries.len();
        let entry = note(request, u64::try_from(index).unwrap_or_default() + 1);
        inner.entries.push(entry);
        Place { era: inner.era, index }
    }

    /// Adds to what was noted.
    pub fn update(&self, place: Place, change: impl FnOnce(&mut Entry)) {
        let mut inner = self.lock();
        if inner.era == place.era
            && let Some(entry) = inner.entries.get_mut(place.index)
        {
            change(entry);
        }
    }

    /// All entries, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().entries.clone()
    }

    /// Empties the log.
    pub fn clear(&self) {
        let mut inner = self.lock();
        inner.era += 1;
        inner.entries.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note(request: &Request, seq: u64) -> Entry {
    let mut headers = json!({});
    for (name, value) in request.headers.iter() {
        let name = name.to_ascii_lowercase();
        if HEADERS.contains(&name.as_str()) {
            headers[name] = json!(value);
        }
    }
    Entry {
        seq,
        method: request.method.clone(),
        path: request.path().to_owned(),
        api_version: request.query("api-version"),
        query: elide(request.raw_query()),
        headers,
        body: body(request),
        at_ms: milliseconds(),
        answered_ms: None,
        retry_after: None,
        status: None,
        code: None,
        fault: None,
        operation_poll: false,
        client_id: None,
        tenant: None,
        auxiliary_tenants: Vec::new(),
    }
}

fn is_secret(name: &str) -> bool {
    SECRETS.iter().any(|s| s.eq_ignore_ascii_case(name))
}

fn elide(query: &str) -> String {
    let part = |part: &str| match part.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}=(elided)"),
        _ => part.to_owned(),
    };
    query.split('&').map(part).collect::<Vec<_>>().join("&")
}

fn body(request: &Request) -> Value {
    let form = request
        .headers
        .get("content-type")
        .is_some_and(|t| t.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
    if !form {
        return serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    }
    let fields = url::form_urlencoded::parse(&request.body).into_owned().map(|(name, value)| {
        let value = if is_secret(&name) { "(elided)".to_owned() } else { value };
        (name, json!(value))
    });
    Value::Object(fields.collect())
}
