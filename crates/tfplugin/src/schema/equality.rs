//! When two values of an attribute mean the same, although they may be spelt differently.

use std::collections::BTreeMap;

use super::field::{Field, Shape};
use crate::value::Value;

/// Whether the two mean the same as values of this shape in this field.
pub(super) fn same(field: &Field, shape: &Shape, one: &Value, other: &Value) -> bool {
    if one == other {
        return true;
    }
    if one.is_null() || other.is_null() || one.is_unknown() || other.is_unknown() {
        return false;
    }
    match (shape, one, other) {
        (Shape::List(element), Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(field, element, a, b))
        }
        (Shape::Set(element), Value::Set(a), Value::Set(b)) => {
            // Two spellings of one element make the sets differ in length and still be the same.
            let covers =
                |a: &[Value], b: &[Value]| a.iter().all(|a| b.iter().any(|b| same(field, element, a, b)));
            covers(a, b) && covers(b, a)
        }
        (Shape::Map(element), Value::Map(a), Value::Map(b)) => {
            same_keys(a, b) && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(field, element, a, b)))
        }
        (Shape::Object(fields), Value::Object(a), Value::Object(b)) => fields.iter().all(|field| {
            let (a, b) = (a.get(field.name), b.get(field.name));
            field.same(a.unwrap_or(&Value::Null), b.unwrap_or(&Value::Null))
        }),
        (_, Value::String(a), Value::String(b)) if !field.one_of.is_empty() && a.eq_ignore_ascii_case(b) => {
            true
        }
        (Shape::List(_) | Shape::Set(_) | Shape::Map(_) | Shape::Object(_), _, _) => false,
        _ => field.equal.is_some_and(|equal| equal(one, other)),
    }
}

fn same_keys(a: &BTreeMap<String, Value>, b: &BTreeMap<String, Value>) -> bool {
    a.len() == b.len() && a.keys().all(|key| b.contains_key(key))
}
