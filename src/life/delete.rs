//! Deleting a resource.

use arm::{Error, ResourceId, operation};
use tfplugin::{Diagnostics, Value};

use crate::call::{self, Call};
use crate::thing::Thing;
use crate::{diagnostics, messages};

/// Deletes the resource and waits until it is gone.
pub(crate) async fn delete<T: Thing>(call: &Call<T>, state: T) -> Result<(), Diagnostics> {
    let state = state.to_value();
    let id = call.id(&state)?;
    match remove(call, &id, &state).await {
        Ok(()) => Ok(()),
        Err(error) if error.is_cancelled() && error.outcome_unknown() => {
            Err(messages::delete_interrupted(&T::WORDS, &id).into())
        }
        Err(error) => Err(diagnostics::failure(&messages::title(&T::WORDS, "Not Deleted"), &error).into()),
    }
}

/// Asks for the deletion and waits until a read finds nothing.
async fn remove<T: Thing>(call: &Call<T>, id: &ResourceId, state: &Value) -> Result<(), Error> {
    let mut tries = call::TRIES;
    loop {
        tries -= 1;
        match operation::start(call.client(), T::removal(id, state), call.context()).await {
            Ok(accepted) => {
                accepted.wait(call.client(), call.context()).await?;
                return call.gone(id).await;
            }
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) if tries > 0 && call.rests_again(id, &error).await => {}
            Err(error) if !error.outcome_unknown() || call::is_over(&error) || tries == 0 => {
                return Err(error);
            }
            // The deletion may have been accepted although the answer was lost: the resource itself says.
            Err(error) => match call.find(id).await {
                Ok(None) => return Ok(()),
                Ok(Some(answer)) if call::is_deleting(&answer) => return call.gone(id).await,
                Ok(Some(_)) => {}
                Err(_) => return Err(error),
            },
        }
    }
}
