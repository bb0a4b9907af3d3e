//! The lint of schemas: what a CLI refuses, crashes on, or handles such that it is of no use. Run it in a test.

use std::collections::BTreeSet;

use super::{Field, IdentityPart, Keep, Nesting, Replaces, Schema, Shape, TIMEOUTS};

/// Names that belong to the CLIs in the block of a resource or data source.
const RESERVED: [&str; 7] =
    ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];
/// Names that belong to the CLIs in the block of a provider.
const RESERVED_IN_PROVIDER: [&str; 2] = ["alias", "version"];

/// What a schema is the schema of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The provider block.
    Provider,
    /// A managed resource.
    Resource,
    /// A data source.
    DataSource,
    /// An ephemeral resource.
    Ephemeral,
    /// A list resource's query.
    List,
    /// An action.
    Action,
}

/// What is wrong with a schema, one sentence each. `name` is what it is called in them.
#[must_use]
pub fn lint(name: &str, of: Of, schema: &Schema) -> Vec<String> {
    let mut lint = Lint { of, faults: Vec::new() };
    if schema.version < 0 {
        lint.fault(name, "has a negative version");
    }
    lint.fields(name, schema.fields, Place::default());
    let reserved: &[&str] = if of == Of::Provider { &RESERVED_IN_PROVIDER } else { &RESERVED };
    for field in schema.fields {
        let path = format!("{name}.{}", field.name);
        if reserved.contains(&field.name) {
            lint.fault(&path, "has a name that the CLIs keep for themselves");
        }
        if field.name == TIMEOUTS && schema.timeouts.is_some() {
            lint.fault(&path, "has the name of the block of timeouts");
        }
        lint.identity(&path, field);
    }
    if schema.timeouts.is_some_and(|timeouts| timeouts.operations().next().is_none()) {
        lint.fault(name, "has a block of timeouts without an operation");
    }
    lint.faults
}

/// Whether a name can be used in configurations: an HCL identifier in lower case.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let first = name.chars().next().is_some_and(|first| first.is_ascii_lowercase() || first == '_');
    first
        && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    in_set: bool,
    /// Within something that only the provider sets.
    computed: bool,
    /// Within an object that is the element of a collection's collection: no nested attribute any more.
    plain: bool,
}

struct Lint {
    of: Of,
    faults: Vec<String>,
}

impl Lint {
    fn fault(&mut self, path: &str, what: &str) {
        self.faults.push(format!("{path} {what}"));
    }

    fn fields(&mut self, path: &str, fields: &[Field], place: Place) {
        let mut names = BTreeSet::new();
        for field in fields {
            let path = format!("{path}.{}", field.name);
            if !names.insert(field.name) {
                self.fault(&path, "is declared twice");
            }
            if !is_name(field.name) {
                self.fault(&path, "has a name that no configuration can use");
            }
            if field.doc.is_empty() {
                self.fault(&path, "has no description");
            }
            self.marks(&path, field);
            self.siblings(&path, field, fields);
            self.place(&path, field, place);
            self.shape(&path, field, place);
        }
    }

    fn marks(&mut self, path: &str, field: &Field) {
        if !(field.required || field.optional || field.computed) {
            self.fault(path, "is neither required nor optional nor computed");
        }
        if field.required && (field.optional || field.computed) {
            self.fault(path, "is required and something else");
        }
        if field.write_only && field.computed {
            self.fault(path, "is write-only and computed");
        }
        if field.default.is_some() && !(field.optional && field.computed) {
            self.fault(path, "has a default and is not optional and computed");
        }
        if !matches!(field.keep, Keep::No) && (!field.computed || field.default.is_some()) {
            self.fault(path, "keeps a value that is never unknown");
        }
        if field.deprecated.is_some_and(str::is_empty) {
            self.fault(path, "is deprecated without a word on what to use instead");
        }
        if field.of_resource_only() && self.of != Of::Resource {
            self.fault(path, "has marks that mean something in managed resources only");
        }
        if field.optional && field.computed && matches!(self.of, Of::Provider | Of::List | Of::Action) {
            self.fault(path, "is computed, and nothing here computes");
        }
    }

    fn siblings(&mut self, path: &str, field: &Field, fields: &[Field]) {
        let Keep::Unless(names) = field.keep else { return };
        for name in names {
            if *name == field.name || !fields.iter().any(|other| other.name == *name) {
                self.fault(
                    path,
                    &format!("is kept unless {name} changes, which is no other attribute beside it"),
                );
            }
        }
    }

    fn place(&mut self, path: &str, field: &Field, place: Place) {
        if place.in_set {
            if field.write_only {
                self.fault(path, "is write-only in a set");
            }
            if !matches!(field.replaces, Replaces::No) {
                self.fault(path, "replaces from within a set: mark the attribute that holds the set");
            }
            if field.computed && field.optional && !place.computed {
                self.fault(
                    path,
                    "is optional and computed in a set, where two elements could turn out as one",
                );
            }
        }
        if place.plain && (field.computed && field.optional || field.write_only || field.default.is_some()) {
            self.fault(path, "is in a collection of collections, where marks have no effect");
        }
        if place.computed && field.configurable() {
            self.fault(path, "can be configured within what cannot");
        }
    }

    fn shape(&mut self, path: &str, field: &Field, place: Place) {
        let within = Place { computed: place.computed || !field.configurable(), ..place };
        if let Some((nesting, fields)) = field.nested() {
            let in_set = place.in_set || nesting == Nesting::Set;
            return self.fields(path, fields, Place { in_set, ..within });
        }
        self.element(path, &field.shape, within);
    }

    fn element(&mut self, path: &str, shape: &Shape, place: Place) {
        match shape {
            Shape::Dynamic if place.in_set => self.fault(path, "is of any type in a set"),
            Shape::List(Shape::Dynamic) | Shape::Map(Shape::Dynamic) | Shape::Set(Shape::Dynamic) => {
                self.fault(path, "is a collection of elements of any type");
            }
            Shape::List(element) | Shape::Map(element) => {
                self.element(path, element, Place { plain: true, ..place });
            }
            Shape::Set(element) => self.element(path, element, Place { plain: true, in_set: true, ..place }),
            Shape::Object(fields) => self.fields(path, fields, place),
            _ => {}
        }
    }

    fn identity(&mut self, path: &str, field: &Field) {
        if field.identity == IdentityPart::No {
            return;
        }
        let leaf =
            |shape: &Shape| matches!(shape, Shape::Bool | Shape::Number | Shape::Integer | Shape::String);
        let fits = match &field.shape {
            Shape::List(element) => leaf(element),
            shape => leaf(shape),
        };
        if !fits {
            self.fault(path, "is part of the identity, which has primitives and lists of them only");
        }
        if field.configurable() && matches!(field.replaces, Replaces::No) {
            self.fault(path, "is part of the identity and can change: mark it `replaces`");
        }
    }
}

impl Field {
    /// Whether it has marks that are about plans and states.
    fn of_resource_only(&self) -> bool {
        self.write_only
            || self.default.is_some()
            || !matches!(self.replaces, Replaces::No)
            || !matches!(self.keep, Keep::No)
            || self.identity != IdentityPart::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attr, Model, Set, Value};

    /// A good one.
    #[derive(Debug, Clone, Default, Model)]
    struct Good {
        /// A name.
        #[attr(required, replaces, identity)]
        name: Attr<String>,
        /// A set.
        #[attr(optional)]
        set: Attr<Set<Member>>,
        /// Any.
        #[attr(optional)]
        any: Attr<Value>,
    }

    /// An element.
    #[derive(Debug, Clone, Default, Model)]
    struct Member {
        /// A key.
        #[attr(required)]
        key: Attr<String>,
        /// An ID.
        #[attr(computed)]
        id: Attr<String>,
    }

    #[derive(Debug, Clone, Default, Model)]
    struct Bad {
        #[attr(optional, identity)]
        count: Attr<bool>,
        /// Elements.
        #[attr(optional)]
        set: Attr<Set<BadMember>>,
        /// Computed.
        #[attr(computed)]
        given: Attr<Member>,
        /// Any.
        #[attr(optional)]
        list: Attr<Vec<Value>>,
        /// Identity.
        #[attr(computed, identity)]
        set_of_names: Attr<std::collections::BTreeSet<String>>,
    }

    /// An element.
    #[derive(Debug, Clone, Default, Model)]
    struct BadMember {
        /// Any.
        #[attr(optional)]
        any: Attr<Value>,
        /// Secret.
        #[attr(optional, write_only)]
        secret: Attr<String>,
        /// Size.
        #[attr(optional, computed, replaces)]
        size: Attr<i64>,
    }

    #[test]
    fn a_good_schema_passes() {
        assert_eq!(lint("good", Of::Resource, &Schema::new(Good::DOC, Good::FIELDS)), Vec::<String>::new());
    }

    #[test]
    fn what_breaks_a_cli_is_named() {
        assert_eq!(
            lint("bad", Of::Resource, &Schema::new(Bad::DOC, Bad::FIELDS)),
            [
                "bad.count has no description",
                "bad.set.any is of any type in a set",
                "bad.set.secret is write-only in a set",
                "bad.set.size replaces from within a set: mark the attribute that holds the set",
                "bad.set.size is optional and computed in a set, where two elements could turn out as one",
                "bad.given.key can be configured within what cannot",
                "bad.list is a collection of elements of any type",
                "bad.count has a name that the CLIs keep for themselves",
                "bad.count is part of the identity and can change: mark it `replaces`",
                "bad.set_of_names is part of the identity, which has primitives and lists of them only",
            ]
        );
    }

    #[test]
    fn marks_of_resources_are_for_resources() {
        assert_eq!(
            lint("data", Of::DataSource, &Schema::new(Good::DOC, Good::FIELDS)),
            ["data.name has marks that mean something in managed resources only"]
        );
    }
}
