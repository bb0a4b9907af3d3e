//! Reading a resource, and what became of a creation that was interrupted.

use arm::operation::State;
use arm::{Error, ResourceId};
use serde_json::Value as Json;
use tfplugin::{Diagnostic, Diagnostics, Value};

use crate::call::{self, Call};
use crate::life::refusal;
use crate::thing::Thing;
use crate::{document, messages, view};

/// The resource as it is now; nothing where it is gone.
pub(crate) async fn read<T: Thing>(call: &Call<T>, state: T) -> Result<Option<T>, Diagnostics> {
    let prior = state.to_value();
    let id = call.id(&prior)?;
    let answer = call.find(&id).await.map_err(|error| not_read::<T>(&id, &error))?;
    let Some(answer) = answer else {
        if call.is_creating() {
            // The plan shows it as to be created, which needs no warning: the apply mends it.
            tracing::info!(%id, "its interrupted creation has left nothing");
        }
        return Ok(None);
    };
    let Some(answer) = settled(call, &id, answer).await else { return Ok(None) };
    if is_in_order(&answer) {
        call.forget_failures();
    }
    let mut object = call.object(&answer, &prior);
    view::put(&mut object, &["id"], Value::from(id.as_str()));
    view::put(&mut object, &["subscription_id"], Value::from(id.subscription_id().unwrap_or_default()));
    if call.cx.importing() {
        spell_as_azure::<T>(&answer, &mut object);
    }
    call::model(&object).map(Some)
}

/// Whether a resource says that its last operation ended well, or is of a type that says nothing of it. What goes on may fail yet.
pub(crate) fn is_in_order(answer: &Json) -> bool {
    let properties = document::get(answer, "properties");
    match document::get(properties, "provisioningState") {
        Json::Null => properties.is_null() || properties.is_object(),
        Json::String(state) => state.is_empty() || State::of_word(state) == State::Succeeded,
        _ => false,
    }
}

/// What a user reads of a resource that could not be read.
pub(crate) fn not_read<T: Thing>(id: &ResourceId, error: &Error) -> Diagnostic {
    or_not_believed::<T>(error, refusal::<T>(id, error, "Not Read"))
}

/// What a user reads of a read, of the resource or of something that belongs to it. Where the answer is none of Azure's, also
/// what gets past it.
pub(crate) fn or_not_believed<T: Thing>(error: &Error, diagnostic: Diagnostic) -> Diagnostic {
    if error.says_nothing() && !error.is_services() {
        messages::not_believed(&T::WORDS, diagnostic)
    } else {
        diagnostic
    }
}

/// The answer once an interrupted creation or a deletion has come to its end; nothing where nothing is left.
async fn settled<T: Thing>(call: &Call<T>, id: &ResourceId, answer: Json) -> Option<Json> {
    let words = &T::WORDS;
    if call::is_deleting(&answer) {
        // A plan on something that is about to go would fail at apply.
        return match call.gone(id).await {
            Ok(()) => None,
            Err(_) => {
                call.cx.warn(messages::still_deleting(words, id));
                Some(answer)
            }
        };
    }
    if !call.is_creating() {
        return Some(answer);
    }
    match call.settled(id).await {
        Ok(answer) => {
            call.set_creating(false);
            if State::of_resource(&answer).is_some_and(State::is_failure) {
                call.set_created_failed();
            }
            Some(answer)
        }
        Err(error) if error.is_absent() => {
            tracing::info!(%id, "its interrupted creation has left nothing");
            None
        }
        Err(_) => {
            call.cx.warn(messages::still_creating(words, id));
            Some(answer)
        }
    }
}

/// An import may have been asked for in any casing; names are spelt as Azure has them.
fn spell_as_azure<T: Thing>(answer: &Json, object: &mut Value) {
    let id = answer.get("id").and_then(Json::as_str).and_then(|id| T::KIND.check(id).ok());
    let Some(id) = id else { return };
    view::put(object, &["id"], Value::from(id.as_str()));
    for (name, text) in T::named(&id) {
        view::put(object, &[name], Value::from(text));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_failure_is_forgotten_where_the_resource_is_in_order_only() {
        let state = |state: Json| json!({"properties": {"provisioningState": state}});
        for good in [
            state(json!("succeeded")),
            state(Json::Null),
            state(json!("")),
            json!({"properties": {}}),
            json!({}),
        ] {
            assert!(is_in_order(&good), "{good}");
        }
        for open in ["Updating", "Failed", "Canceled", "Deleting"].map(|word| state(json!(word))) {
            assert!(!is_in_order(&open), "{open}");
        }
        assert!(!is_in_order(&state(json!(["Succeeded"]))), "that is no state");
        assert!(!is_in_order(&json!({"properties": "x"})));
    }
}
