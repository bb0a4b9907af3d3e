//! Creating a workspace: look whether it exists, ask for it, wait for it.

use arm::operation::{self, State};
use arm::{Error, ResourceId, machine_learning, resources};
use serde_json::Value as Json;
use tfplugin::{Diagnostics, Model, Value};

use crate::diagnostics;
use crate::view;
use crate::workspace::call::{self, Call};
use crate::workspace::model::Workspace;
use crate::workspace::{document, messages};

/// Creates what is planned.
pub(super) async fn create(call: Call, plan: Workspace) -> Result<Workspace, Diagnostics> {
    let mut planned = plan.to_value();
    let id = call.id(&planned)?;
    view::put(&mut planned, &["id"], Value::from(id.as_str()));
    view::put(&mut planned, &["subscription_id"], Value::from(id.subscription_id().unwrap_or_default()));
    refuse_existing(&call, &id).await?;
    let location = location(&call, &id, &planned).await?;
    if view::is_true(&planned, &["purge_soft_deleted"]) {
        purge(&call, &id).await?;
    }
    let body = document::create_body(&planned, &location);
    match ask(&call, &id, &body, &planned).await? {
        Ok(answer) => finish(&call, &answer, &planned),
        Err(error) => unfinished(&call, &id, &planned, error).await,
    }
}

/// Asks for the workspace and waits for it. An inner error is that of a creation which was accepted.
async fn ask(
    call: &Call,
    id: &ResourceId,
    body: &Json,
    planned: &Value,
) -> Result<Result<Json, Error>, Diagnostics> {
    let mut tries = call::TRIES;
    loop {
        let error = match call.workspaces().create(id, body, call.context()).await {
            Ok(accepted) => {
                checkpoint(call, planned);
                let answer = accepted.wait(call.client(), call.context()).await;
                return Ok(answer.map(Option::unwrap_or_default));
            }
            Err(error) => error,
        };
        if !error.outcome_unknown() {
            return Err(messages::not_created(id, &error).into());
        }
        // The answer was lost, and the workspace may exist: then it is followed by what it says itself.
        let over = call::is_over(&error);
        let look =
            if over { call.last_look(id).await } else { call.workspaces().find(id, call.context()).await };
        match look {
            Ok(Some(_)) => {
                checkpoint(call, planned);
                if over {
                    return Ok(Err(error));
                }
                let version = machine_learning::API_VERSION;
                return Ok(operation::settled(call.client(), id, version, call.context()).await);
            }
            Ok(None) if !over && tries > 1 => tries -= 1,
            _ if error.is_cancelled() => return Err(messages::create_interrupted_early(id).into()),
            _ => return Err(messages::not_created(id, &error).into()),
        }
    }
}

/// A PUT over an existing workspace would overwrite it, so that one is not created but imported.
async fn refuse_existing(call: &Call, id: &ResourceId) -> Result<(), Diagnostics> {
    match call.workspaces().find(id, call.context()).await {
        Ok(None) => Ok(()),
        Ok(Some(_)) => Err(messages::exists_already(id).into()),
        Err(error) => Err(messages::not_created(id, &error).into()),
    }
}

/// The location that is configured, or else the group's.
async fn location(call: &Call, id: &ResourceId, planned: &Value) -> Result<String, Diagnostics> {
    if let Some(location) = view::text(planned, &["location"]) {
        return Ok(location.to_owned());
    }
    let Some(group) = id.resource_group_id() else { return Ok(String::new()) };
    match resources::find_group(call.client(), &group, call.context()).await {
        Ok(Some(found)) => Ok(found.location),
        Ok(None) => Err(messages::no_group(&group).into()),
        Err(error) => Err(messages::not_created(id, &error).into()),
    }
}

/// Removes a soft-deleted workspace of the name for good, if there is one.
async fn purge(call: &Call, id: &ResourceId) -> Result<(), Diagnostics> {
    let purged = async {
        match call.workspaces().delete(id, true, call.context()).await? {
            Some(accepted) => accepted.wait(call.client(), call.context()).await.map(drop),
            None => Ok(()),
        }
    };
    purged.await.map_err(|error| diagnostics::failure("Soft-Deleted Workspace Not Removed", &error).into())
}

/// What stands if nothing more comes: the workspace as planned, with its creation under way.
fn checkpoint(call: &Call, planned: &Value) {
    call.set_creating(true);
    call.default_tags_applied();
    call.cx.save_value(planned.clone());
}

/// The workspace as it is at the end of its creation.
fn finish(call: &Call, answer: &Json, planned: &Value) -> Result<Workspace, Diagnostics> {
    let object = call.object(answer, planned);
    call.set_creating(false);
    call.cx.save_value(object.clone());
    if State::of(answer).is_some_and(State::is_failure) {
        return Err(messages::created_unusable(
            view::text(&object, &["provisioning_state"]).unwrap_or_default(),
        )
        .into());
    }
    call::model(&object)
}

/// The creation was accepted and did not come to a good end in time.
async fn unfinished(
    call: &Call,
    id: &ResourceId,
    planned: &Value,
    error: Error,
) -> Result<Workspace, Diagnostics> {
    if error.is_cancelled() {
        call.cx.warn(messages::create_interrupted(id));
        return call::model(&call::known_or(planned, &Value::Null));
    }
    if error.is_deadline() {
        return Err(messages::create_timed_out(id, &error).into());
    }
    match call.workspaces().find(id, call.context()).await {
        Ok(None) => {
            call.set_creating(false);
            call.cx.forget_saved();
            Err(messages::not_created(id, &error).into())
        }
        Ok(Some(answer)) => {
            call.set_creating(false);
            call.cx.save_value(call.object(&answer, planned));
            Err(messages::create_left_something(&error).into())
        }
        // Nobody knows: the checkpoint stands, and the next refresh looks.
        Err(_) => Err(messages::not_created(id, &error).into()),
    }
}
