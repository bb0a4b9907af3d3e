//! Deleting a workspace: softly, or for good.

use arm::{Error, ResourceId, machine_learning, operation};
use tfplugin::{Diagnostics, Model};

use crate::diagnostics;
use crate::view;
use crate::workspace::call::{self, Call};
use crate::workspace::model::Workspace;
use crate::workspace::{document, messages};

/// Deletes the workspace and waits until it is gone.
pub(super) async fn delete(call: Call, state: Workspace) -> Result<(), Diagnostics> {
    let state = state.to_value();
    let id = call.id(&state)?;
    let purge = view::is_true(&state, &["purge_on_destroy"]);
    match remove(&call, &id, purge).await {
        Ok(()) => Ok(()),
        Err(error) if error.is_cancelled() && error.outcome_unknown() => {
            Err(messages::delete_interrupted(&id).into())
        }
        Err(error) => Err(diagnostics::failure("Workspace Not Deleted", &error).into()),
    }
}

/// Asks for the deletion and waits until a read finds nothing.
async fn remove(call: &Call, id: &ResourceId, purge: bool) -> Result<(), Error> {
    let mut tries = call::TRIES;
    loop {
        tries -= 1;
        match call.workspaces().delete(id, purge, call.context()).await {
            Ok(None) => return Ok(()),
            Ok(Some(accepted)) => {
                accepted.wait(call.client(), call.context()).await?;
                return operation::gone(call.client(), id, machine_learning::API_VERSION, call.context())
                    .await;
            }
            Err(error) if tries > 0 && call.rests_again(id, &error).await => {}
            Err(error) if !error.outcome_unknown() || call::is_over(&error) || tries == 0 => {
                return Err(error);
            }
            // The deletion may have been accepted although the answer was lost: the workspace itself says.
            Err(error) => match call.workspaces().find(id, call.context()).await {
                Ok(None) => return Ok(()),
                Ok(Some(answer)) if document::is_deleting(&answer) => {
                    return operation::gone(call.client(), id, machine_learning::API_VERSION, call.context())
                        .await;
                }
                Ok(Some(_)) => {}
                Err(_) => return Err(error),
            },
        }
    }
}
