//! Changing a workspace by a PATCH of what changed.

use arm::{Error, ResourceId, machine_learning, operation};
use serde_json::Value as Json;
use tfplugin::{Diagnostics, Model, Value};

use crate::check;
use crate::diagnostics;
use crate::view;
use crate::workspace::call::{self, Call};
use crate::workspace::model::Workspace;
use crate::workspace::{document, messages};

/// Makes the workspace what is planned.
pub(super) async fn update(call: Call, prior: Workspace, plan: Workspace) -> Result<Workspace, Diagnostics> {
    let (prior, planned) = (prior.to_value(), plan.to_value());
    let id = call.id(&prior)?;
    refuse_other_vault(&prior, &planned)?;
    if document::patch_body(&prior, &planned).is_none() {
        // What changed is no concern of Azure's.
        call.default_tags_applied();
        return call::model(&call::known_or(&planned, &prior));
    }
    let answer = match change(&call, &id, &prior, &planned).await {
        Ok(answer) => answer,
        Err(error) => return Err(failed(&call, &id, &prior, error).await),
    };
    call.default_tags_applied();
    match answer {
        Some(answer) => call::model(&call.object(&answer, &planned)),
        None => {
            call.cx.warn(messages::update_interrupted(&id));
            call::model(&call::known_or(&planned, &prior))
        }
    }
}

/// Sends what changed and waits for it. Nothing comes back where the user interrupts what Azure has accepted.
async fn change(call: &Call, id: &ResourceId, prior: &Value, planned: &Value) -> Result<Option<Json>, Error> {
    let (mut from, mut tries) = (prior.clone(), call::TRIES);
    let mut answer = Json::Null;
    while let Some(body) = document::patch_body(&from, planned) {
        let error = match call.workspaces().update(id, &body, call.context()).await {
            Ok(accepted) => {
                return match accepted.wait(call.client(), call.context()).await {
                    Err(error) if error.is_cancelled() => Ok(None),
                    answer => Ok(Some(answer?.unwrap_or_default())),
                };
            }
            Err(error) => error,
        };
        tries -= 1;
        if tries > 0 && call.rests_again(id, &error).await {
            continue;
        }
        if !error.outcome_unknown() || call::is_over(&error) || tries == 0 {
            return Err(error);
        }
        // The change may have been made although the answer was lost: what is left to do is what the workspace itself says.
        let settled =
            operation::settled(call.client(), id, machine_learning::API_VERSION, call.context()).await;
        answer = settled.map_err(|_| error)?;
        from = call.object(&answer, planned);
    }
    Ok(Some(answer))
}

/// A key whose URL was unknown at plan may turn out to lie in another vault, where the workspace cannot follow.
fn refuse_other_vault(prior: &Value, planned: &Value) -> Result<(), Diagnostics> {
    const KEY: &[&str] = &["customer_managed_key", "key_id"];
    let vault =
        |object| view::text(object, KEY).and_then(|url| check::key_url(url).ok()).map(|url| url.vault);
    match (vault(prior), vault(planned)) {
        (Some(old), Some(new)) if !check::same_name(old, new) => Err(messages::other_vault(old, new).into()),
        _ => Ok(()),
    }
}

/// Says why, and keeps what the workspace really is now: a part of the change may have been made.
async fn failed(call: &Call, id: &ResourceId, prior: &Value, error: Error) -> Diagnostics {
    let look = if call::is_over(&error) {
        call.last_look(id).await
    } else {
        call.workspaces().find(id, call.context()).await
    };
    if let Ok(Some(answer)) = look {
        call.cx.save_value(call.object(&answer, prior));
    }
    diagnostics::failure("Workspace Not Updated", &error).into()
}
