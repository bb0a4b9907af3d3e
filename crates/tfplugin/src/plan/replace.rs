//! Which changes replace a resource.

use super::build::member;
use crate::path::Path;
use crate::schema::{Field, Nesting, Replaces};
use crate::value::Value;

/// The paths of all changes that replace the resource. `planned` has the prior value of what is computed and not
/// configured: such values change at the service's will, which is no reason to replace anything.
pub(super) fn paths(fields: &[Field], config: &Value, prior: &Value, planned: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    object(fields, &Path::root(), [config, prior, planned], &mut found);
    found.sort();
    found.dedup();
    found
}

/// The path, or as much of it as leads somewhere: the CLIs refuse paths that lead nowhere before and after, and those
/// into sets. None: nothing of it does.
pub(super) fn there(path: &Path, prior: &Value, planned: &Value) -> Option<Path> {
    let steps = path.steps();
    let leads = |length: &usize| {
        let upto = Path::from(steps[..*length].to_vec());
        prior.get(&upto).is_some() || planned.get(&upto).is_some()
    };
    (1..=steps.len()).rev().find(leads).map(|length| Path::from(steps[..length].to_vec()))
}

/// Looks through an object that is there before and after. The three are configuration, prior and planned value.
fn object(fields: &[Field], path: &Path, [config, prior, planned]: [&Value; 3], found: &mut Vec<Path>) {
    for field in fields {
        let values = [member(config, field.name), member(prior, field.name), member(planned, field.name)];
        attribute(field, &path.clone().attribute(field.name), values, found);
    }
}

fn attribute(
    field: &Field,
    path: &Path,
    values @ [config, prior, planned]: [&Value; 3],
    found: &mut Vec<Path>,
) {
    // A write-only value leaves no trace to compare with.
    if field.write_only || (prior == planned && planned.is_wholly_known()) {
        return;
    }
    if replaces(field, config, prior, planned) {
        found.push(path.clone());
        return;
    }
    match field.nested() {
        Some((Nesting::Single, fields)) => element(fields, path, values, found),
        Some((Nesting::List, fields)) if planned.elements().is_some() || planned.is_null() => {
            let length = |value: &Value| value.elements().map_or(0, <[Value]>::len);
            let at = |value: &Value, index: usize| -> Value {
                value.elements().and_then(|elements| elements.get(index)).cloned().unwrap_or(Value::Null)
            };
            for (index, step) in (0..length(prior).max(length(planned))).zip(0..) {
                let values = [&at(config, index), &at(prior, index), &at(planned, index)];
                element(fields, &path.clone().index(step), values, found);
            }
        }
        Some((Nesting::Map, fields)) if planned.entries().is_some() || planned.is_null() => {
            let keys = |value: &Value| value.entries().map(|all| all.keys().cloned().collect::<Vec<_>>());
            let at = |value: &Value, key: &str| -> Value {
                value.entries().and_then(|entries| entries.get(key)).cloned().unwrap_or(Value::Null)
            };
            let mut all: Vec<String> = [keys(prior), keys(planned)].into_iter().flatten().flatten().collect();
            all.sort();
            all.dedup();
            for key in all {
                let values = [&at(config, &key), &at(prior, &key), &at(planned, &key)];
                element(fields, &path.clone().key(key.clone()), values, found);
            }
        }
        // Elements of a set have no path: there the mark stands on the attribute that holds the set.
        Some((Nesting::Set, _)) | None => {}
        Some((_, fields)) => element(fields, path, values, found),
    }
}

/// Looks through an object of a nested attribute. One that comes, goes or is unknown as a whole replaces the resource
/// by the path of the object: paths into it lead nowhere on one side.
fn element(
    fields: &[Field],
    path: &Path,
    values @ [config, prior, planned]: [&Value; 3],
    found: &mut Vec<Path>,
) {
    let there = |value: &Value| matches!(value, Value::Object(_));
    if there(prior) && there(planned) {
        object(fields, path, values, found);
        return;
    }
    let mut within = Vec::new();
    if planned.is_unknown() {
        // Nothing is known of what is in it, so what would replace the resource may.
        if fields.iter().any(|field| matches!(field.replaces, Replaces::Always | Replaces::IfConfigured)) {
            found.push(path.clone());
        }
        return;
    }
    object(fields, &Path::root(), [config, prior, planned], &mut within);
    if !within.is_empty() {
        found.push(path.clone());
    }
}

fn replaces(field: &Field, config: &Value, prior: &Value, planned: &Value) -> bool {
    match field.replaces {
        Replaces::No => false,
        Replaces::Always => true,
        Replaces::IfConfigured => !config.is_null(),
        Replaces::If(says) => says(prior, planned),
    }
}
