//! The errors of the Machine Learning service itself. Where a public report shows code and text they are those; where
//! none does, the code is the service's usual one and the sentence says what is wrong.

use serde_json::json;

use crate::error::ArmError;

/// A body that the service's own validation refuses, in the shape of its error contract: the error names its target
/// and repeats itself below with the code `Invalid`.
pub(super) fn invalid(message: impl Into<String>, target: &str) -> ArmError {
    let message = message.into();
    let detail = json!({ "code": "Invalid", "message": message, "target": target, "details": [] });
    ArmError::new(400, "ValidationError", message).target(target).detail(detail)
}

/// A member of another type than the service reads.
pub(super) fn mistyped(path: &str, wanted: &str, found: &serde_json::Value) -> ArmError {
    let found = match found {
        serde_json::Value::Null => "null".to_owned(),
        serde_json::Value::Bool(_) => "a boolean".to_owned(),
        serde_json::Value::Number(_) => "a number".to_owned(),
        serde_json::Value::String(text) => format!("the string '{text}'"),
        serde_json::Value::Array(_) => "an array".to_owned(),
        serde_json::Value::Object(_) => "an object".to_owned(),
    };
    invalid(format!("Could not convert {found} to {wanted}. Path '{path}'."), path)
}

/// A member that no api-version declares.
pub(super) fn unknown_member(path: &str, name: &str) -> ArmError {
    ArmError::invalid_content(format!("Could not find member '{name}'. Path '{path}'"))
}

/// A member that was fixed when the workspace was created.
pub(super) fn fixed(member: &str) -> ArmError {
    ArmError::bad_request(format!("Property '{member}' cannot be changed after the workspace is created."))
        .target(member)
}
