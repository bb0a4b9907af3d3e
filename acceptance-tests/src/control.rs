//! The emulator's control interface: faults, the log of requests, and plain calls for the rest.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// How long a control call may take; a wait for a fault to be hit is one.
const PATIENCE: Duration = Duration::from_secs(180);

/// A client of the control interface.
#[derive(Debug)]
pub struct Control {
    base: String,
    http: reqwest::Client,
    runtime: Runtime,
}

impl Control {
    /// A client of the interface at `base`.
    ///
    /// # Panics
    /// When no runtime or client can be made.
    pub fn new(base: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build();
        let (http, runtime) = (http.expect("an HTTP client"), runtime.expect("a runtime"));
        Self { base: base.trim_end_matches('/').to_owned(), http, runtime }
    }

    /// GET.
    pub fn get(&self, path: &str) -> Value {
        self.call(reqwest::Method::GET, path, None)
    }

    /// GET of something that may not be there, from an emulator that may be gone.
    pub fn try_get(&self, path: &str) -> Option<Value> {
        let request = self.http.get(format!("{}{path}", self.base));
        let answer = async { request.send().await?.error_for_status()?.json().await };
        self.runtime.block_on(answer).ok()
    }

    /// POST.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.call(reqwest::Method::POST, path, Some(body))
    }

    /// PUT.
    pub fn put(&self, path: &str, body: &Value) -> Value {
        self.call(reqwest::Method::PUT, path, Some(body))
    }

    /// PATCH.
    pub fn patch(&self, path: &str, body: &Value) -> Value {
        self.call(reqwest::Method::PATCH, path, Some(body))
    }

    /// DELETE.
    pub fn delete(&self, path: &str) -> Value {
        self.call(reqwest::Method::DELETE, path, None)
    }

    /// One call. Every refusal is a mistake of the scenario, so it panics.
    #[track_caller]
    fn call(&self, method: reqwest::Method, path: &str, body: Option<&Value>) -> Value {
        let name = format!("{method} {path}");
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(body);
        }
        let (status, text) = self
            .runtime
            .block_on(async {
                let answer = request.send().await?;
                Ok::<_, reqwest::Error>((answer.status(), answer.text().await?))
            })
            .unwrap_or_else(|error| panic!("the emulator's control did not answer {name}: {error:?}"));
        assert!(status.is_success(), "the emulator's control refused {name} with {status}: {text}");
        if text.trim().is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(Value::Null) }
    }
}

/// Something that goes wrong at chosen requests.
#[derive(Debug, Clone)]
pub struct Fault(Value);

impl Fault {
    /// At requests with this method (`*` for any) whose path matches this regular expression; the first of them only.
    pub fn at(method: &str, path: &str) -> Self {
        Self(json!({"method": method, "path": path, "skip": 0, "count": 1}))
    }

    /// Lets so many matching requests pass first.
    pub fn skip(self, number: usize) -> Self {
        self.with("skip", json!(number))
    }

    /// Goes wrong so many times instead of once.
    pub fn times(self, number: usize) -> Self {
        self.with("count", json!(number))
    }

    /// Answers with an error instead of doing anything.
    pub fn status(self, status: u16) -> Self {
        self.kind("status").with("status", json!(status))
    }

    /// Does all, and answers with an error.
    pub fn status_after(self, status: u16) -> Self {
        self.kind("status_after").with("status", json!(status))
    }

    /// With a `Retry-After` of so many seconds.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with("retry_after", json!(seconds))
    }

    /// With Resource Manager's error code and message.
    pub fn error(self, code: &str, message: &str) -> Self {
        self.with("code", json!(code)).with("message", json!(message))
    }

    /// Resets the connection; nothing was done.
    pub fn reset_before(self) -> Self {
        self.kind("reset_before")
    }

    /// Resets the connection after all was done: the answer is lost.
    pub fn reset_after(self) -> Self {
        self.kind("reset_after")
    }

    /// Keeps the request waiting until it is released.
    pub fn hold(self) -> Self {
        self.kind("hold")
    }

    /// Lets the operation that the request starts end in failure.
    pub fn fail_operation(self, code: &str, message: &str) -> Self {
        self.kind("fail_operation").error(code, message)
    }

    /// Answers this instead of doing anything. An empty content type is left out.
    pub fn answer(self, status: u16, content_type: &str, body: &str) -> Self {
        let answer = self.kind("answer").with("status", json!(status));
        answer.with("content_type", json!(content_type)).with("body", json!(body))
    }

    /// With one more header field, where an answer is given.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.0["headers"][name] = json!(value);
        self
    }

    /// Does all before the answer is given.
    pub fn after_all(self) -> Self {
        self.with("after", json!(true))
    }

    /// Does all, and changes the true answer: the members of the emulator's fault `bend`, such as
    /// `{"set": {"/properties": null}, "remove": ["/id"]}`.
    pub fn bend(self, changes: &Value) -> Self {
        let members = changes.as_object().into_iter().flatten();
        members.fold(self.kind("bend"), |fault, (name, value)| fault.with(name, value.clone()))
    }

    /// One of the kinds of fault that the emulator knows.
    pub fn kind(self, kind: &str) -> Self {
        self.with("kind", json!(kind))
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.0[name] = value;
        self
    }
}

/// A fault that is armed.
#[derive(Debug)]
pub struct Injected<'a> {
    control: &'a Control,
    id: String,
}

impl<'a> Injected<'a> {
    pub(crate) fn new(control: &'a Control, fault: &Fault) -> Self {
        let answer = control.post("/faults", &fault.0);
        let id = answer["id"].as_str().map_or_else(|| answer["id"].to_string(), str::to_owned);
        Self { control, id }
    }

    /// How often it was hit.
    pub fn hits(&self) -> u64 {
        self.control.get(&format!("/faults/{}", self.id))["hits"].as_u64().unwrap_or_default()
    }

    /// Waits until it is hit.
    pub fn wait(&self) {
        self.control.get(&format!("/faults/{}/wait", self.id));
    }

    /// Lets go what it holds.
    pub fn release(&self) {
        self.control.post(&format!("/faults/{}/release", self.id), &Value::Null);
    }
}

/// One request that Azure got.
#[derive(Debug, Clone)]
pub struct Request {
    /// GET, PUT, …
    pub method: String,
    /// The path, as it was sent.
    pub path: String,
    /// The query parameter of that name.
    pub api_version: String,
    /// The whole query, the signed parts elided.
    pub query: String,
    /// The body; null when there was none.
    pub body: Value,
    /// The status of the answer; 0 when there was none.
    pub status: u64,
    /// The code of the error that it got; empty without one.
    pub code: String,
    /// The kind of fault that hit it; empty without one.
    pub fault: String,
    /// The ID that its sender gave it, the same for all attempts.
    pub client_request_id: String,
    /// When it came, in milliseconds.
    pub at_ms: u64,
    /// When its answer went out, and the milliseconds that this told to wait before asking again.
    pub retry_after: Option<(u64, u64)>,
    /// Whether it asked for the state of an operation.
    pub operation_poll: bool,
    /// Application ID of whoever sent it; empty before sign-in.
    pub client_id: String,
    /// The tenant of its token; empty before sign-in.
    pub tenant: String,
    /// The tenants of its auxiliary tokens.
    pub auxiliary_tenants: Vec<String>,
    /// What sent it, in its own words.
    pub user_agent: String,
}

/// The log of requests, oldest first.
#[derive(Debug, Clone)]
pub struct Requests(pub Vec<Request>);

impl Requests {
    pub(crate) fn read(log: &Value) -> Self {
        let entries = log.get("requests").unwrap_or(log).as_array().cloned().unwrap_or_default();
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        let read = |entry: &Value| Request {
            method: text(&entry["method"]),
            path: text(&entry["path"]),
            api_version: text(&entry["api_version"]),
            query: text(&entry["query"]),
            body: entry["body"].clone(),
            status: entry["status"].as_u64().unwrap_or_default(),
            code: text(&entry["code"]),
            fault: text(&entry["fault"]),
            client_request_id: text(&entry["headers"]["x-ms-client-request-id"]),
            at_ms: entry["at_ms"].as_u64().unwrap_or_default(),
            retry_after: entry["answered_ms"]
                .as_u64()
                .zip(entry["retry_after"].as_u64().map(|seconds| seconds * 1000)),
            operation_poll: entry["operation_poll"].as_bool().unwrap_or_default(),
            client_id: text(&entry["client_id"]),
            tenant: text(&entry["tenant"]),
            user_agent: text(&entry["headers"]["user-agent"]),
            auxiliary_tenants: entry["auxiliary_tenants"]
                .as_array()
                .into_iter()
                .flatten()
                .map(text)
                .collect(),
        };
        Self(entries.iter().map(read).collect())
    }

    /// The requests that change something: PUT, PATCH, DELETE and the POSTs to Resource Manager.
    pub fn writes(&self) -> Vec<&Request> {
        let management = |request: &Request| {
            let path = request.path.to_ascii_lowercase();
            path.starts_with("/subscriptions/") || path.starts_with("/providers/")
        };
        self.0.iter().filter(|request| request.method != "GET" && management(request)).collect()
    }

    /// The requests with this method whose path ends so, in any casing.
    pub fn to(&self, method: &str, path_end: &str) -> Vec<&Request> {
        let end = path_end.to_ascii_lowercase();
        let fits = |request: &Request| request.path.to_ascii_lowercase().ends_with(&end);
        self.0.iter().filter(|request| request.method == method && fits(request)).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
