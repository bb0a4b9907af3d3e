//! Random types, and random values of a type.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use tfplugin::{Number, Type, Value};

pub(crate) fn types() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            btree_map("[a-z_é]{1,6}", inner.clone(), 0..4).prop_map(Type::object),
            vec(inner, 0..3).prop_map(Type::Tuple),
        ]
    })
}

pub(crate) fn typed() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| (Just(ty.clone()), value(ty, true, 3)))
}

pub(crate) fn known() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| (Just(ty.clone()), value(ty, false, 3)))
}

pub(crate) fn number() -> impl Strategy<Value = Number> {
    let text = "-?[0-9]{1,30}(\\.[0-9]{1,30})?(e-?[0-9]{1,2})?";
    prop_oneof![any::<i64>().prop_map(Number::from), text.prop_map(|text| text.parse().unwrap())]
}

/// A value of the type. Dynamic ones nest only so deep as said.
fn value(ty: Type, unknowns: bool, dynamics: u32) -> BoxedStrategy<Value> {
    let some = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => number().prop_map(Value::Number).boxed(),
        Type::String => any::<String>().prop_map(Value::from).boxed(),
        Type::Dynamic if dynamics == 0 => Just(Value::Null).boxed(),
        Type::Dynamic => types()
            .prop_flat_map(move |ty| (Just(ty.clone()), value(ty, unknowns, dynamics - 1)))
            .prop_map(|(ty, value)| Value::dynamic(ty, value))
            .boxed(),
        Type::List(element) => vec(value(*element, unknowns, dynamics), 0..4).prop_map(Value::List).boxed(),
        Type::Set(element) => vec(value(*element, unknowns, dynamics), 0..4).prop_map(Value::set_of).boxed(),
        Type::Map(element) => btree_map("[a-zA-Z0-9 é\"]{0,4}", value(*element, unknowns, dynamics), 0..4)
            .prop_map(Value::Map)
            .boxed(),
        Type::Object(attributes) => {
            let (names, types): (Vec<_>, Vec<_>) = attributes.into_iter().unzip();
            values(types, unknowns, dynamics)
                .prop_map(move |values| Value::object(names.iter().cloned().zip(values)))
                .boxed()
        }
        Type::Tuple(types) => values(types, unknowns, dynamics).prop_map(Value::Tuple).boxed(),
    };
    let unknown = if unknowns { Value::Unknown } else { Value::Null };
    prop_oneof![8 => some, 1 => Just(Value::Null), 1 => Just(unknown)].boxed()
}

fn values(types: Vec<Type>, unknowns: bool, dynamics: u32) -> impl Strategy<Value = Vec<Value>> {
    types.into_iter().map(|ty| value(ty, unknowns, dynamics)).collect::<Vec<_>>()
}
