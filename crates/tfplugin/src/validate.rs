//! The check of a configuration against the declarations. All that is wrong is said at once.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::schema::{Field, Nesting, Schema, Shape, TIMEOUTS, Validator};
use crate::value::Value;

const INVALID: &str = "Invalid Attribute Value";

/// All that is wrong with a configuration: first what the declarations know of, then what `own` says, the check of what
/// is configured itself. Of a configuration that is not known at all there is nothing to say.
pub(crate) fn config(
    schema: &Schema,
    config: &Value,
    write_only_allowed: bool,
    own: impl FnOnce(&mut Diagnostics),
) -> Diagnostics {
    let mut out = Diagnostics::new();
    if config.is_unknown() {
        return out;
    }
    let walk = Walk { write_only_allowed };
    walk.object(schema.fields, config, &Path::root(), &mut out);
    if let (Some(timeouts), Some(block)) = (&schema.timeouts, config.attribute(TIMEOUTS)) {
        timeouts.validate(block, &mut out);
    }
    own(&mut out);
    out
}

struct Walk {
    write_only_allowed: bool,
}

impl Walk {
    fn object(&self, fields: &[Field], object: &Value, path: &Path, out: &mut Diagnostics) {
        for field in fields {
            let value = object.attribute(field.name).unwrap_or(&Value::Null);
            self.attribute(field, value, &path.clone().attribute(field.name), out);
        }
    }

    fn attribute(&self, field: &Field, value: &Value, path: &Path, out: &mut Diagnostics) {
        if value.is_null() {
            if field.required {
                out.error_at(
                    path.clone(),
                    "Missing Configuration for Required Attribute",
                    format!("The attribute {path} must be set, and not to null."),
                );
            }
            return;
        }
        if !field.configurable() {
            out.error_at(
                path.clone(),
                "Invalid Configuration for Read-Only Attribute",
                format!(
                    "The attribute {path} is set by the provider alone. Remove it from the configuration."
                ),
            );
            return;
        }
        if field.write_only && !self.write_only_allowed {
            out.error_at(
                path.clone(),
                "Write-Only Attribute Not Allowed",
                format!(
                    "The attribute {path} is write-only, which needs Terraform 1.11, OpenTofu 1.11 or later."
                ),
            );
        }
        if value.is_unknown() {
            return;
        }
        if let Some(instead) = field.deprecated {
            out.warning_at(path.clone(), "Attribute Deprecated", instead);
        }
        checked(field, &field.shape, value, path, out);
        for validator in field.validators {
            validate(field, validator, value, path, out);
        }
        if let Some((nesting, fields)) = field.nested() {
            self.elements(nesting, fields, value, path, out);
        }
    }

    fn elements(
        &self,
        nesting: Nesting,
        fields: &[Field],
        value: &Value,
        path: &Path,
        out: &mut Diagnostics,
    ) {
        let mut element = |element: &Value, path: Path| match element {
            Value::Object(_) => self.object(fields, element, &path, out),
            Value::Null => {
                out.error_at(path, INVALID, "An element is null. Leave it out, or give it a value.")
            }
            _ => {}
        };
        match (nesting, value) {
            (Nesting::Single, object) => element(object, path.clone()),
            (Nesting::List, Value::List(elements)) => {
                (0..).zip(elements).for_each(|(index, value)| element(value, path.clone().index(index)));
            }
            (Nesting::Map, Value::Map(elements)) => {
                elements.iter().for_each(|(key, value)| element(value, path.clone().key(key.clone())));
            }
            (Nesting::Set, Value::Set(elements)) => {
                // Elements of a set cannot be named; neither can what is in them.
                let mut within = Diagnostics::new();
                for value in elements {
                    match value {
                        Value::Object(_) => self.object(fields, value, path, &mut within),
                        other => element(other, path.clone()),
                    }
                }
                out.extend(within.into_iter().map(|diagnostic| diagnostic.at(path.clone())));
            }
            _ => {}
        }
    }
}

/// What the shape and the enumeration ask for, down to the elements of collections.
fn checked(field: &Field, shape: &Shape, value: &Value, path: &Path, out: &mut Diagnostics) {
    match (shape, value) {
        (Shape::Integer, Value::Number(number)) if number.as_i64().is_none() => {
            out.push(invalid(
                path,
                format!("must be a whole number of at most 64 bits{}", shown(field, value)),
            ));
        }
        (Shape::String, Value::String(text)) if !is_member(field, text) => {
            let known = field.one_of.iter().map(|known| format!("{known:?}")).collect::<Vec<_>>();
            out.push(invalid(path, format!("must be {}{}", listed(&known), shown(field, value))));
        }
        (Shape::List(shape), Value::List(elements)) => {
            (0..)
                .zip(elements)
                .for_each(|(at, element)| checked(field, shape, element, &path.clone().index(at), out));
        }
        (Shape::Set(shape), Value::Set(elements)) => {
            elements.iter().for_each(|element| checked(field, shape, element, path, out));
        }
        (Shape::Map(shape), Value::Map(elements)) => elements
            .iter()
            .for_each(|(key, element)| checked(field, shape, element, &path.clone().key(key.clone()), out)),
        _ => {}
    }
}

/// Whether a text is one of the enumeration, where there is one.
fn is_member(field: &Field, text: &str) -> bool {
    field.one_of.is_empty() || field.one_of.iter().any(|known| known.eq_ignore_ascii_case(text))
}

fn validate(field: &Field, validator: &Validator, value: &Value, path: &Path, out: &mut Diagnostics) {
    match validator {
        Validator::Check(check) => {
            if let Err(problem) = check(value) {
                out.push(invalid(path, problem));
            }
        }
        Validator::Report(report) => report(path, value, out),
        Validator::Length(least, most) => {
            let (length, unit) = match value {
                Value::String(text) => (text.chars().count(), "character"),
                // Elements that are not known yet may turn out to be one.
                Value::Set(elements) if !value.is_wholly_known() => {
                    let known = elements.iter().filter(|element| element.is_wholly_known()).count();
                    (known.max(1).max((*least).min(elements.len())), "element")
                }
                Value::List(elements) | Value::Set(elements) => (elements.len(), "element"),
                Value::Map(elements) => (elements.len(), "element"),
                _ => return,
            };
            if !(*least..=*most).contains(&length) {
                let wanted = between(*least as u64, *most as u64, unit);
                out.push(invalid(path, format!("must have {wanted}; it has {length}")));
            }
        }
        Validator::Range(least, most) => {
            let within = value.as_number().is_none_or(|number| {
                number.as_i64().map_or(!number.is_integer(), |number| (*least..=*most).contains(&number))
            });
            if !within {
                out.push(invalid(
                    path,
                    format!("must lie between {least} and {most}{}", shown(field, value)),
                ));
            }
        }
    }
}

fn invalid(path: &Path, problem: String) -> Diagnostic {
    Diagnostic::error(INVALID, format!("The attribute {path} {problem}.")).at(path.clone())
}

/// The value at fault, unless nobody may see it.
fn shown(field: &Field, value: &Value) -> String {
    match value {
        _ if field.sensitive || field.write_only => String::new(),
        Value::String(text) => format!("; it is {text:?}"),
        Value::Number(number) => format!("; it is {number}"),
        _ => String::new(),
    }
}

/// A list of values as a sentence has it.
fn listed(values: &[String]) -> String {
    match values {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("one of {} or {last}", first.join(", ")),
    }
}

fn between(least: u64, most: u64, unit: &str) -> String {
    let counted =
        |count: u64| if count == 1 { format!("{count} {unit}") } else { format!("{count} {unit}s") };
    match (least, most) {
        (least, most) if least == most => format!("exactly {}", counted(least)),
        (0, most) => format!("at most {}", counted(most)),
        (least, most) if most == usize::MAX as u64 => format!("at least {}", counted(least)),
        (least, most) => format!("between {least} and {}", counted(most)),
    }
}
