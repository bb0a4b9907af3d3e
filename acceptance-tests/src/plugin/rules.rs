//! The rules by which the tools judge a provider's answers.

use serde_json::Value;

use super::proto::AttributePath;
use super::proto::attribute_path::step::Selector;
use super::proto::schema::object::NestingMode;
use super::proto::schema::{Attribute, Block};
use super::unknown;

/// Whether two values are the same; a set's order does not count, and neither does a list's here.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Array(some), Value::Array(others)) => {
            some.len() == others.len() && some.iter().all(|one| others.iter().any(|other| same(one, other)))
        }
        (Value::Object(some), Value::Object(others)) => {
            some.len() == others.len()
                && some.iter().all(|(key, one)| others.get(key).is_some_and(|other| same(one, other)))
        }
        _ => a == b,
    }
}

/// Where what came is not what was planned: what was known stays, what was unknown may be anything.
pub(super) fn incompatible(planned: &Value, actual: &Value, path: &str, found: &mut Vec<String>) {
    match (planned, actual) {
        (planned, _) if *planned == unknown() => {}
        (Value::Object(some), Value::Object(others))
            if *actual != unknown() && some.len() == others.len() =>
        {
            for (name, one) in some {
                incompatible(one, &actual[name], &format!("{path}.{name}"), found);
            }
        }
        (Value::Array(some), Value::Array(others)) => {
            let fits = |one: &Value| {
                others.iter().any(|other| {
                    let mut breaches = Vec::new();
                    incompatible(one, other, path, &mut breaches);
                    breaches.is_empty()
                })
            };
            if some.len() < others.len() || !some.iter().all(fits) {
                found.push(format!("{path} was planned as {planned} and became {actual}"));
            }
        }
        _ if planned == actual => {}
        _ => found.push(format!("{path} was planned as {planned} and became {actual}")),
    }
}

/// Where a plan is none of this configuration: what is configured is planned so, or stays as it was.
pub(super) fn invalid(
    block: &Block,
    prior: &Value,
    config: &Value,
    planned: &Value,
    found: &mut Vec<String>,
) {
    if config.is_null() != planned.is_null() {
        found.push(format!("{config} was planned as {planned}"));
        return;
    }
    if !config.is_null() {
        attributes(&block.attributes, [prior, config, planned], "", found);
    }
}

fn attributes(declared: &[Attribute], all: [&Value; 3], path: &str, found: &mut Vec<String>) {
    for attribute in declared {
        let [prior, config, planned] = all.map(|value| &value[&attribute.name]);
        let kept = !prior.is_null() && !config.is_null() && same(planned, prior);
        let free = attribute.computed && (config.is_null() || !attribute.optional);
        if same(planned, config) || kept || free {
            continue;
        }
        let path = format!("{path}.{}", attribute.name);
        let nested = attribute.nested_type.as_ref().filter(|nested| nested.nesting() == NestingMode::Single);
        match nested.filter(|_| config.is_object() && planned.is_object()) {
            Some(nested) => attributes(&nested.attributes, [prior, config, planned], &path, found),
            // The tools only count the elements of nested collections that are sets; so do these rules with all of them.
            None if attribute.nested_type.is_some() && planned.is_array() && config.is_array() => {}
            None => found.push(format!("{path} is configured as {config} and planned as {planned}")),
        }
    }
}

/// The value at a path of the protocol.
pub(super) fn at<'a>(value: &'a Value, path: &AttributePath) -> &'a Value {
    static NULL: Value = Value::Null;
    path.steps.iter().fold(value, |value, step| match &step.selector {
        Some(Selector::AttributeName(name) | Selector::ElementKeyString(name)) => {
            value.get(name).unwrap_or(&NULL)
        }
        Some(Selector::ElementKeyInt(index)) => {
            usize::try_from(*index).ok().and_then(|index| value.get(index)).unwrap_or(&NULL)
        }
        None => &NULL,
    })
}

/// A path as text.
pub(super) fn text(path: Option<&AttributePath>) -> String {
    let steps = path.into_iter().flat_map(|path| &path.steps);
    steps.fold(String::new(), |text, step| match &step.selector {
        Some(Selector::AttributeName(name)) if text.is_empty() => name.clone(),
        Some(Selector::AttributeName(name)) => format!("{text}.{name}"),
        Some(Selector::ElementKeyString(key)) => format!("{text}[{key:?}]"),
        Some(Selector::ElementKeyInt(index)) => format!("{text}[{index}]"),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_known_in_a_plan_is_kept() {
        let breaches = |planned: Value, actual: Value| {
            let mut found = Vec::new();
            incompatible(&planned, &actual, "", &mut found);
            found.len()
        };
        assert_eq!(breaches(json!({"a": unknown(), "b": [1, 2]}), json!({"a": 7, "b": [2, 1]})), 0);
        assert_eq!(breaches(json!({"a": {"b": null}, "c": 1}), json!({"a": {"b": 1}, "c": unknown()})), 2);
        assert_eq!(breaches(json!([unknown(), 1]), json!([2, 3])), 1);
        assert!(
            same(&json!([1, {"a": [2, 3]}]), &json!([{"a": [3, 2]}, 1]))
                && !same(&json!([1, 1]), &json!([1]))
        );
    }
}
