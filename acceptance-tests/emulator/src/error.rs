//! Errors as Resource Manager writes them: status, code, message, and details where it has them.

use serde_json::{Value, json};

use crate::http::Response;
use crate::id::ResourceId;

/// An error answer of Resource Manager or of a resource provider.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{status} {code}: {message}")]
pub struct ArmError {
    /// HTTP status.
    pub status: u16,
    /// Error code such as `ResourceNotFound`.
    pub code: String,
    /// Sentence for people.
    pub message: String,
    /// What the error is about, when it says so, and a typed addition.
    about: Box<(Option<String>, Option<Value>)>,
    /// Errors below this one.
    pub details: Vec<Value>,
    /// Further header fields of the answer.
    pub headers: Vec<(String, String)>,
}

impl ArmError {
    /// An error with status, code and message.
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            about: Box::default(),
            details: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// A 400 with code `BadRequest`.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// A 409 with code `Conflict`.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, "Conflict", message)
    }

    /// Names what the error is about.
    #[must_use]
    pub fn target(mut self, target: &str) -> Self {
        self.about.0 = Some(target.to_owned());
        self
    }

    /// Adds an error below this one.
    #[must_use]
    pub fn detail(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    /// Adds a typed addition.
    #[must_use]
    pub fn info(mut self, kind: &str, info: Value) -> Self {
        self.about.1 = Some(json!({ "type": kind, "info": info }));
        self
    }

    /// Adds a header field to the answer.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The resource is not there.
    pub fn resource_not_found(id: &ResourceId) -> Self {
        let kind = id.namespace.as_deref().unwrap_or_default();
        let path: Vec<String> = id.segments.iter().map(|(k, n)| format!("{k}/{n}")).collect();
        Self::new(
            404,
            "ResourceNotFound",
            format!(
                "The Resource '{kind}/{}' under resource group '{}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
                path.join("/"),
                id.group_name()
            ),
        )
    }

    /// The resource above the one asked for is not there.
    pub fn parent_not_found(id: &ResourceId) -> Self {
        Self::new(
            404,
            "ParentResourceNotFound",
            format!(
                "Failed to perform 'write' on resource(s) of type '{}', because the parent resource '{}' could not be found.",
                id.resource_type(),
                id.parent().map(|p| p.to_string()).unwrap_or_default()
            ),
        )
    }

    /// The resource group is not there.
    pub fn group_not_found(group: &str) -> Self {
        Self::new(404, "ResourceGroupNotFound", format!("Resource group '{group}' could not be found."))
    }

    /// The body is no JSON, or a member has the wrong type or is unknown.
    pub fn invalid_content(message: impl Into<String>) -> Self {
        Self::new(
            400,
            "InvalidRequestContent",
            format!("The request content was invalid and could not be deserialized: '{}'.", message.into()),
        )
    }

    /// The method does not go with this path.
    pub fn method_not_allowed(method: &str) -> Self {
        Self::new(
            405,
            "MethodNotAllowed",
            format!("The requested resource does not support http method '{method}'."),
        )
    }

    /// The error as it stands in a body, without the envelope.
    pub fn value(&self) -> Value {
        let mut error = json!({ "code": self.code, "message": self.message });
        if let Some(target) = &self.about.0 {
            error["target"] = json!(target);
        }
        if !self.details.is_empty() {
            error["details"] = json!(self.details);
        }
        if let Some(info) = &self.about.1 {
            error["additionalInfo"] = json!([info]);
        }
        error
    }
}

impl From<ArmError> for Response {
    fn from(error: ArmError) -> Self {
        let mut response = Response::json(error.status, &json!({ "error": error.value() }));
        for (name, value) in error.headers {
            response.headers.push(name, value);
        }
        response
    }
}
