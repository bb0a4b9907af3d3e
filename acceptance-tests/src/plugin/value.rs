//! Values: JSON here, MessagePack on the wire, with a marker for what is unknown.

use rmp::Marker;
use rmp::decode::{self as from, RmpRead as _};
use rmp::encode as to;
use serde_json::{Map, Value, json};

use super::proto::{DynamicValue, ResourceIdentityData};

/// An unknown value.
pub fn unknown() -> Value {
    json!({"$unknown": true})
}

/// Whether a value is unknown, or a part of it.
pub(super) fn is_unknown_in_part(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(is_unknown_in_part),
        Value::Object(members) => *value == unknown() || members.values().any(is_unknown_in_part),
        _ => false,
    }
}

/// A value as the tools send it.
pub(super) fn encode(value: &Value) -> Option<DynamicValue> {
    let mut bytes = Vec::new();
    write(&mut bytes, value);
    Some(DynamicValue { msgpack: bytes, json: Vec::new() })
}

/// An identity; none where there is none.
pub(super) fn identity(value: Option<&Value>) -> Option<ResourceIdentityData> {
    value.map(|value| ResourceIdentityData { identity_data: encode(value) })
}

fn length(length: usize) -> u32 {
    length.try_into().expect("a length")
}

fn write(out: &mut Vec<u8>, value: &Value) {
    const WRITTEN: &str = "memory takes all that is written";
    match value {
        Value::Null => to::write_nil(out).expect(WRITTEN),
        Value::Bool(value) => to::write_bool(out, *value).expect(WRITTEN),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => drop(to::write_sint(out, whole).expect(WRITTEN)),
            None => to::write_str(out, &number.to_string()).expect(WRITTEN),
        },
        Value::String(text) => to::write_str(out, text).expect(WRITTEN),
        Value::Array(items) => {
            to::write_array_len(out, length(items.len())).expect(WRITTEN);
            items.iter().for_each(|item| write(out, item));
        }
        Value::Object(_) if *value == unknown() => out.extend([0xd4, 0, 0]),
        Value::Object(members) => {
            to::write_map_len(out, length(members.len())).expect(WRITTEN);
            for (name, member) in members {
                to::write_str(out, name).expect(WRITTEN);
                write(out, member);
            }
        }
    }
}

/// What a provider answered. A value that is absent is null.
pub(super) fn decode(value: Option<&DynamicValue>) -> Value {
    let Some(value) = value else { return Value::Null };
    let mut rest = &value.msgpack[..];
    if rest.is_empty() {
        return Value::Null;
    }
    let value = read(&mut rest);
    assert!(rest.is_empty(), "the provider's value has something after its end");
    value
}

/// The identity in an answer; none where there is none.
pub(super) fn decode_identity(identity: Option<&ResourceIdentityData>) -> Option<Value> {
    Some(decode(identity?.identity_data.as_ref())).filter(|value| !value.is_null())
}

fn read(bytes: &mut &[u8]) -> Value {
    const GOOD: &str = "well-formed MessagePack";
    match Marker::from_u8(*bytes.first().expect(GOOD)) {
        Marker::Null => {
            from::read_nil(bytes).expect(GOOD);
            Value::Null
        }
        Marker::True | Marker::False => from::read_bool(bytes).expect(GOOD).into(),
        Marker::F64 => from::read_f64(bytes).expect(GOOD).into(),
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
            let mut text = vec![0; from::read_str_len(bytes).expect(GOOD) as usize];
            bytes.read_exact_buf(&mut text).expect(GOOD);
            String::from_utf8(text).expect("text in UTF-8").into()
        }
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => {
            (0..from::read_array_len(bytes).expect(GOOD)).map(|_| read(bytes)).collect()
        }
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => {
            let mut members = Map::new();
            for _ in 0..from::read_map_len(bytes).expect(GOOD) {
                let Value::String(name) = read(bytes) else { panic!("a member's name is no text") };
                members.insert(name, read(bytes));
            }
            members.into()
        }
        Marker::FixExt1
        | Marker::FixExt2
        | Marker::FixExt4
        | Marker::FixExt8
        | Marker::FixExt16
        | Marker::Ext8 => {
            let head = from::read_ext_meta(bytes).expect(GOOD);
            bytes.read_exact_buf(&mut vec![0; head.size as usize]).expect(GOOD);
            unknown()
        }
        _ => from::read_int::<i64, _>(bytes).expect(GOOD).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let value = json!({"a": null, "b": [true, -70000, "text"], "c": unknown(), "d": {"e": {}}});
        assert_eq!(decode(encode(&value).as_ref()), value);
        assert!(is_unknown_in_part(&value) && !is_unknown_in_part(&value["b"]));
        assert_eq!(decode(None), Value::Null);
        assert_eq!(decode_identity(identity(Some(&value)).as_ref()), Some(value));
    }
}
