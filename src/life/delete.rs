//! Deleting a resource.

use arm::ResourceId;
use arm::operation::{self, Unfinished};
use tfplugin::{Diagnostic, Diagnostics};

use crate::call::Call;
use crate::life::refusal;
use crate::messages;
use crate::thing::Thing;

/// Deletes the resource and waits until it is gone.
pub(crate) async fn delete<T: Thing>(call: &Call<T>, state: T) -> Result<(), Diagnostics> {
    let state = state.to_value();
    let id = call.id(&state)?;
    let request = T::prepared(T::removal(&id, &state), &state);
    let deleted = operation::delete(call.client(), request, call.context()).await;
    deleted.map_err(|unfinished| not_deleted::<T>(&id, &unfinished).into())
}

/// What a user reads when the resource could not be deleted.
pub(crate) fn not_deleted<T: Thing>(id: &ResourceId, unfinished: &Unfinished) -> Diagnostic {
    let Unfinished { error, accepted } = unfinished;
    match error.is_cancelled() {
        true if *accepted => messages::delete_interrupted(&T::WORDS, id),
        true if error.outcome_unknown() => messages::delete_interrupted_early(&T::WORDS, id),
        _ => refusal::<T>(id, error, "Not Deleted"),
    }
}
