//! Faults: what goes wrong, at which requests, how often.

mod kind;
mod wrong;

use std::sync::Mutex;

use regex::Regex;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::storm::{Storm, Weather};

pub use kind::Kind;
pub use wrong::{Bend, Wrong};

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
    "content_type",
    "headers",
    "body",
    "after",
    "set",
    "remove",
    "rename",
    "wrap",
    "prefix",
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
