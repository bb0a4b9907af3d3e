//! The two encodings of values on the wire: msgpack for live messages, JSON for stored state.
//!
//! Both are driven by a type from the schema. Decoding trusts nothing: claimed lengths are held against the bytes
//! that are there, nesting is bounded, and what does not fit the type is an error that names the place.

pub mod json;
pub mod msgpack;

use std::collections::BTreeMap;

use crate::number::NumberError;
use crate::path::{Path, Step};
use crate::ty::{Type, TypeError};
use crate::value::Value;

/// How deep values may nest, dynamic ones within dynamic ones included.
const MAX_DEPTH: usize = 128;

/// Why a value could not be decoded or encoded, and at which place within it.
#[derive(Debug, thiserror::Error)]
#[error("{}{problem}", place(path))]
pub struct CodecError {
    path: Path,
    #[source]
    problem: Problem,
}

/// What is wrong with an encoded value, or with a value to encode.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The encoding says something else than the type asks for.
    #[error("{0} is required")]
    Required(String),
    /// The bytes end before the value does.
    #[error("the encoded value is cut short")]
    Truncated,
    /// There are bytes behind the value.
    #[error("there is extra data behind the encoded value")]
    Trailing,
    /// A string is not UTF-8.
    #[error("a string is not valid UTF-8")]
    Utf8,
    /// The JSON is malformed.
    #[error("the JSON is malformed")]
    Json(#[source] serde_json::Error),
    /// A number cannot be read.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The type of a dynamic value cannot be read.
    #[error("the type of a dynamic value cannot be read")]
    Type(#[from] TypeError),
    /// An object has an attribute that its type lacks.
    #[error("unsupported attribute {0:?}")]
    UnsupportedAttribute(String),
    /// A value nests too deeply.
    #[error("the value nests more than {MAX_DEPTH} levels deep")]
    TooDeep,
    /// A value would take far more memory than its encoding.
    #[error("the value is too large")]
    TooLarge,
    /// An object to encode lacks an attribute of its type.
    #[error("the attribute {0:?} is missing")]
    MissingAttribute(String),
    /// JSON cannot tell unknown values.
    #[error("the value is not known")]
    Unknown,
    /// JSON has no infinity.
    #[error("infinity cannot be written as JSON")]
    Infinity,
}

impl CodecError {
    /// Where in the value the problem is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the problem is.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Says where an error within a part came from. Paths are built on the way out, so that decoding what is well
    /// formed costs nothing for them.
    fn within(mut self, step: Step) -> Self {
        let mut steps = vec![step];
        steps.extend_from_slice(self.path.steps());
        self.path = Path::from(steps);
        self
    }
}

impl<P: Into<Problem>> From<P> for CodecError {
    fn from(problem: P) -> Self {
        Self { path: Path::root(), problem: problem.into() }
    }
}

fn place(path: &Path) -> String {
    if path.is_root() { String::new() } else { format!("{path}: ") }
}

/// The error for a value or an encoding that is not of the type.
fn required(ty: &Type) -> CodecError {
    let what = match ty {
        Type::Bool => "a bool".to_owned(),
        Type::Number => "a number".to_owned(),
        Type::String => "a string".to_owned(),
        Type::Dynamic => "a value with its type".to_owned(),
        Type::List(_) => "a list".to_owned(),
        Type::Set(_) => "a set".to_owned(),
        Type::Map(_) => "a map".to_owned(),
        Type::Object(attributes) => format!("an object with {} attributes", attributes.len()),
        Type::Tuple(elements) => format!("a tuple of length {}", elements.len()),
    };
    Problem::Required(what).into()
}

/// The elements of a set in the order in which they are written, each known one once.
fn set_order(elements: &[Value]) -> Vec<&Value> {
    let mut sorted: Vec<&Value> = elements.iter().collect();
    sorted.sort();
    sorted.dedup_by(|a, b| a == b && a.is_wholly_known());
    sorted
}

/// Holds an object to encode against its type: exactly the type's attributes, for clients take nothing else.
fn check_names(
    entries: &BTreeMap<String, Value>,
    attributes: &BTreeMap<String, Type>,
) -> Result<(), CodecError> {
    if let Some(name) = attributes.keys().find(|name| !entries.contains_key(*name)) {
        return Err(Problem::MissingAttribute(name.clone()).into());
    }
    match entries.keys().find(|name| !attributes.contains_key(*name)) {
        Some(name) => Err(Problem::UnsupportedAttribute(name.clone()).into()),
        None => Ok(()),
    }
}
