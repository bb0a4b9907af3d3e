//! The msgpack encoding of values, as go-cty reads and writes it.

use super::CodecError;
use crate::ty::Type;
use crate::value::Value;

/// Decodes a value of the given type.
///
/// # Errors
/// When the bytes are not the encoding of a value of the type.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, CodecError> {
    let _ = bytes;
    Err(super::required(ty))
}

/// Encodes a value of the given type.
///
/// # Errors
/// When the value is not of the type.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, CodecError> {
    let _ = value;
    Err(super::required(ty))
}
