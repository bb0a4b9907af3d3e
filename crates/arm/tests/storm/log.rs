//! What the log of a storm must not show.

use std::collections::{BTreeMap, HashMap};

use crate::azure::Azure;
use crate::server::{Entry, Fault};

/// Changes that were sent again although it was not known what had become of the first.
///
/// A failure leaves that open unless it is a refusal before anything is done: throttling, a busy target, a token, or a
/// service that says when it will be back. Only a read that is answered closes it.
pub(crate) fn unsafe_repeats(log: &[Entry]) -> Vec<String> {
    let mut open: HashMap<&str, String> = HashMap::new();
    let mut breaches = Vec::new();
    for entry in log.iter().filter(|entry| !Azure::is_operation(&entry.path)) {
        let path = entry.path.strip_suffix("/count").unwrap_or(&entry.path);
        if entry.method == "GET" {
            if is_heard(entry) {
                open.remove(path);
            }
            continue;
        }
        if let Some(before) = open.get(path) {
            breaches.push(format!("{} {path} after {before}", entry.method));
        }
        let unsure = match entry.fault {
            Some(Fault::RefusedFor(429 | 503) | Fault::Expired | Fault::Busy | Fault::Slow) | None => false,
            Some(Fault::OperationFails | Fault::OperationLost) => false,
            Some(_) => true,
        };
        if unsure {
            open.insert(path, format!("{} with {:?}", entry.method, entry.fault));
        }
    }
    breaches
}

/// Whether a read came back and said what there is.
fn is_heard(entry: &Entry) -> bool {
    matches!(entry.status, 200 | 404) && matches!(entry.fault, None | Some(Fault::Slow))
}

/// Requests that came before the pause was over that was asked for: attempts of one request, whatever is asked of a resource,
/// and looks at the operation that an answer names.
pub(crate) fn too_early(log: &[Entry]) -> Vec<String> {
    let mut until = HashMap::new();
    let mut breaches = Vec::new();
    for entry in log {
        let path = entry.path.strip_suffix("/count").unwrap_or(&entry.path);
        let keys = [Some(entry.request_id.as_str()), Some(path), entry.operation.as_deref()];
        for key in keys.into_iter().flatten() {
            if let Some(early) = until.get(key).filter(|until| entry.at < **until) {
                breaches.push(format!("{} {path} came {:?} too early", entry.method, *early - entry.at));
            }
            if let Some((at, pause)) = entry.asked {
                until.insert(key, at + pause);
            }
        }
    }
    breaches
}

/// How often each fault was met.
pub(crate) fn faults(log: &[Entry]) -> BTreeMap<Fault, usize> {
    let mut counts = BTreeMap::new();
    for fault in log.iter().filter_map(|entry| entry.fault) {
        *counts.entry(fault).or_default() += 1;
    }
    counts
}

/// Requests that Azure's own buckets refused.
pub(crate) fn throttled(log: &[Entry]) -> usize {
    log.iter().filter(|entry| entry.status == 429 && entry.fault.is_none()).count()
}
