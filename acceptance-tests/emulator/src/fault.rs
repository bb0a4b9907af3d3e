//! Faults: what goes wrong, at which requests, how often.

use std::sync::Mutex;
use std::time::Duration;

use regex::Regex;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::error::ArmError;
use crate::http::Response;
use crate::operation::Fate;
use crate::storm::{Storm, Weather};

/// A fault as a test asks for it.
#[derive(Debug, Clone, Deserialize)]
pub struct Order {
    /// Method, or `*`.
    #[serde(default = "any_method")]
    method: String,
    /// Regular expression on the path.
    #[serde(default)]
    path: String,
    /// How many matching requests pass first.
    #[serde(default)]
    skip: u64,
    /// How many requests it then hits.
    #[serde(default = "once")]
    count: u64,
    /// What goes wrong.
    #[serde(flatten)]
    kind: Kind,
}

/// Members that an order may have; a misspelt one must not pass as a fault that does something else.
const MEMBERS: &[&str] = &[
    "method",
    "path",
    "skip",
    "count",
    "kind",
    "status",
    "retry_after",
    "code",
    "message",
    "delay_ms",
    "endless",
];

impl Order {
    /// Reads an order from JSON.
    pub fn read(value: &Value) -> Result<Self, String> {
        let unknown = value.as_object().and_then(|o| o.keys().find(|k| !MEMBERS.contains(&k.as_str())));
        match unknown {
            Some(name) => Err(format!("a fault has no member '{name}'; it has {}", MEMBERS.join(", "))),
            None => serde_json::from_value(value.clone()).map_err(|e| e.to_string()),
        }
    }
}

fn any_method() -> String {
    "*".to_owned()
}

fn once() -> u64 {
    1
}

/// What goes wrong.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// An error is answered and nothing done.
    Status {
        /// HTTP status.
        status: u16,
        /// Seconds in Retry-After.
        retry_after: Option<u64>,
        /// Error code.
        code: Option<String>,
        /// Error message.
        message: Option<String>,
    },
    /// All is done, and an error is answered.
    StatusAfter {
        /// HTTP status.
        status: u16,
        /// Seconds in Retry-After.
        retry_after: Option<u64>,
    },
    /// All is done, and the answer asks to wait before asking again.
    RetryAfter {
        /// Seconds in Retry-After.
        retry_after: u64,
    },
    /// The connection is reset and nothing done.
    ResetBefore,
    /// All is done, then the connection is reset.
    ResetAfter,
    /// All is done, and the answer's body is cut.
    Truncate,
    /// The answer's body comes slowly.
    Slow {
        /// How long it takes.
        #[serde(default = "slow")]
        delay_ms: u64,
    },
    /// The operation that the request begins is lost.
    LoseOperation {
        /// Whether it never ends, instead of its status URL being gone.
        #[serde(default)]
        endless: bool,
    },
    /// The operation that the request begins fails.
    FailOperation {
        /// Error code.
        code: Option<String>,
        /// Error message.
        message: Option<String>,
    },
    /// The request waits until it is released.
    Hold,
}

fn slow() -> u64 {
    1000
}

impl Kind {
    /// The kind's name, for the request log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::StatusAfter { .. } => "status_after",
            Self::RetryAfter { .. } => "retry_after",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::Truncate => "truncate",
            Self::Slow { .. } => "slow",
            Self::LoseOperation { .. } => "lose_operation",
            Self::FailOperation { .. } => "fail_operation",
            Self::Hold => "hold",
        }
    }

    /// The same answer, asking for a wait where that is the kind.
    pub fn asking(&self, response: Response) -> Response {
        match self {
            Self::RetryAfter { retry_after } => response.header("Retry-After", retry_after.to_string()),
            _ => response,
        }
    }

    /// The error that is answered after all was done.
    pub fn response_after(&self) -> Option<Response> {
        let Self::StatusAfter { status, retry_after } = self else { return None };
        let (status, retry_after) = (*status, *retry_after);
        Self::Status { status, retry_after, code: None, message: None }.response()
    }

    /// The error that is answered, for the kind that answers one and does nothing.
    pub fn response(&self) -> Option<Response> {
        let Self::Status { status, retry_after, code, message } = self else { return None };
        let code = code.as_deref().unwrap_or(match status {
            429 => "TooManyRequests",
            409 => "Conflict",
            403 => "AuthorizationFailed",
            404 => "NotFound",
            400 => "BadRequest",
            503 => "ServiceUnavailable",
            504 => "GatewayTimeout",
            _ => "InternalServerError",
        });
        let message = message.as_deref().unwrap_or("The request met an injected fault.");
        let mut error = ArmError::new(*status, code, message);
        if let Some(seconds) = retry_after {
            error = error.header("Retry-After", seconds.to_string());
        }
        Some(error.into())
    }

    /// What becomes of the operation that the request begins.
    pub fn fate(&self) -> Fate {
        match self {
            Self::LoseOperation { endless: true } => Fate::Endless,
            Self::LoseOperation { endless: false } => Fate::Forgotten,
            Self::FailOperation { code, message } => Fate::Fails(json!({
                "code": code.as_deref().unwrap_or("InternalServerError"),
                "message": message.as_deref().unwrap_or("The operation met an injected fault."),
            })),
            _ => Fate::Normal,
        }
    }

    /// How long the body of an answer takes.
    pub fn slowness(&self) -> Option<Duration> {
        match self {
            Self::Slow { delay_ms } => Some(Duration::from_millis(*delay_ms)),
            _ => None,
        }
    }
}

#[derive(Debug)]
struct Fault {
    id: u64,
    order: Order,
    path: Regex,
    skipped: u64,
    hits: watch::Sender<u64>,
    released: watch::Sender<u64>,
}

/// All faults: those that were ordered, in the order in which they came, and those of the weather.
#[derive(Debug, Default)]
pub struct Faults {
    ordered: Mutex<Inner>,
    storm: Storm,
}

#[derive(Debug, Default)]
struct Inner {
    next: u64,
    faults: Vec<Fault>,
}

/// A fault that has hit a request.
#[derive(Debug)]
pub struct Hit {
    /// What goes wrong.
    pub kind: Kind,
    released: watch::Receiver<u64>,
}

impl Hit {
    /// Waits until the fault is released or removed.
    pub async fn hold(&mut self) {
        // An error means that the fault is gone, which releases too.
        let _ = self.released.changed().await;
    }
}

impl Faults {
    /// Adds a fault and returns its ID.
    pub fn add(&self, order: Order) -> Result<String, regex::Error> {
        let path = Regex::new(&format!("(?i){}", order.path))?;
        let mut inner = self.lock();
        inner.next += 1;
        let id = inner.next;
        let (hits, released) = (watch::Sender::new(0), watch::Sender::new(0));
        inner.faults.push(Fault { id, order, path, skipped: 0, hits, released });
        Ok(id.to_string())
    }

    /// The first fault that hits a request, counted.
    pub fn hit(&self, method: &str, path: &str) -> Option<Hit> {
        let mut inner = self.lock();
        for fault in &mut inner.faults {
            let method_fits = fault.order.method == "*" || fault.order.method.eq_ignore_ascii_case(method);
            if !method_fits || !fault.path.is_match(path) || *fault.hits.borrow() >= fault.order.count {
                continue;
            }
            if fault.skipped < fault.order.skip {
                fault.skipped += 1;
                continue;
            }
            // Subscribed before the hit is announced, so that a release right after it is not missed.
            let released = fault.released.subscribe();
            fault.hits.send_modify(|hits| *hits += 1);
            return Some(Hit { kind: fault.order.kind.clone(), released });
        }
        None
    }

    /// What a test may know of a fault.
    pub fn describe(&self, id: &str) -> Option<Value> {
        let inner = self.lock();
        let fault = inner.faults.iter().find(|f| f.id.to_string() == id)?;
        Some(json!({
            "id": id,
            "kind": fault.order.kind.name(),
            "hits": *fault.hits.borrow(),
            "skipped": fault.skipped,
        }))
    }

    /// A view of a fault's number of hits.
    pub fn watch(&self, id: &str) -> Option<watch::Receiver<u64>> {
        let inner = self.lock();
        inner.faults.iter().find(|f| f.id.to_string() == id).map(|f| f.hits.subscribe())
    }

    /// Lets go what a fault holds; false when there is no such fault.
    pub fn release(&self, id: &str) -> bool {
        let inner = self.lock();
        let fault = inner.faults.iter().find(|f| f.id.to_string() == id);
        if let Some(fault) = fault {
            fault.released.send_modify(|n| *n += 1);
        }
        fault.is_some()
    }

    /// The fault that the weather has for a request.
    pub fn by_storm(&self, weather: &Weather, method: &str, path: &str) -> Option<Kind> {
        self.storm.hit(weather, method, path)
    }

    /// Begins the storm anew.
    pub fn calm(&self) {
        self.storm.clear();
    }

    /// Removes all ordered faults; what they hold goes on.
    pub fn clear(&self) {
        self.lock().faults.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.ordered.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
