//! Schemas as plain tables: what an attribute is and how it behaves, declared once. The engine reads nothing else.

pub mod decl;
mod equality;
mod field;
mod lint;
mod timeouts;
pub mod validators;

pub use decl::{Decl, Declared};
pub use field::{
    Equal, Field, IdentityPart, Keep, Literal, Nesting, Replaces, ReplacesIf, Shape, Validator, object_type,
};
pub use lint::{Of, is_name, lint};
pub use timeouts::{Operation, TimeoutDefaults};

use std::collections::BTreeMap;

use crate::ty::Type;
use crate::value::Value;

/// The name of the block with the timeouts of a resource or data source.
pub const TIMEOUTS: &str = "timeouts";

/// The schema of one thing: a resource, a data source, the provider itself.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// The version of a resource's state.
    pub version: i64,
    /// The description, in Markdown.
    pub doc: &'static str,
    /// Out of use, and what to use instead.
    pub deprecated: Option<&'static str>,
    /// The attributes.
    pub fields: &'static [Field],
    /// The operations that a `timeouts` block may set a time for. None: there is no such block.
    pub timeouts: Option<TimeoutDefaults>,
}

impl Schema {
    /// A schema of these attributes.
    #[must_use]
    pub const fn new(doc: &'static str, fields: &'static [Field]) -> Self {
        Self { version: 0, doc, deprecated: None, fields, timeouts: None }
    }

    /// The type of its values: the attributes and the `timeouts` block.
    #[must_use]
    pub fn ty(&self) -> Type {
        let mut attributes: BTreeMap<String, Type> =
            self.fields.iter().map(|field| (field.name.to_owned(), field.ty())).collect();
        if let Some(timeouts) = &self.timeouts {
            attributes.insert(TIMEOUTS.to_owned(), timeouts.ty());
        }
        Type::Object(attributes)
    }

    /// The declaration of an attribute.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The attributes that make up the identity of a resource.
    pub fn identity_fields(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(|field| field.identity != IdentityPart::No)
    }

    /// Whether it has an identity.
    #[must_use]
    pub fn has_identity(&self) -> bool {
        self.identity_fields().next().is_some()
    }

    /// The type of the identity's values.
    #[must_use]
    pub fn identity_type(&self) -> Type {
        Type::object(self.identity_fields().map(|field| (field.name, field.ty())))
    }

    /// An object of this schema in which nothing is set.
    #[must_use]
    pub fn nulls(&self) -> Value {
        Value::nulls(&self.ty())
    }
}
