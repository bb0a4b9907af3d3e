//! What the service says, in the user's words.
//!
//! A service changes casings, leaves out what is empty and fills in what it likes. None of that is a change, so a
//! state says a thing as it said it before, as long as it means the same.

use std::collections::BTreeMap;

use super::build::member;
use crate::schema::{Field, Nesting};
use crate::value::Value;

const NULL: Value = Value::Null;

/// A state that was read, in the words of the one before. `importing`: the one before has little more than what the
/// import was asked for.
pub(crate) fn after_read(fields: &[Field], prior: &Value, fresh: &Value, importing: bool) -> Value {
    let attributes = fields.iter().map(|field| {
        (field.name, read(field, member(prior, field.name), member(fresh, field.name), importing))
    });
    Value::object(attributes)
}

impl Field {
    /// What was read of this attribute, in the words of the state before.
    /// `importing`: that one has little more than what the import was asked for.
    #[must_use]
    pub fn read_back(&self, prior: &Value, fresh: &Value, importing: bool) -> Value {
        read(self, prior, fresh, importing)
    }
}

fn read(field: &Field, prior: &Value, fresh: &Value, importing: bool) -> Value {
    if field.write_only {
        return Value::Null;
    }
    if fresh.is_unknown() {
        return Value::Null;
    }
    if prior.is_null() {
        // What an import finds is all there is to know of a computed attribute.
        let keep_null = says_nothing(field, fresh) && !(importing && field.computed);
        return if keep_null { Value::Null } else { plain(field, fresh, importing) };
    }
    if importing && field.same(prior, fresh) {
        // An import may be asked for in any spelling; the service's is the one to keep.
        return plain(field, fresh, importing);
    }
    if field.same(prior, fresh) || (fresh.is_null() && field.configurable() && says_nothing(field, prior)) {
        return prior.clone();
    }
    match field.nested() {
        Some((nesting, fields)) => nested(nesting, fresh, prior, &|prior, fresh| {
            element(fresh, || after_read(fields, prior, fresh, importing))
        }),
        None => fresh.clone(),
    }
}

/// A value that there was none of before: what it holds follows the same rules.
fn plain(field: &Field, fresh: &Value, importing: bool) -> Value {
    match field.nested() {
        Some((nesting, fields)) => nested(nesting, fresh, &NULL, &|prior, fresh| {
            element(fresh, || after_read(fields, prior, fresh, importing))
        }),
        None => fresh.clone(),
    }
}

fn element(value: &Value, object: impl FnOnce() -> Value) -> Value {
    if matches!(value, Value::Object(_)) { object() } else { value.clone() }
}

/// Whether a value is as good as none: an absent, null or empty member is one thing, and so is what the declaration
/// calls unset.
fn says_nothing(field: &Field, value: &Value) -> bool {
    let empty = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::List(elements) | Value::Set(elements) => elements.is_empty(),
        Value::Map(elements) => elements.is_empty(),
        Value::Object(members) => field.nested().is_some_and(|(_, fields)| {
            let member = |field: &Field| members.get(field.name).unwrap_or(&NULL);
            fields.iter().all(|field| says_nothing(field, member(field)))
        }),
        _ => false,
    };
    empty || field.unset.as_ref().is_some_and(|unset| field.same(&unset.value(&field.shape), value))
}

/// Pairs the elements of a nested attribute with those of another value of it: by index, by key, and in sets by
/// meaning.
fn nested(nesting: Nesting, value: &Value, other: &Value, pair: &dyn Fn(&Value, &Value) -> Value) -> Value {
    match (nesting, value) {
        (Nesting::Single, Value::Object(_)) => pair(other, value),
        (Nesting::List, Value::List(elements)) => {
            let others = other.elements().unwrap_or_default();
            let pairs = elements
                .iter()
                .enumerate()
                .map(|(at, element)| pair(others.get(at).unwrap_or(&NULL), element));
            Value::List(pairs.collect())
        }
        (Nesting::Map, Value::Map(elements)) => {
            let none = BTreeMap::new();
            let others = other.entries().unwrap_or(&none);
            let paired = |(key, element): (&String, &Value)| {
                (key.clone(), pair(others.get(key).unwrap_or(&NULL), element))
            };
            Value::map(elements.iter().map(paired))
        }
        (Nesting::Set, Value::Set(elements)) => {
            let mut others: Vec<&Value> = other.elements().unwrap_or_default().iter().collect();
            Value::set_of(elements.iter().map(|element| {
                // Of the same meaning is what comes out as the other one.
                let found = others.iter().position(|other| pair(other, element) == **other);
                pair(found.map_or(&NULL, |at| others.swap_remove(at)), element)
            }))
        }
        (_, other) => other.clone(),
    }
}

/// A state after a change that went well. What was known in the plan is as planned, in each letter: the CLIs accept
/// nothing else. The rest is what the service said.
pub(crate) fn after_apply(fields: &[Field], planned: &Value, fresh: &Value) -> Value {
    let attributes = fields.iter().map(|field| {
        let value = if field.write_only {
            Value::Null
        } else {
            let planned = if planned.is_unknown() { &Value::Unknown } else { member(planned, field.name) };
            applied(field.nested(), planned, member(fresh, field.name))
        };
        (field.name, value)
    });
    Value::object(attributes)
}

fn applied(shape: Option<(Nesting, &'static [Field])>, planned: &Value, fresh: &Value) -> Value {
    if planned.is_unknown() {
        return match shape {
            // Also what is in it has its write-only values, and its unknown ones.
            Some((nesting, fields)) => nested(nesting, fresh, &NULL, &|_, fresh| {
                element(fresh, || after_apply(fields, &Value::Unknown, fresh))
            }),
            None => fresh.clone(),
        };
    }
    if planned.is_wholly_known() {
        return planned.clone();
    }
    match shape {
        Some((Nesting::Set, fields)) => filled_set(fields, planned, fresh),
        Some((nesting, fields)) => nested(nesting, planned, fresh, &|fresh, planned| {
            element(planned, || after_apply(fields, planned, fresh))
        }),
        None => filled(planned, fresh),
    }
}

/// A set of objects in which some things were not known: each takes them from the one that it has become.
fn filled_set(fields: &'static [Field], planned: &Value, fresh: &Value) -> Value {
    let planned = planned.elements().unwrap_or_default();
    let fresh = fresh.elements().unwrap_or_default();
    let pairs = super::pairing::pairs(planned.len(), fresh.len(), |left, right| {
        became(fields, &planned[left], &fresh[right])
    });
    Value::set_of(planned.iter().zip(pairs).map(|(planned, pair)| {
        let fresh = pair.map_or(&NULL, |at| &fresh[at]);
        element(planned, || after_apply(fields, planned, fresh))
    }))
}

/// Whether what was known of a planned object holds for another one.
fn became(fields: &[Field], planned: &Value, fresh: &Value) -> bool {
    let holds = |field: &Field| holds(field, member(planned, field.name), member(fresh, field.name));
    fields.iter().filter(|field| !field.write_only).all(holds)
}

fn holds(field: &Field, planned: &Value, fresh: &Value) -> bool {
    if planned.is_wholly_known() {
        return read(field, planned, fresh, false) == *planned;
    }
    match (field.nested(), planned, fresh) {
        (Some((Nesting::Single, fields)), Value::Object(_), Value::Object(_)) => {
            became(fields, planned, fresh)
        }
        (Some((Nesting::List, fields)), Value::List(planned), Value::List(fresh)) => {
            planned.len() == fresh.len()
                && planned.iter().zip(fresh).all(|(planned, fresh)| became(fields, planned, fresh))
        }
        (Some((Nesting::Map, fields)), Value::Map(planned), Value::Map(fresh)) => {
            let same = |(key, planned): (&String, &Value)| {
                fresh.get(key).is_some_and(|fresh| became(fields, planned, fresh))
            };
            planned.len() == fresh.len() && planned.iter().all(same)
        }
        (Some((Nesting::Set, fields)), Value::Set(planned), Value::Set(fresh)) => {
            let fits = |left: usize, right: usize| became(fields, &planned[left], &fresh[right]);
            planned.len() == fresh.len()
                && super::pairing::pairs(planned.len(), fresh.len(), fits).iter().all(Option::is_some)
        }
        // Not known enough to tell.
        _ => true,
    }
}

/// A value in which some parts were not known, with these parts from another.
fn filled(planned: &Value, fresh: &Value) -> Value {
    let at = |index: usize| fresh.elements().and_then(|elements| elements.get(index)).unwrap_or(&NULL);
    match planned {
        Value::Unknown => fresh.clone(),
        Value::List(elements) => Value::List(
            elements.iter().enumerate().map(|(index, planned)| filled(planned, at(index))).collect(),
        ),
        Value::Tuple(elements) => Value::Tuple(
            elements.iter().enumerate().map(|(index, planned)| filled(planned, at(index))).collect(),
        ),
        Value::Map(entries) | Value::Object(entries) => {
            let from = |key: &str| fresh.entries().and_then(|entries| entries.get(key)).unwrap_or(&NULL);
            let entries = entries.iter().map(|(key, planned)| (key.clone(), filled(planned, from(key))));
            if matches!(planned, Value::Map(_)) { Value::map(entries) } else { Value::object(entries) }
        }
        Value::Dynamic(wrapped) => match fresh {
            Value::Dynamic(fresh) if wrapped.0 == fresh.0 => {
                Value::dynamic(wrapped.0.clone(), filled(&wrapped.1, &fresh.1))
            }
            _ if wrapped.1.is_unknown() => fresh.clone(),
            _ => planned.clone(),
        },
        // Elements of a set have nothing to tell them apart by: what is there now is all there is.
        Value::Set(_) if !planned.is_wholly_known() => fresh.clone(),
        other => other.clone(),
    }
}

/// A state after a change that failed: what stands, in the words of the plan where it came to that, else in those of
/// the state before.
pub(crate) fn after_failure(fields: &[Field], prior: &Value, planned: &Value, saved: &Value) -> Value {
    let mut settled = planned.clone();
    settled.unknown_to_null();
    // Where nothing was before, the plan's words are the only ones.
    let before = if prior.is_null() { saved.clone() } else { after_read(fields, prior, saved, false) };
    after_read(fields, &settled, &before, false)
}

/// What was read for a configuration: what is configured as it is configured, and the rest filled in.
pub(crate) fn as_configured(fields: &[Field], config: &Value, fresh: &Value) -> Value {
    let attributes = fields.iter().map(|field| {
        let (configured, fresh) = (member(config, field.name), member(fresh, field.name));
        let value = match field.nested() {
            _ if field.write_only => Value::Null,
            // The CLIs take nothing for an attribute that is neither configured nor computed.
            _ if configured.is_null() && field.computed => fresh.clone(),
            _ if configured.is_null() => Value::Null,
            Some((Nesting::Set, _)) | None => configured.clone(),
            Some((nesting, fields)) => nested(nesting, configured, fresh, &|fresh, configured| {
                element(configured, || as_configured(fields, configured, fresh))
            }),
        };
        (field.name, value)
    });
    Value::object(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Decl;
    use crate::{Attr, Model};

    #[test]
    fn an_import_takes_the_spelling_of_the_service() {
        const FIELDS: &[Field] = &[Decl::<Attr<String>>::new("name", "").required().equal(any_case).build()];
        fn any_case(a: &Value, b: &Value) -> bool {
            a.as_str().zip(b.as_str()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
        }
        let object = |name: &str| Value::object([("name", Value::from(name))]);
        let (prior, fresh) = (object("THING"), object("thing"));
        assert_eq!(after_read(FIELDS, &prior, &fresh, true), fresh);
        assert_eq!(after_read(FIELDS, &prior, &fresh, false), prior);
    }

    /// A thing.
    #[derive(Debug, Clone, Default, Model)]
    struct Thing {
        #[attr(optional, one_of("Red"))]
        color: Attr<String>,
        #[attr(optional, unset = "None")]
        mode: Attr<String>,
        #[attr(optional, computed)]
        note: Attr<String>,
    }

    fn thing(color: Value, mode: Value, note: Value) -> Value {
        Value::object([("color", color), ("mode", mode), ("note", note)])
    }

    #[test]
    fn what_is_configured_stays_and_only_what_is_computed_is_filled_in() {
        let config = thing("red".into(), Value::Null, Value::Null);
        let fresh = thing("RED".into(), "None".into(), "n".into());
        assert_eq!(
            as_configured(Thing::FIELDS, &config, &fresh),
            thing("red".into(), Value::Null, "n".into())
        );
    }

    #[test]
    fn a_state_says_a_thing_as_it_said_it_before() {
        let prior = thing("red".into(), Value::Null, "".into());
        let read = |fresh: Value| after_read(Thing::FIELDS, &prior, &fresh, false);
        assert_eq!(read(thing("RED".into(), "None".into(), Value::Null)), prior);
        let drifted = thing("Blue".into(), "Some".into(), "n".into());
        assert_eq!(read(drifted.clone()), drifted);
    }

    #[test]
    fn what_was_planned_empty_is_empty_after_a_create_that_failed() {
        let planned = thing("Red".into(), Value::Null, "".into());
        let saved = thing("RED".into(), "None".into(), "".into());
        assert_eq!(after_failure(Thing::FIELDS, &Value::Null, &planned, &saved), planned);
    }

    #[test]
    fn an_import_finds_computed_values_even_if_they_are_empty() {
        let prior = thing(Value::Null, Value::Null, Value::Null);
        let fresh = thing("Red".into(), "None".into(), "".into());
        let read = after_read(Thing::FIELDS, &prior, &fresh, true);
        assert_eq!(read, thing("Red".into(), Value::Null, "".into()));
    }
}
