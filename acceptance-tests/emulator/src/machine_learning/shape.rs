//! What a member of a request may hold, and the check that brings it into the service's form.

use serde_json::{Map, Value};

use super::refusal;
use super::version::Since;
use crate::error::ArmError;

/// The type of a member.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Text.
    Text,
    /// True or false; the strings `"true"` and `"false"` are read as well, as the service does for its own command
    /// line.
    Flag,
    /// A whole number.
    Count,
    /// One of these words in any casing, answered in this one.
    Choice(&'static [&'static str]),
    /// An array of texts.
    Texts,
    /// An object.
    Object(&'static [Member]),
    /// An array of objects.
    Objects(&'static [Member]),
    /// A map of outbound rules.
    Rules,
    /// Read by nobody.
    Anything,
}

/// One member of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    /// Name as the service answers it.
    pub(super) name: &'static str,
    /// Type.
    pub(super) shape: Shape,
    /// Set by the service: accepted, for clients send back what they read, and ignored.
    pub(super) read_only: bool,
    /// The first versions that declare it.
    pub(super) since: Since,
    /// The first versions whose PATCH carries it.
    pub(super) patch: Since,
}

/// Never carried by a PATCH.
const NEVER: Since = Since { stable: "", preview: "" };

impl Member {
    /// A member that a PUT may set.
    pub(super) const fn new(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, read_only: false, since: Since::EVER, patch: NEVER }
    }

    /// A member that only the service sets.
    pub(super) const fn read_only(name: &'static str, shape: Shape) -> Self {
        Self { name, shape, read_only: true, since: Since::EVER, patch: NEVER }
    }

    /// Declared since these dates of the stable and of the preview line.
    pub(super) const fn since(mut self, stable: &'static str, preview: &'static str) -> Self {
        self.since = Since::both(stable, preview);
        self
    }

    /// Declared since these dates of the preview line, and in no stable version.
    pub(super) const fn preview(mut self, preview: &'static str) -> Self {
        self.since = Since::previews(preview);
        self
    }

    /// Carried by a PATCH since these dates.
    pub(super) const fn patch(mut self, stable: &'static str, preview: &'static str) -> Self {
        self.patch = Since::both(stable, preview);
        self
    }
}

/// The member of this name, in any casing, as the service's deserializer finds it.
pub(super) fn find(members: &'static [Member], name: &str) -> Option<&'static Member> {
    members.iter().find(|m| m.name.eq_ignore_ascii_case(name))
}

/// Reads an object: members get their names and types, what the service sets is dropped, and so is the unknown, unless
/// `strict` refuses it.
pub(super) fn read_object(
    members: &'static [Member],
    value: &Value,
    path: &str,
    strict: bool,
) -> Result<Map<String, Value>, ArmError> {
    let Value::Object(object) = value else {
        return Err(refusal::mistyped(path, "an object", value));
    };
    let mut read = Map::new();
    for (name, value) in object {
        let path = format!("{path}.{name}");
        match find(members, name) {
            Some(member) if member.read_only => {}
            Some(member) => {
                read.insert(member.name.to_owned(), member.shape.read(value, &path, strict)?);
            }
            None if strict => return Err(refusal::unknown_member(&path, name)),
            None => {}
        }
    }
    Ok(read)
}

impl Shape {
    /// Reads a value of this type; null passes everywhere.
    pub(super) fn read(self, value: &Value, path: &str, strict: bool) -> Result<Value, ArmError> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        match self {
            Self::Anything => Ok(value.clone()),
            Self::Text => match value {
                Value::String(_) => Ok(value.clone()),
                _ => Err(refusal::mistyped(path, "string", value)),
            },
            Self::Flag => flag(value).ok_or_else(|| refusal::mistyped(path, "boolean", value)),
            Self::Count => match value.as_i64() {
                Some(_) => Ok(value.clone()),
                None => Err(refusal::mistyped(path, "integer", value)),
            },
            Self::Choice(words) => choice(words, value)
                .ok_or_else(|| refusal::mistyped(path, &format!("one of {}", words.join(", ")), value)),
            Self::Texts => each(value, path, |item, path| Self::Text.read(item, path, strict)),
            Self::Object(members) => read_object(members, value, path, strict).map(Value::Object),
            Self::Objects(members) => {
                each(value, path, |item, path| read_object(members, item, path, strict).map(Value::Object))
            }
            Self::Rules => super::rules::read_map(value, path, strict),
        }
    }
}

fn flag(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(_) => Some(value.clone()),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
        _ => None,
    }
}

fn choice(words: &[&str], value: &Value) -> Option<Value> {
    // The service's own command line sends "" for a choice that was not made.
    match value.as_str()? {
        "" => Some(Value::Null),
        text => words.iter().find(|w| w.eq_ignore_ascii_case(text)).map(|w| Value::String((*w).to_owned())),
    }
}

fn each(
    value: &Value,
    path: &str,
    read: impl Fn(&Value, &str) -> Result<Value, ArmError>,
) -> Result<Value, ArmError> {
    let Value::Array(items) = value else {
        return Err(refusal::mistyped(path, "array", value));
    };
    let items = items.iter().enumerate().map(|(i, item)| read(item, &format!("{path}[{i}]")));
    items.collect::<Result<Vec<_>, _>>().map(Value::Array)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MEMBERS: &[Member] = &[
        Member::new("text", Shape::Text),
        Member::new("flag", Shape::Flag),
        Member::new("choice", Shape::Choice(&["Enabled", "Disabled"])),
        Member::new("list", Shape::Texts),
        Member::read_only("made", Shape::Text),
    ];

    fn read(value: &Value, strict: bool) -> Result<Value, String> {
        read_object(MEMBERS, value, "properties", strict).map(Value::Object).map_err(|e| e.message)
    }

    #[test]
    fn members_get_their_names_and_types() {
        let body =
            json!({"TEXT": "a", "flag": "True", "choice": "enabled", "list": ["x"], "made": "b", "other": 1});
        let wanted = json!({"text": "a", "flag": true, "choice": "Enabled", "list": ["x"]});
        assert_eq!(read(&body, false), Ok(wanted));
        assert_eq!(
            read(&body, true),
            Err("The request content was invalid and could not be deserialized: 'Could not find member 'other'. Path 'properties.other''.".to_owned())
        );
    }

    #[test]
    fn mistyped_members_are_refused_by_path() {
        let cases = [
            (json!({"text": 1}), "Could not convert a number to string. Path 'properties.text'."),
            (
                json!({"flag": "yes"}),
                "Could not convert the string 'yes' to boolean. Path 'properties.flag'.",
            ),
            (
                json!({"choice": "On"}),
                "Could not convert the string 'On' to one of Enabled, Disabled. Path 'properties.choice'.",
            ),
            (json!({"list": [true]}), "Could not convert a boolean to string. Path 'properties.list[0]'."),
            (json!({"list": {}}), "Could not convert an object to array. Path 'properties.list'."),
        ];
        for (body, wanted) in cases {
            assert_eq!(read(&body, false), Err(wanted.to_owned()));
        }
    }

    #[test]
    fn an_empty_choice_is_none() {
        assert_eq!(
            read(&json!({"choice": "", "text": null}), true),
            Ok(json!({"choice": null, "text": null}))
        );
    }
}
