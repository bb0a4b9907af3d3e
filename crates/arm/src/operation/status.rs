//! The states of an operation and of a resource, in the words of the many services.

use serde_json::Value;

/// How far an operation, or a resource, is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Neither succeeded nor failed: every other word that a service has.
    Running,
    /// It ended well.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// Somebody ended it.
    Canceled,
}

impl State {
    /// The state that a word means, in any casing and both spellings.
    pub fn of_word(word: &str) -> Self {
        match word.trim().to_lowercase().as_str() {
            "succeeded" | "completed" | "ok" => Self::Succeeded,
            "failed" | "error" => Self::Failed,
            "canceled" | "cancelled" => Self::Canceled,
            _ => Self::Running,
        }
    }

    /// The state in the body of a status: its `status`, or its `properties.provisioningState`.
    pub fn of(body: &Value) -> Option<Self> {
        Self::text(body).map(Self::of_word)
    }

    /// The word for the state in the body of a status.
    pub(super) fn text(body: &Value) -> Option<&str> {
        let status = body.get("status").and_then(Value::as_str).filter(|text| !text.is_empty());
        status.or_else(|| Self::text_of_resource(body))
    }

    /// The state of a resource, whose own `status` may mean something else.
    pub fn of_resource(resource: &Value) -> Option<Self> {
        Self::text_of_resource(resource).map(Self::of_word)
    }

    /// The word for the state of a resource.
    pub(super) fn text_of_resource(resource: &Value) -> Option<&str> {
        resource.get("properties")?.get("provisioningState")?.as_str().filter(|text| !text.is_empty())
    }

    /// Whether a resource says that it is being deleted.
    pub fn is_deleting(resource: &Value) -> bool {
        Self::text_of_resource(resource).is_some_and(|word| word.trim().eq_ignore_ascii_case("deleting"))
    }

    /// Whether nothing more happens.
    pub fn is_end(self) -> bool {
        self != Self::Running
    }

    /// Whether it ended otherwise than wished.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Canceled)
    }
}
