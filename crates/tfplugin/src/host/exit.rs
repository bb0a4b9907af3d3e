//! The one exit: all that leaves a resource passes here, and here holds what the protocol asks of every answer.

use crate::codec;
use crate::diagnostic::Diagnostics;
use crate::plan::Plan;
use crate::schema::{Field, IdentityPart, Nesting, Schema, TIMEOUTS};
use crate::ty::Type;
use crate::value::Value;

/// A state as it may leave: all members and no others, nothing unknown, nothing write-only.
pub(super) fn state(schema: &Schema, ty: &Type, mut value: Value) -> Value {
    if value.is_null() {
        return Value::Null;
    }
    value.unknown_to_null();
    shaped(schema, ty, value)
}

/// A planned state as it may leave: all members and no others, nothing write-only.
pub(super) fn planned(schema: &Schema, ty: &Type, value: Value) -> Value {
    if value.is_null() { Value::Null } else { shaped(schema, ty, value) }
}

fn shaped(schema: &Schema, ty: &Type, mut value: Value) -> Value {
    without_write_only(schema.fields, &mut value);
    conform(ty, &mut value);
    value
}

/// Makes every object have the members of its type.
fn conform(ty: &Type, value: &mut Value) {
    match (ty, value) {
        (Type::Object(attributes), Value::Object(members)) => {
            members.retain(|name, _| attributes.contains_key(name));
            for (name, ty) in attributes {
                conform(ty, members.entry(name.clone()).or_insert(Value::Null));
            }
        }
        (Type::List(element), Value::List(elements)) => {
            elements.iter_mut().for_each(|value| conform(element, value));
        }
        (Type::Set(element), value @ Value::Set(_)) => {
            if let Value::Set(elements) = value {
                elements.iter_mut().for_each(|value| conform(element, value));
                *value = Value::set_of(std::mem::take(elements));
            }
        }
        (Type::Map(element), Value::Map(entries)) => {
            entries.values_mut().for_each(|value| conform(element, value));
        }
        _ => {}
    }
}

/// Leaves out of a state what does not fit the schema, and says so. An answer that cannot be encoded would lose the
/// whole state, and with it what was created.
pub(super) fn fitting(ty: &Type, state: &mut Value) -> Diagnostics {
    let mut faults = Diagnostics::new();
    let (Type::Object(attributes), Value::Object(members)) = (ty, state) else { return faults };
    for (name, ty) in attributes {
        let Some(value) = members.get_mut(name) else { continue };
        let Err(error) = codec::msgpack::encode(value, ty) else { continue };
        *value = Value::Null;
        faults.error_at(
            name.as_str(),
            "Invalid Value from the Provider",
            format!(
                "The provider made a value of {name} that does not fit its own schema, and so is not in the state. \
                 This is always a bug in the provider; please report it to its developers.\n\n{error}"
            ),
        );
    }
    faults
}

fn without_write_only(fields: &[Field], object: &mut Value) {
    let Value::Object(members) = object else { return };
    for field in fields {
        let Some(value) = members.get_mut(field.name) else { continue };
        if field.write_only {
            *value = Value::Null;
            continue;
        }
        match (field.nested(), value) {
            (Some((Nesting::Single, fields)), value) => without_write_only(fields, value),
            (Some((_, fields)), Value::List(elements) | Value::Set(elements)) => {
                elements.iter_mut().for_each(|element| without_write_only(fields, element));
            }
            (Some((_, fields)), Value::Map(elements)) => {
                elements.values_mut().for_each(|element| without_write_only(fields, element));
            }
            _ => {}
        }
    }
}

/// The identity that a state tells; the one before where it tells none.
pub(super) fn identity(schema: &Schema, state: &Value, before: Option<Value>) -> Option<Value> {
    if !schema.has_identity() {
        return None;
    }
    let told = told_identity(schema, state).filter(|_| names_it(schema, state));
    told.or_else(|| before.filter(|before| !before.is_null()))
}

/// The identity in a plan. Only what is created may have one that is not known yet; it has none then, because OpenTofu
/// 1.12 stores what it is given and cannot store what is not known.
pub(super) fn planned_identity(schema: &Schema, plan: &Plan, before: Option<Value>) -> Option<Value> {
    if !schema.has_identity() {
        return None;
    }
    let before = before.filter(|before| !before.is_null() && before.is_wholly_known());
    match (plan.prior.is_null(), plan.planned.is_null()) {
        (_, true) => before,
        (true, false) => told_identity(schema, &plan.planned).filter(Value::is_wholly_known),
        (false, false) => before.or_else(|| identity(schema, &plan.planned, None)),
    }
}

fn told_identity(schema: &Schema, state: &Value) -> Option<Value> {
    let members = state.entries()?;
    let part = |field: &Field| members.get(field.name).cloned().unwrap_or(Value::Null);
    Some(Value::object(schema.identity_fields().map(|field| (field.name, part(field)))))
}

/// Whether all that an identity must have is in the state.
fn names_it(schema: &Schema, state: &Value) -> bool {
    schema.identity_fields().all(|field| {
        let value = state.attribute(field.name).unwrap_or(&Value::Null);
        value.is_wholly_known() && (field.identity == IdentityPart::Optional || !value.is_null())
    })
}

/// The timeouts of one object put into another: they are the configuration's, and no service knows of them.
pub(super) fn with_timeouts(schema: &Schema, from: &Value, mut into: Value) -> Value {
    if schema.timeouts.is_some()
        && let Value::Object(members) = &mut into
    {
        let timeouts = from.attribute(TIMEOUTS).cloned().unwrap_or(Value::Null);
        members.insert(TIMEOUTS.to_owned(), timeouts);
    }
    into
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attr, Model};

    /// A thing.
    #[derive(Debug, Clone, Default, Model)]
    struct Thing {
        #[attr(required, replaces, identity)]
        name: Attr<String>,
        #[attr(optional, computed, replaces, identity_optional)]
        place: Attr<String>,
        #[attr(optional, write_only)]
        secret: Attr<String>,
        #[attr(computed)]
        parts: Attr<Vec<Part>>,
    }

    /// A part.
    #[derive(Debug, Clone, Default, Model)]
    struct Part {
        #[attr(computed)]
        one: Attr<String>,
        #[attr(computed)]
        two: Attr<String>,
    }

    const SCHEMA: Schema = Schema::new(Thing::DOC, Thing::FIELDS);

    fn named(name: Value) -> Value {
        Value::object([("name", name), ("place", Value::Null)])
    }

    #[test]
    fn a_state_that_does_not_say_who_it_is_keeps_its_identity() {
        let before = Some(named("a".into()));
        for name in [Value::Null, Value::Unknown] {
            assert_eq!(identity(&SCHEMA, &named(name), before.clone()), before);
        }
        assert_eq!(identity(&SCHEMA, &named("b".into()), before), Some(named("b".into())));
        assert_eq!(identity(&SCHEMA, &named(Value::Null), Some(Value::Null)), None);
    }

    #[test]
    fn a_state_leaves_with_all_members_and_no_others() {
        let part = Value::object([("one", Value::Unknown), ("three", "3".into())]);
        let value = Value::object([
            ("name", "a".into()),
            ("secret", "x".into()),
            ("stray", "y".into()),
            ("parts", Value::List(vec![part])),
        ]);
        let part = Value::object([("one", Value::Null), ("two", Value::Null)]);
        let expected = Value::object([
            ("name", "a".into()),
            ("place", Value::Null),
            ("secret", Value::Null),
            ("parts", Value::List(vec![part])),
        ]);
        assert_eq!(state(&SCHEMA, &SCHEMA.ty(), value), expected);
    }
}
