//! Requests for private endpoints that have come in and are not answered yet, by subnet: the service gets into trouble with
//! several at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::http::Request;
use crate::log::Place;

/// The requests on their way, oldest first.
#[derive(Debug, Default)]
pub struct Flights(Mutex<Vec<(String, Place)>>);

/// A request on its way; dropped when it is answered.
#[derive(Debug)]
pub struct Flight<'a> {
    all: &'a Flights,
    place: Place,
}

impl Flights {
    /// Notes a request; only those that create or change an endpoint count.
    pub fn begin(&self, request: &Request, place: Place) -> Flight<'_> {
        if let Some(subnet) = subnet_of(request) {
            self.lock().push((subnet, place));
        }
        Flight { all: self, place }
    }

    /// Whether another request for the same subnet came before this one and is not answered yet.
    pub fn is_behind(&self, place: Place) -> bool {
        let all = self.lock();
        let Some(at) = all.iter().position(|(_, p)| *p == place) else { return false };
        all[..at].iter().any(|(subnet, _)| *subnet == all[at].0)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(String, Place)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.all.lock().retain(|(_, place)| *place != self.place);
    }
}

/// The subnet that a request for an endpoint names.
fn subnet_of(request: &Request) -> Option<String> {
    let path = request.path().to_lowercase();
    let (_, rest) = path.split_once("/providers/microsoft.network/privateendpoints/")?;
    if request.method != "PUT" || rest.contains('/') {
        return None;
    }
    let body: Value = serde_json::from_slice(&request.body).ok()?;
    Some(body["properties"]["subnet"]["id"].as_str()?.to_lowercase())
}
