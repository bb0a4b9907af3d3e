//! Any bytes as the JSON notation of a type: what can be read is written and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tfplugin::Type;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(ty) = Type::from_json(bytes) {
        let again = Type::from_json(&ty.to_json()).expect("what was written can be read");
        assert_eq!(again, ty);
    }
});
