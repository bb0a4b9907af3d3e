//! Vectors made by go-cty, the library behind both command-line tools; `make vectors` makes them anew.

use serde::Deserialize;
use serde_json::value::RawValue;
use tfplugin::codec::{CodecError, json, msgpack};
use tfplugin::{Type, Value};

#[derive(Deserialize)]
struct Vector {
    #[serde(default)]
    why: String,
    #[serde(rename = "type")]
    ty: Box<RawValue>,
    #[serde(default)]
    msgpack: String,
    json: Option<String>,
    #[serde(default)]
    canonical: String,
    #[serde(default)]
    unordered: bool,
}

impl Vector {
    fn ty(&self) -> Type {
        Type::from_json(self.ty.get().as_bytes()).unwrap()
    }

    fn decode(&self) -> Result<Value, CodecError> {
        match &self.json {
            Some(text) => json::decode(text.as_bytes(), &self.ty()),
            None => msgpack::decode(&unhex(&self.msgpack), &self.ty()),
        }
    }

    /// What an assertion says about the vector it fails on.
    fn name(&self) -> String {
        format!("{} {} {} {:?}", self.why, self.ty.get(), self.msgpack, self.json)
    }
}

fn read(text: &str) -> Vec<Vector> {
    let vectors: Vec<Vector> = serde_json::from_str(text).unwrap();
    assert!(!vectors.is_empty());
    vectors
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Go escapes more characters of a string than JSON asks for.
fn without_go_escapes(text: &str) -> String {
    let escapes = [
        ("\\u003c", "<"),
        ("\\u003e", ">"),
        ("\\u0026", "&"),
        ("\\u2028", "\u{2028}"),
        ("\\u2029", "\u{2029}"),
    ];
    escapes.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[test]
fn types_are_written_as_go_cty_writes_them() {
    for vector in read(include_str!("../vectors/values.json")) {
        assert_eq!(String::from_utf8(vector.ty().to_json()).unwrap(), vector.ty.get());
    }
}

#[test]
fn both_encodings_are_read_as_one_value_and_written_as_go_cty_writes_them() {
    for vector in read(include_str!("../vectors/values.json")) {
        let ty = vector.ty();
        let value = msgpack::decode(&unhex(&vector.msgpack), &ty)
            .unwrap_or_else(|e| panic!("{}: {e}", vector.name()));
        let written = msgpack::encode(&value, &ty).unwrap();
        match vector.unordered {
            true => assert_eq!(msgpack::decode(&written, &ty).unwrap(), value, "{}", vector.name()),
            false => assert_eq!(hex(&written), vector.msgpack, "{}", vector.name()),
        }
        let Some(text) = &vector.json else { continue };
        assert_eq!(json::decode(text.as_bytes(), &ty).unwrap(), value, "{}", vector.name());
        let written = String::from_utf8(json::encode(&value, &ty).unwrap()).unwrap();
        match vector.unordered {
            true => assert_eq!(json::decode(written.as_bytes(), &ty).unwrap(), value, "{}", vector.name()),
            false => assert_eq!(written, without_go_escapes(text), "{}", vector.name()),
        }
    }
}

#[test]
fn odd_encodings_are_read_as_go_cty_reads_them() {
    for vector in read(include_str!("../vectors/accepted.json")) {
        let value = vector.decode().unwrap_or_else(|error| panic!("{}: {error}", vector.name()));
        let written = msgpack::encode(&value, &vector.ty()).unwrap();
        assert_eq!(hex(&written), vector.canonical, "{}", vector.name());
    }
}

#[test]
fn what_go_cty_refuses_is_refused() {
    for vector in read(include_str!("../vectors/rejected.json")) {
        if let Ok(value) = vector.decode() {
            panic!("{}: read as {value:?}", vector.name());
        }
    }
}
