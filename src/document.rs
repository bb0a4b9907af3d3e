//! Between attributes and the remote document, by the tables: a field's `api` names the member that it is.
//!
//! Three ways lead through here: an object as planned becomes the body of a create, the difference of two objects the body of
//! an update, and an answer an object again. Fields without `api` are left to their resource. Single nested
//! attributes are walked into; their fields name members from the document's root.

use serde_json::{Map, Value as Json};
use tfplugin::schema::{Field, Nesting, Replaces, Shape};
use tfplugin::{Number, Value};

use crate::view;

mod misfit;

pub(crate) use misfit::{Misfit, Misfits, Unfit};

/// The body that creates what is planned: every configurable member that has a value.
pub(crate) fn create_body(fields: &[Field], planned: &Value) -> Json {
    let mut body = Json::Object(Map::new());
    for_each_member(fields, &mut |field, api, path| {
        if let Some(json) = Some(view::member(planned, path))
            .filter(|value| !value.is_null())
            .and_then(|value| written(field, value))
        {
            put(&mut body, api, json);
        }
    });
    body
}

/// The body that makes `prior` what is planned: what changed, and nothing where nothing did.
///
/// What is unknown or unchanged is absent; what is removed is what its field says that clears it.
pub(crate) fn patch_body(fields: &[Field], prior: &Value, planned: &Value) -> Option<Json> {
    let mut body = Json::Object(Map::new());
    for_each_member(fields, &mut |field, api, path| {
        let (old, new) = (view::member(prior, path), view::member(planned, path));
        if field.same(old, new) {
            return;
        }
        let clear = field.clear.value(&field.shape);
        let new = if new.is_null() { &clear } else { new };
        if let Some(json) = written(field, new) {
            put(&mut body, api, json);
        }
    });
    body.as_object().is_some_and(|members| !members.is_empty()).then_some(body)
}

/// The object that a document describes. What has no member there stays as it was.
///
/// Absent, null and empty are one thing. What only looks different from before, such as an ID in another casing, stays as it
/// was; so does an attribute that is not set while the service has its own default, unless this is the `first` reading
/// after an import, which takes everything. What cannot be believed stays as it was and is noted, as [`settled`] says.
pub(crate) fn read(
    fields: &'static [Field],
    document: &Json,
    prior: &Value,
    first: bool,
    misfits: &mut Misfits,
) -> Value {
    Value::object(fields.iter().map(|field| {
        let old = view::member(prior, &[field.name]);
        let value = match (field.api, field.nested()) {
            (Some(api), _) => settled(field, old, taken(&field.shape, get(document, api)), first, misfits),
            (None, Some((Nesting::Single, nested))) if is_remote(nested) => {
                let object =
                    misfits.within(field.name, |misfits| read(nested, document, old, first, misfits));
                let empty = object.entries().is_none_or(|members| members.values().all(Value::is_null));
                if empty { Value::Null } else { object }
            }
            _ => old.clone(),
        };
        (field.name, value)
    }))
}

/// What an attribute is after a read, by what its member says.
///
/// A member of another shape than its document gives it is not believed: the value of before stays. So it does where a member is
/// missing that the resource cannot be without, or whose loss would replace it: no answer is a reason to replace what is sound.
/// Anything else that is missing is read as it is, and an update can set it again.
pub(crate) fn settled(
    field: &Field,
    old: &Value,
    fresh: Result<Value, Unfit>,
    first: bool,
    misfits: &mut Misfits,
) -> Value {
    let fresh = match fresh {
        Ok(fresh) => fresh,
        Err(unfit) => {
            misfits.note(field.name, Misfit::Bent(unfit));
            return known(old);
        }
    };
    let stays = field.required || !matches!(field.replaces, Replaces::No);
    if stays && fresh.is_null() && !says_nothing(old) {
        misfits.note(field.name, Misfit::Missing);
        return old.clone();
    }
    field.read_back(old, &if field.configurable() { fresh } else { listed(field, fresh) }, first)
}

/// What was known before.
fn known(old: &Value) -> Value {
    if old.is_wholly_known() { old.clone() } else { Value::Null }
}

/// Whether there is nothing that could get lost.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Unknown => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) | Value::Set(items) => items.is_empty(),
        _ => false,
    }
}

/// The member of a document that a path such as `properties.keyVault` names; null where there is none.
pub(crate) fn get<'a>(document: &'a Json, api: &str) -> &'a Json {
    static NULL: Json = Json::Null;
    api.split('.').try_fold(document, |at, name| member(at, name)).unwrap_or(&NULL)
}

/// Puts a value where a path such as `properties.keyVault` leads, making the objects on the way.
pub(crate) fn put(document: &mut Json, api: &str, value: Json) {
    let mut at = document;
    for name in api.split('.') {
        if !at.is_object() {
            *at = Json::Object(Map::new());
        }
        let Json::Object(members) = at else { return };
        at = members.entry(name).or_insert(Json::Null);
    }
    *at = value;
}

/// A member by its name; the services do not always keep to the casing that they document.
fn member<'a>(object: &'a Json, name: &str) -> Option<&'a Json> {
    let members = object.as_object()?;
    members
        .get(name)
        .or_else(|| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// Visits every configurable field that has a member, with its path of attributes.
fn for_each_member(fields: &[Field], visit: &mut dyn FnMut(&Field, &str, &[&str])) {
    fn walk(fields: &[Field], path: &mut Vec<&'static str>, visit: &mut dyn FnMut(&Field, &str, &[&str])) {
        for field in fields.iter().filter(|field| field.configurable()) {
            path.push(field.name);
            match (field.api, field.nested()) {
                (Some(api), _) => visit(field, api, path),
                (None, Some((Nesting::Single, nested))) => walk(nested, path, visit),
                _ => {}
            }
            path.pop();
        }
    }
    walk(fields, &mut Vec::new(), visit);
}

/// A collection that only the service fills is empty rather than null where there is nothing in it, so that configurations can
/// go through it.
fn listed(field: &Field, fresh: Value) -> Value {
    match (&field.shape, fresh) {
        (Shape::List(_), Value::Null) => Value::List(Vec::new()),
        (Shape::Set(_), Value::Null) => Value::set_of([]),
        (_, fresh) => fresh,
    }
}

/// Whether any of the fields has a member in the document.
fn is_remote(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.api.is_some())
}

/// A value as JSON; nothing where it is unknown, or in part.
fn written(field: &Field, value: &Value) -> Option<Json> {
    Some(match value {
        Value::Unknown => return None,
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => serde_json::from_str(&number.to_string()).ok()?,
        Value::String(text) => {
            // Enumerations may be configured in any casing, and are sent in the service's.
            let known = field.one_of.iter().find(|known| known.eq_ignore_ascii_case(text));
            Json::String(known.map_or_else(|| text.clone(), |known| (*known).to_owned()))
        }
        Value::List(items) | Value::Set(items) | Value::Tuple(items) => {
            Json::Array(items.iter().map(|item| written(field, item)).collect::<Option<_>>()?)
        }
        Value::Map(members) | Value::Object(members) => Json::Object(
            members
                .iter()
                .map(|(key, value)| Some((key.clone(), written(field, value)?)))
                .collect::<Option<_>>()?,
        ),
        Value::Dynamic(inner) => written(field, &inner.1)?,
    })
}

/// A member as a value of the shape; null where it is absent or empty.
pub(crate) fn taken(shape: &Shape, json: &Json) -> Result<Value, Unfit> {
    Ok(match (shape, json) {
        (_, Json::Null) => Value::Null,
        (Shape::Bool, Json::Bool(value)) => Value::Bool(*value),
        // Templates and older services write truths as text.
        (Shape::Bool, Json::String(text)) if text.eq_ignore_ascii_case("true") => Value::Bool(true),
        (Shape::Bool, Json::String(text)) if text.eq_ignore_ascii_case("false") => Value::Bool(false),
        (Shape::Integer, Json::Number(number)) if number.as_i64().is_none() => {
            return Err(Unfit::of(shape, json));
        }
        (Shape::Number | Shape::Integer, Json::Number(number)) => {
            let number = number.to_string().parse::<Number>();
            Value::Number(number.map_err(|_| Unfit::of(shape, json))?)
        }
        (Shape::String, Json::String(text)) if text.is_empty() => Value::Null,
        (Shape::String, Json::String(text)) => Value::string(text),
        (Shape::String, Json::Number(number)) => Value::string(number.to_string()),
        (Shape::List(_) | Shape::Set(_), Json::Array(items)) if items.is_empty() => Value::Null,
        (Shape::List(element), Json::Array(items)) => Value::List(elements(element, items)?),
        (Shape::Set(element), Json::Array(items)) => Value::set_of(elements(element, items)?),
        (Shape::Map(_), Json::Object(members)) if members.is_empty() => Value::Null,
        (Shape::Map(element), Json::Object(members)) => {
            let members = members.iter().map(|(key, value)| Ok((key.clone(), element_of(element, value)?)));
            Value::map(members.collect::<Result<Vec<_>, Unfit>>()?)
        }
        _ => return Err(Unfit::of(shape, json)),
    })
}

fn elements(element: &Shape, items: &[Json]) -> Result<Vec<Value>, Unfit> {
    items.iter().map(|item| element_of(element, item)).collect()
}

/// An element, which is never nothing.
fn element_of(element: &Shape, item: &Json) -> Result<Value, Unfit> {
    if item.is_null() { Err(Unfit::of(element, item)) } else { taken(element, item) }
}

#[cfg(test)]
mod tests;
