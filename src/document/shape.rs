//! A member of a document as a value, where it has the shape that its attribute has.

use serde_json::Value as Json;
use tfplugin::schema::Shape;
use tfplugin::{Number, Value};

use super::Unfit;

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
