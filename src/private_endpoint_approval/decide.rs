//! Deciding: looking for the connection, writing its state, and knowing what became of that.

use arm::operation::{self, Unfinished};
use arm::{Error, Request, ResourceId};
use serde_json::Value as Json;
use tfplugin::{Diagnostics, Model, Value};

use super::{Approval, connection, messages, resource, version};
use crate::call::{self, Call};
use crate::target::{RESOURCE, WORKSPACE};
use crate::thing::{self, Thing};
use crate::{diagnostics, view};

const APPROVED: &str = "Approved";
const REJECTED: &str = "Rejected";
const DISCONNECTED: &str = "Disconnected";

/// What the endpoint's owner reads after a destroy with `reject_on_destroy`.
const WITHDRAWN: &str = "The approval was withdrawn";

/// Decides about a connection that waits for it; one that is decided the same way is taken over.
pub(super) async fn create(call: &Call<Approval>, plan: Approval) -> Result<Approval, Diagnostics> {
    let mut planned = plan.to_value();
    let target = resource(&planned).map_err(|error| error.diagnostic("Invalid Target"))?;
    let place = target.child(connection::CONNECTIONS, "-");
    let place = place.map_err(|error| thing::Unnamed::from(error).diagnostic("Invalid Target"))?;
    let version = version::of(call, &place).await?;
    let all = match connection::list(call, &target, &version).await {
        Ok(all) => all,
        Err(error) => return Err(not_listed(call, &target, &version, &error).await),
    };
    let found = match connection::meant(&all, &planned).as_slice() {
        [one] => *one,
        [] => return Err(messages::not_found(&target, &planned, &all).into()),
        several => return Err(messages::ambiguous(several).into()),
    };
    let name = connection::name(found);
    let id = target.child(connection::CONNECTIONS, name);
    let id = id.map_err(|error| thing::Unnamed::from(error).diagnostic("Invalid Name"))?;
    fill(&mut planned, &id, found);
    match connection::status(found) {
        status if status.eq_ignore_ascii_case(DISCONNECTED) => {
            return Err(messages::disconnected(&id, found).into());
        }
        status if status.eq_ignore_ascii_case(APPROVED) || status.eq_ignore_ascii_case(REJECTED) => {
            if is_decided(found, &planned) {
                return call::model(&call.object(found, &planned));
            }
            return Err(messages::decided_already(&id, found).into());
        }
        _ => {}
    }
    match put(call, &id, &version, &planned).await {
        Ok(answer) => call::model(&call.object(&answer, &planned)),
        Err(Unfinished { error, accepted: true }) if error.is_cancelled() => {
            call.cx.warn(crate::messages::update_interrupted(&id));
            call::model(&call::known_or(&planned, &Value::Null))
        }
        Err(Unfinished { error, .. }) if error.is_cancelled() && error.outcome_unknown() => {
            Err(messages::interrupted(&id).into())
        }
        Err(Unfinished { error, .. }) => Err(not_created(&error)),
    }
}

/// Why there is no list: the target is not there, or it is one that takes no connections.
async fn not_listed(call: &Call<Approval>, target: &ResourceId, version: &str, error: &Error) -> Diagnostics {
    // A type without connections is answered by a 404 as well, which says nothing about the target itself.
    if !matches!(error.status(), Some(404 | 405)) {
        return not_created(error);
    }
    let named = if call.cx.config::<String>(WORKSPACE).is_null() { RESOURCE } else { WORKSPACE };
    let read = Request::get(target, version);
    match call.client().find::<Json>(read, call.context()).await {
        Ok(None) => messages::no_target(target, named).into(),
        Ok(Some(_)) => messages::without_connections(target, named).into(),
        Err(_) => not_created(error),
    }
}

fn not_created(error: &Error) -> Diagnostics {
    crate::messages::not_created(&Approval::WORDS, error).into()
}

/// What the list says of the connection that is meant.
fn fill(planned: &mut Value, id: &ResourceId, found: &Json) {
    view::put(planned, &["id"], Value::from(id.as_str()));
    for (name, text) in [(super::CONNECTION, id.name()), ("private_endpoint_id", connection::endpoint(found))]
    {
        if view::member(planned, &[name]).is_unknown() {
            view::put(planned, &[name], Value::from(text));
        }
    }
}

/// Whether what is planned has been decided, with the words where there are any.
fn is_decided(found: &Json, planned: &Value) -> bool {
    let status = view::text(planned, &["status"]).unwrap_or(APPROVED);
    let words = view::text(planned, &["description"]);
    connection::status(found).eq_ignore_ascii_case(status)
        && words.is_none_or(|words| words == connection::description(found))
}

/// Writes what is planned, waits for it, and gives the connection back. After a lost answer the connection says whether there
/// is anything left to write.
async fn put(
    call: &Call<Approval>,
    id: &ResourceId,
    version: &str,
    planned: &Value,
) -> Result<Json, Unfinished> {
    let body = thing::create_body(Approval::FIELDS, planned);
    let next = |found: Option<&Json>| {
        if found.is_some_and(|found| is_decided(found, planned)) {
            return Ok(None);
        }
        Request::put(id, version, &body).map(|request| Some(Approval::prepared(request, planned)))
    };
    operation::update(call.client(), call.context(), next).await
}

/// Decides anew.
pub(super) async fn update(
    call: &Call<Approval>,
    prior: Approval,
    plan: Approval,
) -> Result<Approval, Diagnostics> {
    let (prior, planned) = (prior.to_value(), plan.to_value());
    let id = call.id(&prior)?;
    if Approval::change(&prior, &planned).is_none() {
        return call::model(&call::known_or(&planned, &prior));
    }
    let version = version::of(call, &id).await?;
    match put(call, &id, &version, &planned).await {
        Ok(answer) => call::model(&call.object(&answer, &planned)),
        Err(Unfinished { error, accepted: true }) if error.is_cancelled() => {
            call.cx.warn(crate::messages::update_interrupted(&id));
            call::model(&call::known_or(&planned, &prior))
        }
        Err(Unfinished { error, .. }) => {
            let title = crate::messages::title(&Approval::WORDS, "Not Updated");
            Err(diagnostics::failure(&title, &error).into())
        }
    }
}

/// Leaves the decision, or rejects the connection where that is wanted.
pub(super) async fn withdraw(call: &Call<Approval>, state: Approval) -> Result<(), Diagnostics> {
    let mut state = state.to_value();
    if !view::is_true(&state, &["reject_on_destroy"]) {
        return Ok(());
    }
    let id = call.id(&state)?;
    let version = version::of(call, &id).await?;
    let failed = |error: &Error| -> Diagnostics {
        if error.is_absent() {
            return Diagnostics::new();
        }
        diagnostics::failure(&crate::messages::title(&Approval::WORDS, "Not Withdrawn"), error).into()
    };
    let found = connection::read(call, &id, &version).await.map_err(|error| failed(&error))?;
    // A connection that is gone, or over in some way, needs no rejection.
    if found.is_none_or(|found| !connection::status(&found).eq_ignore_ascii_case(APPROVED)) {
        return Ok(());
    }
    view::put(&mut state, &["status"], Value::from(REJECTED));
    view::put(&mut state, &["description"], Value::from(WITHDRAWN));
    match put(call, &id, &version, &state).await {
        Ok(_) => Ok(()),
        Err(Unfinished { error, .. }) if error.is_absent() => Ok(()),
        Err(Unfinished { error, .. }) => Err(failed(&error)),
    }
}
