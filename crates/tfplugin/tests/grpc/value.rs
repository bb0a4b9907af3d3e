//! Values as the tests write them: JSON, with a marker for unknown ones. MessagePack is written and
//! read here without the crate's own codec and without types, so that one mistake cannot hide another.

use rmp::Marker;
use rmp::decode::{self as from, RmpRead as _};
use rmp::encode as to;
use serde_json::{Map, Value, json};
use tfplugin::proto::tfplugin6::{DynamicValue, ResourceIdentityData};

/// An unknown value.
pub(crate) fn unknown() -> Value {
    json!({"$unknown": true})
}

/// A value of any type, with its type.
pub(crate) fn dynamic(ty: &Value, value: &Value) -> Value {
    json!({"$type": ty, "$value": value})
}

/// A value as the CLIs send it.
pub(crate) fn encode(value: &Value) -> Option<DynamicValue> {
    let mut bytes = Vec::new();
    write(&mut bytes, value);
    Some(DynamicValue { msgpack: bytes.into(), json: Vec::new().into() })
}

/// A value as it lies in a state file.
pub(crate) fn encode_json(value: &Value) -> Option<DynamicValue> {
    Some(DynamicValue { msgpack: Vec::new().into(), json: value.to_string().into_bytes().into() })
}

/// An identity.
pub(crate) fn identity(value: &Value) -> Option<ResourceIdentityData> {
    Some(ResourceIdentityData { identity_data: encode(value) })
}

fn write(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(0xc0),
        Value::Bool(value) => to::write_bool(out, *value).expect("written"),
        Value::Number(value) => match value.as_i64() {
            Some(value) => {
                to::write_sint(out, value).expect("written");
            }
            None => to::write_f64(out, value.as_f64().expect("a number")).expect("written"),
        },
        Value::String(value) => to::write_str(out, value).expect("written"),
        Value::Array(elements) => {
            to::write_array_len(out, elements.len().try_into().expect("a length")).expect("written");
            elements.iter().for_each(|element| write(out, element));
        }
        Value::Object(_) if *value == unknown() => out.extend([0xd4, 0, 0]),
        Value::Object(members) if members.contains_key("$type") => {
            out.push(0x92);
            to::write_bin(out, members["$type"].to_string().as_bytes()).expect("written");
            write(out, &members["$value"]);
        }
        Value::Object(members) => {
            to::write_map_len(out, members.len().try_into().expect("a length")).expect("written");
            for (name, member) in members {
                to::write_str(out, name).expect("written");
                write(out, member);
            }
        }
    }
}

/// What a provider answered. A value that is absent is null.
pub(crate) fn decode(value: Option<&DynamicValue>) -> Value {
    let Some(value) = value else { return Value::Null };
    assert!(value.json.is_empty(), "providers answer in msgpack");
    let mut rest = &value.msgpack[..];
    let value = read(&mut rest);
    assert!(rest.is_empty(), "extra data");
    value
}

/// The identity in an answer.
pub(crate) fn decode_identity(identity: Option<&ResourceIdentityData>) -> Value {
    decode(identity.and_then(|identity| identity.identity_data.as_ref()))
}

fn read(bytes: &mut &[u8]) -> Value {
    let marker = Marker::from_u8(*bytes.first().expect("a value"));
    match marker {
        Marker::Null => {
            from::read_nil(bytes).expect("nil");
            Value::Null
        }
        Marker::True | Marker::False => from::read_bool(bytes).expect("a bool").into(),
        Marker::F64 => from::read_f64(bytes).expect("a float").into(),
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
            let length = from::read_str_len(bytes).expect("a length");
            String::from_utf8(take(bytes, length)).expect("text").into()
        }
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => {
            let length = from::read_array_len(bytes).expect("a length");
            if length == 2 && bytes.first() == Some(&0xc4) {
                let length = from::read_bin_len(bytes).expect("a length");
                let ty = serde_json::from_slice(&take(bytes, length)).expect("a type");
                return dynamic(&ty, &read(bytes));
            }
            (0..length).map(|_| read(bytes)).collect()
        }
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => {
            let length = from::read_map_len(bytes).expect("a length");
            let mut members = Map::new();
            for _ in 0..length {
                let Value::String(name) = read(bytes) else { panic!("a name") };
                members.insert(name, read(bytes));
            }
            members.into()
        }
        Marker::FixExt1 => {
            assert_eq!(take(bytes, 3), [0xd4, 0, 0]);
            unknown()
        }
        _ => from::read_int::<i64, _>(bytes).expect("an integer").into(),
    }
}

fn take(bytes: &mut &[u8], length: u32) -> Vec<u8> {
    let mut taken = vec![0; length as usize];
    bytes.read_exact_buf(&mut taken).expect("enough bytes");
    taken
}
