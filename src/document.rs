//! Between attributes and the remote document, by the tables: a field's `api` names the member that it is.
//!
//! Three ways lead through here: an object as planned becomes the body of a create, the difference of two objects the body of
//! an update, and an answer an object again. Fields without `api` are left to their resource. Single nested
//! attributes are walked into; their fields name members from the document's root.

use serde_json::{Map, Value as Json};
use tfplugin::Value;
use tfplugin::schema::{Field, Keep, Nesting, Replaces, Shape};

use crate::view;

mod misfit;
mod shape;

pub(crate) use misfit::{Misfit, Misfits, Unfit};
pub(crate) use shape::taken;

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
            (Some(api), _) => {
                let fresh = reach(document, api).and_then(|json| taken(&field.shape, json));
                settled(field, old, fresh, first, misfits)
            }
            // What an import does not find has no members that could be missing.
            (None, Some((Nesting::Single, nested)))
                if first && is_remote(nested) && !is_there(nested, document) =>
            {
                Value::Null
            }
            (None, Some((Nesting::Single, nested))) if is_remote(nested) => {
                let object =
                    misfits.within(field.name, |misfits| read(nested, document, old, first, misfits));
                let empty = object.entries().is_none_or(|members| members.values().all(Value::is_null));
                if empty { Value::Null } else { object }
            }
            _ => old.clone(),
        };
        (field.name, promised(field, old, value))
    }))
}

/// What a plan promises to stay, and only the service fills in, stays where an answer has nothing of it: others may refer to it,
/// and services stop answering a member now and then, which needs no word. Lists are another matter, as they may well become empty.
fn promised(field: &Field, old: &Value, value: Value) -> Value {
    if field.configurable() || !matches!(field.keep, Keep::Always) || !old.is_wholly_known() {
        return value;
    }
    match value {
        Value::Null => old.clone(),
        Value::Object(members) => Value::object(members.into_iter().map(|(name, value)| {
            let value = if value.is_null() { view::member(old, &[&name]).clone() } else { value };
            (name, value)
        })),
        value => value,
    }
}

/// What an attribute is after a read, by what its member says.
///
/// A member of another shape than its document gives it is not believed: the value of before stays. So it does where a member is
/// missing that the resource cannot be without, or whose loss would replace it: no answer is a reason to replace what is sound.
/// Anything else that is missing is read as it is, and an update can set it again.
///
/// At the `first` reading there is no value of before. Then such a member is refused, as null would be a reason to replace as well.
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
            if first && is_fixed(field) {
                misfits.refuse(field.name, Misfit::Bent(unfit));
            } else {
                misfits.note(field.name, Misfit::Bent(unfit));
            }
            return known(old);
        }
    };
    if is_fixed(field) && fresh.is_null() && !says_nothing(old) {
        misfits.note(field.name, Misfit::Missing);
        return old.clone();
    }
    if first && field.required && fresh.is_null() {
        misfits.refuse(field.name, Misfit::Missing);
    }
    field.read_back(old, &if field.configurable() { fresh } else { listed(field, fresh) }, first)
}

/// Whether the resource cannot be without it, or is replaced when it changes.
fn is_fixed(field: &Field) -> bool {
    field.required || !matches!(field.replaces, Replaces::No)
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

/// The same, where what is in its way is told from what is absent: a text in the place of `properties` has no say on its members.
pub(crate) fn reach<'a>(document: &'a Json, api: &str) -> Result<&'a Json, Unfit> {
    static NULL: Json = Json::Null;
    let mut at = document;
    for name in api.split('.') {
        match at {
            Json::Null => return Ok(&NULL),
            Json::Object(_) => at = member(at, name).unwrap_or(&NULL),
            other => return Err(Unfit::instead("an object that holds it", other)),
        }
    }
    Ok(at)
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

/// Whether the document has anything of the fields.
fn is_there(fields: &[Field], document: &Json) -> bool {
    let mut found = fields.iter().filter_map(|field| Some((field, field.api?)));
    found.any(|(field, api)| {
        reach(document, api).and_then(|json| taken(&field.shape, json)) != Ok(Value::Null)
    })
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

#[cfg(test)]
mod tests;
