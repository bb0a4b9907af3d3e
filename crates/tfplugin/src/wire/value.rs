//! Values on the wire: decoded by the type that the schema has for them, whatever the peer sends.

use bytes::Bytes;

use crate::codec::{self, CodecError};
use crate::diagnostic::Diagnostic;
use crate::proto::tfplugin6 as proto;
use crate::ty::Type;
use crate::value::Value;

/// Decodes a value of which the user would read as `what`. A message that is absent or empty is null:
/// OpenTofu sends null arguments so.
pub(crate) fn decode(
    value: Option<&proto::DynamicValue>,
    ty: &Type,
    what: &str,
) -> Result<Value, Diagnostic> {
    let decoded = match value {
        Some(value) if !value.msgpack.is_empty() => codec::msgpack::decode(&value.msgpack, ty),
        Some(value) if !value.json.is_empty() => codec::json::decode(&value.json, ty),
        _ => Ok(Value::Null),
    };
    decoded.map_err(|error| undecodable(what, &error))
}

/// Decodes an identity. None: there is none, or the resource has none by now.
pub(crate) fn decode_identity(
    identity: Option<&proto::ResourceIdentityData>,
    ty: Option<&Type>,
) -> Result<Option<Value>, Diagnostic> {
    let (Some(identity), Some(ty)) = (identity, ty) else { return Ok(None) };
    let value = decode(identity.identity_data.as_ref(), ty, "an identity")?;
    Ok(Some(value).filter(|value| !value.is_null()))
}

/// Encodes a value of which the user would read as `what`.
pub(crate) fn encode(
    value: &Value,
    ty: &Type,
    what: &str,
) -> Result<Option<proto::DynamicValue>, Diagnostic> {
    let msgpack = codec::msgpack::encode(value, ty).map_err(|error| unencodable(what, &error))?;
    Ok(Some(proto::DynamicValue { msgpack: Bytes::from(msgpack), json: Bytes::new() }))
}

/// Encodes an identity.
pub(crate) fn encode_identity(
    identity: Option<&Value>,
    ty: Option<&Type>,
) -> Result<Option<proto::ResourceIdentityData>, Diagnostic> {
    let (Some(identity), Some(ty)) = (identity, ty) else { return Ok(None) };
    let identity_data = encode(identity, ty, "an identity")?;
    Ok(Some(proto::ResourceIdentityData { identity_data }))
}

/// What the user reads when the CLI sent what the schema does not allow.
fn undecodable(what: &str, error: &CodecError) -> Diagnostic {
    Diagnostic::error(
        "Invalid Value from the CLI",
        format!(
            "The CLI sent {what} that does not fit the provider's schema. This may mean that the provider was \
             exchanged for another version while the CLI ran; if not, it is a bug in one of the two.\n\n{error}"
        ),
    )
}

/// What the user reads when the provider made what its own schema does not allow.
fn unencodable(what: &str, error: &CodecError) -> Diagnostic {
    Diagnostic::error(
        "Invalid Value from the Provider",
        format!(
            "The provider made {what} that does not fit its own schema. This is always a bug in the provider; please \
             report it to its developers.\n\n{error}"
        ),
    )
}
