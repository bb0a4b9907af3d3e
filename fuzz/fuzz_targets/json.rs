//! Any bytes as the JSON of any type, read strictly and leniently: what can be read is written and read again as the
//! same.
//!
//! The input is the notation of a type, a zero byte, and the encoding of a value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tfplugin::Type;
use tfplugin::codec::json;

fuzz_target!(|bytes: &[u8]| {
    let Some(end) = bytes.iter().position(|byte| *byte == 0) else { return };
    let Ok(ty) = Type::from_json(&bytes[..end]) else { return };
    let strict = json::decode(&bytes[end + 1..], &ty);
    let lenient = json::decode_lenient(&bytes[end + 1..], &ty);
    if let Ok(value) = &strict {
        assert_eq!(lenient.as_ref().ok(), Some(value));
    }
    // An infinity can be read, as text, but not written.
    if let Ok(value) = lenient
        && let Ok(written) = json::encode(&value, &ty)
    {
        assert_eq!(json::decode(&written, &ty).expect("what was written can be read"), value);
    }
});
