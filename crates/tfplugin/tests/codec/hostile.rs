//! Bytes that nobody honest would send: each gives a value or an error, soon, and without much memory.

use proptest::prelude::*;
use tfplugin::codec::{json, msgpack};
use tfplugin::{Type, Value};

use crate::{memory, sample};

/// What decoding may take besides a share for every byte of input.
const ALLOWANCE: usize = 1 << 20;

/// Small objects take a whole node of a tree each.
const PER_BYTE: usize = 512;

/// Decodes, and holds the memory taken on the way to its bound. What can be read must be writable again.
fn decode(bytes: &[u8], ty: &Type) -> Result<Value, String> {
    let (result, peak) = memory::peak_of(|| msgpack::decode(bytes, ty));
    assert!(peak <= ALLOWANCE + PER_BYTE * bytes.len(), "{peak} bytes of memory for {} bytes", bytes.len());
    let value = result.map_err(|error| error.to_string())?;
    let again = msgpack::encode(&value, ty).unwrap();
    assert_eq!(msgpack::decode(&again, ty).unwrap(), value);
    Ok(value)
}

fn decode_json(text: &[u8], ty: &Type) -> Result<Value, String> {
    let (result, peak) = memory::peak_of(|| json::decode_lenient(text, ty));
    assert!(
        peak <= 64 * ALLOWANCE + PER_BYTE * text.len(),
        "{peak} bytes of memory for {} bytes",
        text.len()
    );
    let value = result.map_err(|error| error.to_string())?;
    if let Ok(again) = json::encode(&value, ty) {
        assert_eq!(json::decode(&again, ty).unwrap(), value);
    }
    Ok(value)
}

#[derive(Debug, Clone)]
enum Damage {
    Replace(usize, u8),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
    Cut(usize),
    Repeat(usize, usize),
}

impl Damage {
    fn any() -> impl Strategy<Value = Self> {
        let at = || 0..400_usize;
        prop_oneof![
            (at(), any::<u8>()).prop_map(|(at, byte)| Self::Replace(at, byte)),
            (at(), prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Self::Insert(at, bytes)),
            (at(), 1..8_usize).prop_map(|(at, count)| Self::Remove(at, count)),
            at().prop_map(Self::Cut),
            (at(), 1..20_usize).prop_map(|(at, count)| Self::Repeat(at, count)),
        ]
    }

    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |at: usize| at % (bytes.len() + 1);
        match self {
            Self::Replace(at, byte) => {
                let at = place(*at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Self::Insert(at, new) => {
                let at = place(*at);
                bytes.splice(at..at, new.iter().copied());
            }
            Self::Remove(at, count) => {
                let at = place(*at);
                bytes.drain(at..(at + count).min(bytes.len()));
            }
            Self::Cut(at) => bytes.truncate(place(*at)),
            Self::Repeat(at, count) => {
                let at = place(*at);
                let part = bytes[at..(at + count).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn random_bytes(ty in sample::types(), bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        let _ = decode(&bytes, &ty);
        let _ = decode_json(&bytes, &ty);
        let _ = Type::from_json(&bytes);
    }

    #[test]
    fn damaged_msgpack((ty, value) in sample::typed(), damages in prop::collection::vec(Damage::any(), 1..4)) {
        let mut bytes = msgpack::encode(&value, &ty).unwrap();
        damages.iter().for_each(|damage| damage.apply(&mut bytes));
        let _ = decode(&bytes, &ty);
    }

    #[test]
    fn damaged_json((ty, value) in sample::known(), damages in prop::collection::vec(Damage::any(), 1..4)) {
        let mut bytes = json::encode(&value, &ty).unwrap();
        damages.iter().for_each(|damage| damage.apply(&mut bytes));
        let _ = decode_json(&bytes, &ty);
    }
}

#[test]
fn claimed_lengths_set_no_memory_aside() {
    let (list, map) = (Type::list(Type::Number), Type::map(Type::Number));
    for (ty, bytes) in [
        (&list, [0xdd, 0xff, 0xff, 0xff, 0xff]),
        (&map, [0xdf, 0xff, 0xff, 0xff, 0xff]),
        (&Type::String, [0xdb, 0xff, 0xff, 0xff, 0xff]),
        (&Type::String, [0xc6, 0xff, 0xff, 0xff, 0xff]),
        (&Type::Dynamic, [0xdd, 0xff, 0xff, 0xff, 0xff]),
    ] {
        assert!(decode(&bytes, ty).is_err());
    }
    assert_eq!(
        decode(&[0xc9, 0xff, 0xff, 0xff, 0xff, 0x0c], &list),
        Err("the encoded value is cut short".to_owned())
    );
}

#[test]
fn collections_that_each_claim_all_that_is_left_set_no_memory_aside() {
    let mut ty = Type::Bool;
    let mut bytes = Vec::new();
    for _ in 0..60 {
        ty = Type::list(ty);
        bytes.extend([0xdd, 0x00, 0x00, 0xff, 0xff]);
    }
    bytes.resize(0x1_0200, 0xc0);
    assert!(decode(&bytes, &ty).is_err());
}

#[test]
fn depth_is_bounded() {
    let nested =
        |levels: usize| [b"[\"list\",".repeat(levels), b"\"bool\"".to_vec(), b"]".repeat(levels)].concat();
    assert!(Type::from_json(&nested(60)).is_ok());
    assert_eq!(
        Type::from_json(&nested(64)).unwrap_err().to_string(),
        "the type nests more than 64 levels deep"
    );
    assert!(Type::from_json(&nested(100_000)).is_err());

    let wrapper = [b"\x92\xc4\x09".as_slice(), b"\"dynamic\""].concat();
    let dynamics = [wrapper.repeat(10_000), vec![0xc0]].concat();
    assert_eq!(
        decode(&dynamics, &Type::Dynamic),
        Err("the value nests more than 128 levels deep".to_owned())
    );

    let dynamics =
        [br#"{"type":"dynamic","value":"#.repeat(10_000), b"null".to_vec(), b"}".repeat(10_000)].concat();
    assert!(decode_json(&dynamics, &Type::Dynamic).is_err());
    assert!(decode_json(&b"[".repeat(1_000_000), &Type::list(Type::Bool)).is_err());
}

#[test]
fn a_short_text_does_not_become_a_large_value() {
    let attributes: String = (0..2_000).map(|n| format!("\"a{n}\":\"bool\",")).collect();
    let ty = format!("[\"list\",[\"object\",{{{}\"z\":\"bool\"}}]]", attributes);
    let text = format!("{{\"type\":{ty},\"value\":[{}{{}}]}}", "{},".repeat(20_000));
    let error = decode_json(text.as_bytes(), &Type::Dynamic).unwrap_err();
    assert!(error.ends_with("the value is too large"), "{error}");
}

#[test]
fn numbers_of_huge_exponents_stay_small() {
    for text in ["1e999999999999", "1e-999999999999", "1e99999999999999999999999999", "1e1000000001"] {
        let bytes = [vec![0xa0 + text.len() as u8], text.as_bytes().to_vec()].concat();
        assert_eq!(
            decode(&bytes, &Type::Number),
            Err(format!("the number {text:?} is too large or too small"))
        );
    }
    let large = decode_json(b"1e900000000", &Type::Number).unwrap();
    assert_eq!(json::encode(&large, &Type::Number).unwrap(), b"1e900000000");
    assert_eq!(large.as_i64(), None);
    assert_eq!(large.as_number().map(|number| number.as_f64()), Some(f64::INFINITY));
}
