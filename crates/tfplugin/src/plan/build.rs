//! The planned object, from the configuration and what was.
//!
//! It is made anew from these two rather than from the CLI's proposal: that one loses the prior value of a computed
//! nested attribute, and its pairing of set elements is a guess.

use std::collections::BTreeMap;

use crate::schema::{Field, Keep, Nesting};
use crate::value::Value;

const NULL: Value = Value::Null;

/// Whether computed values that are not configured stay as they were, or are not known before they are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Computed {
    /// As they were: the object as it is if nothing changes.
    Stay,
    /// Unknown, but for those that are kept.
    Unknown,
}

/// A member of an object; null where the object or the member is not there.
pub(super) fn member<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.attribute(name).unwrap_or(&NULL)
}

/// The planned object for a configured one. `prior` is null where there was none.
pub(super) fn object(fields: &[Field], config: &Value, prior: &Value, computed: Computed) -> Value {
    let attributes = fields.iter().map(|field| {
        let (configured, was) = (member(config, field.name), member(prior, field.name));
        let value = match computed {
            Computed::Unknown if becomes_unknown(fields, field, config, prior) => Value::Unknown,
            _ => attribute(field, configured, was, computed),
        };
        (field.name, value)
    });
    Value::object(attributes)
}

/// Whether this is a computed attribute that nothing says the value of.
fn becomes_unknown(fields: &[Field], field: &Field, config: &Value, prior: &Value) -> bool {
    let open = field.computed && field.default.is_none() && member(config, field.name).is_null();
    open && !keeps(fields, field, config, prior)
}

fn keeps(fields: &[Field], field: &Field, config: &Value, prior: &Value) -> bool {
    match field.keep {
        Keep::No => false,
        _ if prior.is_null() => false,
        Keep::Always => true,
        Keep::Unless(names) => !fields
            .iter()
            .filter(|other| names.contains(&other.name))
            .any(|other| moves(other, member(config, other.name), member(prior, other.name))),
    }
}

/// Whether an attribute changes, or may.
fn moves(field: &Field, config: &Value, prior: &Value) -> bool {
    let open = field.computed && field.default.is_none() && config.is_null();
    if open {
        return matches!(field.keep, Keep::No);
    }
    attribute(field, config, prior, Computed::Stay) != *prior || !config.is_wholly_known()
}

fn attribute(field: &Field, config: &Value, prior: &Value, computed: Computed) -> Value {
    if field.write_only {
        return Value::Null;
    }
    if config.is_null() {
        return match &field.default {
            Some(default) => settled(field, default.value(&field.shape), prior),
            None if field.computed => prior.clone(),
            None => Value::Null,
        };
    }
    if config.is_unknown() || field.same(config, prior) {
        return if config.is_unknown() { config.clone() } else { prior.clone() };
    }
    match field.nested() {
        None => config.clone(),
        Some((nesting, fields)) => nested(nesting, fields, config, prior, computed),
    }
}

/// A default that means the same as what was is no change.
fn settled(field: &Field, default: Value, prior: &Value) -> Value {
    if field.same(&default, prior) { prior.clone() } else { default }
}

fn nested(nesting: Nesting, fields: &[Field], config: &Value, prior: &Value, computed: Computed) -> Value {
    let element = |config: &Value, prior: &Value| match config {
        Value::Object(_) => object(fields, config, prior, computed),
        other => other.clone(),
    };
    match (nesting, config) {
        (Nesting::Single, config) => element(config, prior),
        (Nesting::List, Value::List(elements)) => {
            let priors = prior.elements().unwrap_or_default();
            let prior_of = |index: usize| priors.get(index).unwrap_or(&NULL);
            Value::List(
                elements.iter().enumerate().map(|(index, new)| element(new, prior_of(index))).collect(),
            )
        }
        (Nesting::Map, Value::Map(elements)) => {
            let none = BTreeMap::new();
            let priors = prior.entries().unwrap_or(&none);
            let prior_of = |key: &str| priors.get(key).unwrap_or(&NULL);
            Value::map(elements.iter().map(|(key, new)| (key.clone(), element(new, prior_of(key)))))
        }
        (Nesting::Set, Value::Set(elements)) => {
            let mut priors: Vec<&Value> = prior.elements().unwrap_or_default().iter().collect();
            Value::set_of(elements.iter().map(|new| {
                let pair = priors.iter().position(|prior| leaves_as_it_is(fields, new, prior));
                element(new, pair.map_or(&NULL, |index| priors.swap_remove(index)))
            }))
        }
        (_, other) => other.clone(),
    }
}

/// Whether a configured element of a set is one that there was: only then has it a prior value.
fn leaves_as_it_is(fields: &[Field], config: &Value, prior: &Value) -> bool {
    matches!(config, Value::Object(_)) && object(fields, config, prior, Computed::Stay) == *prior
}
