//! Changing a resource by what changed.

use std::collections::BTreeSet;

use arm::operation::{self, State, Unfinished};
use arm::{Error, ResourceId};
use serde_json::{Value as Json, json};
use tfplugin::schema::{Field, Nesting};
use tfplugin::{Diagnostics, Value};

use crate::call::{self, Call};
use crate::document::Misfits;
use crate::life::refusal_of;
use crate::thing::Thing;
use crate::{messages, tags, view};

/// Makes the resource what is planned.
pub(crate) async fn update<T: Thing>(call: &Call<T>, prior: T, plan: T) -> Result<T, Diagnostics> {
    let (prior, planned) = (prior.to_value(), plan.to_value());
    let id = call.id(&prior)?;
    let again = call.failed_update();
    if T::change(&prior, &planned).is_none() && again.is_none() {
        // What changed is no concern of Azure's.
        call.default_tags_applied();
        return call::model(&call::known_or(&planned, &prior));
    }
    let again = again.unwrap_or_default();
    let mut changed = again.clone();
    changes(T::FIELDS, &prior, &planned, "", &mut changed);
    let answer = match change(call, &id, &prior, &planned, &again, &changed).await {
        Ok(answer) => answer,
        Err(error) => {
            call.set_update_failed(&changed);
            return Err(failed(call, &id, &prior, &planned, error).await);
        }
    };
    call.default_tags_applied();
    match answer {
        Some(answer) => {
            call.forget_failures();
            call::model(&call.object(&answer, &planned))
        }
        None => {
            call.set_update_failed(&changed);
            call.cx.warn(messages::update_interrupted(&id));
            call::model(&call::known_or(&planned, &prior))
        }
    }
}

/// The attributes that an update changes, by their paths.
fn changes(fields: &[Field], prior: &Value, planned: &Value, within: &str, found: &mut BTreeSet<String>) {
    for field in fields {
        let (old, new) = (view::member(prior, &[field.name]), view::member(planned, &[field.name]));
        let path = format!("{within}{}", field.name);
        match (field.nested(), old, new) {
            _ if !new.is_wholly_known() || field.same(old, new) => {}
            (Some((Nesting::Single, fields)), Value::Object(_), Value::Object(_)) => {
                changes(fields, old, new, &format!("{path}."), found);
            }
            _ => {
                found.insert(path);
            }
        }
    }
}

/// The body that makes `prior` what is planned, with what an earlier update was `again` to change that did not come to a good
/// end: Azure may show these values, and be in a failed state all the same.
fn body<T: Thing>(prior: &Value, planned: &Value, again: &BTreeSet<String>) -> Json {
    let mut before = prior.clone();
    for path in again {
        view::put(&mut before, &path.split('.').collect::<Vec<_>>(), Value::Unknown);
    }
    // Where none of them is sent, any update does it: of the tags, as they are.
    let mut body =
        T::change(&before, planned).unwrap_or_else(|| match view::member(planned, &["tags_all"]) {
            Value::Map(_) if !T::WHOLE => {
                json!({ tags::MEMBER: tags::of_value(view::member(planned, &["tags_all"])) })
            }
            _ => json!({}),
        });
    // What is taken away follows only from what is there.
    if let Some(change) = T::change(prior, planned) {
        lay_over(&mut body, change);
    }
    body
}

/// Puts the members of one body over those of another, however deep they lie.
fn lay_over(body: &mut Json, over: Json) {
    match (body, over) {
        (Json::Object(members), Json::Object(over)) => {
            for (name, value) in over {
                lay_over(members.entry(name).or_insert(Json::Null), value);
            }
        }
        (body, over) => *body = over,
    }
}

/// Whether a look at the resource leaves open what has become of an attribute that the update changes: what is not believed of
/// it reads as if the update had been carried out.
fn leaves_open<T: Thing>(answer: &Json, planned: &Value, changed: &BTreeSet<String>) -> bool {
    let within = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let tags = changed.contains(tags::MEMBER) || changed.contains("tags_all");
    let mut misfits = Misfits::default();
    T::read(answer, planned, false, &mut misfits);
    let is_changed = |path: String| changed.iter().any(|one| within(one, &path) || within(&path, one));
    tags && tags::of_document(answer).is_err() || misfits.paths().any(|path| is_changed(path.to_string()))
}

/// Sends what changed and waits for it. Nothing comes back where the user interrupts what Azure has accepted.
async fn change<T: Thing>(
    call: &Call<T>,
    id: &ResourceId,
    prior: &Value,
    planned: &Value,
    again: &BTreeSet<String>,
    changed: &BTreeSet<String>,
) -> Result<Option<Json>, Error> {
    let there = if T::WHOLE { Some(call.settled(id).await?) } else { None };
    let next = |found: Option<&Json>| {
        let change = match found {
            // Of what may have been sent already, what is left.
            Some(answer)
                if !State::of_resource(answer).is_some_and(State::is_failure)
                    && !leaves_open::<T>(answer, planned, changed) =>
            {
                match T::change(&call.object(answer, planned), planned) {
                    Some(change) => change,
                    None => return Ok(None),
                }
            }
            _ => body::<T>(prior, planned, again),
        };
        let body = match found.or(there.as_ref()) {
            Some(document) if T::WHOLE => {
                is_whole::<T>(id, document, prior)?;
                T::whole(document, change, planned)
            }
            _ => change,
        };
        T::changing(id, &body).map(|request| Some(T::prepared(request, planned)))
    };
    match operation::update(call.client(), call.context(), next).await {
        Ok(answer) => Ok(Some(answer)),
        Err(Unfinished { error, accepted: true }) if error.is_cancelled() => Ok(None),
        Err(Unfinished { error, .. }) => Err(error),
    }
}

/// Whether a document that an update puts again has all that the resource cannot be without: what it lacks would be taken away.
fn is_whole<T: Thing>(id: &ResourceId, document: &Json, prior: &Value) -> Result<(), Error> {
    let mut misfits = Misfits::default();
    T::read(document, prior, false, &mut misfits);
    let mut lacks: Vec<String> = misfits.paths().map(ToString::to_string).collect();
    if tags::of_document(document).is_err() {
        lacks.push(tags::MEMBER.to_owned());
    }
    if lacks.is_empty() {
        return Ok(());
    }
    let problem =
        format!("the update puts the whole document, and this one cannot be read in {}", lacks.join(", "));
    Err(Error::Answer { request: T::reading(id).describe(), problem, request_id: None })
}

/// Says why, and keeps what the resource really is now: a part of the change may have been made.
async fn failed<T: Thing>(
    call: &Call<T>,
    id: &ResourceId,
    prior: &Value,
    planned: &Value,
    error: Error,
) -> Diagnostics {
    let look = if error.is_over() { call.last_look(id).await } else { call.find(id).await };
    if let Ok(Some(answer)) = look {
        call.cx.save_value(call.object(&answer, prior));
    }
    refusal_of(call, id, &error, "Not Updated", planned).into()
}

#[cfg(test)]
mod tests;
