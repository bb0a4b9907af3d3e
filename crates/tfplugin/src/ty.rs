//! The type system of the protocol, and its JSON notation.
//!
//! Types travel beside values, never inside them: a schema gives the type, and only a dynamic value carries its own.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;

/// How deep types may nest; far beyond any schema, and shallow enough for any thread's stack.
pub(crate) const MAX_DEPTH: usize = 64;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// True or false.
    Bool,
    /// An exact decimal number.
    Number,
    /// Unicode text.
    String,
    /// Any type: the value says which.
    Dynamic,
    /// A sequence of elements of one type.
    List(Box<Type>),
    /// Distinct elements of one type without order.
    Set(Box<Type>),
    /// Elements of one type by key.
    Map(Box<Type>),
    /// Named attributes, each of its own type.
    Object(BTreeMap<String, Type>),
    /// A fixed sequence of elements, each of its own type.
    Tuple(Vec<Type>),
}

/// Why a text is not the JSON notation of a type.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TypeError {
    /// The text is not JSON.
    #[error("the type is not valid JSON")]
    Json(#[from] serde_json::Error),
    /// The JSON describes no type.
    #[error("the JSON describes no type: {0}")]
    Notation(&'static str),
    /// The type nests too deeply.
    #[error("the type nests more than {MAX_DEPTH} levels deep")]
    TooDeep,
}

impl Type {
    /// A list of elements of the given type.
    #[must_use]
    pub fn list(element: Type) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of elements of the given type.
    #[must_use]
    pub fn set(element: Type) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map of elements of the given type.
    #[must_use]
    pub fn map(element: Type) -> Self {
        Self::Map(Box::new(element))
    }

    /// An object with the given attributes.
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Type)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, ty)| (name.into(), ty)).collect())
    }

    /// The type of the elements of a list, set or map.
    #[must_use]
    pub fn element(&self) -> Option<&Type> {
        match self {
            Self::List(element) | Self::Set(element) | Self::Map(element) => Some(element),
            _ => None,
        }
    }

    /// The attributes of an object.
    #[must_use]
    pub fn attributes(&self) -> Option<&BTreeMap<String, Type>> {
        match self {
            Self::Object(attributes) => Some(attributes),
            _ => None,
        }
    }

    /// Whether the type is dynamic or holds something dynamic.
    #[must_use]
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Bool | Self::Number | Self::String => false,
            Self::Dynamic => true,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_dynamic(),
            Self::Object(attributes) => attributes.values().any(Self::has_dynamic),
            Self::Tuple(elements) => elements.iter().any(Self::has_dynamic),
        }
    }

    /// The type in the JSON notation of the protocol, compact and with sorted attribute names.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        self.notation().into_bytes()
    }

    pub(crate) fn notation(&self) -> String {
        self.json().to_string()
    }

    fn json(&self) -> Json {
        let pair = |kind: &str, what: Json| Json::Array(vec![Json::from(kind), what]);
        match self {
            Self::Bool => Json::from("bool"),
            Self::Number => Json::from("number"),
            Self::String => Json::from("string"),
            Self::Dynamic => Json::from("dynamic"),
            Self::List(element) => pair("list", element.json()),
            Self::Set(element) => pair("set", element.json()),
            Self::Map(element) => pair("map", element.json()),
            Self::Object(attributes) => pair(
                "object",
                Json::Object(attributes.iter().map(|(name, ty)| (name.clone(), ty.json())).collect()),
            ),
            Self::Tuple(elements) => pair("tuple", Json::Array(elements.iter().map(Self::json).collect())),
        }
    }

    /// Reads a type from the JSON notation of the protocol. The names of optional attributes are accepted and
    /// dropped, since they matter to type constraints only.
    ///
    /// # Errors
    /// When the text is not JSON, describes no type, or one that nests too deeply.
    pub fn from_json(text: &[u8]) -> Result<Self, TypeError> {
        Self::from_notation(&serde_json::from_slice(text)?, 0)
    }

    fn from_notation(json: &Json, depth: usize) -> Result<Self, TypeError> {
        if depth >= MAX_DEPTH {
            return Err(TypeError::TooDeep);
        }
        let inner = |json: &Json| Self::from_notation(json, depth + 1);
        let parts = match json {
            Json::String(name) => return Self::primitive(name),
            Json::Array(parts) => parts.as_slice(),
            _ => return Err(TypeError::Notation("a name or an array is expected")),
        };
        match parts {
            [Json::String(kind), element] if kind == "list" => Ok(Self::list(inner(element)?)),
            [Json::String(kind), element] if kind == "set" => Ok(Self::set(inner(element)?)),
            [Json::String(kind), element] if kind == "map" => Ok(Self::map(inner(element)?)),
            // Go writes nothing at all for what was never set aside.
            [Json::String(kind), Json::Null] if kind == "tuple" => Ok(Self::Tuple(Vec::new())),
            [Json::String(kind), Json::Null] if kind == "object" => Ok(Self::Object(BTreeMap::new())),
            [Json::String(kind), Json::Array(elements)] if kind == "tuple" => {
                Ok(Self::Tuple(elements.iter().map(inner).collect::<Result<_, _>>()?))
            }
            [Json::String(kind), Json::Object(attributes), optional @ ..] if kind == "object" => {
                if !is_optional_names(optional) {
                    return Err(TypeError::Notation("the names of optional attributes are expected"));
                }
                let attribute = |(name, ty): (&String, &Json)| Ok((normalise(name), inner(ty)?));
                Ok(Self::Object(attributes.iter().map(attribute).collect::<Result<_, TypeError>>()?))
            }
            _ => Err(TypeError::Notation("a kind of collection or structure and its content are expected")),
        }
    }

    fn primitive(name: &str) -> Result<Self, TypeError> {
        match name {
            "bool" => Ok(Self::Bool),
            "number" => Ok(Self::Number),
            "string" => Ok(Self::String),
            "dynamic" => Ok(Self::Dynamic),
            _ => Err(TypeError::Notation("unknown name of a type")),
        }
    }
}

/// Whether the rest of an object's notation is nothing, or one array of names.
fn is_optional_names(rest: &[Json]) -> bool {
    match rest {
        [] => true,
        [Json::Array(names)] => names.iter().all(Json::is_string),
        _ => false,
    }
}

/// Names are strings of the protocol, and so in Unicode's composed form.
fn normalise(text: &str) -> String {
    crate::value::nfc(text)
}

impl fmt::Display for Type {
    /// As a configuration writes it: `list(string)`, `object({a = number})`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::Dynamic => f.write_str("any"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Set(element) => write!(f, "set({element})"),
            Self::Map(element) => write!(f, "map({element})"),
            Self::Object(attributes) => {
                f.write_str("object({")?;
                for (index, (name, ty)) in attributes.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{name} = {ty}")?;
                }
                f.write_str("})")
            }
            Self::Tuple(elements) => {
                f.write_str("tuple([")?;
                for (index, ty) in elements.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{ty}")?;
                }
                f.write_str("])")
            }
        }
    }
}
