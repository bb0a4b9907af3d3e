//! Between attributes and the remote document, by the tables: a field's `api` names the member that it is.
//!
//! Three ways lead through here: an object as planned becomes the body of a create, the difference of two objects the body of
//! an update, and an answer an object again. Fields without `api` are left to their resource. Single nested
//! attributes are walked into; their fields name members from the document's root.

use serde_json::{Map, Value as Json};
use tfplugin::schema::{Field, Nesting, Shape};
use tfplugin::{Number, Value};

use crate::view;

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
/// after an import, which takes everything.
pub(crate) fn read(fields: &'static [Field], document: &Json, prior: &Value, first: bool) -> Value {
    Value::object(fields.iter().map(|field| {
        let old = view::member(prior, &[field.name]);
        let value = match (field.api, field.nested()) {
            (Some(api), _) => {
                let fresh = taken(&field.shape, get(document, api));
                field.read_back(old, &if field.configurable() { fresh } else { listed(field, fresh) }, first)
            }
            (None, Some((Nesting::Single, nested))) if is_remote(nested) => {
                let object = read(nested, document, old, first);
                let empty = object.entries().is_none_or(|members| members.values().all(Value::is_null));
                if empty { Value::Null } else { object }
            }
            _ => old.clone(),
        };
        (field.name, value)
    }))
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

/// A member as a value of the shape; null where it is absent, empty or of another kind.
fn taken(shape: &Shape, json: &Json) -> Value {
    match (shape, json) {
        (Shape::Bool, Json::Bool(value)) => Value::Bool(*value),
        // Templates and older services write truths as text.
        (Shape::Bool, Json::String(text)) if text.eq_ignore_ascii_case("true") => Value::Bool(true),
        (Shape::Bool, Json::String(text)) if text.eq_ignore_ascii_case("false") => Value::Bool(false),
        (Shape::Number | Shape::Integer, Json::Number(number)) => {
            number.to_string().parse::<Number>().map_or(Value::Null, Value::Number)
        }
        (Shape::String, Json::String(text)) if !text.is_empty() => Value::string(text),
        (Shape::String, Json::Number(number)) => Value::string(number.to_string()),
        (Shape::List(element), Json::Array(items)) if !items.is_empty() => {
            Value::List(items.iter().map(|item| taken(element, item)).collect())
        }
        (Shape::Set(element), Json::Array(items)) if !items.is_empty() => {
            Value::set_of(items.iter().map(|item| taken(element, item)))
        }
        (Shape::Map(element), Json::Object(members)) if !members.is_empty() => {
            Value::map(members.iter().map(|(key, value)| (key.clone(), taken(element, value))))
        }
        _ => Value::Null,
    }
}
