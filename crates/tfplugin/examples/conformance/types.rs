//! The resource types: every shape of attribute with every mark that goes with it, dealt into some two hundred types.

use std::time::Duration;

use tfplugin::Value;
use tfplugin::schema::{
    Field, IdentityPart, Keep, Literal, Replaces, Schema, Shape, TimeoutDefaults, Validator,
};

use crate::random::Random;

/// How many types there are.
const TYPES: usize = 200;

/// How many generated attributes each type has, besides those that all have.
const ATTRIBUTES: usize = 6;

/// The values of an enumeration, as the service spells them.
pub(crate) const OPTIONS: &[&str] = &["Basic", "StandardPlus", "PREMIUM"];

/// One type of resource.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) schema: Schema,
    /// Its plans are changed by a hook: `derived` is what `touch` is.
    pub(crate) derives: bool,
}

/// What an attribute is declared to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Required,
    Optional,
    OptionalComputed,
    Computed,
    Default,
    Sensitive,
    WriteOnly,
    RequiredWriteOnly,
    Replaces,
    ReplacesIfConfigured,
    ReplacesIf,
    Keep,
    KeepUnless,
    OptionalComputedKeep,
    Equal,
    EqualComputed,
    OneOf,
    Unset,
    Deprecated,
    Validated,
}

const ROLES: &[Role] = &[
    Role::Required,
    Role::Optional,
    Role::OptionalComputed,
    Role::Computed,
    Role::Default,
    Role::Sensitive,
    Role::WriteOnly,
    Role::RequiredWriteOnly,
    Role::Replaces,
    Role::ReplacesIfConfigured,
    Role::ReplacesIf,
    Role::Keep,
    Role::KeepUnless,
    Role::OptionalComputedKeep,
    Role::Equal,
    Role::EqualComputed,
    Role::OneOf,
    Role::Unset,
    Role::Deprecated,
    Role::Validated,
];

/// The shapes without attributes of their own.
const SHAPES: &[Shape] = &[
    Shape::Bool,
    Shape::Number,
    Shape::Integer,
    Shape::String,
    Shape::Dynamic,
    Shape::List(&Shape::String),
    Shape::Set(&Shape::String),
    Shape::Map(&Shape::String),
    Shape::List(&Shape::Number),
    Shape::Set(&Shape::Integer),
    Shape::Map(&Shape::Bool),
    Shape::List(&Shape::List(&Shape::String)),
    Shape::Set(&Shape::List(&Shape::Integer)),
    Shape::Map(&Shape::Set(&Shape::String)),
    Shape::List(&Shape::Map(&Shape::Number)),
];

/// All types, in the same order each time.
pub(crate) fn all() -> Vec<Kind> {
    let mut deck: Vec<(Shape, Role)> = Vec::new();
    let mut random = Random::of("types");
    while deck.len() < TYPES * ATTRIBUTES {
        for role in ROLES {
            let nested = ["single", "list", "set", "map"];
            deck.extend(
                SHAPES.iter().copied().filter(|shape| suits(shape, *role)).map(|shape| (shape, *role)),
            );
            deck.extend(
                nested
                    .iter()
                    .filter_map(|nesting| Some((nested_shape(nesting, *role, &mut random, 2)?, *role))),
            );
        }
    }
    for last in (1..deck.len()).rev() {
        deck.swap(last, random.below(last + 1));
    }
    deck.chunks(ATTRIBUTES).take(TYPES).enumerate().map(|(index, cards)| kind(index, cards)).collect()
}

fn kind(index: usize, cards: &[(Shape, Role)]) -> Kind {
    let name = leak(format!("conformance_t{index:03}"));
    let mut fields = vec![
        Field {
            required: true,
            replaces: Replaces::Always,
            identity: identity(index),
            ..plain("name", Shape::String)
        },
        Field { computed: true, keep: Keep::Always, ..plain("id", Shape::String) },
        Field { optional: true, ..plain("touch", Shape::String) },
        Field { computed: true, ..plain("revision", Shape::Integer) },
        Field { computed: true, ..plain("derived", Shape::String) },
    ];
    for (number, (shape, role)) in cards.iter().enumerate() {
        let name = leak(format!("{}_{number}", word(*role)));
        fields.push(marked(plain(name, *shape), *role, &mut Random::of(&format!("{index} {number}"))));
    }
    let timeouts = match index % 4 {
        0 => Some(TimeoutDefaults::minutes(60, 5, 60, 60)),
        1 => Some(TimeoutDefaults { create: Some(Duration::from_secs(90)), ..TimeoutDefaults::default() }),
        _ => None,
    };
    let schema = Schema { timeouts, ..Schema::new("A generated type.", fields.leak()) };
    Kind { name, schema, derives: index.is_multiple_of(5) }
}

fn identity(index: usize) -> IdentityPart {
    if index.is_multiple_of(3) { IdentityPart::No } else { IdentityPart::Required }
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// A name that says in a failure what the attribute is.
fn word(role: Role) -> String {
    let mut out = String::new();
    for (at, letter) in format!("{role:?}").chars().enumerate() {
        if letter.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

fn plain(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        doc: "A generated attribute.",
        shape,
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
    }
}

/// Whether a mark means something for a shape.
fn suits(shape: &Shape, role: Role) -> bool {
    let text = matches!(
        shape,
        Shape::String | Shape::List(Shape::String) | Shape::Set(Shape::String) | Shape::Map(Shape::String)
    );
    match role {
        Role::Equal | Role::EqualComputed => text,
        Role::OneOf => text && !matches!(shape, Shape::Map(_)),
        Role::Default => !matches!(shape, Shape::Dynamic),
        Role::Unset => matches!(shape, Shape::Bool | Shape::Integer | Shape::String) || collection(shape),
        Role::ReplacesIf => matches!(shape, Shape::Integer),
        // Each use is a warning, for which the tools parse the whole configuration anew.
        Role::Deprecated => matches!(shape, Shape::String),
        Role::Validated => matches!(shape, Shape::Integer | Shape::String) || collection(shape),
        _ => true,
    }
}

fn collection(shape: &Shape) -> bool {
    matches!(shape, Shape::List(_) | Shape::Set(_) | Shape::Map(_))
}

/// An object, or a collection of objects, for roles that go with nested attributes.
fn nested_shape(nesting: &str, role: Role, random: &mut Random, depth: usize) -> Option<Shape> {
    let possible = match role {
        Role::WriteOnly | Role::RequiredWriteOnly | Role::Sensitive => nesting != "set",
        Role::Required
        | Role::Optional
        | Role::Computed
        | Role::OptionalComputed
        | Role::Replaces
        | Role::Keep
        | Role::Unset => true,
        Role::OptionalComputedKeep => true,
        _ => false,
    };
    let possible = possible && !(role == Role::Unset && nesting == "single");
    if !possible {
        return None;
    }
    let object: &'static Shape =
        Box::leak(Box::new(Shape::Object(nested_fields(nesting, role, random, depth))));
    Some(match nesting {
        "list" => Shape::List(object),
        "set" => Shape::Set(object),
        "map" => Shape::Map(object),
        _ => *object,
    })
}

fn nested_fields(nesting: &str, outer: Role, random: &mut Random, depth: usize) -> &'static [Field] {
    let mut roles = vec![
        Role::Required,
        Role::Optional,
        Role::OptionalComputed,
        Role::Computed,
        Role::Equal,
        Role::OneOf,
    ];
    let secret = matches!(outer, Role::WriteOnly | Role::RequiredWriteOnly);
    if secret {
        roles = vec![Role::RequiredWriteOnly, Role::WriteOnly];
    } else if outer == Role::Computed || outer == Role::Keep {
        roles = vec![Role::Computed];
    } else if nesting == "set" {
        roles = vec![
            Role::Required,
            Role::Optional,
            Role::Equal,
            Role::OneOf,
            Role::Default,
            Role::Computed,
            Role::OptionalComputed,
        ];
    } else {
        roles.extend([Role::Default, Role::Sensitive, Role::WriteOnly]);
    }
    if nesting == "single" && outer == Role::Required {
        roles.push(Role::Replaces);
    }
    let mut fields = Vec::new();
    for number in 0..2 + random.below(3) {
        let role = *random.pick(&roles);
        let flat = |shape: &&Shape| suits(shape, role) && !matches!(shape, Shape::Dynamic);
        let shapes: Vec<Shape> = SHAPES.iter().filter(flat).copied().collect();
        let inner = ["single", "list", "map"];
        let deeper = (depth > 1 && nesting != "set" && random.chance(25))
            .then(|| nested_shape(random.pick::<&str>(&inner), role, random, depth - 1))
            .flatten();
        let shape = deeper.unwrap_or_else(|| *random.pick(&shapes));
        let name = leak(format!("{}_{number}", word(role)));
        fields.push(marked(plain(name, shape), role, random));
    }
    if !fields.iter().any(|field| field.required || outer == Role::Computed || outer == Role::Keep || secret)
    {
        fields.push(Field { required: true, ..plain("label", Shape::String) });
    }
    fields.leak()
}

fn marked(mut field: Field, role: Role, random: &mut Random) -> Field {
    let required = matches!(role, Role::Required | Role::RequiredWriteOnly)
        || (matches!(role, Role::Replaces | Role::Equal | Role::OneOf | Role::Sensitive)
            && random.chance(40));
    field.required = required;
    field.optional = !required && !matches!(role, Role::Computed | Role::Keep | Role::KeepUnless);
    let computed = matches!(
        role,
        Role::OptionalComputed
            | Role::Computed
            | Role::Default
            | Role::ReplacesIfConfigured
            | Role::Keep
            | Role::KeepUnless
            | Role::OptionalComputedKeep
            | Role::EqualComputed
    );
    field.computed = computed;
    match role {
        Role::Default => field.default = Some(default(&field.shape)),
        Role::Sensitive => field.sensitive = true,
        Role::WriteOnly | Role::RequiredWriteOnly => field.write_only = true,
        Role::Replaces => field.replaces = Replaces::Always,
        Role::ReplacesIfConfigured => field.replaces = Replaces::IfConfigured,
        Role::ReplacesIf => field.replaces = Replaces::If(|prior, planned| planned.as_i64() < prior.as_i64()),
        Role::Keep | Role::OptionalComputedKeep => field.keep = Keep::Always,
        Role::KeepUnless => field.keep = Keep::Unless(&["touch"]),
        Role::Equal | Role::EqualComputed => field.equal = Some(same_letters),
        Role::OneOf => field.one_of = OPTIONS,
        Role::Unset => field.unset = Some(unset(&field.shape)),
        Role::Deprecated => field.deprecated = Some("Use another attribute."),
        Role::Validated => field.validators = validators(&field.shape),
        Role::Required | Role::Optional | Role::OptionalComputed | Role::Computed => {}
    }
    field
}

fn same_letters(one: &Value, other: &Value) -> bool {
    matches!((one.as_str(), other.as_str()), (Some(one), Some(other)) if one.eq_ignore_ascii_case(other))
}

fn default(shape: &Shape) -> Literal {
    match shape {
        Shape::Bool => Literal::Bool(true),
        Shape::Integer => Literal::Integer(42),
        Shape::Number => Literal::Made(|| "0.1".parse().map_or(Value::Null, Value::Number)),
        Shape::String => Literal::Text("by default"),
        Shape::List(Shape::String) => Literal::Made(|| Value::List(vec!["by".into(), "default".into()])),
        _ => Literal::Empty,
    }
}

fn unset(shape: &Shape) -> Literal {
    match shape {
        Shape::Bool => Literal::Bool(false),
        Shape::Integer => Literal::Integer(0),
        _ => Literal::Empty,
    }
}

fn validators(shape: &Shape) -> &'static [Validator] {
    match shape {
        Shape::Integer => &[Validator::Range(-1_000_000, 1_000_000), Validator::Check(|_| Ok(()))],
        _ => &[Validator::Length(1, 60)],
    }
}
