//! Names that are unique in all of Azure, and the question whether one is free.

use serde_json::json;

use crate::azure::Azure;
use crate::http::Response;
use crate::id::ResourceId;
use crate::service::{Call, Reply};
use crate::store::Document;

/// The resource of a type that has a name, wherever it lives.
pub(super) fn owner<'a>(azure: &'a Azure, resource_type: &str, name: &str) -> Option<&'a Document> {
    named(azure.store.iter(), resource_type, name)
}

/// The soft-deleted resource of a type that has a name.
pub(super) fn buried<'a>(azure: &'a Azure, resource_type: &str, name: &str) -> Option<&'a Document> {
    named(azure.store.tombstones(), resource_type, name)
}

fn named<'a>(
    all: impl Iterator<Item = &'a Document>,
    resource_type: &str,
    name: &str,
) -> Option<&'a Document> {
    all.into_iter().find(|d| {
        ResourceId::parse(&d.id)
            .is_some_and(|id| id.is(resource_type) && id.name().eq_ignore_ascii_case(name))
    })
}

/// Whether a call asks if a name is free; its name then.
pub(super) fn asked(call: &Call) -> Option<String> {
    let asks = call.method == "POST" && call.path.ends_in("checkNameAvailability");
    asks.then(|| call.at("/name").as_str().unwrap_or_default().to_owned())
}

/// The answer to that question: free, or the reason and message.
pub(super) fn answer(taken: Option<(&str, String)>) -> Reply {
    let body = match taken {
        None => json!({"nameAvailable": true}),
        Some((reason, message)) => json!({"nameAvailable": false, "reason": reason, "message": message}),
    };
    Ok(Response::json(200, &body))
}

/// Whether text has between `least` and `most` characters, all of which are `good`.
pub(super) fn fits(name: &str, least: usize, most: usize, good: impl Fn(char) -> bool) -> bool {
    (least..=most).contains(&name.chars().count()) && name.chars().all(good)
}
