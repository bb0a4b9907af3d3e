//! One attribute in words: its doc comment, and what its marks say beyond it.

use crate::codec::json;
use crate::schema::{Field, Literal, Nesting, Replaces, Shape, Validator};
use crate::value::Value;

use super::text;

/// The kind of value, as "String" or "List of String".
pub(super) fn kind(shape: &Shape) -> String {
    match shape.nested() {
        Some((Nesting::Single, _)) => "Attributes".to_owned(),
        Some((Nesting::List, _)) => "Attributes List".to_owned(),
        Some((Nesting::Set, _)) => "Attributes Set".to_owned(),
        Some((Nesting::Map, _)) => "Attributes Map".to_owned(),
        None => match shape {
            Shape::Bool => "Boolean".to_owned(),
            Shape::Number | Shape::Integer => "Number".to_owned(),
            Shape::String => "String".to_owned(),
            Shape::Dynamic => "Dynamic".to_owned(),
            Shape::List(element) => format!("List of {}", kind(element)),
            Shape::Set(element) => format!("Set of {}", kind(element)),
            Shape::Map(element) => format!("Map of {}", kind(element)),
            Shape::Object(_) => "Object".to_owned(),
        },
    }
}

/// What stands in the brackets behind the name.
pub(super) fn brackets(field: &Field) -> String {
    let mut all = kind(&field.shape);
    for (mark, name) in [
        (field.sensitive, ", Sensitive"),
        (field.write_only, ", Write-only"),
        (field.deprecated.is_some(), ", Deprecated"),
    ] {
        if mark {
            all.push_str(name);
        }
    }
    all
}

/// The doc comment, and a sentence for each mark about which it says nothing.
pub(super) fn description(field: &Field) -> String {
    let mut out = text::reflow(field.doc);
    let mut add = |sentence: String| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&sentence);
    };
    let said = text::reflow(field.doc);
    if let Some(sentence) = alternatives(field, &said) {
        add(sentence);
    }
    for sentence in field.validators.iter().filter_map(|validator| limits(field, validator)) {
        add(sentence);
    }
    if let Some(sentence) = default(field, &said) {
        add(sentence);
    }
    if let Some(sentence) = replacement(field, &said) {
        add(sentence.to_owned());
    }
    if field.write_only {
        add("Neither plan nor state holds it, which takes Terraform 1.11 or OpenTofu 1.11.".to_owned());
    }
    if let Some(instead) = field.deprecated {
        add(format!("**Deprecated:** {instead}"));
    }
    out
}

fn alternatives(field: &Field, said: &str) -> Option<String> {
    let named = field.one_of.iter().all(|value| said.contains(&text::code(value)));
    (!named).then(|| format!("One of {}, in any casing.", text::any_of(field.one_of)))
}

fn limits(field: &Field, validator: &Validator) -> Option<String> {
    match *validator {
        Validator::Length(least, most) => {
            let unit = if matches!(field.shape, Shape::String) { "characters" } else { "elements" };
            Some(match (least, most) {
                (least, usize::MAX) => format!("At least {least} {unit}."),
                (0, most) => format!("At most {most} {unit}."),
                (least, most) => format!("{least} to {most} {unit}."),
            })
        }
        Validator::Range(least, most) => Some(match (least, most) {
            (least, i64::MAX) => format!("At least {least}."),
            (i64::MIN, most) => format!("At most {most}."),
            (least, most) => format!("From {least} to {most}."),
        }),
        _ => None,
    }
}

fn default(field: &Field, said: &str) -> Option<String> {
    let literal = field.default?;
    if said.contains("unless set") || said.contains("Defaults to") {
        return None;
    }
    let value = match literal {
        Literal::Null => return None,
        Literal::Text(value) => value.to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::Empty | Literal::Made(_) => written(&literal.value(&field.shape), &field.shape)?,
    };
    if value.is_empty() {
        return Some("Defaults to the empty string.".to_owned());
    }
    Some(format!("Defaults to {}.", text::code(&value)))
}

/// A value as JSON, of which the configuration language's literals differ little. Text stands without its quotes.
fn written(value: &Value, shape: &Shape) -> Option<String> {
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    String::from_utf8(json::encode(value, &shape.ty()).ok()?).ok()
}

fn replacement(field: &Field, said: &str) -> Option<&'static str> {
    let mentioned = ["Changing it", "Changing this", "creates a new", "forces a new"];
    if mentioned.iter().any(|words| said.contains(words)) {
        return None;
    }
    match field.replaces {
        Replaces::No => None,
        Replaces::Always => Some("Changing this forces a new resource to be created."),
        Replaces::IfKnown => {
            Some("Changing this forces a new resource to be created, unless the new value is not known yet.")
        }
        Replaces::IfConfigured => {
            Some("Changing this to another configured value forces a new resource to be created.")
        }
        Replaces::If(_) => Some("Some changes of this force a new resource to be created."),
    }
}
