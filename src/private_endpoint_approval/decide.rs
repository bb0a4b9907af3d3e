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
    match standing(found, &planned) {
        Standing::Unread => return Err(messages::no_status(&id).into()),
        Standing::Over => return Err(messages::disconnected(&id, found).into()),
        Standing::Otherwise => return Err(messages::decided_already(&id, found).into()),
        Standing::Decided => return call::model(&call.object(found, &planned)),
        Standing::Open => {}
    }
    match put(call, &id, &version, &planned).await {
        Ok(answer) => call::model(&call.object(&answer, &planned)),
        Err(Unfinished { error, accepted: true }) if error.is_cancelled() => {
            call.set_update_failed(&["status".to_owned()].into());
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
    if !error.is_services() || !matches!(error.status(), Some(404 | 405)) {
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

/// How a connection stands to the decision that is planned for it.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// Nobody can say.
    Unread,
    /// It leads nowhere any more.
    Over,
    /// It is decided as planned.
    Decided,
    /// It is decided, and not as planned.
    Otherwise,
    /// It waits for the decision, or the same one has failed.
    Open,
}

/// How a connection stands to the decision that is planned for it.
fn standing(found: &Json, planned: &Value) -> Standing {
    let Some(status) = connection::status(found) else { return Standing::Unread };
    let is = |other: &str| status.eq_ignore_ascii_case(other);
    if is(DISCONNECTED) {
        Standing::Over
    } else if !is(APPROVED) && !is(REJECTED) {
        Standing::Open
    } else if !says(found, planned) {
        Standing::Otherwise
    } else if is_decided(found, planned) {
        Standing::Decided
    } else {
        Standing::Open
    }
}

/// Whether a connection says what is planned, with the words where there are any.
fn says(found: &Json, planned: &Value) -> bool {
    let status = view::text(planned, &["status"]).unwrap_or(APPROVED);
    let words = view::text(planned, &["description"]);
    connection::status(found).is_some_and(|found| found.eq_ignore_ascii_case(status))
        && words.is_none_or(|words| words == connection::description(found))
}

/// Whether what is planned has been decided, and has not failed.
fn is_decided(found: &Json, planned: &Value) -> bool {
    says(found, planned) && !connection::has_failed(found)
}

/// Whether a destroy that is to reject a connection leaves it: it is over in some way. What cannot be read is rejected, and so is
/// again what was not to the end.
fn needs_no_rejection(found: &Json) -> bool {
    let is = |status: &str, other: &str| status.eq_ignore_ascii_case(other);
    let over = |status| !is(status, APPROVED) && (!connection::has_failed(found) || is(status, DISCONNECTED));
    connection::status(found).is_some_and(over)
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
    let again = call.failed_update();
    if Approval::change(&prior, &planned).is_none() && again.is_none() {
        return call::model(&call::known_or(&planned, &prior));
    }
    let undecided = || call.set_update_failed(&["status".to_owned()].into());
    let version = version::of(call, &id).await?;
    match put(call, &id, &version, &planned).await {
        Ok(answer) => {
            call.forget_failures();
            call::model(&call.object(&answer, &planned))
        }
        Err(Unfinished { error, accepted: true }) if error.is_cancelled() => {
            undecided();
            call.cx.warn(crate::messages::update_interrupted(&id));
            call::model(&call::known_or(&planned, &prior))
        }
        Err(Unfinished { error, .. }) => {
            undecided();
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
        diagnostics::failure(&crate::messages::title(&Approval::WORDS, "Not Withdrawn"), error).into()
    };
    let found = connection::read(call, &id, &version).await.map_err(|error| failed(&error))?;
    // One that is gone neither.
    if found.is_none_or(|found| needs_no_rejection(&found)) {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(status: Json) -> Json {
        let state = json!({"status": status, "description": "as agreed"});
        json!({"properties": {"privateLinkServiceConnectionState": state, "provisioningState": "Succeeded"}})
    }

    fn planned(status: &str) -> Value {
        Value::object([("status", Value::from(status)), ("description", Value::Null)])
    }

    #[test]
    fn a_status_that_is_no_text_is_neither_put_over_nor_taken_for_a_withdrawal() {
        for odd in [json!(["Approved"]), json!({"x": 1}), json!(1), json!(""), Json::Null] {
            assert_eq!(standing(&found(odd.clone()), &planned(APPROVED)), Standing::Unread, "{odd}");
            assert!(!needs_no_rejection(&found(odd)));
        }
        assert_eq!(standing(&json!({"properties": "x"}), &planned(APPROVED)), Standing::Unread);
        assert!(!needs_no_rejection(&found(json!("approved"))));
        for over in ["Pending", "Rejected", "Disconnected", "Other"] {
            assert!(needs_no_rejection(&found(json!(over))), "{over}");
        }
    }

    #[test]
    fn a_decision_that_failed_is_none() {
        let mut failed = found(json!("Approved"));
        assert_eq!(standing(&failed, &planned("approved")), Standing::Decided);
        failed["properties"]["provisioningState"] = json!("Failed");
        assert_eq!(standing(&failed, &planned("approved")), Standing::Open);
        assert!(!is_decided(&failed, &planned("approved")));
        assert_eq!(standing(&failed, &planned(REJECTED)), Standing::Otherwise);
        for (status, leaves) in [("Rejected", false), ("Disconnected", true)] {
            failed["properties"]["privateLinkServiceConnectionState"]["status"] = json!(status);
            assert_eq!(needs_no_rejection(&failed), leaves, "{status}");
        }
        assert_eq!(standing(&found(json!("Pending")), &planned(APPROVED)), Standing::Open);
        assert_eq!(standing(&found(json!("disconnected")), &planned(APPROVED)), Standing::Over);
    }
}
