//! What holds for every value: it survives both encodings, and equal values are written alike.

use proptest::prelude::*;
use tfplugin::codec::{json, msgpack};
use tfplugin::{Type, Value};

use crate::sample;

proptest! {
    #[test]
    fn a_type_survives_its_notation(ty in sample::types()) {
        prop_assert_eq!(Type::from_json(&ty.to_json()).unwrap(), ty);
    }

    #[test]
    fn a_value_survives_msgpack((ty, value) in sample::typed()) {
        let written = msgpack::encode(&value, &ty).unwrap();
        prop_assert_eq!(msgpack::decode(&written, &ty).unwrap(), value);
    }

    #[test]
    fn a_known_value_survives_json((ty, value) in sample::known()) {
        let written = json::encode(&value, &ty).unwrap();
        prop_assert_eq!(&json::decode(&written, &ty).unwrap(), &value);
        prop_assert_eq!(json::decode_lenient(&written, &ty).unwrap(), value);
    }

    #[test]
    fn json_refuses_what_is_unknown((ty, value) in sample::typed()) {
        prop_assert_eq!(json::encode(&value, &ty).is_ok(), value.is_wholly_known());
    }

    #[test]
    fn the_order_of_a_set_means_nothing(mut elements in prop::collection::vec(sample::number(), 0..6)) {
        let ty = Type::set(Type::Number);
        let one = Value::Set(elements.iter().cloned().map(Value::Number).collect());
        elements.reverse();
        let other = Value::Set(elements.into_iter().map(Value::Number).collect());
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(msgpack::encode(&one, &ty).unwrap(), msgpack::encode(&other, &ty).unwrap());
        prop_assert_eq!(json::encode(&one, &ty).unwrap(), json::encode(&other, &ty).unwrap());
    }

    #[test]
    fn without_unknowns_a_value_is_wholly_known((_, mut value) in sample::typed()) {
        value.unknown_to_null();
        prop_assert!(value.is_wholly_known());
    }

    #[test]
    fn every_place_that_a_walk_visits_can_be_read((_, value) in sample::typed()) {
        let mut in_sets = 0;
        value.walk(&mut |path, part| {
            let found = value.get(path).unwrap();
            // Elements of sets come with the path of the set.
            in_sets += usize::from(found != part && !matches!(found, Value::Set(_) | Value::Dynamic(_)));
        });
        prop_assert_eq!(in_sets, 0);
    }
}
