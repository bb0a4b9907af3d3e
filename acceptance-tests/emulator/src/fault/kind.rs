//! The kinds of fault, and what each does to an answer.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::wrong::{Bend, Wrong};
use crate::error::ArmError;
use crate::http::Response;
use crate::operation::Fate;

/// What goes wrong.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// An error is answered and nothing done.
    Status {
        /// HTTP status.
        status: u16,
        /// Seconds in Retry-After.
        retry_after: Option<u64>,
        /// Error code.
        code: Option<String>,
        /// Error message.
        message: Option<String>,
    },
    /// All is done, and an error is answered.
    StatusAfter {
        /// HTTP status.
        status: u16,
        /// Seconds in Retry-After.
        retry_after: Option<u64>,
    },
    /// All is done, and the answer asks to wait before asking again.
    RetryAfter {
        /// Seconds in Retry-After.
        retry_after: u64,
    },
    /// The connection is reset and nothing done.
    ResetBefore,
    /// All is done, then the connection is reset.
    ResetAfter,
    /// All is done, and the answer's body is cut.
    Truncate,
    /// The answer's body comes slowly.
    Slow {
        /// How long it takes.
        #[serde(default = "slow")]
        delay_ms: u64,
    },
    /// The operation that the request begins is lost.
    LoseOperation {
        /// Whether it never ends, instead of its status URL being gone.
        #[serde(default)]
        endless: bool,
    },
    /// The operation that the request begins fails.
    FailOperation {
        /// Error code.
        code: Option<String>,
        /// Error message.
        message: Option<String>,
    },
    /// The request waits until it is released.
    Hold,
    /// Something else is answered.
    Answer(Wrong),
    /// All is done, and the answer is changed before it is sent.
    Bend(Bend),
}

fn slow() -> u64 {
    1000
}

impl Kind {
    /// The kind's name, for the request log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::StatusAfter { .. } => "status_after",
            Self::RetryAfter { .. } => "retry_after",
            Self::ResetBefore => "reset_before",
            Self::ResetAfter => "reset_after",
            Self::Truncate => "truncate",
            Self::Slow { .. } => "slow",
            Self::LoseOperation { .. } => "lose_operation",
            Self::FailOperation { .. } => "fail_operation",
            Self::Hold => "hold",
            Self::Answer(_) => "answer",
            Self::Bend(_) => "bend",
        }
    }

    /// The answer as it is sent: asking for a wait or bent, where that is the kind.
    pub fn sent(&self, response: Response) -> Response {
        match self {
            Self::RetryAfter { retry_after } => response.header("Retry-After", retry_after.to_string()),
            Self::Bend(bend) => bend.apply(response),
            _ => response,
        }
    }

    /// What is answered instead of the truth after all was done.
    pub fn response_after(&self) -> Option<Response> {
        match self {
            Self::StatusAfter { status, retry_after } => {
                let (status, retry_after) = (*status, *retry_after);
                Self::Status { status, retry_after, code: None, message: None }.response()
            }
            Self::Answer(wrong) if wrong.after => Some(wrong.response()),
            _ => None,
        }
    }

    /// What is answered, for the kinds that do nothing.
    pub fn response(&self) -> Option<Response> {
        if let Self::Answer(wrong) = self {
            return (!wrong.after).then(|| wrong.response());
        }
        let Self::Status { status, retry_after, code, message } = self else { return None };
        let code = code.as_deref().unwrap_or(match status {
            429 => "TooManyRequests",
            409 => "Conflict",
            403 => "AuthorizationFailed",
            404 => "NotFound",
            400 => "BadRequest",
            503 => "ServiceUnavailable",
            504 => "GatewayTimeout",
            _ => "InternalServerError",
        });
        let message = message.as_deref().unwrap_or("The request met an injected fault.");
        let mut error = ArmError::new(*status, code, message);
        if let Some(seconds) = retry_after {
            error = error.header("Retry-After", seconds.to_string());
        }
        Some(error.into())
    }

    /// What becomes of the operation that the request begins.
    pub fn fate(&self) -> Fate {
        match self {
            Self::LoseOperation { endless: true } => Fate::Endless,
            Self::LoseOperation { endless: false } => Fate::Forgotten,
            Self::FailOperation { code, message } => Fate::Fails(json!({
                "code": code.as_deref().unwrap_or("InternalServerError"),
                "message": message.as_deref().unwrap_or("The operation met an injected fault."),
            })),
            _ => Fate::Normal,
        }
    }

    /// How long the body of an answer takes.
    pub fn slowness(&self) -> Option<Duration> {
        match self {
            Self::Slow { delay_ms } => Some(Duration::from_millis(*delay_ms)),
            _ => None,
        }
    }
}
