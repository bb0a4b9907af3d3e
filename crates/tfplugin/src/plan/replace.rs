//! Which changes replace a resource.

use super::build::member;
use crate::path::Path;
use crate::schema::{Field, Nesting, Replaces};
use crate::value::Value;

/// What the declarations say of a plan's changes.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Found {
    /// Whose changes replace the resource.
    pub(super) replace: Vec<Path>,
    /// What is not known yet, and replaces the resource only if it turns out to change.
    pub(super) undecided: Vec<Path>,
}

/// The paths of all changes that replace the resource, or may. `planned` has the prior value of what is computed and not
/// configured: such values change at the service's will, which is no reason to replace anything.
pub(super) fn paths(fields: &[Field], config: &Value, prior: &Value, planned: &Value) -> Found {
    let mut found = Found::default();
    object(fields, &Path::root(), [config, prior, planned], &mut found);
    for paths in [&mut found.replace, &mut found.undecided] {
        paths.sort();
        paths.dedup();
    }
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
fn object(fields: &[Field], path: &Path, [config, prior, planned]: [&Value; 3], found: &mut Found) {
    for field in fields {
        let values = [member(config, field.name), member(prior, field.name), member(planned, field.name)];
        attribute(field, &path.clone().attribute(field.name), values, found);
    }
}

fn attribute(field: &Field, path: &Path, values @ [config, prior, planned]: [&Value; 3], found: &mut Found) {
    // A write-only value leaves no trace to compare with.
    if field.write_only || (prior == planned && planned.is_wholly_known()) {
        return;
    }
    match verdict(field, config, prior, planned) {
        Verdict::Stays => {}
        Verdict::Replaces => return found.replace.push(path.clone()),
        Verdict::Undecided => return found.undecided.push(path.clone()),
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
fn element(fields: &[Field], path: &Path, values @ [config, prior, planned]: [&Value; 3], found: &mut Found) {
    let there = |value: &Value| matches!(value, Value::Object(_));
    if there(prior) && there(planned) {
        object(fields, path, values, found);
        return;
    }
    if planned.is_unknown() {
        // Nothing is known of what is in it, so what would replace the resource may.
        if fields.iter().any(|field| matches!(field.replaces, Replaces::Always | Replaces::IfConfigured)) {
            found.replace.push(path.clone());
        } else if may_replace(fields) {
            found.undecided.push(path.clone());
        }
        return;
    }
    let mut within = Found::default();
    object(fields, &Path::root(), [config, prior, planned], &mut within);
    if !within.replace.is_empty() {
        found.replace.push(path.clone());
    } else if !within.undecided.is_empty() {
        found.undecided.push(path.clone());
    }
}

/// Whether a change within may replace the resource once it is known.
fn may_replace(fields: &[Field]) -> bool {
    let nested = |field: &Field| field.nested().is_some_and(|(_, fields)| may_replace(fields));
    fields.iter().any(|field| matches!(field.replaces, Replaces::IfKnown) || nested(field))
}

/// What a change, or what may be one, means for the resource.
enum Verdict {
    /// The attribute itself is no reason to replace it.
    Stays,
    /// It replaces it.
    Replaces,
    /// It is not known whether anything changes.
    Undecided,
}

fn verdict(field: &Field, config: &Value, prior: &Value, planned: &Value) -> Verdict {
    let replaces = match field.replaces {
        Replaces::No => false,
        Replaces::Always => true,
        Replaces::IfConfigured => !config.is_null(),
        Replaces::If(says) => says(prior, planned),
        // What holds something unknown is something, and so no longer nothing.
        Replaces::IfKnown if planned.is_wholly_known() || (prior.is_null() && !planned.is_unknown()) => true,
        Replaces::IfKnown => return Verdict::Undecided,
    };
    if replaces { Verdict::Replaces } else { Verdict::Stays }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attr, Model};

    /// A thing.
    #[derive(Debug, Clone, Default, Model)]
    struct Thing {
        #[attr(required, replaces_if_known)]
        place: Attr<String>,
        #[attr(optional, replaces_if_known)]
        parts: Attr<Vec<String>>,
        #[attr(optional)]
        inner: Attr<Inner>,
        #[attr(optional)]
        all: Attr<Vec<Inner>>,
    }

    /// What is in it.
    #[derive(Debug, Clone, Default, Model)]
    struct Inner {
        #[attr(optional, replaces_if_known)]
        key: Attr<String>,
        #[attr(optional)]
        free: Attr<String>,
    }

    fn found(prior: &Thing, planned: Value) -> (Vec<String>, Vec<String>) {
        let found = paths(Thing::FIELDS, &planned, &prior.to_value(), &planned);
        let texts = |paths: Vec<Path>| paths.iter().map(ToString::to_string).collect();
        (texts(found.replace), texts(found.undecided))
    }

    /// The thing of which something is planned, whatever that is.
    fn with(name: &str, value: Value) -> Value {
        let mut planned = thing().to_value();
        assert!(planned.set(&Path::from(name), value));
        planned
    }

    fn thing() -> Thing {
        let inner = Inner { key: "k".into(), free: "f".into() };
        Thing { place: "here".into(), inner: Attr::Known(inner), ..Thing::default() }
    }

    fn inner(key: Value) -> Value {
        Value::object([("key", key), ("free", "f".into())])
    }

    #[test]
    fn what_is_known_replaces_and_what_is_not_is_undecided() {
        let none = Vec::<String>::new;
        let one = |path: &str| vec![path.to_owned()];
        let some = Value::List(vec![Value::Unknown]);
        for (name, value, expected) in [
            ("place", Value::from("there"), (one("place"), none())),
            ("place", Value::Unknown, (none(), one("place"))),
            ("parts", Value::Unknown, (none(), one("parts"))),
            ("parts", some, (one("parts"), none())),
            ("inner", inner("other".into()), (one("inner.key"), none())),
            ("inner", inner(Value::Unknown), (none(), one("inner.key"))),
            ("inner", Value::Unknown, (none(), one("inner"))),
            ("inner", Value::Null, (one("inner"), none())),
            ("all", Value::Unknown, (none(), one("all"))),
            ("all", Value::List(vec![Value::Unknown]), (none(), one("all[0]"))),
            ("all", Value::List(vec![inner(Value::Unknown)]), (none(), one("all[0]"))),
            ("all", Value::List(vec![inner("k".into())]), (one("all[0]"), none())),
        ] {
            assert_eq!(found(&thing(), with(name, value.clone())), expected, "{name} = {value:?}");
        }
    }
}
