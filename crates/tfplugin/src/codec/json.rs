//! The JSON encoding of values, as state files keep them.
//!
//! Numbers are read as text, digit by digit, for state must not lose what a double cannot hold.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{CodecError, MAX_DEPTH, Problem, required, set_order};
use crate::path::Step;
use crate::ty::Type;
use crate::value::{Value, nfc};

/// How many values a text may decode into at least, however short it is: an object in JSON may leave out attributes,
/// and so be far larger in memory than in the text.
const MIN_BUDGET: usize = 250_000;

/// Decodes a value of the given type. Attributes that the text leaves out are null.
///
/// # Errors
/// When the text is not the encoding of a value of the type.
pub fn decode(text: &[u8], ty: &Type) -> Result<Value, CodecError> {
    decode_with(text, ty, false)
}

/// Decodes a state that another version of the schema may have written: attributes that the type lacks are ignored,
/// in nested objects too.
///
/// # Errors
/// When what remains is not the encoding of a value of the type.
pub fn decode_lenient(text: &[u8], ty: &Type) -> Result<Value, CodecError> {
    decode_with(text, ty, true)
}

fn decode_with(text: &[u8], ty: &Type, lenient: bool) -> Result<Value, CodecError> {
    let text = std::str::from_utf8(text).map_err(|_| Problem::Utf8)?;
    let raw: &RawValue = serde_json::from_str(text).map_err(Problem::Json)?;
    Reader { lenient, budget: MIN_BUDGET + text.len() }.value(raw, ty, 0)
}

struct Reader {
    lenient: bool,
    /// How many more values may be made.
    budget: usize,
}

impl Reader {
    fn value(&mut self, raw: &RawValue, ty: &Type, depth: usize) -> Result<Value, CodecError> {
        if depth > MAX_DEPTH {
            return Err(Problem::TooDeep.into());
        }
        self.spend(1)?;
        if raw.get() == "null" {
            return Ok(Value::Null);
        }
        match ty {
            Type::Bool => bool(raw),
            Type::Number => number(raw),
            Type::String => string(raw),
            Type::Dynamic => self.dynamic(raw, depth),
            Type::List(element) => Ok(Value::List(self.elements(raw, ty, element, depth)?)),
            Type::Set(element) => Ok(Value::set_of(self.elements(raw, ty, element, depth)?)),
            Type::Map(element) => self.map(raw, ty, element, depth),
            Type::Object(attributes) => self.object(raw, ty, attributes, depth),
            Type::Tuple(types) => self.tuple(raw, ty, types, depth),
        }
    }

    fn spend(&mut self, values: usize) -> Result<(), CodecError> {
        self.budget = self.budget.checked_sub(values).ok_or(Problem::TooLarge)?;
        Ok(())
    }

    fn dynamic(&mut self, raw: &RawValue, depth: usize) -> Result<Value, CodecError> {
        let mut members = entries(raw, &Type::Dynamic)?;
        let (Some(ty), Some(value)) = (members.remove("type"), members.remove("value")) else {
            return Err(required(&Type::Dynamic));
        };
        if let Some(name) = members.into_keys().next() {
            return Err(Problem::UnsupportedAttribute(name).into());
        }
        let ty = Type::from_json(ty.get().as_bytes()).map_err(Problem::Type)?;
        let value = self.value(value, &ty, depth + 1)?;
        Ok(Value::dynamic(ty, value))
    }

    fn elements(
        &mut self,
        raw: &RawValue,
        ty: &Type,
        element: &Type,
        depth: usize,
    ) -> Result<Vec<Value>, CodecError> {
        let one = |(index, raw): (i64, &RawValue)| {
            self.value(raw, element, depth + 1).map_err(|error| error.within(Step::Index(index)))
        };
        (0..).zip(items(raw, ty)?).map(one).collect()
    }

    fn tuple(
        &mut self,
        raw: &RawValue,
        ty: &Type,
        types: &[Type],
        depth: usize,
    ) -> Result<Value, CodecError> {
        let items = items(raw, ty)?;
        if items.len() != types.len() {
            return Err(required(ty));
        }
        let one = |((index, raw), ty): ((i64, &RawValue), &Type)| {
            self.value(raw, ty, depth + 1).map_err(|error| error.within(Step::Index(index)))
        };
        Ok(Value::Tuple((0..).zip(items).zip(types).map(one).collect::<Result<_, _>>()?))
    }

    fn map(&mut self, raw: &RawValue, ty: &Type, element: &Type, depth: usize) -> Result<Value, CodecError> {
        let one = |(key, raw): (String, &RawValue)| {
            let key = nfc(&key);
            let value =
                self.value(raw, element, depth + 1).map_err(|error| error.within(Step::Key(key.clone())))?;
            Ok((key, value))
        };
        Ok(Value::Map(entries(raw, ty)?.into_iter().map(one).collect::<Result<_, CodecError>>()?))
    }

    fn object(
        &mut self,
        raw: &RawValue,
        ty: &Type,
        attributes: &BTreeMap<String, Type>,
        depth: usize,
    ) -> Result<Value, CodecError> {
        let mut given = entries(raw, ty)?;
        if !self.lenient
            && let Some(name) = given.keys().find(|name| !attributes.contains_key(*name))
        {
            return Err(Problem::UnsupportedAttribute(name.clone()).into());
        }
        self.spend(attributes.len().saturating_sub(given.len()))?;
        let one = |(name, ty): (&String, &Type)| {
            let value = match given.remove(name) {
                Some(raw) => self.value(raw, ty, depth + 1),
                None => Ok(Value::Null),
            };
            Ok((name.clone(), value.map_err(|error| error.within(Step::Attribute(name.clone())))?))
        };
        Ok(Value::Object(attributes.iter().map(one).collect::<Result<_, CodecError>>()?))
    }
}

/// What kind of JSON a raw value is, by its first byte; serde has checked that the rest follows suit.
fn starts_with(raw: &RawValue, first: &[u8]) -> bool {
    raw.get().bytes().next().is_some_and(|byte| first.contains(&byte))
}

fn items<'r>(raw: &'r RawValue, ty: &Type) -> Result<Vec<&'r RawValue>, CodecError> {
    if !starts_with(raw, b"[") {
        return Err(required(ty));
    }
    Ok(serde_json::from_str(raw.get()).map_err(Problem::Json)?)
}

fn entries<'r>(raw: &'r RawValue, ty: &Type) -> Result<BTreeMap<String, &'r RawValue>, CodecError> {
    if !starts_with(raw, b"{") {
        return Err(required(ty));
    }
    Ok(serde_json::from_str(raw.get()).map_err(Problem::Json)?)
}

fn text(raw: &RawValue) -> Result<String, CodecError> {
    Ok(serde_json::from_str(raw.get()).map_err(Problem::Json)?)
}

fn bool(raw: &RawValue) -> Result<Value, CodecError> {
    let text = if starts_with(raw, b"\"") { text(raw)? } else { raw.get().to_owned() };
    match (text.as_str(), starts_with(raw, b"\"")) {
        ("true", _) | ("1", true) => Ok(Value::Bool(true)),
        ("false", _) | ("0", true) => Ok(Value::Bool(false)),
        _ => Err(required(&Type::Bool)),
    }
}

fn number(raw: &RawValue) -> Result<Value, CodecError> {
    let text = match raw.get().bytes().next() {
        Some(b'"') => text(raw)?,
        Some(b'-' | b'0'..=b'9') => raw.get().to_owned(),
        _ => return Err(required(&Type::Number)),
    };
    Ok(Value::Number(text.parse().map_err(Problem::Number)?))
}

/// A string; a number or a truth value stands for its text, for an attribute may have changed its type.
fn string(raw: &RawValue) -> Result<Value, CodecError> {
    match raw.get().bytes().next() {
        Some(b'"') => Ok(Value::string(text(raw)?)),
        Some(b'-' | b'0'..=b'9' | b't' | b'f') => Ok(Value::string(raw.get())),
        _ => Err(required(&Type::String)),
    }
}

/// Encodes a value of the given type, compactly. Equal values have equal encodings.
///
/// # Errors
/// When the value is not of the type, or has a part that JSON cannot express: an unknown or an infinity.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, CodecError> {
    let mut out = String::new();
    write(&mut out, value, ty)?;
    Ok(out.into_bytes())
}

fn write(out: &mut String, value: &Value, ty: &Type) -> Result<(), CodecError> {
    match (value, ty) {
        (Value::Null, _) => out.push_str("null"),
        (Value::Unknown, _) => return Err(Problem::Unknown.into()),
        (Value::Dynamic(dynamic), Type::Dynamic) => {
            out.push_str("{\"value\":");
            write(out, &dynamic.1, &dynamic.0)?;
            out.push_str(",\"type\":");
            out.push_str(&dynamic.0.notation());
            out.push('}');
        }
        (Value::Bool(value), Type::Bool) => out.push_str(if *value { "true" } else { "false" }),
        (Value::Number(value), Type::Number) if !value.is_finite() => return Err(Problem::Infinity.into()),
        (Value::Number(value), Type::Number) => out.push_str(&value.to_string()),
        (Value::String(value), Type::String) => write_string(out, value),
        (Value::List(elements), Type::List(element)) => {
            write_array(out, elements.iter().map(|value| (value, &**element)))?;
        }
        (Value::Set(elements), Type::Set(element)) => {
            write_array(out, set_order(elements).into_iter().map(|value| (value, &**element)))?;
        }
        (Value::Tuple(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            write_array(out, elements.iter().zip(types))?;
        }
        (Value::Map(entries), Type::Map(element)) => {
            let entry = |(key, value)| (key, value, &**element);
            write_entries(out, entries.iter().map(entry), Step::Key)?;
        }
        (Value::Object(entries), Type::Object(attributes)) => {
            super::check_names(entries, attributes)?;
            let entry = |((name, value), ty)| (name, value, ty);
            write_entries(out, entries.iter().zip(attributes.values()).map(entry), Step::Attribute)?;
        }
        _ => return Err(required(ty)),
    }
    Ok(())
}

fn write_string(out: &mut String, text: &str) {
    // The one serialiser of strings that knows JSON's escapes; it cannot fail.
    out.push_str(&serde_json::Value::from(text).to_string());
}

fn write_array<'v>(
    out: &mut String,
    elements: impl Iterator<Item = (&'v Value, &'v Type)>,
) -> Result<(), CodecError> {
    out.push('[');
    for (index, (value, ty)) in (0..).zip(elements) {
        if index > 0 {
            out.push(',');
        }
        write(out, value, ty).map_err(|error| error.within(Step::Index(index)))?;
    }
    out.push(']');
    Ok(())
}

fn write_entries<'v>(
    out: &mut String,
    entries: impl Iterator<Item = (&'v String, &'v Value, &'v Type)>,
    step: fn(String) -> Step,
) -> Result<(), CodecError> {
    out.push('{');
    for (index, (name, value, ty)) in entries.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(out, name);
        out.push(':');
        write(out, value, ty).map_err(|error| error.within(step(name.clone())))?;
    }
    out.push('}');
    Ok(())
}
