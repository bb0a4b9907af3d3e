//! Looking into values that may still be unknown, as validation and plan do.
//!
//! A configuration is not decoded into a model before it is wholly known: a known list may hold unknown elements.

use tfplugin::{Path, Value};

/// What an absent member looks like.
static NULL: Value = Value::Null;

/// A member of nested objects; null where something on the way is null, unknown where it is unknown.
pub(crate) fn member<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    let mut at = value;
    for name in path {
        at = match at {
            Value::Object(members) | Value::Map(members) => members.get(*name).unwrap_or(&NULL),
            Value::Unknown => return at,
            _ => return &NULL,
        };
    }
    at
}

/// The member's text, where it is known.
pub(crate) fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    match member(value, path) {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Whether the member is known to be true.
pub(crate) fn is_true(value: &Value, path: &[&str]) -> bool {
    matches!(member(value, path), Value::Bool(true))
}

/// Whether the member is null.
pub(crate) fn is_null(value: &Value, path: &[&str]) -> bool {
    matches!(member(value, path), Value::Null)
}

/// Whether the member is set; nothing while that is not known.
pub(crate) fn is_set(value: &Value, path: &[&str]) -> Option<bool> {
    match member(value, path) {
        Value::Unknown => None,
        member => Some(!member.is_null()),
    }
}

/// A single value as a message shows it; nothing for what holds several, or is not known.
pub(crate) fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(format!("{text:?}")),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The texts of a list or set, if every one is known; an empty list where it is null.
pub(crate) fn texts<'a>(value: &'a Value, path: &[&str]) -> Option<Vec<&'a str>> {
    match member(value, path) {
        Value::Null => Some(Vec::new()),
        Value::List(items) | Value::Set(items) => items
            .iter()
            .map(|item| match item {
                Value::String(text) => Some(text.as_str()),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// Puts a value in the place of a member of nested objects, where the objects on the way are there.
pub(crate) fn put(value: &mut Value, path: &[&str], new: Value) {
    let mut at = value;
    for name in path {
        at = match at {
            Value::Object(members) => match members.get_mut(*name) {
                Some(member) => member,
                None => return,
            },
            _ => return,
        };
    }
    *at = new;
}

/// The path of a member of nested objects.
pub(crate) fn path(names: &[&str]) -> Path {
    names.iter().fold(Path::root(), |path, name| path.attribute(*name))
}
