//! Random schemas, configurations and services: all that the lint lets through.

use std::collections::BTreeMap;

use tfplugin::schema::{Field, Keep, Literal, Replaces, Shape};
use tfplugin::{Type, Value};

/// A small generator of numbers that always says the same for the same seed.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64, Collections);

/// What varies in collections. Not both at once: a collection of which only a part is known can be planned in the
/// words of the configuration alone, and once it is known it may turn out to mean what was there.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Collections {
    Casing,
    Unknowns,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed, if seed & 1 == 0 { Collections::Casing } else { Collections::Unknowns })
    }

    /// The next number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

pub(crate) fn same_text(one: &Value, other: &Value) -> bool {
    one.as_str().zip(other.as_str()).is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
}

fn never(_: &Value, _: &Value) -> bool {
    false
}

fn when_longer(prior: &Value, planned: &Value) -> bool {
    prior.as_str().map_or(0, str::len) < planned.as_str().map_or(0, str::len)
}

const BASE: Field = tfplugin::schema::Decl::<tfplugin::Attr<bool>>::new("", "").optional().build();
const NAMES: [&str; 6] = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"];
const MEMBERS: &[&str] = &["Red", "Green"];

/// Where fields stand, which decides on what they can be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// How many levels there may be below.
    pub(crate) depth: u32,
    /// Whether this is within a set.
    pub(crate) in_set: bool,
    /// Whether this is within what the provider alone sets.
    pub(crate) computed: bool,
}

/// The fields of an object. Schemas live as long as the process, here as anywhere.
pub(crate) fn fields(random: &mut Random, place: Place) -> &'static [Field] {
    let count = 1 + random.below(NAMES.len() as u64) as usize;
    let mut fields: Vec<Field> = NAMES[..count].iter().map(|name| field(random, name, place)).collect();
    for index in 0..count {
        if fields[index].computed && fields[index].default.is_none() && count > 1 && random.once_in(3) {
            let other = NAMES[(index + 1) % count];
            let keep = if random.once_in(2) { Keep::Always } else { Keep::Unless(vec![other].leak()) };
            fields[index].keep = keep;
        }
    }
    fields.leak()
}

fn field(random: &mut Random, name: &'static str, place: Place) -> Field {
    let mut field = Field { name, doc: "A field.", optional: false, ..BASE };
    match random.below(5) {
        _ if place.computed => field.computed = true,
        0 => field.required = true,
        1 | 2 => field.optional = true,
        3 => field.computed = true,
        // Two elements of a set could turn out as one.
        _ if place.in_set => field.computed = true,
        _ => (field.optional, field.computed) = (true, true),
    }
    field.shape = shape(random, Place { computed: !field.configurable(), ..place });
    if field.configurable() {
        configurable(random, &mut field, place.in_set);
    }
    field
}

fn configurable(random: &mut Random, field: &mut Field, in_set: bool) {
    let text = matches!(shape_of_leaf(&field.shape), Shape::String);
    match random.below(4) {
        0 if text => field.equal = Some(same_text),
        1 if text => field.one_of = MEMBERS,
        _ => {}
    }
    match random.below(8) {
        0 if !in_set => {
            field.replaces = random.pick(&[Replaces::Always, Replaces::IfKnown, Replaces::IfConfigured])
        }
        1 if !in_set => field.replaces = random.pick(&[Replaces::If(never), Replaces::If(when_longer)]),
        2 if !in_set && !field.computed => field.write_only = true,
        3 if field.optional && !in_set && !matches!(field.shape, Shape::Object(_) | Shape::Dynamic) => {
            field.default = Some(literal(random, field));
            field.computed = true;
        }
        4 if field.optional && !field.computed && !in_set => field.unset = Some(literal(random, field)),
        _ => {}
    }
}

fn literal(random: &mut Random, field: &Field) -> Literal {
    match field.shape {
        Shape::Bool => Literal::Bool(random.once_in(2)),
        Shape::Number | Shape::Integer => Literal::Integer(7),
        Shape::String if !field.one_of.is_empty() => Literal::Text("Green"),
        Shape::String => Literal::Text(random.pick(&["", "usual"])),
        _ => Literal::Empty,
    }
}

fn shape(random: &mut Random, place: Place) -> Shape {
    let leaf =
        |random: &mut Random| random.pick(&[Shape::Bool, Shape::Integer, Shape::String, Shape::String]);
    let object = |random: &mut Random, in_set: bool| -> &'static Shape {
        let within = Place { depth: place.depth - 1, in_set: place.in_set || in_set, ..place };
        Box::leak(Box::new(Shape::Object(fields(random, within))))
    };
    match random.below(if place.depth == 0 { 8 } else { 13 }) {
        0..4 => leaf(random),
        4 => Shape::List(Box::leak(Box::new(leaf(random)))),
        5 => Shape::Set(Box::leak(Box::new(leaf(random)))),
        6 => Shape::Map(Box::leak(Box::new(leaf(random)))),
        7 if place.in_set => Shape::Number,
        7 => Shape::Dynamic,
        8 | 9 => *object(random, false),
        10 => Shape::List(object(random, false)),
        11 => Shape::Map(object(random, false)),
        _ => Shape::Set(object(random, true)),
    }
}

fn shape_of_leaf(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(element) | Shape::Set(element) | Shape::Map(element) => shape_of_leaf(element),
        other => other,
    }
}

/// A configuration, of which parts are unknown if `unknowns`.
pub(crate) fn config(random: &mut Random, fields: &[Field], unknowns: bool) -> Value {
    Value::object(fields.iter().map(|field| {
        let value = if !field.configurable() || (field.optional && random.once_in(3)) {
            Value::Null
        } else if unknowns && random.once_in(6) {
            Value::Unknown
        } else {
            value(random, field, &field.shape, unknowns)
        };
        (field.name, value)
    }))
}

fn value(random: &mut Random, field: &Field, shape: &Shape, unknowns: bool) -> Value {
    let unknowns = unknowns && (random.1 == Collections::Unknowns || !planned_whole(shape));
    let count = random.below(4);
    let element = |random: &mut Random, shape: &Shape| {
        let leaf = !matches!(shape, Shape::Object(_));
        if leaf && unknowns && random.once_in(8) {
            Value::Unknown
        } else {
            value(random, field, shape, unknowns)
        }
    };
    match shape {
        Shape::Bool => Value::Bool(random.once_in(2)),
        Shape::Number | Shape::Integer => Value::from(random.below(3) as i64),
        Shape::String if !field.one_of.is_empty() => text(random, &["Red", "red", "GREEN", "Green"]),
        Shape::String => text(random, &["", "a", "A", "b", "Bee", "usual"]),
        Shape::Dynamic => match random.below(3) {
            0 => Value::dynamic(Type::Bool, Value::Bool(true)),
            1 => Value::dynamic(Type::String, Value::from("any")),
            _ => Value::dynamic(Type::list(Type::String), Value::List(vec![Value::from("x")])),
        },
        Shape::List(shape) => Value::List((0..count).map(|_| element(random, shape)).collect()),
        Shape::Map(shape) => Value::map(
            ["k", "l", "m"][..count.min(3) as usize].iter().map(|key| (*key, element(random, shape))),
        ),
        Shape::Set(shape) => {
            let mut elements: Vec<Value> = Vec::new();
            for _ in 0..count {
                let new = element(random, shape);
                // Two spellings of one thing, or something that may turn out to be another element, say too little.
                let known = new.is_wholly_known() && elements.iter().all(Value::is_wholly_known);
                if elements.is_empty() || (known && !elements.iter().any(|old| essence(old) == essence(&new)))
                {
                    elements.push(new);
                }
            }
            Value::set_of(elements)
        }
        Shape::Object(fields) => config(random, fields, unknowns),
    }
}

/// Whether the words of a collection are chosen for all of it at once.
fn planned_whole(shape: &Shape) -> bool {
    match shape {
        Shape::Set(_) => true,
        Shape::List(element) | Shape::Map(element) => !matches!(element, Shape::Object(_)),
        _ => false,
    }
}

fn text(random: &mut Random, from: &[&str]) -> Value {
    let text = random.pick(from);
    if random.1 == Collections::Unknowns { Value::from(text.to_lowercase()) } else { Value::from(text) }
}

/// What is left of a value whatever its casing and whatever in it is empty: two elements of a set that have this in
/// common are one to a service.
fn essence(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.to_lowercase(),
        Value::List(elements) | Value::Set(elements) => {
            elements.iter().map(|value| essence(value) + ";").collect()
        }
        Value::Map(entries) | Value::Object(entries) => {
            let parts = entries.iter().map(|(key, value)| (key, essence(value)));
            parts.filter(|(_, part)| !part.is_empty()).map(|(key, part)| format!("{key}={part},")).collect()
        }
        other => format!("{other:?}"),
    }
}

/// The same configuration with everything known.
pub(crate) fn resolved(random: &mut Random, fields: &[Field], config: &Value) -> Value {
    Value::object(fields.iter().map(|field| {
        (
            field.name,
            resolve(random, field, &field.shape, config.attribute(field.name).unwrap_or(&Value::Null)),
        )
    }))
}

fn resolve(random: &mut Random, field: &Field, shape: &Shape, value: &Value) -> Value {
    match (shape, value) {
        (_, Value::Unknown) => self::value(random, field, shape, false),
        (Shape::List(shape), Value::List(elements)) => {
            Value::List(elements.iter().map(|value| resolve(random, field, shape, value)).collect())
        }
        (Shape::Set(shape), Value::Set(elements)) => {
            Value::set_of(elements.iter().map(|value| resolve(random, field, shape, value)))
        }
        (Shape::Map(shape), Value::Map(elements)) => {
            let resolve =
                |(key, value): (&String, &Value)| (key.clone(), resolve(random, field, shape, value));
            Value::Map(elements.iter().map(resolve).collect::<BTreeMap<_, _>>())
        }
        (Shape::Object(fields), Value::Object(_)) => resolved(random, fields, value),
        (_, other) => other.clone(),
    }
}

/// What a service makes of a plan: everything that is not known gets a value, down to the last member.
pub(crate) fn filled(random: &mut Random, field: &Field, shape: &Shape, planned: &Value) -> Value {
    match (shape, planned) {
        (_, Value::Unknown) if field.computed && random.once_in(5) => Value::Null,
        (Shape::Object(fields), Value::Unknown | Value::Object(_)) => {
            Value::object(fields.iter().map(|field| {
                let unknown = planned.is_unknown() && field.computed;
                let planned = if unknown {
                    &Value::Unknown
                } else {
                    planned.attribute(field.name).unwrap_or(&Value::Null)
                };
                (
                    field.name,
                    if field.write_only { Value::Null } else { filled(random, field, &field.shape, planned) },
                )
            }))
        }
        (Shape::List(shape), Value::List(elements)) => {
            Value::List(elements.iter().map(|value| filled(random, field, shape, value)).collect())
        }
        (Shape::Set(shape), Value::Set(elements)) => {
            Value::set_of(elements.iter().map(|value| filled(random, field, shape, value)))
        }
        (Shape::Map(shape), Value::Map(elements)) => {
            let fill = |(key, value): (&String, &Value)| (key.clone(), filled(random, field, shape, value));
            Value::Map(elements.iter().map(fill).collect::<BTreeMap<_, _>>())
        }
        (Shape::List(_) | Shape::Set(_) | Shape::Map(_), Value::Unknown) if field.nested().is_some() => {
            Value::Null
        }
        (_, Value::Unknown) => value(random, field, shape, false),
        (_, other) => other.clone(),
    }
}

/// The same, as services like to put it: in other casings, without what is empty, with what they call unset.
pub(crate) fn distorted(random: &mut Random, field: &Field, shape: &Shape, value: &Value) -> Value {
    match (shape, value) {
        (_, Value::Null) => match &field.unset {
            Some(unset) if !field.write_only && random.once_in(2) => unset.value(&field.shape),
            _ => Value::Null,
        },
        (Shape::String, Value::String(text)) if field.equal.is_some() || !field.one_of.is_empty() => {
            Value::from(if random.once_in(2) { text.to_uppercase() } else { text.to_lowercase() })
        }
        (Shape::Object(fields), Value::Object(_)) => Value::object(fields.iter().map(|field| {
            let value = value.attribute(field.name).unwrap_or(&Value::Null);
            let value = distorted(random, field, &field.shape, value);
            (field.name, absent(random, field, value))
        })),
        (Shape::List(shape), Value::List(elements)) => {
            Value::List(elements.iter().map(|value| distorted(random, field, shape, value)).collect())
        }
        (Shape::Set(shape), Value::Set(elements)) => {
            Value::set_of(elements.iter().map(|value| distorted(random, field, shape, value)))
        }
        (Shape::Map(shape), Value::Map(elements)) => {
            let distort =
                |(key, value): (&String, &Value)| (key.clone(), distorted(random, field, shape, value));
            Value::Map(elements.iter().map(distort).collect::<BTreeMap<_, _>>())
        }
        (_, other) => other.clone(),
    }
}

fn absent(random: &mut Random, field: &Field, value: Value) -> Value {
    let empty = match &value {
        Value::String(text) => text.is_empty(),
        Value::List(elements) | Value::Set(elements) => elements.is_empty(),
        Value::Map(elements) => elements.is_empty(),
        _ => false,
    };
    if empty && field.configurable() && random.once_in(2) { Value::Null } else { value }
}
