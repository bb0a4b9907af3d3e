//! The value model: what the protocol's messages carry once decoded.
//!
//! Values know whether they are null or unknown, but not their type; the schema gives that, and the codecs and the
//! plan engine walk both side by side. Equality is that of Terraform: sets have no order, numbers are equal by
//! decimal value.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::number::Number;
use crate::path::{Path, Step};
use crate::ty::Type;

/// A value of any type.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// A value that will be known after apply only.
    Unknown,
    /// True or false.
    Bool(bool),
    /// An exact decimal number.
    Number(Number),
    /// Unicode text in composed form (NFC).
    String(String),
    /// A sequence of elements of one type.
    List(Vec<Value>),
    /// Distinct elements of one type; the order in the vector means nothing.
    Set(Vec<Value>),
    /// Elements of one type by key.
    Map(BTreeMap<String, Value>),
    /// The attributes of an object, all of them.
    Object(BTreeMap<String, Value>),
    /// A fixed sequence of elements.
    Tuple(Vec<Value>),
    /// A value of a dynamic type together with its actual type. An untyped null or unknown has no such wrapper.
    Dynamic(Box<(Type, Value)>),
}

/// A text in Unicode's composed form, as all strings of the protocol are compared.
pub(crate) fn nfc(text: &str) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text.to_owned(),
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
    }
}

impl Value {
    /// A string, brought into composed form.
    #[must_use]
    pub fn string(text: impl AsRef<str>) -> Self {
        Self::String(nfc(text.as_ref()))
    }

    /// A set: sorted, and each wholly known element once. Unknown elements may turn out to differ, so all are kept.
    #[must_use]
    pub fn set_of(elements: impl IntoIterator<Item = Value>) -> Self {
        let mut elements: Vec<Value> = elements.into_iter().collect();
        elements.sort();
        elements.dedup_by(|a, b| a == b && a.is_wholly_known());
        Self::Set(elements)
    }

    /// An object with the given attributes.
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Value)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// A map with the given elements.
    pub fn map<N: Into<String>>(elements: impl IntoIterator<Item = (N, Value)>) -> Self {
        Self::Map(elements.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// A value of a dynamic type.
    #[must_use]
    pub fn dynamic(ty: Type, value: Value) -> Self {
        if ty == Type::Dynamic { value } else { Self::Dynamic(Box::new((ty, value))) }
    }

    /// An object of the given type whose attributes are all null; null for any other type.
    #[must_use]
    pub fn nulls(ty: &Type) -> Self {
        match ty {
            Type::Object(attributes) => {
                Self::object(attributes.keys().map(|name| (name.clone(), Self::Null)))
            }
            _ => Self::Null,
        }
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        match self {
            Self::Dynamic(dynamic) => dynamic.1.is_null(),
            _ => matches!(self, Self::Null),
        }
    }

    /// Whether the value as a whole is unknown.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Dynamic(dynamic) => dynamic.1.is_unknown(),
            _ => matches!(self, Self::Unknown),
        }
    }

    /// Whether neither the value nor any part of it is unknown.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown => false,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
            Self::List(elements) | Self::Set(elements) | Self::Tuple(elements) => {
                elements.iter().all(Self::is_wholly_known)
            }
            Self::Map(elements) | Self::Object(elements) => elements.values().all(Self::is_wholly_known),
            Self::Dynamic(dynamic) => dynamic.1.is_wholly_known(),
        }
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if this is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The number as an `i64`, if this is one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(value) => Some(value),
            _ => None,
        }
    }

    /// The elements of a list, set or tuple.
    #[must_use]
    pub fn elements(&self) -> Option<&[Value]> {
        match self {
            Self::List(elements) | Self::Set(elements) | Self::Tuple(elements) => Some(elements),
            _ => None,
        }
    }

    /// The elements of a map or the attributes of an object.
    #[must_use]
    pub fn entries(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Self::Map(entries) | Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The elements of a map or the attributes of an object, to change.
    pub fn entries_mut(&mut self) -> Option<&mut BTreeMap<String, Value>> {
        match self {
            Self::Map(entries) | Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// An attribute of an object.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Object(attributes) => attributes.get(name),
            _ => None,
        }
    }

    /// The part of the value that the path leads to, looking through dynamic wrappers on the way.
    #[must_use]
    pub fn get(&self, path: &Path) -> Option<&Value> {
        path.steps().iter().try_fold(self, |value, step| value.child(step))
    }

    fn child(&self, step: &Step) -> Option<&Value> {
        match (self, step) {
            (Self::Dynamic(dynamic), _) => dynamic.1.child(step),
            (Self::Object(entries), Step::Attribute(name)) => entries.get(name),
            (Self::Map(entries), Step::Key(key)) => entries.get(key),
            (Self::List(elements) | Self::Tuple(elements), Step::Index(index)) => {
                elements.get(usize::try_from(*index).ok()?)
            }
            _ => None,
        }
    }

    /// The part of the value that the path leads to, to change.
    pub fn get_mut(&mut self, path: &Path) -> Option<&mut Value> {
        path.steps().iter().try_fold(self, |value, step| value.child_mut(step))
    }

    fn child_mut(&mut self, step: &Step) -> Option<&mut Value> {
        match (self, step) {
            (Self::Dynamic(dynamic), _) => dynamic.1.child_mut(step),
            (Self::Object(entries), Step::Attribute(name)) => entries.get_mut(name),
            (Self::Map(entries), Step::Key(key)) => entries.get_mut(key),
            (Self::List(elements) | Self::Tuple(elements), Step::Index(index)) => {
                elements.get_mut(usize::try_from(*index).ok()?)
            }
            _ => None,
        }
    }

    /// Puts a value where the path leads; a last step into an object or map may name a new entry. Answers whether
    /// the place exists.
    pub fn set(&mut self, path: &Path, new: Value) -> bool {
        let Some((last, before)) = path.steps().split_last() else {
            *self = new;
            return true;
        };
        let parent = before.iter().try_fold(self, |value, step| value.child_mut(step));
        match (parent, last) {
            (Some(Self::Object(entries)), Step::Attribute(name) | Step::Key(name))
            | (Some(Self::Map(entries)), Step::Key(name)) => {
                entries.insert(name.clone(), new);
                true
            }
            (Some(parent), step) => match parent.child_mut(step) {
                Some(place) => {
                    *place = new;
                    true
                }
                None => false,
            },
            (None, _) => false,
        }
    }

    /// Visits the value and all its parts, each with its path, outermost first. All that is within a set comes with
    /// the path of the set; what a dynamic wrapper holds is visited in place of the wrapper.
    pub fn walk(&self, visit: &mut dyn FnMut(&Path, &Value)) {
        self.walk_from(&mut Path::root(), false, visit);
    }

    fn walk_from(&self, path: &mut Path, in_set: bool, visit: &mut dyn FnMut(&Path, &Value)) {
        if let Self::Dynamic(dynamic) = self {
            return dynamic.1.walk_from(path, in_set, visit);
        }
        visit(path, self);
        let mut within = |step: Option<Step>, value: &Value| match step.filter(|_| !in_set) {
            Some(step) => {
                path.push(step);
                value.walk_from(path, false, visit);
                path.pop();
            }
            None => value.walk_from(path, true, visit),
        };
        match self {
            Self::Object(entries) => {
                entries.iter().for_each(|(name, value)| within(Some(Step::Attribute(name.clone())), value));
            }
            Self::Map(entries) => {
                entries.iter().for_each(|(key, value)| within(Some(Step::Key(key.clone())), value));
            }
            Self::List(elements) | Self::Tuple(elements) => {
                (0..).zip(elements).for_each(|(index, value)| within(Some(Step::Index(index)), value));
            }
            Self::Set(elements) => elements.iter().for_each(|value| within(None, value)),
            _ => {}
        }
    }

    /// Makes every unknown part null, as a state must be before it can be stored.
    pub fn unknown_to_null(&mut self) {
        match self {
            Self::Unknown => *self = Self::Null,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => {}
            Self::List(elements) | Self::Tuple(elements) => {
                elements.iter_mut().for_each(Self::unknown_to_null)
            }
            Self::Set(elements) => {
                elements.iter_mut().for_each(Self::unknown_to_null);
                *self = Self::set_of(std::mem::take(elements));
            }
            Self::Map(elements) | Self::Object(elements) => {
                elements.values_mut().for_each(Self::unknown_to_null)
            }
            Self::Dynamic(dynamic) => dynamic.1.unknown_to_null(),
        }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    /// An order for sorting sets. Known values come first, then unknown ones, then nulls, as Go's encoder has it.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp(b),
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) | (Self::Tuple(a), Self::Tuple(b)) => a.cmp(b),
            (Self::Set(a), Self::Set(b)) => sorted(a).cmp(&sorted(b)),
            (Self::Map(a), Self::Map(b)) | (Self::Object(a), Self::Object(b)) => a.cmp(b),
            (Self::Dynamic(a), Self::Dynamic(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

fn sorted(elements: &[Value]) -> Vec<&Value> {
    let mut sorted: Vec<&Value> = elements.iter().collect();
    sorted.sort();
    sorted
}

impl Value {
    fn rank(&self) -> u8 {
        match self {
            Self::Bool(_) => 0,
            Self::Number(_) => 1,
            Self::String(_) => 2,
            Self::List(_) => 3,
            Self::Set(_) => 4,
            Self::Map(_) => 5,
            Self::Object(_) => 6,
            Self::Tuple(_) => 7,
            Self::Dynamic(_) => 8,
            Self::Unknown => 9,
            Self::Null => 10,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::string(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::string(value)
    }
}
