//! Deleting a resource.

use arm::{Error, ResourceId, operation};
use tfplugin::{Diagnostic, Diagnostics};

use crate::call::Call;
use crate::thing::Thing;
use crate::{diagnostics, messages};

/// Deletes the resource and waits until it is gone.
pub(crate) async fn delete<T: Thing>(call: &Call<T>, state: T) -> Result<(), Diagnostics> {
    let state = state.to_value();
    let id = call.id(&state)?;
    let request = T::prepared(T::removal(&id, &state), &state);
    let deleted = operation::delete(call.client(), request, call.context()).await;
    deleted.map_err(|error| not_deleted::<T>(&id, &error).into())
}

/// What a user reads when the resource could not be deleted.
pub(crate) fn not_deleted<T: Thing>(id: &ResourceId, error: &Error) -> Diagnostic {
    if error.is_cancelled() && error.outcome_unknown() {
        return messages::delete_interrupted(&T::WORDS, id);
    }
    diagnostics::failure(&messages::title(&T::WORDS, "Not Deleted"), error)
}
