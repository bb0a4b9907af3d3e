//! Any bytes as the msgpack of any type: what can be read is written and read again as the same.
//!
//! The input is the notation of a type, a zero byte, and the encoding of a value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tfplugin::Type;
use tfplugin::codec::msgpack;

fuzz_target!(|bytes: &[u8]| {
    let Some(end) = bytes.iter().position(|byte| *byte == 0) else { return };
    let Ok(ty) = Type::from_json(&bytes[..end]) else { return };
    if let Ok(value) = msgpack::decode(&bytes[end + 1..], &ty) {
        let written = msgpack::encode(&value, &ty).expect("what was read can be written");
        assert_eq!(msgpack::decode(&written, &ty).expect("what was written can be read"), value);
    }
});
