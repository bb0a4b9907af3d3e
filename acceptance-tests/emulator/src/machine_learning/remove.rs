//! Deleting a workspace: softly, for good, or for good after it was deleted softly.

use serde_json::json;

use super::{answer, finish};
use crate::azure::Azure;
use crate::error::ArmError;
use crate::http::Response;
use crate::operation::{Outcome, Start, Style};
use crate::service::{Call, Reply};

/// Answers a DELETE. Without `forceToPurge` the name stays taken; with it also a workspace that is already deleted is
/// purged, though no GET finds it. (K) A failed creation leaves nothing to recover and is deleted for good.
pub(super) fn delete(azure: &mut Azure, call: &Call) -> Reply {
    let id = call.id().clone();
    let purge = purges(call)?;
    finish::refuse_while_running(azure, &id)?;
    let Some(document) = azure.store.get_mut(&id) else {
        return purge_deleted(azure, call, purge);
    };
    let place = document.text("/location").to_owned();
    let never_made = finish::never_made(document);
    if !finish::projects(azure, &id).is_empty() {
        // (K) The refusal is documented, its code and words are not.
        return Err(ArmError::conflict(format!(
            "The hub '{}' has projects. Delete them before the hub: {}.",
            id.name(),
            finish::projects(azure, &id).join(", ")
        )));
    }
    if let Some(document) = azure.store.get_mut(&id) {
        document.body["properties"]["provisioningState"] = json!("Deleting");
    }
    let done = json!({ "id": id.to_string(), "purge": purge || never_made });
    let start = Start::new(Style::MachineLearning, &id, &place)
        .then(finish::effect("deleted", done))
        .on_failure(finish::effect("failed", json!({ "id": id.to_string() })))
        .outcome(Outcome::Empty);
    Ok(azure.begin(call, start, answer::standard(Response::empty(202))))
}

fn purge_deleted(azure: &mut Azure, call: &Call, purge: bool) -> Reply {
    let id = call.id();
    let place = azure.store.tombstone(id).map(|d| d.text("/location").to_owned());
    let (Some(place), true) = (place, purge) else {
        return Ok(answer::standard(Response::empty(204)));
    };
    let start = Start::new(Style::MachineLearning, id, &place)
        .then(finish::effect("purged", json!({ "id": id.to_string() })))
        .outcome(Outcome::Empty);
    Ok(azure.begin(call, start, answer::standard(Response::empty(202))))
}

fn purges(call: &Call) -> Result<bool, ArmError> {
    match call.parameter("forceToPurge") {
        None | Some("") => Ok(false),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Some(text) => Err(ArmError::bad_request(format!("'{text}' is no boolean.")).target("forceToPurge")),
    }
}
