//! Deleting a resource.

use arm::operation;
use tfplugin::Diagnostics;

use crate::call::Call;
use crate::thing::Thing;
use crate::{diagnostics, messages};

/// Deletes the resource and waits until it is gone.
pub(crate) async fn delete<T: Thing>(call: &Call<T>, state: T) -> Result<(), Diagnostics> {
    let state = state.to_value();
    let id = call.id(&state)?;
    let request = T::removal(&id, &state).retry_codes(T::RETRY_CODES);
    match operation::delete(call.client(), request, call.context()).await {
        Ok(()) => Ok(()),
        Err(error) if error.is_cancelled() && error.outcome_unknown() => {
            Err(messages::delete_interrupted(&T::WORDS, &id).into())
        }
        Err(error) => Err(diagnostics::failure(&messages::title(&T::WORDS, "Not Deleted"), &error).into()),
    }
}
