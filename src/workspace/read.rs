//! Reading a workspace, and what became of a creation that was interrupted.

use arm::operation::{self, State};
use arm::{ResourceId, machine_learning};
use serde_json::Value as Json;
use tfplugin::{Diagnostics, Model, Value};

use crate::diagnostics;
use crate::view;
use crate::workspace::call::{self, Call};
use crate::workspace::model::Workspace;
use crate::workspace::{document, messages};

/// The workspace as it is now; nothing where it is gone.
pub(super) async fn read(call: Call, state: Workspace) -> Result<Option<Workspace>, Diagnostics> {
    let prior = state.to_value();
    let id = call.id(&prior)?;
    let answer = call.workspaces().find(&id, call.context()).await;
    let answer = answer.map_err(|error| diagnostics::failure("Workspace Not Read", &error))?;
    let Some(answer) = answer else {
        if call.is_creating() {
            call.cx.warn(messages::interrupted_and_gone(&id));
        }
        return Ok(None);
    };
    let Some(answer) = settled(&call, &id, answer).await else { return Ok(None) };
    let mut object = call.object(&answer, &prior);
    view::put(&mut object, &["id"], Value::from(id.as_str()));
    view::put(&mut object, &["subscription_id"], Value::from(id.subscription_id().unwrap_or_default()));
    if call.cx.importing() {
        spell_as_azure(&answer, &mut object);
    }
    call::model(&object).map(Some)
}

/// The answer once an interrupted creation or a deletion has come to its end; nothing where nothing is left.
async fn settled(call: &Call, id: &ResourceId, answer: Json) -> Option<Json> {
    if document::is_deleting(&answer) {
        // A plan on something that is about to go would fail at apply.
        return match operation::gone(call.client(), id, machine_learning::API_VERSION, call.context()).await {
            Ok(()) => None,
            Err(_) => {
                call.cx.warn(messages::still_deleting(id));
                Some(answer)
            }
        };
    }
    if !call.is_creating() {
        if State::of(&answer).is_some_and(State::is_failure) {
            call.cx.warn(messages::failed_before(id, document::provisioning_state(&answer)));
        }
        return Some(answer);
    }
    match operation::settled(call.client(), id, machine_learning::API_VERSION, call.context()).await {
        Ok(answer) => {
            call.set_creating(false);
            if State::of(&answer).is_some_and(State::is_failure) {
                call.cx.warn(messages::interrupted_and_failed(id, document::provisioning_state(&answer)));
            }
            Some(answer)
        }
        Err(error) if error.is_not_found() => {
            call.cx.warn(messages::interrupted_and_gone(id));
            None
        }
        Err(_) => {
            call.cx.warn(messages::still_creating(id));
            Some(answer)
        }
    }
}

/// An import may have been asked for in any casing; names are spelt as Azure has them.
fn spell_as_azure(answer: &Json, object: &mut Value) {
    let Some(id) = answer.get("id").and_then(Json::as_str).and_then(|id| ResourceId::parse(id).ok()) else {
        return;
    };
    if let (Some(subscription), Some(group)) = (id.subscription_id(), id.resource_group_name()) {
        view::put(object, &["name"], Value::from(id.name()));
        view::put(object, &["resource_group_name"], Value::from(group));
        view::put(object, &["subscription_id"], Value::from(subscription));
        view::put(object, &["id"], Value::from(id.as_str()));
    }
}
