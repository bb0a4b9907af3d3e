//! Shapes of request bodies: which members there are and of which type. A wrong type is always refused; an unknown member
//! only under `--strict`.

use serde_json::Value;

use crate::error::ArmError;

/// What a value has to look like. Null is always accepted: it means absent.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Anything.
    Any,
    /// A boolean.
    Bool,
    /// A boolean, or the text of one.
    LooseBool,
    /// A whole number.
    Integer,
    /// Text.
    Text,
    /// One of these words, in any casing.
    OneOf(&'static [&'static str]),
    /// A list.
    List(&'static Shape),
    /// An object with any names.
    Map(&'static Shape),
    /// An object with these members. Names are compared in any casing, as the services do.
    Object(&'static [(&'static str, Shape)]),
}

impl Shape {
    /// Checks a body; `strict` refuses unknown members too.
    pub fn check(&self, value: &Value, strict: bool) -> Result<(), ArmError> {
        self.walk(value, strict, &mut String::new()).map_err(ArmError::invalid_content)
    }

    fn walk(&self, value: &Value, strict: bool, path: &mut String) -> Result<(), String> {
        let fits = match (self, value) {
            (Self::Any, _) | (_, Value::Null) => true,
            (Self::Bool | Self::LooseBool, Value::Bool(_)) => true,
            (Self::LooseBool, Value::String(s)) => {
                s.eq_ignore_ascii_case("true") || s.eq_ignore_ascii_case("false")
            }
            (Self::Integer, Value::Number(n)) => n.is_i64() || n.is_u64(),
            (Self::Text, Value::String(_)) => true,
            (Self::OneOf(words), Value::String(s)) => words.iter().any(|w| w.eq_ignore_ascii_case(s)),
            (Self::List(shape), Value::Array(items)) => {
                for (i, item) in items.iter().enumerate() {
                    nested(path, &format!("[{i}]"), |path| shape.walk(item, strict, path))?;
                }
                true
            }
            (Self::Map(shape), Value::Object(members)) => {
                for (name, member) in members {
                    nested(path, &format!(".{name}"), |path| shape.walk(member, strict, path))?;
                }
                true
            }
            (Self::Object(known), Value::Object(members)) => {
                for (name, member) in members {
                    let shape = known.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
                    nested(path, &format!(".{name}"), |path| match shape {
                        Some((_, shape)) => shape.walk(member, strict, path),
                        None if strict => {
                            Err(format!("Could not find member '{name}'. Path '{}'", dotted(path)))
                        }
                        None => Ok(()),
                    })?;
                }
                true
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(self.misfit(value, path)) }
    }

    fn misfit(&self, value: &Value, path: &str) -> String {
        let wanted = match self {
            Self::Any => "anything".to_owned(),
            Self::Bool | Self::LooseBool => "a boolean".to_owned(),
            Self::Integer => "an integer".to_owned(),
            Self::Text => "a string".to_owned(),
            Self::OneOf(words) => format!("one of {}", words.join(", ")),
            Self::List(_) => "an array".to_owned(),
            Self::Map(_) | Self::Object(_) => "an object".to_owned(),
        };
        let shown: String = value.to_string().chars().take(80).collect();
        format!("Error converting value {shown}: {wanted} was expected. Path '{}'", dotted(path))
    }
}

fn dotted(path: &str) -> &str {
    path.trim_start_matches('.')
}

fn nested<T>(path: &mut String, word: &str, inner: impl FnOnce(&mut String) -> T) -> T {
    let length = path.len();
    path.push_str(word);
    let result = inner(path);
    path.truncate(length);
    result
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BODY: Shape = Shape::Object(&[
        ("tags", Shape::Map(&Shape::Text)),
        ("properties", Shape::Object(&[("on", Shape::Bool), ("ids", Shape::List(&Shape::Integer))])),
    ]);

    fn refusal(value: &Value, strict: bool) -> String {
        BODY.check(value, strict).map_or_else(|e| e.message, |()| "accepted".to_owned())
    }

    #[test]
    fn a_wrong_type_is_refused_at_its_path() {
        assert_eq!(
            refusal(&json!({"properties": {"ids": [1, "x"]}}), false),
            "The request content was invalid and could not be deserialized: 'Error converting value \"x\": an integer was expected. Path 'properties.ids[1]''."
        );
        assert_eq!(refusal(&json!({"properties": {"ON": null}, "tags": {"a": "b"}}), true), "accepted");
    }

    #[test]
    fn an_unknown_member_is_refused_only_when_strict() {
        let body = json!({"properties": {"onn": true}});
        assert_eq!(refusal(&body, false), "accepted");
        assert!(refusal(&body, true).contains("Could not find member 'onn'. Path 'properties.onn'"));
    }
}
