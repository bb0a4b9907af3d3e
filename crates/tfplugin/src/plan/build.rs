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

/// How a configured value is put that means the same as the prior one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    /// As it was: no change.
    Prior,
    /// As it is configured. So in sets that do not mean the same as a whole: what is said of one element must not
    /// hang on another that is not known yet, or the plan made anew before the apply would say something else.
    Config,
}

#[derive(Debug, Clone, Copy)]
struct Mode {
    computed: Computed,
    words: Words,
}

/// A member of an object; null where the object or the member is not there.
pub(super) fn member<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.attribute(name).unwrap_or(&NULL)
}

/// The planned object for a configured one. `prior` is null where there was none.
pub(super) fn object(fields: &[Field], config: &Value, prior: &Value, computed: Computed) -> Value {
    members(fields, config, prior, Mode { computed, words: Words::Prior })
}

fn members(fields: &[Field], config: &Value, prior: &Value, mode: Mode) -> Value {
    let attributes = fields.iter().map(|field| {
        let (configured, was) = (member(config, field.name), member(prior, field.name));
        let value = match mode.computed {
            Computed::Unknown if becomes_unknown(fields, field, config, prior) => Value::Unknown,
            _ => attribute(field, configured, was, mode),
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
    keeps_beside(fields, field, config, prior, &mut vec![field.name])
}

/// `asked` has the attributes that this hangs on already: two that hang on each other move together or not at all.
fn keeps_beside(
    fields: &[Field],
    field: &Field,
    config: &Value,
    prior: &Value,
    asked: &mut Vec<&'static str>,
) -> bool {
    let names = match field.keep {
        Keep::No => return false,
        _ if prior.is_null() => return false,
        Keep::Always => return true,
        Keep::Unless(names) => names,
    };
    !fields.iter().filter(|other| names.contains(&other.name)).any(|other| {
        let open = other.computed && other.default.is_none() && member(config, other.name).is_null();
        if !open {
            return moves(other, member(config, other.name), member(prior, other.name));
        }
        if asked.contains(&other.name) {
            return false;
        }
        asked.push(other.name);
        !keeps_beside(fields, other, config, prior, asked)
    })
}

/// Whether an attribute that is configured, or not computed, changes or may.
fn moves(field: &Field, config: &Value, prior: &Value) -> bool {
    let mode = Mode { computed: Computed::Stay, words: Words::Prior };
    attribute(field, config, prior, mode) != *prior || !config.is_wholly_known()
}

fn attribute(field: &Field, config: &Value, prior: &Value, mode: Mode) -> Value {
    if field.write_only {
        return Value::Null;
    }
    let settled = |new: Value| {
        let stays = mode.words == Words::Prior && field.same(&new, prior);
        if stays { prior.clone() } else { new }
    };
    if config.is_null() {
        return match &field.default {
            Some(default) => settled(default.value(&field.shape)),
            None if field.computed => prior.clone(),
            None => Value::Null,
        };
    }
    if config.is_unknown() || (mode.words == Words::Prior && field.same(config, prior)) {
        return settled(config.clone());
    }
    match field.nested() {
        None => config.clone(),
        Some((nesting, fields)) => nested(nesting, fields, config, prior, mode),
    }
}

fn nested(nesting: Nesting, fields: &[Field], config: &Value, prior: &Value, mode: Mode) -> Value {
    let element = |config: &Value, prior: &Value| element(fields, config, prior, mode);
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
        (Nesting::Set, Value::Set(elements)) => set(fields, elements, prior, mode),
        (_, other) => other.clone(),
    }
}

fn element(fields: &[Field], config: &Value, prior: &Value, mode: Mode) -> Value {
    match config {
        Value::Object(_) => members(fields, config, prior, mode),
        Value::Unknown if hides(fields) => opened(fields),
        other => other.clone(),
    }
}

/// Whether an object has a write-only member.
fn hides(fields: &[Field]) -> bool {
    fields.iter().any(|field| field.write_only || field.nested().is_some_and(|(_, fields)| hides(fields)))
}

/// An unknown element of a collection, with its write-only members null. The CLIs look for these in every element,
/// and take one that is unknown as a whole for one that gives them away.
fn opened(fields: &[Field]) -> Value {
    let member = |field: &Field| if field.write_only { Value::Null } else { Value::Unknown };
    Value::object(fields.iter().map(|field| (field.name, member(field))))
}

/// The elements of a set. One that leaves an element as it is has that one's computed values.
fn set(fields: &[Field], elements: &[Value], prior: &Value, mode: Mode) -> Value {
    let priors = prior.elements().unwrap_or_default();
    let stays = |config: usize, prior: usize| leaves_as_it_is(fields, &elements[config], &priors[prior]);
    let pairs = super::pairing::pairs(elements.len(), priors.len(), stays);
    let whole = elements.len() == priors.len() && pairs.iter().all(Option::is_some);
    let mode = if whole { mode } else { Mode { words: Words::Config, ..mode } };
    Value::set_of(elements.iter().zip(pairs).map(|(config, pair)| {
        let prior = pair.map_or(&NULL, |at| &priors[at]);
        element(fields, config, prior, mode)
    }))
}

/// Whether a configured element of a set is one that there was: only then has it a prior value.
fn leaves_as_it_is(fields: &[Field], config: &Value, prior: &Value) -> bool {
    matches!(config, Value::Object(_)) && object(fields, config, prior, Computed::Stay) == *prior
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Decl;
    use crate::{Attr, Model};

    /// A rule.
    #[derive(tfplugin_derive::Model)]
    struct Rule {
        /// Its name.
        #[attr(required)]
        name: Attr<String>,
        /// Its key.
        #[attr(optional, write_only)]
        key: Attr<String>,
    }

    const FIELDS: &[Field] = &[Decl::<Attr<Vec<Rule>>>::new("rules", "").required().build()];

    #[test]
    fn an_unknown_element_gives_no_write_only_value_away() {
        assert_eq!(Rule::FIELDS.len(), 2);
        let config = Value::object([("rules", Value::List(vec![Value::Unknown]))]);
        let opened = Value::object([("name", Value::Unknown), ("key", Value::Null)]);
        let planned = object(FIELDS, &config, &Value::Null, Computed::Unknown);
        assert_eq!(planned.attribute("rules"), Some(&Value::List(vec![opened])));
    }
}
