//! Creating a resource: look whether it exists, ask for it, wait for it.

use arm::operation::{self, State, Unfinished};
use arm::{Error, ResourceId, resources};
use serde_json::Value as Json;
use tfplugin::{Diagnostic, Diagnostics, Value};

use crate::call::{self, Call};
use crate::life::refusal_of;
use crate::thing::Thing;
use crate::{messages, view};

/// A creation whose way is free.
#[derive(Debug)]
pub(crate) struct Creation {
    /// The ID that the resource will have.
    pub(crate) id: ResourceId,
    /// The planned object, with ID, subscription and location filled in.
    pub(crate) planned: Value,
}

impl Creation {
    /// Names the resource, refuses to overwrite one that exists, and finds the location.
    pub(crate) async fn begin<T: Thing>(call: &Call<T>, plan: T) -> Result<Self, Diagnostics> {
        let mut planned = plan.to_value();
        let id = call.id(&planned)?;
        view::put(&mut planned, &["id"], Value::from(id.as_str()));
        let subscription = id.subscription_id().unwrap_or_default();
        view::put(&mut planned, &["subscription_id"], Value::from(subscription));
        refuse_existing(call, &id, &planned).await?;
        // Where no location is configured, it is the group's.
        if view::member(&planned, &["location"]).is_unknown() {
            let location = location(call, &id, &planned).await?;
            view::put(&mut planned, &["location"], Value::from(location));
        }
        Ok(Self { id, planned })
    }

    /// Asks for the resource and waits for it.
    pub(crate) async fn finish<T: Thing>(self, call: &Call<T>) -> Result<T, Diagnostics> {
        let Self { id, planned } = self;
        let body = T::create_body(&planned);
        match ask(call, &id, &body, &planned).await? {
            Ok(answer) => made(call, &answer, &planned),
            Err(error) => unfinished(call, &id, &planned, error).await,
        }
    }
}

/// What a user reads when the resource could not be created.
fn not_created<T: Thing>(call: &Call<T>, id: &ResourceId, error: &Error, planned: &Value) -> Diagnostic {
    refusal_of(call, id, error, "Not Created", planned)
}

/// A PUT over an existing resource would overwrite it, so that one is not created but imported.
async fn refuse_existing<T: Thing>(
    call: &Call<T>,
    id: &ResourceId,
    planned: &Value,
) -> Result<(), Diagnostics> {
    match call.find(id).await {
        Ok(None) => Ok(()),
        Ok(Some(_)) => Err(messages::exists_already(&T::WORDS, id).into()),
        Err(error) => Err(not_created(call, id, &error, planned).into()),
    }
}

/// The location of the group.
async fn location<T: Thing>(call: &Call<T>, id: &ResourceId, planned: &Value) -> Result<String, Diagnostics> {
    let Some(group) = id.resource_group_id() else { return Ok(String::new()) };
    match resources::find_group(call.client(), &group, call.context()).await {
        Ok(Some(found)) => Ok(found.location),
        Ok(None) => Err(messages::no_group(&group).into()),
        Err(error) => Err(not_created(call, id, &error, planned).into()),
    }
}

/// Asks for the resource and waits for it. An inner error is that of a creation which was accepted.
async fn ask<T: Thing>(
    call: &Call<T>,
    id: &ResourceId,
    body: &Json,
    planned: &Value,
) -> Result<Result<Json, Error>, Diagnostics> {
    let request = T::creating(id, body).map_err(|error| not_created(call, id, &error, planned))?;
    let request = T::prepared(request, planned);
    let accepted = || checkpoint(call, planned);
    match operation::create(call.client(), request, call.context(), accepted).await {
        Ok(answer) => Ok(Ok(answer)),
        Err(Unfinished { error, accepted: true }) => Ok(Err(error)),
        // Somebody else was quicker, after the look that found nothing.
        Err(Unfinished { error, .. }) if T::CREATE_ONLY && error.is_precondition_failed() => {
            Err(messages::exists_already(&T::WORDS, id).into())
        }
        Err(Unfinished { error, .. }) if error.is_cancelled() && error.outcome_unknown() => {
            Err(messages::create_interrupted_early(&T::WORDS, id).into())
        }
        // What the service itself has said is told with what to do about it.
        Err(Unfinished { error, .. }) if error.outcome_unknown() && error.status().is_none() => {
            Err(messages::create_unanswered(&T::WORDS, id, &error).into())
        }
        Err(Unfinished { error, .. }) => Err(not_created(call, id, &error, planned).into()),
    }
}

/// What stands if nothing more comes: the resource as planned, with its creation under way.
fn checkpoint<T: Thing>(call: &Call<T>, planned: &Value) {
    call.set_creating(true);
    call.default_tags_applied();
    call.cx.save_value(planned.clone());
}

/// The resource as it is at the end of its creation.
fn made<T: Thing>(call: &Call<T>, answer: &Json, planned: &Value) -> Result<T, Diagnostics> {
    let object = call.object(answer, planned);
    call.set_creating(false);
    call.cx.save_value(object.clone());
    if State::of_resource(answer).is_some_and(State::is_failure) {
        return Err(messages::created_unusable(&T::WORDS, call::provisioning_state(answer)).into());
    }
    call::model(&object)
}

/// The creation was accepted and did not come to a good end in time.
async fn unfinished<T: Thing>(
    call: &Call<T>,
    id: &ResourceId,
    planned: &Value,
    error: Error,
) -> Result<T, Diagnostics> {
    if error.is_cancelled() {
        call.cx.warn(messages::create_interrupted(&T::WORDS, id));
        return call::model(&call::known_or(planned, &Value::Null));
    }
    if error.is_deadline() {
        return Err(messages::create_timed_out(&T::WORDS, id, &error).into());
    }
    // Where Azure has not said that it failed, only nothing that could be followed, the resource itself tells.
    let is_told = matches!(&error, Error::Service(error) if error.operation);
    let looked = if is_told { call.find(id).await } else { call.settled(id).await.map(Some) };
    match looked {
        Ok(Some(answer)) if !is_told => made(call, &answer, planned),
        Ok(Some(answer)) => {
            call.set_creating(false);
            call.cx.save_value(call.object(&answer, planned));
            Err(messages::create_left_something(&T::WORDS, not_created(call, id, &error, planned)).into())
        }
        Err(looked) if !looked.is_absent() => {
            // Nobody knows. An error would have the next apply destroy what may be sound: the checkpoint stands, and the next refresh
            // looks.
            call.cx.warn(messages::create_unseen(&T::WORDS, id, &error));
            call::model(&call::known_or(planned, &Value::Null))
        }
        _ => {
            call.set_creating(false);
            call.cx.forget_saved();
            Err(not_created(call, id, &error, planned).into())
        }
    }
}
