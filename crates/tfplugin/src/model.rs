//! Models: structs whose fields are a schema. `#[derive(Model)]` writes the implementation; this module gives the
//! types that it builds on.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::number::Number;
use crate::path::{Path, Step};
use crate::plan::Change;
use crate::schema::decl::kind;
use crate::schema::{Field, Shape};
use crate::value::Value;

/// An attribute of a model: not set, not known yet, or a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attr<T> {
    /// Not set.
    #[default]
    Null,
    /// Not known yet. A value of which only a part is unknown is this as well, where its type has no place for it.
    Unknown,
    /// A value.
    Known(T),
}

impl<T> Attr<T> {
    /// The value, if there is one.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value, if there is one, to change.
    pub fn known_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value itself, if there is one.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Whether it is not set.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is not known yet.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The same with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Attr<U> {
        match self {
            Self::Known(value) => Attr::Known(change(value)),
            Self::Null => Attr::Null,
            Self::Unknown => Attr::Unknown,
        }
    }
}

impl Attr<String> {
    /// The text, if there is one.
    pub fn as_str(&self) -> Option<&str> {
        self.known().map(String::as_str)
    }
}

impl<T> From<T> for Attr<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl From<&str> for Attr<String> {
    fn from(value: &str) -> Self {
        Self::Known(value.to_owned())
    }
}

impl<T> From<Option<T>> for Attr<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

/// Why a value does not fit a model. Values come decoded by the model's own schema, so this is a fault in a provider
/// or in a type's implementation, unless a part is unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A part of the value is unknown, and the type has no place for that.
    #[error("a part of the value is unknown")]
    Unknown,
    /// The value is of another type.
    #[error("{expected} was expected")]
    Mismatch {
        /// What the model takes.
        expected: &'static str,
    },
    /// The value is of the right type, but not one of those that the model's type takes.
    #[error("{0}")]
    Refused(String),
    /// The value of an attribute does not fit.
    #[error("attribute {name}: {source}")]
    Attribute {
        /// The attribute's name.
        name: &'static str,
        /// What is wrong with it.
        source: Box<ModelError>,
    },
}

/// A type of attribute values.
pub trait AttrType: Sized {
    /// What it is made of, one of [`kind`]'s.
    type Kind;
    /// The shape of its values in the schema.
    const SHAPE: &'static Shape;

    /// Takes the value over. It is neither null nor unknown, but for elements of collections.
    ///
    /// # Errors
    /// When the value is none of this type.
    fn from_value(value: &Value) -> Result<Self, ModelError>;

    /// The value.
    fn to_value(&self) -> Value;
}

/// A struct whose fields are the attributes of an object.
pub trait Model: Sized + Send + Sync + 'static {
    /// The struct's doc comment.
    const DOC: &'static str;
    /// The declarations of the attributes.
    const FIELDS: &'static [Field];

    /// Takes an object's values over. Null stands for an object of nulls.
    ///
    /// # Errors
    /// When the value does not fit the model.
    fn from_value(value: &Value) -> Result<Self, ModelError>;

    /// The object.
    fn to_value(&self) -> Value;

    /// What an update from this to what is planned has to send: the attributes that change.
    fn changes(&self, planned: &Self) -> Vec<Change> {
        crate::plan::changes(Self::FIELDS, &self.to_value(), &planned.to_value())
    }
}

impl<T: AttrType> Attr<T> {
    /// Takes a value over.
    ///
    /// # Errors
    /// When the value is none of this type.
    pub fn from_value(value: &Value) -> Result<Self, ModelError> {
        if value.is_null() {
            return Ok(Self::Null);
        }
        if value.is_unknown() {
            return Ok(Self::Unknown);
        }
        match T::from_value(value) {
            Ok(value) => Ok(Self::Known(value)),
            Err(ModelError::Unknown) => Ok(Self::Unknown),
            Err(other) => Err(other),
        }
    }

    /// The value.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
            Self::Known(value) => value.to_value(),
        }
    }
}

/// What `#[derive(Model)]` calls for each field.
#[doc(hidden)]
pub fn attribute_from<T: AttrType>(object: &Value, name: &'static str) -> Result<Attr<T>, ModelError> {
    match object.attribute(name) {
        None => Ok(Attr::Null),
        Some(value) => {
            Attr::from_value(value).map_err(|source| ModelError::Attribute { name, source: Box::new(source) })
        }
    }
}

/// Elements of collections may be unknown or null where the type says so.
impl<T: AttrType> AttrType for Attr<T> {
    type Kind = T::Kind;
    const SHAPE: &'static Shape = T::SHAPE;

    fn from_value(value: &Value) -> Result<Self, ModelError> {
        Attr::from_value(value)
    }

    fn to_value(&self) -> Value {
        Attr::to_value(self)
    }
}

/// Reports a configuration that does not fit its model, where the declarations have found nothing wrong with it: else
/// the user would read of one fault twice.
pub(crate) fn check<M: Model>(config: &Value, out: &mut Diagnostics) {
    if let (false, Err(error)) = (out.has_errors(), M::from_value(config)) {
        out.push(unfit(&error));
    }
}

/// What the user reads when a value does not fit a model.
pub(crate) fn unfit(error: &ModelError) -> Diagnostic {
    let mut path = Path::root();
    let mut reason = error;
    while let ModelError::Attribute { name, source } = reason {
        path.push(Step::Attribute((*name).to_owned()));
        reason = source;
    }
    Diagnostic::error("Invalid Attribute Value", format!("The value does not fit: {reason}.")).at(path)
}

fn mismatch<T>(value: &Value, expected: &'static str) -> Result<T, ModelError> {
    match value {
        value if value.is_unknown() => Err(ModelError::Unknown),
        // What a configuration can bring about: an element that is null.
        value if value.is_null() => Err(ModelError::Refused(format!("{expected} was expected, not null"))),
        _ => Err(ModelError::Mismatch { expected }),
    }
}

impl AttrType for bool {
    type Kind = kind::Truth;
    const SHAPE: &'static Shape = &Shape::Bool;

    fn from_value(value: &Value) -> Result<Self, ModelError> {
        value.as_bool().map_or_else(|| mismatch(value, "a bool"), Ok)
    }

    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl AttrType for i64 {
    type Kind = kind::Amount;
    const SHAPE: &'static Shape = &Shape::Integer;

    fn from_value(value: &Value) -> Result<Self, ModelError> {
        value.as_i64().map_or_else(|| mismatch(value, "a whole number of at most 64 bits"), Ok)
    }

    fn to_value(&self) -> Value {
        Value::from(*self)
    }
}

impl AttrType for Number {
    type Kind = kind::Amount;
    const SHAPE: &'static Shape = &Shape::Number;

    fn from_value(value: &Value) -> Result<Self, ModelError> {
        value.as_number().cloned().map_or_else(|| mismatch(value, "a number"), Ok)
    }

    fn to_value(&self) -> Value {
        Value::Number(self.clone())
    }
}

impl AttrType for String {
    type Kind = kind::Text;
    const SHAPE: &'static Shape = &Shape::String;

    fn from_value(value: &Value) -> Result<Self, ModelError> {
        value.as_str().map_or_else(|| mismatch(value, "a string"), |text| Ok(text.to_owned()))
    }

    fn to_value(&self) -> Value {
        Value::from(self.as_str())
    }
}

/// A value of any type, decided by the configuration.
impl AttrType for Value {
    type Kind = kind::Any;
    const SHAPE: &'static Shape = &Shape::Dynamic;

    fn from_value(value: &Value) -> Result<Self, ModelError> {
        Ok(value.clone())
    }

    fn to_value(&self) -> Value {
        self.clone()
    }
}

/// A set whose elements need no order of their own: of nested models.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Set<T>(pub Vec<T>);

impl<T: AttrType> AttrType for Vec<T> {
    type Kind = kind::Collection<T::Kind>;
    const SHAPE: &'static Shape = &Shape::List(T::SHAPE);

    fn from_value(value: &Value) -> Result<Self, ModelError> {
        match value {
            Value::List(elements) => elements.iter().map(T::from_value).collect(),
            _ => mismatch(value, "a list"),
        }
    }

    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }
}

impl<T: AttrType> AttrType for Set<T> {
    type Kind = kind::Collection<T::Kind>;
    const SHAPE: &'static Shape = &Shape::Set(T::SHAPE);

    fn from_value(value: &Value) -> Result<Self, ModelError> {
        match value {
            Value::Set(elements) => Ok(Self(elements.iter().map(T::from_value).collect::<Result<_, _>>()?)),
            _ => mismatch(value, "a set"),
        }
    }

    fn to_value(&self) -> Value {
        Value::set_of(self.0.iter().map(T::to_value))
    }
}

impl<T: AttrType + Ord> AttrType for BTreeSet<T> {
    type Kind = kind::Collection<T::Kind>;
    const SHAPE: &'static Shape = &Shape::Set(T::SHAPE);

    fn from_value(value: &Value) -> Result<Self, ModelError> {
        match value {
            Value::Set(elements) => elements.iter().map(T::from_value).collect(),
            _ => mismatch(value, "a set"),
        }
    }

    fn to_value(&self) -> Value {
        Value::set_of(self.iter().map(T::to_value))
    }
}

impl<T: AttrType> AttrType for BTreeMap<String, T> {
    type Kind = kind::Collection<T::Kind>;
    const SHAPE: &'static Shape = &Shape::Map(T::SHAPE);

    fn from_value(value: &Value) -> Result<Self, ModelError> {
        match value {
            Value::Map(elements) => {
                elements.iter().map(|(key, element)| Ok((key.clone(), T::from_value(element)?))).collect()
            }
            _ => mismatch(value, "a map"),
        }
    }

    fn to_value(&self) -> Value {
        Value::map(self.iter().map(|(key, element)| (key.clone(), element.to_value())))
    }
}
