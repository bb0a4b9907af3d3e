//! Values, paths and the errors of the codecs.

use tfplugin::codec::{json, msgpack};
use tfplugin::{Path, Step, Type, Value};

fn ty() -> Type {
    let rule = Type::object([("ports", Type::list(Type::Number)), ("note", Type::String)]);
    Type::object([("rules", Type::map(rule)), ("tags", Type::set(Type::String)), ("any", Type::Dynamic)])
}

fn value() -> Value {
    let rule =
        Value::object([("ports", Value::List(vec![Value::from(80), Value::Unknown])), ("note", Value::Null)]);
    Value::object([
        ("rules", Value::map([("a", rule)])),
        ("tags", Value::set_of(["y".into(), "x".into(), "y".into()])),
        ("any", Value::dynamic(Type::list(Type::Bool), Value::List(vec![Value::Bool(true)]))),
    ])
}

fn port(index: i64) -> Path {
    Path::from("rules").key("a").attribute("ports").index(index)
}

#[test]
fn paths_lead_into_values() {
    let mut value = value();
    assert_eq!(port(1).to_string(), "rules[\"a\"].ports[1]");
    assert_eq!(value.get(&port(0)), Some(&Value::from(80)));
    assert_eq!(value.get(&port(2)), None);
    assert_eq!(value.get(&port(-1)), None);
    assert_eq!(value.get(&Path::from("any").index(0)), Some(&Value::Bool(true)));
    assert_eq!(value.get(&Path::from("tags").index(0)), None);
    assert_eq!(value.get(&Path::root()), Some(&value));

    assert!(value.set(&port(1), Value::from(443)));
    assert!(value.set(&Path::from("rules").key("b"), Value::Null));
    assert!(!value.set(&port(9), Value::Null));
    assert!(!value.set(&Path::from("tags").index(0), Value::Null));
    assert_eq!(value.get(&port(1)), Some(&Value::from(443)));
    assert!(value.is_wholly_known());
    assert!(port(1).starts_with(&Path::from("rules")) && !port(1).starts_with(&Path::from("tags")));
    assert_eq!(port(1).parent().map(|path| path.to_string()), Some("rules[\"a\"].ports".to_owned()));
}

#[test]
fn a_walk_names_every_part() {
    let mut seen = Vec::new();
    value().walk(&mut |path, part| {
        if part.is_unknown() || matches!(part, Value::String(_) | Value::Bool(_)) {
            seen.push(path.to_string());
        }
    });
    assert_eq!(seen, ["any[0]", "rules[\"a\"].ports[1]", "tags", "tags"]);
}

#[test]
fn strings_are_composed() {
    assert_eq!(Value::string("e\u{301}"), Value::String("é".to_owned()));
    assert_eq!(msgpack::decode(b"\xa3e\xcc\x81", &Type::String).unwrap(), Value::String("é".to_owned()));
}

#[test]
fn types_read_as_a_configuration_writes_them() {
    assert_eq!(
        ty().to_string(),
        "object({any = any, rules = map(object({note = string, ports = list(number)})), tags = set(string)})"
    );
}

#[test]
fn errors_name_the_place() {
    let wrong = |path: &Path, new: Value| {
        let mut value = value();
        assert!(value.set(path, new));
        msgpack::encode(&value, &ty()).unwrap_err().to_string()
    };
    assert_eq!(wrong(&port(1), Value::from("x")), "rules[\"a\"].ports[1]: a number is required");
    assert_eq!(wrong(&Path::from("any"), Value::from("x")), "any: a value with its type is required");
    assert_eq!(wrong(&Path::from("more"), Value::Null), "unsupported attribute \"more\"");
    let part = Value::object([("tags", Value::Null)]);
    assert_eq!(msgpack::encode(&part, &ty()).unwrap_err().to_string(), "the attribute \"any\" is missing");

    let error = json::decode(br#"{"rules":{"a":{"ports":[1,true]}}}"#, &ty()).unwrap_err();
    assert_eq!(error.to_string(), "rules[\"a\"].ports[1]: a number is required");
    assert_eq!(error.path().steps().last(), Some(&Step::Index(1)));
    assert_eq!(
        json::encode(&value(), &ty()).unwrap_err().to_string(),
        "rules[\"a\"].ports[1]: the value is not known"
    );
    assert_eq!(
        msgpack::decode(b"\xc0\xc0", &Type::Bool).unwrap_err().to_string(),
        "there is extra data behind the encoded value"
    );
    assert_eq!(
        msgpack::decode(b"\x80", &ty()).unwrap_err().to_string(),
        "an object with 3 attributes is required"
    );
    assert_eq!(
        msgpack::decode(b"\xa1\xff", &Type::String).unwrap_err().to_string(),
        "a string is not valid UTF-8"
    );
}

#[test]
fn state_of_another_schema_version_is_read_leniently() {
    let old = br#"{"gone":{"x":[1]},"tags":["b",1,true,"b"],"rules":{"a":{"ports":["80"],"was":null}}}"#;
    assert_eq!(json::decode(old, &ty()).unwrap_err().to_string(), "unsupported attribute \"gone\"");
    let rule = Value::object([("ports", Value::List(vec![Value::from(80)])), ("note", Value::Null)]);
    let expected = Value::object([
        ("any", Value::Null),
        ("rules", Value::map([("a", rule)])),
        ("tags", Value::set_of(["b".into(), "1".into(), "true".into()])),
    ]);
    assert_eq!(json::decode_lenient(old, &ty()).unwrap(), expected);
}

#[test]
fn unknown_elements_of_a_set_may_turn_out_to_differ() {
    let set = Value::set_of([Value::Unknown, Value::from(1), Value::Unknown, Value::from(1)]);
    assert_eq!(set.elements().map(<[Value]>::len), Some(3));
    let mut known = set;
    known.unknown_to_null();
    assert_eq!(known, Value::set_of([Value::from(1), Value::Null]));
}
