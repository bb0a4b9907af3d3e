//! A field: everything that is declared about one attribute, as a plain table that the engine reads.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::path::Path;
use crate::ty::Type;
use crate::value::Value;

/// The shape of an attribute's value, buildable in constants.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// A whole number of at most 64 bits.
    Integer,
    /// Text.
    String,
    /// A value that brings its type.
    Dynamic,
    /// A list of elements of one shape.
    List(&'static Shape),
    /// A set of elements of one shape.
    Set(&'static Shape),
    /// A map of elements of one shape.
    Map(&'static Shape),
    /// An object with attributes of its own.
    Object(&'static [Field]),
}

/// How the objects of a nested attribute are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// One object.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects.
    Map,
}

impl Shape {
    /// The type of values of this shape.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self {
            Self::Bool => Type::Bool,
            Self::Number | Self::Integer => Type::Number,
            Self::String => Type::String,
            Self::Dynamic => Type::Dynamic,
            Self::List(element) => Type::list(element.ty()),
            Self::Set(element) => Type::set(element.ty()),
            Self::Map(element) => Type::map(element.ty()),
            Self::Object(fields) => object_type(fields),
        }
    }

    /// The nesting and the attributes, where this is an object or a collection of objects: a nested attribute.
    #[must_use]
    pub fn nested(&self) -> Option<(Nesting, &'static [Field])> {
        match self {
            Self::Object(fields) => Some((Nesting::Single, fields)),
            Self::List(Self::Object(fields)) => Some((Nesting::List, fields)),
            Self::Set(Self::Object(fields)) => Some((Nesting::Set, fields)),
            Self::Map(Self::Object(fields)) => Some((Nesting::Map, fields)),
            _ => None,
        }
    }
}

/// The type of an object with these attributes.
#[must_use]
pub fn object_type(fields: &[Field]) -> Type {
    let attributes = fields.iter().map(|field| (field.name.to_owned(), field.shape.ty()));
    Type::Object(attributes.collect::<BTreeMap<_, _>>())
}

/// A value that can be written in a declaration.
#[derive(Debug, Clone, Copy)]
pub enum Literal {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(&'static str),
    /// The shape's own emptiness: "", an empty collection, an object of nulls.
    Empty,
    /// What this function makes. It must always make the same.
    Made(fn() -> Value),
}

impl Literal {
    /// The value that this means for an attribute of the given shape.
    #[must_use]
    pub fn value(&self, shape: &Shape) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Integer(value) => Value::from(*value),
            Self::Text(value) => Value::from(*value),
            Self::Empty => empty(shape),
            Self::Made(make) => make(),
        }
    }
}

/// The value of a shape that says nothing, as far as it has one.
fn empty(shape: &Shape) -> Value {
    match shape {
        Shape::Bool | Shape::Number | Shape::Integer | Shape::Dynamic => Value::Null,
        Shape::String => Value::from(""),
        Shape::List(_) => Value::List(Vec::new()),
        Shape::Set(_) => Value::Set(Vec::new()),
        Shape::Map(_) => Value::Map(BTreeMap::new()),
        Shape::Object(fields) => {
            Value::object(fields.iter().map(|field| (field.name.to_owned(), Value::Null)))
        }
    }
}

/// Whether two known values mean the same to the service.
pub type Equal = fn(&Value, &Value) -> bool;

/// Whether the way from the prior to the planned value replaces the resource.
pub type ReplacesIf = fn(prior: &Value, planned: &Value) -> bool;

/// A check of one attribute's configured value. Null and unknown values never reach it.
#[derive(Debug, Clone, Copy)]
pub enum Validator {
    /// Says what is wrong with the value, as a sentence that follows the attribute's name.
    Check(fn(&Value) -> Result<(), String>),
    /// Reports on the value and what is in it, each at its own path. Parts may be unknown.
    Report(fn(&Path, &Value, &mut Diagnostics)),
    /// Text, list, set or map of a length between these, both included. Text is counted in characters.
    Length(usize, usize),
    /// A number between these, both included.
    Range(i64, i64),
}

/// When a change of the attribute replaces the resource.
#[derive(Debug, Clone, Copy)]
pub enum Replaces {
    /// Never.
    No,
    /// Always, also where the new value is not known yet.
    Always,
    /// When the new value is known. One that is not known yet may be the old one: the plan goes as if it were. Should
    /// another come out, the CLIs end the apply before the resource is touched, for the plan made anew is another.
    IfKnown,
    /// When the attribute is configured.
    IfConfigured,
    /// When the function says so.
    If(ReplacesIf),
}

/// When a computed value that is not configured stays as it was although the resource changes.
#[derive(Debug, Clone, Copy)]
pub enum Keep {
    /// Never: it is unknown until applied.
    No,
    /// Always.
    Always,
    /// Unless one of these attributes, of the same object, changes.
    Unless(&'static [&'static str]),
}

/// The attribute's part in the resource's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityPart {
    /// None.
    No,
    /// An import by identity must give it.
    Required,
    /// An import by identity may give it.
    Optional,
}

/// The declaration of one attribute. Made by [`super::Decl`]; read by the engine.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The attribute's name.
    pub name: &'static str,
    /// Its description, in Markdown.
    pub doc: &'static str,
    /// The shape of its value.
    pub shape: Shape,
    /// Must be configured.
    pub required: bool,
    /// May be configured.
    pub optional: bool,
    /// May be set by the provider.
    pub computed: bool,
    /// Hidden in what the CLIs print.
    pub sensitive: bool,
    /// In the configuration only, never in plan or state.
    pub write_only: bool,
    /// Out of use, and what to use instead.
    pub deprecated: Option<&'static str>,
    /// The value when none is configured.
    pub default: Option<Literal>,
    /// Checks of a configured value.
    pub validators: &'static [Validator],
    /// The values of an enumeration, which may be written in any casing.
    pub one_of: &'static [&'static str],
    /// When a change replaces the resource.
    pub replaces: Replaces,
    /// When a computed value stays.
    pub keep: Keep,
    /// When two values are the same. Applies to the elements of a collection of texts, numbers or truths.
    pub equal: Option<Equal>,
    /// What an update sends when the attribute is removed from the configuration.
    pub clear: Literal,
    /// The service's value that is the same as no value.
    pub unset: Option<Literal>,
    /// The member's path in the remote document. It means nothing to this crate.
    pub api: Option<&'static str>,
    /// The part in the resource's identity.
    pub identity: IdentityPart,
}

impl Field {
    /// The nesting and the attributes, where this is a nested attribute.
    #[must_use]
    pub fn nested(&self) -> Option<(Nesting, &'static [Field])> {
        self.shape.nested()
    }

    /// The type of its values.
    #[must_use]
    pub fn ty(&self) -> Type {
        self.shape.ty()
    }

    /// Whether the configuration may set it.
    #[must_use]
    pub fn configurable(&self) -> bool {
        self.required || self.optional
    }

    /// Whether two values of the attribute mean the same: equal as they stand, by the declared equality, or the
    /// same member of an enumeration. Collections are compared whole.
    #[must_use]
    pub fn same(&self, one: &Value, other: &Value) -> bool {
        super::equality::same(self, &self.shape, one, other)
    }
}
