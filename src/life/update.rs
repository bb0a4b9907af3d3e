//! Changing a resource by what changed.

use arm::operation::{self, Unfinished};
use arm::{Error, ResourceId};
use serde_json::Value as Json;
use tfplugin::{Diagnostics, Value};

use crate::call::{self, Call};
use crate::life::refusal_of;
use crate::messages;
use crate::thing::Thing;

/// Makes the resource what is planned.
pub(crate) async fn update<T: Thing>(call: &Call<T>, prior: T, plan: T) -> Result<T, Diagnostics> {
    let (prior, planned) = (prior.to_value(), plan.to_value());
    let id = call.id(&prior)?;
    if T::change(&prior, &planned).is_none() {
        // What changed is no concern of Azure's.
        call.default_tags_applied();
        return call::model(&call::known_or(&planned, &prior));
    }
    let answer = match change(call, &id, &prior, &planned).await {
        Ok(answer) => answer,
        Err(error) => return Err(failed(call, &id, &prior, &planned, error).await),
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
async fn change<T: Thing>(
    call: &Call<T>,
    id: &ResourceId,
    prior: &Value,
    planned: &Value,
) -> Result<Option<Json>, Error> {
    let there = if T::WHOLE { Some(call.settled(id).await?) } else { None };
    let next = |found: Option<&Json>| {
        let from = found.map_or_else(|| prior.clone(), |answer| call.object(answer, planned));
        let Some(change) = T::change(&from, planned) else { return Ok(None) };
        let body = match found.or(there.as_ref()) {
            Some(document) if T::WHOLE => T::whole(document, change),
            _ => change,
        };
        T::changing(id, &body).map(|request| Some(T::prepared(request, planned)))
    };
    match operation::update(call.client(), call.context(), next).await {
        Ok(answer) => Ok(Some(answer)),
        Err(Unfinished { error, accepted: true }) if error.is_cancelled() => Ok(None),
        Err(Unfinished { error, .. }) => Err(error),
    }
}

/// Says why, and keeps what the resource really is now: a part of the change may have been made.
async fn failed<T: Thing>(
    call: &Call<T>,
    id: &ResourceId,
    prior: &Value,
    planned: &Value,
    error: Error,
) -> Diagnostics {
    let look = if error.is_over() { call.last_look(id).await } else { call.find(id).await };
    if let Ok(Some(answer)) = look {
        call.cx.save_value(call.object(&answer, prior));
    }
    refusal_of(call, id, &error, "Not Updated", planned).into()
}
