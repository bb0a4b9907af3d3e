//! The builder of fields: `#[derive(Model)]` turns each mark of an attribute into one call of it. Everything is
//! `const`, so that a bad combination is an error of the compiler at the field.

use std::marker::PhantomData;

use super::field::{Equal, Field, IdentityPart, Keep, Literal, Replaces, ReplacesIf, Validator};
use crate::model::{Attr, AttrType};

/// What a value is made of, as far as declarations care. The marks of an attribute depend on it.
pub mod kind {
    use std::marker::PhantomData;

    /// True or false.
    pub struct Truth;
    /// A number.
    pub struct Amount;
    /// Text.
    pub struct Text;
    /// Any type.
    pub struct Any;
    /// An object.
    pub struct Object;
    /// A collection of elements of one kind.
    pub struct Collection<E>(PhantomData<E>);
}

/// The declaration of one attribute in the making.
pub struct Decl<T, K = <T as Declared>::Kind> {
    field: Field,
    of: PhantomData<fn() -> (T, K)>,
}

/// What can be a field of a model: an [`Attr`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no attribute",
    label = "the fields of a model are of type `Attr<T>`",
    note = "write `Attr<{Self}>`"
)]
pub trait Declared {
    /// What its values are made of.
    type Kind;
}

impl<T: AttrType> Declared for Attr<T> {
    type Kind = T::Kind;
}

impl<T: AttrType> Decl<Attr<T>, T::Kind> {
    /// Begins the declaration of the attribute of this name.
    #[must_use]
    pub const fn new(name: &'static str, doc: &'static str) -> Self {
        let field = Field {
            name,
            doc,
            shape: *T::SHAPE,
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            deprecated: None,
            default: None,
            validators: &[],
            one_of: &[],
            replaces: Replaces::No,
            keep: Keep::No,
            equal: None,
            clear: Literal::Null,
            unset: None,
            api: None,
            identity: IdentityPart::No,
        };
        Self { field, of: PhantomData }
    }
}

/// Writes one builder call: what it does to the field.
macro_rules! mark {
    ($(#[$doc:meta])* $name:ident($($argument:ident: $ty:ty),*) $($member:ident = $value:expr),+) => {
        $(#[$doc])*
        #[must_use]
        pub const fn $name(mut self, $($argument: $ty),*) -> Self {
            $(self.field.$member = $value;)+
            self
        }
    };
}

impl<T, K> Decl<T, K> {
    mark!(/** Must be configured. */ required() required = true);
    mark!(/** May be configured. */ optional() optional = true);
    mark!(/** May be set by the provider. */ computed() computed = true);
    mark!(/** Hidden in what the CLIs print. */ sensitive() sensitive = true);
    mark!(/** In the configuration only, never in plan or state. */ write_only() write_only = true);
    mark!(/** Out of use, and what to use instead. */ deprecated(instead: &'static str) deprecated = Some(instead));
    mark!(/** The value when none is configured, made by a function. */
        default_with(make: fn() -> crate::Value) default = Some(Literal::Made(make)), computed = true);
    mark!(/** Checks of a configured value. */ validate(validators: &'static [Validator]) validators = validators);
    mark!(/** A change replaces the resource. */ replaces() replaces = Replaces::Always);
    mark!(/** A change to a known value replaces the resource; one that is not known yet is taken for the old one. */
        replaces_if_known() replaces = Replaces::IfKnown);
    mark!(/** A change replaces the resource where the function says so. */
        replaces_if(says: ReplacesIf) replaces = Replaces::If(says));
    mark!(/** A change replaces the resource if the attribute is configured. */
        replaces_if_configured() replaces = Replaces::IfConfigured);
    mark!(/** The computed value stays as it is although the resource changes. */ keep() keep = Keep::Always);
    mark!(/** The computed value stays unless one of these attributes, of the same object, changes. */
        keep_unless(attributes: &'static [&'static str]) keep = Keep::Unless(attributes));
    mark!(/** When two values are the same. */ equal(equal: Equal) equal = Some(equal));
    mark!(/** An update sends null when the attribute is removed. */ clear_null() clear = Literal::Null);
    mark!(/** An update sends the empty value when the attribute is removed. */ clear_empty() clear = Literal::Empty);
    mark!(/** The service's empty value is the same as no value. */ unset_empty() unset = Some(Literal::Empty));
    mark!(/** The member's path in the remote document. */ api(path: &'static str) api = Some(path));
    mark!(/** Part of the resource's identity; an import by identity must give it. */
        identity() identity = IdentityPart::Required);
    mark!(/** Part of the resource's identity; an import by identity may give it. */
        identity_optional() identity = IdentityPart::Optional);

    /// Ends the declaration. What does not go together is an error here.
    #[must_use]
    #[track_caller]
    pub const fn build(self) -> Field {
        let field = self.field;
        assert!(field.default.is_none() || field.optional, "a `default` needs an `optional` attribute");
        assert!(
            field.required || field.optional || field.computed,
            "an attribute is `required`, `optional`, `computed`, or `optional, computed`"
        );
        assert!(!(field.required && field.optional), "an attribute cannot be both `required` and `optional`");
        assert!(!(field.required && field.computed), "an attribute cannot be both `required` and `computed`");
        let configurable = field.required || field.optional;
        assert!(!(field.write_only && field.computed), "a `write_only` attribute cannot be `computed`");
        assert!(
            !field.write_only || matches!(field.identity, IdentityPart::No),
            "a `write_only` attribute cannot be part of the identity"
        );
        assert!(
            matches!(field.keep, Keep::No) || field.computed,
            "`keep` and `keep_unless` need a `computed` attribute"
        );
        assert!(
            matches!(field.replaces, Replaces::No) || configurable,
            "`replaces` needs an attribute that can be configured"
        );
        assert!(
            (field.validators.is_empty() && field.one_of.is_empty()) || configurable,
            "`validate` and `one_of` need an attribute that can be configured"
        );
        field
    }
}

impl<T> Decl<T, kind::Truth> {
    mark!(/** The value when none is configured. */
        default(value: bool) default = Some(Literal::Bool(value)), computed = true);
    mark!(/** What an update sends when the attribute is removed. */ clear(value: bool) clear = Literal::Bool(value));
    mark!(/** The service's value that is the same as no value. */
        unset(value: bool) unset = Some(Literal::Bool(value)));
}

impl<T> Decl<T, kind::Amount> {
    mark!(/** The value when none is configured. */
        default(value: i64) default = Some(Literal::Integer(value)), computed = true);
    mark!(/** What an update sends when the attribute is removed. */ clear(value: i64) clear = Literal::Integer(value));
    mark!(/** The service's value that is the same as no value. */
        unset(value: i64) unset = Some(Literal::Integer(value)));
}

impl<T> Decl<T, kind::Text> {
    mark!(/** The value when none is configured. */
        default(value: &'static str) default = Some(Literal::Text(value)), computed = true);
    mark!(/** What an update sends when the attribute is removed. */
        clear(value: &'static str) clear = Literal::Text(value));
    mark!(/** The service's value that is the same as no value. */
        unset(value: &'static str) unset = Some(Literal::Text(value)));
    mark!(/** The values of an enumeration. Casing does not matter. */
        one_of(values: &'static [&'static str]) one_of = values);
}

impl<T, E> Decl<T, kind::Collection<E>> {
    mark!(/** An empty collection when none is configured. */
        default_empty() default = Some(Literal::Empty), computed = true);
}

impl<T> Decl<T, kind::Collection<kind::Text>> {
    mark!(/** The values that the elements may have. Casing does not matter. */
        one_of(values: &'static [&'static str]) one_of = values);
}
